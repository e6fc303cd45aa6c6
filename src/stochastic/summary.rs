use super::StochasticError;
use serde::{Deserialize, Serialize};

/// Count, mean and spread of a sample, mergeable in a fixed order.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// Sum of squared differences from the mean.
    squares: f64,
}

impl Moments {
    /// Moments of a sample, in two passes: the mean, then the squares about it. NaN or infinite values
    /// make them so; [`Summary::of`] refuses them.
    pub fn of(sample: &[f64]) -> Self {
        if sample.is_empty() {
            return Self::default();
        }
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let (mut squares, mut drift) = (0.0, 0.0);
        for x in sample {
            let d = x - mean;
            squares += d * d;
            drift += d;
        }
        // The rounding error of the mean, corrected to second order (Chan, Golub and LeVeque 1983).
        Self {
            count: sample.len() as u64,
            mean: mean + drift / count,
            squares: squares - drift * drift / count,
        }
    }

    /// Moments of both samples together (Chan, Golub and LeVeque 1983). Merging in block order gives the
    /// same bits whatever the thread count.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let gap = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            mean: self.mean + gap * (b / (a + b)),
            squares: self.squares + other.squares + gap * gap * (a * b / (a + b)),
        }
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean of the values; zero for an empty sample.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Unbiased variance; zero for fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            0.0
        } else {
            self.squares.max(0.0) / (self.count - 1) as f64
        }
    }

    /// Standard deviation.
    pub fn standard_deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Standard error of the mean of independent values; infinite for fewer than two, which say nothing of it.
    pub fn standard_error(&self) -> f64 {
        if self.count < 2 {
            f64::INFINITY
        } else {
            (self.variance() / self.count as f64).sqrt()
        }
    }
}

/// A sample with its moments and quantiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    moments: Moments,
    sorted: Vec<f64>,
}

impl Summary {
    /// Summary of a sample of independent values.
    ///
    /// # Errors
    /// [`StochasticError::Zero`] for an empty sample, [`StochasticError::NotFinite`] for a value that is not finite.
    pub fn of(sample: &[f64]) -> Result<Self, StochasticError> {
        if sample.is_empty() {
            return Err(StochasticError::Zero {
                what: "sample size",
            });
        }
        if let Some((index, &value)) = sample.iter().enumerate().find(|(_, x)| !x.is_finite()) {
            return Err(StochasticError::NotFinite { index, value });
        }
        let mut sorted = sample.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        // Pieces of fixed length keep the rounding error small and the order of addition fixed.
        let moments = sample
            .chunks(1024)
            .map(Moments::of)
            .fold(Moments::default(), Moments::merge);
        Ok(Self { moments, sorted })
    }

    /// The moments.
    pub fn moments(&self) -> Moments {
        self.moments
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.moments.mean()
    }

    /// Standard error of the mean.
    pub fn standard_error(&self) -> f64 {
        self.moments.standard_error()
    }

    /// Standard deviation.
    pub fn standard_deviation(&self) -> f64 {
        self.moments.standard_deviation()
    }

    /// Number of values.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The quantile at `probability` in [0, 1]: linear between order statistics (definition 7 of Hyndman and
    /// Fan 1996, the default of R and NumPy).
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] where the probability is outside [0, 1].
    pub fn quantile(&self, probability: f64) -> Result<f64, StochasticError> {
        let inside = (0.0..=1.0).contains(&probability);
        super::error::require(
            inside,
            "quantile",
            "probability",
            probability,
            "between 0 and 1",
        )?;
        let place = probability * (self.sorted.len() - 1) as f64;
        let below = place.floor() as usize;
        let above = (below + 1).min(self.sorted.len() - 1);
        Ok(self.sorted[below] + (place - below as f64) * (self.sorted[above] - self.sorted[below]))
    }

    /// Mean of the highest `share` of the values, the boundary value weighted so that exactly that share
    /// counts (the 95 % tail cost of a sample of costs is the mean of its highest 5 %).
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] where the share is not in (0, 1].
    pub fn upper_tail_mean(&self, share: f64) -> Result<f64, StochasticError> {
        tail_mean(share, self.sorted.len(), self.sorted.iter().rev())
    }

    /// Mean of the lowest `share` of the values, the boundary value weighted.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] where the share is not in (0, 1].
    pub fn lower_tail_mean(&self, share: f64) -> Result<f64, StochasticError> {
        tail_mean(share, self.sorted.len(), self.sorted.iter())
    }
}

fn tail_mean<'a>(
    share: f64,
    count: usize,
    from_worst: impl Iterator<Item = &'a f64>,
) -> Result<f64, StochasticError> {
    super::error::require(
        share > 0.0 && share <= 1.0,
        "tail mean",
        "share",
        share,
        "above 0 and at most 1",
    )?;
    let weight = share * count as f64;
    let (mut left, mut sum) = (weight, 0.0);
    for x in from_worst {
        if left <= 0.0 {
            break;
        }
        sum += x * left.min(1.0);
        left -= 1.0;
    }
    Ok(sum / weight)
}
