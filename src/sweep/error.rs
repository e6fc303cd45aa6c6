//! What can be wrong with a sweep.

use std::path::PathBuf;

use thiserror::Error;

use crate::equilibrium::SolveError;

/// A sweep that cannot be made or cannot go on.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SweepError {
    /// A path or an outcome that the market does not have.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// A list without an entry.
    #[error("a sweep needs at least one {what}")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// A path that is swept twice.
    #[error("`{path}` is swept twice")]
    Duplicate {
        /// The path.
        path: String,
    },
    /// A number that breaks its rule.
    #[error("{path}: {what} is {value}; it must be {rule}")]
    Number {
        /// The path that is swept.
        path: String,
        /// Which number.
        what: &'static str,
        /// Its value.
        value: f64,
        /// The rule.
        rule: &'static str,
    },
    /// A count that breaks its rule.
    #[error("{what} is {count}; it must be {rule}")]
    Count {
        /// What is counted.
        what: &'static str,
        /// The count.
        count: usize,
        /// The rule.
        rule: &'static str,
    },
    /// A part that the sweep does not have.
    #[error("there is no part {part}; the sweep has {parts}, counted from 0")]
    NoPart {
        /// The part asked for.
        part: usize,
        /// How many there are.
        parts: usize,
    },
    /// A part that is missing when all are put together.
    #[error("part {part} is missing")]
    Missing {
        /// The part.
        part: usize,
    },
    /// Bytes that are not a part of this sweep.
    #[error("{place} is not a part of this sweep: {why}")]
    Foreign {
        /// The file, or which part.
        place: String,
        /// What does not fit.
        why: &'static str,
    },
    /// A file that could not be read or written.
    #[error("{}: {detail}", file.display())]
    File {
        /// The file or folder.
        file: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The caller ended the run.
    #[error("the sweep was stopped after {done} of {parts} parts")]
    Stopped {
        /// Parts done.
        done: usize,
        /// How many there are.
        parts: usize,
    },
}

impl SweepError {
    /// The thing that the error names.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Solve(error) => error.place(),
            Self::Duplicate { path } | Self::Number { path, .. } => Some(path),
            Self::Empty { what } | Self::Count { what, .. } => Some(what),
            Self::Foreign { place, .. } => Some(place),
            Self::File { file, .. } => file.to_str(),
            Self::NoPart { .. } | Self::Missing { .. } | Self::Stopped { .. } => None,
        }
    }

    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Solve(error) => error.value(),
            Self::Number { value, .. } => Some(*value),
            _ => None,
        }
    }
}
