use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Terms of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantTerms {
    /// Part of each instalment of growth capital that is reimbursed.
    pub share: f64,
    /// The most that is paid in all, in money.
    pub most: f64,
}

/// A grant that reimburses growth capital as it is spent. It is not repaid, and lowers what is deducted from taxable income.
/// A grant paid out at the start is cash: `Security::paid`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "GrantTerms", into = "GrantTerms")]
pub struct Grant {
    terms: GrantTerms,
}

checked_terms!(Grant, GrantTerms);

impl Grant {
    /// A grant with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the share is from 0 to 1 and the most not negative.
    pub fn new(terms: GrantTerms) -> Result<Self, FinanceError> {
        require("granted share of growth capital", terms.share, Rule::Share)?;
        require("most of the grant", terms.most, Rule::NotNegative)?;
        Ok(Self { terms })
    }

    /// What is paid for an instalment, where `paid` has been paid before.
    pub(crate) fn reimbursed(&self, instalment: f64, paid: f64) -> f64 {
        (self.terms.share * instalment).min((self.terms.most - paid).max(0.0))
    }
}
