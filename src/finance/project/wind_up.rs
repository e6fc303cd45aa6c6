//! The end: what there is, and who gets it.

use super::EndValue;
use super::cash_flow::Outcome;
use super::producer::{PeriodFacts, Producer};
use super::walk::{Ending, Walk};
use crate::finance::waterfall::{Estate, ShareOut};

impl Producer {
    /// Part of what was shared out that went to debt, net of what guarantors paid.
    pub(crate) fn debt_payments(&self, share_out: &ShareOut) -> f64 {
        let securities = self
            .capital
            .terms()
            .securities
            .iter()
            .zip(share_out.securities());
        securities
            .filter(|(held, _)| held.instrument.is_credit())
            .map(|(_, paid)| paid)
            .sum()
    }

    pub(super) fn wind_up(&self, walk: &mut Walk, outcome: Outcome, facts: &PeriodFacts) -> Ending {
        let failed = outcome != Outcome::Solvent;
        let year = self.project.terms().timeline.per_year() as usize;
        let from = walk.operating.len().saturating_sub(year);
        let operating = walk.operating[from..].iter().sum();
        let [bound] = *walk.business.bound();
        let plant = self.plant(outcome, facts, operating, bound);
        let other = self.capital.terms().other_assets;
        let other = if other.value > 0.0 {
            other.value * (facts.end * other.growth.ln_1p()).exp()
        } else {
            0.0
        };
        let net = walk.cash + plant + other;
        let value = net.max(0.0);
        let owed: f64 = walk.standing.principal.iter().sum();
        let outcome = if !failed && self.financed && value < owed {
            Outcome::InsolventAtEnd
        } else {
            outcome
        };
        let insolvent = outcome != Outcome::Solvent;
        self.capital.share_out_into(
            Estate {
                value,
                years: facts.end,
                insolvent,
            },
            &walk.standing,
            &mut walk.share_out,
        );
        let grown = self
            .growth
            .as_ref()
            .is_some_and(|growth| walk.business.instalments.len() >= growth.instalments.len());
        Ending {
            outcome,
            grown,
            estate: value,
            unpaid: (-net).max(0.0),
            plant,
        }
    }

    /// What plant and working capital are worth, less closure, where the last year left `operating` after sustaining capital.
    #[inline(always)]
    pub(super) fn plant(
        &self,
        outcome: Outcome,
        facts: &PeriodFacts,
        operating: f64,
        bound: f64,
    ) -> f64 {
        let terms = self.project.terms();
        let failed = outcome != Outcome::Solvent;
        let plant = match terms.end_value {
            _ if failed => terms.salvage * facts.level,
            EndValue::Nothing => 0.0,
            EndValue::Stated(value) => value * facts.level,
            EndValue::Multiple(multiple) => multiple * operating.max(0.0),
        };
        // A plant that is sold goes on; its buyer closes it one day.
        let closes = failed || terms.end_value == EndValue::Nothing;
        let closure = if closes {
            terms.operations.closure * facts.level
        } else {
            0.0
        };
        plant + bound - closure
    }
}
