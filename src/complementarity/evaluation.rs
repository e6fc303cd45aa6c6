//! Evaluating a problem with its row weights, and the scaled residual.

use super::outcome::Worst;
use super::{Problem, Structure};

/// `F(x)` with weighted rows; false where it is not defined.
pub(super) fn residual<P: Problem + ?Sized>(problem: &P, x: &[f64], f: &mut [f64]) -> bool {
    problem.evaluate(x, f, None);
    if let Some(weights) = problem.weights() {
        for (f, &weight) in f.iter_mut().zip(weights) {
            *f *= weight;
        }
    }
    all_finite(f)
}

/// `F(x)` and its Jacobian with weighted rows; false where they are not defined.
pub(super) fn linearise<P: Problem + ?Sized>(
    problem: &P,
    x: &[f64],
    f: &mut [f64],
    jacobian: &mut [f64],
) -> bool {
    problem.evaluate(x, f, Some(jacobian));
    if let Some(weights) = problem.weights() {
        let starts = problem.structure().row_starts();
        for ((f, &weight), ends) in f.iter_mut().zip(weights).zip(starts.windows(2)) {
            *f *= weight;
            for value in &mut jacobian[ends[0]..ends[1]] {
                *value *= weight;
            }
        }
    }
    all_finite(f) && all_finite(jacobian)
}

fn all_finite(values: &[f64]) -> bool {
    // zero times a finite number is zero, times anything else NaN: one vectorised pass
    let mut sum = 0.0;
    for &value in values {
        sum += value * 0.0;
    }
    sum == 0.0
}

/// What a point amounts to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub worst: Worst,
    /// Half the sum of squared scaled residuals.
    pub merit: f64,
}

/// The sizes of a problem in the form that loops use.
#[derive(Debug, Clone, Default)]
pub(super) struct Sizes {
    /// sx.
    pub variable: Vec<f64>,
    /// 1 / sx.
    pub inverse_variable: Vec<f64>,
    /// 1 / sF of the weighted rows.
    pub inverse_residual: Vec<f64>,
    /// sx / sF of the weighted rows.
    pub ratio: Vec<f64>,
}

/// Measures a point. A residual that is not a number counts as infinite.
pub(super) fn measure(
    x: &[f64],
    f: &[f64],
    lower: &[f64],
    upper: &[f64],
    sizes: &Sizes,
) -> Measure {
    let n = x.len();
    let (f, lower, upper) = (&f[..n], &lower[..n], &upper[..n]);
    let (ratio, inverse) = (&sizes.ratio[..n], &sizes.inverse_variable[..n]);
    let mut merit = 0.0;
    let mut worst = Worst {
        index: 0,
        residual: 0.0,
    };
    for i in 0..n {
        // x - mid(l, u, x - F sx/sF), written so that a large x does not absorb F
        let r = (f[i] * ratio[i])
            .max(x[i] - upper[i])
            .min(x[i] - lower[i])
            .abs()
            * inverse[i];
        merit += r * r;
        if r > worst.residual {
            worst = Worst {
                index: i,
                residual: r,
            };
        }
    }
    if !merit.is_finite() {
        merit = f64::INFINITY;
        worst.residual = f64::INFINITY;
    }
    Measure {
        worst,
        merit: 0.5 * merit,
    }
}

/// `out -= (J + diag(shift)) d` over the rows that are not held.
pub(super) fn subtract_product(
    structure: &Structure,
    jacobian: &[f64],
    shift: &[f64],
    d: &[f64],
    out: &mut [f64],
) {
    let columns = structure.columns();
    for (i, ends) in structure.row_starts().windows(2).enumerate() {
        if shift[i] == f64::INFINITY {
            continue;
        }
        let mut sum = shift[i] * d[i];
        for (&value, &column) in jacobian[ends[0]..ends[1]]
            .iter()
            .zip(&columns[ends[0]..ends[1]])
        {
            sum += value * d[column];
        }
        out[i] -= sum;
    }
}
