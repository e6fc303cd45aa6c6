use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Terms of a loan guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeTerms {
    /// Position of the covered loan, revolver or note in the list of securities.
    pub covers: usize,
    /// Part of the lender's loss that the guarantor bears.
    pub share: f64,
    /// Yearly fee that the firm pays, as a fraction of the covered part of what is owed when a period begins.
    pub fee: f64,
}

/// A guarantee, held by the guarantor: it receives the fee, and pays the lender its share of what the estate or a
/// restructuring leaves unpaid. That payment does not pass through the firm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "GuaranteeTerms", into = "GuaranteeTerms")]
pub struct Guarantee {
    terms: GuaranteeTerms,
}

checked_terms!(Guarantee, GuaranteeTerms);

impl Guarantee {
    /// A guarantee with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the share is above 0 and at most 1 and the fee not negative.
    pub fn new(terms: GuaranteeTerms) -> Result<Self, FinanceError> {
        require("guaranteed share", terms.share, Rule::PositiveShare)?;
        require("guarantee fee", terms.fee, Rule::NotNegative)?;
        Ok(Self { terms })
    }
}
