//! The named numbers that curves are made from.

use serde::{Deserialize, Serialize};

/// A price and the quantity bought or sold at it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Price, in the market's currency per unit.
    pub price: f64,
    /// Quantity, in the commodity's unit.
    pub quantity: f64,
}

/// A straight line `P = intercept + slope Q`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Price at quantity zero, in the market's currency per unit.
    pub intercept: f64,
    /// Change of the price per unit of quantity; negative for demand, positive for supply.
    pub slope: f64,
}

/// A step of a step curve: a mine with its capacity and unit cost, or a block of buyers with what they would pay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Unit cost (supply) or willingness to pay (demand), in the market's currency per unit.
    pub price: f64,
    /// Capacity (supply) or quantity wanted (demand), in the commodity's unit.
    pub quantity: f64,
    /// The name under which the step's parameters are found; `step 1`, `step 2`, ... in the order given when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A change of a price or of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Before the change.
    pub from: f64,
    /// After the change.
    pub to: f64,
}

impl Change {
    pub(super) fn reversed(self) -> Self {
        Self {
            from: self.to,
            to: self.from,
        }
    }
}
