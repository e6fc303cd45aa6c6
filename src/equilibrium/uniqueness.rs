//! Whether there are other equilibria, and which outputs are not determined.
//!
//! An integrable system is the optimality condition of a convex programme, so its solutions form a convex set: what
//! cannot move locally cannot be different elsewhere. With the conditions written as `[D, A; -A', C]` for prices and
//! quantities, a direction within the solution set has `D p = 0`, `C z = 0`, `A z = 0`, `A' p = 0`. A price is pinned
//! where demand answers to it, or by an interior activity whose other prices are pinned; a quantity is pinned where its
//! cost rises, or by a node whose other quantities are pinned. What is left over is listed; where columns have more than
//! two entries the list may be longer than need be.
//!
//! Of any other affine system of a small size every active set is tried: with each unknown at one of its bounds or
//! free, the free ones solve a linear system, and the point counts where all conditions hold. One point is then all
//! there is, and several are shown as such.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::class::Class;
use super::compiled::Compiled;
use super::numbers::Numbers;
use super::point::Point;
use super::result::Equilibrium;
use crate::complementarity::{Problem, Side};

/// What is known about there being other values of one sort of output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Uniqueness {
    /// There are no others, for this reason.
    Proved(String),
    /// There are no others nearby; elsewhere there may be.
    Local,
    /// These outputs are not determined.
    NotUnique(Vec<String>),
    /// Not shown either way.
    Unknown,
}

impl std::fmt::Display for Uniqueness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Proved(reason) => write!(f, "unique ({reason})"),
            Self::Local => f.write_str("unique nearby, not proved unique"),
            Self::NotUnique(list) => {
                write!(
                    f,
                    "not proved unique: other values clear the market too for {}",
                    list.join(", ")
                )
            }
            Self::Unknown => f.write_str("not proved unique"),
        }
    }
}

/// What is known about other equilibria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Determinacy {
    prices: Uniqueness,
    flows: Uniqueness,
}

impl Determinacy {
    /// Of prices.
    #[must_use]
    pub fn prices(&self) -> &Uniqueness {
        &self.prices
    }

    /// Of levels of activities and routes, demands and purchases.
    #[must_use]
    pub fn flows(&self) -> &Uniqueness {
        &self.flows
    }
}

impl std::fmt::Display for Determinacy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "prices {}; flows {}", self.prices, self.flows)
    }
}

/// Most active sets that are tried.
const ACTIVE_SETS: usize = 20_000;

impl Equilibrium {
    /// Finds out whether there are other equilibria. `Unknown` for one that was read back from a file, and for a
    /// period of several that are linked.
    #[must_use]
    pub fn determinacy(&self) -> Determinacy {
        let unknown = || Determinacy {
            prices: Uniqueness::Unknown,
            flows: Uniqueness::Unknown,
        };
        let Some(solution) = self.solution.as_ref().filter(|s| !s.linked) else {
            return unknown();
        };
        let Ok(compiled) = Compiled::from_shared(std::sync::Arc::clone(&solution.origin)) else {
            return unknown();
        };
        let mut numbers = compiled.numbers();
        numbers.values.clone_from(&solution.values);
        compiled.refresh(&mut numbers);
        compiled.determinacy(&numbers, &solution.x)
    }
}

/// Where the solution stands, ready for either test.
struct View<'a> {
    compiled: &'a Compiled,
    jacobian: Vec<f64>,
    /// Strictly inside its bounds, so that its condition is an equation.
    free: Vec<bool>,
    /// May move: free, or just touching a bound.
    movable: Vec<bool>,
    residual: Vec<f64>,
    x: &'a [f64],
}

impl Compiled {
    fn determinacy(&self, numbers: &Numbers, x: &[f64]) -> Determinacy {
        let n = x.len();
        let mut residual = vec![0.0; n];
        let mut jacobian = vec![0.0; self.structure.entries()];
        Point {
            compiled: self,
            numbers,
        }
        .evaluate(x, &mut residual, Some(&mut jacobian));
        let near = 1e-9;
        let bound = |i: usize| {
            let at = |bound: f64| (x[i] - bound).abs() <= near * numbers.variable[i];
            at(numbers.lower[i]) || at(numbers.upper[i])
        };
        let slack = |i: usize| residual[i].abs() <= near * numbers.residual[i];
        let room = |i: usize| numbers.lower[i] < numbers.upper[i];
        let free = (0..n).map(|i| room(i) && !bound(i)).collect();
        let movable = (0..n).map(|i| room(i) && (slack(i) || !bound(i))).collect();
        let view = View {
            compiled: self,
            jacobian,
            free,
            movable,
            residual,
            x,
        };
        match self.class {
            Class::Integrable => view.integrable(),
            Class::General => view.general(numbers),
        }
    }
}

impl View<'_> {
    fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> {
        let structure = &self.compiled.structure;
        let range = structure.row_starts()[i]..structure.row_starts()[i + 1];
        range
            .map(move |k| (structure.columns()[k], self.jacobian[k]))
            .filter(|(_, value)| *value != 0.0)
    }

    fn names(&self, of: impl Iterator<Item = usize>) -> Vec<String> {
        of.map(|i| self.compiled.assembly().unknowns[i].name.clone())
            .collect()
    }

    /// Pins what cannot move, until nothing more is pinned.
    fn integrable(&self) -> Determinacy {
        let n = self.movable.len();
        let sides = self.compiled.structure.sides();
        let mut pinned: Vec<bool> = (0..n)
            .map(|i| !self.movable[i] || self.row(i).any(|(j, value)| j == i && value > 0.0))
            .collect();
        // an equation pins its last open unknown; it holds where its own unknown may move
        let mut changed = true;
        while changed {
            changed = false;
            for i in (0..n).filter(|&i| self.free[i]) {
                let mut open = self
                    .row(i)
                    .map(|(j, _)| j)
                    .filter(|&j| j != i && sides[j] != sides[i] && !pinned[j]);
                if let (Some(j), None) = (open.next(), open.next()) {
                    pinned[j] = true;
                    changed = true;
                }
            }
        }
        let verdict = |side| {
            let open = self.names((0..n).filter(|&i| sides[i] == side && !pinned[i]));
            if open.is_empty() {
                Uniqueness::Proved("a convex programme whose optimum leaves no room".to_owned())
            } else {
                Uniqueness::NotUnique(open)
            }
        };
        Determinacy {
            prices: verdict(Side::Dual),
            flows: verdict(Side::Primal),
        }
    }

    fn general(&self, numbers: &Numbers) -> Determinacy {
        if let Some(found) = self.every_active_set(numbers) {
            return found;
        }
        let moving: Vec<usize> = (0..self.movable.len())
            .filter(|&i| self.movable[i])
            .collect();
        let touching = self.movable != self.free;
        let nonsingular =
            moving.len() <= 300 && self.submatrix(&moving, numbers).determinant().abs() > 0.0;
        let verdict = if nonsingular && !touching {
            Uniqueness::Local
        } else {
            Uniqueness::Unknown
        };
        Determinacy {
            prices: verdict.clone(),
            flows: verdict,
        }
    }

    /// A part of the Jacobian, scaled so that entries are pure numbers.
    fn submatrix(&self, of: &[usize], numbers: &Numbers) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(of.len(), of.len());
        for (r, &i) in of.iter().enumerate() {
            for (j, value) in self.row(i) {
                if let Ok(c) = of.binary_search(&j) {
                    matrix[(r, c)] += value * numbers.variable[j] / numbers.residual[i];
                }
            }
        }
        matrix
    }

    /// All solutions of a small affine system; `None` where it is too large or not affine.
    fn every_active_set(&self, numbers: &Numbers) -> Option<Determinacy> {
        let n = self.x.len();
        let states: Vec<Vec<Stand>> = (0..n)
            .map(|i| {
                let (low, high) = (numbers.lower[i], numbers.upper[i]);
                if low == high {
                    return vec![Stand::At(low, 0.0)];
                }
                let mut states = vec![Stand::Free];
                states.extend(low.is_finite().then_some(Stand::At(low, 1.0)));
                states.extend(high.is_finite().then_some(Stand::At(high, -1.0)));
                states
            })
            .collect();
        let sets = states
            .iter()
            .try_fold(1_usize, |product, s| product.checked_mul(s.len()))?;
        if !self.compiled.is_affine() || sets > ACTIVE_SETS {
            return None;
        }
        let mut solutions: Vec<Vec<f64>> = Vec::new();
        let mut complete = true;
        for set in 0..sets {
            let mut rest = set;
            let stands: Vec<Stand> = states
                .iter()
                .map(|s| {
                    let stand = s[rest % s.len()];
                    rest /= s.len();
                    stand
                })
                .collect();
            let found = self.solutions_at(&stands, numbers);
            complete &= found.is_some();
            for found in found.into_iter().flatten() {
                let same = |other: &Vec<f64>| {
                    other
                        .iter()
                        .zip(&found)
                        .enumerate()
                        .all(|(i, (a, b))| (a - b).abs() <= 1e-6 * numbers.variable[i])
                };
                if !solutions.iter().any(same) {
                    solutions.push(found);
                }
            }
        }
        let sides = self.compiled.structure.sides();
        let verdict = |side| {
            let differs = |i: usize| {
                let range = solutions.iter().map(|s| s[i]);
                let (low, high) = range.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                    (l.min(v), h.max(v))
                });
                sides[i] == side && high - low > 1e-6 * numbers.variable[i]
            };
            match self.names((0..n).filter(|&i| differs(i))) {
                list if list.is_empty() && !complete => Uniqueness::Local,
                _ if solutions.is_empty() => Uniqueness::Unknown,
                list if list.is_empty() => {
                    Uniqueness::Proved("every active set was tried".to_owned())
                }
                list => Uniqueness::NotUnique(list),
            }
        };
        Some(Determinacy {
            prices: verdict(Side::Dual),
            flows: verdict(Side::Primal),
        })
    }

    /// The solutions with this active set: none, one, or the two ends of a line of them; `None` where it may hold a plane.
    fn solutions_at(&self, stands: &[Stand], numbers: &Numbers) -> Option<Vec<Vec<f64>>> {
        let n = stands.len();
        let free: Vec<usize> = (0..n).filter(|&i| stands[i] == Stand::Free).collect();
        // F(y) = F(x) + J (y - x): start from x with the others put at their bounds
        let mut base: Vec<f64> = self.x.to_vec();
        for (i, stand) in stands.iter().enumerate() {
            if let Stand::At(bound, _) = *stand {
                base[i] = bound;
            }
        }
        let residual = |y: &[f64]| -> Vec<f64> {
            let at = |i: usize| {
                self.row(i).fold(self.residual[i], |sum, (j, value)| {
                    sum + value * (y[j] - self.x[j])
                })
            };
            (0..n).map(at).collect()
        };
        let start = residual(&base);
        let rhs = DVector::from_iterator(
            free.len(),
            free.iter().map(|&i| -start[i] / numbers.residual[i]),
        );
        if free.is_empty() {
            let holds = (0..n).all(|i| match stands[i] {
                Stand::At(_, sign) => sign == 0.0 || sign * start[i] >= -1e-9 * numbers.residual[i],
                Stand::Free => true,
            });
            return Some(if holds { vec![base] } else { Vec::new() });
        }
        let svd = self.submatrix(&free, numbers).svd(true, true);
        let largest = svd
            .singular_values
            .iter()
            .fold(0.0_f64, |a: f64, b: &f64| a.max(*b));
        let cut = 1e-10 * largest.max(1e-300);
        let null: Vec<usize> = (0..free.len())
            .filter(|&k| svd.singular_values[k] <= cut)
            .collect();
        let step = if free.is_empty() {
            rhs.clone()
        } else {
            svd.solve(&rhs, cut).ok()?
        };
        for (k, &i) in free.iter().enumerate() {
            base[i] += step[k] * numbers.variable[i];
        }
        let after = residual(&base);
        let consistent = free
            .iter()
            .all(|&i| after[i].abs() <= 1e-8 * numbers.residual[i]);
        if !consistent {
            return Some(Vec::new());
        }
        let holds = |y: &[f64], f: &[f64]| {
            (0..n).all(|i| match stands[i] {
                Stand::Free => {
                    let slack = 1e-9 * numbers.variable[i];
                    y[i] >= numbers.lower[i] - slack && y[i] <= numbers.upper[i] + slack
                }
                Stand::At(_, sign) => sign == 0.0 || sign * f[i] >= -1e-9 * numbers.residual[i],
            })
        };
        match null.as_slice() {
            [] => Some(if holds(&base, &after) {
                vec![base]
            } else {
                Vec::new()
            }),
            [k] => {
                let right = svd.v_t?;
                let direction: Vec<f64> = {
                    let mut d = vec![0.0; n];
                    for (c, &i) in free.iter().enumerate() {
                        d[i] = right[(*k, c)] * numbers.variable[i];
                    }
                    d
                };
                // every condition is linear along the line and cuts an interval out of it
                let moved: Vec<f64> = base.iter().zip(&direction).map(|(b, d)| b + d).collect();
                let change: Vec<f64> = residual(&moved)
                    .iter()
                    .zip(&after)
                    .map(|(a, b)| a - b)
                    .collect();
                let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
                let mut keep = |value: f64, rate: f64, scale: f64| {
                    // value + s rate >= 0
                    if rate.abs() <= 1e-12 * scale {
                        if value < -1e-9 * scale {
                            (low, high) = (1.0, 0.0);
                        }
                    } else if rate > 0.0 {
                        low = low.max(-value / rate);
                    } else {
                        high = high.min(-value / rate);
                    }
                };
                for i in 0..n {
                    match stands[i] {
                        Stand::Free => {
                            keep(
                                base[i] - numbers.lower[i],
                                direction[i],
                                numbers.variable[i],
                            );
                            keep(
                                numbers.upper[i] - base[i],
                                -direction[i],
                                numbers.variable[i],
                            );
                        }
                        Stand::At(_, sign) if sign != 0.0 => {
                            keep(sign * after[i], sign * change[i], numbers.residual[i]);
                        }
                        Stand::At(..) => {}
                    }
                }
                if low > high {
                    return Some(Vec::new());
                }
                if !(low.is_finite() && high.is_finite()) {
                    return None;
                }
                let at = |s: f64| {
                    base.iter()
                        .zip(&direction)
                        .map(|(b, d)| b + s * d)
                        .collect::<Vec<f64>>()
                };
                Some(vec![at(low), at(high)])
            }
            _ => None,
        }
    }
}

/// Where an unknown is put: free, or at a bound where its condition must have this sign (0 for a fixed one).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stand {
    Free,
    At(f64, f64),
}
