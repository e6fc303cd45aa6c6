//! One error for callers that do not care which module it came from.

use thiserror::Error;

use crate::assembly::DraftError;
use crate::complementarity::ComplementarityError;
use crate::curve::{CurveError, SystemError};
use crate::equilibrium::SolveError;
use crate::intervention::PolicyError;
use crate::ledger::LedgerError;
use crate::market::MarketError;
use crate::rivalry::RivalryError;
use crate::storage::StorageError;
use crate::sweep::SweepError;

/// Anything that this crate can refuse.
///
/// ```
/// use pricefloor::{Demand, Error, ErrorKind};
/// use pricefloor::curve::Line;
/// let error: Error = Demand::linear(Line { intercept: 20.0, slope: 1.0 }).unwrap_err().into();
/// assert_eq!(error.kind(), ErrorKind::Input);
/// ```
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A curve.
    #[error(transparent)]
    Curve(#[from] CurveError),
    /// A demand for several goods.
    #[error(transparent)]
    System(#[from] SystemError),
    /// A market's facts.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// A policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A measure that does not fit a market.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A solve.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// Accounts.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Storage and stockpiles.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A sweep.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// The numerical engine.
    #[error(transparent)]
    Engine(#[from] ComplementarityError),
    /// A question about rivals.
    #[error(transparent)]
    Rivalry(#[from] RivalryError),
}

/// What sort of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Something given is malformed: a number outside its range, an unknown or repeated name.
    Input,
    /// Measures that contradict each other or do not fit the market.
    Policy,
    /// The question has no answer: demand that must be met cannot be, or any price would do.
    IllPosed,
    /// The solver did not arrive.
    Unsolved,
    /// The accounts do not close.
    Accounts,
}

impl Error {
    /// What sort of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Curve(_) | Self::System(_) | Self::Market(_) | Self::Engine(_) => {
                ErrorKind::Input
            }
            Self::Policy(_) | Self::Draft(_) => ErrorKind::Policy,
            Self::Ledger(_) => ErrorKind::Accounts,
            Self::Storage(e) => match e {
                StorageError::NotConverged { .. } => ErrorKind::Unsolved,
                _ => ErrorKind::Input,
            },
            Self::Sweep(SweepError::Solve(e)) => of_solve(e),
            Self::Sweep(SweepError::Stopped { .. }) => ErrorKind::Unsolved,
            Self::Sweep(_) => ErrorKind::Input,
            Self::Rivalry(e) => match e {
                RivalryError::Solve(e) => of_solve(e),
                RivalryError::NotShown { .. } | RivalryError::NoRoot { .. } => ErrorKind::Unsolved,
                RivalryError::Ledger(_) => ErrorKind::Accounts,
                _ => ErrorKind::Input,
            },
            Self::Solve(e) => of_solve(e),
        }
    }

    /// The thing that the error names.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Market(e) => Some(e.place()),
            Self::Policy(e) => Some(e.place()),
            Self::Draft(e) => Some(e.place()),
            Self::Solve(e) => e.place(),
            Self::Rivalry(e) => e.place(),
            Self::Storage(e) => e.place(),
            Self::Sweep(e) => e.place(),
            Self::Curve(_) | Self::System(_) | Self::Ledger(_) | Self::Engine(_) => None,
        }
    }

    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Market(e) => e.value(),
            Self::Policy(e) => e.value(),
            Self::Draft(e) => e.value(),
            Self::Solve(e) => e.value(),
            Self::Rivalry(e) => e.value(),
            Self::Storage(e) => e.value(),
            Self::Sweep(e) => e.value(),
            Self::System(e) => e.value(),
            Self::Curve(_) | Self::Ledger(_) | Self::Engine(_) => None,
        }
    }
}

fn of_solve(error: &SolveError) -> ErrorKind {
    match error {
        SolveError::Draft(_) | SolveError::Settle(_) => ErrorKind::Policy,
        SolveError::Unsolved { .. }
        | SolveError::NotAnEquilibrium { .. }
        | SolveError::NoConsistentBranch { .. } => ErrorKind::Unsolved,
        SolveError::Unreached { .. }
        | SolveError::Unsupplied { .. }
        | SolveError::Endless { .. }
        | SolveError::Shortfall { .. }
        | SolveError::Unattainable { .. }
        | SolveError::Indeterminate { .. } => ErrorKind::IllPosed,
        _ => ErrorKind::Input,
    }
}
