//! "Floor 12" on the textbook market P = 20 - Q, P = 5 + Q/2, worked out by hand: the free market clears at 10
//! with a quantity of 10 and a surplus of 75.

use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::curve::Line;
use pricefloor::equilibrium::Equilibrium;
use pricefloor::intervention::{
    BorderFloor, ContractFloor, Coverage, DeficiencyPayment, Measure, Purchase, Rationing,
    StatutoryMinimum, SupportBuying, UpsideShare,
};
use pricefloor::{Activity, Demand, Market, Policy, Supply};

/// Closed forms must be met to rounding.
const TOLERANCE: f64 = 1e-9;

fn textbook() -> Market {
    market(None)
}

fn market(imports_at: Option<f64>) -> Market {
    let line = |intercept, slope| Line { intercept, slope };
    let mut builder = Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ));
    if let Some(price) = imports_at {
        builder = builder
            .region("Abroad")
            .activity(Activity::producing(
                "world",
                "Abroad",
                "oxide",
                Supply::perfectly_elastic(price).unwrap(),
            ))
            .route("Abroad", "Home", "oxide", 0.0);
    }
    builder.build().unwrap()
}

fn solve(market: &Market, measure: impl Into<Measure>) -> Equilibrium {
    market
        .noted(&Policy::new().with("floor", measure).unwrap())
        .unwrap()
}

struct Expected {
    price: f64,
    sold: f64,
    consumers: f64,
    producers: f64,
    treasury: f64,
}

fn check(equilibrium: &Equilibrium, expected: &Expected) {
    let ledger = equilibrium.ledger().unwrap();
    assert_relative_eq!(
        equilibrium.price("Home", "oxide").unwrap(),
        expected.price,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        equilibrium.node("Home", "oxide").unwrap().demanded(),
        expected.sold,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        ledger.consumer_surplus(),
        expected.consumers,
        epsilon = 1e-8
    );
    assert_relative_eq!(
        ledger.producer_surplus(),
        expected.producers,
        epsilon = 1e-8
    );
    assert_relative_eq!(ledger.treasury(), expected.treasury, epsilon = 1e-8);
    let total = expected.consumers + expected.producers + expected.treasury;
    assert_relative_eq!(ledger.total(), total, epsilon = 1e-8);
    assert!(ledger.identity_error() <= 1e-9);
    assert!(ledger.clearing_error() <= 1e-9);
}

#[test]
fn free_market() {
    let free = textbook().noted(&Policy::none()).unwrap();
    check(
        &free,
        &Expected {
            price: 10.0,
            sold: 10.0,
            consumers: 50.0,
            producers: 25.0,
            treasury: 0.0,
        },
    );
}

#[test]
fn statutory_minimum_with_efficient_rationing() {
    let solved = solve(
        &textbook(),
        StatutoryMinimum::new("Home", "oxide", 12.0, Rationing::Efficient),
    );
    check(
        &solved,
        &Expected {
            price: 12.0,
            sold: 8.0,
            consumers: 32.0,
            producers: 40.0,
            treasury: 0.0,
        },
    );
}

#[test]
fn statutory_minimum_with_proportional_rationing() {
    let solved = solve(
        &textbook(),
        StatutoryMinimum::new("Home", "oxide", 12.0, Rationing::Proportional),
    );
    check(
        &solved,
        &Expected {
            price: 12.0,
            sold: 8.0,
            consumers: 32.0,
            producers: 28.0,
            treasury: 0.0,
        },
    );
    assert_relative_eq!(solved.activities()[0].offered(), 14.0, epsilon = TOLERANCE);
    assert_relative_eq!(solved.activities()[0].level(), 8.0, epsilon = TOLERANCE);
}

#[test]
fn support_buying() {
    let solved = solve(&textbook(), SupportBuying::new("Home", "oxide", 12.0));
    check(
        &solved,
        &Expected {
            price: 12.0,
            sold: 8.0,
            consumers: 32.0,
            producers: 49.0,
            treasury: -72.0,
        },
    );
    assert_relative_eq!(
        solved.figure("floor", "bought").unwrap(),
        6.0,
        epsilon = TOLERANCE
    );
}

#[test]
fn contract_on_all_output_and_deficiency_payment() {
    let expected = Expected {
        price: 6.0,
        sold: 14.0,
        consumers: 98.0,
        producers: 49.0,
        treasury: -84.0,
    };
    check(
        &solve(&textbook(), ContractFloor::new(12.0).covering("mine")),
        &expected,
    );
    check(
        &solve(&textbook(), DeficiencyPayment::new("Home", "oxide", 12.0)),
        &expected,
    );
}

#[test]
fn contract_on_the_first_eight() {
    let measure = ContractFloor::new(12.0)
        .covering("mine")
        .coverage(Coverage::First(8.0));
    let solved = solve(&textbook(), measure);
    check(
        &solved,
        &Expected {
            price: 10.0,
            sold: 10.0,
            consumers: 50.0,
            producers: 41.0,
            treasury: -16.0,
        },
    );
}

/// Coverage, strike 12: price, quantity, outlay. 80 %: P = 5 + Q/2 - 0.8 (12 - P) and P = 20 - Q give
/// Q = 86/7; the first 12 hold output at 12 where the price is 8.
#[test]
fn coverage_decides_what_moves() {
    for (coverage, price, quantity, outlay) in [
        (Coverage::Share(1.0), 6.0, 14.0, 84.0),
        (
            Coverage::Share(0.8),
            54.0 / 7.0,
            86.0 / 7.0,
            0.8 * (12.0 - 54.0 / 7.0) * 86.0 / 7.0,
        ),
        (Coverage::First(8.0), 10.0, 10.0, 16.0),
        (Coverage::First(12.0), 8.0, 12.0, 48.0),
        (Coverage::Deemed(8.0), 10.0, 10.0, 16.0),
    ] {
        let solved = solve(
            &textbook(),
            ContractFloor::new(12.0).covering("mine").coverage(coverage),
        );
        assert_relative_eq!(
            solved.price("Home", "oxide").unwrap(),
            price,
            epsilon = TOLERANCE
        );
        assert_relative_eq!(solved.level("mine").unwrap(), quantity, epsilon = TOLERANCE);
        assert_relative_eq!(
            solved.ledger().unwrap().outlay("floor"),
            outlay,
            epsilon = 1e-8
        );
    }
    // the figures as printed for 80 %
    let share = solve(
        &textbook(),
        ContractFloor::new(12.0)
            .covering("mine")
            .coverage(Coverage::Share(0.8)),
    );
    assert_relative_eq!(
        share.price("Home", "oxide").unwrap(),
        7.714286,
        epsilon = 5e-7
    );
    assert_relative_eq!(
        share.ledger().unwrap().outlay("floor"),
        42.122449,
        epsilon = 5e-7
    );
}

/// Market price: p (20 - p) sold to consumers leaves g = 2 (p - 5) - (20 - p), and p g = 36 is a quadratic in p.
#[test]
fn a_cash_budget_runs_out() {
    let at_market = solve(
        &textbook(),
        SupportBuying::new("Home", "oxide", 12.0).budget(36.0),
    );
    let price = (30.0 + (900.0_f64 + 12.0 * 36.0).sqrt()) / 6.0;
    assert_relative_eq!(
        at_market.price("Home", "oxide").unwrap(),
        price,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        at_market.figure("floor", "bought").unwrap(),
        36.0 / price,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(price, 11.082763, epsilon = 5e-7);
    assert_relative_eq!(36.0 / price, 3.248288, epsilon = 5e-7);
    let measure = SupportBuying::new("Home", "oxide", 12.0)
        .budget(36.0)
        .paying(Purchase::AtFloor);
    let at_floor = solve(&textbook(), measure);
    assert_relative_eq!(
        at_floor.price("Home", "oxide").unwrap(),
        11.0,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        at_floor.figure("floor", "bought").unwrap(),
        3.0,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        at_floor.ledger().unwrap().outlay("floor"),
        36.0,
        epsilon = 1e-8
    );
}

#[test]
fn past_the_limit_the_price_falls_below_the_floor() {
    // 20 - p + 3 = 2 (p - 5): p = 11
    let solved = solve(
        &textbook(),
        SupportBuying::new("Home", "oxide", 12.0).limit(3.0),
    );
    assert_relative_eq!(
        solved.price("Home", "oxide").unwrap(),
        11.0,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(solved.figure("floor", "attained").unwrap(), 0.0);
}

#[test]
fn border_floor_attained_and_not() {
    let open = market(Some(6.0));
    let nine = solve(&open, BorderFloor::new("Home", "oxide", 9.0));
    assert_relative_eq!(
        nine.flow("Abroad", "Home", "oxide").unwrap(),
        3.0,
        epsilon = TOLERANCE
    );
    check(
        &nine,
        &Expected {
            price: 9.0,
            sold: 11.0,
            consumers: 60.5,
            producers: 16.0,
            treasury: 9.0,
        },
    );
    assert_relative_eq!(nine.figure("floor", "attained").unwrap(), 1.0);
    let twelve = solve(&open, BorderFloor::new("Home", "oxide", 12.0));
    assert_relative_eq!(
        twelve.flow("Abroad", "Home", "oxide").unwrap(),
        0.0,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        twelve.price("Home", "oxide").unwrap(),
        10.0,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(twelve.figure("floor", "attained").unwrap(), 0.0);
    assert_relative_eq!(
        twelve.figure("floor", "levy").unwrap(),
        6.0,
        epsilon = TOLERANCE
    );
}

/// A share of 30 % above 5 leaves the mine 0.7 p + 1.5 a unit: 0.7 (20 - Q) + 1.5 = 5 + Q/2 at Q = 8.75, p = 11.25, and
/// 0.3 x 6.25 x 8.75 = 16.40625 is owed. A cap of 20 leaves that alone: using it up instead would leave 6.25^2 - 20, less
/// than 4.375^2. A cap of 3 is used up, and then the share moves nothing: Q = 10, p = 10.
#[test]
fn a_capped_upside_share_is_at_the_margin_or_used_up() {
    let capped = |cap: f64| {
        let upside = UpsideShare {
            share: 0.3,
            threshold: 5.0,
            yearly_cap: Some(cap),
        };
        solve(
            &textbook(),
            ContractFloor::new(4.0).covering("mine").with_upside(upside),
        )
    };
    let at_the_margin = capped(20.0);
    assert_relative_eq!(
        at_the_margin.price("Home", "oxide").unwrap(),
        11.25,
        epsilon = TOLERANCE
    );
    assert_relative_eq!(
        at_the_margin.ledger().unwrap().outlay("floor"),
        -16.40625,
        epsilon = 1e-8
    );
    let used_up = capped(3.0);
    check(
        &used_up,
        &Expected {
            price: 10.0,
            sold: 10.0,
            consumers: 50.0,
            producers: 22.0,
            treasury: 3.0,
        },
    );
    assert!(used_up.alternatives().is_empty());
}
