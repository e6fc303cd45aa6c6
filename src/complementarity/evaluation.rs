//! Evaluating a problem with its row weights, and the scaled residual.

use super::lanes::{LANES, blocks, largest, least, most, sum};
use super::linear::wide;
use super::outcome::Worst;
use super::{Problem, Structure};

/// `F(x)` with weighted rows; false where it is not defined. Vectors may be padded.
pub(super) fn residual<P: Problem + ?Sized>(problem: &P, x: &[f64], f: &mut [f64]) -> bool {
    let n = problem.dimension();
    let f = &mut f[..n];
    problem.evaluate(&x[..n], f, None);
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
    let n = problem.dimension();
    let f = &mut f[..n];
    problem.evaluate(&x[..n], f, Some(jacobian));
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
    // zero times a finite number is zero, times anything else NaN
    let mut lanes = [0.0; LANES];
    let (whole, rest) = values.as_chunks::<LANES>();
    for block in whole {
        for k in 0..LANES {
            lanes[k] += block[k] * 0.0;
        }
    }
    for &value in rest {
        lanes[0] += value * 0.0;
    }
    sum(lanes) == 0.0
}

/// What a point amounts to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// The largest scaled residual.
    pub worst: f64,
    /// Half the sum of squared scaled residuals.
    pub merit: f64,
}

/// What no point has been measured as.
pub(super) const UNMEASURED: Measure = Measure {
    worst: f64::INFINITY,
    merit: f64::INFINITY,
};

/// The sizes of a problem in the form that loops use.
#[derive(Debug, Clone, Default)]
pub(super) struct Sizes {
    /// sx.
    pub variable: Vec<f64>,
    /// 1 / sx.
    pub inverse_variable: Vec<f64>,
    /// sF of the weighted rows.
    pub residual: Vec<f64>,
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
    wide(
        #[inline(always)]
        || measure_wide(x, f, lower, upper, sizes),
    )
}

#[inline(always)]
fn measure_wide(x: &[f64], f: &[f64], lower: &[f64], upper: &[f64], sizes: &Sizes) -> Measure {
    let n = lower.len();
    // x - mid(l, u, x - F sx/sF), written so that a large x does not absorb F
    let scaled = |x: f64, f: f64, lower: f64, upper: f64, ratio: f64, inverse: f64| {
        least(most(f * ratio, x - upper), x - lower).abs() * inverse
    };
    let (low, high) = (blocks(lower), blocks(upper));
    let count = low.len();
    let (xs, fs) = (&blocks(x)[..count], &blocks(f)[..count]);
    let ratio = &blocks(&sizes.ratio)[..count];
    let inverse = &blocks(&sizes.inverse_variable)[..count];
    let (mut merit, mut largest_here) = ([0.0; LANES], [0.0; LANES]);
    for b in 0..count {
        for k in 0..LANES {
            let r = scaled(
                xs[b][k],
                fs[b][k],
                low[b][k],
                high[b][k],
                ratio[b][k],
                inverse[b][k],
            );
            merit[k] += r * r;
            largest_here[k] = most(largest_here[k], r);
        }
    }
    let (mut merit, mut worst) = (sum(merit), largest(largest_here));
    let at = |i: usize| {
        scaled(
            x[i],
            f[i],
            lower[i],
            upper[i],
            sizes.ratio[i],
            sizes.inverse_variable[i],
        )
    };
    for i in count * LANES..n {
        let r = at(i);
        merit += r * r;
        worst = most(worst, r);
    }
    if merit.is_finite() {
        Measure {
            worst,
            merit: 0.5 * merit,
        }
    } else {
        UNMEASURED
    }
}

/// The unknown with the largest scaled residual.
pub(super) fn find_worst(
    x: &[f64],
    f: &[f64],
    lower: &[f64],
    upper: &[f64],
    sizes: &Sizes,
) -> Worst {
    let mut worst = Worst {
        index: 0,
        residual: 0.0,
    };
    for i in 0..lower.len() {
        let r = (f[i] * sizes.ratio[i])
            .max(x[i] - upper[i])
            .min(x[i] - lower[i]);
        let residual = r.abs() * sizes.inverse_variable[i];
        if residual > worst.residual || residual.is_nan() {
            worst = Worst { index: i, residual };
        }
    }
    worst
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
