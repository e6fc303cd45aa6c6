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

/// The geometric mean of positive numbers; 1 of none. Exponents are added up and mantissas multiplied, so that one
/// logarithm serves many numbers.
pub(super) fn geometric_mean(values: &[f64]) -> f64 {
    /// As many mantissas below 2 have a product that is a number.
    const AT_ONCE: usize = 512;
    const MANTISSA: u64 = (1 << 52) - 1;
    const ONE: u64 = 1023 << 52;
    let mut logarithms = 0.0;
    for part in values.chunks(AT_ONCE) {
        let (mut exponents, mut mantissas) = (0i64, 1.0);
        for value in part {
            // a number below the normal ones has no leading one
            let bits = value.max(f64::MIN_POSITIVE).to_bits();
            exponents += (bits >> 52) as i64 - 1023;
            mantissas *= f64::from_bits(bits & MANTISSA | ONE);
        }
        logarithms += exponents as f64 * std::f64::consts::LN_2 + f64::ln(mantissas);
    }
    (logarithms / values.len().max(1) as f64).exp()
}

#[cfg(test)]
mod tests {
    use super::geometric_mean;

    #[test]
    fn geometric_means_by_hand() {
        assert!((geometric_mean(&[2.0, 8.0]) - 4.0).abs() < 1e-14);
        assert!((geometric_mean(&[1e-300, 1e300, 27.0]) - 3.0).abs() < 1e-12);
        assert!((geometric_mean(&[1.9; 5000]) - 1.9).abs() < 1e-12);
        assert_eq!(geometric_mean(&[]), 1.0);
    }
}
