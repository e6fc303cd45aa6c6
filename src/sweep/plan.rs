//! Which numbers each row of a sweep sets.

use rand_distr::{Distribution, StandardUniform};
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use crate::stochastic::block_stream;

/// Rows that share a random stream, and that are solved one from the other.
pub(super) const BLOCK: usize = 64;

/// The values that a grid gives to one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Path of the number, such as `measure/floor/strike`.
    pub path: String,
    /// Its values, in its own unit.
    pub values: Vec<f64>,
}

/// A number that is drawn evenly between two values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Path of the number.
    pub path: String,
    /// Least value, in its own unit.
    pub low: f64,
    /// Upper end, in its own unit; not drawn itself.
    pub high: f64,
}

/// The rows of a sweep: a value for each of some numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Plan {
    terms: Terms,
    rows: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Terms {
    Grid(Vec<Axis>),
    List {
        paths: Vec<String>,
        values: Vec<f64>,
    },
    Uniform {
        ranges: Vec<Range>,
        rows: usize,
        seed: u64,
    },
}

impl Plan {
    /// Every combination of the axes' values; the last axis changes fastest.
    ///
    /// # Errors
    /// [`SweepError`] without an axis, for an axis without a value, a value that is not finite, a path twice, or more rows
    /// than can be counted.
    pub fn grid(axes: Vec<Axis>) -> Result<Self, SweepError> {
        Self::new(Terms::Grid(axes))
    }

    /// Rows as given: one value for each path, row after row.
    ///
    /// # Errors
    /// [`SweepError`] without a path or a row, for rows that do not come out even, a value that is not finite, or a path
    /// twice.
    pub fn list(paths: Vec<String>, values: Vec<f64>) -> Result<Self, SweepError> {
        Self::new(Terms::List { paths, values })
    }

    /// Rows drawn evenly and independently from ranges. Each block of 64 rows has a random stream of its own, seeded from
    /// the seed and the block's number.
    ///
    /// # Errors
    /// [`SweepError`] without a range or a row, for ends that are not finite or not in order, or a path twice.
    pub fn uniform(ranges: Vec<Range>, rows: usize, seed: u64) -> Result<Self, SweepError> {
        Self::new(Terms::Uniform { ranges, rows, seed })
    }

    fn new(terms: Terms) -> Result<Self, SweepError> {
        let rows = terms.check()?;
        Ok(Self { terms, rows })
    }

    /// Paths of the numbers that are set.
    #[must_use]
    pub fn paths(&self) -> Vec<&str> {
        self.terms.paths()
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The values of some rows, row after row, as far as there are rows.
    #[must_use]
    pub fn values(&self, first: usize, count: usize) -> Vec<f64> {
        let end = first.saturating_add(count).min(self.rows);
        match &self.terms {
            Terms::Grid(axes) => (first..end)
                .flat_map(|row| combination(axes, row))
                .collect(),
            Terms::List { paths, values } => {
                let width = paths.len();
                values
                    .get(first * width..end * width)
                    .unwrap_or(&[])
                    .to_vec()
            }
            Terms::Uniform { ranges, seed, .. } => {
                let mut out = Vec::new();
                for block in first / BLOCK..end.div_ceil(BLOCK) {
                    let mut stream = block_stream(*seed, block as u64);
                    for row in block * BLOCK..end.min((block + 1) * BLOCK) {
                        for range in ranges {
                            let share: f64 = StandardUniform.sample(&mut stream);
                            if row >= first {
                                out.push(range.low + share * (range.high - range.low));
                            }
                        }
                    }
                }
                out
            }
        }
    }
}

fn combination(axes: &[Axis], mut row: usize) -> Vec<f64> {
    let mut values = vec![0.0; axes.len()];
    for (value, axis) in values.iter_mut().zip(axes).rev() {
        *value = axis.values[row % axis.values.len()];
        row /= axis.values.len();
    }
    values
}

impl Terms {
    fn paths(&self) -> Vec<&str> {
        match self {
            Self::Grid(axes) => axes.iter().map(|axis| axis.path.as_str()).collect(),
            Self::List { paths, .. } => paths.iter().map(String::as_str).collect(),
            Self::Uniform { ranges, .. } => ranges.iter().map(|r| r.path.as_str()).collect(),
        }
    }

    /// The number of rows of terms that are well formed.
    fn check(&self) -> Result<usize, SweepError> {
        let paths = self.paths();
        if paths.is_empty() {
            return Err(SweepError::Empty { what: "path" });
        }
        for (k, path) in paths.iter().enumerate() {
            if paths[..k].contains(path) {
                let path = (*path).to_owned();
                return Err(SweepError::Duplicate { path });
            }
        }
        let finite = |path: &str, what, value: f64| {
            let path = path.to_owned();
            let rule = "finite";
            let number = SweepError::Number {
                path,
                what,
                value,
                rule,
            };
            if value.is_finite() {
                Ok(())
            } else {
                Err(number)
            }
        };
        let rows = match self {
            Self::Grid(axes) => {
                let mut rows = 1_usize;
                for axis in axes {
                    for &value in &axis.values {
                        finite(&axis.path, "a value", value)?;
                    }
                    rows = rows
                        .checked_mul(axis.values.len())
                        .ok_or(SweepError::Count {
                            what: "number of combinations",
                            count: usize::MAX,
                            rule: "one that can be counted",
                        })?;
                }
                rows
            }
            Self::List { paths, values } => {
                if !values.len().is_multiple_of(paths.len()) {
                    return Err(SweepError::Count {
                        what: "number of values",
                        count: values.len(),
                        rule: "a multiple of the number of paths",
                    });
                }
                for (k, &value) in values.iter().enumerate() {
                    finite(&paths[k % paths.len()], "a value", value)?;
                }
                values.len() / paths.len()
            }
            Self::Uniform { ranges, rows, .. } => {
                for range in ranges {
                    finite(&range.path, "the low end", range.low)?;
                    finite(&range.path, "the high end", range.high)?;
                    if range.high <= range.low {
                        return Err(SweepError::Number {
                            path: range.path.clone(),
                            what: "the high end",
                            value: range.high,
                            rule: "above the low end",
                        });
                    }
                }
                *rows
            }
        };
        if rows == 0 {
            return Err(SweepError::Empty { what: "row" });
        }
        Ok(rows)
    }
}

impl TryFrom<Terms> for Plan {
    type Error = SweepError;

    fn try_from(terms: Terms) -> Result<Self, SweepError> {
        Self::new(terms)
    }
}

impl From<Plan> for Terms {
    fn from(plan: Plan) -> Self {
        plan.terms
    }
}
