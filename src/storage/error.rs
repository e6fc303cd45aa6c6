use crate::curve::CurveError;
use thiserror::Error;

/// What makes a storage model or a stockpile ill-posed, or leaves it unsolved.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// A number breaks its rule.
    #[error("{thing} is {value}, but it must be {rule}")]
    Value {
        /// What the number is.
        thing: &'static str,
        /// The number.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A curve, or a question put to it.
    #[error(transparent)]
    Curve(#[from] CurveError),
    /// A list without entries.
    #[error("{thing} needs at least one entry")]
    Empty {
        /// The list.
        thing: &'static str,
    },
    /// Probabilities that do not add up to one.
    #[error("{thing} has probabilities that sum to {sum}, but they must sum to 1")]
    Probabilities {
        /// What they are probabilities of.
        thing: String,
        /// Their sum.
        sum: f64,
    },
    /// A demand curve that does not fall strictly and smoothly.
    #[error(
        "storage needs a demand that falls strictly with the price: {demand} does not, because {reason}"
    )]
    Demand {
        /// The curve, as it prints.
        demand: String,
        /// Why it does not serve.
        reason: &'static str,
    },
    /// A matrix of transitions that does not fit the number of regimes.
    #[error(
        "{regimes} regimes need a transition matrix of {regimes} by {regimes}, but it has a side of {found}"
    )]
    TransitionShape {
        /// Number of regimes.
        regimes: usize,
        /// Length of the first side that does not fit.
        found: usize,
    },
    /// A name given twice.
    #[error("{what} \"{name}\" appears twice")]
    Duplicate {
        /// What is named.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name that is not there.
    #[error("there is no {what} \"{name}\"")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A question outside the range that was solved.
    #[error(
        "the decision rules cover availabilities from {low} to {high}, but {availability} was asked for"
    )]
    OutOfRange {
        /// The availability.
        availability: f64,
        /// Least availability covered.
        low: f64,
        /// Greatest availability covered.
        high: f64,
    },
    /// Iterations that ran to their limit.
    #[error(
        "{thing} had not converged after {iterations} iterations: the last change was {change}"
    )]
    NotConverged {
        /// What was iterated.
        thing: &'static str,
        /// The limit.
        iterations: usize,
        /// The last change, relative to the price.
        change: f64,
    },
    /// Somebody wanted the solve to end ([`interruptible`](crate::complementarity::interruptible)).
    #[error("{thing} was interrupted after {iterations} iterations")]
    Interrupted {
        /// What was iterated.
        thing: &'static str,
        /// Iterations done.
        iterations: usize,
    },
    /// A buying price above the selling price.
    #[error(
        "the stock buys below {floor} and sells above {ceiling}; the floor must not be above the ceiling"
    )]
    FloorAboveCeiling {
        /// Price below which the stock buys.
        floor: f64,
        /// Price above which it sells.
        ceiling: f64,
    },
    /// A band for a market that has a public stock already.
    #[error("the model has a public stock that defends a floor; leave it out to solve with a band")]
    TwoPublicStocks,
    /// An order to release more than is in store.
    #[error(
        "{name}: a release of {release} was ordered in period {period}, but {stock} is in store"
    )]
    ReleaseBeyondStock {
        /// The commodity.
        name: String,
        /// The period, from 0.
        period: usize,
        /// The release ordered.
        release: f64,
        /// What is in store.
        stock: f64,
    },
    /// An order to buy more than there is money for.
    #[error("{name}: the purchase ordered costs {cost}, but {budget} of the budget is left")]
    Budget {
        /// The commodity.
        name: String,
        /// What the purchase costs, at the price that it leads to.
        cost: f64,
        /// What is left to spend.
        budget: f64,
    },
    /// A market that no price clears.
    #[error(
        "{name}: no price brings supply and demand together; buyers who must be served whatever the price need a choke price"
    )]
    Unpriced {
        /// The commodity.
        name: String,
    },
    /// Arithmetic left the range of numbers.
    #[error(
        "{thing} at availability {availability} is not a finite number; storage has no price there"
    )]
    NotFinite {
        /// What was computed.
        thing: &'static str,
        /// The availability.
        availability: f64,
    },
}

impl StorageError {
    /// The thing that the error names.
    pub(crate) fn place(&self) -> Option<&str> {
        match self {
            Self::Value { thing, .. }
            | Self::Empty { thing }
            | Self::NotConverged { thing, .. }
            | Self::Interrupted { thing, .. }
            | Self::NotFinite { thing, .. } => Some(thing),
            Self::Probabilities { thing, .. } => Some(thing),
            Self::Duplicate { name, .. }
            | Self::Unknown { name, .. }
            | Self::ReleaseBeyondStock { name, .. }
            | Self::Budget { name, .. }
            | Self::Unpriced { name } => Some(name),
            _ => None,
        }
    }

    /// The number that broke a rule.
    pub(crate) fn value(&self) -> Option<f64> {
        match self {
            Self::Value { value, .. } => Some(*value),
            Self::Probabilities { sum, .. } => Some(*sum),
            Self::FloorAboveCeiling { floor, .. } => Some(*floor),
            Self::ReleaseBeyondStock { release, .. } => Some(*release),
            Self::Budget { cost, .. } => Some(*cost),
            Self::OutOfRange { availability, .. } | Self::NotFinite { availability, .. } => {
                Some(*availability)
            }
            _ => None,
        }
    }
}

/// Checks one number, so that each constructor reads as a list of rules.
pub(super) fn require(
    holds: bool,
    thing: &'static str,
    value: f64,
    rule: &'static str,
) -> Result<(), StorageError> {
    if holds && value.is_finite() {
        Ok(())
    } else {
        Err(StorageError::Value { thing, value, rule })
    }
}
