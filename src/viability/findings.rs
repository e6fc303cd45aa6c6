use super::cover::{self, PeriodCover};
use super::decide::{self, GrowthDecision, Valued};
use super::joint::JointQuarters;
use super::measures::{self, Measure, MeasureCost};
use super::simulate::{self, PartyRates, PathRecord, Paths, Prepared};
use super::spread::{Estimate, Spread, check_groups, correlation};
use super::{Study, ViabilityError};
use crate::finance::{DatedFlow, Irr, Producer, Timeline, dated_irr, owed};
use crate::stochastic::{PriceSource, Simulation};
use serde::{Deserialize, Serialize};

/// What the sponsor pays under contracts in one of its fiscal years, nominal money, net of what the producer returns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearCost {
    fiscal_year: i32,
    cost: Spread,
}

impl YearCost {
    /// The fiscal year, named for the calendar year in which it ends.
    pub fn fiscal_year(&self) -> i32 {
        self.fiscal_year
    }

    /// The cost and how it is spread over the paths.
    pub fn cost(&self) -> &Spread {
        &self.cost
    }
}

/// What a study finds, case by case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Findings {
    paths: usize,
    cases: Vec<CaseFindings>,
}

/// What a study finds for one case. Money is nominal; present values are in money of the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFindings {
    name: String,
    growth: GrowthDecision,
    completed: f64,
    owners_outlay: f64,
    owners: Spread,
    owners_irr: Irr,
    stake_paid: f64,
    stake: Spread,
    cost: Spread,
    sponsor: Spread,
    sponsor_irr: Irr,
    cost_by_year: Vec<YearCost>,
    cost_anyway: Estimate,
    lapsed: Estimate,
    recaptured: Estimate,
    output: Estimate,
    extra_output: Estimate,
    cost_per_extra: Option<f64>,
    by_measure: Vec<MeasureCost>,
    credit_subsidy: Option<Estimate>,
    cover: Vec<PeriodCover>,
    correlation: Option<f64>,
    joint: JointQuarters,
    stake_in_cost_tail: f64,
    out_of_cash: Vec<f64>,
    failed: Estimate,
    insolvent_at_end: f64,
    expected_output: Vec<f64>,
}

impl Findings {
    /// Number of paths.
    pub fn paths(&self) -> usize {
        self.paths
    }

    /// The cases, in the order of the study.
    pub fn cases(&self) -> &[CaseFindings] {
        &self.cases
    }

    /// One case.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownCase`].
    pub fn case(&self, name: &str) -> Result<&CaseFindings, ViabilityError> {
        let found = self.cases.iter().find(|case| case.name == name);
        found.ok_or_else(|| ViabilityError::UnknownCase {
            name: name.to_owned(),
        })
    }
}

impl CaseFindings {
    /// The case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decision to grow, and the project's net present value.
    pub fn growth(&self) -> &GrowthDecision {
        &self.growth
    }

    /// Share of the paths on which growth was completed.
    pub fn growth_completed(&self) -> f64 {
        self.completed
    }

    /// What the owners leave in the firm at the start, in money: opening cash less notes that count as debt, or nothing
    /// where debt is more. It is what they would have by closing the firm at once.
    pub fn owners_outlay(&self) -> f64 {
        self.owners_outlay
    }

    /// Present value of all that the owners receive, at their rate.
    pub fn owners_value(&self) -> &Spread {
        &self.owners
    }

    /// Net present value for the owners: what they receive less what they leave in the firm.
    pub fn owners_npv(&self) -> f64 {
        self.owners.mean() - self.owners_outlay
    }

    /// Internal rate of return of the owners' expected flows, a year, nominal.
    pub fn owners_irr(&self) -> &Irr {
        &self.owners_irr
    }

    /// What the sponsor paid for its securities at the start, in money.
    pub fn stake_paid(&self) -> f64 {
        self.stake_paid
    }

    /// Present value of all that the sponsor receives on its securities, at its rate: the expected value of the stake.
    pub fn stake_value(&self) -> &Spread {
        &self.stake
    }

    /// Present value of what the sponsor pays under contracts, net, at its rate and the drift of the price source given:
    /// with the historical drift, the expected cost. Its upper tail is the 95 % tail cost. It is not a fair value.
    pub fn expected_cost(&self) -> &Spread {
        &self.cost
    }

    /// Net present value for the sponsor: stake received, less stake paid, less contract payments.
    pub fn sponsor_npv(&self) -> &Spread {
        &self.sponsor
    }

    /// Internal rate of return of the sponsor's expected flows, stake and contracts together, a year, nominal.
    pub fn sponsor_irr(&self) -> &Irr {
        &self.sponsor_irr
    }

    /// Contract payments by fiscal year, nominal.
    pub fn cost_by_year(&self) -> &[YearCost] {
        &self.cost_by_year
    }

    /// The part of the expected cost that is paid on output which exists in the first case too, path by path.
    pub fn cost_for_output_anyway(&self) -> Estimate {
        self.cost_anyway
    }

    /// Present value of what contracts owed and for which no money was appropriated.
    pub fn lapsed(&self) -> Estimate {
        self.lapsed
    }

    /// Present value of the tax that is paid because of contract income, at the sponsor's rate; all tax, whoever levies it.
    pub fn tax_recaptured(&self) -> Estimate {
        self.recaptured
    }

    /// Units of output over the whole timeline.
    pub fn output(&self) -> Estimate {
        self.output
    }

    /// Units of output beyond those of the first case, path by path.
    pub fn extra_output(&self) -> Estimate {
        self.extra_output
    }

    /// Contract cost for each extra unit: expected cost over expected extra output, both discounted at the sponsor's
    /// rate; `None` where there is no extra output.
    pub fn cost_per_extra_unit(&self) -> Option<f64> {
        self.cost_per_extra
    }

    /// Correlation over the paths of contract cost and stake value; `None` where one does not vary.
    pub fn cost_stake_correlation(&self) -> Option<f64> {
        self.correlation
    }

    /// Mean value of the stake on the 5 % of paths where contracts cost most.
    pub fn stake_value_in_cost_tail(&self) -> f64 {
        self.stake_in_cost_tail
    }

    /// Probability of having run out of cash, or of having broken a covenant that was neither cured nor restructured, by
    /// the end of year 1, 2, ... of the timeline.
    pub fn out_of_cash_by_year(&self) -> &[f64] {
        &self.out_of_cash
    }

    /// Probability of having run out of cash by the end.
    pub fn out_of_cash(&self) -> f64 {
        self.out_of_cash.last().copied().unwrap_or(0.0)
    }

    /// The same with its standard error.
    pub fn default_probability(&self) -> Estimate {
        self.failed
    }

    /// What each contract, and each security that the sponsor holds, costs it: expected and in the tail.
    pub fn cost_by_measure(&self) -> &[MeasureCost] {
        &self.by_measure
    }

    /// Credit subsidy cost: present value, at the sponsor's Treasury rate, of expected disbursements less receipts of the
    /// loans, notes, revolvers and guarantees that it holds (the measure of the United States' Federal Credit Reform Act of
    /// 1990). `None` where it gives no credit. The fair value beside it is [`FairValues::credit`](super::FairValues::credit).
    pub fn credit_subsidy(&self) -> Option<Estimate> {
        self.credit_subsidy
    }

    /// Debt service cover, period by period; periods in which no path owes debt service are left out.
    pub fn cover(&self) -> &[PeriodCover] {
        &self.cover
    }

    /// Contract cost and stake value together, in quarters.
    pub fn cost_and_stake(&self) -> &JointQuarters {
        &self.joint
    }

    /// Probability of meeting every payment and still being worth less than the notes outstanding at the end.
    pub fn insolvent_at_end(&self) -> f64 {
        self.insolvent_at_end
    }

    /// Expected units of output in each period.
    pub fn expected_output(&self) -> &[f64] {
        &self.expected_output
    }
}

impl Study {
    /// Walks every case over the same paths of the price source.
    ///
    /// # Errors
    /// [`ViabilityError`] for a source with too few prices, amounts that leave the range of a float, or paths that are
    /// one pair or one net.
    pub fn run(
        &self,
        source: &dyn PriceSource,
        simulation: Simulation,
    ) -> Result<Findings, ViabilityError> {
        check_groups(&simulation)?;
        let producers = self.producers()?;
        let rates = self.terms().rates;
        let parties = PartyRates {
            owners: rates.owners,
            sponsor: rates.sponsor,
        };
        let (mut prepared, mut growth) = self.prepare(&producers, source, simulation)?;
        for place in 0..growth.len() {
            if growth[place].is_none() && self.twin(place).is_none() {
                prepared[place].valued = Some(Valued::new(&producers[place], rates.project)?);
            }
        }
        let paths = simulate::run(&prepared, parties, source, simulation)?;
        let mut cases = Vec::with_capacity(producers.len());
        for place in 0..producers.len() {
            let twin = self.twin(place).unwrap_or(place);
            let growth = match growth[place].take() {
                Some(growth) => growth,
                None => {
                    let values = &paths.projects[twin];
                    GrowthDecision::without_expansion(Estimate::over(&simulation, values)?)
                }
            };
            cases.push(self.case_findings(place, &prepared[place], growth, &paths, &simulation)?);
        }
        Ok(Findings {
            paths: simulation.paths(),
            cases,
        })
    }

    /// The first case, before the one at `place`, that has the same contracts: the project by itself is the same in both.
    fn twin(&self, place: usize) -> Option<usize> {
        let contracts = |place: usize| &self.terms().cases[place].contracts;
        (0..place).find(|&other| contracts(other) == contracts(place))
    }

    /// Takes the decisions of every case; there is none to take without an expansion.
    pub(super) fn prepare<'a>(
        &self,
        producers: &'a [Producer],
        source: &dyn PriceSource,
        simulation: Simulation,
    ) -> Result<(Vec<Prepared<'a>>, Vec<Option<GrowthDecision>>), ViabilityError> {
        let rates = self.terms().rates;
        let (mut prepared, mut decisions) = (Vec::new(), Vec::<Option<GrowthDecision>>::new());
        for (place, producer) in producers.iter().enumerate() {
            if producer.commodities() > source.commodities() {
                let (needed, found) = (producer.commodities(), source.commodities());
                return Err(ViabilityError::Commodities { needed, found });
            }
            let decision = if producer.project().terms().growth.is_none() {
                None
            } else if let Some(twin) = self.twin(place) {
                decisions[twin].clone()
            } else {
                let rate = rates.project;
                Some(decide::growth(producer, rate, source, simulation)?)
            };
            let grow = decision.as_ref().is_some_and(GrowthDecision::taken);
            let rules = decide::exercise(producer, rates.owners, grow, source, simulation)?;
            let measures = measures::of_case(producer, &self.terms().sponsor);
            let held = measures.iter().filter_map(|measure| match *measure {
                Measure::Contract(_) => None,
                Measure::Security(place) => Some(place),
            });
            prepared.push(Prepared {
                producer,
                grow,
                rules,
                held: held.collect(),
                measures,
                valued: None,
            });
            decisions.push(decision);
        }
        Ok((prepared, decisions))
    }

    fn case_findings(
        &self,
        place: usize,
        prepared: &Prepared<'_>,
        growth: GrowthDecision,
        paths: &Paths,
        simulation: &Simulation,
    ) -> Result<CaseFindings, ViabilityError> {
        let (producer, case_measures) = (prepared.producer, &prepared.measures[..]);
        let (Some(records), Some(first)) = (paths.records.get(place), paths.records.first()) else {
            return Err(ViabilityError::NoCase);
        };
        let column = |value: fn(&PathRecord) -> f64| records.iter().map(value).collect::<Vec<_>>();
        let mean = |value: fn(&PathRecord) -> f64| {
            Ok::<_, ViabilityError>(Estimate::of_finite(simulation, &column(value))?)
        };
        let capital = producer.capital();
        let stake_paid = capital.paid_by(&self.terms().sponsor);
        let timeline = producer.project().terms().timeline;
        let (cost, stake) = (column(|r| r.cost), column(|r| r.stake));
        let sponsor: Vec<f64> = stake
            .iter()
            .zip(&cost)
            .map(|(stake, cost)| stake - stake_paid - cost)
            .collect();
        let extra = |value: fn(&PathRecord) -> f64| {
            let extra: Vec<f64> = records
                .iter()
                .zip(first)
                .map(|(with, without)| value(with) - value(without))
                .collect();
            Ok::<_, ViabilityError>(Estimate::of_finite(simulation, &extra)?)
        };
        let extra_now = extra(|r| r.output_now)?.mean();
        let expected_cost = Spread::over(simulation, &cost)?;
        let count = records.len() as f64;
        let share = |holds: fn(&PathRecord) -> bool| {
            records.iter().filter(|r| holds(r)).count() as f64 / count
        };
        let mut cost_by_year = Vec::with_capacity(paths.years.len());
        for (fiscal_year, sample) in paths.years.iter().zip(&paths.yearly[place]) {
            cost_by_year.push(YearCost {
                fiscal_year: *fiscal_year,
                cost: Spread::over(simulation, sample)?,
            });
        }
        let owners_outlay = (capital.terms().cash - opening_debt(producer)).max(0.0);
        let flows = &paths.flows[place];
        let by_measure = measures::with_prices(producer, case_measures, &paths.measures[place]);
        Ok(CaseFindings {
            name: self.terms().cases[place].name.clone(),
            growth,
            completed: share(|r| r.grown),
            owners_outlay,
            owners: Spread::over(simulation, &column(|r| r.owners))?,
            owners_irr: irr(
                timeline,
                owners_outlay,
                flows.iter().map(|flow| flow.owners),
            )?,
            stake_paid,
            sponsor: Spread::over(simulation, &sponsor)?,
            sponsor_irr: irr(
                timeline,
                stake_paid,
                flows.iter().map(|flow| flow.stake - flow.cost),
            )?,
            cost_by_year,
            cost_anyway: mean(|r| r.cost_anyway)?,
            lapsed: mean(|r| r.lapsed)?,
            recaptured: mean(|r| r.recaptured)?,
            output: mean(|r| r.output)?,
            extra_output: extra(|r| r.output)?,
            cost_per_extra: (extra_now > 0.0).then(|| expected_cost.mean() / extra_now),
            by_measure: measures::costs(producer, case_measures, &by_measure, simulation)?,
            credit_subsidy: measures::credit(producer, case_measures, &by_measure, simulation)?,
            cover: cover::by_period(&paths.covers[place]),
            correlation: correlation(&cost, &stake),
            joint: JointQuarters::of(&cost, &stake),
            failed: mean(|r| f64::from(u8::from(r.failed.is_some())))?,
            stake_in_cost_tail: mean_in_tail(&cost, &stake),
            out_of_cash: out_of_cash(records, timeline),
            insolvent_at_end: share(|r| r.insolvent_at_end),
            expected_output: flows.iter().map(|flow| flow.output).collect(),
            stake: Spread::over(simulation, &stake)?,
            cost: expected_cost,
        })
    }
}

fn opening_debt(producer: &Producer) -> f64 {
    let securities = &producer.capital().terms().securities;
    let old = securities.iter().filter(|held| held.paid == 0.0);
    old.map(|held| owed(&held.instrument, 0.0)).sum()
}

fn irr(
    timeline: Timeline,
    outlay: f64,
    flows: impl Iterator<Item = f64>,
) -> Result<Irr, ViabilityError> {
    let later = flows.enumerate().map(|(index, amount)| DatedFlow {
        years: timeline.end(index),
        amount,
    });
    let dated: Vec<DatedFlow> = std::iter::once(DatedFlow {
        years: 0.0,
        amount: -outlay,
    })
    .chain(later)
    .collect();
    Ok(dated_irr(&dated)?)
}

/// By the end of each whole year (and of the timeline, if it ends within one).
fn out_of_cash(records: &[PathRecord], timeline: Timeline) -> Vec<f64> {
    let years = timeline.years().ceil() as usize;
    let mut failures = vec![0.0; years];
    for period in records.iter().filter_map(|record| record.failed) {
        let year = (timeline.end(period) - 1e-9).floor().max(0.0) as usize;
        failures[year.min(years - 1)] += 1.0;
    }
    let mut sum = 0.0;
    for failures in &mut failures {
        sum += *failures;
        *failures = sum / records.len() as f64;
    }
    failures
}

/// Mean of `values` where `costs` are highest, the boundary path weighted; ties in path order.
fn mean_in_tail(costs: &[f64], values: &[f64]) -> f64 {
    let mut order: Vec<(f64, usize)> = costs.iter().copied().zip(0..).collect();
    let weight = 0.05 * costs.len() as f64;
    let (_, boundary, _) = order.select_nth_unstable_by(weight as usize, |a, b| {
        b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
    });
    let part = (weight - weight.floor()) * values[boundary.1];
    let tail = order[..weight as usize].iter();
    (tail.map(|(_, path)| values[*path]).sum::<f64>() + part) / weight
}
