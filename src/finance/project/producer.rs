use super::debts::Debt;
use super::growth::GrowthPlan;
use super::{MoneyBasis, Project};
use crate::finance::capital::{Capital, CapitalTerms, OtherAssets, Payout, common_shares};
use crate::finance::contract::{ContractPeriod, OnPeriod, PriceContract};
use crate::finance::error::{Rule, require, require_each};
use crate::finance::rates::period_rate;
use crate::finance::{Covenants, FinanceError, Instrument, Security, Settled};
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
    /// Positions of streams and royalties that were sold.
    pub(super) deliveries: Vec<usize>,
    /// Positions of preferred shares whose dividend is paid in cash.
    pub(super) dividends: Vec<usize>,
    /// For each period, the common shares that each security counts as in a payout, those issued on the way apart.
    pub(super) sharing: Vec<Vec<f64>>,
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
        let securities = &capital.terms().securities;
        let places = |holds: fn(&Instrument) -> bool| -> Vec<usize> {
            let all = 0..securities.len();
            all.filter(|&place| holds(&securities[place].instrument))
                .collect()
        };
        let facilities = places(|instrument| {
            matches!(
                instrument,
                Instrument::Revolver(_) | Instrument::Guarantee(_)
            )
        });
        let deliveries = places(|instrument| {
            matches!(
                instrument,
                Instrument::Stream(_) | Instrument::RoyaltySale(_)
            )
        });
        let dividends = places(|instrument| {
            matches!(instrument, Instrument::Preferred(preferred)
                if preferred.terms().dividend.settled == Settled::InCash)
        });
        let sharing = periods.iter().map(|facts| {
            let shares = |held: &Security| sharing(&held.instrument, facts.end);
            securities.iter().map(shares).collect()
        });
        let sharing = sharing.collect();
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
            deliveries,
            dividends,
            sharing,
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
}

/// Common shares that an instrument counts as in a payout after `years`: preferred shares that participate count as converted.
fn sharing(instrument: &Instrument, years: f64) -> f64 {
    match instrument {
        Instrument::Preferred(preferred) if preferred.terms().participating => {
            preferred.conversion_shares(years)
        }
        Instrument::Preferred(_) => 0.0,
        instrument => common_shares(instrument),
    }
}
