//! The linear systems of a Newton step: `(J + diag(shift)) d = rhs`, where an infinite shift holds an
//! unknown in place.

mod assembly;
mod condensed;
mod dense;
mod fronts;
mod kernels;
mod ordering;
mod plan;
mod symbolic;

use condensed::Condensed;
use dense::Dense;

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
    /// sx / sF.
    pub ratio: &'a [f64],
    /// Whether the Jacobian changed since the last factorisation.
    pub fresh: bool,
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
    Condensed(Box<Condensed>),
}

/// Up to this many unknowns pivoting on everything is faster than eliminating first.
const SMALL: usize = 12;

impl Linear {
    /// How many further corrections of a direction a factorisation is worth.
    pub fn correctors(&self) -> usize {
        match self {
            Self::Dense(_) => 0,
            Self::Condensed(condensed) => condensed.correctors(),
        }
    }

    pub fn new(structure: &Structure, algebra: Algebra) -> Result<Self, ComplementarityError> {
        let n = structure.dimension();
        let dense = match algebra {
            Algebra::Automatic => n <= SMALL,
            Algebra::Dense => true,
            Algebra::Sparse => false,
        };
        if !dense {
            return Ok(Self::Condensed(Box::new(Condensed::new(structure))));
        }
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
            Self::Condensed(condensed) => condensed.factor(system),
        }
    }

    fn solve(&mut self, rhs: &mut [f64]) {
        match self {
            Self::Dense(dense) => dense.solve(rhs),
            Self::Condensed(condensed) => condensed.solve(rhs),
        }
    }

    fn solve_transpose(&mut self, rhs: &mut [f64]) {
        match self {
            Self::Dense(dense) => dense.solve_transpose(rhs),
            Self::Condensed(condensed) => condensed.solve_transpose(rhs),
        }
    }

    fn describe(&self) -> Factorisation {
        match self {
            Self::Dense(dense) => dense.describe(),
            Self::Condensed(condensed) => condensed.describe(),
        }
    }
}

/// Runs loops with the widest vectors that the processor has. Results do not depend on the width: nothing in
/// these loops is reassociated or fused.
#[inline(always)]
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
