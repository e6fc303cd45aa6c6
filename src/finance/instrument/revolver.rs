use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Terms of a revolving credit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevolverTerms {
    /// The most that may be drawn, in money.
    pub limit: f64,
    /// Yearly rate on what is drawn when a period begins, as a fraction.
    pub rate: f64,
    /// Yearly fee on what is not drawn then, as a fraction.
    pub fee: f64,
    /// When what is drawn is due, in years. Drawings are made before that date.
    pub until: f64,
}

/// A revolving credit: drawn when cash does not cover a period's bills and debt service, repaid as soon as cash is above
/// the firm's reserve. It cannot be drawn while a covenant is broken. It ranks with senior loans.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RevolverTerms", into = "RevolverTerms")]
pub struct Revolver {
    terms: RevolverTerms,
}

checked_terms!(Revolver, RevolverTerms);

impl Revolver {
    /// A revolving credit with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the limit is positive, and rate, fee and due date are not negative.
    pub fn new(terms: RevolverTerms) -> Result<Self, FinanceError> {
        require("limit of the revolver", terms.limit, Rule::Positive)?;
        require("rate of the revolver", terms.rate, Rule::NotNegative)?;
        require("fee of the revolver", terms.fee, Rule::NotNegative)?;
        require("due date of the revolver", terms.until, Rule::NotNegative)?;
        Ok(Self { terms })
    }

    /// What may still be drawn at `years` with `drawn` (money) drawn already.
    pub(crate) fn room(&self, drawn: f64, years: f64) -> f64 {
        if years + super::note::DAY < self.terms.until {
            (self.terms.limit - drawn).max(0.0)
        } else {
            0.0
        }
    }
}
