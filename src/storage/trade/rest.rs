use super::super::StorageError;
use super::super::steady::crossing;
use super::solve::TradeModel;
use serde::{Deserialize, Serialize};

/// What two regions settle at when there are no shocks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeSteadyState {
    /// Price in each region, in currency per unit.
    pub prices: [f64; 2],
    /// Output of each region in a period, in units. Nobody stores, since a price that stays where it is pays for no storage.
    pub outputs: [f64; 2],
    /// Carried from the first region to the second, in units; below zero the other way.
    pub shipped: f64,
}

impl TradeModel {
    /// What the regions settle at without shocks, in the first regime, each yield at its mean.
    ///
    /// # Errors
    /// [`StorageError`] if no prices bring supply and demand together.
    pub fn steady_state(&self) -> Result<TradeSteadyState, StorageError> {
        let terms = self.terms();
        let regime = &terms.regimes[0];
        let means = regime.yields.means();
        let output = |region: usize, price: f64| -> Result<f64, StorageError> {
            let planned = terms.regions[region]
                .supply
                .quantity(price * means[region])?;
            Ok(means[region] * planned.low())
        };
        let surplus = |region: usize, price: f64| -> Result<f64, StorageError> {
            let used = terms.regions[region].demand.quantity(price)?.low();
            Ok(output(region, price)? - used)
        };
        let alone = |region: usize| crossing(&|price| surplus(region, price), 0.0);
        // A region that cannot supply itself has no price of its own; the other one then ships.
        let prices = match (alone(0), alone(1)) {
            (Err(error), Err(_)) => return Err(error),
            (first, second) => [
                first.unwrap_or(f64::INFINITY),
                second.unwrap_or(f64::INFINITY),
            ],
        };
        let ways = [(0, 1, regime.there), (1, 0, regime.back)];
        let opens = ways.into_iter().find_map(|(from, to, cost)| {
            cost.filter(|cost| prices[to] - prices[from] > *cost)
                .map(|cost| (from, to, cost))
        });
        let (prices, shipped) = match opens {
            Some((from, to, cost)) => {
                let both = |price: f64| Ok(surplus(from, price)? + surplus(to, price + cost)?);
                let price = crossing(&both, 0.0)?;
                let out = surplus(from, price)?;
                let mut prices = [price; 2];
                prices[to] += cost;
                (prices, if from == 0 { out } else { -out })
            }
            None => (prices, 0.0),
        };
        for (region, price) in terms.regions.iter().zip(prices) {
            if !price.is_finite() {
                return Err(StorageError::Unpriced {
                    name: region.name.clone(),
                });
            }
        }
        Ok(TradeSteadyState {
            outputs: [output(0, prices[0])?, output(1, prices[1])?],
            prices,
            shipped,
        })
    }
}
