//! The exponential without a branch, so that it runs on whole vectors.

/// Largest magnitude of the argument of [`exp`]: the result and 2^n stay normal numbers.
pub(super) const EXP_RANGE: f64 = 700.0;

/// e^x for |x| <= [`EXP_RANGE`], within 1 unit in the last place of the true value (tested against `f64::exp`).
///
/// x = n ln 2 + r with |r| <= ln 2 / 2; the series of e^r to degree 13 has a remainder below 2^-57. Only
/// plain additions and products are used, so that vectors of any width give the same bits as one number.
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    // Adding 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    // ln 2 in two parts: the high one has 32 trailing zero bits, so n * LN2_HIGH is exact.
    const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
    let shifted = x * std::f64::consts::LOG2_E + SHIFT;
    let n = shifted - SHIFT;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    // Two halves of the series shorten the chain of dependent operations.
    let r2 = r * r;
    let even = C2 + r2 * (C4 + r2 * (C6 + r2 * (C8 + r2 * (C10 + r2 * C12))));
    let odd = C3 + r2 * (C5 + r2 * (C7 + r2 * (C9 + r2 * (C11 + r2 * C13))));
    let series = 1.0 + (r + r2 * (even + r * odd));
    f64::from_bits(series.to_bits().wrapping_add(shifted.to_bits() << 52))
}

const C2: f64 = 1.0 / 2.0;
const C3: f64 = 1.0 / 6.0;
const C4: f64 = 1.0 / 24.0;
const C5: f64 = 1.0 / 120.0;
const C6: f64 = 1.0 / 720.0;
const C7: f64 = 1.0 / 5_040.0;
const C8: f64 = 1.0 / 40_320.0;
const C9: f64 = 1.0 / 362_880.0;
const C10: f64 = 1.0 / 3_628_800.0;
const C11: f64 = 1.0 / 39_916_800.0;
const C12: f64 = 1.0 / 479_001_600.0;
const C13: f64 = 1.0 / 6_227_020_800.0;
