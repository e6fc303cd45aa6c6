use super::StorageError;
use super::rules::{Decision, DecisionRules};
use super::sweep::{Engine, Node};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

/// One period of a simulated history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoragePeriod {
    /// The regime, by its number.
    pub regime: usize,
    /// Output per planned unit.
    pub output: f64,
    /// Price, stock and plans.
    pub decision: Decision,
}

impl DecisionRules {
    /// A history of `periods`, from an empty warehouse in the first regime. The same seed gives the same history.
    ///
    /// # Errors
    /// [`StorageError::OutOfRange`] if the rules were not solved far enough.
    ///
    /// ```
    /// # use pricefloor::curve::{Demand, Observed, Supply};
    /// # use pricefloor::storage::{StorageModel, StorageSettings, StorageTerms, Warehouse, Yields};
    /// # let at_one = Observed { price: 1.0, quantity: 1.0 };
    /// # let model = StorageModel::new(StorageTerms {
    /// #     demand: Demand::constant_elasticity(at_one, -0.2)?,
    /// #     supply: Supply::fixed(1.0)?,
    /// #     yields: Yields::normal(1.0, 0.05, 7)?,
    /// #     warehouse: Warehouse { cost: 0.06, deterioration: 0.02, interest: 0.03 },
    /// #     public: None,
    /// #     contract_floor: None,
    /// # })?;
    /// let rules = model.solve(&StorageSettings::default())?;
    /// let history = rules.simulate(100_000, 7)?;
    /// let mean = history.iter().map(|period| period.decision.price).sum::<f64>() / 100_000.0;
    /// assert!((mean - rules.stationary(2001)?.mean_price).abs() < 0.005);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn simulate(&self, periods: usize, seed: u64) -> Result<Vec<StoragePeriod>, StorageError> {
        let mut draws = self.engine.draws(seed);
        let kept = 1.0 - self.engine.warehouse.deterioration;
        let (mut regime, mut stock) = (0, 0.0);
        let mut history = Vec::with_capacity(periods);
        for _ in 0..periods {
            let planned = self.regimes[regime].planned_after(stock);
            let Some(node) = draws.next(regime) else {
                break;
            };
            regime = node.regime;
            let decision = self.regimes[regime].at(kept * stock + planned * node.output)?;
            stock = decision.stock;
            history.push(StoragePeriod {
                regime,
                output: node.output,
                decision,
            });
        }
        Ok(history)
    }
}

/// A stream of regimes and yields.
pub(super) struct OutcomeDraws<'a> {
    engine: &'a Engine,
    stream: Xoshiro256PlusPlus,
}

impl Engine {
    pub(super) fn draws(&self, seed: u64) -> OutcomeDraws<'_> {
        OutcomeDraws {
            engine: self,
            stream: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }
}

impl OutcomeDraws<'_> {
    /// What follows a regime.
    pub(super) fn next(&mut self, regime: usize) -> Option<Node> {
        let nodes = &self.engine.nodes[regime];
        drawn(nodes, |node| node.probability, self.stream.random()).copied()
    }
}

/// The node that a number from 0 to 1 falls on.
pub(super) fn drawn<N>(nodes: &[N], probability: impl Fn(&N) -> f64, number: f64) -> Option<&N> {
    let mut left = number;
    // Probabilities sum to one within rounding, so the last outcome takes what is left.
    let drawn = nodes.iter().find(|node| {
        left -= probability(node);
        left < 0.0
    });
    drawn.or(nodes.last())
}
