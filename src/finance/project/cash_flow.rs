//! A cash flow along one path of prices, and how it ended.

use super::PeriodFlow;
use super::producer::Producer;
use super::walk::{Choices, Ending, Receipts, Walk};
use crate::finance::error::{Rule, require, require_each};
use crate::finance::rates::discount_factor;
use crate::finance::{FinanceError, ShareOut};
use serde::{Deserialize, Serialize};

/// What happened to a firm's debt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum CreditEvent {
    /// The cover ratio fell below that of the lock-up in this period, and nothing was paid to shares.
    LockedUp {
        /// The period, from 0.
        period: usize,
    },
    /// The owners cured a default.
    Cured {
        /// The period, from 0.
        period: usize,
        /// What they paid in, in money.
        amount: f64,
    },
    /// Debt was restructured.
    Restructured {
        /// The period, from 0.
        period: usize,
        /// What the lenders gave up, in money.
        written_down: f64,
    },
}

/// How a firm's cash flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Outcome {
    /// It met every payment.
    Solvent,
    /// It could not meet a payment, in this period.
    RanOutOfCash {
        /// The period, from 0.
        period: usize,
    },
    /// It broke its minimum cover ratio in this period, and that was neither cured nor restructured.
    CovenantDefault {
        /// The period, from 0.
        period: usize,
    },
    /// It met every payment, but at the end it was worth less than the debt still outstanding.
    InsolventAtEnd,
}

impl Outcome {
    /// The period of a default, from 0; `None` for a firm that reached the end.
    pub fn default_period(self) -> Option<usize> {
        match self {
            Self::RanOutOfCash { period } | Self::CovenantDefault { period } => Some(period),
            Self::Solvent | Self::InsolventAtEnd => None,
        }
    }
}

/// A cash flow: every period, and who got what in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashFlow {
    periods: Vec<PeriodFlow>,
    receipts: Vec<Receipts>,
    events: Vec<CreditEvent>,
    outcome: Outcome,
    grown: bool,
    estate: f64,
    unpaid: f64,
    share_out: ShareOut,
}

impl CashFlow {
    /// The periods, up to and with the one in which it ended.
    pub fn periods(&self) -> &[PeriodFlow] {
        &self.periods
    }

    /// Who received what in each period.
    pub fn receipts(&self) -> &[Receipts] {
        &self.receipts
    }

    /// What happened to the debt on the way.
    pub fn events(&self) -> &[CreditEvent] {
        &self.events
    }

    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the expansion was completed.
    pub fn grown(&self) -> bool {
        self.grown
    }

    /// What was shared out at the end, in money: closing cash, end or salvage value and other assets, where positive.
    pub fn estate(&self) -> f64 {
        self.estate
    }

    /// Bills of the last period that nothing was left to pay, in money.
    pub fn unpaid(&self) -> f64 {
        self.unpaid
    }

    /// Loan life cover ratio at the start: cash available for debt service, until the last period in which any is due,
    /// discounted at `rate` (effective, a year), over the debt owed at the start. `None` without such debt.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the rate is above -1.
    pub fn loan_life_cover(
        &self,
        rate: f64,
        producer: &Producer,
    ) -> Result<Option<f64>, FinanceError> {
        require("rate of the loan life cover", rate, Rule::Above(-1.0))?;
        let debt = producer.capital.debt();
        let last = self
            .periods
            .iter()
            .rposition(|period| period.service_due() > 0.0);
        let Some(last) = last.filter(|_| debt > 0.0) else {
            return Ok(None);
        };
        let value: f64 = self.periods[..=last]
            .iter()
            .zip(&producer.periods)
            .map(|(period, facts)| discount_factor(rate, facts.end) * period.available())
            .sum();
        Ok(Some(value / debt))
    }

    /// Who got the estate.
    pub fn share_out(&self) -> &ShareOut {
        &self.share_out
    }
}

impl Producer {
    /// The cash flow at given prices: for each observation in order of time, one price for each commodity (money
    /// per unit, on the basis that the project names). `grow` says whether the expansion is to be built; each
    /// instalment waits until the firm can pay it and keep its reserve.
    ///
    /// # Errors
    /// [`FinanceError`] for a list of the wrong length, a negative price, or amounts out of range.
    pub fn cash_flow(&self, prices: &[f64], grow: bool) -> Result<CashFlow, FinanceError> {
        let expected = self.observed_level.len() * self.commodities();
        if prices.len() != expected {
            let (thing, other) = ("the list of prices", "the price grid");
            return Err(FinanceError::Lengths {
                thing,
                found: prices.len(),
                other,
                expected,
            });
        }
        require_each("price", prices, Rule::NotNegative)?;
        let mut walk = Walk::new(self);
        let mut periods = Vec::with_capacity(self.periods.len());
        let mut receipts = Vec::with_capacity(self.periods.len());
        let choices = Choices {
            grow,
            exercise: &[],
        };
        let price = |observation: usize, commodity: usize| {
            prices[observation * self.commodities() + commodity]
        };
        let observed = |index: usize, place: usize| self.observe(index, place, price);
        let ending = self.walk(&mut walk, choices, observed, |walk, flow| {
            periods.push(*flow);
            receipts.push(walk.receipts().clone());
        });
        let Ending {
            outcome,
            grown,
            estate,
            unpaid,
            ..
        } = ending;
        require("what is shared out at the end", estate, Rule::NotNegative)?;
        for flow in &periods {
            require("closing cash", flow.closing_cash(), Rule::Finite)?;
        }
        Ok(CashFlow {
            periods,
            receipts,
            events: walk.events().to_vec(),
            outcome,
            grown,
            estate,
            unpaid,
            share_out: walk.share_out().clone(),
        })
    }
}
