use super::OptionError;
use std::fmt;
use thiserror::Error;

/// The rule that a number must keep.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// Any finite number.
    Finite,
    /// Above zero.
    Positive,
    /// Zero or above.
    NotNegative,
    /// From zero to one.
    Share,
    /// Above zero and at most one.
    PositiveShare,
    /// Above this number.
    Above(f64),
    /// At least this number.
    AtLeast(f64),
    /// At most this number.
    AtMost(f64),
    /// A whole number.
    Whole,
}

impl Rule {
    fn holds(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::Finite => true,
                Self::Positive => value > 0.0,
                Self::NotNegative => value >= 0.0,
                Self::Share => (0.0..=1.0).contains(&value),
                Self::PositiveShare => value > 0.0 && value <= 1.0,
                Self::Above(bound) => value > bound,
                Self::AtLeast(bound) => value >= bound,
                Self::AtMost(bound) => value <= bound,
                Self::Whole => value.fract() == 0.0,
            }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finite => f.write_str("finite"),
            Self::Positive => f.write_str("finite and above 0"),
            Self::NotNegative => f.write_str("finite and not below 0"),
            Self::Share => f.write_str("from 0 to 1"),
            Self::PositiveShare => f.write_str("above 0 and at most 1"),
            Self::Above(bound) => write!(f, "finite and above {bound}"),
            Self::AtLeast(bound) => write!(f, "finite and at least {bound}"),
            Self::AtMost(bound) => write!(f, "finite and at most {bound}"),
            Self::Whole => f.write_str("a whole number"),
        }
    }
}

/// What makes terms, cash flows or a valuation ill-posed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum FinanceError {
    /// A number breaks its rule.
    #[error("{thing} is {value}, but it must be {rule}")]
    Value {
        /// What the number is.
        thing: &'static str,
        /// The number given.
        value: f64,
        /// The rule it breaks.
        rule: Rule,
    },
    /// One entry of a list breaks its rule.
    #[error("{thing} {index} is {value}, but it must be {rule}")]
    Entry {
        /// What the list holds.
        thing: &'static str,
        /// Position in the list, from 0.
        index: usize,
        /// The number given.
        value: f64,
        /// The rule it breaks.
        rule: Rule,
    },
    /// Two numbers in the wrong order.
    #[error("{low} ({low_value}) must be below {high} ({high_value})")]
    Order {
        /// What must be the lower one.
        low: &'static str,
        /// Its value.
        low_value: f64,
        /// What must be the higher one.
        high: &'static str,
        /// Its value.
        high_value: f64,
    },
    /// A list that is too short.
    #[error("{thing} has {count} entries, but needs at least {needed}")]
    TooFew {
        /// What the list holds.
        thing: &'static str,
        /// Entries given.
        count: usize,
        /// Entries needed.
        needed: usize,
    },
    /// Two lists whose lengths must agree.
    #[error("{thing} has {found} entries, but {other} has {expected}")]
    Lengths {
        /// The list at fault.
        thing: &'static str,
        /// Its length.
        found: usize,
        /// The list it must match.
        other: &'static str,
        /// That list's length.
        expected: usize,
    },
    /// Parts that do not add up to the whole.
    #[error("{thing} add up to {sum}, but must add up to {expected}")]
    Sum {
        /// The parts.
        thing: &'static str,
        /// Their sum.
        sum: f64,
        /// What it must be.
        expected: f64,
    },
    /// A guarantee that covers something else than a debt.
    #[error("a guarantee covers security {position}, but that is not a loan, a revolver or a note")]
    NoDebt {
        /// Position in the list of securities, from 0.
        position: usize,
    },
    /// A name used twice.
    #[error("{thing} \"{name}\" appears twice")]
    Duplicate {
        /// What carries the name.
        thing: &'static str,
        /// The name.
        name: String,
    },
    /// A name that is not known.
    #[error("{thing} \"{name}\" is not known")]
    Unknown {
        /// What was looked for.
        thing: &'static str,
        /// The name.
        name: String,
    },
    /// An empty name.
    #[error("{thing} needs a name")]
    NoName {
        /// What needs one.
        thing: &'static str,
    },
    /// Terms that contradict each other.
    #[error("{first} cannot go with {second}")]
    Together {
        /// One of the terms.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// An outcome that left the range of floating-point numbers.
    #[error("{thing} leaves the range of a 64-bit float")]
    Overflow {
        /// What was computed.
        thing: &'static str,
    },
    /// An option value that could not be worked out.
    #[error("the value of {thing} could not be worked out")]
    Option {
        /// What was being valued.
        thing: &'static str,
        /// Why.
        #[source]
        source: OptionError,
    },
    /// A search that ran to its limit.
    #[error("the search for {thing} had not converged after {iterations} iterations")]
    NotConverged {
        /// What was looked for.
        thing: &'static str,
        /// The limit.
        iterations: u64,
    },
}

/// Checks one number, so that each constructor reads as a list of rules.
pub(crate) fn require(thing: &'static str, value: f64, rule: Rule) -> Result<(), FinanceError> {
    if rule.holds(value) {
        Ok(())
    } else {
        Err(FinanceError::Value { thing, value, rule })
    }
}

/// Checks each entry of a list.
pub(crate) fn require_each(
    thing: &'static str,
    values: &[f64],
    rule: Rule,
) -> Result<(), FinanceError> {
    match values
        .iter()
        .enumerate()
        .find(|&(_, &value)| !rule.holds(value))
    {
        Some((index, &value)) => Err(FinanceError::Entry {
            thing,
            index,
            value,
            rule,
        }),
        None => Ok(()),
    }
}

/// Checks that a name says something.
pub(crate) fn require_name(thing: &'static str, name: &str) -> Result<(), FinanceError> {
    if name.trim().is_empty() {
        Err(FinanceError::NoName { thing })
    } else {
        Ok(())
    }
}

/// Refuses a result that is not a number the caller can use.
pub(crate) fn finite(thing: &'static str, value: f64) -> Result<f64, FinanceError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(FinanceError::Overflow { thing })
    }
}

/// Terms that are checked when they are built and when they are read from a file: the pair of conversions
/// that `#[serde(try_from, into)]` asks for, and the accessor.
macro_rules! checked_terms {
    ($checked:ident, $terms:ident) => {
        impl $checked {
            /// The terms.
            pub fn terms(&self) -> &$terms {
                &self.terms
            }
        }

        impl TryFrom<$terms> for $checked {
            type Error = $crate::finance::FinanceError;

            fn try_from(terms: $terms) -> Result<Self, Self::Error> {
                Self::new(terms)
            }
        }

        impl From<$checked> for $terms {
            fn from(checked: $checked) -> Self {
                checked.terms
            }
        }
    };
}
pub(crate) use checked_terms;
