use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// How the random numbers behind the paths are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Draws {
    /// Independent pseudorandom paths: xoshiro256++ with ziggurat normals, one stream for each block.
    Plain {
        /// Seed of the run: the same seed gives the same paths.
        seed: u64,
    },
}

/// The random stream of one block. Within a run no two blocks start from the same state.
pub(super) fn block_stream(seed: u64, block: u64) -> Xoshiro256PlusPlus {
    // Both steps are bijections of the block number for a given seed; the outer one keeps neighbouring
    // blocks from starting at neighbouring points of the generator's own seeding sequence.
    Xoshiro256PlusPlus::seed_from_u64(mix(mix(seed).wrapping_add(block)))
}

/// Fills `out` with independent standard normals.
pub(super) fn fill_normals(stream: &mut Xoshiro256PlusPlus, out: &mut [f64]) {
    for z in out {
        *z = StandardNormal.sample(stream);
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection of 64-bit words.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
