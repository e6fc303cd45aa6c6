//! Where a solve stands between two of its steps, to go on from there later.
//!
//! A step depends on the point, the multipliers of the interior point, the guess of the active set and a few counts, all of
//! which a checkpoint holds bit by bit. Factors and the pattern's elimination are not among them: every step makes its
//! factors anew. So a solve that goes on from a checkpoint ends at the same bits as one that was never left.

use serde::{Deserialize, Serialize};

use super::active_set::Newton;
use super::check::check;
use super::driver::Phase;
use super::evaluation::{self, Measure};
use super::exact::Exact;
use super::interior::COLD;
use super::linear::Breakdown;
use super::outcome::Iterations;
use super::workspace::{Position, Workspace};
use super::{ComplementarityError, Problem};

/// Scaled residual by which a problem may differ from the one that was left: rounding of another processor, no more.
const SAME: f64 = 1e-9;

/// Where a solve stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checkpoint {
    phase: Phase,
    jacobian_current: bool,
    iterations: Iterations,
    factorisations: usize,
    breakdown: Option<usize>,
    position: Vec<Position>,
    x: Exact,
    f: Exact,
    best: Exact,
    best_f: Exact,
    centre: Exact,
    /// The interior point, its residual, and the distances and multipliers of its bounds.
    z: Exact,
    z_f: Exact,
    low: [Exact; 2],
    high: [Exact; 2],
    /// In the order of [`Workspace::numbers`].
    numbers: Exact,
    /// In the order of [`Workspace::counts`].
    counts: [u32; 6],
    refine: bool,
    damped: bool,
}

impl Workspace {
    /// The solve between two of its steps.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        let own = |values: &[f64]| Exact(values[..self.n].to_vec());
        let barrier = &self.barrier;
        Checkpoint {
            phase: self.phase,
            jacobian_current: self.jacobian_current,
            iterations: self.iterations,
            factorisations: self.factorisations,
            breakdown: self.breakdown.map(|breakdown| breakdown.0),
            position: self.position.clone(),
            x: own(&self.x),
            f: own(&self.f),
            best: own(&self.best),
            best_f: own(&self.best_f),
            centre: own(&self.proximal.centre),
            z: own(&barrier.z),
            z_f: own(&barrier.f),
            low: [own(&barrier.low.distance), own(&barrier.low.multiplier)],
            high: [&barrier.high.distance, &barrier.high.multiplier].map(|v| Exact(v.clone())),
            numbers: Exact(self.numbers().to_vec()),
            counts: self.counts(),
            refine: barrier.refine,
            damped: self.newton.damped,
        }
    }

    fn numbers(&self) -> [f64; 12] {
        let (barrier, proximal) = (&self.barrier, &self.proximal);
        [
            self.measure.worst,
            self.measure.merit,
            self.best_measure.worst,
            self.best_measure.merit,
            self.newton.first_merit,
            barrier.gap,
            barrier.infeasibility,
            barrier.undecided,
            barrier.next_guess,
            proximal.strength,
            proximal.next_strength,
            self.price_error,
        ]
    }

    fn counts(&self) -> [u32; 6] {
        let (newton, barrier, proximal) = (&self.newton, &self.barrier, &self.proximal);
        [
            newton.since_best,
            newton.steps,
            barrier.steps,
            barrier.short_steps,
            proximal.inner,
            proximal.steps,
        ]
    }

    /// Puts the workspace where a solve of the same problem was left.
    ///
    /// # Errors
    /// When the question is ill-posed, or the checkpoint is not one of this problem.
    pub(super) fn restore<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        from: &Checkpoint,
    ) -> Result<(), ComplementarityError> {
        check(problem, self)?;
        let n = self.n;
        let lists = [
            &from.x,
            &from.f,
            &from.best,
            &from.best_f,
            &from.centre,
            &from.z,
            &from.z_f,
            &from.low[0],
            &from.low[1],
        ];
        for found in lists
            .map(|list| list.0.len())
            .into_iter()
            .chain([from.position.len()])
        {
            if found != n {
                return Err(ComplementarityError::Length {
                    what: "a checkpoint",
                    expected: n,
                    found,
                });
            }
        }
        for (to, list) in [
            (&mut self.x, &from.x),
            (&mut self.f, &from.f),
            (&mut self.best, &from.best),
            (&mut self.best_f, &from.best_f),
            (&mut self.proximal.centre, &from.centre),
            (&mut self.barrier.z, &from.z),
            (&mut self.barrier.f, &from.z_f),
        ] {
            to[..n].copy_from_slice(&list.0);
        }
        self.position.copy_from_slice(&from.position);
        // bounds and sizes are the problem's, distances and multipliers those of the checkpoint
        self.hold_narrow(problem);
        self.open_pairs(problem, COLD);
        let barrier = &mut self.barrier;
        barrier.low.distance[..n].copy_from_slice(&from.low[0].0);
        barrier.low.multiplier[..n].copy_from_slice(&from.low[1].0);
        for (to, list) in [
            (&mut barrier.high.distance, &from.high[0]),
            (&mut barrier.high.multiplier, &from.high[1]),
        ] {
            // before an interior point has begun there are none
            if list.0.len() == to.len() {
                to.copy_from_slice(&list.0);
            } else if !list.0.is_empty() {
                return Err(ComplementarityError::Length {
                    what: "a checkpoint's list of upper bounds",
                    expected: to.len(),
                    found: list.0.len(),
                });
            }
        }
        barrier.count();
        self.set_scalars(from)?;
        self.meet(problem, from)
    }

    fn set_scalars(&mut self, from: &Checkpoint) -> Result<(), ComplementarityError> {
        let &[
            worst,
            merit,
            best_worst,
            best_merit,
            first_merit,
            gap,
            infeasibility,
            undecided,
            next_guess,
            strength,
            next_strength,
            price_error,
        ] = from.numbers.0.as_slice()
        else {
            return Err(ComplementarityError::Length {
                what: "a checkpoint's list of numbers",
                expected: self.numbers().len(),
                found: from.numbers.0.len(),
            });
        };
        let [
            since_best,
            newton_steps,
            barrier_steps,
            short_steps,
            inner,
            steps,
        ] = from.counts;
        self.phase = from.phase;
        self.jacobian_current = from.jacobian_current;
        self.iterations = from.iterations;
        self.factorisations = from.factorisations;
        self.breakdown = from.breakdown.map(Breakdown);
        self.measure = Measure { worst, merit };
        self.best_measure = Measure {
            worst: best_worst,
            merit: best_merit,
        };
        self.newton = Newton {
            since_best,
            damped: from.damped,
            steps: newton_steps,
            first_merit,
        };
        self.price_error = price_error;
        let (barrier, proximal) = (&mut self.barrier, &mut self.proximal);
        barrier.refine = from.refine;
        barrier.gap = gap;
        barrier.infeasibility = infeasibility;
        barrier.undecided = undecided;
        barrier.next_guess = next_guess;
        barrier.steps = barrier_steps;
        barrier.short_steps = short_steps;
        proximal.strength = strength;
        proximal.next_strength = next_strength;
        proximal.inner = inner;
        proximal.steps = steps;
        Ok(())
    }

    /// The Jacobian where the solve stands, and whether the problem has the residual there that the checkpoint has.
    fn meet<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
        from: &Checkpoint,
    ) -> Result<(), ComplementarityError> {
        let n = self.n;
        let (point, kept) = match from.phase {
            Phase::Done => return Ok(()),
            Phase::Interior => (&from.z, &from.z_f),
            _ => (&from.x, &from.f),
        };
        self.trial[..n].copy_from_slice(&point.0);
        evaluation::linearise(problem, &self.trial, &mut self.trial_f, &mut self.jacobian);
        if from.phase != Phase::Interior {
            self.add_proximal();
        }
        self.jacobian_fresh = true;
        for i in 0..n {
            let (here, there) = (self.trial_f[i], kept.0[i]);
            let size = 1.0 / self.sizes.inverse_residual[i];
            let same = (here - there).abs() <= SAME * size.max(there.abs());
            if !same {
                return Err(ComplementarityError::Checkpoint {
                    name: problem.name(i),
                    expected: there,
                    found: here,
                });
            }
        }
        Ok(())
    }
}
