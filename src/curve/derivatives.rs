//! Derivatives of a curve's answers in its parameters, the capacities and offsets of its pieces held.
//!
//! A capacity or offset that was found from the parameters (where a choke price cuts a formula, where
//! a part of a sum reaches its limit) may be held, because the price is the same on both sides of the
//! cut: moving it changes no answer to first order.

use super::bundle::Bundle;
use super::{Change, CurveError, Kernel, Piece, Segment};

#[cfg(test)]
mod tests;

impl Bundle {
    /// Runs `write` on each piece, with the piece's number and its part of the vector of all derivatives.
    fn each_parameter(
        &self,
        mut write: impl FnMut(usize, &Piece, &mut [f64]),
    ) -> Result<Vec<f64>, CurveError> {
        let count = |piece: &Piece| piece.segment.parameters().len();
        let mut all = vec![0.0; self.pieces().map(count).sum()];
        let mut rest = all.as_mut_slice();
        for (index, piece) in self.pieces().enumerate() {
            let (own, after) = rest.split_at_mut(count(piece));
            write(index, piece, own);
            rest = after;
        }
        for derivative in &all {
            self.check()
                .computed("derivative in a parameter", *derivative)?;
        }
        Ok(all)
    }

    /// Derivatives of the quantity at a price.
    pub(super) fn quantity_partials(&self, price: f64) -> Result<Vec<f64>, CurveError> {
        self.check().finite("price", price)?;
        self.quantity(price)?;
        self.smooth_at(price)?;
        self.each_parameter(|_, piece, out| match piece.segment {
            Segment::Fixed { .. } => out.fill(1.0),
            _ => {
                let inside = piece.span(self.side).is_inside(price);
                if let (Some(relation), true) = (piece.relation(), inside) {
                    relation.quantity.partials(relation.parameters, price, out);
                }
            }
        })
    }

    /// Derivatives of the price at a quantity.
    pub(super) fn price_partials(&self, quantity: f64) -> Result<Vec<f64>, CurveError> {
        let side = self.side;
        self.check().not_negative("quantity", quantity)?;
        let prices = self.prices(quantity)?;
        let price = prices.low();
        let corner = CurveError::Corner { side, price };
        if !prices.is_point() {
            return Err(corner);
        }
        let range = self.raw_quantity(price);
        if range.low() < quantity && quantity < range.high() {
            // The price is that of a step, and moves with it alone.
            let marginal = |piece: &Piece| !piece.at(side, price).is_point();
            return match self.pieces().filter(|piece| marginal(piece)).count() {
                1 => self.each_parameter(|_, piece, out| {
                    if marginal(piece) {
                        out.fill(1.0);
                    }
                }),
                _ => Err(corner),
            };
        }
        let slope = self.raw_slope(price);
        if slope == 0.0 {
            return Err(corner);
        }
        let mut partials = self.quantity_partials(price)?;
        for partial in &mut partials {
            *partial /= -slope;
            self.check()
                .computed("derivative in a parameter", *partial)?;
        }
        Ok(partials)
    }

    /// Derivatives of the integral of quantity over price.
    pub(super) fn area_partials(&self, change: Change) -> Result<Vec<f64>, CurveError> {
        self.area(change)?;
        let (low, high) = (change.from.min(change.to), change.from.max(change.to));
        let sign = if change.from <= change.to { 1.0 } else { -1.0 };
        let side = self.side;
        for price in [low, high] {
            if !self.raw_quantity(price).is_point() {
                return Err(CurveError::Corner { side, price });
            }
        }
        self.each_parameter(|_, piece, out| {
            match (&piece.segment, piece.relation()) {
                (Segment::Fixed { .. }, _) => out.fill(high - low),
                (_, Some(relation)) => {
                    if let Some([from, to]) = piece.within(side, low, high) {
                        let kernel = relation.quantity;
                        kernel.integral_partials(relation.parameters, from, to, out);
                    }
                }
                // A step that moves up by one carries its whole quantity with it.
                (segment, None) => {
                    let price = segment
                        .kernel()
                        .map_or(low, |(_, parameters)| parameters[0]);
                    if low < price && price < high {
                        out.fill(-side.sign() * piece.capacity());
                    }
                }
            }
            out.iter_mut().for_each(|partial| *partial *= sign);
        })
    }

    /// Derivatives of the integral of price over quantity.
    pub(super) fn money_partials(&self, change: Change) -> Result<Vec<f64>, CurveError> {
        self.money(change)?;
        let side = self.side;
        let (first, last) = (self.allocate(change.from)?, self.allocate(change.to)?);
        let shift = if self.fixed() > 0.0 {
            // One unit more taken at any price moves the whole range along the rest of the curve.
            let (from, to) = (self.prices(change.from)?, self.prices(change.to)?);
            for prices in [from, to] {
                if !prices.is_point() {
                    let price = prices.low();
                    return Err(CurveError::Corner { side, price });
                }
            }
            from.low() - to.low()
        } else {
            0.0
        };
        self.each_parameter(|index, piece, out| {
            let (from, to) = (first[index], last[index]);
            match (&piece.segment, piece.relation()) {
                (Segment::Fixed { .. }, _) => out.fill(shift),
                (_, Some(relation)) => relation.price.integral_partials(
                    relation.parameters,
                    relation.offset + from,
                    relation.offset + to,
                    out,
                ),
                (_, None) => Kernel::Constant.integral_partials(&[], from, to, out),
            }
        })
    }
}
