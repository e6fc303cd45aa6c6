use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Terms of a subscription for common shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonTerms {
    /// New shares.
    pub shares: f64,
    /// Price paid, in money a share.
    pub price: f64,
}

/// New common shares, paid for in cash.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CommonTerms", into = "CommonTerms")]
pub struct Common {
    terms: CommonTerms,
}

checked_terms!(Common, CommonTerms);

impl Common {
    /// A subscription with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless shares are positive and the price is not negative.
    pub fn new(terms: CommonTerms) -> Result<Self, FinanceError> {
        require("new common shares", terms.shares, Rule::Positive)?;
        require("price of common shares", terms.price, Rule::NotNegative)?;
        Ok(Self { terms })
    }

    /// Cash that the firm receives, in money.
    pub fn proceeds(&self) -> f64 {
        self.terms.shares * self.terms.price
    }
}
