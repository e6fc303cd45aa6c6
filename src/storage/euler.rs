use super::StorageError;
use super::rules::DecisionRules;
use super::sweep::Node;
use super::table::Sided;
use serde::{Deserialize, Serialize};

/// How far the rules are from what they imply: at each availability the price is worked out again, exactly, from the
/// prices that the rules give for next period, and what is used at it is compared with what the rules say is used.
///
/// Errors are `|used by the rules / used after one exact step - 1|`; `At` is an availability, or one in each of two regions.
/// Source: Judd (1992), "Projection methods for solving aggregate growth models", Journal of Economic Theory 58.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EulerErrors<At = f64> {
    mean: f64,
    mean_log10: f64,
    max: f64,
    at: At,
    planned: f64,
}

impl<At: Copy> EulerErrors<At> {
    /// No error yet.
    pub(super) fn none(at: At) -> Self {
        Self {
            mean: 0.0,
            mean_log10: 0.0,
            max: 0.0,
            at,
            planned: 0.0,
        }
    }

    /// The error of one of so many points, and that of what is planned there.
    pub(super) fn add(&mut self, at: At, points: usize, error: f64, planned: f64) {
        self.mean += error / points as f64;
        self.mean_log10 += error.max(1e-16).log10() / points as f64;
        if error > self.max {
            (self.max, self.at) = (error, at);
        }
        self.planned = self.planned.max(planned);
    }

    /// The mean error.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The decimal logarithm of the mean error.
    pub fn log10_mean(&self) -> f64 {
        self.mean.log10()
    }

    /// The mean of the decimal logarithms of the errors, where no error counts as less than 1e-16.
    pub fn mean_log10(&self) -> f64 {
        self.mean_log10
    }

    /// The largest error.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The decimal logarithm of the largest error.
    pub fn log10_max(&self) -> f64 {
        self.max.log10()
    }

    /// The availability of the largest error.
    pub fn at(&self) -> At {
        self.at
    }

    /// The largest error of planned supply, as a share of it.
    pub fn planned(&self) -> f64 {
        self.planned
    }
}

impl DecisionRules {
    /// Errors at `points` availabilities evenly from `low` to `high`, in the named regime.
    ///
    /// # Errors
    /// [`StorageError::Unknown`] for the regime, [`StorageError::OutOfRange`] for an availability, and
    /// [`StorageError::Empty`] for less than two points.
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
    /// let errors = rules.euler_errors("always", 0.85, 1.3, 501)?;
    /// assert!(errors.log10_mean() < -8.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn euler_errors(
        &self,
        regime: &str,
        low: f64,
        high: f64,
        points: usize,
    ) -> Result<EulerErrors, StorageError> {
        if points < 2 {
            return Err(StorageError::Empty {
                thing: "a report of errors over two points or more",
            });
        }
        let rules = self.regime(regime)?;
        rules.check(low)?;
        rules.check(high)?;
        let nodes = match self.regimes.iter().position(|other| other.name() == regime) {
            Some(index) => self.engine.nodes[index].as_slice(),
            None => &[],
        };
        let mut errors = EulerErrors::none(low);
        for point in 0..points {
            let availability = low + (high - low) * (point as f64 / (points - 1) as f64);
            let decision = rules.at(availability)?;
            let (stock, planned) = self.one_step(rules, nodes, availability);
            let error = (decision.used / (availability - stock) - 1.0).abs();
            let planned = (rules.planned_after(stock) / planned - 1.0).abs();
            errors.add(availability, points, error, planned);
        }
        Ok(errors)
    }

    /// Stock and planned supply after one exact step, by bisection.
    fn one_step(
        &self,
        rules: &super::RegimeRules,
        nodes: &[Node],
        availability: f64,
    ) -> (f64, f64) {
        // The price at which a stock is held: what it is worth to private owners, or the floor until the public stock is full.
        let held_at = |stock: f64| {
            let (worth, planned) = self.exact_worth(rules, nodes, stock);
            let floor = match self.engine.public {
                Some(public) if stock < public.capacity() => public.price(),
                _ => f64::NEG_INFINITY,
            };
            (worth.max(floor), planned)
        };
        let nothing = held_at(0.0);
        let spot = |stock: f64| rules.table.spot.price(availability - stock).0;
        if spot(0.0) >= nothing.0 {
            return (0.0, nothing.1);
        }
        // Where nothing is left to use no price is defined, which counts as too much stored.
        let (mut low, mut high) = (0.0, availability.max(0.0));
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if spot(middle) < held_at(middle).0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let stock = 0.5 * (low + high);
        (stock, held_at(stock).1)
    }

    /// What a unit is worth when `stock` is carried out, and planned supply, solved to rounding.
    fn exact_worth(&self, rules: &super::RegimeRules, nodes: &[Node], stock: f64) -> (f64, f64) {
        let engine = &self.engine;
        let kept = 1.0 - engine.warehouse.deterioration;
        let expect = |planned: f64| {
            let mut sums = (0.0, 0.0, 0.0);
            for node in nodes {
                let table = &self.regimes[node.regime].table;
                let (price, slope) = table.at(kept * stock + planned * node.output);
                let (left, right) = (slope, slope);
                let paid = engine.paid(Sided { price, left, right });
                let (p, e) = (node.probability, node.output);
                sums.0 += p * price;
                sums.1 += p * e * paid.price;
                sums.2 += p * e * e * paid.right;
            }
            sums
        };
        let mut planned = rules.planned_after(stock);
        for _ in 0..30 {
            let (_, receipt, by_plan) = expect(planned);
            let (wanted, slope) = engine.plans.at(receipt);
            let step = (planned - wanted) / (1.0 - slope * by_plan);
            planned -= step;
            if step.abs() <= 1e-15 * planned {
                break;
            }
        }
        let worth = engine.warehouse.keeps() * expect(planned).0 - engine.warehouse.cost;
        (worth, planned)
    }
}
