//! One textbook market, one number, five different things called a price floor: who pays, who gains. Then a floor at
//! the border, with imports offered below it.
//!
//! `cargo run --release --example five_floors`

#[path = "support/mod.rs"]
mod support;

use pricefloor::intervention::Measure;
use pricefloor::prelude::*;
use support::chart::{self, Frame};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

const FLOOR: f64 = 12.0;

/// P = 20 - Q is bought and P = 5 + Q/2 is offered: 10 at a price of 10, and a surplus of 75.
fn textbook() -> Result<pricefloor::market::MarketBuilder, Failure> {
    let demand = Demand::linear(Line {
        intercept: 20.0,
        slope: -1.0,
    })?;
    let supply = Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    })?;
    Ok(Market::builder("textbook", "USD/t")
        .region("Home")
        .commodity("oxide")
        .units("t", "USD")
        .demand("Home", "oxide", demand)
        .activity(Activity::producing("mine", "Home", "oxide", supply)))
}

fn main() -> Result<(), Failure> {
    let market = textbook()?.build()?;
    let minimum = |rationing| StatutoryMinimum::new("Home", "oxide", FLOOR, rationing);
    let contract = ContractFloor::new(FLOOR).covering("mine");
    let ways: Vec<(&str, Measure)> = vec![
        (
            "legal minimum, cheapest sell",
            minimum(Rationing::Efficient).into(),
        ),
        (
            "legal minimum, all sell less",
            minimum(Rationing::Proportional).into(),
        ),
        (
            "state buys the rest",
            SupportBuying::new("Home", "oxide", FLOOR).into(),
        ),
        ("contract on all output", contract.clone().into()),
        (
            "contract on the first 8",
            contract.coverage(Coverage::First(8.0)).into(),
        ),
    ];
    let free = market.solve(&Policy::none())?;
    let baseline = free.ledger()?;
    let mut table = Table::new(
        "A \"floor of 12\" in five ways, on a market that clears at 10 (USD a year)",
        &[
            "",
            "buyers pay",
            "sold",
            "made",
            "buyers",
            "producers",
            "treasury",
            "total",
            "lost",
        ],
    );
    let mut groups = Vec::new();
    let mut totals = Vec::new();
    for (name, measure) in [("free market", None)].into_iter().chain(
        ways.into_iter()
            .map(|(name, measure)| (name, Some(measure))),
    ) {
        let policy = match measure {
            None => Policy::none(),
            Some(measure) => Policy::new().with("floor", measure)?,
        };
        let solved = market.solve(&policy)?;
        let ledger = solved.ledger()?;
        let lost = ledger.against(&baseline)?.deadweight_loss();
        let node = solved.node("Home", "oxide")?;
        let parties = [
            ledger.consumer_surplus(),
            ledger.producer_surplus(),
            ledger.treasury(),
        ];
        let money = parties.into_iter().chain([ledger.total(), lost]);
        let quantities = [node.price(), node.demanded(), solved.level("mine")?];
        let cells = quantities
            .into_iter()
            .chain(money)
            .map(|value| number(value, 1));
        table.row([name.to_owned()].into_iter().chain(cells));
        groups.push((name, parties.to_vec()));
        totals.push((name, ledger.total()));
    }
    println!("{table}");
    let worst = totals
        .iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .ok_or("no way was solved")?;
    let kept = totals
        .iter()
        .skip(1)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .ok_or("no way was solved")?;
    println!(
        "The same number leaves between {} and {} of the free market's {}: \"{}\" wastes most, because what is bought has no \
         user, and \"{}\" nothing, because it pays for units that would be made anyway and moves no price.\n",
        number(worst.1, 0),
        number(kept.1, 0),
        number(baseline.total(), 0),
        worst.0,
        kept.0,
    );

    println!("{}", border()?);
    println!(
        "A floor at the border is only as strong as the imports it taxes: at 9 it holds and the treasury collects; at 12 imports \
         stop, the home market clears by itself at 10, and the floor is not attained."
    );

    let short = [
        "free market",
        "cheapest sell",
        "all sell less",
        "state buys",
        "contract, all",
        "contract, 8",
    ];
    let parties = groups.into_iter().map(|(_, parties)| parties);
    let groups: Vec<_> = short.into_iter().zip(parties).collect();
    let frame = Frame {
        title: "One floor of 12, five ways",
        says: "Who has what a year: legal minima, public buying, contracts. Below zero: the treasury pays.",
        x: "",
        y: "USD a year",
    };
    let path = chart::bars(frame, &["buyers", "producers", "treasury"], &groups, None)
        .save("five_floors")?;
    println!("wrote {}", path.display());
    Ok(())
}

fn border() -> Result<Table, Failure> {
    let market = textbook()?
        .region("Abroad")
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0)?,
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()?;
    let mut table = Table::new(
        "A floor at the border, with imports offered at 6 (USD a year)",
        &[
            "",
            "price inside",
            "imports",
            "levy",
            "attained",
            "buyers",
            "producers",
            "treasury",
        ],
    );
    for floor in [0.0, 9.0, 12.0] {
        let policy = Policy::new().with("border", BorderFloor::new("Home", "oxide", floor))?;
        let solved = market.solve(&policy)?;
        let ledger = solved.ledger()?;
        let attained = solved.figure("border", "attained")? == 1.0;
        table.row([
            if floor == 0.0 {
                "no floor".to_owned()
            } else {
                format!("floor of {}", number(floor, 0))
            },
            number(solved.price("Home", "oxide")?, 1),
            number(solved.flow("Abroad", "Home", "oxide")?, 1),
            number(solved.figure("border", "levy")?, 1),
            if attained { "yes" } else { "no" }.to_owned(),
            number(ledger.consumer_surplus(), 1),
            number(ledger.producer_surplus(), 1),
            number(ledger.treasury(), 1),
        ]);
    }
    Ok(table)
}
