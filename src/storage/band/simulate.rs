use super::super::StorageError;
use super::rules::{BandDecision, BandRules};
use serde::{Deserialize, Serialize};

/// One period of a simulated history with a [`BandStock`](super::BandStock).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandPeriod {
    /// The regime, by its number.
    pub regime: usize,
    /// Output per planned unit.
    pub output: f64,
    /// Price, stocks and plans.
    pub decision: BandDecision,
}

impl BandRules {
    /// A history of `periods`, from empty warehouses in the first regime. The same seed gives the same history, and the
    /// same regimes and yields as [`DecisionRules::simulate`](super::super::DecisionRules::simulate) of the same market.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    pub fn simulate(&self, periods: usize, seed: u64) -> Result<Vec<BandPeriod>, StorageError> {
        let kept = 1.0 - self.engine.warehouse.deterioration;
        let (mut regime, mut private, mut public) = (0, 0.0, 0.0);
        let mut draws = self.engine.draws(seed);
        let mut history = Vec::with_capacity(periods);
        for _ in 0..periods {
            let planned = self.planned(regime, private, public);
            let Some(node) = draws.next(regime) else {
                break;
            };
            regime = node.regime;
            let there = kept * private + planned * node.output;
            let decision = self.decide(regime, there, kept * public)?;
            (private, public) = (decision.private, decision.public);
            history.push(BandPeriod {
                regime,
                output: node.output,
                decision,
            });
        }
        Ok(history)
    }
}
