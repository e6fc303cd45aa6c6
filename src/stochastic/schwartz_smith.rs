use super::error::{StochasticError, require};
use super::factors::{FactorStep, FactorSteps, Factors};
use super::{Draws, LogMarginal, Lognormal, PriceSource, Sampler, TimeGrid};
use serde::{Deserialize, Serialize};

const PROCESS: &str = "two-factor price";

/// Terms of a [`SchwartzSmith`] price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchwartzSmithTerms {
    /// Equilibrium price today, in the market's currency per unit: e^xi.
    pub equilibrium: f64,
    /// Short-term deviation chi of today's log price from the equilibrium: today's price is equilibrium x e^chi.
    pub deviation: f64,
    /// Speed kappa at which deviations disappear, per year.
    pub reversion: f64,
    /// Volatility of the deviation, per square root of a year.
    pub short_volatility: f64,
    /// Drift of the log of the equilibrium price, per year.
    pub drift: f64,
    /// Volatility of the log of the equilibrium price, per square root of a year.
    pub long_volatility: f64,
    /// Correlation of the two shocks.
    pub correlation: f64,
}

/// What holders ask for bearing the two risks (Schwartz and Smith 2000, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskPremiums {
    /// Lambda of the deviation: taken off its drift, per year.
    pub short: f64,
    /// Lambda of the equilibrium: taken off its drift, per year.
    pub long: f64,
}

/// A price with a lasting and a passing part: ln P = chi + xi, d chi = -kappa chi dt + s dW, d xi = mu dt + S dV, with
/// correlated shocks (Schwartz and Smith 2000). Paths use the exact transition.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SchwartzSmithTerms", into = "SchwartzSmithTerms")]
pub struct SchwartzSmith {
    terms: SchwartzSmithTerms,
}

impl SchwartzSmith {
    /// A price with these terms.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless the equilibrium and the reversion are positive, volatilities are not
    /// negative, the correlation lies in [-1, 1] and all are finite.
    pub fn new(terms: SchwartzSmithTerms) -> Result<Self, StochasticError> {
        let SchwartzSmithTerms {
            equilibrium,
            deviation,
            reversion,
            ..
        } = terms;
        require(
            equilibrium > 0.0,
            PROCESS,
            "equilibrium",
            equilibrium,
            "positive and finite",
        )?;
        require(true, PROCESS, "deviation", deviation, "finite")?;
        require(
            reversion > 0.0,
            PROCESS,
            "reversion",
            reversion,
            "positive and finite",
        )?;
        require(true, PROCESS, "drift", terms.drift, "finite")?;
        for (name, value) in [
            ("short_volatility", terms.short_volatility),
            ("long_volatility", terms.long_volatility),
        ] {
            require(
                value >= 0.0,
                PROCESS,
                name,
                value,
                "zero or positive and finite",
            )?;
        }
        let inside = (-1.0..=1.0).contains(&terms.correlation);
        require(
            inside,
            PROCESS,
            "correlation",
            terms.correlation,
            "between -1 and 1",
        )?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> SchwartzSmithTerms {
        self.terms
    }

    /// Price today, in the market's currency per unit.
    pub fn spot(&self) -> f64 {
        self.terms.equilibrium * self.terms.deviation.exp()
    }

    /// Expected price in `time` years, in the market's currency per unit.
    pub fn expected_price(&self, time: f64) -> f64 {
        self.log_marginal(time).expected_price()
    }

    /// Futures price for delivery in `time` years (Schwartz and Smith 2000, equation 9). Without premiums it is the
    /// expected price.
    pub fn futures_price(&self, time: f64, premiums: RiskPremiums) -> f64 {
        let time = time.max(0.0);
        let LogMarginal { mean, variance } = self.log_marginal(time);
        let gone = -(-self.terms.reversion * time).exp_m1();
        let asked = gone / self.terms.reversion * premiums.short + premiums.long * time;
        LogMarginal {
            mean: mean - asked,
            variance,
        }
        .expected_price()
    }

    fn step(&self, dt: f64) -> FactorStep {
        let SchwartzSmithTerms {
            reversion,
            short_volatility,
            drift,
            long_volatility,
            correlation,
            ..
        } = self.terms;
        let gone = -(-reversion * dt).exp_m1();
        let short = short_volatility * short_volatility * -(-2.0 * reversion * dt).exp_m1()
            / (2.0 * reversion);
        let long = long_volatility * long_volatility * dt;
        let both = correlation * short_volatility * long_volatility * gone / reversion;
        FactorStep {
            shift: vec![0.0, drift * dt],
            decay: vec![1.0 - gone, 1.0],
            covariance: vec![vec![short, both], vec![both, long]],
        }
    }
}

impl Lognormal for SchwartzSmith {
    fn log_marginal(&self, time: f64) -> LogMarginal {
        let FactorStep {
            shift,
            decay,
            covariance,
        } = self.step(time.max(0.0));
        LogMarginal {
            mean: decay[0] * self.terms.deviation + self.terms.equilibrium.ln() + shift[1],
            variance: covariance[0][0] + covariance[1][1] + 2.0 * covariance[0][1],
        }
    }
}

impl PriceSource for SchwartzSmith {
    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let factors = Factors {
            process: PROCESS,
            start: vec![self.terms.deviation, self.terms.equilibrium.ln()],
            prices: vec![vec![0, 1]],
            marginal: &|_, time| self.log_marginal(time),
            step: &|dt| self.step(dt),
        };
        Ok(Box::new(FactorSteps::new(factors, grid, draws)?))
    }
}

impl TryFrom<SchwartzSmithTerms> for SchwartzSmith {
    type Error = StochasticError;

    fn try_from(terms: SchwartzSmithTerms) -> Result<Self, StochasticError> {
        Self::new(terms)
    }
}

impl From<SchwartzSmith> for SchwartzSmithTerms {
    fn from(price: SchwartzSmith) -> Self {
        price.terms
    }
}
