use super::super::StorageError;
use super::super::error::require;
use super::clear::{Cleared, Period};
use super::engine::TradeEngine;
use super::plane::Plane;
use super::terms::TradeTerms;
use serde::{Deserialize, Serialize};

/// Where a stock lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Split {
    /// The only split between the regions that fits the rules.
    Unique,
    /// A unit is worth the same in both warehouses and is carried between them for nothing, so that any stock of this
    /// range may lie in the first region, and the rest of it in the second. The decision shows the upper end.
    NotUnique {
        /// Least stock in the first region, in units.
        first_from: f64,
        /// Greatest stock in the first region, in units.
        first_to: f64,
    },
}

/// What happens in both regions at one availability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeDecision {
    /// What is there in each region before anything is used: the stock that was kept, and output, in units.
    pub availability: [f64; 2],
    /// Price in each region, in currency per unit.
    pub prices: [f64; 2],
    /// Used in each region, in units.
    pub used: [f64; 2],
    /// Carried out of the period in each region, in units.
    pub stocks: [f64; 2],
    /// Carried from the first region to the second, in units; below zero the other way.
    pub shipped: f64,
    /// Supply planned in each region for the next period, in units.
    pub planned: [f64; 2],
    /// Whether the stocks, and with them what is shipped, are the only ones that fit.
    pub split: Split,
}

/// The solution of a [`TradeModel`](super::TradeModel): prices, trade, stocks and plans in each regime as functions of what
/// is available in each region.
#[derive(Debug, Clone)]
pub struct TradeRules {
    pub(super) engine: TradeEngine,
    pub(super) planes: Vec<Plane>,
    names: Vec<String>,
    iterations: usize,
}

impl TradeRules {
    pub(super) fn new(
        engine: TradeEngine,
        planes: Vec<Plane>,
        iterations: usize,
        terms: &TradeTerms,
    ) -> Self {
        let names = terms.regimes.iter().map(|regime| regime.name.clone());
        Self {
            engine,
            planes,
            names: names.collect(),
            iterations,
        }
    }

    pub(super) fn regime(&self, name: &str) -> Result<usize, StorageError> {
        let found = self.names.iter().position(|known| known == name);
        found.ok_or_else(|| StorageError::Unknown {
            what: "regime",
            name: name.to_owned(),
        })
    }

    /// The names of the regimes, in their order.
    pub fn regimes(&self) -> &[String] {
        &self.names
    }

    /// Iterations that the solution took.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Largest stock in each region that the rules cover, in units.
    pub fn largest_stocks(&self) -> [f64; 2] {
        self.planes[0].largest()
    }

    /// What happens in a regime when so much is available in each region.
    ///
    /// # Errors
    /// [`StorageError::Unknown`] for the regime, [`StorageError::Value`] if an availability is negative or leads to a
    /// stock that the rules do not cover, and [`StorageError::NotFinite`] where next to nothing is there and the demand
    /// has no choke price.
    pub fn at(&self, regime: &str, availability: [f64; 2]) -> Result<TradeDecision, StorageError> {
        self.decide(self.regime(regime)?, availability, [0.0; 2])
    }

    pub(super) fn decide(
        &self,
        regime: usize,
        availability: [f64; 2],
        guess: [f64; 2],
    ) -> Result<TradeDecision, StorageError> {
        for there in availability {
            require(
                there >= 0.0,
                "what is available in a region",
                there,
                "finite and not below 0",
            )?;
        }
        let plane = &self.planes[regime];
        let cleared = Period {
            route: self.engine.route(regime),
            there: availability,
            worth: |stocks| plane.worth(stocks),
        }
        .clear(guess);
        let Cleared {
            spatial, stocks, ..
        } = cleared;
        if !spatial.prices.iter().all(|price| price.is_finite()) {
            return Err(StorageError::NotFinite {
                thing: "the price",
                availability: availability[0] + availability[1],
            });
        }
        for (stock, largest) in stocks.into_iter().zip(plane.largest()) {
            require(
                stock <= largest * (1.0 + 1e-9),
                "the stock that this availability leads to",
                stock,
                "one that the rules cover; solve them up to it",
            )?;
        }
        let used = [
            availability[0] - stocks[0] - spatial.shipped,
            availability[1] - stocks[1] + spatial.shipped,
        ];
        Ok(TradeDecision {
            availability,
            prices: spatial.prices,
            used,
            stocks,
            shipped: spatial.shipped,
            planned: plane.planned(stocks).value,
            split: self.split(regime, stocks),
        })
    }

    /// Stocks are moved from the first region to the second as long as a unit stays worth the same in both.
    fn split(&self, regime: usize, stocks: [f64; 2]) -> Split {
        const PARTS: i32 = 32;
        const SAME: f64 = 1e-8;
        let total = stocks[0] + stocks[1];
        if total == 0.0 || self.engine.costs[regime] != [0.0; 2] {
            return Split::Unique;
        }
        let same = |first: f64| {
            let [a, b] = self.planes[regime].worth([first, total - first]).value;
            (a - b).abs() <= SAME * a.abs().max(b.abs())
        };
        let walk = |end: f64| {
            let at = |part: i32| stocks[0] + (end - stocks[0]) * f64::from(part) / f64::from(PARTS);
            let last = (0..=PARTS).take_while(|&part| same(at(part))).last();
            last.map_or(stocks[0], at)
        };
        let (first_from, first_to) = (walk(0.0), walk(total));
        if first_from < first_to {
            Split::NotUnique {
                first_from,
                first_to,
            }
        } else {
            Split::Unique
        }
    }
}
