use super::super::error::require;
use super::super::terms::check_chain;
use super::super::yields::check_outcomes;
use super::super::{StorageError, Warehouse, Yields};
use crate::curve::{Demand, Supply};
use serde::{Deserialize, Serialize};

/// One of the two regions of a [`TradeModel`](super::TradeModel).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradingRegion {
    /// Its name.
    pub name: String,
    /// What is bought for use in a period, at each price of the region.
    pub demand: Demand,
    /// What is planned a period ahead, at each expected receipt per planned unit `E[price x yield]` of the region.
    pub supply: Supply,
    /// Storage in the region.
    pub warehouse: Warehouse,
}

/// One outcome of the yields of both regions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointOutcome {
    /// Output per unit of planned output, in each region.
    pub values: [f64; 2],
    /// Its probability.
    pub probability: f64,
}

/// The joint distribution of output per planned unit in two regions, independent from period to period.
///
/// ```
/// use pricefloor::storage::{JointYields, Yields};
///
/// let harvest = Yields::normal(1.0, 0.05, 5)?;
/// let apart = JointYields::independent(&harvest, &harvest);
/// assert_eq!(apart.outcomes().len(), 25);
/// // Weather that is the same in both.
/// assert_eq!(JointYields::common(&harvest).outcomes().len(), 5);
/// # Ok::<(), pricefloor::storage::StorageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<JointOutcome>", into = "Vec<JointOutcome>")]
pub struct JointYields {
    outcomes: Vec<JointOutcome>,
}

impl TryFrom<Vec<JointOutcome>> for JointYields {
    type Error = StorageError;

    fn try_from(outcomes: Vec<JointOutcome>) -> Result<Self, StorageError> {
        Self::discrete(outcomes)
    }
}

impl From<JointYields> for Vec<JointOutcome> {
    fn from(yields: JointYields) -> Self {
        yields.outcomes
    }
}

impl JointYields {
    /// These outcomes and no others.
    ///
    /// # Errors
    /// [`StorageError`] without an outcome, for a value or probability that is negative or not finite, and for
    /// probabilities that do not sum to 1 within 1e-9.
    pub fn discrete(mut outcomes: Vec<JointOutcome>) -> Result<Self, StorageError> {
        let pairs = outcomes.iter().map(|o| (o.values, o.probability));
        check_outcomes("joint distribution of yields", pairs)?;
        outcomes.retain(|outcome| outcome.probability > 0.0);
        Ok(Self { outcomes })
    }

    /// Each region has its own yield, and neither says anything about the other.
    pub fn independent(first: &Yields, second: &Yields) -> Self {
        let each = first.outcomes().iter().flat_map(|a| {
            second.outcomes().iter().map(|b| JointOutcome {
                values: [a.value, b.value],
                probability: a.probability * b.probability,
            })
        });
        Self {
            outcomes: each.collect(),
        }
    }

    /// The same yield in both regions.
    pub fn common(yields: &Yields) -> Self {
        let each = yields.outcomes().iter().map(|outcome| JointOutcome {
            values: [outcome.value; 2],
            probability: outcome.probability,
        });
        Self {
            outcomes: each.collect(),
        }
    }

    /// The outcomes, those of probability zero left out.
    pub fn outcomes(&self) -> &[JointOutcome] {
        &self.outcomes
    }

    /// The mean in each region.
    pub fn means(&self) -> [f64; 2] {
        let mean = |region: usize| -> f64 {
            let terms = self.outcomes.iter();
            terms
                .map(|outcome| outcome.probability * outcome.values[region])
                .sum()
        };
        [mean(0), mean(1)]
    }
}

/// One regime of trade between two regions: open, taxed, closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeRegime {
    /// Its name.
    pub name: String,
    /// Output per planned unit in a period of this regime.
    pub yields: JointYields,
    /// Cost of carrying a unit from the first region to the second, tariffs included, in currency; none where the route
    /// is closed.
    #[serde(default)]
    pub there: Option<f64>,
    /// Cost of carrying a unit from the second region to the first; none where the route is closed.
    #[serde(default)]
    pub back: Option<f64>,
}

/// Terms of a [`TradeModel`](super::TradeModel).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeTerms {
    /// The two regions.
    pub regions: [TradingRegion; 2],
    /// The regimes. The regime of a period is known before anything is shipped, stored or planned in it.
    pub regimes: Vec<TradeRegime>,
    /// `transition[m][n]` is the probability that regime `n` follows regime `m`.
    pub transition: Vec<Vec<f64>>,
}

impl TradeTerms {
    pub(super) fn check(&self) -> Result<(), StorageError> {
        let [first, second] = &self.regions;
        first.warehouse.check()?;
        second.warehouse.check()?;
        if first.name == second.name {
            return Err(StorageError::Duplicate {
                what: "region",
                name: first.name.clone(),
            });
        }
        for cost in self.regimes.iter().flat_map(|r| [r.there, r.back]) {
            let cost = cost.unwrap_or(0.0);
            require(
                cost >= 0.0,
                "the cost of carrying a unit between regions",
                cost,
                "finite and not below 0",
            )?;
        }
        let names: Vec<_> = self.regimes.iter().map(|r| r.name.as_str()).collect();
        check_chain(&names, &self.transition)
    }
}
