#![doc = include_str!("../README.md")]

pub mod argmin;
pub mod assembly;
pub mod complementarity;
pub mod curve;
#[cfg(feature = "data")]
pub mod data;
pub mod equilibrium;
pub mod finance;
pub mod horizon;
pub mod intervention;
pub mod ledger;
pub mod market;
pub mod prelude;
pub mod rivalry;
pub mod stochastic;
pub mod storage;
pub mod sweep;
pub mod viability;

mod error;
mod report;
mod vectors;

pub use curve::{Demand, Supply};
pub use equilibrium::Equilibrium;
pub use error::{Error, ErrorKind};
pub use intervention::Policy;
pub use ledger::Ledger;
pub use market::{Activity, Market};
