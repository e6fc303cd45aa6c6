//! Storage beside a public stock that keeps the price in a band.

use pricefloor::storage::{BandDecision, BandRules as Core, BandSettings, BandStock};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::attend::{attentive, listening};
use crate::columns::Columns;
use crate::plain::{Rebuilt, read, show};
use crate::raised::Raised;
use crate::record::Record;
use crate::report::{Report, named_values};
use crate::storage::model_of;

/// Solves storage beside a public stock that buys at ``buys`` and sells at ``sells`` (currency per unit), up to ``capacity``
/// units. ``terms`` are `StorageTerms` or `RegimeTerms` without a public stock of their own; ``settings`` are `private`,
/// `public`, `tolerance` and `iterations`, each with its default.
#[pyfunction]
#[pyo3(signature = (terms, *, buys, sells, capacity, **settings))]
pub fn solve_band(
    py: Python<'_>,
    terms: Bound<'_, Record>,
    buys: f64,
    sells: f64,
    capacity: f64,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<BandRules, Raised> {
    let settings = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => BandSettings::default(),
    };
    let stock = BandStock::new(buys, sells, capacity)?;
    let model = model_of(terms.get())?;
    let rules = listening(py, || model.solve_band(stock, &settings))??;
    let terms = terms.unbind();
    Ok(BandRules {
        rules,
        terms,
        stock,
        settings,
    })
}

/// What a pickle holds: the question.
type Question<'py> = (Py<Record>, [f64; 3], Bound<'py, PyAny>);

/// What happens as a function of what is in private hands and in the public stock. Prices in the market's currency,
/// quantities in the commodity's unit, time in periods.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct BandRules {
    rules: Core,
    terms: Py<Record>,
    stock: BandStock,
    settings: BandSettings,
}

#[pymethods]
impl BandRules {
    /// What happens when ``private`` units are there, output included, beside ``public`` in the public stock (in the first
    /// regime unless one is named): ``price``, ``used``, ``bought``, ``sold``, ``private`` and ``public`` carried over,
    /// ``planned``.
    #[pyo3(signature = (private, public, regime=None))]
    fn at(&self, private: f64, public: f64, regime: Option<&str>) -> Result<Report, Raised> {
        let first = self.rules.regimes().first().map_or("", String::as_str);
        let decision = self.rules.at(regime.unwrap_or(first), private, public)?;
        Report::of("BandDecision", &decision)
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

    /// A history from empty warehouses, one row a period. Same seed, same history.
    #[pyo3(signature = (*, periods, seed))]
    fn simulate<'py>(
        &self,
        py: Python<'py>,
        periods: usize,
        seed: u64,
    ) -> Result<Bound<'py, PyAny>, Raised> {
        let history = attentive(py, |_| self.rules.simulate(periods, seed))??;
        let each = |of: fn(&BandDecision) -> f64| history.iter().map(move |p| of(&p.decision));
        Columns::new(py)
            .counts("regime", history.iter().map(|period| period.regime))?
            .numbers("output", "", history.iter().map(|period| period.output))?
            .numbers("price", "", each(|d| d.price))?
            .numbers("used", "", each(|d| d.used))?
            .numbers("bought", "", each(|d| d.bought))?
            .numbers("sold", "", each(|d| d.sold))?
            .numbers("private", "", each(|d| d.private))?
            .numbers("public", "", each(|d| d.public))?
            .numbers("planned", "", each(|d| d.planned))?
            .table()
    }

    fn __repr__(&self) -> String {
        let (names, iterations) = (self.rules.regimes().join(", "), self.rules.iterations());
        format!("BandRules({names}: {iterations} iterations)")
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, "band", &self.stock)
    }

    #[staticmethod]
    fn _restore(
        py: Python<'_>,
        terms: Bound<'_, Record>,
        band: [f64; 3],
        settings: &Bound<'_, PyDict>,
    ) -> Result<Self, Raised> {
        let [buys, sells, capacity] = band;
        solve_band(py, terms, buys, sells, capacity, Some(settings))
    }

    /// A pickle holds the question, which is answered again when it is read.
    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, Question<'py>>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("_restore")?;
        let band = [self.stock.buys(), self.stock.sells(), self.stock.capacity()];
        let settings = show(py, &self.settings)?;
        Ok((rebuild, (self.terms.clone_ref(py), band, settings)))
    }
}
