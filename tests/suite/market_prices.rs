//! Prices drawn from the market model, against closed forms of the textbook market.

use pricefloor::prelude::*;
use pricefloor::stochastic::{
    Draws, Interruption, InterruptionTerms, MeanReverting, MeanRevertingTerms, PriceSource,
    Simulation, StochasticError, TimeGrid,
};
use pricefloor::viability::{MarketPrices, Shock, ViabilityError};

/// P = 20 - Q and P = 5 + Q / 2.
fn textbook() -> Market {
    Market::builder("textbook", "USD/t")
        .region("Home")
        .commodity("oxide")
        .demand(
            "Home",
            "oxide",
            Demand::linear(Line {
                intercept: 20.0,
                slope: -1.0,
            })
            .unwrap(),
        )
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(Line {
                intercept: 5.0,
                slope: 0.5,
            })
            .unwrap(),
        ))
        .build()
        .unwrap()
}

fn demand() -> MeanReverting {
    MeanReverting::new(MeanRevertingTerms {
        spot: 1.0,
        reversion: 0.5,
        log_mean: 0.0,
        volatility: 0.08,
    })
    .unwrap()
}

fn drawn(policy: &Policy) -> MarketPrices {
    MarketPrices::new(
        textbook().compile(policy).unwrap(),
        [Shock::new(["demand/Home/oxide/intercept"], demand())],
        [("Home", "oxide")],
    )
    .unwrap()
}

fn quarters() -> TimeGrid {
    TimeGrid::regular(4, 12).unwrap()
}

fn all(source: &dyn PriceSource, simulation: Simulation) -> Vec<f64> {
    let blocks = simulation.run(
        source,
        &quarters(),
        || (),
        |(), block| {
            block
                .rows()
                .iter()
                .flat_map(|row| row[..block.live()].to_vec())
                .collect::<Vec<_>>()
        },
    );
    blocks.unwrap().concat()
}

#[test]
fn each_draw_is_an_equilibrium() {
    let floor = ContractFloor::new(12.0).covering("mine");
    let floored = Policy::new().with("floor", floor).unwrap();
    for draws in [
        Draws::Plain { seed: 3 },
        Draws::Antithetic { seed: 3 },
        Draws::Sobol {
            seed: 3,
            points: 64,
        },
    ] {
        let simulation = Simulation::with_draws(128, draws).unwrap();
        // The first shock uses the simulation's own random numbers, so the multiples can be drawn beside it.
        let multiples = all(&demand(), simulation);
        let free = all(&drawn(&Policy::none()), simulation);
        let with = all(&drawn(&floored), simulation);
        assert_eq!(free.len(), 128 * 12);
        for ((m, free), with) in multiples.iter().zip(&free).zip(&with) {
            // 20 m - Q = 5 + Q / 2.
            let closed = (20.0 * m + 10.0) / 3.0;
            assert!((free - closed).abs() < 1e-8 * closed);
            // Below the strike the mine responds to 12 and makes 14; above it the floor does nothing.
            let closed = if closed < 12.0 {
                20.0 * m - 14.0
            } else {
                closed
            };
            assert!(
                (with - closed).abs() < 1e-8 * closed.abs().max(1.0),
                "{with} against {closed}"
            );
        }
        // What the floor costs is measured against the price that it lowers itself.
        let cost = |prices: &[f64]| prices.iter().map(|p| (12.0 - p).max(0.0)).sum::<f64>();
        assert!(cost(&with) > 2.0 * cost(&free));
    }
}

#[test]
fn an_interruption_keeps_its_probability() {
    let terms = InterruptionTerms {
        start_rate: 0.4,
        end_rate: 1.2,
        level: 0.25,
        today: false,
    };
    let interruption = Interruption::new(terms).unwrap();
    let simulation = Simulation::new(40_000, 11).unwrap();
    for (date, time) in [(3, 1.0), (11, 3.0)] {
        let lost = simulation
            .per_path(&interruption, &quarters(), |block, path| {
                f64::from(u8::from(block.rows()[date][path] == 0.25))
            })
            .unwrap();
        let moments = simulation.moments(&lost).unwrap();
        // Two-state chain: a / (a + b) (1 - e^-(a + b) t).
        let expected = 0.25 * (1.0 - f64::exp(-1.6 * time));
        assert!((interruption.probability(time) - expected).abs() < 1e-15);
        assert!((moments.mean() - expected).abs() < 4.0 * moments.standard_error());
    }
    let grid = quarters();
    let refused = interruption.sampler(&grid, Draws::Antithetic { seed: 1 });
    assert!(matches!(refused, Err(StochasticError::Draws { .. })));
}

/// Two shocks at once: demand moves, and supply loses part of its capacity for a time.
#[test]
fn supply_that_is_cut_off() {
    let supply = Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    })
    .and_then(|supply| supply.with_capacity(30.0))
    .unwrap();
    let mine = Activity::producing("mine", "Home", "oxide", supply);
    let market = Market::builder("textbook", "USD/t")
        .region("Home")
        .commodity("oxide")
        .demand(
            "Home",
            "oxide",
            Demand::linear(Line {
                intercept: 20.0,
                slope: -1.0,
            })
            .unwrap(),
        )
        .activity(mine)
        .build()
        .unwrap();
    let lost = Interruption::new(InterruptionTerms {
        start_rate: 0.5,
        end_rate: 1.0,
        level: 0.2,
        today: true,
    })
    .unwrap();
    let prices = MarketPrices::new(
        market.compile(&Policy::none()).unwrap(),
        [
            Shock::new(["demand/Home/oxide/intercept"], demand()),
            Shock::new(["activity/mine/capacity"], lost),
        ],
        [("Home", "oxide")],
    )
    .unwrap();
    let simulation = Simulation::new(256, 5).unwrap();
    let multiples = all(&demand(), simulation);
    let (mut free, mut tight) = (0, 0);
    for (m, price) in multiples.iter().zip(all(&prices, simulation)) {
        let open = (20.0 * m + 10.0) / 3.0;
        // At a fifth of its capacity the mine sells 6.
        let cut = 20.0 * m - 6.0;
        if (price - open).abs() < 1e-7 {
            free += 1;
        } else {
            assert!(
                (price - cut).abs() < 1e-7,
                "{price} is neither {open} nor {cut}"
            );
            tight += 1;
        }
    }
    assert!(free > 500 && tight > 500);
}

#[test]
fn shocks_that_do_not_fit_are_refused() {
    let compiled = || textbook().compile(&Policy::none()).unwrap();
    let refused = |shocks: Vec<Shock>, node| {
        MarketPrices::new(compiled(), shocks, [node])
            .map(|_| ())
            .unwrap_err()
    };
    let home = ("Home", "oxide");
    let path = "demand/Home/oxide/intercept";
    assert!(matches!(
        refused(
            vec![Shock::new(["demand/Away/oxide/intercept"], demand())],
            home
        ),
        ViabilityError::Market(_)
    ));
    assert!(matches!(
        refused(vec![], ("Home", "metal")),
        ViabilityError::Market(_)
    ));
    assert!(matches!(
        refused(vec![Shock::new([path, path], demand())], home),
        ViabilityError::Commodities {
            needed: 2,
            found: 1
        }
    ));
    let twice = vec![Shock::new([path], demand()), Shock::new([path], demand())];
    insta::assert_snapshot!(refused(twice, home).to_string(), @r#"two shocks move "demand/Home/oxide/intercept""#);
}
