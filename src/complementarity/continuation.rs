//! The last resort: a sequence of proximal problems `F(x) + strength sF/sx (x - centre)`, each solved by
//! active-set Newton from the one before, with the strength lowered while that goes well.
//!
//! A strong proximal term makes any problem monotone near its centre. For monotone problems the centres
//! converge at any strength (R. T. Rockafellar, SIAM J. Control Optim. 14, 1976); for others this is a
//! homotopy from the starting point.

use super::driver::Verdict;
use super::evaluation::UNMEASURED;
use super::evaluation::{self, measure};
use super::lanes::vector;
use super::workspace::Workspace;
use super::{Problem, Settings};

const FIRST_STRENGTH: f64 = 1.0;
const WEAKEST: f64 = 1e-9;
const STRONGEST: f64 = 1e6;
const ITERATION_LIMIT: u32 = 200;
/// Newton steps within one proximal problem.
const INNER_LIMIT: u32 = 12;

#[derive(Debug, Clone)]
pub(super) struct Proximal {
    pub strength: f64,
    pub centre: Vec<f64>,
    pub next_strength: f64,
    pub inner: u32,
    pub steps: u32,
}

impl Proximal {
    pub fn new(n: usize) -> Self {
        Self {
            strength: 0.0,
            centre: vector(n, 0.0),
            next_strength: 0.0,
            inner: 0,
            steps: 0,
        }
    }
}

impl Workspace {
    /// Starts from the point in the workspace.
    pub(super) fn begin_continuation<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        self.proximal.next_strength = FIRST_STRENGTH;
        self.proximal.steps = 0;
        self.proximal.centre.copy_from_slice(&self.x);
        self.begin_proximal(problem)
    }

    fn begin_proximal<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        self.proximal.inner = 0;
        self.proximal.strength = self.proximal.next_strength;
        self.x.copy_from_slice(&self.proximal.centre);
        self.jacobian_fresh = true;
        if !evaluation::linearise(problem, &self.x, &mut self.f, &mut self.jacobian) {
            return false;
        }
        self.jacobian_current = true;
        self.remeasure(problem);
        self.begin_newton(problem);
        true
    }

    fn remeasure<P: Problem + ?Sized>(&mut self, problem: &P) {
        self.measure = measure(
            &self.x,
            &self.f,
            problem.lower(),
            problem.upper(),
            &self.sizes,
        );
    }

    /// One Newton step on the proximal problem; at its solution the centre moves there.
    pub(super) fn continuation_step<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        settings: &Settings,
    ) -> Verdict {
        self.iterations.continuation += 1;
        self.proximal.steps += 1;
        self.proximal.inner += 1;
        if self.proximal.steps > ITERATION_LIMIT {
            return Verdict::Failed;
        }
        let verdict = self.newton_step(problem, settings);
        self.iterations.active_set -= 1;
        let inner = self.proximal.inner;
        match verdict {
            Verdict::Converged => {
                self.proximal.centre.copy_from_slice(&self.x);
                let quick = inner <= INNER_LIMIT / 2;
                if self.proximal.strength <= WEAKEST {
                    self.proximal.strength = 0.0;
                    return Verdict::Guess;
                }
                self.proximal.next_strength =
                    self.proximal.strength * if quick { 0.1 } else { 0.4 };
            }
            Verdict::Continue | Verdict::Guess if inner <= INNER_LIMIT => return Verdict::Continue,
            _ => {
                self.proximal.next_strength = self.proximal.strength * 8.0;
                if self.proximal.next_strength > STRONGEST {
                    return Verdict::Failed;
                }
            }
        }
        // is the centre already a solution without the proximal term?
        if self.begin_proximal(problem) {
            if self.measure.worst <= settings.residual_tolerance() {
                self.proximal.strength = 0.0;
                return Verdict::Guess;
            }
            Verdict::Continue
        } else {
            Verdict::Failed
        }
    }

    /// Leaves the proximal problem, so that the workspace is about the problem itself again.
    pub(super) fn end_continuation<P: Problem + ?Sized>(&mut self, problem: &P) -> bool {
        self.proximal.strength = 0.0;
        self.x.copy_from_slice(&self.proximal.centre);
        self.best_measure = UNMEASURED;
        let defined = evaluation::linearise(problem, &self.x, &mut self.f, &mut self.jacobian);
        self.jacobian_current = defined;
        self.jacobian_fresh = true;
        self.remeasure(problem);
        defined
    }
}
