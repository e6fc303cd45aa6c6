use super::fit::{Estimate, Identification, NotIdentified};
use super::maximise::{maximise, profile};
use super::series::{PriceSeries, Sampling};
use crate::stochastic::error::require;
use crate::stochastic::{SchwartzSmith, SchwartzSmithTerms, StochasticError};
use serde::{Deserialize, Serialize};

/// Four parameters of two unseen components need years of months.
const FEWEST_PRICES: usize = 60;
/// Fall of the log likelihood at the ends of the 68.27 and the 95 % interval: half the points of chi-square.
const ONE_ERROR: f64 = 0.5;
const NINETY_FIVE: f64 = 1.920_729_410_347_062;
/// How far the 95 % interval may reach either way, in logs, before the parameter counts as unknown: a factor of 4.5.
const WIDEST: f64 = 1.5;
const NAMES: [&str; 3] = ["reversion", "short_volatility", "long_volatility"];

/// A two-factor price estimated from a series: see [`SchwartzSmith::estimate`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchwartzSmithFit {
    reversion: Estimate,
    short_volatility: Estimate,
    long_volatility: Estimate,
    drift: Estimate,
    correlation: f64,
    last_price: f64,
    last_deviation: f64,
    log_likelihood: f64,
}

impl SchwartzSmithFit {
    /// Speed kappa at which deviations disappear, per year.
    pub fn reversion(&self) -> Estimate {
        self.reversion
    }

    /// Volatility of the deviation, per square root of a year.
    pub fn short_volatility(&self) -> Estimate {
        self.short_volatility
    }

    /// Volatility of the log of the equilibrium price, per square root of a year.
    pub fn long_volatility(&self) -> Estimate {
        self.long_volatility
    }

    /// Drift of the log of the equilibrium price, per year.
    pub fn drift(&self) -> Estimate {
        self.drift
    }

    /// The correlation that was assumed.
    pub fn assumed_correlation(&self) -> f64 {
        self.correlation
    }

    /// Log likelihood at the estimate.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The estimated process from the series' last price, split into its two parts as the filter does.
    ///
    /// # Errors
    /// None in practice: what was estimated is within the rules.
    pub fn price(&self) -> Result<SchwartzSmith, StochasticError> {
        SchwartzSmith::new(SchwartzSmithTerms {
            equilibrium: self.last_price * (-self.last_deviation).exp(),
            deviation: self.last_deviation,
            reversion: self.reversion.value,
            short_volatility: self.short_volatility.value,
            drift: self.drift.value,
            long_volatility: self.long_volatility.value,
            correlation: self.correlation,
        })
    }
}

impl SchwartzSmith {
    /// Estimates the two-factor price from spot prices at points. A Kalman filter gives the likelihood (the deviation
    /// starts stationary, the equilibrium unknown); it is the restricted one, since estimating the drift by plain
    /// maximum likelihood makes the lasting part vanish in many series that have one (Shephard 1993).
    /// The intervals of the three positive parameters are those of the profile likelihood, their standard errors half
    /// as long. The drift's variance is in proportion to that of the lasting shocks, which is itself estimated: it is
    /// raised by e^(2 s^2), the mean of a lognormal over its median, s the standard error of the log volatility.
    ///
    /// Differences of spot prices are an ARMA(1, 1) with drift: four numbers for five parameters. So spot prices alone
    /// do not identify the correlation of the two shocks (futures prices would), and the caller assumes it.
    ///
    /// A series that cannot tell is [`Identification::NotIdentified`]: fewer than 60 prices (a dozen yearly averages),
    /// averages, or a parameter whose order of magnitude stays open (a 95 % interval that reaches further than a factor of 4.5
    /// either way).
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless the assumed correlation is between -1 and 1, ends excluded.
    pub fn estimate(
        series: &PriceSeries,
        assumed_correlation: f64,
    ) -> Result<Identification<SchwartzSmithFit>, StochasticError> {
        let inside = assumed_correlation > -1.0 && assumed_correlation < 1.0;
        require(
            inside,
            "two-factor price",
            "assumed correlation",
            assumed_correlation,
            "above -1 and below 1",
        )?;
        Ok(match estimate(series, assumed_correlation) {
            Ok(fit) => Identification::Identified(fit),
            Err(reason) => Identification::NotIdentified(reason),
        })
    }
}

fn estimate(series: &PriceSeries, correlation: f64) -> Result<SchwartzSmithFit, NotIdentified> {
    let logs = series.logs();
    let n = logs.len();
    if n < FEWEST_PRICES {
        return Err(NotIdentified::TooFewPrices {
            found: n,
            needed: FEWEST_PRICES,
        });
    }
    if series.sampling() == Sampling::Averages {
        return Err(NotIdentified::Averages);
    }
    let spacing = series.spacing();
    let years = (n - 1) as f64 * spacing;
    let drift = (logs[n - 1] - logs[0]) / years;
    let squares: f64 = logs
        .windows(2)
        .map(|pair| (pair[1] - pair[0] - drift * spacing).powi(2))
        .sum();
    if squares == 0.0 {
        return Err(NotIdentified::NoVariation);
    }
    let half = (squares / years / 2.0).sqrt().ln();
    let starts: Vec<Vec<f64>> = [0.5, 2.0, 8.0]
        .iter()
        .map(|k: &f64| vec![k.ln(), half, half])
        .collect();
    let likelihood = |x: &[f64]| filter(&Model::of(x, correlation), &logs, spacing).log_likelihood;
    let top = maximise(&likelihood, &starts, 0.3)
        .map_err(|none| NotIdentified::from_search(none, &NAMES))?;
    let estimate = |k: usize| -> Result<Estimate, NotIdentified> {
        let vague = || NotIdentified::Vague {
            parameter: NAMES[k].into(),
        };
        profile(&likelihood, &top, k, NINETY_FIVE, WIDEST).ok_or_else(vague)?;
        let (low, high) = profile(&likelihood, &top, k, ONE_ERROR, WIDEST).ok_or_else(vague)?;
        Ok(Estimate::within(top.at[k].exp(), low.exp(), high.exp()))
    };
    let filtered = filter(&Model::of(&top.at, correlation), &logs, spacing);
    let long_volatility = estimate(2)?;
    let log_error = 0.5 * (long_volatility.high / long_volatility.low).ln();
    let drift_error = filtered.drift_error * (log_error * log_error).exp();
    Ok(SchwartzSmithFit {
        reversion: estimate(0)?,
        short_volatility: estimate(1)?,
        long_volatility,
        drift: Estimate::symmetric(filtered.drift, drift_error),
        correlation,
        last_price: series.prices()[n - 1],
        last_deviation: filtered.deviation,
        log_likelihood: top.value,
    })
}

struct Model {
    reversion: f64,
    short: f64,
    long: f64,
    correlation: f64,
}

struct Filtered {
    /// Restricted log likelihood, the drift being estimated by generalised least squares.
    log_likelihood: f64,
    drift: f64,
    drift_error: f64,
    /// Mean of the deviation given the whole series.
    deviation: f64,
}

impl Model {
    fn of(x: &[f64], correlation: f64) -> Self {
        Self {
            reversion: x[0].exp(),
            short: x[1].exp(),
            long: x[2].exp(),
            correlation,
        }
    }
}

/// The Kalman filter. Prices are seen without error, so the equilibrium is the log price less the deviation, and only
/// the deviation's mean and variance need carrying. Surprises are linear in the drift, so the filter runs on what
/// they are without it and on what a drift of one takes off them.
fn filter(model: &Model, logs: &[f64], spacing: f64) -> Filtered {
    let &Model {
        reversion,
        short,
        long,
        correlation,
    } = model;
    let gone = -(-reversion * spacing).exp_m1();
    let decay = 1.0 - gone;
    let stationary = short * short / (2.0 * reversion);
    let short_noise = stationary * -(-2.0 * reversion * spacing).exp_m1();
    let long_noise = long * long * spacing;
    let both = correlation * short * long * gone / reversion;
    let (mut mean, mut mean_drift, mut variance) = (0.0, 0.0, stationary);
    let (mut log_spreads, mut xx, mut xd, mut dd) = (0.0, 0.0, 0.0, 0.0);
    for pair in logs.windows(2) {
        let x = pair[1] - pair[0] + gone * mean;
        let d = spacing + gone * mean_drift;
        let spread = gone * gone * variance + short_noise + long_noise + 2.0 * both;
        log_spreads += (std::f64::consts::TAU * spread).ln();
        xx += x * x / spread;
        xd += x * d / spread;
        dd += d * d / spread;
        let shared = -decay * gone * variance + short_noise + both;
        mean = decay * mean + shared / spread * x;
        mean_drift = decay * mean_drift + shared / spread * d;
        variance = decay * decay * variance + short_noise - shared * shared / spread;
    }
    let drift = xd / dd;
    Filtered {
        log_likelihood: -0.5 * (log_spreads + xx - drift * xd + dd.ln()),
        drift,
        drift_error: 1.0 / dd.sqrt(),
        deviation: mean - drift * mean_drift,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    /// Differences are jointly normal with covariance, at lag k >= 1, v (2 d^k - d^(k-1) - d^(k+1)) - c d^(k-1) (1 - d),
    /// where v is the stationary variance of the deviation, d its decay and c the covariance of the two noises.
    #[test]
    fn filter_agrees_with_the_dense_covariance_matrix() {
        let model = Model {
            reversion: 1.3,
            short: 0.4,
            long: 0.2,
            correlation: -0.35,
        };
        let h = 0.25;
        let logs = [4.0, 4.1, 3.95, 4.2, 4.4, 4.1, 4.15, 3.9, 4.05];
        let n = logs.len() - 1;
        let d: f64 = (-model.reversion * h).exp();
        let v = 0.4 * 0.4 / (2.0 * 1.3);
        let c = -0.35 * 0.4 * 0.2 * (1.0 - d) / 1.3;
        let matrix = DMatrix::from_fn(n, n, |i, j| match i.abs_diff(j) as i32 {
            0 => 2.0 * v * (1.0 - d) + 0.2 * 0.2 * h + 2.0 * c,
            k => {
                v * (2.0 * d.powi(k) - d.powi(k - 1) - d.powi(k + 1))
                    - c * d.powi(k - 1) * (1.0 - d)
            }
        });
        let x = DVector::from_fn(n, |i, _| logs[i + 1] - logs[i]);
        let one = DVector::from_element(n, h);
        let cholesky = matrix.cholesky().unwrap();
        let information = one.dot(&cholesky.solve(&one));
        let drift = one.dot(&cholesky.solve(&x)) / information;
        let rest = &x - &one * drift;
        let exact = -0.5
            * (n as f64 * std::f64::consts::TAU.ln()
                + cholesky.determinant().ln()
                + rest.dot(&cholesky.solve(&rest))
                + information.ln());
        let found = filter(&model, &logs, h);
        approx::assert_relative_eq!(found.log_likelihood, exact, max_relative = 1e-10);
        approx::assert_relative_eq!(found.drift, drift, max_relative = 1e-10);
        approx::assert_relative_eq!(
            found.drift_error,
            1.0 / information.sqrt(),
            max_relative = 1e-10
        );
    }
}
