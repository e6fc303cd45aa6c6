//! Shapley values: what each of several players adds, averaged over all orders in which they could come.
//!
//! Shapley, L. S. (1953), "A value for n-person games". A set of players is a number whose bits say who is in it.

/// Sum over sets without `i` of |S|! (n - |S| - 1)! / n! times what `i` adds to the set.
pub(super) fn shapley(values: &[f64], n: usize, i: usize) -> f64 {
    let mut sum = 0.0;
    for set in (0..values.len()).filter(|set| set >> i & 1 == 0) {
        let size = set.count_ones() as usize;
        // 1 / (n * C(n - 1, |S|))
        let mut weight = 1.0;
        for k in 0..size {
            #[expect(clippy::cast_precision_loss, reason = "few players")]
            let ratio = (k + 1) as f64 / (n - 1 - k) as f64;
            weight *= ratio;
        }
        #[expect(clippy::cast_precision_loss, reason = "few players")]
        let orders = n as f64;
        sum += weight / orders * (values[set | 1 << i] - values[set]);
    }
    sum
}
