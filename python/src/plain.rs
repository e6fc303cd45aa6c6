//! Python values to Rust values and back, through serde: the shapes are those of the JSON files.

use pyo3::exceptions::{PyException, PyKeyboardInterrupt};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use pythonize::{Depythonizer, pythonize};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::raised::Raised;

/// What pickle calls to rebuild a value, and with what.
pub type Rebuilt<'py, A> = (Bound<'py, PyAny>, A);

/// Deeper than any terms; a list that holds itself ends here.
const DEEPEST: usize = 32;

/// Reads a value; an error names the part of it that is wrong.
pub fn read<T: DeserializeOwned>(what: &str, value: &Bound<'_, PyAny>) -> Result<T, Raised> {
    let plain = simplify(what, value, 0)?;
    let mut source = Depythonizer::from_object(&plain);
    serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." {
            what.to_owned()
        } else {
            format!("{what}.{path}")
        };
        Raised::input(&format!("{place}: {}", error.inner()), &place)
    })
}

/// A Rust value as Python dicts, lists, strings and numbers.
pub fn show<'py, T: Serialize>(py: Python<'py>, value: &T) -> Result<Bound<'py, PyAny>, Raised> {
    Ok(pythonize(py, value).map_err(PyErr::from)?)
}

/// Writes JSON, in the shape that the crate reads.
pub fn to_json<T: Serialize>(what: &str, value: &T) -> Result<String, Raised> {
    serde_json::to_string(value).map_err(|error| Raised::input(&format!("{what}: {error}"), what))
}

/// Reads JSON.
pub fn from_json<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Raised> {
    let mut source = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let message = format!("{what}: {} (at {})", error.inner(), error.path());
        Raised::input(&message, what)
    })?;
    source
        .end()
        .map_err(|error| Raised::input(&format!("{what}: {error}"), what))?;
    Ok(read)
}

/// Dicts, lists and scalars stay; objects of this package give their terms; numpy values and iterables become plain.
fn simplify<'py>(
    what: &str,
    value: &Bound<'py, PyAny>,
    depth: usize,
) -> Result<Bound<'py, PyAny>, Raised> {
    let py = value.py();
    if depth > DEEPEST {
        return Err(Raised::input(&format!("{what} is nested too deeply"), what));
    }
    if value.is_none()
        || value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyFloat>()
        || value.is_instance_of::<PyBool>()
        || value.is_instance_of::<PyInt>()
    {
        return Ok(value.clone());
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let plain = PyDict::new(py);
        for (key, entry) in dict {
            let Ok(name) = key.extract::<String>() else {
                let message = format!("{what}: the key {} is not a string", key.repr()?);
                return Err(Raised::input(&message, what));
            };
            // names that Python keeps for itself carry an underscore: `from_`
            let name = name.strip_suffix('_').unwrap_or(&name);
            let inner = format!("{what}.{name}");
            plain.set_item(name, simplify(&inner, &entry, depth + 1)?)?;
        }
        return Ok(plain.into_any());
    }
    if value.is_instance_of::<PyBytes>() {
        return Err(Raised::input(&format!("{what} is bytes"), what));
    }
    if !(value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>()) {
        for method in ["_terms", "tolist"] {
            if value.hasattr(method)? {
                let plain = value.call_method0(method)?;
                return simplify(what, &plain, depth + 1);
            }
        }
    }
    let list = PyList::empty(py);
    let entries = value.try_iter().map_err(|cause| {
        let class = value
            .get_type()
            .name()
            .map_or_else(|_| "something else".to_owned(), |name| name.to_string());
        let message = format!("{what} is of type {class}, which has no terms here");
        Raised::input(&message, what).because(cause)
    })?;
    for (k, entry) in entries.enumerate() {
        let entry = entry.map_err(|cause| failed(py, what, cause))?;
        list.append(simplify(&format!("{what}[{k}]"), &entry, depth + 1)?)?;
    }
    Ok(list.into_any())
}

/// What an iterable raised becomes the cause of ours, unless it ends the program.
pub fn failed(py: Python<'_>, what: &str, cause: PyErr) -> Raised {
    if cause.is_instance_of::<PyKeyboardInterrupt>(py) || !cause.is_instance_of::<PyException>(py) {
        return cause.into();
    }
    Raised::input(&format!("{what}: reading its entries raised {cause}"), what).because(cause)
}
