use super::error::require;
use super::{StorageError, Warehouse};
use crate::curve::{Demand, Supply};
use serde::{Deserialize, Serialize};

/// A public stock at rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum StockAtRest {
    /// The only stock at which nothing changes, in units.
    Stock(f64),
    /// Any stock of this range stays as it is: a stock that does not deteriorate rests wherever it happens to be
    /// while the price is between the two prices at which it would buy and sell.
    Any {
        /// Least stock, in units.
        from: f64,
        /// Greatest stock, in units.
        to: f64,
    },
}

/// What a market settles at when there are no shocks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SteadyState {
    /// Price, in currency per unit.
    pub price: f64,
    /// Output in each period, in units.
    pub output: f64,
    /// The public stock. Private owners hold nothing, since a price that stays where it is pays for no storage.
    pub public: StockAtRest,
}

impl SteadyState {
    /// Availability, in units: what is left of the stock, and output; none where the stock is not determined.
    pub fn availability(&self, warehouse: &Warehouse) -> Option<f64> {
        match self.public {
            StockAtRest::Stock(stock) => {
                Some((1.0 - warehouse.deterioration) * stock + self.output)
            }
            StockAtRest::Any { .. } => None,
        }
    }
}

/// The steady state with a public stock that buys at `buys`, sells at `sells` and holds at most `capacity`. Closed form
/// but for the price without a stock, and that beside a full one.
pub(super) fn steady_state(
    demand: &Demand,
    supply: &Supply,
    warehouse: &Warehouse,
    mean_yield: f64,
    strike: f64,
    (buys, sells): (f64, f64),
    capacity: f64,
) -> Result<SteadyState, StorageError> {
    let loss = warehouse.deterioration;
    let planned = |price: f64| -> Result<f64, StorageError> {
        Ok(supply.quantity(price.max(strike) * mean_yield)?.low())
    };
    let surplus = |price: f64| -> Result<f64, StorageError> {
        Ok(mean_yield * planned(price)? - demand.quantity(price)?.low())
    };
    let free = crossing(&surplus, 0.0)?;
    let (price, public) = if free >= buys {
        let public = if loss > 0.0 || free > sells {
            StockAtRest::Stock(0.0)
        } else {
            StockAtRest::Any {
                from: 0.0,
                to: capacity,
            }
        };
        (free, public)
    } else if loss > 0.0 && surplus(buys)? <= loss * capacity {
        (buys, StockAtRest::Stock(surplus(buys)? / loss))
    } else {
        (
            crossing(&surplus, loss * capacity)?,
            StockAtRest::Stock(capacity),
        )
    };
    Ok(SteadyState {
        price,
        output: mean_yield * planned(price)?,
        public,
    })
}

/// The price at which supply exceeds demand by `target`, by bisection.
pub(super) fn crossing(
    surplus: &dyn Fn(f64) -> Result<f64, StorageError>,
    target: f64,
) -> Result<f64, StorageError> {
    let (mut low, mut high) = (1.0, 1.0);
    for _ in 0..1000 {
        if surplus(high)? >= target {
            break;
        }
        high *= 2.0;
    }
    for _ in 0..1000 {
        if surplus(low)? <= target {
            break;
        }
        low *= 0.5;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if surplus(middle)? < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let price = 0.5 * (low + high);
    require(
        surplus(high)? >= target && surplus(low)? <= target,
        "the price at which the market rests",
        price,
        "one at which supply meets demand",
    )?;
    Ok(price)
}
