use super::Conversion;
use crate::finance::error::{Rule, checked_terms, require};
use crate::finance::{Compounding, FinanceError};
use serde::{Deserialize, Serialize};

/// How a dividend is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Settled {
    /// In cash, where the firm has it.
    InCash,
    /// In kind: it is added to the stated value.
    InKind,
}

/// Terms of a preferred dividend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dividend {
    /// Quoted yearly rate on the stated value, as a fraction.
    pub rate: f64,
    /// How often it compounds.
    pub compounding: Compounding,
    /// Cash or in kind.
    pub settled: Settled,
    /// Whether an unpaid cash dividend stays owed. One paid in kind always does.
    pub cumulative: bool,
}

/// What a redemption pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RedemptionClaim {
    /// The stated value at issue.
    Stated,
    /// The stated value with the dividends added to it.
    Accreted,
}

/// A right of the holder to be repaid. Only where the terms contain it: it is not implied by a stated value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redemption {
    /// First date, in years from the start.
    pub from: f64,
    /// What is paid.
    pub claim: RedemptionClaim,
}

/// Terms of preferred shares, all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreferredTerms {
    /// Stated value, which is also what is paid for them, in money.
    pub stated_value: f64,
    /// The dividend.
    pub dividend: Dividend,
    /// Right to convert into common shares, if any.
    #[serde(default)]
    pub conversion: Option<Conversion>,
    /// Whether dividends added in kind convert too, or the stated value at issue alone.
    #[serde(default)]
    pub in_kind_converts: bool,
    /// Right to be repaid while the firm is solvent, if any.
    #[serde(default)]
    pub redemption: Option<Redemption>,
    /// Whether they share what is paid out to common shares, as if they had converted.
    #[serde(default)]
    pub participating: bool,
}

/// Preferred shares. In an insolvency or a deemed liquidation the holder claims the accreted value, ahead of the
/// common shares. In a solvent firm the holder has what the terms give: conversion, and repayment only where a
/// [`Redemption`] is agreed.
///
/// ```
/// use pricefloor::finance::{
///     Compounding, Conversion, ConversionTerms, Dividend, Preferred, PreferredTerms, Settled,
/// };
/// let preferred = Preferred::new(PreferredTerms {
///     stated_value: 400e6,
///     dividend: Dividend {
///         rate: 0.07,
///         compounding: Compounding::Quarterly,
///         settled: Settled::InKind,
///         cumulative: true,
///     },
///     conversion: Some(Conversion::new(ConversionTerms { price: 30.03, from: 0.125 })?),
///     in_kind_converts: false,
///     redemption: None,
///     participating: false,
/// })?;
/// assert!((preferred.accreted(10.0) - 800.6e6).abs() < 0.1e6);
/// assert!((preferred.conversion_shares(10.0) - 13.32e6).abs() < 0.01e6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PreferredTerms", into = "PreferredTerms")]
pub struct Preferred {
    terms: PreferredTerms,
}

checked_terms!(Preferred, PreferredTerms);

impl Preferred {
    /// Preferred shares with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the stated value is positive, the rate not negative and the redemption date
    /// not negative; [`FinanceError::Together`] where dividends in kind are to convert without a conversion right.
    pub fn new(terms: PreferredTerms) -> Result<Self, FinanceError> {
        require(
            "stated value of the preferred shares",
            terms.stated_value,
            Rule::Positive,
        )?;
        require("preferred dividend", terms.dividend.rate, Rule::NotNegative)?;
        if let Some(redemption) = terms.redemption {
            require("first redemption date", redemption.from, Rule::NotNegative)?;
        }
        if terms.participating && terms.conversion.is_none() {
            return Err(FinanceError::Together {
                first: "sharing distributions as converted",
                second: "preferred shares that cannot convert",
            });
        }
        if terms.in_kind_converts && terms.conversion.is_none() {
            return Err(FinanceError::Together {
                first: "converting dividends in kind",
                second: "preferred shares that cannot convert",
            });
        }
        Ok(Self { terms })
    }

    /// Stated value with the dividends in kind added, after `years`, in money. Dividends in cash add nothing here:
    /// those left unpaid are counted by the cash flow that could not pay them.
    pub fn accreted(&self, years: f64) -> f64 {
        let dividend = self.terms.dividend;
        match dividend.settled {
            Settled::InKind => {
                self.terms.stated_value * dividend.compounding.growth(dividend.rate, years)
            }
            Settled::InCash => self.terms.stated_value,
        }
    }

    /// Cash dividend of a period of `years`, in money; none where it is paid in kind.
    pub fn cash_dividend(&self, years: f64) -> f64 {
        match self.terms.dividend.settled {
            Settled::InCash => self.terms.stated_value * self.terms.dividend.rate * years,
            Settled::InKind => 0.0,
        }
    }

    /// Common shares on conversion after `years`; none without the right or before its first date.
    pub fn conversion_shares(&self, years: f64) -> f64 {
        match self.terms.conversion {
            Some(conversion) if conversion.open_at(years) => {
                conversion.shares(self.converting(years))
            }
            _ => 0.0,
        }
    }

    /// The amount that converts after `years`, in money.
    fn converting(&self, years: f64) -> f64 {
        if self.terms.in_kind_converts {
            self.accreted(years)
        } else {
            self.terms.stated_value
        }
    }

    /// What the holder may demand of a solvent firm after `years` instead of converting, in money; `None` where the
    /// terms contain no redemption that is open.
    pub fn redemption_claim(&self, years: f64) -> Option<f64> {
        let redemption = self
            .terms
            .redemption
            .filter(|redemption| years >= redemption.from)?;
        Some(match redemption.claim {
            RedemptionClaim::Stated => self.terms.stated_value,
            RedemptionClaim::Accreted => self.accreted(years),
        })
    }
}
