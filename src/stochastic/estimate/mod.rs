//! Estimating price processes from a series, with standard errors, or saying that the series cannot tell.

mod averaged;
mod fit;
mod mean_reverting;
mod search;
mod series;

pub use fit::{Estimate, EstimationSettings, Identification, NotIdentified};
pub use mean_reverting::MeanRevertingFit;
pub use series::{PriceSeries, Sampling};
