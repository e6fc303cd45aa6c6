//! What comes with an answer: what is determined, and how far off it may be.

use approx::assert_relative_eq;
use pricefloor::assembly::Stacking;
use pricefloor::complementarity::Settings;
use pricefloor::equilibrium::Uniqueness;
use pricefloor::prelude::*;

use crate::conduct::line;

fn undetermined(flows: &Uniqueness) -> Vec<&str> {
    match flows {
        Uniqueness::NotUnique(list) => list.iter().map(String::as_str).collect(),
        other => panic!("{other}"),
    }
}

/// From A to C directly at 2, or through B at 1 + 1: prices are unique, the three flows are not, and nothing else is open.
#[test]
fn routes_of_equal_cost() {
    let solved = Market::builder("triangle", "")
        .region("A")
        .region("B")
        .region("C")
        .commodity("oxide")
        .demand("C", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .demand("B", "oxide", Demand::linear(line(15.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "A",
            "oxide",
            Supply::linear(line(2.0, 0.25)).unwrap(),
        ))
        .route("A", "B", "oxide", 1.0)
        .route("B", "C", "oxide", 1.0)
        .route("A", "C", "oxide", 2.0)
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap();
    let found = solved.determinacy();
    assert!(matches!(found.prices(), Uniqueness::Proved(_)), "{found}");
    let open = undetermined(found.flows());
    assert_eq!(open.len(), 3, "{found}");
    assert!(
        open.iter().all(|name| name.starts_with("route/")),
        "{found}"
    );
    // what is determined: the price in A solves (20 - p - 2) + (15 - p - 1) = 4 (p - 2)
    assert_relative_eq!(
        solved.price("A", "oxide").unwrap(),
        40.0 / 6.0,
        epsilon = 1e-9
    );
    let brought = solved.flow("A", "C", "oxide").unwrap() + solved.flow("B", "C", "oxide").unwrap();
    assert_relative_eq!(brought, 18.0 - 40.0 / 6.0, epsilon = 1e-9);
    let text = found.to_string();
    assert!(
        text.starts_with("prices unique") && text.contains("flows not proved unique"),
        "{text}"
    );
}

/// Two public buyers hold one floor: the stock they build together is 6, how they share it is open.
#[test]
fn two_buyers_share_a_stock() {
    let policy = Policy::new()
        .with("reserve", SupportBuying::new("Home", "oxide", 12.0))
        .unwrap()
        .stacked(
            "agency",
            Stacking::Add,
            SupportBuying::new("Home", "oxide", 12.0),
        )
        .unwrap();
    let solved = Market::builder("textbook", "")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .build()
        .unwrap()
        .solve(&policy)
        .unwrap();
    assert_relative_eq!(solved.price("Home", "oxide").unwrap(), 12.0, epsilon = 1e-9);
    assert_relative_eq!(
        solved.node("Home", "oxide").unwrap().bought(),
        6.0,
        epsilon = 1e-8
    );
    let found = solved.determinacy();
    assert!(matches!(found.prices(), Uniqueness::Proved(_)), "{found}");
    let open = undetermined(found.flows());
    assert!(
        open.len() == 2 && open.iter().all(|name| name.starts_with("measure/")),
        "{found}"
    );
}

/// Two mines with the same constant cost: the price and the sum are determined, who mines is not.
#[test]
fn mines_of_equal_cost() {
    let flat = || {
        Supply::perfectly_elastic(8.0)
            .unwrap()
            .with_capacity(10.0)
            .unwrap()
    };
    let solved = Market::builder("twins", "")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing("first", "Home", "oxide", flat()))
        .activity(Activity::producing("second", "Home", "oxide", flat()))
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap();
    assert_relative_eq!(solved.price("Home", "oxide").unwrap(), 8.0, epsilon = 1e-9);
    let made = solved.level("first").unwrap() + solved.level("second").unwrap();
    assert_relative_eq!(made, 12.0, epsilon = 1e-8);
    let found = solved.determinacy();
    assert!(matches!(found.prices(), Uniqueness::Proved(_)), "{found}");
    assert_eq!(
        undetermined(found.flows()),
        ["activity/first", "activity/second"]
    );
}

/// Stopped early, the answer is off, and by no more than the certificate says (to first order: 1 % more is allowed). Supply
/// 10 (p/10)^0.8 and demand 12 (p/10)^-0.6 meet at 10 1.2^(1/1.4).
#[test]
fn the_price_error_bounds_the_error() {
    let at = |quantity| Observed {
        price: 10.0,
        quantity,
    };
    let market = Market::builder("elastic", "")
        .region("Home")
        .commodity("oxide")
        .demand(
            "Home",
            "oxide",
            Demand::constant_elasticity(at(12.0), -0.6).unwrap(),
        )
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::constant_elasticity(at(10.0), 0.8).unwrap(),
        ))
        .build()
        .unwrap();
    let exact = 10.0 * 1.2_f64.powf(1.0 / 1.4);
    for tolerance in [1e-2, 1e-4, 1e-6, 1e-10] {
        let loose = Settings::builder()
            .residual_tolerance(tolerance)
            .price_tolerance(tolerance)
            .build()
            .unwrap();
        let solved = market.solve_with(&Policy::none(), loose).unwrap();
        let certificate = solved.certificate();
        let error = (solved.price("Home", "oxide").unwrap() - exact).abs() / 10.0;
        assert!(
            error <= 1.01 * certificate.price_error() + 1e-14,
            "{error:e} {certificate:?}"
        );
        assert!(certificate.residual() <= tolerance, "{certificate:?}");
        assert!(certificate.mass_balance() <= tolerance && certificate.arbitrage() <= tolerance);
    }
}
