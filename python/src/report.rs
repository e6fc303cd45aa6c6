//! Results that are few numbers with names: one class for all of them.

use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde_json::Value;

use crate::plain::{Rebuilt, from_json, show, to_json};
use crate::raised::Raised;

/// A result: named numbers, texts and lists, each an attribute; :meth:`terms` gives them all, as in files.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Report {
    kind: String,
    values: Value,
}

impl Report {
    pub fn of<T: Serialize>(kind: &str, value: &T) -> Result<Self, Raised> {
        let values = serde_json::to_value(value)
            .map_err(|error| Raised::input(&format!("{kind}: {error}"), kind))?;
        let kind = kind.to_owned();
        Ok(Self { kind, values })
    }
}

/// Names and values as a table for notebooks.
pub fn named_values<T: Serialize>(
    py: Python<'_>,
    title: &str,
    values: &T,
) -> Result<String, Raised> {
    let table = py.import("pricefloor.table")?;
    let written = table
        .getattr("_named_values")?
        .call1((title, show(py, values)?))?;
    Ok(written.extract()?)
}

#[pymethods]
impl Report {
    /// What it is the result of.
    #[getter]
    fn kind(&self) -> &str {
        &self.kind
    }

    /// Everything, as in files.
    fn terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.values)
    }

    fn __getattr__<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let report = slf.get();
        match report.values.get(name) {
            Some(value) => Ok(show(slf.py(), value)?),
            None => {
                let message = format!("the {} has no {name:?}", report.kind);
                Err(PyAttributeError::new_err(message))
            }
        }
    }

    fn __dir__<'py>(slf: &Bound<'py, Self>) -> PyResult<Vec<String>> {
        let values = slf.get().values.as_object().into_iter().flatten();
        let own = values.map(|(name, _)| name.clone());
        let methods = ["kind", "terms", "to_json", "from_json"].map(str::to_owned);
        Ok(own.chain(methods).collect())
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(kind: &str, text: &str) -> Result<Self, Raised> {
        let kind = kind.to_owned();
        let values = from_json(&kind, text)?;
        Ok(Self { kind, values })
    }

    /// Writes JSON, in the shape that the Rust crate writes.
    fn to_json(&self) -> Result<String, Raised> {
        to_json(&self.kind, &self.values)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let same = |other: &Report| other.kind == self.kind && other.values == self.values;
        other.cast::<Self>().is_ok_and(|other| same(other.get()))
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> PyResult<String> {
        let terms = slf.get().terms(slf.py()).map_err(PyErr::from)?;
        let Ok(dict) = terms.cast::<PyDict>() else {
            return Ok(format!("{}({})", slf.get().kind, terms.repr()?));
        };
        let mut parts = Vec::new();
        for (name, value) in dict {
            parts.push(format!("{name}={}", value.repr()?));
        }
        Ok(format!("{}({})", slf.get().kind, parts.join(", ")))
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, &self.kind, &self.values)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String, String)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.kind.clone(), self.to_json()?)))
    }
}
