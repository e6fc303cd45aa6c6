//! One solve of a compiled system, kept apart from the workspace that made it.

use std::sync::Arc;

use super::compiled::Compiled;
use super::derivative::Outcome;
use super::error::SolveError;
use super::result::Solution;
use super::workspace::{Certificate, Workspace};
use crate::assembly::Param;

/// The numbers of one solve with their certificate. It holds two short lists and no names: an outcome is looked up
/// and worked out when it is asked for.
#[derive(Clone, Debug)]
pub struct Snapshot {
    solution: Solution,
    certificate: Certificate,
}

impl Compiled {
    /// Solves at the workspace's numbers, from its previous solution where it has one, and keeps the answer.
    ///
    /// ```
    /// use pricefloor::equilibrium::Outcome;
    /// use pricefloor::prelude::*;
    /// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
    /// #     .build()?;
    /// let policy = Policy::new().with("floor", SupportBuying::new("Home", "oxide", 12.0))?;
    /// let compiled = market.compile(&policy)?;
    /// let mut workspace = compiled.workspace()?;
    /// let solved = compiled.solve_snapshot(&mut workspace)?;
    /// workspace.set(compiled.param("measure/floor/floor")?, 13.0)?;
    /// compiled.solve_into(&mut workspace)?;
    /// assert!((solved.outcome(&Outcome::outlay("floor"))? - 72.0).abs() < 1e-6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`solve_into`](Self::solve_into).
    pub fn solve_snapshot(&self, workspace: &mut Workspace) -> Result<Snapshot, SolveError> {
        let certificate = self.solve_into(workspace)?;
        Ok(Snapshot {
            solution: Solution {
                origin: Arc::clone(&self.origin),
                values: workspace.numbers.values.clone(),
                x: workspace.engine.solution().to_vec(),
                linked: false,
                open: (workspace.numbers)
                    .open(workspace.engine.solution(), workspace.engine.residual()),
            },
            certificate,
        })
    }
}

impl Snapshot {
    /// The evidence.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A number that comes out of the solve, in the unit of the outcome.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] or [`SolveError::UnknownPath`] for an outcome that the system does not have.
    pub fn outcome(&self, outcome: &Outcome) -> Result<f64, SolveError> {
        let Solution {
            origin, values, x, ..
        } = &self.solution;
        let measured = outcome.measured(&origin.assembly)?;
        Ok(measured.evaluate(&origin.assembly, values, x))
    }

    /// A number of the system as it stood in this solve.
    #[must_use]
    pub fn param(&self, param: Param) -> Option<f64> {
        self.solution.values.get(param.index()).copied()
    }
}
