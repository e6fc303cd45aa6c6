//! One country refines nine tenths of the world's rare earths. How narrow the chain is at each stage, what a halt of exports
//! would cost, and what one new separation plant changes, for NdPr and for dysprosium.
//!
//! `cargo run --release --example choke_point`

#[path = "support/magnets.rs"]
mod magnets;
#[path = "support/mod.rs"]
mod support;

use magnets::{Failure, MAGNETS, METAL, OXIDE};
use pricefloor::data::{self, DataError, Table as Facts};
use pricefloor::ledger::{Concentration, Disruption, Segment};
use pricefloor::prelude::*;
use support::chart::{self, Frame};
use support::table::{Table, number};

/// A new plant of a size and cost that is published: the second phase of White Mesa. The joint venture in Saudi Arabia has
/// named neither; that it would be like this is a judgement.
const PLANT: &str = "Energy Fuels White Mesa Phase 2";
const OUTSIDE: [&str; 4] = ["United States", "Japan", "Europe and Canada", "Others"];
/// Probability that exports stop in a year, and for how long. Judgement.
const RISK: Risk = Risk {
    probability: 0.05,
    years: 1.0,
};
/// Defence's share of the demand for magnets, which is served first. Judgement.
const DEFENCE: f64 = 0.05;

fn main() -> Result<(), Failure> {
    println!("{}", record()?);
    let plain = magnets::market(&magnets::central()?)?;
    let policy = magnets::status_quo()?;
    let before = plain.solve(&policy)?;
    let capacity = data::fact(Facts::Projects, PLANT, "NdPr capacity", "2026-01")?.number()?;
    let who = "Energy Fuels White Mesa Phase 2 (with Vara Mada feed)";
    let cost = data::fact(Facts::Costs, who, "all-in operating cost", "2026-01 BFS")?.number()?;
    let plant = Supply::perfectly_elastic(cost)?.with_capacity(capacity)?;
    let plant = Activity::producing("new plant", "Others", OXIDE, plant);
    let after = plain.to_builder().activity(plant).build()?.solve(&policy)?;
    println!("{}", stages(&before, &after)?);
    println!("{}", dysprosium()?);
    let worlds = [("as it is", &before), ("with the plant", &after)];
    let mut halts = Vec::new();
    for (name, world) in worlds {
        for stage in [OXIDE, MAGNETS] {
            halts.push((
                name,
                stage,
                world.disrupted(&magnets::months()?, &Outage::exports("China", stage))?,
            ));
        }
    }
    println!("{}", disruptions(&halts)?);
    explain(&before, &after, &halts)?;
    draw(&before, &after)
}

/// China's share as sources state it, each with its basis: some count all rare earths, some those of magnets.
fn record() -> Result<Table, Failure> {
    let mut table = Table::new(
        "China's share as stated",
        &["", "year", "per cent", "grade", "note"],
    );
    for (metric, year) in [
        ("share of mined magnet rare earths", "2023"),
        ("share of global rare earth refining", "2020"),
        ("share of refined magnet rare earths", "2023"),
        ("share of global rare earth separation/refining", "2024"),
        ("share of global rare earth refining", "2025"),
        ("share of sintered permanent magnet manufacturing", "2024"),
    ] {
        let fact = data::fact(Facts::ChinaDominance, "China", metric, year)?;
        let grade = fact.provenance().grade();
        table.row([
            metric.to_owned(),
            year.to_owned(),
            number(fact.number()?, 0),
            grade.map_or_else(|| "-".to_owned(), |grade| grade.to_string()),
            fact.provenance().note().to_owned(),
        ]);
    }
    Ok(table)
}

/// Mines of magnet rare earths by country in 2024, thousand tonnes.
fn mines() -> Result<Concentration, Failure> {
    let countries = [
        "China",
        "Myanmar",
        "Australia",
        "United States",
        "Rest of world",
    ];
    let mined = countries.map(|country| -> Result<(&str, f64), DataError> {
        let fact = data::fact(
            Facts::IeaMining,
            country,
            "magnet rare earths mined",
            "2024",
        )?;
        Ok((country, fact.number()?))
    });
    let mined = mined.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Concentration::new("magnet rare earths mined", mined)?)
}

fn of_stage(solved: &Equilibrium, stage: &str) -> Result<Concentration, Failure> {
    let security = solved.supply_security()?;
    let origins = security.stage(stage)?.origins().ok_or("nothing is made")?;
    Ok(origins.clone())
}

fn stages(before: &Equilibrium, after: &Equilibrium) -> Result<Table, Failure> {
    let mut table = Table::new(
        "NdPr stage by stage, by where it is made: mines as stated for 2024, the rest as modelled for mid-2025",
        &[
            "",
            "China's share",
            "Herfindahl index",
            "with the plant: share",
            "index",
            "net imports of the rest, share of use",
        ],
    );
    let percent = |share: f64| format!("{} %", number(100.0 * share, 1));
    let mined = mines()?;
    let index = number(mined.herfindahl(), 0);
    let dash = || "-".to_owned();
    table.row([
        "mines".to_owned(),
        percent(mined.share("China")?),
        index,
        dash(),
        dash(),
        dash(),
    ]);
    for stage in [OXIDE, METAL, MAGNETS] {
        let (old, new) = (of_stage(before, stage)?, of_stage(after, stage)?);
        let security = before.supply_security()?;
        let (mut used, mut imported) = (0.0, 0.0);
        for region in magnets::REGIONS.into_iter().filter(|r| *r != "China") {
            let supply = security.stage(stage)?.region(region)?;
            used += supply.used();
            imported += supply.net_imports();
        }
        table.row([
            stage.to_owned(),
            percent(old.share("China")?),
            number(old.herfindahl(), 0),
            percent(new.share("China")?),
            number(new.herfindahl(), 0),
            percent(imported / used),
        ]);
    }
    Ok(table)
}

/// Dysprosium oxide: China's output of 2024, and what Lynas makes of dysprosium and terbium together at the rate of the second
/// half of 2025; the plant's nameplate beside them.
fn dysprosium() -> Result<Table, Failure> {
    let china = data::base_case_row("Dy oxide output", "China")?.value();
    let half = ["Jul-Sep 2025", "Oct-Dec 2025"].map(|quarter| {
        data::fact(Facts::MpOperations, "Lynas", "DyTb production", quarter)?.number()
    });
    let half = half.into_iter().sum::<Result<f64, DataError>>()?;
    let plant = data::fact(Facts::Projects, PLANT, "Dy oxide", "2026-01")?.number()?;
    let mut table = Table::new(
        "Dysprosium oxide, t/year (Lynas: with terbium, yearly rate of the second half of 2025)",
        &[
            "",
            "China",
            "Lynas",
            "new plant",
            "China's share",
            "Herfindahl index",
        ],
    );
    for (name, plant) in [("as it is", 0.0), ("with the plant", plant)] {
        let made = Concentration::new(
            "dysprosium oxide",
            [
                ("China", china),
                ("Lynas", 2.0 * half),
                ("new plant", plant),
            ],
        )?;
        table.row([
            name.to_owned(),
            number(china, 0),
            number(2.0 * half, 0),
            number(plant, 0),
            format!("{} %", number(100.0 * made.share("China")?, 1)),
            number(made.herfindahl(), 0),
        ]);
    }
    Ok(table)
}

/// Magnets that buyers outside China go without, t/year contained.
fn unmet(halt: &Disruption) -> Result<f64, Failure> {
    OUTSIDE
        .iter()
        .map(|region| Ok(halt.shortage(region, MAGNETS)?.unmet()))
        .sum()
}

fn loss(halt: &Disruption) -> Result<f64, Failure> {
    OUTSIDE
        .iter()
        .map(|region| Ok(halt.expected_loss(region, RISK)?))
        .sum()
}

fn disruptions(halts: &[(&str, &str, Disruption)]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "China stops its exports of one stage to everyone (short run; oxide contained; USD/kg and USD million)",
        &[
            "",
            "exports lost, t",
            "magnets: price before",
            "price",
            "unmet outside, t",
            "US defence unmet",
            "US others unmet, t",
            "expected loss outside, a year",
        ],
    );
    for (name, stage, halt) in halts {
        let america = halt.shortage("United States", MAGNETS)?;
        let served = america.by_priority(&[Segment::new("defence", DEFENCE)])?;
        table.row([
            format!("{stage}, {name}"),
            number(halt.lost(), 0),
            number(america.price_before(), 0),
            number(america.price(), 0),
            number(unmet(halt)?, 0),
            number(served[0].unmet(), 0),
            number(served[1].unmet(), 0),
            number(loss(halt)? / 1e3, 0),
        ]);
    }
    Ok(table)
}

fn explain(
    before: &Equilibrium,
    after: &Equilibrium,
    halts: &[(&str, &str, Disruption)],
) -> Result<(), Failure> {
    let share = |solved: &Equilibrium, stage| -> Result<f64, Failure> {
        Ok(100.0 * of_stage(solved, stage)?.share("China")?)
    };
    let [(_, _, oxide), (_, _, magnets), _, (_, _, with_plant)] = halts else {
        return Err("two stages in two worlds".into());
    };
    println!(
        "The plant takes China's share of oxide from {} to {} per cent and that of magnets from {} to {}: what it makes has to \
         go where magnets are made. A halt of oxide leaves {} t of magnets unmet outside China, one of magnets {} t, with the \
         plant {} t.",
        number(share(before, OXIDE)?, 1),
        number(share(after, OXIDE)?, 1),
        number(share(before, MAGNETS)?, 1),
        number(share(after, MAGNETS)?, 1),
        number(unmet(oxide)?, 0),
        number(unmet(magnets)?, 0),
        number(unmet(with_plant)?, 0),
    );
    println!(
        "Expected losses are {} per cent a year times a year's loss, up to the price at which buyers give up; both, and \
         defence's {} per cent of US demand, are judgements. The plant's size and cost are those published for another one: {}.\n",
        number(100.0 * RISK.probability, 0),
        number(100.0 * DEFENCE, 0),
        data::fact(Facts::Projects, PLANT, "NdPr capacity", "2026-01")?.provenance(),
    );
    Ok(())
}

fn draw(before: &Equilibrium, after: &Equilibrium) -> Result<(), Failure> {
    let mined = 100.0 * mines()?.share("China")?;
    let mut groups = vec![("mines", vec![mined, mined])];
    for stage in [OXIDE, METAL, MAGNETS] {
        let share = |solved| -> Result<f64, Failure> {
            Ok(100.0 * of_stage(solved, stage)?.share("China")?)
        };
        groups.push((stage, vec![share(before)?, share(after)?]));
    }
    let frame = Frame {
        title: "China's share, stage by stage",
        says: "One separation plant moves one stage. The stages after it are nearly as narrow as before.",
        x: "",
        y: "per cent of the world's output",
    };
    let path = chart::bars(
        frame,
        &["as it is", "with a new separation plant"],
        &groups,
        None,
    )
    .y_range(0.0, 100.0)
    .save("choke_point")?;
    println!("wrote {}", path.display());
    Ok(())
}
