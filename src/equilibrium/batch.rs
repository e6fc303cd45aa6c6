//! Many solves of one compiled system with changed numbers.

use serde::{Deserialize, Serialize};

use super::compiled::Compiled;
use super::derivative::{Measured, Outcome};
use super::error::SolveError;
use super::workspace::Workspace;
use crate::assembly::Param;

/// Rows that share a workspace: each block starts afresh, so that the answers do not depend on the number of threads.
const BLOCK: usize = 64;

/// The outcomes of many solves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    width: usize,
    values: Vec<f64>,
    failures: Vec<Failure>,
}

/// A solve that gave no equilibrium; its outcomes are NaN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    row: usize,
    reason: String,
}

impl Failure {
    /// Which solve.
    #[must_use]
    pub fn row(&self) -> usize {
        self.row
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl Batch {
    /// Outcomes of one solve, in the order in which they were asked for.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&[f64]> {
        self.values.get(row * self.width..(row + 1) * self.width)
    }

    /// All outcomes, solve after solve.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Solves that gave no equilibrium.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }
}

impl Compiled {
    /// Solves once for each row of numbers, each solve starting from the one before it, on all threads. Same rows, same
    /// bits, whatever the number of threads.
    ///
    /// `rows` holds one value for each parameter, row after row. A row that breaks a parameter's rule or has no
    /// equilibrium gives NaN and is listed among the failures; it does not end the batch.
    ///
    /// ```
    /// use pricefloor::equilibrium::Outcome;
    /// use pricefloor::prelude::*;
    /// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
    /// #     .build()?;
    /// let policy = Policy::new().with("floor", SupportBuying::new("Home", "oxide", 12.0))?;
    /// let compiled = market.compile(&policy)?;
    /// let floor = compiled.param("measure/floor/floor")?;
    /// let batch = compiled.solve_many(&[floor], &[9.0, 11.0, 13.0], &[Outcome::price("Home", "oxide")])?;
    /// assert!((batch.values()[0] - 10.0).abs() < 1e-8 && (batch.values()[2] - 13.0).abs() < 1e-8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SolveError`] when an outcome is unknown or the rows do not come out even.
    pub fn solve_many(
        &self,
        params: &[Param],
        rows: &[f64],
        outcomes: &[Outcome],
    ) -> Result<Batch, SolveError> {
        if params.is_empty() || !rows.len().is_multiple_of(params.len()) {
            return Err(SolveError::Rows {
                params: params.len(),
                values: rows.len(),
            });
        }
        let measured: Vec<Measured> = outcomes
            .iter()
            .map(|o| o.measured(self.assembly()))
            .collect::<Result<_, _>>()?;
        let template = self.workspace()?;
        let per_block = BLOCK * params.len();
        let solve = |(block, rows): (usize, &[f64])| {
            self.solve_block(&template, params, rows, &measured, block * BLOCK)
        };
        #[cfg(feature = "parallel")]
        let blocks: Vec<(Vec<f64>, Vec<Failure>)> = {
            use rayon::prelude::*;
            rows.par_chunks(per_block).enumerate().map(solve).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let blocks: Vec<(Vec<f64>, Vec<Failure>)> =
            rows.chunks(per_block).enumerate().map(solve).collect();
        let mut batch = Batch {
            width: outcomes.len(),
            values: Vec::new(),
            failures: Vec::new(),
        };
        for (values, failures) in blocks {
            batch.values.extend(values);
            batch.failures.extend(failures);
        }
        Ok(batch)
    }

    fn solve_block(
        &self,
        template: &Workspace,
        params: &[Param],
        rows: &[f64],
        measured: &[Measured],
        first: usize,
    ) -> (Vec<f64>, Vec<Failure>) {
        let mut workspace = template.clone();
        let mut values = Vec::with_capacity(rows.len() / params.len() * measured.len());
        let mut failures = Vec::new();
        for (k, row) in rows.chunks(params.len()).enumerate() {
            let set = params
                .iter()
                .zip(row)
                .try_for_each(|(&p, &value)| workspace.set(p, value));
            match set.and_then(|()| self.solve_into(&mut workspace)) {
                Ok(_) => {
                    let (numbers, x) = (&workspace.numbers.values, workspace.engine.solution());
                    values.extend(
                        measured
                            .iter()
                            .map(|m| m.evaluate(self.assembly(), numbers, x)),
                    );
                }
                Err(error) => {
                    failures.push(Failure {
                        row: first + k,
                        reason: error.to_string(),
                    });
                    values.extend(measured.iter().map(|_| f64::NAN));
                    workspace.restart();
                }
            }
        }
        (values, failures)
    }
}
