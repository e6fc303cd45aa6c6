//! A market over many years.

use std::sync::OnceLock;

use numpy::{IntoPyArray, PyArray1};
use pricefloor::assembly::Period;
use pricefloor::horizon as core;
use pyo3::prelude::*;
use serde_json::json;

use crate::attend::listening;
use crate::columns::Columns;
use crate::ledger::{Ledger, role};
use crate::plain::Rebuilt;
use crate::raised::Raised;
use crate::record::Record;
use crate::report::Report;

/// Solves a :class:`Horizon`: all periods at once where everybody foresees them, or as they come to be known.
///
/// Raises :class:`UnsolvedError` when no path was found; the message names the year.
#[pyfunction]
pub fn solve_horizon(py: Python<'_>, horizon: Py<Record>) -> Result<HorizonPath, Raised> {
    let facts: core::Horizon = horizon.get().take()?;
    let path = listening(py, || facts.solve())??;
    let accounts = OnceLock::new();
    Ok(HorizonPath {
        path,
        horizon,
        accounts,
    })
}

/// Which of a :class:`Horizon`'s entrants come in when each knows what the others do: how the search ended, who is in, and
/// each one's net present value; where entry and exit go round in a circle, the rounds with the fewest and the most in.
#[pyfunction]
pub fn horizon_entry(py: Python<'_>, horizon: PyRef<'_, Record>) -> Result<Report, Raised> {
    let facts: core::Horizon = horizon.take()?;
    let entry = listening(py, || facts.entry())??;
    let round = |round: &core::Round| {
        let verdicts = round.verdicts().iter().map(|verdict| {
            json!({
                "activity": verdict.activity(),
                "enters": verdict.enters(),
                "on_line": verdict.on_line(),
                "npv": verdict.npv(),
                "incentive_price": verdict.incentive_price(),
            })
        });
        json!({ "entered": round.entered(), "verdicts": verdicts.collect::<Vec<_>>() })
    };
    let (ended, rounds) = match &entry {
        core::Entry::Settled { round: last, .. } => ("settled", vec![round(last)]),
        core::Entry::Cycle { fewest, most } => ("cycle", vec![round(fewest), round(most)]),
        _ => ("unknown", Vec::new()),
    };
    Report::of("Entry", &json!({ "ended": ended, "rounds": rounds }))
}

/// A path through all periods of a horizon. Its tables have one row a period and thing; flows and quantities are per year,
/// dates are years from the start.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct HorizonPath {
    path: core::Path,
    horizon: Py<Record>,
    /// Drawn up when first asked for.
    accounts: OnceLock<core::Accounts>,
}

impl HorizonPath {
    /// One entry for each period and thing in it.
    fn each<'a, T>(&'a self, of: impl Fn(&'a core::PeriodResult) -> Vec<T>) -> Vec<(Period, T)> {
        let periods = self.path.periods().iter();
        periods
            .flat_map(|result| of(result).into_iter().map(|one| (result.period(), one)))
            .collect()
    }

    fn all_accounts(&self) -> &core::Accounts {
        self.accounts.get_or_init(|| self.path.accounts())
    }
}

fn start<T>(rows: &[(Period, T)]) -> impl Iterator<Item = f64> {
    rows.iter().map(|(period, _)| period.start)
}

#[pymethods]
impl HorizonPath {
    /// The horizon that was solved.
    #[getter]
    fn horizon(&self, py: Python<'_>) -> Py<Record> {
        self.horizon.clone_ref(py)
    }

    /// Start of every period, in years from the start of the horizon, and its length.
    #[getter]
    fn periods<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let periods = self.path.periods().iter().map(core::PeriodResult::period);
        Columns::new(py)
            .numbers("start", "years", periods.clone().map(|p| p.start))?
            .numbers("years", "years", periods.map(|p| p.years))?
            .table()
    }

    /// Prices of a commodity in a region, one a period, money per unit.
    fn prices<'py>(
        &self,
        py: Python<'py>,
        region: &str,
        commodity: &str,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        let prices = self.path.prices(region, commodity)?;
        let prices: Vec<f64> = prices.into_iter().map(|(_, price)| price).collect();
        Ok(prices.into_pyarray(py))
    }

    /// Price of a commodity in a region in the period into which a date falls, money per unit.
    fn price(&self, year: f64, region: &str, commodity: &str) -> Result<f64, Raised> {
        Ok(self.path.at(year)?.price(region, commodity)?)
    }

    /// Level of an activity in the period into which a date falls, units per year.
    fn level(&self, year: f64, activity: &str) -> Result<f64, Raised> {
        Ok(self.path.at(year)?.level(activity)?)
    }

    /// Accounts of the period into which a date falls, money per year.
    fn ledger(&self, year: f64) -> Result<Ledger, Raised> {
        Ok(Ledger(self.path.at(year)?.ledger().clone()))
    }

    /// Every node of every period: price, and quantities per year.
    #[getter]
    fn nodes<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let market = self.path.horizon().market();
        let (price, quantity) = (market.price_unit(), market.quantity_unit());
        let rows = self.each(|period| period.equilibrium().nodes().iter().collect());
        Columns::new(py)
            .numbers("start", "years", start(&rows))?
            .text("region", rows.iter().map(|(_, n)| n.region()))?
            .text("commodity", rows.iter().map(|(_, n)| n.commodity()))?
            .numbers("price", price, rows.iter().map(|(_, n)| n.price()))?
            .numbers("supplied", quantity, rows.iter().map(|(_, n)| n.supplied()))?
            .numbers("demanded", quantity, rows.iter().map(|(_, n)| n.demanded()))?
            .numbers("bought", quantity, rows.iter().map(|(_, n)| n.bought()))?
            .table()
    }

    /// Every activity and route of every period: realised level, per year.
    #[getter]
    fn activities<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let unit = self.path.horizon().market().quantity_unit().to_owned();
        let rows = self.each(|period| period.equilibrium().activities().iter().collect());
        Columns::new(py)
            .numbers("start", "years", start(&rows))?
            .text("name", rows.iter().map(|(_, a)| a.name()))?
            .text("owner", rows.iter().map(|(_, a)| a.owner()))?
            .numbers("level", &unit, rows.iter().map(|(_, a)| a.level()))?
            .table()
    }

    /// Capacity that is built over time: on line, its rent and worth in money per unit, and what is decided, per year.
    #[getter]
    fn capacities<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let rows = self.each(|period| period.capacities().iter().collect());
        Columns::new(py)
            .numbers("start", "years", start(&rows))?
            .text("activity", rows.iter().map(|(_, c)| c.activity()))?
            .numbers("capacity", "", rows.iter().map(|(_, c)| c.capacity()))?
            .numbers("rent", "", rows.iter().map(|(_, c)| c.rent()))?
            .numbers("value", "", rows.iter().map(|(_, c)| c.value()))?
            .numbers("decided", "", rows.iter().map(|(_, c)| c.decided()))?
            .table()
    }

    /// Stores and reserves: units at the start and the end of each period, what holding them costs, and the scarcity of a
    /// unit in the ground (NaN for a store), money per unit.
    #[getter]
    fn stocks<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let rows = self.each(|period| period.stores().iter().chain(period.reserves()).collect());
        Columns::new(py)
            .numbers("start", "years", start(&rows))?
            .text("name", rows.iter().map(|(_, s)| s.name()))?
            .numbers("opening", "", rows.iter().map(|(_, s)| s.opening()))?
            .numbers("stock", "", rows.iter().map(|(_, s)| s.stock()))?
            .numbers(
                "holding_cost",
                "",
                rows.iter().map(|(_, s)| s.holding_cost()),
            )?
            .numbers(
                "rent",
                "",
                rows.iter().map(|(_, s)| s.rent().unwrap_or(f64::NAN)),
            )?
            .table()
    }

    /// What every party gains in every period, money per year, the cost of building and of holding stocks taken off.
    #[getter]
    fn accounts<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let accounts = self.all_accounts();
        let rows: Vec<(Period, (&core::PartyAccount, f64))> = accounts
            .parties()
            .iter()
            .flat_map(|party| {
                let surplus = party.surplus().iter().zip(accounts.periods());
                surplus.map(move |(&surplus, &period)| (period, (party, surplus)))
            })
            .collect();
        let unit = self.path.horizon().market().money_unit().to_owned();
        Columns::new(py)
            .numbers("start", "years", start(&rows))?
            .text("party", rows.iter().map(|(_, (p, _))| p.party()))?
            .text("role", rows.iter().map(|(_, (p, _))| role(p.role())))?
            .text(
                "region",
                rows.iter().map(|(_, (p, _))| p.region().unwrap_or("")),
            )?
            .numbers("surplus", &unit, rows.iter().map(|(_, (_, s))| *s))?
            .table()
    }

    /// Present value of what a party gains, money at the start of the horizon.
    fn present_value(&self, party: &str) -> Result<f64, Raised> {
        Ok(self.all_accounts().present_value(party)?)
    }

    /// Present value of what everybody gains, money at the start of the horizon.
    #[getter]
    fn total(&self) -> f64 {
        self.all_accounts().total()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<Self>();
        other.is_ok_and(|other| other.get().path == self.path)
    }

    fn __repr__(&self) -> String {
        self.path.to_string()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.getattr("nodes")?.call_method0("_repr_html_")?.extract()
    }

    /// A pickle holds the horizon, which is solved again when it is read: the same path, bit for bit.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<'py, (Py<Record>,)>> {
        let rebuild = py.import("pricefloor._core")?.getattr("solve_horizon")?;
        Ok((rebuild, (self.horizon.clone_ref(py),)))
    }
}
