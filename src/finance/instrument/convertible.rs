use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Terms of a right to turn a claim into common shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionTerms {
    /// Conversion price, in money of claim given up for each share.
    pub price: f64,
    /// First date on which the holder may convert, in years from the start.
    #[serde(default)]
    pub from: f64,
}

/// A right to turn a claim into common shares at a fixed price. It is the holder's option; it is not a put:
/// what the holder has without converting is what the instrument's other terms give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ConversionTerms", into = "ConversionTerms")]
pub struct Conversion {
    terms: ConversionTerms,
}

checked_terms!(Conversion, ConversionTerms);

impl Conversion {
    /// A right with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the price is positive and the date not negative.
    pub fn new(terms: ConversionTerms) -> Result<Self, FinanceError> {
        require("conversion price", terms.price, Rule::Positive)?;
        require("first conversion date", terms.from, Rule::NotNegative)?;
        Ok(Self { terms })
    }

    /// Shares that `amount` (money) converts into, amount / price, with fractions of a share.
    pub fn shares(&self, amount: f64) -> f64 {
        amount / self.terms.price
    }

    /// Shares that `amount` (money) converts into when fractions are paid in cash:
    /// 400,000,000 at 30.03 gives 13,320,013.
    pub fn whole_shares(&self, amount: f64) -> f64 {
        self.shares(amount).floor()
    }

    /// Whether the holder may convert at `years`.
    pub fn open_at(&self, years: f64) -> bool {
        years >= self.terms.from
    }
}
