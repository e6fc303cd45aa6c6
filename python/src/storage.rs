//! Competitive storage and public stocks.

use numpy::{IntoPyArray, PyArray1};
use pricefloor::storage::{
    Decision, DecisionRules, RegimeTerms, StorageModel, StorageSettings, StorageTerms, Yields,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::attend::attentive;
use crate::columns::Columns;
use crate::plain::{read, show};
use crate::raised::Raised;
use crate::record::Record;

/// Outcomes of a normal yield at Gauss-Hermite nodes, as the terms of storage take them.
#[pyfunction]
#[pyo3(signature = (*, mean, deviation, nodes))]
pub fn normal_yields(
    py: Python<'_>,
    mean: f64,
    deviation: f64,
    nodes: usize,
) -> Result<Bound<'_, PyAny>, Raised> {
    show(py, &Yields::normal(mean, deviation, nodes)?)
}

/// Solves storage under rational expectations: `StorageTerms`, or `RegimeTerms` for a market that moves between regimes.
/// ``settings`` are `knots`, `kinks`, `tolerance`, `iterations` and `up_to`, each with its default.
#[pyfunction]
#[pyo3(signature = (terms, **settings))]
pub fn solve_storage(
    py: Python<'_>,
    terms: PyRef<'_, Record>,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<StorageRules, Raised> {
    let settings = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => StorageSettings::default(),
    };
    let model = match terms.kind_name() {
        "StorageTerms" => StorageModel::new(terms.take::<StorageTerms>()?)?,
        "RegimeTerms" => StorageModel::with_regimes(terms.take::<RegimeTerms>()?)?,
        other => {
            let message = format!("a {other} has no terms of storage");
            return Err(Raised::input(&message, "terms"));
        }
    };
    let rules = attentive(py, |_| model.solve(&settings))??;
    Ok(StorageRules(rules))
}

/// Price, stock and planned supply as functions of what is available. Prices in the market's currency, quantities in the
/// commodity's unit, time in periods.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct StorageRules(DecisionRules);

impl StorageRules {
    fn each<'py>(
        &self,
        py: Python<'py>,
        availability: &Bound<'py, PyAny>,
        regime: Option<&str>,
        of: fn(&Decision) -> f64,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        let rules = match regime {
            Some(name) => self.0.regime(name)?,
            None => &*self.0,
        };
        let values = read::<Vec<f64>>("availability", availability)?
            .into_iter()
            .map(|availability| Ok(of(&rules.at(availability)?)))
            .collect::<Result<Vec<f64>, pricefloor::storage::StorageError>>()?;
        Ok(values.into_pyarray(py))
    }
}

#[pymethods]
impl StorageRules {
    /// Prices at availabilities (in the first regime unless one is named).
    #[pyo3(signature = (availability, regime=None))]
    fn price<'py>(
        &self,
        py: Python<'py>,
        availability: &Bound<'py, PyAny>,
        regime: Option<&str>,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        self.each(py, availability, regime, |decision| decision.price)
    }

    /// Stocks carried out of the period, whoever holds them.
    #[pyo3(signature = (availability, regime=None))]
    fn stock<'py>(
        &self,
        py: Python<'py>,
        availability: &Bound<'py, PyAny>,
        regime: Option<&str>,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        self.each(py, availability, regime, |decision| decision.stock)
    }

    /// Supply planned for the next period.
    #[pyo3(signature = (availability, regime=None))]
    fn planned<'py>(
        &self,
        py: Python<'py>,
        availability: &Bound<'py, PyAny>,
        regime: Option<&str>,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        self.each(py, availability, regime, |decision| decision.planned)
    }

    /// Availabilities for which the rules were solved, least and largest.
    #[getter]
    fn range(&self) -> (f64, f64) {
        self.0.range()
    }

    /// Availability from which something is stored.
    #[getter]
    fn storage_starts(&self) -> f64 {
        self.0.storage_starts()
    }

    /// Moments of the stationary distribution, from a histogram of the stock on ``nodes`` points.
    #[pyo3(signature = (nodes=1001))]
    fn stationary<'py>(&self, py: Python<'py>, nodes: usize) -> Result<Bound<'py, PyAny>, Raised> {
        let found = py.detach(|| self.0.stationary(nodes))?;
        show(py, &found)
    }

    /// A history from an empty warehouse, one row a period. Same seed, same history.
    #[pyo3(signature = (*, periods, seed))]
    fn simulate<'py>(
        &self,
        py: Python<'py>,
        periods: usize,
        seed: u64,
    ) -> Result<Bound<'py, PyAny>, Raised> {
        let history = attentive(py, |_| self.0.simulate(periods, seed))??;
        let each = |of: fn(&Decision) -> f64| history.iter().map(move |p| of(&p.decision));
        Columns::new(py)
            .counts("regime", history.iter().map(|period| period.regime))?
            .numbers("output", "", history.iter().map(|period| period.output))?
            .numbers("availability", "", each(|d| d.availability))?
            .numbers("price", "", each(|d| d.price))?
            .numbers("used", "", each(|d| d.used))?
            .numbers("stock", "", each(|d| d.stock))?
            .numbers("planned", "", each(|d| d.planned))?
            .table()
    }

    fn __repr__(&self) -> String {
        let (least, largest) = self.0.range();
        format!("StorageRules(availability from {least:.4} to {largest:.4})")
    }
}
