//! The standard normals of one block, however they are drawn.

use super::bridge::Bridge;
use super::sobol::Net;
use super::source::PATHS;
use super::stream::{Draws, block_stream, fill_normals};
use super::{StochasticError, TimeGrid};

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

    /// Fills `rows`, which the caller has checked to be [`Normals::rows`] rows of [`PATHS`] numbers.
    pub fn fill(&self, block: u64, rows: &mut [f64]) {
        match &self.kind {
            Kind::Plain { seed } => fill_normals(&mut block_stream(*seed, block), rows),
            Kind::Antithetic { seed } => {
                let mut stream = block_stream(*seed, block);
                let mut half = [0.0; PATHS / 2];
                for row in rows.as_chunks_mut::<PATHS>().0 {
                    fill_normals(&mut stream, &mut half);
                    for (pair, z) in row.as_chunks_mut::<2>().0.iter_mut().zip(half) {
                        *pair = [z, -z];
                    }
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
