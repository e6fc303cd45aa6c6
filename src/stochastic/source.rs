use super::{Draws, StochasticError, TimeGrid};

/// Paths in one block: the unit of work, of random streams and of reproducibility.
pub const PATHS: usize = 64;

/// Anything that draws prices on a time grid.
///
/// The two calls keep set-up out of the inner loop: [`sampler`](PriceSource::sampler) works out what
/// depends on the grid, once for each thread; [`Sampler::fill`] draws one block after another without allocating.
pub trait PriceSource: Send + Sync {
    /// How many commodities have a price: 1 for a single price.
    fn commodities(&self) -> usize {
        1
    }

    /// Prepares to draw prices on `grid`. Each thread has a sampler of its own.
    ///
    /// # Errors
    /// Where the source cannot be sampled on this grid or with these draws.
    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError>;
}

/// Draws blocks of [`PATHS`] paths; made by [`PriceSource::sampler`].
pub trait Sampler: Send {
    /// Writes block `block` into `out`, time-major: the price of commodity `c` at time `t` on path `p` goes to
    /// `out[(t * commodities + c) * PATHS + p]`, in the market's currency per unit. What is written depends on
    /// the draws and the block number alone, not on the blocks drawn before.
    ///
    /// # Errors
    /// [`StochasticError::BlockLength`] where `out` has the wrong length; [`StochasticError::Source`] where a
    /// price cannot be found.
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError>;
}

/// Mean and variance of the log price at one date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogMarginal {
    /// Mean of the log price.
    pub mean: f64,
    /// Variance of the log price.
    pub variance: f64,
}

impl LogMarginal {
    /// Expected price, e^(mean + variance / 2).
    pub fn expected_price(&self) -> f64 {
        (self.mean + 0.5 * self.variance).exp()
    }
}

/// A price whose distribution at each date is lognormal, so that a floor on it has a closed form.
pub trait Lognormal {
    /// Mean and variance of the log price `time` years from today (a time before today counts as today).
    fn log_marginal(&self, time: f64) -> LogMarginal;
}
