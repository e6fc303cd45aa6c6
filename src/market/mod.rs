//! Commodities, regions, activities, demands: the facts of a market, before any measure.

mod activity;
mod bloc;
mod check;
mod conduct;
mod cycle;
mod error;
mod facts;
mod origin;
mod scale;
mod write;

pub use activity::{Activity, Flow, Route};
pub use bloc::Bloc;
pub use error::MarketError;
pub use facts::{Market, MarketBuilder};

pub(crate) use origin::{made_in, used_in};
