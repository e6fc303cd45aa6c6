//! Derivatives of expressions in unknowns and parameters.

use super::book::Assembly;
use super::expr::{CurveAt, Expr, Product};
use super::handle::Activity;

/// Sparse derivatives: (position, value) pairs, to be summed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gradient {
    pub(crate) unknowns: Vec<(usize, f64)>,
    pub(crate) params: Vec<(usize, f64)>,
}

impl Assembly {
    /// Adds `weight` times the derivatives of an expression.
    pub(crate) fn differentiate(
        &self,
        expr: &Expr,
        values: &[f64],
        x: &[f64],
        weight: f64,
        out: &mut Gradient,
    ) {
        for product in &expr.products {
            self.differentiate_product(product, values, x, weight, out);
        }
    }

    fn differentiate_product(
        &self,
        product: &Product,
        values: &[f64],
        x: &[f64],
        weight: f64,
        out: &mut Gradient,
    ) {
        let params = product.params.iter().map(|p| values[p.index()]);
        let unknowns = product.unknowns.iter().map(|u| x[u.index()]);
        let levels = product.levels.iter().map(|&a| self.realised(a, x));
        let curves = product
            .curves
            .iter()
            .map(|c| self.curve_value(c, values, x));
        let blocks = product
            .blocks
            .iter()
            .map(|b| b.block.value(b.place(values, x)));
        let factors: Vec<f64> = params
            .chain(unknowns)
            .chain(levels)
            .chain(curves)
            .chain(blocks)
            .collect();
        let without = |k: usize| {
            let others = factors.iter().enumerate().filter(|(i, _)| *i != k);
            others.fold(weight * product.coefficient, |value, (_, f)| value * f)
        };
        let mut k = 0;
        for p in &product.params {
            out.params.push((p.index(), without(k)));
            k += 1;
        }
        for u in &product.unknowns {
            out.unknowns.push((u.index(), without(k)));
            k += 1;
        }
        for &activity in &product.levels {
            self.differentiate_level(activity, x, without(k), out);
            k += 1;
        }
        for curve in &product.curves {
            self.differentiate_curve(curve, values, x, without(k), out);
            k += 1;
        }
        for at in &product.blocks {
            let (weight, place) = (without(k), at.place(values, x));
            at.block.slopes(place, &mut |i, slope| {
                out.unknowns.push((at.of[i].index(), weight * slope));
            });
            at.block.param_slopes(place, &mut |i, slope| {
                out.params.push((at.params[i].index(), weight * slope));
            });
            k += 1;
        }
    }

    fn curve_value(&self, curve: &CurveAt, values: &[f64], x: &[f64]) -> f64 {
        let (parameters, offset) = self.curve_numbers(curve, values);
        curve
            .kernel
            .value(&parameters, offset + x[curve.of.index()])
    }

    fn differentiate_level(&self, activity: Activity, x: &[f64], weight: f64, out: &mut Gradient) {
        let entry = &self.activities[activity.index()];
        let served = self.served(activity, x);
        for part in &entry.parts {
            out.unknowns.push((part.level.index(), weight * served));
            if let Some(unserved) = entry.unserved {
                out.unknowns
                    .push((unserved.index(), -weight * x[part.level.index()]));
            }
        }
    }

    fn differentiate_curve(
        &self,
        curve: &CurveAt,
        values: &[f64],
        x: &[f64],
        weight: f64,
        out: &mut Gradient,
    ) {
        let (parameters, offset) = self.curve_numbers(curve, values);
        let at = offset + x[curve.of.index()];
        let (_, slope) = curve.kernel.value_and_slope(&parameters, at);
        out.unknowns.push((curve.of.index(), weight * slope));
        for &(c, p) in &curve.offset {
            out.params.push((p.index(), weight * slope * c));
        }
        let mut partials = vec![0.0; parameters.len()];
        curve.kernel.partials(&parameters, at, &mut partials);
        for (p, partial) in curve.parameters.iter().zip(partials) {
            out.params.push((p.index(), weight * partial));
        }
    }
}
