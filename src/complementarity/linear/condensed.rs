//! Elimination of the unknowns with a diagonal of their own, and the factorisation of what remains.
//!
//! An unknown `e` that goes leaves `A_ab -= A_ae A_eb / A_ee` behind among the unknowns it touches. Which
//! products land on which entry is found once; a refresh then sums them entry by entry. Of a skew problem the
//! rows of one side change sign, which makes the whole matrix symmetric, and only one triangle is kept.

use super::assembly::{Assembly, Products};
use super::fronts::Fronts;
use super::plan::Plan;
use super::symbolic::{NONE, Symbolic};
use super::{Backend, Breakdown, Factorisation, Quality, System, ordering, wide};
use crate::complementarity::Structure;

/// The curvature that an unknown without one gets, in units of sF / sx: large enough for the factorisation
/// to keep eight digits, small enough for refinement to remove it in a few steps.
const PROXIMAL: f64 = 1e-8;
/// Added to the diagonal of a kept unknown that is held in place.
const HELD: f64 = 1e60;

#[derive(Debug, Clone)]
pub(in crate::complementarity) struct Condensed {
    symmetric: bool,
    /// Row signs of a skew problem, ones otherwise.
    signs: Vec<f64>,
    pub(super) assembly: Assembly,
    /// What the direct unknowns add to each entry: products, to be multiplied by their inverse pivots.
    lower: Products,
    upper: Products,
    /// The Jacobian's own part of each entry.
    base_lower: Vec<f64>,
    base_upper: Vec<f64>,
    /// Couplings by the unknown that goes: those in its row, and those in its column, the latter with the
    /// signs of the factorised matrix.
    row: Vec<f64>,
    column: Vec<f64>,
    /// Column couplings with the signs of the problem: of the direct unknowns by whom they touch, of the
    /// others by who goes.
    turned: Vec<f64>,
    outward: Vec<f64>,
    inverse: Vec<f64>,
    scaled: Vec<f64>,
    rhs: Vec<f64>,
    fronts: Fronts,
}

impl Condensed {
    pub fn new(structure: &Structure) -> Self {
        let plan = Plan::new(structure);
        // without sparse factorisations every size is dense
        #[cfg_attr(not(feature = "sparse"), allow(clippy::absurd_extreme_comparisons))]
        let symbolic = if plan.kept.len() <= ordering::DENSE {
            Symbolic::dense(&plan.graph)
        } else {
            Symbolic::new(&plan.graph, ordering::order(&plan.graph))
        };
        let symmetric = plan.symmetric;
        let signs = plan.signs(structure);
        let mut fronts = Fronts::new(symbolic, symmetric);
        let assembly = Assembly::new(&plan, &fronts.symbolic);
        let entries = assembly.entries;
        fronts.lower.resize(entries, 0.0);
        if !symmetric {
            fronts.upper.resize(entries, 0.0);
        }
        let couplings = assembly.touched.len();
        let outward = couplings - assembly.turned.len();
        Self {
            symmetric,
            signs,
            lower: Products::new(assembly.terms()),
            upper: Products::new(if symmetric { 0 } else { assembly.terms() }),
            base_lower: vec![0.0; entries],
            base_upper: vec![0.0; if symmetric { 0 } else { entries }],
            row: vec![0.0; couplings],
            column: vec![0.0; couplings],
            turned: vec![0.0; assembly.turned.len()],
            outward: vec![0.0; outward],
            inverse: vec![0.0; assembly.gone.len()],
            scaled: vec![0.0; assembly.gone.len()],
            rhs: vec![0.0; assembly.kept.len()],
            assembly,
            fronts,
        }
    }

    /// Further correctors save an iteration or two; they pay where a factorisation costs many solves.
    pub fn correctors(&self) -> usize {
        let solve = 2.0 * self.fronts.kept_numbers() as f64 + 4.0 * self.row.len() as f64;
        match self.fronts.symbolic.work() / solve {
            ratio if ratio > 30.0 => 2,
            ratio if ratio > 10.0 => 1,
            _ => 0,
        }
    }

    /// Reads a new Jacobian.
    fn gather(&mut self, jacobian: &[f64]) {
        let assembly = &self.assembly;
        for e in 0..assembly.direct {
            let sign = self.signs[assembly.gone[e] as usize];
            for k in assembly.starts[e] as usize..assembly.starts[e + 1] as usize {
                self.row[k] = read(jacobian, assembly.row_at[k]);
                self.column[k] = if self.symmetric {
                    sign * self.row[k]
                } else {
                    read(jacobian, assembly.column_at[k])
                };
            }
        }
        for (turned, &k) in self.turned.iter_mut().zip(&assembly.turned_from) {
            let touched = assembly.touched[k as usize];
            *turned = self.signs[touched as usize] * self.column[k as usize];
        }
        let column = &self.column;
        self.lower
            .multiply(&assembly.lower_pairs, column, &self.row);
        self.base_lower.fill(0.0);
        for &(entry, from, row) in &assembly.carried_lower {
            self.base_lower[entry as usize] += self.signs[row as usize] * jacobian[from as usize];
        }
        if !self.symmetric {
            self.upper
                .multiply(&assembly.upper_pairs, column, &self.row);
            self.base_upper.fill(0.0);
            for &(entry, from, _) in &assembly.carried_upper {
                self.base_upper[entry as usize] += jacobian[from as usize];
            }
        }
    }

    #[inline(always)]
    fn refresh(&mut self, system: &System<'_>) {
        let assembly = &self.assembly;
        let direct = assembly.direct;
        for ((inverse, &i), &at) in self
            .inverse
            .iter_mut()
            .zip(&assembly.gone[..direct])
            .zip(&assembly.pivot_at)
        {
            let i = i as usize;
            let own = read(system.jacobian, at);
            *inverse = invert(own + system.shift[i], system.ratio[i]);
        }
        let inverse = &self.inverse[..direct];
        let starts = &assembly.term_starts;
        let by = &assembly.term_by;
        self.lower.sum(
            starts,
            by,
            inverse,
            &self.base_lower,
            &mut self.fronts.lower,
        );
        if !self.symmetric {
            self.upper.sum(
                starts,
                by,
                inverse,
                &self.base_upper,
                &mut self.fronts.upper,
            );
        }
        for (&entry, &i) in assembly.kept_diagonal.iter().zip(&assembly.kept) {
            let shift = system.shift[i as usize];
            self.fronts.lower[entry as usize] += if shift < f64::INFINITY { shift } else { HELD };
        }
        for e in direct..assembly.gone.len() {
            self.eliminate(e, system);
        }
    }

    /// Eliminates an unknown of a later stage, whose couplings are complete only now.
    #[inline(always)]
    fn eliminate(&mut self, e: usize, system: &System<'_>) {
        let assembly = &self.assembly;
        let i = assembly.gone[e] as usize;
        let range = assembly.starts[e] as usize..assembly.starts[e + 1] as usize;
        // they stand together, after the diagonal
        let at = assembly.pivot_at[e] as usize;
        let from = at + 1..at + 1 + range.len();
        let sign = self.signs[i];
        let first = assembly.turned.len();
        for (k, at) in range.clone().zip(from) {
            let below = self.fronts.lower[at];
            self.column[k] = below;
            self.row[k] = if self.symmetric {
                sign * below
            } else {
                self.fronts.upper[at]
            };
            self.outward[k - first] = self.signs[assembly.touched[k] as usize] * below;
        }
        let own = sign * self.fronts.lower[at];
        let inverse = invert(own + system.shift[i], system.ratio[i]);
        self.inverse[e] = inverse;
        let (row, column) = (&self.row[range.clone()], &self.column[range]);
        let mut targets = assembly.targets_of(e).iter();
        for (b, (&row_b, &column_b)) in row.iter().zip(column).enumerate() {
            let (row_b, column_b) = (row_b * inverse, column_b * inverse);
            for ((&row_a, &column_a), &(target, turned)) in
                row[b..].iter().zip(&column[b..]).zip(&mut targets)
            {
                // the pair (a, b); `turned` when b is the one that goes later
                let (below, above) = if turned {
                    (column_b * row_a, column_a * row_b)
                } else {
                    (column_a * row_b, column_b * row_a)
                };
                self.fronts.lower[target as usize] -= below;
                if !self.symmetric {
                    self.fronts.upper[target as usize] -= above;
                }
            }
        }
    }

    /// Takes the right-hand side of those that go to those that stay.
    #[inline(always)]
    fn forward(&mut self, rhs: &mut [f64]) {
        let assembly = &self.assembly;
        let direct = assembly.direct;
        for ((scaled, &i), &inverse) in self
            .scaled
            .iter_mut()
            .zip(&assembly.gone[..direct])
            .zip(&self.inverse)
        {
            *scaled = rhs[i as usize] * inverse;
        }
        let mut from = 0;
        for (&i, &end) in assembly.stays.iter().zip(&assembly.turned_ends) {
            let range = from..end as usize;
            from = end as usize;
            let mut sum = 0.0;
            for (&e, &value) in assembly.turned[range.clone()]
                .iter()
                .zip(&self.turned[range])
            {
                sum += value * self.scaled[e as usize];
            }
            rhs[i as usize] -= sum;
        }
        let first = assembly.turned.len();
        for e in direct..assembly.gone.len() {
            let range = assembly.starts[e] as usize..assembly.starts[e + 1] as usize;
            let value = rhs[assembly.gone[e] as usize] * self.inverse[e];
            let outward = &self.outward[range.start - first..range.end - first];
            for (&of_a, &a) in outward.iter().zip(&assembly.touched[range]) {
                rhs[a as usize] -= of_a * value;
            }
        }
    }

    /// The same for the transposed matrix, which only derivatives ask for.
    fn forward_transposed(&mut self, rhs: &mut [f64]) {
        let assembly = &self.assembly;
        for e in 0..assembly.gone.len() {
            let range = assembly.starts[e] as usize..assembly.starts[e + 1] as usize;
            let value = rhs[assembly.gone[e] as usize] * self.inverse[e];
            for (&of_a, &a) in self.row[range.clone()].iter().zip(&assembly.touched[range]) {
                rhs[a as usize] -= of_a * value;
            }
        }
    }

    #[inline(always)]
    fn core(&mut self, rhs: &mut [f64], transposed: bool) {
        for (value, &i) in self.rhs.iter_mut().zip(&self.assembly.kept) {
            *value = rhs[i as usize];
        }
        if transposed {
            self.fronts.solve_transpose(&mut self.rhs);
        } else {
            self.fronts.solve(&mut self.rhs);
        }
        for (&value, &i) in self.rhs.iter().zip(&self.assembly.kept) {
            rhs[i as usize] = value;
        }
    }

    /// From those that stay back to those that went.
    #[inline(always)]
    fn backward(&self, rhs: &mut [f64], row: &[f64]) {
        let assembly = &self.assembly;
        let (direct, pairs) = (assembly.direct, assembly.pairs);
        let later = (direct..assembly.gone.len()).rev();
        for e in later.chain(0..pairs.start).chain(pairs.end..direct) {
            let range = assembly.starts[e] as usize..assembly.starts[e + 1] as usize;
            let mut value = rhs[assembly.gone[e] as usize];
            for (&of_a, &a) in row[range.clone()].iter().zip(&assembly.touched[range]) {
                value -= of_a * rhs[a as usize];
            }
            rhs[assembly.gone[e] as usize] = value * self.inverse[e];
        }
        // most touch two others (routes), so their loop is spelt out
        let range = assembly.starts[pairs.start] as usize..assembly.starts[pairs.end] as usize;
        let couplings = row[range.clone()].as_chunks::<2>().0;
        let touched = assembly.touched[range].as_chunks::<2>().0;
        let gone = &assembly.gone[pairs.start..pairs.end];
        let inverse = &self.inverse[pairs.start..pairs.end];
        for (((value, which), &i), &inverse) in couplings.iter().zip(touched).zip(gone).zip(inverse)
        {
            let sum = value[0] * rhs[which[0] as usize] + value[1] * rhs[which[1] as usize];
            rhs[i as usize] = (rhs[i as usize] - sum) * inverse;
        }
    }

    fn flip(&self, values: &mut [f64]) {
        for (value, &sign) in values.iter_mut().zip(&self.signs) {
            *value *= sign;
        }
    }
}

#[inline(always)]
fn read(values: &[f64], at: u32) -> f64 {
    if at == NONE { 0.0 } else { values[at as usize] }
}

/// One over a diagonal; zero for a held unknown; that of the proximal term for an unknown without curvature.
#[inline(always)]
fn invert(diagonal: f64, ratio: f64) -> f64 {
    if diagonal.abs() * ratio < PROXIMAL {
        ratio / PROXIMAL
    } else {
        1.0 / diagonal
    }
}

impl Backend for Condensed {
    fn factor(&mut self, system: &System<'_>) -> Result<Quality, Breakdown> {
        if system.fresh {
            self.gather(system.jacobian);
        }
        wide(
            #[inline(always)]
            || self.refresh(system),
        );
        self.fronts.factor();
        Ok(Quality::Approximate)
    }

    fn solve(&mut self, rhs: &mut [f64]) {
        wide(
            #[inline(always)]
            || {
                self.forward(rhs);
                self.core(rhs, false);
                self.backward(rhs, &self.row);
            },
        );
    }

    fn solve_transpose(&mut self, rhs: &mut [f64]) {
        if self.symmetric {
            // the matrix is symmetric up to the signs of its rows
            self.flip(rhs);
            self.solve(rhs);
            self.flip(rhs);
        } else {
            self.forward_transposed(rhs);
            self.core(rhs, true);
            self.backward(rhs, &self.column);
        }
    }

    fn describe(&self) -> Factorisation {
        match (self.symmetric, self.fronts.symbolic.supernodes() == 1) {
            (true, true) => Factorisation::CondensedDenseCholesky,
            (true, false) => Factorisation::CondensedCholesky,
            (false, true) => Factorisation::CondensedDenseLu,
            (false, false) => Factorisation::CondensedLu,
        }
    }
}
