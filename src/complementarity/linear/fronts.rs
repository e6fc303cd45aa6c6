//! Numerical factorisation by fronts, for symmetric positive definite matrices (`L L'`) and for
//! nonsymmetric ones on a symmetric pattern without pivoting (`L U`, of which `L` and `U'` are kept in the
//! same form, so that both cases run the same code).
//!
//! I. S. Duff and J. K. Reid, ACM Trans. Math. Softw. 9 (1983). A pivot that has vanished is replaced by a
//! huge one: the unknown then stays where it is, which is a solution when the system is consistent.

use super::kernels::{Block, axpy, dot, lower_update};
use super::symbolic::{NONE, Symbolic};
use super::wide;

/// A pivot below this share of what the diagonal was before the elimination is rounding.
const TINY_PIVOT: f64 = 1e-14;
/// What such a pivot is replaced by.
const HUGE_PIVOT: f64 = 1e100;
/// Columns that are factorised before the rest of a panel is updated.
const PANEL: usize = 24;

#[derive(Debug, Clone)]
pub(super) struct Fronts {
    pub symbolic: Symbolic,
    symmetric: bool,
    /// The matrix, by the numbers of its entries: those at and below the diagonal (of the two unknowns the
    /// column's goes first), and, if it is not symmetric, those above it by their mirror images.
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    /// Lower panels, then, if not symmetric, the transposed upper ones.
    values: Vec<f64>,
    /// One over the pivots (over their roots, if symmetric), in the order of elimination.
    pivots: Vec<f64>,
    reference: Vec<f64>,
    stack: Vec<f64>,
    waiting: Vec<(u32, usize)>,
    packed: Vec<f64>,
    below: Vec<f64>,
}

/// Update matrices of a front: lower and, if not symmetric, transposed upper, one after the other.
#[derive(Clone, Copy)]
struct Shape {
    own: usize,
    below: usize,
}

impl Shape {
    fn stride(self) -> usize {
        self.own + self.below
    }
}

impl Fronts {
    pub fn new(symbolic: Symbolic, symmetric: bool) -> Self {
        let copies = if symmetric { 1 } else { 2 };
        let n = symbolic.order.len();
        let entries = symbolic.entry_rows.len();
        Self {
            lower: vec![0.0; entries],
            upper: vec![0.0; if symmetric { 0 } else { entries }],
            values: vec![0.0; copies * symbolic.panel_length()],
            pivots: vec![0.0; n],
            reference: vec![0.0; n],
            stack: vec![0.0; copies * symbolic.stack],
            waiting: Vec::with_capacity(symbolic.supernodes()),
            packed: vec![0.0; n],
            below: vec![0.0; n],
            symbolic,
            symmetric,
        }
    }

    /// Factorises what stands in `lower` and `upper`; the number of pivots that had to be replaced.
    pub fn factor(&mut self) -> usize {
        wide(
            #[inline(always)]
            || self.factor_wide(),
        )
    }

    #[inline(always)]
    fn factor_wide(&mut self) -> usize {
        let mut replaced = 0;
        for (reference, &at) in self.reference.iter_mut().zip(&self.symbolic.entry_starts) {
            *reference = self.lower[at as usize].abs();
        }
        self.waiting.clear();
        let mut top = 0;
        for s in 0..self.symbolic.supernodes() {
            top = self.front(s, top, &mut replaced);
        }
        replaced
    }

    /// Assembles and eliminates one supernode; the new height of the stack.
    #[inline(always)]
    fn front(&mut self, s: usize, top: usize, replaced: &mut usize) -> usize {
        let symbolic = &self.symbolic;
        let own = (symbolic.first[s + 1] - symbolic.first[s]) as usize;
        let below = (symbolic.row_starts[s + 1] - symbolic.row_starts[s]) as usize;
        let shape = Shape { own, below };
        let copies = if self.symmetric { 1 } else { 2 };
        let size = below * below;
        let half = symbolic.panel_length();
        let panel = symbolic.panel_starts[s]..symbolic.panel_starts[s + 1];
        let (lower_half, upper_half) = self.values.split_at_mut(half);
        let lower = &mut lower_half[panel.clone()];
        let upper = if self.symmetric {
            &mut []
        } else {
            &mut upper_half[panel]
        };
        let entries = symbolic.entry_starts[symbolic.first[s] as usize] as usize
            ..symbolic.entry_starts[symbolic.first[s + 1] as usize] as usize;
        let places = &symbolic.entry_places[entries.clone()];
        lower.fill(0.0);
        for (&at, &value) in places.iter().zip(&self.lower[entries.clone()]) {
            lower[at as usize] = value;
        }
        if !self.symmetric {
            upper.fill(0.0);
            for (&at, &value) in places.iter().zip(&self.upper[entries]) {
                upper[at as usize] = value;
            }
        }
        let (waiting, rest) = self.stack.split_at_mut(top);
        let update = &mut rest[..copies * size];
        update.fill(0.0);
        let mut base = top;
        while let Some(&(child, child_base)) = self.waiting.last() {
            let child = child as usize;
            if symbolic.parent[child] as usize != s {
                break;
            }
            self.waiting.pop();
            let rows = symbolic.row_starts[child] as usize..symbolic.row_starts[child + 1] as usize;
            let relative = &symbolic.relative[rows];
            let child_size = relative.len() * relative.len();
            let from = &waiting[child_base..];
            extend(
                &from[..child_size],
                relative,
                shape,
                lower,
                &mut update[..size],
            );
            if !self.symmetric {
                extend(
                    &from[child_size..2 * child_size],
                    relative,
                    shape,
                    upper,
                    &mut update[size..],
                );
            }
            base = child_base;
        }
        let columns = symbolic.first[s] as usize..symbolic.first[s + 1] as usize;
        let pivots = &mut self.pivots[columns.clone()];
        let reference = &self.reference[columns];
        if self.symmetric {
            *replaced += cholesky(lower, shape, pivots, reference);
            let (a, stride) = (&lower[own.min(lower.len())..], shape.stride());
            let a = Block { values: a, stride };
            lower_update(update, below, below, below, a, a, own);
        } else {
            *replaced += lu(lower, upper, shape, pivots, reference);
            let stride = shape.stride();
            let (a, b) = (
                &lower[own.min(lower.len())..],
                &upper[own.min(upper.len())..],
            );
            let (a, b) = (Block { values: a, stride }, Block { values: b, stride });
            let (of_lower, of_upper) = update.split_at_mut(size);
            lower_update(of_lower, below, below, below, a, b, own);
            lower_update(of_upper, below, below, below, b, a, own);
        }
        if symbolic.parent[s] == NONE {
            return base;
        }
        self.stack.copy_within(top..top + copies * size, base);
        self.waiting.push((s as u32, base));
        base + copies * size
    }

    /// Solves in place, in graph numbering.
    pub fn solve(&mut self, rhs: &mut [f64]) {
        wide(
            #[inline(always)]
            || self.solve_wide(rhs),
        );
    }

    #[inline(always)]
    fn solve_wide(&mut self, rhs: &mut [f64]) {
        self.pack(rhs);
        let half = self.symbolic.panel_length();
        let (lower, upper) = self.values.split_at(half);
        let (x, t) = (&mut self.packed, &mut self.below);
        if self.symmetric {
            forward(&self.symbolic, lower, Some(&self.pivots), x, t);
            backward(&self.symbolic, lower, Some(&self.pivots), x, t);
        } else {
            forward(&self.symbolic, lower, None, x, t);
            backward(&self.symbolic, upper, Some(&self.pivots), x, t);
        }
        self.unpack(rhs);
    }

    /// Solves with the transpose in place, in graph numbering.
    pub fn solve_transpose(&mut self, rhs: &mut [f64]) {
        if self.symmetric {
            self.solve(rhs);
            return;
        }
        self.pack(rhs);
        let half = self.symbolic.panel_length();
        let (lower, upper) = self.values.split_at(half);
        let (x, t) = (&mut self.packed, &mut self.below);
        forward(&self.symbolic, upper, Some(&self.pivots), x, t);
        backward(&self.symbolic, lower, None, x, t);
        self.unpack(rhs);
    }

    /// Numbers that a factorisation keeps.
    pub fn kept_numbers(&self) -> usize {
        self.values.len()
    }

    fn pack(&mut self, rhs: &[f64]) {
        for (x, &i) in self.packed.iter_mut().zip(&self.symbolic.order) {
            *x = rhs[i as usize];
        }
    }

    fn unpack(&self, rhs: &mut [f64]) {
        for (&x, &i) in self.packed.iter().zip(&self.symbolic.order) {
            rhs[i as usize] = x;
        }
    }
}

/// Adds a child's update matrix to a front.
#[inline(always)]
fn extend(from: &[f64], relative: &[u32], shape: Shape, panel: &mut [f64], update: &mut [f64]) {
    let (own, stride) = (shape.own, shape.stride());
    let n = relative.len();
    for (j, column) in from.chunks_exact(n.max(1)).enumerate() {
        let to = relative[j] as usize;
        let (column, relative) = (&column[j..n], &relative[j..n]);
        if to < own {
            let target = &mut panel[to * stride..(to + 1) * stride];
            for (&value, &i) in column.iter().zip(relative) {
                target[i as usize] += value;
            }
        } else {
            let target = &mut update[(to - own) * shape.below..(to - own + 1) * shape.below];
            for (&value, &i) in column.iter().zip(relative) {
                target[i as usize - own] += value;
            }
        }
    }
}

/// Factorises the own columns of a symmetric front.
#[inline(always)]
fn cholesky(panel: &mut [f64], shape: Shape, pivots: &mut [f64], reference: &[f64]) -> usize {
    let stride = shape.stride();
    let mut replaced = 0;
    let mut begin = 0;
    while begin < shape.own {
        let end = (begin + PANEL).min(shape.own);
        for p in begin..end {
            let (before, from) = panel.split_at_mut(p * stride);
            let column = &mut from[p..stride];
            for q in begin..p {
                let other = &before[q * stride + p..(q + 1) * stride];
                axpy(column, other[0], other);
            }
            let mut pivot = column[0];
            // a pivot that is not a number must not pass either
            let sound = pivot > TINY_PIVOT * reference[p];
            if !sound {
                pivot = HUGE_PIVOT;
                replaced += 1;
            }
            let inverse = 1.0 / pivot.sqrt();
            pivots[p] = inverse;
            for entry in column.iter_mut() {
                *entry *= inverse;
            }
        }
        if end < shape.own {
            let (done, rest) = panel.split_at_mut(end * stride);
            let block = Block {
                values: &done[begin * stride + end..],
                stride,
            };
            lower_update(
                &mut rest[end..],
                stride,
                stride - end,
                shape.own - end,
                block,
                block,
                end - begin,
            );
        }
        begin = end;
    }
    replaced
}

/// Factorises the own columns of a nonsymmetric front: `lower` becomes the unit lower factor, `upper` the
/// transpose of the upper one.
#[inline(always)]
fn lu(
    lower: &mut [f64],
    upper: &mut [f64],
    shape: Shape,
    pivots: &mut [f64],
    reference: &[f64],
) -> usize {
    let stride = shape.stride();
    let mut replaced = 0;
    let mut begin = 0;
    while begin < shape.own {
        let end = (begin + PANEL).min(shape.own);
        for p in begin..end {
            let (lower_before, lower_from) = lower.split_at_mut(p * stride);
            let (upper_before, upper_from) = upper.split_at_mut(p * stride);
            let of_lower = &mut lower_from[p..stride];
            let of_upper = &mut upper_from[p..stride];
            for q in begin..p {
                let range = q * stride + p..(q + 1) * stride;
                let (l, u) = (&lower_before[range.clone()], &upper_before[range]);
                axpy(of_lower, u[0], l);
                axpy(of_upper, l[0], u);
            }
            // the pivot is kept once, with the lower part's updates
            let mut pivot = of_lower[0];
            let sound = pivot.abs() > TINY_PIVOT * reference[p];
            if !sound {
                pivot = HUGE_PIVOT;
                replaced += 1;
            }
            let inverse = 1.0 / pivot;
            pivots[p] = inverse;
            for entry in of_lower.iter_mut() {
                *entry *= inverse;
            }
        }
        if end < shape.own {
            let (lower_done, lower_rest) = lower.split_at_mut(end * stride);
            let (upper_done, upper_rest) = upper.split_at_mut(end * stride);
            let from = begin * stride + end;
            let l = Block {
                values: &lower_done[from..],
                stride,
            };
            let u = Block {
                values: &upper_done[from..],
                stride,
            };
            let (rows, columns) = (stride - end, shape.own - end);
            lower_update(
                &mut lower_rest[end..],
                stride,
                rows,
                columns,
                l,
                u,
                end - begin,
            );
            lower_update(
                &mut upper_rest[end..],
                stride,
                rows,
                columns,
                u,
                l,
                end - begin,
            );
        }
        begin = end;
    }
    replaced
}

/// `x` becomes the solution of a lower triangular system; with `pivots` the diagonal is one over them, else
/// ones.
#[inline(always)]
fn forward(
    symbolic: &Symbolic,
    values: &[f64],
    pivots: Option<&[f64]>,
    x: &mut [f64],
    scratch: &mut [f64],
) {
    for s in 0..symbolic.supernodes() {
        let (begin, end) = (symbolic.first[s] as usize, symbolic.first[s + 1] as usize);
        let rows =
            &symbolic.rows[symbolic.row_starts[s] as usize..symbolic.row_starts[s + 1] as usize];
        let own = end - begin;
        let stride = own + rows.len();
        let panel = &values[symbolic.panel_starts[s]..symbolic.panel_starts[s + 1]];
        let below = &mut scratch[..rows.len()];
        below.fill(0.0);
        for (p, column) in panel.chunks_exact(stride).enumerate() {
            let (_, after) = x.split_at_mut(begin + p);
            let Some((first, after)) = after.split_first_mut() else {
                continue;
            };
            if let Some(pivots) = pivots {
                *first *= pivots[begin + p];
            }
            axpy(&mut after[..own - p - 1], *first, &column[p + 1..own]);
            axpy(below, *first, &column[own..]);
        }
        for (&row, &value) in rows.iter().zip(below.iter()) {
            x[row as usize] += value;
        }
    }
}

/// `x` becomes the solution of the transposed lower triangular system.
#[inline(always)]
fn backward(
    symbolic: &Symbolic,
    values: &[f64],
    pivots: Option<&[f64]>,
    x: &mut [f64],
    scratch: &mut [f64],
) {
    for s in (0..symbolic.supernodes()).rev() {
        let (begin, end) = (symbolic.first[s] as usize, symbolic.first[s + 1] as usize);
        let rows =
            &symbolic.rows[symbolic.row_starts[s] as usize..symbolic.row_starts[s + 1] as usize];
        let own = end - begin;
        let stride = own + rows.len();
        let panel = &values[symbolic.panel_starts[s]..symbolic.panel_starts[s + 1]];
        let below = &mut scratch[..rows.len()];
        for (value, &row) in below.iter_mut().zip(rows) {
            *value = x[row as usize];
        }
        for p in (0..own).rev() {
            let column = &panel[p * stride..(p + 1) * stride];
            let (_, after) = x.split_at_mut(begin + p);
            let Some((first, after)) = after.split_first_mut() else {
                continue;
            };
            let sum = dot(&column[p + 1..own], &after[..own - p - 1]) + dot(&column[own..], below);
            *first -= sum;
            if let Some(pivots) = pivots {
                *first *= pivots[begin + p];
            }
        }
    }
}
