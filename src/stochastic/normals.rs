//! The standard normals of one block, however they are drawn.

use super::box_muller::Streams;
use super::bridge::Bridge;
use super::sobol::Net;
use super::source::PATHS;
use super::stream::{Draws, block_seed};
use super::{StochasticError, TimeGrid};
use pulp::Arch;

/// Fills blocks of independent standard normals, in rows of one number a path: row `t * factors + f` is what moves
/// factor `f` over the step that ends at time `t`.
pub(super) struct Normals {
    rows: usize,
    kind: Kind,
}

enum Kind {
    Plain {
        seed: u64,
    },
    Antithetic {
        seed: u64,
    },
    Sobol {
        seed: u64,
        points: u64,
        bridge: Bridge,
    },
}

impl Normals {
    pub fn new(grid: &TimeGrid, factors: usize, draws: Draws) -> Result<Self, StochasticError> {
        draws.check()?;
        let kind = match draws {
            Draws::Plain { seed } => Kind::Plain { seed },
            Draws::Antithetic { seed } => Kind::Antithetic { seed },
            Draws::Sobol { seed, points } => Kind::Sobol {
                seed,
                points: points.into(),
                bridge: Bridge::new(grid.times(), factors),
            },
        };
        Ok(Self {
            rows: grid.steps() * factors,
            kind,
        })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Fills `rows`, which the caller has checked to be [`Normals::rows`] rows of [`PATHS`] numbers. `arch` says which
    /// vectors to use; the numbers are the same with all.
    pub fn fill(&self, arch: Arch, block: u64, rows: &mut [f64]) {
        match &self.kind {
            Kind::Plain { seed } => arch.dispatch(Rows {
                streams: Streams::new(block_seed(*seed, block)),
                rows,
            }),
            Kind::Antithetic { seed } => {
                // The numbers of one row serve two, each for half of the paths and their mirror images.
                let half = rows.len().div_ceil(2 * PATHS) * PATHS;
                arch.dispatch(Rows {
                    streams: Streams::new(block_seed(*seed, block)),
                    rows: &mut rows[..half],
                });
                for pair in (0..rows.len() / 2).rev() {
                    let z = rows[pair];
                    rows[2 * pair] = z;
                    rows[2 * pair + 1] = -z;
                }
            }
            Kind::Sobol {
                seed,
                points,
                bridge,
            } => {
                let first = block * PATHS as u64;
                let net = Net::new(*seed, first / points);
                bridge.build(
                    &net,
                    (first % points) as u32,
                    rows.as_chunks_mut::<PATHS>().0,
                );
            }
        }
    }
}

/// Rows of normals from one block's streams.
struct Rows<'a> {
    streams: Streams,
    rows: &'a mut [f64],
}

impl pulp::WithSimd for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut streams = self.streams;
        for row in self.rows.as_chunks_mut::<PATHS>().0 {
            streams.normals(row);
        }
    }
}
