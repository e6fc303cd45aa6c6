use super::averaged::Covariance;
use super::fit::{Estimate, EstimationSettings, Identification, NotIdentified};
use super::search::{self, ITERATIONS, NotFound};
use super::series::{PriceSeries, Sampling};
use crate::stochastic::stream::{block_stream, fill_normals};
use crate::stochastic::{MeanReverting, MeanRevertingTerms, StochasticError};
use serde::{Deserialize, Serialize};

/// Three parameters and a spread of each need at least this many numbers.
const FEWEST_PRICES: usize = 8;
/// Probability below plus one standard deviation of a normal.
const PLUS_ONE: f64 = 0.841_344_746_068_542_9;
/// The search runs from a reversion that is nothing over the whole series to one that is complete between numbers.
const SLOWEST: f64 = 1e-3;
const FASTEST: f64 = 20.0;

/// A mean-reverting log price estimated from a series: see [`MeanReverting::estimate`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanRevertingFit {
    reversion: Estimate,
    log_mean: Estimate,
    volatility: Estimate,
    uncorrected_reversion: f64,
    against_random_walk: f64,
    against_no_memory: f64,
    prices: usize,
    years: f64,
}

impl MeanRevertingFit {
    /// Speed of mean reversion kappa, per year, corrected for small-sample bias. The low end of its interval is
    /// zero where a random walk cannot be excluded at that level.
    pub fn reversion(&self) -> Estimate {
        self.reversion
    }

    /// Theta, mean of the log price.
    pub fn log_mean(&self) -> Estimate {
        self.log_mean
    }

    /// Volatility sigma of the log price, per square root of a year.
    pub fn volatility(&self) -> Estimate {
        self.volatility
    }

    /// Kappa as the restricted likelihood gives it, before the bias is taken off, per year.
    pub fn uncorrected_reversion(&self) -> f64 {
        self.uncorrected_reversion
    }

    /// Twice the log likelihood ratio of the estimate against a random walk.
    pub fn against_random_walk(&self) -> f64 {
        self.against_random_walk
    }

    /// Twice the log likelihood ratio of the estimate against independent numbers.
    pub fn against_no_memory(&self) -> f64 {
        self.against_no_memory
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
    pub fn price(&self, spot: f64) -> Result<MeanReverting, StochasticError> {
        MeanReverting::new(MeanRevertingTerms {
            spot,
            reversion: self.reversion.value,
            log_mean: self.log_mean.value,
            volatility: self.volatility.value,
        })
    }
}

impl MeanReverting {
    /// Estimates kappa, theta and sigma from a series.
    ///
    /// *Likelihood.* The logs are Gaussian with the exact covariance of a stationary Ornstein-Uhlenbeck process
    /// at points or averaged over the intervals; theta and sigma are concentrated out, and kappa maximises the
    /// restricted likelihood, which removes the bias that comes from estimating the mean (Cheang and Reinsel 2000,
    /// JASA 95). *Averages.* The log of an average is taken for the average of the logs, and theta is lowered by
    /// half the variance within an interval, by which the first exceeds the second to second order.
    /// *Bias.* The remaining bias of kappa is taken off by making the estimate median-unbiased: kappa is the value
    /// at which an estimate below the observed one is as likely as one above (Andrews 1993, Econometrica 61). The
    /// interval of kappa inverts the same probabilities; that of theta and sigma is one standard error each way.
    /// *Standard errors* come from series simulated at the corrected estimates: half the distance between the 15.87 and
    /// 84.13 % quantiles, which is the standard deviation where an estimate is normal.
    ///
    /// A series that cannot tell is [`Identification::NotIdentified`], with the reason.
    pub fn estimate(
        series: &PriceSeries,
        settings: &EstimationSettings,
    ) -> Identification<MeanRevertingFit> {
        match estimate(series, settings) {
            Ok(fit) => Identification::Identified(fit),
            Err(reason) => Identification::NotIdentified(reason),
        }
    }
}

fn estimate(
    series: &PriceSeries,
    settings: &EstimationSettings,
) -> Result<MeanRevertingFit, NotIdentified> {
    let logs = series.logs();
    let n = logs.len();
    if n < FEWEST_PRICES {
        return Err(NotIdentified::TooFewPrices {
            found: n,
            needed: FEWEST_PRICES,
        });
    }
    if logs.iter().all(|&x| x == logs[0]) {
        return Err(NotIdentified::NoVariation);
    }
    let likelihood = Likelihood::new(series.sampling(), n);
    let (observed, highest) = match likelihood.peak(&logs, 1e-9)? {
        Peak::Slowest => return Err(NotIdentified::NoReversion),
        Peak::Fastest => return Err(NotIdentified::NoMemory),
        Peak::At { ln_a, height } => (ln_a, height),
    };
    let replications = Replications::new(settings, n);
    let corrected = likelihood.correct(observed, &replications, series.spacing())?;

    let spacing = series.spacing();
    let reversion = corrected.middle.exp() / spacing;
    let covariance = likelihood.at(corrected.middle);
    let regression = covariance.regress(&logs);
    let stationary = regression.squares / (n - 1) as f64;
    let volatility = (2.0 * reversion * stationary).sqrt();
    let log_mean = regression.mean - 0.5 * stationary * (1.0 - covariance.variance);

    let spread = likelihood.spread(corrected.middle, &replications)?;
    Ok(MeanRevertingFit {
        reversion: Estimate {
            value: reversion,
            standard_error: reversion * spread.reversion,
            low: corrected.low.map_or(0.0, f64::exp) / spacing,
            high: corrected.high.exp() / spacing,
        },
        log_mean: Estimate::symmetric(log_mean, stationary.sqrt() * spread.mean),
        volatility: Estimate::symmetric(volatility, volatility * spread.volatility),
        uncorrected_reversion: observed.exp() / spacing,
        against_random_walk: 2.0 * (highest - likelihood.slowest(&logs)),
        against_no_memory: 2.0 * (highest - likelihood.fastest(&logs)),
        prices: n,
        years: series.years(),
    })
}

/// The restricted likelihood of a series of given length, as a function of the log of a = kappa x spacing.
struct Likelihood {
    sampling: Sampling,
    n: usize,
    grid: Vec<(f64, Covariance)>,
}

enum Peak {
    Slowest,
    At { ln_a: f64, height: f64 },
    Fastest,
}

/// The median-unbiased estimate of ln a and the ends of its interval; no low end means a random walk.
struct Corrected {
    low: Option<f64>,
    middle: f64,
    high: f64,
}

/// Standard errors relative to kappa, to the stationary standard deviation, and to sigma.
struct Spread {
    reversion: f64,
    mean: f64,
    volatility: f64,
}

impl Likelihood {
    fn new(sampling: Sampling, n: usize) -> Self {
        const POINTS: usize = 32;
        let (low, high) = ((SLOWEST / n as f64).ln(), FASTEST.ln());
        let grid = (0..POINTS)
            .map(|k| {
                let ln_a = low + (high - low) * k as f64 / (POINTS - 1) as f64;
                (ln_a, Covariance::new(sampling, ln_a.exp(), n))
            })
            .collect();
        Self { sampling, n, grid }
    }

    fn at(&self, ln_a: f64) -> Covariance {
        Covariance::new(self.sampling, ln_a.exp(), self.n)
    }

    fn ends(&self) -> [&(f64, Covariance); 2] {
        [&self.grid[0], &self.grid[self.grid.len() - 1]]
    }

    fn slowest(&self, logs: &[f64]) -> f64 {
        self.ends()[0].1.regress(logs).log_likelihood
    }

    fn fastest(&self, logs: &[f64]) -> f64 {
        self.ends()[1].1.regress(logs).log_likelihood
    }

    /// Where the likelihood is highest: the best grid point, then Brent's search between its neighbours.
    fn peak(&self, logs: &[f64], tolerance: f64) -> Result<Peak, NotFound> {
        let (mut best, mut height) = (0, f64::NEG_INFINITY);
        for (k, (_, covariance)) in self.grid.iter().enumerate() {
            let found = covariance.regress(logs).log_likelihood;
            if found > height {
                (best, height) = (k, found);
            }
        }
        if best == 0 {
            return Ok(Peak::Slowest);
        }
        if best == self.grid.len() - 1 {
            return Ok(Peak::Fastest);
        }
        let cost = |ln_a: f64| -self.at(ln_a).regress(logs).log_likelihood;
        let ln_a = search::minimum(
            cost,
            self.grid[best - 1].0,
            self.grid[best + 1].0,
            tolerance,
        )?;
        Ok(Peak::At {
            ln_a,
            height: -cost(ln_a),
        })
    }

    /// Inverts the probability that a simulated estimate falls below the observed one.
    fn correct(
        &self,
        observed: f64,
        replications: &Replications,
        spacing: f64,
    ) -> Result<Corrected, NotIdentified> {
        // A one-peaked likelihood has its peak below the observed estimate exactly where it falls there.
        let (before, after) = (self.at(observed - 1e-4), self.at(observed + 1e-4));
        let falls = |series: &[f64]| {
            after.regress(series).log_likelihood < before.regress(series).log_likelihood
        };
        let below = |ln_a: f64| replications.share(&self.at(ln_a), falls);
        let [&(slowest, _), &(fastest, _)] = self.ends();
        let (most, least) = (below(slowest), below(fastest));
        if most <= 0.5 {
            return Err(NotIdentified::BiasExceedsReversion {
                reversion: observed.exp() / spacing,
            });
        }
        if least >= 1.0 - PLUS_ONE {
            return Err(NotIdentified::NoMemory);
        }
        let solve = |share: f64| search::root(|ln_a| below(ln_a) - share, slowest, fastest, 1e-4);
        Ok(Corrected {
            low: if most > PLUS_ONE {
                Some(solve(PLUS_ONE)?)
            } else {
                None
            },
            middle: solve(0.5)?,
            high: solve(1.0 - PLUS_ONE)?,
        })
    }

    /// Spread of the estimates over series simulated at `ln_a`.
    fn spread(&self, ln_a: f64, replications: &Replications) -> Result<Spread, NotIdentified> {
        let covariance = self.at(ln_a);
        let mut series = vec![0.0; self.n];
        let (mut reversions, mut means, mut volatilities) = (Vec::new(), Vec::new(), Vec::new());
        let [&(slowest, _), &(fastest, _)] = self.ends();
        // A quarter of the series is enough for a standard error, and each needs a search.
        for normals in replications.iter().step_by(4) {
            covariance.series(normals, &mut series);
            let estimate = match self.peak(&series, 1e-3)? {
                Peak::Slowest => slowest,
                Peak::At { ln_a, .. } => ln_a,
                Peak::Fastest => fastest,
            };
            let regression = self.at(estimate).regress(&series);
            let ratio = (estimate - ln_a).exp();
            reversions.push(ratio);
            means.push(regression.mean);
            volatilities.push((ratio * regression.squares / (self.n - 1) as f64).sqrt());
        }
        Ok(Spread {
            reversion: half_spread(reversions),
            mean: half_spread(means),
            volatility: half_spread(volatilities),
        })
    }
}

/// Half the distance between the quantiles at one standard deviation of a normal.
fn half_spread(mut sample: Vec<f64>) -> f64 {
    sample.sort_unstable_by(f64::total_cmp);
    let last = sample.len() - 1;
    let at = |share: f64| sample[(share * last as f64).round() as usize];
    0.5 * (at(PLUS_ONE) - at(1.0 - PLUS_ONE))
}

/// Standard normals behind the simulated series, the same at every speed of reversion.
struct Replications {
    normals: Vec<f64>,
    n: usize,
}

impl Replications {
    fn new(settings: &EstimationSettings, n: usize) -> Self {
        let mut normals = vec![0.0; settings.replications() * n];
        for (number, row) in normals.chunks_exact_mut(n).enumerate() {
            fill_normals(&mut block_stream(settings.seed(), number as u64), row);
        }
        Self { normals, n }
    }

    fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.normals.chunks_exact(self.n)
    }

    /// Share of the series simulated with this covariance for which `holds`.
    fn share(&self, covariance: &Covariance, holds: impl Fn(&[f64]) -> bool) -> f64 {
        let mut series = vec![0.0; self.n];
        let (mut count, mut all) = (0_u32, 0_u32);
        for normals in self.iter() {
            covariance.series(normals, &mut series);
            count += u32::from(holds(&series));
            all += 1;
        }
        f64::from(count) / f64::from(all)
    }
}

impl From<NotFound> for NotIdentified {
    fn from(_: NotFound) -> Self {
        Self::NotConverged {
            iterations: ITERATIONS,
        }
    }
}
