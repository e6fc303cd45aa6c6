//! The United States alone against a bloc of the G7, with and without Australia's and Japan's capacity: what the floor
//! brings, who would leave or join, and three ways to share the cost.
//!
//! `cargo run --release --example allied_bloc`

#[path = "support/magnets.rs"]
mod magnets;
#[path = "support/mod.rs"]
mod support;

use magnets::{Failure, MAGNETS, OXIDE};
use pricefloor::data;
use pricefloor::intervention::PolicyError;
use pricefloor::ledger::Split;
use pricefloor::market::Bloc;
use pricefloor::prelude::*;
use support::chart::{self, Frame};
use support::table::{Table, number};

const BLOCS: [(&str, &[&str]); 4] = [
    ("the United States", &["United States"]),
    (
        "and Europe and Canada",
        &["United States", "Europe and Canada"],
    ),
    (
        "and Japan: the G7",
        &["United States", "Europe and Canada", "Japan"],
    ),
    (
        "and Australia",
        &["United States", "Europe and Canada", "Japan", "Australia"],
    ),
];

fn main() -> Result<(), Failure> {
    let floor = data::base_case_row("floor price", "United States (MP)")?.value();
    let market = magnets::market(&magnets::central()?)?;
    let status_quo = magnets::status_quo()?;
    let free = market.solve(&status_quo)?;
    let rungs = magnets::rungs(&free, floor)?;
    println!(
        "A floor of ${} on oxide at a common border, and on metal and magnets as much above what they cost; members trade freely.\n",
        number(floor, 0)
    );
    let mut table = Table::new(
        "Larger and larger blocs (oxide contained; USD million a year)",
        &[
            "",
            "oxide price inside",
            "oxide made inside, t",
            "magnets made inside, t",
            "China's oxide",
            "China's magnets",
            "members gain",
            "world gains",
            "magnets leak",
        ],
    );
    let mut studies = Vec::new();
    for (name, members) in BLOCS {
        let bloc = Bloc::new("allies", members.to_vec())?;
        let solved = market.solve(&status_quo.and(&ladder(&bloc, &rungs)?)?)?;
        let study = BlocStudy::new(&market, &status_quo, &bloc, |acting| ladder(acting, &rungs))?;
        let security = solved.supply_security()?;
        let china = |stage: &str| -> Result<String, Failure> {
            let origins = security.stage(stage)?.origins().ok_or("nothing is made")?;
            Ok(format!("{} %", number(100.0 * origins.share("China")?, 1)))
        };
        let made = |stage: &str| -> Result<f64, Failure> {
            let stage = security.stage(stage)?;
            let made = members.iter().map(|m| Ok(stage.region(m)?.made()));
            made.sum()
        };
        let world = solved.ledger()?.against(&free.ledger()?)?;
        let leak = study.leaks().iter().find(|l| l.commodity() == MAGNETS);
        let leak = leak
            .and_then(|l| l.rate())
            .map_or_else(|| "-".to_owned(), |r| format!("{} %", number(100.0 * r, 0)));
        table.row([
            name.to_owned(),
            number(solved.price("United States", OXIDE)?, 1),
            number(made(OXIDE)?, 0),
            number(made(MAGNETS)?, 0),
            china(OXIDE)?,
            china(MAGNETS)?,
            number(study.value() / 1e3, 0),
            number(-world.deadweight_loss() / 1e3, 0),
            leak,
        ]);
        studies.push(study);
    }
    println!("{table}");
    let (alone, g7) = (&studies[0], &studies[2]);
    println!("{}", shares(g7));
    explain(alone, g7);
    println!("{}", capacity(&rungs)?);
    draw(g7)
}

fn ladder(acting: &Bloc, rungs: &[(&str, f64)]) -> Result<Policy, PolicyError> {
    let mut ladder = ReferencePriceLadder::new(acting).sharing(Sharing::Consumption);
    for &(stage, floor) in rungs {
        ladder = ladder.rung(stage, floor);
    }
    Policy::new().with("ladder", ladder)
}

const SPLITS: [(&str, Split); 3] = [
    ("equal", Split::Equal),
    ("by consumption", Split::Consumption),
    ("Shapley", Split::Shapley),
];

fn shares(study: &BlocStudy) -> Table {
    let mut table = Table::new(
        "The G7: what a member gains as the levies are divided, and would gain by leaving (USD million a year)",
        &[
            "",
            "equal",
            "leaving",
            "by consumption",
            "leaving",
            "Shapley",
            "leaving",
        ],
    );
    let divided = SPLITS.map(|(_, split)| study.divided(split));
    for (i, member) in study.members().iter().enumerate() {
        let mut cells = vec![member.region().to_owned()];
        for rows in &divided {
            cells.push(number(rows[i].gain() / 1e3, 0));
            cells.push(number(rows[i].by_leaving() / 1e3, 0));
        }
        table.row(cells);
    }
    table
}

fn explain(alone: &BlocStudy, g7: &BlocStudy) {
    let word = |gain: f64| if gain < 0.0 { "lose" } else { "gain" };
    let outside = |study: &BlocStudy| study.outsiders().iter().map(|o| o.gain()).sum::<f64>();
    let millions = |value: f64| number(value.abs() / 1e3, 0);
    println!(
        "Alone, the United States {}s {} million a year; the three members of the G7 bloc together {} {} million, and everyone \
         outside {}s {} million. The levies bring the three treasuries {} million.",
        word(alone.value()),
        millions(alone.value()),
        word(g7.value()),
        millions(g7.value()),
        word(outside(g7)),
        millions(outside(g7)),
        millions(g7.purse()),
    );
    for (name, split) in SPLITS {
        let divided = g7.divided(split);
        let leaving = divided.iter().filter(|m| m.by_leaving() > 1.0);
        let leaving: Vec<&str> = leaving.map(|m| m.region()).collect();
        match leaving.is_empty() {
            true => println!("Divided {name}, nobody gains by leaving."),
            false => println!(
                "Divided {name}, these gain by leaving: {}.",
                leaving.join(", ")
            ),
        }
    }
    let joins =
        |o: &&pricefloor::ledger::OutsiderResult| o.by_joining().is_some_and(|gain| gain > 1.0);
    let joining: Vec<&str> = g7
        .outsiders()
        .iter()
        .filter(joins)
        .map(|o| o.region())
        .collect();
    let outsiders = match joining.is_empty() {
        true => "nobody".to_owned(),
        false => joining.join(", "),
    };
    println!(
        "Who would gain by joining: {outsiders}. Security of supply is in none of these figures: what they say is what it has to be worth.\n"
    );
}

/// The floor of the largest bloc in a world without the capacity of Australia or of Japan.
fn capacity(rungs: &[(&str, f64)]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "The largest bloc with and without the capacity of two members",
        &[
            "",
            "oxide price inside",
            "oxide attained",
            "oxide used inside, t",
            "net imports of oxide, t",
            "magnets made inside, t",
        ],
    );
    let whole = magnets::market(&magnets::central()?)?;
    let members: &[&str] = BLOCS[3].1;
    let bloc = Bloc::new("allies", members.to_vec())?;
    for (name, gone) in [
        ("as it is", ""),
        ("without Australia's", "Australia"),
        ("without Japan's", "Japan"),
    ] {
        let mut builder = Market::builder(whole.name(), whole.price_unit())
            .units(whole.quantity_unit(), whole.money_unit());
        builder = whole
            .regions()
            .iter()
            .fold(builder, |b, region| b.region(region));
        builder = whole
            .commodities()
            .iter()
            .fold(builder, |b, commodity| b.commodity(commodity));
        for activity in whole.activities().iter().filter(|a| a.region() != gone) {
            builder = builder.activity(activity.clone());
        }
        for region in whole.regions() {
            for commodity in whole.commodities() {
                if let Some(demand) = whole.demand(region, commodity) {
                    builder = builder.demand(region, commodity, demand.clone());
                }
            }
        }
        builder = whole
            .routes()
            .iter()
            .fold(builder, |b, route| b.add_route(route.clone()));
        let policy = magnets::status_quo()?.and(&ladder(&bloc, rungs)?)?;
        let solved = builder.build()?.solve(&policy)?;
        let security = solved.supply_security()?;
        let sum = |stage: &str,
                   of: fn(&pricefloor::ledger::RegionSupply) -> f64|
         -> Result<f64, Failure> {
            let stage = security.stage(stage)?;
            members.iter().map(|m| Ok(of(stage.region(m)?))).sum()
        };
        let attained = solved.figure("ladder", &format!("attained {OXIDE}"))? == 1.0;
        table.row([
            name.to_owned(),
            number(solved.price("United States", OXIDE)?, 1),
            if attained { "yes" } else { "no" }.to_owned(),
            number(sum(OXIDE, |s| s.used())?, 0),
            number(sum(OXIDE, |s| s.net_imports())?, 0),
            number(sum(MAGNETS, |s| s.made())?, 0),
        ]);
    }
    Ok(table)
}

fn draw(study: &BlocStudy) -> Result<(), Failure> {
    let divided = SPLITS.map(|(_, split)| study.divided(split));
    let mut groups = Vec::new();
    for (i, member) in study.members().iter().enumerate() {
        groups.push((
            member.region(),
            divided.iter().map(|rows| rows[i].gain() / 1e3).collect(),
        ));
    }
    let frame = Frame {
        title: "Who gains in a G7 bloc, by the way in which the levies are shared",
        says: "Prices and output are the same in all three; only the treasuries' money moves. Security is not counted.",
        x: "",
        y: "USD million a year",
    };
    let names = SPLITS.map(|(name, _)| name);
    let path = chart::bars(frame, &names, &groups, None).save("allied_bloc")?;
    println!("wrote {}", path.display());
    Ok(())
}
