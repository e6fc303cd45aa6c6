use super::error::{StochasticError, require};
use super::stream::block_stream;
use super::{Draws, PATHS, PriceSource, Sampler, TimeGrid};
use rand_distr::{Distribution, Exp1};
use serde::{Deserialize, Serialize};

const PROCESS: &str = "interruption";

/// Terms of an [`Interruption`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterruptionTerms {
    /// Rate at which an interruption begins while there is none, per year.
    pub start_rate: f64,
    /// Rate at which it ends, per year: it lasts one over it on average.
    pub end_rate: f64,
    /// The level while it lasts, as a multiple of the normal one: 0.1 for a tenth.
    pub level: f64,
    /// Whether there is one today.
    pub today: bool,
}

/// Access that is lost and regained: 1 in normal times, another level during an interruption. Both spells last
/// exponential times, and switches happen at their exact times. Drawn like a price, it is a multiple for a capacity or a
/// cost. Only plain draws serve, since the number of random numbers differs from path to path.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "InterruptionTerms", into = "InterruptionTerms")]
pub struct Interruption {
    terms: InterruptionTerms,
}

impl Interruption {
    /// An interruption with these terms.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless rates and level are zero or positive and finite.
    pub fn new(terms: InterruptionTerms) -> Result<Self, StochasticError> {
        for (name, value) in [
            ("start_rate", terms.start_rate),
            ("end_rate", terms.end_rate),
            ("level", terms.level),
        ] {
            require(
                value >= 0.0,
                PROCESS,
                name,
                value,
                "zero or positive and finite",
            )?;
        }
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> InterruptionTerms {
        self.terms
    }

    /// Probability that there is an interruption in `time` years: with a = start rate and b = end rate it goes from today's
    /// 0 or 1 to a / (a + b) at the rate a + b.
    pub fn probability(&self, time: f64) -> f64 {
        let InterruptionTerms {
            start_rate: a,
            end_rate: b,
            today,
            ..
        } = self.terms;
        let now = f64::from(u8::from(today));
        if a + b == 0.0 {
            return now;
        }
        let long_run = a / (a + b);
        long_run + (now - long_run) * (-(a + b) * time.max(0.0)).exp()
    }
}

impl PriceSource for Interruption {
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
        Ok(Box::new(Spells {
            terms: self.terms,
            grid,
            seed,
        }))
    }
}

struct Spells<'a> {
    terms: InterruptionTerms,
    grid: &'a TimeGrid,
    seed: u64,
}

impl Sampler for Spells<'_> {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let times = self.grid.times();
        let expected = times.len() * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        let mut stream = block_stream(self.seed, block);
        for path in 0..PATHS {
            let mut lost = self.terms.today;
            let mut until = 0.0;
            let mut spell = |lost: bool| {
                let rate = if lost {
                    self.terms.end_rate
                } else {
                    self.terms.start_rate
                };
                let wait: f64 = Exp1.sample(&mut stream);
                // A rate of zero never switches.
                if rate > 0.0 {
                    wait / rate
                } else {
                    f64::INFINITY
                }
            };
            until += spell(lost);
            for (date, &time) in times.iter().enumerate() {
                while until <= time {
                    lost = !lost;
                    until += spell(lost);
                }
                out[date * PATHS + path] = if lost { self.terms.level } else { 1.0 };
            }
        }
        Ok(())
    }
}

impl TryFrom<InterruptionTerms> for Interruption {
    type Error = StochasticError;

    fn try_from(terms: InterruptionTerms) -> Result<Self, StochasticError> {
        Self::new(terms)
    }
}

impl From<Interruption> for InterruptionTerms {
    fn from(interruption: Interruption) -> Self {
        interruption.terms
    }
}
