//! Active-set Newton: guess which unknowns sit at a bound, solve the linearised conditions of the others,
//! and let the outcome correct the guess (a semismooth Newton method on the natural map).
//!
//! Full steps run without a line search as long as the merit keeps improving every few steps, since a wrong
//! guess may raise it for a step or two on the way to the right one. Then steps are damped; when damping
//! fails the method gives up and another takes over.

use super::driver::Verdict;
use super::evaluation::{self, measure};
use super::workspace::{Position, Workspace};
use super::{Problem, Settings};

/// Full steps that may pass without a new best point.
const PATIENCE: u32 = 6;
/// Steps that a guess from the interior point, and one from another solution, get to come closer.
pub(super) const GUESS_STEPS: u32 = 3;
pub(super) const NEAR_STEPS: u32 = 2;
/// A merit that grew by this factor in one step shows a wrong guess.
const FAR: f64 = 1e5;
/// A scaled residual that is rounding, so that a singular matrix can be told from an unfinished solve.
const ROUNDING: f64 = 1e-13;
/// A bound on the error below which the point needs no polish.
const POLISHED: f64 = 1e-11;
/// The scaled residual of a linear system that is good enough for a guess that is wrong anyway.
const ROUGH: f64 = 1e-6;
/// Shortest damped step.
const SHORTEST: f64 = 1e-4;
/// Fraction of the distance to zero that an unknown which must stay positive may go.
const TO_ZERO: f64 = 0.9;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Newton {
    pub since_best: u32,
    pub damped: bool,
    pub steps: u32,
    pub first_merit: f64,
}

impl Workspace {
    /// Starts from the point in the workspace with the guess that its residual suggests.
    pub(super) fn begin_newton<P: Problem + ?Sized>(&mut self, problem: &P) {
        self.classify(problem);
        self.begin_guessed_newton();
    }

    /// Starts from the point in the workspace with the guess that stands there.
    pub(super) fn begin_guessed_newton(&mut self) {
        self.newton = Newton {
            first_merit: self.measure.merit,
            ..Newton::default()
        };
        self.best.copy_from_slice(&self.x);
        self.best_f.copy_from_slice(&self.f);
        self.best_measure = self.measure;
    }

    /// Whether a few steps have only led away from the guess.
    pub(super) fn guess_was_wrong(&self, patience: u32) -> bool {
        let reached = self.measure.merit / self.newton.first_merit.max(f64::MIN_POSITIVE);
        reached > FAR || self.newton.steps >= patience && reached > 1.0
    }

    pub(super) fn newton_steps(&self) -> u32 {
        self.newton.steps
    }

    /// Where the natural map puts each unknown.
    pub(super) fn classify<P: Problem + ?Sized>(&mut self, problem: &P) {
        let (lower, upper) = (problem.lower(), problem.upper());
        for (i, position) in self.position.iter_mut().enumerate() {
            let moved = self.x[i] - self.f[i] * self.sizes.ratio[i];
            *position = place(moved, lower[i], upper[i]);
        }
    }

    /// One step.
    pub(super) fn newton_step<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        settings: &Settings,
    ) -> Verdict {
        self.iterations.active_set += 1;
        self.newton.steps += 1;
        if !self.jacobian_current {
            self.jacobian_fresh = true;
            if !evaluation::linearise(problem, &self.x, &mut self.f, &mut self.jacobian) {
                return Verdict::Failed;
            }
            self.jacobian_current = true;
            self.hold_to_centre();
        }
        if !self.newton_direction(problem) {
            return Verdict::Failed;
        }
        let accepted = if self.newton.damped {
            self.damped_step(problem)
        } else {
            self.full_step(problem)
        };
        if !accepted {
            return Verdict::Failed;
        }
        if self.measure.worst <= settings.residual_tolerance() {
            let tolerance = settings.price_tolerance();
            if self.confirm(problem, tolerance)
                || self.settle_on_bounds(problem, settings) && self.confirm(problem, tolerance)
            {
                self.polish(problem, tolerance);
                return Verdict::Converged;
            }
        }
        if !self.newton.damped && self.newton.since_best > PATIENCE {
            // back to the best point, and carefully from there
            self.x.copy_from_slice(&self.best);
            self.f.copy_from_slice(&self.best_f);
            self.measure = self.best_measure;
            self.jacobian_current = problem.affine();
            self.newton.damped = true;
            self.classify(problem);
        }
        Verdict::Continue
    }

    /// Leaves the direction in `step`: to the bound where an unknown is taken to sit at one, Newton's for
    /// the others.
    fn newton_direction<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        let mut moved = false;
        for i in 0..self.n {
            let to_bound = match self.position[i] {
                Position::Free => {
                    self.shift[i] = self.proximal.strength / self.sizes.ratio[i];
                    self.rhs[i] = -self.f[i];
                    self.trial[i] = 0.0;
                    continue;
                }
                Position::Lower => lower[i] - self.x[i],
                Position::Upper => upper[i] - self.x[i],
            };
            self.shift[i] = f64::INFINITY;
            self.rhs[i] = 0.0;
            self.trial[i] = to_bound;
            moved |= to_bound != 0.0;
        }
        if moved {
            evaluation::subtract_product(
                &self.structure,
                &self.jacobian,
                &self.shift,
                &self.trial,
                &mut self.rhs,
            );
        }
        if self.factor().is_err() {
            return false;
        }
        self.solve_refined(ROUGH, 0);
        // a step that leaves the box shows a wrong guess, for which a few digits will do
        let exact = self.newton.damped || self.stays_inside(problem);
        self.refine(if exact { 1e-12 } else { ROUGH }, 5);
        for ((step, &to_bound), &position) in
            self.step.iter_mut().zip(&self.trial).zip(&self.position)
        {
            if position != Position::Free {
                *step = to_bound;
            }
        }
        self.step.iter().all(|d| d.is_finite())
    }

    /// Whether the step leads no unknown over a bound, give or take what a rough solution leaves open.
    fn stays_inside<P: Problem + ?Sized>(&self, problem: &P) -> bool {
        let bounds = problem.lower().iter().zip(problem.upper());
        let steps = self.x.iter().zip(&self.step).zip(&self.sizes.variable);
        steps
            .zip(bounds)
            .all(|(((x, step), size), (lower, upper))| {
                let to = x + step;
                to >= lower - ROUGH * size && to <= upper + ROUGH * size
            })
    }

    /// Moves all the way, cut back into the box unknown by unknown.
    fn full_step<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let mut clipped = self.trial_point(problem, 1.0, true);
        if !evaluation::residual(problem, &self.trial, &mut self.trial_f) {
            clipped = self.trial_point(problem, 1.0, false);
            if !evaluation::residual(problem, &self.trial, &mut self.trial_f) {
                return self.damped_step(problem);
            }
        }
        if clipped {
            // The box hides how far beyond a bound the step went, and with it the sign that tells which
            // unknowns belong there (routes at equal prices have no slope of their own). So the next guess
            // is read off the uncut, linearised step.
            self.predict(problem);
        }
        self.accept(problem);
        if !clipped {
            self.classify(problem);
        }
        true
    }

    /// The guess that follows from the linearised step without the box.
    fn predict<P: Problem + ?Sized>(&mut self, problem: &P) {
        let (lower, upper) = (problem.lower(), problem.upper());
        let columns = self.structure.columns();
        for (i, ends) in self.structure.row_starts().windows(2).enumerate() {
            let mut moved = self.x[i] + self.step[i];
            if self.position[i] != Position::Free {
                let mut f = self.f[i];
                for k in ends[0]..ends[1] {
                    f += self.jacobian[k] * self.step[columns[k]];
                }
                moved -= f * self.sizes.ratio[i];
            }
            self.position[i] = place(moved, lower[i], upper[i]);
        }
    }

    /// Halves the step until the merit falls.
    fn damped_step<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let mut fraction = 1.0;
        while fraction >= SHORTEST {
            self.trial_point(problem, fraction, false);
            if evaluation::residual(problem, &self.trial, &mut self.trial_f) {
                self.add_proximal();
                let reached = measure(
                    &self.trial,
                    &self.trial_f,
                    problem.lower(),
                    problem.upper(),
                    &self.sizes,
                );
                if reached.merit <= (1.0 - 1e-4 * fraction) * self.measure.merit {
                    self.accept_measured(problem, reached);
                    self.classify(problem);
                    return true;
                }
            }
            fraction *= 0.5;
        }
        false
    }

    /// Writes the trial point; true if the box cut something off. An unknown that must stay positive may only go to
    /// zero where it is taken to sit at that bound, and `to_bounds` says that it may at all.
    fn trial_point<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        fraction: f64,
        to_bounds: bool,
    ) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        let mut clipped = false;
        for i in 0..self.n {
            let wanted = self.x[i] + fraction * self.step[i];
            let inside = wanted.max(lower[i]).min(upper[i]);
            clipped |= inside != wanted;
            self.trial[i] = inside;
        }
        if let Some(positive) = problem.positive() {
            for (i, _) in positive
                .iter()
                .enumerate()
                .filter(|(_, positive)| **positive)
            {
                let least = (1.0 - TO_ZERO) * self.x[i];
                let at_bound = to_bounds && self.position[i] == Position::Lower;
                if self.trial[i] < least && !at_bound {
                    self.trial[i] = least;
                    clipped = true;
                }
            }
        }
        clipped
    }

    /// The residual of the proximal problem at the point, where a continuation runs.
    fn hold_to_centre(&mut self) {
        if self.proximal.strength > 0.0 {
            for i in 0..self.n {
                self.f[i] += self.proximal.strength / self.sizes.ratio[i]
                    * (self.x[i] - self.proximal.centre[i]);
            }
        }
    }

    /// The residual of the proximal problem at the trial point.
    pub(super) fn add_proximal(&mut self) {
        if self.proximal.strength > 0.0 {
            for i in 0..self.n {
                self.trial_f[i] += self.proximal.strength / self.sizes.ratio[i]
                    * (self.trial[i] - self.proximal.centre[i]);
            }
        }
    }

    fn accept<P: Problem + ?Sized>(&mut self, problem: &P) {
        self.add_proximal();
        let reached = measure(
            &self.trial,
            &self.trial_f,
            problem.lower(),
            problem.upper(),
            &self.sizes,
        );
        self.accept_measured(problem, reached);
    }

    fn accept_measured<P: Problem + ?Sized>(&mut self, problem: &P, reached: evaluation::Measure) {
        std::mem::swap(&mut self.x, &mut self.trial);
        std::mem::swap(&mut self.f, &mut self.trial_f);
        self.measure = reached;
        self.jacobian_current = problem.affine();
        if reached.merit < self.best_measure.merit {
            self.best.copy_from_slice(&self.x);
            self.best_f.copy_from_slice(&self.f);
            self.best_measure = reached;
            self.newton.since_best = 0;
        } else {
            self.newton.since_best += 1;
        }
    }

    /// Bounds the error of the point by one more Newton correction with the factors at hand.
    fn confirm<P: Problem + ?Sized>(&mut self, problem: &P, tolerance: f64) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        for i in 0..self.n {
            let held = self.shift[i] == f64::INFINITY;
            let moved = self.x[i] - self.f[i] * self.sizes.ratio[i];
            let inside = moved.max(lower[i]).min(upper[i]);
            // held where it does not belong: free, or at the other of two bounds so close that the residual does not
            // tell them apart; a free unknown on its bound with a residual of no size is on either side
            let misplaced = held != (inside != moved) || held && inside != self.x[i];
            if misplaced && self.f[i].abs() * self.sizes.inverse_residual[i] > tolerance {
                return false;
            }
            self.rhs[i] = if held { 0.0 } else { -self.f[i] };
        }
        self.solve_refined(1e-12, 0);
        self.price_error = self.largest_step();
        if self.price_error > tolerance && self.measure.worst <= ROUNDING {
            self.price_error = self.determined_step();
        }
        self.price_error <= tolerance
    }

    /// Takes the correction that bounded the error where it brings the point closer: it needs no factorisation, and
    /// accounts add up the better for it. The bound stays that of the point before.
    fn polish<P: Problem + ?Sized>(&mut self, problem: &P, tolerance: f64) {
        let open = self.largest_step() > tolerance;
        if open || self.price_error <= POLISHED || self.proximal.strength > 0.0 {
            return;
        }
        self.trial_point(problem, 1.0, false);
        if !evaluation::residual(problem, &self.trial, &mut self.trial_f) {
            return;
        }
        let reached = measure(
            &self.trial,
            &self.trial_f,
            problem.lower(),
            problem.upper(),
            &self.sizes,
        );
        if reached.merit < self.measure.merit {
            self.accept_measured(problem, reached);
        }
    }

    /// Moves unknowns that the conditions hardly hold, such as an output whose marginal cost rises with the fifth power,
    /// to the bounds they drift to. True if the conditions hold there too; else nothing has changed.
    fn settle_on_bounds<P: Problem + ?Sized>(&mut self, problem: &P, settings: &Settings) -> bool {
        if !self.step.iter().all(|d| d.is_finite()) {
            return false;
        }
        let (lower, upper) = (problem.lower(), problem.upper());
        let tolerance = settings.price_tolerance();
        let mut moved = false;
        self.trial.copy_from_slice(&self.x);
        for i in 0..self.n {
            let free = self.shift[i] < f64::INFINITY;
            if !free || self.step[i].abs() * self.sizes.inverse_variable[i] <= tolerance {
                continue;
            }
            let bound = if self.step[i] < 0.0 {
                lower[i]
            } else {
                upper[i]
            };
            if bound.is_finite() && bound != self.x[i] {
                self.trial[i] = bound;
                moved = true;
            }
        }
        if !moved || !evaluation::residual(problem, &self.trial, &mut self.trial_f) {
            return false;
        }
        let reached = measure(&self.trial, &self.trial_f, lower, upper, &self.sizes);
        if reached.worst > settings.residual_tolerance() || self.proximal.strength > 0.0 {
            return false;
        }
        for i in 0..self.n {
            if self.trial[i] != self.x[i] {
                self.shift[i] = f64::INFINITY;
                self.position[i] = if self.trial[i] == lower[i] {
                    Position::Lower
                } else {
                    Position::Upper
                };
            }
        }
        self.accept_measured(problem, reached);
        self.jacobian_fresh = true;
        if !evaluation::linearise(problem, &self.x, &mut self.f, &mut self.jacobian) {
            return false;
        }
        self.jacobian_current = true;
        self.factor().is_ok()
    }

    /// The largest step as a fraction of the unknowns' sizes.
    fn largest_step(&self) -> f64 {
        let mut largest: f64 = 0.0;
        for (&step, &scale) in self.step.iter().zip(&self.sizes.inverse_variable) {
            largest = largest.max(step.abs() * scale);
        }
        largest
    }

    /// The largest step without what lies where the matrix is singular.
    ///
    /// The factors belong to `M`, close to `J`. Of `d = M^-1 r` the part `M^-1 (r - J d)` is small where `J` determines
    /// the step, and all of it where it does not: there rounding in `r` counts for nothing, since any step along it
    /// keeps the conditions.
    fn determined_step(&mut self) -> f64 {
        self.trial.copy_from_slice(&self.step);
        evaluation::subtract_product(
            &self.structure,
            &self.jacobian,
            &self.shift,
            &self.trial,
            &mut self.rhs,
        );
        self.solve_refined(1e-12, 0);
        for (step, &whole) in self.step.iter_mut().zip(&self.trial) {
            *step = whole - *step;
        }
        self.largest_step()
    }
}

/// On which side of its bounds a value lies.
fn place(value: f64, lower: f64, upper: f64) -> Position {
    if value <= lower {
        Position::Lower
    } else if value >= upper {
        Position::Upper
    } else {
        Position::Free
    }
}
