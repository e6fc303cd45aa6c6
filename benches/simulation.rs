//! Rates of the simulation, in million path-steps a second on one thread: `cargo bench --bench simulation`.
//!
//! The strip's rate with the vectors that every processor of the target has, and the normals alone of both widths:
//! `cargo test --release --lib rates_by_width -- --ignored --nocapture`.
//!
//! With `-- --rate` it prints the rate of the contract strip alone, for `benches/peers/numba_simulation.py`.

#[path = "simulation/waterfall.rs"]
mod waterfall;

use pricefloor::finance::{FloorPayment, floor_strip};
use pricefloor::stochastic::{
    Draws, MeanReverting, MeanRevertingTerms, PATHS, PriceSource, Simulation, TimeGrid,
};
use pricefloor::viability::{ContractStrip, ContractStripTerms};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

const MONTHS: usize = 120;
const PATH_COUNT: usize = 100_000;
/// Rates wanted of the strip and of the full waterfall, in million path-steps a second.
const WANTED: [f64; 2] = [250.0, 20.0];
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

    let run = one_thread(|| strip.simulate(&price, &grid, &simulation))?;
    let moments = run.npv_moments();
    assert!(
        (moments.mean() - EXACT_MEAN).abs() <= 3.0 * moments.standard_error(),
        "{}",
        moments.mean()
    );
    let strip_rate = || {
        one_thread(|| {
            best_rate(PATH_COUNT * MONTHS, || {
                black_box(
                    strip
                        .simulate(&price, &grid, &simulation)
                        .map(|run| run.npv_moments()),
                )
                .is_ok()
            })
        })
    };
    if std::env::args().any(|argument| argument == "--rate") {
        println!("{}", strip_rate());
        return Ok(());
    }

    println!("{PATH_COUNT} paths of {MONTHS} months, one thread");
    println!(
        "mean {:.2} +- {:.2} (exact {EXACT_MEAN:.2}), probability of default {:.4} +- {:.4}",
        moments.mean(),
        moments.standard_error(),
        run.default_probability(),
        run.default_standard_error(),
    );
    let strip = strip_rate();
    println!(
        "contract strip     {strip:6.0} M path-steps/s (wanted: {})",
        WANTED[0]
    );

    let mut block = vec![0.0; MONTHS * PATHS];
    let blocks = PATH_COUNT / PATHS;
    let mut sampler = price.sampler(&grid, Draws::Plain { seed: 1 })?;
    let prices = best_rate(blocks * block.len(), || {
        (0..blocks).all(|number| sampler.fill(number as u64, black_box(&mut block)).is_ok())
    });
    println!("prices alone       {prices:6.0} M path-steps/s");

    let mut stream = Xoshiro256PlusPlus::seed_from_u64(1);
    let normals = best_rate(blocks * block.len(), || {
        for _ in 0..blocks {
            for z in black_box(&mut block) {
                *z = StandardNormal.sample(&mut stream);
            }
        }
        true
    });
    println!("ziggurat normals   {normals:6.0} M draws/s");
    println!(
        "the strip takes {:.2} times as long as one such normal a step alone",
        normals / strip
    );
    let study = waterfall::study()?;
    let basket = waterfall::prices()?;
    let draws = Simulation::new(waterfall::PATH_COUNT, 1)?;
    let full = one_thread(|| {
        best_rate(waterfall::PATH_COUNT * MONTHS, || {
            black_box(study.run(&basket, draws)).is_ok()
        })
    });
    println!(
        "two products, quarterly-average floor, full waterfall {full:6.1} M path-steps/s (wanted: {}): {:.1} times as long as \
         two such normals a step alone",
        WANTED[1],
        normals / 2.0 / full
    );
    variates(&price)
}

/// Error and time of a ten-year quarterly floor strip at 2^14 paths, by kind of draws.
fn variates(price: &MeanReverting) -> Result<(), Box<dyn Error>> {
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

/// Best rate in million items a second over repeated runs.
fn best_rate(items: usize, mut run: impl FnMut() -> bool) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..12 {
        let started = Clock::start();
        assert!(run());
        best = best.min(started.seconds());
    }
    items as f64 / best * 1e-6
}

/// Time that this thread spent on a processor, where the system tells (Linux), so that other work on the machine
/// does not count; else time on the wall.
struct Clock {
    wall: Instant,
    cpu: Option<f64>,
}

impl Clock {
    fn start() -> Self {
        Self {
            cpu: cpu_seconds(),
            wall: Instant::now(),
        }
    }

    fn seconds(&self) -> f64 {
        match (self.cpu, cpu_seconds()) {
            (Some(before), Some(now)) if now > before => now - before,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? * 1e-9)
}

#[cfg(feature = "parallel")]
fn one_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    pool.install(work)
}

#[cfg(not(feature = "parallel"))]
fn one_thread<R>(work: impl FnOnce() -> R) -> R {
    work()
}
