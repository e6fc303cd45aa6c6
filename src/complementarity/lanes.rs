//! Vectors in blocks of eight, so that loops with sums and maxima vectorise: each of the eight lanes has a
//! sum of its own, in an order that does not depend on the machine.

/// Entries in a block.
pub(super) const LANES: usize = 8;

/// One block.
pub(super) type Block = [f64; LANES];

/// The length to which vectors over unknowns are padded, with entries that change nothing.
pub(super) fn padded(n: usize) -> usize {
    n.div_ceil(LANES) * LANES
}

/// A padded vector.
pub(super) fn vector(n: usize, value: f64) -> Vec<f64> {
    vec![value; padded(n)]
}

#[inline(always)]
pub(super) fn blocks(values: &[f64]) -> &[Block] {
    values.as_chunks().0
}

#[inline(always)]
pub(super) fn blocks_mut(values: &mut [f64]) -> &mut [Block] {
    values.as_chunks_mut().0
}

#[inline(always)]
pub(super) fn sum(lanes: Block) -> f64 {
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
        + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

#[inline(always)]
pub(super) fn largest(lanes: Block) -> f64 {
    lanes.into_iter().fold(lanes[0], most)
}

#[inline(always)]
pub(super) fn smallest(lanes: Block) -> f64 {
    lanes.into_iter().fold(lanes[0], least)
}

/// The larger of two numbers, in the form that vectorises; a NaN on the right is passed over.
#[inline(always)]
pub(super) fn most(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// The smaller of two numbers.
#[inline(always)]
pub(super) fn least(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}
