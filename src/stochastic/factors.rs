//! The sampler shared by prices that are sums of correlated Gaussian factors.

use super::TimeGrid;
use super::error::StochasticError;
use super::exp2::{EXP2_RANGE, exp2};
use super::normals::Normals;
use super::row::{Buffer, Row};
use super::source::{LogMarginal, PATHS, Sampler};
use super::stream::Draws;
use crate::vectors::widest;
use pulp::Arch;
use std::f64::consts::{LN_2, LOG2_E};

/// One exact transition of all factors: x' = shift + decay x + root z, root lower triangular.
pub(super) struct FactorStep {
    pub shift: Vec<f64>,
    pub decay: Vec<f64>,
    pub covariance: Vec<Vec<f64>>,
}

/// What the factors are and which of them make up each log price.
pub(super) struct Factors<'a> {
    pub process: &'static str,
    /// State of each factor today.
    pub start: Vec<f64>,
    /// For each commodity, the factors whose sum is its log price.
    pub prices: Vec<Vec<usize>>,
    /// The log price of a commodity at a time.
    pub marginal: &'a dyn Fn(usize, f64) -> LogMarginal,
    /// The exact transition over a number of years.
    pub step: &'a dyn Fn(f64) -> FactorStep,
}

struct Step {
    shift: Vec<f64>,
    decay: Vec<f64>,
    root: Vec<Vec<f64>>,
}

/// Works in logs to base two, as the sampler of a single factor does.
pub(super) struct FactorSteps {
    start: Vec<f64>,
    prices: Vec<Vec<usize>>,
    steps: Vec<Step>,
    normals: Normals,
    scratch: Buffer,
    states: Vec<Row<f64>>,
    pub(super) arch: Arch,
}

impl FactorSteps {
    pub fn new(
        factors: Factors<'_>,
        grid: &TimeGrid,
        draws: Draws,
    ) -> Result<Self, StochasticError> {
        let Factors {
            process,
            start,
            prices,
            marginal,
            step,
        } = factors;
        let mut previous = 0.0;
        let mut steps = Vec::with_capacity(grid.steps());
        for &time in grid.times() {
            for commodity in 0..prices.len() {
                let LogMarginal { mean, variance } = marginal(commodity, time);
                let deviation = variance.sqrt();
                // A normal lies beyond 40 standard deviations with probability below 1e-300.
                let reach = mean.abs() + 40.0 * deviation;
                if reach.is_nan() || reach > EXP2_RANGE * LN_2 {
                    return Err(StochasticError::OutOfRange {
                        process,
                        time,
                        log_mean: mean,
                        deviation,
                    });
                }
            }
            let FactorStep {
                shift,
                decay,
                covariance,
            } = step(time - previous);
            let mut root =
                square_root(&covariance).ok_or(StochasticError::Correlation { process })?;
            for entry in root.iter_mut().flatten() {
                *entry *= LOG2_E;
            }
            steps.push(Step {
                shift: shift.iter().map(|s| s * LOG2_E).collect(),
                decay,
                root,
            });
            previous = time;
        }
        let normals = Normals::new(grid, start.len(), draws)?;
        Ok(Self {
            scratch: Buffer::new(normals.rows() * PATHS),
            states: vec![Row([0.0; PATHS]); start.len()],
            start: start.iter().map(|x| x * LOG2_E).collect(),
            prices,
            steps,
            normals,
            arch: widest(),
        })
    }
}

impl Sampler for FactorSteps {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let expected = self.steps.len() * self.prices.len() * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        let normals = self.scratch.numbers();
        self.normals.fill_on(self.arch, block, normals);
        self.arch.dispatch(Transform {
            start: &self.start,
            prices: &self.prices,
            steps: &self.steps,
            normals,
            states: &mut self.states,
            out,
        });
        Ok(())
    }
}

struct Transform<'a> {
    start: &'a [f64],
    prices: &'a [Vec<usize>],
    steps: &'a [Step],
    normals: &'a [f64],
    states: &'a mut [Row<f64>],
    out: &'a mut [f64],
}

impl pulp::WithSimd for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self {
            start,
            prices,
            steps,
            normals,
            states,
            out,
        } = self;
        for (state, &start) in states.iter_mut().zip(start) {
            *state = Row([start; PATHS]);
        }
        let normals = normals.as_chunks::<PATHS>().0.chunks_exact(start.len());
        let rows = out
            .as_chunks_mut::<PATHS>()
            .0
            .chunks_exact_mut(prices.len());
        for ((step, normals), rows) in steps.iter().zip(normals).zip(rows) {
            for (factor, state) in states.iter_mut().enumerate() {
                let (shift, decay) = (step.shift[factor], step.decay[factor]);
                for x in &mut state.0 {
                    *x = shift + decay * *x;
                }
                for (weight, normal) in step.root[factor].iter().zip(normals) {
                    for (x, z) in state.0.iter_mut().zip(normal) {
                        *x += weight * z;
                    }
                }
            }
            for (row, parts) in rows.iter_mut().zip(prices) {
                *row = [0.0; PATHS];
                for &part in parts {
                    for (sum, x) in row.iter_mut().zip(&states[part].0) {
                        *sum += x;
                    }
                }
                for price in row {
                    *price = exp2(*price);
                }
            }
        }
    }
}

/// The lower triangular square root of a positive semidefinite matrix (Cholesky, with a zero column where a factor adds
/// nothing new: no volatility, or perfect correlation with those before it). None where the matrix is indefinite.
pub(super) fn square_root(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    const ROUNDING: f64 = 1e-12;
    let n = matrix.len();
    let mut root: Vec<Vec<f64>> = (0..n).map(|i| vec![0.0; i + 1]).collect();
    for j in 0..n {
        let left = matrix[j][j] - root[j][..j].iter().map(|x| x * x).sum::<f64>();
        if left < -ROUNDING * matrix[j][j] {
            return None;
        }
        let pivot = if left > ROUNDING * matrix[j][j] {
            left.sqrt()
        } else {
            0.0
        };
        root[j][j] = pivot;
        for i in j + 1..n {
            let rest = matrix[i][j]
                - root[i][..j]
                    .iter()
                    .zip(&root[j][..j])
                    .map(|(a, b)| a * b)
                    .sum::<f64>();
            let scale = (matrix[i][i] * matrix[j][j]).sqrt();
            if pivot > 0.0 {
                root[i][j] = rest / pivot;
            } else if rest.abs() > ROUNDING.sqrt() * scale {
                return None;
            }
        }
    }
    Some(root)
}
