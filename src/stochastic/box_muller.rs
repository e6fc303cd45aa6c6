//! Standard normals for whole rows of paths: generators side by side, and the transform of Box and Muller (1958), both
//! without a branch, so that they run on whole vectors.

use super::source::PATHS;
use super::stream::mix;
use std::f64::consts::LN_2;

/// Generators of a block. Each gives two words, and so two normals, to every row.
const LANES: usize = PATHS / 2;

/// Generators xoshiro256++ (Blackman and Vigna 2021) side by side; `rand_xoshiro` has the same one, one at a time.
#[repr(align(64))]
pub(super) struct Streams {
    /// Word by word, so that a vector takes one word of several generators.
    words: [[u64; LANES]; 4],
}

impl Streams {
    /// The streams of one block. Their states come one after another from the SplitMix64 sequence that starts at `start`,
    /// so that the first is the one that `rand_xoshiro` makes of that number.
    pub fn new(start: u64) -> Self {
        let mut words = [[0; LANES]; 4];
        let mut at = start;
        for lane in 0..LANES {
            for word in &mut words {
                word[lane] = mix(at);
                at = at.wrapping_add(0x9e37_79b9_7f4a_7c15);
            }
        }
        Self { words }
    }

    /// Fills a row with independent standard normals; each is what exact arithmetic would make of the same words but for
    /// 1e-11 of the radius of its pair.
    #[inline(always)]
    pub fn normals(&mut self, row: &mut [f64; PATHS]) {
        let [w0, w1, w2, w3] = &mut self.words;
        let (low, high) = row.split_at_mut(LANES);
        for lane in 0..LANES {
            let state = [w0[lane], w1[lane], w2[lane], w3[lane]];
            let (a, state) = step(state);
            let (b, state) = step(state);
            [w0[lane], w1[lane], w2[lane], w3[lane]] = state;
            (low[lane], high[lane]) = box_muller(a, b);
        }
    }
}

/// One step of xoshiro256++: its word, and its next state.
#[inline(always)]
fn step([s0, s1, s2, s3]: [u64; 4]) -> (u64, [u64; 4]) {
    let word = s0.wrapping_add(s3).rotate_left(23).wrapping_add(s0);
    let t = s1 << 17;
    let s2 = s2 ^ s0;
    let s3 = s3 ^ s1;
    (word, [s0 ^ s3, s1 ^ s2, s2 ^ t, s3.rotate_left(45)])
}

const SIGN: u32 = 63;

/// Two independent normals: sqrt(-2 ln u) times sine and cosine of a uniform angle.
///
/// The upper 52 bits of the first word give u in (0, 1], so that no normal is beyond 8.5. Those of the second give an angle
/// between plus and minus an eighth of a turn, and the lowest bit of each word a sign. With c and s the cosine and sine of the
/// angle, (c + s) / sqrt 2 and (c - s) / sqrt 2 are the sine and cosine of an eighth of a turn more, which is uniform in the
/// first quarter, and the signs turn them to all four; the root of two cancels against that of the radius.
#[inline(always)]
fn box_muller(a: u64, b: u64) -> (f64, f64) {
    let radius = (-ln(2.0 - one_to_two(a))).sqrt();
    let (sin, cos) = sin_cos_of_quarters(one_to_two(b) - 1.5);
    (
        signed(radius * (cos + sin), a),
        signed(radius * (cos - sin), b),
    )
}

/// A uniform number in [1, 2) from the upper 52 bits.
#[inline(always)]
fn one_to_two(word: u64) -> f64 {
    f64::from_bits((word >> 12) | 0x3ff0_0000_0000_0000)
}

/// `x` with the sign that the lowest bit says.
#[inline(always)]
fn signed(x: f64, word: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ (word << SIGN))
}

/// ln x of a normal x > 0, within 5e-12 of it relatively (tested).
///
/// x = 2^k m with m from the root of a half to the root of two, and s = (m - 1) / (m + 1); ln m = 2 s + s^3 q(s^2), where q is
/// the polynomial of degree 3 with the least relative error of ln m (Remez exchange in 40 digits).
#[inline(always)]
fn ln(x: f64) -> f64 {
    const ROOT_OF_A_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    // 2^52 + 2^11: a word with these bits and an exponent, its sign turned, reads as that number and the exponent.
    const OFFSET: f64 = 4_503_599_627_372_544.0;
    let exponent = x.to_bits().wrapping_sub(ROOT_OF_A_HALF) & 0xfff0_0000_0000_0000;
    let m = f64::from_bits(x.to_bits().wrapping_sub(exponent));
    let k = f64::from_bits((exponent >> 52) ^ OFFSET.to_bits()) - OFFSET;
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let q = (Q0 + z * Q1) + (z * z) * (Q2 + z * Q3);
    k * LN_2 + s * (2.0 + z * q)
}

const Q0: f64 = 0.666_666_656_456_663_2;
const Q1: f64 = 0.400_003_351_532_193_5;
const Q2: f64 = 0.285_373_105_718_148_8;
const Q3: f64 = 0.235_821_174_378_983_2;

/// Sine and cosine of `t` quarter turns, |t| <= 1/2, within 4e-12 (tested): t times a polynomial of degree 4 in t^2, and one of
/// degree 5, with the least error among those (Remez exchange in 40 digits).
#[inline(always)]
fn sin_cos_of_quarters(t: f64) -> (f64, f64) {
    let y = t * t;
    let y2 = y * y;
    let sin = t * ((S0 + y * S1) + y2 * ((S2 + y * S3) + y2 * S4));
    let cos = (K0 + y * K1) + y2 * ((K2 + y * K3) + y2 * (K4 + y * K5));
    (sin, cos)
}

const S0: f64 = 1.570_796_326_788_113_5;
const S1: f64 = -0.645_964_096_148_522_1;
const S2: f64 = 0.079_692_582_760_168_74;
const S3: f64 = -0.004_681_266_477_790_435;
const S4: f64 = 0.000_158_206_745_644_404_02;
const K0: f64 = 0.999_999_999_999_944_5;
const K1: f64 = -1.233_700_550_120_178;
const K2: f64 = 0.253_669_507_154_307_3;
const K3: f64 = -0.020_863_468_009_003_477;
const K4: f64 = 0.000_919_161_767_872_059_2;
const K5: f64 = -2.485_101_285_239_310_8e-5;

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};
    use std::f64::consts::FRAC_PI_2;

    /// Against the crate `rand_xoshiro`: the same seeding and the same words.
    #[test]
    fn the_first_stream_is_that_of_the_crate() {
        let streams = Streams::new(42);
        let mut state: [u64; 4] = std::array::from_fn(|k| streams.words[k][0]);
        let mut reference = Xoshiro256PlusPlus::seed_from_u64(42);
        for _ in 0..1000 {
            let (word, next) = step(state);
            assert_eq!(word, reference.next_u64());
            state = next;
        }
    }

    /// Against the standard library, over the numbers that a generator can give and beyond.
    #[test]
    fn logarithm_sine_and_cosine_are_as_good_as_they_say() {
        for k in 1..200_000 {
            let x = f64::from(k) * 1e-5;
            for x in [x, x * 2f64.powi(-51)] {
                let exact = x.ln();
                assert!((ln(x) - exact).abs() <= 5e-12 * exact.abs(), "ln {x}");
            }
            let t = f64::from(k) / 200_000.0 - 0.5;
            let (sin, cos) = sin_cos_of_quarters(t);
            let angle = t * FRAC_PI_2;
            assert!((sin - angle.sin()).abs() <= 4e-12, "sin {t}");
            assert!((cos - angle.cos()).abs() <= 4e-12, "cos {t}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    /// The transform written out with the library's functions: the radius, and an angle of the second word's upper bits from
    /// the middle of the first quarter turn, reflected by the signs.
    #[test]
    fn normals_are_those_of_box_and_muller() {
        let mut stream = Xoshiro256PlusPlus::seed_from_u64(3);
        for _ in 0..100_000 {
            let (a, b) = (stream.next_u64(), stream.next_u64());
            let unit = |word: u64| (word >> 12) as f64 / (1_u64 << 52) as f64;
            let radius = (-2.0 * (1.0 - unit(a)).ln()).sqrt();
            let angle = unit(b) * FRAC_PI_2;
            let sign = |word: u64| if word & 1 == 1 { -1.0 } else { 1.0 };
            let (x, y) = box_muller(a, b);
            assert!((x - sign(a) * radius * angle.sin()).abs() <= 1e-11 * radius);
            assert!((y - sign(b) * radius * angle.cos()).abs() <= 1e-11 * radius);
        }
        // The largest that there is: u = 2^-52, that is sqrt(2 x 52 ln 2), and a zero.
        let (x, y) = box_muller(u64::MAX - 1, 0);
        approx::assert_relative_eq!(x.hypot(y), (104.0 * LN_2).sqrt(), max_relative = 1e-11);
        assert_eq!(box_muller(0, 1 << 62).0, 0.0);
    }

    /// Moments 1 to 4, the share beyond 3, and the correlation of neighbours and of both normals of a pair, each within four
    /// standard errors of what the normal distribution gives: 0, 1, 0, 3, 0.0026998, 0, 0 with variances of one draw 1, 2, 15,
    /// 96, p (1 - p), 1, 1.
    #[test]
    fn rows_are_standard_normals() {
        const ROWS: usize = 20_000;
        let mut streams = Streams::new(5);
        let (mut row, mut before) = ([0.0; PATHS], [0.0; PATHS]);
        let mut sums = [0.0; 7];
        for _ in 0..ROWS {
            streams.normals(&mut row);
            for path in 0..PATHS {
                let z = row[path];
                let beyond = f64::from(u8::from(z.abs() > 3.0));
                let pair = row[(path + LANES) % PATHS];
                let terms = [
                    z,
                    z * z,
                    z.powi(3),
                    z.powi(4),
                    beyond,
                    z * before[path],
                    z * pair,
                ];
                sums.iter_mut()
                    .zip(terms)
                    .for_each(|(sum, term)| *sum += term);
            }
            before = row;
        }
        const BEYOND: f64 = 0.002_699_796_063;
        let expected = [0.0, 1.0, 0.0, 3.0, BEYOND, 0.0, 0.0];
        // Each pair is counted twice.
        let variance = [1.0, 2.0, 15.0, 96.0, BEYOND * (1.0 - BEYOND), 1.0, 2.0];
        let count = (ROWS * PATHS) as f64;
        for ((sum, expected), variance) in sums.into_iter().zip(expected).zip(variance) {
            let error: f64 = (variance / count).sqrt();
            assert!(
                (sum / count - expected).abs() < 4.0 * error,
                "{} {expected}",
                sum / count
            );
        }
    }
}
