//! From the text of a file to checked rows, once.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::DataError;

/// A row of a file: read as `Raw`, then checked.
pub(super) trait Row: Sized {
    type Raw: DeserializeOwned;

    fn from_raw(raw: Self::Raw) -> Result<Self, DataError>;
}

/// Where the checked rows of a file are kept after the first question.
pub(super) type Cell<T> = OnceLock<Result<Vec<T>, DataError>>;

pub(super) fn once<T: Row>(
    cell: &'static Cell<T>,
    file: &'static str,
    text: &str,
) -> Result<&'static [T], DataError> {
    cell.get_or_init(|| rows(file, text))
        .as_deref()
        .map_err(Clone::clone)
}

pub(super) fn rows<T: Row>(file: &'static str, text: &str) -> Result<Vec<T>, DataError> {
    let malformed = |line, reason| DataError::Malformed { file, line, reason };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .map_err(|error| malformed(1, error.to_string()))?
        .clone();
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|error| {
                malformed(
                    error.position().map_or(0, csv::Position::line),
                    error.to_string(),
                )
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let raw = record
                .deserialize(Some(&headers))
                .map_err(|error| malformed(line, error.to_string()))?;
            T::from_raw(raw).map_err(|error| malformed(line, error.to_string()))
        })
        .collect()
}

/// The one row for which `matches` holds; `name` says what a row is called in an error.
pub(super) fn one<'a, T>(
    file: &'static str,
    rows: &'a [T],
    wanted: &str,
    name: impl Fn(&T) -> String,
    matches: impl Fn(&T) -> bool,
) -> Result<&'a T, DataError> {
    let mut found = rows.iter().filter(|row| matches(row));
    match (found.next(), found.count()) {
        (Some(row), 0) => Ok(row),
        (Some(_), others) => Err(DataError::Ambiguous {
            file,
            wanted: wanted.to_owned(),
            count: others + 1,
        }),
        (None, _) => Err(DataError::NotFound {
            file,
            wanted: wanted.to_owned(),
            near: near(rows, wanted, name),
        }),
    }
}

/// At most five names, those that share most words with what was asked for.
fn near<T>(rows: &[T], wanted: &str, name: impl Fn(&T) -> String) -> Vec<String> {
    let words = |text: &str| {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let asked = words(wanted);
    let mut scored: Vec<(usize, String)> = rows
        .iter()
        .map(|row| {
            let name = name(row);
            let known = words(&name);
            (
                asked.iter().filter(|word| known.contains(word)).count(),
                name,
            )
        })
        .filter(|(shared, _)| *shared > 0)
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup();
    scored.into_iter().take(5).map(|(_, name)| name).collect()
}
