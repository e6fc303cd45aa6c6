//! Debt service, covenants, drawings, cures and defaults.

use super::PeriodFlow;
use super::cash_flow::{CreditEvent, Outcome};
use super::debts::Debt;
use super::producer::Producer;
use super::walk::Walk;
use crate::finance::instrument::Instrument;

/// What a period owes its lenders.
struct Due {
    interest: f64,
    fees: f64,
    principal: f64,
}

impl Producer {
    /// Pays what is due, drawing on revolvers and on the owners where cash does not cover it. Where that is not enough, or
    /// a covenant is broken and not cured, nothing is paid: debt is restructured, or the outcome of the firm is returned and
    /// what was due becomes a claim on the estate.
    pub(super) fn serve_debt(
        &self,
        walk: &mut Walk,
        index: usize,
        flow: &mut PeriodFlow,
    ) -> Option<Outcome> {
        if !self.financed {
            return None;
        }
        let due = self.take_stock(walk, index);
        flow.service_due = due.interest + due.fees + due.principal;
        let missing_cover = self.test_cover(walk, index, flow);
        let missing = (flow.service_due - flow.closing_cash).max(0.0);
        if missing > 0.0 || missing_cover > 0.0 {
            let drawable = if missing_cover > 0.0 {
                0.0
            } else {
                self.drawable(walk, index)
            };
            let drawn = missing.min(drawable);
            let cure = (missing - drawn).max(missing_cover);
            if cure > 0.0 && !self.can_cure(walk, cure) {
                let outcome = if missing > drawn {
                    Outcome::RanOutOfCash { period: index }
                } else {
                    Outcome::CovenantDefault { period: index }
                };
                return self.default(walk, index, flow, outcome);
            }
            self.draw(walk, index, drawn, flow);
            if cure > 0.0 {
                walk.cures += 1;
                walk.cured += cure;
                walk.receipts.owners -= cure;
                flow.cure = cure;
                flow.closing_cash += cure;
                walk.events.push(CreditEvent::Cured {
                    period: index,
                    amount: cure,
                });
            }
        }
        self.pay(walk, index, &due, flow);
        None
    }

    /// What is due now; the principal of each security is noted in `walk.due`.
    fn take_stock(&self, walk: &mut Walk, index: usize) -> Due {
        let mut due = Due {
            interest: 0.0,
            fees: 0.0,
            principal: 0.0,
        };
        let standstill = index < walk.deferral.resume;
        for debt in &self.debts {
            let principal = self.principal_due(walk, index, debt.security, Some(debt));
            walk.due[debt.security] = principal;
            due.principal += principal;
            if !standstill {
                due.interest += walk.interest[debt.security];
            }
        }
        for &place in &self.facilities {
            let principal = self.principal_due(walk, index, place, None);
            walk.due[place] = principal;
            due.principal += principal;
            due.fees += walk.fees[place];
            if !standstill {
                due.interest += walk.interest[place];
            }
        }
        due
    }

    /// Principal of one security that is due at the end of the period.
    fn principal_due(&self, walk: &Walk, index: usize, place: usize, debt: Option<&Debt>) -> f64 {
        let owed = walk.standing.principal[place];
        if let Some(debt) = debt {
            return (debt.due(index, walk.deferral) * walk.scale[place]).min(owed);
        }
        let Instrument::Revolver(revolver) = &self.capital.terms().securities[place].instrument
        else {
            return 0.0;
        };
        let length = self.project.terms().timeline.period_years();
        let until = revolver.terms().until + walk.deferral.shift as f64 * length;
        let end = self.periods[index].end + crate::finance::instrument::DAY;
        if index >= walk.deferral.resume && end >= until {
            owed
        } else {
            0.0
        }
    }

    /// Tests the cover ratios; returns what the owners would have to add to restore the minimum, in money.
    fn test_cover(&self, walk: &mut Walk, index: usize, flow: &PeriodFlow) -> f64 {
        let covenants = &self.capital.terms().covenants;
        if !covenants.tests_cover() {
            return 0.0;
        }
        let year = self.project.terms().timeline.per_year() as usize;
        let earlier = &walk.cover[(walk.cover.len() + 1).saturating_sub(year)..];
        let add = |sum: (f64, f64), one: (f64, f64)| (sum.0 + one.0, sum.1 + one.1);
        let sum = earlier.iter().copied().fold((0.0, 0.0), add);
        let now = (flow.available(), flow.service_due);
        let (available, service) = add(sum, now);
        walk.cover.push(now);
        let below = |ratio: Option<f64>| ratio.map_or(0.0, |ratio| ratio * service - available);
        let locked_up = service > 0.0 && below(covenants.lock_up) > 0.0;
        if locked_up && !walk.locked_up {
            walk.events.push(CreditEvent::LockedUp { period: index });
        }
        walk.locked_up = locked_up;
        if service > 0.0 {
            below(covenants.minimum).max(0.0)
        } else {
            0.0
        }
    }

    fn drawable(&self, walk: &Walk, index: usize) -> f64 {
        let end = self.periods[index].end;
        self.facilities
            .iter()
            .map(|&place| self.room(walk, place, end))
            .sum()
    }

    fn draw(&self, walk: &mut Walk, index: usize, amount: f64, flow: &mut PeriodFlow) {
        let mut left = amount;
        for &place in &self.facilities {
            let part = left.min(self.room(walk, place, self.periods[index].end));
            walk.standing.principal[place] += part;
            walk.receipts.securities[place] -= part;
            left -= part;
        }
        flow.drawn += amount;
        flow.closing_cash += amount;
    }

    fn can_cure(&self, walk: &Walk, amount: f64) -> bool {
        let cure = self.capital.terms().covenants.cure;
        cure.is_some_and(|cure| walk.cures < cure.times && walk.cured + amount <= cure.most)
    }

    fn pay(&self, walk: &mut Walk, index: usize, due: &Due, flow: &mut PeriodFlow) {
        let standstill = index < walk.deferral.resume;
        let debts = self.debts.iter().map(|debt| debt.security);
        for place in debts.chain(self.facilities.iter().copied()) {
            let principal = walk.due[place];
            walk.standing.principal[place] -= principal;
            walk.receipts.securities[place] += principal + walk.fees[place];
            if standstill {
                let before = walk.standing.principal[place];
                walk.standing.principal[place] += walk.interest[place];
                if before > 0.0 {
                    walk.scale[place] *= walk.standing.principal[place] / before;
                }
            } else {
                walk.receipts.securities[place] += walk.interest[place];
            }
        }
        flow.interest_paid = due.interest;
        flow.fees_paid = due.fees;
        flow.principal_paid = due.principal;
        flow.closing_cash -= flow.service_due;
    }
}
