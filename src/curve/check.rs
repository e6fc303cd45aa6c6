//! The rules that the numbers of a curve must keep.

use std::collections::BTreeSet;

use super::bundle::{CHOKE, SHIFT};
use super::{CurveError, Kernel, Observed, Piece, Side, Step};

/// Checks numbers for one side of a market.
#[derive(Clone, Copy)]
pub(super) struct Check {
    pub side: Side,
}

impl Check {
    pub(super) fn finite(self, what: &'static str, value: f64) -> Result<(), CurveError> {
        let side = self.side;
        if value.is_finite() {
            Ok(())
        } else {
            Err(CurveError::NotFinite { side, what, value })
        }
    }

    pub(super) fn positive(self, what: &'static str, value: f64) -> Result<(), CurveError> {
        let side = self.side;
        self.finite(what, value)?;
        if value > 0.0 {
            Ok(())
        } else {
            Err(CurveError::NotPositive { side, what, value })
        }
    }

    pub(super) fn not_negative(self, what: &'static str, value: f64) -> Result<(), CurveError> {
        let side = self.side;
        self.finite(what, value)?;
        if value >= 0.0 {
            Ok(())
        } else {
            Err(CurveError::Negative { side, what, value })
        }
    }

    /// A number with the sign of the side's slope: negative for demand, positive for supply.
    fn signed(self, what: &'static str, value: f64) -> Result<(), CurveError> {
        let side = self.side;
        self.finite(what, value)?;
        if value == 0.0 {
            Err(CurveError::Zero { side, what })
        } else if value * side.sign() > 0.0 {
            Ok(())
        } else {
            Err(CurveError::WrongSign { side, what, value })
        }
    }

    /// That a number computed from the parameter `value` neither overflowed nor vanished.
    pub(super) fn tame(
        self,
        what: &'static str,
        value: f64,
        computed: f64,
    ) -> Result<(), CurveError> {
        let side = self.side;
        if computed.is_normal() {
            Ok(())
        } else {
            Err(CurveError::TooExtreme { side, what, value })
        }
    }

    /// That an answer did not overflow.
    pub(super) fn computed(self, what: &'static str, value: f64) -> Result<(), CurveError> {
        let side = self.side;
        if value.is_finite() {
            Ok(())
        } else {
            Err(CurveError::TooExtreme { side, what, value })
        }
    }

    pub(super) fn enough(
        self,
        what: &'static str,
        count: usize,
        needed: usize,
    ) -> Result<(), CurveError> {
        let side = self.side;
        if count >= needed {
            Ok(())
        } else {
            Err(CurveError::TooFew {
                side,
                what,
                count,
                needed,
            })
        }
    }

    pub(super) fn linear(self, intercept: f64, slope: f64) -> Result<(), CurveError> {
        self.finite("intercept", intercept)?;
        self.signed("slope", slope)?;
        if self.side == Side::Demand {
            self.positive("intercept", intercept)?;
        }
        self.tame("slope", slope, slope)?;
        self.tame("slope", slope, 1.0 / slope)?;
        if intercept != 0.0 {
            self.tame("intercept", intercept, intercept / slope)?;
        }
        Ok(())
    }

    pub(super) fn observed(
        self,
        price: f64,
        quantity: f64,
        elasticity: f64,
    ) -> Result<(), CurveError> {
        self.positive("price", price)?;
        self.positive("quantity", quantity)?;
        self.signed("elasticity", elasticity)
    }

    /// The steps as constant pieces in the order in which they are used.
    pub(super) fn steps(self, steps: &[Step]) -> Result<Vec<Piece>, CurveError> {
        let side = self.side;
        self.enough("steps", steps.len(), 1)?;
        let mut names = BTreeSet::new();
        let mut pieces = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let name = match &step.name {
                Some(name) => name.clone(),
                None => format!("step {}", index + 1),
            };
            if name.trim().is_empty()
                || name.contains('/')
                || [SHIFT, CHOKE].contains(&name.as_str())
            {
                return Err(CurveError::BadName { side, name });
            }
            match side {
                Side::Demand => {
                    self.positive("willingness to pay of a step", step.price)?;
                    self.positive("quantity of a step", step.quantity)?;
                }
                Side::Supply => {
                    self.not_negative("unit cost of a step", step.price)?;
                    self.positive("capacity of a step", step.quantity)?;
                }
            }
            pieces.push((
                step.price,
                Piece::constant(&name, step.price, step.quantity),
            ));
            if !names.insert(name.clone()) {
                return Err(CurveError::RepeatedName { side, name });
            }
        }
        pieces.sort_by(|(a, _), (b, _)| (side.sign() * a).total_cmp(&(side.sign() * b)));
        Ok(pieces.into_iter().map(|(_, piece)| piece).collect())
    }

    /// The table as linear pieces between its points, in the order in which they are used.
    pub(super) fn table(self, points: &[Observed]) -> Result<Vec<Piece>, CurveError> {
        let side = self.side;
        self.enough("table", points.len(), 2)?;
        for point in points {
            self.not_negative("price of a point", point.price)?;
            self.not_negative("quantity of a point", point.quantity)?;
        }
        let mut points = points.to_vec();
        points.sort_by(|a, b| {
            a.quantity
                .total_cmp(&b.quantity)
                .then((side.sign() * a.price).total_cmp(&(side.sign() * b.price)))
        });
        let mut pieces = Vec::with_capacity(points.len());
        if let Some(first) = points.first().filter(|first| first.quantity > 0.0) {
            pieces.push(Piece::constant("first point", first.price, first.quantity));
        }
        for (index, pair) in points.windows(2).enumerate() {
            let &[from, to] = pair else { continue };
            let (rise, width) = (to.price - from.price, to.quantity - from.quantity);
            if rise * side.sign() < 0.0 || (rise == 0.0 && width == 0.0) {
                let (first, second) = if rise < 0.0 { (to, from) } else { (from, to) };
                return Err(CurveError::NotMonotone {
                    side,
                    first,
                    second,
                });
            }
            let path = format!("interval {}", index + 1);
            if rise == 0.0 {
                pieces.push(Piece::constant(&path, from.price, width));
            } else if width > 0.0 {
                let slope = rise / width;
                self.tame("slope between two points", slope, slope)?;
                self.tame("slope between two points", slope, 1.0 / slope)?;
                let parameters = vec![from.price, slope];
                pieces.push(Piece::priced(&path, Kernel::Linear, parameters, 0.0, width));
            }
        }
        self.positive(
            "largest quantity of the table",
            points.last().map_or(0.0, |last| last.quantity),
        )?;
        Ok(pieces)
    }
}
