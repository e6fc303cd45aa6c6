//! Estimating price processes from a series, with standard errors, or saying that the series cannot tell.

mod averaged;
mod basket;
mod brownian;
mod fit;
mod maximise;
mod mean_reverting;
mod regimes;
mod schwartz_smith;
mod search;
mod series;

pub use basket::BasketFit;
pub use brownian::GeometricBrownianFit;
pub use fit::{Estimate, EstimationSettings, Identification, NotIdentified};
pub use mean_reverting::MeanRevertingFit;
pub use regimes::{RegimeFit, RegimeSwitchingFit};
pub use schwartz_smith::SchwartzSmithFit;
pub use series::{PriceSeries, Sampling};
