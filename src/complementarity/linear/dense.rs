//! Dense LU with partial pivoting over the unknowns that are not held.
//!
//! Written out rather than taken from a library: at two to six unknowns, where millions of solves run, a
//! factorisation takes some tens of nanoseconds, which is less than a library call spends on checking
//! shapes and finding its kernel, and a library's matrix would have to be resized with the active set.

use super::{Backend, Breakdown, Factorisation, Quality, System};

/// With rows and columns scaled, a pivot below this is a zero that rounding disturbed.
const TINY_PIVOT: f64 = 1e-13;
/// The proximal term that makes a singular matrix regular, with rows and columns scaled.
const PROXIMAL: f64 = 1e-8;

#[derive(Debug, Clone)]
pub(in crate::complementarity) struct Dense {
    /// Row-major, `free.len()` squared entries in use. Rows are divided by their size, so that pivoting
    /// compares like with like.
    lu: Vec<f64>,
    /// The unknowns in the matrix.
    free: Vec<usize>,
    /// Where each unknown stands in `free`; `usize::MAX` where it is held.
    place: Vec<usize>,
    /// Row that was swapped with each row.
    swaps: Vec<usize>,
    row_scale: Vec<f64>,
    packed: Vec<f64>,
}

impl Dense {
    pub fn new(dimension: usize) -> Self {
        Self {
            lu: vec![0.0; dimension * dimension],
            free: Vec::with_capacity(dimension),
            place: vec![usize::MAX; dimension],
            swaps: vec![0; dimension],
            row_scale: vec![1.0; dimension],
            packed: vec![0.0; dimension],
        }
    }

    fn assemble(&mut self, system: &System<'_>, proximal: f64) {
        self.free.clear();
        for (i, (place, &shift)) in self.place.iter_mut().zip(system.shift).enumerate() {
            if shift < f64::INFINITY {
                *place = self.free.len();
                self.free.push(i);
            } else {
                *place = usize::MAX;
            }
        }
        let m = self.free.len();
        let starts = system.structure.row_starts();
        let columns = system.structure.columns();
        self.lu[..m * m].fill(0.0);
        for (r, &i) in self.free.iter().enumerate() {
            let row = &mut self.lu[r * m..(r + 1) * m];
            for k in starts[i]..starts[i + 1] {
                let c = self.place[columns[k]];
                if c < m {
                    row[c] = system.jacobian[k];
                }
            }
            row[r] += system.shift[i];
            let scale = system.row_scale[i];
            for entry in row.iter_mut() {
                *entry *= scale;
            }
            row[r] += proximal / system.variable[i];
            self.row_scale[r] = scale;
        }
    }

    fn eliminate(&mut self, variable: &[f64]) -> Result<(), Breakdown> {
        let m = self.free.len();
        let lu = &mut self.lu[..m * m];
        for k in 0..m {
            let mut pivot_row = k;
            let mut largest = 0.0;
            for r in k..m {
                let size = lu[r * m + k].abs();
                if size > largest {
                    largest = size;
                    pivot_row = r;
                }
            }
            let i = self.free[k];
            // written so that NaN counts as a breakdown
            let usable = largest * variable[i] > TINY_PIVOT && largest < f64::INFINITY;
            if !usable {
                return Err(Breakdown(i));
            }
            self.swaps[k] = pivot_row;
            if pivot_row != k {
                for c in 0..m {
                    lu.swap(k * m + c, pivot_row * m + c);
                }
            }
            let inverse = 1.0 / lu[k * m + k];
            let (above, below) = lu.split_at_mut((k + 1) * m);
            let top = &above[k * m + k + 1..];
            for row in below.chunks_exact_mut(m) {
                let factor = row[k] * inverse;
                row[k] = factor;
                if factor != 0.0 {
                    for (entry, &of_top) in row[k + 1..].iter_mut().zip(top) {
                        *entry -= factor * of_top;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Backend for Dense {
    fn factor(&mut self, system: &System<'_>) -> Result<Quality, Breakdown> {
        self.assemble(system, 0.0);
        if self.eliminate(system.variable).is_ok() {
            return Ok(Quality::Exact);
        }
        self.assemble(system, PROXIMAL);
        self.eliminate(system.variable)
            .map(|()| Quality::Approximate)
    }

    fn solve(&mut self, rhs: &mut [f64]) {
        let m = self.free.len();
        let lu = &self.lu[..m * m];
        let y = &mut self.packed[..m];
        for ((y, &i), &scale) in y.iter_mut().zip(&self.free).zip(&self.row_scale) {
            *y = rhs[i] * scale;
        }
        for k in 0..m {
            y.swap(k, self.swaps[k]);
        }
        for r in 1..m {
            let mut sum = y[r];
            for (c, &entry) in lu[r * m..r * m + r].iter().enumerate() {
                sum -= entry * y[c];
            }
            y[r] = sum;
        }
        for r in (0..m).rev() {
            let mut sum = y[r];
            for c in r + 1..m {
                sum -= lu[r * m + c] * y[c];
            }
            y[r] = sum / lu[r * m + r];
        }
        rhs.fill(0.0);
        for (&y, &i) in y.iter().zip(&self.free) {
            rhs[i] = y;
        }
    }

    fn solve_transpose(&mut self, rhs: &mut [f64]) {
        let m = self.free.len();
        let lu = &self.lu[..m * m];
        let y = &mut self.packed[..m];
        for (y, &i) in y.iter_mut().zip(&self.free) {
            *y = rhs[i];
        }
        for r in 0..m {
            let value = y[r] / lu[r * m + r];
            y[r] = value;
            for c in r + 1..m {
                y[c] -= lu[r * m + c] * value;
            }
        }
        for r in (1..m).rev() {
            let value = y[r];
            for c in 0..r {
                y[c] -= lu[r * m + c] * value;
            }
        }
        for k in (0..m).rev() {
            y.swap(k, self.swaps[k]);
        }
        rhs.fill(0.0);
        for ((&y, &i), &scale) in y.iter().zip(&self.free).zip(&self.row_scale) {
            rhs[i] = y * scale;
        }
    }

    fn describe(&self) -> Factorisation {
        Factorisation::Dense
    }
}
