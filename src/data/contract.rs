use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::read::{self, Cell, Row};
use super::{Confidence, DataError, Provenance, Value};

const TERMS: &str = "mp_contract_terms.csv";
const QUARTERS: &str = "mp_ppa_quarters.csv";

/// One term of the agreements of July 2025 between MP Materials and the US Department of Defense (later: of War).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractTerm {
    term: String,
    value: Value,
    unit: String,
    provenance: Provenance,
}

impl ContractTerm {
    /// Name of the term: `ppa_` price protection agreement, `pref_` preferred stock, `warrant_`, `dow_` the
    /// department's shareholding, `offering_` the common offering, `sm_loan_` the samarium loan, `offtake_` the magnet
    /// offtake, `fv_` values in the accounts.
    #[must_use]
    pub fn term(&self) -> &str {
        &self.term
    }

    /// What it says, in [`unit`](Self::unit).
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The unit; `text` for words, `date` for a day.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Where it was read.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The value as a number, in [`unit`](Self::unit).
    ///
    /// # Errors
    /// [`DataError::NotA`] if it is a date or words.
    pub fn number(&self) -> Result<f64, DataError> {
        self.value.number().ok_or_else(|| DataError::NotA {
            item: self.term.clone(),
            value: self.value.to_string(),
            wanted: "number",
        })
    }
}

/// A line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermLine {
    term: String,
    value: Value,
    unit: String,
    note: String,
    source: String,
    confidence: Confidence,
}

impl Row for ContractTerm {
    type Raw = TermLine;

    fn from_raw(line: TermLine) -> Result<Self, DataError> {
        let TermLine {
            term,
            value,
            unit,
            note,
            source,
            confidence,
        } = line;
        let provenance = Provenance::cited(&term, confidence, &source, note)?;
        Ok(Self {
            term,
            value,
            unit,
            provenance,
        })
    }
}

/// The terms of the July 2025 agreements.
///
/// # Errors
/// [`DataError`] if the bundled file does not hold what it should.
pub fn contract_terms() -> Result<&'static [ContractTerm], DataError> {
    static CELL: Cell<ContractTerm> = OnceLock::new();
    read::once(
        &CELL,
        TERMS,
        include_str!("../../data/mp_contract_terms.csv"),
    )
}

/// One of them, by its name in the file.
///
/// ```
/// let floor = pricefloor::data::contract_term("ppa_floor")?;
/// assert_eq!((floor.number()?, floor.unit()), (110.0, "USD/kg NdPr"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::NotFound`] names what was asked for and the rows that come near. Terms that were looked for and not
/// found (whether the benchmark holds value-added tax, for one) are listed in the README of `data/`, not in the file.
pub fn contract_term(term: &str) -> Result<&'static ContractTerm, DataError> {
    read::one(
        TERMS,
        contract_terms()?,
        term,
        |row| row.term.clone(),
        |row| row.term == term,
    )
}

/// One figure of MP Materials in one quarter or fiscal year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuarterFigure {
    quarter: String,
    metric: String,
    value: Value,
    unit: String,
    provenance: Provenance,
}

impl QuarterFigure {
    /// The quarter, `Q4 2025`, or the fiscal year, `FY 2025`.
    #[must_use]
    pub fn quarter(&self) -> &str {
        &self.quarter
    }

    /// What is measured: `ppa_income`, `ndpr_sales`, `ndpr_realised_price`, `benchmark_exvat_quarter_avg`.
    #[must_use]
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The figure, in [`unit`](Self::unit).
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The unit.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Where it was read, or how it was derived.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The value as a number, in [`unit`](Self::unit).
    ///
    /// # Errors
    /// [`DataError::NotA`] if it is a range or words.
    pub fn number(&self) -> Result<f64, DataError> {
        self.value.number().ok_or_else(|| DataError::NotA {
            item: format!("{}, {}", self.quarter, self.metric),
            value: self.value.to_string(),
            wanted: "number",
        })
    }
}

/// A line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuarterLine {
    quarter: String,
    metric: String,
    value: Value,
    unit: String,
    note: String,
    source: String,
    confidence: Confidence,
}

impl Row for QuarterFigure {
    type Raw = QuarterLine;

    fn from_raw(line: QuarterLine) -> Result<Self, DataError> {
        let QuarterLine {
            quarter,
            metric,
            value,
            unit,
            note,
            source,
            confidence,
        } = line;
        let provenance =
            Provenance::cited(&format!("{quarter}, {metric}"), confidence, &source, note)?;
        Ok(Self {
            quarter,
            metric,
            value,
            unit,
            provenance,
        })
    }
}

/// MP Materials by quarter, from Q1 2025: volumes, revenue, income from the price protection agreement, benchmarks.
///
/// # Errors
/// [`DataError`] if the bundled file does not hold what it should.
pub fn quarters() -> Result<&'static [QuarterFigure], DataError> {
    static CELL: Cell<QuarterFigure> = OnceLock::new();
    read::once(
        &CELL,
        QUARTERS,
        include_str!("../../data/mp_ppa_quarters.csv"),
    )
}

/// One figure of one quarter.
///
/// ```
/// let income = pricefloor::data::quarter("Q4 2025", "ppa_income")?;
/// assert_eq!((income.number()?, income.unit()), (51.016, "USD m"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::NotFound`] names what was asked for and the rows that come near.
pub fn quarter(quarter: &str, metric: &str) -> Result<&'static QuarterFigure, DataError> {
    read::one(
        QUARTERS,
        quarters()?,
        &format!("{quarter}, {metric}"),
        |row| format!("{}, {}", row.quarter, row.metric),
        |row| row.quarter == quarter && row.metric == metric,
    )
}
