//! The world of neodymium-praseodymium oxide in mid-2025, from the bundled facts: who makes it, who uses it, what it
//! costs and what it sold for. Every figure has a source; this example prints where the main ones come from.
//!
//! `cargo run --release --example world_2025`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, BaseCaseRow, DataError};
use support::chart::{self, Chart, Frame, Level, Line, Step};
use support::table::{Table, number, range};

const REGIONS: [&str; 4] = ["China", "Japan", "United States", "Rest of world"];
/// Chinese value-added tax since April 2019.
const TAX: f64 = 0.13;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let price = data::base_case_row("price (China domestic ex VAT)", "China")?;
    let outside = data::base_case_row("price (outside China)", "Rest of world")?;
    let floor = data::contract_term("ppa_floor")?.number()?;

    println!("{}", balance()?);
    println!("{}", costs()?);

    let production = data::base_case_row("production", "China")?.value();
    let world = data::base_case_row("production", "World")?.value();
    println!(
        "China separates {:.0} % of the world's NdPr oxide. A kilogram cost ${} inside China and ${} outside: about what \
         value-added tax of {:.0} % makes of it if exporters do not get it back. The US floor of ${} stands ${} above the \
         price without tax, and that is what a kilogram would have cost the Treasury when the agreement was signed.\n",
        100.0 * production / world,
        number(price.value(), 0),
        number(outside.value(), 0),
        100.0 * TAX,
        number(floor, 0),
        number(floor - price.value(), 0),
    );
    println!("Price without tax: {}", price.provenance());
    println!("Price outside:     {}\n", outside.provenance());

    let charts = vec![
        draw_balance()?,
        draw_costs(price.value(), floor)?,
        draw_prices(floor)?,
        draw_mountain_pass()?,
    ];
    let path = chart::save_panels("world_2025", "NdPr oxide in 2025", 2, charts)?;
    println!("wrote {}", path.display());
    Ok(())
}

/// Japan separates none and has no row of production; no other gap is filled.
fn quantity(item: &str, region: &str) -> Result<f64, DataError> {
    if (item, region) == ("production", "Japan") {
        return Ok(0.0);
    }
    data::base_case_row(item, region).map(BaseCaseRow::value)
}

fn balance() -> Result<Table, DataError> {
    let mut table = Table::new(
        "NdPr oxide, mid-2025, tonnes a year net of process scrap",
        &[
            "",
            "production",
            "consumption",
            "range",
            "stock change",
            "net exports",
        ],
    );
    for region in REGIONS {
        let used = data::base_case_row("consumption", region)?;
        table.row([
            region.to_owned(),
            number(quantity("production", region)?, 0),
            number(used.value(), 0),
            range(used.low(), used.high(), 0),
            number(quantity("stock change", region)?, 0),
            number(quantity("net exports", region)?, 0),
        ]);
    }
    Ok(table)
}

fn costs() -> Result<Table, DataError> {
    let mut table = Table::new(
        "Unit costs and prices, USD/kg",
        &["", "value", "range", "confidence", "grade"],
    );
    let rows = data::base_case()?
        .iter()
        .filter(|row| row.unit() == "USD/kg");
    for row in rows {
        table.row([
            format!("{}, {}", row.item(), row.region()),
            number(row.value(), 0),
            range(row.low(), row.high(), 0),
            row.provenance().confidence().to_string(),
            row.provenance()
                .grade()
                .map_or_else(|| "-".to_owned(), |grade| grade.to_string()),
        ]);
    }
    Ok(table)
}

fn draw_balance() -> Result<Chart, DataError> {
    let mut groups = Vec::new();
    let mut whiskers = Vec::new();
    for region in REGIONS {
        let used = data::base_case_row("consumption", region)?;
        let made = data::base_case_row("production", region).ok();
        let ends = |row: &BaseCaseRow| {
            (
                row.low().unwrap_or(row.value()) / 1e3,
                row.high().unwrap_or(row.value()) / 1e3,
            )
        };
        groups.push((
            region,
            vec![quantity("production", region)? / 1e3, used.value() / 1e3],
        ));
        whiskers.push(vec![made.map_or((0.0, 0.0), ends), ends(used)]);
    }
    let frame = Frame {
        title: "Who makes and who uses NdPr oxide",
        says: "China makes nearly all of it and uses nearly all of it. Whiskers: plausible range.",
        x: "",
        y: "thousand tonnes a year, mid-2025",
    };
    Ok(chart::bars(
        frame,
        &["separated", "used in magnets"],
        &groups,
        Some(&whiskers),
    ))
}

fn draw_prices(floor: f64) -> Result<Chart, DataError> {
    let line = |name: &str, oxide: &str| -> Result<Line, DataError> {
        let years = data::annual_averages(oxide)?;
        let points = years
            .iter()
            .map(|year| (f64::from(year.year()), year.price()))
            .collect();
        Ok(Line::new(name, points))
    };
    let neodymium = line("neodymium oxide", "Nd oxide")?.dashed();
    let ndpr = line(
        "NdPr oxide; lower edge of the band: without tax",
        "NdPr oxide",
    )?;
    let band = ndpr
        .points
        .iter()
        .map(|(_, price)| (price / (1.0 + TAX), *price))
        .collect();
    let frame = Frame {
        title: "What it sold for",
        says: "Only in 2022 was it near the US floor, and on which side depends on the tax. 2025 is an estimate.",
        x: "yearly average, Chinese tax included",
        y: "USD/kg",
    };
    let level = Level {
        value: floor,
        label: "US floor from October 2025",
        at: Some(2016.0),
    };
    Ok(chart::lines(frame, &[neodymium, ndpr.band(band)], &[level])
        .y_range(0.0, 150.0)
        .x_range(2014.0, 2025.0)
        .x_years())
}

fn draw_costs(price: f64, floor: f64) -> Result<Chart, DataError> {
    let cost = |who: &str| data::base_case_row("unit cost", who).map(BaseCaseRow::value);
    let step = |name: &str, quantity: f64, cost: f64| Step {
        name: name.to_owned(),
        quantity: quantity / 1e3,
        cost,
    };
    let steps = [
        step(
            "China (cost of Bayan Obo)",
            quantity("production", "China")?,
            cost("China (Bayan Obo)")?,
        ),
        step(
            "rest of world (cost of Lynas)",
            quantity("production", "Rest of world")?,
            cost("Lynas")?,
        ),
        step(
            "Mountain Pass",
            quantity("production", "United States")?,
            cost("United States (MP)")?,
        ),
    ];
    let elasticity = data::base_case_row("demand elasticity long run", "all")?.value();
    let used = quantity("consumption", "World")? / 1e3;
    let demand: Vec<(f64, f64)> = (0..=60)
        .map(|at| 30.0 + 1.5 * f64::from(at))
        .map(|price_at| (used * (price_at / price).powf(elasticity), price_at))
        .collect();
    let frame = Frame {
        title: "Who can live with the price",
        says: "Mountain Pass is the dearest producer: at the Chinese price it loses money on each kilogram.",
        x: "thousand tonnes a year",
        y: "USD/kg",
    };
    let levels = [
        Level {
            value: floor,
            label: "US floor",
            at: Some(10.0),
        },
        Level {
            value: price,
            label: "price in China without tax",
            at: Some(18.0),
        },
    ];
    Ok(chart::cost_curve(frame, &steps, &demand, &levels)
        .x_range(0.0, 100.0)
        .y_range(0.0, 130.0)
        .x_quantities())
}

fn draw_mountain_pass() -> Result<Chart, DataError> {
    let quarters = ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Q1 2026"];
    let mut groups = Vec::new();
    for quarter in quarters {
        let made = data::quarter(quarter, "ndpr_production")?.number()?;
        let sold = data::quarter(quarter, "ndpr_sales")?.number()?;
        groups.push((quarter, vec![made, sold]));
    }
    let frame = Frame {
        title: "Mountain Pass grows",
        says: "In 2025 it kept part of what it made: under the agreement stock is paid for as well.",
        x: "",
        y: "tonnes of NdPr oxide",
    };
    Ok(chart::bars(frame, &["made", "sold"], &groups, None))
}
