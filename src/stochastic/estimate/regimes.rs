use super::fit::{Estimate, Identification, NotIdentified};
use super::maximise::{Maximum, maximise};
use super::series::{PriceSeries, Sampling};
use crate::stochastic::{Regime, RegimeSwitching, RegimeSwitchingTerms, StochasticError};
use serde::{Deserialize, Serialize};

/// Nine parameters, four of them seen only through the few months in which embargoes begin or end.
const FEWEST_PRICES: usize = 120;
/// The 99 % point of chi-square with the six parameters that a second regime adds. The law of the ratio is not
/// chi-square, since five of the six mean nothing without a second regime (Davies 1987), so this is a rule of thumb; a
/// test shows how it does on simulated prices of one regime.
const LEAST_EVIDENCE: f64 = 16.81;
const NAMES: [&str; 9] = [
    "reversion",
    "calm log_mean",
    "embargo log_mean",
    "calm volatility",
    "embargo volatility",
    "calm exit_rate",
    "embargo exit_rate",
    "jump_mean",
    "jump_deviation",
];
/// Parameters that are positive and enter by their logs.
const POSITIVE: [usize; 6] = [0, 3, 4, 5, 6, 8];

/// A regime-switching price estimated from a series: see [`RegimeSwitching::estimate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegimeSwitchingFit {
    reversion: Estimate,
    calm: RegimeFit,
    embargo: RegimeFit,
    jump_mean: Estimate,
    jump_deviation: Estimate,
    embargo_probability: Vec<f64>,
    against_one_regime: f64,
}

/// The estimates of one regime.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegimeFit {
    log_mean: Estimate,
    volatility: Estimate,
    exit_rate: Estimate,
}

impl RegimeFit {
    /// Log price that the price reverts to.
    pub fn log_mean(&self) -> Estimate {
        self.log_mean
    }

    /// Volatility of the log price, per square root of a year.
    pub fn volatility(&self) -> Estimate {
        self.volatility
    }

    /// Rate at which the regime ends, per year.
    pub fn exit_rate(&self) -> Estimate {
        self.exit_rate
    }

    fn values(&self) -> Regime {
        Regime {
            log_mean: self.log_mean.value,
            volatility: self.volatility.value,
            exit_rate: self.exit_rate.value,
        }
    }
}

impl RegimeSwitchingFit {
    /// Speed of mean reversion in both regimes, per year.
    pub fn reversion(&self) -> Estimate {
        self.reversion
    }

    /// Calm times.
    pub fn calm(&self) -> RegimeFit {
        self.calm
    }

    /// Embargoes.
    pub fn embargo(&self) -> RegimeFit {
        self.embargo
    }

    /// Mean jump of the log price when an embargo begins.
    pub fn jump_mean(&self) -> Estimate {
        self.jump_mean
    }

    /// Standard deviation of that jump.
    pub fn jump_deviation(&self) -> Estimate {
        self.jump_deviation
    }

    /// Probability of an embargo at each price, given the prices up to it.
    pub fn embargo_probability(&self) -> &[f64] {
        &self.embargo_probability
    }

    /// Twice the log likelihood ratio against one regime.
    pub fn against_one_regime(&self) -> f64 {
        self.against_one_regime
    }

    /// The estimated process from today's price `spot`, in the market's currency per unit; there is an embargo today
    /// where the last price makes it more likely than not.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless the spot is positive and finite.
    pub fn price(&self, spot: f64) -> Result<RegimeSwitching, StochasticError> {
        RegimeSwitching::new(RegimeSwitchingTerms {
            spot,
            reversion: self.reversion.value,
            calm: self.calm.values(),
            embargo: self.embargo.values(),
            jump_mean: self.jump_mean.value,
            jump_deviation: self.jump_deviation.value,
            embargo_today: self.embargo_probability.last().is_some_and(|&p| p > 0.5),
        })
    }
}

impl RegimeSwitching {
    /// Estimates calm times and embargoes from prices at points, by maximum likelihood with Hamilton's (1989) filter. In
    /// an interval there is at most one switch, at its middle; with monthly prices and embargoes of many months that
    /// is close. Standard errors are from the curvature of the likelihood; those of positive parameters hold for
    /// their logs, and so do the intervals.
    ///
    /// A series that cannot tell is [`Identification::NotIdentified`]: fewer than 120 prices (a dozen yearly averages),
    /// averages, a second regime that adds too little to the likelihood, or a parameter whose order of magnitude stays
    /// open (a standard error above one in its log).
    pub fn estimate(series: &PriceSeries) -> Identification<RegimeSwitchingFit> {
        match estimate(series) {
            Ok(fit) => Identification::Identified(fit),
            Err(reason) => Identification::NotIdentified(reason),
        }
    }
}

fn estimate(series: &PriceSeries) -> Result<RegimeSwitchingFit, NotIdentified> {
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
    let mut moves: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut sorted = logs.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    moves.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
    let at = |sample: &[f64], share: f64| sample[(share * (sample.len() - 1) as f64) as usize];
    // Quiet months set the calm volatility: the median of |z| is 0.6745.
    let quiet = at(&moves, 0.5).abs() / 0.6745;
    if quiet == 0.0 {
        return Err(NotIdentified::NoVariation);
    }
    let volatility = quiet / spacing.sqrt();
    let starts: Vec<Vec<f64>> = [1.0, 3.0]
        .iter()
        .flat_map(|&factor: &f64| {
            [0.5_f64, 2.0].map(|reversion| {
                vec![
                    reversion.ln(),
                    at(&sorted, 0.35),
                    at(&sorted, 0.9),
                    volatility.ln(),
                    (1.5 * volatility).ln(),
                    0.3_f64.ln(),
                    1.0_f64.ln(),
                    3.0 * factor * quiet,
                    (factor * quiet).ln(),
                ]
            })
        })
        .collect();
    let likelihood = |x: &[f64]| filter(&model(x), &logs, spacing, None);
    let Maximum {
        at: top,
        value,
        covariance,
    } = maximise(&likelihood, &starts, 0.3)
        .map_err(|none| NotIdentified::from_search(none, &NAMES))?;

    // One regime: reversion, mean and volatility alone, by the same filter.
    let alone = |x: &[f64]| one_regime(x, &logs, spacing);
    let start = vec![0.0, at(&sorted, 0.5), volatility.ln()];
    let single = maximise(&alone, &[start], 0.3).map_or(f64::NEG_INFINITY, |found| found.value);
    let evidence = 2.0 * (value - single);
    if evidence < LEAST_EVIDENCE {
        return Err(NotIdentified::NoSecondRegime {
            evidence,
            needed: LEAST_EVIDENCE,
        });
    }
    let error = |k: usize| covariance[(k, k)].sqrt();
    for k in POSITIVE {
        NotIdentified::refuse_vague(NAMES[k], error(k))?;
    }
    let estimate = |k: usize| {
        if POSITIVE.contains(&k) {
            Estimate::of_log(top[k], error(k))
        } else {
            Estimate::symmetric(top[k], error(k))
        }
    };
    let regime = |place: usize| RegimeFit {
        log_mean: estimate(1 + place),
        volatility: estimate(3 + place),
        exit_rate: estimate(5 + place),
    };
    let mut embargo_probability = Vec::with_capacity(n);
    filter(&model(&top), &logs, spacing, Some(&mut embargo_probability));
    Ok(RegimeSwitchingFit {
        reversion: estimate(0),
        calm: regime(0),
        embargo: regime(1),
        jump_mean: estimate(7),
        jump_deviation: estimate(8),
        embargo_probability,
        against_one_regime: evidence,
    })
}

fn model(x: &[f64]) -> RegimeSwitchingTerms {
    RegimeSwitchingTerms {
        spot: 1.0,
        reversion: x[0].exp(),
        calm: Regime {
            log_mean: x[1],
            volatility: x[3].exp(),
            exit_rate: x[5].exp(),
        },
        embargo: Regime {
            log_mean: x[2],
            volatility: x[4].exp(),
            exit_rate: x[6].exp(),
        },
        jump_mean: x[7],
        jump_deviation: x[8].exp(),
        embargo_today: false,
    }
}

/// Log likelihood of a mean-reverting price given its first number.
fn one_regime(x: &[f64], logs: &[f64], spacing: f64) -> f64 {
    let (reversion, mean, volatility) = (x[0].exp(), x[1], x[2].exp());
    let decay = (-reversion * spacing).exp();
    let variance =
        volatility * volatility * -(-2.0 * reversion * spacing).exp_m1() / (2.0 * reversion);
    logs.windows(2)
        .map(|pair| log_density(pair[1] - mean - (pair[0] - mean) * decay, variance))
        .sum()
}

fn log_density(gap: f64, variance: f64) -> f64 {
    -0.5 * ((std::f64::consts::TAU * variance).ln() + gap * gap / variance)
}

/// Where a move from one regime to another leads: mean shift + decay x, with this variance.
struct Move {
    shift: f64,
    variance: f64,
}

/// Hamilton's filter: log likelihood given the first number, and the probabilities of an embargo on the way.
fn filter(
    model: &RegimeSwitchingTerms,
    logs: &[f64],
    spacing: f64,
    mut path: Option<&mut Vec<f64>>,
) -> f64 {
    let &RegimeSwitchingTerms {
        reversion,
        calm,
        embargo,
        jump_mean,
        jump_deviation,
        ..
    } = model;
    let decay = (-reversion * spacing).exp();
    let half = (-reversion * spacing / 2.0).exp();
    let spread = -(-2.0 * reversion * spacing).exp_m1() / (2.0 * reversion);
    let half_spread = -(-reversion * spacing).exp_m1() / (2.0 * reversion);
    let stay = |regime: Regime| Move {
        shift: regime.log_mean * (1.0 - decay),
        variance: regime.volatility * regime.volatility * spread,
    };
    let switch = |from: Regime, to: Regime, jump: f64, deviation: f64| {
        let middle = from.log_mean * (1.0 - half) + jump;
        let first = from.volatility * from.volatility * half_spread + deviation * deviation;
        Move {
            shift: to.log_mean * (1.0 - half) + middle * half,
            variance: first * half * half + to.volatility * to.volatility * half_spread,
        }
    };
    let moves = [
        [stay(calm), switch(calm, embargo, jump_mean, jump_deviation)],
        [switch(embargo, calm, 0.0, 0.0), stay(embargo)],
    ];
    let both = calm.exit_rate + embargo.exit_rate;
    let gone = -(-both * spacing).exp_m1();
    let (enter, leave) = (
        calm.exit_rate / both * gone,
        embargo.exit_rate / both * gone,
    );
    let chances = [[1.0 - enter, enter], [leave, 1.0 - leave]];
    let mut now = [embargo.exit_rate / both, calm.exit_rate / both];
    if let Some(path) = path.as_deref_mut() {
        path.push(now[1]);
    }
    let mut log_likelihood = 0.0;
    for pair in logs.windows(2) {
        let mut exponents = [[0.0; 2]; 2];
        let mut highest = f64::NEG_INFINITY;
        for from in 0..2 {
            for to in 0..2 {
                let Move { shift, variance } = moves[from][to];
                exponents[from][to] = log_density(pair[1] - shift - decay * pair[0], variance);
                highest = highest.max(exponents[from][to]);
            }
        }
        let mut next = [0.0; 2];
        for from in 0..2 {
            for to in 0..2 {
                next[to] += now[from] * chances[from][to] * (exponents[from][to] - highest).exp();
            }
        }
        let total = next[0] + next[1];
        log_likelihood += highest + total.ln();
        now = [next[0] / total, next[1] / total];
        if let Some(path) = path.as_deref_mut() {
            path.push(now[1]);
        }
    }
    log_likelihood
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With equal regimes and no jump the filter is the likelihood of one regime, up to the middle of the interval,
    /// which then changes nothing.
    #[test]
    fn equal_regimes_are_one_regime() {
        let x = [0.4, 4.0, 4.0, -1.2, -1.2, -0.5, 0.3, 0.0, -40.0];
        let logs = [4.1, 4.0, 3.9, 4.05, 4.4, 4.2, 4.1, 3.95];
        let found = filter(&model(&x), &logs, 0.25, None);
        approx::assert_relative_eq!(
            found,
            one_regime(&[0.4, 4.0, -1.2], &logs, 0.25),
            max_relative = 1e-12
        );
    }
}
