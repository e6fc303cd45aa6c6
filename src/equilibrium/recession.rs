//! Proofs that there is no equilibrium from a direction in which a search ran off.
//!
//! At a solution `F(x*) (z - x*) >= 0` for every `z` within the bounds. So `d F(x*) >= 0` for every direction `d` in
//! which one can go without ever meeting a bound, and a `d` with `d F(x) < 0` at every `x` within the bounds proves that
//! there is none (F. Facchinei, J.-S. Pang, Finite-Dimensional Variational Inequalities, 2003, section 2.2). In words: a
//! price that rises without limit and still leaves something short, or a quantity that gains however much it grows.
//!
//! The largest that `d F(x)` can be is bounded by intervals, term by term.

use nalgebra::{DMatrix, DVector};

use super::compiled::Compiled;
use super::error::SolveError;
use super::numbers::Numbers;
use super::program::Term;
use crate::complementarity::Side;
use crate::curve::Kernel;

/// Parts of a direction that count, as shares of its largest, in money.
const PARTS: [f64; 4] = [1e-2, 1e-4, 1e-6, 1e-8];
/// Coefficients that a direction is corrected to cancel, and those that are rounding, as shares of their terms.
const NEARLY: f64 = 1e-3;
const ROUNDING: f64 = 1e-12;
/// By what share of all terms a proof must hold.
const MARGIN: f64 = 1e-9;

/// An interval `[low, high]`.
type Span = (f64, f64);

fn times(a: Span, b: Span) -> Span {
    if [a.0, a.1, b.0, b.1].iter().any(|end| end.is_nan()) {
        return (f64::NAN, f64::NAN);
    }
    // a factor of zero wins over one without limit
    let product = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
    let ends = [
        product(a.0, b.0),
        product(a.0, b.1),
        product(a.1, b.0),
        product(a.1, b.1),
    ];
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low, high)
}

impl Compiled {
    /// The error that says why there is no solution, if the direction from the origin to a far point proves it.
    pub(super) fn leads_away(&self, numbers: &Numbers, far: &[f64]) -> Option<SolveError> {
        let worth = |i: usize| far[i].abs() * numbers.residual[i];
        let most = (0..far.len()).map(worth).fold(0.0, f64::max);
        let parts = PARTS.map(|least| self.open(numbers, far, |i| worth(i) >= least * most));
        let alone = (0..far.len())
            .filter(|&i| worth(i) >= PARTS[1] * most)
            .map(|i| self.open(numbers, far, |k| k == i));
        parts.into_iter().chain(alone).flatten().find_map(|open| {
            let cancelled = self.cancelled(numbers, open);
            // a part that changed its sign may meet a bound
            self.proof(numbers, &self.open(numbers, &cancelled, |_| true)?)
        })
    }

    /// The parts of a direction that are kept and that no bound stops; none if nothing is left.
    fn open(
        &self,
        numbers: &Numbers,
        direction: &[f64],
        keep: impl Fn(usize) -> bool,
    ) -> Option<Vec<f64>> {
        let of = |i: usize| {
            let d = direction[i];
            let stopped = d > 0.0 && numbers.upper[i] < f64::INFINITY
                || d < 0.0 && numbers.lower[i] > f64::NEG_INFINITY;
            if stopped || !keep(i) { 0.0 } else { d }
        };
        let open: Vec<f64> = (0..direction.len()).map(of).collect();
        open.iter().any(|&d| d != 0.0).then_some(open)
    }

    /// The coefficient of every unknown in the linear part of `d F`, and the sum of the terms' sizes.
    fn coefficients_along(&self, numbers: &Numbers, d: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut sums, mut sizes) = (vec![0.0; d.len()], vec![0.0; d.len()]);
        for (i, ends) in self.structure.row_starts().windows(2).enumerate() {
            if d[i] == 0.0 {
                continue;
            }
            for k in ends[0]..ends[1] {
                let j = self.structure.columns()[k];
                let part = d[i] * numbers.jacobian[k];
                sums[j] += part;
                sizes[j] += part.abs();
            }
        }
        (sums, sizes)
    }

    /// The nearest direction in which the coefficients that nearly cancel do cancel.
    pub(super) fn cancelled(&self, numbers: &Numbers, d: Vec<f64>) -> Vec<f64> {
        let (sums, sizes) = self.coefficients_along(numbers, &d);
        let columns: Vec<usize> = (0..d.len())
            .filter(|&j| sizes[j] > 0.0 && sums[j].abs() <= NEARLY * sizes[j])
            .collect();
        let rows: Vec<usize> = (0..d.len()).filter(|&i| d[i] != 0.0).collect();
        if columns.is_empty() {
            return d;
        }
        // relative changes of the parts of the direction
        let entry = |c: usize, r: usize| {
            let (j, i) = (columns[c], rows[r]);
            let slot = self.structure.position(i, j);
            slot.map_or(0.0, |k| d[i] * numbers.jacobian[k] / sizes[j])
        };
        let matrix = DMatrix::from_fn(columns.len(), rows.len(), entry);
        let left = DVector::from_fn(columns.len(), |c, _| sums[columns[c]] / sizes[columns[c]]);
        let parts = matrix.svd(true, true);
        let Ok(change) = parts.solve(&left, 1e-10) else {
            return d;
        };
        let mut better = d;
        for (&i, change) in rows.iter().zip(change.iter()) {
            better[i] *= 1.0 - change;
        }
        better
    }

    /// Whether no bound stops the direction and `d F(x) < 0` at every `x` within the bounds, and what that says.
    pub(super) fn proof(&self, numbers: &Numbers, d: &[f64]) -> Option<SolveError> {
        let is_open = |i: usize| {
            !(d[i] > 0.0 && numbers.upper[i] < f64::INFINITY
                || d[i] < 0.0 && numbers.lower[i] > f64::NEG_INFINITY)
        };
        if !(0..d.len()).all(is_open) {
            return None;
        }
        let (sums, sizes) = self.coefficients_along(numbers, d);
        let (mut most, mut all) = (0.0, 0.0);
        // a term that nears zero, but is below it at every point
        let mut never_zero = false;
        for i in 0..d.len() {
            most += d[i] * numbers.constants[i];
            all += (d[i] * numbers.constants[i]).abs();
            if sums[i].abs() <= ROUNDING * sizes[i] {
                continue;
            }
            let (_, high) = times((sums[i], sums[i]), (numbers.lower[i], numbers.upper[i]));
            most += high;
            all += high.abs();
        }
        for term in self.terms.iter().filter(|t| d[t.row] != 0.0) {
            let by = d[term.row] * numbers.coefficients[term.coefficient];
            let (_, high) = times((by, by), self.span(numbers, term)?);
            most += high;
            all += high.abs();
            never_zero |= by < 0.0 && self.is_positive(term);
        }
        let clear = most < -MARGIN * all;
        let just = never_zero && most <= ROUNDING * all;
        (all.is_finite() && (clear || just)).then(|| self.say(numbers, d, most))
    }

    /// Whether a term is above zero wherever it is defined: demand without a choke price.
    pub(super) fn is_positive(&self, term: &Term) -> bool {
        let positive = |c: u32| {
            let kernel = self.curves[c as usize].kernel;
            matches!(
                kernel,
                Kernel::ElasticQuantity | Kernel::ExponentialQuantity
            )
        };
        let curves_alone = term.unknowns.is_empty() && term.blocks.is_empty();
        curves_alone && term.curves.iter().all(|&(c, _)| positive(c))
    }

    /// Between what values a term lies, without its coefficient.
    fn span(&self, numbers: &Numbers, term: &Term) -> Option<Span> {
        if !term.blocks.is_empty() {
            return None;
        }
        let bounds = |i: usize| (numbers.lower[i], numbers.upper[i]);
        let unknowns = term.unknowns.iter().map(|&(u, _)| bounds(u as usize));
        let curves = term.curves.iter().map(|&(c, _)| {
            // curves rise or fall throughout
            let of = self.curves[c as usize].of;
            let at = |x: f64| {
                let mut point = vec![0.0; numbers.lower.len()];
                point[of] = x;
                self.curve_at(numbers, c, &point).0
            };
            let (low, high) = bounds(of);
            let (a, b) = (at(low), at(high));
            if a.is_nan() || b.is_nan() {
                (f64::NAN, f64::NAN)
            } else {
                (a.min(b), a.max(b))
            }
        });
        let span = unknowns.chain(curves).fold((1.0, 1.0), times);
        (!span.0.is_nan()).then_some(span)
    }

    /// The error for a direction that proves it, by its largest part in money.
    fn say(&self, numbers: &Numbers, d: &[f64], most: f64) -> SolveError {
        let size = |i: usize| (d[i] * numbers.residual[i]).abs();
        let largest = (0..d.len())
            .max_by(|&a, &b| size(a).total_cmp(&size(b)))
            .unwrap_or(0);
        let unknowns = &self.assembly().unknowns;
        let place = unknowns
            .get(largest)
            .map_or_else(String::new, |u| u.name.clone());
        match self.structure.sides().get(largest) {
            Some(Side::Dual) => {
                let short = -most / d[largest].abs();
                let asked = (-numbers.constants[largest]).max(short);
                SolveError::Unattainable {
                    place,
                    asked,
                    most: asked - short,
                }
            }
            _ => SolveError::Endless { place },
        }
    }
}
