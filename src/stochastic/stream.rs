use super::StochasticError;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// How the random numbers behind the paths are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Draws {
    /// Independent pseudorandom paths: xoshiro256++ with normals after Box and Muller, in streams of its own for each
    /// block.
    Plain {
        /// Seed of the run: the same seed gives the same paths.
        seed: u64,
    },
    /// Pairs of paths with opposite normals: path 2k + 1 mirrors path 2k.
    Antithetic {
        /// Seed of the run.
        seed: u64,
    },
    /// Sobol points in Joe and Kuo's directions, Owen-scrambled, turned into paths by a Brownian bridge, so that the
    /// first dimensions settle most of a path. Paths come in nets of `points`, each scrambled on its own; the spread
    /// over nets gives the standard error.
    Sobol {
        /// Seed of the scrambling.
        seed: u64,
        /// Points in one net: a power of two from 64 to 65,536.
        points: u32,
    },
}

impl Draws {
    /// How many successive paths belong together. Values on different groups are independent, those within one
    /// are not.
    pub fn group(&self) -> usize {
        match *self {
            Self::Plain { .. } => 1,
            Self::Antithetic { .. } => 2,
            Self::Sobol { points, .. } => points as usize,
        }
    }

    /// Draws for one of several sources that share a simulation, each with random numbers of its own: 0 keeps these.
    pub(crate) fn apart(self, place: u64) -> Self {
        let other = |seed: u64| {
            if place == 0 {
                seed
            } else {
                mix(seed ^ mix(place))
            }
        };
        match self {
            Self::Plain { seed } => Self::Plain { seed: other(seed) },
            Self::Antithetic { seed } => Self::Antithetic { seed: other(seed) },
            Self::Sobol { seed, points } => Self::Sobol {
                seed: other(seed),
                points,
            },
        }
    }

    pub(super) fn check(&self) -> Result<(), StochasticError> {
        match *self {
            Self::Sobol { points, .. }
                if !points.is_power_of_two() || !(64..=1 << 16).contains(&points) =>
            {
                Err(StochasticError::SobolPoints { points })
            }
            _ => Ok(()),
        }
    }
}

/// The random stream of one block. Within a run no two blocks start from the same state.
pub(crate) fn block_stream(seed: u64, block: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(block_seed(seed, block))
}

/// The number from which the streams of one block are seeded.
pub(super) fn block_seed(seed: u64, block: u64) -> u64 {
    // Both steps are bijections of the block number for a given seed; the outer one keeps neighbouring
    // blocks from starting at neighbouring points of the generator's own seeding sequence.
    mix(mix(seed).wrapping_add(block))
}

/// Fills `out` with independent standard normals.
pub(super) fn fill_normals(stream: &mut Xoshiro256PlusPlus, out: &mut [f64]) {
    for z in out {
        *z = StandardNormal.sample(stream);
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection of 64-bit words.
pub(super) fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
