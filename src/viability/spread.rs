use super::ViabilityError;
use super::ranks::Ranks;
use crate::stochastic::{Moments, Simulation, StochasticError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The mean over all paths and the standard error of it. Paths drawn as antithetic pairs or in nets depend on each other,
/// so that the error is that of the means of pairs or nets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    mean: f64,
    standard_error: f64,
}

impl Estimate {
    /// The mean of one value a path, in path order.
    pub(super) fn over(simulation: &Simulation, values: &[f64]) -> Result<Self, StochasticError> {
        Ok(Self::of(simulation.moments(values)?))
    }

    /// The same; values that are not finite are an error.
    pub(super) fn of_finite(
        simulation: &Simulation,
        values: &[f64],
    ) -> Result<Self, StochasticError> {
        match values.iter().enumerate().find(|(_, x)| !x.is_finite()) {
            Some((index, &value)) => Err(StochasticError::NotFinite { index, value }),
            None => Self::over(simulation, values),
        }
    }

    pub(super) fn of(moments: Moments) -> Self {
        // A single path says nothing about its error; the count is in the findings.
        let standard_error = if moments.count() < 2 {
            0.0
        } else {
            moments.standard_error()
        };
        Self {
            mean: moments.mean(),
            standard_error,
        }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard error of the mean; zero for a single path.
    pub fn standard_error(&self) -> f64 {
        self.standard_error
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4e} +- {:.1e}", self.mean, self.standard_error)
    }
}

/// Refuses draws that would give a mean without an error.
pub(super) fn check_groups(simulation: &Simulation) -> Result<(), ViabilityError> {
    if simulation.tells_its_error() {
        return Ok(());
    }
    Err(ViabilityError::OneGroup {
        paths: simulation.paths(),
    })
}

/// How a quantity is spread over the paths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    estimate: Estimate,
    deviation: f64,
    quantiles: [f64; 5],
    lower_tail: f64,
    upper_tail: f64,
}

/// The share of paths in a tail.
const TAIL: f64 = 0.05;

impl Spread {
    /// The spread of one value a path, in path order.
    pub(super) fn over(simulation: &Simulation, sample: &[f64]) -> Result<Self, StochasticError> {
        const PROBABILITIES: [f64; 5] = [TAIL, 0.25, 0.5, 0.75, 1.0 - TAIL];
        let estimate = Estimate::of_finite(simulation, sample)?;
        let ranks = Ranks::of(sample.to_vec(), &PROBABILITIES, &[TAIL]);
        let [lower_tail, upper_tail] = ranks.tails(TAIL);
        Ok(Self {
            estimate,
            deviation: Moments::of(sample).standard_deviation(),
            quantiles: PROBABILITIES.map(|probability| ranks.quantile(probability)),
            lower_tail,
            upper_tail,
        })
    }

    /// Mean and its standard error.
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.estimate.mean
    }

    /// Standard deviation over the paths.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    /// The value that 5 % of the paths stay below.
    pub fn quantile_5(&self) -> f64 {
        self.quantiles[0]
    }

    /// The value that a quarter of the paths stay below.
    pub fn quantile_25(&self) -> f64 {
        self.quantiles[1]
    }

    /// Median.
    pub fn median(&self) -> f64 {
        self.quantiles[2]
    }

    /// The value that a quarter of the paths exceed.
    pub fn quantile_75(&self) -> f64 {
        self.quantiles[3]
    }

    /// The value that 5 % of the paths exceed (of a cost: its 95 % value at risk).
    pub fn quantile_95(&self) -> f64 {
        self.quantiles[4]
    }

    /// Mean of the lowest 5 % of the paths, the path on the boundary weighted.
    pub fn lower_tail(&self) -> f64 {
        self.lower_tail
    }

    /// Mean of the highest 5 % of the paths, the path on the boundary weighted (of a cost: its 95 % tail cost).
    pub fn upper_tail(&self) -> f64 {
        self.upper_tail
    }
}

/// Pearson's correlation of two quantities over the paths; `None` where one of them does not vary.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mean_a, mean_b) = (Moments::of(a).mean(), Moments::of(b).mean());
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (dx, dy) = (x - mean_a, y - mean_b);
        aa += dx * dx;
        bb += dy * dy;
        ab += dx * dy;
    }
    let size = (aa * bb).sqrt();
    (size > 0.0 && size.is_finite()).then(|| (ab / size).clamp(-1.0, 1.0))
}
