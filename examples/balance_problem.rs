//! The balance problem: a floor on NdPr makes mines dig more, and lanthanum and cerium come up with it. What happens to
//! their prices, and to the mines' revenue.
//!
//! `cargo run --release --example balance_problem`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, DataError, Table as Facts};
use pricefloor::ledger::{Range, Ranges};
use pricefloor::prelude::*;
use support::chart::{self, Frame, Line as Drawn};
use support::table::{Table, number, range};

type Failure = Box<dyn std::error::Error>;

const OXIDES: [&str; 3] = ["La oxide", "Ce oxide", "NdPr oxide"];
/// Mines, how USGS names their ore, their output in 2025 and the share of it that reaches the market as oxide.
const MINES: [(&str, &str, &str); 3] = [
    ("Chinese mines", "Bayan Obo, China (bastnaesite)", "China"),
    (
        "Mountain Pass",
        "Mountain Pass, USA (bastnaesite)",
        "United States",
    ),
    (
        "Mount Weld",
        "Mount Weld CLD, Australia (monazite)",
        "Australia",
    ),
];
/// Demand for lanthanum and cerium. Judgement: catalysts, polishing and alloys, with a long tail of low-value uses.
const BY_PRODUCTS: Range = Range {
    low: -1.0,
    central: -0.5,
    high: -0.2,
};

fn main() -> Result<(), Failure> {
    let floor = data::base_case_row("floor price", "United States (MP)")?.value();
    println!("{}", ores()?);
    println!("Ores: {}", share(MINES[1].1, "Ce")?.1);
    println!("Output: {}\n", mined("China")?.1);
    let (ndpr, others) = elasticities()?;
    let central = [ndpr.central, others.central, BY_PRODUCTS.central];
    let market = market(&central)?;
    let free = market.solve(&Policy::none())?;
    let mut table = Table::new(
        &format!(
            "A floor of ${} on the NdPr of mines outside China, and of all mines",
            number(floor, 0)
        ),
        &[
            "",
            "NdPr, USD/kg",
            "La, USD/kg",
            "Ce, USD/kg",
            "La thrown away, t",
            "Ce thrown away, t",
            "ore, t REO",
            "mines sell, USD m",
            "public cost, USD m",
        ],
    );
    let mut solved = vec![("no floor", free)];
    for (name, covered) in [
        ("mines outside China", &MINES[1..]),
        ("all mines", &MINES[..]),
    ] {
        solved.push((name, market.solve(&policy(covered, floor)?)?));
    }
    for (name, solved) in &solved {
        let cost = -solved.ledger()?.treasury() / 1e3;
        let mut cells = vec![(*name).to_owned()];
        for oxide in [OXIDES[2], OXIDES[0], OXIDES[1]] {
            cells.push(number(solved.price("World", oxide)?, 2));
        }
        for oxide in &OXIDES[..2] {
            cells.push(number(solved.node("World", oxide)?.excess(), 0));
        }
        cells.extend([
            number(ore(solved)?, 0),
            number(sales(solved)? / 1e3, 0),
            number(cost, 0),
        ]);
        table.row(cells);
    }
    println!("{table}");
    let [(_, free), _, (_, all)] = &solved[..] else {
        return Err("three cases are solved".into());
    };
    explain(free, all)?;
    spread(floor)?;
    draw(&market, floor)
}

fn share(ore: &str, element: &str) -> Result<(f64, &'static data::Provenance), DataError> {
    let metric = match element {
        "NdPr" => "NdPr share of REO (sum)".to_owned(),
        _ => format!("{element} share of REO"),
    };
    let fact = data::fact(Facts::OreComposition, ore, &metric, "USGS MYB 2022 T2")?;
    Ok((fact.number()? / 100.0, fact.provenance()))
}

fn mined(region: &str) -> Result<(f64, &'static data::Provenance), DataError> {
    let fact = data::fact(
        Facts::WorldMineProduction,
        region,
        "mine production",
        "2025",
    )?;
    Ok((fact.number()?, fact.provenance()))
}

fn price(oxide: &str) -> Result<f64, DataError> {
    data::fact(
        Facts::PricesAnnualUsgs2026,
        oxide,
        "price average FOB China",
        "2025",
    )?
    .number()
}

fn ores() -> Result<Table, Failure> {
    let mut table = Table::new(
        "The ores, and what a tonne of oxide in them sold for at the average prices of 2025",
        &[
            "",
            "mined in 2025, t REO",
            "La",
            "Ce",
            "NdPr",
            "USD per kg REO",
            "of it NdPr",
        ],
    );
    for (mine, ore, region) in MINES {
        let shares = [
            share(ore, "La")?.0,
            share(ore, "Ce")?.0,
            share(ore, "NdPr")?.0,
        ];
        let mut worth = [0.0; 3];
        for ((worth, oxide), share) in worth.iter_mut().zip(OXIDES).zip(shares) {
            *worth = share * price(oxide)?;
        }
        let basket: f64 = worth.iter().sum();
        let percent = |share: f64| format!("{} %", number(100.0 * share, 1));
        let mut cells = vec![mine.to_owned(), number(mined(region)?.0, 0)];
        cells.extend(shares.map(percent));
        cells.extend([number(basket, 2), percent(worth[2] / basket)]);
        table.row(cells);
    }
    Ok(table)
}

/// Elasticities of NdPr demand and of the mines' supply in the long run.
fn elasticities() -> Result<(Range, Range), Failure> {
    let row = |item, region| -> Result<Range, Failure> {
        let row = data::base_case_row(item, region)?;
        let (Some(low), Some(high)) = (row.low(), row.high()) else {
            return Err(format!("{item} has no range").into());
        };
        let central = row.value();
        Ok(Range { low, central, high })
    };
    Ok((
        row("demand elasticity long run", "all")?,
        row("supply elasticity long run", "China")?,
    ))
}

/// Mines put out baskets in the proportions of their ore and answer to what the whole basket earns. The world uses what
/// they put out at the prices of 2025, so that the base year is replayed.
fn market(elasticities: &[f64]) -> Result<Market, Failure> {
    let [ndpr, mines, by_products] = *elasticities else {
        return Err("three elasticities are needed".into());
    };
    let mut builder = Market::builder("light rare earths", "USD/kg")
        .units("t", "USD thousand")
        .region("World");
    let mut total = [0.0; 3];
    for (mine, ore, region) in MINES {
        let quantity = mined(region)?.0;
        let mut basket = 0.0;
        let mut shares = [0.0; 3];
        for (k, element) in ["La", "Ce", "NdPr"].into_iter().enumerate() {
            shares[k] = share(ore, element)?.0;
            total[k] += shares[k] * quantity;
            basket += shares[k] * price(OXIDES[k])?;
        }
        let supply = Supply::constant_elasticity(
            Observed {
                price: basket,
                quantity,
            },
            mines,
        )?;
        let activity = Activity::new(mine, "World", supply);
        let activity = OXIDES
            .into_iter()
            .zip(shares)
            .fold(activity, |a, (oxide, s)| a.with_output(oxide, s));
        builder = builder.activity(activity);
    }
    for (k, oxide) in OXIDES.into_iter().enumerate() {
        let observed = Observed {
            price: price(oxide)?,
            quantity: total[k],
        };
        // for lanthanum and cerium a straight line, which ends: there is a quantity that nobody takes even as a gift
        let demand = match k {
            2 => Demand::constant_elasticity(observed, ndpr)?,
            _ => Demand::linear_through(observed, by_products)?,
        };
        builder = builder.commodity(oxide).demand("World", oxide, demand);
    }
    Ok(builder.build()?)
}

fn policy(covered: &[(&str, &str, &str)], floor: f64) -> Result<Policy, Failure> {
    let contract = ContractFloor::new(floor).on(OXIDES[2]);
    let contract = covered
        .iter()
        .fold(contract, |c, (mine, _, _)| c.covering(mine));
    Ok(Policy::new().with("floor", contract)?)
}

fn ore(solved: &Equilibrium) -> Result<f64, Failure> {
    MINES
        .iter()
        .map(|(mine, _, _)| Ok(solved.level(mine)?))
        .sum()
}

/// What the mines sell, at market prices, USD thousand a year.
fn sales(solved: &Equilibrium) -> Result<f64, Failure> {
    let sold = OXIDES.iter().map(|oxide| -> Result<f64, Failure> {
        let node = solved.node("World", oxide)?;
        Ok(node.price() * node.demanded())
    });
    sold.sum()
}

fn explain(free: &Equilibrium, all: &Equilibrium) -> Result<(), Failure> {
    let change = |oxide: &str| -> Result<f64, Failure> {
        Ok(100.0 * (all.price("World", oxide)? / free.price("World", oxide)? - 1.0))
    };
    let more = 100.0 * (ore(all)? / ore(free)? - 1.0);
    println!(
        "With a floor for all mines {} % more ore is dug. Lanthanum changes by {} % in price, cerium by {} %, and NdPr by {} %: \
         the \
         public cost exceeds the gap at the old price, because the floor itself lowers the price. What the mines sell at \
         market prices falls from {} to {} million, and the floor makes up for it. At the stiff ends of the ranges below \
         lanthanum and cerium are free, and part of them is thrown away.\n",
        number(more, 1),
        number(change(OXIDES[0])?, 0),
        number(change(OXIDES[1])?, 0),
        number(change(OXIDES[2])?, 0),
        number(sales(free)? / 1e3, 0),
        number(sales(all)? / 1e3, 0),
    );
    Ok(())
}

fn spread(floor: f64) -> Result<(), Failure> {
    let (ndpr, mines) = elasticities()?;
    let ranges = Ranges::new()
        .with("NdPr demand", ndpr)?
        .with("mines", mines)?
        .with("La and Ce demand", BY_PRODUCTS)?;
    let found = ranges.spread(|at| -> Result<Vec<f64>, Failure> {
        let solved = market(at)?.solve(&policy(&MINES, floor)?)?;
        let prices = OXIDES.map(|oxide| solved.price("World", oxide));
        let mut figures = prices.into_iter().collect::<Result<Vec<f64>, _>>()?;
        figures.push(-solved.ledger()?.treasury() / 1e3);
        Ok(figures)
    })?;
    println!("A floor for all mines, over the ranges of the elasticities (La and Ce: judgement):");
    for (name, figure) in [
        "La, USD/kg",
        "Ce, USD/kg",
        "NdPr, USD/kg",
        "public cost, USD m a year",
    ]
    .into_iter()
    .zip(found)
    {
        println!(
            "  {name}: {} ({})",
            number(figure.central, 2),
            range(Some(figure.low), Some(figure.high), 2)
        );
    }
    println!();
    Ok(())
}

/// Prices against the floor, as a share of those without one.
fn draw(market: &Market, floor: f64) -> Result<(), Failure> {
    let free = market.solve(&Policy::none())?;
    let start = free.price("World", OXIDES[2])?;
    let mut lines = OXIDES.map(|oxide| Drawn::new(oxide, Vec::new()));
    lines[1].dashed = true;
    for step in 0..=20 {
        let strike = start + (floor * 1.2 - start) * f64::from(step) / 20.0;
        let solved = market.solve(&policy(&MINES, strike)?)?;
        for (line, oxide) in lines.iter_mut().zip(OXIDES) {
            let share = solved.price("World", oxide)? / free.price("World", oxide)?;
            line.points.push((strike, 100.0 * share));
        }
    }
    let frame = Frame {
        title: "A floor on NdPr is paid in lanthanum and cerium too",
        says: "The ores bring up three to five kilograms of them for each of NdPr, whoever wants them.",
        x: "floor on the NdPr of all mines, USD/kg",
        y: "price, per cent of that without a floor",
    };
    let path = chart::lines(frame, &lines, &[])
        .y_range(0.0, 110.0)
        .save("balance_problem")?;
    println!("wrote {}", path.display());
    Ok(())
}
