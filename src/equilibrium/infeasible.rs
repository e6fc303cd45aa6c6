//! Proofs that there is no equilibrium, looked for where none was found.
//!
//! Let `F_n = sum_j A_nj z_j - d_n` be the rows of prices and quota rents that are linear in quantities, demand that
//! answers to the price left out, with `l <= z <= u`.
//!
//! - *Short.* Any weights `y >= 0` with `sum_n y_n F_n < 0` for every `z` within its bounds prove that the rows cannot
//!   all be at least zero (Farkas' lemma): what is asked for cannot be delivered.
//! - *Endless.* In a symmetric system quantities `z` without an upper bound and with a constant cost `c_j` obey
//!   `F_j = c_j - sum_n A_nj p_n`. A direction `v >= 0` with `A v >= 0` and `c v < 0` makes `sum_j v_j F_j < 0` at
//!   every `p >= 0`, so that one of them can never be at least zero: it gains by growing without limit.
//!
//! Weights and directions come from a linear programme, solved with a small curvature; whether they are a proof is then
//! checked on their own.

use super::compiled::Compiled;
use super::error::SolveError;
use super::numbers::Numbers;
use crate::complementarity::{
    Problem, Scale, Settings, Side, Start, Structure, Symmetry, Workspace, solve_into,
};

/// Curvatures that make the programme's answer unique, in units of what a missing unit costs. The less the sharper the
/// proof, and the harder the programme.
const SMALL: [f64; 3] = [1e-8, 1e-10, 1e-12];
/// By what share a proof must hold.
const MARGIN: f64 = 1e-6;
/// What a quantity without an upper bound counts as, in units of everything that is asked for.
const ENDLESS: f64 = 1e4;

/// Minimise `cost v + missing` with `A v + missing >= asked`, `0 <= v <= most`, `missing` where something is asked for.
pub(super) struct Programme {
    structure: Structure,
    lower: Vec<f64>,
    upper: Vec<f64>,
    ones: Vec<f64>,
    asked: Vec<f64>,
    cost: Vec<f64>,
    /// (row, column, value)
    entries: Vec<(usize, usize, f64)>,
    /// Rows in which something may be missing.
    open: Vec<usize>,
    curvature: f64,
}

impl Programme {
    pub(super) fn new(
        asked: Vec<f64>,
        cost: Vec<f64>,
        most: &[f64],
        entries: Vec<(usize, usize, f64)>,
    ) -> Option<Self> {
        let rows = asked.len();
        let open: Vec<usize> = (0..rows).filter(|&n| asked[n] > 0.0).collect();
        let n = rows + cost.len() + open.len();
        let mut upper = vec![f64::INFINITY; n];
        upper[rows..rows + cost.len()].copy_from_slice(most);
        for (k, &row) in open.iter().enumerate() {
            upper[rows + cost.len() + k] = asked[row];
        }
        let missing = open.iter().enumerate();
        let missing = missing.map(|(k, &row)| (row, rows + cost.len() + k));
        let pattern = entries
            .iter()
            .map(|&(row, column, _)| (row, rows + column))
            .chain(missing)
            .flat_map(|(i, j)| [(i, j), (j, i)])
            .chain((0..n).map(|i| (i, i)));
        let side = |i: usize| {
            if i < rows { Side::Dual } else { Side::Primal }
        };
        let structure = Structure::from_entries(n, pattern)
            .and_then(|s| s.with_stages((0..n).map(|i| u8::from(i >= rows)).collect()))
            .and_then(|s| s.with_sides((0..n).map(side).collect()))
            .ok()?
            .with_symmetry(Symmetry::Skew);
        Some(Self {
            structure,
            lower: vec![0.0; n],
            upper,
            ones: vec![1.0; n],
            asked,
            cost,
            entries,
            open,
            curvature: SMALL[0],
        })
    }

    /// Weights of rows, quantities, and what is missing, of the first curvature whose answer is a proof.
    pub(super) fn prove(&mut self, holds: impl Fn(&Self, &[f64]) -> bool) -> Option<Vec<f64>> {
        let settings = Settings::default();
        for curvature in SMALL {
            self.curvature = curvature;
            let mut workspace = Workspace::new(&self.structure, &settings).ok()?;
            solve_into(self, &settings, &mut workspace, Start::Cold).ok()?;
            if holds(self, workspace.solution()) {
                return Some(workspace.solution().to_vec());
            }
        }
        None
    }
}

impl Programme {
    /// Whether the weights show that what is asked for cannot be delivered.
    fn is_short(&self, most: &[f64], x: &[f64]) -> bool {
        let weight = |row: usize| x[row].max(0.0);
        let mut gains = vec![0.0; self.cost.len()];
        for &(row, column, value) in &self.entries {
            gains[column] += value * weight(row);
        }
        let all: f64 = self.asked.iter().map(|a| a.max(0.0)).sum();
        let delivered: f64 = gains
            .iter()
            .zip(most)
            .map(|(gain, most)| gain.max(0.0) * most.min(ENDLESS * all))
            .sum();
        let wanted: f64 = (self.asked.iter().enumerate())
            .map(|(row, asked)| weight(row) * asked)
            .sum();
        wanted > delivered + MARGIN * all
    }

    /// Whether the quantities gain by growing, and need nothing from outside.
    fn is_endless(&self, x: &[f64]) -> bool {
        let rows = self.asked.len();
        let direction = &x[rows..];
        let mut left = vec![0.0; rows];
        for &(row, column, value) in &self.entries {
            left[row] += value * direction[column].max(0.0);
        }
        let gain: f64 = -(self.cost.iter().zip(direction))
            .map(|(c, v)| c * v.max(0.0))
            .sum::<f64>();
        gain > MARGIN.sqrt() && left.iter().all(|&l| l >= -MARGIN)
    }
}

impl Problem for Programme {
    fn structure(&self) -> &Structure {
        &self.structure
    }

    fn lower(&self) -> &[f64] {
        &self.lower
    }

    fn upper(&self) -> &[f64] {
        &self.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.ones,
            residual: &self.ones,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], mut jacobian: Option<&mut [f64]>) {
        let (rows, columns) = (self.asked.len(), self.cost.len());
        if let Some(values) = jacobian.as_deref_mut() {
            values.fill(0.0);
        }
        let mut put = |i: usize, j: usize, value: f64| {
            if let (Some(values), Some(at)) =
                (jacobian.as_deref_mut(), self.structure.position(i, j))
            {
                values[at] += value;
            }
        };
        for (f, asked) in residual.iter_mut().zip(&self.asked) {
            *f = -asked;
        }
        for i in rows..residual.len() {
            residual[i] = self.curvature * x[i] + self.cost.get(i - rows).copied().unwrap_or(1.0);
            put(i, i, self.curvature);
        }
        let missing = self.open.iter().enumerate();
        let missing = missing.map(|(k, &row)| (row, columns + k, 1.0));
        for (row, column, value) in self.entries.iter().copied().chain(missing) {
            let i = rows + column;
            residual[row] += value * x[i];
            residual[i] -= value * x[row];
            put(row, i, value);
            put(i, row, -value);
        }
    }

    fn start(&self, x: &mut [f64]) {
        x.fill(0.5);
    }

    fn affine(&self) -> bool {
        true
    }
}

/// The linear part of a system: rows of prices and rents, columns of quantities, in units of their scales.
pub(super) struct Linear {
    /// Unknowns whose rows these are, and those whose columns.
    pub(super) rows: Vec<usize>,
    pub(super) columns: Vec<usize>,
    pub(super) entries: Vec<(usize, usize, f64)>,
}

impl Compiled {
    /// Why there is no equilibrium, if it can be proved that there is none.
    pub(super) fn impossible(&self, numbers: &Numbers) -> Option<SolveError> {
        self.short(numbers)
            .or_else(|| self.endless(numbers))
            .or_else(|| self.unsupplied(numbers))
    }

    pub(super) fn linear_part(
        &self,
        numbers: &Numbers,
        rows: impl Fn(usize) -> bool,
        columns: impl Fn(usize) -> bool,
    ) -> Linear {
        let sides = self.structure.sides();
        let n = sides.len();
        let of = |side: Side, keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..n).filter(|&i| sides[i] == side && keep(i)).collect()
        };
        let (rows, columns) = (of(Side::Dual, &rows), of(Side::Primal, &columns));
        let mut place = vec![usize::MAX; n];
        for (k, &j) in columns.iter().enumerate() {
            place[j] = k;
        }
        let starts = self.structure.row_starts();
        let mut entries = Vec::new();
        for (r, &i) in rows.iter().enumerate() {
            for k in starts[i]..starts[i + 1] {
                let j = self.structure.columns()[k];
                let value = numbers.jacobian[k] * numbers.variable[j] / numbers.residual[i];
                if place[j] != usize::MAX && value != 0.0 {
                    entries.push((r, place[j], value));
                }
            }
        }
        Linear {
            rows,
            columns,
            entries,
        }
    }

    /// Whether a row is linear in quantities but for demand that falls with the row's own price, and its unknown has no
    /// upper bound, so that the row is never below zero.
    pub(super) fn is_a_balance(&self, numbers: &Numbers, i: usize) -> bool {
        let linear = self.terms.iter().filter(|t| t.row == i).all(|term| {
            let of_own = |&(c, _): &(u32, u32)| self.curves[c as usize].of == i;
            term.unknowns.is_empty()
                && term.blocks.is_empty()
                && term.curves.iter().all(of_own)
                && numbers.coefficients[term.coefficient] <= 0.0
        });
        let starts = self.structure.row_starts();
        let sides = self.structure.sides();
        let of_quantities = (starts[i]..starts[i + 1]).all(|k| {
            let j = self.structure.columns()[k];
            sides[j] == Side::Primal || numbers.jacobian[k] == 0.0
        });
        linear && of_quantities && numbers.upper[i] == f64::INFINITY
    }

    /// Quantities that are asked for whatever the price, and cannot be delivered.
    fn short(&self, numbers: &Numbers) -> Option<SolveError> {
        let linear = self.linear_part(
            numbers,
            |i| self.is_a_balance(numbers, i),
            |j| numbers.lower[j].is_finite(),
        );
        let scaled = |values: &[f64], j: usize| values[j] / numbers.variable[j];
        let mut asked: Vec<f64> = linear
            .rows
            .iter()
            .map(|&i| -numbers.constants[i] / numbers.residual[i])
            .collect();
        for &(row, column, value) in &linear.entries {
            asked[row] -= value * scaled(&numbers.lower, linear.columns[column]);
        }
        let most: Vec<f64> = linear
            .columns
            .iter()
            .map(|&j| scaled(&numbers.upper, j) - scaled(&numbers.lower, j))
            .collect();
        if !asked.iter().any(|&a| a > 0.0) {
            return None;
        }
        let columns = linear.columns.len();
        let entries = linear.entries.clone();
        let mut programme = Programme::new(asked, vec![0.0; columns], &most, entries)?;
        let x = programme.prove(|programme, x| programme.is_short(&most, x))?;
        self.name_shortfall(numbers, &linear, &programme, &x)
    }

    /// Says which demand falls short, or which measure asks for too much.
    fn name_shortfall(
        &self,
        numbers: &Numbers,
        linear: &Linear,
        programme: &Programme,
        x: &[f64],
    ) -> Option<SolveError> {
        let missing = &x[linear.rows.len() + linear.columns.len()..];
        let of_row = |row: usize| {
            let i = linear.rows[row];
            let nodes = &self.assembly().nodes;
            nodes.iter().find(|node| node.price.index() == i)
        };
        let found: Vec<_> = programme
            .open
            .iter()
            .zip(missing)
            .filter(|&(&row, &missing)| missing > MARGIN * programme.asked[row])
            .map(|(&row, &missing)| {
                let size = numbers.residual[linear.rows[row]];
                (row, programme.asked[row] * size, missing * size)
            })
            .collect();
        let short: Vec<_> = found
            .iter()
            .filter_map(|&(row, asked, missing)| Some((of_row(row)?, asked, missing)))
            .collect();
        let Some(worst) = short
            .iter()
            .max_by(|a, b| (a.2 / a.1).total_cmp(&(b.2 / b.1)))
        else {
            let &(row, asked, missing) = found.first()?;
            let unknown = self.assembly().unknowns.get(linear.rows[row])?;
            return Some(SolveError::Unattainable {
                place: unknown.name.clone(),
                asked,
                most: asked - missing,
            });
        };
        let commodity = &worst.0.commodity;
        let of_it = || short.iter().filter(|s| s.0.commodity == *commodity);
        let demand: f64 = of_it().map(|s| s.1).sum();
        let short_by: f64 = of_it().map(|s| s.2).sum();
        Some(SolveError::Shortfall {
            regions: of_it()
                .map(|s| s.0.region.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            commodity: commodity.clone(),
            demand,
            capacity: demand - short_by,
        })
    }

    /// Quantities that gain by growing without limit at every price.
    fn endless(&self, numbers: &Numbers) -> Option<SolveError> {
        if self.class != super::Class::Integrable {
            return None;
        }
        let flat = |j: usize| {
            let own = self.structure.position(j, j);
            numbers.upper[j] == f64::INFINITY
                && own.is_none_or(|k| numbers.jacobian[k] == 0.0)
                && self.terms.iter().all(|t| t.row != j)
        };
        let linear = self.linear_part(numbers, |_| true, flat);
        // money, in units of the largest trade
        let money = |j: &usize| numbers.residual[*j] * numbers.variable[*j];
        let largest = linear.columns.iter().map(money).fold(0.0, f64::max);
        let cost: Vec<f64> = linear
            .columns
            .iter()
            .map(|&j| numbers.constants[j] * numbers.variable[j] / largest)
            .collect();
        if !cost.iter().any(|&c| c < 0.0) {
            return None;
        }
        let asked = vec![0.0; linear.rows.len()];
        let most = vec![1.0; cost.len()];
        let mut programme = Programme::new(asked, cost, &most, linear.entries)?;
        let x = programme.prove(Programme::is_endless)?;
        let direction = &x[linear.rows.len()..];
        let gains = |k: &usize| -programme.cost[*k] * direction[*k];
        let most = (0..direction.len().min(programme.cost.len()))
            .max_by(|a, b| gains(a).total_cmp(&gains(b)))?;
        let unknown = self.assembly().unknowns.get(linear.columns[most])?;
        Some(SolveError::Endless {
            place: unknown.name.clone(),
        })
    }
}
