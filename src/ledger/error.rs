//! Why accounts cannot be drawn up or compared.

use thiserror::Error;

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
    /// A party that is not in the ledger.
    #[error("the ledger has no {what} `{name}`")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
}
