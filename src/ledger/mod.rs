//! Who pays whom, and who gains: payments between named parties, surplus, treasury, deadweight loss.

mod accounts;
mod coalition;
mod comparison;
mod draw;
mod error;

pub use accounts::{Account, Ledger, Payment};
pub use coalition::{BlocError, BlocStudy, Leak, MemberResult, OutsiderResult};
pub use comparison::{Change, Comparison};
pub use error::LedgerError;
