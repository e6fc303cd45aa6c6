use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::read::{self, Cell, Row};
use super::{Confidence, DataError, Date, Provenance, Value};

const FILE: &str = "assumptions_mountain_pass.csv";

/// An input of the Mountain Pass case that no filing gives, or that had to be rounded: a value, a range and a reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Assumption {
    item: String,
    value: Value,
    low: Option<Value>,
    high: Option<Value>,
    unit: String,
    provenance: Provenance,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    item: String,
    value: Value,
    low: Option<Value>,
    high: Option<Value>,
    unit: String,
    provenance: Provenance,
}

impl TryFrom<Parts> for Assumption {
    type Error = DataError;

    fn try_from(parts: Parts) -> Result<Self, DataError> {
        let Parts {
            item,
            value,
            low,
            high,
            unit,
            provenance,
        } = parts;
        let ordered = |low: &Value, high: &Value| match (low, high) {
            (Value::Number(low), Value::Number(high)) => low <= high,
            (Value::Date(low), Value::Date(high)) => low <= high,
            _ => false,
        };
        let fits = matches!(value, Value::Number(_) | Value::Date(_))
            && low.as_ref().is_none_or(|low| ordered(low, &value))
            && high.as_ref().is_none_or(|high| ordered(&value, high))
            && low.is_some() == high.is_some();
        if fits {
            Ok(Self {
                item,
                value,
                low,
                high,
                unit,
                provenance,
            })
        } else {
            Err(DataError::OutOfRange {
                item,
                value: value.to_string(),
                rule: "an assumption is a number or a date, and a range has two ends that hold it",
            })
        }
    }
}

impl Assumption {
    /// What is assumed.
    #[must_use]
    pub fn item(&self) -> &str {
        &self.item
    }

    /// The central value, in [`unit`](Self::unit).
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Lower end of the range, where one is given.
    #[must_use]
    pub fn low(&self) -> Option<&Value> {
        self.low.as_ref()
    }

    /// Upper end of the range, where one is given.
    #[must_use]
    pub fn high(&self) -> Option<&Value> {
        self.high.as_ref()
    }

    /// The unit. Rates are percentages here, as the sources print them.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Whether it was read, derived or judged, and why; the note is the reason.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The central value as a number, in [`unit`](Self::unit).
    ///
    /// # Errors
    /// [`DataError::NotA`] if it is a date.
    pub fn number(&self) -> Result<f64, DataError> {
        self.value
            .number()
            .ok_or_else(|| self.not_a(&self.value, "number"))
    }

    /// The central value as a date.
    ///
    /// # Errors
    /// [`DataError::NotA`] if it is a number.
    pub fn date(&self) -> Result<Date, DataError> {
        self.value
            .date()
            .ok_or_else(|| self.not_a(&self.value, "date"))
    }

    /// Both ends of the range as numbers, in [`unit`](Self::unit), where a range is given.
    ///
    /// # Errors
    /// [`DataError::NotA`] if they are dates.
    pub fn range(&self) -> Result<Option<(f64, f64)>, DataError> {
        let number = |value: &Value| value.number().ok_or_else(|| self.not_a(value, "number"));
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => Ok(Some((number(low)?, number(high)?))),
            _ => Ok(None),
        }
    }

    fn not_a(&self, value: &Value, wanted: &'static str) -> DataError {
        DataError::NotA {
            item: self.item.clone(),
            value: value.to_string(),
            wanted,
        }
    }
}

/// A line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    item: String,
    value: Value,
    low: Option<Value>,
    high: Option<Value>,
    unit: String,
    confidence: Confidence,
    reason: String,
    source: String,
}

impl Row for Assumption {
    type Raw = Line;

    fn from_raw(line: Line) -> Result<Self, DataError> {
        let Line {
            item,
            value,
            low,
            high,
            unit,
            confidence,
            reason,
            source,
        } = line;
        let provenance = Provenance::cited(&item, confidence, &source, reason)?;
        Parts {
            item,
            value,
            low,
            high,
            unit,
            provenance,
        }
        .try_into()
    }
}

/// The judged inputs of the Mountain Pass case.
///
/// # Errors
/// [`DataError`] if the bundled file does not hold what it should.
pub fn assumptions() -> Result<&'static [Assumption], DataError> {
    static CELL: Cell<Assumption> = OnceLock::new();
    read::once(
        &CELL,
        FILE,
        include_str!("../../data/assumptions_mountain_pass.csv"),
    )
}

/// One of them, by its name in the file.
///
/// ```
/// use pricefloor::data;
///
/// let start = data::assumption("start of every case")?.date()?;
/// let full = data::assumption("ramp to full capacity")?.date()?;
/// assert_eq!(full.months_since(start), 30);
///
/// let error = data::assumption("growth capex").unwrap_err();
/// assert!(error.to_string().contains("there is `growth capex for the oxide business`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::NotFound`] names what was asked for and the rows that come near.
pub fn assumption(item: &str) -> Result<&'static Assumption, DataError> {
    read::one(
        FILE,
        assumptions()?,
        item,
        |row| row.item.clone(),
        |row| row.item == item,
    )
}
