//! Price processes, reproducible random streams and the trait [`PriceSource`]. Knows no market and no contract.
//!
//! A [`PriceSource`] draws prices on a [`TimeGrid`] in blocks of [`PATHS`] paths. A block depends on its
//! [`Draws`] and its number alone, so a [`Simulation`] gives the same bits on one thread and on many.
//!
//! ```
//! use pricefloor::stochastic::{MeanReverting, MeanRevertingTerms, Simulation, Summary, TimeGrid};
//!
//! let price = MeanReverting::new(MeanRevertingTerms {
//!     spot: 90.0,
//!     reversion: 0.6,
//!     log_mean: 100f64.ln(),
//!     volatility: 0.3,
//! })?;
//! let grid = TimeGrid::regular(12, 24)?;
//! let last = Simulation::new(10_000, 7)?.per_path(&price, &grid, |block, path| block.rows()[23][path])?;
//! let summary = Summary::of(&last)?;
//! assert!((summary.mean() - price.expected_price(2.0)).abs() < 3.0 * summary.standard_error());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod basket;
mod box_muller;
mod bridge;
mod brownian;
mod diffusion;
mod error;
mod estimate;
mod exp2;
mod factors;
mod grid;
mod hermite;
mod interruption;
mod log_normal_steps;
mod mean_reverting;
mod normals;
mod regimes;
pub(crate) mod row;
mod schwartz_smith;
mod simulation;
mod sobol;
mod source;
mod stream;
mod summary;

pub(crate) use exp2::exp2;

pub use basket::{Basket, BasketPrice, BasketTerms};
pub use brownian::{GeometricBrownian, GeometricBrownianTerms};
pub use diffusion::Diffusion;
pub use error::StochasticError;
pub use estimate::{
    BasketFit, Estimate, EstimationSettings, GeometricBrownianFit, Identification,
    MeanRevertingFit, NotIdentified, PriceSeries, RegimeFit, RegimeSwitchingFit, Sampling,
    SchwartzSmithFit,
};
pub use grid::TimeGrid;
pub(crate) use hermite::gauss_hermite;
pub use interruption::{Interruption, InterruptionTerms};
pub use mean_reverting::{MeanReverting, MeanRevertingTerms, SchwartzTerms};
pub use normals::Normals;
pub use regimes::{Regime, RegimeSwitching, RegimeSwitchingTerms};
pub use schwartz_smith::{RiskPremiums, SchwartzSmith, SchwartzSmithTerms};
pub use simulation::{Block, Simulation};
pub use source::{LogMarginal, Lognormal, PATHS, PriceSource, Sampler};
pub use stream::Draws;
pub(crate) use stream::block_stream;
pub use summary::{Moments, Summary};

#[cfg(test)]
pub(crate) mod tests;
