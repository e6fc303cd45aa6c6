//! `market.solve(&policy)`: the convenient door, through argmin's executor.

use ::argmin::core::Executor;

use super::compiled::Compiled;
use super::error::SolveError;
use super::point::Point;
use super::reported::Alternative;
use super::result::Equilibrium;
use super::workspace::{Certificate, Workspace};
use crate::argmin::EquilibriumSolver;
use crate::assembly::{Assembly, Draft, Period};
use crate::complementarity::{ComplementarityError, Problem, Settings};
use crate::intervention::{Admission, Policy};
use crate::market::Market;

impl Market {
    /// Compiles the market with a policy, to be solved many times with changed numbers. Measures with a switch
    /// are compiled in their first case.
    ///
    /// # Errors
    /// [`SolveError`] when a measure does not fit the market, or demand that must be met cannot be.
    pub fn compile(&self, policy: &Policy) -> Result<Compiled, SolveError> {
        self.compile_case(policy, &[])
    }

    fn compile_case(&self, policy: &Policy, choices: &[usize]) -> Result<Compiled, SolveError> {
        let period = Period::default();
        let mut assembly = self.assemble(period)?;
        assembly.choices = choices.to_vec();
        for entry in policy.entries() {
            let mut draft =
                Draft::of_measure(&mut assembly, entry.name(), entry.stacking(), period);
            entry.measure().terms().enter(&mut draft)?;
        }
        Compiled::of(assembly, self.clone(), policy.clone())
    }

    /// Solves the market under a policy.
    ///
    /// # Errors
    /// [`SolveError`] when the question is ill-posed or no equilibrium was found.
    pub fn solve(&self, policy: &Policy) -> Result<Equilibrium, SolveError> {
        self.solve_with(policy, Settings::default())
    }

    /// As [`solve`](Self::solve), with solver settings.
    ///
    /// # Errors
    /// As `solve`.
    pub fn solve_with(
        &self,
        policy: &Policy,
        settings: Settings,
    ) -> Result<Equilibrium, SolveError> {
        let first = self.compile_case(policy, &[])?;
        let cases: Vec<usize> = first
            .assembly()
            .switches
            .iter()
            .map(|s| s.cases.len())
            .collect();
        if cases.is_empty() {
            return first.equilibrium(settings);
        }
        let mut held: Vec<(Vec<String>, Equilibrium)> = Vec::new();
        let mut failures = Vec::new();
        for choices in combinations(&cases) {
            let compiled = self.compile_case(policy, &choices)?;
            let names = case_names(compiled.assembly());
            match compiled.equilibrium(settings) {
                Ok(equilibrium) => match compiled.contradiction(&equilibrium)? {
                    None => held.push((names, equilibrium)),
                    Some(why) => failures.push(format!("with {}: {why}", names.join(", "))),
                },
                Err(SolveError::Unsolved { reason, .. }) => {
                    failures.push(format!("with {}: {reason}", names.join(", ")));
                }
                Err(other) => return Err(other),
            }
        }
        let mut held = held.into_iter();
        let Some((_, mut best)) = held.next() else {
            return Err(SolveError::NoConsistentBranch {
                detail: failures.join("; "),
            });
        };
        best.alternatives = held
            .map(|(cases, other)| Alternative {
                cases,
                prices: other
                    .nodes()
                    .iter()
                    .map(super::reported::NodeResult::price)
                    .collect(),
            })
            .collect();
        Ok(best)
    }
}

impl Compiled {
    /// Solves with the numbers as compiled.
    ///
    /// # Errors
    /// As [`Market::solve`].
    pub fn equilibrium(&self, settings: Settings) -> Result<Equilibrium, SolveError> {
        let mut workspace = self.workspace_with(settings)?;
        self.equilibrium_from(&mut workspace)
    }

    /// Solves at a workspace's numbers and gives the solution with its names.
    ///
    /// # Errors
    /// As [`solve_into`](Self::solve_into).
    pub fn equilibrium_from(&self, workspace: &mut Workspace) -> Result<Equilibrium, SolveError> {
        let certificate = self.run(workspace)?;
        let (certificate, best_response) = self.settle_conduct(workspace, certificate)?;
        Ok(self.result(workspace, certificate, best_response))
    }

    /// Solves through argmin's executor. The bits are those of [`solve_into`](Self::solve_into).
    fn run(&self, workspace: &mut Workspace) -> Result<Certificate, SolveError> {
        self.prepare(workspace)?;
        let warm = workspace.begin();
        let (outcome, scratch) = {
            let point = self.problem(workspace);
            let scratch = workspace.engine.clone();
            let solver = EquilibriumSolver::with_workspace(scratch, workspace.settings);
            let mut executor =
                Executor::new(&point, solver).timer(workspace.settings.time_limit().is_some());
            if let Some(limit) = workspace.settings.time_limit() {
                executor = executor.timeout(limit);
            }
            let result = executor
                .configure(|state| {
                    if warm {
                        state.param(workspace.engine.solution().to_vec())
                    } else {
                        state
                    }
                })
                .run()
                .map_err(|error| match error.downcast::<ComplementarityError>() {
                    Ok(ours) => SolveError::Engine(ours),
                    Err(other) => SolveError::Executor {
                        detail: other.to_string(),
                    },
                })?;
            (result.solver.outcome(), result.solver.into_workspace())
        };
        workspace.engine = scratch;
        self.accept(workspace, &outcome)
    }

    /// The system at a workspace's numbers, for use with the numerical engine or argmin's executor directly.
    ///
    /// ```
    /// use argmin::core::Executor;
    /// use pricefloor::argmin::EquilibriumSolver;
    /// use pricefloor::complementarity::Settings;
    /// # use pricefloor::{Activity, Demand, Market, Policy, Supply, curve::Line};
    /// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
    /// #     .build()?;
    /// let compiled = market.compile(&Policy::none())?;
    /// let workspace = compiled.workspace()?;
    /// let problem = compiled.problem(&workspace);
    /// let solver = EquilibriumSolver::new(&problem, Settings::default())?;
    /// let result = Executor::new(&problem, solver).configure(|state| state.max_iters(100)).run()?;
    /// assert!(result.solver.outcome().converged());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn problem<'a>(&'a self, workspace: &'a Workspace) -> impl Problem + 'a {
        Point {
            compiled: self,
            numbers: &workspace.numbers,
        }
    }

    /// Why the cases in which measures were written do not hold at an equilibrium, if they do not.
    pub(super) fn contradiction(
        &self,
        equilibrium: &Equilibrium,
    ) -> Result<Option<String>, SolveError> {
        let Some(solution) = &equilibrium.solution else {
            return Ok(None);
        };
        for (measure, entry) in self.origin.policy.entries().iter().enumerate() {
            let settled = solution.settled(measure);
            if let Admission::Contradicted(why) = entry.measure().terms().admits(&settled)? {
                return Ok(Some(why));
            }
        }
        Ok(None)
    }
}

/// Every way to choose one case of each switch.
pub(super) fn combinations(cases: &[usize]) -> Vec<Vec<usize>> {
    cases.iter().fold(vec![Vec::new()], |chosen, &count| {
        chosen
            .iter()
            .flat_map(|start| {
                (0..count).map(move |case| {
                    let mut next = start.clone();
                    next.push(case);
                    next
                })
            })
            .collect()
    })
}

pub(super) fn case_names(assembly: &Assembly) -> Vec<String> {
    let named = |s: &crate::assembly::Switch| {
        format!(
            "{}: {}",
            assembly.measures[s.measure],
            s.cases.get(s.chosen).copied().unwrap_or("")
        )
    };
    assembly.switches.iter().map(named).collect()
}
