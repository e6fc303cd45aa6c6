use super::debts::Debt;
use super::growth::GrowthPlan;
use super::walk::{Choices, Ending, Receipts, Walk};
use super::{MoneyBasis, PeriodFlow, Project};
use crate::finance::capital::{Capital, CapitalTerms, OtherAssets, Payout};
use crate::finance::contract::{ContractPeriod, OnPeriod, PriceContract};
use crate::finance::error::{Rule, require, require_each};
use crate::finance::rates::{discount_factor, period_rate};
use crate::finance::{Covenants, FinanceError, Instrument, ShareOut};
use crate::stochastic::TimeGrid;
use serde::{Deserialize, Serialize};

/// A contract and the product that it covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covered {
    /// Name of the product.
    pub product: String,
    /// The contract.
    pub contract: PriceContract,
}

/// A project, the capital that carries it, and the contracts that support it.
#[derive(Debug, Clone, PartialEq)]
pub struct Producer {
    pub(super) project: Project,
    pub(super) capital: Capital,
    /// Contracts by position of the product.
    pub(super) contracts: Vec<(usize, PriceContract)>,
    /// What each contract is on each period.
    pub(super) settlements: Vec<Vec<OnPeriod>>,
    pub(super) periods: Vec<PeriodFacts>,
    /// The factor that turns each observed price into money of the day.
    pub(super) observed_level: Vec<f64>,
    pub(super) growth: Option<GrowthPlan>,
    /// Working capital for each unit of money of a period's sales and of its operating cost.
    pub(super) working_capital: [f64; 2],
    /// Cost of a unit without growth, in money of the start.
    base_cost: f64,
    /// Loans and notes in the order in which they are paid.
    pub(super) debts: Vec<Debt>,
    /// Positions of revolvers and guarantees.
    pub(super) facilities: Vec<usize>,
    /// Without financing there is no debt, no interest and no default, and capital is never short.
    pub(super) financed: bool,
    /// What cash earns in a period.
    pub(super) cash_rate: f64,
    commodities: usize,
}

/// What is known of a period before any price is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PeriodFacts {
    pub start: f64,
    pub end: f64,
    pub fiscal_year: i32,
    /// Price level on the last day.
    pub level: f64,
    pub overhead: f64,
    pub sustaining: f64,
}

impl PeriodFacts {
    /// The first day, for a timeline without a period.
    pub(super) const START: Self = Self {
        start: 0.0,
        end: 0.0,
        fiscal_year: 0,
        level: 1.0,
        overhead: 0.0,
        sustaining: 0.0,
    };
}

/// What happened to a firm's debt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum CreditEvent {
    /// The cover ratio fell below that of the lock-up in this period, and nothing was paid to shares.
    LockedUp {
        /// The period, from 0.
        period: usize,
    },
    /// The owners cured a default.
    Cured {
        /// The period, from 0.
        period: usize,
        /// What they paid in, in money.
        amount: f64,
    },
    /// Debt was restructured.
    Restructured {
        /// The period, from 0.
        period: usize,
        /// What the lenders gave up, in money.
        written_down: f64,
    },
}

/// How a firm's cash flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Outcome {
    /// It met every payment.
    Solvent,
    /// It could not meet a payment, in this period.
    RanOutOfCash {
        /// The period, from 0.
        period: usize,
    },
    /// It broke its minimum cover ratio in this period, and that was neither cured nor restructured.
    CovenantDefault {
        /// The period, from 0.
        period: usize,
    },
    /// It met every payment, but at the end it was worth less than the debt still outstanding.
    InsolventAtEnd,
}

impl Outcome {
    /// The period of a default, from 0; `None` for a firm that reached the end.
    pub fn default_period(self) -> Option<usize> {
        match self {
            Self::RanOutOfCash { period } | Self::CovenantDefault { period } => Some(period),
            Self::Solvent | Self::InsolventAtEnd => None,
        }
    }
}

/// A cash flow: every period, and who got what in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CashFlow {
    periods: Vec<PeriodFlow>,
    receipts: Vec<Receipts>,
    events: Vec<CreditEvent>,
    outcome: Outcome,
    grown: bool,
    estate: f64,
    unpaid: f64,
    share_out: ShareOut,
}

impl CashFlow {
    /// The periods, up to and with the one in which it ended.
    pub fn periods(&self) -> &[PeriodFlow] {
        &self.periods
    }

    /// Who received what in each period.
    pub fn receipts(&self) -> &[Receipts] {
        &self.receipts
    }

    /// What happened to the debt on the way.
    pub fn events(&self) -> &[CreditEvent] {
        &self.events
    }

    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the expansion was completed.
    pub fn grown(&self) -> bool {
        self.grown
    }

    /// What was shared out at the end, in money: closing cash, end or salvage value and other assets, where positive.
    pub fn estate(&self) -> f64 {
        self.estate
    }

    /// Bills of the last period that nothing was left to pay, in money.
    pub fn unpaid(&self) -> f64 {
        self.unpaid
    }

    /// Loan life cover ratio at the start: cash available for debt service, until the last period in which any is due,
    /// discounted at `rate` (effective, a year), over the debt owed at the start. `None` without such debt.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the rate is above -1.
    pub fn loan_life_cover(
        &self,
        rate: f64,
        producer: &Producer,
    ) -> Result<Option<f64>, FinanceError> {
        require("rate of the loan life cover", rate, Rule::Above(-1.0))?;
        let debt = producer.capital.debt();
        let last = self
            .periods
            .iter()
            .rposition(|period| period.service_due() > 0.0);
        let Some(last) = last.filter(|_| debt > 0.0) else {
            return Ok(None);
        };
        let value: f64 = self.periods[..=last]
            .iter()
            .zip(&producer.periods)
            .map(|(period, facts)| discount_factor(rate, facts.end) * period.available())
            .sum();
        Ok(Some(value / debt))
    }

    /// Who got the estate.
    pub fn share_out(&self) -> &ShareOut {
        &self.share_out
    }
}

impl Producer {
    /// A producer.
    ///
    /// # Errors
    /// [`FinanceError`] where a contract covers an unknown product, two contracts cover one product, or a stream delivers a
    /// product that the project does not have.
    pub fn new(
        project: &Project,
        capital: &Capital,
        contracts: &[Covered],
    ) -> Result<Self, FinanceError> {
        let mut placed: Vec<(usize, PriceContract)> = Vec::with_capacity(contracts.len());
        for covered in contracts {
            let product = project.product(&covered.product)?;
            if placed.iter().any(|(other, _)| *other == product) {
                return Err(FinanceError::Duplicate {
                    thing: "contract on product",
                    name: covered.product.clone(),
                });
            }
            placed.push((product, covered.contract));
        }
        for held in &capital.terms().securities {
            if let Instrument::Stream(stream) = &held.instrument {
                let last = project.terms().products.len() as f64 - 1.0;
                let product = stream.terms().product as f64;
                require("product of a stream", product, Rule::AtMost(last))?;
            }
        }
        Self::build(project.clone(), capital.clone(), placed, true)
    }

    /// The same project and contracts with all the capital they need, no debt and no interest: what an investment
    /// decision looks at.
    ///
    /// # Errors
    /// As [`Producer::new`].
    pub fn unlevered(&self) -> Result<Self, FinanceError> {
        let terms = self.capital.terms();
        let bare = Capital::new(CapitalTerms {
            cash: 0.0,
            cash_rate: 0.0,
            reserve: 0.0,
            owners: terms.owners.clone(),
            owners_shares: terms.owners_shares,
            securities: Vec::new(),
            payout: Payout::Retain,
            other_assets: OtherAssets::default(),
            covenants: Covenants::default(),
        })?;
        Self::build(self.project.clone(), bare, self.contracts.clone(), false)
    }

    fn build(
        project: Project,
        capital: Capital,
        contracts: Vec<(usize, PriceContract)>,
        financed: bool,
    ) -> Result<Self, FinanceError> {
        let terms = project.terms();
        let timeline = terms.timeline;
        let level = |years: f64| (years * terms.inflation.ln_1p()).exp();
        let length = timeline.period_years();
        let periods: Vec<PeriodFacts> = (0..timeline.periods())
            .map(|index| {
                let level = level(timeline.end(index));
                PeriodFacts {
                    start: timeline.start(index),
                    end: timeline.end(index),
                    fiscal_year: timeline.fiscal_year(index),
                    level,
                    overhead: terms.overhead * length * level,
                    sustaining: terms.sustaining_capex * length * level,
                }
            })
            .collect();
        let levels: Vec<f64> = periods.iter().map(|period| period.level).collect();
        require_each("price level of period", &levels, Rule::Positive)?;
        let a_year = f64::from(timeline.observations_a_year());
        let observed_level = (1..=timeline.periods() * timeline.observations())
            .map(|observation| match terms.prices {
                MoneyBasis::Nominal => 1.0,
                MoneyBasis::Real => level(observation as f64 / a_year),
            })
            .collect();
        let growth = terms
            .growth
            .as_ref()
            .map(|growth| GrowthPlan::new(growth, terms.output, timeline));
        let debts = Debt::all(&capital, &periods, length);
        let facilities = (0..capital.terms().securities.len())
            .filter(|&place| {
                let instrument = &capital.terms().securities[place].instrument;
                matches!(
                    instrument,
                    Instrument::Revolver(_) | Instrument::Guarantee(_)
                )
            })
            .collect();
        let commodities = terms
            .products
            .iter()
            .map(|product| product.commodity + 1)
            .max()
            .unwrap_or(1);
        let cash_rate = period_rate(capital.terms().cash_rate, length);
        let working_capital = terms.operations.working_capital.shares(length);
        let base_cost = project.unit_cost(terms.output);
        let mut producer = Self {
            project,
            capital,
            contracts,
            settlements: Vec::new(),
            periods,
            observed_level,
            growth,
            working_capital,
            base_cost,
            debts,
            facilities,
            financed,
            cash_rate,
            commodities,
        };
        let settlements = producer.contracts.iter().map(|(place, contract)| {
            let on = |index| contract.on(&producer.contract_period(index, *place, 0.0, (0.0, 0.0)));
            (0..producer.periods.len()).map(on).collect()
        });
        producer.settlements = settlements.collect();
        Ok(producer)
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The capital.
    pub fn capital(&self) -> &Capital {
        &self.capital
    }

    /// Prices that the project needs: one more than the highest commodity that a product names.
    pub fn commodities(&self) -> usize {
        self.commodities
    }

    /// The dates at which prices are observed.
    ///
    /// # Errors
    /// Those of [`TimeGrid::regular`], which a checked timeline does not bring about.
    pub fn grid(&self) -> Result<TimeGrid, crate::stochastic::StochasticError> {
        let timeline = self.project.terms().timeline;
        TimeGrid::regular(
            timeline.observations_a_year(),
            timeline.periods() * timeline.observations(),
        )
    }

    /// Whether debt service can fall due.
    pub(crate) fn has_debt(&self) -> bool {
        !self.debts.is_empty() || !self.facilities.is_empty()
    }

    /// How many contracts there are.
    pub(crate) fn contract_count(&self) -> usize {
        self.contracts.len()
    }

    /// The product that the contract at `place` covers.
    pub(crate) fn contract_product(&self, place: usize) -> &str {
        &self.project.terms().products[self.contracts[place].0].name
    }

    /// The contract and the position of its product, where there is exactly one.
    pub(crate) fn only_contract(&self) -> Option<(usize, PriceContract)> {
        match self.contracts.as_slice() {
            &[only] => Some(only),
            _ => None,
        }
    }

    /// Units of output in each period if every instalment of growth is paid on its day.
    pub(crate) fn planned_output(&self, grow: bool) -> Vec<f64> {
        let length = self.project.terms().timeline.period_years();
        (0..self.periods.len())
            .map(|index| {
                let paid = match &self.growth {
                    Some(growth) if grow => growth.on_time(index),
                    _ => Vec::new(),
                };
                self.output_rate(index, &paid) * length
            })
            .collect()
    }

    /// Units of output a year in period `index`, where instalments of growth were paid in the periods `paid`.
    pub(super) fn output_rate(&self, index: usize, paid: &[usize]) -> f64 {
        let added = self
            .growth
            .as_ref()
            .map_or(0.0, |growth| growth.output(index, paid));
        self.project.terms().output + added
    }

    /// Cost of a unit, in money of the start, at `rate` units a year.
    pub(super) fn unit_cost(&self, rate: f64) -> f64 {
        if rate == self.project.terms().output {
            self.base_cost
        } else {
            self.project.unit_cost(rate)
        }
    }

    /// The instalment of growth that falls due in period `index`, or has been waiting, in money.
    pub(super) fn instalment(&self, index: usize, paid: &[usize], grow: bool) -> Option<f64> {
        let growth = self.growth.as_ref().filter(|_| grow)?;
        let planned = growth.instalment(index, paid)?;
        Some(planned * self.periods[index].level)
    }

    /// The last period.
    pub(super) fn end(&self) -> PeriodFacts {
        self.periods.last().copied().unwrap_or(PeriodFacts::START)
    }

    /// What a contract on the product at `place` is told about a period with this average price and price at the end.
    #[inline]
    pub(crate) fn contract_period(
        &self,
        index: usize,
        place: usize,
        output: f64,
        (average, end_price): (f64, f64),
    ) -> ContractPeriod {
        let terms = self.project.terms();
        let product = &terms.products[place];
        ContractPeriod {
            start: self.periods[index].start,
            years: terms.timeline.period_years(),
            fiscal_year: self.periods[index].fiscal_year,
            output,
            average,
            end_price,
            realisation: product.realisation,
            sales: product.sales.unwrap_or(product.realisation),
            price_level: self.periods[index].level,
        }
    }

    /// The cash flow at given prices: for each observation in order of time, one price for each commodity (money
    /// per unit, on the basis that the project names). `grow` says whether the expansion is to be built; each
    /// instalment waits until the firm can pay it and keep its reserve.
    ///
    /// # Errors
    /// [`FinanceError`] for a list of the wrong length, a negative price, or amounts out of range.
    pub fn cash_flow(&self, prices: &[f64], grow: bool) -> Result<CashFlow, FinanceError> {
        let expected = self.observed_level.len() * self.commodities;
        if prices.len() != expected {
            let (thing, other) = ("the list of prices", "the price grid");
            return Err(FinanceError::Lengths {
                thing,
                found: prices.len(),
                other,
                expected,
            });
        }
        require_each("price", prices, Rule::NotNegative)?;
        let mut walk = Walk::new(self);
        let mut periods = Vec::with_capacity(self.periods.len());
        let mut receipts = Vec::with_capacity(self.periods.len());
        let choices = Choices {
            grow,
            exercise: &[],
        };
        let price = |observation: usize, commodity: usize| {
            prices[observation * self.commodities + commodity]
        };
        let observed = |index: usize, place: usize| self.observe(index, place, price);
        let ending = self.walk(&mut walk, choices, observed, |walk, flow| {
            periods.push(*flow);
            receipts.push(walk.receipts().clone());
        });
        let Ending {
            outcome,
            grown,
            estate,
            unpaid,
            ..
        } = ending;
        require("what is shared out at the end", estate, Rule::NotNegative)?;
        for flow in &periods {
            require("closing cash", flow.closing_cash(), Rule::Finite)?;
        }
        Ok(CashFlow {
            periods,
            receipts,
            events: walk.events().to_vec(),
            outcome,
            grown,
            estate,
            unpaid,
            share_out: walk.share_out().clone(),
        })
    }
}
