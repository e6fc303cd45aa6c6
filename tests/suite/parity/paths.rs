//! Drawn prices.

use pricefloor::stochastic::{
    Draws, GeometricBrownian, GeometricBrownianTerms, MeanReverting, MeanRevertingTerms,
    PriceSource, Simulation, TimeGrid,
};
use serde::Serialize;
use serde_json::json;

use super::{note, terms};

fn noted<S: PriceSource + Serialize>(kind: &str, source: &S, simulation: Simulation) -> Vec<f64> {
    let grid = TimeGrid::regular(4, 8).unwrap();
    let blocks = simulation.run(
        source,
        &grid,
        || (),
        |(), block| {
            let paths = 0..block.live();
            paths
                .flat_map(|path| block.rows().iter().map(move |row| row[path]))
                .collect::<Vec<f64>>()
        },
    );
    let found = blocks.unwrap().concat();
    let given =
        json!({ "process": terms(kind, source), "times": grid.times(), "simulation": simulation });
    note("paths", &given, Ok(found.clone()));
    found
}

/// The mean of a martingale stays where it is: 100, within four standard errors of 0.25 x 100 x sqrt(2 years) / sqrt(paths).
#[test]
fn paths_of_two_processes() {
    let wandering = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 100.0,
        drift: 0.0,
        volatility: 0.25,
    })
    .unwrap();
    let found = noted(
        "GeometricBrownian",
        &wandering,
        Simulation::new(4000, 7).unwrap(),
    );
    let last: Vec<f64> = found.iter().skip(7).step_by(8).copied().collect();
    let mean = last.iter().sum::<f64>() / last.len() as f64;
    assert!(
        (mean - 100.0).abs() < 4.0 * 37.0 / (last.len() as f64).sqrt(),
        "{mean}"
    );
    let back = MeanRevertingTerms {
        spot: 60.0,
        reversion: 0.6,
        log_mean: 4.2,
        volatility: 0.35,
    };
    let back = MeanReverting::new(back).unwrap();
    let pairs = Simulation::with_draws(1000, Draws::Antithetic { seed: 3 }).unwrap();
    assert_eq!(noted("MeanReverting", &back, pairs).len(), 8000);
}
