//! Predation: whether a rival gains by flooding the market until others leave, and the contract that makes it pointless.

use serde::{Deserialize, Serialize};

use super::error::RivalryError;
use super::lead::committed;
use super::leader::Leader;
use super::root;
use crate::assembly::Param;
use crate::curve::Supply;
use crate::equilibrium::{Compiled, Equilibrium, Outcome, Workspace};
use crate::intervention::Policy;
use crate::market::{Activity, Market};

/// A rival that can flood a market, and the producer it would drive out.
///
/// In each of `T` years the rival sells what brings the price down to a flood price, and earns `pi_flood` instead of the
/// `pi_0` of its best choice beside the producer; the producer then leaves for `N` years, in which the rival earns
/// `pi_alone`. With a discount factor `b` and flows at the end of the year, flooding pays when
///
/// `sum over t <= T of b^t (pi_0 - pi_flood) <= sum over T < t <= T + N of b^t (pi_alone - pi_0)`.
///
/// A contract floor on a volume `V` of the producer's output, at a strike that covers its avoidable cost, keeps `V` in the
/// market whatever the price: what the rival can gain shrinks with `V`, and what it gives up grows.
///
/// ```
/// use pricefloor::prelude::*;
/// use pricefloor::rivalry::Predation;
/// let market = Market::builder("magnets", "USD/kg").region("World").commodity("oxide")
///     .demand("World", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
///     .activity(Activity::producing("rival", "World", "oxide", Supply::perfectly_elastic(2.0)?))
///     .activity(Activity::producing("mine", "World", "oxide", Supply::perfectly_elastic(6.0)?.with_capacity(2.0)?))
///     .build()?;
/// let found = market.predation(&Policy::none(), &Predation::new("rival", "mine", 0.0..=18.0).flooding_to(5.0))?;
/// assert!(found.pays());
/// let contract = found.contract().ok_or("no contract is needed")?;
/// assert!((contract.strike - 6.0).abs() < 1e-9 && contract.volume < 2.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predation {
    rival: String,
    prey: String,
    from: f64,
    to: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flood_price: Option<f64>,
    #[serde(default = "usual_years")]
    years: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alone: Option<u32>,
    #[serde(default = "usual_rate")]
    discount_rate: f64,
    #[serde(default)]
    fixed_cost: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wants: Option<Outcome>,
}

fn usual_years() -> u32 {
    3
}

fn usual_rate() -> f64 {
    0.1
}

impl Predation {
    /// A rival activity that can set its output within a range, per year, against the owner of another activity. It floods
    /// for three years, discounts at 10 % a year and stays alone for ever unless said.
    #[must_use]
    pub fn new(rival: &str, prey: &str, output: std::ops::RangeInclusive<f64>) -> Self {
        let (from, to) = output.into_inner();
        Self {
            rival: rival.to_owned(),
            prey: prey.to_owned(),
            from,
            to,
            flood_price: None,
            years: usual_years(),
            alone: None,
            discount_rate: usual_rate(),
            fixed_cost: 0.0,
            wants: None,
        }
    }

    /// The price to which the rival floods, money per unit; the marginal cost of the producer's first unit unless said.
    #[must_use]
    pub fn flooding_to(mut self, price: f64) -> Self {
        self.flood_price = Some(price);
        self
    }

    /// Years of flooding after which the producer leaves.
    #[must_use]
    pub fn for_years(mut self, years: u32) -> Self {
        self.years = years;
        self
    }

    /// Years for which the rival is then alone, before somebody enters again.
    #[must_use]
    pub fn alone_for(mut self, years: u32) -> Self {
        self.alone = Some(years);
        self
    }

    /// The rival's discount rate, a fraction per year.
    #[must_use]
    pub fn discounting_at(mut self, rate: f64) -> Self {
        self.discount_rate = rate;
        self
    }

    /// What the rival wants instead of its owner's profit: the welfare of its region, say.
    #[must_use]
    pub fn wanting(mut self, outcome: Outcome) -> Self {
        self.wants = Some(outcome);
        self
    }

    /// What the producer avoids by leaving, beyond the cost curve of its activity: money per year.
    #[must_use]
    pub fn avoiding(mut self, fixed_cost: f64) -> Self {
        self.fixed_cost = fixed_cost;
        self
    }
}

/// What one year is like: the rival's output, what it wants, and the price at the producer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RivalYear {
    /// The rival's output, per year.
    pub output: f64,
    /// Price where the producer sells, money per unit.
    pub price: f64,
    /// The rival's profit, or what it wants instead, money per year.
    pub profit: f64,
}

/// The smallest contract that makes flooding pointless.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deterrent {
    /// Covered output, per year: the smallest with which flooding does not pay.
    pub volume: f64,
    /// Strike, money per unit: the smallest at which the producer makes the volume and covers its avoidable cost.
    pub strike: f64,
    /// What the sponsor pays in a year in which the rival floods all the same, money.
    pub imposed_cost: f64,
    /// What the sponsor pays in a year in which nobody floods, money.
    pub quiet_cost: f64,
}

/// Whether flooding pays, and what stops it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PredationReport {
    beside: RivalYear,
    flood: RivalYear,
    alone: RivalYear,
    given_up: f64,
    gained: f64,
    contract: Option<Deterrent>,
}

impl PredationReport {
    /// The rival's best year beside the producer.
    #[must_use]
    pub fn beside(&self) -> RivalYear {
        self.beside
    }

    /// A year of flooding, without a contract.
    #[must_use]
    pub fn flood(&self) -> RivalYear {
        self.flood
    }

    /// The rival's best year once the producer has left.
    #[must_use]
    pub fn alone(&self) -> RivalYear {
        self.alone
    }

    /// What flooding costs the rival, present value, money.
    #[must_use]
    pub fn given_up(&self) -> f64 {
        self.given_up
    }

    /// What being alone is worth to it, present value, money.
    #[must_use]
    pub fn gained(&self) -> f64 {
        self.gained
    }

    /// Whether flooding pays without a contract.
    #[must_use]
    pub fn pays(&self) -> bool {
        self.given_up <= self.gained
    }

    /// The smallest contract that makes it not pay; none where it does not pay anyway.
    #[must_use]
    pub fn contract(&self) -> Option<&Deterrent> {
        self.contract.as_ref()
    }
}

impl Market {
    /// Whether a rival gains by driving a producer out, and the smallest contract that makes it pointless.
    ///
    /// # Errors
    /// [`RivalryError`] when the two do not fit the market, a number is out of its range, the rival cannot bring the price
    /// down to the flood price, or a market cannot be solved.
    pub fn predation(
        &self,
        policy: &Policy,
        terms: &Predation,
    ) -> Result<PredationReport, RivalryError> {
        let hunt = Hunt::new(self, policy, terms)?;
        let (beside, most) = hunt.beside()?;
        let (flood, alone) = (hunt.flood(0.0)?, hunt.alone(0.0)?);
        let gained = hunt.weights[1] * (alone.profit - beside.profit);
        let given_up = hunt.weights[0] * (beside.profit - flood.profit);
        let contract = if given_up <= gained {
            Some(hunt.deterrent(most, beside)?)
        } else {
            None
        };
        Ok(PredationReport {
            beside,
            flood,
            alone,
            given_up,
            gained,
            contract,
        })
    }
}

/// A rival, its prey, and what years of flooding and of being alone weigh.
struct Hunt<'a> {
    market: &'a Market,
    policy: &'a Policy,
    terms: &'a Predation,
    prey: &'a Activity,
    commodity: &'a str,
    flood_price: f64,
    weights: [f64; 2],
}

impl<'a> Hunt<'a> {
    fn new(
        market: &'a Market,
        policy: &'a Policy,
        terms: &'a Predation,
    ) -> Result<Self, RivalryError> {
        let activities = market.activities();
        let Some(prey) = activities.iter().find(|a| a.name() == terms.prey) else {
            return Err(RivalryError::unknown_activity(market, &terms.prey));
        };
        let Some(sold) = prey.outputs().first() else {
            return Err(RivalryError::unknown_activity(market, &terms.prey));
        };
        let r = terms.discount_rate;
        RivalryError::require(
            "the rival's discount rate",
            r,
            r > 0.0,
            "a finite rate above zero",
        )?;
        let rule = "a finite number, zero or more";
        RivalryError::require(
            "avoidable fixed cost",
            terms.fixed_cost,
            terms.fixed_cost >= 0.0,
            rule,
        )?;
        let years = f64::from(terms.years);
        RivalryError::require("years of flooding", years, years > 0.0, "one or more")?;
        let flood_price = match terms.flood_price {
            Some(price) => price,
            None => prey.supply().price(0.0)?.high(),
        };
        RivalryError::require("flood price", flood_price, flood_price >= 0.0, rule)?;
        // b + b^2 + ... + b^T, and from there on
        let b = 1.0 / (1.0 + r);
        let annuity = |years: f64| (1.0 - b.powf(years)) / r;
        let last = terms.alone.map_or(f64::INFINITY, |n| years + f64::from(n));
        Ok(Self {
            market,
            policy,
            terms,
            prey,
            commodity: sold.commodity(),
            flood_price,
            weights: [annuity(years), annuity(last) - annuity(years)],
        })
    }

    /// The market with the producer's output held at the volume that a contract keeps in it.
    fn with_prey(&self, volume: f64) -> Result<Market, RivalryError> {
        if volume <= 0.0 {
            let mut facts = self.market.to_builder();
            facts.activities.retain(|a| a.name() != self.terms.prey);
            return Ok(facts.build()?);
        }
        Ok(self
            .market
            .with_supply(&self.terms.prey, Supply::fixed(volume)?)?)
    }

    fn leader(&self) -> Leader {
        let leader = Leader::output(&self.terms.rival, self.terms.from..=self.terms.to);
        match &self.terms.wants {
            Some(outcome) => leader.wanting(outcome.clone()),
            None => leader,
        }
    }

    fn best(&self, market: &Market) -> Result<(RivalYear, Equilibrium), RivalryError> {
        let led = market.lead(self.policy, &self.leader())?;
        let year = RivalYear {
            output: led.choice(),
            price: led
                .equilibrium()
                .price(self.prey.region(), self.commodity)?,
            profit: led.objective(),
        };
        Ok((year, led.equilibrium().clone()))
    }

    /// The rival's best year beside the producer, and the producer's output in it.
    fn beside(&self) -> Result<(RivalYear, f64), RivalryError> {
        let (year, equilibrium) = self.best(self.market)?;
        let output = equilibrium.level(&self.terms.prey)?;
        if output <= 0.0 {
            return Err(RivalryError::NothingToDriveOut {
                producer: self.terms.prey.clone(),
            });
        }
        Ok((year, output))
    }

    /// The rival's best year beside what a contract keeps of the producer.
    fn alone(&self, left: f64) -> Result<RivalYear, RivalryError> {
        Ok(self.best(&self.with_prey(left)?)?.0)
    }

    /// A year of flooding against a volume that a contract keeps in the market.
    fn flood(&self, volume: f64) -> Result<RivalYear, RivalryError> {
        let market = self.with_prey(volume)?;
        let (led, owner, cost) = committed(&market, &self.terms.rival, self.terms.to)?;
        let compiled = led.compile(self.policy)?;
        let mut tank = Flooded {
            price: Outcome::price(self.prey.region(), self.commodity),
            profit: self
                .terms
                .wants
                .clone()
                .unwrap_or_else(|| Outcome::surplus(&owner)),
            param: compiled.param(&format!("activity/{}/capacity", self.terms.rival))?,
            workspace: compiled.workspace()?,
            compiled,
        };
        let [lowest, _] = tank.at(self.terms.to)?;
        if lowest > self.flood_price {
            return Err(RivalryError::Number {
                what: "flood price".to_owned(),
                value: self.flood_price,
                rule: format!(
                    "at least {lowest}, the price when `{}` sells all it can",
                    self.terms.rival
                ),
            });
        }
        let output = tank.output(self.flood_price, [self.terms.from, self.terms.to])?;
        let [price, profit] = tank.at(output)?;
        Ok(RivalYear {
            output,
            price,
            profit: profit - cost.cost(output)?,
        })
    }

    /// Gain of flooding against a covered volume, present value.
    fn gain(&self, volume: f64, beside: RivalYear) -> Result<f64, RivalryError> {
        let (flood, alone) = (self.flood(volume)?, self.alone(volume)?);
        Ok(self.weights[1] * (alone.profit - beside.profit)
            - self.weights[0] * (beside.profit - flood.profit))
    }

    fn deterrent(&self, most: f64, beside: RivalYear) -> Result<Deterrent, RivalryError> {
        // with all of the output covered there is nothing to gain, so that the smallest volume is below it
        let (mut low, mut high) = (0.0, most);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.gain(middle, beside)? > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let volume = high;
        let flood = self.flood(volume)?;
        let cost = self.prey.supply().cost(volume)? + self.terms.fixed_cost;
        let last = self.prey.supply().price(volume)?.low();
        let strike = last.max(cost / volume);
        Ok(Deterrent {
            volume,
            strike,
            imposed_cost: (strike - flood.price).max(0.0) * volume,
            quiet_cost: (strike - beside.price).max(0.0) * volume,
        })
    }
}

/// Halvings of the interval of volumes: to 1e-12 of the producer's output.
const HALVINGS: usize = 40;

/// A market at any output of the rival.
struct Flooded {
    compiled: Compiled,
    workspace: Workspace,
    param: Param,
    price: Outcome,
    profit: Outcome,
}

impl Flooded {
    /// Price, and what the rival wants before its own cost, at an output.
    fn at(&mut self, output: f64) -> Result<[f64; 2], RivalryError> {
        self.workspace.set(self.param, output)?;
        self.compiled.solve_into(&mut self.workspace)?;
        let point = self.compiled.sensitivity(&mut self.workspace)?;
        Ok([point.value(&self.price)?, point.value(&self.profit)?])
    }

    /// The output at which the price is as wanted, the lower end where it is lower already.
    fn output(&mut self, price: f64, range: [f64; 2]) -> Result<f64, RivalryError> {
        if self.at(range[0])?[0] <= price {
            return Ok(range[0]);
        }
        root::between(
            "output that brings the price down to the flood price",
            |output| Ok(self.at(output)?[0] - price),
            range[0],
            range[1],
        )
    }
}
