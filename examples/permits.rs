//! How long it takes to permit a mine, and what that does to who enters, to prices, and to what a permit is worth.
//!
//! `cargo run --release --example permits`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, Table as Facts};
use pricefloor::horizon::{Calendar, Entrant, Entry, Expansion, Horizon, Path, Stage, Verdict};
use pricefloor::prelude::*;
use support::chart::{self, Frame, Line as Curve};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

/// Years that the picture shows.
const SHOWN: f64 = 31.0;

const OXIDE: &str = "NdPr oxide";
const YEARS: u32 = 45;
/// Judgement: the rate of return that the owners of a new project ask for, real.
const HURDLE: f64 = 0.12;
/// Judgement: years of building, the rest of the lead time is discovery and permit.
const BUILDING: f64 = 3.0;
/// Judgement: USD thousand for each t/year that enters discovery and permit, and the share that is permitted.
const PERMIT_COST: f64 = 3.0;
const PERMITTED: f64 = 0.5;
/// Judgement: a project lasts 25 years.
const LIFE: f64 = 25.0;
/// USD per Australian dollar in 2022-25, about; judgement.
const AUD: f64 = 0.65;
/// Judgement: both growth rates are equally likely.
const LIKELY: f64 = 0.5;

/// Size (t/year), building cost (USD thousand per t/year) and running cost (USD/kg).
struct Project {
    name: &'static str,
    size: f64,
    building: f64,
    running: f64,
}

/// Sized and priced as three that have been published, at American lead times.
fn projects() -> Result<Vec<Project>, Failure> {
    let figure = |who: &str, what: &str, when: &str| -> Result<f64, Failure> {
        Ok(data::fact(Facts::Projects, who, what, when)?.number()?)
    };
    let mesa = "Energy Fuels White Mesa Phase 2";
    Ok(vec![
        Project {
            name: "by-product plant (as White Mesa)",
            size: 6_000.0,
            building: figure(mesa, "capex per kg of annual NdPr", "2026-01")?,
            running: data::fact(
                Facts::Costs,
                "Energy Fuels White Mesa Phase 2 (with Vara Mada feed)",
                "all-in operating cost",
                "2026-01 BFS",
            )?
            .number()?,
        },
        Project {
            name: "mine and plant (as Nolans)",
            size: figure("Arafura Nolans", "capacity", "2022-11")?,
            building: AUD * figure("Arafura Nolans", "capex per kg of annual NdPr", "2022-11")?,
            running: AUD
                * data::fact(
                    Facts::Costs,
                    "Arafura Nolans",
                    "operating cost",
                    "2022 update",
                )?
                .number()?,
        },
        Project {
            name: "mine and plant (as Eneabba)",
            size: figure("Iluka Eneabba", "NdPr capacity", "2024-12")?,
            building: AUD * figure("Iluka Eneabba", "capex per kg of annual NdPr", "2024-12")?,
            // judgement: no figure is published; what MP Materials aims at when it runs at full volume
            running: 40.0,
        },
    ])
}

/// The world as one market. Those who produce today follow the price; new mines elsewhere are built when they pay.
fn world(growth: f64, lead: f64) -> Result<Horizon, Failure> {
    let price = data::base_case_row("price (outside China)", "Rest of world")?.value();
    let used = data::base_case_row("consumption", "World")?.value();
    let china = data::base_case_row("production", "China")?.value();
    let response = |item: &str, region: &str| -> Result<f64, Failure> {
        Ok(data::base_case_row(item, region)?.value())
    };
    let at = |quantity| Observed { price, quantity };
    let demand = response("demand elasticity long run", "all")?;
    let made = response("supply elasticity long run", "China")?;
    let others = response("supply elasticity medium run (4-5 years)", "Rest of world")?;
    let mut market = Market::builder("NdPr oxide", "USD/kg")
        .region("World")
        .commodity(OXIDE)
        .units("t", "USD thousand")
        .demand(
            "World",
            OXIDE,
            Demand::constant_elasticity(at(used), demand)?,
        )
        .activity(Activity::producing(
            "China",
            "World",
            OXIDE,
            Supply::constant_elasticity(at(china), made)?,
        ))
        .activity(Activity::producing(
            "producers elsewhere",
            "World",
            OXIDE,
            Supply::constant_elasticity(at(used - china), others)?,
        ))
        // judgement: a running cost of 45, almost nothing there at the start
        .activity(Activity::producing(
            "new mines elsewhere",
            "World",
            OXIDE,
            Supply::perfectly_elastic(45.0)?.with_capacity(1.0)?,
        ));
    for project in projects()? {
        let offer = Supply::perfectly_elastic(project.running)?.with_capacity(project.size)?;
        market = market.activity(Activity::producing(project.name, "World", OXIDE, offer));
    }
    // elsewhere a mine takes what the IEA finds, and costs more the more are built in a year (judgement)
    let elsewhere = data::fact(
        Facts::Permitting,
        "World",
        "average lead time of new rare earth facilities (IEA)",
        "2025",
    )?
    .number()?;
    let mut horizon = Horizon::builder(&market.build()?, Calendar::yearly(YEARS), 0.05)
        .growth("World", OXIDE, growth)
        .expansion(
            Expansion::of("new mines elsewhere")
                .stage(Stage::new("discovery and permit", elsewhere - BUILDING))
                .stage(Stage::new("construction", BUILDING).costing(205.0))
                .hurdle_rate(HURDLE)
                .rising(0.05)
                .lasting(LIFE),
        );
    for project in projects()? {
        horizon = horizon.entrant(
            Entrant::of(project.name)
                .stage(
                    Stage::new("discovery and permit", lead - BUILDING)
                        .costing(PERMIT_COST)
                        .succeeding(PERMITTED),
                )
                .stage(Stage::new("construction", BUILDING).costing(project.building))
                .hurdle_rate(HURDLE)
                .lasting(LIFE),
        );
    }
    Ok(horizon.build()?)
}

struct Outcome {
    lead: f64,
    growth: f64,
    verdicts: Vec<Verdict>,
    path: Path,
}

fn outcomes(growths: [f64; 2], leads: [f64; 3]) -> Result<Vec<Outcome>, Failure> {
    let mut found = Vec::new();
    for growth in growths {
        for lead in leads {
            match world(growth, lead)?.entry()? {
                Entry::Settled { round, path } => found.push(Outcome {
                    lead,
                    growth,
                    verdicts: round.verdicts().to_vec(),
                    path: *path,
                }),
                other => return Err(format!("no entry settles at {lead} years: {other:?}").into()),
            }
        }
    }
    Ok(found)
}

fn main() -> Result<(), Failure> {
    let years = |who: &str, what: &str, when: &str| -> Result<f64, Failure> {
        Ok(data::fact(Facts::Permitting, who, what, when)?.number()?)
    };
    let american = years(
        "United States",
        "average years discovery to production",
        "2024",
    )?;
    let quick = years(
        "World",
        "time to bring a rare earth mine into production",
        "2021",
    )?;
    // 15: the slow end of Ghana, DR Congo and Laos in the same study
    let leads = [american, 15.0, quick];
    let percent = |what: &str, when: &str| -> Result<f64, Failure> {
        Ok(data::fact(Facts::DemandSupply, "World", what, when)?.number()? / 100.0)
    };
    let slow = percent("NdFeB consumption growth", "2022")?;
    let fast = percent("magnet rare earth oxide consumption growth", "2024-2040")?;
    let all = outcomes([slow, fast], leads)?;

    println!("{}", entrants(&all)?);
    println!(
        "A project is decided today and earns from the end of its lead time on, at {} % a year. \"NPV\" is what it is worth today, \
         with those in that pay: an entrant's at the prices with all of them, another's at the prices with it too. Ten years on \
         only those with the short way to a permit are there.\n",
        number(100.0 * HURDLE, 0),
    );
    println!("{}", options(&all, leads)?);
    println!(
        "A permit is the right, not the duty, to build once it is clear which growth has come. What the right adds is the loss \
         that need not be made where demand grows slowly. The longer the way to the permit, the less of either is left at {} % a \
         year: that, more than the cost of the papers, is what a slow review costs a project.",
        number(100.0 * HURDLE, 0),
    );

    let mut curves = Vec::new();
    for outcome in all.iter().filter(|o| o.growth == fast) {
        let mut points = outcome.path.prices("World", OXIDE)?;
        points.retain(|&(year, _)| year <= SHOWN);
        curves.push(Curve::new(
            &format!("{} years", number(outcome.lead, 0)),
            points,
        ));
    }
    let frame = Frame {
        title: "What permits do to the price",
        says: "NdPr oxide where demand grows fast, by the years from discovery to production of three new projects, until the \
               first of them is worked out.",
        x: "years from today",
        y: "USD/kg",
    };
    let path = chart::lines(frame, &curves, &[]).save("permits")?;
    println!("\nwrote {}", path.display());
    Ok(())
}

fn entrants(all: &[Outcome]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Who enters, by years from discovery to production",
        &[
            "",
            "growth %",
            "years",
            "incentive USD/kg",
            "NPV USD m",
            "enters",
            "price 10 years on",
        ],
    );
    for outcome in all {
        for verdict in &outcome.verdicts {
            table.row([
                verdict.activity().to_owned(),
                number(100.0 * outcome.growth, 1),
                number(outcome.lead, 0),
                verdict
                    .incentive_price()
                    .map_or("-".to_owned(), |p| number(p, 0)),
                number(verdict.npv() / 1e3, 1),
                if verdict.enters() { "yes" } else { "no" }.to_owned(),
                number(outcome.path.at(10.0)?.price("World", OXIDE)?, 0),
            ]);
        }
    }
    Ok(table)
}

/// What is paid for the permit, worth today, USD thousand.
fn permit(project: &Project) -> f64 {
    PERMIT_COST / PERMITTED * project.size / (1.0 + HURDLE)
}

fn options(all: &[Outcome], leads: [f64; 3]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "A permit, worth today before it is paid for (USD m)",
        &[
            "",
            "years",
            "duty to build",
            "right to build",
            "the right adds",
            "papers cost",
        ],
    );
    for (i, project) in projects()?.iter().enumerate() {
        for lead in leads {
            let worth = all.iter().filter(|o| o.lead == lead);
            let built: Vec<f64> = worth
                .map(|o| o.verdicts[i].npv() + permit(project))
                .collect();
            let duty: f64 = built.iter().map(|v| LIKELY * v).sum();
            let right: f64 = built.iter().map(|v| LIKELY * v.max(0.0)).sum();
            table.row([
                project.name.to_owned(),
                number(lead, 0),
                number(duty / 1e3, 1),
                number(right / 1e3, 1),
                number((right - duty) / 1e3, 1),
                number(permit(project) / 1e3, 1),
            ]);
        }
    }
    Ok(table)
}
