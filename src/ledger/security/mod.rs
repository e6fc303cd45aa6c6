//! Security of supply: how concentrated it is, who depends on whom, and what is lost when a supplier is.

mod concentration;
mod disruption;
mod error;
mod segments;
mod short_run;
mod supply;

pub use concentration::{Concentration, Supplier};
pub use disruption::{Disruption, Outage, Risk, Shortage};
pub use error::SecurityError;
pub use segments::{Segment, SegmentShortage};
pub use short_run::ShortRun;
pub use supply::{RegionSupply, Stage, SupplySecurity};
