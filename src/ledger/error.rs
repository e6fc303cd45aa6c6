//! Why accounts cannot be drawn up or compared.

use thiserror::Error;

use super::security::SecurityError;
use crate::equilibrium::SolveError;
use crate::intervention::SettleError;

/// Accounts that cannot be drawn up or compared.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The equilibrium was read back from a file: it has results, and not the curves behind them.
    #[error(
        "this equilibrium of `{market}` was read back from a file and has no curves to draw accounts from; store its ledger beside it"
    )]
    Detached {
        /// The market.
        market: String,
    },
    /// A measure's lump sums could not be worked out.
    #[error(transparent)]
    Settle(#[from] SettleError),
    /// The two sides of the welfare identity differ by more than rounding.
    #[error(
        "surplus summed over parties is {by_parties}, from quantities alone {by_quantities}; they differ by {share:.1e} of the value traded, more than 1e-9"
    )]
    Identity {
        /// Sum over parties, from prices and payments.
        by_parties: f64,
        /// Benefit less cost, from quantities alone.
        by_quantities: f64,
        /// The difference as a share of the value traded.
        share: f64,
    },
    /// Two ledgers of different markets.
    #[error("cannot compare a ledger of `{one}` with a ledger of `{other}`: {what} differ")]
    Mismatch {
        /// One market.
        one: String,
        /// The other.
        other: String,
        /// What differs.
        what: &'static str,
    },
    /// A reform whose name is taken.
    #[error("`{name}` is compared already; names in a comparison are unique")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A marginal cost of public funds that is none.
    #[error("the marginal cost of public funds is {value}; it must be a finite number, 1 or more")]
    CostOfFunds {
        /// The value.
        value: f64,
    },
    /// Supply that cannot be judged.
    #[error(transparent)]
    Supply(Box<SecurityError>),
    /// An outcome that the equilibrium does not have.
    #[error(transparent)]
    Outcome(Box<SolveError>),
    /// A party, node or reform that is not in the accounts.
    #[error("the accounts have no {what} `{name}`")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl From<SecurityError> for LedgerError {
    fn from(source: SecurityError) -> Self {
        match source {
            SecurityError::Ledger(own) => own,
            other => Self::Supply(Box::new(other)),
        }
    }
}

impl From<SolveError> for LedgerError {
    fn from(source: SolveError) -> Self {
        Self::Outcome(Box::new(source))
    }
}
