//! What can be wrong with the facts of a market.

use thiserror::Error;

use crate::curve::CurveError;

/// Facts that do not make a market.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum MarketError {
    /// Nothing to solve for.
    #[error("market `{market}` is empty: it has no {missing}")]
    Empty {
        /// Name of the market.
        market: String,
        /// What it lacks.
        missing: &'static str,
    },
    /// A bloc without members.
    #[error("bloc `{bloc}` has no member")]
    NoMember {
        /// The bloc.
        bloc: String,
    },
    /// A commodity whose origins cannot be told apart.
    #[error("origins of {commodity} cannot be told apart: {rule} (`{thing}`)")]
    Untracked {
        /// The commodity.
        commodity: String,
        /// The market, firm or route that stands in the way.
        thing: String,
        /// Why.
        rule: &'static str,
    },
    /// A name without letters.
    #[error("a {what} has an empty name")]
    Nameless {
        /// Kind of thing.
        what: &'static str,
    },
    /// A name with a slash, which separates the parts of a path.
    #[error("{what} `{name}` has a slash in its name, which separates the parts of a path")]
    Slash {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name given to two things of one kind.
    #[error("{what} `{name}` is declared twice")]
    Duplicate {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A region or commodity that was not declared.
    #[error("{place}: unknown {what} `{name}`; known: {known}")]
    Unknown {
        /// Where it was used.
        place: String,
        /// Region or commodity.
        what: &'static str,
        /// The name.
        name: String,
        /// The declared names.
        known: String,
    },
    /// A number outside its range.
    #[error("{place}: {name} is {value}; it must be {rule}")]
    Number {
        /// The activity or route.
        place: String,
        /// Which number.
        name: String,
        /// Its value.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// An activity that puts out nothing.
    #[error("activity `{activity}` has no output")]
    NoOutput {
        /// The activity.
        activity: String,
    },
    /// A route that goes nowhere.
    #[error("route of {commodity} from {region} leads back to {region}")]
    Loop {
        /// The commodity.
        commodity: String,
        /// The region.
        region: String,
    },
    /// A cycle of activities that makes more of a commodity than it uses.
    #[error(
        "cycle {cycle} returns {gain} units for each one it uses; a chain may not create material (gain at most 1)"
    )]
    CreatesMaterial {
        /// The commodities and places passed through.
        cycle: String,
        /// Units returned per unit used.
        gain: f64,
    },
    /// A curve that is not one.
    #[error("{place}: {source}")]
    Curve {
        /// Whose curve.
        place: String,
        /// What is wrong with it.
        source: CurveError,
    },
}

impl MarketError {
    /// The thing that the error names.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Empty { market, .. } => market,
            Self::Nameless { what } => what,
            Self::Duplicate { name, .. } | Self::Slash { name, .. } => name,
            Self::Unknown { place, .. }
            | Self::Number { place, .. }
            | Self::Curve { place, .. } => place,
            Self::NoMember { bloc } => bloc,
            Self::Untracked { thing, .. } => thing,
            Self::NoOutput { activity } => activity,
            Self::Loop { commodity, .. } => commodity,
            Self::CreatesMaterial { cycle, .. } => cycle,
        }
    }

    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } => Some(*value),
            Self::CreatesMaterial { gain, .. } => Some(*gain),
            _ => None,
        }
    }
}
