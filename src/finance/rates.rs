//! Rates: annual and effective unless a compounding is named.

use super::FinanceError;
use super::error::{Rule, finite, require};
use serde::{Deserialize, Serialize};

/// How often a quoted yearly rate compounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Compounding {
    /// Once a year: the quoted rate is the effective one.
    #[default]
    Annual,
    /// Twice a year.
    HalfYearly,
    /// Four times a year.
    Quarterly,
    /// Twelve times a year.
    Monthly,
}

impl Compounding {
    /// Compounding dates in a year.
    pub fn per_year(self) -> f64 {
        match self {
            Self::Annual => 1.0,
            Self::HalfYearly => 2.0,
            Self::Quarterly => 4.0,
            Self::Monthly => 12.0,
        }
    }

    /// The effective rate of a quoted yearly rate, (1 + q/m)^m - 1: 7 % compounding quarterly is 7.186 %.
    /// Both are fractions a year.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the quoted rate is finite and above -m.
    ///
    /// ```
    /// use pricefloor::finance::Compounding;
    /// let effective = Compounding::Quarterly.effective(0.07)?;
    /// assert!((effective - 0.071_859_031_289_062_5).abs() < 1e-15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn effective(self, quoted: f64) -> Result<f64, FinanceError> {
        let m = self.per_year();
        require("quoted rate", quoted, Rule::Above(-m))?;
        finite("effective rate", (m * (quoted / m).ln_1p()).exp_m1())
    }

    /// The quoted yearly rate of an effective one, m ((1 + e)^(1/m) - 1). Both are fractions a year.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the effective rate is finite and above -1.
    pub fn quoted(self, effective: f64) -> Result<f64, FinanceError> {
        require("effective rate", effective, Rule::Above(-1.0))?;
        let m = self.per_year();
        Ok(m * (effective.ln_1p() / m).exp_m1())
    }

    /// What one unit grows to in `years` at a quoted rate: whole compounding periods compound, the part of a
    /// period that is left accrues simply.
    pub(crate) fn growth(self, quoted: f64, years: f64) -> f64 {
        let m = self.per_year();
        let periods = years * m;
        // A date that is whole but for rounding counts as whole.
        let whole = (periods + 1e-9).floor();
        (1.0 + quoted / m).powf(whole) * (1.0 + quoted / m * (periods - whole).max(0.0))
    }
}

/// A rate and the inflation that stands between its real and its nominal form (fractions a year).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithInflation {
    /// The effective rate, real or nominal.
    pub rate: f64,
    /// Inflation.
    pub inflation: f64,
}

impl WithInflation {
    /// The nominal rate of a real one, (1 + r)(1 + i) - 1 (Fisher).
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless both are finite and above -1.
    ///
    /// ```
    /// use pricefloor::finance::WithInflation;
    /// let nominal = WithInflation { rate: 0.08, inflation: 0.02 }.nominal()?;
    /// assert!((nominal - 0.1016).abs() < 1e-15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn nominal(self) -> Result<f64, FinanceError> {
        self.check()?;
        finite(
            "nominal rate",
            self.rate + self.inflation + self.rate * self.inflation,
        )
    }

    /// The real rate of a nominal one, (1 + n)/(1 + i) - 1 (Fisher).
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless both are finite and above -1.
    pub fn real(self) -> Result<f64, FinanceError> {
        self.check()?;
        finite(
            "real rate",
            (self.rate - self.inflation) / (1.0 + self.inflation),
        )
    }

    fn check(self) -> Result<(), FinanceError> {
        require("rate", self.rate, Rule::Above(-1.0))?;
        require("inflation", self.inflation, Rule::Above(-1.0))
    }
}

/// What one unit in `years` is worth today at an effective rate, (1 + r)^-years. The rate has been checked.
pub(crate) fn discount_factor(rate: f64, years: f64) -> f64 {
    (-years * rate.ln_1p()).exp()
}

/// The rate of one period of `years` years at an effective rate. The rate has been checked.
pub(crate) fn period_rate(rate: f64, years: f64) -> f64 {
    (years * rate.ln_1p()).exp_m1()
}
