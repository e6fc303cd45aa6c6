//! Two-factor prices, baskets and regimes against their closed forms.

use approx::assert_relative_eq;
use pricefloor::stochastic::{
    Basket, BasketPrice, BasketTerms, Draws, GeometricBrownian, GeometricBrownianTerms, Lognormal,
    MeanReverting, MeanRevertingTerms, Moments, PriceSource, Regime, RegimeSwitching,
    RegimeSwitchingTerms, RiskPremiums, SchwartzSmith, SchwartzSmithTerms, Simulation,
    StochasticError, TimeGrid,
};

const PATHS: usize = 40_000;

/// Logs of the prices of one commodity at one time of the grid.
fn logs(source: &dyn PriceSource, grid: &TimeGrid, time: usize, commodity: usize) -> Vec<f64> {
    Simulation::new(PATHS, 17)
        .unwrap()
        .per_path(source, grid, |block, path| {
            block.row(time, commodity).unwrap()[path].ln()
        })
        .unwrap()
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (Moments::of(a).mean(), Moments::of(b).mean());
    a.iter()
        .zip(b)
        .map(|(x, y)| (x - mean_a) * (y - mean_b))
        .sum::<f64>()
        / (a.len() - 1) as f64
}

/// A covariance of normals has variance (v w + c^2) / n.
fn assert_covariance(a: &[f64], b: &[f64], exact: f64) {
    let error = ((covariance(a, a) * covariance(b, b) + exact * exact) / a.len() as f64).sqrt();
    let found = covariance(a, b);
    assert!(
        (found - exact).abs() <= 3.5 * error,
        "{found} {exact} +- {error}"
    );
}

/// Schwartz and Smith (2000), table 2, crude oil futures: kappa 1.49, volatilities 28.6 and 14.5 %, drift -1.25 %,
/// correlation 0.3, short premium 15.7 %, risk-neutral drift 1.15 %.
fn oil() -> (SchwartzSmith, RiskPremiums) {
    let price = SchwartzSmith::new(SchwartzSmithTerms {
        equilibrium: 20.0,
        deviation: 0.1,
        reversion: 1.49,
        short_volatility: 0.286,
        drift: -0.0125,
        long_volatility: 0.145,
        correlation: 0.3,
    });
    (
        price.unwrap(),
        RiskPremiums {
            short: 0.157,
            long: -0.0125 - 0.0115,
        },
    )
}

/// Equations 4 and 9 of the paper, written out.
#[test]
fn two_factor_moments_and_futures_of_schwartz_and_smith() {
    let (price, premiums) = oil();
    let (kappa, s, drift, l, rho) = (1.49, 0.286, -0.0125, 0.145, 0.3);
    for time in [0.25, 1.0, 5.0] {
        let decay = f64::exp(-kappa * time);
        let variance = (1.0 - decay * decay) * s * s / (2.0 * kappa)
            + l * l * time
            + 2.0 * (1.0 - decay) * rho * s * l / kappa;
        let mean = decay * 0.1 + 20f64.ln() + drift * time;
        let marginal = price.log_marginal(time);
        assert_relative_eq!(marginal.mean, mean, max_relative = 1e-13);
        assert_relative_eq!(marginal.variance, variance, max_relative = 1e-13);
        let a = 0.0115 * time - (1.0 - decay) * 0.157 / kappa + 0.5 * variance;
        let futures = (decay * 0.1 + 20f64.ln() + a).exp();
        assert_relative_eq!(
            price.futures_price(time, premiums),
            futures,
            max_relative = 1e-13
        );
    }
    assert_relative_eq!(price.spot(), 20.0 * 0.1f64.exp());
}

/// Covariance of the log price at 0.5 and 2 years, by the same paper: the deviation's part fades by e^(-kappa 1.5).
#[test]
fn simulated_two_factor_prices_have_the_exact_moments() {
    let (price, _) = oil();
    let grid = TimeGrid::new(vec![0.5, 2.0]).unwrap();
    let (early, late) = (logs(&price, &grid, 0, 0), logs(&price, &grid, 1, 0));
    for (sample, time) in [(&early, 0.5), (&late, 2.0)] {
        let exact = price.log_marginal(time);
        let error = (exact.variance / PATHS as f64).sqrt();
        assert!((Moments::of(sample).mean() - exact.mean).abs() <= 3.5 * error);
        assert_covariance(sample, sample, exact.variance);
    }
    let (kappa, s, l, rho) = (1.49_f64, 0.286, 0.145, 0.3);
    let (half, fade) = ((-kappa * 0.5).exp(), (-kappa * 1.5).exp());
    let short = s * s * (1.0 - half * half) / (2.0 * kappa);
    let both = rho * s * l * (1.0 - half) / kappa;
    assert_covariance(&early, &late, fade * (short + both) + both + l * l * 0.5);
}

fn oxides(correlation: f64) -> Basket {
    let ndpr = MeanReverting::new(MeanRevertingTerms {
        spot: 60.0,
        reversion: 0.5,
        log_mean: 4.2,
        volatility: 0.35,
    });
    let dy = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 250.0,
        drift: 0.02,
        volatility: 0.4,
    });
    Basket::pair(
        BasketPrice::MeanReverting(ndpr.unwrap()),
        BasketPrice::GeometricBrownian(dy.unwrap()),
        correlation,
    )
    .unwrap()
}

/// The two log prices have covariance rho s_1 s_2 (1 - e^-(k_1 + k_2) t) / (k_1 + k_2) (k_2 = 0), each its own moments,
/// with plain and with antithetic and Sobol draws.
#[test]
fn a_basket_has_its_marginals_and_its_covariance() {
    let basket = oxides(0.6);
    let grid = TimeGrid::new(vec![0.25, 1.0, 3.0]).unwrap();
    for draws in [
        Draws::Plain { seed: 5 },
        Draws::Antithetic { seed: 5 },
        Draws::Sobol {
            seed: 5,
            points: 4096,
        },
    ] {
        let simulation = Simulation::with_draws(40_960, draws).unwrap();
        let column = |commodity: usize| {
            simulation
                .per_path(&basket, &grid, |block, path| {
                    block.row(2, commodity).unwrap()[path].ln()
                })
                .unwrap()
        };
        let (first, second) = (column(0), column(1));
        for (sample, price) in [
            (&first, &basket.terms().prices[0]),
            (&second, &basket.terms().prices[1]),
        ] {
            let exact = price.log_marginal(3.0);
            let error = (exact.variance / sample.len() as f64).sqrt();
            assert!((Moments::of(sample).mean() - exact.mean).abs() <= 3.5 * error);
            assert_covariance(sample, sample, exact.variance);
        }
        assert_covariance(
            &first,
            &second,
            0.6 * 0.35 * 0.4 * (1.0 - (-1.5f64).exp()) / 0.5,
        );
    }
}

/// With correlation one and equal terms the second price is the first.
#[test]
fn perfect_correlation_is_allowed() {
    let price = BasketPrice::GeometricBrownian(
        GeometricBrownian::new(GeometricBrownianTerms {
            spot: 50.0,
            drift: 0.0,
            volatility: 0.3,
        })
        .unwrap(),
    );
    let basket = Basket::pair(price, price, 1.0).unwrap();
    let grid = TimeGrid::regular(12, 12).unwrap();
    let (first, second) = (logs(&basket, &grid, 11, 0), logs(&basket, &grid, 11, 1));
    for (a, b) in first.iter().zip(&second) {
        assert_relative_eq!(a, b, max_relative = 1e-12);
    }
}

fn switching() -> RegimeSwitching {
    RegimeSwitching::new(RegimeSwitchingTerms {
        spot: 60.0,
        reversion: 1.2,
        calm: Regime {
            log_mean: 4.0,
            volatility: 0.25,
            exit_rate: 0.4,
        },
        embargo: Regime {
            log_mean: 4.6,
            volatility: 0.5,
            exit_rate: 1.0,
        },
        jump_mean: 0.3,
        jump_deviation: 0.1,
        embargo_today: false,
    })
    .unwrap()
}

/// The mean of the log price solves a linear equation; without volatility and jumps' spread it is all that matters.
/// At rates zero the process is the mean-reverting one, whose moments are known.
#[test]
fn regimes_have_the_exact_mean_and_reduce_to_mean_reversion() {
    let price = switching();
    let grid = TimeGrid::new(vec![0.5, 2.0, 8.0]).unwrap();
    for (index, &time) in grid.times().iter().enumerate() {
        let moments = Moments::of(&logs(&price, &grid, index, 0));
        let exact = price.expected_log_price(time);
        assert!(
            (moments.mean() - exact).abs() <= 3.5 * moments.standard_error(),
            "{} {exact}",
            moments.mean()
        );
    }
    assert_relative_eq!(
        price.embargo_probability(50.0),
        0.4 / 1.4,
        max_relative = 1e-12
    );

    let terms = price.terms();
    let calm = Regime {
        exit_rate: 0.0,
        ..terms.calm
    };
    let still = RegimeSwitching::new(RegimeSwitchingTerms { calm, ..terms }).unwrap();
    let same = MeanReverting::new(MeanRevertingTerms {
        spot: 60.0,
        reversion: 1.2,
        log_mean: 4.0,
        volatility: 0.25,
    })
    .unwrap();
    for (index, &time) in grid.times().iter().enumerate() {
        let sample = logs(&still, &grid, index, 0);
        let exact = same.log_marginal(time);
        assert_relative_eq!(
            still.expected_log_price(time),
            exact.mean,
            max_relative = 1e-13
        );
        let error = (exact.variance / PATHS as f64).sqrt();
        assert!((Moments::of(&sample).mean() - exact.mean).abs() <= 3.5 * error);
        assert_covariance(&sample, &sample, exact.variance);
    }
}

/// The same mean by Euler steps of its two equations (one a regime), which know nothing of the solution used.
#[test]
fn mean_log_price_of_regimes_solves_its_equations() {
    let RegimeSwitchingTerms {
        spot,
        reversion: k,
        calm,
        embargo,
        jump_mean,
        ..
    } = switching().terms();
    let (mut probability, mut calm_part, mut embargo_part) = (1.0, spot.ln(), 0.0);
    let dt = 1e-5;
    for _ in 0..200_000 {
        let to_embargo = calm.exit_rate * (calm_part + jump_mean * probability);
        let to_calm = embargo.exit_rate * embargo_part;
        let d_calm =
            k * (calm.log_mean * probability - calm_part) - calm.exit_rate * calm_part + to_calm;
        let d_embargo =
            k * (embargo.log_mean * (1.0 - probability) - embargo_part) + to_embargo - to_calm;
        probability +=
            dt * (embargo.exit_rate * (1.0 - probability) - calm.exit_rate * probability);
        calm_part += dt * d_calm;
        embargo_part += dt * d_embargo;
    }
    assert_relative_eq!(
        switching().expected_log_price(2.0),
        calm_part + embargo_part,
        max_relative = 1e-5
    );
}

#[test]
fn bad_terms_are_errors_that_name_them() {
    let (price, _) = oil();
    let bad = SchwartzSmithTerms {
        correlation: 1.2,
        ..price.terms()
    };
    assert_eq!(
        SchwartzSmith::new(bad).unwrap_err().to_string(),
        "two-factor price: correlation is 1.2, but it must be between -1 and 1"
    );
    let prices = oxides(0.0).terms().prices.clone();
    let with = |correlation: Vec<Vec<f64>>| {
        Basket::new(BasketTerms {
            prices: prices.clone(),
            correlation,
        })
    };
    assert!(matches!(
        with(vec![vec![1.0]]),
        Err(StochasticError::CorrelationShape {
            expected: 2,
            found: 1
        })
    ));
    assert!(matches!(
        with(vec![vec![1.0, 0.2], vec![0.3, 1.0]]),
        Err(StochasticError::CorrelationEntry {
            row: 0,
            column: 1,
            ..
        })
    ));
    let three = BasketTerms {
        prices: vec![prices[0]; 3],
        correlation: vec![
            vec![1.0, 0.9, -0.9],
            vec![0.9, 1.0, 0.9],
            vec![-0.9, 0.9, 1.0],
        ],
    };
    assert!(matches!(
        Basket::new(three),
        Err(StochasticError::Correlation { .. })
    ));
    let regimes = switching().terms();
    let calm = Regime {
        exit_rate: -0.1,
        ..regimes.calm
    };
    assert_eq!(
        RegimeSwitching::new(RegimeSwitchingTerms { calm, ..regimes })
            .unwrap_err()
            .to_string(),
        "regime-switching price: calm exit_rate is -0.1, but it must be zero or positive and finite"
    );
    let grid = TimeGrid::regular(1, 1).unwrap();
    assert_eq!(
        switching()
            .sampler(&grid, Draws::Antithetic { seed: 1 })
            .err()
            .unwrap()
            .to_string(),
        "regime-switching price cannot be sampled with antithetic draws"
    );
}

#[test]
fn processes_round_trip() {
    let basket = oxides(0.6);
    let text = serde_json::to_string(&basket).unwrap();
    assert_eq!(serde_json::from_str::<Basket>(&text).unwrap(), basket);
    assert!(serde_json::from_str::<Basket>(&text.replace("0.6", "1.6")).is_err());
    let (price, premiums) = oil();
    let text = serde_json::to_string(&price).unwrap();
    assert_eq!(serde_json::from_str::<SchwartzSmith>(&text).unwrap(), price);
    assert!(serde_json::from_str::<SchwartzSmith>(&text.replace("drift", "draft")).is_err());
    let text = serde_json::to_string(&premiums).unwrap();
    assert_eq!(
        serde_json::from_str::<RiskPremiums>(&text).unwrap(),
        premiums
    );
    let text = serde_json::to_string(&switching()).unwrap();
    assert_eq!(
        serde_json::from_str::<RegimeSwitching>(&text).unwrap(),
        switching()
    );
    assert!(serde_json::from_str::<RegimeSwitching>(&text.replace("spot", "spit")).is_err());
}
