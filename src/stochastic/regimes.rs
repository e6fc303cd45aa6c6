use super::TimeGrid;
use super::error::{StochasticError, require};
use super::source::{PATHS, PriceSource, Sampler};
use super::stream::{Draws, block_stream};
use rand_distr::{Distribution, Exp1, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

const PROCESS: &str = "regime-switching price";

/// What the log price does in one regime of a [`RegimeSwitching`] price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Log price that the price reverts to.
    pub log_mean: f64,
    /// Volatility of the log price, per square root of a year.
    pub volatility: f64,
    /// Rate at which the regime ends, per year: it lasts one over it on average. Zero means for ever.
    pub exit_rate: f64,
}

/// Terms of a [`RegimeSwitching`] price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegimeSwitchingTerms {
    /// Price today, in the market's currency per unit.
    pub spot: f64,
    /// Speed of mean reversion kappa in both regimes, per year.
    pub reversion: f64,
    /// The regime of free trade.
    pub calm: Regime,
    /// The regime of an embargo.
    pub embargo: Regime,
    /// Mean jump of the log price when an embargo begins.
    pub jump_mean: f64,
    /// Standard deviation of that jump.
    pub jump_deviation: f64,
    /// Whether there is an embargo today.
    pub embargo_today: bool,
}

/// A price with calm times and embargoes: the log price reverts to a mean that depends on the regime, regimes last
/// exponential times, and the price jumps when an embargo begins.
///
/// Switches happen at their exact times, between which the transition is exact, so the time step brings no error.
/// Only plain draws serve, since the number of random numbers differs from path to path.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RegimeSwitchingTerms", into = "RegimeSwitchingTerms")]
pub struct RegimeSwitching {
    terms: RegimeSwitchingTerms,
}

impl RegimeSwitching {
    /// A price with these terms.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless spot and reversion are positive, volatilities, rates and the jump's
    /// deviation are not negative and all are finite.
    pub fn new(terms: RegimeSwitchingTerms) -> Result<Self, StochasticError> {
        const POSITIVE: &str = "positive and finite";
        const NOT_NEGATIVE: &str = "zero or positive and finite";
        let RegimeSwitchingTerms {
            spot,
            reversion,
            calm,
            embargo,
            jump_mean,
            jump_deviation,
            ..
        } = terms;
        require(spot > 0.0, PROCESS, "spot", spot, POSITIVE)?;
        require(reversion > 0.0, PROCESS, "reversion", reversion, POSITIVE)?;
        for (regime, names) in [
            (calm, ["calm log_mean", "calm volatility", "calm exit_rate"]),
            (
                embargo,
                [
                    "embargo log_mean",
                    "embargo volatility",
                    "embargo exit_rate",
                ],
            ),
        ] {
            require(true, PROCESS, names[0], regime.log_mean, "finite")?;
            require(
                regime.volatility >= 0.0,
                PROCESS,
                names[1],
                regime.volatility,
                NOT_NEGATIVE,
            )?;
            require(
                regime.exit_rate >= 0.0,
                PROCESS,
                names[2],
                regime.exit_rate,
                NOT_NEGATIVE,
            )?;
        }
        require(true, PROCESS, "jump_mean", jump_mean, "finite")?;
        require(
            jump_deviation >= 0.0,
            PROCESS,
            "jump_deviation",
            jump_deviation,
            NOT_NEGATIVE,
        )?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> RegimeSwitchingTerms {
        self.terms
    }

    /// Probability of an embargo in `time` years.
    pub fn embargo_probability(&self, time: f64) -> f64 {
        let RegimeSwitchingTerms {
            calm,
            embargo,
            embargo_today,
            ..
        } = self.terms;
        let both = calm.exit_rate + embargo.exit_rate;
        let today = f64::from(u8::from(embargo_today));
        if both == 0.0 {
            return today;
        }
        let lasting = calm.exit_rate / both;
        lasting + (today - lasting) * (-both * time.max(0.0)).exp()
    }

    /// Mean of the log price in `time` years: the solution of dM/dt = kappa (mean of the two log means - M) + rate of
    /// embargoes x mean jump.
    pub fn expected_log_price(&self, time: f64) -> f64 {
        let RegimeSwitchingTerms {
            spot,
            reversion,
            calm,
            embargo,
            jump_mean,
            ..
        } = self.terms;
        let time = time.max(0.0);
        let both = calm.exit_rate + embargo.exit_rate;
        // The forcing is lasting + passing e^(-both t), by the share of calm times.
        let calm_at = |share: f64| {
            reversion * (embargo.log_mean + share * (calm.log_mean - embargo.log_mean))
                + share * calm.exit_rate * jump_mean
        };
        let today = 1.0 - self.embargo_probability(0.0);
        let lasting = if both == 0.0 {
            today
        } else {
            embargo.exit_rate / both
        };
        let (end, passing) = (calm_at(lasting), calm_at(today) - calm_at(lasting));
        let decay = (-reversion * time).exp();
        let gap = reversion - both;
        // (e^(-both t) - e^(-kappa t)) / (kappa - both), with its limit where the two rates meet.
        let passed = if gap * time == 0.0 {
            time * decay
        } else {
            decay * (gap * time).exp_m1() / gap
        };
        spot.ln() * decay - end * (-reversion * time).exp_m1() / reversion + passing * passed
    }
}

impl PriceSource for RegimeSwitching {
    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let seed = match draws {
            Draws::Plain { seed } => seed,
            Draws::Antithetic { .. } => {
                return Err(StochasticError::Draws {
                    process: PROCESS,
                    draws: "antithetic",
                });
            }
            Draws::Sobol { .. } => {
                return Err(StochasticError::Draws {
                    process: PROCESS,
                    draws: "Sobol",
                });
            }
        };
        let mut previous = 0.0;
        let steps = grid.times().iter().map(|&time| {
            let years = time - previous;
            previous = time;
            Transition::over(years, self.terms.reversion)
        });
        Ok(Box::new(RegimeSampler {
            terms: self.terms,
            seed,
            times: grid.times(),
            steps: steps.collect(),
        }))
    }
}

/// The exact transition of the log price while a regime lasts.
#[derive(Clone, Copy)]
struct Transition {
    years: f64,
    decay: f64,
    /// Standard deviation for a volatility of one.
    deviation: f64,
}

impl Transition {
    fn over(years: f64, reversion: f64) -> Self {
        Self {
            years,
            decay: (-reversion * years).exp(),
            deviation: (-(-2.0 * reversion * years).exp_m1() / (2.0 * reversion)).sqrt(),
        }
    }

    fn apply(&self, x: f64, regime: &Regime, stream: &mut Xoshiro256PlusPlus) -> f64 {
        let z: f64 = StandardNormal.sample(stream);
        regime.log_mean
            + (x - regime.log_mean) * self.decay
            + regime.volatility * self.deviation * z
    }
}

struct RegimeSampler<'a> {
    terms: RegimeSwitchingTerms,
    seed: u64,
    times: &'a [f64],
    steps: Vec<Transition>,
}

impl RegimeSampler<'_> {
    fn regime(&self, embargo: bool) -> &Regime {
        if embargo {
            &self.terms.embargo
        } else {
            &self.terms.calm
        }
    }

    /// Years that a regime just entered lasts.
    fn duration(&self, embargo: bool, stream: &mut Xoshiro256PlusPlus) -> f64 {
        let rate = self.regime(embargo).exit_rate;
        let unit: f64 = Exp1.sample(stream);
        if rate > 0.0 {
            unit / rate
        } else {
            f64::INFINITY
        }
    }
}

impl Sampler for RegimeSampler<'_> {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let expected = self.steps.len() * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        let mut stream = block_stream(self.seed, block);
        let RegimeSwitchingTerms {
            spot,
            reversion,
            jump_mean,
            jump_deviation,
            embargo_today,
            ..
        } = self.terms;
        for path in 0..PATHS {
            let mut x = spot.ln();
            let mut embargo = embargo_today;
            let mut left = self.duration(embargo, &mut stream);
            for (row, step) in out.as_chunks_mut::<PATHS>().0.iter_mut().zip(&self.steps) {
                let mut rest = *step;
                while left < rest.years {
                    x = Transition::over(left, reversion).apply(
                        x,
                        self.regime(embargo),
                        &mut stream,
                    );
                    rest = Transition::over(rest.years - left, reversion);
                    embargo = !embargo;
                    if embargo {
                        let z: f64 = StandardNormal.sample(&mut stream);
                        x += jump_mean + jump_deviation * z;
                    }
                    left = self.duration(embargo, &mut stream);
                }
                left -= rest.years;
                x = rest.apply(x, self.regime(embargo), &mut stream);
                row[path] = x.exp();
            }
        }
        match out
            .iter()
            .position(|price| !(price.is_finite() && *price > 0.0))
        {
            None => Ok(()),
            Some(place) => Err(StochasticError::OutOfRange {
                process: PROCESS,
                time: self.times[place / PATHS],
                log_mean: out[place].ln(),
                deviation: 0.0,
            }),
        }
    }
}

impl TryFrom<RegimeSwitchingTerms> for RegimeSwitching {
    type Error = StochasticError;

    fn try_from(terms: RegimeSwitchingTerms) -> Result<Self, StochasticError> {
        Self::new(terms)
    }
}

impl From<RegimeSwitching> for RegimeSwitchingTerms {
    fn from(price: RegimeSwitching) -> Self {
        price.terms
    }
}
