//! Who owns how many shares, before and after a transaction.

use super::FinanceError;
use super::error::{Rule, require, require_name};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a share count is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CountBasis {
    /// Stated by a source.
    #[default]
    Reported,
    /// Worked out from other figures, and no better than their rounding.
    Derived,
}

/// One row of a [`CapTable`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// Who holds it.
    pub holder: String,
    /// What it is: common shares, shares from a conversion, shares from a warrant.
    pub security: String,
    /// Common shares, or common shares that it can become.
    pub shares: f64,
    /// How the count is known.
    #[serde(default)]
    pub basis: CountBasis,
}

/// Shares by holder and security. Percentages are of the count in the table, so that of the count before
/// a transaction and that of the enlarged count come from two tables and cannot be confused.
///
/// ```
/// use pricefloor::finance::{CapTable, CountBasis, Holding};
/// let before = CapTable::new(vec![Holding {
///     holder: "Private owners".into(),
///     security: "common".into(),
///     shares: 163_477_813.0,
///     basis: CountBasis::Derived,
/// }])?;
/// let after = before.with(Holding {
///     holder: "Sponsor".into(),
///     security: "preferred, as converted".into(),
///     shares: 13_320_013.0,
///     basis: CountBasis::Reported,
/// })?;
/// assert!((after.share_of("Sponsor")? - 0.0753).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Holding>", into = "Vec<Holding>")]
pub struct CapTable {
    rows: Vec<Holding>,
}

/// A stake as a press release gives it: shares, and the fraction of the outstanding count that they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedStake {
    /// Shares of the stake.
    pub shares: f64,
    /// Fraction of the count before the stake.
    pub fraction: f64,
}

impl StatedStake {
    /// The count before the stake that the two figures imply, shares / fraction, in whole shares.
    /// It is derived: rounding of the fraction moves it.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless shares are positive and the fraction is above 0 and at most 1.
    pub fn implied_count(self) -> Result<f64, FinanceError> {
        require("shares of the stake", self.shares, Rule::Positive)?;
        require("fraction of the stake", self.fraction, Rule::PositiveShare)?;
        Ok((self.shares / self.fraction).round())
    }
}

impl CapTable {
    /// A table with these rows.
    ///
    /// # Errors
    /// [`FinanceError`] for a row without a name, a negative count, or two rows of one holder and security.
    pub fn new(rows: Vec<Holding>) -> Result<Self, FinanceError> {
        for (index, row) in rows.iter().enumerate() {
            require_name("a holder", &row.holder)?;
            require_name("a security", &row.security)?;
            require("shares", row.shares, Rule::NotNegative)?;
            if rows[..index]
                .iter()
                .any(|other| other.holder == row.holder && other.security == row.security)
            {
                let name = format!("{}: {}", row.holder, row.security);
                return Err(FinanceError::Duplicate {
                    thing: "holding",
                    name,
                });
            }
        }
        Ok(Self { rows })
    }

    /// The table after one more issue.
    ///
    /// # Errors
    /// As [`CapTable::new`].
    pub fn with(&self, row: Holding) -> Result<Self, FinanceError> {
        let mut rows = self.rows.clone();
        rows.push(row);
        Self::new(rows)
    }

    /// The rows.
    pub fn rows(&self) -> &[Holding] {
        &self.rows
    }

    /// All shares in the table.
    pub fn total(&self) -> f64 {
        self.rows.iter().map(|row| row.shares).sum()
    }

    /// Shares of one holder, over all securities.
    ///
    /// # Errors
    /// [`FinanceError::Unknown`] where the holder is not in the table.
    pub fn shares_of(&self, holder: &str) -> Result<f64, FinanceError> {
        if self.rows.iter().all(|row| row.holder != holder) {
            return Err(FinanceError::Unknown {
                thing: "holder",
                name: holder.to_owned(),
            });
        }
        Ok(self
            .rows
            .iter()
            .filter(|row| row.holder == holder)
            .map(|row| row.shares)
            .sum())
    }

    /// The holder's fraction of the count in this table.
    ///
    /// # Errors
    /// [`FinanceError::Unknown`] where the holder is not in the table; [`FinanceError::Value`] for an empty count.
    pub fn share_of(&self, holder: &str) -> Result<f64, FinanceError> {
        let shares = self.shares_of(holder)?;
        let total = self.total();
        require("total share count", total, Rule::Positive)?;
        Ok(shares / total)
    }
}

impl TryFrom<Vec<Holding>> for CapTable {
    type Error = FinanceError;

    fn try_from(rows: Vec<Holding>) -> Result<Self, FinanceError> {
        Self::new(rows)
    }
}

impl From<CapTable> for Vec<Holding> {
    fn from(table: CapTable) -> Self {
        table.rows
    }
}

impl fmt::Display for CapTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        for row in &self.rows {
            let mark = if row.basis == CountBasis::Derived {
                " (derived)"
            } else {
                ""
            };
            let percent = if total > 0.0 {
                100.0 * row.shares / total
            } else {
                0.0
            };
            writeln!(
                f,
                "{:<24} {:<28} {:>14.0} {percent:>6.2} %{mark}",
                row.holder, row.security, row.shares
            )?;
        }
        write!(f, "{:<24} {:<28} {total:>14.0}", "total", "")
    }
}
