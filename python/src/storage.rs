//! Competitive storage and public stocks.

use numpy::{IntoPyArray, PyArray1};
use pricefloor::storage::{
    CommodityPeriod, Decision, DecisionRules, Outlook, RegimeTerms, Stockpile, StorageModel,
    StorageSettings, StorageTerms, Yields,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;

use crate::attend::{attentive, listening};
use crate::columns::Columns;
use crate::plain::{Rebuilt, read, show};
use crate::raised::Raised;
use crate::record::Record;
use crate::report::{Report, named_values};

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
    terms: Bound<'_, Record>,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<StorageRules, Raised> {
    let settings = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => StorageSettings::default(),
    };
    let model = model_of(terms.get())?;
    let rules = listening(py, || model.solve(&settings))??;
    let terms = terms.unbind();
    Ok(StorageRules {
        rules,
        terms,
        settings,
    })
}

pub fn model_of(terms: &Record) -> Result<StorageModel, Raised> {
    Ok(match terms.kind_name() {
        "StorageTerms" => StorageModel::new(terms.take::<StorageTerms>()?)?,
        "RegimeTerms" => StorageModel::with_regimes(terms.take::<RegimeTerms>()?)?,
        other => {
            let message = format!("a {other} has no terms of storage");
            return Err(Raised::input(&message, "terms"));
        }
    })
}

/// What a storage market settles at without shocks, in its first regime: ``price``, ``output`` and the ``public`` stock.
#[pyfunction]
pub fn storage_steady_state(terms: PyRef<'_, Record>) -> Result<Report, Raised> {
    Report::of("SteadyState", &model_of(&terms)?.steady_state()?)
}

/// Runs a :class:`Stockpile` through an :class:`Outlook`: one row a commodity and period. Prices in currency per unit,
/// quantities in the commodity's unit, money in currency.
#[pyfunction]
pub fn run_stockpile<'py>(
    py: Python<'py>,
    stockpile: PyRef<'py, Record>,
    outlook: PyRef<'py, Record>,
) -> Result<Bound<'py, PyAny>, Raised> {
    let (stockpile, outlook): (Stockpile, Outlook) = (stockpile.take()?, outlook.take()?);
    let run = py.detach(|| stockpile.run(&outlook))?;
    let rows: Vec<(&str, usize, &CommodityPeriod)> = run
        .commodities()
        .iter()
        .flat_map(|one| {
            let periods = one.periods().iter().enumerate();
            periods.map(|(k, period)| (one.name(), k, period))
        })
        .collect();
    let each = |of: fn(&CommodityPeriod) -> f64| rows.iter().map(move |(_, _, p)| of(p));
    Columns::new(py)
        .text("commodity", rows.iter().map(|row| row.0))?
        .counts("period", rows.iter().map(|row| row.1))?
        .numbers("price", "", each(|p| p.price))?
        .numbers("served", "", each(|p| p.served.iter().sum()))?
        .numbers("unmet", "", each(|p| p.unmet.iter().sum()))?
        .numbers("bought", "", each(|p| p.bought))?
        .numbers("paid", "", each(|p| p.paid))?
        .numbers("sold", "", each(|p| p.sold))?
        .numbers("taken", "", each(|p| p.taken.iter().sum()))?
        .numbers("received", "", each(|p| p.received))?
        .numbers("gain", "", each(|p| p.gain))?
        .numbers("lost", "", each(|p| p.lost))?
        .numbers("stock", "", each(|p| p.stock))?
        .numbers("book_value", "", each(|p| p.book_value))?
        .table()
}

/// What a pickle holds: the question.
type Question<'py> = (Py<Record>, Bound<'py, PyAny>);

/// Price, stock and planned supply as functions of what is available. Prices in the market's currency, quantities in the
/// commodity's unit, time in periods.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct StorageRules {
    rules: DecisionRules,
    terms: Py<Record>,
    settings: StorageSettings,
}

impl StorageRules {
    fn each<'py>(
        &self,
        py: Python<'py>,
        availability: &Bound<'py, PyAny>,
        regime: Option<&str>,
        of: fn(&Decision) -> f64,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        let rules = match regime {
            Some(name) => self.rules.regime(name)?,
            None => &*self.rules,
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
        self.rules.range()
    }

    /// Availability from which something is stored.
    #[getter]
    fn storage_starts(&self) -> f64 {
        self.rules.storage_starts()
    }

    /// Names of the regimes, in order; one without a name where there are none.
    #[getter]
    fn regimes(&self) -> Vec<String> {
        let regimes = self.rules.regimes().iter();
        regimes.map(|regime| regime.name().to_owned()).collect()
    }

    /// Availabilities between which a public stock holds the price at its floor; ``None`` where it does not.
    #[getter]
    fn floor_holds(&self) -> Option<(f64, f64)> {
        self.rules.floor_holds()
    }

    /// How exact the rules are: errors of the conditions between two availabilities, as shares of the price.
    #[pyo3(signature = (low, high, *, regime=None, points=1000))]
    fn euler_errors(
        &self,
        py: Python<'_>,
        low: f64,
        high: f64,
        regime: Option<&str>,
        points: usize,
    ) -> Result<Report, Raised> {
        let first = self
            .rules
            .regimes()
            .first()
            .map_or("", |regime| regime.name());
        let regime = regime.unwrap_or(first);
        let found = py.detach(|| self.rules.euler_errors(regime, low, high, points))?;
        Report::of("EulerErrors", &found)
    }

    /// Moments of the stationary distribution, from a histogram of the stock on ``nodes`` points.
    #[pyo3(signature = (nodes=1001))]
    fn stationary<'py>(&self, py: Python<'py>, nodes: usize) -> Result<Bound<'py, PyAny>, Raised> {
        let found = py.detach(|| self.rules.stationary(nodes))?;
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
        let history = attentive(py, |_| self.rules.simulate(periods, seed))??;
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
        let (least, largest) = self.rules.range();
        format!("StorageRules(availability from {least:.4} to {largest:.4})")
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        let values = json!({
            "range": self.rules.range(),
            "storage starts": self.rules.storage_starts(),
            "floor holds": self.rules.floor_holds(),
            "regimes": self.regimes(),
        });
        named_values(py, "storage rules", &values)
    }

    #[staticmethod]
    fn _restore(
        py: Python<'_>,
        terms: Bound<'_, Record>,
        settings: &Bound<'_, PyDict>,
    ) -> Result<Self, Raised> {
        solve_storage(py, terms, Some(settings))
    }

    /// A pickle holds the question, which is answered again when it is read.
    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, Question<'py>>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("_restore")?;
        let settings = show(py, &self.settings)?;
        Ok((rebuild, (self.terms.clone_ref(py), settings)))
    }
}
