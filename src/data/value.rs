use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::DataError;

/// What a row states: a number, or as much as the source gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Value {
    /// A number, in the row's unit.
    Number(f64),
    /// A range, both ends in the row's unit (a year-end price of 190 to 200).
    Range {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// More than this, in the row's unit.
    Over(f64),
    /// Less than this, in the row's unit.
    Under(f64),
    /// A day or a month.
    Date(Date),
    /// Words.
    Text(String),
}

impl Value {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The number, or the middle of the range.
    #[must_use]
    pub fn midpoint(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Range { low, high } => Some(low + (high - low) / 2.0),
            _ => None,
        }
    }

    /// The day or month, if it is one.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            _ => None,
        }
    }
}

impl FromStr for Value {
    type Err = DataError;

    /// Reads `63`, `190-200`, `>95`, `<1.09`, `2035-12-31`, `2010-09`; anything else is text.
    fn from_str(text: &str) -> Result<Self, DataError> {
        let text = text.trim();
        let out_of_range = |rule| DataError::OutOfRange {
            item: "value".into(),
            value: text.into(),
            rule,
        };
        if text.is_empty() {
            return Err(out_of_range("a row must state something"));
        }
        if let Ok(number) = text.parse::<f64>() {
            return if number.is_finite() {
                Ok(Self::Number(number))
            } else {
                Err(out_of_range("a number must be finite"))
            };
        }
        if let Some(bound) = text.strip_prefix('>').and_then(finite) {
            return Ok(Self::Over(bound));
        }
        if let Some(bound) = text.strip_prefix('<').and_then(finite) {
            return Ok(Self::Under(bound));
        }
        if let Ok(date) = text.parse::<Date>() {
            return Ok(Self::Date(date));
        }
        // The sign of a negative lower end is not a separator.
        if let Some((low, high)) = text
            .match_indices('-')
            .filter(|(at, _)| *at > 0)
            .find_map(|(at, _)| Some((finite(&text[..at])?, finite(&text[at + 1..])?)))
        {
            return if low <= high {
                Ok(Self::Range { low, high })
            } else {
                Err(out_of_range("the lower end of a range comes first"))
            };
        }
        Ok(Self::Text(text.to_owned()))
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

impl TryFrom<String> for Value {
    type Error = DataError;

    fn try_from(text: String) -> Result<Self, DataError> {
        text.parse()
    }
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        value.to_string()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Range { low, high } => write!(f, "{low}-{high}"),
            Self::Over(bound) => write!(f, ">{bound}"),
            Self::Under(bound) => write!(f, "<{bound}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A day or a month of the calendar, written `YYYY-MM-DD` or `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: Option<u8>,
}

impl Date {
    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1, where it is given.
    #[must_use]
    pub fn day(self) -> Option<u8> {
        self.day
    }

    /// Calendar months from the month of `earlier` to this month, whatever the days: 30 from 2025-06-30 to
    /// 2027-12-31, which are ten quarters.
    #[must_use]
    pub fn months_since(self, earlier: Self) -> i32 {
        12 * (i32::from(self.year) - i32::from(earlier.year)) + i32::from(self.month)
            - i32::from(earlier.month)
    }
}

impl FromStr for Date {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        calendar(text).ok_or_else(|| DataError::NotADate {
            value: text.to_owned(),
        })
    }
}

fn calendar(text: &str) -> Option<Date> {
    let digits = |part: &str, width| {
        let fits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = match parts.next() {
        Some(part) => Some(digits(part, 2)?),
        None => None,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if parts.next().is_some() || day.is_some_and(|day| day == 0 || day > days) {
        return None;
    }
    let day = day.map(u8::try_from).transpose().ok()?;
    Some(Date {
        year,
        month: u8::try_from(month).ok()?,
        day,
    })
}

impl TryFrom<String> for Date {
    type Error = DataError;

    fn try_from(text: String) -> Result<Self, DataError> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        self.day.map_or(Ok(()), |day| write!(f, "-{day:02}"))
    }
}
