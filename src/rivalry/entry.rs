//! Free entry: how many firms of one kind a market carries.

use serde::{Deserialize, Serialize};

use super::error::RivalryError;
use super::root;
use crate::equilibrium::{BestResponse, Equilibrium};
use crate::intervention::Policy;
use crate::market::{Activity, Market, MarketBuilder};

/// Identical firms that enter while their profit covers a fixed cost.
///
/// The market holds one of them: an activity owned by a firm that owns nothing else, with the conduct that each of them
/// has. `n` such firms are that activity with `n` times the quantity at each marginal cost and a conjectural variation
/// divided by `n`, which is their symmetric equilibrium for any `n`, whole or not. A measure that covers the activity
/// covers all of them together.
///
/// With `P = a - b Q`, constant marginal cost `c`, Cournot conduct and fixed cost `F`, profit is zero at
/// `n = (a - c) / sqrt(b F) - 1` (Mankiw and Whinston 1986, who show that this is more firms than is best for all).
///
/// ```
/// use pricefloor::prelude::*;
/// use pricefloor::rivalry::FreeEntry;
/// let market = Market::builder("refining", "USD").region("Home").commodity("oxide")
///     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
///     .activity(Activity::producing("refiner", "Home", "oxide", Supply::perfectly_elastic(5.0)?))
///     .conduct("refiner", 1.0)
///     .build()?;
/// let entry = market.free_entry(&Policy::none(), &FreeEntry::new("refiner", 4.0))?;
/// assert!((entry.firms() - 6.5).abs() < 1e-9);
/// assert_eq!(entry.whole_firms(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreeEntry {
    activity: String,
    fixed_cost: f64,
    #[serde(default = "usual_most")]
    most: u32,
}

fn usual_most() -> u32 {
    1 << 20
}

impl FreeEntry {
    /// Firms like the owner of this activity, each with a fixed cost in money per year.
    #[must_use]
    pub fn new(activity: &str, fixed_cost: f64) -> Self {
        Self {
            activity: activity.to_owned(),
            fixed_cost,
            most: usual_most(),
        }
    }

    /// The number of firms beyond which entry counts as unlimited; a million unless set.
    #[must_use]
    pub fn at_most(mut self, firms: u32) -> Self {
        self.most = firms;
        self
    }
}

/// The number of firms that enter, and the market with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    firms: f64,
    whole: u32,
    profit: f64,
    next: f64,
    best_response: BestResponse,
    equilibrium: Option<Equilibrium>,
}

impl Entry {
    /// The number of firms, not necessarily whole, at which profit less the fixed cost is zero; zero where not even
    /// the first firm covers it.
    #[must_use]
    pub fn firms(&self) -> f64 {
        self.firms
    }

    /// Whole firms that enter: each earns its fixed cost, and would not with one more.
    #[must_use]
    pub fn whole_firms(&self) -> u32 {
        self.whole
    }

    /// Profit of each whole firm after its fixed cost, money per year; zero where there is none.
    #[must_use]
    pub fn profit(&self) -> f64 {
        self.profit
    }

    /// What each would earn after its fixed cost with one firm more, money per year: below zero.
    #[must_use]
    pub fn profit_with_one_more(&self) -> f64 {
        self.next
    }

    /// Whether one of the whole firms gains by selling another quantity, the others' quantities held.
    #[must_use]
    pub fn best_response(&self) -> &BestResponse {
        &self.best_response
    }

    /// The market with the whole firms, their activity as one; none where no firm enters.
    #[must_use]
    pub fn equilibrium(&self) -> Option<&Equilibrium> {
        self.equilibrium.as_ref()
    }
}

impl Market {
    /// How many firms of one kind enter under a policy, whole and continuous.
    ///
    /// Where profit does not fall steadily with their number, several numbers can be stable; the one found is the first
    /// below a doubling at which profit no longer covers the fixed cost.
    ///
    /// # Errors
    /// [`RivalryError`] when the activity is unknown or its owner owns others, the fixed cost is not above zero, any
    /// number of firms would enter, or a market cannot be solved.
    pub fn free_entry(&self, policy: &Policy, entry: &FreeEntry) -> Result<Entry, RivalryError> {
        let kind = Kind::new(self, policy, entry)?;
        let first = kind.profit(1.0)?;
        if first < 0.0 {
            return Ok(Entry {
                firms: 0.0,
                whole: 0,
                profit: 0.0,
                next: first,
                best_response: BestResponse::PriceTakers,
                equilibrium: None,
            });
        }
        let (mut low, mut high) = (1_u32, 2_u32);
        while kind.profit(f64::from(high))? >= 0.0 {
            if high >= entry.most {
                return Err(RivalryError::Number {
                    what: format!("number of firms like `{}` that enter", entry.activity),
                    value: f64::from(high),
                    rule: format!(
                        "below {}; {} firms still cover the fixed cost",
                        entry.most, high
                    ),
                });
            }
            low = high;
            high = high.saturating_mul(2).min(entry.most.max(2));
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if kind.profit(f64::from(middle))? >= 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let (profit, next) = (kind.profit(f64::from(low))?, kind.profit(f64::from(high))?);
        let equilibrium = kind.with_firms(f64::from(low))?.solve(policy)?;
        Ok(Entry {
            firms: kind.continuous([low, high], [profit, next])?,
            whole: low,
            profit,
            next,
            best_response: kind.one_by_one(low, &equilibrium)?,
            equilibrium: Some(equilibrium),
        })
    }
}

/// Firms of one kind in a market.
struct Kind<'a> {
    market: &'a Market,
    policy: &'a Policy,
    activity: &'a Activity,
    fixed_cost: f64,
}

impl<'a> Kind<'a> {
    fn new(
        market: &'a Market,
        policy: &'a Policy,
        entry: &'a FreeEntry,
    ) -> Result<Self, RivalryError> {
        let activities = market.activities();
        let Some(activity) = activities.iter().find(|a| a.name() == entry.activity) else {
            return Err(RivalryError::unknown_activity(market, &entry.activity));
        };
        let owner = activity.owner();
        if activities.iter().filter(|a| a.owner() == owner).count() > 1 {
            return Err(RivalryError::SeveralActivities {
                firm: owner.to_owned(),
            });
        }
        let what = format!("fixed cost of `{}`", entry.activity);
        let rule = "a finite number above zero";
        RivalryError::require(&what, entry.fixed_cost, entry.fixed_cost > 0.0, rule)?;
        Ok(Self {
            market,
            policy,
            activity,
            fixed_cost: entry.fixed_cost,
        })
    }

    /// The market with so many firms as one activity.
    fn with_firms(&self, firms: f64) -> Result<Market, RivalryError> {
        let mut facts = self.market.to_builder();
        multiply(&mut facts, self.activity.owner(), firms)?;
        Ok(facts.build()?)
    }

    /// Profit of each of so many firms, after the fixed cost.
    fn profit(&self, firms: f64) -> Result<f64, RivalryError> {
        let solved = self.with_firms(firms)?.solve(self.policy)?;
        let surplus = solved.ledger()?.surplus(self.activity.owner())?;
        Ok(surplus / firms - self.fixed_cost)
    }

    /// Where profit is zero between one number of firms and the next.
    fn continuous(&self, ends: [u32; 2], profits: [f64; 2]) -> Result<f64, RivalryError> {
        if profits[0] == 0.0 {
            return Ok(f64::from(ends[0]));
        }
        root::between(
            "number of firms with zero profit",
            |firms| self.profit(firms),
            f64::from(ends[0]),
            f64::from(ends[1]),
        )
    }

    /// Searches the best responses with every firm on its own.
    fn one_by_one(&self, firms: u32, all: &Equilibrium) -> Result<BestResponse, RivalryError> {
        let (name, owner) = (self.activity.name(), self.activity.owner());
        if firms == 1 || !self.market.has_conduct(owner) {
            return Ok(all.best_response().clone());
        }
        let not_shown = |reason: String| Ok(BestResponse::NotShown { reason });
        if firms > ONE_BY_ONE {
            return not_shown(format!("{firms} firms are too many to search one by one"));
        }
        let mut facts = self.market.to_builder();
        let conducts: Vec<_> = facts
            .conducts
            .iter()
            .filter(|c| c.firm == owner)
            .cloned()
            .collect();
        for k in 2..=firms {
            let twin = format!("{name} {k}");
            facts
                .activities
                .push(self.activity.clone().named(&twin).owned_by(&twin));
            facts.conducts.extend(conducts.iter().cloned().map(|mut c| {
                twin.clone_into(&mut c.firm);
                c
            }));
        }
        let apart = facts.build()?.solve(self.policy)?;
        let (own, each) = (apart.level(name)?, all.level(name)? / f64::from(firms));
        if (own - each).abs() > 1e-7 * each.abs() {
            return not_shown(format!(
                "a measure names `{name}`, so that firms on their own would not be alike"
            ));
        }
        Ok(apart.best_response().clone())
    }
}

/// Firms up to which each one's best response is searched.
const ONE_BY_ONE: u32 = 16;

/// Turns a firm into so many of its like.
fn multiply(facts: &mut MarketBuilder, firm: &str, firms: f64) -> Result<(), RivalryError> {
    for a in facts.activities.iter_mut().filter(|a| a.owner() == firm) {
        a.set_supply(a.supply().clone().scaled(firms)?);
    }
    for c in facts.conducts.iter_mut().filter(|c| c.firm == firm) {
        c.variation /= firms;
    }
    Ok(())
}
