//! Solving a compiled system: the hot path, without allocation once a workspace is made.

use std::sync::Arc;

use super::compiled::{Compiled, Origin};
use super::error::{Reason, SolveError};
use super::numbers::Numbers;
use super::point::Point;
use crate::assembly::{Guard, Node, Param};
use crate::complementarity::{self as engine, Outcome, Settings, Start, Termination};

/// A flow so far above the size of its node that rounding in it hides what a certificate has to show, unless more than
/// a share of it is plainly left over where nothing is worth anything.
const HIDES: f64 = 1e11;
const LEFT_OVER: f64 = 1e-6;

/// Numbers, a point and the scratch space of one thread's solves.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(super) numbers: Numbers,
    pub(super) engine: engine::Workspace,
    pub(super) settings: Settings,
    origin: Arc<Origin>,
    solved: bool,
}

/// The evidence that an equilibrium is one. All entries are pure numbers.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub(super) residual: f64,
    pub(super) price_error: f64,
    pub(super) mass_balance: f64,
    pub(super) arbitrage: f64,
    pub(super) iterations: usize,
}

impl Certificate {
    /// Largest scaled residual over all conditions: `|x - mid(lower, upper, x - F sx/sF)| / sx`.
    #[must_use]
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// First-order bound on the error of any price or quantity, as a share of its scale.
    #[must_use]
    pub fn price_error(&self) -> f64 {
        self.price_error
    }

    /// Largest imbalance of a priced node, as a share of the flow through it at calibration.
    #[must_use]
    pub fn mass_balance(&self) -> f64 {
        self.mass_balance
    }

    /// Largest profit per unit left unexploited by an activity that could expand, as a share of the price.
    #[must_use]
    pub fn arbitrage(&self) -> f64 {
        self.arbitrage
    }

    /// Solver iterations.
    #[must_use]
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

impl Compiled {
    /// Scratch space for solves on one thread, with the numbers as compiled.
    ///
    /// # Errors
    /// [`SolveError::Engine`] when the engine refuses the structure.
    pub fn workspace(&self) -> Result<Workspace, SolveError> {
        self.workspace_with(Settings::default())
    }

    /// As [`workspace`](Self::workspace), with solver settings.
    ///
    /// # Errors
    /// As `workspace`.
    pub fn workspace_with(&self, settings: Settings) -> Result<Workspace, SolveError> {
        Ok(Workspace {
            numbers: self.numbers(),
            engine: engine::Workspace::new(&self.structure, &settings)?,
            settings,
            origin: Arc::clone(&self.origin),
            solved: false,
        })
    }

    /// Solves at the workspace's numbers, from its previous solution where it has one.
    ///
    /// # Errors
    /// [`SolveError`] when the numbers contradict each other or no equilibrium was found; the workspace then
    /// starts afresh.
    pub fn solve_into(&self, workspace: &mut Workspace) -> Result<Certificate, SolveError> {
        self.prepare(workspace)?;
        let start = if workspace.begin() {
            Start::Warm
        } else {
            Start::Cold
        };
        let Workspace {
            numbers,
            engine: scratch,
            settings,
            ..
        } = &mut *workspace;
        let point = Point {
            compiled: self,
            numbers,
        };
        let outcome = engine::solve_into(&point, settings, scratch, start)?;
        self.accept(workspace, &outcome)
    }

    /// Brings what depends on parameters up to date.
    pub(super) fn prepare(&self, workspace: &mut Workspace) -> Result<(), SolveError> {
        if workspace.numbers.stale {
            self.refresh(&mut workspace.numbers);
            self.check_bounds(&workspace.numbers)?;
        }
        Ok(())
    }

    pub(super) fn accept(
        &self,
        workspace: &mut Workspace,
        outcome: &Outcome,
    ) -> Result<Certificate, SolveError> {
        if *outcome.termination() == Termination::Interrupted {
            return Err(self.unsolved(outcome));
        }
        let hidden = self.hides(&workspace.numbers, &workspace.engine);
        if !outcome.converged() || hidden {
            if let Some(impossible) = self.impossible(&workspace.numbers) {
                return Err(impossible);
            }
            let rescued = self
                .rescue(workspace, outcome)
                .map_err(|proof| proof.unwrap_or_else(|| self.unsolved(outcome)))?;
            workspace.solved = true;
            return Ok(self.certificate(workspace, &rescued));
        }
        if let Some(unsupplied) = self.out_of_reach(&workspace.numbers, &workspace.engine) {
            return Err(unsupplied);
        }
        workspace.solved = true;
        Ok(self.certificate(workspace, outcome))
    }

    pub(super) fn check_bounds(&self, numbers: &Numbers) -> Result<(), SolveError> {
        let assembly = self.assembly();
        for (i, unknown) in assembly.unknowns.iter().enumerate() {
            if numbers.lower[i] > numbers.upper[i] {
                return Err(SolveError::Number {
                    path: format!("{}: room between its bounds", unknown.name),
                    value: numbers.upper[i] - numbers.lower[i],
                    rule: "zero or more; compile again for volumes that cross a stretch of the cost curve",
                });
            }
        }
        for system in &assembly.systems {
            if let Err(error) = system.check(assembly, &numbers.values) {
                return Err(SolveError::Number {
                    path: format!("{}: largest eigenvalue of its slopes", system.path),
                    value: error.value().unwrap_or(f64::NAN),
                    rule: "below zero, or buyers would want more of some basket as it gets dearer",
                });
            }
        }
        for cut in assembly.activities.iter().flat_map(|a| &a.cuts) {
            let volume = numbers.values[cut.volume.index()];
            let holds = match &cut.guard {
                Guard::Split => true,
                Guard::Equal(limit) => volume == assembly.limit_value(limit, &numbers.values),
                Guard::AtLeast(limit) => volume >= assembly.limit_value(limit, &numbers.values),
            };
            if !holds {
                return Err(SolveError::Number {
                    path: assembly.params[cut.volume.index()].path.clone(),
                    value: volume,
                    rule: "on the same stretch of the cost curve as when it was compiled; compile again to move it off",
                });
            }
        }
        Ok(())
    }

    pub(super) fn unsolved(&self, outcome: &Outcome) -> SolveError {
        let reason = Reason::of(outcome);
        let worst = outcome.worst();
        let place = self
            .assembly()
            .unknowns
            .get(worst.index)
            .map_or_else(String::new, |u| u.name.clone());
        SolveError::Unsolved {
            reason,
            place,
            residual: worst.residual,
        }
    }

    /// Whether a point is so far out that rounding hides what its conditions leave open: goods that go round in a circle of
    /// free routes 1e16 times over swallow a whole mine.
    pub(super) fn hides(&self, numbers: &Numbers, found: &engine::Workspace) -> bool {
        let (x, f) = (found.solution(), found.residual());
        let nodes = &self.assembly().nodes;
        let starts = self.structure.row_starts();
        nodes.iter().map(|node| node.price.index()).any(|i| {
            let row = starts[i]..starts[i + 1];
            let columns = &self.structure.columns()[row.clone()];
            let terms = numbers.jacobian[row].iter().zip(columns);
            let most = terms.fold(0.0_f64, |most, (a, &j)| most.max((a * x[j]).abs()));
            let left_over = x[i] <= numbers.lower[i] && f[i] > LEFT_OVER * most;
            most > HIDES * numbers.residual[i] && !left_over
        })
    }

    fn certificate(&self, workspace: &Workspace, outcome: &Outcome) -> Certificate {
        let (x, f) = (workspace.engine.solution(), workspace.engine.residual());
        self.evidence(&workspace.numbers, x, f, outcome)
    }

    /// The evidence at a point with its residual.
    pub(super) fn evidence(
        &self,
        numbers: &Numbers,
        x: &[f64],
        f: &[f64],
        outcome: &Outcome,
    ) -> Certificate {
        let mut mass_balance = 0.0_f64;
        for node in &self.assembly().nodes {
            let i = node.price.index();
            let miss = if x[i] > numbers.lower[i] {
                f[i].abs()
            } else {
                (-f[i]).max(0.0)
            };
            mass_balance = mass_balance.max(miss / numbers.residual[i]);
        }
        let mut arbitrage = 0.0_f64;
        for activity in &self.assembly().activities {
            for part in &activity.parts {
                let i = part.level.index();
                if x[i] < numbers.upper[i] {
                    arbitrage = arbitrage.max(-f[i] / numbers.residual[i]);
                }
            }
        }
        Certificate {
            residual: outcome.residual(),
            price_error: outcome.price_error(),
            mass_balance,
            arbitrage,
            iterations: outcome.iterations().total(),
        }
    }
}

impl Reason {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome.termination() {
            Termination::Singular { .. } => Self::Singular,
            Termination::Infeasible { .. } => Self::Infeasible,
            Termination::IterationLimit { .. } => Self::IterationLimit,
            Termination::TimeLimit => Self::TimeLimit,
            Termination::Interrupted => Self::Interrupted,
            _ => Self::NoProgress,
        }
    }
}

impl Workspace {
    /// Changes a number for the solves to come.
    ///
    /// # Errors
    /// [`SolveError::Number`] when the value breaks the number's rule; nothing is changed then.
    pub fn set(&mut self, param: Param, value: f64) -> Result<(), SolveError> {
        let params = &self.origin.assembly.params;
        let Some(entry) = params.get(param.index()) else {
            return Err(SolveError::UnknownPath {
                path: format!("number {}", param.index()),
            });
        };
        if !entry.rule.admits(value) {
            return Err(SolveError::Number {
                path: entry.path.clone(),
                value,
                rule: entry.rule.words(),
            });
        }
        self.numbers.values[param.index()] = value;
        self.numbers.stale = true;
        Ok(())
    }

    /// The number as it stands.
    #[must_use]
    pub fn get(&self, param: Param) -> Option<f64> {
        self.numbers.values.get(param.index()).copied()
    }

    /// Price at a node in the latest solution, money per unit.
    #[must_use]
    pub fn price(&self, node: Node) -> Option<f64> {
        let entry = self.origin.assembly.nodes.get(node.index())?;
        self.engine.solution().get(entry.price.index()).copied()
    }

    /// Whether there is a previous solution to start from; until the next one arrives there is none.
    pub(super) fn begin(&mut self) -> bool {
        std::mem::replace(&mut self.solved, false)
    }

    /// Says that the engine's point is one to start from.
    pub(super) fn mark_solved(&mut self) {
        self.solved = true;
    }

    pub(super) fn require_solution(&self) -> Result<(), SolveError> {
        if self.solved && !self.numbers.stale {
            Ok(())
        } else {
            Err(SolveError::NoSolution)
        }
    }

    /// Forgets the previous solution: the next solve starts from the market's own starting point.
    pub fn restart(&mut self) {
        self.solved = false;
    }
}
