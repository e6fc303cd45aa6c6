//! What a period earns before any financing: output, sales, contracts, costs, tax, working capital. It is the same for one
//! path and for several side by side, which have one output and prices of their own.

use super::PeriodFlow;
use super::producer::Producer;
use super::tax::{Assessed, Deductions, TaxPool};
use crate::finance::contract::Settling;

/// What the business of `N` paths carries from one period to the next.
pub(super) struct Business<const N: usize> {
    contracts: Vec<Settling<N>>,
    /// Net cash of the period from each contract.
    pub settled: Vec<[f64; N]>,
    pool: TaxPool<N>,
    pool_without: TaxPool<N>,
    pub deductions: Deductions,
    /// Working capital.
    bound: [f64; N],
    /// Periods in which instalments of growth were paid.
    pub instalments: Vec<usize>,
    /// Growth capital of the period before, for a credit.
    pub invested: f64,
}

/// What a period earns on `N` paths; the lines are those of [`PeriodFlow`].
pub(super) struct Earned<const N: usize> {
    pub output: f64,
    pub operating_cost: f64,
    pub sales: [f64; N],
    pub top_up: [f64; N],
    pub upside_share: [f64; N],
    pub contract: [f64; N],
    pub lapsed: [f64; N],
    pub royalty: [f64; N],
    pub tax: [f64; N],
    pub tax_without_contract: [f64; N],
    pub working_capital: [f64; N],
}

impl<const N: usize> Business<N> {
    pub fn new(producer: &Producer) -> Self {
        let terms = producer.project.terms();
        let per_year = terms.timeline.per_year();
        let contracts = producer.contracts.iter();
        Self {
            contracts: contracts
                .map(|(_, contract)| Settling::new(contract))
                .collect(),
            settled: vec![[0.0; N]; producer.contracts.len()],
            pool: TaxPool::new(&terms.tax, per_year),
            pool_without: TaxPool::new(&terms.tax, per_year),
            deductions: Deductions::new(&terms.tax, per_year),
            bound: [0.0; N],
            instalments: Vec::with_capacity(producer.periods.len()),
            invested: 0.0,
        }
    }

    pub fn reset(&mut self, producer: &Producer) {
        let terms = producer.project.terms();
        self.contracts.iter_mut().for_each(Settling::reset);
        self.pool.reset(&terms.tax);
        self.pool_without.reset(&terms.tax);
        self.deductions.reset();
        self.bound = [terms.operations.working_capital.opening; N];
        self.instalments.clear();
        self.invested = 0.0;
    }

    /// Working capital.
    pub fn bound(&self) -> &[f64; N] {
        &self.bound
    }

    /// Settles what was earned under contracts and is not yet paid, on the last day, whichever that turns out to be.
    pub fn settle_outstanding(&mut self) -> [f64; N] {
        let mut sum = [0.0; N];
        for (settled, state) in self.settled.iter_mut().zip(&self.contracts) {
            let outstanding = state.outstanding();
            add(settled, &outstanding);
            add(&mut sum, &outstanding);
        }
        sum
    }
}

impl<const N: usize> Earned<N> {
    /// Writes the lines of one path.
    #[inline(always)]
    pub fn write(&self, path: usize, flow: &mut PeriodFlow) {
        flow.output = self.output;
        flow.operating_cost = self.operating_cost;
        flow.sales = self.sales[path];
        flow.top_up = self.top_up[path];
        flow.upside_share = self.upside_share[path];
        flow.contract = self.contract[path];
        flow.lapsed = self.lapsed[path];
        flow.royalty = self.royalty[path];
        flow.tax = self.tax[path];
        flow.tax_without_contract = self.tax_without_contract[path];
        flow.working_capital = self.working_capital[path];
    }
}

impl Producer {
    /// Everything but tax, at these averages and last prices of each product.
    #[inline(always)]
    pub(super) fn earn<'a, const N: usize>(
        &self,
        business: &mut Business<N>,
        (index, last): (usize, bool),
        prices: impl Fn(usize) -> [&'a [f64; N]; 2],
    ) -> Earned<N> {
        let terms = self.project.terms();
        let rate = self.output_rate(index, &business.instalments);
        let output = rate * terms.timeline.period_years();
        let unit_cost = self.unit_cost(rate);
        let mut earned = Earned {
            output,
            operating_cost: output * unit_cost * self.periods[index].level,
            sales: [0.0; N],
            top_up: [0.0; N],
            upside_share: [0.0; N],
            contract: [0.0; N],
            lapsed: [0.0; N],
            royalty: [0.0; N],
            tax: [0.0; N],
            tax_without_contract: [0.0; N],
            working_capital: [0.0; N],
        };
        for (place, product) in terms.products.iter().enumerate() {
            let units = output * product.per_output * product.realisation;
            let [average, _] = prices(place);
            for (sales, price) in earned.sales.iter_mut().zip(average) {
                *sales += units * price;
            }
        }
        let states = business.contracts.iter_mut().zip(&mut business.settled);
        let contracts = self.contracts.iter().zip(&self.settlements);
        for (((place, contract), on), (state, settled)) in contracts.zip(states) {
            let output = output * terms.products[*place].per_output;
            let settlement = contract.settle_on(state, &on[index], output, prices(*place));
            add(&mut earned.top_up, &settlement.top_up);
            add(&mut earned.upside_share, &settlement.share);
            add(&mut earned.contract, &settlement.paid);
            add(&mut earned.lapsed, &settlement.lapsed);
            *settled = settlement.paid;
        }
        if last {
            add(&mut earned.contract, &business.settle_outstanding());
        }
        let [of_sales, of_cost] = self.working_capital;
        let bound_by_cost = of_cost * earned.operating_cost;
        for path in 0..N {
            let sales = earned.sales[path];
            earned.royalty[path] = terms.operations.royalty * sales;
            let bound = of_sales * sales + bound_by_cost;
            earned.working_capital[path] = bound - business.bound[path];
            business.bound[path] = bound;
        }
        earned
    }

    /// Tax, where streams take `streamed` of the sales and interest is `financial`, received less due.
    #[inline(always)]
    pub(super) fn assess<const N: usize>(
        &self,
        business: &mut Business<N>,
        index: usize,
        earned: &mut Earned<N>,
        streamed: &[f64; N],
        [received, due]: [&[f64; N]; 2],
    ) {
        let tax = &self.project.terms().tax;
        let facts = &self.periods[index];
        let deduction = business.deductions.deduction();
        let credit = tax.relief.credit.filter(|c| facts.end <= c.until);
        let credit = credit.map_or(0.0, |credit| {
            credit.of_operating_cost * earned.operating_cost
                + credit.of_growth_capital * business.invested
        });
        let (mut with, mut without) = ([0.0; N], [0.0; N]);
        for path in 0..N {
            without[path] = earned.sales[path]
                - earned.operating_cost
                - earned.royalty[path]
                - streamed[path]
                - facts.overhead
                - deduction
                + received[path]
                - due[path];
            with[path] = without[path] + earned.contract[path];
        }
        let on = |income| Assessed {
            income,
            sales: &earned.sales,
            credit,
        };
        let taxes = [
            business.pool.assess(tax, on(&with)),
            business.pool_without.assess(tax, on(&without)),
        ];
        [earned.tax, earned.tax_without_contract] = taxes;
    }
}

#[inline(always)]
fn add<const N: usize>(sum: &mut [f64; N], part: &[f64; N]) {
    for (sum, part) in sum.iter_mut().zip(part) {
        *sum += part;
    }
}
