use super::Conversion;
use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Whether a convertible note is modelled as a debt or as the shares it would become. A note far in the
/// money trades as shares; one out of the money must be repaid. The result says which was assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CountedAs {
    /// Interest and principal are paid in cash; the holder does not convert.
    #[default]
    Debt,
    /// Converted at the start: no interest, no principal, more shares.
    Shares,
}

/// Terms of a note (plain or convertible).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteTerms {
    /// Principal, in money.
    pub face: f64,
    /// Quoted yearly coupon, as a fraction of the face.
    pub coupon: f64,
    /// When the principal is due, in years from the start.
    pub maturity: f64,
    /// Right to convert, if any.
    #[serde(default)]
    pub conversion: Option<Conversion>,
    /// Debt, or the shares it would become.
    #[serde(default)]
    pub counted_as: CountedAs,
}

/// A note: a coupon each period, the principal at maturity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NoteTerms", into = "NoteTerms")]
pub struct Note {
    terms: NoteTerms,
}

checked_terms!(Note, NoteTerms);

impl Note {
    /// A note with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the face is positive, the coupon not negative and maturity at least a day away;
    /// [`FinanceError::Together`] for a note without conversion that is to count as shares.
    pub fn new(terms: NoteTerms) -> Result<Self, FinanceError> {
        require("face of the note", terms.face, Rule::Positive)?;
        require("coupon of the note", terms.coupon, Rule::NotNegative)?;
        require("maturity of the note", terms.maturity, Rule::AtLeast(DAY))?;
        if terms.counted_as == CountedAs::Shares && terms.conversion.is_none() {
            return Err(FinanceError::Together {
                first: "counting a note as shares",
                second: "a note that cannot convert",
            });
        }
        Ok(Self { terms })
    }

    /// Shares that the note counts as: those of its conversion if it is counted as shares, else none.
    pub fn shares(&self) -> f64 {
        match (self.terms.counted_as, self.terms.conversion) {
            (CountedAs::Shares, Some(conversion)) => conversion.shares(self.terms.face),
            _ => 0.0,
        }
    }

    /// Whether interest and principal are paid in cash.
    pub fn is_debt(&self) -> bool {
        self.terms.counted_as == CountedAs::Debt
    }

    /// Principal still owed at `years`, before a payment on that day, in money; none if counted as shares.
    pub fn owed(&self, years: f64) -> f64 {
        if self.is_debt() && years <= self.terms.maturity + DAY {
            self.terms.face
        } else {
            0.0
        }
    }

    /// Coupon for a period from `start` to `end` (years), in money: the quoted rate times its length, up to maturity.
    pub fn interest(&self, start: f64, end: f64) -> f64 {
        if !self.is_debt() {
            return 0.0;
        }
        self.terms.face * self.terms.coupon * (end.min(self.terms.maturity) - start).max(0.0)
    }

    /// Principal due in the period that ends at `end` (years) and began at `start`, in money.
    pub fn principal_due(&self, start: f64, end: f64) -> f64 {
        let due = self.terms.maturity > start + DAY && self.terms.maturity <= end + DAY;
        if self.is_debt() && due {
            self.terms.face
        } else {
            0.0
        }
    }
}

/// Dates that agree to within a day are the same date: quarters of a year are not exact in days.
pub(crate) const DAY: f64 = 1.0 / 365.25;
