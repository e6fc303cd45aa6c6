//! Pass-through and incidence of a small change, against closed forms.

use approx::assert_relative_eq;
use pricefloor::assembly::Role;
use pricefloor::curve::Line;
use pricefloor::equilibrium::{Response, Side, SolveError};
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;

fn close(value: f64, expected: f64) {
    assert_relative_eq!(value, expected, epsilon = 1e-9, max_relative = 1e-9);
}

fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line { intercept, slope }).unwrap()
}

fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line { intercept, slope }).unwrap()
}

fn closed(demand: Demand, supply: Supply) -> Market {
    Market::builder("closed", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand)
        .activity(Activity::producing("mine", "Home", "oxide", supply))
        .build()
        .unwrap()
}

fn solve(market: &Market, measure: impl Into<Measure>) -> Equilibrium {
    let policy = Policy::new().with("measure", measure).unwrap();
    market.solve(&policy).unwrap()
}

/// P = 20 - Q and P = 5 + Q / 2 with a subsidy s: p = 10 - 2 s / 3, q = 10 + 2 s / 3. Per unit of s buyers gain 2 q / 3 and
/// the mine q / 3, the treasury pays q + 2 s / 3, and everyone together loses 2 s / 3 (Harberger's triangle, at the margin).
#[test]
fn a_subsidy_in_one_market() {
    let market = closed(demand(20.0, -1.0), supply(5.0, 0.5));
    let solved = solve(&market, ProductionSubsidy::new("Home", "oxide", 1.0));
    let response = solved.response("measure/measure/rate", Side::Up).unwrap();
    let (s, p, q) = (1.0, 10.0 - 2.0 / 3.0, 10.0 + 2.0 / 3.0);
    let node = response.node("Home", "oxide").unwrap();
    close(node.pass_through(), -2.0 / 3.0);
    close(node.price_elasticity(), -2.0 / 3.0 * s / p);
    close(node.demanded(), 2.0 / 3.0);
    close(node.demand_elasticity(), 2.0 / 3.0 * s / q);
    close(response.at(), s);
    close(response.gain_of(Role::Consumers).unwrap(), 2.0 / 3.0 * q);
    close(response.gain_of(Role::Producer).unwrap(), q / 3.0);
    close(
        response.gain_of(Role::Treasury).unwrap(),
        -(q + 2.0 / 3.0 * s),
    );
    close(response.gain_in("Home").unwrap(), -2.0 / 3.0 * s);
    close(
        response.per_public_money(Role::Producer).unwrap(),
        q / 3.0 / (q + 2.0 / 3.0 * s),
    );
    assert_eq!(response.gain_of(Role::Licensee), None);
    assert_eq!(response.gain_in("Mars"), None);
    let text = response.to_string();
    assert!(
        text.contains("oxide in Home") && text.contains("treasuries gain"),
        "{text}"
    );
    let json = serde_json::to_string(&response).unwrap();
    assert_eq!(serde_json::from_str::<Response>(&json).unwrap(), response);
}

/// A tax on sellers at constant elasticities: of the first cent buyers bear e_s / (e_s - e_d).
#[test]
fn the_first_cent_of_a_tax_at_constant_elasticities() {
    let at = Observed {
        price: 63.0,
        quantity: 82.0,
    };
    for (e_d, e_s) in [(-0.6, 0.8), (-1.5, 0.3), (-0.2, 2.0)] {
        let market = closed(
            Demand::constant_elasticity(at, e_d).unwrap(),
            Supply::constant_elasticity(at, e_s).unwrap(),
        );
        let free = solve(&market, ProductionSubsidy::new("Home", "oxide", 0.0));
        let response = free.response("measure/measure/rate", Side::Down).unwrap();
        let node = response.node("Home", "oxide").unwrap();
        close(-node.pass_through(), e_s / (e_s - e_d));
        // nothing is lost by the first cent
        assert!(response.gain_in("Home").unwrap().abs() < 1e-6);
    }
}

/// Demand 20 - p at home, supply 2 w abroad, a tariff t: w = (20 - t) / 3 and q = 2 w. Home loses 2 q / 3 as buyers and gains
/// q - 2 t / 3 as treasury, so that the tariff that serves it best is t = q / 2: 5, where the whole of the gain at the margin
/// is gone (Johnson 1953: the inverse of the export supply's elasticity).
#[test]
fn the_tariff_that_serves_a_large_country_best() {
    let market = Market::builder("large", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Abroad",
            "oxide",
            supply(0.0, 0.5),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap();
    for tariff in [3.0, 5.0, 6.0] {
        let solved = solve(&market, Tariff::specific("Home", "oxide", tariff));
        let response = solved.response("measure/measure/rate", Side::Up).unwrap();
        let q = 2.0 * (20.0 - tariff) / 3.0;
        close(
            response.node("Home", "oxide").unwrap().pass_through(),
            2.0 / 3.0,
        );
        close(
            response.node("Abroad", "oxide").unwrap().pass_through(),
            -1.0 / 3.0,
        );
        close(response.gain_in("Abroad").unwrap(), -q / 3.0);
        let home = response.gain_in("Home").unwrap();
        assert!(
            (home - (q / 3.0 - 2.0 * tariff / 3.0)).abs() < 1e-9,
            "{home}"
        );
    }
}

/// Just at the free price a border floor moves the price one for one when it rises, and not at all when it falls.
#[test]
fn each_side_of_a_floor_that_just_binds() {
    let market = closed(demand(20.0, -1.0), supply(5.0, 0.5))
        .to_builder()
        .region("Abroad")
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap();
    let solved = solve(&market, BorderFloor::new("Home", "oxide", 6.0));
    for (side, expected) in [(Side::Up, 1.0), (Side::Down, 0.0)] {
        let response = solved.response("measure/measure/floor", side).unwrap();
        assert_eq!(response.side(), side);
        close(
            response.node("Home", "oxide").unwrap().pass_through(),
            expected,
        );
    }
}

#[test]
fn what_has_no_response() {
    let market = closed(demand(20.0, -1.0), supply(5.0, 0.5));
    let solved = solve(&market, ProductionSubsidy::new("Home", "oxide", 1.0));
    let error = solved
        .response("measure/measure/rats", Side::Up)
        .unwrap_err();
    assert!(matches!(error, SolveError::UnknownPath { .. }), "{error}");
    let response = solved.response("measure/measure/rate", Side::Up).unwrap();
    assert!(response.node("Home", "magnets").is_err());
    let text = serde_json::to_string(&solved).unwrap();
    let read: Equilibrium = serde_json::from_str(&text).unwrap();
    let error = read.response("measure/measure/rate", Side::Up).unwrap_err();
    assert!(matches!(error, SolveError::Detached { .. }));
    insta::assert_snapshot!(error, @"this equilibrium of `closed` was read back from a file or is one of several linked periods; solve the market to ask how it answers to a change");
}
