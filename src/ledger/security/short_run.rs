//! The market as it can respond within months.

use serde::{Deserialize, Serialize};

use super::error::{SecurityError, obey};
use crate::assembly::{self, Assembly};
use crate::curve::{Demand, Observed, Supply};
use crate::equilibrium::{Equilibrium, Solution};
use crate::ledger::LedgerError;
use crate::market::{self, Market};

/// What is a price in one place.
type Named = (String, f64);

/// How demand and supply respond within a disruption: short-run elasticities, and the price at which buyers turn to a
/// backstop.
///
/// Every final demand and every producer that is at work gets a curve of constant elasticity through its point in the
/// equilibrium of ordinary times. A producer's price there is what its last unit brings it, what it buys in markets and
/// what measures charge or pay it counted. At an elasticity of zero it keeps its curve up to its present level and can make
/// no more. One that is idle, or whose last unit brings it nothing, keeps its curve; so does a final demand for what is
/// free. Routes stay as they are.
///
/// ```
/// use pricefloor::ledger::ShortRun;
/// let months = ShortRun::new(-0.2, 0.2).supply_in("China", 0.15).backstop("NdPr oxide", 500.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortRun {
    demand: f64,
    supply: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    supplies: Vec<Named>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    backstops: Vec<Named>,
}

impl ShortRun {
    /// Short-run elasticities of final demand (below zero) and of supply (zero or more).
    #[must_use]
    pub fn new(demand: f64, supply: f64) -> Self {
        Self {
            demand,
            supply,
            supplies: Vec::new(),
            backstops: Vec::new(),
        }
    }

    /// Another elasticity of supply in a region.
    #[must_use]
    pub fn supply_in(mut self, region: &str, elasticity: f64) -> Self {
        self.supplies.push((region.to_owned(), elasticity));
        self
    }

    /// The price of a commodity at which final buyers give up or turn to something else, money per unit. Every
    /// commodity with a final demand needs one.
    #[must_use]
    pub fn backstop(mut self, commodity: &str, price: f64) -> Self {
        self.backstops.push((commodity.to_owned(), price));
        self
    }

    pub(super) fn backstop_of(&self, commodity: &str) -> Option<f64> {
        let found = self.backstops.iter().find(|(c, _)| c == commodity);
        found.map(|(_, price)| *price)
    }

    fn elasticity_in(&self, region: &str) -> f64 {
        let found = self.supplies.iter().find(|(r, _)| r == region);
        found.map_or(self.supply, |(_, elasticity)| *elasticity)
    }

    fn check(&self, market: &Market) -> Result<(), SecurityError> {
        let below = "a finite number below zero";
        obey(
            "short-run elasticity of demand",
            self.demand,
            self.demand < 0.0,
            below,
        )?;
        let from_zero = "a finite number, zero or more";
        obey(
            "short-run elasticity of supply",
            self.supply,
            self.supply >= 0.0,
            from_zero,
        )?;
        for (what, names, known) in [
            ("region", &self.supplies, market.regions()),
            ("commodity", &self.backstops, market.commodities()),
        ] {
            for (at, (name, value)) in names.iter().enumerate() {
                if !known.contains(name) {
                    let name = name.clone();
                    return Err(SecurityError::Unknown { what, name });
                }
                if names[..at].iter().any(|(earlier, _)| earlier == name) {
                    let name = name.clone();
                    return Err(SecurityError::Duplicate { what, name });
                }
                let what = match what {
                    "region" => format!("short-run elasticity of supply in {name}"),
                    _ => format!("backstop price of {name}"),
                };
                obey(&what, *value, *value >= 0.0, from_zero)?;
            }
        }
        Ok(())
    }
}

impl Equilibrium {
    /// The market with short-run curves through this equilibrium.
    ///
    /// # Errors
    /// [`SecurityError`] when a number is outside its range, a final demand has no backstop price above its price, or the
    /// equilibrium was read back from a file.
    pub fn short_run(&self, terms: &ShortRun) -> Result<Market, SecurityError> {
        let Some(solution) = &self.solution else {
            return Err(LedgerError::Detached {
                market: self.market().to_owned(),
            }
            .into());
        };
        let market = &solution.origin.market;
        terms.check(market)?;
        let mut facts = market.to_builder();
        for used in &mut facts.demands {
            let node = self
                .nodes()
                .iter()
                .find(|n| n.region() == used.region && n.commodity() == used.commodity);
            let Some(node) = node else { continue };
            let backstop = terms.backstop_of(&used.commodity);
            let backstop = backstop.ok_or_else(|| SecurityError::NoBackstop {
                commodity: used.commodity.clone(),
            })?;
            let (price, quantity) = (node.price(), node.demanded());
            if backstop <= price {
                return Err(SecurityError::Backstop {
                    commodity: used.commodity.clone(),
                    backstop,
                    price,
                    region: used.region.clone(),
                });
            }
            let curve = if price > 0.0 && quantity > 0.0 {
                Demand::constant_elasticity(Observed { price, quantity }, terms.demand)?
            } else {
                used.demand.clone()
            };
            used.demand = curve.with_choke(backstop)?;
        }
        for activity in &mut facts.activities {
            if let Some(point) = at_work(solution, activity) {
                let supply = match terms.elasticity_in(activity.region()) {
                    0.0 => activity.supply().clone().with_capacity(point.quantity)?,
                    elasticity => Supply::constant_elasticity(point, elasticity)?,
                };
                activity.set_supply(supply);
            }
        }
        Ok(facts.build()?)
    }
}

/// What the last unit of an activity brings it, and its level; `None` where it is idle or brings nothing.
fn at_work(solution: &Solution, activity: &market::Activity) -> Option<Observed> {
    let assembly: &Assembly = &solution.origin.assembly;
    let index = assembly
        .activities
        .iter()
        .position(|entry| entry.route.is_none() && !entry.sale && entry.name == activity.name())?;
    let entry = &assembly.activities[index];
    let x = &solution.x;
    let largest = entry.column.iter().map(|&(node, _, amount)| {
        let scale = assembly.nodes[node.index()].quantity_scale;
        scale / solution.values[amount.index()].abs()
    });
    let idle = 1e-9 * largest.fold(0.0, f64::max);
    let last = (0..entry.parts.len())
        .rev()
        .find(|&k| x[entry.parts[k].level.index()] > idle)?;
    let handle = assembly::Activity::new(index);
    let price = assembly.net_revenue(handle, last, &solution.values, x);
    let scales = entry.column.iter();
    let money = scales.map(|&(node, _, amount)| {
        assembly.nodes[node.index()].price_scale * solution.values[amount.index()].abs()
    });
    let nothing = 1e-9 * money.fold(0.0, f64::max);
    (price > nothing).then(|| Observed {
        price,
        quantity: assembly.realised(handle, x),
    })
}
