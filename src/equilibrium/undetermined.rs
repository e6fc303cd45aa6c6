//! Prices that the conditions leave open.
//!
//! A price is open when it can move, all else unchanged, without breaking a condition: no interior activity or
//! demand pins it. Each row that sees the price then gives an inequality, and together they give an interval.
//! The price shown is the upper end, at which the first unit would be offered (the lower end where there is no
//! upper one), so that it does not depend on the way the solver came.

use super::compiled::Compiled;
use super::numbers::Numbers;
use super::point::Point;
use crate::complementarity::Problem;
use crate::curve::Interval;

/// A price further away than this, in units of its size, has lost the digits of the ends of its interval: they are worked
/// out again from where it was moved to.
const FAR: f64 = 1e3;
const REPEATS: usize = 4;

/// Finds each open price, moves it to the end of its interval, and gives the intervals by node.
pub(super) fn settle(
    compiled: &Compiled,
    numbers: &Numbers,
    x: &mut [f64],
) -> Vec<Option<Interval>> {
    let point = Point { compiled, numbers };
    let mut residual = vec![0.0; x.len()];
    let mut jacobian = vec![0.0; compiled.structure.entries()];
    point.evaluate(x, &mut residual, Some(&mut jacobian));
    let mut intervals = Vec::with_capacity(compiled.assembly().nodes.len());
    for node in &compiled.assembly().nodes {
        let p = node.price.index();
        let mut shown = None;
        for _ in 0..REPEATS {
            let found = interval(compiled, numbers, x, &residual, &jacobian, p);
            shown = found.or(shown);
            let Some(end) = found.map(|open| end(&open)).filter(|end| end.is_finite()) else {
                break;
            };
            let from = std::mem::replace(&mut x[p], end);
            point.evaluate(x, &mut residual, Some(&mut jacobian));
            if (end - from).abs() <= FAR * numbers.variable[p] {
                break;
            }
        }
        intervals.push(shown);
    }
    intervals
}

/// The upper end, or the lower one where there is no upper.
fn end(open: &Interval) -> f64 {
    if open.high().is_finite() {
        open.high()
    } else {
        open.low()
    }
}

fn interval(
    compiled: &Compiled,
    numbers: &Numbers,
    x: &[f64],
    residual: &[f64],
    jacobian: &[f64],
    p: usize,
) -> Option<Interval> {
    if residual[p].abs() > 1e-9 * numbers.residual[p] {
        return None; // what is left over holds the price at its bound
    }
    // the pattern is structurally symmetric: the row of the price names the rows that see it
    let (starts, columns) = (
        compiled.structure.row_starts(),
        compiled.structure.columns(),
    );
    let (mut low, mut high) = (numbers.lower[p], numbers.upper[p]);
    for &row in &columns[starts[p]..starts[p + 1]] {
        let Some(slot) = compiled.structure.position(row, p) else {
            continue;
        };
        let slope = jacobian[slot] * numbers.variable[p] / numbers.residual[row];
        if slope == 0.0 {
            continue;
        }
        let step = -residual[row] / numbers.residual[row] / slope * numbers.variable[p];
        let near = 1e-9 * numbers.variable[row];
        let at_lower = x[row] - numbers.lower[row] <= near;
        let at_upper = numbers.upper[row] - x[row] <= near;
        // a condition may rise at a lower bound and fall at an upper one
        match (at_lower, at_upper) {
            (true, true) => {}
            (true, false) if slope > 0.0 => low = low.max(x[p] + step),
            (true, false) => high = high.min(x[p] + step),
            (false, true) if slope > 0.0 => high = high.min(x[p] + step),
            (false, true) => low = low.max(x[p] + step),
            (false, false) => return None,
        }
    }
    (high - low > 1e-7 * numbers.variable[p]).then(|| Interval::new(low, high))
}
