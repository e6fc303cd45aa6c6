//! A floor at the border for one stage of the chain, then for all of it, by one country and then by a bloc: where the
//! imports go, who pays, and how much leaks.
//!
//! `cargo run --release --example border_floor`

#[path = "support/magnets.rs"]
mod magnets;
#[path = "support/mod.rs"]
mod support;

use magnets::{Failure, MAGNETS, METAL, OXIDE, maker};
use pricefloor::data;
use pricefloor::market::Bloc;
use pricefloor::prelude::*;
use support::chart::{self, Frame};
use support::table::{Table, number, range};

/// One row of the table.
struct Reform {
    name: String,
    members: Vec<&'static str>,
    solved: Equilibrium,
}

fn main() -> Result<(), Failure> {
    let floor = data::base_case_row("floor price", "United States (MP)")?.value();
    let market = magnets::market(&magnets::central()?)?;
    let free = market.solve(&magnets::status_quo()?)?;
    let above = floor - free.price("United States", OXIDE)?;
    println!(
        "The floor is ${} a kilogram of oxide, ${} above the price outside China. On metal and magnets it is what they cost in \
         the base year and that much more. All quantities are oxide contained, t/year.\n",
        number(floor, 0),
        number(above, 1)
    );
    println!(
        "The US price: {}",
        data::base_case_row("floor price", "United States (MP)")?.provenance()
    );
    println!(
        "The price outside China: {}\n",
        data::base_case_row("price (outside China)", "Rest of world")?.provenance()
    );

    let alone = vec!["United States"];
    let allies = vec!["United States", "Japan", "Europe and Canada"];
    let reforms = [
        ("the United States, oxide", &alone, 1),
        ("the United States, all stages", &alone, 3),
        ("allies, oxide", &allies, 1),
        ("allies, oxide and metal", &allies, 2),
        ("allies, all stages", &allies, 3),
    ];
    let reforms = reforms
        .into_iter()
        .map(|(name, members, rungs)| -> Result<Reform, Failure> {
            Ok(Reform {
                name: name.to_owned(),
                members: members.clone(),
                solved: market.solve(&ladder(&free, members, rungs, floor)?)?,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;

    println!("{}", stages(&free, &reforms)?);
    explain(&free, &reforms)?;
    println!("{}", payers(&free, &reforms)?);
    println!("{}", leaks(&free, &reforms)?);
    ranges(floor, &allies)?;
    draw(&free, &reforms)
}

/// The status quo, and a floor on the first stages of the chain at a common border.
fn ladder(
    free: &Equilibrium,
    members: &[&str],
    rungs: usize,
    floor: f64,
) -> Result<Policy, Failure> {
    let mut ladder = ReferencePriceLadder::new(&Bloc::new("allies", members.to_vec())?)
        .sharing(Sharing::Consumption);
    for (stage, floor) in magnets::rungs(free, floor)?.into_iter().take(rungs) {
        ladder = ladder.rung(stage, floor);
    }
    Ok(magnets::status_quo()?.with("ladder", ladder)?)
}

fn inside(solved: &Equilibrium, members: &[&str], stage: &str) -> Result<[f64; 3], Failure> {
    let security = solved.supply_security()?;
    let mut sums = [0.0; 3];
    for member in members {
        let supply = security.stage(stage)?.region(member)?;
        for (sum, value) in
            sums.iter_mut()
                .zip([supply.made(), supply.used(), supply.net_imports()])
        {
            *sum += value;
        }
    }
    Ok(sums)
}

fn stages(free: &Equilibrium, reforms: &[Reform]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Inside the border: prices (USD/kg contained), output and net imports (t/year contained)",
        &[
            "",
            "oxide price",
            "attained",
            "magnet price",
            "oxide made",
            "net imports",
            "magnets made",
            "magnets imported",
        ],
    );
    let mut row = |name: &str,
                   solved: &Equilibrium,
                   members: &[&str],
                   attained: String|
     -> Result<(), Failure> {
        let [oxide, _, oxide_in] = inside(solved, members, OXIDE)?;
        let [made, _, imported] = inside(solved, members, MAGNETS)?;
        table.row([
            name.to_owned(),
            number(solved.price(members[0], OXIDE)?, 1),
            attained,
            number(solved.price(members[0], MAGNETS)?, 1),
            number(oxide, 0),
            number(oxide_in, 0),
            number(made, 0),
            number(imported, 0),
        ]);
        Ok(())
    };
    let mut last: &[&str] = &[];
    for reform in reforms {
        if reform.members != last {
            last = &reform.members;
            row(
                &format!("no floor ({} inside)", last.len()),
                free,
                last,
                "-".to_owned(),
            )?;
        }
        let attained = reform
            .solved
            .figure("ladder", &format!("attained {OXIDE}"))?
            == 1.0;
        let word = if attained { "yes" } else { "no" };
        row(
            &reform.name,
            &reform.solved,
            &reform.members,
            word.to_owned(),
        )?;
    }
    Ok(table)
}

fn explain(free: &Equilibrium, reforms: &[Reform]) -> Result<(), Failure> {
    let [_, _, oxide, metal, all] = reforms else {
        return Err("five reforms are compared".into());
    };
    let made = |solved: &Equilibrium| inside(solved, &all.members, MAGNETS).map(|s| s[0]);
    let before = made(free)?;
    let change = |reform: &Reform| -> Result<String, Failure> {
        let change = made(&reform.solved)? - before;
        let direction = if change < 0.0 { "falls" } else { "rises" };
        Ok(format!("{direction} by {} t", number(change.abs(), 0)))
    };
    let exports = -inside(free, &["United States"], OXIDE)?[2];
    println!(
        "With a floor on oxide alone the allies' metal makers pay more for it, metal comes in free of the floor, and magnet \
         output {}; with one on metal too the gap moves to the magnets, whose output {}; with all three it {}, and whoever \
         buys a magnet pays. A floor is not attained where imports have stopped: there the price inside is what makers at \
         home can bear. The United States alone has no imports of oxide to put a levy on; it exports {} t net.\n",
        change(oxide)?,
        change(metal)?,
        change(all)?,
        number(exports, 0),
    );
    Ok(())
}

fn payers(free: &Equilibrium, reforms: &[Reform]) -> Result<Table, Failure> {
    let mut comparison = Comparison::new("no floor", free)?;
    for reform in reforms {
        comparison.add(&reform.name, &reform.solved)?;
    }
    let mut header = vec![""];
    header.extend(magnets::REGIONS);
    header.push("world");
    let mut table = Table::new("Who gains and who loses, USD million a year", &header);
    for reform in comparison.reforms() {
        let incidence = reform.incidence();
        let gains = magnets::REGIONS.map(|region| number(incidence.gain_in(region) / 1e3, 0));
        let world = number(-incidence.deadweight_loss() / 1e3, 0);
        table.row(
            [reform.name().to_owned()]
                .into_iter()
                .chain(gains)
                .chain([world]),
        );
    }
    Ok(table)
}

fn leaks(free: &Equilibrium, reforms: &[Reform]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Leakage: magnets bought less inside, and how much of that is bought elsewhere (t/year contained)",
        &["", "inside", "outside", "share that leaks"],
    );
    for reform in reforms {
        let bought = |solved: &Equilibrium, within: bool| -> f64 {
            let here = solved.nodes().iter().filter(|n| n.commodity() == MAGNETS);
            let side = here.filter(|n| reform.members.contains(&n.region()) == within);
            side.map(|n| n.demanded()).sum()
        };
        let change = |within| bought(&reform.solved, within) - bought(free, within);
        let (within, outside) = (change(true), change(false));
        let share = match within < -0.5 {
            true if outside > 0.0 => format!("{} %", number(-100.0 * outside / within, 0)),
            true => "none".to_owned(),
            false => "-".to_owned(),
        };
        table.row([
            reform.name.clone(),
            number(within, 0),
            number(outside, 0),
            share,
        ]);
    }
    Ok(table)
}

/// Mountain Pass's output and the price of magnets under all stages, over the ranges of the elasticities.
fn ranges(floor: f64, allies: &[&str]) -> Result<(), Failure> {
    let elasticities = magnets::elasticities()?;
    let found = elasticities.spread(|values| -> Result<Vec<f64>, Failure> {
        let market = magnets::market(values)?;
        let free = market.solve(&magnets::status_quo()?)?;
        let solved = market.solve(&ladder(&free, allies, 3, floor)?)?;
        let makers: f64 = allies
            .iter()
            .map(|member| solved.level(&maker(METAL, member)))
            .sum::<Result<f64, _>>()?;
        let mine = maker(OXIDE, "United States");
        Ok(vec![
            solved.level(&mine)?,
            solved.price("United States", MAGNETS)?,
            makers,
        ])
    })?;
    let names: Vec<&str> = elasticities.names().collect();
    println!("With all stages, over the ranges of {}:", names.join("; "));
    for (name, figure) in [
        "Mountain Pass, t",
        "magnets inside, USD/kg contained",
        "metal made inside, t",
    ]
    .into_iter()
    .zip(found)
    {
        println!(
            "  {name}: {} ({})",
            number(figure.central, 0),
            range(Some(figure.low), Some(figure.high), 0)
        );
    }
    println!(
        "Metal and magnet making, freight, and who uses what outside the United States and Japan are judgements.\n"
    );
    Ok(())
}

fn draw(free: &Equilibrium, reforms: &[Reform]) -> Result<(), Failure> {
    let mut groups = Vec::new();
    let allies = reforms.last().ok_or("no reform")?;
    let label = |name: &str| name.trim_start_matches("allies, ").to_owned();
    let mut cases = vec![("no floor".to_owned(), free)];
    let of_allies = reforms.iter().filter(|r| r.members == allies.members);
    cases.extend(of_allies.map(|r| (label(&r.name), &r.solved)));
    for (name, solved) in &cases {
        let made = |stage| inside(solved, &allies.members, stage).map(|s| s[0] / 1e3);
        groups.push((
            name.as_str(),
            vec![made(OXIDE)?, made(METAL)?, made(MAGNETS)?],
        ));
    }
    let frame = Frame {
        title: "What the allies make behind a common floor",
        says: "A floor on one stage helps that stage and hurts the next; only a floor on all of them reaches the magnets.",
        x: "stages with a floor",
        y: "thousand tonnes of oxide contained a year",
    };
    let path =
        chart::bars(frame, &["oxide", "metal", "magnets"], &groups, None).save("border_floor")?;
    println!("wrote {}", path.display());
    Ok(())
}
