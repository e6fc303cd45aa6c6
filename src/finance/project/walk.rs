//! One pass through the periods: the only place where a period's cash is computed. What happens within a period is in
//! `operate`, `service`, `restructure`, `spend` and `wind_up`, in that order.

use super::PeriodFlow;
use super::cash_flow::{CreditEvent, Outcome};
use super::debts::Deferral;
use super::earn::Business;
use super::producer::Producer;
use crate::finance::waterfall::{ShareOut, Standing};
use crate::stochastic::row::Row;
use crate::stochastic::{Block, PATHS};
use serde::{Deserialize, Serialize};

/// Who received what in one period, in money; what is shared out at the end is not in it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    pub(super) owners: f64,
    pub(super) securities: Vec<f64>,
}

impl Receipts {
    /// What the owners received, less what they paid in to cure a default.
    pub fn owners(&self) -> f64 {
        self.owners
    }

    /// What each security received, in the order of the securities, less a strike, a drawing or a grant that its holder
    /// paid.
    pub fn securities(&self) -> &[f64] {
        &self.securities
    }
}

/// What is observed of a product's price in a period, in money of the day per unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Observed {
    pub average: f64,
    /// On the last day.
    pub last: f64,
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
    /// What plant and working capital were worth at the end, less closure, beside cash and other assets.
    pub plant: f64,
}

/// What a walk carries along; made once and used for every path.
pub(crate) struct Walk {
    pub(super) business: Business<1>,
    /// Average and last price of the period, by product.
    pub(super) prices: Vec<[[f64; 1]; 2]>,
    pub(super) standing: Standing,
    pub(super) share_out: ShareOut,
    pub(super) receipts: Receipts,
    pub(super) cash: f64,
    /// Interest and fees of the period, by security.
    pub(super) interest: Vec<f64>,
    pub(super) fees: Vec<f64>,
    /// Principal due at the end of the period, by security.
    pub(super) due: Vec<f64>,
    /// Units delivered on a stream, or money paid on a grant, by security.
    pub(super) progress: Vec<f64>,
    /// What a restructuring has made of each unit of principal due.
    pub(super) scale: Vec<f64>,
    pub(super) deferral: Deferral,
    pub(super) restructured: u32,
    pub(super) cures: u32,
    pub(super) cured: f64,
    pub(super) locked_up: bool,
    pub(super) events: Vec<CreditEvent>,
    /// Operating cash after sustaining capital, by period, for an end value in multiples.
    pub(super) operating: Vec<f64>,
    /// Cash available and debt service due, by period, for cover ratios.
    pub(super) cover: Vec<(f64, f64)>,
}

impl Walk {
    pub fn new(producer: &Producer) -> Self {
        let terms = producer.project.terms();
        let securities = producer.capital.terms().securities.len();
        let periods = producer.periods.len();
        Self {
            business: Business::new(producer),
            prices: vec![[[0.0; 1]; 2]; terms.products.len()],
            standing: Standing::regular(&producer.capital, 0.0),
            share_out: ShareOut::default(),
            receipts: Receipts {
                owners: 0.0,
                securities: vec![0.0; securities],
            },
            cash: 0.0,
            interest: vec![0.0; securities],
            fees: vec![0.0; securities],
            due: vec![0.0; securities],
            progress: vec![0.0; securities],
            scale: vec![1.0; securities],
            deferral: Deferral::default(),
            restructured: 0,
            cures: 0,
            cured: 0.0,
            locked_up: false,
            events: Vec::new(),
            operating: Vec::with_capacity(periods),
            cover: Vec::with_capacity(periods),
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

    /// What has happened to the debt so far.
    pub fn events(&self) -> &[CreditEvent] {
        &self.events
    }

    /// What a rule may look at, at the end of a period.
    pub fn state(&self, producer: &Producer) -> [f64; STATE] {
        let last = self.prices.first().map(|[_, [last]]| *last);
        let price = last.map_or(0.0, |price| price.max(f64::MIN_POSITIVE).ln());
        let growth = producer.growth.as_ref().map_or(0.0, |growth| {
            self.business.instalments.len() as f64 / growth.instalments.len() as f64
        });
        [1.0, price, price * price, self.cash, growth]
    }

    /// Net cash from each contract in the period that was walked last.
    pub fn settled(&self) -> &[[f64; 1]] {
        &self.business.settled
    }

    fn reset(&mut self, producer: &Producer) {
        self.business.reset(producer);
        for (index, security) in producer.capital.terms().securities.iter().enumerate() {
            self.standing.arrears[index] = 0.0;
            self.standing.issued[index] = 0.0;
            self.standing.principal[index] =
                crate::finance::capital::owed(&security.instrument, 0.0);
        }
        self.cash = producer.capital.opening_cash();
        self.interest.fill(0.0);
        self.fees.fill(0.0);
        self.due.fill(0.0);
        self.progress.fill(0.0);
        self.scale.fill(1.0);
        self.deferral = Deferral::default();
        self.restructured = 0;
        self.cures = 0;
        self.cured = 0.0;
        self.locked_up = false;
        self.events.clear();
        self.operating.clear();
        self.cover.clear();
    }
}

impl Producer {
    /// Walks through the periods at the prices `observed(period, product)`, showing each to `each` together with what the
    /// walk carries, and shares the estate out at the end.
    pub(crate) fn walk(
        &self,
        walk: &mut Walk,
        choices: Choices<'_>,
        observed: impl Fn(usize, usize) -> Observed,
        mut each: impl FnMut(&Walk, &PeriodFlow),
    ) -> Ending {
        walk.reset(self);
        for (index, facts) in self.periods.iter().enumerate() {
            for (place, prices) in walk.prices.iter_mut().enumerate() {
                let Observed { average, last } = observed(index, place);
                *prices = [[average], [last]];
            }
            walk.receipts.owners = 0.0;
            walk.receipts.securities.fill(0.0);
            let mut flow = PeriodFlow {
                opening_cash: walk.cash,
                ..PeriodFlow::default()
            };
            let last = index + 1 == self.periods.len();
            self.operate(walk, index, last, &mut flow);
            if let Some(outcome) = self.serve_debt(walk, index, &mut flow) {
                if !last {
                    let [outstanding] = walk.business.settle_outstanding();
                    flow.contract += outstanding;
                    flow.closing_cash += outstanding;
                }
                walk.cash = flow.closing_cash;
                flow.owed = walk.standing.principal.iter().sum();
                each(walk, &flow);
                return self.wind_up(walk, outcome, facts);
            }
            self.spend(walk, facts, index, choices.grow, &mut flow);
            walk.cash = flow.closing_cash;
            flow.owed = walk.standing.principal.iter().sum();
            walk.business
                .deductions
                .close(flow.sustaining_capex + flow.growth_capex - flow.grants);
            walk.operating
                .push(flow.operating() - flow.sustaining_capex);
            for rule in choices.exercise.iter().filter(|rule| rule.period == index) {
                self.exercise(walk, rule, facts, &mut flow);
            }
            each(walk, &flow);
        }
        self.wind_up(walk, Outcome::Solvent, &self.end())
    }

    /// What is observed of the product at `place` in period `index` at `price(observation, commodity)`.
    pub(crate) fn observe(
        &self,
        index: usize,
        place: usize,
        price: impl Fn(usize, usize) -> f64,
    ) -> Observed {
        let terms = self.project.terms();
        let (count, commodity) = (
            terms.timeline.observations(),
            terms.products[place].commodity,
        );
        let (mut sum, mut last) = (0.0, 0.0);
        for observation in index * count..(index + 1) * count {
            last = price(observation, commodity) * self.observed_level[observation];
            sum += last;
        }
        Observed {
            average: sum / count as f64,
            last,
        }
    }

    /// The same for every path of a block at once.
    pub(crate) fn observe_block(
        &self,
        block: &Block<'_>,
        index: usize,
        place: usize,
    ) -> [Row<f64>; 2] {
        let terms = self.project.terms();
        let (count, commodity) = (
            terms.timeline.observations(),
            terms.products[place].commodity,
        );
        let (mut sum, mut last) = (Row([0.0; PATHS]), Row([0.0; PATHS]));
        for observation in index * count..(index + 1) * count {
            let level = self.observed_level[observation];
            // The commodities have been checked against the source, so that a price that is not there would be a fault of
            // ours; as not-a-number it ends the study with an error instead of a panic.
            let prices = block
                .row(observation, commodity)
                .unwrap_or(&[f64::NAN; PATHS]);
            for ((sum, last), price) in sum.0.iter_mut().zip(&mut last.0).zip(prices) {
                *last = price * level;
                *sum += *last;
            }
        }
        for sum in &mut sum.0 {
            *sum /= count as f64;
        }
        [sum, last]
    }
}
