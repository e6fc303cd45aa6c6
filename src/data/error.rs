use thiserror::Error;

/// What can be wrong with a bundled file, or with a question about it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DataError {
    /// A line of a file is not a row of that file.
    #[error("{file}, line {line}: {reason}")]
    Malformed {
        /// Name of the file.
        file: &'static str,
        /// Line, counted from 1.
        line: u64,
        /// What the parser or the check found.
        reason: String,
    },
    /// A row cites a source that `sources.csv` does not list.
    #[error("`{item}` cites the source `{key}`, which sources.csv does not list")]
    UnknownSource {
        /// The row.
        item: String,
        /// The key it cites.
        key: String,
    },
    /// A row that was read somewhere must say where; a derived or judged one must say how or why.
    #[error(
        "`{item}` has no source: a verified or second-hand figure needs one, a derived or judged one needs a source or a note"
    )]
    Unsourced {
        /// The row.
        item: String,
    },
    /// A number that is not finite, or a range that does not hold its value.
    #[error("`{item}` is {value}, but {rule}")]
    OutOfRange {
        /// The row.
        item: String,
        /// The value as written.
        value: String,
        /// What must hold.
        rule: &'static str,
    },
    /// A date that does not exist or is not written `YYYY-MM-DD` or `YYYY-MM`.
    #[error("`{value}` is not a date of the calendar written YYYY-MM-DD or YYYY-MM")]
    NotADate {
        /// The text.
        value: String,
    },
    /// A row was asked for its number (or date) and holds something else.
    #[error("`{item}` is {value}, not a {wanted}")]
    NotA {
        /// The row.
        item: String,
        /// The value as written.
        value: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// No row answers the question.
    #[error("{file} has no row `{wanted}`{}", similar(.near))]
    NotFound {
        /// Name of the file.
        file: &'static str,
        /// What was asked for.
        wanted: String,
        /// Rows that share a word with it.
        near: Vec<String>,
    },
    /// More than one row answers the question.
    #[error("{file} has {count} rows `{wanted}`: say more, or read all of them")]
    Ambiguous {
        /// Name of the file.
        file: &'static str,
        /// What was asked for.
        wanted: String,
        /// How many rows match.
        count: usize,
    },
}

fn similar(near: &[String]) -> String {
    match near {
        [] => String::new(),
        rows => format!(
            "; there is {}",
            rows.iter()
                .map(|row| format!("`{row}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
