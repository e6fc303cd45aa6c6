//! The dominant producer, and governments that answer each other.

use pricefloor::rivalry as core;
use pyo3::prelude::*;
use serde_json::json;

use crate::attend::listening;
use crate::equilibrium::Equilibrium;
use crate::market::Market;
use crate::plain::show;
use crate::policy::Policy;
use crate::raised::Raised;
use crate::record::Record;
use crate::report::{Report, named_values};

fn given(py: Python<'_>, policy: Option<Py<Policy>>) -> PyResult<Py<Policy>> {
    match policy {
        Some(policy) => Ok(policy),
        None => Py::new(py, Policy::default()),
    }
}

/// A leader's best choice, and the market's answer to it.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Leadership {
    found: core::Leadership,
    leader: Py<Record>,
    market: Py<Market>,
    policy: Py<Policy>,
}

/// What a pickle holds: the question.
type Asked = (Py<Market>, Py<Record>, Py<Policy>);

#[pymethods]
impl Leadership {
    /// The best choice, in the unit of what the leader sets.
    #[getter]
    fn choice(&self) -> f64 {
        self.found.choice()
    }

    /// What the leader wants, at the best choice: money per year unless the outcomes are in another unit.
    #[getter]
    fn objective(&self) -> f64 {
        self.found.objective()
    }

    /// Cost of the output that it sets, money per year; zero for another lever.
    #[getter]
    fn own_cost(&self) -> f64 {
        self.found.own_cost()
    }

    /// Where in the range the choice lies: ``"interior"``, ``"kink"``, ``"jump"``, ``"lower_end"`` or ``"upper_end"``.
    #[getter]
    fn place<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.found.place())
    }

    /// Slope of the objective just below the choice and just above it.
    #[getter]
    fn slopes(&self) -> (f64, f64) {
        let [below, above] = self.found.slopes();
        (below, above)
    }

    /// Other choices that are as good.
    #[getter]
    fn others(&self) -> Vec<f64> {
        self.found.others().to_vec()
    }

    /// Choices at which no equilibrium was found.
    #[getter]
    fn unsolved(&self) -> Vec<f64> {
        self.found.unsolved().to_vec()
    }

    /// The most that any deviation gains, as a share of the largest objective met.
    #[getter]
    fn largest_gain(&self) -> f64 {
        self.found.largest_gain()
    }

    /// The market's answer. Where the leader sets an output, its own cost is not in its ledger.
    #[getter]
    fn equilibrium(&self, py: Python<'_>) -> Equilibrium {
        let (market, policy) = (self.market.clone_ref(py), self.policy.clone_ref(py));
        Equilibrium::new(self.found.equilibrium().clone(), market, policy)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Self>();
        other.is_ok_and(|other| other.get().found == self.found)
    }

    fn __repr__(&self) -> String {
        let (choice, objective) = (self.found.choice(), self.found.objective());
        format!("Leadership(choice {choice:.6}, objective {objective:.6})")
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        let values = json!({
            "choice": self.found.choice(),
            "objective": self.found.objective(),
            "own cost": self.found.own_cost(),
            "place": self.found.place(),
        });
        named_values(py, "leadership", &values)
    }

    /// A pickle holds the question, which is answered again when it is read.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<'py>> {
        let rebuild = py.import("pricefloor._core")?.getattr("lead")?;
        let market = self.market.clone_ref(py);
        let (leader, policy) = (self.leader.clone_ref(py), self.policy.clone_ref(py));
        Ok((rebuild, (market, leader, policy)))
    }
}

type Rebuilt<'py> = crate::plain::Rebuilt<'py, Asked>;

/// The best choice of a :class:`Leader` that knows how everyone else answers, with the market's answer.
#[pyfunction]
#[pyo3(signature = (market, leader, policy=None))]
pub fn lead(
    py: Python<'_>,
    market: Py<Market>,
    leader: Py<Record>,
    policy: Option<Py<Policy>>,
) -> Result<Leadership, Raised> {
    let policy = given(py, policy)?;
    let terms: core::Leader = leader.get().take()?;
    let (facts, measures) = (&market.get().0, &policy.get().0);
    let found = listening(py, || facts.lead(measures, &terms))??;
    Ok(Leadership {
        found,
        leader,
        market,
        policy,
    })
}

/// How many firms of one kind a market carries: ``firms`` at zero profit, ``whole_firms``, and profits in money per year.
#[pyfunction]
#[pyo3(signature = (market, entry, policy=None))]
pub fn free_entry(
    py: Python<'_>,
    market: Py<Market>,
    entry: PyRef<'_, Record>,
    policy: Option<Py<Policy>>,
) -> Result<Report, Raised> {
    let policy = given(py, policy)?;
    let terms: core::FreeEntry = entry.take()?;
    let (facts, measures) = (&market.get().0, &policy.get().0);
    let found = listening(py, || facts.free_entry(measures, &terms))??;
    let values = json!({
        "firms": found.firms(),
        "whole_firms": found.whole_firms(),
        "profit": found.profit(),
        "profit_with_one_more": found.profit_with_one_more(),
    });
    Report::of("FreeEntry", &values)
}

/// Whether it pays a rival to flood a market, and the smallest contract that makes it pointless.
#[pyfunction]
#[pyo3(signature = (market, predation, policy=None))]
pub fn predation(
    py: Python<'_>,
    market: Py<Market>,
    predation: PyRef<'_, Record>,
    policy: Option<Py<Policy>>,
) -> Result<Report, Raised> {
    let policy = given(py, policy)?;
    let terms: core::Predation = predation.take()?;
    let (facts, measures) = (&market.get().0, &policy.get().0);
    let found = listening(py, || facts.predation(measures, &terms))??;
    let values = json!({
        "beside": found.beside(),
        "flood": found.flood(),
        "alone": found.alone(),
        "given_up": found.given_up(),
        "gained": found.gained(),
        "pays": found.pays(),
        "contract": found.contract(),
    });
    Report::of("Predation", &values)
}

/// Governments that answer each other's measures: the equilibria of a :class:`ReplyGame` in pure strategies, the cycles
/// that replies run into, and how many starts were left open.
#[pyfunction]
#[pyo3(signature = (market, game, policy=None))]
pub fn reply_game(
    py: Python<'_>,
    market: Py<Market>,
    game: PyRef<'_, Record>,
    policy: Option<Py<Policy>>,
) -> Result<Report, Raised> {
    let policy = given(py, policy)?;
    let terms: core::ReplyGame = game.take()?;
    let (facts, measures) = (&market.get().0, &policy.get().0);
    let found = listening(py, || facts.reply_game(measures, &terms))??;
    let equilibria = found.equilibria().iter().map(|nash| {
        json!({
            "choices": nash.choices(),
            "payoffs": nash.payoffs(),
            "places": nash.places(),
            "largest_gain": nash.largest_gain(),
        })
    });
    let values = json!({
        "players": found.players(),
        "equilibria": equilibria.collect::<Vec<_>>(),
        "cycles": found.cycles(),
        "open": found.open(),
    });
    Report::of("ReplyGame", &values)
}

/// Where a dominant producer's price and its rivals' capacity settle under limit pricing.
#[pyfunction]
pub fn limit_pricing(terms: PyRef<'_, Record>) -> Result<Report, Raised> {
    let terms: core::LimitPricing = terms.take()?;
    Report::of("SteadyState", &terms.steady())
}
