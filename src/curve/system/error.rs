//! What can be wrong with a demand for several goods.

use thiserror::Error;

/// An error of a demand system: each variant names the thing, its value and the rule it breaks.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SystemError {
    /// A number outside its range.
    #[error("demand system: {what} is {value}; it must be {rule}")]
    Number {
        /// What the number is.
        what: String,
        /// The number.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A name that cannot be used.
    #[error("demand system: {what} `{name}` {rule}")]
    Name {
        /// A good or a nest.
        what: &'static str,
        /// The name.
        name: String,
        /// Why not.
        rule: &'static str,
    },
    /// A system of fewer than two goods.
    #[error(
        "demand system: it has {count} goods; a system needs at least two, and one good has a `Demand`"
    )]
    TooFewGoods {
        /// How many there are.
        count: usize,
    },
    /// A nest with nothing in it.
    #[error("demand system: nest `{nest}` is empty")]
    EmptyNest {
        /// The nest.
        nest: String,
    },
    /// A table whose rows do not match the goods.
    #[error("demand system: row {row} has {found} entries for {goods} goods")]
    Shape {
        /// The row, or the good that it belongs to.
        row: String,
        /// Its entries.
        found: usize,
        /// Number of goods.
        goods: usize,
    },
    /// Two cross effects that should be equal and are not.
    #[error(
        "demand system: `{first}` answers `{second}` by {forward} and `{second}` answers `{first}` by {backward}; cross effects must be equal (Slutsky symmetry without income effects)"
    )]
    Asymmetric {
        /// One good.
        first: String,
        /// The other good.
        second: String,
        /// Slope of the first in the second.
        forward: f64,
        /// Slope of the second in the first.
        backward: f64,
    },
    /// Demand that does not fall in every direction.
    #[error(
        "demand system: the matrix of slopes has the eigenvalue {eigenvalue} (along {direction}); all must be below zero, or buyers would want more of some basket as it gets dearer"
    )]
    Curvature {
        /// The largest eigenvalue.
        eigenvalue: f64,
        /// The basket along which demand does not fall.
        direction: String,
    },
}

impl SystemError {
    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number { value, .. } => Some(*value),
            Self::Asymmetric { forward, .. } => Some(*forward),
            Self::Curvature { eigenvalue, .. } => Some(*eigenvalue),
            _ => None,
        }
    }
}
