//! Rates of the simulation, in million path-steps a second on one thread: `cargo bench --bench simulation`.
//!
//! The crate picks the widest vectors of the processor itself, and no setting takes them away. For the rates with those that
//! every processor of the target has, the sources of the price processes and of the contract strip are compiled here a second
//! time, with a choice of vectors of their own.
//!
//! With `-- --rate` it prints the rate of the contract strip alone, for `benches/peers/numba_simulation.py`; with `-- --full`
//! that of the waterfall alone, for a profiler.

#[path = "simulation/clock.rs"]
mod clock;
#[allow(dead_code, unused_imports)]
#[path = "../src/stochastic/mod.rs"]
mod stochastic;
#[allow(dead_code, unused_imports)]
#[path = "../src/viability/strip.rs"]
mod strip;
#[path = "simulation/variates.rs"]
mod variates;
#[path = "simulation/waterfall.rs"]
mod waterfall;

use clock::{best_rate, one_thread};
use pricefloor::stochastic::{
    Draws, MeanReverting, MeanRevertingTerms, Normals, PATHS, PriceSource, Simulation, TimeGrid,
};
use pricefloor::viability::{ContractStrip, ContractStripTerms};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Serialize, de::DeserializeOwned};
use std::error::Error;
use std::hint::black_box;

/// The choice of vectors that the sources compiled here see.
mod vectors {
    pub fn widest() -> pulp::Arch {
        pulp::Arch::Scalar
    }
}

const MONTHS: usize = 120;
const PATH_COUNT: usize = 100_000;
/// Draws of as many paths as there are whole blocks of.
const DRAWS: usize = PATH_COUNT / PATHS * PATHS * MONTHS;
/// Mean net present value of the strip, from the lognormal closed form month by month.
const EXACT_MEAN: f64 = 531.871_309_363_1;

fn main() -> Result<(), Box<dyn Error>> {
    let price = MeanReverting::new(MeanRevertingTerms {
        spot: 90.0,
        reversion: 0.6,
        log_mean: 100f64.ln(),
        volatility: 0.3,
    })?;
    let strip = ContractStrip::new(ContractStripTerms {
        output: 1.0,
        floor_share: 0.5,
        floor: 85.0,
        fixed_share: 0.5,
        fixed_price: 100.0,
        unit_cost: 86.0,
        debt_service: 10.0,
        opening_cash: 30.0,
        discount_rate: 0.08,
    })?;
    let grid = TimeGrid::regular(12, MONTHS)?;
    let simulation = Simulation::new(PATH_COUNT, 1)?;
    let strip_rate = || {
        rate(PATH_COUNT * MONTHS, || {
            let run = strip.simulate(&price, &grid, &simulation);
            black_box(run.map(|run| run.npv_moments())).is_ok()
        })
    };
    let asked = |option| std::env::args().any(|argument| argument == option);
    if asked("--rate") {
        println!("{}", strip_rate());
        return Ok(());
    }
    if asked("--full") {
        println!("{}", full_rate()?);
        return Ok(());
    }

    let run = one_thread(|| strip.simulate(&price, &grid, &simulation))?;
    let moments = run.npv_moments();
    assert!(
        (moments.mean() - EXACT_MEAN).abs() <= 3.0 * moments.standard_error(),
        "{}",
        moments.mean()
    );
    println!("{PATH_COUNT} paths of {MONTHS} months, one thread");
    println!(
        "mean {:.2} +- {:.2} (exact {EXACT_MEAN:.2}), probability of default {:.4} +- {:.4}",
        moments.mean(),
        moments.standard_error(),
        run.default_probability(),
        run.default_standard_error(),
    );
    println!("\nmillion a second               this processor's vectors   the target's");
    let (wide, narrow) = (
        strip_rate(),
        narrow_strip_rate(&strip, &price, &grid, &simulation)?,
    );
    println!(
        "contract strip, path-steps     {wide:10.0} (wanted: 250) {narrow:10.0} (wanted: 150)"
    );
    let mut sampler = price.sampler(&grid, Draws::Plain { seed: 1 })?;
    let prices = fill_rate(|block, rows| sampler.fill(block, rows).is_ok());
    println!("its prices alone               {prices:10.0}");
    let (wide_normals, narrow_normals) = normals_rates(&grid)?;
    println!("normals alone                  {wide_normals:10.0} {narrow_normals:28.0}");
    let mut stream = Xoshiro256PlusPlus::seed_from_u64(1);
    let ziggurat = fill_rate(|_, rows| {
        rows.fill_with(|| StandardNormal.sample(&mut stream));
        true
    });
    println!("normals of rand's ziggurat     {ziggurat:10.0}");
    println!(
        "a path-step of the strip takes {:.2} times as long as its normal, and {:.2} times as long as one of the ziggurat",
        wide_normals / wide,
        ziggurat / wide
    );

    let full = full_rate()?;
    println!(
        "\ntwo products, quarterly-average floor, full waterfall: {full:.1} M path-steps/s (wanted: 20), {:.1} times as long as \
         two normals a step alone, {:.1} times as long as two of the ziggurat",
        wide_normals / 2.0 / full,
        ziggurat / 2.0 / full
    );
    variates::print(&price)
}

fn rate(items: usize, run: impl FnMut() -> bool + Send) -> f64 {
    one_thread(|| best_rate(items, run))
}

/// Rate at which blocks of rows are filled.
fn fill_rate(mut fill: impl FnMut(u64, &mut [f64]) -> bool + Send) -> f64 {
    let mut rows = vec![0.0; MONTHS * PATHS];
    let blocks = (PATH_COUNT / PATHS) as u64;
    rate(DRAWS, || {
        (0..blocks).all(|block| fill(block, black_box(&mut rows)))
    })
}

fn full_rate() -> Result<f64, Box<dyn Error>> {
    let (study, basket) = (waterfall::study()?, waterfall::prices()?);
    let draws = Simulation::new(waterfall::PATH_COUNT, 1)?;
    Ok(rate(waterfall::PATH_COUNT * MONTHS, || {
        black_box(study.run(&basket, draws)).is_ok()
    }))
}

fn narrow_strip_rate(
    strip: &ContractStrip,
    price: &MeanReverting,
    grid: &TimeGrid,
    simulation: &Simulation,
) -> Result<f64, Box<dyn Error>> {
    let price: stochastic::MeanReverting = again(price)?;
    let grid: stochastic::TimeGrid = again(grid)?;
    let simulation: stochastic::Simulation = again(simulation)?;
    let strip: strip::ContractStrip = again(strip)?;
    Ok(rate(PATH_COUNT * MONTHS, || {
        let run = strip.simulate(&price, &grid, &simulation);
        black_box(run.map(|run| run.npv_moments())).is_ok()
    }))
}

/// Rates of normals alone, with the processor's vectors and with the target's.
fn normals_rates(grid: &TimeGrid) -> Result<(f64, f64), Box<dyn Error>> {
    let wide = Normals::new(grid, 1, Draws::Plain { seed: 1 })?;
    let draws = stochastic::Draws::Plain { seed: 1 };
    let narrow = stochastic::Normals::new(&again(grid)?, 1, draws)?;
    Ok((
        fill_rate(|block, rows| wide.fill(block, rows).is_ok()),
        fill_rate(|block, rows| narrow.fill(block, rows).is_ok()),
    ))
}

/// The same value as the types compiled here have it.
fn again<B: DeserializeOwned>(value: &impl Serialize) -> Result<B, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(value)?)
}
