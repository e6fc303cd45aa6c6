//! Collects the rows of a problem.

use std::error::Error;

use pricefloor::complementarity::{Side, Structure, Symmetry};

use super::spatial::{Layout, Spatial, Term};
use super::{Cost, Curve, Demand};

/// Collects rows.
#[derive(Default)]
pub struct Builder {
    pub entries: Vec<(usize, usize, f64)>,
    pub constant: Vec<f64>,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    pub variable: Vec<f64>,
    pub residual: Vec<f64>,
    pub stage: Vec<u8>,
    pub side: Vec<Side>,
    pub terms: Vec<Term>,
    pub weights: Vec<f64>,
    pub symmetric: bool,
    pub positive: Vec<bool>,
}

/// An unknown's bounds, sizes and place in the elimination.
pub struct Unknown {
    pub lower: f64,
    pub upper: f64,
    pub variable: f64,
    pub residual: f64,
    pub stage: u8,
    pub side: Side,
}

impl Builder {
    pub fn unknown(&mut self, unknown: Unknown, weight: f64) -> usize {
        self.constant.push(0.0);
        self.lower.push(unknown.lower);
        self.upper.push(unknown.upper);
        self.variable.push(unknown.variable);
        self.residual.push(unknown.residual);
        self.stage.push(unknown.stage);
        self.side.push(unknown.side);
        self.positive.push(false);
        self.weights.push(weight);
        self.constant.len() - 1
    }

    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        self.entries.push((row, column, value));
    }

    pub fn build(mut self, layout: Layout) -> Result<Spatial, Box<dyn Error>> {
        let n = self.constant.len();
        for term in &self.terms {
            match *term {
                Term::Power { row, variable, .. } => self.entries.push((row, variable, 0.0)),
                Term::Product {
                    row, left, right, ..
                } => {
                    self.entries.push((row, left, 0.0));
                    self.entries.push((row, right, 0.0));
                }
            }
        }
        let structure =
            Structure::from_entries(n, self.entries.iter().map(|entry| (entry.0, entry.1)))?
                .with_stages(self.stage)?
                .with_sides(self.side)?
                .with_symmetry(if self.symmetric {
                    Symmetry::Skew
                } else {
                    Symmetry::General
                });
        let mut values = vec![0.0; structure.entries()];
        for (row, column, value) in &self.entries {
            let at = structure.position(*row, *column).ok_or("entry")?;
            values[at] += value;
        }
        for term in &mut self.terms {
            match term {
                Term::Power {
                    row, variable, at, ..
                } => *at = structure.position(*row, *variable).ok_or("term")?,
                Term::Product {
                    row,
                    left,
                    at_left,
                    right,
                    at_right,
                    ..
                } => {
                    *at_left = structure.position(*row, *left).ok_or("term")?;
                    *at_right = structure.position(*row, *right).ok_or("term")?;
                }
            }
        }
        let columns = structure.columns().iter().map(|&c| c as u32).collect();
        let unweighted = self.weights.iter().all(|&weight| weight == 1.0);
        let smooth = !self.positive.iter().any(|&positive| positive);
        Ok(Spatial {
            columns,
            structure,
            values,
            constant: self.constant,
            terms: self.terms,
            lower: self.lower,
            upper: self.upper,
            start: start(&self.variable, &layout),
            variable: self.variable,
            residual: self.residual,
            weights: (!unweighted).then_some(self.weights),
            positive: (!smooth).then_some(self.positive),
            layout,
        })
    }
}

pub const INF: f64 = f64::INFINITY;

/// Everything at its own size, but prices at their mean.
fn start(sizes: &[f64], layout: &Layout) -> Vec<f64> {
    let mut start = sizes.to_vec();
    for period in 0..layout.periods {
        if let Some((first, length)) = layout.block("p", period) {
            let prices = &mut start[first..first + length];
            let mean = prices.iter().sum::<f64>() / length.max(1) as f64;
            prices.fill(mean);
        }
    }
    start
}

pub fn limit(value: Option<f64>) -> f64 {
    value.unwrap_or(INF)
}

pub fn primal(upper: f64, variable: f64, residual: f64) -> Unknown {
    Unknown {
        lower: 0.0,
        upper,
        variable,
        residual,
        stage: 1,
        side: Side::Primal,
    }
}

pub fn process_cost(b: &mut Builder, x: usize, cost: &Cost) {
    match *cost {
        Cost::Linear { a, b: slope } => {
            b.constant[x] = a;
            b.add(x, x, slope);
        }
        Cost::Ce { x0, c0, eta } => {
            b.positive[x] = true;
            b.terms.push(Term::Power {
                row: x,
                variable: x,
                at: 0,
                coefficient: c0 * x0.powf(-1.0 / eta),
                exponent: 1.0 / eta,
            });
        }
    }
}

/// A straight demand gets an unknown of its own, one of constant elasticity a term in the balance.
pub fn demand_curve(
    b: &mut Builder,
    demand: &Demand,
    node: usize,
    index: usize,
    elastic: &mut Vec<(usize, usize, f64, f64, f64)>,
) -> Result<Option<usize>, Box<dyn Error>> {
    match demand.curve {
        Some(Curve::Linear { a, b: slope }) => {
            let q = b.unknown(primal(INF, b.residual[node], b.variable[node]), 1.0);
            b.constant[q] = -a;
            b.add(q, q, slope);
            b.add(q, node, 1.0);
            b.add(node, q, -1.0);
            Ok(Some(q))
        }
        Some(Curve::Ce { q0, p0, eps }) => {
            b.positive[node] = true;
            b.terms.push(Term::Power {
                row: node,
                variable: node,
                at: 0,
                coefficient: -q0 * p0.powf(eps),
                exponent: -eps,
            });
            elastic.push((index, node, q0, p0, eps));
            Ok(None)
        }
        None => Err("a demand without a curve".into()),
    }
}
