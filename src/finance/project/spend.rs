//! What the firm may do with its cash, not what it must: repaying drawings, preferred dividends, growth, payouts.

use super::PeriodFlow;
use super::producer::{PeriodFacts, Producer};
use super::walk::{ExerciseRule, Walk};
use crate::finance::EquityBefore;
use crate::finance::capital::{Payout, common_shares};
use crate::finance::contract::HALF_A_DAY;
use crate::finance::instrument::Instrument;

impl Producer {
    pub(super) fn spend(
        &self,
        walk: &mut Walk,
        facts: &PeriodFacts,
        index: usize,
        grow: bool,
        flow: &mut PeriodFlow,
    ) {
        let reserve = self.capital.terms().reserve;
        self.repay_drawings(walk, reserve, flow);
        self.pay_dividends(walk, facts.end - facts.start, flow);
        self.invest(walk, index, grow, flow);
        if let Payout::FreeCash { from } = self.capital.terms().payout
            && facts.start + HALF_A_DAY >= from
            && !walk.locked_up
        {
            let earned = flow.closing_cash - flow.opening_cash;
            flow.payout = earned.min(flow.closing_cash - reserve).max(0.0);
            flow.closing_cash -= flow.payout;
            self.pay_out(walk, index, flow.payout);
        }
    }

    fn repay_drawings(&self, walk: &mut Walk, reserve: f64, flow: &mut PeriodFlow) {
        for &place in &self.facilities {
            let spare = (flow.closing_cash - reserve).max(0.0);
            let repaid = walk.standing.principal[place].min(spare);
            walk.standing.principal[place] -= repaid;
            walk.receipts.securities[place] += repaid;
            flow.principal_paid += repaid;
            flow.closing_cash -= repaid;
        }
    }

    /// Dividends in cash. In a lock-up they fall due unpaid.
    fn pay_dividends(&self, walk: &mut Walk, length: f64, flow: &mut PeriodFlow) {
        for &place in &self.dividends {
            let security = &self.capital.terms().securities[place];
            let Instrument::Preferred(preferred) = &security.instrument else {
                continue;
            };
            let dividend = preferred.terms().dividend;
            let due = preferred.cash_dividend(length) + walk.standing.arrears[place];
            let paid = if walk.locked_up {
                0.0
            } else {
                due.min(flow.closing_cash.max(0.0))
            };
            walk.receipts.securities[place] += paid;
            flow.preferred_dividends += paid;
            flow.closing_cash -= paid;
            walk.standing.arrears[place] = if dividend.cumulative { due - paid } else { 0.0 };
        }
    }

    /// An instalment of growth, less what grants reimburse, if the firm can pay it and keep its reserve.
    fn invest(&self, walk: &mut Walk, index: usize, grow: bool, flow: &mut PeriodFlow) {
        walk.business.invested = 0.0;
        let Some(instalment) = self.instalment(index, &walk.business.instalments, grow) else {
            return;
        };
        let reimbursed = self.reimburse(walk, instalment, false);
        let left = flow.closing_cash - instalment + reimbursed;
        if self.financed && left < self.capital.terms().reserve {
            return;
        }
        self.reimburse(walk, instalment, true);
        walk.business.instalments.push(index);
        walk.business.invested = instalment;
        flow.growth_capex = instalment;
        flow.grants = reimbursed;
        flow.closing_cash = left;
    }

    /// What grants pay for an instalment: looked up, or booked.
    fn reimburse(&self, walk: &mut Walk, instalment: f64, book: bool) -> f64 {
        let mut left = instalment;
        for (place, held) in self.capital.terms().securities.iter().enumerate() {
            let Instrument::Grant(grant) = &held.instrument else {
                continue;
            };
            let part = grant.reimbursed(instalment, walk.progress[place]).min(left);
            left -= part;
            if book {
                walk.progress[place] += part;
                walk.receipts.securities[place] -= part;
            }
        }
        instalment - left
    }

    pub(super) fn exercise(
        &self,
        walk: &mut Walk,
        rule: &ExerciseRule,
        facts: &PeriodFacts,
        flow: &mut PeriodFlow,
    ) {
        let Some(security) = self.capital.terms().securities.get(rule.security) else {
            return;
        };
        let Instrument::Warrant(warrant) = &security.instrument else {
            return;
        };
        let state = walk.state(self);
        let value: f64 = state
            .iter()
            .zip(&rule.weights)
            .map(|(state, weight)| state * weight)
            .sum();
        let before = EquityBefore {
            value: value.max(0.0),
            shares: self.shares_as_converted(walk, facts.end),
        };
        let Ok(exercise) = warrant.exercise(before) else {
            return;
        };
        walk.standing.issued[rule.security] = exercise.new_shares();
        walk.receipts.securities[rule.security] -= exercise.paid();
        flow.exercise += exercise.paid();
        flow.closing_cash += exercise.paid();
        walk.cash = flow.closing_cash;
    }

    fn shares_as_converted(&self, walk: &Walk, years: f64) -> f64 {
        let converted: f64 = self
            .capital
            .terms()
            .securities
            .iter()
            .map(|security| match &security.instrument {
                Instrument::Preferred(preferred) => preferred.conversion_shares(years),
                _ => 0.0,
            })
            .sum();
        self.shares_as_issued(walk) + converted
    }

    /// Common shares that have been issued by now.
    pub(super) fn shares_as_issued(&self, walk: &Walk) -> f64 {
        let issued: f64 = self
            .capital
            .terms()
            .securities
            .iter()
            .zip(&walk.standing.issued)
            .map(|(security, issued)| common_shares(&security.instrument) + issued)
            .sum();
        self.capital.terms().owners_shares + issued
    }

    /// Divides a payout among the shares: common ones, and preferred ones that participate as if converted.
    fn pay_out(&self, walk: &mut Walk, index: usize, payout: f64) {
        let owned = self.capital.terms().owners_shares;
        let (sharing, issued) = (&self.sharing[index], &walk.standing.issued);
        let others: f64 = sharing.iter().zip(issued).map(|(a, b)| a + b).sum();
        let each = payout / (owned + others);
        walk.receipts.owners += owned * each;
        let shares = sharing.iter().zip(issued);
        for (received, (sharing, issued)) in walk.receipts.securities.iter_mut().zip(shares) {
            *received += (sharing + issued) * each;
        }
    }
}
