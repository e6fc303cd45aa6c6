//! Twelve billion dollars of magnet minerals: what it buys at 2026 prices, how long it lasts, and an embargo with and
//! without it.
//!
//! `cargo run --release --example strategic_reserve`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, Fact, Table as Facts};
use pricefloor::prelude::*;
use pricefloor::storage::{
    Buyers, CommodityRun, Cover, Funds, Interruption, Outlook, Rules, Stockpile, StockpileRun,
    StockpileTerms, StockpiledCommodity, Supplies,
};
use support::chart::{self, Frame, Line as Curve};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

/// Quarters of filling, then of embargo, then of calm.
const FILL: usize = 8;
const EMBARGO: usize = 4;
const QUARTERS: usize = 16;

/// Judgements, each with its reason; everything else is read from the bundled facts.
mod judged {
    /// Defence takes about this share of use outside China: no source gives it; a few per cent is the usual guess.
    pub const DEFENCE: f64 = 0.05;
    /// Storage a year, as a share of the price: oxides keep well and are worth much for their bulk.
    pub const HOLDING: f64 = 0.005;
    /// Interest on the loan a year: near the Treasury rate.
    pub const INTEREST: f64 = 0.0435;
    /// The reserve pays up to this multiple of the price, and sells in an embargo above the other.
    pub const BUYS_BELOW: f64 = 2.0;
    pub const SELLS_ABOVE: f64 = 2.0;
    /// Beyond this multiple of the price civil buyers stop, as in 2011, when neodymium rose to about four times its price
    /// of the year before and then demand broke; defence goes on to twice that.
    pub const CHOKE: f64 = 5.0;
}

/// What an oxide costs and how much of it the world outside China uses.
struct Oxide {
    name: &'static str,
    /// USD/kg.
    price: f64,
    /// Used outside China, in t a year, what comes in magnets included.
    use_outside: f64,
    /// Made outside China, in t a year.
    made_outside: f64,
    /// In magnets that the United States buys from China, in t a year.
    us_magnets: f64,
}

fn price(entity: &str, metric: &str, period: &str) -> Result<f64, Failure> {
    let fact: &Fact = data::fact(Facts::PricesPoints, entity, metric, period)?;
    println!(
        "  {entity}: {} {} ({}): {}",
        fact.value(),
        fact.unit(),
        fact.period(),
        fact.provenance()
    );
    Ok(fact.value().midpoint().ok_or("a price")?)
}

fn base(item: &str, region: &str) -> Result<f64, Failure> {
    Ok(data::base_case_row(item, region)?.value())
}

fn oxides() -> Result<Vec<Oxide>, Failure> {
    let magnets = base("embodied NdPr oxide in Chinese magnet exports", "China")?;
    let bought = base("consumption", "World")? - base("consumption", "China")?;
    let use_outside = bought + magnets;
    let made_outside = base("production", "World")? - base("production", "China")?;
    let us_magnets = base(
        "embodied NdPr oxide in US magnet imports from China",
        "United States",
    )?;
    // Dysprosium and terbium follow the magnets: the same share of China's output is used outside as of the world's NdPr.
    let share = use_outside / base("consumption", "World")?;
    let heavy = |name, item, price| -> Result<Oxide, Failure> {
        let output = base(item, "China")?;
        Ok(Oxide {
            name,
            price,
            use_outside: share * output,
            made_outside: 0.0,
            us_magnets: us_magnets / use_outside * share * output,
        })
    };
    println!("Prices of 2026:");
    let ndpr = price(
        "NdPr oxide",
        "Chinese benchmark (850,000 CNY/t incl. VAT)",
        "2026-02-18",
    )?;
    let dy = price("Dy oxide", "FOB China", "2026-01-30")?;
    let tb = price("Tb oxide", "FOB", "2026-01-30")?;
    println!();
    Ok(vec![
        heavy("Dy oxide", "Dy oxide output", dy)?,
        heavy("Tb oxide", "Tb oxide output", tb)?,
        Oxide {
            name: "NdPr oxide",
            price: ndpr,
            use_outside,
            made_outside,
            us_magnets,
        },
    ])
}

/// The market outside China: quantities in t a year, prices in USD/kg, so money is in thousand USD.
fn commodity(oxide: &Oxide, days: f64) -> Result<StockpiledCommodity, Failure> {
    let elasticity = base("demand elasticity short run", "all")?;
    let response = base("supply elasticity short run", "Rest of world")?;
    let observed = |quantity: f64| Observed {
        price: oxide.price,
        quantity,
    };
    let buyers = |name: &str, share: f64, choke: f64| -> Result<Buyers, Failure> {
        Ok(Buyers {
            name: name.into(),
            demand: Demand::constant_elasticity(observed(share * oxide.use_outside), elasticity)?
                .with_choke(choke * oxide.price)?,
        })
    };
    let source = |quantity: f64| -> Result<Option<Supply>, Failure> {
        Ok(if quantity > 0.0 {
            Some(Supply::constant_elasticity(observed(quantity), response)?)
        } else {
            None
        })
    };
    Ok(StockpiledCommodity {
        name: oxide.name.into(),
        buyers: vec![
            buyers("defence", judged::DEFENCE, 2.0 * judged::CHOKE)?,
            buyers("civil", 1.0 - judged::DEFENCE, judged::CHOKE)?,
        ],
        supplies: Supplies {
            safe: source(oxide.made_outside)?,
            exposed: source(oxide.use_outside - oxide.made_outside)?,
        },
        cover: vec![
            Cover {
                name: "use outside China".into(),
                per_year: oxide.use_outside,
            },
            Cover {
                name: "US magnets".into(),
                per_year: oxide.us_magnets,
            },
            Cover {
                name: "defence".into(),
                per_year: judged::DEFENCE * oxide.use_outside,
            },
        ],
        capacity: 100.0 * oxide.use_outside,
        opening: 0.0,
        opening_price: 0.0,
        holding_cost: judged::HOLDING * oxide.price,
        deterioration: 0.0,
        rules: Rules {
            buy_below: Some(judged::BUYS_BELOW * oxide.price),
            target_days: days,
            pace: 0.5,
            sell_above: Some(judged::SELLS_ABOVE * oxide.price),
            emergency_only: true,
            rotation: 0.0,
            rotation_cost: 0.0,
        },
        members: vec![],
    })
}

fn vault(metric: &str) -> Result<f64, Failure> {
    let fact = data::fact(Facts::ProjectVault, "Project Vault", metric, "2026-02-02")?;
    println!(
        "  {metric}: {} {}: {}",
        fact.value(),
        fact.unit(),
        fact.provenance()
    );
    Ok(fact.number()?)
}

fn main() -> Result<(), Failure> {
    println!("Project Vault:");
    let funds = Funds {
        loan: vault("EXIM direct loan")? * 1e6,
        capital: vault("private capital")? * 1e6,
        interest: judged::INTEREST,
    };
    let target = vault("target cover")?;
    println!();
    let oxides = oxides()?;
    println!("{}", shelf(&oxides, funds));

    let outlook = Outlook {
        periods: QUARTERS,
        years: 0.25,
        interruptions: vec![Interruption {
            commodity: None,
            from: FILL,
            to: FILL + EMBARGO,
            left: 0.0,
        }],
        orders: vec![],
    };
    let reserve = |days: f64| -> Result<Stockpile, Failure> {
        let commodities = oxides.iter().map(|oxide| commodity(oxide, days));
        Ok(Stockpile::new(StockpileTerms {
            funds,
            commodities: commodities.collect::<Result<_, _>>()?,
        })?)
    };
    let none = reserve(target)?.without().run(&outlook)?;
    let short = reserve(target)?.run(&outlook)?;
    let long = reserve(365.0)?.run(&outlook)?;
    let runs = [
        ("no reserve", &none),
        ("60 days", &short),
        ("a year wanted", &long),
    ];
    println!("{}", filling(&runs)?);
    println!("{}", embargo(&runs)?);
    println!("{}", money(&runs));
    tell(&short, &long, &none)?;
    let path = draw(&runs)?;
    println!("wrote {}", path.display());
    Ok(())
}

/// What the whole budget would buy if buying moved no price.
fn shelf(oxides: &[Oxide], funds: Funds) -> Table {
    let budget = funds.loan + funds.capital;
    let mut table = Table::new(
        &format!(
            "What {} billion USD would buy of each oxide alone, if buying moved no price",
            number(budget / 1e6, 2)
        ),
        &[
            "",
            "USD/kg",
            "used outside China, t/year",
            "made outside, t/year",
            "60 days cost, USD m",
            "the budget buys, t",
            "months of that use",
        ],
    );
    for oxide in oxides {
        let tonnes = budget / oxide.price;
        table.row([
            oxide.name.to_owned(),
            number(oxide.price, 0),
            number(oxide.use_outside, 0),
            number(oxide.made_outside, 0),
            number(60.0 / 365.0 * oxide.use_outside * oxide.price / 1e3, 0),
            number(tonnes, 0),
            number(12.0 * tonnes / oxide.use_outside, 0),
        ]);
    }
    table
}

/// Paid while filling, in thousand USD.
fn spent(commodity: &CommodityRun) -> f64 {
    commodity.periods()[..FILL]
        .iter()
        .map(|quarter| quarter.paid)
        .sum()
}

fn filling(runs: &[(&str, &StockpileRun)]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Filling it over two years: buying moves the price",
        &[
            "",
            "bought, t",
            "paid, USD/kg",
            "price before",
            "highest while buying",
            "days of use outside China",
            "days of US magnets",
            "days of defence",
        ],
    );
    for (name, run) in &runs[1..] {
        for commodity in run.commodities() {
            let quarters = &commodity.periods()[..FILL];
            let highest = quarters
                .iter()
                .map(|quarter| quarter.price)
                .fold(0.0, f64::max);
            let days = |need| commodity.days_of_cover(need, FILL - 1);
            let bought: f64 = quarters.iter().map(|quarter| quarter.bought).sum();
            table.row([
                format!("{}, {name}", commodity.name()),
                number(bought, 0),
                number(spent(commodity) / bought, 0),
                number(commodity.base_price(), 0),
                number(highest, 0),
                number(days("use outside China")?, 0),
                number(days("US magnets")?, 0),
                number(days("defence")?, 0),
            ]);
        }
    }
    Ok(table)
}

fn embargo(runs: &[(&str, &StockpileRun)]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "A year in which nothing comes from China, neither oxide nor magnets",
        &[
            "",
            "mean price, USD/kg",
            "civil unmet, t",
            "defence unmet, t",
            "avoided, t",
            "sold, t",
            "empty after",
        ],
    );
    for (name, run) in runs {
        for commodity in run.commodities() {
            let year = &commodity.periods()[FILL..FILL + EMBARGO];
            let mean = year.iter().map(|quarter| quarter.price).sum::<f64>() / EMBARGO as f64;
            let unmet = commodity.unmet();
            let avoided: f64 = run.unmet_avoided(runs[0].1, commodity.name())?.iter().sum();
            let sold: f64 = year.iter().map(|quarter| quarter.sold).sum();
            table.row([
                format!("{}, {name}", commodity.name()),
                number(mean, 0),
                number(unmet[1], 0),
                number(unmet[0], 1),
                number(avoided, 0),
                number(sold, 0),
                match commodity.run_out() {
                    Some(quarter) => format!("{} months", 3 * (quarter + 1 - FILL)),
                    None => "-".to_owned(),
                },
            ]);
        }
    }
    Ok(table)
}

fn money(runs: &[(&str, &StockpileRun)]) -> Table {
    let mut table = Table::new(
        "Money over four years, refilling after the embargo included (USD m)",
        &[
            "",
            "paid for stock",
            "storage",
            "interest",
            "received",
            "gain on sales",
            "stock left, at cost",
            "net outlay",
        ],
    );
    for (name, run) in &runs[1..] {
        let sum = |of: fn(&CommodityRun) -> f64| run.commodities().iter().map(of).sum::<f64>();
        let cells = [
            sum(CommodityRun::paid),
            sum(CommodityRun::upkeep),
            run.interest().iter().sum(),
            sum(CommodityRun::received),
            sum(CommodityRun::gain),
            run.book_value(),
            run.net_cost(),
        ];
        table.row(
            [(*name).to_owned()]
                .into_iter()
                .chain(cells.map(|value| number(value / 1e3, 0))),
        );
    }
    table
}

fn tell(short: &StockpileRun, long: &StockpileRun, none: &StockpileRun) -> Result<(), Failure> {
    let name = "NdPr oxide";
    let total = |values: Vec<f64>| values.iter().sum::<f64>();
    let unmet = total(none.commodity(name)?.unmet());
    let share = |run: &StockpileRun| -> Result<f64, Failure> {
        Ok(100.0 * total(run.unmet_avoided(none, name)?) / unmet)
    };
    let cost =
        |run: &StockpileRun| number(run.commodities().iter().map(spent).sum::<f64>() / 1e6, 1);
    let wanted = long.commodity(name)?;
    let highest = wanted.periods()[..FILL]
        .iter()
        .map(|quarter| quarter.price)
        .fold(0.0, f64::max);
    println!(
        "60 days of magnet minerals cost {} billion USD, a small part of the money, and make good {} % of the NdPr that a year's \
         embargo would take from its users. A reserve that wants a year of cover spends {} billion, drives the price of NdPr to \
         {} times what it was, which is as high as it may bid, has {} days by then, and makes good {} %.",
        cost(short),
        number(share(short)?, 0),
        cost(long),
        number(highest / wanted.base_price(), 1),
        number(wanted.days_of_cover("use outside China", FILL - 1)?, 0),
        number(share(long)?, 0),
    );
    println!(
        "Judged, not sourced: defence is 5 % of use, buyers stop at five times the price (defence at ten), Dy and Tb are used as \
         NdPr is, and what is released as oxide can be made into magnets outside China, which today it largely cannot: a \
         reserve of oxide alone protects those who have the plants.\n"
    );
    Ok(())
}

fn draw(runs: &[(&str, &StockpileRun)]) -> Result<std::path::PathBuf, Failure> {
    let mut lines = Vec::new();
    for (name, run) in runs {
        let quarters = run.commodity("NdPr oxide")?.periods().iter().enumerate();
        // Each quarter is a step, from its start to its end.
        let points = quarters.flat_map(|(quarter, period)| {
            let start = quarter as f64 / 4.0;
            [(start, period.price), (start + 0.25, period.price)]
        });
        lines.push(Curve::new(name, points.collect()));
    }
    let frame = Frame {
        title: "NdPr oxide: a reserve is filled, then nothing comes from China",
        says: "Filling costs a higher price in calm years; in the embargo it lasts as long as it was filled.",
        x: "years",
        y: "USD/kg",
    };
    Ok(chart::lines(frame, &lines, &[]).save("strategic_reserve")?)
}
