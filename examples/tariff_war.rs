//! China taxes exports of oxide, the rest of the world taxes imports of it, and each answers the other: where it ends.
//!
//! `cargo run --release --example tariff_war`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, DataError};
use pricefloor::equilibrium::Outcome;
use pricefloor::prelude::*;
use pricefloor::rivalry::{Leader, ReplyGame};
use support::chart::{self, Frame, Line as Drawn};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

const OXIDE: &str = "NdPr oxide";
const CHINA: &str = "measure/export tax/rate";
const OUTSIDE: &str = "measure/tariff/rate";
/// Highest rate of either, USD/kg.
const MOST: f64 = 40.0;
/// Judgement: how much of the goods made with the oxide of the rest of the world would be made there if oxide were traded
/// freely, t/year. Today most of it is used in China, as magnets that are then exported.
const USED_OUTSIDE: f64 = 30_000.0;

fn value(item: &str, region: &str) -> Result<f64, DataError> {
    data::base_case_row(item, region).map(data::BaseCaseRow::value)
}

/// One price everywhere to begin with, and China the exporter.
fn world() -> Result<Market, Failure> {
    let price = value("price (China domestic ex VAT)", "China")?;
    let (china, world) = (value("production", "China")?, value("production", "World")?);
    let demand = value("demand elasticity long run", "all")?;
    let at = |quantity| Observed { price, quantity };
    Ok(Market::builder("NdPr oxide", "USD/kg")
        .region("China")
        .region("Outside")
        .commodity(OXIDE)
        .units("t", "USD thousand")
        .demand(
            "China",
            OXIDE,
            Demand::linear_through(at(world - USED_OUTSIDE), demand)?,
        )
        .demand(
            "Outside",
            OXIDE,
            Demand::linear_through(at(USED_OUTSIDE), demand)?,
        )
        .activity(Activity::producing(
            "Chinese plants",
            "China",
            OXIDE,
            Supply::linear_through(at(china), value("supply elasticity long run", "China")?)?,
        ))
        .activity(Activity::producing(
            "plants outside",
            "Outside",
            OXIDE,
            Supply::linear_through(
                at(world - china),
                value(
                    "supply elasticity long run (10 years or more)",
                    "Rest of world",
                )?,
            )?,
        ))
        .route("China", "Outside", OXIDE, 0.0)
        .build()?)
}

fn policy() -> Result<Policy, Failure> {
    Ok(Policy::new()
        .with("export tax", ExportTax::specific("China", OXIDE, 0.0))?
        .with("tariff", Tariff::specific("Outside", OXIDE, 0.0))?)
}

fn main() -> Result<(), Failure> {
    let (market, policy) = (world()?, policy()?);
    let china = || Leader::number(CHINA, 0.0..=MOST, Outcome::welfare("China"));
    // what a kilogram made outside is worth to the other governments beyond its price, USD/kg
    let outside = |weight: f64| {
        Leader::number(OUTSIDE, 0.0..=MOST, Outcome::welfare("Outside"))
            .valuing(weight, Outcome::level("plants outside"))
    };
    let free = market.solve(&policy)?;
    let base = free.ledger()?;
    let mut table = Table::new(
        "An export tax against a tariff (USD/kg; gains against free trade in USD million a year)",
        &[
            "",
            "export tax",
            "tariff",
            "price in China",
            "price outside",
            "traded, t",
            "China",
            "outside",
        ],
    );
    let mut row = |name: &str, rates: [f64; 2], solved: &Equilibrium| -> Result<(), Failure> {
        let ledger = solved.ledger()?;
        let gain = |region: &str| (ledger.region(region) - base.region(region)) * 1e-3;
        table.row([
            name.to_owned(),
            number(rates[0], 1),
            number(rates[1], 1),
            number(solved.price("China", OXIDE)?, 1),
            number(solved.price("Outside", OXIDE)?, 1),
            number(solved.flow("China", "Outside", OXIDE)?, 0),
            number(gain("China"), 0),
            number(gain("Outside"), 0),
        ]);
        Ok(())
    };
    row("free trade", [0.0, 0.0], &free)?;
    let led = market.lead(&policy, &china())?;
    row("China alone", [led.choice(), 0.0], led.equilibrium())?;
    let led = market.lead(&policy, &outside(0.0))?;
    row("the others alone", [0.0, led.choice()], led.equilibrium())?;
    let mut ends = Vec::new();
    for weight in [0.0, 10.0, 20.0] {
        let game = ReplyGame::new()
            .player("China", china())
            .player("Outside", outside(weight));
        let found = market.reply_game(&policy, &game)?;
        let name = if weight == 0.0 {
            "each answers the other".to_owned()
        } else {
            format!("the same, {} USD/kg for own output", number(weight, 0))
        };
        for nash in found.equilibria() {
            row(
                &name,
                [nash.choices()[0], nash.choices()[1]],
                nash.equilibrium(),
            )?;
            ends.push((
                weight,
                nash.choices()[0],
                nash.choices()[1],
                nash.largest_gain(),
            ));
        }
        if found.equilibria().is_empty() {
            println!(
                "{name}: no rest, {} cycles of replies",
                found.cycles().len()
            );
        }
    }
    println!("{table}");
    let (_, tax, tariff, _) = ends.first().copied().ok_or("the game has no equilibrium")?;
    let worst = ends.iter().fold(0.0_f64, |most, end| most.max(end.3));
    println!(
        "Each would gain by moving alone. When each answers the other it ends at an export tax of {} and a tariff of {} USD/kg, \
         and both regions together have less than under free trade. At none of the ends does either gain more than {worst:.0e} of what is at \
         stake by any other rate. Wanting oxide of one's own raises the tariff, and lowers the tax that answers it.\n",
        number(tax, 1),
        number(tariff, 1),
    );
    println!(
        "Judged, not sourced: {} t a year are used outside China at one world price, and both governments want the welfare of \
         everyone in their region. Outputs, price and elasticities: data/base_case_mid2025.csv.\n",
        number(USED_OUTSIDE, 0),
    );
    let path = draw(&market, &china(), &outside(0.0))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// Each side's best rate against every rate of the other: they cross where neither moves any more.
fn draw(market: &Market, china: &Leader, outside: &Leader) -> Result<std::path::PathBuf, Failure> {
    let rates: Vec<f64> = (0..=20).map(|k| f64::from(k) * 0.05 * MOST).collect();
    let against = |measure: &str, rate: f64| -> Result<Policy, Failure> {
        let fixed = |name: &str| if name == measure { rate } else { 0.0 };
        Ok(Policy::new()
            .with(
                "export tax",
                ExportTax::specific("China", OXIDE, fixed("export tax")),
            )?
            .with(
                "tariff",
                Tariff::specific("Outside", OXIDE, fixed("tariff")),
            )?)
    };
    let mut replies = [Vec::new(), Vec::new()];
    for &rate in &rates {
        let tax = market.lead(&against("tariff", rate)?, china)?.choice();
        replies[0].push((rate, tax));
        let tariff = market
            .lead(&against("export tax", rate)?, outside)?
            .choice();
        replies[1].push((tariff, rate));
    }
    let [taxes, tariffs] = replies;
    let lines = [
        Drawn::new("China's best export tax", taxes),
        Drawn::new("the others' best tariff", tariffs),
    ];
    let frame = Frame {
        title: "Best replies in a tariff war over oxide",
        says: "Where the lines cross neither gains by another rate.",
        x: "tariff outside China, USD/kg",
        y: "China's export tax, USD/kg",
    };
    Ok(chart::lines(frame, &lines, &[])
        .x_range(0.0, MOST)
        .y_range(0.0, MOST)
        .save("tariff_war")?)
}
