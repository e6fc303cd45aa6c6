//! Who pays whom, and who gains: payments between named parties, surplus, treasury, deadweight loss.

mod accounts;
mod comparison;
mod draw;
mod error;

pub use accounts::{Account, Ledger, Payment};
pub use comparison::{Change, Comparison};
pub use error::LedgerError;
