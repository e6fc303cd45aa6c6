//! Dynamic limit pricing: a dominant producer whose price today brings in tomorrow's rivals (Gaskins 1971).

use serde::{Deserialize, Serialize};

use super::error::RivalryError;

/// The numbers of a limit-pricing problem.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitPricingTerms {
    /// Quantity demanded at a price of zero, per year: `a` of `Q = a - b p`.
    pub demand_intercept: f64,
    /// Fall of the quantity demanded per unit of price, above zero: `b`.
    pub demand_slope: f64,
    /// The dominant producer's unit cost `c`, money per unit.
    pub cost: f64,
    /// The price above which rivals enter and below which they leave, `pe`, money per unit.
    pub entry_price: f64,
    /// Rivals' output that enters in a year per unit of price above the entry price: `k`, per year squared.
    pub entry_speed: f64,
    /// The dominant producer's discount rate `r`, a fraction per year, continuous.
    pub discount_rate: f64,
}

/// A dominant producer who maximises `integral of e^(-rt) (p - c) (a - b p - x) dt` while rivals' output grows by
/// `dx/dt = k (p - pe)`, `x >= 0` (Gaskins, "Dynamic limit pricing", Journal of Economic Theory 3, 1971).
///
/// The best price falls with what rivals already sell, `p = pe + m (x - x*) / k` with `m = (r - sqrt(r^2 + 2 k r / b)) / 2`,
/// and brings them to `x* = a + b c - 2 b pe - k (pe - c) / r` at the entry price. Where that is below zero rivals are
/// kept out.
///
/// ```
/// use pricefloor::rivalry::{LimitPricing, LimitPricingTerms};
/// let producer = LimitPricing::new(LimitPricingTerms {
///     demand_intercept: 100.0, demand_slope: 1.0, cost: 10.0, entry_price: 20.0, entry_speed: 0.5, discount_rate: 0.1,
/// })?;
/// // 100 + 10 - 40 - 0.5 x 10 / 0.1
/// assert!((producer.steady().rivals - 20.0).abs() < 1e-12);
/// assert!(producer.price(0.0)? > 20.0); // with few rivals it prices high, and they come
/// # Ok::<(), pricefloor::rivalry::RivalryError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "LimitPricingFile", into = "LimitPricingFile")]
pub struct LimitPricing {
    terms: LimitPricingTerms,
    /// Floor and volume of a contract that entrants hold.
    contract: Option<EntrantContract>,
}

/// A contract floor for entrants up to a volume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntrantContract {
    /// Contract floor, money per unit.
    pub strike: f64,
    /// Output of entrants that it covers, per year.
    pub volume: f64,
}

/// Where limit pricing comes to rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SteadyState {
    /// Price, money per unit.
    pub price: f64,
    /// Rivals' output, per year.
    pub rivals: f64,
    /// The dominant producer's output, per year.
    pub dominant: f64,
    /// What the entrants' contract pays out, money per year.
    pub outlay: f64,
    /// How rivals fare.
    pub kind: Coexistence,
}

/// How rivals fare under limit pricing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Coexistence {
    /// Rivals stay at the entry price.
    Shared,
    /// Rivals are kept out by a price at or below the entry price.
    KeptOut,
    /// Only what the contract covers stays; the market price is at or below the entry price.
    Covered,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitPricingFile {
    terms: LimitPricingTerms,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contract: Option<EntrantContract>,
}

impl TryFrom<LimitPricingFile> for LimitPricing {
    type Error = RivalryError;

    fn try_from(of: LimitPricingFile) -> Result<Self, RivalryError> {
        let producer = Self::new(of.terms)?;
        match of.contract {
            Some(contract) => producer.with_contract(contract),
            None => Ok(producer),
        }
    }
}

impl From<LimitPricing> for LimitPricingFile {
    fn from(of: LimitPricing) -> Self {
        Self {
            terms: of.terms,
            contract: of.contract,
        }
    }
}

impl LimitPricing {
    /// A producer with these numbers.
    ///
    /// # Errors
    /// [`RivalryError::Number`] unless demand slope, entry speed and discount rate are above zero, the cost is zero or
    /// more, the entry price above the cost, and the demand at the entry price above zero.
    pub fn new(terms: LimitPricingTerms) -> Result<Self, RivalryError> {
        let LimitPricingTerms {
            demand_intercept: a,
            demand_slope: b,
            cost: c,
            entry_price: pe,
            entry_speed: k,
            discount_rate: r,
        } = terms;
        RivalryError::require("demand slope", b, b > 0.0, "a finite number above zero")?;
        RivalryError::require("entry speed", k, k > 0.0, "a finite number above zero")?;
        RivalryError::require("discount rate", r, r > 0.0, "a finite rate above zero")?;
        RivalryError::require("unit cost", c, c >= 0.0, "a finite number, zero or more")?;
        let rule = format!("finite and above the dominant producer's cost {c}");
        RivalryError::require("entry price", pe, pe > c, &rule)?;
        let rule = format!(
            "finite and above {}, so that demand is left at the entry price",
            b * pe
        );
        RivalryError::require("demand intercept", a, a > b * pe, &rule)?;
        Ok(Self {
            terms,
            contract: None,
        })
    }

    /// Entrants up to a volume get at least a strike: below the volume they respond to `max(p, strike)`, above it to the
    /// market price.
    ///
    /// # Errors
    /// [`RivalryError::Number`] when the strike or the volume is not zero or more.
    pub fn with_contract(mut self, contract: EntrantContract) -> Result<Self, RivalryError> {
        let EntrantContract { strike, volume } = contract;
        let rule = "a finite number, zero or more";
        RivalryError::require(
            "strike of the entrants' contract",
            strike,
            strike >= 0.0,
            rule,
        )?;
        RivalryError::require(
            "volume of the entrants' contract",
            volume,
            volume >= 0.0,
            rule,
        )?;
        self.contract = Some(contract);
        Ok(self)
    }

    pub(super) fn terms(&self) -> LimitPricingTerms {
        self.terms
    }

    /// Rivals' output at which the dominant producer would let them rest, below zero where it keeps them out.
    fn rest(&self) -> f64 {
        let t = &self.terms;
        t.demand_intercept + t.demand_slope * t.cost
            - 2.0 * t.demand_slope * t.entry_price
            - t.entry_speed * (t.entry_price - t.cost) / t.discount_rate
    }

    /// The stable root of the motion of rivals' output, per year, below zero.
    fn root(&self) -> f64 {
        let t = &self.terms;
        let r = t.discount_rate;
        0.5 * (r - (r * r + 2.0 * t.entry_speed * r / t.demand_slope).sqrt())
    }

    /// Rivals' output that stays whatever the market price.
    fn covered(&self) -> f64 {
        let holds = |c: &EntrantContract| c.strike >= self.terms.entry_price;
        self.contract.filter(holds).map_or(0.0, |c| c.volume)
    }

    /// The price that maximises this year's profit against rivals' output.
    fn myopic(&self, rivals: f64) -> f64 {
        let t = &self.terms;
        (t.demand_intercept - rivals + t.demand_slope * t.cost) / (2.0 * t.demand_slope)
    }

    /// Where prices and rivals come to rest.
    #[must_use]
    pub fn steady(&self) -> SteadyState {
        let t = &self.terms;
        let (rest, covered) = (self.rest(), self.covered());
        let rivals = rest.max(covered);
        let (price, kind) = if rest > covered {
            (t.entry_price, Coexistence::Shared)
        } else {
            // rivals beyond what stays anyway are not let in
            let price = self.myopic(covered).min(t.entry_price).max(t.cost);
            let kind = if covered > 0.0 {
                Coexistence::Covered
            } else {
                Coexistence::KeptOut
            };
            (price, kind)
        };
        let paid = self
            .contract
            .map_or(0.0, |c| (c.strike - price).max(0.0) * c.volume.min(rivals));
        SteadyState {
            price,
            rivals,
            dominant: (t.demand_intercept - t.demand_slope * price - rivals).max(0.0),
            outlay: paid,
            kind,
        }
    }

    /// The dominant producer's best price at a level of rivals' output, money per unit. With rivals at rest above what a
    /// contract covers.
    ///
    /// # Errors
    /// [`RivalryError::Number`] for an output below zero, [`RivalryError::NoClosedForm`] where rivals are kept out or
    /// held by a contract, so that the straight price rule does not hold on the whole path.
    pub fn price(&self, rivals: f64) -> Result<f64, RivalryError> {
        RivalryError::require(
            "rivals' output",
            rivals,
            rivals >= 0.0,
            "a finite number, zero or more",
        )?;
        if self.rest() <= self.covered() || self.covered() > 0.0 {
            return Err(RivalryError::NoClosedForm {
                what: "price rule of limit pricing",
                why: "rivals are kept out or held by a contract",
            });
        }
        Ok(self.terms.entry_price + self.root() * (rivals - self.rest()) / self.terms.entry_speed)
    }

    /// Rivals' output some years on, per year, from an output now.
    ///
    /// # Errors
    /// As [`price`](Self::price).
    pub fn rivals_after(&self, years: f64, rivals: f64) -> Result<f64, RivalryError> {
        RivalryError::require(
            "years",
            years,
            years >= 0.0,
            "a finite number, zero or more",
        )?;
        self.price(rivals)?;
        let rest = self.rest();
        Ok(rest + (rivals - rest) * (self.root() * years).exp())
    }
}
