//! Interior point for monotone box problems: Mehrotra's predictor and corrector with Gondzio's further
//! correctors on `F(x) - v + w = 0`, `v (x - l) = w (u - x) = gap`.
//!
//! S. J. Wright, Primal-Dual Interior-Point Methods, SIAM 1997, chapters 8 and 10; J. Gondzio, Comput.
//! Optim. Appl. 6 (1996). Products are measured in units of sx times sF, so that all pairs count alike
//! whatever their units. Quantities (with the slacks of balances) and values (with the slacks of marginal
//! conditions) take steps of their own lengths.

use super::barrier::Barrier;
use super::bounds::Lengths;
use super::driver::Verdict;
use super::evaluation;
use super::lanes::{least, most};
use super::linear::wide;
use super::workspace::{Position, Workspace};
use super::{Problem, Settings, Side};

/// How far from the bounds a solve begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    /// Smallest distance to a bound, in units of sx.
    distance: f64,
    /// Smallest multiplier, in units of sF.
    multiplier: f64,
}

pub(super) const COLD: Opening = Opening {
    distance: 0.05,
    multiplier: 0.1,
};
/// From the solution of numbers that differ a little: it saves one iteration in ten.
pub(super) const NEAR: Opening = Opening {
    distance: 0.07,
    multiplier: 0.015,
};
/// Share of a two-sided range that the start stays away from each end.
const INITIAL_SHARE: f64 = 0.1;
/// A range narrower than this many sx holds its unknown in place.
const NARROW: f64 = 1e-11;
/// The gap at which the method has done what it can.
const LAST_GAP: f64 = 1e-14;
const ITERATION_LIMIT: u32 = 120;
/// Gap below which every direction is refined.
const REFINE_GAP: f64 = 1e-7;

impl Workspace {
    /// Moves the point into the box and sets the multipliers. False where `F` is not defined there.
    pub(super) fn begin_interior<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        opening: Opening,
    ) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        self.hold_narrow(problem);
        let Barrier { z, hold, .. } = &mut self.barrier;
        let given = self.x.iter().zip(&self.sizes.variable).zip(&*hold);
        wide(
            #[inline(always)]
            || {
                for ((z, ((&x, &size), &hold)), (&l, &u)) in
                    z.iter_mut().zip(given).zip(lower.iter().zip(upper))
                {
                    let away = least(opening.distance * size, INITIAL_SHARE * (u - l));
                    let inside = least(most(x, l + away), u - away);
                    *z = if hold > 0.0 { l } else { inside };
                }
            },
        );
        if !self.linearise_barrier(problem) {
            return false;
        }
        self.open_pairs(problem, opening);
        self.barrier.count();
        let Barrier { f, .. } = &mut self.barrier;
        let f = std::mem::take(f);
        self.barrier.measure(&f, &self.sizes);
        self.barrier.f = f;
        true
    }

    /// Begins anew, with unknowns of a narrow range held in place.
    pub(super) fn hold_narrow<P: Problem + ?Sized>(&mut self, problem: &P) {
        let (lower, upper) = (problem.lower(), problem.upper());
        self.barrier.begin();
        for i in 0..self.n {
            let held = upper[i] - lower[i] <= NARROW * self.sizes.variable[i];
            self.barrier.hold[i] = if held { f64::INFINITY } else { 0.0 };
        }
    }

    /// Sets the distances to the bounds, their multipliers and the sizes of their products at the barrier's point.
    pub(super) fn open_pairs<P: Problem + ?Sized>(&mut self, problem: &P, opening: Opening) {
        let (lower, upper) = (problem.lower(), problem.upper());
        let barrier = &mut self.barrier;
        let sides = self.structure.sides();
        for (i, (&l, &u)) in lower.iter().zip(upper).enumerate() {
            let away = opening.multiplier * self.sizes.residual[i];
            barrier.dual[i] = sides[i] == Side::Dual;
            let (z, f) = (barrier.z[i], barrier.f[i]);
            let bounded = barrier.hold[i] == 0.0;
            let distance = (bounded && l > f64::NEG_INFINITY).then_some(z - l);
            barrier.low.set(i, distance, most(f, 0.0) + away);
            if bounded && u < f64::INFINITY {
                barrier.high.push(i, u - z, most(-f, 0.0) + away);
            }
        }
        barrier.high.make_room();
        wide(
            #[inline(always)]
            || barrier.set_volumes(&self.sizes),
        );
    }

    /// One step: a factorisation, predictor, corrector and further correctors where they pay.
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
        wide(
            #[inline(always)]
            || self.barrier.shift(&mut self.shift),
        );
        if self.factor().is_err() {
            return Verdict::Failed;
        }
        let gap = self.barrier.gap;
        // predictor
        for (rhs, &f) in self.rhs.iter_mut().zip(&self.barrier.f) {
            *rhs = -f;
        }
        self.solve_direction();
        let predicted = wide(
            #[inline(always)]
            || self.barrier.predict(&self.step),
        );
        let ratio = (predicted / gap).clamp(0.0, 1.0);
        let centring = (ratio * ratio * ratio).clamp(1e-4, 0.9);
        // corrector
        let centre = centring * gap;
        wide(
            #[inline(always)]
            || self.barrier.aim(centre, &self.step, &mut self.rhs),
        );
        self.solve_direction();
        let mut lengths = wide(
            #[inline(always)]
            || self.barrier.follow(&self.step),
        );
        for _ in 0..self.linear.correctors() {
            if lengths.least() > 0.9 {
                break;
            }
            let Some(longer) = self.further_corrector(centre, lengths) else {
                break;
            };
            lengths = longer;
        }
        let short = 1.0 - (0.005_f64).min(gap.max(1e-9));
        let Some(lengths) = self.advance_interior(problem, lengths.times(short)) else {
            return Verdict::Failed;
        };
        if self.barrier.stalled(lengths.least()) {
            return Verdict::Failed;
        }
        if self.barrier.guess_is_due() {
            return Verdict::Guess;
        }
        Verdict::Continue
    }

    /// Solves for `step` with the right-hand side in `rhs`.
    fn solve_direction(&mut self) {
        let refine = self.barrier.refine || self.barrier.gap < REFINE_GAP;
        self.solve_refined(1e-11, if refine { 2 } else { 0 });
    }

    /// Aims closer to the centre where products of the step would be far from it; the longer lengths if that
    /// helps, else the direction stays what it was.
    fn further_corrector(&mut self, centre: f64, lengths: Lengths) -> Option<Lengths> {
        let reach = (lengths.least() + 0.3).min(1.0);
        wide(
            #[inline(always)]
            || {
                self.barrier
                    .aim_again(centre, reach, &self.step, &mut self.rhs)
            },
        );
        // the solve writes all of the step
        std::mem::swap(&mut self.barrier.saved, &mut self.step);
        self.solve_direction();
        let longer = wide(
            #[inline(always)]
            || self.barrier.follow(&self.step),
        );
        if longer.least() >= lengths.least() + 0.03 {
            return Some(longer);
        }
        std::mem::swap(&mut self.barrier.saved, &mut self.step);
        self.barrier.undo_aim();
        None
    }

    /// Takes the step, shortened until `F` is defined and the conditions do not get worse.
    fn advance_interior<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        mut lengths: Lengths,
    ) -> Option<Lengths> {
        if let Some(positive) = problem.positive() {
            for (i, _) in positive
                .iter()
                .enumerate()
                .filter(|(_, positive)| **positive)
            {
                if self.step[i] < 0.0 {
                    let most = -0.99 * self.barrier.z[i] / self.step[i];
                    lengths = lengths.limit(self.barrier.dual[i], most);
                }
            }
        }
        let before = self.barrier.infeasibility + self.barrier.gap;
        for attempt in 0..30 {
            if !lengths.are_finite() {
                return None;
            }
            wide(
                #[inline(always)]
                || self.barrier.move_to(lengths, &self.step, &mut self.trial),
            );
            let defined = if problem.affine() {
                evaluation::residual(problem, &self.trial, &mut self.trial_f)
            } else {
                self.jacobian_fresh = true;
                evaluation::linearise(problem, &self.trial, &mut self.trial_f, &mut self.jacobian)
            };
            if defined {
                wide(
                    #[inline(always)]
                    || {
                        self.barrier.advance(lengths, &self.step);
                        self.barrier.measure(&self.trial_f, &self.sizes);
                    },
                );
                if self.barrier.infeasibility <= 2.0 * before + 1e-8 {
                    if self.barrier.infeasibility > before {
                        self.barrier.refine = true;
                    }
                    std::mem::swap(&mut self.barrier.z, &mut self.trial);
                    std::mem::swap(&mut self.barrier.f, &mut self.trial_f);
                    return self.barrier.gap.is_finite().then_some(lengths);
                }
                self.barrier.advance(lengths.times(-1.0), &self.step);
            }
            lengths = if attempt == 0 && self.barrier.separate {
                lengths.common()
            } else {
                lengths.times(0.6)
            };
        }
        None
    }

    /// Puts the interior point into the point of the workspace, with the guess of the active set that the
    /// multipliers suggest. The barrier keeps its own, to go on from after a wrong guess.
    pub(super) fn guess_from_interior<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let (lower, upper) = (problem.lower(), problem.upper());
        let Barrier { low, high, .. } = &self.barrier;
        for i in 0..self.n {
            let held = self.barrier.hold[i] > 0.0;
            self.x[i] = self.barrier.z[i];
            self.position[i] = Position::Free;
            if held || low.is_tight(i, self.sizes.ratio[i]) {
                self.x[i] = lower[i];
                self.position[i] = Position::Lower;
            }
        }
        for (i, tight) in high.tight(&self.sizes.ratio) {
            if tight && self.position[i] == Position::Free {
                self.x[i] = upper[i];
                self.position[i] = Position::Upper;
            }
        }
        if let Some(positive) = problem.positive() {
            for i in 0..self.n {
                if positive[i] && self.x[i] <= 0.0 {
                    self.x[i] = self.barrier.z[i];
                }
            }
        }
        self.barrier.postpone_guess();
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
        self.linearise_barrier(problem)
    }

    /// The residual at the barrier's point, and the Jacobian there unless it is the same everywhere.
    fn linearise_barrier<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        let Barrier { z, f, .. } = &mut self.barrier;
        if problem.affine() && self.jacobian_current {
            return evaluation::residual(problem, z, f);
        }
        self.jacobian_current = problem.affine();
        self.jacobian_fresh = true;
        evaluation::linearise(problem, z, f, &mut self.jacobian)
    }
}
