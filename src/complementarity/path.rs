//! A path from a problem with one known solution to the problem itself, followed along its length, so that it may turn
//! back on its way where the problem has folds.
//!
//! In units of the sizes, `H(y, t) = y - mid(l, u, y - t F(y) - (1 - t) (y - c))` with the corners of `mid` rounded by
//! `(1 - t)` (the function of Chen, Harker, Kanzow and Smale; C. Kanzow, SIAM J. Matrix Anal. Appl. 17, 1996). At
//! `t = 0` the point is known; for almost every centre `c` the zeros of `H` are a smooth curve that begins there (S. N.
//! Chow, J. Mallet-Paret, J. A. Yorke, Math. Comp. 32, 1978). Steps are taken along the tangent and corrected at right
//! angles to it (E. L. Allgower, K. Georg, Introduction to Numerical Continuation Methods, 2003, chapter 3).

use nalgebra::{DMatrix, DVector};

use super::{Outcome, Problem, Settings, Start, Workspace, solve_into};

/// By how much corners are rounded at the start, in units of the sizes.
const ROUNDED: f64 = 0.1;
const STEPS: usize = 400;
const FIRST_STEP: f64 = 0.05;
const SHORTEST: f64 = 1e-7;
/// Corrections after a step, and how small the last has to be.
const CORRECTIONS: usize = 5;
const CORRECTED: f64 = 1e-7;
/// Least cosine between neighbouring tangents.
const BEND: f64 = 0.9;
/// Corrections after which the next step may be longer, and the longest.
const QUICK: usize = 2;
const LONGEST: f64 = 0.5;
/// From here on the problem itself is tried from the path; nearer than this to its end nothing more is to be had.
const NEAR_END: f64 = 0.9;
const END: f64 = 1e-12;

struct Path<'a, P: ?Sized> {
    problem: &'a P,
    n: usize,
    centre: Vec<f64>,
    variable: Vec<f64>,
    inverse_residual: Vec<f64>,
    x: Vec<f64>,
    f: Vec<f64>,
    jacobian: Vec<f64>,
}

/// The larger of `s` and 0 with a rounded corner, its slope, and its derivative by the rounding.
fn plus(s: f64, rounding: f64) -> (f64, f64, f64) {
    let root = s.hypot(2.0 * rounding);
    if root == 0.0 {
        return (0.0, 0.5, 0.0);
    }
    // without the difference of near numbers
    let value = if s >= 0.0 {
        0.5 * (s + root)
    } else {
        2.0 * rounding * rounding / (root - s)
    };
    (value, value / root, 2.0 * rounding / root)
}

/// `mid(l, u, z)` with rounded corners, its slope, and its derivative by the rounding.
fn middle(lower: f64, upper: f64, z: f64, rounding: f64) -> (f64, f64, f64) {
    match (lower.is_finite(), upper.is_finite()) {
        (false, false) => (z, 1.0, 0.0),
        (true, false) => {
            let (value, slope, by) = plus(z - lower, rounding);
            (lower + value, slope, by)
        }
        (false, true) => {
            let (value, slope, by) = plus(upper - z, rounding);
            (upper - value, slope, -by)
        }
        (true, true) => {
            let (up, up_slope, up_by) = plus(z - lower, rounding);
            let (down, down_slope, down_by) = plus(z - upper, rounding);
            (lower + (up - down), up_slope - down_slope, up_by - down_by)
        }
    }
}

impl<'a, P: Problem + ?Sized> Path<'a, P> {
    fn new(problem: &'a P, from: &[f64]) -> Self {
        let n = problem.dimension();
        let scale = problem.scale();
        let variable = scale.variable.to_vec();
        Self {
            n,
            centre: from.iter().zip(&variable).map(|(x, s)| x / s).collect(),
            inverse_residual: scale.residual.iter().map(|s| 1.0 / s).collect(),
            variable,
            x: vec![0.0; n],
            f: vec![0.0; n],
            jacobian: vec![0.0; problem.structure().entries()],
            problem,
        }
    }

    fn bounds(&self, i: usize) -> (f64, f64) {
        let (l, u) = (self.problem.lower()[i], self.problem.upper()[i]);
        (l / self.variable[i], u / self.variable[i])
    }

    /// The one zero at the start.
    fn start(&self) -> DVector<f64> {
        DVector::from_fn(self.n + 1, |i, _| {
            if i == self.n {
                return 0.0;
            }
            let (l, u) = self.bounds(i);
            middle(l, u, self.centre[i], ROUNDED).0
        })
    }

    fn positive(&self, i: usize) -> bool {
        self.problem.positive().is_some_and(|positive| positive[i])
    }

    /// `H` and its matrix with the row of the tangent below; false where the problem is not defined.
    fn linearise(
        &mut self,
        at: &DVector<f64>,
        tangent: &DVector<f64>,
        h: &mut DVector<f64>,
        matrix: &mut DMatrix<f64>,
    ) -> bool {
        let n = self.n;
        for i in 0..n {
            self.x[i] = at[i] * self.variable[i];
        }
        self.problem
            .evaluate(&self.x, &mut self.f, Some(&mut self.jacobian));
        let t = at[n];
        let rounding = ROUNDED * (1.0 - t).abs();
        let structure = self.problem.structure();
        matrix.fill(0.0);
        for (i, ends) in structure.row_starts().windows(2).enumerate() {
            let (l, u) = self.bounds(i);
            let own = self.f[i] * self.inverse_residual[i];
            let held = at[i] - self.centre[i];
            let z = at[i] - t * own - (1.0 - t) * held;
            let (value, slope, by) = middle(l, u, z, rounding);
            h[i] = at[i] - value;
            matrix[(i, i)] += 1.0 - slope + slope * (1.0 - t);
            for k in ends[0]..ends[1] {
                let j = structure.columns()[k];
                matrix[(i, j)] +=
                    slope * t * self.jacobian[k] * self.inverse_residual[i] * self.variable[j];
            }
            let rounding_falls = if t < 1.0 { -ROUNDED } else { ROUNDED };
            matrix[(i, n)] = slope * (own - held) - by * rounding_falls;
        }
        h[n] = 0.0;
        for j in 0..=n {
            matrix[(n, j)] = tangent[j];
        }
        h.iter().all(|v| v.is_finite()) && matrix.iter().all(|v| v.is_finite())
    }

    /// A point of the path near another, at right angles to the tangent, and the matrix there.
    fn correct(
        &mut self,
        mut at: DVector<f64>,
        tangent: &DVector<f64>,
        matrix: &mut DMatrix<f64>,
    ) -> Option<(DVector<f64>, usize)> {
        let mut h = DVector::zeros(self.n + 1);
        let mut last = f64::INFINITY;
        for count in 0..CORRECTIONS {
            if !self.linearise(&at, tangent, &mut h, matrix) {
                return None;
            }
            let step = matrix.clone().lu().solve(&h)?;
            let size = step
                .iter()
                .zip(at.iter())
                .fold(0.0_f64, |m, (d, y)| m.max(d.abs() / (1.0 + y.abs())));
            if size.is_nan() || size >= last {
                return None;
            }
            last = size;
            for i in 0..=self.n {
                let wanted = at[i] - step[i];
                at[i] = if i < self.n && self.positive(i) {
                    wanted.max(0.1 * at[i])
                } else {
                    wanted
                };
            }
            if size <= CORRECTED {
                return self
                    .linearise(&at, tangent, &mut h, matrix)
                    .then_some((at, count));
            }
        }
        None
    }

    /// The direction of the path at a point, of length one, on from the tangent in the matrix.
    fn tangent(&self, matrix: &DMatrix<f64>) -> Option<DVector<f64>> {
        let mut on = DVector::zeros(self.n + 1);
        on[self.n] = 1.0;
        let v = matrix.clone().lu().solve(&on)?;
        let length = v.norm();
        (length > 0.0 && length.is_finite()).then(|| v / length)
    }

    /// The problem itself, from a point of the path.
    fn finish(
        &self,
        settings: &Settings,
        at: &DVector<f64>,
        scratch: &mut Workspace,
    ) -> Option<Outcome> {
        let (lower, upper) = (self.problem.lower(), self.problem.upper());
        let x: Vec<f64> = (0..self.n)
            .map(|i| (at[i] * self.variable[i]).max(lower[i]).min(upper[i]))
            .collect();
        scratch.set_point(&x).ok()?;
        let outcome = solve_into(self.problem, settings, scratch, Start::Warm).ok()?;
        if outcome.converged() {
            return Some(outcome);
        }
        scratch.set_point(&x).ok()?;
        scratch.finish_undetermined(self.problem, settings)
    }
}

/// Where a path led.
pub(crate) enum End {
    /// To a solution, which the workspace holds.
    Solution(Outcome, Box<Workspace>),
    /// To a point near which no solution was reached, perhaps on its way to infinity.
    Point(Vec<f64>),
    /// Nowhere.
    Lost,
}

/// Solves a problem by following a path to it from a point. Its factorisations are dense.
pub(crate) fn follow_path<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    from: &[f64],
) -> End {
    Path::new(problem, from)
        .follow(settings)
        .unwrap_or(End::Lost)
}

impl<P: Problem + ?Sized> Path<'_, P> {
    fn follow(&mut self, settings: &Settings) -> Option<End> {
        let mut scratch = Workspace::new(self.problem.structure(), settings).ok()?;
        let n = self.n;
        let mut matrix = DMatrix::zeros(n + 1, n + 1);
        let mut tangent = DVector::zeros(n + 1);
        tangent[n] = 1.0;
        let mut at = self.start();
        let mut h = DVector::zeros(n + 1);
        if !self.linearise(&at, &tangent, &mut h, &mut matrix) {
            return None;
        }
        tangent = self.tangent(&matrix)?;
        let (mut length, mut tried) = (FIRST_STEP, NEAR_END);
        for _ in 0..STEPS {
            let guess = self.guess(&at, &tangent, length);
            let next = self.correct(guess, &tangent, &mut matrix);
            let next = next.and_then(|(next, count)| {
                let on = self.tangent(&matrix)?;
                (on.dot(&tangent) >= BEND).then_some((next, on, count))
            });
            let Some((next, on, count)) = next else {
                length *= 0.5;
                if length < SHORTEST {
                    break;
                }
                continue;
            };
            (at, tangent) = (next, on);
            if count <= QUICK {
                length = (length * 1.6).min(LONGEST);
            }
            if at[n] < -0.01 {
                return None;
            }
            if at[n] >= tried {
                if let Some(outcome) = self.finish(settings, &at, &mut scratch) {
                    return Some(End::Solution(outcome, Box::new(scratch)));
                }
                let left = (1.0 - at[n]).abs();
                if left < END {
                    break;
                }
                tried = 1.0 - 0.3 * left;
            }
        }
        if at[n] < NEAR_END {
            return None;
        }
        if at[n] < tried
            && let Some(outcome) = self.finish(settings, &at, &mut scratch)
        {
            return Some(End::Solution(outcome, Box::new(scratch)));
        }
        let end = at.iter().take(n).zip(&self.variable);
        Some(End::Point(end.map(|(y, size)| y * size).collect()))
    }

    /// The next point along the tangent.
    fn guess(&self, at: &DVector<f64>, tangent: &DVector<f64>, length: f64) -> DVector<f64> {
        let mut guess = at + length * (1.0 + at.amax()) * tangent;
        for i in (0..self.n).filter(|&i| self.positive(i)) {
            guess[i] = guess[i].max(0.1 * at[i]);
        }
        guess[self.n] = guess[self.n].min(1.0);
        guess
    }
}
