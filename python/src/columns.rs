//! Results as named columns with units.

use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::raised::Raised;

/// Collects columns for `pricefloor.table.Table`.
pub struct Columns<'py> {
    columns: Bound<'py, PyDict>,
    units: Bound<'py, PyDict>,
}

impl<'py> Columns<'py> {
    pub fn new(py: Python<'py>) -> Self {
        Self {
            columns: PyDict::new(py),
            units: PyDict::new(py),
        }
    }

    /// A column of names.
    pub fn text<S: AsRef<str>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = S>,
    ) -> Result<Self, Raised> {
        let list = PyList::empty(self.columns.py());
        for value in values {
            list.append(value.as_ref())?;
        }
        self.columns.set_item(name, list)?;
        Ok(self)
    }

    /// A column of numbers with their unit.
    pub fn numbers(
        self,
        name: &str,
        unit: &str,
        values: impl IntoIterator<Item = f64>,
    ) -> Result<Self, Raised> {
        let values: Vec<f64> = values.into_iter().collect();
        let array = values.into_pyarray(self.columns.py()).into_any();
        self.array(name, unit, array)
    }

    /// A column of whole numbers.
    pub fn counts(
        self,
        name: &str,
        values: impl IntoIterator<Item = usize>,
    ) -> Result<Self, Raised> {
        let values: Vec<u64> = values.into_iter().map(|value| value as u64).collect();
        let array = values.into_pyarray(self.columns.py()).into_any();
        self.array(name, "", array)
    }

    fn array(self, name: &str, unit: &str, array: Bound<'py, PyAny>) -> Result<Self, Raised> {
        self.columns.set_item(name, array)?;
        self.units.set_item(name, unit)?;
        Ok(self)
    }

    /// The table.
    pub fn table(self) -> Result<Bound<'py, PyAny>, Raised> {
        let module = self.columns.py().import("pricefloor.table")?;
        Ok(module.getattr("Table")?.call1((self.columns, self.units))?)
    }
}
