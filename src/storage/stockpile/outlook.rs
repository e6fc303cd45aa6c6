use super::super::StorageError;
use super::super::error::require;
use super::terms::{NOT_NEGATIVE, POSITIVE, SHARE, StockpileTerms};
use serde::{Deserialize, Serialize};

/// A closed source: exposed supplies of a commodity are scaled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interruption {
    /// The commodity; all of them without it.
    #[serde(default)]
    pub commodity: Option<String>,
    /// First period, from 0.
    pub from: usize,
    /// First period after it.
    pub to: usize,
    /// Share of the exposed supply that is left.
    pub left: f64,
}

/// What an order does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Action {
    /// Buys this many units, whatever the rules say.
    Buy(f64),
    /// Sells this many units, whatever the rules say.
    Release(f64),
}

/// An order that overrides the rules in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The commodity.
    pub commodity: String,
    /// The period, from 0.
    pub period: usize,
    /// What is done.
    pub action: Action,
}

/// The years that a stockpile is run through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlook {
    /// Number of periods.
    pub periods: usize,
    /// Length of a period, in years.
    pub years: f64,
    /// Closed sources.
    #[serde(default)]
    pub interruptions: Vec<Interruption>,
    /// Orders.
    #[serde(default)]
    pub orders: Vec<Order>,
}

impl Outlook {
    pub(super) fn check(&self, terms: &StockpileTerms) -> Result<(), StorageError> {
        require(
            self.periods > 0,
            "the number of periods",
            self.periods as f64,
            "above 0",
        )?;
        require(
            self.years > 0.0,
            "the length of a period, in years,",
            self.years,
            POSITIVE,
        )?;
        let known = |name: &str| {
            if terms
                .commodities
                .iter()
                .any(|commodity| commodity.name == name)
            {
                Ok(())
            } else {
                Err(StorageError::Unknown {
                    what: "commodity",
                    name: name.to_owned(),
                })
            }
        };
        for interruption in &self.interruptions {
            interruption.commodity.as_deref().map_or(Ok(()), known)?;
            require(
                (0.0..=1.0).contains(&interruption.left),
                "the share of supply that an interruption leaves",
                interruption.left,
                SHARE,
            )?;
            require(
                interruption.from < interruption.to && interruption.to <= self.periods,
                "the end of an interruption",
                interruption.to as f64,
                "after its start and within the periods",
            )?;
        }
        for order in &self.orders {
            known(&order.commodity)?;
            require(
                order.period < self.periods,
                "the period of an order",
                order.period as f64,
                "one of the periods",
            )?;
            let (Action::Buy(quantity) | Action::Release(quantity)) = order.action;
            require(
                quantity >= 0.0,
                "the quantity of an order",
                quantity,
                NOT_NEGATIVE,
            )?;
        }
        Ok(())
    }

    /// Share of a commodity's exposed supply that is left in a period.
    pub(super) fn left(&self, commodity: &str, period: usize) -> f64 {
        self.interruptions
            .iter()
            .filter(|interruption| {
                (interruption.from..interruption.to).contains(&period)
                    && interruption
                        .commodity
                        .as_deref()
                        .is_none_or(|name| name == commodity)
            })
            .map(|interruption| interruption.left)
            .fold(1.0, f64::min)
    }
}
