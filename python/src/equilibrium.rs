//! A solved market.

use std::sync::OnceLock;

use pricefloor::equilibrium as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::attend::listening;
use crate::columns::Columns;
use crate::ledger::Ledger;
use crate::market::Market;
use crate::plain::{Rebuilt, from_json, show, to_json};
use crate::policy::Policy;
use crate::raised::Raised;
use crate::security::{Concentration, Disruption, origins, outage_of, short_run_of, supply_table};

/// Prices and quantities at which nobody wants to move, with their certificate.
///
/// ``nodes`` and ``activities`` are tables of numpy columns. Prices are in ``price_unit``, quantities in the
/// commodity's unit per year.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Equilibrium {
    solved: core::Equilibrium,
    market: Py<Market>,
    policy: Py<Policy>,
    /// Drawn up when first asked for; kept with a pickle, which has no curves to draw it from.
    ledger: OnceLock<pricefloor::Ledger>,
}

/// What a pickle holds: results, ledger, market, policy.
type Taken = (String, String, Py<Market>, Py<Policy>);

impl Equilibrium {
    pub fn new(solved: core::Equilibrium, market: Py<Market>, policy: Py<Policy>) -> Self {
        Self {
            solved,
            market,
            policy,
            ledger: OnceLock::new(),
        }
    }

    pub fn solved(&self) -> &core::Equilibrium {
        &self.solved
    }

    fn accounts(&self, py: Python<'_>) -> Result<&pricefloor::Ledger, Raised> {
        if let Some(ledger) = self.ledger.get() {
            return Ok(ledger);
        }
        let ledger = py.detach(|| self.solved.ledger())?;
        Ok(self.ledger.get_or_init(|| ledger))
    }
}

#[pymethods]
impl Equilibrium {
    /// The market that was solved.
    #[getter]
    fn market(&self, py: Python<'_>) -> Py<Market> {
        self.market.clone_ref(py)
    }

    /// The policy under which it was solved.
    #[getter]
    fn policy(&self, py: Python<'_>) -> Py<Policy> {
        self.policy.clone_ref(py)
    }

    /// Price of a commodity in a region, money per unit.
    fn price(&self, region: &str, commodity: &str) -> Result<f64, Raised> {
        Ok(self.solved.price(region, commodity)?)
    }

    /// Bought by final users of a commodity in a region, per year.
    fn demanded(&self, region: &str, commodity: &str) -> Result<f64, Raised> {
        Ok(self.solved.node(region, commodity)?.demanded())
    }

    /// Taken by measures from a node, per year.
    fn bought(&self, region: &str, commodity: &str) -> Result<f64, Raised> {
        Ok(self.solved.node(region, commodity)?.bought())
    }

    /// Realised level of an activity, units per year.
    fn level(&self, activity: &str) -> Result<f64, Raised> {
        Ok(self.solved.level(activity)?)
    }

    /// What is sent from one region to another, units per year.
    fn flow(&self, origin: &str, destination: &str, commodity: &str) -> Result<f64, Raised> {
        Ok(self.solved.flow(origin, destination, commodity)?)
    }

    /// A figure that a measure reports: ``bought``, ``levy``, ``attained``, ``top_up``, ``rationed``.
    fn figure(&self, measure: &str, name: &str) -> Result<f64, Raised> {
        Ok(self.solved.figure(measure, name)?)
    }

    /// Unit of prices, a label.
    #[getter]
    fn price_unit(&self) -> &str {
        self.solved.price_unit()
    }

    /// Unit of quantities, a label.
    #[getter]
    fn quantity_unit(&self) -> &str {
        self.solved.quantity_unit()
    }

    /// ``"integrable"`` where the equilibrium is the optimum of a convex programme, else ``"general"``.
    #[getter]
    fn problem_class<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.solved.class())
    }

    /// The evidence: ``residual``, ``price_error``, ``mass_balance``, ``arbitrage`` (pure numbers), ``iterations``.
    #[getter]
    fn certificate<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, self.solved.certificate())
    }

    /// What is known of the best responses of firms with conduct.
    #[getter]
    fn best_response<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, self.solved.best_response())
    }

    /// Other ways in which measures with a switch apply, each an equilibrium too.
    #[getter]
    fn alternatives<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.solved.alternatives())
    }

    /// What is known about other equilibria, of ``prices`` and of ``flows``.
    fn determinacy<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let known = py.detach(|| self.solved.determinacy());
        show(py, &known)
    }

    /// Every node: region, commodity, price with its interval where it is open, and quantities per year.
    #[getter]
    fn nodes<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let nodes = self.solved.nodes();
        let (price, quantity) = (self.solved.price_unit(), self.solved.quantity_unit());
        let end = |low: bool| {
            nodes.iter().map(move |node| match node.price_interval() {
                Some(interval) if low => interval.low(),
                Some(interval) => interval.high(),
                None => node.price(),
            })
        };
        Columns::new(py)
            .text("region", nodes.iter().map(core::NodeResult::region))?
            .text("commodity", nodes.iter().map(core::NodeResult::commodity))?
            .numbers("price", price, nodes.iter().map(core::NodeResult::price))?
            .numbers("price_low", price, end(true))?
            .numbers("price_high", price, end(false))?
            .numbers(
                "supplied",
                quantity,
                nodes.iter().map(core::NodeResult::supplied),
            )?
            .numbers(
                "demanded",
                quantity,
                nodes.iter().map(core::NodeResult::demanded),
            )?
            .numbers(
                "bought",
                quantity,
                nodes.iter().map(core::NodeResult::bought),
            )?
            .numbers(
                "excess",
                quantity,
                nodes.iter().map(core::NodeResult::excess),
            )?
            .table()
    }

    /// Every activity and route: name, owner, realised level and level offered, per year.
    #[getter]
    fn activities<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let activities = self.solved.activities();
        let unit = self.solved.quantity_unit();
        Columns::new(py)
            .text("name", activities.iter().map(core::ActivityResult::name))?
            .text("owner", activities.iter().map(core::ActivityResult::owner))?
            .numbers(
                "level",
                unit,
                activities.iter().map(core::ActivityResult::level),
            )?
            .numbers(
                "offered",
                unit,
                activities.iter().map(core::ActivityResult::offered),
            )?
            .table()
    }

    /// Who pays whom, and what everyone gains; the welfare identity is checked.
    fn ledger(&self, py: Python<'_>) -> Result<Ledger, Raised> {
        Ok(Ledger(self.accounts(py)?.clone()))
    }

    /// What the regions make, use and import at every stage: ``import_reliance`` is net imports as a share of use, and
    /// ``herfindahl`` the concentration of what is used by where it was made. Not a number where there is none.
    fn supply_security<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        supply_table(
            py,
            &self.solved.supply_security()?,
            self.solved.quantity_unit(),
        )
    }

    /// The shares of the regions that make a commodity; ``None`` where nobody does.
    fn origins(&self, commodity: &str) -> Result<Option<Concentration>, Raised> {
        origins(&self.solved.supply_security()?, commodity)
    }

    /// What happens within months when a supplier fails, under the same policy.
    ///
    /// ``supplier`` is a region; ``of`` says whether its ``"production"`` or its ``"exports"`` of the commodity stop, by
    /// ``share``. ``demand`` and ``supply`` are elasticities of the short run (``supply_in``: another one by region), and
    /// ``backstops`` are prices by commodity at which final buyers give up, money per unit.
    #[pyo3(signature = (supplier, commodity, *, demand, supply, backstops, of="exports", share=1.0, supply_in=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn disrupted(
        &self,
        py: Python<'_>,
        supplier: &str,
        commodity: &str,
        demand: f64,
        supply: f64,
        backstops: &Bound<'_, PyAny>,
        of: &str,
        share: f64,
        supply_in: Option<&Bound<'_, PyAny>>,
    ) -> Result<Disruption, Raised> {
        let outage = outage_of(supplier, commodity, of, share)?;
        let terms = short_run_of(demand, supply, supply_in, backstops)?;
        let halted = listening(py, || self.solved.disrupted(&terms, &outage))??;
        Ok(Disruption(halted))
    }

    /// The supply and demand picture at a node, the first with final demand unless said. Needs the extra ``plot``.
    #[pyo3(signature = (region=None, commodity=None, *, ax=None))]
    fn plot<'py>(
        slf: &Bound<'py, Self>,
        region: Option<&str>,
        commodity: Option<&str>,
        ax: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = PyDict::new(slf.py());
        keywords.set_item("ax", ax)?;
        let draw = slf
            .py()
            .import("pricefloor.plots")?
            .getattr("supply_demand")?;
        draw.call((slf, region, commodity), Some(&keywords))
    }

    /// Writes JSON of the results, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("equilibrium", &self.solved)
    }

    /// Puts together again what :mod:`pickle` took apart.
    #[staticmethod]
    fn _restore(
        results: &str,
        ledger: &str,
        market: Py<Market>,
        policy: Py<Policy>,
    ) -> Result<Self, Raised> {
        let restored = Self::new(from_json("equilibrium", results)?, market, policy);
        // a new cell: nothing is in it yet
        let _ = restored.ledger.set(from_json("ledger", ledger)?);
        Ok(restored)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, Taken>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("_restore")?;
        let ledger = to_json("ledger", self.accounts(py)?)?;
        let (market, policy) = (self.market(py), self.policy(py));
        Ok((rebuild, (self.to_json()?, ledger, market, policy)))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().solved == self.solved)
    }

    fn __repr__(&self) -> String {
        self.solved.to_string()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        let part = |name: &str| -> PyResult<String> {
            slf.getattr(name)?.call_method0("_repr_html_")?.extract()
        };
        Ok(part("nodes")? + &part("activities")?)
    }
}
