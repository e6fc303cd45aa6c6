use super::loan::{Loan, LoanTerms, Repayment, Seniority};
use crate::finance::FinanceError;
use crate::finance::error::{Rule, require, require_each};
use serde::{Deserialize, Serialize};

/// Terms to which a loan is sized and its repayments are shaped.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SculptingTerms {
    /// Cash available for debt service / debt service, in every period (1.3, say).
    pub cover: f64,
    /// The most that the loan may be, as a fraction of what is needed.
    pub gearing: f64,
    /// What is to be paid for (growth capital and reserves), in money.
    pub need: f64,
    /// Yearly rate, as a fraction; simple within a period.
    pub rate: f64,
    /// Length of a period, in years.
    pub period_years: f64,
    /// Periods in which interest is added to the principal and nothing is paid, from the start on.
    pub grace: usize,
    /// Periods until the last repayment.
    pub periods: usize,
}

/// What limits a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Limit {
    /// The cover ratio: cash would not carry more.
    Cover,
    /// The greatest share of the need that may be borrowed.
    Gearing,
}

/// Why no loan can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum NoLoan {
    /// Nothing is needed, or nothing may be borrowed.
    NotNeeded,
    /// There is no cash available for debt service in any period after the grace periods.
    NoCash,
}

/// A loan sized to cash flow, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Sculpting {
    /// A loan.
    Sized(Sculpted),
    /// None.
    Infeasible(NoLoan),
}

/// A sculpted loan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sculpted {
    terms: SculptingTerms,
    principal: f64,
    limit: Limit,
    cover: f64,
    interest: Vec<f64>,
    repayments: Vec<f64>,
}

impl SculptingTerms {
    /// The largest loan that cash available for debt service carries at the cover ratio, within the gearing:
    /// principal = min(sum of DF_t max(C_t, 0) / cover, gearing x need). Debt service in each period after the grace
    /// periods is max(C_t, 0) / k, with one k for all of them that just repays the loan: the cover ratio where that is the
    /// limit, and more where gearing is. `available` is C_t by period, in money, before interest (tax that interest would
    /// save is not in it). A period without cash pays nothing, and its interest is added to the principal.
    ///
    /// # Errors
    /// [`FinanceError`] for a cover ratio below 1, a gearing outside 0 to 1, a need or a rate that is negative, a grace
    /// that leaves no period, fewer cash flows than periods, or an amount that is not finite.
    ///
    /// ```
    /// use pricefloor::finance::{Sculpting, SculptingTerms};
    /// let terms = SculptingTerms {
    ///     cover: 1.25,
    ///     gearing: 0.7,
    ///     need: 1000.0,
    ///     rate: 0.1,
    ///     period_years: 1.0,
    ///     grace: 0,
    ///     periods: 2,
    /// };
    /// let Sculpting::Sized(loan) = terms.size(&[275.0, 242.0])? else { panic!() };
    /// // 275 / 1.25 / 1.1 + 242 / 1.25 / 1.21 = 200 + 160, less than 70 % of 1000.
    /// assert!((loan.principal() - 360.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn size(self, available: &[f64]) -> Result<Sculpting, FinanceError> {
        require("cover ratio", self.cover, Rule::AtLeast(1.0))?;
        require("gearing", self.gearing, Rule::Share)?;
        require("need", self.need, Rule::NotNegative)?;
        require("rate of the loan", self.rate, Rule::NotNegative)?;
        require("length of a period", self.period_years, Rule::Positive)?;
        require(
            "periods until the last repayment",
            self.periods as f64,
            Rule::AtLeast(self.grace as f64 + 1.0),
        )?;
        if available.len() < self.periods {
            return Err(FinanceError::Lengths {
                thing: "the list of cash available for debt service",
                found: available.len(),
                other: "the loan, in periods,",
                expected: self.periods,
            });
        }
        let available = &available[..self.periods];
        require_each("cash available in period", available, Rule::Finite)?;
        let most = self.gearing * self.need;
        if most <= 0.0 {
            return Ok(Sculpting::Infeasible(NoLoan::NotNeeded));
        }
        let rate = self.rate * self.period_years;
        let mut factor = 1.0;
        let mut carried = 0.0;
        for (index, cash) in available.iter().enumerate() {
            factor /= 1.0 + rate;
            if index >= self.grace {
                carried += factor * cash.max(0.0);
            }
        }
        require("cash available for debt service", carried, Rule::Finite)?;
        if carried <= 0.0 {
            return Ok(Sculpting::Infeasible(NoLoan::NoCash));
        }
        let by_cover = carried / self.cover;
        let (principal, limit) = if by_cover <= most {
            (by_cover, Limit::Cover)
        } else {
            (most, Limit::Gearing)
        };
        let cover = carried / principal;
        let (mut interest, mut repayments) = (Vec::new(), Vec::new());
        let mut left = principal;
        for (index, cash) in available.iter().enumerate() {
            let due = left * rate;
            let service = if index >= self.grace {
                cash.max(0.0) / cover
            } else {
                0.0
            };
            let repaid = if index + 1 == self.periods {
                // The rounding of all periods ends here.
                left
            } else {
                (service - due).min(left)
            };
            interest.push(due);
            repayments.push(repaid);
            left -= repaid;
        }
        Ok(Sculpting::Sized(Sculpted {
            terms: self,
            principal,
            limit,
            cover,
            interest,
            repayments,
        }))
    }
}

impl Sculpted {
    /// Principal, in money: never more than gearing x need.
    pub fn principal(&self) -> f64 {
        self.principal
    }

    /// What limits it.
    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// Cash available / debt service in every period with cash: the cover asked for, or more where gearing is the limit.
    pub fn cover(&self) -> f64 {
        self.cover
    }

    /// The part of the need that the loan does not pay for, in money.
    pub fn left_to_equity(&self) -> f64 {
        self.terms.need - self.principal
    }

    /// Interest of each period, in money.
    pub fn interest(&self) -> &[f64] {
        &self.interest
    }

    /// Principal repaid in each period, in money; negative where interest is added to it.
    pub fn repayments(&self) -> &[f64] {
        &self.repayments
    }

    /// The loan, to be held as a security. Its periods are those of the project's timeline, from the first.
    ///
    /// # Errors
    /// Those of [`Loan::new`].
    pub fn loan(&self, seniority: Seniority) -> Result<Loan, FinanceError> {
        Loan::new(LoanTerms {
            principal: self.principal,
            rate: self.terms.rate,
            grace: 0.0,
            maturity: self.terms.periods as f64 * self.terms.period_years,
            repayment: Repayment::Scheduled(self.repayments.clone()),
            seniority,
        })
    }
}
