//! What the risk of its cash flows makes a project's capital cost, and how much debt they carry.

use super::fair::check_pricing;
use super::observed::ObservedBlock;
use super::spread::{Estimate, check_groups};
use super::{Pricing, Study, ViabilityError};
use crate::finance::{
    Choices, DAY, DatedFlow, Irr, Producer, Rule, Timeline, Walk, dated_irr, dated_npv,
    discount_factor, require,
};
use crate::stochastic::{Moments, PriceSource, Simulation, Summary};
use serde::{Deserialize, Serialize};

/// How a lender sizes a loan: cash that is there with a stated probability, over a cover ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DebtSizing {
    /// Debt service cover ratio, at least 1.
    pub cover: f64,
    /// Probability that the cash of a period falls short of what the loan is sized on: 0.1 for a "P90" case.
    pub shortfall: f64,
    /// Rate of the loan, a year, as a fraction; a period of a quarter bears a quarter of it.
    pub rate: f64,
    /// Its term in years, within the timeline of the project.
    pub years: f64,
}

impl DebtSizing {
    fn check(&self, timeline: Timeline) -> Result<(), ViabilityError> {
        let years = "term of the loan in years";
        for (thing, value, rule) in [
            ("cover ratio", self.cover, Rule::AtLeast(1.0)),
            (
                "probability of a shortfall",
                self.shortfall,
                Rule::PositiveShare,
            ),
            ("rate of the loan", self.rate, Rule::NotNegative),
            (years, self.years, Rule::AtLeast(timeline.period_years())),
            (years, self.years, Rule::AtMost(timeline.years())),
        ] {
            require(thing, value, rule)?;
        }
        Ok(())
    }
}

/// What capital costs for the cash flow of one case, and how much debt it carries.
///
/// The project is looked at without financing: after tax, with the contracts of the case and the end value, so that cases which
/// differ in their capital alone are alike. Its **value** V is that of the flows C_t expected under the pricing measure Q,
/// discounted at the riskless rate r. Its **cost of capital** is the one rate k at which the flows expected under the
/// historical measure P have that value:
///
/// V = sum_t E^Q(C_t) (1 + r)^-t = sum_t E^P(C_t) (1 + k)^-t.
///
/// That is the rate of Robichek and Myers (1966), whose certainty equivalents are E^Q(C_t), with the drift less the price of
/// risk as in Brennan and Schwartz (1985). A floor takes away a part of the risk that has a price, so that k falls towards
/// r; fixed costs are leverage and raise it. Without a price of risk k is r, and where a contract ends before the costs do, so
/// that several rates solve the equation, k is the one that moves away from r as the price of risk grows from zero: the one
/// that no turning point of the right side parts from r. A project that loses money has a rate below r, since risk makes
/// its losses worse.
///
/// The **debt capacity** is what [`SculptingTerms::size`](crate::finance::SculptingTerms::size) lends against the quantiles of
/// cash available, period by period under the historical measure, where gearing is no limit:
///
/// sum_t (1 + i)^-t max(q_t, 0) / cover, with i the rate of the loan a period and q_t the quantile at the probability of a
/// shortfall, over the periods that end within the term.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapitalCost {
    case: String,
    value: Estimate,
    rate: Option<f64>,
    rates: Irr,
    rate_error: Option<f64>,
    debt_capacity: f64,
    debt_capacity_error: f64,
}

impl CapitalCost {
    /// The case.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Value of the project, in money of the start.
    pub fn value(&self) -> Estimate {
        self.value
    }

    /// Cost of capital, effective, a year, nominal. `None` where no rate solves the equation, or none on the branch of r.
    pub fn rate(&self) -> Option<f64> {
        self.rate
    }

    /// All rates that solve the equation, or why there is none.
    pub fn rates(&self) -> &Irr {
        &self.rates
    }

    /// Standard error of the cost of capital: that of the present values at the rate less the values under the pricing measure,
    /// drawn with the same numbers, over the slope of the present value in the rate.
    pub fn rate_error(&self) -> Option<f64> {
        self.rate_error
    }

    /// The most debt that the sizing allows at the start, in money.
    pub fn debt_capacity(&self) -> f64 {
        self.debt_capacity
    }

    /// Its standard error, to first order: a quantile moves by (probability - share of paths below it) over the density.
    pub fn debt_capacity_error(&self) -> f64 {
        self.debt_capacity_error
    }
}

impl Study {
    /// Cost of capital and debt capacity of every case, with the decisions to grow that are taken under `historical`.
    ///
    /// # Errors
    /// As [`Study::fair_values`]; [`ViabilityError::Finance`] for a cover ratio below 1, a probability of a shortfall not above 0
    /// or over 1, a negative rate, or a term shorter than a period or longer than the timeline.
    pub fn capital_costs(
        &self,
        historical: &dyn PriceSource,
        pricing: Pricing<'_>,
        sizing: DebtSizing,
        simulation: Simulation,
    ) -> Result<Vec<CapitalCost>, ViabilityError> {
        sizing.check(self.terms().project.terms().timeline)?;
        check_groups(&simulation)?;
        let producers = self.producers()?;
        check_pricing(&producers, pricing)?;
        let (prepared, _) = self.prepare(&producers, historical, simulation)?;
        let cases = self.terms().cases.iter().zip(&prepared);
        cases
            .map(|(case, prepared)| {
                let bare = prepared.producer.unlevered()?;
                let actual = Flows::of(&bare, prepared.grow, historical, simulation)?;
                let priced = Flows::of(&bare, prepared.grow, pricing.source, simulation)?;
                let values = priced.present_values(pricing.riskless);
                let solved = actual.rate_of(&values, pricing.riskless, &simulation)?;
                let (debt_capacity, debt_capacity_error) = actual.carry(sizing, &simulation)?;
                Ok(CapitalCost {
                    case: case.name.clone(),
                    value: Estimate::of_finite(&simulation, &values)?,
                    rate: solved.rate,
                    rates: solved.rates,
                    rate_error: solved.error,
                    debt_capacity,
                    debt_capacity_error,
                })
            })
            .collect()
    }
}

struct Solved {
    rate: Option<f64>,
    rates: Irr,
    error: Option<f64>,
}

/// Cash of a project without financing, by period, then path.
struct Flows {
    timeline: Timeline,
    free: Vec<Vec<f64>>,
    available: Vec<Vec<f64>>,
    /// What plant and working capital are worth at the end, by path.
    plant: Vec<f64>,
}

impl Flows {
    fn of(
        bare: &Producer,
        grow: bool,
        source: &dyn PriceSource,
        simulation: Simulation,
    ) -> Result<Self, ViabilityError> {
        let timeline = bare.project().terms().timeline;
        let periods = timeline.periods();
        let choices = Choices {
            grow,
            exercise: &[],
        };
        let blocks = simulation.run(
            source,
            &bare.grid()?,
            || (Walk::new(bare), ObservedBlock::default()),
            |(walk, observed), block| {
                observed.see(bare, &block);
                let mut cash = vec![[Vec::new(), Vec::new()]; periods];
                let mut plant = Vec::with_capacity(block.live());
                for path in 0..block.live() {
                    let mut columns = cash.iter_mut();
                    let ending = bare.walk(walk, choices, observed.on(path), |_, flow| {
                        if let Some([free, available]) = columns.next() {
                            free.push(flow.free_cash());
                            available.push(flow.available());
                        }
                    });
                    plant.push(ending.plant);
                }
                (cash, plant)
            },
        )?;
        let mut flows = Self {
            timeline,
            free: vec![Vec::with_capacity(simulation.paths()); periods],
            available: vec![Vec::with_capacity(simulation.paths()); periods],
            plant: Vec::with_capacity(simulation.paths()),
        };
        for (cash, plant) in &blocks {
            let columns = flows.free.iter_mut().zip(&mut flows.available);
            for ((free, available), column) in columns.zip(cash) {
                free.extend_from_slice(&column[0]);
                available.extend_from_slice(&column[1]);
            }
            flows.plant.extend_from_slice(plant);
        }
        Ok(flows)
    }

    /// Expected amounts and their dates, what the plant is worth last.
    fn expected(&self) -> impl Iterator<Item = DatedFlow> + '_ {
        let columns = self.free.iter().enumerate();
        let periods = columns.map(|(index, column)| (self.timeline.end(index), column));
        periods
            .chain(std::iter::once((self.timeline.years(), &self.plant)))
            .map(|(years, column)| DatedFlow {
                years,
                amount: Moments::of(column).mean(),
            })
    }

    /// By path.
    fn present_values(&self, rate: f64) -> Vec<f64> {
        let factor = discount_factor(rate, self.timeline.years());
        let mut values: Vec<f64> = self.plant.iter().map(|plant| factor * plant).collect();
        for (index, column) in self.free.iter().enumerate() {
            let factor = discount_factor(rate, self.timeline.end(index));
            for (value, cash) in values.iter_mut().zip(column) {
                *value += factor * cash;
            }
        }
        values
    }

    /// The rates at which the expected flows are worth the mean of `values`; the one of them on the branch of `riskless`, and its
    /// standard error.
    fn rate_of(
        &self,
        values: &[f64],
        riskless: f64,
        simulation: &Simulation,
    ) -> Result<Solved, ViabilityError> {
        let outlay = DatedFlow {
            years: 0.0,
            amount: -Estimate::of_finite(simulation, values)?.mean(),
        };
        let dated: Vec<DatedFlow> = std::iter::once(outlay).chain(self.expected()).collect();
        let rates = dated_irr(&dated)?;
        // The slope of the present value is a sum of the same kind, and its zeros are where the branch ends.
        let slopes: Vec<DatedFlow> = dated
            .iter()
            .map(|flow| DatedFlow {
                years: flow.years + 1.0,
                amount: -flow.years * flow.amount,
            })
            .collect();
        let turns = dated_irr(&slopes)?;
        let on_branch = |rate: &&f64| {
            let (low, high) = (riskless.min(**rate), riskless.max(**rate));
            !turns.rates().iter().any(|turn| low < *turn && *turn < high)
        };
        let Some(&rate) = rates.rates().iter().find(on_branch) else {
            return Ok(Solved {
                rate: None,
                rates,
                error: None,
            });
        };
        let present = self.present_values(rate);
        let gaps: Vec<f64> = present.iter().zip(values).map(|(a, b)| a - b).collect();
        let slope = dated_npv(rate, &slopes)?;
        let error = Estimate::over(simulation, &gaps)?.standard_error() / slope.abs();
        Ok(Solved {
            rate: Some(rate),
            rates,
            error: error.is_finite().then_some(error),
        })
    }

    /// Debt capacity and its standard error.
    fn carry(
        &self,
        sizing: DebtSizing,
        simulation: &Simulation,
    ) -> Result<(f64, f64), ViabilityError> {
        let paths = self.plant.len() as f64;
        let probability = sizing.shortfall;
        let step = (probability * (1.0 - probability) / paths)
            .sqrt()
            .max(1.0 / paths);
        let (low, high) = ((probability - step).max(0.0), (probability + step).min(1.0));
        let period_rate = sizing.rate * self.timeline.period_years();
        let (mut capacity, mut factor) = (0.0, 1.0 / sizing.cover);
        let mut moved = vec![0.0; self.plant.len()];
        for (index, cash) in self.available.iter().enumerate() {
            if self.timeline.end(index) > sizing.years + DAY {
                break;
            }
            factor /= 1.0 + period_rate;
            let cash_of = Summary::of(cash)?;
            let sure = cash_of.quantile(probability)?;
            if sure <= 0.0 {
                continue;
            }
            capacity += factor * sure;
            // One over the density at the quantile; zero where a contract holds many paths at one amount.
            let spread = (cash_of.quantile(high)? - cash_of.quantile(low)?) / (high - low);
            for (moved, cash) in moved.iter_mut().zip(cash) {
                let below = if *cash <= sure { 1.0 } else { 0.0 };
                *moved += factor * spread * (probability - below);
            }
        }
        let error = Estimate::over(simulation, &moved)?.standard_error();
        Ok((capacity, error))
    }
}
