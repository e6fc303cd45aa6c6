use super::maximise::NoMaximum;
use crate::stochastic::StochasticError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a series says of a process: the fit, or why it says nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Identification<T> {
    /// Every parameter has an estimate and a standard error.
    Identified(T),
    /// The series cannot tell.
    NotIdentified(NotIdentified),
}

impl<T> Identification<T> {
    /// The fit, where there is one.
    pub fn identified(&self) -> Option<&T> {
        match self {
            Self::Identified(fit) => Some(fit),
            Self::NotIdentified(_) => None,
        }
    }

    /// Why there is no fit.
    pub fn not_identified(&self) -> Option<&NotIdentified> {
        match self {
            Self::Identified(_) => None,
            Self::NotIdentified(reason) => Some(reason),
        }
    }
}

/// Why a series does not identify a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum NotIdentified {
    /// Fewer numbers than the method needs.
    TooFewPrices {
        /// Numbers in the series.
        found: usize,
        /// Numbers needed.
        needed: usize,
    },
    /// All prices are equal.
    NoVariation,
    /// The likelihood is highest without mean reversion, at a random walk.
    NoReversion,
    /// The likelihood is highest, or cannot be told from its highest, where each number is independent of the
    /// one before: the reversion is too fast for the spacing to show.
    NoMemory,
    /// A random walk would give an estimate of the reversion this high more often than not, so that nothing
    /// is left of it once the small-sample bias is taken off.
    BiasExceedsReversion {
        /// The estimate before correction, per year.
        reversion: f64,
    },
    /// The series holds averages, which hide what the process does within an interval.
    Averages,
    /// The likelihood hardly depends on this parameter.
    Flat {
        /// The parameter.
        parameter: String,
    },
    /// The series leaves open the order of magnitude of this parameter.
    Vague {
        /// The parameter.
        parameter: String,
    },
    /// A second regime adds too little to the likelihood.
    NoSecondRegime {
        /// Twice the log likelihood ratio.
        evidence: f64,
        /// What it must reach.
        needed: f64,
    },
    /// One series of several does not identify its process.
    Series {
        /// Position of the series.
        index: usize,
        /// Why not.
        reason: Box<NotIdentified>,
    },
    /// The likelihood's maximum was not found within the iteration limit.
    NotConverged {
        /// The limit.
        iterations: u64,
    },
}

impl fmt::Display for NotIdentified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not identified: ")?;
        self.reason(f)
    }
}

impl NotIdentified {
    fn reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewPrices { found, needed } => write!(f, "{found} prices, {needed} needed"),
            Self::NoVariation => f.write_str("all prices are equal"),
            Self::NoReversion => f.write_str("the series looks like a random walk"),
            Self::NoMemory => {
                f.write_str("prices revert too fast for the spacing of the series to show")
            }
            Self::BiasExceedsReversion { reversion } => write!(
                f,
                "the estimated reversion of {reversion:.3} a year is no more than a random walk would show"
            ),
            Self::Averages => f.write_str("averages hide what the process does within an interval"),
            Self::Flat { parameter } => write!(f, "the likelihood hardly depends on {parameter}"),
            Self::Vague { parameter } => {
                write!(f, "the order of magnitude of {parameter} stays open")
            }
            Self::NoSecondRegime { evidence, needed } => {
                write!(
                    f,
                    "a second regime adds {evidence:.1} to twice the log likelihood, {needed:.1} needed"
                )
            }
            Self::Series { index, reason } => {
                write!(f, "series {index}: ")?;
                reason.reason(f)
            }
            Self::NotConverged { iterations } => {
                write!(
                    f,
                    "the likelihood's maximum was not found in {iterations} iterations"
                )
            }
        }
    }
}

impl NotIdentified {
    /// Beyond this standard error of a log the estimate may be off by a factor of e either way.
    const VAGUE: f64 = 1.0;

    pub(super) fn refuse_vague(parameter: &str, log_error: f64) -> Result<(), Self> {
        if log_error <= Self::VAGUE {
            Ok(())
        } else {
            Err(Self::Vague {
                parameter: parameter.into(),
            })
        }
    }

    pub(super) fn from_search(none: NoMaximum, names: &[&str]) -> Self {
        match none {
            NoMaximum::NotConverged { iterations } => Self::NotConverged { iterations },
            NoMaximum::Flat { parameter } => Self::Flat {
                parameter: names.get(parameter).copied().unwrap_or_default().into(),
            },
        }
    }
}

/// One estimated parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    pub(super) value: f64,
    pub(super) standard_error: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Estimate {
    /// An estimate whose error is the same either way.
    pub(super) fn symmetric(value: f64, standard_error: f64) -> Self {
        Self {
            value,
            standard_error,
            low: value - standard_error,
            high: value + standard_error,
        }
    }

    /// An estimate with an interval of its own; the standard error is half its length.
    pub(super) fn within(value: f64, low: f64, high: f64) -> Self {
        Self {
            value,
            standard_error: 0.5 * (high - low),
            low,
            high,
        }
    }

    /// The estimate of a positive parameter, given that of its log.
    pub(super) fn of_log(log: f64, log_error: f64) -> Self {
        let value = log.exp();
        Self {
            value,
            standard_error: value * log_error,
            low: (log - log_error).exp(),
            high: (log + log_error).exp(),
        }
    }

    /// The estimate.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its standard error; the method that made the estimate says from what.
    pub fn standard_error(&self) -> f64 {
        self.standard_error
    }

    /// Low end of the central 68.27 % confidence interval ("minus one standard error").
    pub fn low(&self) -> f64 {
        self.low
    }

    /// High end of the central 68.27 % confidence interval ("plus one standard error").
    pub fn high(&self) -> f64 {
        self.high
    }
}

/// How the sampling error of an estimate is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawSettings", into = "RawSettings")]
pub struct EstimationSettings {
    replications: usize,
    seed: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    replications: usize,
    seed: u64,
}

impl EstimationSettings {
    /// `replications` simulated series (at least 100; 2,000 unless set), drawn from `seed` (1 unless set).
    ///
    /// # Errors
    /// [`StochasticError::TooFew`] for fewer than 100 replications.
    pub fn new(replications: usize, seed: u64) -> Result<Self, StochasticError> {
        if replications < 100 {
            return Err(StochasticError::TooFew {
                what: "replications",
                found: replications,
                needed: 100,
            });
        }
        Ok(Self { replications, seed })
    }

    /// Simulated series.
    pub fn replications(&self) -> usize {
        self.replications
    }

    /// Seed of the simulation.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

impl Default for EstimationSettings {
    fn default() -> Self {
        Self {
            replications: 2_000,
            seed: 1,
        }
    }
}

impl TryFrom<RawSettings> for EstimationSettings {
    type Error = StochasticError;

    fn try_from(raw: RawSettings) -> Result<Self, StochasticError> {
        Self::new(raw.replications, raw.seed)
    }
}

impl From<EstimationSettings> for RawSettings {
    fn from(settings: EstimationSettings) -> Self {
        Self {
            replications: settings.replications,
            seed: settings.seed,
        }
    }
}
