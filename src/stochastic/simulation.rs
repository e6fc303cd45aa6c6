use super::row::Buffer;
use super::{Draws, Moments, PATHS, PriceSource, Sampler, StochasticError, TimeGrid};
use serde::{Deserialize, Serialize};

/// How many paths to draw, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Settings", into = "Settings")]
pub struct Simulation {
    paths: usize,
    draws: Draws,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    paths: usize,
    draws: Draws,
}

/// One block of paths, as a kernel sees it.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    rows: &'a [[f64; PATHS]],
    commodities: usize,
    number: u64,
    live: usize,
}

impl<'a> Block<'a> {
    /// Prices in the market's currency per unit, one row for each time and commodity, in that order of
    /// nesting: commodity `c` at grid time `t` is row `t * commodities + c`. All [`PATHS`] entries of a row are
    /// prices; only the first [`live`](Block::live) belong to the simulation.
    #[inline]
    pub fn rows(&self) -> &'a [[f64; PATHS]] {
        self.rows
    }

    /// The row of commodity `commodity` at grid time `time`; none where either is out of range.
    #[inline]
    pub fn row(&self, time: usize, commodity: usize) -> Option<&'a [f64; PATHS]> {
        if commodity >= self.commodities {
            return None;
        }
        self.rows
            .get(time.checked_mul(self.commodities)?.checked_add(commodity)?)
    }

    /// How many commodities have a price.
    pub fn commodities(&self) -> usize {
        self.commodities
    }

    /// The block's number: its paths are `number * PATHS` and the following ones.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many of the block's paths belong to the simulation; fewer than [`PATHS`] in the last block only.
    pub fn live(&self) -> usize {
        self.live
    }
}

impl Simulation {
    /// `paths` independent paths from `seed`.
    ///
    /// # Errors
    /// [`StochasticError::Zero`] without a path.
    pub fn new(paths: usize, seed: u64) -> Result<Self, StochasticError> {
        Self::with_draws(paths, Draws::Plain { seed })
    }

    /// `paths` paths from the given draws.
    ///
    /// # Errors
    /// [`StochasticError::Zero`] without a path, [`StochasticError::PathGroups`] where they do not divide into pairs
    /// or nets, [`StochasticError::SobolPoints`] for a net of a wrong size.
    pub fn with_draws(paths: usize, draws: Draws) -> Result<Self, StochasticError> {
        if paths == 0 {
            return Err(StochasticError::Zero {
                what: "number of paths",
            });
        }
        draws.check()?;
        let group = draws.group();
        if !paths.is_multiple_of(group) {
            return Err(StochasticError::PathGroups { paths, group });
        }
        Ok(Self { paths, draws })
    }

    /// Number of paths.
    pub fn paths(&self) -> usize {
        self.paths
    }

    /// How the random numbers are drawn.
    pub fn draws(&self) -> Draws {
        self.draws
    }

    /// Draws every block and returns what `kernel` makes of each, in block order whatever the thread count.
    /// `workspace` is called once a thread (or once a share of the work); a kernel must not let what it
    /// returns depend on what an earlier block left there.
    ///
    /// # Errors
    /// Those of the source.
    pub fn run<'a, W, R: Send>(
        &self,
        source: &'a dyn PriceSource,
        grid: &'a TimeGrid,
        workspace: impl Fn() -> W + Sync + Send,
        kernel: impl Fn(&mut W, Block<'_>) -> R + Sync + Send,
    ) -> Result<Vec<R>, StochasticError> {
        let commodities = source.commodities();
        if commodities == 0 {
            return Err(StochasticError::Zero {
                what: "number of commodities",
            });
        }
        let length = grid
            .steps()
            .checked_mul(commodities)
            .and_then(|rows| rows.checked_mul(PATHS))
            .filter(|&length| length <= LARGEST_BLOCK)
            .ok_or(StochasticError::TooLarge {
                what: "times x commodities",
                count: grid.steps() as u64,
            })?;
        // A first sampler before any thread starts, so that an ill-posed question is reported once and early.
        drop(source.sampler(grid, self.draws)?);
        let thread = || -> Result<Thread<'a, W>, StochasticError> {
            Ok(Thread {
                sampler: source.sampler(grid, self.draws)?,
                prices: Buffer::new(length),
                workspace: workspace(),
            })
        };
        let one = |slot: &mut Option<Thread<'a, W>>, number: u64| -> Result<R, StochasticError> {
            let mut thread = match slot.take() {
                Some(thread) => thread,
                None => thread()?,
            };
            let prices = thread.prices.numbers();
            thread.sampler.fill(number, prices)?;
            let (rows, _) = prices.as_chunks::<PATHS>();
            let live = PATHS.min(self.paths - number as usize * PATHS);
            let result = kernel(
                &mut thread.workspace,
                Block {
                    rows,
                    commodities,
                    number,
                    live,
                },
            );
            *slot = Some(thread);
            Ok(result)
        };
        for_each_block(self.paths.div_ceil(PATHS) as u64, one)
    }

    /// One number for each path, in path order: `measure` gets a block and the path's place in it.
    ///
    /// # Errors
    /// Those of the source.
    pub fn per_path(
        &self,
        source: &dyn PriceSource,
        grid: &TimeGrid,
        measure: impl Fn(&Block<'_>, usize) -> f64 + Sync + Send,
    ) -> Result<Vec<f64>, StochasticError> {
        let blocks = self.run(
            source,
            grid,
            || (),
            |_, block| {
                (0..block.live())
                    .map(|path| measure(&block, path))
                    .collect::<Vec<_>>()
            },
        )?;
        Ok(blocks.concat())
    }

    /// Moments of values given in path order, one a path: of the values themselves where paths are independent,
    /// else of the means over pairs or nets, so that the standard error is that of the overall mean. The spread is
    /// then that of the means.
    ///
    /// # Errors
    /// [`StochasticError::PathGroups`] where the values do not divide into pairs or nets.
    pub fn moments(&self, values: &[f64]) -> Result<Moments, StochasticError> {
        let group = self.draws.group();
        if group > 1 {
            return Ok(Moments::of(&self.group_means(values)?));
        }
        Ok(in_pieces(values))
    }

    /// The independent values behind [`Simulation::moments`]: the values themselves, or the means over pairs or nets.
    pub(crate) fn group_means(&self, values: &[f64]) -> Result<Vec<f64>, StochasticError> {
        let group = self.draws.group();
        if !values.len().is_multiple_of(group) {
            return Err(StochasticError::PathGroups {
                paths: values.len(),
                group,
            });
        }
        if group == 1 {
            return Ok(values.to_vec());
        }
        let means = values.chunks(group).map(|group| in_pieces(group).mean());
        Ok(means.collect())
    }

    /// Whether there are enough independent groups of paths for a standard error: a single path that is drawn plainly
    /// is a scenario and claims none, but a single pair or net would hide that it has none.
    pub(crate) fn tells_its_error(&self) -> bool {
        let group = self.draws.group();
        group == 1 || self.paths > group
    }
}

/// Moments in pieces of fixed length, which keep the rounding error small and the order of addition fixed.
fn in_pieces(values: &[f64]) -> Moments {
    values
        .chunks(PATHS)
        .map(Moments::of)
        .fold(Moments::default(), Moments::merge)
}

/// Prices in a block beyond which a grid is taken for a mistake: 8 GiB.
const LARGEST_BLOCK: usize = 1 << 30;

struct Thread<'a, W> {
    sampler: Box<dyn Sampler + 'a>,
    prices: Buffer,
    workspace: W,
}

/// Maps block numbers to results, in order. `T` is what a thread keeps from one block to the next.
#[cfg(feature = "parallel")]
fn for_each_block<T, R: Send, E: Send>(
    blocks: u64,
    one: impl Fn(&mut Option<T>, u64) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    use rayon::prelude::*;
    (0..blocks).into_par_iter().map_init(|| None, one).collect()
}

#[cfg(not(feature = "parallel"))]
fn for_each_block<T, R, E>(
    blocks: u64,
    one: impl Fn(&mut Option<T>, u64) -> Result<R, E>,
) -> Result<Vec<R>, E> {
    let mut slot = None;
    (0..blocks).map(|block| one(&mut slot, block)).collect()
}

impl TryFrom<Settings> for Simulation {
    type Error = StochasticError;

    fn try_from(settings: Settings) -> Result<Self, StochasticError> {
        Self::with_draws(settings.paths, settings.draws)
    }
}

impl From<Simulation> for Settings {
    fn from(simulation: Simulation) -> Self {
        Self {
            paths: simulation.paths,
            draws: simulation.draws,
        }
    }
}
