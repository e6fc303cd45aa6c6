//! One pass through the periods: the only place where a period's cash is computed.

use super::producer::{Outcome, PeriodFacts, Producer};
use super::tax::{Deductions, LossPool};
use super::{EndValue, PeriodFlow};
use crate::finance::capital::{Payout, common_shares};
use crate::finance::contract::{ContractPeriod, SettlementState};
use crate::finance::instrument::Instrument;
use crate::finance::waterfall::{Estate, ShareOut, Standing};
use crate::finance::{EquityBefore, Settled};
use serde::{Deserialize, Serialize};

/// Who received what in one period, in money; what is shared out at the end is not in it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    owners: f64,
    securities: Vec<f64>,
}

impl Receipts {
    /// What the owners received.
    pub fn owners(&self) -> f64 {
        self.owners
    }

    /// What each security received, in the order of the securities, less a strike that its holder paid.
    pub fn securities(&self) -> &[f64] {
        &self.securities
    }
}

/// Decisions that are taken before the walk begins, or by a rule that looks at what is known on the way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choices<'a> {
    pub grow: bool,
    pub exercise: &'a [ExerciseRule],
}

/// When a warrant expires before the end: the value of all equity, as a function of what is known at that time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ExerciseRule {
    pub security: usize,
    pub period: usize,
    pub weights: [f64; STATE],
}

/// Terms of the state: 1, log benchmark, its square, cash, part of the expansion that is paid.
pub(crate) const STATE: usize = 5;

pub(crate) struct Ending {
    pub outcome: Outcome,
    pub grown: bool,
    pub estate: f64,
    pub unpaid: f64,
    /// What the plant was worth at the end, beside cash and other assets.
    pub plant: f64,
}

/// What a walk carries along; made once and used for every path.
pub(crate) struct Walk {
    contracts: Vec<SettlementState>,
    average: Vec<f64>,
    last: Vec<f64>,
    pool: LossPool,
    pool_without: LossPool,
    deductions: Deductions,
    standing: Standing,
    share_out: ShareOut,
    receipts: Receipts,
    cash: f64,
    paid_instalments: usize,
    /// Operating cash after sustaining capital, by period, for an end value in multiples.
    operating: Vec<f64>,
}

impl Walk {
    pub fn new(producer: &Producer) -> Self {
        let terms = producer.project.terms();
        Self {
            contracts: producer
                .contracts
                .iter()
                .map(|(_, contract)| contract.open())
                .collect(),
            average: vec![0.0; terms.products.len()],
            last: vec![0.0; terms.products.len()],
            pool: LossPool::new(&terms.tax),
            pool_without: LossPool::new(&terms.tax),
            deductions: Deductions::new(&terms.tax, terms.timeline.per_year()),
            standing: Standing::regular(&producer.capital, 0.0),
            share_out: ShareOut::default(),
            receipts: Receipts {
                owners: 0.0,
                securities: vec![0.0; producer.capital.terms().securities.len()],
            },
            cash: 0.0,
            paid_instalments: 0,
            operating: Vec::with_capacity(producer.periods.len()),
        }
    }

    /// Who got the estate of the last walk.
    pub fn share_out(&self) -> &ShareOut {
        &self.share_out
    }

    /// Who received what in the period that was walked last, the estate apart.
    pub fn receipts(&self) -> &Receipts {
        &self.receipts
    }

    /// What a rule may look at, at the end of a period.
    pub fn state(&self, producer: &Producer) -> [f64; STATE] {
        let price = self
            .last
            .first()
            .map_or(0.0, |price| price.max(f64::MIN_POSITIVE).ln());
        let growth = producer.growth.map_or(0.0, |growth| {
            self.paid_instalments as f64 / growth.instalments as f64
        });
        [1.0, price, price * price, self.cash, growth]
    }

    /// Earned under contracts and not yet paid: it is settled on the last day, whichever that turns out to be.
    fn outstanding(&self) -> f64 {
        self.contracts
            .iter()
            .map(SettlementState::outstanding)
            .sum()
    }

    fn reset(&mut self, producer: &Producer) {
        self.contracts.iter_mut().for_each(SettlementState::reset);
        let tax = &producer.project.terms().tax;
        self.pool = LossPool::new(tax);
        self.pool_without = LossPool::new(tax);
        self.deductions.reset();
        for (index, security) in producer.capital.terms().securities.iter().enumerate() {
            self.standing.arrears[index] = 0.0;
            self.standing.issued[index] = 0.0;
            self.standing.principal[index] =
                crate::finance::capital::owed(&security.instrument, 0.0);
        }
        self.cash = producer.capital.opening_cash();
        self.paid_instalments = 0;
        self.operating.clear();
    }
}

impl Producer {
    /// Walks through the periods at `price(observation, commodity)`, showing each to `each` together with what the
    /// walk carries, and shares the estate out at the end.
    pub(crate) fn walk(
        &self,
        walk: &mut Walk,
        choices: Choices<'_>,
        price: impl Fn(usize, usize) -> f64,
        mut each: impl FnMut(&Walk, &PeriodFlow),
    ) -> Ending {
        walk.reset(self);
        for (index, facts) in self.periods.iter().enumerate() {
            self.observe(walk, index, &price);
            walk.receipts.owners = 0.0;
            walk.receipts.securities.fill(0.0);
            let mut flow = PeriodFlow {
                opening_cash: walk.cash,
                ..PeriodFlow::default()
            };
            let last = index + 1 == self.periods.len();
            self.operate(walk, index, last, &mut flow);
            if self.defaults(walk, facts, &mut flow) {
                if !last {
                    let outstanding = walk.outstanding();
                    flow.contract += outstanding;
                    flow.closing_cash += outstanding;
                }
                walk.cash = flow.closing_cash;
                each(walk, &flow);
                return self.wind_up(walk, Outcome::RanOutOfCash { period: index }, facts);
            }
            self.spend(walk, facts, index, choices.grow, &mut flow);
            walk.cash = flow.closing_cash;
            walk.deductions
                .close(flow.sustaining_capex + flow.growth_capex);
            walk.operating
                .push(flow.operating() - flow.sustaining_capex);
            for rule in choices.exercise.iter().filter(|rule| rule.period == index) {
                self.exercise(walk, rule, facts, &mut flow);
            }
            each(walk, &flow);
        }
        let end = self.periods.last().copied().unwrap_or(PeriodFacts::START);
        self.wind_up(walk, Outcome::Solvent, &end)
    }

    fn observe(&self, walk: &mut Walk, index: usize, price: &impl Fn(usize, usize) -> f64) {
        let terms = self.project.terms();
        let count = terms.timeline.observations();
        for (place, product) in terms.products.iter().enumerate() {
            let (mut sum, mut last) = (0.0, 0.0);
            for observation in index * count..(index + 1) * count {
                last = price(observation, product.commodity) * self.observed_level[observation];
                sum += last;
            }
            walk.average[place] = sum / count as f64;
            walk.last[place] = last;
        }
    }

    /// Output, sales, contracts, costs, tax and sustaining capital.
    fn operate(&self, walk: &mut Walk, index: usize, last: bool, flow: &mut PeriodFlow) {
        let terms = self.project.terms();
        let facts = &self.periods[index];
        let length = terms.timeline.period_years();
        let rate = self.output_rate(walk.paid_instalments);
        flow.output = rate * length;
        flow.benchmark = walk.average.first().copied().unwrap_or(0.0);
        for (place, product) in terms.products.iter().enumerate() {
            flow.sales +=
                flow.output * product.per_output * product.realisation * walk.average[place];
        }
        for ((place, contract), state) in self.contracts.iter().zip(&mut walk.contracts) {
            let product = &terms.products[*place];
            let output = flow.output * product.per_output;
            let settlement = contract.settle(
                state,
                &ContractPeriod {
                    average: walk.average[*place],
                    end_price: walk.last[*place],
                    ..self.contract_period(index, *place, output)
                },
            );
            flow.top_up += settlement.top_up();
            flow.upside_share += settlement.share();
            flow.contract += settlement.paid();
            flow.lapsed += settlement.lapsed();
        }
        if last {
            flow.contract += walk.outstanding();
        }
        flow.operating_cost = flow.output * self.project.unit_cost(rate) * facts.level;
        flow.overhead = facts.overhead;
        flow.sustaining_capex = facts.sustaining;
        let mut interest_due = 0.0;
        if self.financed {
            flow.interest_received = flow.opening_cash * self.cash_rate;
            for security in &self.capital.terms().securities {
                if let Instrument::Note(note) = &security.instrument {
                    interest_due += note.interest(facts.start, facts.end);
                }
            }
        }
        let without_contract =
            flow.sales - flow.operating_cost - flow.overhead - walk.deductions.deduction()
                + flow.interest_received
                - interest_due;
        flow.tax = walk
            .pool
            .assess(&terms.tax, without_contract + flow.contract);
        flow.tax_without_contract = walk.pool_without.assess(&terms.tax, without_contract);
        flow.closing_cash =
            flow.opening_cash + flow.operating() - flow.sustaining_capex + flow.interest_received;
    }

    /// Debt service. Where cash does not cover it (or is negative already) nothing is paid: what was due becomes a
    /// claim on the estate.
    fn defaults(&self, walk: &mut Walk, facts: &PeriodFacts, flow: &mut PeriodFlow) -> bool {
        if !self.financed {
            return false;
        }
        let (mut interest, mut principal) = (0.0, 0.0);
        for (index, security) in self.capital.terms().securities.iter().enumerate() {
            if let Instrument::Note(note) = &security.instrument {
                let coupon = note.interest(facts.start, facts.end);
                walk.standing.arrears[index] = coupon;
                interest += coupon;
                principal += note.principal_due(facts.start, facts.end);
            }
        }
        if flow.closing_cash < interest + principal {
            return true;
        }
        for (index, security) in self.capital.terms().securities.iter().enumerate() {
            if let Instrument::Note(note) = &security.instrument {
                let principal = note.principal_due(facts.start, facts.end);
                walk.receipts.securities[index] = walk.standing.arrears[index] + principal;
                walk.standing.arrears[index] = 0.0;
                walk.standing.principal[index] -= principal;
            }
        }
        flow.interest_paid = interest;
        flow.principal_paid = principal;
        flow.closing_cash -= interest + principal;
        false
    }

    /// Preferred dividends, growth capital, payouts: what the firm may do, not what it must.
    fn spend(
        &self,
        walk: &mut Walk,
        facts: &PeriodFacts,
        index: usize,
        grow: bool,
        flow: &mut PeriodFlow,
    ) {
        let capital = self.capital.terms();
        let length = facts.end - facts.start;
        for (place, security) in capital.securities.iter().enumerate() {
            let Instrument::Preferred(preferred) = &security.instrument else {
                continue;
            };
            let dividend = preferred.terms().dividend;
            if dividend.settled != Settled::InCash {
                continue;
            }
            let due = preferred.cash_dividend(length) + walk.standing.arrears[place];
            let paid = due.min(flow.closing_cash.max(0.0));
            walk.receipts.securities[place] += paid;
            flow.preferred_dividends += paid;
            flow.closing_cash -= paid;
            walk.standing.arrears[place] = if dividend.cumulative { due - paid } else { 0.0 };
        }
        if let Some(growth) = self.growth.filter(|growth| grow && index >= growth.first) {
            let instalment = growth.instalment * facts.level;
            let affordable = !self.financed || flow.closing_cash - instalment >= capital.reserve;
            if walk.paid_instalments < growth.instalments && affordable {
                walk.paid_instalments += 1;
                flow.growth_capex = instalment;
                flow.closing_cash -= instalment;
            }
        }
        if let Payout::FreeCash { from } = capital.payout
            && facts.start + HALF_A_DAY >= from
        {
            let earned = flow.closing_cash - flow.opening_cash;
            flow.payout = earned.min(flow.closing_cash - capital.reserve).max(0.0);
            flow.closing_cash -= flow.payout;
            self.pay_out(walk, facts.end, flow.payout);
        }
    }

    fn exercise(
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
            .zip(&walk.standing.issued)
            .map(|(security, issued)| match &security.instrument {
                Instrument::Preferred(preferred) => preferred.conversion_shares(years),
                instrument => common_shares(instrument) + issued,
            })
            .sum();
        self.capital.terms().owners_shares + converted
    }

    /// Divides a payout among the shares: common ones, and preferred ones that participate as if converted.
    fn pay_out(&self, walk: &mut Walk, years: f64, payout: f64) {
        let terms = self.capital.terms();
        let shares = |index: usize, instrument: &Instrument, issued: &[f64]| match instrument {
            Instrument::Preferred(preferred) if preferred.terms().participating => {
                preferred.conversion_shares(years)
            }
            Instrument::Preferred(_) => 0.0,
            instrument => common_shares(instrument) + issued[index],
        };
        let issued = &walk.standing.issued;
        let others: f64 = terms
            .securities
            .iter()
            .enumerate()
            .map(|(index, held)| shares(index, &held.instrument, issued))
            .sum();
        let each = payout / (terms.owners_shares + others);
        walk.receipts.owners += terms.owners_shares * each;
        for (index, held) in terms.securities.iter().enumerate() {
            walk.receipts.securities[index] += shares(index, &held.instrument, issued) * each;
        }
    }

    /// Part of what was shared out that went to notes.
    pub(crate) fn note_payments(&self, share_out: &ShareOut) -> f64 {
        let securities = self
            .capital
            .terms()
            .securities
            .iter()
            .zip(share_out.securities());
        securities
            .filter(|(held, _)| matches!(held.instrument, Instrument::Note(_)))
            .map(|(_, paid)| paid)
            .sum()
    }

    fn wind_up(&self, walk: &mut Walk, outcome: Outcome, facts: &PeriodFacts) -> Ending {
        let terms = self.project.terms();
        let ran_out = outcome != Outcome::Solvent;
        let plant = if ran_out {
            terms.salvage * facts.level
        } else {
            self.end_value(walk, facts)
        };
        let other = self.capital.terms().other_assets;
        let other = if other.value > 0.0 {
            other.value * (facts.end * other.growth.ln_1p()).exp()
        } else {
            0.0
        };
        let net = walk.cash + plant + other;
        let value = net.max(0.0);
        let owed: f64 = walk.standing.principal.iter().sum();
        let outcome = if !ran_out && self.financed && value < owed {
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
            .is_some_and(|growth| walk.paid_instalments >= growth.instalments);
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

const HALF_A_DAY: f64 = 0.5 / 365.25;

impl PeriodFacts {
    /// The first day, for a timeline without a period.
    const START: Self = Self {
        start: 0.0,
        end: 0.0,
        fiscal_year: 0,
        level: 1.0,
        overhead: 0.0,
        sustaining: 0.0,
    };
}
