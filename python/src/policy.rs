//! Measures and policies.

use std::collections::BTreeMap;

use pricefloor::assembly::Stacking;
use pricefloor::intervention::{Measure as CoreMeasure, PolicyEntry};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;
use crate::report::named_values;

/// A government measure. Made by one of the classes of :mod:`pricefloor.measures`.
#[pyclass(frozen, subclass, module = "pricefloor", skip_from_py_object)]
#[derive(Clone)]
pub struct Measure(pub CoreMeasure);

#[pymethods]
impl Measure {
    #[new]
    fn new(kind: &str, terms: &Bound<'_, PyDict>) -> Result<Self, Raised> {
        let tagged = PyDict::new(terms.py());
        tagged.set_item(kind, terms)?;
        let measure: CoreMeasure = read("measure", tagged.as_any())?;
        // the same check as when it joins a policy, and the same error
        pricefloor::Policy::new().with(kind, measure.clone())?;
        Ok(Self(measure))
    }

    /// What sort of measure it is, in snake case: its tag in files.
    #[getter]
    fn kind(&self) -> String {
        self.0.terms().kind().to_owned()
    }

    /// Its terms, as in files.
    fn terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let tagged = show(py, &self.0)?;
        let values = tagged.call_method0("values")?;
        let first = values.try_iter()?.next().transpose()?;
        first.ok_or_else(|| Raised::input("a measure without terms", "measure"))
    }

    fn __getattr__<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let terms = slf.get().terms(slf.py()).map_err(PyErr::from)?;
        let key = name.to_str()?;
        match terms
            .cast::<PyDict>()?
            .get_item(key.strip_suffix('_').unwrap_or(key))?
        {
            Some(value) => Ok(value),
            None => Err(pyo3::exceptions::PyAttributeError::new_err(format!(
                "a {} has no term {key:?} set",
                slf.get().kind()
            ))),
        }
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("measure", &self.0)
    }

    fn _terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0)
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, self.0.terms().kind(), &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().0 == self.0)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = slf
            .py()
            .import("pricefloor.measures")?
            .getattr("from_json")?;
        Ok((rebuild, (slf.get().to_json()?,)))
    }
}

/// An ordered list of named measures. It never changes; :meth:`with_measure` returns a longer one.
///
/// Measures are given by name, as keywords or as a mapping: ``Policy(floor=ContractFloor(...))``. Where two of a kind
/// fall on one flow or unit, the later one needs :meth:`stacked`.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
#[derive(Clone, Default)]
pub struct Policy(pub pricefloor::Policy);

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (measures=None, /, **named))]
    fn new(
        measures: Option<&Bound<'_, PyDict>>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> Result<Self, Raised> {
        let mut policy = pricefloor::Policy::new();
        for dict in [measures, named].into_iter().flatten() {
            for (name, measure) in dict {
                let name: String = read("name of a measure", &name)?;
                policy = policy.with(&name, measure_of(&name, &measure)?)?;
            }
        }
        Ok(Self(policy))
    }

    /// With one more measure under a unique name.
    fn with_measure(&self, name: &str, measure: &Bound<'_, PyAny>) -> Result<Self, Raised> {
        Ok(Self(self.0.clone().with(name, measure_of(name, measure)?)?))
    }

    /// As :meth:`with_measure`, saying what happens where an earlier measure of the kind applies too: ``"add"``,
    /// ``"highest"`` or ``"instead"``.
    #[pyo3(signature = (name, measure, *, stacking))]
    fn stacked(
        &self,
        name: &str,
        measure: &Bound<'_, PyAny>,
        stacking: &Bound<'_, PyAny>,
    ) -> Result<Self, Raised> {
        let rule: Stacking = read("stacking", stacking)?;
        let measure = measure_of(name, measure)?;
        Ok(Self(self.0.clone().stacked(name, rule, measure)?))
    }

    /// Names of the measures, in order.
    #[getter]
    fn names(&self) -> Vec<String> {
        let entries = self.0.entries().iter();
        entries.map(|entry| entry.name().to_owned()).collect()
    }

    fn __len__(&self) -> usize {
        self.0.entries().len()
    }

    /// The measure with a name.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> Result<Bound<'py, PyAny>, Raised> {
        let found = self.0.entries().iter().find(|entry| entry.name() == name);
        match found {
            Some(entry) => {
                let rebuild = py.import("pricefloor.measures")?.getattr("from_json")?;
                Ok(rebuild.call1((to_json("measure", entry.measure())?,))?)
            }
            None => Err(pyo3::exceptions::PyKeyError::new_err(name.to_owned()).into()),
        }
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        // the entries first: what is wrong with a policy is then an error of the policy
        let mut policy = pricefloor::Policy::new();
        for entry in from_json::<Vec<PolicyEntry>>("policy", text)? {
            let (name, measure) = (entry.name(), entry.measure().clone());
            policy = match entry.stacking() {
                Some(rule) => policy.stacked(name, rule, measure)?,
                None => policy.with(name, measure)?,
            };
        }
        Ok(Self(policy))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("policy", &self.0)
    }

    fn _terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().0 == self.0)
    }

    fn __repr__(&self) -> String {
        let entries = self.0.entries().iter();
        let parts: Vec<String> = entries
            .map(|entry| format!("{}: {}", entry.name(), entry.measure().terms().kind()))
            .collect();
        format!("Policy({})", parts.join(", "))
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        let entries = self.0.entries().iter();
        let measures: BTreeMap<&str, &CoreMeasure> = entries
            .map(|entry| (entry.name(), entry.measure()))
            .collect();
        named_values(py, "policy", &measures)
    }

    fn __copy__(&self) -> Self {
        self.clone()
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.clone()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.to_json()?,)))
    }
}

fn measure_of(name: &str, given: &Bound<'_, PyAny>) -> Result<CoreMeasure, Raised> {
    match given.cast::<Measure>() {
        Ok(measure) => Ok(measure.get().0.clone()),
        Err(_) => read(&format!("measure `{name}`"), given),
    }
}

/// The tag and the terms of a measure that was written as JSON.
#[pyfunction]
pub fn split_measure<'py>(py: Python<'py>, text: &str) -> Result<Bound<'py, PyTuple>, Raised> {
    let measure = Measure(from_json("measure", text)?);
    let tagged = show(py, &measure.0)?;
    let items = tagged.call_method0("items")?;
    let first = items.try_iter()?.next().transpose()?;
    let pair = first.ok_or_else(|| Raised::input("a measure without terms", "measure"))?;
    Ok(pair.cast_into::<PyTuple>().map_err(PyErr::from)?)
}
