//! The sampler shared by processes whose log price is a Gaussian autoregression on the grid.

use super::TimeGrid;
use super::error::StochasticError;
use super::exp2::{EXP2_RANGE, exp2};
use super::normals::Normals;
use super::row::Row;
use super::source::{LogMarginal, PATHS, Sampler};
use super::stream::Draws;
use crate::vectors::widest;
use pulp::Arch;
use std::f64::consts::{LN_2, LOG2_E};

/// One exact transition of the log price: x' = shift + decay x + deviation z.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub shift: f64,
    pub decay: f64,
    pub deviation: f64,
}

/// Works in logs to base two, which saves the change of base in every price.
pub(super) struct LogNormalSteps {
    start: f64,
    steps: Vec<Step>,
    normals: Normals,
    pub(super) arch: Arch,
}

impl LogNormalSteps {
    /// `step(dt)` is the exact transition over dt years.
    pub fn new(
        process: &'static str,
        grid: &TimeGrid,
        draws: Draws,
        marginal: impl Fn(f64) -> LogMarginal,
        step: impl Fn(f64) -> Step,
    ) -> Result<Self, StochasticError> {
        let mut previous = 0.0;
        let mut steps = Vec::with_capacity(grid.steps());
        for &time in grid.times() {
            let LogMarginal { mean, variance } = marginal(time);
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
            let Step {
                shift,
                decay,
                deviation,
            } = step(time - previous);
            steps.push(Step {
                shift: shift * LOG2_E,
                decay,
                deviation: deviation * LOG2_E,
            });
            previous = time;
        }
        Ok(Self {
            start: marginal(0.0).mean * LOG2_E,
            steps,
            normals: Normals::new(grid, 1, draws)?,
            arch: widest(),
        })
    }
}

impl Sampler for LogNormalSteps {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let expected = self.normals.rows() * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        self.normals.fill_on(self.arch, block, out);
        self.arch.dispatch(Transform {
            start: self.start,
            steps: &self.steps,
            rows: out,
        });
        Ok(())
    }
}

/// Turns rows of normals into rows of prices, in place.
struct Transform<'a> {
    start: f64,
    steps: &'a [Step],
    rows: &'a mut [f64],
}

impl pulp::WithSimd for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut x = Row([self.start; PATHS]);
        let (rows, _) = self.rows.as_chunks_mut::<PATHS>();
        for (row, step) in rows.iter_mut().zip(self.steps) {
            for (x, z) in x.0.iter_mut().zip(row) {
                *x = (step.shift + step.decay * *x) + step.deviation * *z;
                *z = exp2(*x);
            }
        }
    }
}
