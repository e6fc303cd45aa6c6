//! The linearised conditions at a solution, for derivatives.

use super::evaluation::{self, subtract_product};
use super::linear::{Backend, Quality};
use super::workspace::{Position, Workspace};
use super::{ComplementarityError, Problem};

/// Refinements of an approximate factorisation; each gains several digits.
const REFINEMENTS: usize = 6;
/// The scaled residual of the system at which refinement stops.
const ENOUGH: f64 = 1e-14;

/// The Jacobian at the point of a workspace, factorised over the unknowns that are free there.
///
/// With `F(x, t) = 0` on the active set, the derivative of the solution in a parameter is
/// `dx/dt = -J^-1 dF/dt` over the free unknowns (implicit function theorem), and the gradient of an outcome
/// `g(x)` is `-(J^-T dg/dx) dF/dt`. Rows carry the problem's weights, if it has any: multiply `dF/dt` by them.
#[derive(Debug)]
pub struct Linearised<'a> {
    workspace: &'a mut Workspace,
}

impl Workspace {
    /// Factorises the Jacobian at the point in the workspace over the unknowns whose
    /// [`position`](Workspace::positions) is free.
    ///
    /// # Errors
    /// When the Jacobian is singular there, or `F` is not defined.
    pub fn linearise<P: Problem + ?Sized>(
        &mut self,
        problem: &P,
    ) -> Result<Linearised<'_>, ComplementarityError> {
        self.jacobian_fresh = true;
        if !evaluation::linearise(problem, &self.x, &mut self.f, &mut self.jacobian) {
            return Err(ComplementarityError::Start {
                name: problem.name(self.worst.index),
                value: self.x.get(self.worst.index).copied().unwrap_or(0.0),
                residual: f64::NAN,
            });
        }
        self.jacobian_current = true;
        for (shift, &position) in self.shift.iter_mut().zip(&self.position) {
            *shift = if position == Position::Free {
                0.0
            } else {
                f64::INFINITY
            };
        }
        match self.factor() {
            Ok(()) => Ok(Linearised { workspace: self }),
            Err(breakdown) => Err(ComplementarityError::Singular {
                name: problem.name(breakdown.0),
            }),
        }
    }
}

impl Linearised<'_> {
    /// Overwrites `rhs` (one entry per unknown, those of unknowns at a bound are ignored) with the `d` that
    /// solves `J d = rhs` over the free unknowns and is zero elsewhere.
    ///
    /// # Errors
    /// When `rhs` does not have one entry per unknown.
    pub fn solve(&mut self, rhs: &mut [f64]) -> Result<(), ComplementarityError> {
        self.check(rhs)?;
        let workspace = &mut *self.workspace;
        workspace.rhs[..rhs.len()].copy_from_slice(rhs);
        workspace.solve_refined(ENOUGH, REFINEMENTS);
        rhs.copy_from_slice(&workspace.step[..workspace.n]);
        Ok(())
    }

    /// Overwrites `rhs` with the `y` that solves `J' y = rhs` over the free unknowns and is zero elsewhere.
    ///
    /// # Errors
    /// When `rhs` does not have one entry per unknown.
    pub fn solve_transpose(&mut self, rhs: &mut [f64]) -> Result<(), ComplementarityError> {
        self.check(rhs)?;
        let workspace = &mut *self.workspace;
        workspace.rhs[..rhs.len()].copy_from_slice(rhs);
        workspace.step[..rhs.len()].copy_from_slice(rhs);
        workspace.linear.solve_transpose(&mut workspace.step);
        if workspace.quality == Quality::Approximate {
            for _ in 0..REFINEMENTS {
                workspace.trial_f.copy_from_slice(&workspace.rhs);
                let held = &workspace.shift;
                let starts = workspace.structure.row_starts();
                for (i, ends) in starts.windows(2).enumerate() {
                    for k in ends[0]..ends[1] {
                        let column = workspace.structure.columns()[k];
                        workspace.trial_f[column] -= workspace.jacobian[k] * workspace.step[i];
                    }
                }
                for (left, &shift) in workspace.trial_f.iter_mut().zip(held) {
                    if shift == f64::INFINITY {
                        *left = 0.0;
                    }
                }
                workspace.linear.solve_transpose(&mut workspace.trial_f);
                for (y, &more) in workspace.step.iter_mut().zip(&workspace.trial_f) {
                    *y += more;
                }
            }
        }
        rhs.copy_from_slice(&workspace.step[..workspace.n]);
        Ok(())
    }

    /// `out = J d` over the free rows, zero elsewhere.
    ///
    /// # Errors
    /// When a vector does not have one entry per unknown.
    pub fn multiply(&self, d: &[f64], out: &mut [f64]) -> Result<(), ComplementarityError> {
        self.check(d)?;
        self.check(out)?;
        out.fill(0.0);
        let workspace = &*self.workspace;
        subtract_product(
            &workspace.structure,
            &workspace.jacobian,
            &workspace.shift,
            d,
            out,
        );
        for value in out.iter_mut() {
            *value = -*value;
        }
        Ok(())
    }

    fn check(&self, vector: &[f64]) -> Result<(), ComplementarityError> {
        let expected = self.workspace.structure.dimension();
        if vector.len() == expected {
            Ok(())
        } else {
            Err(ComplementarityError::Length {
                what: "vector",
                expected,
                found: vector.len(),
            })
        }
    }
}
