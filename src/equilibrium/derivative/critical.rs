//! The direction in which a solution moves where a condition is just binding.
//!
//! With the free unknowns free and the strictly bound ones held, an unknown whose bound is just reached may leave
//! it or stay: its direction `d` obeys `d >= 0`, complementary to the change of its condition. That is itself a
//! linear mixed complementarity problem.

use crate::complementarity::{Problem, Scale, Structure};

/// The linear problem for a direction.
pub(super) struct Critical<'a> {
    pub(super) structure: &'a Structure,
    pub(super) jacobian: &'a [f64],
    /// Change of the residuals at a fixed point.
    pub(super) drive: &'a [f64],
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) variable: &'a [f64],
    pub(super) residual: &'a [f64],
}

impl Problem for Critical<'_> {
    fn structure(&self) -> &Structure {
        self.structure
    }

    fn lower(&self) -> &[f64] {
        &self.lower
    }

    fn upper(&self) -> &[f64] {
        &self.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: self.variable,
            residual: self.residual,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
        let (starts, columns) = (self.structure.row_starts(), self.structure.columns());
        for (i, f) in residual.iter_mut().enumerate() {
            let row = starts[i]..starts[i + 1];
            *f = row.fold(self.drive[i], |sum, k| {
                sum + self.jacobian[k] * x[columns[k]]
            });
        }
        if let Some(values) = jacobian {
            values.copy_from_slice(self.jacobian);
        }
    }

    fn start(&self, x: &mut [f64]) {
        for (value, (&low, &high)) in x.iter_mut().zip(self.lower.iter().zip(&self.upper)) {
            *value = 0.0_f64.clamp(low, high);
        }
    }

    fn affine(&self) -> bool {
        true
    }
}
