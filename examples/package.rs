//! The whole programme of 2025-26, measure by measure and together: what it costs, what is made at home, prices, how narrow
//! supply stays, and what each measure has to do with it.
//!
//! `cargo run --release --example package`

#[path = "support/magnets.rs"]
mod magnets;
#[path = "support/mod.rs"]
mod support;

use magnets::{Failure, MAGNETS, OXIDE, maker};
use pricefloor::assembly::Role;
use pricefloor::data::{self, Table as Facts};
use pricefloor::ledger::LedgerError;
use pricefloor::market::Bloc;
use pricefloor::prelude::*;
use support::chart::{self, Frame};
use support::table::{Table, number};

const HOME: &str = "United States";
const ALLIES: [&str; 3] = ["United States", "Japan", "Europe and Canada"];
const OUTSIDE: [&str; 4] = ["United States", "Japan", "Europe and Canada", "Others"];
/// Probability that China's exports of magnets stop in a year, and for how long. Judgement.
const RISK: Risk = Risk {
    probability: 0.05,
    years: 1.0,
};
/// Years over which the reserve is filled. Judgement.
const FILLING: f64 = 3.0;
/// The share of the cost of magnets that the tax credit bears. Judgement: a tenth, as the US credit for critical minerals; it
/// is not in the data.
const CREDIT: f64 = 0.1;

/// The allies' floor for oxide, USD/kg. Judgement: below the contract's, which still has something to pay behind it.
const ALLIES_FLOOR: f64 = 100.0;

/// A figure of a solved market.
type Figure<'a> = &'a dyn Fn(&Equilibrium) -> Result<f64, LedgerError>;

fn main() -> Result<(), Failure> {
    let market = magnets::market(&magnets::central()?)?;
    let status_quo = magnets::status_quo()?;
    let package = package(&market.solve(&status_quo)?)?;
    terms()?;

    let mut comparison = Comparison::new("status quo", &market.solve(&status_quo)?)?;
    let mut solved = vec![("status quo".to_owned(), market.solve(&status_quo)?)];
    for entry in package.entries() {
        let alone = Policy::try_from(vec![entry.clone()])?;
        solved.push((
            entry.name().to_owned(),
            market.solve(&status_quo.and(&alone)?)?,
        ));
    }
    let whole = market.solve(&status_quo.and(&package)?)?;
    solved.push(("all together".to_owned(), whole));
    // the picture shows one measure and all of them: a bar for each of seven would be too many
    let mut pictured = comparison.clone();
    for (k, (name, reform)) in solved.iter().enumerate().skip(1) {
        comparison.add(name, reform)?;
        if k == 1 || k + 1 == solved.len() {
            pictured.add(name, reform)?;
        }
    }

    let months = magnets::months()?;
    let security = |solved: &Equilibrium| expected_loss(solved, &months);
    println!("{}", measures(&comparison, &solved, &security)?);
    println!("{}", winners(&comparison)?);

    let outcomes: [(&str, Figure); 5] = [
        ("allies' treasuries pay, USD m", &|s| Ok(-purses(s)? / 1e3)),
        ("oxide made in the US, t", &|s| {
            Ok(s.level(&maker(OXIDE, HOME))?)
        }),
        ("magnets made by allies, t", &|s| made(s, MAGNETS)),
        ("China's share of magnets, %", &|s| {
            Ok(100.0 * share(s, MAGNETS)?)
        }),
        (
            "expected loss of a halt, USD m",
            &|s| Ok(security(s)? / 1e3),
        ),
    ];
    let mut attributed = Vec::new();
    for (name, outcome) in outcomes {
        attributed.push(Attribution::exact(
            &market,
            &status_quo,
            &package,
            name,
            outcome,
        )?);
    }
    println!("{}", shares(&attributed));
    explain(
        &attributed,
        bought(&solved[0].1) - bought(&solved[solved.len() - 1].1),
    );
    draw(&attributed)?;
    let path = chart::write("package_gains", &pictured.svg())?;
    println!("wrote {}", path.display());
    Ok(())
}

/// The contract floor, the stake, the reserve, the allies' ladder and a tax credit.
fn package(free: &Equilibrium) -> Result<Policy, Failure> {
    let floor = data::base_case_row("floor price", "United States (MP)")?.value();
    let allies = Bloc::new("allies", ALLIES)?;
    let mut ladder = ReferencePriceLadder::new(&allies).sharing(Sharing::Consumption);
    for (stage, floor) in magnets::rungs(free, ALLIES_FLOOR)? {
        ladder = ladder.rung(stage, floor);
    }
    Ok(Policy::new()
        .with(
            "price floor",
            ContractFloor::new(floor).covering(&maker(OXIDE, HOME)),
        )?
        .with("stake", ProductionSubsidy::new(HOME, OXIDE, stake()?))?
        .with(
            "reserve",
            SupportBuying::new(HOME, OXIDE, floor).limit(reserve()?),
        )?
        .with("allies' floors", ladder)?
        .with(
            "tax credit",
            TaxCredit::new(HOME, MAGNETS, CREDIT).with_inputs(),
        )?)
}

/// What a stake is worth to the plant that it pays for, USD/kg: the money asks for the Treasury rate where private capital
/// asks for the projects' rate.
fn stake() -> Result<f64, Failure> {
    let percent = |item| -> Result<f64, Failure> { Ok(data::assumption(item)?.number()? / 100.0) };
    let money = data::contract_term("pref_cash")?.number()?;
    let capacity = data::assumption("oxide capacity after growth")?.number()?;
    let treasury = (1.0 + percent("Treasury rate")?) / (1.0 + percent("inflation")?) - 1.0;
    Ok(1e3 * money * (percent("project discount rate")? - treasury) / capacity)
}

/// What the reserve buys, t/year: sixty days of what is used outside China, over the years of filling.
fn reserve() -> Result<f64, Failure> {
    let days = data::fact(
        Facts::ProjectVault,
        "Project Vault",
        "target cover",
        "2026-02-02",
    )?;
    let used = ["Japan", "United States", "Rest of world"].map(|region| -> Result<f64, Failure> {
        Ok(data::base_case_row("consumption", region)?.value())
    });
    let used: f64 = used.into_iter().sum::<Result<f64, Failure>>()?;
    Ok(used * days.number()? / 365.0 / FILLING)
}

fn terms() -> Result<(), Failure> {
    let floor = data::base_case_row("floor price", "United States (MP)")?;
    let money = data::contract_term("pref_cash")?;
    println!("The programme:");
    println!(
        "  price floor: ${} a kilogram for Mountain Pass ({})",
        number(floor.value(), 0),
        floor.provenance()
    );
    println!(
        "  stake: ${} million at the Treasury rate, worth ${} a kilogram to the plant ({})",
        number(money.number()?, 0),
        number(stake()?, 2),
        money.provenance()
    );
    println!(
        "  reserve: {} t of oxide a year as long as it costs less than the floor: 60 days of use outside China in {} years",
        number(reserve()?, 0),
        number(FILLING, 0)
    );
    println!(
        "  allies' floors: ${} on oxide and as much above what they cost on metal and magnets, at a common border of the United \
         States, Japan, Europe and Canada (judgement)",
        number(ALLIES_FLOOR, 0)
    );
    println!(
        "  tax credit: {} % of the cost of US magnets, materials included (judgement)\n",
        number(100.0 * CREDIT, 0)
    );
    Ok(())
}

/// What the treasuries of the allies have, USD thousand a year.
fn purses(solved: &Equilibrium) -> Result<f64, LedgerError> {
    let ledger = solved.ledger()?;
    Ok(ALLIES
        .iter()
        .map(|ally| ledger.role_in(Role::Treasury, ally))
        .sum())
}

fn made(solved: &Equilibrium, stage: &str) -> Result<f64, LedgerError> {
    let security = solved.supply_security()?;
    let stage = security.stage(stage)?;
    ALLIES
        .iter()
        .map(|ally| Ok(stage.region(ally)?.made()))
        .sum()
}

/// Magnets that the allies buy, t/year contained.
fn bought(solved: &Equilibrium) -> f64 {
    let nodes = solved.nodes().iter();
    let of_allies = nodes.filter(|n| n.commodity() == MAGNETS && ALLIES.contains(&n.region()));
    of_allies.map(|n| n.demanded()).sum()
}

fn share(solved: &Equilibrium, stage: &str) -> Result<f64, LedgerError> {
    let security = solved.supply_security()?;
    match security.stage(stage)?.origins() {
        Some(origins) => Ok(origins.share("China")?),
        None => Ok(0.0),
    }
}

/// What everyone outside China may expect to lose in a year by a halt of its exports of magnets, USD thousand.
fn expected_loss(solved: &Equilibrium, months: &ShortRun) -> Result<f64, LedgerError> {
    let halt = solved.disrupted(months, &Outage::exports("China", MAGNETS))?;
    OUTSIDE
        .iter()
        .map(|region| Ok(halt.expected_loss(region, RISK)?))
        .sum()
}

fn measures(
    comparison: &Comparison,
    solved: &[(String, Equilibrium)],
    security: Figure,
) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Measure by measure and together (t/year contained, USD/kg contained, USD million a year)",
        &[
            "",
            "allies pay",
            "allies gain",
            "US oxide, t",
            "allies' magnets, t",
            "US oxide price",
            "US magnet price",
            "China's oxide",
            "China's magnets",
            "expected loss of a halt",
        ],
    );
    let (_, before) = &solved[0];
    for (name, solved) in solved {
        let gain = match comparison.reform(name) {
            Ok(reform) => ALLIES
                .iter()
                .map(|ally| reform.incidence().gain_in(ally))
                .sum(),
            Err(_) => 0.0,
        };
        let percent = |stage| -> Result<String, Failure> {
            Ok(format!("{} %", number(100.0 * share(solved, stage)?, 1)))
        };
        table.row([
            name.clone(),
            number((purses(before)? - purses(solved)?) / 1e3, 0),
            number(gain / 1e3, 0),
            number(solved.level(&maker(OXIDE, HOME))?, 0),
            number(made(solved, MAGNETS)?, 0),
            number(solved.price(HOME, OXIDE)?, 1),
            number(solved.price(HOME, MAGNETS)?, 1),
            percent(OXIDE)?,
            percent(MAGNETS)?,
            number(security(solved)? / 1e3, 0),
        ]);
    }
    Ok(table)
}

fn winners(comparison: &Comparison) -> Result<Table, Failure> {
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

fn shares(attributed: &[Attribution]) -> Table {
    let mut header = vec![""];
    header.extend(attributed.iter().map(Attribution::outcome));
    let mut table = Table::new(
        "What each measure has to do with it: Shapley values, which sum to what the programme does",
        &header,
    );
    let row = |name: &str, value: &dyn Fn(&Attribution) -> f64| -> Vec<String> {
        let values = attributed.iter().map(|of| number(value(of), 1));
        [name.to_owned()].into_iter().chain(values).collect()
    };
    table.row(row("status quo", &Attribution::baseline));
    if let Some(first) = attributed.first() {
        for (i, measure) in first.shares().iter().enumerate() {
            table.row(row(measure.measure(), &|of| of.shares()[i].shapley()));
        }
    }
    table.row(row("all together", &Attribution::together));
    table
}

fn explain(attributed: &[Attribution], fewer: f64) {
    let [cost, oxide, magnets, _, loss] = attributed else {
        return;
    };
    let most = |of: &Attribution, sign: f64| -> String {
        let largest = of
            .shares()
            .iter()
            .max_by(|a, b| (sign * a.shapley()).total_cmp(&(sign * b.shapley())));
        largest.map_or_else(String::new, |share| share.measure().to_owned())
    };
    let word = |cost: f64| if cost < 0.0 { "bring" } else { "cost" };
    let change = |of: &Attribution| of.together() - of.baseline();
    let alone: f64 = cost.shares().iter().map(|share| share.alone()).sum();
    println!(
        "Together the measures {} the allies' treasuries {} million a year; one by one they would {} {} million. Of US oxide \
         ({} t more) most is due to the {}, of the allies' magnets ({} t more) to the {}.",
        word(change(cost)),
        number(change(cost).abs(), 0),
        word(alone),
        number(alone.abs(), 0),
        number(change(oxide), 0),
        most(oxide, 1.0),
        number(change(magnets), 0),
        most(magnets, 1.0),
    );
    println!(
        "What a halt of Chinese magnets may be expected to cost everyone outside China, at {} % a year, changes by {} million, \
         most of it due to the {}, behind which buyers have cut down by {} t before any halt. That is the value of security, \
         and stands beside the cost: it is not in the gains above. The probability, the prices at which buyers give up, the filling of the reserve and the credit are judgements.\n",
        number(100.0 * RISK.probability, 0),
        number(change(loss), 0),
        most(loss, -1.0),
        number(fewer, 0),
    );
}

fn draw(attributed: &[Attribution]) -> Result<(), Failure> {
    let [cost, .., loss] = attributed else {
        return Err("five outcomes are attributed".into());
    };
    let mut groups: Vec<(&str, Vec<f64>)> = Vec::new();
    for (cost, loss) in cost.shares().iter().zip(loss.shares()) {
        groups.push((cost.measure(), vec![cost.shapley(), -loss.shapley()]));
    }
    let frame = Frame {
        title: "What each measure costs, and what it takes off the expected loss of a halt",
        says: "Shapley values over all orders of the five measures. A negative cost is revenue.",
        x: "",
        y: "USD million a year",
    };
    let series = ["cost to the allies' treasuries", "expected loss avoided"];
    let path = chart::bars(frame, &series, &groups, None).save("package")?;
    println!("wrote {}", path.display());
    Ok(())
}
