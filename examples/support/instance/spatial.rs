//! An instance as a complementarity problem.

use pricefloor::complementarity::{Problem, Scale, Structure};

/// A term that is not affine.
#[derive(Clone, Copy)]
pub enum Term {
    /// `row += coefficient * x[variable]^exponent`
    Power {
        row: usize,
        variable: usize,
        at: usize,
        coefficient: f64,
        exponent: f64,
    },
    /// `row += coefficient * x[left] * x[right]^exponent`
    Product {
        row: usize,
        left: usize,
        at_left: usize,
        right: usize,
        at_right: usize,
        coefficient: f64,
        exponent: f64,
    },
}

/// An instance as a complementarity problem.
pub struct Spatial {
    pub structure: Structure,
    pub columns: Vec<u32>,
    pub values: Vec<f64>,
    pub constant: Vec<f64>,
    pub terms: Vec<Term>,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    pub variable: Vec<f64>,
    pub residual: Vec<f64>,
    pub start: Vec<f64>,
    pub weights: Option<Vec<f64>>,
    pub positive: Option<Vec<bool>>,
    pub layout: Layout,
}

/// Where the blocks of an instance stand among the unknowns.
pub struct Layout {
    pub periods: usize,
    /// Name of the block, period, first unknown, length.
    pub blocks: Vec<(&'static str, usize, usize, usize)>,
    /// Constant-elasticity demands: index among the demands, price unknown, q0, p0, eps.
    pub(super) elastic: Vec<(usize, usize, f64, f64, f64)>,
    /// The unknown of each demand, where it has one.
    pub demand: Vec<Option<usize>>,
}

impl Layout {
    /// The quantity of each demand of a one-period instance.
    pub fn demands(&self, x: &[f64]) -> Vec<f64> {
        let mut quantities: Vec<f64> = self
            .demand
            .iter()
            .map(|unknown| unknown.map_or(0.0, |i| x[i]))
            .collect();
        for &(i, node, q0, p0, eps) in &self.elastic {
            quantities[i] = q0 * (x[node] / p0).powf(-eps);
        }
        quantities
    }

    /// First unknown and length of a block.
    pub fn block(&self, name: &str, period: usize) -> Option<(usize, usize)> {
        self.blocks
            .iter()
            .find(|block| block.0 == name && block.1 == period)
            .map(|block| (block.2, block.3))
    }
}
impl Problem for Spatial {
    fn structure(&self) -> &Structure {
        &self.structure
    }

    fn lower(&self) -> &[f64] {
        &self.lower
    }

    fn upper(&self) -> &[f64] {
        &self.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.variable,
            residual: &self.residual,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
        let starts = self.structure.row_starts();
        for ((f, &constant), ends) in residual
            .iter_mut()
            .zip(&self.constant)
            .zip(starts.windows(2))
        {
            let mut sum = constant;
            let range = ends[0]..ends[1];
            for (&value, &column) in self.values[range.clone()].iter().zip(&self.columns[range]) {
                sum += value * x[column as usize];
            }
            *f = sum;
        }
        let mut jacobian = jacobian;
        if let Some(jacobian) = jacobian.as_deref_mut() {
            jacobian.copy_from_slice(&self.values);
        }
        for term in &self.terms {
            match *term {
                Term::Power {
                    row,
                    variable,
                    at,
                    coefficient,
                    exponent,
                } => {
                    let value = coefficient * x[variable].powf(exponent);
                    residual[row] += value;
                    if let Some(jacobian) = jacobian.as_deref_mut() {
                        jacobian[at] += exponent * value / x[variable];
                    }
                }
                Term::Product {
                    row,
                    left,
                    at_left,
                    right,
                    at_right,
                    coefficient,
                    exponent,
                } => {
                    let slope = coefficient * x[right].powf(exponent);
                    residual[row] += slope * x[left];
                    if let Some(jacobian) = jacobian.as_deref_mut() {
                        jacobian[at_left] += slope;
                        jacobian[at_right] += exponent * slope * x[left] / x[right];
                    }
                }
            }
        }
    }

    fn start(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.start);
    }

    fn name(&self, i: usize) -> String {
        for &(block, period, first, length) in &self.layout.blocks {
            if i >= first && i < first + length {
                return format!("{block} {} in period {period}", i - first);
            }
        }
        format!("demand unknown {i}")
    }

    fn positive(&self) -> Option<&[bool]> {
        self.positive.as_deref()
    }

    fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    fn affine(&self) -> bool {
        self.terms.is_empty()
    }
}
