//! The linear systems of a Newton step: `(J + diag(shift)) d = rhs`, where an infinite shift holds an
//! unknown in place.

mod dense;

pub(super) use dense::Dense;

use super::{Algebra, ComplementarityError, Factorisation, Structure};

/// Two gigabytes of numbers.
const MOST_ENTRIES: usize = 1 << 28;

/// What each backend does. `factor` refreshes the numbers and factorises; the solves work in place on
/// vectors over all unknowns and leave zeros where an unknown is held.
pub(super) trait Backend {
    /// Whether solutions are as good as the matrix allows; otherwise they need refinement.
    fn factor(&mut self, system: &System<'_>) -> Result<Quality, Breakdown>;
    fn solve(&mut self, rhs: &mut [f64]);
    fn solve_transpose(&mut self, rhs: &mut [f64]);
    fn describe(&self) -> Factorisation;
}

/// The numbers of a system.
pub(super) struct System<'a> {
    pub structure: &'a Structure,
    pub jacobian: &'a [f64],
    /// Added to the diagonal; infinite where the unknown is held.
    pub shift: &'a [f64],
    /// The sizes of the unknowns (sx).
    pub variable: &'a [f64],
    /// One over the sizes of the rows (1 / sF).
    pub row_scale: &'a [f64],
}

/// How far a factorisation can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    Exact,
    /// The factors belong to a slightly different matrix: refine.
    Approximate,
}

/// The unknown at which a factorisation broke down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Breakdown(pub usize);

/// The linear algebra of a workspace.
#[derive(Debug, Clone)]
pub(super) enum Linear {
    Dense(Dense),
}

impl Linear {
    pub fn new(structure: &Structure, _algebra: Algebra) -> Result<Self, ComplementarityError> {
        let n = structure.dimension();
        if n.checked_mul(n)
            .is_none_or(|entries| entries > MOST_ENTRIES)
        {
            return Err(ComplementarityError::Memory {
                entries: n.saturating_mul(n),
            });
        }
        Ok(Self::Dense(Dense::new(n)))
    }
}

impl Backend for Linear {
    fn factor(&mut self, system: &System<'_>) -> Result<Quality, Breakdown> {
        match self {
            Self::Dense(dense) => dense.factor(system),
        }
    }

    fn solve(&mut self, rhs: &mut [f64]) {
        match self {
            Self::Dense(dense) => dense.solve(rhs),
        }
    }

    fn solve_transpose(&mut self, rhs: &mut [f64]) {
        match self {
            Self::Dense(dense) => dense.solve_transpose(rhs),
        }
    }

    fn describe(&self) -> Factorisation {
        match self {
            Self::Dense(dense) => dense.describe(),
        }
    }
}
