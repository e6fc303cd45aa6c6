//! Maximum likelihood in several parameters: a simplex search to come near, Newton's method to arrive, and the curvature
//! there for the standard errors.

use super::search;
use argmin::core::{CostFunction, Error, Executor, State};
use argmin::solver::neldermead::NelderMead;
use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};
use std::cell::RefCell;

const SIMPLEX_ITERATIONS: u64 = 4_000;
const RESTARTS: usize = 6;
const NEWTON_ITERATIONS: usize = 30;
/// Half the distance of the differences that stand for derivatives; parameters are scaled to move by about one.
const STEP: f64 = 1e-3;

/// A maximum that a quadratic describes.
pub(super) struct Maximum {
    pub at: Vec<f64>,
    pub value: f64,
    /// Covariance of the estimates: the inverse of the curvature (observed information).
    pub covariance: DMatrix<f64>,
}

pub(super) enum NoMaximum {
    NotConverged {
        iterations: u64,
    },
    /// The likelihood does not curve down in this parameter.
    Flat {
        parameter: usize,
    },
}

struct Negative<'a>(&'a dyn Fn(&[f64]) -> f64);

impl CostFunction for Negative<'_> {
    type Param = DVector<f64>;
    type Output = f64;

    fn cost(&self, x: &DVector<f64>) -> Result<f64, Error> {
        let value = (self.0)(x.as_slice());
        // The simplex needs numbers to compare; a likelihood of zero is worse than any other.
        Ok(if value.is_finite() { -value } else { 1e100 })
    }
}

/// The highest of the maxima reached from `starts`; `size` is the side of the first simplex.
pub(super) fn maximise(
    likelihood: &dyn Fn(&[f64]) -> f64,
    starts: &[Vec<f64>],
    size: f64,
) -> Result<Maximum, NoMaximum> {
    let mut best: Option<(DVector<f64>, f64)> = None;
    for start in starts {
        let found = climb(likelihood, start, size);
        if let Some(found) = found
            && best.as_ref().is_none_or(|(_, value)| found.1 > *value)
        {
            best = Some(found);
        }
    }
    let Some((near, _)) = best else {
        return Err(NoMaximum::NotConverged {
            iterations: SIMPLEX_ITERATIONS,
        });
    };
    arrive(likelihood, near)
}

/// Both ends of the profile-likelihood interval of one parameter: where the likelihood, at its highest over all other
/// parameters, has fallen by `fall`. None where it does not fall so far within `reach`.
pub(super) fn profile(
    likelihood: &dyn Fn(&[f64]) -> f64,
    top: &Maximum,
    parameter: usize,
    fall: f64,
    reach: f64,
) -> Option<(f64, f64)> {
    let end = |direction: f64| -> Option<f64> {
        // The other parameters follow from where they were at the last point.
        let others = RefCell::new(DVector::from_vec(without(&top.at, parameter)));
        let beyond = |by: f64| -> Option<f64> {
            let fixed = top.at[parameter] + direction * by;
            let rest = |x: &[f64]| likelihood(&with(x, parameter, fixed));
            let start = others.borrow().clone();
            let found = arrive(&rest, start).ok()?;
            *others.borrow_mut() = DVector::from_vec(found.at);
            Some(top.value - found.value - fall)
        };
        let step = (top.covariance[(parameter, parameter)] * fall / 2.0)
            .sqrt()
            .min(reach / 4.0);
        let (mut inner, mut outer) = ((0.0, -fall), (step, beyond(step)?));
        while outer.1 < 0.0 {
            let next = outer.0 + step;
            if next > reach {
                return None;
            }
            (inner, outer) = (outer, (next, beyond(next)?));
        }
        // The ends keep their values, since a search from elsewhere may differ in the last bits. A search that fails on
        // the way counts as not a number, which no sign change survives.
        let cost = |by: f64| match [inner, outer].into_iter().find(|end| end.0 == by) {
            Some((_, known)) => known,
            None => beyond(by).unwrap_or(f64::NAN),
        };
        let by = search::root(cost, inner.0, outer.0, 1e-4).ok()?;
        Some(top.at[parameter] + direction * by)
    };
    Some((end(-1.0)?, end(1.0)?))
}

fn without(x: &[f64], parameter: usize) -> Vec<f64> {
    x.iter()
        .enumerate()
        .filter(|&(k, _)| k != parameter)
        .map(|(_, &value)| value)
        .collect()
}

fn with(rest: &[f64], parameter: usize, value: f64) -> Vec<f64> {
    let mut x = rest.to_vec();
    x.insert(parameter, value);
    x
}

/// Simplex searches, each from where the last one ended, until one gains nothing.
fn climb(
    likelihood: &dyn Fn(&[f64]) -> f64,
    start: &[f64],
    size: f64,
) -> Option<(DVector<f64>, f64)> {
    let mut at = DVector::from_row_slice(start);
    let mut value = f64::NEG_INFINITY;
    for _ in 0..RESTARTS {
        let mut corners = vec![at.clone()];
        for k in 0..at.len() {
            let mut corner = at.clone();
            corner[k] += size;
            corners.push(corner);
        }
        let solver = NelderMead::new(corners).with_sd_tolerance(1e-7).ok()?;
        let outcome = Executor::new(Negative(likelihood), solver)
            .configure(|state| state.max_iters(SIMPLEX_ITERATIONS))
            .timer(false)
            .run()
            .ok()?;
        let state = outcome.state();
        let (point, cost) = (state.get_best_param()?.clone(), state.get_best_cost());
        let gained = -cost - value;
        if gained > 0.0 || value == f64::NEG_INFINITY {
            (at, value) = (point, -cost);
        }
        if gained < 1e-6 {
            break;
        }
    }
    value.is_finite().then_some((at, value))
}

/// Newton's method from a point near the maximum.
fn arrive(likelihood: &dyn Fn(&[f64]) -> f64, mut at: DVector<f64>) -> Result<Maximum, NoMaximum> {
    let f = |x: &DVector<f64>| likelihood(x.as_slice());
    let mut value = f(&at);
    for _ in 0..NEWTON_ITERATIONS {
        let (gradient, curvature) = derivatives(&f, &at, value);
        let Some(factor) = Cholesky::new(curvature.clone()) else {
            return Err(NoMaximum::Flat {
                parameter: flattest(curvature),
            });
        };
        let full = factor.solve(&gradient);
        let promised = 0.5 * full.dot(&gradient);
        if promised < 1e-9 {
            return Ok(Maximum {
                at: at.as_slice().to_vec(),
                value,
                covariance: factor.inverse(),
            });
        }
        let mut step = full;
        let mut next = &at + &step;
        // A likelihood that is not a number counts as no gain.
        while !matches!(
            f(&next).partial_cmp(&value),
            Some(std::cmp::Ordering::Greater)
        ) && step.norm() > 1e-9
        {
            step *= 0.5;
            next = &at + &step;
        }
        let reached = f(&next);
        if reached.is_nan() || reached <= value {
            // Differences no longer see a way up; the promise says how far the top can be.
            return if promised < 1e-5 {
                Ok(Maximum {
                    at: at.as_slice().to_vec(),
                    value,
                    covariance: factor.inverse(),
                })
            } else {
                Err(NoMaximum::NotConverged {
                    iterations: NEWTON_ITERATIONS as u64,
                })
            };
        }
        (at, value) = (next, reached);
    }
    Err(NoMaximum::NotConverged {
        iterations: NEWTON_ITERATIONS as u64,
    })
}

/// Gradient, and curvature (the negative of the second derivatives), by central differences.
fn derivatives(
    f: &dyn Fn(&DVector<f64>) -> f64,
    at: &DVector<f64>,
    value: f64,
) -> (DVector<f64>, DMatrix<f64>) {
    let n = at.len();
    let moved = |moves: &[(usize, f64)]| {
        let mut x = at.clone();
        for &(k, by) in moves {
            x[k] += by;
        }
        f(&x)
    };
    let mut gradient = DVector::zeros(n);
    let mut curvature = DMatrix::zeros(n, n);
    for i in 0..n {
        let (up, down) = (moved(&[(i, STEP)]), moved(&[(i, -STEP)]));
        gradient[i] = (up - down) / (2.0 * STEP);
        curvature[(i, i)] = -(up - 2.0 * value + down) / (STEP * STEP);
        for j in 0..i {
            let corner = |a: f64, b: f64| moved(&[(i, a * STEP), (j, b * STEP)]);
            let mixed =
                corner(1.0, 1.0) - corner(1.0, -1.0) - corner(-1.0, 1.0) + corner(-1.0, -1.0);
            curvature[(i, j)] = -mixed / (4.0 * STEP * STEP);
            curvature[(j, i)] = curvature[(i, j)];
        }
    }
    (gradient, curvature)
}

/// The parameter that weighs most in the direction of least curvature.
fn flattest(curvature: DMatrix<f64>) -> usize {
    if curvature.iter().any(|entry| !entry.is_finite()) {
        return (0..curvature.nrows())
            .find(|&i| curvature.row(i).iter().any(|x| !x.is_finite()))
            .unwrap_or(0);
    }
    let eigen = SymmetricEigen::new(curvature);
    let direction = eigen.eigenvectors.column(eigen.eigenvalues.imin());
    direction.iamax()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A correlated normal log density with known top and covariance [[0.5, 0.1], [0.1, 0.04]].
    #[test]
    fn finds_the_top_and_the_covariance_of_a_quadratic() {
        let covariance = DMatrix::from_row_slice(2, 2, &[0.5, 0.1, 0.1, 0.04]);
        let information = covariance.clone().try_inverse().unwrap();
        let top = DVector::from_row_slice(&[1.0, -2.0]);
        let f = |x: &[f64]| {
            let d = DVector::from_row_slice(x) - &top;
            7.0 - 0.5 * (information.clone() * &d).dot(&d)
        };
        let found = maximise(&f, &[vec![0.0, 0.0], vec![3.0, 3.0]], 0.5)
            .ok()
            .unwrap();
        approx::assert_relative_eq!(DVector::from_vec(found.at), top, max_relative = 1e-7);
        approx::assert_relative_eq!(found.value, 7.0, max_relative = 1e-9);
        approx::assert_relative_eq!(found.covariance, covariance, max_relative = 1e-6);
    }

    /// For a quadratic the profile interval is one standard error each way: sqrt(0.5) and sqrt(0.04).
    #[test]
    fn profile_of_a_quadratic_is_one_standard_error() {
        let covariance = DMatrix::from_row_slice(2, 2, &[0.5, 0.1, 0.1, 0.04]);
        let information = covariance.try_inverse().unwrap();
        let f = |x: &[f64]| {
            let d = DVector::from_row_slice(x);
            -0.5 * (information.clone() * &d).dot(&d)
        };
        let top = maximise(&f, &[vec![0.5, 0.5]], 0.5).ok().unwrap();
        for (parameter, error) in [(0, 0.5f64.sqrt()), (1, 0.2)] {
            let (low, high) = profile(&f, &top, parameter, 0.5, 3.0).unwrap();
            approx::assert_relative_eq!(low, -error, epsilon = 2e-4);
            approx::assert_relative_eq!(high, error, epsilon = 2e-4);
        }
        assert!(profile(&f, &top, 0, 0.5, 0.5).is_none());
    }

    #[test]
    fn a_flat_direction_is_named() {
        let ridge = |x: &[f64]| -(x[0] - 1.0).powi(2);
        assert!(matches!(
            maximise(&ridge, &[vec![0.0, 0.0]], 0.5),
            Err(NoMaximum::Flat { parameter: 1 })
        ));
    }
}
