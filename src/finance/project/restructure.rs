//! What a default leads to.

use super::PeriodFlow;
use super::cash_flow::{CreditEvent, Outcome};
use super::producer::Producer;
use super::walk::Walk;
use crate::finance::Remedy;
use crate::finance::instrument::Instrument;

impl Producer {
    /// Restructures the debt where that is agreed and helps; else the outcome stands.
    pub(super) fn default(
        &self,
        walk: &mut Walk,
        index: usize,
        flow: &PeriodFlow,
        outcome: Outcome,
    ) -> Option<Outcome> {
        let terms = match self.capital.terms().covenants.remedy {
            Remedy::Restructure(terms)
                if walk.restructured < terms.times && flow.closing_cash >= 0.0 =>
            {
                terms
            }
            _ => return self.claim(walk, outcome),
        };
        let owed: f64 = walk.standing.principal.iter().sum();
        if owed <= 0.0 {
            return self.claim(walk, outcome);
        }
        let per_year = f64::from(self.project.terms().timeline.per_year());
        let standstill = ((terms.standstill * per_year).round() as usize).max(1);
        walk.restructured += 1;
        // What was due from now on, or from the end of an earlier standstill, is due when this one ends.
        let from = walk.deferral.resume.max(index);
        let resume = walk.deferral.resume.max(index + standstill);
        walk.deferral.shift += resume - from;
        walk.deferral.resume = resume;
        let new_shares = self.shares_as_issued(walk) * terms.shares / (1.0 - terms.shares);
        let securities = self.capital.terms().securities.len();
        for place in 0..securities {
            let before = walk.standing.principal[place];
            if before <= 0.0 {
                continue;
            }
            walk.standing.issued[place] += new_shares * before / owed;
            let claim = before + walk.interest[place];
            let lost = terms.haircut * claim;
            walk.standing.principal[place] = claim - lost;
            walk.scale[place] *= walk.standing.principal[place] / before;
            self.call_guarantees(walk, place, lost);
        }
        walk.events.push(CreditEvent::Restructured {
            period: index,
            written_down: terms.haircut * (owed + walk.interest.iter().sum::<f64>()),
        });
        None
    }

    /// What was due and is not paid becomes a claim on the estate.
    fn claim(&self, walk: &mut Walk, outcome: Outcome) -> Option<Outcome> {
        let debts = self.debts.iter().map(|debt| debt.security);
        for place in debts.chain(self.facilities.iter().copied()) {
            if self.is_debt(place) {
                walk.standing.arrears[place] = walk.interest[place] + walk.fees[place];
            }
        }
        Some(outcome)
    }

    fn is_debt(&self, place: usize) -> bool {
        !matches!(
            self.capital.terms().securities[place].instrument,
            Instrument::Guarantee(_)
        )
    }

    /// Guarantors pay the lender their share of a loss in a restructuring.
    fn call_guarantees(&self, walk: &mut Walk, covered: usize, lost: f64) {
        for &place in &self.facilities {
            let instrument = &self.capital.terms().securities[place].instrument;
            if let Instrument::Guarantee(guarantee) = instrument
                && guarantee.terms().covers == covered
            {
                let call = guarantee.terms().share * lost;
                walk.receipts.securities[place] -= call;
                walk.receipts.securities[covered] += call;
            }
        }
    }
}
