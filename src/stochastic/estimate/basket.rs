use super::averaged::Covariance;
use super::fit::{Estimate, EstimationSettings, Identification, NotIdentified};
use super::mean_reverting::MeanRevertingFit;
use super::series::{PriceSeries, Sampling};
use crate::stochastic::{Basket, BasketPrice, BasketTerms, MeanReverting, StochasticError};
use serde::{Deserialize, Serialize};

/// A basket of mean-reverting prices estimated from their series: see [`Basket::estimate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasketFit {
    prices: Vec<MeanRevertingFit>,
    correlation: Vec<Vec<Estimate>>,
}

impl BasketFit {
    /// The fit of each price.
    pub fn prices(&self) -> &[MeanRevertingFit] {
        &self.prices
    }

    /// Correlation of the shocks of two prices; none where either is out of range.
    pub fn correlation(&self, first: usize, second: usize) -> Option<Estimate> {
        self.correlation.get(first)?.get(second).copied()
    }

    /// The estimated basket from today's prices, in the market's currency per unit.
    ///
    /// # Errors
    /// [`StochasticError::SeriesCount`] unless there is a spot for each price; as [`Basket::new`].
    pub fn basket(&self, spots: &[f64]) -> Result<Basket, StochasticError> {
        if spots.len() != self.prices.len() {
            return Err(StochasticError::SeriesCount {
                expected: self.prices.len(),
                found: spots.len(),
            });
        }
        let price = |(fit, &spot): (&MeanRevertingFit, &f64)| {
            fit.price(spot).map(BasketPrice::MeanReverting)
        };
        Basket::new(BasketTerms {
            prices: self
                .prices
                .iter()
                .zip(spots)
                .map(price)
                .collect::<Result<_, _>>()?,
            correlation: self
                .correlation
                .iter()
                .map(|row| row.iter().map(Estimate::value).collect())
                .collect(),
        })
    }
}

impl Basket {
    /// Estimates a basket of mean-reverting prices: each price as [`MeanReverting::estimate`] does, and the correlation
    /// of shocks from that of the innovations, with Fisher's z for the standard error and interval. At points the
    /// correlation of innovations is put right for unequal speeds of reversion; for averages it is taken as it is, which
    /// is exact for equal speeds. An estimate beyond 1 in size is reported as 1.
    ///
    /// A basket one of whose series cannot tell is [`Identification::NotIdentified`], naming the series.
    ///
    /// # Errors
    /// [`StochasticError::Zero`] without a series; [`StochasticError::SeriesMismatch`] unless all have the same length,
    /// spacing and sampling.
    pub fn estimate(
        series: &[PriceSeries],
        settings: &EstimationSettings,
    ) -> Result<Identification<BasketFit>, StochasticError> {
        let Some(first) = series.first() else {
            return Err(StochasticError::Zero {
                what: "number of series",
            });
        };
        let like_first = |other: &PriceSeries| {
            other.prices().len() == first.prices().len()
                && other.spacing() == first.spacing()
                && other.sampling() == first.sampling()
        };
        if let Some(index) = series.iter().position(|other| !like_first(other)) {
            return Err(StochasticError::SeriesMismatch { index });
        }
        Ok(match estimate(series, settings) {
            Ok(fit) => Identification::Identified(fit),
            Err(reason) => Identification::NotIdentified(reason),
        })
    }
}

fn estimate(
    series: &[PriceSeries],
    settings: &EstimationSettings,
) -> Result<BasketFit, NotIdentified> {
    let mut prices = Vec::with_capacity(series.len());
    let mut innovations = Vec::with_capacity(series.len());
    for (index, one) in series.iter().enumerate() {
        let fit = match MeanReverting::estimate(one, settings) {
            Identification::Identified(fit) => fit,
            Identification::NotIdentified(reason) => {
                return Err(NotIdentified::Series {
                    index,
                    reason: Box::new(reason),
                });
            }
        };
        let a = fit.reversion().value() * one.spacing();
        let logs = one.logs();
        innovations.push(Covariance::new(one.sampling(), a, logs.len()).innovations(&logs));
        prices.push(fit);
    }
    let n = series.first().map_or(0, |one| one.prices().len());
    let spacing = series.first().map_or(1.0, PriceSeries::spacing);
    let entry = |i: usize, j: usize| {
        if i == j {
            return Estimate::symmetric(1.0, 0.0);
        }
        let (k, l) = (prices[i].reversion().value(), prices[j].reversion().value());
        let ratio = match series[i].sampling() {
            Sampling::Points => {
                let overlap = |rate: f64| -(-rate * spacing).exp_m1() / rate;
                (overlap(2.0 * k) * overlap(2.0 * l)).sqrt() / overlap(k + l)
            }
            Sampling::Averages => 1.0,
        };
        let found = correlation(&innovations[i], &innovations[j]);
        let z = found.atanh();
        let error = 1.0 / (n as f64 - 4.0).sqrt();
        let bounded = |z: f64| (ratio * z.tanh()).clamp(-1.0, 1.0);
        Estimate {
            value: bounded(z),
            standard_error: ratio * (1.0 - found * found) * error,
            low: bounded(z - error),
            high: bounded(z + error),
        }
    };
    // Entry (j, i) repeats (i, j), so that the matrix is symmetric to the bit.
    let correlation = (0..prices.len())
        .map(|i| {
            (0..prices.len())
                .map(|j| entry(i.min(j), i.max(j)))
                .collect()
        })
        .collect();
    Ok(BasketFit {
        prices,
        correlation,
    })
}

/// Correlation of two series of innovations with mean zero. The first of each is left out: it holds the whole past.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).skip(1).map(|(x, y)| x * y).sum::<f64>();
    (product(a, b) / (product(a, a) * product(b, b)).sqrt()).clamp(-1.0, 1.0)
}
