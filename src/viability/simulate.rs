//! All cases walked over the same paths.

use super::ViabilityError;
use super::decide::Valued;
use super::measures::Measure;
use super::observed::ObservedBlock;
use crate::finance::{
    Choices, ExerciseRule, Observed, Outcome, Producer, Unlevered, Walk, discount_factor,
};
use crate::stochastic::{Block, PATHS, PriceSource, Simulation};

/// What one case does on one path. Present values are in money.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PathRecord {
    /// Net payments of the sponsor under contracts, at the sponsor's rate.
    pub cost: f64,
    /// The part of it that falls on output which the first case produces too.
    pub cost_anyway: f64,
    /// What contracts owed and was not appropriated, at the sponsor's rate.
    pub lapsed: f64,
    /// Tax paid because of contract income, at the sponsor's rate.
    pub recaptured: f64,
    /// Receipts of the sponsor from its securities less strikes it paid, at the sponsor's rate.
    pub stake: f64,
    /// Receipts of the owners, at the owners' rate.
    pub owners: f64,
    /// Units of output.
    pub output: f64,
    /// Units of output, discounted at the sponsor's rate.
    pub output_now: f64,
    /// The period of a default for want of cash.
    pub failed: Option<usize>,
    pub insolvent_at_end: bool,
    pub grown: bool,
}

/// Expected flows of one case in one period, and after all periods.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flows {
    pub owners: f64,
    pub stake: f64,
    pub cost: f64,
    pub output: f64,
}

/// Every path of every case.
pub(super) struct Paths {
    /// By case, then path.
    pub records: Vec<Vec<PathRecord>>,
    /// By case, then fiscal year, then path: net payments of the sponsor under contracts, nominal.
    pub yearly: Vec<Vec<Vec<f64>>>,
    /// By case, then path and measure: present value of what the sponsor pays, less what it receives, the price of a
    /// security at the start apart.
    pub measures: Vec<Vec<f64>>,
    /// By case, block and period, then path: debt service cover, not a number where none is due (and past the last path of a
    /// block); empty for a case without debt.
    pub covers: Vec<Vec<Vec<[f64; PATHS]>>>,
    /// By case, then period: means over the paths.
    pub flows: Vec<Vec<Flows>>,
    /// By case, then path: net present value of the project by itself, where it is wanted.
    pub projects: Vec<Vec<f64>>,
    /// The fiscal years.
    pub years: Vec<i32>,
}

/// One case, ready to be walked.
pub(super) struct Prepared<'a> {
    pub producer: &'a Producer,
    pub grow: bool,
    pub rules: Vec<ExerciseRule>,
    /// The contracts, and after them the securities that the sponsor holds.
    pub measures: Vec<Measure>,
    /// Places of those securities.
    pub held: Vec<usize>,
    /// The project by itself, where its value is wanted too.
    pub valued: Option<Valued>,
}

/// Rates at which the parties discount.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartyRates {
    pub owners: f64,
    pub sponsor: f64,
}

struct Calendar {
    owners: Vec<f64>,
    sponsor: Vec<f64>,
    ends: Vec<f64>,
    /// Position of each period's fiscal year among `years`.
    year: Vec<usize>,
    years: Vec<i32>,
}

struct Workspace {
    walks: Vec<Walk>,
    valued: Vec<Option<Unlevered>>,
    observed: ObservedBlock,
    /// Output of the first case by period.
    first: Vec<f64>,
}

struct BlockPaths {
    records: Vec<PathRecord>,
    yearly: Vec<f64>,
    measures: Vec<Vec<f64>>,
    covers: Vec<Vec<[f64; PATHS]>>,
    flows: Vec<Flows>,
    projects: Vec<Vec<f64>>,
}

pub(super) fn run(
    cases: &[Prepared<'_>],
    rates: PartyRates,
    source: &dyn PriceSource,
    simulation: Simulation,
) -> Result<Paths, ViabilityError> {
    let Some(first) = cases.first() else {
        return Err(ViabilityError::NoCase);
    };
    let timeline = first.producer.project().terms().timeline;
    let periods = timeline.periods();
    let mut years: Vec<i32> = (0..periods)
        .map(|index| timeline.fiscal_year(index))
        .collect();
    let year = years
        .iter()
        .map(|year| (year - years[0]) as usize)
        .collect();
    years.dedup();
    let ends: Vec<f64> = (0..periods).map(|index| timeline.end(index)).collect();
    let factors = |rate: f64| ends.iter().map(|&end| discount_factor(rate, end)).collect();
    let calendar = Calendar {
        owners: factors(rates.owners),
        sponsor: factors(rates.sponsor),
        year,
        years,
        ends,
    };
    let workspace = || Workspace {
        walks: cases.iter().map(|case| Walk::new(case.producer)).collect(),
        valued: cases
            .iter()
            .map(|case| case.valued.as_ref().map(Valued::workspace))
            .collect(),
        observed: ObservedBlock::default(),
        first: vec![0.0; periods],
    };
    let blocks = simulation.run(
        source,
        &first.producer.grid()?,
        workspace,
        |workspace, block| walk_block(cases, &calendar, workspace, block),
    )?;
    Ok(gather(cases.len(), simulation.paths(), calendar, blocks))
}

fn walk_block(
    cases: &[Prepared<'_>],
    calendar: &Calendar,
    workspace: &mut Workspace,
    block: Block<'_>,
) -> BlockPaths {
    let (periods, years) = (calendar.ends.len(), calendar.years.len());
    let mut out = BlockPaths {
        records: Vec::with_capacity(block.live() * cases.len()),
        yearly: vec![0.0; block.live() * cases.len() * years],
        measures: cases
            .iter()
            .map(|case| vec![0.0; block.live() * case.measures.len()])
            .collect(),
        covers: cases
            .iter()
            .map(|case| {
                let periods = if case.producer.has_debt() { periods } else { 0 };
                vec![[f64::NAN; PATHS]; periods]
            })
            .collect(),
        flows: vec![Flows::default(); cases.len() * periods],
        projects: vec![Vec::new(); cases.len()],
    };
    let Workspace {
        walks,
        valued,
        observed,
        first,
    } = workspace;
    if let Some(case) = cases.first() {
        observed.see(case.producer, &block);
    }
    for ((case, valued), out) in cases.iter().zip(valued).zip(&mut out.projects) {
        if let (Some(project), Some(workspace)) = (&case.valued, valued) {
            let values = project.block(workspace, observed, case.grow, |_, _| ());
            out.extend_from_slice(&values[..block.live()]);
        }
    }
    for path in 0..block.live() {
        first.fill(0.0);
        for (place, case) in cases.iter().enumerate() {
            let at = (path * cases.len() + place) * years;
            let yearly = &mut out.yearly[at..at + years];
            let count = case.measures.len();
            let sums = Sums {
                yearly,
                flows: &mut out.flows[place * periods..(place + 1) * periods],
                measures: &mut out.measures[place][path * count..(path + 1) * count],
                covers: &mut out.covers[place][..],
                path,
            };
            let told = (&mut walks[place], observed.on(path));
            // Outputs of the first case, which the others are compared with.
            let record = walk_path(case, place == 0, calendar, told, first, sums);
            out.records.push(record);
        }
    }
    out
}

/// Where a path is added to.
struct Sums<'a> {
    yearly: &'a mut [f64],
    flows: &'a mut [Flows],
    measures: &'a mut [f64],
    /// By period, then path.
    covers: &'a mut [[f64; PATHS]],
    path: usize,
}

fn walk_path(
    case: &Prepared<'_>,
    is_first: bool,
    calendar: &Calendar,
    (walk, observed): (&mut Walk, impl Fn(usize, usize) -> Observed),
    first: &mut [f64],
    sums: Sums<'_>,
) -> PathRecord {
    let Sums {
        yearly,
        flows,
        measures,
        covers,
        path,
    } = sums;
    let mut record = PathRecord::default();
    let mut index = 0;
    let choices = Choices {
        grow: case.grow,
        exercise: &case.rules,
    };
    let ending = case.producer.walk(walk, choices, observed, |walk, flow| {
        let now = calendar.sponsor[index];
        let anyway = if is_first {
            first[index] = flow.output();
            1.0
        } else if flow.output() > 0.0 {
            (first[index] / flow.output()).min(1.0)
        } else {
            1.0
        };
        record.cost += now * flow.contract();
        record.cost_anyway += now * flow.contract() * anyway;
        record.lapsed += now * flow.lapsed();
        record.recaptured += now * (flow.tax() - flow.tax_without_contract());
        record.output += flow.output();
        record.output_now += now * flow.output();
        yearly[calendar.year[index]] += flow.contract();
        flows[index].cost += flow.contract();
        flows[index].output += flow.output();
        if let (Some(row), Some(cover)) = (covers.get_mut(index), flow.cover()) {
            row[path] = cover;
        }
        let receipts = walk.receipts();
        let (contracts, securities) = measures.split_at_mut(walk.settled().len());
        for (sum, [paid]) in contracts.iter_mut().zip(walk.settled()) {
            *sum += now * paid;
        }
        let stake = receive(securities, &case.held, receipts.securities(), now);
        add(
            &mut record,
            &mut flows[index],
            calendar,
            index,
            receipts.owners(),
            stake,
        );
        index += 1;
    });
    let last = index.saturating_sub(1);
    let share_out = walk.share_out();
    let securities = &mut measures[walk.settled().len()..];
    let now = calendar.sponsor[last];
    let stake = receive(securities, &case.held, share_out.securities(), now);
    add(
        &mut record,
        &mut flows[last],
        calendar,
        last,
        share_out.owners(),
        stake,
    );
    record.grown = ending.grown;
    record.failed = ending.outcome.default_period();
    record.insolvent_at_end = ending.outcome == Outcome::InsolventAtEnd;
    record
}

/// Takes what the securities at the places `held` receive from their costs, at the factor `now`; returns the sum received.
fn receive(costs: &mut [f64], held: &[usize], receipts: &[f64], now: f64) -> f64 {
    let mut sum = 0.0;
    for (cost, &place) in costs.iter_mut().zip(held) {
        sum += receipts[place];
        *cost -= now * receipts[place];
    }
    sum
}

fn add(
    record: &mut PathRecord,
    flows: &mut Flows,
    calendar: &Calendar,
    index: usize,
    owners: f64,
    stake: f64,
) {
    record.owners += calendar.owners[index] * owners;
    record.stake += calendar.sponsor[index] * stake;
    flows.owners += owners;
    flows.stake += stake;
}

/// Puts the blocks together in their order, so that the sums do not depend on the threads.
fn gather(cases: usize, paths: usize, calendar: Calendar, blocks: Vec<BlockPaths>) -> Paths {
    let (periods, years) = (calendar.ends.len(), calendar.years.len());
    let mut all = Paths {
        records: lists(cases, paths),
        yearly: (0..cases).map(|_| lists(years, paths)).collect(),
        measures: joined(&blocks, cases, |block| &block.measures),
        covers: lists(cases, blocks.len()),
        flows: vec![vec![Flows::default(); periods]; cases],
        projects: joined(&blocks, cases, |block| &block.projects),
        years: calendar.years,
    };
    for block in blocks {
        for (at, record) in block.records.iter().enumerate() {
            all.records[at % cases].push(*record);
        }
        for (all, block) in all.covers.iter_mut().zip(block.covers) {
            all.push(block);
        }
        for (at, costs) in block.yearly.chunks(years).enumerate() {
            for (all, cost) in all.yearly[at % cases].iter_mut().zip(costs) {
                all.push(*cost);
            }
        }
        for (at, flow) in block.flows.iter().enumerate() {
            let sum = &mut all.flows[at / periods][at % periods];
            sum.owners += flow.owners;
            sum.stake += flow.stake;
            sum.cost += flow.cost;
            sum.output += flow.output;
        }
    }
    let scale = 1.0 / paths as f64;
    for flow in all.flows.iter_mut().flatten() {
        *flow = Flows {
            owners: flow.owners * scale,
            stake: flow.stake * scale,
            cost: flow.cost * scale,
            output: flow.output * scale,
        };
    }
    all
}

fn lists<T>(count: usize, capacity: usize) -> Vec<Vec<T>> {
    (0..count).map(|_| Vec::with_capacity(capacity)).collect()
}

/// What the blocks have of each case, one after another.
fn joined(
    blocks: &[BlockPaths],
    cases: usize,
    part: fn(&BlockPaths) -> &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let of_case = |case: usize| {
        let parts: Vec<&[f64]> = blocks.iter().map(|block| &part(block)[case][..]).collect();
        parts.concat()
    };
    (0..cases).map(of_case).collect()
}
