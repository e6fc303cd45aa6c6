//! Would it pay China to flood the oxide market until Mountain Pass closes, and what does a contract that stops it cost?
//!
//! `cargo run --release --example predation`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, BaseCaseRow, DataError};
use pricefloor::equilibrium::Outcome;
use pricefloor::prelude::*;
use pricefloor::rivalry::{Deterrent, Predation, PredationReport};
use support::chart::{self, Frame};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

const OXIDE: &str = "NdPr oxide";
/// Value-added tax since April 2019, not refunded on rare earth exports.
const TAX: f64 = 0.13;
/// Judgements: full output of Mountain Pass (the company's plan), t/year; years of flooding until it closes; years until
/// somebody else has built a mine, which is the lead time of one; China's discount rate.
const PLAN: f64 = 6_000.0;
const YEARS: u32 = 3;
const ALONE: u32 = 8;
const RATE: f64 = 0.08;

fn row(item: &str, region: &str) -> Result<&'static BaseCaseRow, DataError> {
    data::base_case_row(item, region)
}

fn value(item: &str, region: &str) -> Result<f64, DataError> {
    Ok(row(item, region)?.value())
}

/// Responses to price over some years.
#[derive(Clone, Copy)]
struct Responses {
    demand: f64,
    china: f64,
    others: f64,
}

/// Two regions, with China's price the one outside less the tax, and Mountain Pass at its full plan.
fn world(unit_cost: f64, e: Responses) -> Result<Market, Failure> {
    let inside = value("price (China domestic ex VAT)", "China")?;
    let outside = inside * (1.0 + TAX);
    let made = |region| value("production", region);
    // what is made outside and what China sends there is used there
    let used_outside = made("Rest of world")? + made("United States")? + 600.0;
    let used_inside = made("China")? - 600.0;
    let demand = |price, quantity| Demand::linear_through(Observed { price, quantity }, e.demand);
    let supply = |price, quantity, elasticity| {
        Supply::constant_elasticity(Observed { price, quantity }, elasticity)
    };
    Ok(Market::builder("NdPr oxide", "USD/kg")
        .region("China")
        .region("Outside")
        .commodity(OXIDE)
        .units("t", "USD thousand")
        .demand("China", OXIDE, demand(inside, used_inside)?)
        .demand("Outside", OXIDE, demand(outside, used_outside)?)
        .activity(Activity::producing(
            "Chinese plants",
            "China",
            OXIDE,
            supply(inside, made("China")?, e.china)?,
        ))
        .activity(Activity::producing(
            "Lynas and others",
            "Outside",
            OXIDE,
            supply(outside, made("Rest of world")?, e.others)?,
        ))
        .activity(Activity::producing(
            "Mountain Pass",
            "Outside",
            OXIDE,
            Supply::perfectly_elastic(unit_cost)?.with_capacity(PLAN)?,
        ))
        .route("China", "Outside", OXIDE, 0.0)
        .route("Outside", "China", OXIDE, 0.0)
        .build()?)
}

fn study(unit_cost: f64, flood_price: f64, e: Responses) -> Result<PredationReport, Failure> {
    hunt(unit_cost, flood_price, e, |terms| {
        terms.for_years(YEARS).alone_for(ALONE)
    })
}

fn hunt(
    unit_cost: f64,
    flood_price: f64,
    e: Responses,
    spell: fn(Predation) -> Predation,
) -> Result<PredationReport, Failure> {
    let policy =
        Policy::new().with("unrefunded tax", ExportTax::ad_valorem("China", OXIDE, TAX))?;
    // from what China made in a lean year to all that the world would take at a third of the price
    let most = value("production", "World")? * (1.0 - 2.0 / 3.0 * e.demand);
    let terms = Predation::new("Chinese plants", "Mountain Pass", 40_000.0..=most)
        .wanting(Outcome::welfare("China"))
        .flooding_to(flood_price)
        .discounting_at(RATE);
    Ok(world(unit_cost, e)?.predation(&policy, &spell(terms))?)
}

/// The smallest contract that makes flooding pointless where it pays: where a single year is enough to close the mine, nobody
/// ever builds another, and a kg costs more than planned, so that the price need not fall far.
fn deterrents(planned: f64, e: Responses) -> Result<Table, Failure> {
    let mut table = Table::new(
        "If one year were enough and nobody built another ever: flooding to 2 USD/kg below the mine's cost, and the smallest \
         contract that stops it (USD million)",
        &[
            "costs, USD/kg",
            "gives up in all",
            "gains after",
            "pays?",
            "strike, USD/kg",
            "volume, t",
            "a flood still costs, a year",
            "a quiet year",
        ],
    );
    for more in [0.0, 4.0, 8.0, 10.0, 12.0] {
        let cost = planned + more;
        let found = hunt(cost, cost - 2.0, e, |terms| terms.for_years(1))?;
        let of = |figure: fn(&Deterrent) -> f64, digits| {
            let contract = found.contract();
            contract.map_or_else(|| "-".to_owned(), |c| number(figure(c), digits))
        };
        table.row([
            number(cost, 0),
            number(found.given_up() * 1e-3, 0),
            number(found.gained() * 1e-3, 0),
            if found.pays() { "yes" } else { "no" }.to_owned(),
            of(|c| c.strike, 1),
            of(|c| c.volume, 0),
            of(|c| c.imposed_cost * 1e-3, 1),
            of(|c| c.quiet_cost * 1e-3, 1),
        ]);
    }
    Ok(table)
}

fn main() -> Result<(), Failure> {
    let costs = row("unit cost", "United States (MP)")?;
    let planned = costs.low().ok_or("the planned unit cost is missing")?;
    let central = Responses {
        demand: value("demand elasticity long run", "all")?,
        china: value("supply elasticity long run", "China")?,
        others: value("supply elasticity medium run (4-5 years)", "Rest of world")?,
    };
    let mut table = Table::new(
        "Flooding the oxide market for three years, to drive out Mountain Pass at its full plan (USD million)",
        &[
            "flood price, USD/kg",
            "China makes, t",
            "gives up a year",
            "gives up in all",
            "gains after",
            "pays?",
            "a $110 floor costs, a year",
        ],
    );
    let strike = value("floor price", "United States (MP)")?;
    let mut groups = Vec::new();
    let prices = [planned, planned - 5.0, planned - 10.0];
    for flood in prices {
        let found = study(planned, flood, central)?;
        let (beside, year) = (found.beside(), found.flood());
        table.row([
            number(flood, 0),
            number(year.output, 0),
            number((beside.profit - year.profit) * 1e-3, 0),
            number(found.given_up() * 1e-3, 0),
            number(found.gained() * 1e-3, 0),
            if found.pays() { "yes" } else { "no" }.to_owned(),
            number((strike - year.price) * PLAN * 1e-3, 0),
        ]);
        groups.push((
            format!("to {}", number(flood, 0)),
            vec![found.given_up() * 1e-3, found.gained() * 1e-3],
        ));
    }
    println!("{table}");

    println!("{}", deterrents(planned, central)?);
    println!(
        "Only a mine whose cost is close to the price can be driven out at a gain, and only if it gives in at once and for ever. \
         What stops that is a floor at its own cost on a part of its output, so that it stays; in a year in which the price is \
         brought down all the same that floor costs something, in others nothing.\n"
    );

    let demand = row("demand elasticity long run", "all")?;
    let china = row("supply elasticity long run", "China")?;
    let ends = |r: &BaseCaseRow| [r.low().unwrap_or(r.value()), r.high().unwrap_or(r.value())];
    let (mut least, mut most, mut corners) = (f64::INFINITY, 0.0_f64, 0);
    let mut paying = 0;
    for demand in ends(demand) {
        for china in ends(china) {
            let found = study(
                planned,
                planned,
                Responses {
                    demand,
                    china,
                    ..central
                },
            )?;
            let ratio = found.gained() / found.given_up();
            least = least.min(ratio);
            most = most.max(ratio);
            corners += 1;
            paying += usize::from(found.pays());
        }
    }
    let found = study(planned, planned, central)?;
    println!(
        "Beside Mountain Pass the best China can do for itself puts the price outside at {} USD/kg, {} t a year of its own. \
         Flooding means making goods for more than they are worth to anybody: it gains {} % of what it gives up, and {} to {} % \
         over the ranges of the elasticities ({} of {} corners pay).",
        number(found.beside().price, 0),
        number(found.beside().output, 0),
        number(100.0 * found.gained() / found.given_up(), 0),
        number(100.0 * least, 0),
        number(100.0 * most, 0),
        paying,
        corners,
    );
    println!(
        "A floor that is never tested is not free all the same: whoever holds it pays {} USD million in a year in which the \
         price is brought down to {}, on {} t at a strike of {}.\n",
        number((strike - planned) * PLAN * 1e-3, 0),
        number(planned, 0),
        number(PLAN, 0),
        number(strike, 0),
    );
    println!(
        "Judged, not sourced: full output of {} t/year at the company's target cost of {} USD/kg, {YEARS} years of flooding, \
         {ALONE} years until another mine is built, a discount rate of {} %, and a China that wants the welfare of everyone \
         in it. Balance, prices and ranges: data/base_case_mid2025.csv.\n",
        number(PLAN, 0),
        number(planned, 0),
        number(100.0 * RATE, 0),
    );

    let groups: Vec<(&str, Vec<f64>)> = groups
        .iter()
        .map(|(n, v)| (n.as_str(), v.clone()))
        .collect();
    let frame = Frame {
        title: "What flooding costs China, and what it brings",
        says: "Present values. Flooding pays where the second bar is the higher one.",
        x: "price outside China to which the market is flooded, USD/kg",
        y: "USD million",
    };
    let path = chart::bars(
        frame,
        &["given up in three years", "gained in the eight after"],
        &groups,
        None,
    )
    .save("predation")?;
    println!("wrote {}", path.display());
    Ok(())
}
