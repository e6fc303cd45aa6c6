use super::super::StorageError;
use super::super::error::require;
use super::rules::{TradeDecision, TradeRules};
use serde::{Deserialize, Serialize};

/// Moments of a long history of two regions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeMoments {
    /// Mean price in each region, in currency per unit.
    pub mean_prices: [f64; 2],
    /// Standard error of the mean price, from the means of 20 parts of the history.
    pub errors_of_means: [f64; 2],
    /// Standard deviation of the price in each region.
    pub sd_prices: [f64; 2],
    /// Correlation of the two prices.
    pub correlation: f64,
    /// Mean stock in each region, in units.
    pub mean_stocks: [f64; 2],
    /// Mean of what is carried from the first region to the second, net, in units.
    pub mean_shipped: f64,
    /// Share of periods in which something is carried from the first region to the second.
    pub ships_there: f64,
    /// Share of periods in which something is carried from the second region to the first.
    pub ships_back: f64,
    /// Share of periods in which the split of the stocks is not unique.
    pub split_not_unique: f64,
}

impl TradeRules {
    /// Moments over `periods` of a history, after a tenth as many that are left out because warehouses were empty at the
    /// start.
    ///
    /// # Errors
    /// [`StorageError::Value`] for less than 100 periods, and as [`simulate`](Self::simulate).
    pub fn moments(&self, periods: usize, seed: u64) -> Result<TradeMoments, StorageError> {
        require(
            periods >= 100,
            "the number of periods",
            periods as f64,
            "at least 100",
        )?;
        let history = self.simulate(periods + periods / 10, seed)?;
        let kept = history.get(periods / 10..).unwrap_or_default();
        let mean = |of: &dyn Fn(&TradeDecision) -> f64| {
            kept.iter().map(|p| of(&p.decision)).sum::<f64>() / kept.len() as f64
        };
        let share = |holds: &dyn Fn(&TradeDecision) -> bool| {
            mean(&|decision| f64::from(u8::from(holds(decision))))
        };
        let mean_prices = [0, 1].map(|i| mean(&|d| d.prices[i]));
        let covariance = |i: usize, j: usize| {
            mean(&|d| (d.prices[i] - mean_prices[i]) * (d.prices[j] - mean_prices[j]))
        };
        let sd_prices = [0, 1].map(|i| covariance(i, i).sqrt());
        let error = |i: usize| {
            let parts = kept.chunks_exact(kept.len() / 20);
            let squares = parts.map(|part| {
                let prices = part.iter().map(|period| period.decision.prices[i]);
                (prices.sum::<f64>() / part.len() as f64 - mean_prices[i]).powi(2)
            });
            (squares.take(20).sum::<f64>() / (19.0 * 20.0)).sqrt()
        };
        Ok(TradeMoments {
            errors_of_means: [error(0), error(1)],
            correlation: covariance(0, 1) / (sd_prices[0] * sd_prices[1]),
            sd_prices,
            mean_stocks: [0, 1].map(|i| mean(&|d| d.stocks[i])),
            mean_shipped: mean(&|d| d.shipped),
            ships_there: share(&|d| d.shipped > 0.0),
            ships_back: share(&|d| d.shipped < 0.0),
            split_not_unique: share(&|d| d.split != super::Split::Unique),
            mean_prices,
        })
    }
}
