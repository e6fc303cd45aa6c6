//! What is tried when a solve came to rest away from a solution, or went on in a circle to a limit on iterations that
//! nobody had lowered.
//!
//! A finish by steps of least norm comes first, for points whose active set leaves something open. Condensing costs digits where sizes lie far apart, so the same algorithms run once more on the whole system with
//! pivoting on everything; then from starting points with larger and smaller prices and quantities; last with the sizes
//! of the point that was reached, where prices and flows lie far above those at calibration.

use super::compiled::{Compiled, Numbers, Point};
use super::workspace::Workspace;
use crate::complementarity::{
    self as engine, Algebra, Method, Outcome, Problem, Settings, SettingsBuilder, Start,
    Termination,
};

/// Systems beyond this size are not tried again: dense factorisations would take minutes.
const LARGEST: usize = 400;
/// Most that a size may grow by.
const WIDEST: f64 = 1e8;
/// Algorithms and the factors on the starting point.
const TRIALS: [(Method, f64); 5] = [
    (Method::Automatic, 1.0),
    (Method::InteriorPoint, 0.1),
    (Method::InteriorPoint, 10.0),
    (Method::Continuation, 0.1),
    (Method::Continuation, 10.0),
];

impl Compiled {
    /// Tries again; on success the workspace holds the solution. Allocates, since it is off the usual path.
    pub(super) fn rescue(&self, workspace: &mut Workspace, outcome: &Outcome) -> Option<Outcome> {
        let settings = workspace.settings;
        let patient = settings.iteration_limit() >= Settings::default().iteration_limit();
        let stuck = match outcome.termination() {
            Termination::NoProgress { .. } | Termination::Singular { .. } => true,
            Termination::IterationLimit { .. } => patient,
            _ => false,
        };
        let whole = settings.method() == Method::Automatic && settings.time_limit().is_none();
        if !(stuck && whole && self.unknowns() <= LARGEST) {
            return None;
        }
        let reached = workspace.engine.solution().to_vec();
        let point = Point {
            compiled: self,
            numbers: &workspace.numbers,
        };
        let mut near = workspace.engine.clone();
        if let Some(found) = near.finish_undetermined(&point, &settings) {
            workspace.engine = near;
            return Some(found);
        }
        let found = self
            .trials(settings, &workspace.numbers)
            .or_else(|| self.trials(settings, &self.widened(&workspace.numbers, &reached)))?;
        workspace.engine.adopt(&found.1);
        Some(found.0)
    }

    fn trials(
        &self,
        settings: Settings,
        numbers: &Numbers,
    ) -> Option<(Outcome, engine::Workspace)> {
        let point = Point {
            compiled: self,
            numbers,
        };
        let mut start = vec![0.0; self.unknowns()];
        point.start(&mut start);
        for (method, factor) in TRIALS {
            let settings = SettingsBuilder::from(settings)
                .algebra(Algebra::Dense)
                .method(method)
                .build()
                .ok()?;
            let mut scratch = engine::Workspace::new(&self.structure, &settings).ok()?;
            let from: Vec<f64> = start.iter().map(|x| factor * x).collect();
            scratch.set_point(&from).ok()?;
            let warm = if method == Method::Automatic {
                Start::Cold
            } else {
                Start::Warm
            };
            let Ok(outcome) = engine::solve_into(&point, &settings, &mut scratch, warm) else {
                continue;
            };
            if outcome.converged() {
                return Some((outcome, scratch));
            }
            if let Some(outcome) = scratch.finish_undetermined(&point, &settings) {
                return Some((outcome, scratch));
            }
        }
        None
    }
}

impl Compiled {
    /// The numbers with sizes at least those of a point: of each unknown, and of the terms of each row.
    fn widened(&self, numbers: &Numbers, x: &[f64]) -> Numbers {
        let point = Point {
            compiled: self,
            numbers,
        };
        let mut residual = vec![0.0; x.len()];
        let mut jacobian = vec![0.0; self.structure.entries()];
        point.evaluate(x, &mut residual, Some(&mut jacobian));
        let starts = self.structure.row_starts();
        let mut wide = numbers.clone();
        for i in 0..x.len() {
            let row = starts[i]..starts[i + 1];
            let columns = &self.structure.columns()[row.clone()];
            let terms = jacobian[row].iter().zip(columns);
            let largest = terms.fold(0.0_f64, |m, (a, &j)| m.max((a * x[j]).abs()));
            let grow = |size: f64, found: f64| size * (found / size).clamp(1.0, WIDEST);
            wide.variable[i] = grow(numbers.variable[i], x[i].abs());
            wide.residual[i] = grow(numbers.residual[i], largest);
        }
        wide
    }
}
