use super::fit::{Estimate, Identification, NotIdentified};
use super::series::{PriceSeries, Sampling};
use crate::stochastic::{GeometricBrownian, GeometricBrownianTerms, StochasticError};
use serde::{Deserialize, Serialize};

/// Two parameters and a spread of each need at least this many numbers.
const FEWEST_PRICES: usize = 5;

/// A geometric Brownian price estimated from a series: see [`GeometricBrownian::estimate`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeometricBrownianFit {
    drift: Estimate,
    volatility: Estimate,
    prices: usize,
    years: f64,
}

impl GeometricBrownianFit {
    /// Drift mu of the price, per year and continuously compounded.
    pub fn drift(&self) -> Estimate {
        self.drift
    }

    /// Volatility sigma, per square root of a year.
    pub fn volatility(&self) -> Estimate {
        self.volatility
    }

    /// How many numbers the series had.
    pub fn prices(&self) -> usize {
        self.prices
    }

    /// Years that the series covers.
    pub fn years(&self) -> f64 {
        self.years
    }

    /// The estimated process from today's price `spot`, in the market's currency per unit.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless the spot is positive and finite.
    pub fn price(&self, spot: f64) -> Result<GeometricBrownian, StochasticError> {
        GeometricBrownian::new(GeometricBrownianTerms {
            spot,
            drift: self.drift.value,
            volatility: self.volatility.value,
        })
    }
}

impl GeometricBrownian {
    /// Estimates mu and sigma from a series.
    ///
    /// The n changes of the log are normal with the mean m = (mu - sigma^2 / 2) h over a spacing of h years. At points they are
    /// independent, with variance sigma^2 h. Changes of averages have two thirds of it, and a sixth of it as covariance with
    /// their neighbours (Working 1960, Econometrica 28); the log of an average is taken for the average of the logs, whose
    /// distance is the same in each number and falls out of the changes. m is estimated by generalised least squares and
    /// sigma^2 h by the squares that are left over n - 1, which is unbiased. The standard error of log sigma is
    /// 1 / sqrt(2 (n - 1)), and that of mu adds those of m / h and of sigma^2 / 2, which are independent. The drift is known no
    /// better than sigma / sqrt(years), however many numbers there are.
    ///
    /// A series that cannot tell is [`Identification::NotIdentified`], with the reason. Whether a price reverts to a mean is
    /// asked of [`MeanReverting::estimate`](crate::stochastic::MeanReverting::estimate).
    ///
    /// ```
    /// use pricefloor::stochastic::{GeometricBrownian, PriceSeries};
    /// let months = PriceSeries::points(1.0 / 12.0, vec![60.0, 63.0, 61.0, 66.0, 64.0, 70.0])?;
    /// let Some(fit) = GeometricBrownian::estimate(&months).identified().copied() else { panic!() };
    /// assert!(fit.drift().standard_error() > 0.2);
    /// # Ok::<(), pricefloor::stochastic::StochasticError>(())
    /// ```
    pub fn estimate(series: &PriceSeries) -> Identification<GeometricBrownianFit> {
        match estimate(series) {
            Ok(fit) => Identification::Identified(fit),
            Err(reason) => Identification::NotIdentified(reason),
        }
    }
}

fn estimate(series: &PriceSeries) -> Result<GeometricBrownianFit, NotIdentified> {
    let logs = series.logs();
    if logs.len() < FEWEST_PRICES {
        return Err(NotIdentified::TooFewPrices {
            found: logs.len(),
            needed: FEWEST_PRICES,
        });
    }
    if logs.iter().all(|&x| x == logs[0]) {
        return Err(NotIdentified::NoVariation);
    }
    let changes: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let whitened = whiten(series.sampling(), &changes);
    let (mut one_one, mut one_x) = (0.0, 0.0);
    for [one, x] in &whitened {
        one_one += one * one;
        one_x += one * x;
    }
    let mean = one_x / one_one;
    let squares: f64 = whitened
        .iter()
        .map(|[one, x]| (x - mean * one).powi(2))
        .sum();
    let (spacing, freedom) = (series.spacing(), changes.len() as f64 - 1.0);
    let variance = squares / freedom / spacing;
    let log_error = (0.5 / freedom).sqrt();
    // Of m / h, and of half the variance: variance sqrt(2 / freedom) / 2 = variance log_error.
    let drift_error = (variance / (one_one * spacing))
        .sqrt()
        .hypot(variance * log_error);
    Ok(GeometricBrownianFit {
        drift: Estimate::symmetric(mean / spacing + 0.5 * variance, drift_error),
        volatility: Estimate::of_log(0.5 * variance.ln(), log_error),
        prices: logs.len(),
        years: series.years(),
    })
}

/// A column of ones and the changes, both multiplied by the inverse Cholesky factor of the covariance matrix of changes for a
/// variance of one over an interval. The matrix has `diagonal` and `beside` on and next to its diagonal.
fn whiten(sampling: Sampling, changes: &[f64]) -> Vec<[f64; 2]> {
    let (diagonal, beside) = match sampling {
        Sampling::Points => (1.0, 0.0),
        Sampling::Averages => (2.0 / 3.0, 1.0 / 6.0),
    };
    let (mut link, mut before) = (0.0, [0.0; 2]);
    let mut whitened = Vec::with_capacity(changes.len());
    for &change in changes {
        let pivot = f64::sqrt(diagonal - link * link);
        before = [
            (1.0 - link * before[0]) / pivot,
            (change - link * before[1]) / pivot,
        ];
        whitened.push(before);
        link = beside / pivot;
    }
    whitened
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    /// Generalised least squares with the dense covariance matrix.
    #[test]
    fn one_pass_agrees_with_the_dense_covariance_matrix() {
        let prices = vec![63.0, 48.0, 40.0, 50.0, 51.0, 45.0, 49.0, 98.0, 134.0, 78.0];
        let logs: Vec<f64> = prices.iter().map(|price: &f64| price.ln()).collect();
        let n = logs.len() - 1;
        let x = DVector::from_fn(n, |i, _| logs[i + 1] - logs[i]);
        let one = DVector::from_element(n, 1.0);
        let (points, averages) = (
            PriceSeries::points(0.5, prices.clone()).unwrap(),
            PriceSeries::averages(0.5, prices).unwrap(),
        );
        for (series, diagonal, beside) in [(points, 1.0, 0.0), (averages, 2.0 / 3.0, 1.0 / 6.0)] {
            let matrix = DMatrix::from_fn(n, n, |i, j| match i.abs_diff(j) {
                0 => diagonal,
                1 => beside,
                _ => 0.0,
            });
            let cholesky = matrix.cholesky().unwrap();
            let information = one.dot(&cholesky.solve(&one));
            let mean = one.dot(&cholesky.solve(&x)) / information;
            let residual = &x - &one * mean;
            let variance = residual.dot(&cholesky.solve(&residual)) / (n as f64 - 1.0) / 0.5;
            let fit = estimate(&series).unwrap();
            approx::assert_relative_eq!(
                fit.volatility.value,
                variance.sqrt(),
                max_relative = 1e-12
            );
            approx::assert_relative_eq!(
                fit.drift.value,
                mean / 0.5 + 0.5 * variance,
                max_relative = 1e-12
            );
            let error = (variance / (information * 0.5)).sqrt();
            let half_variance = 0.5 * variance * (2.0 / (n as f64 - 1.0)).sqrt();
            approx::assert_relative_eq!(
                fit.drift.standard_error,
                error.hypot(half_variance),
                max_relative = 1e-12
            );
        }
    }
}
