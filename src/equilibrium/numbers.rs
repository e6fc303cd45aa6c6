//! The numbers of a compiled system: gathered from parameters, and how large things are.

use super::compiled::Compiled;
use super::program::coefficients;
use crate::assembly::{Assembly, Dimension, Gauge, Limit};
use crate::curve::Kernel;

/// All numbers of a compiled system, gathered for evaluation.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    pub(super) values: Vec<f64>,
    pub(super) stale: bool,
    pub(super) coefficients: Vec<f64>,
    pub(super) constants: Vec<f64>,
    pub(super) jacobian: Vec<f64>,
    pub(super) curve_numbers: Vec<f64>,
    pub(super) offsets: Vec<f64>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) variable: Vec<f64>,
    pub(super) residual: Vec<f64>,
    pub(super) positive: Vec<bool>,
    pub(super) start: Vec<f64>,
}

impl Compiled {
    pub(super) fn numbers(&self) -> Numbers {
        let assembly = self.assembly();
        let n = assembly.unknowns.len();
        let (price, quantity) = overall(assembly);
        let size = |gauge: Gauge| {
            let (p, q) = gauge.node.map_or((price, quantity), |node| {
                let node = &assembly.nodes[node.index()];
                (node.price_scale, node.quantity_scale)
            });
            match gauge.dimension {
                Dimension::Price => p,
                Dimension::Quantity => q,
                Dimension::Share => 1.0,
                Dimension::Money => p * q,
                Dimension::Slope => p / q,
            }
        };
        let variable: Vec<f64> = assembly.unknowns.iter().map(|u| size(u.gauge)).collect();
        let residual = assembly
            .unknowns
            .iter()
            .map(|u| match (&u.condition, u.gauge.dimension) {
                (Some((gauge, _)), _) => size(*gauge),
                (None, Dimension::Price) => size(Gauge {
                    dimension: Dimension::Quantity,
                    ..u.gauge
                }),
                (None, _) => size(Gauge {
                    dimension: Dimension::Price,
                    ..u.gauge
                }),
            })
            .collect();
        let mut numbers = Numbers {
            values: assembly.params.iter().map(|p| p.value).collect(),
            stale: true,
            coefficients: vec![0.0; self.coefficients.len()],
            constants: vec![0.0; n],
            jacobian: vec![0.0; self.structure.entries()],
            curve_numbers: vec![0.0; self.curves.last().map_or(0, |c| c.start + c.len)],
            offsets: vec![0.0; self.curves.len()],
            lower: vec![0.0; n],
            upper: vec![0.0; n],
            variable,
            residual,
            positive: vec![false; n],
            start: vec![0.0; n],
        };
        self.refresh(&mut numbers);
        self.set_start(&mut numbers);
        numbers
    }

    /// Recomputes what depends on parameters. No allocation.
    pub(super) fn refresh(&self, numbers: &mut Numbers) {
        let Numbers {
            values,
            coefficients: list,
            constants,
            jacobian,
            curve_numbers,
            offsets,
            ..
        } = numbers;
        coefficients(&self.coefficients, values, list);
        constants.fill(0.0);
        for &(row, c) in &self.constants {
            constants[row] += list[c];
        }
        jacobian.fill(0.0);
        for &(slot, c) in &self.linear {
            jacobian[slot] += list[c];
        }
        for (i, curve) in self.curves.iter().enumerate() {
            for (k, &p) in curve.params.iter().enumerate() {
                curve_numbers[curve.start + k] = values[p as usize];
            }
            offsets[i] = curve
                .offset
                .iter()
                .fold(curve.offset_number, |sum, &(c, p)| {
                    sum + c * values[p as usize]
                });
        }
        let bound = |limit: &Limit| {
            limit
                .params
                .iter()
                .fold(limit.number, |sum, &(c, p)| sum + c * values[p.index()])
        };
        for (value, limit) in numbers.lower.iter_mut().zip(&self.lower) {
            *value = bound(limit);
        }
        for (value, limit) in numbers.upper.iter_mut().zip(&self.upper) {
            *value = bound(limit);
        }
        numbers.positive.fill(false);
        for (i, curve) in self.curves.iter().enumerate() {
            let singular = matches!(
                curve.kernel,
                Kernel::Elastic | Kernel::ElasticQuantity | Kernel::Exponential
            );
            numbers.positive[curve.of] |=
                singular && numbers.offsets[i] <= 0.0 && numbers.upper[curve.of] > 0.0;
        }
        let blocks = self.blocks.iter().filter(|b| b.block.keeps_positive());
        for unknown in blocks.flat_map(|b| &b.of) {
            numbers.positive[unknown.index()] |= numbers.upper[unknown.index()] > 0.0;
        }
        numbers.stale = false;
    }

    /// A point inside the market to start from: calibration prices, and quantities that share out the demand.
    fn set_start(&self, numbers: &mut Numbers) {
        let assembly = self.assembly();
        for (i, unknown) in assembly.unknowns.iter().enumerate() {
            let inside = numbers.upper[i] - numbers.lower[i];
            let share = numbers.variable[i] * 0.5;
            numbers.start[i] = match (&unknown.condition, unknown.gauge.dimension) {
                (Some(_), _) => unknown.start,
                (None, Dimension::Price) => numbers.variable[i],
                (None, _) if inside.is_finite() => numbers.lower[i] + share.min(0.5 * inside),
                (None, _) => share,
            };
        }
    }
}

/// The market's own price and quantity: the largest of its nodes'.
fn overall(assembly: &Assembly) -> (f64, f64) {
    assembly
        .nodes
        .iter()
        .fold((0.0, 0.0), |(p, q): (f64, f64), node| {
            (p.max(node.price_scale), q.max(node.quantity_scale))
        })
}

impl Numbers {
    /// What the conditions leave open at a point, in money: every residual times the way to the nearer bound.
    pub(super) fn open(&self, x: &[f64], f: &[f64]) -> f64 {
        let bounds = self.lower.iter().zip(&self.upper);
        let open = x.iter().zip(f).zip(bounds).map(|((x, f), (lower, upper))| {
            let way = (x - lower).abs().min((upper - x).abs());
            let way = if way.is_finite() { way } else { x.abs() };
            (f * way).abs()
        });
        open.sum()
    }
}
