use super::error::{StochasticError, require};
use super::log_normal_steps::{LogNormalSteps, Step};
use super::{Draws, LogMarginal, Lognormal, PriceSource, Sampler, TimeGrid};
use serde::{Deserialize, Serialize};

const PROCESS: &str = "geometric Brownian price";

/// Terms of a [`GeometricBrownian`] price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeometricBrownianTerms {
    /// Price today, in the market's currency per unit.
    pub spot: f64,
    /// Drift mu of the price, per year and continuously compounded: the expected price is spot e^(mu t).
    pub drift: f64,
    /// Volatility sigma, per square root of a year.
    pub volatility: f64,
}

/// Geometric Brownian motion, dP / P = mu dt + sigma dW, with exact transitions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "GeometricBrownianTerms", into = "GeometricBrownianTerms")]
pub struct GeometricBrownian {
    terms: GeometricBrownianTerms,
}

impl GeometricBrownian {
    /// A price with these terms.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless spot is positive, volatility is not negative and all are finite.
    pub fn new(terms: GeometricBrownianTerms) -> Result<Self, StochasticError> {
        let GeometricBrownianTerms {
            spot,
            drift,
            volatility,
        } = terms;
        require(spot > 0.0, PROCESS, "spot", spot, "positive and finite")?;
        require(true, PROCESS, "drift", drift, "finite")?;
        require(
            volatility >= 0.0,
            PROCESS,
            "volatility",
            volatility,
            "zero or positive and finite",
        )?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> GeometricBrownianTerms {
        self.terms
    }

    /// Expected price in `time` years, in the market's currency per unit.
    pub fn expected_price(&self, time: f64) -> f64 {
        self.log_marginal(time).expected_price()
    }

    /// Futures price for delivery in `time` years when holders ask `premium` per year for bearing the price
    /// risk: spot e^((mu - premium) t). At zero it is the expected price.
    pub fn futures_price(&self, time: f64, premium: f64) -> f64 {
        self.expected_price(time) * (-premium * time.max(0.0)).exp()
    }

    pub(super) fn step(&self, dt: f64) -> Step {
        let GeometricBrownianTerms {
            drift, volatility, ..
        } = self.terms;
        Step {
            shift: (drift - 0.5 * volatility * volatility) * dt,
            decay: 1.0,
            deviation: volatility * dt.sqrt(),
        }
    }
}

impl Lognormal for GeometricBrownian {
    fn log_marginal(&self, time: f64) -> LogMarginal {
        let Step {
            shift, deviation, ..
        } = self.step(time.max(0.0));
        LogMarginal {
            mean: self.terms.spot.ln() + shift,
            variance: deviation * deviation,
        }
    }
}

impl PriceSource for GeometricBrownian {
    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let steps = LogNormalSteps::new(
            PROCESS,
            grid,
            draws,
            |t| self.log_marginal(t),
            |dt| self.step(dt),
        )?;
        Ok(Box::new(steps))
    }
}

impl TryFrom<GeometricBrownianTerms> for GeometricBrownian {
    type Error = StochasticError;

    fn try_from(terms: GeometricBrownianTerms) -> Result<Self, StochasticError> {
        Self::new(terms)
    }
}

impl From<GeometricBrownian> for GeometricBrownianTerms {
    fn from(price: GeometricBrownian) -> Self {
        price.terms
    }
}
