//! What a solve reports.

use serde::{Deserialize, Serialize};

/// Where a solve begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Start {
    /// From the problem's own starting point.
    #[default]
    Cold,
    /// From the point in the workspace: the previous solution, or what was put there.
    Warm,
}

/// The unknown with the largest scaled residual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Worst {
    /// Which unknown.
    pub index: usize,
    /// Its scaled residual, no unit.
    pub residual: f64,
}

/// A proof that no point satisfies the conditions: non-negative weights on rows whose weighted sum is
/// negative at every point within the bounds.
///
/// Read it as a sentence: the listed rows can only hold together if something that is at most
/// `-shortfall` were not negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    pub(super) rows: Vec<(usize, f64)>,
    pub(super) shortfall: f64,
}

impl Certificate {
    /// The rows and their weights; a negative weight means that the row would have to be at most zero.
    #[must_use]
    pub fn rows(&self) -> &[(usize, f64)] {
        &self.rows
    }

    /// By how much the weighted sum stays below zero at best, in units of weight times residual.
    #[must_use]
    pub fn shortfall(&self) -> f64 {
        self.shortfall
    }
}

/// Why a solve ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Termination {
    /// The scaled residual and the bound on the error are within their tolerances.
    Converged,
    /// Every algorithm came to rest away from a solution.
    NoProgress {
        /// The unknown that is furthest from its condition.
        worst: Worst,
    },
    /// The Jacobian on the active set is singular and no step along its null space helped.
    Singular {
        /// The unknown where the factorisation broke down.
        index: usize,
    },
    /// There is no solution, with a proof.
    Infeasible {
        /// The proof.
        certificate: Certificate,
    },
    /// The limit on iterations was reached.
    IterationLimit {
        /// The limit.
        limit: usize,
    },
    /// The limit on time was reached.
    TimeLimit,
    /// An observer or another outside party ended the run.
    Interrupted,
}

/// Iterations by algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Iterations {
    pub(super) active_set: usize,
    pub(super) interior_point: usize,
    pub(super) continuation: usize,
}

impl Iterations {
    /// Steps of active-set Newton.
    #[must_use]
    pub fn active_set(&self) -> usize {
        self.active_set
    }

    /// Steps of the interior point.
    #[must_use]
    pub fn interior_point(&self) -> usize {
        self.interior_point
    }

    /// Steps of the continuation.
    #[must_use]
    pub fn continuation(&self) -> usize {
        self.continuation
    }

    /// All steps.
    #[must_use]
    pub fn total(&self) -> usize {
        self.active_set + self.interior_point + self.continuation
    }
}

/// The linear algebra that ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Factorisation {
    /// Dense LU of the free unknowns, partial pivoting.
    Dense,
    /// Dense Cholesky of the condensed matrix.
    CondensedDenseCholesky,
    /// Dense LU of the condensed matrix.
    CondensedDenseLu,
    /// Sparse Cholesky of the condensed matrix.
    CondensedCholesky,
    /// Sparse LU of the condensed matrix.
    CondensedLu,
}

/// What a solve reports. The answer itself stays in the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub(super) termination: Termination,
    pub(super) iterations: Iterations,
    pub(super) factorisations: usize,
    pub(super) residual: f64,
    pub(super) price_error: f64,
    pub(super) worst: Worst,
    pub(super) factorisation: Factorisation,
}

impl Outcome {
    /// Whether the workspace holds a solution.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.termination == Termination::Converged
    }

    /// Why the solve ended.
    #[must_use]
    pub fn termination(&self) -> &Termination {
        &self.termination
    }

    /// Iterations by algorithm.
    #[must_use]
    pub fn iterations(&self) -> Iterations {
        self.iterations
    }

    /// Matrix factorisations.
    #[must_use]
    pub fn factorisations(&self) -> usize {
        self.factorisations
    }

    /// The largest scaled residual, no unit:
    /// `|x - mid(lower, upper, x - F sx / sF)| / sx` over all unknowns.
    #[must_use]
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// The first-order bound on the error of the unknowns as a fraction of their scale, no unit:
    /// the largest `|J^-1 F| / sx` on the active set. Infinite where it could not be computed.
    #[must_use]
    pub fn price_error(&self) -> f64 {
        self.price_error
    }

    /// The unknown with the largest scaled residual.
    #[must_use]
    pub fn worst(&self) -> Worst {
        self.worst
    }

    /// The linear algebra that ran.
    #[must_use]
    pub fn factorisation(&self) -> Factorisation {
        self.factorisation
    }
}
