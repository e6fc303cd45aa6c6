//! The end: what there is, and who gets it.

use super::EndValue;
use super::producer::{Outcome, PeriodFacts, Producer};
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
        let terms = self.project.terms();
        let failed = outcome != Outcome::Solvent;
        let plant = if failed {
            terms.salvage * facts.level
        } else {
            self.end_value(walk, facts)
        };
        // A plant that is sold goes on; its buyer closes it one day.
        let closes = failed || terms.end_value == EndValue::Nothing;
        let closure = if closes {
            terms.operations.closure * facts.level
        } else {
            0.0
        };
        let plant = plant + walk.bound - closure;
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
            .is_some_and(|growth| walk.instalments.len() >= growth.instalments.len());
        Ending {
            outcome,
            grown,
            estate: value,
            unpaid: (-net).max(0.0),
            plant,
        }
    }

    fn end_value(&self, walk: &Walk, facts: &PeriodFacts) -> f64 {
        let terms = self.project.terms();
        match terms.end_value {
            EndValue::Nothing => 0.0,
            EndValue::Stated(value) => value * facts.level,
            EndValue::Multiple(multiple) => {
                let year = terms.timeline.per_year() as usize;
                let from = walk.operating.len().saturating_sub(year);
                multiple * walk.operating[from..].iter().sum::<f64>().max(0.0)
            }
        }
    }
}
