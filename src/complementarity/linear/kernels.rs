//! Dense kernels of the supernodal factorisation: column-major, written so that they vectorise. Fused
//! multiply-add is left to the library that multiplies large blocks.

/// Rows and columns of a register tile.
const TILE_ROWS: usize = 8;
const TILE_COLUMNS: usize = 4;
/// Multiplications from which a call to the library's blocked product pays.
#[cfg(feature = "sparse")]
const LARGE: usize = 48 * 48 * 24;

/// A column-major block: `values[i + j * stride]`.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub values: &'a [f64],
    pub stride: usize,
}

/// The lower part of `target -= a b'`, for `rows` by `columns` of a target of which only entries at or below
/// the diagonal count (others may be overwritten), with `depth` columns in `a` and `b`.
#[inline(always)]
pub(super) fn lower_update(
    target: &mut [f64],
    stride: usize,
    rows: usize,
    columns: usize,
    a: Block<'_>,
    b: Block<'_>,
    depth: usize,
) {
    if depth == 0 || columns == 0 || rows == 0 {
        return;
    }
    #[cfg(feature = "sparse")]
    if rows * columns * depth >= LARGE {
        library_update(target, stride, rows, columns, a, b, depth);
        return;
    }
    let mut j = 0;
    while j + TILE_COLUMNS <= columns {
        let mut i = j;
        while i + TILE_ROWS <= rows {
            tile::<TILE_ROWS, TILE_COLUMNS>(target, stride, i, j, a, b, depth);
            i += TILE_ROWS;
        }
        while i + 2 <= rows {
            tile::<2, TILE_COLUMNS>(target, stride, i, j, a, b, depth);
            i += 2;
        }
        while i < rows {
            tile::<1, TILE_COLUMNS>(target, stride, i, j, a, b, depth);
            i += 1;
        }
        j += TILE_COLUMNS;
    }
    while j < columns {
        let mut i = j;
        while i + TILE_ROWS <= rows {
            tile::<TILE_ROWS, 1>(target, stride, i, j, a, b, depth);
            i += TILE_ROWS;
        }
        while i < rows {
            tile::<1, 1>(target, stride, i, j, a, b, depth);
            i += 1;
        }
        j += 1;
    }
}

/// One register tile of the update.
#[inline(always)]
fn tile<const R: usize, const C: usize>(
    target: &mut [f64],
    stride: usize,
    i: usize,
    j: usize,
    a: Block<'_>,
    b: Block<'_>,
    depth: usize,
) {
    let mut sums = [[0.0; R]; C];
    let of_a = a.values[i..].chunks(a.stride);
    let of_b = b.values[j..].chunks(b.stride);
    for (a, b) in of_a.zip(of_b).take(depth) {
        if let (Some(a), Some(b)) = (a.first_chunk::<R>(), b.first_chunk::<C>()) {
            for c in 0..C {
                for r in 0..R {
                    sums[c][r] += a[r] * b[c];
                }
            }
        }
    }
    for (c, sums) in sums.iter().enumerate() {
        let at = (j + c) * stride + i;
        for (entry, &sum) in target[at..at + R].iter_mut().zip(sums) {
            *entry -= sum;
        }
    }
}

#[cfg(feature = "sparse")]
fn library_update(
    target: &mut [f64],
    stride: usize,
    rows: usize,
    columns: usize,
    a: Block<'_>,
    b: Block<'_>,
    depth: usize,
) {
    use faer::linalg::matmul::{matmul, triangular};
    use faer::{Accum, MatMut, MatRef, Par};
    let a = MatRef::from_column_major_slice_with_stride(a.values, rows, depth, a.stride);
    let b = MatRef::from_column_major_slice_with_stride(b.values, columns, depth, b.stride);
    let target = MatMut::from_column_major_slice_with_stride_mut(target, rows, columns, stride);
    let (top, bottom) = target.split_at_row_mut(columns);
    let (a_top, a_bottom) = a.split_at_row(columns);
    triangular::matmul(
        top,
        triangular::BlockStructure::TriangularLower,
        Accum::Add,
        a_top,
        triangular::BlockStructure::Rectangular,
        b.transpose(),
        triangular::BlockStructure::Rectangular,
        -1.0,
        Par::Seq,
    );
    if rows > columns {
        matmul(bottom, Accum::Add, a_bottom, b.transpose(), -1.0, Par::Seq);
    }
}

/// `sum_i a_i b_i` in eight interleaved sums, an order that does not depend on the machine.
#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (of_a, of_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let mut rest = 0.0;
    for (&a, &b) in of_a.remainder().iter().zip(of_b.remainder()) {
        rest += a * b;
    }
    for (a, b) in of_a.zip(of_b) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])) + rest
}

/// `y -= a x`
#[inline(always)]
pub(super) fn axpy(y: &mut [f64], x: f64, a: &[f64]) {
    for (y, &a) in y.iter_mut().zip(a) {
        *y -= a * x;
    }
}
