use super::error::{StochasticError, require};
use super::log_normal_steps::{LogNormalSteps, Step};
use super::{Draws, LogMarginal, Lognormal, PriceSource, Sampler, TimeGrid};
use serde::{Deserialize, Serialize};

const PROCESS: &str = "mean-reverting price";

/// Terms of a [`MeanReverting`] price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanRevertingTerms {
    /// Price today, in the market's currency per unit.
    pub spot: f64,
    /// Speed of mean reversion kappa, per year (half-life ln 2 / kappa years).
    pub reversion: f64,
    /// Theta, the long-run mean of the log price. The long-run mean price is e^(theta + sigma^2 / (4 kappa)).
    pub log_mean: f64,
    /// Volatility sigma of the log price, per square root of a year.
    pub volatility: f64,
}

/// Terms in Schwartz's (1997) own parameters: dP = kappa (mu - ln P) P dt + sigma P dW.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchwartzTerms {
    /// Price today, in the market's currency per unit.
    pub spot: f64,
    /// Speed of mean reversion kappa, per year.
    pub reversion: f64,
    /// Schwartz's mu, in log price.
    pub mu: f64,
    /// Volatility sigma of the log price, per square root of a year.
    pub volatility: f64,
}

/// A price whose logarithm reverts to a mean: d ln P = kappa (theta - ln P) dt + sigma dW
/// (the one-factor model of Schwartz 1997, in the parameters of the log price).
///
/// Paths use the exact transition, so the time step brings no error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MeanRevertingTerms", into = "MeanRevertingTerms")]
pub struct MeanReverting {
    terms: MeanRevertingTerms,
}

impl MeanReverting {
    /// A price with these terms.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless spot and reversion are positive, volatility is not negative and
    /// all are finite.
    pub fn new(terms: MeanRevertingTerms) -> Result<Self, StochasticError> {
        let MeanRevertingTerms {
            spot,
            reversion,
            log_mean,
            volatility,
        } = terms;
        require(spot > 0.0, PROCESS, "spot", spot, "positive and finite")?;
        require(
            reversion > 0.0,
            PROCESS,
            "reversion",
            reversion,
            "positive and finite",
        )?;
        require(true, PROCESS, "log_mean", log_mean, "finite")?;
        require(
            volatility >= 0.0,
            PROCESS,
            "volatility",
            volatility,
            "zero or positive and finite",
        )?;
        Ok(Self { terms })
    }

    /// A price in Schwartz's parameters: theta = alpha = mu - sigma^2 / (2 kappa) (Schwartz 1997, equation 3).
    ///
    /// # Errors
    /// As [`MeanReverting::new`].
    pub fn from_schwartz_alpha(terms: SchwartzTerms) -> Result<Self, StochasticError> {
        let SchwartzTerms {
            spot,
            reversion,
            mu,
            volatility,
        } = terms;
        require(
            reversion > 0.0,
            PROCESS,
            "reversion",
            reversion,
            "positive and finite",
        )?;
        require(true, PROCESS, "mu", mu, "finite")?;
        let log_mean = mu - volatility * volatility / (2.0 * reversion);
        Self::new(MeanRevertingTerms {
            spot,
            reversion,
            log_mean,
            volatility,
        })
    }

    /// The terms.
    pub fn terms(&self) -> MeanRevertingTerms {
        self.terms
    }

    /// Expected price in `time` years, in the market's currency per unit.
    pub fn expected_price(&self, time: f64) -> f64 {
        self.log_marginal(time).expected_price()
    }

    /// Long-run mean price, e^(theta + sigma^2 / (4 kappa)).
    pub fn long_run_price(&self) -> f64 {
        let MeanRevertingTerms {
            reversion,
            log_mean,
            volatility,
            ..
        } = self.terms;
        (log_mean + volatility * volatility / (4.0 * reversion)).exp()
    }

    /// Futures price for delivery in `time` years, when the market price of risk is `price_of_risk`: the log
    /// mean under the pricing measure is theta less it (Schwartz 1997, equation 7, where it is called lambda).
    /// At zero it is the expected price.
    pub fn futures_price(&self, time: f64, price_of_risk: f64) -> f64 {
        let LogMarginal { mean, variance } = self.log_marginal(time);
        let shifted = mean + price_of_risk * (-self.terms.reversion * time.max(0.0)).exp_m1();
        LogMarginal {
            mean: shifted,
            variance,
        }
        .expected_price()
    }

    /// The exact transition of the log price over `dt` years.
    pub(super) fn step(&self, dt: f64) -> Step {
        let MeanRevertingTerms {
            reversion,
            log_mean,
            volatility,
            ..
        } = self.terms;
        let gone = -(-reversion * dt).exp_m1();
        Step {
            shift: log_mean * gone,
            decay: 1.0 - gone,
            deviation: volatility * (-(-2.0 * reversion * dt).exp_m1() / (2.0 * reversion)).sqrt(),
        }
    }
}

impl Lognormal for MeanReverting {
    fn log_marginal(&self, time: f64) -> LogMarginal {
        let Step {
            shift,
            decay,
            deviation,
        } = self.step(time.max(0.0));
        LogMarginal {
            mean: shift + decay * self.terms.spot.ln(),
            variance: deviation * deviation,
        }
    }
}

impl PriceSource for MeanReverting {
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

impl TryFrom<MeanRevertingTerms> for MeanReverting {
    type Error = StochasticError;

    fn try_from(terms: MeanRevertingTerms) -> Result<Self, StochasticError> {
        Self::new(terms)
    }
}

impl From<MeanReverting> for MeanRevertingTerms {
    fn from(price: MeanReverting) -> Self {
        price.terms
    }
}
