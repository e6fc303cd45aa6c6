//! The exact Gaussian likelihood of an Ornstein-Uhlenbeck process seen at points or as averages.
//!
//! With a = kappa h the autocovariances, in units of the stationary variance sigma^2 / (2 kappa), are
//! - points: e^(-a k);
//! - averages over h: 2 (a - 1 + e^-a) / a^2 at lag 0, e^(-a (k - 1)) (1 - e^-a)^2 / a^2 at lag k.
//!
//! Either way x_t - e^-a x_(t-1) is correlated with its neighbours only, so that the covariance matrix of
//! (x_1, x_2 - e^-a x_1, ...) is tridiagonal, and its factors take one pass.

use super::series::Sampling;

/// The factored covariance of a series of n numbers at one speed of reversion.
pub(super) struct Covariance {
    decay: f64,
    /// Carries one innovation into the next difference.
    link: Vec<f64>,
    /// Standard deviation of each innovation.
    deviation: Vec<f64>,
    log_determinant: f64,
    /// Variance of one number, in units of the stationary variance.
    pub variance: f64,
}

/// What generalised least squares makes of a series at one speed of reversion.
pub(super) struct Regression {
    pub mean: f64,
    /// Squared innovations about the mean, in units of the stationary variance.
    pub squares: f64,
    /// Restricted log likelihood, maximised over mean and variance, up to a constant.
    pub log_likelihood: f64,
}

impl Covariance {
    /// `a` is the speed of reversion times the spacing.
    pub fn new(sampling: Sampling, a: f64, n: usize) -> Self {
        let gone = -(-a).exp_m1();
        let decay = 1.0 - gone;
        let (variance, next, diagonal) = match sampling {
            Sampling::Points => (1.0, 0.0, gone * (1.0 + decay)),
            Sampling::Averages => {
                let variance = 2.0 * a_less_gone(a) / (a * a);
                let drop = variance_less_lag_one(a) / (a * a);
                // Covariances of x_t - decay x_(t-1) at lags 1 and 0, arranged to keep their digits at small a.
                (
                    variance,
                    gone * variance - drop,
                    2.0 * decay * drop + gone * gone * variance,
                )
            }
        };
        let mut link = Vec::with_capacity(n);
        let mut deviation = Vec::with_capacity(n);
        let mut pivot = variance;
        let mut log_determinant = 0.0;
        for t in 0..n {
            let l = if t == 0 { 0.0 } else { next / pivot };
            if t > 0 {
                pivot = diagonal - l * next;
            }
            link.push(l);
            deviation.push(pivot.sqrt());
            log_determinant += pivot.ln();
        }
        Self {
            decay,
            link,
            deviation,
            log_determinant,
            variance,
        }
    }

    /// Least squares of `logs` on a constant, given this covariance.
    pub fn regress(&self, logs: &[f64]) -> Regression {
        let (mut one_one, mut one_x, mut x_x) = (0.0, 0.0, 0.0);
        let (mut e_one, mut e_x) = (0.0, 0.0);
        let (mut before_one, mut before_x) = (0.0, 0.0);
        // Taking the first number off keeps the squares small beside what they are made of.
        let origin = logs.first().copied().unwrap_or(0.0);
        for ((&x, &link), &deviation) in logs.iter().zip(&self.link).zip(&self.deviation) {
            let x = x - origin;
            e_one = (1.0 - self.decay * before_one) - link * e_one;
            e_x = (x - self.decay * before_x) - link * e_x;
            let (w_one, w_x) = (e_one / deviation, e_x / deviation);
            one_one += w_one * w_one;
            one_x += w_one * w_x;
            x_x += w_x * w_x;
            (before_one, before_x) = (1.0, x);
        }
        let mean = one_x / one_one;
        let squares = (x_x - mean * one_x).max(0.0);
        let freedom = logs.len() as f64 - 1.0;
        let log_likelihood =
            -0.5 * (freedom * (squares / freedom).ln() + self.log_determinant + one_one.ln());
        Regression {
            mean: origin + mean,
            squares,
            log_likelihood,
        }
    }

    /// Standardised innovations of `logs` about their mean by least squares.
    pub fn innovations(&self, logs: &[f64]) -> Vec<f64> {
        let mean = self.regress(logs).mean;
        let (mut before, mut e) = (0.0, 0.0);
        let each =
            logs.iter()
                .zip(&self.link)
                .zip(&self.deviation)
                .map(|((&x, &link), &deviation)| {
                    e = (x - mean - self.decay * before) - link * e;
                    before = x - mean;
                    e / deviation
                });
        each.collect()
    }

    /// A series with this covariance (stationary variance one, mean zero) from standard normals.
    pub fn series(&self, normals: &[f64], out: &mut [f64]) {
        let (mut before, mut x) = (0.0, 0.0);
        for (((out, z), &link), &deviation) in out
            .iter_mut()
            .zip(normals)
            .zip(&self.link)
            .zip(&self.deviation)
        {
            let e = deviation * z;
            x = self.decay * x + (e + link * before);
            before = e;
            *out = x;
        }
    }
}

/// a - (1 - e^-a) = a^2/2 - a^3/6 + ..., by its series where the difference would lose digits.
fn a_less_gone(a: f64) -> f64 {
    if a > 0.5 {
        a + (-a).exp_m1()
    } else {
        alternating(a, |_| 1.0)
    }
}

/// a^2 (variance - covariance at lag 1) = 2 (a - (1 - e^-a)) - (1 - e^-a)^2 = 2a^3/3 - ...; its derivative
/// is 2 (1 - e^-a)^2, whose series gives its own.
fn variance_less_lag_one(a: f64) -> f64 {
    if a > 0.5 {
        let gone = -(-a).exp_m1();
        2.0 * (a - gone) - gone * gone
    } else {
        -alternating(a, |k| 2.0 * (2f64.powi(k - 1) - 2.0))
    }
}

/// Sum over k >= 2 of (-1)^k c(k) a^k / k!.
fn alternating(a: f64, c: impl Fn(i32) -> f64) -> f64 {
    let (mut sum, mut term) = (0.0, -a);
    for k in 2..24 {
        term *= -a / f64::from(k);
        sum += c(k) * term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    /// The autocovariances as they stand in the literature, without rearrangement.
    fn autocovariance(sampling: Sampling, a: f64, lag: usize) -> f64 {
        match (sampling, lag) {
            (Sampling::Points, k) => (-a * k as f64).exp(),
            (Sampling::Averages, 0) => 2.0 * (a - 1.0 + (-a).exp()) / (a * a),
            (Sampling::Averages, k) => {
                (-a * (k - 1) as f64).exp() * (1.0 - (-a).exp()).powi(2) / (a * a)
            }
        }
    }

    /// The same likelihood by dense Cholesky.
    #[test]
    fn one_pass_agrees_with_the_dense_covariance_matrix() {
        let logs = [4.1, 3.9, 3.7, 3.95, 3.9, 3.8, 3.9, 4.6, 4.9, 4.35];
        let n = logs.len();
        for sampling in [Sampling::Points, Sampling::Averages] {
            for a in [0.05, 0.4, 0.6, 2.0, 9.0] {
                let matrix =
                    DMatrix::from_fn(n, n, |i, j| autocovariance(sampling, a, i.abs_diff(j)));
                let cholesky = matrix.cholesky().unwrap();
                let (one, x) = (
                    DVector::from_element(n, 1.0),
                    DVector::from_row_slice(&logs),
                );
                let information = one.dot(&cholesky.solve(&one));
                let mean = one.dot(&cholesky.solve(&x)) / information;
                let residual = &x - &one * mean;
                let squares = residual.dot(&cholesky.solve(&residual));
                let freedom = (n - 1) as f64;
                let log_likelihood = -0.5
                    * (freedom * (squares / freedom).ln()
                        + cholesky.determinant().ln()
                        + information.ln());

                let found = Covariance::new(sampling, a, n).regress(&logs);
                approx::assert_relative_eq!(found.mean, mean, max_relative = 1e-9);
                approx::assert_relative_eq!(found.squares, squares, max_relative = 1e-8);
                approx::assert_relative_eq!(
                    found.log_likelihood,
                    log_likelihood,
                    max_relative = 1e-8
                );
            }
        }
    }

    /// Multiplying whitened normals out again: the covariance of simulated series is the matrix they came from.
    #[test]
    fn series_have_the_stated_covariance() {
        let (n, a) = (6, 0.7);
        for sampling in [Sampling::Points, Sampling::Averages] {
            let covariance = Covariance::new(sampling, a, n);
            let mut factor = DMatrix::zeros(n, n);
            for j in 0..n {
                let mut unit = vec![0.0; n];
                unit[j] = 1.0;
                let mut out = vec![0.0; n];
                covariance.series(&unit, &mut out);
                factor.set_column(j, &DVector::from_vec(out));
            }
            let product = &factor * factor.transpose();
            for i in 0..n {
                for j in 0..n {
                    let exact = autocovariance(sampling, a, i.abs_diff(j));
                    approx::assert_relative_eq!(
                        product[(i, j)],
                        exact,
                        epsilon = 1e-14,
                        max_relative = 1e-13
                    );
                }
            }
        }
    }

    #[test]
    fn series_and_closed_forms_meet() {
        for a in [0.5 - 1e-12, 0.5 + 1e-12] {
            approx::assert_relative_eq!(a_less_gone(a), a - 1.0 + (-a).exp(), max_relative = 1e-14);
            let gone = 1.0 - (-a).exp();
            approx::assert_relative_eq!(
                variance_less_lag_one(a),
                2.0 * (a - gone) - gone * gone,
                max_relative = 1e-13
            );
        }
        // Leading terms at a = 1e-6: a^2/2 (1 - a/3) and 2a^3/3 (1 - 3a/4).
        approx::assert_relative_eq!(
            a_less_gone(1e-6),
            0.5e-12 * (1.0 - 1e-6 / 3.0),
            max_relative = 1e-12
        );
        approx::assert_relative_eq!(
            variance_less_lag_one(1e-6),
            2e-18 / 3.0 * (1.0 - 0.75e-6),
            max_relative = 1e-12
        );
    }
}
