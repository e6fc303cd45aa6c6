//! The best point of an objective over a range, corners, kinks and jumps included.
//!
//! The objective is sampled over the whole range; in every cell around a local peak its exact derivative, through the
//! equilibrium, is brought to zero or to its change of sign (Brent's method, argmin). Where a peak has no change of
//! sign (the objective jumps) the objective itself is searched by golden section (argmin). A second, finer grid of
//! deviations then checks the best of all.

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Executor, State, TerminationReason, TerminationStatus};
use argmin::solver::goldensectionsearch::GoldenSectionSearch;

use super::error::RivalryError;
use super::lead::{Objective, Place, Sample};
use super::root;
use crate::equilibrium::SolveError;

/// Gain of a deviation, as a share of the largest objective met, from which it counts.
const GAIN: f64 = 1e-9;
/// Slope times range, as a share of the largest objective met, below which the objective is level.
const LEVEL: f64 = 1e-6;
const ITERATIONS: u64 = 200;

/// The best choice that a search found.
pub(super) struct Found {
    pub(super) best: Sample,
    pub(super) place: Place,
    pub(super) others: Vec<f64>,
    pub(super) deviations: usize,
    pub(super) unsolved: Vec<f64>,
    pub(super) largest_gain: f64,
    pub(super) scale: f64,
}

/// One search over the range.
pub(super) struct Search<'a> {
    objective: RefCell<&'a mut Objective>,
    range: [f64; 2],
    unsolved: Vec<f64>,
    scale: f64,
}

impl<'a> Search<'a> {
    /// The best choice; [`RivalryError::NotShown`] where a deviation from the best found gains.
    pub(super) fn run(
        objective: &'a mut Objective,
        range: [f64; 2],
        samples: usize,
    ) -> Result<Found, RivalryError> {
        let mut search = Self {
            objective: RefCell::new(objective),
            range,
            unsolved: Vec::new(),
            scale: 0.0,
        };
        let width = range[1] - range[0];
        let grid = search
            .samples((0..=samples).map(|i| range[0] + width * (i as f64 / samples as f64)))?;
        let mut peaks = Vec::new();
        for i in 0..grid.len() {
            let below = i.checked_sub(1).map(|j| grid[j]);
            let above = grid.get(i + 1).copied();
            let lower = |other: Option<Sample>| other.is_none_or(|o| o.value <= grid[i].value);
            if lower(below) && lower(above) {
                peaks.push(search.refine(below, grid[i], above)?);
            }
        }
        peaks.sort_by(|a, b| b.0.value.total_cmp(&a.0.value));
        let Some(&(best, place)) = peaks.first() else {
            return Err(SolveError::NoSolution.into());
        };
        let cells = 2 * samples;
        let between = (0..cells).map(|i| range[0] + width * ((i as f64 + 0.5) / cells as f64));
        let deviations = search.samples(between)?;
        let better = deviations
            .iter()
            .chain(&grid)
            .max_by(|a, b| a.value.total_cmp(&b.value));
        let scale = search.scale.max(f64::MIN_POSITIVE);
        let (choice, gain) =
            better.map_or((best.choice, 0.0), |b| (b.choice, b.value - best.value));
        if gain > GAIN * scale {
            return Err(RivalryError::NotShown {
                lever: best.choice,
                objective: best.value,
                better: choice,
                gain,
            });
        }
        let apart = |s: &Sample| (s.choice - best.choice).abs() > 1e-6 * width;
        let others = peaks
            .iter()
            .map(|(s, _)| s)
            .filter(|s| apart(s) && best.value - s.value <= GAIN * scale)
            .map(|s| s.choice)
            .collect();
        Ok(Found {
            best,
            place,
            others,
            deviations: deviations.len() + grid.len(),
            unsolved: search.unsolved,
            largest_gain: (gain / scale).max(0.0),
            scale,
        })
    }

    fn samples(&mut self, choices: impl Iterator<Item = f64>) -> Result<Vec<Sample>, RivalryError> {
        let mut samples = Vec::new();
        for choice in choices {
            let tried = self.objective.get_mut().at(choice);
            match tried {
                Ok(sample) => {
                    self.scale = self.scale.max(sample.value.abs());
                    samples.push(sample);
                }
                Err(RivalryError::Solve(
                    SolveError::Unsolved { .. } | SolveError::Shortfall { .. },
                )) => self.unsolved.push(choice),
                Err(other) => return Err(other),
            }
        }
        Ok(samples)
    }

    /// The peak next to a sample that is no lower than its neighbours.
    fn refine(
        &self,
        below: Option<Sample>,
        top: Sample,
        above: Option<Sample>,
    ) -> Result<(Sample, Place), RivalryError> {
        let tiny = LEVEL * self.scale / (self.range[1] - self.range[0]);
        let [left, right] = top.slopes;
        if left.is_some_and(|s| s.abs() <= 1e-3 * tiny)
            && right.is_some_and(|s| s.abs() <= 1e-3 * tiny)
        {
            return Ok((top, self.place(top)));
        }
        let rising = right.is_none_or(|s| s > 0.0);
        let falling = left.is_none_or(|s| s < 0.0);
        let (low, high) = match (rising, falling, below, above) {
            (true, _, _, Some(above)) => (top, above),
            (_, true, Some(below), _) => (below, top),
            _ => return Ok((top, self.place(top))),
        };
        let turns =
            low.slopes[1].is_some_and(|s| s > 0.0) && high.slopes[0].is_some_and(|s| s < 0.0);
        let found = if turns {
            self.turning(low, high)?
        } else {
            None
        };
        match found {
            Some(found) => Ok(found),
            None => self.jump(low, high, top),
        }
    }

    /// Where the slope changes sign between two samples.
    fn turning(&self, low: Sample, high: Sample) -> Result<Option<(Sample, Place)>, RivalryError> {
        let slope = |choice| {
            let sample = self.objective.borrow_mut().at(choice)?;
            sample.slopes[1].ok_or_else(|| SolveError::NoSolution.into())
        };
        let Ok(choice) = root::between("slope of the objective", slope, low.choice, high.choice)
        else {
            return Ok(None);
        };
        let tiny = LEVEL * self.scale / (self.range[1] - self.range[0]);
        let step = 1e-9 * (self.range[1] - self.range[0]);
        let mut objective = self.objective.borrow_mut();
        let mut best = objective.at(choice)?;
        let before = objective.at((choice - step).max(low.choice))?;
        let after = objective.at((choice + step).min(high.choice))?;
        let level = |slope: Option<f64>| slope.is_some_and(|s| s.abs() <= tiny);
        let place = if level(before.slopes[0]) && level(after.slopes[1]) {
            Place::Interior
        } else {
            best.slopes = [before.slopes[0], after.slopes[1]];
            Place::Kink
        };
        Ok(Some((best, place)))
    }

    /// The best point between two samples by value alone.
    fn jump(
        &self,
        low: Sample,
        high: Sample,
        top: Sample,
    ) -> Result<(Sample, Place), RivalryError> {
        let start = 0.5 * (low.choice + high.choice);
        let run = GoldenSectionSearch::new(low.choice, high.choice)
            .and_then(|solver| solver.with_tolerance(1e-10))
            .and_then(|solver| {
                Executor::new(Loss(&self.objective), solver)
                    .configure(|state| state.param(start).max_iters(ITERATIONS))
                    .run()
            });
        let reached = run.ok().and_then(|result| {
            let state = result.state();
            let done = TerminationStatus::Terminated(TerminationReason::SolverConverged);
            (*state.get_termination_status() == done)
                .then(|| state.get_best_param().copied())
                .flatten()
        });
        let Some(choice) = reached else {
            return Ok((top, self.place(top)));
        };
        let found = self.objective.borrow_mut().at(choice)?;
        if found.value <= top.value {
            return Ok((top, self.place(top)));
        }
        Ok((found, Place::Jump))
    }

    fn place(&self, sample: Sample) -> Place {
        if sample.choice <= self.range[0] {
            return Place::LowerEnd;
        }
        if sample.choice >= self.range[1] {
            return Place::UpperEnd;
        }
        let tiny = LEVEL * self.scale / (self.range[1] - self.range[0]);
        match sample.slopes {
            [Some(a), Some(b)] if a.abs() <= tiny && b.abs() <= tiny => Place::Interior,
            [Some(a), Some(b)] if a >= 0.0 && b <= 0.0 => Place::Kink,
            _ => Place::Jump,
        }
    }
}

/// The objective with its sign turned.
struct Loss<'a, 'b>(&'a RefCell<&'b mut Objective>);

impl CostFunction for Loss<'_, '_> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, choice: &f64) -> Result<f64, Error> {
        Ok(-self.0.borrow_mut().at(*choice)?.value)
    }
}
