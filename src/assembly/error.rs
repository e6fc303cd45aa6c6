//! What can be wrong with facts or measures when they are written down.

use thiserror::Error;

/// A fact or a measure that cannot be written into a system.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum DraftError {
    /// A name that nothing in the market has.
    #[error("{place}: unknown {what} `{name}`; known: {known}")]
    Unknown {
        /// Who asked.
        place: String,
        /// Kind of thing asked for.
        what: &'static str,
        /// Name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A number outside its range.
    #[error("{place}: {name} is {value}; it must be {rule}")]
    Number {
        /// Who gave it.
        place: String,
        /// Which number.
        name: String,
        /// Its value.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A name given twice.
    #[error("{place}: {what} `{name}` is declared twice")]
    Duplicate {
        /// Who declared it.
        place: String,
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two measures of one kind on one thing, and no rule for which holds.
    #[error(
        "measures `{first}` and `{second}` both set a {kind} on {target}; give the later one a stacking rule (add, highest or instead)"
    )]
    Conflict {
        /// The earlier measure.
        first: String,
        /// The later measure.
        second: String,
        /// What both set.
        kind: &'static str,
        /// The flow, unit or node.
        target: String,
    },
    /// Two measures that contradict each other in their numbers.
    #[error(
        "measures `{first}` ({first_value}) and `{second}` ({second_value}) contradict each other at {target}: {rule}"
    )]
    Contradiction {
        /// One measure.
        first: String,
        /// Its number.
        first_value: f64,
        /// The other measure.
        second: String,
        /// Its number.
        second_value: f64,
        /// Where.
        target: String,
        /// The rule they break.
        rule: &'static str,
    },
    /// A measure that fits nothing it was pointed at.
    #[error("{place}: {target} {rule}")]
    Unfit {
        /// The measure.
        place: String,
        /// What it was pointed at.
        target: String,
        /// Why it does not fit.
        rule: &'static str,
    },
    /// Something demanded that cannot be had.
    #[error("{place}: {target} must reach {required}, and at most {available} can be had: short by {}", required - available)]
    Infeasible {
        /// The measure.
        place: String,
        /// What must be reached.
        target: String,
        /// How much is required, units per year.
        required: f64,
        /// The most there can be, units per year.
        available: f64,
    },
    /// An offer without limit, which cannot be shared out in proportion.
    #[error(
        "{place}: the offer of `{activity}` is unbounded at a constant cost of {cost}; proportional rationing needs a rising cost or a capacity"
    )]
    UnboundedOffer {
        /// The measure.
        place: String,
        /// The activity that offers.
        activity: String,
        /// Its constant cost per unit.
        cost: f64,
    },
}

impl DraftError {
    /// The place that the error names: a measure, an activity or a node.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Unknown { place, .. }
            | Self::Number { place, .. }
            | Self::Duplicate { place, .. }
            | Self::Unfit { place, .. }
            | Self::Infeasible { place, .. }
            | Self::UnboundedOffer { place, .. } => place,
            Self::Conflict { target, .. } | Self::Contradiction { target, .. } => target,
        }
    }

    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } => Some(*value),
            Self::UnboundedOffer { cost, .. } => Some(*cost),
            Self::Infeasible { required, .. } => Some(*required),
            Self::Contradiction { second_value, .. } => Some(*second_value),
            _ => None,
        }
    }
}
