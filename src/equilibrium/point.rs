//! A compiled system at given numbers, evaluated without allocation.

use super::compiled::Compiled;
use super::numbers::Numbers;
use super::program::Term;
use crate::complementarity::{Problem, Scale, Structure};
use crate::curve::Kernel;

/// Share of its calibration quantity below which a marginal cost of constant elasticity runs straight to zero, so that
/// its slope is finite where nothing is produced.
const STRAIGHT: f64 = 1e-12;

/// A compiled system at given numbers, as the engine sees it.
pub(super) struct Point<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) numbers: &'a Numbers,
}

impl Problem for Point<'_> {
    fn structure(&self) -> &Structure {
        &self.compiled.structure
    }

    fn lower(&self) -> &[f64] {
        &self.numbers.lower
    }

    fn upper(&self) -> &[f64] {
        &self.numbers.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.numbers.variable,
            residual: &self.numbers.residual,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], mut jacobian: Option<&mut [f64]>) {
        let (compiled, numbers) = (self.compiled, self.numbers);
        let starts = compiled.structure.row_starts();
        let columns = compiled.structure.columns();
        for (i, f) in residual.iter_mut().enumerate() {
            let mut sum = numbers.constants[i];
            for k in starts[i]..starts[i + 1] {
                sum += numbers.jacobian[k] * x[columns[k]];
            }
            *f = sum;
        }
        if let Some(values) = jacobian.as_deref_mut() {
            values.copy_from_slice(&numbers.jacobian);
        }
        for term in &compiled.terms {
            let coefficient = numbers.coefficients[term.coefficient];
            if let (&[], &[(c, slot)], &[]) = (
                term.unknowns.as_slice(),
                term.curves.as_slice(),
                term.blocks.as_slice(),
            ) {
                let (value, slope) = compiled.curve_at(numbers, c, x);
                residual[term.row] += coefficient * value;
                if let Some(values) = jacobian.as_deref_mut() {
                    values[slot as usize] += coefficient * slope;
                }
            } else {
                compiled.general_term(
                    term,
                    coefficient,
                    numbers,
                    x,
                    residual,
                    jacobian.as_deref_mut(),
                );
            }
        }
    }

    fn start(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.numbers.start);
    }

    fn name(&self, i: usize) -> String {
        self.compiled
            .assembly()
            .unknowns
            .get(i)
            .map_or_else(String::new, |u| u.name.clone())
    }

    fn positive(&self) -> Option<&[bool]> {
        Some(&self.numbers.positive)
    }

    fn affine(&self) -> bool {
        self.compiled.is_affine()
    }
}

impl Compiled {
    pub(super) fn curve_at(&self, numbers: &Numbers, c: u32, x: &[f64]) -> (f64, f64) {
        let curve = &self.curves[c as usize];
        let parameters = &numbers.curve_numbers[curve.start..curve.start + curve.len];
        let at = numbers.offsets[c as usize] + x[curve.of];
        match (curve.kernel, parameters) {
            (Kernel::Elastic, &[_, quantity, elasticity])
                if at < STRAIGHT * quantity && elasticity > 0.0 =>
            {
                let end = STRAIGHT * quantity;
                let slope = curve.kernel.value(parameters, end) / end;
                (slope * at, slope)
            }
            _ => curve.kernel.value_and_slope(parameters, at),
        }
    }

    fn general_term(
        &self,
        term: &Term,
        coefficient: f64,
        numbers: &Numbers,
        x: &[f64],
        residual: &mut [f64],
        jacobian: Option<&mut [f64]>,
    ) {
        // the product without one of its factors
        let without = |skip: Factor| {
            let mut value = coefficient;
            for (k, &(u, _)) in term.unknowns.iter().enumerate() {
                if skip != Factor::Unknown(k) {
                    value *= x[u as usize];
                }
            }
            for (k, &(c, _)) in term.curves.iter().enumerate() {
                if skip != Factor::Curve(k) {
                    value *= self.curve_at(numbers, c, x).0;
                }
            }
            for (k, (b, _)) in term.blocks.iter().enumerate() {
                if skip != Factor::Block(k) {
                    let at = &self.blocks[*b as usize];
                    value *= at.block.value(at.place(&numbers.values, x));
                }
            }
            value
        };
        residual[term.row] += without(Factor::None);
        let Some(values) = jacobian else { return };
        for (k, &(_, slot)) in term.unknowns.iter().enumerate() {
            values[slot as usize] += without(Factor::Unknown(k));
        }
        for (k, &(c, slot)) in term.curves.iter().enumerate() {
            let slope = self.curve_at(numbers, c, x).1;
            values[slot as usize] += without(Factor::Curve(k)) * slope;
        }
        for (k, (b, slots)) in term.blocks.iter().enumerate() {
            let at = &self.blocks[*b as usize];
            let weight = without(Factor::Block(k));
            at.block
                .slopes(at.place(&numbers.values, x), &mut |i, slope| {
                    values[slots[i]] += weight * slope;
                });
        }
    }
}

/// One factor of a product.
#[derive(Clone, Copy, PartialEq)]
enum Factor {
    None,
    Unknown(usize),
    Curve(usize),
    Block(usize),
}
