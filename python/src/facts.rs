//! The bundled facts, each with its source.

use pricefloor::data::{self, Provenance, Value};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::raised::Raised;

impl From<data::DataError> for Raised {
    fn from(error: data::DataError) -> Self {
        Self::new("InputError", &error.to_string(), None, None)
    }
}

/// A row: its value as a number where it is one, else as text; its unit; its source.
fn row<'py>(
    py: Python<'py>,
    value: &Value,
    unit: &str,
    source: &Provenance,
) -> Result<Bound<'py, PyDict>, Raised> {
    let dict = PyDict::new(py);
    set(&dict, "value", Some(value))?;
    dict.set_item("unit", unit)?;
    dict.set_item("source", source.to_string())?;
    Ok(dict)
}

fn set(dict: &Bound<'_, PyDict>, name: &str, value: Option<&Value>) -> Result<(), Raised> {
    match value {
        None => dict.set_item(name, dict.py().None())?,
        Some(value) => match value.to_string().parse::<f64>() {
            Ok(number) => dict.set_item(name, number)?,
            Err(_) => dict.set_item(name, value.to_string())?,
        },
    }
    Ok(())
}

/// A judged input of the Mountain Pass case: value, low, high, unit and the reason.
#[pyfunction]
pub fn assumption<'py>(py: Python<'py>, item: &str) -> Result<Bound<'py, PyDict>, Raised> {
    let found = data::assumption(item)?;
    let dict = row(py, found.value(), found.unit(), found.provenance())?;
    set(&dict, "low", found.low())?;
    set(&dict, "high", found.high())?;
    Ok(dict)
}

/// A term of the July 2025 agreements of MP Materials: value, unit and source.
#[pyfunction]
pub fn contract_term<'py>(py: Python<'py>, term: &str) -> Result<Bound<'py, PyDict>, Raised> {
    let found = data::contract_term(term)?;
    row(py, found.value(), found.unit(), found.provenance())
}

/// A row of the mid-2025 world balance of `NdPr` oxide: value, low, high, unit and source.
#[pyfunction]
pub fn base_case<'py>(
    py: Python<'py>,
    item: &str,
    region: &str,
) -> Result<Bound<'py, PyDict>, Raised> {
    let found = data::base_case_row(item, region)?;
    let dict = PyDict::new(py);
    dict.set_item("value", found.value())?;
    dict.set_item("low", found.low())?;
    dict.set_item("high", found.high())?;
    dict.set_item("unit", found.unit())?;
    dict.set_item("source", found.provenance().to_string())?;
    Ok(dict)
}
