//! Closed forms of floors and options against published values and simulation.

use approx::assert_relative_eq;
use pricefloor::finance::{
    Black76, Black76Terms, BlackScholes, BlackScholesTerms, FloorPayment, expected_excess,
    expected_floor_payment, floor_strip,
};
use pricefloor::stochastic::{
    GeometricBrownian, GeometricBrownianTerms, Lognormal, MeanReverting, MeanRevertingTerms,
    Simulation, Summary, TimeGrid,
};

fn case(name: &str) -> serde_json::Value {
    crate::cases::known(name)["answer"].take()
}

fn scholes(
    spot: f64,
    strike: f64,
    rate: f64,
    dividend_yield: f64,
    volatility: f64,
    years: f64,
) -> BlackScholes {
    let option = BlackScholes::new(BlackScholesTerms {
        spot,
        strike,
        rate,
        dividend_yield,
        volatility,
        years,
    })
    .unwrap();
    let found = [
        option.call(),
        option.put(),
        option.call_delta(),
        option.put_delta(),
        option.gamma(),
        option.vega(),
    ];
    crate::parity::note(
        "option",
        &crate::parity::terms("BlackScholes", &option),
        Ok(found.to_vec()),
    );
    option
}

fn black(futures: f64, strike: f64, rate: f64, volatility: f64, years: f64) -> Black76 {
    let option = Black76::new(Black76Terms {
        futures,
        strike,
        rate,
        volatility,
        years,
    })
    .unwrap();
    let found = [
        option.call(),
        option.put(),
        option.call_delta(),
        option.put_delta(),
        option.gamma(),
        option.vega(),
    ];
    crate::parity::note(
        "option",
        &crate::parity::terms("Black76", &option),
        Ok(found.to_vec()),
    );
    option
}

/// Haug, Option Pricing Formulas (1998) and Hull, to full precision in the case file.
#[test]
fn options_of_haug_and_hull() {
    let answer = case("fi_black_scholes_values");
    let on_future = scholes(105.0, 100.0, 0.10, 0.10, 0.36, 0.5);
    let greeks = scholes(55.0, 60.0, 0.10, 0.0, 0.30, 0.75);
    let hull = scholes(42.0, 40.0, 0.10, 0.0, 0.2, 0.5);
    let at_the_money = black(19.0, 19.0, 0.10, 0.28, 0.75);
    for (name, found) in [
        ("A_call", scholes(60.0, 65.0, 0.08, 0.0, 0.30, 0.25).call()),
        ("B_put_q", scholes(100.0, 95.0, 0.10, 0.05, 0.20, 0.5).put()),
        ("C_call_delta_future", on_future.call_delta()),
        ("C_put_delta_future", on_future.put_delta()),
        ("D_gamma", greeks.gamma()),
        ("D_vega", greeks.vega()),
        ("E_black76_call", at_the_money.call()),
        ("E_black76_put", at_the_money.put()),
        ("F_hull_call", hull.call()),
        ("F_hull_put", hull.put()),
        (
            "G_hull_futures_put",
            black(60.0, 60.0, 0.09, 0.25, 4.0 / 12.0).put(),
        ),
        (
            "H_put_vol_zero_in_the_money",
            black(90.0, 100.0, 0.05, 0.0, 1.0).put(),
        ),
        (
            "I_put_T_zero",
            scholes(90.0, 100.0, 0.05, 0.0, 0.3, 0.0).put(),
        ),
    ] {
        assert_relative_eq!(found, answer[name].as_f64().unwrap(), max_relative = 1e-12);
    }
}

/// E[max(80 - S, 0)] after a year of dS/S = 0.03 dt + 0.25 dW from 100 (closed form, evaluated with mpmath).
#[test]
fn expected_payment_of_a_floor_under_brownian_motion() {
    let answer = case("sp_ou_gbm_moments");
    let price = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 100.0,
        drift: 0.03,
        volatility: 0.25,
    })
    .unwrap();
    let marginal = price.log_marginal(1.0);
    let expected = answer["GBM"]["expected_shortfall_payment_max(80-S,0)_1y"]
        .as_f64()
        .unwrap();
    let put = expected_floor_payment(marginal, 80.0).unwrap();
    let given = serde_json::json!({
        "process": crate::parity::terms("GeometricBrownian", &price), "years": 1.0, "strike": 80.0,
    });
    crate::parity::note("floor_payment", &given, Ok(vec![put]));
    assert_relative_eq!(put, expected, max_relative = 1e-12);
    // Put-call parity: E[max(P - K, 0)] - E[max(K - P, 0)] = E[P] - K.
    let call = expected_excess(marginal, 80.0).unwrap();
    assert_relative_eq!(
        call - put,
        price.expected_price(1.0) - 80.0,
        max_relative = 1e-13
    );
}

#[test]
fn simulated_floor_strip_agrees_with_the_closed_form_within_three_standard_errors() {
    let price = MeanReverting::new(MeanRevertingTerms {
        spot: 60.0,
        reversion: 0.6,
        log_mean: 70f64.ln(),
        volatility: 0.35,
    })
    .unwrap();
    let grid = TimeGrid::regular(4, 40).unwrap();
    let payments: Vec<FloorPayment> = grid
        .times()
        .iter()
        .map(|&time| FloorPayment {
            time,
            volume: 1500.0,
            strike: 110.0,
            discount_factor: 1.06f64.powf(-time),
        })
        .collect();
    let exact = floor_strip(&price, &payments).unwrap();
    let costs = Simulation::new(20_000, 42)
        .unwrap()
        .per_path(&price, &grid, |block, path| {
            block
                .rows()
                .iter()
                .zip(&payments)
                .map(|(row, due)| {
                    due.discount_factor * due.volume * (due.strike - row[path]).max(0.0)
                })
                .sum()
        })
        .unwrap();
    let summary = Summary::of(&costs).unwrap();
    assert!(
        (summary.mean() - exact).abs() <= 3.0 * summary.standard_error(),
        "{} {exact}",
        summary.mean()
    );
}

#[test]
fn options_refuse_bad_terms_by_name() {
    let good = Black76Terms {
        futures: 60.0,
        strike: 60.0,
        rate: 0.05,
        volatility: 0.3,
        years: 1.0,
    };
    let text = |terms| Black76::new(terms).unwrap_err().to_string();
    assert_eq!(
        text(Black76Terms {
            volatility: -0.1,
            ..good
        }),
        "option: volatility is -0.1, but it must be zero or positive and finite"
    );
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(
            Black76::new(Black76Terms {
                futures: bad,
                ..good
            })
            .is_err()
        );
        assert!(
            Black76::new(Black76Terms {
                strike: bad,
                ..good
            })
            .is_err()
        );
        assert!(Black76::new(Black76Terms { years: bad, ..good }).is_err());
    }
    assert!(
        Black76::new(Black76Terms {
            rate: f64::NAN,
            ..good
        })
        .is_err()
    );
    let price = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 1.0,
        drift: 0.0,
        volatility: 0.1,
    })
    .unwrap();
    let due = FloorPayment {
        time: 1.0,
        volume: 1.0,
        strike: 0.0,
        discount_factor: 1.0,
    };
    assert_eq!(
        floor_strip(&price, &[due]).unwrap_err().to_string(),
        "floor payment 0: strike is 0, but it must be positive and finite"
    );
    let json = serde_json::to_string(&Black76::new(good).unwrap()).unwrap();
    assert_eq!(
        serde_json::from_str::<Black76>(&json).unwrap().terms(),
        good
    );
    assert!(serde_json::from_str::<Black76>(&json.replace("strike", "strok")).is_err());
    assert!(serde_json::from_str::<Black76>(&json.replace("0.3", "-0.3")).is_err());
}
