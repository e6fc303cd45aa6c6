//! Two markets in one period, with a route between them.

use super::super::spot::Spot;

/// A square of numbers by region: `[i][j]` is the response of the first index to the second.
pub(super) type Square = [[f64; 2]; 2];

/// The square with these entries.
pub(super) fn square(of: impl Fn(usize, usize) -> f64) -> Square {
    [0, 1].map(|i| [0, 1].map(|j| of(i, j)))
}

/// Both markets of a period and what it costs to carry a unit, from the first to the second and back; infinite where the
/// route is closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route<'a> {
    pub spots: &'a [Spot; 2],
    pub costs: [f64; 2],
}

/// Prices and trade once it is known what is left to use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spatial {
    pub prices: [f64; 2],
    /// Response of prices to what is left in each region.
    pub slopes: Square,
    /// Carried from the first region to the second; below zero the other way.
    pub shipped: f64,
}

impl Route<'_> {
    /// Prices when `left` is there for use: those of each region alone, or a cost of carriage apart.
    pub(super) fn trade(&self, left: [f64; 2]) -> Spatial {
        let alone = |region: usize| {
            if left[region] >= 0.0 {
                self.spots[region].price(left[region])
            } else {
                (f64::INFINITY, 0.0)
            }
        };
        let (first, second) = (alone(0), alone(1));
        let (from, to) = if second.0 - first.0 > self.costs[0] {
            (0, 1)
        } else if first.0 - second.0 > self.costs[1] {
            (1, 0)
        } else {
            return Spatial {
                prices: [first.0, second.0],
                slopes: [[first.1, 0.0], [0.0, second.1]],
                shipped: 0.0,
            };
        };
        let bounds = [[first.0, second.0][from], [first.0, second.0][to]];
        self.apart(left, from, to, bounds)
    }

    /// The price in the region that ships is the one at which both regions together use what is left. It is above that of
    /// the region alone, from where Newton's method rises to it on a demand that bends as demand does.
    fn apart(&self, left: [f64; 2], from: usize, to: usize, bounds: [f64; 2]) -> Spatial {
        let cost = self.costs[from];
        let total = left[0] + left[1];
        let (mut low, mut high) = (bounds[0], bounds[1] - cost);
        let (mut price, mut slope, mut excess) = (low, 0.0, f64::INFINITY);
        for _ in 0..200 {
            let (used, by_price) = self.spots[from].quantity(price);
            let (abroad, by_other) = self.spots[to].quantity(price + cost);
            (excess, slope) = (used + abroad - total, by_price + by_other);
            if excess > 0.0 {
                low = price;
            } else {
                high = price;
            }
            let newton = price - excess / slope;
            if newton >= low && newton <= high {
                let step = (newton - price).abs();
                price = newton;
                // Newton's method squares the error, so that this step was the last that counts.
                if step <= 1e-9 * price.abs() {
                    break;
                }
            } else if high.is_finite() {
                price = 0.5 * (low + high);
                if high - low <= 1e-15 * price.abs() {
                    break;
                }
            } else {
                price = 2.0 * low.abs().max(f64::MIN_POSITIVE);
            }
        }
        // Demand that stops at a choke price leaves a gap there: the price is the choke price, and the region that is not
        // at its own says what is shipped.
        let gap = excess.abs() > 1e-9 * total.abs();
        let by_left = if gap { 0.0 } else { 1.0 / slope };
        let importer_chokes = self.spots[to].chokes_at(price + cost);
        let out = if gap && !importer_chokes {
            self.spots[to].quantity(price + cost).0 - left[to]
        } else {
            left[from] - self.spots[from].quantity(price).0
        };
        let mut prices = [price; 2];
        prices[to] = price + cost;
        Spatial {
            prices,
            slopes: [[by_left; 2]; 2],
            shipped: if from == 0 { out } else { -out },
        }
    }
}
