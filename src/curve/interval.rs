//! Answers that may be a range.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A closed range of prices or quantities; a single number away from the steps of a curve.
///
/// An end is infinite where there is no limit on that side (any price above the choke price goes
/// with a quantity of zero). Serialised, an end without limit is left out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Ends", try_from = "Ends")]
pub struct Interval {
    low: f64,
    high: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
}

/// The ends of an interval are not in order.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("interval from {low} to {high}: the lower end must not be above the upper end")]
pub struct IntervalError {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl From<Interval> for Ends {
    fn from(interval: Interval) -> Self {
        let finite = |end: f64| end.is_finite().then_some(end);
        Self {
            low: finite(interval.low),
            high: finite(interval.high),
        }
    }
}

impl TryFrom<Ends> for Interval {
    type Error = IntervalError;

    fn try_from(ends: Ends) -> Result<Self, IntervalError> {
        let low = ends.low.unwrap_or(f64::NEG_INFINITY);
        let high = ends.high.unwrap_or(f64::INFINITY);
        if low <= high {
            Ok(Self { low, high })
        } else {
            Err(IntervalError { low, high })
        }
    }
}

impl Interval {
    pub(crate) fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    pub(super) fn point(value: f64) -> Self {
        Self {
            low: value,
            high: value,
        }
    }

    /// The lower end, minus infinity where there is none.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper end, infinity where there is none.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether the two ends are one number.
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }

    /// The numbers common to both; none when there are none.
    ///
    /// The prices at which a market with no trade may stand are those common to the prices of demand
    /// and of supply at quantity zero.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        (low <= high).then_some(Self { low, high })
    }

    /// Whether `value` lies between the ends, both included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_point() {
            self.low.fmt(f)
        } else {
            f.write_str("[")?;
            self.low.fmt(f)?;
            f.write_str(", ")?;
            self.high.fmt(f)?;
            f.write_str("]")
        }
    }
}
