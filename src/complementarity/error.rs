//! Ill-posed questions.

/// Why a question to the engine is ill-posed. Not having found an answer is no error; see
/// [`Termination`](super::Termination).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ComplementarityError {
    /// A list has the wrong number of entries.
    #[error("{what} has {found} entries; it needs {expected}, one for each unknown")]
    Length {
        /// Which list.
        what: &'static str,
        /// How many it needs.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// Row starts do not begin at 0 or do not end at the number of entries.
    #[error(
        "row starts run from {first:?} to {last:?}; they must run from 0 to the number of entries, {entries}"
    )]
    RowStarts {
        /// The first of them.
        first: Option<usize>,
        /// The last of them.
        last: Option<usize>,
        /// The number of entries.
        entries: usize,
    },
    /// A row ends before it starts, or beyond the last entry.
    #[error("row {row} runs from entry {start} to {end}; rows must follow each other")]
    RowOrder {
        /// The row.
        row: usize,
        /// Its first entry.
        start: usize,
        /// One past its last entry.
        end: usize,
    },
    /// Columns of a row are not increasing.
    #[error("in row {row} column {after} follows {before}; columns must increase")]
    ColumnOrder {
        /// The row.
        row: usize,
        /// The earlier column.
        before: usize,
        /// The one after it.
        after: usize,
    },
    /// A row or column beyond the last.
    #[error("row {row} names column {column}; there are only {dimension} rows and columns")]
    ColumnRange {
        /// The row.
        row: usize,
        /// The row or column that is out of range.
        column: usize,
        /// The number of rows and columns.
        dimension: usize,
    },
    /// A lower bound above the upper one, or a bound that is not a number.
    #[error(
        "{name} is bounded by {lower} and {upper}; the lower bound must not exceed the upper one"
    )]
    Bounds {
        /// The unknown.
        name: String,
        /// Its lower bound.
        lower: f64,
        /// Its upper bound.
        upper: f64,
    },
    /// A bound that no finite number satisfies.
    #[error("{name} must lie between {lower} and {upper}, where there is no finite number")]
    Unattainable {
        /// The unknown.
        name: String,
        /// Its lower bound.
        lower: f64,
        /// Its upper bound.
        upper: f64,
    },
    /// An unknown that must be positive has no positive value within its bounds.
    #[error("{name} must be positive, but its upper bound is {upper}")]
    Positive {
        /// The unknown.
        name: String,
        /// Its upper bound.
        upper: f64,
    },
    /// A scale or weight that is not positive and finite.
    #[error("the {what} of {name} is {value}; it must be positive and finite")]
    Scale {
        /// Which one.
        what: &'static str,
        /// The unknown.
        name: String,
        /// Its value.
        value: f64,
    },
    /// The starting point, or the residual there, is not a number.
    #[error(
        "at the starting point {name} has value {value} and residual {residual}; both must be finite"
    )]
    Start {
        /// The unknown.
        name: String,
        /// Its starting value.
        value: f64,
        /// Its residual there.
        residual: f64,
    },
    /// The workspace was made for another pattern.
    #[error(
        "the workspace was made for {expected} unknowns and {expected_entries} entries; the problem has {found} and {found_entries}"
    )]
    Workspace {
        /// The unknowns it was made for.
        expected: usize,
        /// The Jacobian entries it was made for.
        expected_entries: usize,
        /// The unknowns of the problem.
        found: usize,
        /// The Jacobian entries of the problem.
        found_entries: usize,
    },
    /// A checkpoint of another problem.
    #[error(
        "the checkpoint belongs to another problem: {name} had a residual of {expected} where it was left, and has {found}"
    )]
    Checkpoint {
        /// The first unknown whose residual differs.
        name: String,
        /// Its residual in the checkpoint.
        expected: f64,
        /// Its residual in the problem.
        found: f64,
    },
    /// A setting outside its range.
    #[error("setting {name} is {value}; it must be {rule}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        rule: &'static str,
    },
    /// No pattern-sized matrix can be formed.
    #[error("no memory for a factor of {entries} entries")]
    Memory {
        /// The entries it needs.
        entries: usize,
    },
    /// The Jacobian on the active set has no inverse, so that there is nothing to differentiate.
    #[error("the Jacobian is singular at {name}: the equilibrium is not locally unique there")]
    Singular {
        /// The unknown where the factorisation broke down.
        name: String,
    },
}
