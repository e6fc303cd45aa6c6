//! Why a question about rivals has no answer.

use thiserror::Error;

use crate::curve::CurveError;
use crate::equilibrium::SolveError;
use crate::ledger::LedgerError;
use crate::market::{Activity, Market, MarketError};

/// A question about rivals that cannot be asked, or has no answer.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum RivalryError {
    /// The market cannot be solved.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// A market that was made from the given one.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// A cost curve.
    #[error(transparent)]
    Curve(#[from] CurveError),
    /// Accounts.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nothing has this name.
    #[error("unknown {what} `{name}`; known: {known}")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A number outside its range.
    #[error("{what} is {value}; it must be {rule}")]
    Number {
        /// What the number is.
        what: String,
        /// The number.
        value: f64,
        /// The rule it breaks.
        rule: String,
    },
    /// The leader is also a firm with conduct.
    #[error(
        "firm `{firm}` moves first and has a conduct as well; a leader reckons with the answers of all others, so drop its conduct"
    )]
    LeaderWithConduct {
        /// The firm.
        firm: String,
    },
    /// A question whose closed form does not hold.
    #[error("no closed form for the {what}: {why}")]
    NoClosedForm {
        /// What was asked.
        what: &'static str,
        /// Why it does not hold.
        why: &'static str,
    },
    /// A root that was not reached.
    #[error("the {what} was not found between {low} and {high}")]
    NoRoot {
        /// What was sought.
        what: &'static str,
        /// Lower end of the search.
        low: f64,
        /// Upper end of the search.
        high: f64,
    },
    /// A producer that sells nothing beside the rival's best choice.
    #[error(
        "`{producer}` sells nothing beside the rival's best choice, so that there is nobody to drive out"
    )]
    NothingToDriveOut {
        /// The producer.
        producer: String,
    },
    /// A player of a game that sets an output.
    #[error(
        "player `{player}` sets the output of `{activity}`; in a game of replies a player sets a number by its path"
    )]
    OutputInGame {
        /// The player.
        player: String,
        /// The activity.
        activity: String,
    },
    /// The firm whose like enters owns several activities.
    #[error("firm `{firm}` owns several activities; a firm whose like enters owns one")]
    SeveralActivities {
        /// The firm.
        firm: String,
    },
    /// Deviations still gain after the finest search.
    #[error(
        "no best choice found: at {lever} the objective is {objective}, and a sampled deviation to {better} gains {gain}"
    )]
    NotShown {
        /// The best choice found.
        lever: f64,
        /// The objective there.
        objective: f64,
        /// The deviation.
        better: f64,
        /// What it gains.
        gain: f64,
    },
}

impl RivalryError {
    pub(super) fn unknown_activity(market: &Market, name: &str) -> Self {
        let names: Vec<&str> = market.activities().iter().map(Activity::name).collect();
        Self::Unknown {
            what: "activity",
            name: name.to_owned(),
            known: names.join(", "),
        }
    }

    /// Refuses a number that is not finite or breaks its rule.
    pub(super) fn require(what: &str, value: f64, holds: bool, rule: &str) -> Result<(), Self> {
        if value.is_finite() && holds {
            return Ok(());
        }
        Err(Self::Number {
            what: what.to_owned(),
            value,
            rule: rule.to_owned(),
        })
    }

    /// The thing that the error names.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Solve(e) => e.place(),
            Self::Market(e) => Some(e.place()),
            Self::Curve(_)
            | Self::Ledger(_)
            | Self::NotShown { .. }
            | Self::NoClosedForm { .. }
            | Self::NoRoot { .. } => None,
            Self::Unknown { name, .. } => Some(name),
            Self::Number { what, .. } => Some(what),
            Self::OutputInGame { player, .. } => Some(player),
            Self::NothingToDriveOut { producer } => Some(producer),
            Self::LeaderWithConduct { firm } | Self::SeveralActivities { firm } => Some(firm),
        }
    }

    /// The number that the error is about, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Solve(e) => e.value(),
            Self::Market(e) => e.value(),
            Self::Number { value, .. } => Some(*value),
            Self::NotShown { gain, .. } => Some(*gain),
            Self::Curve(_)
            | Self::Ledger(_)
            | Self::Unknown { .. }
            | Self::NoClosedForm { .. }
            | Self::NoRoot { .. }
            | Self::LeaderWithConduct { .. }
            | Self::OutputInGame { .. }
            | Self::NothingToDriveOut { .. }
            | Self::SeveralActivities { .. } => None,
        }
    }
}
