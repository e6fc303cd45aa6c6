//! Figures over the ranges of what is not known well.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most ranges of which every corner is visited: 1,024 of them.
const MOST_RANGES: usize = 10;

/// A central value and the ends of its range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Central value.
    pub central: f64,
    /// Upper end.
    pub high: f64,
}

/// A range that is none.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum RangeError {
    /// Ends and centre that are not in order.
    #[error(
        "the range of {name} is {low}, {central}, {high}; it must be finite and in rising order"
    )]
    Order {
        /// Of what.
        name: String,
        /// Lower end.
        low: f64,
        /// Central value.
        central: f64,
        /// Upper end.
        high: f64,
    },
    /// Too many ranges to visit every corner.
    #[error("{count} ranges have too many corners; at most {MOST_RANGES} are visited")]
    TooMany {
        /// How many.
        count: usize,
    },
}

/// Ranges of named numbers, such as elasticities.
///
/// ```
/// use pricefloor::ledger::{Range, Ranges};
/// let ranges = Ranges::new()
///     .with("demand elasticity", Range { low: -1.0, central: -0.6, high: -0.3 })?
///     .with("supply elasticity", Range { low: 0.4, central: 0.8, high: 1.2 })?;
/// // pass-through of a tax, e_s / (e_s - e_d)
/// let figures = ranges.spread(|e| Ok::<_, std::convert::Infallible>(vec![e[1] / (e[1] - e[0])]))?;
/// assert!((figures[0].low - 0.4 / 1.4).abs() < 1e-12);
/// assert!((figures[0].high - 1.2 / 1.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranges {
    ranges: Vec<(String, Range)>,
}

impl Ranges {
    /// No range yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a range.
    ///
    /// # Errors
    /// [`RangeError`] when its numbers are not in rising order, or there are more than ten.
    pub fn with(mut self, name: &str, range: Range) -> Result<Self, RangeError> {
        let Range { low, central, high } = range;
        if !(low.is_finite() && high.is_finite() && low <= central && central <= high) {
            return Err(RangeError::Order {
                name: name.to_owned(),
                low,
                central,
                high,
            });
        }
        self.ranges.push((name.to_owned(), range));
        if self.ranges.len() > MOST_RANGES {
            return Err(RangeError::TooMany {
                count: self.ranges.len(),
            });
        }
        Ok(self)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().map(|(name, _)| name.as_str())
    }

    /// Works figures out at the centre and at every corner of the ranges, and gives for each the central value and the
    /// lowest and highest found. Those are the true ends where a figure rises or falls throughout in each number.
    ///
    /// # Errors
    /// Those of `figures`, which gets the numbers in the order of the ranges.
    pub fn spread<E>(
        &self,
        mut figures: impl FnMut(&[f64]) -> Result<Vec<f64>, E>,
    ) -> Result<Vec<Range>, E> {
        let centre: Vec<f64> = self.ranges.iter().map(|(_, r)| r.central).collect();
        let single = |&central: &f64| Range {
            low: central,
            central,
            high: central,
        };
        let mut found: Vec<Range> = figures(&centre)?.iter().map(single).collect();
        for corner in 0..1_usize << self.ranges.len() {
            let ends = self.ranges.iter().enumerate();
            let at: Vec<f64> = ends
                .map(|(i, (_, r))| if corner >> i & 1 == 1 { r.high } else { r.low })
                .collect();
            for (range, figure) in found.iter_mut().zip(figures(&at)?) {
                range.low = range.low.min(figure);
                range.high = range.high.max(figure);
            }
        }
        Ok(found)
    }
}
