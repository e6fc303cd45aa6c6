//! Firms that know their sales move the price.

pub(crate) use crate::cases::known as case;
use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::assembly::DraftError;
use pricefloor::equilibrium::{BestResponse, Equilibrium, SolveError};
use pricefloor::prelude::*;

pub(crate) fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

/// `P = (q1 + q2)^(-0.625)`, costs `0.5 b q^2` (Miranda and Fackler; CompEcon's Cournot duopoly).
#[test]
fn compecon_duopoly() {
    let known = case("ol_compecon_cournot");
    let supply = |slope| Supply::linear(line(0.0, slope)).unwrap();
    // P = Q^-0.625: Q = P^-1.6
    let demand = Demand::constant_elasticity(
        Observed {
            price: 1.0,
            quantity: 1.0,
        },
        -1.6,
    )
    .unwrap();
    let solved = Market::builder("duopoly", "")
        .region("Home")
        .commodity("good")
        .demand("Home", "good", demand)
        .activity(Activity::producing("one", "Home", "good", supply(0.6)))
        .activity(Activity::producing("two", "Home", "good", supply(0.8)))
        .conduct("one", 1.0)
        .conduct("two", 1.0)
        .build()
        .unwrap()
        .noted(&Policy::none())
        .unwrap();
    let answer = &known["answer"];
    assert_relative_eq!(
        solved.level("one").unwrap(),
        answer["q1"].as_f64().unwrap(),
        max_relative = 1e-9
    );
    assert_relative_eq!(
        solved.level("two").unwrap(),
        answer["q2"].as_f64().unwrap(),
        max_relative = 1e-9
    );
    assert_relative_eq!(
        solved.price("Home", "good").unwrap(),
        answer["price"].as_f64().unwrap(),
        max_relative = 1e-9
    );
    solved.ledger().unwrap();
}

/// Murphy, Sherali and Soyster (1982): `Q = 5000 P^-gamma`, marginal cost `c + (q/5)^(1/beta)`. The constant part of the cost is an
/// input bought at a fixed price.
fn murphy_sherali_soyster(gamma: f64, variation: f64) -> Equilibrium {
    let demand = Demand::constant_elasticity(
        Observed {
            price: 1.0,
            quantity: 5000.0,
        },
        -gamma,
    )
    .unwrap();
    let mut builder = Market::builder("five firms", "")
        .region("Home")
        .commodity("good")
        .demand("Home", "good", demand);
    for (i, (c, beta)) in [(10.0, 1.2), (8.0, 1.1), (6.0, 1.0), (4.0, 0.9), (2.0, 0.8)]
        .into_iter()
        .enumerate()
    {
        let (firm, input) = (format!("firm {i}"), format!("input {i}"));
        let supply = Supply::constant_elasticity(
            Observed {
                price: 1.0,
                quantity: 5.0,
            },
            beta,
        )
        .unwrap();
        builder = builder
            .commodity(&input)
            .activity(Activity::producing(
                &format!("source {i}"),
                "Home",
                &input,
                Supply::perfectly_elastic(c).unwrap(),
            ))
            .activity(Activity::producing(&firm, "Home", "good", supply).with_input(&input, 1.0))
            .conduct(&firm, variation);
    }
    builder.build().unwrap().noted(&Policy::none()).unwrap()
}

#[test]
fn murphy_sherali_soyster_five_firms() {
    let known = case("ol_mss_5firm");
    for (name, gamma) in [("gamma_1.0", 1.0), ("gamma_1.1", 1.1)] {
        let answer = &known["answer"][name];
        let cournot = murphy_sherali_soyster(gamma, 1.0);
        assert_relative_eq!(
            cournot.price("Home", "good").unwrap(),
            answer["price"].as_f64().unwrap(),
            max_relative = 1e-9
        );
        for i in 0..5 {
            let expected = answer["quantities"][i].as_f64().unwrap();
            assert_relative_eq!(
                cournot.level(&format!("firm {i}")).unwrap(),
                expected,
                max_relative = 1e-9
            );
            let profit = answer["profits"][i].as_f64().unwrap();
            let ledger = cournot.ledger().unwrap();
            assert_relative_eq!(
                ledger.surplus(&format!("firm {i}")).unwrap(),
                profit,
                max_relative = 1e-8
            );
        }
        let competitive = murphy_sherali_soyster(gamma, 0.0);
        let expected = answer["competitive_price"].as_f64().unwrap();
        assert_relative_eq!(
            competitive.price("Home", "good").unwrap(),
            expected,
            max_relative = 1e-9
        );
    }
    // as printed in the paper
    let printed = murphy_sherali_soyster(1.1, 1.0);
    for (i, q) in [36.93251, 41.81814, 43.70658, 42.65924, 39.17895]
        .into_iter()
        .enumerate()
    {
        assert_relative_eq!(
            printed.level(&format!("firm {i}")).unwrap(),
            q,
            epsilon = 6e-6
        );
    }
    assert_relative_eq!(
        printed.price("Home", "good").unwrap(),
        18.30058,
        epsilon = 6e-6
    );
}

/// Inverse demand 10 - Q, marginal cost slopes 1 and 2: 10 - 2 q1 - q2 = q1 and 10 - q1 - 2 q2 = 2 q2. With a capacity
/// of 2 on the first, the second sells 2 as well and the price is 6.
#[test]
fn a_capacity_corner() {
    let duopoly = |capacity: Option<f64>| {
        let mut first = Supply::linear(line(0.0, 1.0)).unwrap();
        if let Some(capacity) = capacity {
            first = first.with_capacity(capacity).unwrap();
        }
        Market::builder("duopoly", "")
            .region("Home")
            .commodity("good")
            .demand("Home", "good", Demand::linear(line(10.0, -1.0)).unwrap())
            .activity(Activity::producing("one", "Home", "good", first))
            .activity(Activity::producing(
                "two",
                "Home",
                "good",
                Supply::linear(line(0.0, 2.0)).unwrap(),
            ))
            .conduct("one", 1.0)
            .conduct("two", 1.0)
            .build()
            .unwrap()
            .noted(&Policy::none())
            .unwrap()
    };
    let free = duopoly(None);
    assert_relative_eq!(free.level("one").unwrap(), 2.72727273, epsilon = 5e-9);
    assert_relative_eq!(free.level("two").unwrap(), 1.81818182, epsilon = 5e-9);
    assert_relative_eq!(
        free.price("Home", "good").unwrap(),
        5.45454545,
        epsilon = 5e-9
    );
    let corner = duopoly(Some(2.0));
    assert_relative_eq!(corner.level("one").unwrap(), 2.0, epsilon = 1e-9);
    assert_relative_eq!(corner.level("two").unwrap(), 2.0, epsilon = 1e-9);
    assert_relative_eq!(corner.price("Home", "good").unwrap(), 6.0, epsilon = 1e-9);
}

/// A monopolist on two markets, P = 20 - Q and P = 12 - Q, cost 2 a unit and 1 more to the second: it equates marginal
/// revenues, 20 - 2 a = 2 and 12 - 2 b = 3.
#[test]
fn a_firm_that_sells_in_two_regions() {
    let solved = Market::builder("two markets", "")
        .region("Home")
        .region("Abroad")
        .commodity("good")
        .demand("Home", "good", Demand::linear(line(20.0, -1.0)).unwrap())
        .demand("Abroad", "good", Demand::linear(line(12.0, -1.0)).unwrap())
        .activity(
            Activity::producing(
                "plant",
                "Home",
                "good",
                Supply::perfectly_elastic(2.0).unwrap(),
            )
            .owned_by("Firm"),
        )
        .add_route(Route::new("Home", "Abroad", "good", 1.0))
        .conduct("Firm", 1.0)
        .build()
        .unwrap()
        .noted(&Policy::none())
        .unwrap();
    assert_relative_eq!(
        solved.level("Firm: good in Home").unwrap(),
        9.0,
        epsilon = 1e-9
    );
    assert_relative_eq!(
        solved.level("Firm: Home -> Abroad: good").unwrap(),
        4.5,
        epsilon = 1e-9
    );
    assert_relative_eq!(
        solved.ledger().unwrap().surplus("Firm").unwrap(),
        81.0 + 4.5 * 4.5,
        epsilon = 1e-8
    );
}

#[test]
fn a_fixed_margin_is_kept_by_the_trader() {
    let solved = Market::builder("margin", "")
        .region("Home")
        .region("Abroad")
        .commodity("good")
        .demand("Home", "good", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "world",
            "Abroad",
            "good",
            Supply::perfectly_elastic(5.0).unwrap(),
        ))
        .add_route(Route::new("Abroad", "Home", "good", 1.0).with_margin(2.0))
        .build()
        .unwrap()
        .noted(&Policy::none())
        .unwrap();
    assert_relative_eq!(solved.price("Home", "good").unwrap(), 8.0, epsilon = 1e-9);
    assert_relative_eq!(
        solved.ledger().unwrap().trader_surplus(),
        24.0,
        epsilon = 1e-9
    );
}

#[test]
fn conduct_needs_a_demand_with_a_slope() {
    let base = || {
        Market::builder("m", "")
            .region("Home")
            .commodity("good")
            .activity(Activity::producing(
                "mine",
                "Home",
                "good",
                Supply::linear(line(1.0, 1.0)).unwrap(),
            ))
            .conduct("mine", 1.0)
    };
    let fixed = base()
        .demand("Home", "good", Demand::fixed(3.0).unwrap())
        .build()
        .unwrap();
    let error = fixed.noted(&Policy::none()).unwrap_err();
    assert!(
        matches!(&error, SolveError::Draft(DraftError::Unfit { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("fixed demand"), "{error}");
    let unknown = base()
        .demand("Home", "good", Demand::linear(line(9.0, -1.0)).unwrap())
        .conduct("nobody", 1.0);
    let error = unknown.build().unwrap_err();
    assert!(
        error.to_string().contains("nobody") && error.to_string().contains("mine"),
        "{error}"
    );
}

/// The textbook monopolist under a contract of `strike` on all output (P = 20 - Q, marginal cost 5 + Q/2): Q 6, P 14
/// satisfies every first-order condition with a profit of 45, and with a strike of 12 output of 14 at a price of 6
/// earns 49. The two are level at 5 + sqrt 45.
#[test]
fn a_false_equilibrium_is_not_reported() {
    let monopolist = |strike: f64| {
        Market::builder("textbook", "")
            .region("Home")
            .commodity("oxide")
            .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
            .activity(Activity::producing(
                "mine",
                "Home",
                "oxide",
                Supply::linear(line(5.0, 0.5)).unwrap(),
            ))
            .conduct("mine", 1.0)
            .build()
            .unwrap()
            .solve(
                &Policy::new()
                    .with("floor", ContractFloor::new(strike).covering("mine"))
                    .unwrap(),
            )
            .unwrap()
    };
    let switch = 5.0 + 45.0_f64.sqrt();
    assert_relative_eq!(switch, 11.7082, epsilon = 5e-5);
    for (strike, output, price, profit) in [
        (12.0, 14.0, 6.0, 49.0),
        (11.8, 13.6, 6.4, 6.8 * 6.8),
        (11.6, 6.0, 14.0, 45.0),
        (5.0, 6.0, 14.0, 45.0),
    ] {
        let solved = monopolist(strike);
        assert_relative_eq!(solved.level("mine").unwrap(), output, epsilon = 1e-8);
        assert_relative_eq!(
            solved.price("Home", "oxide").unwrap(),
            price,
            epsilon = 1e-8
        );
        assert_relative_eq!(
            solved.ledger().unwrap().surplus("mine").unwrap(),
            profit,
            epsilon = 1e-7
        );
        assert!(
            matches!(solved.best_response(), BestResponse::Shown { largest_gain } if *largest_gain < 1e-7)
        );
    }
}
