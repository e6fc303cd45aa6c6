//! Areas under a curve: surplus over prices, benefit and cost over quantities.

use super::bundle::Bundle;
use super::{Change, CurveError, Piece, Segment, Side};

impl Piece {
    /// Integral of the piece's quantity over the prices `[low, high]`; `high` may be infinite.
    fn area(&self, side: Side, low: f64, high: f64) -> f64 {
        if let Segment::Fixed { quantity } = self.segment {
            return quantity * (high - low);
        }
        let whole = self.whole(side, low, high);
        let whole = if whole > 0.0 {
            self.capacity() * whole
        } else {
            0.0
        };
        let (Some(relation), Some([from, to])) = (self.relation(), self.within(side, low, high))
        else {
            return whole;
        };
        let kernel = relation.quantity;
        let part = kernel.integral(relation.parameters, from, to);
        if relation.offset == 0.0 {
            whole + part
        } else {
            whole + (part - relation.offset * (to - from))
        }
    }

    /// How much of the prices `[low, high]` is where the piece is bought or sold as a whole.
    fn whole(&self, side: Side, low: f64, high: f64) -> f64 {
        let span = self.span(side);
        match side {
            Side::Demand => high.min(span.low()) - low,
            Side::Supply => high - low.max(span.high()),
        }
    }

    /// The part of the prices `[low, high]` in which the piece's quantity changes with the price.
    pub(super) fn within(&self, side: Side, low: f64, high: f64) -> Option<[f64; 2]> {
        let span = self.span(side);
        let (from, to) = (low.max(span.low()), high.min(span.high()));
        (from < to).then_some([from, to])
    }

    /// Integral of the piece's price over its units from number `from` to number `to`.
    fn money(&self, from: f64, to: f64) -> f64 {
        if from == to {
            return 0.0;
        }
        match (&self.segment, self.relation()) {
            (Segment::Fixed { .. }, _) => f64::INFINITY,
            (_, Some(relation)) => relation.price.integral(
                relation.parameters,
                relation.offset + from,
                relation.offset + to,
            ),
            (segment, None) => segment.kernel().map_or(0.0, |(kernel, parameters)| {
                kernel.integral(parameters, from, to)
            }),
        }
    }
}

impl Bundle {
    /// Integral of quantity over price from `change.from` to `change.to`, in currency.
    pub(super) fn area(&self, change: Change) -> Result<f64, CurveError> {
        let check = self.check();
        check.finite("price", change.from)?;
        check.finite("price", change.to)?;
        let (low, high) = (change.from.min(change.to), change.from.max(change.to));
        self.quantity(low)?;
        self.quantity(high)?;
        let area = self.raw_area(low, high);
        check.computed("area between two prices", area)?;
        Ok(if change.from <= change.to {
            area
        } else {
            -area
        })
    }

    /// Integral of quantity over all prices above `price`, in currency.
    pub(super) fn area_above(&self, price: f64) -> Result<f64, CurveError> {
        self.check().finite("price", price)?;
        self.quantity(price)?;
        let area = self.raw_area(price, f64::INFINITY);
        if area.is_finite() {
            Ok(area)
        } else {
            Err(CurveError::InfiniteArea {
                what: "surplus above a price",
            })
        }
    }

    fn raw_area(&self, low: f64, high: f64) -> f64 {
        self.pieces()
            .fold(0.0, |sum, piece| sum + piece.area(self.side, low, high))
    }

    /// Integral of price over quantity from `change.from` to `change.to`, in currency.
    pub(super) fn money(&self, change: Change) -> Result<f64, CurveError> {
        let check = self.check();
        check.not_negative("quantity", change.from)?;
        check.not_negative("quantity", change.to)?;
        let forward = change.from <= change.to;
        let (low, high) = if forward {
            (change.from, change.to)
        } else {
            (change.to, change.from)
        };
        let (first, last) = (self.allocate(low)?, self.allocate(high)?);
        let money = self
            .pieces()
            .zip(first.into_iter().zip(last))
            .fold(0.0, |sum, (piece, (from, to))| sum + piece.money(from, to));
        if self.side == Side::Demand && !money.is_finite() {
            return Err(CurveError::InfiniteArea {
                what: "gross benefit between two quantities",
            });
        }
        check.computed("cost between two quantities", money)?;
        Ok(if forward { money } else { -money })
    }
}
