//! What is tried when a solve came to rest away from a solution, or went on in a circle to a limit on iterations that
//! nobody had lowered.
//!
//! A finish by steps of least norm comes first, for points whose active set leaves something open. Condensing costs
//! digits where sizes lie far apart, so the same algorithms run once more on the whole system with pivoting on
//! everything, from the starting point and from larger and smaller prices and quantities; then a proximal point method;
//! then all that again with the sizes of the point that was reached, where prices and flows lie far above those at
//! calibration. Then a path is followed from a problem with a known solution; where it runs off without limit, a proof
//! is looked for that there is none. Last conduct and measures are brought to their values step by step.

use super::compiled::Compiled;
use super::error::SolveError;
use super::numbers::Numbers;
use super::point::Point;
use super::workspace::Workspace;
use crate::complementarity::{
    self as engine, Algebra, End, Method, Outcome, Problem, Settings, SettingsBuilder, Side, Start,
    Termination,
};

/// Systems beyond this size are not tried again: dense factorisations would take minutes.
const LARGEST: usize = 400;
/// Most that a size may grow by at a time.
const WIDEST: f64 = 1e8;
/// Rounds with the sizes of the point that was reached.
const ROUNDS: usize = 3;
/// Algorithms, and the factors on prices and quantities of the starting point.
const TRIALS: [(Method, [f64; 2]); 9] = [
    (Method::Automatic, [1.0, 1.0]),
    (Method::InteriorPoint, [0.1, 0.1]),
    (Method::InteriorPoint, [10.0, 10.0]),
    (Method::Continuation, [0.1, 0.1]),
    (Method::Continuation, [10.0, 10.0]),
    (Method::InteriorPoint, [10.0, 0.1]),
    (Method::InteriorPoint, [0.1, 10.0]),
    (Method::Continuation, [100.0, 0.01]),
    (Method::Continuation, [0.01, 0.01]),
];
/// Numbers that are brought to their values step by step, and the factor of them from which they start: firms' conduct
/// from almost none, measures from far below and above.
const WAYS: [(&str, f64); 5] = [
    ("conduct/", 1e-4),
    ("measure/", 1e-4),
    ("measure/", 1e4),
    ("measure/", 1e-2),
    ("measure/", 1e2),
];
/// Factors on prices and quantities of the starting point for the centres of paths.
const CENTRES: [[f64; 2]; 3] = [[1.0, 1.0], [1.37, 0.73], [0.6, 1.8]];
/// First and shortest step on the way, as a share of it.
const STEPS: [f64; 2] = [0.1, 1e-3];

/// An outcome, and the scratch space that holds its point.
type Found = (Outcome, engine::Workspace);

impl Compiled {
    /// Tries again; on success the workspace holds the solution. Allocates, since it is off the usual path.
    ///
    /// # Errors
    /// A proof that there is no solution, where one came up on the way; `None` where nothing was found.
    pub(super) fn rescue(
        &self,
        workspace: &mut Workspace,
        outcome: &Outcome,
    ) -> Result<Outcome, Option<SolveError>> {
        let settings = workspace.settings;
        let patient = settings.iteration_limit() >= Settings::default().iteration_limit();
        let stuck = match outcome.termination() {
            Termination::Converged
            | Termination::NoProgress { .. }
            | Termination::Singular { .. } => true,
            Termination::IterationLimit { .. } => patient,
            _ => false,
        };
        let whole = settings.method() == Method::Automatic && settings.time_limit().is_none();
        if !(stuck && whole && self.unknowns() <= LARGEST) {
            return Err(None);
        }
        let (outcome, scratch) = self.search(settings, &workspace.numbers, &workspace.engine)?;
        workspace.engine.adopt(&scratch);
        Ok(outcome)
    }

    fn search(
        &self,
        settings: Settings,
        numbers: &Numbers,
        ended: &engine::Workspace,
    ) -> Result<Found, Option<SolveError>> {
        let mut near = ended.clone();
        if let Some(outcome) = near.finish_undetermined(&self.at(numbers), &settings)
            && !self.hides(numbers, &near)
        {
            return Ok((outcome, near));
        }
        let dense = SettingsBuilder::from(settings).algebra(Algebra::Dense);
        let Ok(settings) = dense.build() else {
            return Err(None);
        };
        let mut reached = ended.solution().to_vec();
        let mut sized = numbers.clone();
        for _ in 0..=ROUNDS {
            let measured = |found| self.measured(settings, numbers, found);
            match self.trials(settings, &sized, &reached) {
                Ok(found) => {
                    reached = found.1.solution().to_vec();
                    if let Some(found) = measured(found) {
                        return Ok(found);
                    }
                }
                Err(best) => reached = best,
            }
            let anchored = engine::solve_anchored(&self.at(&sized), &settings);
            if let Some(found) = anchored.and_then(measured) {
                return Ok(found);
            }
            sized = self.widened(&sized, &reached, WIDEST);
        }
        self.along_paths(settings, numbers).or_else(|proof| {
            if proof.is_some() {
                return Err(proof);
            }
            let stepped = WAYS.into_iter().find_map(|(of, far)| {
                let found = self.by_steps(settings, numbers, of, far)?;
                self.measured(settings, numbers, found)
            });
            stepped.ok_or(None)
        })
    }

    /// A solution found with other sizes, held against those at calibration and its own; none where it is none by them.
    fn measured(&self, settings: Settings, numbers: &Numbers, found: Found) -> Option<Found> {
        let (_, mut scratch) = found;
        let own = self.widened(numbers, scratch.solution(), WIDEST);
        let outcome = scratch.finish_undetermined(&self.at(&own), &settings)?;
        (!self.hides(numbers, &scratch)).then_some((outcome, scratch))
    }

    /// Along paths from several centres. An end that is no solution may lie on the way to infinity, in a direction that
    /// proves that there is none.
    fn along_paths(
        &self,
        settings: Settings,
        numbers: &Numbers,
    ) -> Result<Found, Option<SolveError>> {
        let point = self.at(numbers);
        let mut start = vec![0.0; self.unknowns()];
        point.start(&mut start);
        for factors in CENTRES {
            let centre = self.scaled(&start, factors);
            match engine::follow_path(&point, &settings, &centre) {
                End::Solution(outcome, scratch) if !self.hides(numbers, &scratch) => {
                    return Ok((outcome, *scratch));
                }
                End::Point(reached) => {
                    if let Some(proof) = self.leads_away(numbers, &reached) {
                        return Err(Some(proof));
                    }
                    let own = self.widened(numbers, &reached, WIDEST);
                    let found = self.trial(settings, Method::Automatic, &self.at(&own), &reached);
                    if let Some(Ok(found)) = found
                        && let Some(found) = self.measured(settings, numbers, found)
                    {
                        return Ok(found);
                    }
                }
                End::Solution(..) | End::Lost => {}
            }
        }
        Err(None)
    }

    /// A point with other prices and quantities.
    fn scaled(&self, x: &[f64], [price, quantity]: [f64; 2]) -> Vec<f64> {
        let factor = |side: &Side| match side {
            Side::Dual => price,
            Side::Primal => quantity,
        };
        let pairs = x.iter().zip(self.structure.sides());
        pairs.map(|(x, side)| factor(side) * x).collect()
    }

    fn at<'a>(&'a self, numbers: &'a Numbers) -> Point<'a> {
        Point {
            compiled: self,
            numbers,
        }
    }

    /// One algorithm after the other; where none arrives, the best of the points they ended at.
    fn trials(
        &self,
        settings: Settings,
        numbers: &Numbers,
        reached: &[f64],
    ) -> Result<Found, Vec<f64>> {
        let point = self.at(numbers);
        let mut start = vec![0.0; self.unknowns()];
        point.start(&mut start);
        let from_start = TRIALS.map(|(method, factors)| (method, self.scaled(&start, factors)));
        let from_end = [Method::InteriorPoint, Method::Continuation];
        let from_end = from_end.map(|method| (method, reached.to_vec()));
        let mut best = (f64::INFINITY, reached.to_vec());
        for (method, from) in from_start.into_iter().chain(from_end) {
            let Some(ended) = self.trial(settings, method, &point, &from) else {
                continue;
            };
            match ended {
                Ok(found) => return Ok(found),
                Err((residual, x)) if residual < best.0 => best = (residual, x),
                Err(_) => {}
            }
        }
        Err(best.1)
    }

    fn trial(
        &self,
        settings: Settings,
        method: Method,
        point: &Point<'_>,
        from: &[f64],
    ) -> Option<Result<Found, (f64, Vec<f64>)>> {
        let settings = SettingsBuilder::from(settings).method(method);
        let settings = settings.build().ok()?;
        let mut scratch = engine::Workspace::new(&self.structure, &settings).ok()?;
        scratch.set_point(from).ok()?;
        let start = if method == Method::Automatic {
            Start::Cold
        } else {
            Start::Warm
        };
        let outcome = engine::solve_into(point, &settings, &mut scratch, start).ok()?;
        if outcome.converged() {
            return Some(Ok((outcome, scratch)));
        }
        let ended = (outcome.residual(), scratch.solution().to_vec());
        match scratch.finish_undetermined(point, &settings) {
            Some(outcome) => Some(Ok((outcome, scratch))),
            None => Some(Err(ended)),
        }
    }

    /// The numbers with sizes at least those of a point: of each unknown, and of the terms of each row.
    fn widened(&self, numbers: &Numbers, x: &[f64], most: f64) -> Numbers {
        let mut residual = vec![0.0; x.len()];
        let mut jacobian = vec![0.0; self.structure.entries()];
        self.at(numbers)
            .evaluate(x, &mut residual, Some(&mut jacobian));
        let starts = self.structure.row_starts();
        let mut wide = numbers.clone();
        for i in 0..x.len() {
            let row = starts[i]..starts[i + 1];
            let columns = &self.structure.columns()[row.clone()];
            let terms = jacobian[row].iter().zip(columns);
            let largest = terms.fold(0.0_f64, |m, (a, &j)| m.max((a * x[j]).abs()));
            let grow = |size: f64, found: f64| size * (found / size).clamp(1.0, most);
            wide.variable[i] = grow(numbers.variable[i], x[i].abs());
            wide.residual[i] = grow(numbers.residual[i], largest);
        }
        wide
    }

    /// Brings the numbers whose paths begin so to their values from a factor of them.
    fn by_steps(&self, settings: Settings, numbers: &Numbers, of: &str, far: f64) -> Option<Found> {
        let params = &self.assembly().params;
        let cuts = self.assembly().activities.iter().flat_map(|a| &a.cuts);
        let fixed: Vec<usize> = cuts.map(|cut| cut.volume.index()).collect();
        let moving: Vec<usize> = (0..params.len())
            .filter(|i| params[*i].path.starts_with(of) && !fixed.contains(i))
            .filter(|&i| numbers.values[i] != 0.0)
            .filter(|&i| params[i].rule.admits(far * numbers.values[i]))
            .collect();
        if moving.is_empty() {
            return None;
        }
        let at = |way: f64, sizes: &Numbers| {
            let mut numbers_at = sizes.clone();
            for &i in &moving {
                numbers_at.values[i] = numbers.values[i] * far.powf(1.0 - way);
            }
            self.refresh(&mut numbers_at);
            self.check_bounds(&numbers_at).is_ok().then_some(numbers_at)
        };
        let mut current = at(0.0, numbers)?;
        let start = numbers.start.clone();
        let (_, mut last) = self
            .trials(settings, &current, &start)
            .ok()
            .or_else(|| engine::solve_anchored(&self.at(&current), &settings))?;
        let (mut way, mut step) = (0.0_f64, STEPS[0]);
        while step >= STEPS[1] {
            let next = (way + step).min(1.0);
            let wide = self.widened(&current, last.solution(), WIDEST);
            let found = at(next, &wide).and_then(|numbers| {
                let mut scratch = last.clone();
                let point = self.at(&numbers);
                let outcome = engine::solve_into(&point, &settings, &mut scratch, Start::Warm);
                let outcome = match outcome.ok()? {
                    outcome if outcome.converged() => outcome,
                    _ => scratch.finish_undetermined(&point, &settings)?,
                };
                Some((numbers, outcome, scratch))
            });
            let Some((numbers, outcome, scratch)) = found else {
                step *= 0.5;
                continue;
            };
            if next == 1.0 {
                return Some((outcome, scratch));
            }
            (current, last, way) = (numbers, scratch, next);
            step *= 1.5;
        }
        None
    }
}
