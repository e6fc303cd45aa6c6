//! What a period earns: output, sales, contracts, streams, costs, interest due, tax, working capital.

use super::PeriodFlow;
use super::producer::Producer;
use super::walk::Walk;
use crate::finance::instrument::Instrument;

impl Producer {
    pub(super) fn operate(&self, walk: &mut Walk, index: usize, last: bool, flow: &mut PeriodFlow) {
        let facts = &self.periods[index];
        let Walk {
            business, prices, ..
        } = walk;
        let mut earned = self.earn(business, (index, last), |place| prices[place].each_ref());
        earned.write(0, flow);
        flow.benchmark = prices.first().map_or(0.0, |[[average], _]| *average);
        flow.overhead = facts.overhead;
        flow.sustaining_capex = facts.sustaining;
        if self.financed {
            flow.interest_received = flow.opening_cash * self.cash_rate;
            self.deliver(walk, index, flow);
        }
        let due = self.accrue(walk, index);
        let interest = [&[flow.interest_received], &[due]];
        let streamed = [flow.streamed];
        self.assess(&mut walk.business, index, &mut earned, &streamed, interest);
        [flow.tax] = earned.tax;
        [flow.tax_without_contract] = earned.tax_without_contract;
        flow.closing_cash = flow.opening_cash + flow.available() + flow.interest_received;
    }

    /// What holders of streams and royalties take of the sales.
    fn deliver(&self, walk: &mut Walk, index: usize, flow: &mut PeriodFlow) {
        let end = self.periods[index].end;
        for &place in &self.deliveries {
            let taken = match &self.capital.terms().securities[place].instrument {
                Instrument::Stream(stream) => {
                    let product = &self.project.terms().products[stream.terms().product];
                    let [[average], _] = walk.prices[stream.terms().product];
                    let realised = product.realisation * average;
                    let output = flow.output * product.per_output;
                    let units = stream.delivered(output, end, walk.progress[place]);
                    walk.progress[place] += units;
                    units * stream.loss(realised)
                }
                Instrument::RoyaltySale(royalty) => royalty.due(flow.sales, end),
                _ => continue,
            };
            flow.streamed += taken;
            walk.receipts.securities[place] += taken;
        }
    }

    /// Interest and fees of the period, on what is owed when it begins; returns their sum.
    fn accrue(&self, walk: &mut Walk, index: usize) -> f64 {
        if !self.financed {
            return 0.0;
        }
        let length = self.project.terms().timeline.period_years();
        let mut sum = 0.0;
        for debt in &self.debts {
            let owed = walk.standing.principal[debt.security];
            let interest = debt.interest(index, walk.deferral, owed);
            walk.interest[debt.security] = interest;
            sum += interest;
        }
        for &place in &self.facilities {
            match &self.capital.terms().securities[place].instrument {
                Instrument::Revolver(revolver) => {
                    let drawn = walk.standing.principal[place];
                    let room = self.room(walk, place, self.periods[index].start);
                    walk.interest[place] = drawn * revolver.terms().rate * length;
                    walk.fees[place] = room * revolver.terms().fee * length;
                }
                Instrument::Guarantee(guarantee) => {
                    let terms = guarantee.terms();
                    let covered = terms.share * walk.standing.principal[terms.covers];
                    walk.fees[place] = covered * terms.fee * length;
                }
                _ => {}
            }
            sum += walk.interest[place] + walk.fees[place];
        }
        sum
    }

    /// What may be drawn on a revolver at `years`; nothing once debt has been restructured.
    pub(super) fn room(&self, walk: &Walk, place: usize, years: f64) -> f64 {
        match &self.capital.terms().securities[place].instrument {
            Instrument::Revolver(revolver) if walk.restructured == 0 => {
                revolver.room(walk.standing.principal[place], years)
            }
            _ => 0.0,
        }
    }
}
