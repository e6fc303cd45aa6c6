use super::super::bundle::Bundle;
use super::super::terms::Terms;
use super::super::{Change, CurveError, Demand, Observed, Segment, Side, Supply};

/// Curves as they are written in files, with prices that no step or corner is at.
const CURVES: [(Side, &str); 16] = [
    (
        Side::Demand,
        r#"{"linear": {"intercept": 20, "slope": -1}}"#,
    ),
    (
        Side::Demand,
        r#"{"constant_elasticity": {"price": 8, "quantity": 12, "elasticity": -0.4}}"#,
    ),
    (
        Side::Demand,
        r#"{"exponential": {"price": 8, "quantity": 12, "elasticity": -0.4}}"#,
    ),
    (
        Side::Demand,
        r#"{"steps": [{"price": 15, "quantity": 3}, {"price": 9, "quantity": 4}]}"#,
    ),
    (
        Side::Demand,
        r#"{"tabulated": [{"price": 15, "quantity": 3}, {"price": 3, "quantity": 14}]}"#,
    ),
    (Side::Demand, r#"{"fixed": {"quantity": 3}}"#),
    (
        Side::Demand,
        r#"{"shifted": {"of": {"linear": {"intercept": 20, "slope": -1}}, "quantity": 3}}"#,
    ),
    (
        Side::Demand,
        r#"{"choked": {"of": {"constant_elasticity": {"price": 8, "quantity": 12, "elasticity": -0.4}}, "price": 11}}"#,
    ),
    (
        Side::Demand,
        r#"{"sum": [
        {"shifted": {"of": {"constant_elasticity": {"price": 8, "quantity": 12, "elasticity": -0.9}}, "quantity": -3}},
        {"steps": [{"price": 15, "quantity": 3}, {"price": 9, "quantity": 4}]},
        {"shifted": {"of": {"linear": {"intercept": 20, "slope": -1}}, "quantity": 3}}]}"#,
    ),
    (
        Side::Supply,
        r#"{"linear": {"intercept": 1, "slope": 0.5}}"#,
    ),
    (
        Side::Supply,
        r#"{"linear": {"intercept": -4, "slope": 0.5}}"#,
    ),
    (
        Side::Supply,
        r#"{"constant_elasticity": {"price": 8, "quantity": 12, "elasticity": 0.4}}"#,
    ),
    (
        Side::Supply,
        r#"{"exponential": {"price": 8, "quantity": 12, "elasticity": 0.4}}"#,
    ),
    (
        Side::Supply,
        r#"{"steps": [{"price": 9, "quantity": 3}, {"price": 5, "quantity": 4}]}"#,
    ),
    (
        Side::Supply,
        r#"{"tabulated": [{"price": 3, "quantity": 3}, {"price": 15, "quantity": 14}]}"#,
    ),
    (
        Side::Supply,
        r#"{"capped": {"quantity": 30, "of": {"sum": [
        {"constant_elasticity": {"price": 8, "quantity": 12, "elasticity": 0.4}},
        {"steps": [{"price": 9, "quantity": 3}, {"price": 5, "quantity": 4}]},
        {"linear": {"intercept": 1, "slope": 0.5}}]}}}"#,
    ),
];

const PRICES: [f64; 3] = [4.0, 7.0, 12.0];

fn curves() -> Vec<(Bundle, &'static str)> {
    CURVES
        .iter()
        .map(|(side, text)| {
            let terms: Terms = serde_json::from_str(text).unwrap();
            (terms.build(*side).unwrap(), *text)
        })
        .collect()
}

/// The same pieces with one parameter moved.
fn moved(bundle: &Bundle, index: usize, by: f64) -> Bundle {
    let mut moved = bundle.clone();
    let mut at = 0;
    for piece in moved.chains.iter_mut().flatten() {
        match &mut piece.segment {
            Segment::Fixed { quantity } => {
                if at == index {
                    *quantity += by;
                }
                at += 1;
            }
            Segment::Quantity { parameters, .. } | Segment::Price { parameters, .. } => {
                for parameter in parameters {
                    if at == index {
                        *parameter += by;
                    }
                    at += 1;
                }
            }
        }
    }
    moved
}

/// Each derivative against the central difference of the answer itself.
fn against_differences(
    bundle: &Bundle,
    what: &str,
    answer: impl Fn(&Bundle) -> Result<f64, CurveError>,
    partials: Result<Vec<f64>, CurveError>,
) {
    let parameters = bundle.parameters();
    let partials = partials.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(partials.len(), parameters.len());
    for (index, (partial, (name, value))) in partials.iter().zip(&parameters).enumerate() {
        let h = 1e-5 * value.abs().max(1e-2);
        let up = answer(&moved(bundle, index, h)).unwrap();
        let down = answer(&moved(bundle, index, -h)).unwrap();
        let quotient = (up - down) / (2.0 * h);
        // Central differences: h^2 of truncation, and the rounding of the answers over h.
        let room = 1e-7 * (1.0 + quotient.abs()) + 1e-14 * up.abs() / h;
        assert!(
            (partial - quotient).abs() < room,
            "{what} in {name}: {partial} against {quotient}"
        );
    }
}

#[test]
fn quantity_partials_are_difference_quotients() {
    for (bundle, text) in curves() {
        for price in PRICES {
            against_differences(
                &bundle,
                &format!("quantity at {price} of {text}"),
                |bundle| bundle.quantity(price).map(|quantity| quantity.low()),
                bundle.quantity_partials(price),
            );
        }
    }
}

#[test]
fn price_partials_are_difference_quotients() {
    let mut tried = 0;
    for (bundle, text) in curves() {
        for quantity in [1.3, 5.2, 6.4, 11.7, 21.9, 27.1] {
            // Past the ends of a curve, and between steps, there is no one price.
            let Ok(prices) = bundle.prices(quantity) else {
                continue;
            };
            if !prices.is_point() {
                continue;
            }
            tried += 1;
            against_differences(
                &bundle,
                &format!("price at {quantity} of {text}"),
                |bundle| bundle.prices(quantity).map(|price| price.low()),
                bundle.price_partials(quantity),
            );
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn area_partials_are_difference_quotients() {
    for (bundle, text) in curves() {
        for (from, to) in [(4.0, 7.0), (7.0, 12.0), (12.0, 4.0)] {
            let change = Change { from, to };
            against_differences(
                &bundle,
                &format!("area from {from} to {to} of {text}"),
                |bundle| bundle.area(change),
                bundle.area_partials(change),
            );
        }
    }
}

#[test]
fn money_partials_are_difference_quotients() {
    for (bundle, text) in curves() {
        let [first, middle, last] = PRICES.map(|price| bundle.raw_quantity(price).low());
        for (from, to) in [(first, middle), (middle, last), (last, first)] {
            let change = Change { from, to };
            match bundle.money_partials(change) {
                Ok(partials) => against_differences(
                    &bundle,
                    &format!("money from {from} to {to} of {text}"),
                    |bundle| bundle.money(change),
                    Ok(partials),
                ),
                // A fixed quantity beside a gap has no one price for a unit more.
                Err(CurveError::Corner { .. }) => assert!(bundle.fixed() > 0.0, "{text}"),
                Err(error) => panic!("{text}: {error}"),
            }
        }
    }
}

#[test]
fn cuts_may_be_held() {
    // The derivative of the whole curve, its cut moving with the parameter, is that of the pieces.
    let near = |partial: f64, quotient: f64| {
        assert!(
            (partial - quotient).abs() < 1e-7 * (1.0 + quotient.abs()),
            "{partial} {quotient}"
        );
    };
    let h = 1e-5;
    let at = Observed {
        price: 8.0,
        quantity: 12.0,
    };
    let change = Change {
        from: 20.0,
        to: 4.0,
    };
    let choked = |elasticity: f64, choke: f64| {
        let demand = Demand::constant_elasticity(at, elasticity).unwrap();
        demand.with_choke(choke).unwrap()
    };
    let demand = choked(-0.4, 11.0);
    let names: Vec<String> = demand
        .parameters()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["choke/price", "price", "quantity", "elasticity"]);
    let partials = demand.surplus_change_partials(change).unwrap();
    let gain =
        |elasticity: f64, choke: f64| choked(elasticity, choke).surplus_change(change).unwrap();
    near(
        partials[0],
        (gain(-0.4, 11.0 + h) - gain(-0.4, 11.0 - h)) / (2.0 * h),
    );
    near(
        partials[3],
        (gain(-0.4 + h, 11.0) - gain(-0.4 - h, 11.0)) / (2.0 * h),
    );

    // A capacity shared between the parts of a sum.
    let shared = |elasticity: f64| {
        let parts = Supply::constant_elasticity(at, elasticity).unwrap()
            + Supply::constant_elasticity(at, 0.9).unwrap();
        parts.with_capacity(28.0).unwrap()
    };
    let supply = shared(0.4);
    let change = Change {
        from: 5.0,
        to: 40.0,
    };
    let partials = supply.surplus_change_partials(change).unwrap();
    let gain = |elasticity: f64| shared(elasticity).surplus_change(change).unwrap();
    near(partials[2], (gain(0.4 + h) - gain(0.4 - h)) / (2.0 * h));
    let partials = supply.quantity_partials(40.0).unwrap();
    assert!(partials.iter().all(|partial| *partial == 0.0));
}
