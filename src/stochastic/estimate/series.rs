use crate::stochastic::StochasticError;
use crate::stochastic::error::require;
use serde::{Deserialize, Serialize};

/// What one number of a price series stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Sampling {
    /// The price at a moment (month-end quotes).
    Points,
    /// The average price over the whole interval up to the next number (yearly averages).
    Averages,
}

/// A price series at equal intervals, on one basis: one commodity, one unit, one tax basis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct PriceSeries {
    sampling: Sampling,
    spacing: f64,
    prices: Vec<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    sampling: Sampling,
    spacing: f64,
    prices: Vec<f64>,
}

impl PriceSeries {
    /// Prices at moments `spacing` years apart, in the market's currency per unit.
    ///
    /// # Errors
    /// [`StochasticError::Parameter`] unless the spacing is positive, [`StochasticError::Observation`] where a
    /// price is not positive and finite, [`StochasticError::Zero`] without a price.
    pub fn points(spacing: f64, prices: Vec<f64>) -> Result<Self, StochasticError> {
        Self::new(Sampling::Points, spacing, prices)
    }

    /// Average prices over successive intervals of `spacing` years, in the market's currency per unit.
    ///
    /// # Errors
    /// As [`PriceSeries::points`].
    pub fn averages(spacing: f64, prices: Vec<f64>) -> Result<Self, StochasticError> {
        Self::new(Sampling::Averages, spacing, prices)
    }

    fn new(sampling: Sampling, spacing: f64, prices: Vec<f64>) -> Result<Self, StochasticError> {
        require(
            spacing > 0.0,
            "price series",
            "spacing",
            spacing,
            "positive and finite",
        )?;
        if prices.is_empty() {
            return Err(StochasticError::Zero {
                what: "number of prices",
            });
        }
        if let Some((index, &value)) = prices
            .iter()
            .enumerate()
            .find(|(_, p)| !(p.is_finite() && **p > 0.0))
        {
            return Err(StochasticError::Observation { index, value });
        }
        Ok(Self {
            sampling,
            spacing,
            prices,
        })
    }

    /// What one number stands for.
    pub fn sampling(&self) -> Sampling {
        self.sampling
    }

    /// Years from one number to the next.
    pub fn spacing(&self) -> f64 {
        self.spacing
    }

    /// The prices, in the market's currency per unit.
    pub fn prices(&self) -> &[f64] {
        &self.prices
    }

    /// Years covered: from the first to the last moment, or the length of all intervals.
    pub fn years(&self) -> f64 {
        let intervals = match self.sampling {
            Sampling::Points => self.prices.len() - 1,
            Sampling::Averages => self.prices.len(),
        };
        intervals as f64 * self.spacing
    }

    pub(super) fn logs(&self) -> Vec<f64> {
        self.prices.iter().map(|price| price.ln()).collect()
    }
}

impl TryFrom<Raw> for PriceSeries {
    type Error = StochasticError;

    fn try_from(raw: Raw) -> Result<Self, StochasticError> {
        Self::new(raw.sampling, raw.spacing, raw.prices)
    }
}

impl From<PriceSeries> for Raw {
    fn from(series: PriceSeries) -> Self {
        Self {
            sampling: series.sampling,
            spacing: series.spacing,
            prices: series.prices,
        }
    }
}
