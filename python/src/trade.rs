//! Storage in two regions with trade between them.

use pricefloor::storage::{
    TradeDecision, TradeModel, TradeRules as Core, TradeSettings, TradeTerms,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::attend::{attentive, listening};
use crate::columns::Columns;
use crate::plain::{Rebuilt, read, show};
use crate::raised::Raised;
use crate::record::Record;
use crate::report::{Report, named_values};

fn model_of(terms: &Record) -> Result<TradeModel, Raised> {
    match terms.kind_name() {
        "TradeTerms" => Ok(TradeModel::new(terms.take::<TradeTerms>()?)?),
        other => {
            let message = format!("a {other} has no terms of storage in two regions");
            Err(Raised::input(&message, "terms"))
        }
    }
}

/// Solves storage in two regions with trade between them under rational expectations: :class:`TradeTerms`. ``settings`` are
/// those of the crate, each with its default.
#[pyfunction]
#[pyo3(signature = (terms, **settings))]
pub fn solve_trade(
    py: Python<'_>,
    terms: Bound<'_, Record>,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<TradeRules, Raised> {
    let settings = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => TradeSettings::default(),
    };
    let model = model_of(terms.get())?;
    let rules = listening(py, || model.solve(&settings))??;
    let names = model.terms().regions.each_ref().map(|r| r.name.clone());
    let terms = terms.unbind();
    Ok(TradeRules {
        rules,
        names,
        terms,
        settings,
    })
}

/// What two regions settle at without shocks: ``prices``, ``outputs``, and what is ``shipped``.
#[pyfunction]
pub fn trade_steady_state(terms: PyRef<'_, Record>) -> Result<Report, Raised> {
    Report::of("TradeSteadyState", &model_of(&terms)?.steady_state()?)
}

/// A number of a period in each region.
type InEach = fn(&TradeDecision) -> [f64; 2];

/// What a pickle holds: the question.
type Question<'py> = (Py<Record>, Bound<'py, PyAny>);

/// Prices, trade, stocks and plans as functions of what is available in each region. Prices in the market's currency,
/// quantities in the commodity's unit, time in periods.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct TradeRules {
    rules: Core,
    names: [String; 2],
    terms: Py<Record>,
    settings: TradeSettings,
}

impl TradeRules {
    fn regime_or_first<'a>(&'a self, regime: Option<&'a str>) -> &'a str {
        let first = self.rules.regimes().first().map_or("", String::as_str);
        regime.unwrap_or(first)
    }
}

#[pymethods]
impl TradeRules {
    /// What happens when so much is available in each region (in the first regime unless one is named): ``prices``,
    /// ``used``, ``stocks``, what is ``shipped`` (from the first to the second; negative the other way), ``planned``, and
    /// whether the ``split`` of the stocks is unique.
    #[pyo3(signature = (availability, regime=None))]
    fn at(&self, availability: [f64; 2], regime: Option<&str>) -> Result<Report, Raised> {
        let decision = self.rules.at(self.regime_or_first(regime), availability)?;
        Report::of("TradeDecision", &decision)
    }

    /// Names of the regimes, in order.
    #[getter]
    fn regimes(&self) -> Vec<String> {
        self.rules.regimes().to_vec()
    }

    /// Iterations that the solution took.
    #[getter]
    fn iterations(&self) -> usize {
        self.rules.iterations()
    }

    /// Largest stock in each region that the rules cover, in units.
    #[getter]
    fn largest_stocks(&self) -> [f64; 2] {
        self.rules.largest_stocks()
    }

    /// How exact the rules are: errors of the conditions on a lattice of availabilities, as shares of the price.
    #[pyo3(signature = (low, high, *, regime=None, points=30))]
    fn euler_errors(
        &self,
        py: Python<'_>,
        low: [f64; 2],
        high: [f64; 2],
        regime: Option<&str>,
        points: usize,
    ) -> Result<Report, Raised> {
        let regime = self.regime_or_first(regime);
        let found = py.detach(|| self.rules.euler_errors(regime, low, high, points))?;
        Report::of("EulerErrors", &found)
    }

    /// Moments of prices, stocks and trade over a long history.
    #[pyo3(signature = (*, periods, seed))]
    fn moments(&self, py: Python<'_>, periods: usize, seed: u64) -> Result<Report, Raised> {
        let found = attentive(py, |_| self.rules.moments(periods, seed))??;
        Report::of("TradeMoments", &found)
    }

    /// A history from empty warehouses, one row a period, with a column for each region. Same seed, same history.
    #[pyo3(signature = (*, periods, seed))]
    fn simulate<'py>(
        &self,
        py: Python<'py>,
        periods: usize,
        seed: u64,
    ) -> Result<Bound<'py, PyAny>, Raised> {
        let history = attentive(py, |_| self.rules.simulate(periods, seed))??;
        let mut columns = Columns::new(py)
            .counts("regime", history.iter().map(|period| period.regime))?
            .numbers("shipped", "", history.iter().map(|p| p.decision.shipped))?;
        let parts: [(&str, InEach); 5] = [
            ("availability", |d| d.availability),
            ("price", |d| d.prices),
            ("used", |d| d.used),
            ("stock", |d| d.stocks),
            ("planned", |d| d.planned),
        ];
        for (k, region) in self.names.iter().enumerate() {
            let outputs = history.iter().map(|period| period.outputs[k]);
            columns = columns.numbers(&format!("output in {region}"), "", outputs)?;
            for (what, of) in parts {
                let each = history.iter().map(|period| of(&period.decision)[k]);
                columns = columns.numbers(&format!("{what} in {region}"), "", each)?;
            }
        }
        columns.table()
    }

    fn __repr__(&self) -> String {
        let [one, other] = &self.names;
        format!(
            "TradeRules({one} and {other}: {} iterations)",
            self.iterations()
        )
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        let values = serde_json::json!({
            "regions": self.names,
            "regimes": self.rules.regimes(),
            "largest stocks": self.rules.largest_stocks(),
            "iterations": self.rules.iterations(),
        });
        named_values(py, "storage and trade", &values)
    }

    #[staticmethod]
    fn _restore(
        py: Python<'_>,
        terms: Bound<'_, Record>,
        settings: &Bound<'_, PyDict>,
    ) -> Result<Self, Raised> {
        solve_trade(py, terms, Some(settings))
    }

    /// A pickle holds the question, which is answered again when it is read.
    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, Question<'py>>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("_restore")?;
        let settings = show(py, &self.settings)?;
        Ok((rebuild, (self.terms.clone_ref(py), settings)))
    }
}
