//! Proofs that buyers who want something at any price can get nothing.
//!
//! Where demand has no choke price its row is below zero by more than nothing however high the price. Weights `y >= 0` on
//! the rows of prices, premiums and rents that leave no quantity with a positive share, `sum_i y_i A_ij <= 0`, and that
//! are positive on such a row, add up to less than zero at every point: there is no equilibrium, only prices that rise
//! without end. A rule that asks for goods of an origin where nothing is made does this.

use super::compiled::Compiled;
use super::error::SolveError;
use super::infeasible::Programme;
use super::numbers::Numbers;
use crate::complementarity as engine;

/// A price so many times its size at calibration may be one on the way to infinity.
const FAR: f64 = 1e6;
/// The least weight that counts.
const LEAST: f64 = 1e-6;

impl Compiled {
    /// The proof that buyers can get nothing, looked for where a price that was found is far out.
    pub(super) fn out_of_reach(
        &self,
        numbers: &Numbers,
        found: &engine::Workspace,
    ) -> Option<SolveError> {
        let x = found.solution();
        let mut prices = self.assembly().nodes.iter().map(|n| n.price.index());
        let far = prices.any(|i| x[i] > FAR * numbers.variable[i]);
        far.then(|| self.unsupplied(numbers)).flatten()
    }

    /// The proof that buyers without a choke price can get nothing.
    pub(super) fn unsupplied(&self, numbers: &Numbers) -> Option<SolveError> {
        let wants = |i: usize| {
            let mut own = self.terms.iter().filter(|t| t.row == i);
            own.any(|t| numbers.coefficients[t.coefficient] < 0.0 && self.is_positive(t))
        };
        // what is given away would serve whoever wants but little
        let linear = self.linear_part(
            numbers,
            |i| self.is_a_balance(numbers, i) && numbers.constants[i] <= 0.0,
            |j| numbers.upper[j] > numbers.lower[j].max(0.0),
        );
        let asked: Vec<f64> = linear
            .rows
            .iter()
            .map(|&i| f64::from(u8::from(wants(i))))
            .collect();
        if !asked.contains(&1.0) {
            return None;
        }
        let columns = linear.columns.len();
        let most = vec![f64::INFINITY; columns];
        let mut programme = Programme::new(asked, vec![0.0; columns], &most, linear.entries)?;
        let direction = |weights: &[f64]| {
            let mut d = vec![0.0; numbers.lower.len()];
            for (&i, &weight) in linear.rows.iter().zip(weights) {
                if weight > LEAST {
                    d[i] = weight / numbers.residual[i];
                }
            }
            self.cancelled(numbers, d)
        };
        let proves = |_: &Programme, x: &[f64]| self.proof(numbers, &direction(x)).is_some();
        let x = programme.prove(proves)?;
        let d = direction(&x);
        let node = (self.assembly().nodes.iter())
            .find(|node| d[node.price.index()] > 0.0 && wants(node.price.index()))?;
        Some(SolveError::Unsupplied {
            region: node.region.clone(),
            commodity: node.commodity.clone(),
        })
    }
}
