//! Interior point for monotone box problems: Mehrotra's predictor and corrector on
//! `F(x) - v + w = 0`, `v (x - l) = w (u - x) = mu`, with one step length for everything.
//!
//! S. J. Wright, Primal-Dual Interior-Point Methods, SIAM 1997, chapters 8 and 10. Products are measured in
//! units of sx times sF, so that all pairs count alike whatever their units.

use super::driver::Verdict;
use super::evaluation;
use super::workspace::{Position, Workspace};
use super::{Problem, Settings};

/// Smallest initial distance to a bound, in units of sx, and smallest initial multiplier, in units of sF.
const INITIAL_DISTANCE: f64 = 0.05;
const INITIAL_MULTIPLIER: f64 = 0.1;
/// Share of a two-sided range that the start stays away from each end.
const INITIAL_SHARE: f64 = 0.1;
/// A range narrower than this many sx holds its unknown in place.
const NARROW: f64 = 1e-11;
/// The first complementarity gap, in units of sx sF, at which the active set is worth a guess.
const FIRST_GUESS: f64 = 1e-4;
/// After a wrong guess the gap must fall by this factor before the next.
const NEXT_GUESS: f64 = 1e-2;
/// The gap at which the method has done what it can.
const LAST_GAP: f64 = 1e-13;
const ITERATION_LIMIT: u32 = 150;

/// Distances to the bounds and their multipliers. Where a bound is missing the distance is 1, the
/// multiplier 0 and the weight 0, so that loops need no branches.
#[derive(Debug, Clone)]
pub(super) struct Barrier {
    z: Vec<f64>,
    f: Vec<f64>,
    low: Bounds,
    high: Bounds,
    pairs: f64,
    gap: f64,
    infeasibility: f64,
    next_guess: f64,
    steps: u32,
    short_steps: u32,
}

#[derive(Debug, Clone)]
struct Bounds {
    /// 1 where the bound is finite, else 0.
    present: Vec<f64>,
    distance: Vec<f64>,
    inverse: Vec<f64>,
    multiplier: Vec<f64>,
    /// Change of the multiplier.
    change: Vec<f64>,
    /// What distance times multiplier should become.
    target: Vec<f64>,
}

impl Bounds {
    fn new(n: usize) -> Self {
        Self {
            present: vec![0.0; n],
            distance: vec![1.0; n],
            inverse: vec![1.0; n],
            multiplier: vec![0.0; n],
            change: vec![0.0; n],
            target: vec![0.0; n],
        }
    }

    /// The change of the multipliers that goes with a change of the distances (`sign` times `step`).
    fn follow(&mut self, sign: f64, step: &[f64]) {
        for i in 0..step.len() {
            let reached = self.distance[i] + sign * self.present[i] * step[i];
            self.change[i] = (self.target[i] - self.multiplier[i] * reached) * self.inverse[i];
        }
    }

    /// One over the longest step that keeps everything non-negative.
    fn longest(&self, sign: f64, step: &[f64]) -> f64 {
        let mut steepest: f64 = 0.0;
        for i in 0..step.len() {
            steepest = steepest.max(-sign * self.present[i] * step[i] * self.inverse[i]);
            if self.change[i] < 0.0 {
                steepest = steepest.max(-self.change[i] / self.multiplier[i]);
            }
        }
        steepest
    }

    fn advance(&mut self, sign: f64, length: f64, step: &[f64]) {
        for i in 0..step.len() {
            let moved = self.distance[i] + sign * length * self.present[i] * step[i];
            self.distance[i] = moved.max(f64::MIN_POSITIVE);
            let multiplier = self.multiplier[i] + length * self.change[i];
            self.multiplier[i] = multiplier.max(f64::MIN_POSITIVE) * self.present[i];
        }
    }
}

impl Barrier {
    pub fn new(n: usize) -> Self {
        Self {
            z: vec![0.0; n],
            f: vec![0.0; n],
            low: Bounds::new(n),
            high: Bounds::new(n),
            pairs: 0.0,
            gap: 0.0,
            infeasibility: 0.0,
            next_guess: 0.0,
            steps: 0,
            short_steps: 0,
        }
    }
}

impl Workspace {
    /// Moves the point into the box and sets the multipliers. False where `F` is not defined there.
    pub(super) fn begin_interior<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        let barrier = &mut self.barrier;
        barrier.steps = 0;
        barrier.short_steps = 0;
        barrier.next_guess = FIRST_GUESS;
        for i in 0..self.x.len() {
            let (l, u, size) = (lower[i], upper[i], self.sizes.variable[i]);
            let range = u - l;
            let z = &mut barrier.z[i];
            *z = self.x[i];
            if range <= NARROW * size {
                *z = l;
                barrier.low.present[i] = 0.0;
                barrier.high.present[i] = 0.0;
                self.shift[i] = f64::INFINITY;
                continue;
            }
            self.shift[i] = 0.0;
            let away = (INITIAL_DISTANCE * size).min(INITIAL_SHARE * range);
            *z = z.max(l + away).min(u - away);
            barrier.low.present[i] = if l > f64::NEG_INFINITY { 1.0 } else { 0.0 };
            barrier.high.present[i] = if u < f64::INFINITY { 1.0 } else { 0.0 };
        }
        if !evaluation::linearise(problem, &barrier.z, &mut barrier.f, &mut self.jacobian) {
            return false;
        }
        self.jacobian_current = false;
        let mut pairs = 0.0;
        for i in 0..self.x.len() {
            let least = INITIAL_MULTIPLIER / self.sizes.inverse_residual[i];
            let f = barrier.f[i];
            for (bounds, distance, pull) in [
                (&mut barrier.low, barrier.z[i] - lower[i], f),
                (&mut barrier.high, upper[i] - barrier.z[i], -f),
            ] {
                let present = bounds.present[i] > 0.0;
                bounds.distance[i] = if present { distance } else { 1.0 };
                bounds.multiplier[i] = if present { pull.max(0.0) + least } else { 0.0 };
                pairs += bounds.present[i];
            }
        }
        barrier.pairs = pairs;
        self.measure_barrier();
        true
    }

    /// The gap in units of sx sF, and the largest scaled violation of `F - v + w = 0`.
    fn measure_barrier(&mut self) {
        let (low, high) = (&self.barrier.low, &self.barrier.high);
        let (mut gap, mut worst): (f64, f64) = (0.0, 0.0);
        for i in 0..self.barrier.f.len() {
            let products = low.multiplier[i] * low.distance[i] * low.present[i]
                + high.multiplier[i] * high.distance[i] * high.present[i];
            gap += products * self.sizes.inverse_residual[i] * self.sizes.inverse_variable[i];
            let violation = self.barrier.f[i] - low.multiplier[i] + high.multiplier[i];
            if self.shift[i] < f64::INFINITY {
                worst = worst.max(violation.abs() * self.sizes.inverse_residual[i]);
            }
        }
        self.barrier.gap = gap / self.barrier.pairs.max(1.0);
        self.barrier.infeasibility = worst;
    }

    /// One step: a factorisation, predictor and corrector.
    pub(super) fn interior_step<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        _settings: &Settings,
    ) -> Verdict {
        self.iterations.interior_point += 1;
        self.barrier.steps += 1;
        if self.barrier.steps > ITERATION_LIMIT {
            return Verdict::Failed;
        }
        let n = self.x.len();
        self.shift_by_barrier();
        if self.factor().is_err() {
            return Verdict::Failed;
        }
        // predictor
        for i in 0..n {
            self.rhs[i] = -self.barrier.f[i];
        }
        self.barrier.low.target.fill(0.0);
        self.barrier.high.target.fill(0.0);
        self.solve_refined(1e-10, 2);
        let affine = self.follow();
        let curvature = self.second_order();
        let gap = self.barrier.gap;
        let predicted = ((1.0 - affine) * gap + affine * affine * curvature).max(0.0);
        let ratio = (predicted / gap).min(1.0);
        let centring = (ratio * ratio * ratio).clamp(1e-4, 0.9);
        // corrector
        self.aim(centring * gap, affine);
        self.solve_refined(1e-10, 2);
        let longest = self.follow();
        let mut length = (longest * (1.0 - (0.005_f64).min(gap.max(1e-8)))).min(1.0);
        if !length.is_finite() || !self.step.iter().all(|d| d.is_finite()) {
            return Verdict::Failed;
        }
        if !self.advance_interior(problem, &mut length) {
            return Verdict::Failed;
        }
        self.barrier.short_steps = if length < 1e-3 {
            self.barrier.short_steps + 1
        } else {
            0
        };
        if self.barrier.short_steps > 8 {
            return Verdict::Failed;
        }
        if self.barrier.gap <= self.barrier.next_guess && self.barrier.infeasibility <= 1e-2 {
            return Verdict::Guess;
        }
        Verdict::Continue
    }

    fn shift_by_barrier(&mut self) {
        let barrier = &mut self.barrier;
        for i in 0..self.shift.len() {
            let (low, high) = (&mut barrier.low, &mut barrier.high);
            low.inverse[i] = 1.0 / low.distance[i];
            high.inverse[i] = 1.0 / high.distance[i];
            if self.shift[i] < f64::INFINITY {
                self.shift[i] =
                    low.multiplier[i] * low.inverse[i] + high.multiplier[i] * high.inverse[i];
            }
        }
    }

    /// The multipliers' change for the step, and the longest step.
    fn follow(&mut self) -> f64 {
        self.barrier.low.follow(1.0, &self.step);
        self.barrier.high.follow(-1.0, &self.step);
        let steepest = self
            .barrier
            .low
            .longest(1.0, &self.step)
            .max(self.barrier.high.longest(-1.0, &self.step));
        if steepest > 1.0 { 1.0 / steepest } else { 1.0 }
    }

    /// Mean of the products of changes, in units of sx sF.
    fn second_order(&self) -> f64 {
        let (low, high) = (&self.barrier.low, &self.barrier.high);
        let mut sum = 0.0;
        for i in 0..self.step.len() {
            let both = low.present[i] * low.change[i] - high.present[i] * high.change[i];
            sum += both
                * self.step[i]
                * self.sizes.inverse_residual[i]
                * self.sizes.inverse_variable[i];
        }
        sum / self.barrier.pairs.max(1.0)
    }

    /// Sets the targets of the corrector and its right-hand side.
    fn aim(&mut self, gap: f64, affine: f64) {
        let (low, high) = (&mut self.barrier.low, &mut self.barrier.high);
        for i in 0..self.step.len() {
            let centre = gap * self.sizes.variable[i] / self.sizes.inverse_residual[i];
            let second = affine * self.step[i];
            low.target[i] = low.present[i] * (centre - second * low.change[i]);
            high.target[i] = high.present[i] * (centre + second * high.change[i]);
            self.rhs[i] = -self.barrier.f[i] + low.target[i] * low.inverse[i]
                - high.target[i] * high.inverse[i];
        }
    }

    /// Takes the step, shortened until `F` is defined and the conditions do not get worse.
    fn advance_interior<P: Problem + ?Sized>(&mut self, problem: &P, length: &mut f64) -> bool {
        let n = self.x.len();
        if let Some(positive) = problem.positive() {
            for i in 0..n {
                if positive[i] && self.step[i] < 0.0 {
                    *length = length.min(-0.99 * self.barrier.z[i] / self.step[i]);
                }
            }
        }
        let before = self.barrier.infeasibility + self.barrier.gap;
        let mut tries = 0;
        loop {
            for i in 0..n {
                self.trial[i] = self.barrier.z[i] + *length * self.step[i];
            }
            let defined = if problem.affine() {
                evaluation::residual(problem, &self.trial, &mut self.trial_f)
            } else {
                evaluation::linearise(problem, &self.trial, &mut self.trial_f, &mut self.jacobian)
            };
            if defined && (problem.affine() || self.violation_at(*length) <= 2.0 * before + 1e-8) {
                break;
            }
            tries += 1;
            if tries > 30 {
                return false;
            }
            *length *= 0.6;
        }
        std::mem::swap(&mut self.barrier.z, &mut self.trial);
        std::mem::swap(&mut self.barrier.f, &mut self.trial_f);
        self.barrier.low.advance(1.0, *length, &self.step);
        self.barrier.high.advance(-1.0, *length, &self.step);
        self.measure_barrier();
        self.barrier.gap.is_finite() && self.barrier.infeasibility.is_finite()
    }

    /// The largest scaled violation of `F - v + w = 0` after a step of this length.
    fn violation_at(&self, length: f64) -> f64 {
        let (low, high) = (&self.barrier.low, &self.barrier.high);
        let mut worst: f64 = 0.0;
        for i in 0..self.trial_f.len() {
            if self.shift[i] < f64::INFINITY {
                let violation = self.trial_f[i] - (low.multiplier[i] + length * low.change[i])
                    + (high.multiplier[i] + length * high.change[i]);
                worst = worst.max(violation.abs() * self.sizes.inverse_residual[i]);
            }
        }
        worst
    }

    /// Puts the interior point into the point of the workspace, with the guess of the active set that the
    /// multipliers suggest. The barrier keeps its own, to go on from after a wrong guess.
    pub(super) fn guess_from_interior<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        let (low, high) = (&self.barrier.low, &self.barrier.high);
        for i in 0..self.x.len() {
            let ratio = self.sizes.ratio[i];
            let held = self.shift[i] == f64::INFINITY;
            self.x[i] = self.barrier.z[i];
            self.position[i] =
                if held || low.present[i] > 0.0 && low.distance[i] < low.multiplier[i] * ratio {
                    self.x[i] = lower[i];
                    Position::Lower
                } else if high.present[i] > 0.0 && high.distance[i] < high.multiplier[i] * ratio {
                    self.x[i] = upper[i];
                    Position::Upper
                } else {
                    Position::Free
                };
        }
        if let Some(positive) = problem.positive() {
            for i in 0..self.x.len() {
                if positive[i] && self.x[i] <= 0.0 {
                    self.x[i] = self.barrier.z[i];
                }
            }
        }
        self.barrier.next_guess = (self.barrier.gap * NEXT_GUESS).max(LAST_GAP);
        evaluation::residual(problem, &self.x, &mut self.f)
    }

    /// Where the interior point stands, and the residual there.
    pub(super) fn interior_point(&self) -> (&[f64], &[f64]) {
        (&self.barrier.z, &self.barrier.f)
    }

    /// Whether going on could still sharpen the guess.
    pub(super) fn interior_can_improve(&self) -> bool {
        self.barrier.gap > LAST_GAP
    }

    /// Restores what the interior point needs after active-set Newton used the shared memory.
    pub(super) fn resume_interior<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        for i in 0..self.x.len() {
            let narrow = upper[i] - lower[i] <= NARROW * self.sizes.variable[i];
            self.shift[i] = if narrow { f64::INFINITY } else { 0.0 };
        }
        self.jacobian_current = false;
        evaluation::linearise(
            problem,
            &self.barrier.z,
            &mut self.barrier.f,
            &mut self.jacobian,
        )
    }
}
