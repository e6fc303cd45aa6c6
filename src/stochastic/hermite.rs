use nalgebra::{DMatrix, SymmetricEigen};

/// Nodes and weights for the expectation over a standard normal, in rising order and exactly symmetric.
pub(crate) fn gauss_hermite(count: usize) -> Vec<(f64, f64)> {
    let jacobi = DMatrix::from_fn(count, count, |i, j| {
        if i.abs_diff(j) == 1 {
            (i.max(j) as f64).sqrt()
        } else {
            0.0
        }
    });
    let eigen = SymmetricEigen::new(jacobi);
    let mut pairs: Vec<(f64, f64)> = (0..count)
        .map(|k| (eigen.eigenvalues[k], eigen.eigenvectors[(0, k)].powi(2)))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    (0..count)
        .map(|k| {
            let (low, high) = (pairs[k], pairs[count - 1 - k]);
            (0.5 * (low.0 - high.0), 0.5 * (low.1 + high.1))
        })
        .collect()
}
