//! Mountain Pass under a price floor and a public stake.
//!
//! `cargo run --release --example mountain_pass`

mod finance;
#[path = "../support/mod.rs"]
mod support;
mod world;

use support::table::{Table, number, range};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut table = Table::new(
        "The world at an output of Mountain Pass (long-run elasticities; range over theirs)",
        &[
            "output, t/year",
            "price in China",
            "range",
            "price outside",
            "range",
            "China exports",
            "China's share, %",
            "tax between the prices",
        ],
    );
    for output in [2600.0, 6000.0] {
        let world::Spread { central, low, high } = world::at_output(output)?;
        table.row([
            number(output, 0),
            number(central.inside, 1),
            range(Some(low.inside), Some(high.inside), 1),
            number(central.outside, 1),
            range(Some(low.outside), Some(high.outside), 1),
            number(central.china_exports, 0),
            number(100.0 * central.china_share, 1),
            if central.wedge_active { "yes" } else { "no" }.to_owned(),
        ]);
    }
    println!("{table}");
    let firm = finance::run()?;
    for sentence in firm.sentences()? {
        println!("{sentence}\n");
    }
    let path = support::chart::save_panels("mountain_pass", "Mountain Pass", 2, firm.charts()?)?;
    println!("wrote {}", path.display());
    Ok(())
}
