//! What the engine asks of a problem.

use super::Structure;

/// The sizes by which unknowns and residuals are measured; every entry is positive and finite.
///
/// They carry the problem's units: with prices in USD/kg and quantities in t, the `variable` of a price
/// is in USD/kg and the `residual` of its balance in t. Both slices have one entry per unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale<'a> {
    /// Typical size of each unknown, in its own unit (sx).
    pub variable: &'a [f64],
    /// Typical size of each residual, in its own unit (sF).
    pub residual: &'a [f64],
}

/// A mixed complementarity problem: find `lower <= x <= upper` so that, for every `i`,
/// `F_i(x) = 0`, or `F_i(x) >= 0` where `x_i` is at its lower bound, or `F_i(x) <= 0` where it is at
/// its upper bound.
///
/// Everything is lent, nothing is allocated: a solve calls [`evaluate`](Problem::evaluate) many times and
/// the rest once.
pub trait Problem {
    /// The sparsity pattern of the Jacobian and what is known of it. Fixed for the life of a workspace.
    fn structure(&self) -> &Structure;

    /// The number of unknowns, which is the number of residuals.
    fn dimension(&self) -> usize {
        self.structure().dimension()
    }

    /// Lower bounds, in the unit of each unknown; `-inf` where there is none.
    fn lower(&self) -> &[f64];

    /// Upper bounds, in the unit of each unknown; `inf` where there is none.
    fn upper(&self) -> &[f64];

    /// The sizes by which progress and convergence are measured.
    fn scale(&self) -> Scale<'_>;

    /// Writes `F(x)`, and the Jacobian's values in the order of [`structure`](Problem::structure) when they
    /// are asked for.
    ///
    /// A point where `F` is not defined is answered by writing NaN into the residual; the engine then takes
    /// a shorter step. It always respects [`positive`](Problem::positive) and, up to rounding, the bounds.
    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>);

    /// Writes a sensible point to start from when there is no previous solution. It need not lie inside the
    /// bounds.
    fn start(&self, x: &mut [f64]);

    /// The name of an unknown. Only called when something failed or is displayed.
    fn name(&self, i: usize) -> String {
        format!("unknown {i}")
    }

    /// Marks the unknowns for which `F` is only defined where they are strictly positive.
    fn positive(&self) -> Option<&[bool]> {
        None
    }

    /// Positive row weights under which the Jacobian has the symmetry that its structure declares
    /// (over time: the discount factor of each row's period). `None` stands for ones.
    fn weights(&self) -> Option<&[f64]> {
        None
    }

    /// Whether `F` is affine, so that the Jacobian is the same everywhere.
    fn affine(&self) -> bool {
        false
    }
}
