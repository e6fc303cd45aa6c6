//! When a contract runs, and how its strike moves with time.

use serde::{Deserialize, Serialize};

use super::TermError;
use super::terms::obey;
use crate::assembly::{Draft, DraftError, Expr, Period, Rule};

/// The term of a contract and the indexation of its strike. A contract outside its term writes nothing.
///
/// ```
/// use pricefloor::intervention::{ContractFloor, Vintage};
/// // ten years from year 1, the strike raised by 2 % a year from then on
/// let floor = ContractFloor::new(110.0).covering("Mountain Pass")
///     .vintage(Vintage { from: 1.0, to: Some(11.0), indexation: 0.02 });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vintage {
    /// Year in which it begins.
    #[serde(default)]
    pub from: f64,
    /// Year in which it ends; `None` for no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// What the strike grows by, a fraction per year since the beginning.
    #[serde(default)]
    pub indexation: f64,
}

impl Vintage {
    pub(super) fn check(&self) -> Result<(), TermError> {
        obey("beginning of the contract", self.from, Rule::Finite)?;
        obey("indexation", self.indexation, Rule::AboveMinusOne)?;
        match self.to {
            Some(to) if !(to.is_finite() && to > self.from) => Err(TermError {
                term: "end of the contract",
                value: to,
                rule: "a finite year after its beginning",
            }),
            _ => Ok(()),
        }
    }

    /// The strike in a period; `None` outside the term.
    pub(super) fn strike(&self, strike: f64, period: Period) -> Option<f64> {
        let runs = period.start >= self.from && self.to.is_none_or(|to| period.start < to);
        runs.then(|| strike * (1.0 + self.indexation).powf(period.start - self.from))
    }
}

pub(super) fn whole() -> f64 {
    1.0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
pub(super) fn is_whole(factor: &f64) -> bool {
    *factor == 1.0
}

/// What the market price is multiplied by to give a contract's reference.
pub(super) fn reference_factor(draft: &mut Draft<'_>, factor: f64) -> Result<Expr, DraftError> {
    if factor == 1.0 {
        return Ok(Expr::from(1.0));
    }
    Ok(draft
        .param("reference_factor", factor, Rule::Positive)?
        .into())
}
