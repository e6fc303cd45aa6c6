use super::error::{StochasticError, require};
use super::factors::{FactorStep, FactorSteps, Factors, square_root};
use super::{
    Draws, GeometricBrownian, LogMarginal, Lognormal, MeanReverting, PriceSource, Sampler, TimeGrid,
};
use serde::{Deserialize, Serialize};

const PROCESS: &str = "basket of prices";

/// The price of one commodity of a [`Basket`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum BasketPrice {
    /// A log price that reverts to a mean.
    MeanReverting(MeanReverting),
    /// A geometric Brownian motion.
    GeometricBrownian(GeometricBrownian),
}

/// Terms of a [`Basket`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasketTerms {
    /// The price of each commodity.
    pub prices: Vec<BasketPrice>,
    /// Correlation of the shocks dW, row by row.
    pub correlation: Vec<Vec<f64>>,
}

/// Several prices with correlated shocks: the oxides of one ore. Each price alone follows its own process; over a step
/// the log prices have covariance rho s_i s_j (1 - e^-(k_i + k_j) h) / (k_i + k_j), exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BasketTerms", into = "BasketTerms")]
pub struct Basket {
    terms: BasketTerms,
}

impl Basket {
    /// A basket with these terms.
    ///
    /// # Errors
    /// [`StochasticError::Zero`] without a price; [`StochasticError::CorrelationShape`] unless the correlation has a
    /// row and a column for each price; [`StochasticError::CorrelationEntry`] unless it is symmetric with ones on its
    /// diagonal; [`StochasticError::Correlation`] unless it is positive semidefinite.
    pub fn new(terms: BasketTerms) -> Result<Self, StochasticError> {
        let n = terms.prices.len();
        if n == 0 {
            return Err(StochasticError::Zero {
                what: "number of prices",
            });
        }
        let rows = terms.correlation.len();
        if let Some(found) = std::iter::once(rows)
            .chain(terms.correlation.iter().map(Vec::len))
            .find(|&m| m != n)
        {
            return Err(StochasticError::CorrelationShape { expected: n, found });
        }
        for (row, entries) in terms.correlation.iter().enumerate() {
            for (column, &value) in entries.iter().enumerate() {
                let mirrored = terms.correlation[column][row];
                let fits = if row == column {
                    value == 1.0
                } else {
                    value == mirrored && value.abs() <= 1.0
                };
                if !fits {
                    return Err(StochasticError::CorrelationEntry { row, column, value });
                }
            }
        }
        if square_root(&terms.correlation).is_none() {
            return Err(StochasticError::Correlation { process: PROCESS });
        }
        Ok(Self { terms })
    }

    /// Two prices whose shocks have correlation `correlation`.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless the correlation lies in [-1, 1].
    pub fn pair(
        first: BasketPrice,
        second: BasketPrice,
        correlation: f64,
    ) -> Result<Self, StochasticError> {
        let inside = (-1.0..=1.0).contains(&correlation);
        require(
            inside,
            PROCESS,
            "correlation",
            correlation,
            "between -1 and 1",
        )?;
        Self::new(BasketTerms {
            prices: vec![first, second],
            correlation: vec![vec![1.0, correlation], vec![correlation, 1.0]],
        })
    }

    /// The terms.
    pub fn terms(&self) -> &BasketTerms {
        &self.terms
    }

    fn step(&self, dt: f64) -> FactorStep {
        let prices = &self.terms.prices;
        let rates: Vec<(f64, f64)> = prices
            .iter()
            .map(BasketPrice::reversion_and_volatility)
            .collect();
        let covariance = rates
            .iter()
            .zip(&self.terms.correlation)
            .map(|(&(k, s), row)| {
                let entry = |(&(l, t), rho): (&(f64, f64), &f64)| rho * s * t * overlap(k + l, dt);
                rates.iter().zip(row).map(entry).collect()
            });
        let covariance = covariance.collect();
        let (shift, decay) = prices.iter().map(|price| price.shift_and_decay(dt)).unzip();
        FactorStep {
            shift,
            decay,
            covariance,
        }
    }
}

impl BasketPrice {
    fn reversion_and_volatility(&self) -> (f64, f64) {
        match self {
            Self::MeanReverting(price) => (price.terms().reversion, price.terms().volatility),
            Self::GeometricBrownian(price) => (0.0, price.terms().volatility),
        }
    }

    fn shift_and_decay(&self, dt: f64) -> (f64, f64) {
        let step = match self {
            Self::MeanReverting(price) => price.step(dt),
            Self::GeometricBrownian(price) => price.step(dt),
        };
        (step.shift, step.decay)
    }
}

impl Lognormal for BasketPrice {
    fn log_marginal(&self, time: f64) -> LogMarginal {
        match self {
            Self::MeanReverting(price) => price.log_marginal(time),
            Self::GeometricBrownian(price) => price.log_marginal(time),
        }
    }
}

impl PriceSource for Basket {
    fn commodities(&self) -> usize {
        self.terms.prices.len()
    }

    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let prices = &self.terms.prices;
        let factors = Factors {
            process: PROCESS,
            start: prices
                .iter()
                .map(|price| price.log_marginal(0.0).mean)
                .collect(),
            prices: (0..prices.len()).map(|commodity| vec![commodity]).collect(),
            marginal: &|commodity, time| prices[commodity].log_marginal(time),
            step: &|dt| self.step(dt),
        };
        Ok(Box::new(FactorSteps::new(factors, grid, draws)?))
    }
}

/// The integral of e^(-rate u) over `dt` years.
fn overlap(rate: f64, dt: f64) -> f64 {
    if rate > 0.0 {
        -(-rate * dt).exp_m1() / rate
    } else {
        dt
    }
}

impl TryFrom<BasketTerms> for Basket {
    type Error = StochasticError;

    fn try_from(terms: BasketTerms) -> Result<Self, StochasticError> {
        Self::new(terms)
    }
}

impl From<Basket> for BasketTerms {
    fn from(basket: Basket) -> Self {
        basket.terms
    }
}
