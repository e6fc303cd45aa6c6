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
    let count = values.len();
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    let by_value = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    let mut quarter = vec![0; count];
    let mut rest = &mut order[..];
    // Those of the highest quarter first, then the next of what is left.
    for number in (1..4).rev() {
        let first = (number * count).div_ceil(4);
        if first < rest.len() {
            rest.select_nth_unstable_by(first, by_value);
        }
        let (below, inside) = rest.split_at_mut(first);
        for (_, path) in inside {
            quarter[*path] = number;
        }
        rest = below;
    }
    quarter
}
