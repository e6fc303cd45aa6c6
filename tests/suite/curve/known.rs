//! Cases with known answers, read from `tests/cases/known`.

use crate::cases::known;
use crate::parity::NotedCurve;
use pricefloor::curve::{Change, CurveError, Demand, Interval, Line, Observed, Supply};
use serde_json::Value;

fn number(case: &Value, path: &str) -> f64 {
    case.pointer(path)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no number at {path}"))
}

fn assert_close(value: f64, expected: f64, relative: f64) {
    assert!(
        (value - expected).abs() <= relative * expected.abs(),
        "{value} against {expected}"
    );
}

/// `Q = intercept - slope P`.
fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line {
        intercept: intercept / slope,
        slope: -1.0 / slope,
    })
    .unwrap()
}

/// `Q = intercept + slope P`.
fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line {
        intercept: -intercept / slope,
        slope: 1.0 / slope,
    })
    .unwrap()
}

#[test]
fn tx_wheat_pindyck() {
    let case = known("tx_wheat_pindyck");
    let answer = |path: &str| number(&case, &format!("/answer/{path}"));
    let relative = number(&case, "/tolerance/rel");
    let (buyers, growers) = (demand(3550.0, 266.0), supply(1800.0, 240.0));
    let free = answer("free/price");
    for quantity in [buyers.noted_quantity(free), growers.noted_quantity(free)] {
        assert_close(quantity.unwrap().low(), answer("free/quantity"), relative);
    }
    let bought = buyers.noted_quantity(3.7).unwrap().low();
    let grown = growers.noted_quantity(3.7).unwrap().low();
    assert_close(bought, answer("support_3.70/quantity_demanded"), relative);
    assert_close(grown, answer("support_3.70/quantity_supplied"), relative);
    let change = Change {
        from: free,
        to: 3.7,
    };
    let consumers = buyers.noted_surplus_change(change).unwrap();
    let producers = growers.noted_surplus_change(change).unwrap();
    assert_close(
        consumers,
        answer("support_3.70/delta_consumer_surplus"),
        relative,
    );
    assert_close(
        producers,
        answer("support_3.70/delta_producer_surplus"),
        relative,
    );
    let treasury = -3.7 * (grown - bought);
    assert_close(
        -(consumers + producers + treasury),
        answer("support_3.70/net_social_cost"),
        relative,
    );
    // The same cost from quantities alone: benefit lost, and the cost of growing what nobody eats.
    let free_quantity = answer("free/quantity");
    let benefit = buyers
        .gross_benefit(Change {
            from: free_quantity,
            to: bought,
        })
        .unwrap();
    let cost = growers
        .cost_change(Change {
            from: free_quantity,
            to: grown,
        })
        .unwrap();
    assert_close(
        cost - benefit,
        answer("support_3.70/net_social_cost"),
        relative,
    );

    let buyers = demand(2580.0, 194.0);
    let quota = "support_3.20_with_quota_2425_1985";
    assert_close(
        buyers.noted_quantity(3.2).unwrap().low(),
        answer(&format!("{quota}/quantity_demanded")),
        relative,
    );
    assert_close(
        growers.noted_quantity(3.2).unwrap().low(),
        answer(&format!("{quota}/supply_without_quota_at_3.20")),
        relative,
    );
    let limited = growers.with_capacity(2425.0).unwrap();
    assert_eq!(limited.noted_quantity(3.2).unwrap().low(), 2425.0);
    assert_close(
        limited.noted_price(2425.0).unwrap().low(),
        answer(&format!("{quota}/marginal_cost_at_quota")),
        relative,
    );
}

#[test]
fn jp_beef_hides() {
    let case = known("jp_beef_hides");
    let answer = |path: &str| number(&case, &format!("/answer/{path}"));
    let relative = number(&case, "/tolerance/rel");
    let line = |intercept, slope| Line { intercept, slope };
    let animals = Supply::linear(line(20.0, 0.5)).unwrap();
    let beef = Demand::linear(line(30.0, -0.1)).unwrap();
    let glut = Demand::linear(line(40.0, -2.0)).unwrap();
    let hides = Demand::linear(line(100.0, -1.0)).unwrap();

    let price = |curve: &Demand, path: &str| curve.noted_price(answer(path)).unwrap().low();
    assert_close(
        price(&beef, "glut/beef_quantity"),
        answer("glut/beef_price"),
        relative,
    );
    assert_close(
        glut.noted_quantity(0.0).unwrap().low(),
        answer("glut/hides_used"),
        relative,
    );
    // An animal costs what its beef and its hide bring.
    for (path, hide_price) in [
        ("glut", 0.0),
        (
            "both_prices_positive",
            answer("both_prices_positive/hide_price"),
        ),
        ("support_price_on_hides_50", 50.0),
    ] {
        let cost = animals
            .noted_price(answer(&format!("{path}/animals")))
            .unwrap();
        let value = 4.0 * answer(&format!("{path}/beef_price")) + hide_price;
        assert_close(cost.low(), value, relative);
    }
    assert_close(
        price(&hides, "both_prices_positive/hides_used"),
        answer("both_prices_positive/hide_price"),
        relative,
    );
    assert_close(
        hides.noted_quantity(50.0).unwrap().low(),
        answer("support_price_on_hides_50/hides_private"),
        relative,
    );
    let floor = "mandated_beef_floor";
    assert_close(
        beef.noted_quantity(7.0).unwrap().low(),
        answer(&format!("{floor}/beef_sold")),
        relative,
    );
    assert_close(
        animals.noted_price(57.5).unwrap().low(),
        answer(&format!("{floor}/marginal_cost")),
        relative,
    );
}

#[test]
fn neg_isoelastic_zero_quantity() {
    let case = known("neg_isoelastic_zero_quantity");
    assert_eq!(case["answer"]["outcome"], "error");
    let at = Observed {
        price: 1.0,
        quantity: 100.0,
    };
    let demand = Demand::constant_elasticity(at, -0.5).unwrap();
    let errors = [
        (
            demand.noted_price(0.0).unwrap_err().to_string(),
            "quantity 0",
        ),
        (
            demand.noted_quantity(0.0).unwrap_err().to_string(),
            "price 0",
        ),
        (
            demand.surplus(4.0).unwrap_err().to_string(),
            "elasticity -1",
        ),
        (
            demand
                .gross_benefit(Change { from: 0.0, to: 5.0 })
                .unwrap_err()
                .to_string(),
            "elasticity -1",
        ),
    ];
    for (message, place) in errors {
        assert!(message.contains(place), "{message}");
        assert!(message.contains("isoelastic"), "{message}");
    }
    assert!(matches!(
        demand.noted_price(-1.0),
        Err(CurveError::Negative { value: -1.0, .. })
    ));
    // The positive control: from 4 to 9 buyers lose 200 (3 - 2).
    let gain = demand
        .noted_surplus_change(Change { from: 4.0, to: 9.0 })
        .unwrap();
    assert_close(gain, -200.0, 1e-14);
}

#[test]
fn neg_both_vertical() {
    let case = known("neg_both_vertical");
    let fixed = |text: &Value| -> f64 {
        let text = text.as_str().unwrap().strip_prefix("fixed ").unwrap();
        text.parse().unwrap()
    };
    let standing: Vec<Result<Interval, CurveError>> = case["problem"]["variants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variant| {
            let wanted = fixed(&variant["demand"]);
            let demand = Demand::fixed(wanted).unwrap();
            let supply = Supply::fixed(fixed(&variant["supply"])).unwrap();
            let asked = demand.noted_price(wanted).unwrap();
            Ok(supply.noted_price(wanted)?.intersection(&asked).unwrap())
        })
        .collect();
    // More offered than wanted: the last unit sold costs nothing, and the price is zero.
    let excess = standing[0].as_ref().unwrap();
    assert!(excess.is_point() && excess.low() == 0.0);
    assert_eq!(
        standing[1].as_ref().unwrap_err().to_string(),
        "supply curve: quantity 12 is beyond the largest quantity, 10"
    );
    // As much offered as wanted: any price from zero up.
    let any = standing[2].as_ref().unwrap();
    assert_eq!((any.low(), any.high()), (0.0, f64::INFINITY));
}

#[test]
fn neg_curves_do_not_cross() {
    let case = known("neg_curves_do_not_cross");
    let (demand, supply) = (demand(10.0, 1.0), supply(-12.0, 1.0));
    let asked = demand.noted_price(0.0).unwrap();
    let prices = supply
        .noted_price(0.0)
        .unwrap()
        .intersection(&asked)
        .unwrap();
    assert_eq!(prices.low(), number(&case, "/answer/price_interval/0"));
    assert_eq!(prices.high(), number(&case, "/answer/price_interval/1"));
    assert_eq!(demand.noted_quantity(11.0).unwrap().high(), 0.0);
    assert_eq!(supply.noted_quantity(11.0).unwrap().high(), 0.0);
}

#[test]
fn neg_extreme_scales() {
    let case = known("neg_extreme_scales");
    let relative = number(&case, "/answer/rel_tolerance");
    let at = Observed {
        price: 1.0,
        quantity: 1e12,
    };
    let curves = [
        (
            Demand::constant_elasticity(at, -0.01).unwrap(),
            Supply::constant_elasticity(at, 0.01).unwrap(),
        ),
        (demand(1e-9, 1e-12), supply(0.0, 1e-12)),
        (demand(1e15, 1e13), supply(0.0, 1e13)),
    ];
    for (index, (demand, supply)) in curves.into_iter().enumerate() {
        let price = number(&case, &format!("/answer/expected_prices/{index}"));
        let bought = demand.noted_quantity(price).unwrap().low();
        assert_close(
            supply.noted_quantity(price).unwrap().low(),
            bought,
            relative,
        );
        assert_close(demand.noted_price(bought).unwrap().low(), price, relative);
        assert_close(supply.noted_price(bought).unwrap().low(), price, relative);
        // The same price when the market is two equal halves, found by the search for sums.
        let (demand, supply) = (demand.clone() + demand, supply.clone() + supply);
        assert_close(
            demand.noted_price(2.0 * bought).unwrap().low(),
            price,
            relative,
        );
        assert_close(
            supply.noted_price(2.0 * bought).unwrap().low(),
            price,
            relative,
        );
    }
}
