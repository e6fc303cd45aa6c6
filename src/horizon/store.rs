//! Stocks above the ground and in it.

use serde::{Deserialize, Serialize};

use super::error::{HorizonError, number};
use crate::assembly::Rule;

/// Competitive storage of a commodity in a region: held from one period to the next whenever the price to come, less
/// what spoils and what it costs, discounted, covers today's price.
///
/// With `S` the stock at a period's end and `p` the price,
/// `p(t) + cost years >= (1 - loss)^years p(t+1) / (1 + discount)^years`, complementary to `0 <= S <= capacity`.
/// The cost is paid in advance. What is not sold by the end of the horizon is worth nothing, unless it is said, and so
/// nothing is held then.
///
/// ```
/// use pricefloor::horizon::Store;
/// let warehouse = Store::new("Japan", "NdPr oxide").opening(1_500.0).costing(1.2).losing(0.01);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    region: String,
    commodity: String,
    #[serde(default)]
    opening: f64,
    #[serde(default)]
    cost: f64,
    #[serde(default)]
    loss: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capacity: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worth: Option<f64>,
}

impl Store {
    /// An empty store without a limit, without cost and without losses.
    #[must_use]
    pub fn new(region: &str, commodity: &str) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            opening: 0.0,
            cost: 0.0,
            loss: 0.0,
            capacity: None,
            worth: None,
        }
    }

    /// What is in it at the start, units.
    #[must_use]
    pub fn opening(mut self, units: f64) -> Self {
        self.opening = units;
        self
    }

    /// What holding a unit for a year costs, money per unit and year.
    #[must_use]
    pub fn costing(mut self, cost: f64) -> Self {
        self.cost = cost;
        self
    }

    /// The fraction that spoils each year.
    #[must_use]
    pub fn losing(mut self, fraction: f64) -> Self {
        self.loss = fraction;
        self
    }

    /// The most it holds, units.
    #[must_use]
    pub fn capacity(mut self, units: f64) -> Self {
        self.capacity = Some(units);
        self
    }

    /// What a unit is worth at the end of the horizon, money per unit.
    #[must_use]
    pub fn worth_at_end(mut self, value: f64) -> Self {
        self.worth = Some(value);
        self
    }

    pub(super) fn region(&self) -> &str {
        &self.region
    }

    pub(super) fn commodity(&self) -> &str {
        &self.commodity
    }

    pub(super) fn name(&self) -> String {
        format!("store of {} in {}", self.commodity, self.region)
    }

    pub(super) fn at_start(&self) -> f64 {
        self.opening
    }

    pub(super) fn cost(&self) -> f64 {
        self.cost
    }

    pub(super) fn size(&self) -> Option<f64> {
        self.capacity
    }

    pub(super) fn worth(&self) -> Option<f64> {
        self.worth
    }

    pub(super) fn kept(&self, years: f64) -> f64 {
        (1.0 - self.loss).powf(years)
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        let place = self.name();
        number(&place, "opening stock", self.opening, Rule::NonNegative)?;
        number(&place, "cost", self.cost, Rule::NonNegative)?;
        number(&place, "loss", self.loss, Rule::Share)?;
        number(
            &place,
            "capacity",
            self.capacity.unwrap_or(0.0),
            Rule::NonNegative,
        )?;
        number(
            &place,
            "worth at the end",
            self.worth.unwrap_or(0.0),
            Rule::NonNegative,
        )
    }
}

/// An exhaustible reserve: all that an activity, or a firm's activities together, can ever put out, in units of their
/// level.
///
/// Its owner leaves a unit in the ground whenever it earns more later: with `m` the rent of a unit (its scarcity) and
/// `R` what is left, `m(t) >= m(t+1) / (1 + discount)^years`, complementary to `R >= 0`. While some is left, the rent
/// grows at the rate of interest (Hotelling 1931).
///
/// ```
/// use pricefloor::horizon::Reserve;
/// let ore = Reserve::of("Mountain Pass", 1_000.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    covering: String,
    amount: f64,
    #[serde(default)]
    worth: f64,
}

impl Reserve {
    /// What an activity, or all of a firm's, can put out in all, units of the level.
    #[must_use]
    pub fn of(covering: &str, amount: f64) -> Self {
        Self {
            covering: covering.to_owned(),
            amount,
            worth: 0.0,
        }
    }

    /// What a unit still in the ground is worth when the horizon ends, money per unit; nothing unless said.
    #[must_use]
    pub fn worth_at_end(mut self, value: f64) -> Self {
        self.worth = value;
        self
    }

    pub(super) fn covering(&self) -> &str {
        &self.covering
    }

    pub(super) fn amount(&self) -> f64 {
        self.amount
    }

    pub(super) fn worth(&self) -> f64 {
        self.worth
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        let place = format!("reserve of `{}`", self.covering);
        number(&place, "amount", self.amount, Rule::NonNegative)?;
        number(&place, "worth at the end", self.worth, Rule::NonNegative)
    }
}
