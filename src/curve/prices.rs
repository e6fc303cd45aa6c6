//! Quantities at a price, prices at a quantity.

use argmin::core::{CostFunction, Error, Executor, State, TerminationReason, TerminationStatus};
use argmin::solver::brent::BrentRoot;

use super::bundle::Bundle;
use super::interval::Interval;
use super::{CurveError, Piece, Segment, Side};

/// A quantity this close to a corner of the curve, relative to itself, is at the corner: the sum of a
/// few capacities is known no better.
pub(super) const CORNER: f64 = 1e-14;

/// More iterations than a bracketed root in double precision needs, one interval halving in three.
const ITERATIONS: u64 = 400;

impl Bundle {
    /// Quantity at a price; the ends may be infinite.
    pub(super) fn raw_quantity(&self, price: f64) -> Interval {
        let (mut low, mut high) = (0.0, 0.0);
        for piece in self.pieces() {
            let quantity = piece.at(self.side, price);
            low += quantity.low();
            high += quantity.high();
        }
        Interval::new(low, high)
    }

    pub(super) fn quantity(&self, price: f64) -> Result<Interval, CurveError> {
        let side = self.side;
        let quantity = self.raw_quantity(price);
        if quantity.low().is_finite() {
            Ok(quantity)
        } else {
            Err(CurveError::UnboundedQuantity { side, price })
        }
    }

    /// The prices at which `quantity` is bought or sold.
    pub(super) fn prices(&self, quantity: f64) -> Result<Interval, CurveError> {
        let (side, total) = (self.side, self.total());
        let slack = CORNER * quantity;
        if quantity > total + slack {
            return Err(CurveError::BeyondCapacity {
                side,
                quantity,
                total,
            });
        }
        let fixed = self.fixed();
        if quantity < fixed - slack {
            return Err(CurveError::UnboundedPrice { quantity });
        }
        let mut prices = match self.chains.as_slice() {
            [chain] => self.corner_or_formula(chain, quantity, slack),
            _ => self.corner(quantity, slack),
        };
        // Past the two ends of the curve the quantity no longer changes with the price.
        let (first, last) = (quantity <= fixed + slack, quantity >= total - slack);
        if first {
            let open = Interval::point(-side.sign() * f64::INFINITY);
            prices = Some(hull(prices, open));
        }
        if last {
            let open = Interval::point(side.sign() * f64::INFINITY);
            prices = Some(hull(prices, open));
        }
        match prices {
            Some(prices) if prices.low() == f64::INFINITY && side == Side::Demand => {
                Err(CurveError::UnboundedPrice { quantity })
            }
            Some(prices) if prices.low() == f64::INFINITY || prices.high() == f64::NEG_INFINITY => {
                Err(CurveError::TooExtreme {
                    side,
                    what: "quantity at which the price is wanted",
                    value: quantity,
                })
            }
            Some(prices) => Ok(prices),
            None => self.root(quantity).map(Interval::point),
        }
    }

    /// How much of each piece belongs to the first `quantity` units of the whole curve.
    pub(super) fn allocate(&self, quantity: f64) -> Result<Vec<f64>, CurveError> {
        let (side, total) = (self.side, self.total());
        if quantity > total * (1.0 + CORNER) {
            return Err(CurveError::BeyondCapacity {
                side,
                quantity,
                total,
            });
        }
        let mut left = quantity;
        let mut take = |limit: f64| {
            let taken = limit.min(left).max(0.0);
            left -= taken;
            taken
        };
        if let [chain] = self.chains.as_slice() {
            return Ok(chain.iter().map(|piece| take(piece.capacity())).collect());
        }
        if quantity <= self.fixed() {
            return Ok(self.pieces().map(|piece| take(fixed(piece))).collect());
        }
        let prices = self.prices(quantity)?;
        let price = if prices.low().is_finite() {
            prices.low()
        } else {
            prices.high()
        };
        // All that is bought or sold at the price for sure, and of the steps there what is left.
        let range = |piece: &Piece| piece.at(side, price);
        let sure = self
            .pieces()
            .fold(0.0, |sum, piece| sum + range(piece).low());
        let mut left = (quantity - sure).max(0.0);
        Ok(self
            .pieces()
            .map(|piece| {
                let range = range(piece);
                let more = (range.high() - range.low()).min(left);
                left -= more;
                range.low() + more
            })
            .collect())
    }

    /// Quantity taken whatever the price.
    pub(super) fn fixed(&self) -> f64 {
        self.pieces().fold(0.0, |sum, piece| sum + fixed(piece))
    }

    /// Prices of a quantity in one chain, in closed form.
    fn corner_or_formula(&self, chain: &[Piece], quantity: f64, slack: f64) -> Option<Interval> {
        let mut prices = None;
        let mut before = 0.0;
        for piece in chain {
            let after = before + piece.capacity();
            if before - slack <= quantity && quantity <= after + slack {
                let x = (quantity - before).max(0.0).min(piece.capacity());
                let price = Interval::point(piece.price_at(self.side, x));
                prices = Some(hull(prices, price));
            }
            before = after;
        }
        prices
    }

    /// The prices between which pieces begin and end, in rising order.
    fn breaks(&self) -> Vec<f64> {
        let mut breaks: Vec<f64> = self
            .pieces()
            .map(|piece| piece.span(self.side))
            .flat_map(|span| [span.start, span.end])
            .filter(|price| price.is_finite())
            .collect();
        breaks.sort_by(f64::total_cmp);
        breaks.dedup();
        breaks
    }

    /// The breaks of a horizontal sum at which `quantity` is bought or sold.
    fn corner(&self, quantity: f64, slack: f64) -> Option<Interval> {
        self.breaks()
            .into_iter()
            .filter(|price| {
                let range = self.raw_quantity(*price);
                range.low() - slack <= quantity && quantity <= range.high() + slack
            })
            .fold(None, |prices, price| {
                Some(hull(prices, Interval::point(price)))
            })
    }

    /// The price between two breaks at which a horizontal sum comes to `quantity`.
    fn root(&self, quantity: f64) -> Result<f64, CurveError> {
        let excess = Excess {
            bundle: self,
            quantity,
        };
        let breaks = self.breaks();
        let scale = breaks
            .iter()
            .fold(0.0, |most: f64, price| most.max(price.abs()));
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let mut low = breaks
            .iter()
            .copied()
            .rfind(|price| excess.at(*price) < 0.0);
        let mut high = breaks.iter().copied().find(|price| excess.at(*price) > 0.0);
        let missing = |low: Option<f64>, high: Option<f64>| CurveError::NoRoot {
            side: self.side,
            quantity,
            low: low.unwrap_or(f64::NEG_INFINITY),
            high: high.unwrap_or(f64::INFINITY),
        };
        let mut step = scale;
        while low.is_none() || high.is_none() {
            let price = match (low, high) {
                (Some(low), _) => low + step,
                (None, Some(high)) => high - step,
                (None, None) => scale,
            };
            if !price.is_finite() {
                return Err(missing(low, high));
            }
            if excess.at(price) < 0.0 {
                low = Some(price);
            } else {
                high = Some(price);
            }
            step *= 2.0;
        }
        let (Some(mut low), Some(mut high)) = (low, high) else {
            return Err(missing(low, high));
        };
        // Isoelastic demand is unbounded at price zero, where an interpolation cannot start.
        while excess.at(low).is_infinite() {
            let middle = low + 0.5 * (high - low);
            if middle == low || middle == high {
                return Err(missing(Some(low), Some(high)));
            }
            if excess.at(middle) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let price = bracketed(excess, low, high).ok_or_else(|| missing(Some(low), Some(high)))?;
        Ok(excess.polished(price))
    }
}

fn fixed(piece: &Piece) -> f64 {
    match piece.segment {
        Segment::Fixed { quantity } => quantity,
        _ => 0.0,
    }
}

fn hull(prices: Option<Interval>, more: Interval) -> Interval {
    prices.map_or(more, |prices| {
        Interval::new(prices.low().min(more.low()), prices.high().max(more.high()))
    })
}

/// How far the quantity at a price is beyond the wanted one, counted so that it rises with the price.
#[derive(Clone, Copy)]
struct Excess<'a> {
    bundle: &'a Bundle,
    quantity: f64,
}

impl Excess<'_> {
    fn at(&self, price: f64) -> f64 {
        let range = self.bundle.raw_quantity(price);
        // At a step that the wanted quantity does not meet both ends lie on one side of it.
        self.bundle.side.sign() * (range.low() - self.quantity)
    }

    /// One Newton step, kept if it comes closer: it makes a sum of straight lines exact.
    fn polished(&self, price: f64) -> f64 {
        let slope = self.bundle.side.sign() * self.bundle.raw_slope(price);
        let better = price - self.at(price) / slope;
        if better.is_finite() && self.at(better).abs() < self.at(price).abs() {
            better
        } else {
            price
        }
    }
}

impl CostFunction for Excess<'_> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, price: &f64) -> Result<f64, Error> {
        Ok(self.at(*price))
    }
}

/// Brent's method on a bracket, to a few units in the last place; none if it does not get there.
fn bracketed(excess: Excess<'_>, low: f64, high: f64) -> Option<f64> {
    let run = Executor::new(excess, BrentRoot::new(low, high, 0.0))
        .configure(|state| state.max_iters(ITERATIONS))
        .timer(false)
        .run()
        .ok()?;
    let state = run.state();
    let converged = TerminationStatus::Terminated(TerminationReason::SolverConverged);
    // The solver reports the best point by its distance from zero; that is the root it stopped at.
    (*state.get_termination_status() == converged)
        .then(|| state.get_best_param().copied())
        .flatten()
}
