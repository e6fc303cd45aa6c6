use super::StorageError;
use super::error::require;
use crate::stochastic::gauss_hermite;
use serde::{Deserialize, Serialize};

/// One outcome of a random yield.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Output per unit of planned output; 1 is what was planned, 0.4 a disruption that takes 60 %.
    pub value: f64,
    /// Its probability.
    pub probability: f64,
}

/// The distribution of output per unit of planned output, independent from period to period, on finitely many outcomes.
///
/// ```
/// use pricefloor::storage::Yields;
///
/// let harvest = Yields::normal(1.0, 0.05, 7)?;
/// assert!((harvest.mean() - 1.0).abs() < 1e-14 && (harvest.deviation() - 0.05).abs() < 1e-14);
/// // A mine that once in twenty years loses half its output.
/// let mine = harvest.with_disruption(0.05, 0.5)?;
/// assert!((mine.mean() - 0.975).abs() < 1e-14);
/// # Ok::<(), pricefloor::storage::StorageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Outcome>", into = "Vec<Outcome>")]
pub struct Yields {
    outcomes: Vec<Outcome>,
}

impl TryFrom<Vec<Outcome>> for Yields {
    type Error = StorageError;

    fn try_from(outcomes: Vec<Outcome>) -> Result<Self, StorageError> {
        Self::discrete(outcomes)
    }
}

impl From<Yields> for Vec<Outcome> {
    fn from(yields: Yields) -> Self {
        yields.outcomes
    }
}

impl Yields {
    /// These outcomes and no others, in any order.
    ///
    /// # Errors
    /// [`StorageError`] without an outcome, for a value or probability that is negative or not finite, for
    /// probabilities that do not sum to 1 within 1e-9, or if nothing can ever be produced.
    pub fn discrete(mut outcomes: Vec<Outcome>) -> Result<Self, StorageError> {
        let pairs = outcomes.iter().map(|o| ([o.value], o.probability));
        check_outcomes("distribution of yields", pairs)?;
        outcomes.retain(|outcome| outcome.probability > 0.0);
        outcomes.sort_by(|a, b| a.value.total_cmp(&b.value));
        let largest = outcomes.last().map_or(0.0, |outcome| outcome.value);
        require(largest > 0.0, "the largest yield", largest, "above 0")?;
        Ok(Self { outcomes })
    }

    /// A normal distribution on the `nodes` points of Gauss-Hermite quadrature, exact for polynomials of degree
    /// `2 nodes - 1` (Golub and Welsch 1969: the nodes are the eigenvalues of the Jacobi matrix of the Hermite
    /// polynomials, the weights the squared first components of its eigenvectors).
    ///
    /// # Errors
    /// [`StorageError::Value`] unless there are 1 to 101 nodes, the deviation is not negative, and no node is a
    /// negative yield.
    pub fn normal(mean: f64, deviation: f64, nodes: usize) -> Result<Self, StorageError> {
        require(true, "the mean yield", mean, "finite")?;
        require(
            deviation >= 0.0,
            "the standard deviation of the yield",
            deviation,
            "finite and not below 0",
        )?;
        require(
            (1..=101).contains(&nodes),
            "the number of quadrature nodes",
            nodes as f64,
            "from 1 to 101",
        )?;
        Self::discrete(
            gauss_hermite(nodes)
                .into_iter()
                .map(|(node, probability)| Outcome {
                    value: mean + deviation * node,
                    probability,
                })
                .collect(),
        )
    }

    /// The same distribution, but with `probability` a disruption leaves only `share` of each outcome.
    ///
    /// # Errors
    /// [`StorageError::Value`] unless both are from 0 to 1.
    pub fn with_disruption(&self, probability: f64, share: f64) -> Result<Self, StorageError> {
        const RULE: &str = "from 0 to 1";
        let unit = 0.0..=1.0;
        require(
            unit.contains(&probability),
            "the probability of a disruption",
            probability,
            RULE,
        )?;
        require(
            unit.contains(&share),
            "the share that a disruption leaves",
            share,
            RULE,
        )?;
        let scaled = |share: f64, weight: f64| {
            self.outcomes.iter().map(move |outcome| Outcome {
                value: share * outcome.value,
                probability: weight * outcome.probability,
            })
        };
        Self::discrete(
            scaled(1.0, 1.0 - probability)
                .chain(scaled(share, probability))
                .collect(),
        )
    }

    /// The outcomes, in rising order, those of probability zero left out.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.moment(|value| value)
    }

    /// The standard deviation.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        self.moment(|value| (value - mean).powi(2)).sqrt()
    }

    fn moment(&self, of: impl Fn(f64) -> f64) -> f64 {
        let term = |outcome: &Outcome| outcome.probability * of(outcome.value);
        self.outcomes.iter().map(term).sum()
    }
}

/// Yields and probabilities that are numbers and not below zero, and probabilities that sum to one.
pub(super) fn check_outcomes<const N: usize>(
    thing: &str,
    outcomes: impl Iterator<Item = ([f64; N], f64)>,
) -> Result<(), StorageError> {
    const RULE: &str = "finite and not below 0";
    let mut sum = 0.0;
    let mut count = 0;
    for (values, probability) in outcomes {
        for value in values {
            require(value >= 0.0, "a yield", value, RULE)?;
        }
        require(
            probability >= 0.0,
            "the probability of a yield",
            probability,
            RULE,
        )?;
        sum += probability;
        count += 1;
    }
    if count == 0 {
        return Err(StorageError::Empty {
            thing: "a distribution of yields",
        });
    }
    if (sum - 1.0_f64).abs() > 1e-9 {
        return Err(StorageError::Probabilities {
            thing: format!("the {thing}"),
            sum,
        });
    }
    Ok(())
}
