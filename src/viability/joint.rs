//! How two quantities are distributed together.

use serde::{Deserialize, Serialize};

/// The joint distribution of contract cost and stake value in quarters: the share of the paths in each of the sixteen
/// combinations. Were the two independent, each would hold a sixteenth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointQuarters {
    shares: [[f64; 4]; 4],
}

impl JointQuarters {
    /// Share of the paths in a quarter of the cost and a quarter of the stake's value, both counted from the lowest, 0, to
    /// the highest, 3. Paths of equal value are counted in path order.
    pub fn share(&self, cost: usize, stake: usize) -> Option<f64> {
        self.shares.get(cost)?.get(stake).copied()
    }

    pub(super) fn of(cost: &[f64], stake: &[f64]) -> Self {
        let mut shares = [[0.0; 4]; 4];
        let each = 1.0 / cost.len() as f64;
        for (cost, stake) in quarters(cost).into_iter().zip(quarters(stake)) {
            shares[cost][stake] += each;
        }
        Self { shares }
    }
}

/// The quarter of each value.
fn quarters(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut quarter = vec![0; values.len()];
    for (rank, path) in order.into_iter().enumerate() {
        quarter[path] = 4 * rank / values.len();
    }
    quarter
}
