use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::read::{self, Cell, Row};
use super::{Confidence, DataError, Provenance};

const FILE: &str = "base_case_mid2025.csv";

/// One figure of the mid-2025 world of NdPr oxide, with its range.
///
/// Quantities are tonnes of oxide a year net of process scrap: swarf that magnet plants send back to recyclers is out
/// of both production and consumption. Production is counted where the oxide is separated, consumption where magnets
/// are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct BaseCaseRow {
    item: String,
    region: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
    provenance: Provenance,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    item: String,
    region: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
    provenance: Provenance,
}

impl TryFrom<Parts> for BaseCaseRow {
    type Error = DataError;

    fn try_from(parts: Parts) -> Result<Self, DataError> {
        let Parts {
            item,
            region,
            value,
            low,
            high,
            unit,
            provenance,
        } = parts;
        let rule = if !value.is_finite() || [low, high].iter().flatten().any(|end| !end.is_finite())
        {
            Some("a value and its range must be finite")
        } else if low.is_some_and(|low| low > value) || high.is_some_and(|high| high < value) {
            Some("a range must hold its value")
        } else {
            None
        };
        match rule {
            Some(rule) => Err(DataError::OutOfRange {
                item: format!("{item}, {region}"),
                value: value.to_string(),
                rule,
            }),
            None => Ok(Self {
                item,
                region,
                value,
                low,
                high,
                unit,
                provenance,
            }),
        }
    }
}

impl BaseCaseRow {
    /// What is measured: `production`, `consumption`, `demand elasticity long run`.
    #[must_use]
    pub fn item(&self) -> &str {
        &self.item
    }

    /// The region, or the firm or kind of project that the row is about.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The figure, in [`unit`](Self::unit).
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Lower end of the plausible range, where one is given.
    #[must_use]
    pub fn low(&self) -> Option<f64> {
        self.low
    }

    /// Upper end of the plausible range, where one is given.
    #[must_use]
    pub fn high(&self) -> Option<f64> {
        self.high
    }

    /// The unit. Rates are fractions a year here.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Where the figure comes from; the note is its derivation.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

/// A line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    item: String,
    region: String,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
    confidence: Confidence,
    derivation: String,
    source: String,
}

impl Row for BaseCaseRow {
    type Raw = Line;

    fn from_raw(line: Line) -> Result<Self, DataError> {
        let Line {
            item,
            region,
            value,
            low,
            high,
            unit,
            confidence,
            derivation,
            source,
        } = line;
        let provenance = Provenance::cited(&item, confidence, &source, derivation)?;
        Parts {
            item,
            region,
            value,
            low,
            high,
            unit,
            provenance,
        }
        .try_into()
    }
}

/// The mid-2025 world balance of NdPr oxide, with prices, elasticities and unit costs.
///
/// # Errors
/// [`DataError`] if the bundled file does not hold what it should.
pub fn base_case() -> Result<&'static [BaseCaseRow], DataError> {
    static CELL: Cell<BaseCaseRow> = OnceLock::new();
    read::once(
        &CELL,
        FILE,
        include_str!("../../data/base_case_mid2025.csv"),
    )
}

/// The row of one item in one region.
///
/// ```
/// let china = pricefloor::data::base_case_row("production", "China")?;
/// assert_eq!((china.value(), china.low(), china.high()), (73_000.0, Some(66_000.0), Some(78_000.0)));
/// assert_eq!(china.unit(), "t NdPr oxide/year net of process scrap");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::NotFound`] names what was asked for and the rows that come near.
pub fn base_case_row(item: &str, region: &str) -> Result<&'static BaseCaseRow, DataError> {
    read::one(
        FILE,
        base_case()?,
        &format!("{item}, {region}"),
        |row| format!("{}, {}", row.item, row.region),
        |row| row.item == item && row.region == region,
    )
}
