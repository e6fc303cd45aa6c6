//! The derivative of every condition in every parameter, visited one entry at a time.

use crate::equilibrium::compiled::Compiled;
use crate::equilibrium::numbers::Numbers;

impl Compiled {
    /// Calls `visit(row, parameter, value)` for each contribution to the derivative of the residuals in the
    /// parameters at a point; contributions to one pair add up.
    pub(super) fn visit_parameters(
        &self,
        numbers: &Numbers,
        x: &[f64],
        visit: &mut impl FnMut(usize, usize, f64),
    ) {
        for &(row, c) in &self.constants {
            self.visit_coefficient(numbers, c, row, 1.0, visit);
        }
        let (starts, columns) = (self.structure.row_starts(), self.structure.columns());
        let mut row = 0;
        for &(slot, c) in &self.linear {
            // slots of a row stand together, and rows were written in order
            while slot >= starts[row + 1] {
                row += 1;
            }
            while slot < starts[row] {
                row -= 1;
            }
            self.visit_coefficient(numbers, c, row, x[columns[slot]], visit);
        }
        let mut partials = Vec::new();
        for term in &self.terms {
            let without_blocks: f64 = term.unknowns.iter().map(|&(u, _)| x[u as usize]).product();
            let curves: Vec<(f64, f64)> = term
                .curves
                .iter()
                .map(|&(c, _)| self.curve_at(numbers, c, x))
                .collect();
            let blocks: Vec<f64> = term
                .blocks
                .iter()
                .map(|(b, _)| {
                    let at = &self.blocks[*b as usize];
                    at.block.value(at.place(&numbers.values, x))
                })
                .collect();
            let unknowns = blocks
                .iter()
                .fold(without_blocks, |product, value| product * value);
            let all = curves
                .iter()
                .fold(unknowns, |product, (value, _)| product * value);
            self.visit_coefficient(numbers, term.coefficient, term.row, all, visit);
            for (k, &(c, _)) in term.curves.iter().enumerate() {
                let others = curves.iter().enumerate().filter(|(i, _)| *i != k);
                let coefficient = numbers.coefficients[term.coefficient] * unknowns;
                let weight = others.fold(coefficient, |product, (_, (value, _))| product * value);
                let curve = &self.curves[c as usize];
                let parameters = &numbers.curve_numbers[curve.start..curve.start + curve.len];
                partials.clear();
                partials.resize(curve.len, 0.0);
                curve.kernel.partials(
                    parameters,
                    numbers.offsets[c as usize] + x[curve.of],
                    &mut partials,
                );
                for (&p, partial) in curve.params.iter().zip(&partials) {
                    visit(term.row, p as usize, weight * partial);
                }
                for &(factor, p) in &curve.offset {
                    visit(term.row, p as usize, weight * curves[k].1 * factor);
                }
            }
            for (k, (b, _)) in term.blocks.iter().enumerate() {
                let at = &self.blocks[*b as usize];
                let others = blocks.iter().enumerate().filter(|(i, _)| *i != k);
                let rest = curves
                    .iter()
                    .fold(without_blocks, |w, (value, _)| w * value);
                let weight = others.fold(
                    numbers.coefficients[term.coefficient] * rest,
                    |w, (_, v)| w * v,
                );
                at.block
                    .param_slopes(at.place(&numbers.values, x), &mut |i, slope| {
                        visit(term.row, at.params[i].index(), weight * slope);
                    });
            }
        }
    }

    fn visit_coefficient(
        &self,
        numbers: &Numbers,
        c: usize,
        row: usize,
        weight: f64,
        visit: &mut impl FnMut(usize, usize, f64),
    ) {
        let coefficient = &self.coefficients[c];
        for (k, &p) in coefficient.params.iter().enumerate() {
            let others = coefficient
                .params
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != k);
            let value = others.fold(coefficient.number, |product, (_, &q)| {
                product * numbers.values[q as usize]
            });
            visit(row, p as usize, weight * value);
        }
    }
}
