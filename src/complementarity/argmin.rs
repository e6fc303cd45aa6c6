//! The engine as an argmin solver: the same step, run by argmin's executor with its observers, limits and
//! checkpoints.

use ::argmin::core::{
    Error, IterState, KV, Problem as Counted, Solver, State, TerminationReason, TerminationStatus,
};
use ::argmin::kv;

use super::driver::{prepare, step};
use super::{ComplementarityError, Outcome, Problem, Settings, Start, Termination, Workspace};

/// The state that argmin carries along: the point as parameter, half the sum of squared scaled residuals as
/// cost.
pub type EquilibriumState = IterState<Vec<f64>, (), (), (), (), f64>;

/// The engine in the form that argmin's executor runs.
///
/// The parameter of the state, where one is given, is the point to start from, and the start is then warm.
/// [`outcome`](Self::outcome) reports as [`solve_into`](super::solve_into) does, and the two give the same
/// bits.
///
/// ```
/// use argmin::core::{Executor, State};
/// use pricefloor::argmin::EquilibriumSolver;
/// use pricefloor::complementarity::*;
/// /// x - 3 = 0 on x >= 0
/// struct Three(Structure);
/// impl Problem for Three {
///     fn structure(&self) -> &Structure { &self.0 }
///     fn lower(&self) -> &[f64] { &[0.0] }
///     fn upper(&self) -> &[f64] { &[f64::INFINITY] }
///     fn scale(&self) -> Scale<'_> { Scale { variable: &[1.0], residual: &[1.0] } }
///     fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
///         residual[0] = x[0] - 3.0;
///         if let Some(values) = jacobian { values[0] = 1.0; }
///     }
///     fn start(&self, x: &mut [f64]) { x[0] = 1.0; }
/// }
/// let problem = Three(Structure::from_entries(1, [(0, 0)])?);
/// let solver = EquilibriumSolver::new(&problem, Settings::default())?;
/// let result = Executor::new(&problem, solver).configure(|state| state.max_iters(50)).run()?;
/// assert_eq!(result.state().get_best_param(), Some(&vec![3.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct EquilibriumSolver {
    settings: Settings,
    workspace: Workspace,
    termination: Option<Termination>,
}

impl EquilibriumSolver {
    /// A solver for problems of one pattern.
    ///
    /// # Errors
    /// As [`Workspace::new`].
    pub fn new<P: Problem>(problem: &P, settings: Settings) -> Result<Self, ComplementarityError> {
        Ok(Self::with_workspace(
            Workspace::new(problem.structure(), &settings)?,
            settings,
        ))
    }

    /// A solver that uses a workspace which exists already.
    #[must_use]
    pub fn with_workspace(workspace: Workspace, settings: Settings) -> Self {
        Self {
            settings,
            workspace,
            termination: None,
        }
    }

    /// The workspace with the point that was reached.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The workspace, for further use.
    #[must_use]
    pub fn into_workspace(self) -> Workspace {
        self.workspace
    }

    /// What the run came to. A run that argmin ended on its own account reports
    /// [`Termination::Interrupted`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.workspace
            .outcome(self.termination.clone().unwrap_or(Termination::Interrupted))
    }

    fn write<P: Problem>(&self, problem: &P, mut state: EquilibriumState) -> EquilibriumState {
        let (shown, merit) = self.workspace.show(problem);
        let mut point = state.take_param().unwrap_or_default();
        point.clear();
        point.extend_from_slice(shown);
        state.param(point).cost(merit)
    }
}

impl<P: Problem> Solver<&P, EquilibriumState> for EquilibriumSolver {
    fn name(&self) -> &str {
        "mixed complementarity"
    }

    fn init(
        &mut self,
        problem: &mut Counted<&P>,
        mut state: EquilibriumState,
    ) -> Result<(EquilibriumState, Option<KV>), Error> {
        let Some(problem) = problem.problem else {
            return Ok((state, None));
        };
        let start = match state.get_param() {
            Some(point) => {
                self.workspace.set_point(point)?;
                Start::Warm
            }
            None => Start::Cold,
        };
        self.termination = None;
        prepare(problem, &self.settings, &mut self.workspace, start)?;
        state = self.write(problem, state);
        Ok((state, None))
    }

    fn next_iter(
        &mut self,
        problem: &mut Counted<&P>,
        state: EquilibriumState,
    ) -> Result<(EquilibriumState, Option<KV>), Error> {
        let Some(problem) = problem.problem else {
            return Ok((state, None));
        };
        self.termination = step(problem, &self.settings, &mut self.workspace);
        let state = self.write(problem, state);
        let cost = state.get_cost();
        Ok((state, Some(kv!("merit" => cost;))))
    }

    fn terminate(&mut self, _state: &EquilibriumState) -> TerminationStatus {
        match &self.termination {
            None => TerminationStatus::NotTerminated,
            Some(Termination::Converged) => {
                TerminationStatus::Terminated(TerminationReason::SolverConverged)
            }
            Some(Termination::IterationLimit { .. }) => {
                TerminationStatus::Terminated(TerminationReason::MaxItersReached)
            }
            Some(other) => {
                TerminationStatus::Terminated(TerminationReason::SolverExit(format!("{other:?}")))
            }
        }
    }
}
