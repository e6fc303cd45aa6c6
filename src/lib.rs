//! What happens to a market, to the producers in it and to the public purse when a government intervenes.

pub mod argmin;
pub mod complementarity;
pub mod curve;
#[cfg(feature = "data")]
pub mod data;
pub mod finance;
pub mod stochastic;
pub mod viability;
