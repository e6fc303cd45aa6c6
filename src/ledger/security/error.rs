//! Why supply cannot be judged.

use thiserror::Error;

use crate::curve::CurveError;
use crate::equilibrium::SolveError;
use crate::intervention::PolicyError;
use crate::ledger::LedgerError;
use crate::market::MarketError;

/// Why a concentration, a disruption or a loss cannot be worked out.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SecurityError {
    /// A number outside its range.
    #[error("{what} is {value}; it must be {rule}")]
    Number {
        /// What the number is.
        what: String,
        /// Its value.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A name that is not there.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name that is given twice.
    #[error("{what} `{name}` is named twice")]
    Duplicate {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Nothing is supplied, so that there are no shares.
    #[error("nothing is supplied of {of}; there are no shares")]
    Nothing {
        /// Of what.
        of: String,
    },
    /// Final demand that would pay any price in a shortage.
    #[error(
        "final demand for {commodity} needs a backstop price: without one it would pay any price in a shortage"
    )]
    NoBackstop {
        /// The commodity.
        commodity: String,
    },
    /// A backstop at or below the price of ordinary times.
    #[error(
        "the backstop price of {commodity} is {backstop}, not above its price of {price} in {region}"
    )]
    Backstop {
        /// The commodity.
        commodity: String,
        /// The backstop, money per unit.
        backstop: f64,
        /// The price in ordinary times, money per unit.
        price: f64,
        /// The region with that price.
        region: String,
    },
    /// The short-run market does not have the prices of the equilibrium it was made from.
    #[error(
        "without a disruption the short-run market has {commodity} in {region} at {short_run}, and not at {price}: {}",
        "a firm that reckons with its effect on prices, or a measure with a switch, cannot be followed into the short run"
    )]
    NotReplayed {
        /// Region.
        region: String,
        /// Commodity.
        commodity: String,
        /// Price of the equilibrium, money per unit.
        price: f64,
        /// Price of the short-run market, money per unit.
        short_run: f64,
    },
    /// A short-run curve that is not well formed.
    #[error(transparent)]
    Curve(#[from] CurveError),
    /// A short-run market that is not well formed.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// An outage that clashes with the policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A short-run market without a solution.
    #[error("{when}: {source}")]
    Solve {
        /// With or without the outage.
        when: &'static str,
        /// What went wrong.
        source: Box<SolveError>,
    },
    /// Accounts that could not be drawn up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The number, if it obeys the rule.
pub(super) fn obey(
    what: &str,
    value: f64,
    obeys: bool,
    rule: &'static str,
) -> Result<f64, SecurityError> {
    if value.is_finite() && obeys {
        return Ok(value);
    }
    Err(SecurityError::Number {
        what: what.to_owned(),
        value,
        rule,
    })
}
