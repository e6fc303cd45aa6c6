//! What happened, period by period.

use serde::{Deserialize, Serialize};

use super::calendar::{NEAR, end};
use super::error::HorizonError;
use super::facts::Horizon;
use super::state::{Decision, State};
use super::window::Window;
use crate::assembly::{Period, Unknown};
use crate::equilibrium::Equilibrium;
use crate::ledger::Ledger;

/// Capacity of an activity in one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityResult {
    activity: String,
    capacity: f64,
    rent: f64,
    value: f64,
    decided: f64,
}

impl CapacityResult {
    /// The activity.
    #[must_use]
    pub fn activity(&self) -> &str {
        &self.activity
    }

    /// On line in the period, units of the level per year.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        self.capacity
    }

    /// What a unit of capacity earns over the cost of running it, money per unit and year.
    #[must_use]
    pub fn rent(&self) -> f64 {
        self.rent
    }

    /// What a unit of capacity that never retires is worth at the end of the period at the hurdle rate, this period's
    /// rent included, money per unit.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Decided in the period, to come on line later, units of the level per year.
    #[must_use]
    pub fn decided(&self) -> f64 {
        self.decided
    }
}

/// A stock at the end of a period: in a store, or left in a reserve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockResult {
    name: String,
    stock: f64,
    opening: f64,
    cost: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rent: Option<f64>,
}

impl StockResult {
    /// Name: `store of NdPr oxide in Japan`, or what a reserve covers.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Units at the end of the period.
    #[must_use]
    pub fn stock(&self) -> f64 {
        self.stock
    }

    /// Units at its start, after losses.
    #[must_use]
    pub fn opening(&self) -> f64 {
        self.opening
    }

    /// What holding the stock until the next period ends costs, money; paid in this period.
    #[must_use]
    pub fn holding_cost(&self) -> f64 {
        self.cost
    }

    /// Scarcity of a unit in the ground, money per unit; none for a store.
    #[must_use]
    pub fn rent(&self) -> Option<f64> {
        self.rent
    }
}

/// One period of a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodResult {
    period: Period,
    equilibrium: Equilibrium,
    ledger: Ledger,
    capacities: Vec<CapacityResult>,
    stores: Vec<StockResult>,
    reserves: Vec<StockResult>,
}

impl PeriodResult {
    /// Which period, and its dates.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// Its prices and quantities, per year.
    #[must_use]
    pub fn equilibrium(&self) -> &Equilibrium {
        &self.equilibrium
    }

    /// Its accounts, money per year: the rents of capacity and of reserves are in their owners' surplus, the cost of
    /// building and of holding stocks is not.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Capacity that is built over time, in the order of the expansions.
    #[must_use]
    pub fn capacities(&self) -> &[CapacityResult] {
        &self.capacities
    }

    /// Stores, in their order.
    #[must_use]
    pub fn stores(&self) -> &[StockResult] {
        &self.stores
    }

    /// Reserves, in their order.
    #[must_use]
    pub fn reserves(&self) -> &[StockResult] {
        &self.reserves
    }

    /// Price of a commodity in a region, money per unit.
    ///
    /// # Errors
    /// [`HorizonError::Solve`] when there is no such node.
    pub fn price(&self, region: &str, commodity: &str) -> Result<f64, HorizonError> {
        self.named(self.equilibrium.price(region, commodity))
    }

    /// Level of an activity, units per year.
    ///
    /// # Errors
    /// [`HorizonError::Solve`] when there is no such activity.
    pub fn level(&self, activity: &str) -> Result<f64, HorizonError> {
        self.named(self.equilibrium.level(activity))
    }

    fn named(
        &self,
        found: Result<f64, crate::equilibrium::SolveError>,
    ) -> Result<f64, HorizonError> {
        found.map_err(|source| HorizonError::Solve {
            year: self.period.start,
            source,
        })
    }

    /// Capacity of an activity that is built over time.
    ///
    /// # Errors
    /// [`HorizonError::Unknown`] when it has no expansion.
    pub fn capacity(&self, activity: &str) -> Result<&CapacityResult, HorizonError> {
        let all = &self.capacities;
        let found = all.iter().find(|c| c.activity == activity);
        found.ok_or_else(|| {
            let known = all.iter().map(|c| c.activity.as_str());
            super::facts::unknown("path".to_owned(), "expansion of", activity, known)
        })
    }
}

/// A path through all periods of a horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    horizon: Horizon,
    decisions: Vec<Decision>,
    periods: Vec<PeriodResult>,
}

impl Path {
    pub(super) fn new(
        horizon: Horizon,
        decisions: Vec<Decision>,
        periods: Vec<PeriodResult>,
    ) -> Self {
        Self {
            horizon,
            decisions,
            periods,
        }
    }

    /// The horizon that was walked.
    #[must_use]
    pub fn horizon(&self) -> &Horizon {
        &self.horizon
    }

    pub(super) fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Every period.
    #[must_use]
    pub fn periods(&self) -> &[PeriodResult] {
        &self.periods
    }

    /// The period into which a date falls, years from the start.
    ///
    /// # Errors
    /// [`HorizonError::Number`] when it lies before the start or after the end.
    pub fn at(&self, year: f64) -> Result<&PeriodResult, HorizonError> {
        let holds =
            |p: &&PeriodResult| p.period.start <= year + NEAR && year < end(&p.period) - NEAR;
        let found = self.periods.iter().find(holds);
        found.ok_or_else(|| HorizonError::Number {
            place: "path".to_owned(),
            name: "year".to_owned(),
            value: year,
            rule: "from the start of the horizon to before its end",
        })
    }

    /// Prices of a commodity in a region: date of each period's start and price.
    ///
    /// # Errors
    /// [`HorizonError::Solve`] when there is no such node.
    pub fn prices(&self, region: &str, commodity: &str) -> Result<Vec<(f64, f64)>, HorizonError> {
        let of = |p: &PeriodResult| Ok((p.period.start, p.price(region, commodity)?));
        self.periods.iter().map(of).collect()
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let market = self.horizon.market();
        writeln!(f, "{} (prices in {})", market.name(), market.price_unit())?;
        write!(f, "{:>8}", "year")?;
        let Some(first) = self.periods.first() else {
            return Ok(());
        };
        for node in first.equilibrium.nodes() {
            write!(f, "  {}", title(node.region(), node.commodity()))?;
        }
        for period in &self.periods {
            write!(f, "\n{:8.2}", period.period.start)?;
            for node in period.equilibrium.nodes() {
                let width = title(node.region(), node.commodity()).len();
                write!(f, "  {:>width$.4}", node.price())?;
            }
        }
        for (what, worth) in self.horizon.end_values() {
            write!(f, "\nat the end {what} is worth {worth}")?;
        }
        Ok(())
    }
}

fn title(region: &str, commodity: &str) -> String {
    format!("{commodity} in {region}")
}

impl Horizon {
    /// The first periods of a solved window, with names.
    pub(super) fn results(
        &self,
        state: &State,
        window: &Window,
        count: usize,
    ) -> Result<Vec<PeriodResult>, HorizonError> {
        let periods = &self.periods()[state.next..];
        let x =
            |p: usize, unknown: Unknown| window.linked.slice(&window.solution, p)[unknown.index()];
        let mut results = Vec::with_capacity(count);
        for (p, &period) in periods.iter().enumerate().take(count) {
            let next = periods.get(p + 1);
            let mut stood_for = Vec::new();
            let capacities = window.built.iter().zip(self.expansions());
            let capacities = capacities.map(|(built, expansion)| {
                let here = built[p];
                CapacityResult {
                    activity: expansion.activity().to_owned(),
                    capacity: x(p, here.capacity),
                    rent: x(p, here.rent),
                    value: x(p, here.value),
                    decided: here.decided.map_or(0.0, |u| x(p, u)),
                }
            });
            let mut stores = Vec::new();
            for (s, (held, store)) in window.held.iter().zip(self.stores()).enumerate() {
                let opening = match p.checked_sub(1) {
                    None => state.stocks[s],
                    Some(before) => {
                        let stock = held[before].stock.map_or(0.0, |u| x(before, u));
                        stock * store.kept(period.years)
                    }
                };
                stood_for.push((held[p].opening, opening));
                let stock = held[p].stock.map_or(0.0, |u| x(p, u));
                stores.push(StockResult {
                    name: store.name(),
                    stock,
                    opening,
                    cost: stock * store.cost() * next.map_or(0.0, |n| n.years),
                    rent: None,
                });
            }
            let mut reserves = Vec::new();
            for (r, (mined, reserve)) in window.mined.iter().zip(self.reserves()).enumerate() {
                let opening = match p.checked_sub(1) {
                    None => state.left[r],
                    Some(before) => x(before, mined[before].left),
                };
                stood_for.push((mined[p].opening, opening));
                reserves.push(StockResult {
                    name: reserve.covering().to_owned(),
                    stock: x(p, mined[p].left),
                    opening,
                    cost: 0.0,
                    rent: Some(x(p, mined[p].rent)),
                });
            }
            let equilibrium = window.linked.equilibrium(&window.solution, p, &stood_for);
            results.push(PeriodResult {
                period,
                ledger: equilibrium.ledger()?,
                equilibrium,
                capacities: capacities.collect(),
                stores,
                reserves,
            });
        }
        Ok(results)
    }
}
