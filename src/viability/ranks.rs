//! Order statistics of a sample that is sorted only as far as they need.

/// A sample in which the values that some quantiles and tails look at are in their places, those before them are not greater,
/// and those after them not less.
pub(super) struct Ranks(Vec<f64>);

impl Ranks {
    /// Of a sample that is not empty, for quantiles at `probabilities` and tails with these shares of the values.
    pub fn of(mut sample: Vec<f64>, probabilities: &[f64], shares: &[f64]) -> Self {
        let last = sample.len() - 1;
        let neighbours = |&probability: &f64| {
            let below = (probability * last as f64) as usize;
            [below, (below + 1).min(last)]
        };
        let boundaries = |&share: &f64| {
            let whole = (share * sample.len() as f64) as usize;
            [whole, last - whole]
        };
        let mut ranks: Vec<usize> = probabilities.iter().flat_map(neighbours).collect();
        ranks.extend(shares.iter().flat_map(boundaries));
        ranks.sort_unstable();
        ranks.dedup();
        settle(&mut sample, 0, &ranks);
        Self(sample)
    }

    /// A quantile that was asked for, linear between order statistics, as quantiles are everywhere in this crate.
    pub fn quantile(&self, probability: f64) -> f64 {
        let last = self.0.len() - 1;
        let place = probability * last as f64;
        let below = place as usize;
        let (low, high) = (self.0[below], self.0[(below + 1).min(last)]);
        low + (place - below as f64) * (high - low)
    }

    /// Means of the lowest and of the highest values that make up a share that was asked for, the boundary value weighted.
    pub fn tails(&self, share: f64) -> [f64; 2] {
        let weight = share * self.0.len() as f64;
        let whole = weight as usize;
        let mean = |inside: &[f64], boundary: f64| {
            (inside.iter().sum::<f64>() + (weight - whole as f64) * boundary) / weight
        };
        let highest = self.0.len() - whole;
        [
            mean(&self.0[..whole], self.0[whole]),
            mean(&self.0[highest..], self.0[highest - 1]),
        ]
    }
}

/// Puts the values of the given ranks, ascending and counted from `first`, in their places.
fn settle(values: &mut [f64], first: usize, ranks: &[usize]) {
    let (before, from) = ranks.split_at(ranks.len() / 2);
    let Some((&middle, after)) = from.split_first() else {
        return;
    };
    let (below, _, above) = values.select_nth_unstable_by(middle - first, f64::total_cmp);
    settle(below, first, before);
    settle(above, middle + 1, after);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stochastic::Summary;

    /// Against the whole sample in order, for samples of every small size and one with many equal values.
    #[test]
    fn a_part_of_the_order_is_enough() {
        let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
        for count in (1..130).chain([20_000]) {
            let value = |k: usize| ((k * 7919) % 613) as f64 - 300.0;
            let sample: Vec<f64> = (0..count).map(value).collect();
            let summary = Summary::of(&sample).unwrap();
            let ranks = Ranks::of(sample, &probabilities, &[0.05]);
            for probability in probabilities {
                let exact = summary.quantile(probability).unwrap();
                assert_eq!(ranks.quantile(probability), exact, "{count}");
            }
            let [low, high] = ranks.tails(0.05);
            let tails = [summary.lower_tail_mean(0.05), summary.upper_tail_mean(0.05)];
            for (found, exact) in [low, high].into_iter().zip(tails) {
                approx::assert_relative_eq!(found, exact.unwrap(), max_relative = 1e-12);
            }
        }
    }
}
