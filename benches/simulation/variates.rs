//! Error and time of a floor strip by kind of draws.

use pricefloor::finance::{FloorPayment, floor_strip};
use pricefloor::stochastic::{Draws, MeanReverting, Simulation, TimeGrid};
use std::error::Error;
use std::time::Instant;

/// Error and time of a ten-year quarterly floor strip at 2^14 paths, by kind of draws.
pub fn print(price: &MeanReverting) -> Result<(), Box<dyn Error>> {
    const POINTS: usize = 1 << 14;
    const SEEDS: u64 = 16;
    let grid = TimeGrid::regular(4, 40)?;
    let due: Vec<FloorPayment> = grid
        .times()
        .iter()
        .map(|&time| FloorPayment {
            time,
            volume: 1.0,
            strike: 85.0,
            discount_factor: 1.08f64.powf(-time),
        })
        .collect();
    let exact = floor_strip(price, &due)?;
    println!(
        "\nfloor strip of 40 quarters, {POINTS} paths, closed form {exact:.4}, errors over {SEEDS} seeds"
    );
    type Kind = fn(u64) -> Draws;
    let kinds: [(&str, Kind); 3] = [
        ("plain", |seed| Draws::Plain { seed }),
        ("antithetic", |seed| Draws::Antithetic { seed }),
        ("Sobol, bridge", |seed| Draws::Sobol {
            seed,
            points: POINTS as u32,
        }),
    ];
    let mut plain = None;
    for (name, draws) in kinds {
        let (mut squares, mut seconds) = (0.0, f64::INFINITY);
        for seed in 0..SEEDS {
            let simulation = Simulation::with_draws(POINTS, draws(seed))?;
            let started = Instant::now();
            let costs = simulation.per_path(price, &grid, |block, path| {
                let rows = block.rows().iter().zip(&due);
                rows.map(|(row, due)| due.discount_factor * (due.strike - row[path]).max(0.0))
                    .sum()
            })?;
            seconds = seconds.min(started.elapsed().as_secs_f64());
            squares += (simulation.moments(&costs)?.mean() - exact).powi(2);
        }
        let error = (squares / SEEDS as f64).sqrt();
        let times = *plain.get_or_insert(error) / error;
        println!(
            "{name:14} error {error:.4}, {times:5.1} times smaller than plain, {:5.1} ms",
            seconds * 1e3
        );
    }
    Ok(())
}
