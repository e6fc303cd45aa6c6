//! What a period earns: output, sales, contracts, streams, costs, interest due, tax, working capital.

use super::PeriodFlow;
use super::producer::Producer;
use super::tax::Assessed;
use super::walk::Walk;
use crate::finance::instrument::Instrument;

impl Producer {
    pub(super) fn operate(&self, walk: &mut Walk, index: usize, last: bool, flow: &mut PeriodFlow) {
        let terms = self.project.terms();
        let facts = &self.periods[index];
        let length = terms.timeline.period_years();
        let rate = self.output_rate(index, &walk.instalments);
        flow.output = rate * length;
        flow.benchmark = walk.average.first().copied().unwrap_or(0.0);
        for (place, product) in terms.products.iter().enumerate() {
            flow.sales +=
                flow.output * product.per_output * product.realisation * walk.average[place];
        }
        let states = walk.contracts.iter_mut().zip(&mut walk.settled);
        for ((place, contract), (state, settled)) in self.contracts.iter().zip(states) {
            let product = &terms.products[*place];
            let output = flow.output * product.per_output;
            let prices = (walk.average[*place], walk.last[*place]);
            let period = self.contract_period(index, *place, output, prices);
            let settlement = contract.settle(state, &period);
            flow.top_up += settlement.top_up();
            flow.upside_share += settlement.share();
            flow.contract += settlement.paid();
            *settled = settlement.paid();
            flow.lapsed += settlement.lapsed();
        }
        if last {
            flow.contract += walk.settle_outstanding();
        }
        flow.operating_cost = flow.output * self.project.unit_cost(rate) * facts.level;
        flow.royalty = terms.operations.royalty * flow.sales;
        flow.overhead = facts.overhead;
        flow.sustaining_capex = facts.sustaining;
        if self.financed {
            flow.interest_received = flow.opening_cash * self.cash_rate;
            self.deliver(walk, index, flow);
        }
        let due = self.accrue(walk, index);
        let without_contract = flow.sales
            - flow.operating_cost
            - flow.royalty
            - flow.streamed
            - flow.overhead
            - walk.deductions.deduction()
            + flow.interest_received
            - due;
        let credit = terms.tax.relief.credit.filter(|c| facts.end <= c.until);
        let credit = credit.map_or(0.0, |credit| {
            credit.of_operating_cost * flow.operating_cost
                + credit.of_growth_capital * walk.invested
        });
        let assess = |contract: f64| Assessed {
            income: without_contract + contract,
            sales: flow.sales,
            credit,
        };
        let (with, without) = (assess(flow.contract), assess(0.0));
        flow.tax = walk.pool.assess(&terms.tax, with);
        flow.tax_without_contract = walk.pool_without.assess(&terms.tax, without);
        let working = terms.operations.working_capital;
        let bound = working.bound(flow.sales / length, flow.operating_cost / length);
        flow.working_capital = bound - walk.bound;
        walk.bound = bound;
        flow.closing_cash = flow.opening_cash + flow.available() + flow.interest_received;
    }

    /// What holders of streams and royalties take of the sales.
    fn deliver(&self, walk: &mut Walk, index: usize, flow: &mut PeriodFlow) {
        let end = self.periods[index].end;
        for (place, held) in self.capital.terms().securities.iter().enumerate() {
            let taken = match &held.instrument {
                Instrument::Stream(stream) => {
                    let product = &self.project.terms().products[stream.terms().product];
                    let realised = product.realisation * walk.average[stream.terms().product];
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
