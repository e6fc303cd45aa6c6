//! Antithetic and Sobol draws: how much error they take off a floor strip, and that they say what is left.

use pricefloor::finance::{FloorPayment, floor_strip};
use pricefloor::stochastic::{
    Draws, GeometricBrownian, GeometricBrownianTerms, MeanReverting, MeanRevertingTerms, Moments,
    Normals, PriceSource, Simulation, StochasticError, TimeGrid,
};

const PATHS: usize = 1 << 14;

/// Ten years of quarterly floors at 85 on one unit, discounted at 8 %, under the price of the contract strip.
struct FloorStrip {
    price: MeanReverting,
    grid: TimeGrid,
    payments: Vec<FloorPayment>,
}

impl FloorStrip {
    fn new() -> Self {
        let price = MeanReverting::new(MeanRevertingTerms {
            spot: 90.0,
            reversion: 0.6,
            log_mean: 100f64.ln(),
            volatility: 0.3,
        })
        .unwrap();
        let grid = TimeGrid::regular(4, 40).unwrap();
        let payments = grid
            .times()
            .iter()
            .map(|&time| FloorPayment {
                time,
                volume: 1.0,
                strike: 85.0,
                discount_factor: 1.08f64.powf(-time),
            })
            .collect();
        Self {
            price,
            grid,
            payments,
        }
    }

    fn exact(&self) -> f64 {
        floor_strip(&self.price, &self.payments).unwrap()
    }

    fn simulate(&self, draws: Draws) -> Moments {
        let simulation = Simulation::with_draws(PATHS, draws).unwrap();
        let costs = simulation
            .per_path(&self.price, &self.grid, |block, path| {
                let paid = |(row, due): (&[f64; 64], &FloorPayment)| {
                    due.discount_factor * due.volume * (due.strike - row[path]).max(0.0)
                };
                block.rows().iter().zip(&self.payments).map(paid).sum()
            })
            .unwrap();
        simulation.moments(&costs).unwrap()
    }

    /// Root mean square error against the closed form over 16 seeds.
    fn error(&self, draws: impl Fn(u64) -> Draws) -> f64 {
        let exact = self.exact();
        let squares: f64 = (0..16)
            .map(|seed| (self.simulate(draws(seed)).mean() - exact).powi(2))
            .sum();
        (squares / 16.0).sqrt()
    }
}

#[test]
fn sobol_points_cut_the_error_of_a_floor_strip_by_at_least_five() {
    let strip = FloorStrip::new();
    let plain = strip.error(|seed| Draws::Plain { seed });
    let sobol = strip.error(|seed| Draws::Sobol {
        seed,
        points: PATHS as u32,
    });
    let antithetic = strip.error(|seed| Draws::Antithetic { seed });
    println!("plain {plain:.3e}, antithetic {antithetic:.3e}, Sobol {sobol:.3e}");
    assert!(plain >= 5.0 * sobol, "plain {plain:.2e}, Sobol {sobol:.2e}");
    assert!(
        antithetic < plain,
        "plain {plain:.2e}, antithetic {antithetic:.2e}"
    );
}

/// The error is within three standard errors, and these are those of pairs and nets: over 64 seeds the root mean
/// square of error / standard error is near one (a chi-square of 64 lies in [38.6, 96.9] with probability 99 %; nets
/// give a t of 15 degrees, whose square is wider by 15/13).
#[test]
fn standard_errors_of_pairs_and_nets_are_fair() {
    let strip = FloorStrip::new();
    let exact = strip.exact();
    for draws in [
        (|seed| Draws::Antithetic { seed }) as fn(u64) -> Draws,
        |seed| Draws::Sobol { seed, points: 1024 },
    ] {
        let squares: f64 = (100..164)
            .map(|seed| {
                let found = strip.simulate(draws(seed));
                ((found.mean() - exact) / found.standard_error()).powi(2)
            })
            .sum();
        assert!(
            (38.6..=96.9 * 15.0 / 13.0).contains(&squares),
            "{:?}: {squares}",
            draws(0)
        );
    }
}

#[cfg(feature = "parallel")]
#[test]
fn threads_do_not_change_sobol_paths() {
    let strip = FloorStrip::new();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            strip.simulate(Draws::Sobol {
                seed: 1,
                points: 4096,
            })
        })
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn mirrored_paths_multiply_to_the_square_of_the_median() {
    let strip = FloorStrip::new();
    let simulation = Simulation::with_draws(128, Draws::Antithetic { seed: 3 }).unwrap();
    let last = simulation
        .per_path(&strip.price, &strip.grid, |block, path| {
            block.rows()[39][path]
        })
        .unwrap();
    let still = MeanReverting::new(MeanRevertingTerms {
        volatility: 0.0,
        ..strip.price.terms()
    })
    .unwrap();
    let median = still.expected_price(10.0);
    for pair in last.chunks(2) {
        approx::assert_relative_eq!(pair[0] * pair[1], median * median, max_relative = 1e-13);
    }
}

#[test]
fn paths_must_fill_pairs_and_nets() {
    let sobol = |points| Draws::Sobol { seed: 1, points };
    assert!(matches!(
        Simulation::with_draws(63, Draws::Antithetic { seed: 1 }),
        Err(StochasticError::PathGroups {
            paths: 63,
            group: 2
        })
    ));
    assert!(matches!(
        Simulation::with_draws(1000, sobol(128)),
        Err(StochasticError::PathGroups {
            paths: 1000,
            group: 128
        })
    ));
    for points in [0, 32, 100, 1 << 17] {
        assert!(matches!(
            Simulation::with_draws(1 << 17, sobol(points)),
            Err(StochasticError::SobolPoints { .. })
        ));
    }
    let text = r#"{"paths": 128, "draws": {"Sobol": {"seed": 1, "points": 100}}}"#;
    assert!(serde_json::from_str::<Simulation>(text).is_err());
}

/// A geometric Brownian motion in closed form, S_t = S_(t-1) exp((mu - sigma^2 / 2) h + sigma sqrt(h) z), from the normals of
/// each kind of draws: the prices that a source draws.
#[test]
fn normals_are_those_of_the_prices() {
    const BLOCK: usize = pricefloor::stochastic::PATHS;
    let (drift, volatility) = (0.03, 0.25f64);
    let price = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 100.0,
        drift,
        volatility,
    })
    .unwrap();
    let grid = TimeGrid::new(vec![0.5, 0.75, 2.0]).unwrap();
    let kinds = [
        Draws::Plain { seed: 5 },
        Draws::Antithetic { seed: 5 },
        Draws::Sobol {
            seed: 5,
            points: 128,
        },
    ];
    for draws in kinds {
        let normals = Normals::new(&grid, 1, draws).unwrap();
        let (mut z, mut prices) = (vec![0.0; 3 * BLOCK], vec![0.0; 3 * BLOCK]);
        normals.fill(1, &mut z).unwrap();
        let mut sampler = price.sampler(&grid, draws).unwrap();
        sampler.fill(1, &mut prices).unwrap();
        for path in 0..BLOCK {
            let mut expected = 100.0;
            for (step, years) in [0.5f64, 0.25, 1.25].into_iter().enumerate() {
                let at = step * BLOCK + path;
                let moved = volatility * years.sqrt() * z[at];
                expected *= ((drift - 0.5 * volatility * volatility) * years + moved).exp();
                approx::assert_relative_eq!(prices[at], expected, max_relative = 1e-12);
            }
        }
    }
    let plain = Draws::Plain { seed: 5 };
    let error = Normals::new(&grid, 0, plain).unwrap_err();
    assert_eq!(
        error.to_string(),
        "number of factors is zero, but at least one is needed"
    );
    let two = Normals::new(&grid, 2, plain).unwrap();
    let found = two.fill(0, &mut [0.0; 3 * BLOCK]).unwrap_err();
    let expected = 6 * BLOCK;
    assert!(
        matches!(found, StochasticError::BlockLength { expected: e, found: f } if (e, f) == (expected, 3 * BLOCK))
    );
}
