use super::super::StorageError;
use super::super::simulate::drawn;
use super::rules::{TradeDecision, TradeRules};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

/// One period of a simulated history of two regions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradePeriod {
    /// The regime, by its number.
    pub regime: usize,
    /// Output per planned unit in each region.
    pub outputs: [f64; 2],
    /// Prices, trade, stocks and plans.
    pub decision: TradeDecision,
}

impl TradeRules {
    /// A history of `periods`, from empty warehouses in the first regime. The same seed gives the same history.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    pub fn simulate(&self, periods: usize, seed: u64) -> Result<Vec<TradePeriod>, StorageError> {
        let mut stream = Xoshiro256PlusPlus::seed_from_u64(seed);
        let (mut regime, mut stocks) = (0, [0.0; 2]);
        let mut history = Vec::with_capacity(periods);
        for _ in 0..periods {
            let planned = self.planes[regime].planned(stocks).value;
            let nodes = &self.engine.nodes[regime];
            let Some(node) = drawn(nodes, |node| node.probability, stream.random()) else {
                break;
            };
            regime = node.regime;
            let there = self.engine.there(stocks, planned, node.outputs);
            let decision = self.decide(regime, there, stocks)?;
            stocks = decision.stocks;
            history.push(TradePeriod {
                regime,
                outputs: node.outputs,
                decision,
            });
        }
        Ok(history)
    }
}
