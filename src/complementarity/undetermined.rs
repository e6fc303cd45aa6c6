//! A finish where the conditions leave something open: routes at equal prices, a price without a trade, a tie of two
//! bounds. The matrix of the active set is singular there, so a step is taken as short as the conditions allow.

use nalgebra::{DMatrix, DVector};

use super::check::check;
use super::evaluation::{self, measure};
use super::workspace::{Position, Workspace};
use super::{Outcome, Problem, Settings, Termination};

/// Steps.
const MOST: usize = 30;
/// Systems beyond this size are left as they are: a singular value decomposition would take seconds.
const LARGEST: usize = 250;
/// Share of the largest singular value below which a direction counts as undetermined.
const OPEN: f64 = 1e-11;
/// Shortest fraction of a step.
const SHORTEST: f64 = 1e-2;

impl Workspace {
    /// Goes from the point in the workspace to a solution near it, by Newton steps of least norm. The outcome's bound
    /// on the error is that of the part that the conditions determine. None when no solution is reached.
    pub(crate) fn finish_undetermined<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        settings: &Settings,
    ) -> Option<Outcome> {
        if self.n > LARGEST {
            return None;
        }
        check(problem, self).ok()?;
        for _ in 0..MOST {
            self.jacobian_fresh = true;
            if !evaluation::linearise(problem, &self.x, &mut self.f, &mut self.jacobian) {
                return None;
            }
            self.jacobian_current = true;
            let (lower, upper) = (problem.lower(), problem.upper());
            self.measure = measure(&self.x, &self.f, lower, upper, &self.sizes);
            self.classify(problem);
            let length = self.least_step(problem)?;
            self.iterations.active_set += 1;
            let small = settings.residual_tolerance();
            if !self.go(problem, small) {
                return None;
            }
            if length <= settings.price_tolerance() && self.measure.worst <= small {
                self.price_error = length;
                let termination = self.done(problem);
                return (termination == Termination::Converged).then(|| self.outcome(termination));
            }
        }
        None
    }

    /// Leaves the shortest step that solves the linearised conditions in `step`; gives its largest part as a share of
    /// the unknowns' sizes.
    fn least_step<P: Problem + ?Sized>(&mut self, problem: &P) -> Option<f64> {
        let (lower, upper) = (problem.lower(), problem.upper());
        let mut free = Vec::new();
        let mut column = vec![usize::MAX; self.n];
        for i in 0..self.n {
            self.step[i] = match self.position[i] {
                Position::Free => {
                    column[i] = free.len();
                    free.push(i);
                    0.0
                }
                Position::Lower => lower[i] - self.x[i],
                Position::Upper => upper[i] - self.x[i],
            };
        }
        let mut matrix = DMatrix::<f64>::zeros(free.len(), free.len());
        let mut wanted = DVector::<f64>::zeros(free.len());
        let (starts, columns) = (self.structure.row_starts(), self.structure.columns());
        for (r, &i) in free.iter().enumerate() {
            let mut left = -self.f[i];
            let mut largest = 0.0_f64;
            for k in starts[i]..starts[i + 1] {
                let j = columns[k];
                if column[j] == usize::MAX {
                    left -= self.jacobian[k] * self.step[j];
                } else {
                    let entry = self.jacobian[k] * self.sizes.variable[j];
                    matrix[(r, column[j])] = entry;
                    largest = largest.max(entry.abs());
                }
            }
            if largest > 0.0 {
                matrix.row_mut(r).scale_mut(1.0 / largest);
                wanted[r] = left / largest;
            }
        }
        if matrix.iter().chain(wanted.iter()).any(|v| !v.is_finite()) {
            return None;
        }
        if !free.is_empty() {
            let parts = matrix.try_svd(true, true, f64::EPSILON, 1000)?;
            let cut = OPEN * parts.singular_values.max();
            let solved = parts.solve(&wanted, cut).ok()?;
            for (&i, part) in free.iter().zip(solved.iter()) {
                self.step[i] = part * self.sizes.variable[i];
            }
        }
        let scaled = self.step[..self.n].iter().zip(&self.sizes.inverse_variable);
        let length = scaled.fold(0.0_f64, |m, (step, scale)| m.max((step * scale).abs()));
        length.is_finite().then_some(length)
    }

    /// Goes along the step as far as the merit falls, or stays within what is small.
    fn go<P: Problem + ?Sized>(&mut self, problem: &P, small: f64) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        let mut fraction = 1.0;
        while fraction >= SHORTEST {
            for i in 0..self.n {
                let moved = self.x[i] + fraction * self.step[i];
                self.trial[i] = moved.max(lower[i]).min(upper[i]);
            }
            if evaluation::residual(problem, &self.trial, &mut self.trial_f) {
                let reached = measure(&self.trial, &self.trial_f, lower, upper, &self.sizes);
                if reached.merit < self.measure.merit || reached.worst <= small {
                    std::mem::swap(&mut self.x, &mut self.trial);
                    std::mem::swap(&mut self.f, &mut self.trial_f);
                    self.measure = reached;
                    return true;
                }
            }
            fraction *= 0.5;
        }
        false
    }
}
