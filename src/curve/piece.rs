//! What one piece of a curve buys or sells at a price.

use super::interval::Interval;
use super::{Kernel, Piece, Segment, Side};

/// The prices between which a piece goes from nothing to all of its quantity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Price at its first unit.
    pub start: f64,
    /// Price at its last unit; a limit where the piece has no capacity.
    pub end: f64,
}

impl Span {
    pub(super) fn low(self) -> f64 {
        self.start.min(self.end)
    }

    pub(super) fn high(self) -> f64 {
        self.start.max(self.end)
    }

    pub(super) fn is_inside(self, price: f64) -> bool {
        self.low() < price && price < self.high()
    }
}

/// The smooth relation behind a piece, both directions with the same parameters: the quantity at a
/// price is `quantity(p) - offset`, the price at a quantity `x` is `price(offset + x)`.
pub(super) struct Relation<'a> {
    pub price: Kernel,
    pub quantity: Kernel,
    pub parameters: &'a [f64],
    pub offset: f64,
}

impl Piece {
    pub(super) fn constant(path: &str, price: f64, capacity: f64) -> Self {
        Self::priced(path, Kernel::Constant, vec![price], 0.0, capacity)
    }

    pub(super) fn priced(
        path: &str,
        kernel: Kernel,
        parameters: Vec<f64>,
        offset: f64,
        capacity: f64,
    ) -> Self {
        Self {
            path: path.to_owned(),
            segment: Segment::Price {
                kernel,
                parameters,
                offset,
                capacity,
            },
        }
    }

    pub(super) fn fixed(path: &str, quantity: f64) -> Self {
        Self {
            path: path.to_owned(),
            segment: Segment::Fixed { quantity },
        }
    }

    pub(super) fn capacity(&self) -> f64 {
        match self.segment {
            Segment::Fixed { quantity } => quantity,
            Segment::Quantity { .. } => f64::INFINITY,
            Segment::Price { capacity, .. } => capacity,
        }
    }

    /// The smooth relation; none for a fixed quantity and for a constant price.
    pub(super) fn relation(&self) -> Option<Relation<'_>> {
        let (kernel, parameters) = self.segment.kernel()?;
        let other = kernel.inverse()?;
        Some(match self.segment {
            Segment::Price { offset, .. } => Relation {
                price: kernel,
                quantity: other,
                parameters,
                offset,
            },
            _ => Relation {
                price: other,
                quantity: kernel,
                parameters,
                offset: 0.0,
            },
        })
    }

    pub(super) fn span(&self, side: Side) -> Span {
        let Some(relation) = self.relation() else {
            return match &self.segment {
                Segment::Price { parameters, .. } => Span {
                    start: parameters[0],
                    end: parameters[0],
                },
                _ => Span {
                    start: -side.sign() * f64::INFINITY,
                    end: side.sign() * f64::INFINITY,
                },
            };
        };
        let price = |x: f64| relation.price.value(relation.parameters, x);
        let capacity = self.capacity();
        Span {
            start: price(relation.offset),
            end: price(relation.offset + capacity),
        }
    }

    /// Quantity at a price: a range where the price is that of a constant piece.
    pub(super) fn at(&self, side: Side, price: f64) -> Interval {
        let span = self.span(side);
        let capacity = self.capacity();
        // Compared as supply would be: demand runs down its prices as supply runs up.
        let (price_up, start, end) = match side {
            Side::Supply => (price, span.start, span.end),
            Side::Demand => (-price, -span.start, -span.end),
        };
        match self.relation() {
            _ if price_up < start => Interval::point(0.0),
            _ if price_up > end => Interval::point(capacity),
            None if start == end => Interval::new(0.0, capacity),
            None => Interval::point(capacity),
            Some(_) if price_up == start => Interval::point(0.0),
            Some(_) if price_up == end => Interval::point(capacity),
            Some(relation) => {
                let x = relation.quantity.value(relation.parameters, price) - relation.offset;
                Interval::point(x.max(0.0).min(capacity))
            }
        }
    }

    /// Price of the piece's unit number `x`; for a fixed quantity the price before its last unit.
    pub(super) fn price_at(&self, side: Side, x: f64) -> f64 {
        match self.relation() {
            Some(relation) => relation
                .price
                .value(relation.parameters, relation.offset + x),
            None => self.span(side).start,
        }
    }

    /// The same piece without its first `from` units and with at most `to - from` of the rest.
    pub(super) fn slice(&self, from: f64, to: f64) -> Self {
        let capacity = to.min(self.capacity()) - from;
        let segment = match &self.segment {
            Segment::Fixed { .. } => Segment::Fixed { quantity: capacity },
            Segment::Quantity { .. } if from == 0.0 && to == f64::INFINITY => self.segment.clone(),
            Segment::Quantity { kernel, parameters } => Segment::Price {
                kernel: kernel.inverse().unwrap_or(*kernel),
                parameters: parameters.clone(),
                offset: from,
                capacity,
            },
            Segment::Price {
                kernel,
                parameters,
                offset,
                ..
            } => Segment::Price {
                kernel: *kernel,
                parameters: parameters.clone(),
                offset: if *kernel == Kernel::Constant {
                    0.0
                } else {
                    offset + from
                },
                capacity,
            },
        };
        Self {
            path: self.path.clone(),
            segment,
        }
    }
}
