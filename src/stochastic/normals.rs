//! The standard normals of one block, however they are drawn.

use super::box_muller::Streams;
use super::bridge::Bridge;
use super::sobol::Net;
use super::source::PATHS;
use super::stream::{Draws, block_seed};
use super::{StochasticError, TimeGrid};
use crate::vectors::widest;
use pulp::Arch;

/// The standard normals of a simulation, for a price source of your own: independent of each other, drawn as [`Draws`] says.
///
/// A block has rows of one number for each of [`PATHS`] paths: row `t * factors + f` is what moves factor `f` over the step of
/// the grid that ends at time `t`. With Sobol points the normals of a factor are the increments of a Brownian bridge, each over
/// the root of its step. A block depends on the draws and its number alone.
///
/// ```
/// use pricefloor::stochastic::{Draws, Normals, PATHS, TimeGrid};
///
/// let grid = TimeGrid::regular(12, 24)?;
/// let normals = Normals::new(&grid, 1, Draws::Plain { seed: 7 })?;
/// let mut rows = vec![0.0; normals.rows() * PATHS];
/// normals.fill(0, &mut rows)?;
/// let mean = rows.iter().sum::<f64>() / rows.len() as f64;
/// assert!(mean.abs() < 4.0 / (rows.len() as f64).sqrt());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Normals {
    rows: usize,
    kind: Kind,
}

#[derive(Debug)]
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
    /// Normals that move `factors` factors over the steps of a grid.
    ///
    /// # Errors
    /// [`StochasticError::Zero`] without a factor, [`StochasticError::TooLarge`] for more rows than can be counted,
    /// [`StochasticError::SobolPoints`] for a net of a wrong size.
    pub fn new(grid: &TimeGrid, factors: usize, draws: Draws) -> Result<Self, StochasticError> {
        draws.check()?;
        if factors == 0 {
            return Err(StochasticError::Zero {
                what: "number of factors",
            });
        }
        let rows = grid.steps().checked_mul(factors);
        let rows = rows.ok_or(StochasticError::TooLarge {
            what: "times x factors",
            count: factors as u64,
        })?;
        let kind = match draws {
            Draws::Plain { seed } => Kind::Plain { seed },
            Draws::Antithetic { seed } => Kind::Antithetic { seed },
            Draws::Sobol { seed, points } => Kind::Sobol {
                seed,
                points: points.into(),
                bridge: Bridge::new(grid.times(), factors),
            },
        };
        Ok(Self { rows, kind })
    }

    /// Rows of a block: times x factors.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Writes block `block` into `rows`, which has [`Normals::rows`] times [`PATHS`] numbers.
    ///
    /// # Errors
    /// [`StochasticError::BlockLength`] where `rows` has another length.
    pub fn fill(&self, block: u64, rows: &mut [f64]) -> Result<(), StochasticError> {
        let (expected, found) = (self.rows.saturating_mul(PATHS), rows.len());
        if found != expected {
            return Err(StochasticError::BlockLength { expected, found });
        }
        self.fill_on(widest(), block, rows);
        Ok(())
    }

    /// The same for rows whose length has been checked. `arch` says which vectors to use; the numbers are the same with all.
    pub(super) fn fill_on(&self, arch: Arch, block: u64, rows: &mut [f64]) {
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
