//! What a unit stored is worth, and what is planned, as functions of the total stock carried out of a period.

/// A point of both functions, with slopes on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct CarryKnot {
    pub stock: f64,
    /// Discounted expected price of what is kept, less the cost of storage.
    pub worth: f64,
    pub worth_left: f64,
    pub worth_right: f64,
    /// Planned supply for the next period.
    pub planned: f64,
    pub planned_left: f64,
    pub planned_right: f64,
}

/// Both functions, cubic between knots.
#[derive(Debug, Clone, Default)]
pub(super) struct Carry {
    pub knots: Vec<CarryKnot>,
}

impl Carry {
    /// The interval that `stock` is in, by the number of its lower knot.
    fn interval(&self, stock: f64) -> usize {
        let after = self.knots.partition_point(|knot| knot.stock <= stock);
        after
            .saturating_sub(1)
            .min(self.knots.len().saturating_sub(2))
    }

    /// Planned supply and its slope; beyond the knots along a line.
    pub(super) fn planned(&self, stock: f64) -> (f64, f64) {
        let at = self.interval(stock);
        match self.knots.get(at..) {
            Some([a, b, ..]) if stock <= b.stock => hermite(
                [a.stock, b.stock],
                [a.planned, b.planned],
                [a.planned_right, b.planned_left],
                stock,
            ),
            Some([_, b, ..]) => (
                b.planned + b.planned_left * (stock - b.stock),
                b.planned_left,
            ),
            Some([a]) => (a.planned, 0.0),
            _ => (f64::NAN, f64::NAN),
        }
    }

    /// What a unit stored is worth.
    pub(super) fn worth(&self, stock: f64) -> f64 {
        let at = self.interval(stock);
        match self.knots.get(at..) {
            Some([a, b, ..]) => {
                hermite(
                    [a.stock, b.stock],
                    [a.worth, b.worth],
                    [a.worth_right, b.worth_left],
                    stock,
                )
                .0
            }
            Some([a]) => a.worth,
            _ => f64::NAN,
        }
    }
}

/// The cubic through two points with given slopes: value and slope at `x`.
fn hermite(x: [f64; 2], y: [f64; 2], slope: [f64; 2], at: f64) -> (f64, f64) {
    let width = x[1] - x[0];
    let secant = (y[1] - y[0]) / width;
    let second = (3.0 * secant - 2.0 * slope[0] - slope[1]) / width;
    let third = (slope[0] + slope[1] - 2.0 * secant) / (width * width);
    let d = at - x[0];
    (
        y[0] + d * (slope[0] + d * (second + d * third)),
        slope[0] + d * (2.0 * second + 3.0 * d * third),
    )
}
