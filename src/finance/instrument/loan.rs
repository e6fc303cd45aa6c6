use super::note::DAY;
use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require, require_each};
use serde::{Deserialize, Serialize};

/// When a loan is repaid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Repayment {
    /// All of it at maturity.
    Bullet,
    /// In equal parts at the ends of the periods after `LoanTerms::grace`, the last at maturity.
    Equal,
    /// In parts that grow so that interest and repayment together stay the same.
    Annuity,
    /// These amounts of money at the end of the first period of the timeline, of the second and so on, as
    /// [`Sculpted::loan`](crate::finance::Sculpted::loan) makes them. A negative amount is interest that is added to the
    /// principal.
    Scheduled(Vec<f64>),
}

/// Who is paid first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Seniority {
    /// Before notes.
    #[default]
    Senior,
    /// After notes, before preferred shares.
    Subordinated,
}

/// Terms of a term loan. Cash that it brings at the start is `Security::paid`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanTerms {
    /// Principal owed at the start, in money.
    pub principal: f64,
    /// Yearly rate, as a fraction; a period of a quarter bears a quarter of it on what is owed when it begins.
    pub rate: f64,
    /// Years in which interest alone is paid.
    #[serde(default)]
    pub grace: f64,
    /// When the last repayment is due, in years.
    pub maturity: f64,
    /// When principal is repaid.
    pub repayment: Repayment,
    /// Who is paid first.
    #[serde(default)]
    pub seniority: Seniority,
}

/// A term loan: interest each period on what is owed, principal by a schedule.
///
/// ```
/// use pricefloor::finance::{Loan, LoanTerms, Repayment, Seniority};
/// let loan = Loan::new(LoanTerms {
///     principal: 1000.0,
///     rate: 0.08,
///     grace: 1.0,
///     maturity: 5.0,
///     repayment: Repayment::Equal,
///     seniority: Seniority::Senior,
/// })?;
/// assert_eq!(loan.repayments(1.0, 6), [0.0, 250.0, 250.0, 250.0, 250.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "LoanTerms", into = "LoanTerms")]
pub struct Loan {
    terms: LoanTerms,
}

checked_terms!(Loan, LoanTerms);

impl Loan {
    /// A loan with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the principal is positive, the rate and the grace period not negative and the
    /// maturity at least a day after the grace period; [`FinanceError::Sum`] for a schedule that does not repay the
    /// principal; [`FinanceError::Entry`] for one that repays more than is owed.
    pub fn new(terms: LoanTerms) -> Result<Self, FinanceError> {
        require("principal of the loan", terms.principal, Rule::Positive)?;
        require("rate of the loan", terms.rate, Rule::NotNegative)?;
        require("grace period of the loan", terms.grace, Rule::NotNegative)?;
        require(
            "maturity of the loan",
            terms.maturity,
            Rule::AtLeast(terms.grace + DAY),
        )?;
        require("maturity of the loan", terms.maturity, Rule::AtMost(1000.0))?;
        if let Repayment::Scheduled(amounts) = &terms.repayment {
            require_each("repayment of the loan, period", amounts, Rule::Finite)?;
            let accuracy = 1e-9 * terms.principal;
            let mut left = terms.principal;
            for (index, amount) in amounts.iter().enumerate() {
                if *amount > left + accuracy {
                    return Err(FinanceError::Entry {
                        thing: "repayment of the loan, period",
                        index,
                        value: *amount,
                        rule: Rule::AtMost(left),
                    });
                }
                left -= amount;
            }
            if left.abs() > accuracy {
                return Err(FinanceError::Sum {
                    thing: "the repayments of the loan",
                    sum: terms.principal - left,
                    expected: terms.principal,
                });
            }
        }
        Ok(Self { terms })
    }

    /// Principal due at the end of each of `periods` periods of `period_years` years, in money.
    pub fn repayments(&self, period_years: f64, periods: usize) -> Vec<f64> {
        let terms = &self.terms;
        let at = |years: f64| (years / period_years).round().max(0.0) as usize;
        let last = at(terms.maturity).max(1);
        let first = at(terms.grace).min(last - 1);
        let count = (last - first) as i32;
        let mut due = vec![0.0; periods];
        match &terms.repayment {
            Repayment::Bullet => {
                if let Some(due) = due.get_mut(last - 1) {
                    *due = terms.principal;
                }
            }
            Repayment::Equal => {
                for due in due.iter_mut().take(last).skip(first) {
                    *due = terms.principal / f64::from(count);
                }
            }
            Repayment::Annuity => {
                let rate = terms.rate * period_years;
                // The first part is P r / ((1 + r)^n - 1), and each is 1 + r times the one before.
                let growth = f64::from(count) * rate.ln_1p();
                let mut part = if rate > 0.0 {
                    terms.principal * rate / growth.exp_m1()
                } else {
                    terms.principal / f64::from(count)
                };
                for due in due.iter_mut().take(last).skip(first) {
                    *due = part;
                    part *= 1.0 + rate;
                }
            }
            Repayment::Scheduled(amounts) => {
                due.iter_mut()
                    .zip(amounts)
                    .for_each(|(due, amount)| *due = *amount);
            }
        }
        due
    }
}
