//! The rows of a result: nodes, activities, figures and other cases.

use serde::{Deserialize, Serialize};

use crate::curve::Interval;

/// One node of a solved market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeResult {
    pub(super) region: String,
    pub(super) commodity: String,
    pub(super) price: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) price_interval: Option<Interval>,
    pub(super) supplied: f64,
    pub(super) demanded: f64,
    pub(super) bought: f64,
    pub(super) excess: f64,
}

impl NodeResult {
    /// Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// Price, money per unit. Where it is not determined, one of the prices that clear the market.
    #[must_use]
    pub fn price(&self) -> f64 {
        self.price
    }

    /// All prices that clear the market at these quantities, where there is more than one.
    #[must_use]
    pub fn price_interval(&self) -> Option<Interval> {
        self.price_interval
    }

    /// Put out by producers and brought by routes, less what producers use and routes take, per year.
    #[must_use]
    pub fn supplied(&self) -> f64 {
        self.supplied
    }

    /// Bought by final users, per year.
    #[must_use]
    pub fn demanded(&self) -> f64 {
        self.demanded
    }

    /// Taken by measures, per year.
    #[must_use]
    pub fn bought(&self) -> f64 {
        self.bought
    }

    /// Thrown away at a price of zero, per year.
    #[must_use]
    pub fn excess(&self) -> f64 {
        self.excess
    }
}

/// One activity or route of a solved market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityResult {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) level: f64,
    pub(super) offered: f64,
}

impl ActivityResult {
    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The firm that owns it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Realised level, units per year.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Level offered; above the realised one only under proportional rationing.
    #[must_use]
    pub fn offered(&self) -> f64 {
        self.offered
    }
}

/// A figure that a measure reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub(super) measure: String,
    pub(super) name: String,
    pub(super) value: f64,
}

/// A way in which measures with a switch apply that holds at these prices beside the reported one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    pub(super) cases: Vec<String>,
    pub(super) prices: Vec<f64>,
}

impl Alternative {
    /// The case of each switch.
    #[must_use]
    pub fn cases(&self) -> &[String] {
        &self.cases
    }

    /// Prices by node, in the order of [`Equilibrium::nodes`](super::Equilibrium::nodes).
    #[must_use]
    pub fn prices(&self) -> &[f64] {
        &self.prices
    }
}
