//! One small diagram for each measure, drawn from the solved market: who pays what to whom, on which units.
//!
//! `cargo run --release --example measure_diagrams` writes them to `out/measures/`; with a folder as argument, there. Those
//! of `docs/measures.md` are in `docs/measures/`. Every shaded area is checked against the payment in the accounts.

mod cases;
mod draw;

use std::path::PathBuf;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("out/measures"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let cases = cases::all()?;
    println!(
        "{:26} {:>7} {:>8} {:>8} {:>8} {:>9}",
        "measure", "price", "free", "bought", "made", "treasury"
    );
    for case in &cases {
        let scene = case.scene()?;
        let kind = case.measure.terms().kind();
        println!(
            "{kind:26} {:7.2} {:8.2} {:8.2} {:8.2} {:9.2}",
            scene.price, scene.free_price, scene.bought, scene.made, scene.treasury
        );
        std::fs::write(folder.join(format!("{kind}.svg")), draw::svg(&scene))?;
    }
    println!(
        "\nWrote {} diagrams to {}. Orange areas are paid by a treasury, green ones collected by it, purple ones kept by \
         holders of licences or exporters.",
        cases.len(),
        folder.display()
    );
    Ok(())
}

/// What a diagram shows: one market, before and after.
struct Scene {
    title: String,
    says: String,
    demand: Vec<(f64, f64)>,
    supply: Vec<(f64, f64)>,
    producer: String,
    /// The price at which imports are offered, before the measure.
    imports_at: Option<f64>,
    price: f64,
    free_price: f64,
    free_bought: f64,
    bought: f64,
    made: f64,
    /// What the producer's last unit costs it.
    margin: f64,
    treasury: f64,
    areas: Vec<Area>,
    top: f64,
}

/// A rectangle of money: units times a difference of prices.
struct Area {
    units: (f64, f64),
    prices: (f64, f64),
    whose: Whose,
}

#[derive(Clone, Copy, PartialEq)]
enum Whose {
    Paid,
    Collected,
    Rent,
}

impl Area {
    fn money(&self) -> f64 {
        (self.units.1 - self.units.0) * (self.prices.1 - self.prices.0)
    }
}
