//! Powers of two without a branch, so that they run on whole vectors.

/// Largest magnitude of the argument of [`exp2`]: beyond it the result would not be a normal number.
pub(super) const EXP2_RANGE: f64 = 1000.0;

/// 2^x for |x| <= [`EXP2_RANGE`], within 1 unit in the last place of the true value (tested against `f64::exp2`).
///
/// x = n + f with |f| <= 1/2; 2^f by the polynomial of degree 11 with the least relative error among those with
/// value 1 at 0 (found by Remez exchange in 50 digits; error 1.8e-17). Only plain additions and products are used,
/// so that vectors of any width give the same bits as one number.
#[inline(always)]
pub(crate) fn exp2(x: f64) -> f64 {
    // Adding 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let shifted = x + SHIFT;
    let f = x - (shifted - SHIFT);
    let f2 = f * f;
    // Two halves of the polynomial shorten the chain of dependent operations.
    let even = C2 + f2 * (C4 + f2 * (C6 + f2 * (C8 + f2 * C10)));
    let odd = C3 + f2 * (C5 + f2 * (C7 + f2 * (C9 + f2 * C11)));
    let power = 1.0 + (C1 * f + f2 * (even + f * odd));
    f64::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 52))
}

const C1: f64 = 0.693_147_180_559_945_7;
const C2: f64 = 0.240_226_506_959_100_97;
const C3: f64 = 0.055_504_108_664_790_39;
const C4: f64 = 0.009_618_129_107_607_003;
const C5: f64 = 0.001_333_355_815_343_996_6;
const C6: f64 = 0.000_154_035_304_415_721_3;
const C7: f64 = 1.525_272_738_519_386_8e-5;
const C8: f64 = 1.321_544_267_532_982_3e-6;
const C9: f64 = 1.018_064_765_923_413_9e-7;
const C10: f64 = 7.072_570_412_814_423e-9;
const C11: f64 = 4.078_071_929_588_337e-10;
