//! What can be wrong with a horizon.

use thiserror::Error;

use crate::assembly::Rule;
use crate::equilibrium::SolveError;
use crate::finance::FinanceError;
use crate::intervention::PolicyError;
use crate::ledger::LedgerError;
use crate::market::MarketError;

/// A horizon that is ill-posed, or whose path was not found.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum HorizonError {
    /// A number outside its range.
    #[error("{place}: {name} is {value}; it must be {rule}")]
    Number {
        /// Whose number.
        place: String,
        /// Which number.
        name: String,
        /// Its value.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A name that nothing has.
    #[error("{place}: unknown {what} `{name}`; known: {known}")]
    Unknown {
        /// Who asked.
        place: String,
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A name given twice.
    #[error("{what} `{name}` is declared twice")]
    Duplicate {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Capacity that cannot come on line in time.
    #[error(
        "`{activity}` comes on line {lead} years after a decision, and those who decide look {sight} years ahead; shorten the stages or look further"
    )]
    LeadTime {
        /// The activity.
        activity: String,
        /// The shortest time from a decision to the first output, in years.
        lead: f64,
        /// How far they look, in years.
        sight: f64,
    },
    /// Dates that contradict each other.
    #[error("{place}: {earlier} ({earlier_date}) must not be after {later} ({later_date})")]
    Dates {
        /// Whose dates.
        place: String,
        /// What comes first.
        earlier: &'static str,
        /// Its date, years from the start.
        earlier_date: f64,
        /// What comes after it.
        later: &'static str,
        /// Its date, years from the start.
        later_date: f64,
    },
    /// No plan without a rising cost or a limit can say how much is built.
    #[error("{place}: {rule}")]
    Unfit {
        /// The thing.
        place: String,
        /// Why it does not fit.
        rule: &'static str,
    },
    /// A firm that cannot be judged.
    #[error("the firm behind `{activity}`: {detail}")]
    Firm {
        /// The activity.
        activity: String,
        /// Why, as its study says it.
        detail: String,
    },
    /// The market of a period.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The measures in force together in a period.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// No path from this date on.
    #[error("from year {year}: {source}")]
    Solve {
        /// Start of the first period that was solved for, years from the start.
        year: f64,
        /// Why.
        source: SolveError,
    },
    /// Accounts of a period that do not close.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A present value that cannot be formed.
    #[error(transparent)]
    Finance(#[from] FinanceError),
}

impl HorizonError {
    /// The thing that the error names.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Number { place, .. }
            | Self::Unknown { place, .. }
            | Self::Dates { place, .. }
            | Self::Unfit { place, .. } => Some(place),
            Self::Duplicate { name, .. } => Some(name),
            Self::LeadTime { activity, .. } | Self::Firm { activity, .. } => Some(activity),
            Self::Market(e) => Some(e.place()),
            Self::Policy(e) => Some(e.place()),
            Self::Solve { source, .. } => source.place(),
            Self::Ledger(_) | Self::Finance(_) => None,
        }
    }

    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } => Some(*value),
            Self::LeadTime { lead, .. } => Some(*lead),
            Self::Dates { later_date, .. } => Some(*later_date),
            Self::Market(e) => e.value(),
            Self::Policy(e) => e.value(),
            Self::Solve { source, .. } => source.value(),
            _ => None,
        }
    }

    /// A run that was read from a file and stands where its horizon cannot.
    pub(super) fn unfit_run() -> Self {
        Self::Unfit {
            place: "run".to_owned(),
            rule: "where it stands does not fit its horizon",
        }
    }
}

/// An error unless a number obeys its rule.
pub(super) fn number(place: &str, name: &str, value: f64, rule: Rule) -> Result<(), HorizonError> {
    if rule.admits(value) {
        return Ok(());
    }
    Err(HorizonError::Number {
        place: place.to_owned(),
        name: name.to_owned(),
        value,
        rule: rule.words(),
    })
}

/// An error unless every name is given once.
pub(super) fn once<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), HorizonError> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(HorizonError::Duplicate {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}
