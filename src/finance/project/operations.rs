use crate::finance::FinanceError;
use crate::finance::error::{Rule, require};
use serde::{Deserialize, Serialize};

/// Royalty, working capital and closure. None of them by default.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Royalty to the owner of the ground, as a fraction of sales at the realised price. Contract payments bear none.
    #[serde(default)]
    pub royalty: f64,
    /// Money bound in receivables and stocks.
    #[serde(default)]
    pub working_capital: WorkingCapital,
    /// Cost of closing the plant and restoring the ground, in money of the start. It is due at the end of the timeline and
    /// in a liquidation, ahead of every creditor.
    #[serde(default)]
    pub closure: f64,
}

/// Working capital = sales x receivable days / 365 + operating cost x (inventory days - payable days) / 365, sales and
/// cost at the yearly rate of the period. An increase costs cash; at the end and in a liquidation it is released in full.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingCapital {
    /// Days of sales that customers owe.
    #[serde(default)]
    pub receivable_days: f64,
    /// Days of operating cost in stock.
    #[serde(default)]
    pub inventory_days: f64,
    /// Days of operating cost owed to suppliers.
    #[serde(default)]
    pub payable_days: f64,
    /// What is bound at the start, in money; negative where suppliers carry more than is bound.
    #[serde(default)]
    pub opening: f64,
}

impl Operations {
    pub(super) fn check(&self) -> Result<(), FinanceError> {
        require("royalty", self.royalty, Rule::Share)?;
        let working = self.working_capital;
        for (thing, days) in [
            ("receivable days", working.receivable_days),
            ("inventory days", working.inventory_days),
            ("payable days", working.payable_days),
        ] {
            require(thing, days, Rule::NotNegative)?;
            require(thing, days, Rule::AtMost(3650.0))?;
        }
        require("opening working capital", working.opening, Rule::Finite)?;
        require("cost of closure", self.closure, Rule::NotNegative)
    }
}

impl WorkingCapital {
    /// What is bound for each unit of money of a period's sales and of its operating cost; `length` in years.
    pub(super) fn shares(&self, length: f64) -> [f64; 2] {
        let days = [
            self.receivable_days,
            self.inventory_days - self.payable_days,
        ];
        days.map(|days| days / (365.0 * length))
    }
}
