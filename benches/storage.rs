//! Competitive storage, time and errors side by side: `cargo bench --bench storage`.
//!
//! S1: demand `P^-0.4`, harvest N(1, 0.1^2), fixed supply. S2: harvest N(1, 0.05^2), supply `E[P e]^0.1`, and a public stock
//! of at most 0.4 at a floor of 1.02. Both on 5 Gauss-Hermite nodes, storage at 0.02 a unit, deterioration 2 %, interest
//! 5 %. With `-- --json` it prints one line for `benches/peers/storage_numba.py`.

use pricefloor::curve::{Demand, Observed, Supply};
use pricefloor::storage::{
    FloorStock, StorageModel, StorageSettings, StorageTerms, Warehouse, Yields,
};
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

/// Where errors are measured: 2001 points from the first to the second availability.
const POINTS: usize = 2001;

fn main() -> Result<(), Box<dyn Error>> {
    let at_one = Observed {
        price: 1.0,
        quantity: 1.0,
    };
    let terms = |deviation, supply, public| -> Result<StorageTerms, Box<dyn Error>> {
        Ok(StorageTerms {
            demand: Demand::constant_elasticity(at_one, -0.4)?,
            supply,
            yields: Yields::normal(1.0, deviation, 5)?,
            warehouse: Warehouse {
                cost: 0.02,
                deterioration: 0.02,
                interest: 0.05,
            },
            public,
            contract_floor: None,
        })
    };
    let elastic = Supply::constant_elasticity(at_one, 0.1)?;
    let floor = FloorStock::new(1.02, 0.4)?;
    let cases = [
        ("S1", 0.75, terms(0.1, Supply::fixed(1.0)?, None)?),
        ("S2", 0.8, terms(0.05, elastic, Some(floor))?),
    ];
    let json = std::env::args().any(|argument| argument == "--json");
    let mut lines = Vec::new();
    for (name, low, terms) in cases {
        let model = StorageModel::new(terms)?;
        for (knots, kinks, tolerance) in [
            (20, 1e-2, 1e-8),
            (30, 1e-3, 1e-8),
            (50, 1e-3, 1e-9),
            (100, 1e-4, 1e-10),
            (200, 1e-5, 1e-11),
        ] {
            let settings = StorageSettings {
                knots,
                kinks,
                tolerance,
                up_to: Some(1.9),
                ..StorageSettings::default()
            };
            let rules = model.solve(&settings)?;
            let errors = rules.euler_errors("always", low, 1.9, POINTS)?;
            let seconds = best(|| black_box(model.solve(&settings)).is_ok());
            lines.push(format!(
                "{{\"case\": \"{name}\", \"knots\": {knots}, \"ms\": {}, \"max\": {}, \"mean\": {}, \"mean_log10\": {}}}",
                seconds * 1e3,
                errors.log10_max(),
                errors.log10_mean(),
                errors.mean_log10(),
            ));
            if !json {
                println!(
                    "{name}, {knots:4} knots and kinks above {kinks:.0e}: {:7.3} ms, {:3} iterations; error (log10) mean {:5.2}, mean of logs \
                     {:5.2}, largest {:5.2} at {:.3}",
                    seconds * 1e3,
                    rules.iterations(),
                    errors.log10_mean(),
                    errors.mean_log10(),
                    errors.log10_max(),
                    errors.at(),
                );
            }
        }
    }
    if json {
        println!("[{}]", lines.join(", "));
    }
    Ok(())
}

/// Best time of many runs, in seconds: a run is shorter than a slice of processor time, so the best one had no other work
/// in it.
fn best(mut run: impl FnMut() -> bool) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..300 {
        let started = Instant::now();
        assert!(run());
        best = best.min(started.elapsed().as_secs_f64());
    }
    best
}
