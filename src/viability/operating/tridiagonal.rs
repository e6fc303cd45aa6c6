//! Tridiagonal systems, factorised once for many right-hand sides (Thomas's method; the matrices here are diagonally
//! dominant, so no pivoting is needed).

pub(super) struct Tridiagonal {
    lower: Vec<f64>,
    pivot: Vec<f64>,
    upper: Vec<f64>,
}

impl Tridiagonal {
    /// `lower[0]` and the last of `upper` are not used.
    pub fn factor(lower: Vec<f64>, diagonal: Vec<f64>, upper: Vec<f64>) -> Self {
        let mut pivot = diagonal;
        for i in 1..pivot.len() {
            pivot[i] -= lower[i] / pivot[i - 1] * upper[i - 1];
        }
        Self {
            lower,
            pivot,
            upper,
        }
    }

    pub fn solve(&self, x: &mut [f64]) {
        let n = self.pivot.len();
        for i in 1..n {
            x[i] -= self.lower[i] / self.pivot[i - 1] * x[i - 1];
        }
        for i in (0..n).rev() {
            let above = if i + 1 < n {
                self.upper[i] * x[i + 1]
            } else {
                0.0
            };
            x[i] = (x[i] - above) / self.pivot[i];
        }
    }
}
