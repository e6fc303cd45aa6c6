//! Many small markets at once, and derivatives in a thousand numbers: `cargo bench --bench batch`.
//!
//! With `-- --rate` it prints the rate of markets of two curves alone, in millions a second on one thread, for
//! `benches/peers/numba_two_curves.py`.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use pricefloor::equilibrium::{FloorBy, Outcome, TwoCurves, TwoCurvesBatch, TwoCurvesColumns};
use pricefloor::prelude::*;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const MARKETS: usize = 200_000;
/// Ranges of the columns, in the order of `TwoCurvesColumns`; those of the reference instances.
const RANGES: [(f64, f64); 8] = [
    (8.0, 12.0),
    (0.3, 1.5),
    (9.0, 13.0),
    (-0.9, -0.2),
    (0.0, 0.3),
    (80.0, 110.0),
    (0.0, 20.0),
    (80.0, 115.0),
];
const REGIONS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut stream = Xoshiro256PlusPlus::seed_from_u64(1);
    let columns = RANGES.map(|(low, high)| -> Vec<f64> {
        (0..MARKETS)
            .map(|_| stream.random_range(low..high))
            .collect()
    });
    let [
        supply,
        supply_elasticity,
        demand,
        demand_elasticity,
        imports,
        import_price,
        tariff,
        floor,
    ] = columns.each_ref();
    let columns = TwoCurvesColumns {
        supply,
        supply_elasticity,
        demand,
        demand_elasticity,
        imports,
        import_price,
        tariff,
        floor,
    };
    let rate = |by: FloorBy| -> Result<f64, Box<dyn Error>> {
        let family = TwoCurves::new(100.0)?.with_floor(by);
        let mut batch = TwoCurvesBatch::default();
        let seconds = one_thread(|| {
            best(20, || {
                black_box(family.solve_into(&columns, &mut batch)).is_ok()
            })
        })?;
        Ok(MARKETS as f64 / seconds * 1e-6)
    };
    if std::env::args().any(|argument| argument == "--rate") {
        println!("{}", rate(FloorBy::Buying)?);
        return Ok(());
    }
    println!("{MARKETS} markets of two curves, one thread, certificates included");
    println!(
        "floor by buying    {:6.1} M markets/s",
        rate(FloorBy::Buying)?
    );
    println!(
        "floor by contract  {:6.1} M markets/s",
        rate(FloorBy::Contract)?
    );
    adjoint()
}

/// One outcome's derivatives in every number of a market, against a solve of it.
fn adjoint() -> Result<(), Box<dyn Error>> {
    let compiled = world()?.compile(&Policy::none())?;
    let numbers = compiled.params().count();
    let intercept = compiled.param("demand/region 0/oxide/intercept")?;
    let mut workspace = compiled.workspace()?;
    compiled.solve_into(&mut workspace)?;
    let cold = best(60, || {
        workspace.restart();
        compiled.solve_into(&mut workspace).is_ok()
    });
    let mut turn = 0.0;
    let warm = best(60, || {
        turn = 1.0 - turn;
        workspace.set(intercept, 100.0 + turn).is_ok()
            && compiled.solve_into(&mut workspace).is_ok()
    });
    let price = Outcome::price("region 0", "oxide");
    let gradient = best(60, || {
        let sensitivity = compiled.sensitivity(&mut workspace);
        sensitivity.and_then(|mut s| s.gradient(&price)).is_ok()
    });
    println!("\n{numbers} numbers, {} unknowns", compiled.unknowns());
    println!("solve, cold        {:8.1} us", cold * 1e6);
    println!("solve, warm        {:8.1} us", warm * 1e6);
    println!("adjoint            {:8.1} us", gradient * 1e6);
    println!(
        "adjoint / cold {:.2}, adjoint / warm {:.2}",
        gradient / cold,
        gradient / warm
    );
    Ok(())
}

/// Regions with a mine and a demand each, all trading with all.
fn world() -> Result<Market, Box<dyn Error>> {
    let mut stream = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut builder = Market::builder("world", "USD").commodity("oxide");
    let names: Vec<String> = (0..REGIONS).map(|k| format!("region {k}")).collect();
    for name in &names {
        let demand = Line {
            intercept: stream.random_range(80.0..120.0),
            slope: -stream.random_range(1.0..3.0),
        };
        let supply = Line {
            intercept: stream.random_range(10.0..50.0),
            slope: stream.random_range(1.0..3.0),
        };
        builder = builder
            .region(name)
            .demand(name, "oxide", Demand::linear(demand)?)
            .activity(Activity::producing(
                &format!("mine in {name}"),
                name,
                "oxide",
                Supply::linear(supply)?,
            ));
        for other in names.iter().filter(|&other| other != name) {
            builder = builder.route(name, other, "oxide", stream.random_range(2.0..15.0));
        }
    }
    Ok(builder.build()?)
}

/// The least seconds of several runs.
fn best(runs: usize, mut run: impl FnMut() -> bool) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..runs {
        let started = Instant::now();
        assert!(run(), "a run failed");
        least = least.min(started.elapsed().as_secs_f64());
    }
    least
}

#[cfg(feature = "parallel")]
fn one_thread<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, Box<dyn Error>> {
    Ok(rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()?
        .install(run))
}

#[cfg(not(feature = "parallel"))]
fn one_thread<T>(run: impl FnOnce() -> T) -> Result<T, Box<dyn Error>> {
    Ok(run())
}
