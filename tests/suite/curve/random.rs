//! Properties of random curves and sums of them.

use pricefloor::curve::{
    Change, CurveError, Demand, Interval, Line, Observed, Segment, Step, Supply,
};
use proptest::prelude::*;

use super::kinds::Curve;

/// A random simple curve with prices around 10 and quantities around 10.
fn kind() -> impl Strategy<Value = (u8, f64, f64, f64, f64)> {
    (0u8..6, 2.0..30.0, 1.0..40.0, 0.05..3.0, 0.1..20.0)
}

fn demand((kind, price, quantity, elasticity, more): (u8, f64, f64, f64, f64)) -> Demand {
    let at = Observed { price, quantity };
    match kind {
        0 => Demand::linear_through(at, -elasticity),
        1 => Demand::constant_elasticity(at, -elasticity),
        2 => Demand::exponential(at, -elasticity),
        3 => Demand::fixed(quantity),
        4 => Demand::steps(steps(price, quantity, more)),
        _ => Demand::tabulated(vec![
            at,
            Observed {
                price: price + more,
                quantity: 0.3 * quantity,
            },
            Observed {
                price: 0.5 * price,
                quantity: quantity + more,
            },
        ]),
    }
    .unwrap()
}

fn supply((kind, price, quantity, elasticity, more): (u8, f64, f64, f64, f64)) -> Supply {
    let at = Observed { price, quantity };
    match kind {
        0 => Supply::linear(Line {
            intercept: price - 3.0 * elasticity * more,
            slope: elasticity,
        }),
        1 => Supply::constant_elasticity(at, elasticity),
        2 => Supply::exponential(at, elasticity),
        3 => Supply::fixed(quantity),
        4 => Supply::steps(steps(price, quantity, more)),
        _ => Supply::tabulated(vec![
            at,
            Observed {
                price: price + more,
                quantity: quantity + more,
            },
            Observed {
                price: 0.5 * price,
                quantity: 0.3 * quantity,
            },
        ]),
    }
    .unwrap()
}

fn steps(price: f64, quantity: f64, more: f64) -> Vec<Step> {
    [(price, quantity), (price + more, 2.0), (0.5 * price, more)]
        .map(|(price, quantity)| Step {
            price,
            quantity,
            name: None,
        })
        .to_vec()
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    a == b || (a - b).abs() <= relative * (1e-3 + a.abs().max(b.abs()))
}

fn scaling<C: Curve>(curve: C, factor: f64, price: f64) {
    let scaled = curve.clone().scaled(factor).unwrap();
    let (one, all) = (
        curve.quantity(price).unwrap(),
        scaled.quantity(price).unwrap(),
    );
    assert!(close(all.low(), factor * one.low(), 1e-12));
    assert!(close(all.high(), factor * one.high(), 1e-12));
    if let (Ok(a), Ok(b)) = (curve.slope(price), scaled.slope(price)) {
        assert!(close(b, factor * a, 1e-11));
    }
}

fn fixed(segment: &Segment) -> f64 {
    match segment {
        Segment::Fixed { quantity } => *quantity,
        _ => 0.0,
    }
}

/// The laws of a horizontal sum of any number of curves.
fn sums<C: Curve>(parts: Vec<C>, price: f64, share: f64) {
    let whole = parts.iter().cloned().reduce(C::plus).unwrap();
    let at = |curve: &C, price: f64| curve.quantity(price).unwrap();
    let quantity = at(&whole, price);
    let low: f64 = parts.iter().map(|part| at(part, price).low()).sum();
    let high: f64 = parts.iter().map(|part| at(part, price).high()).sum();
    assert!(close(quantity.low(), low, 1e-13) && close(quantity.high(), high, 1e-13));

    // The price found has the quantity, to 4e-14, and is the price itself to 1e-13 where the quantity
    // says so much about it: there a quantity known to 1e-14 fixes the price to as little.
    // A formula that never comes to zero may be lost in the rounding beside a fixed quantity.
    let fixed: f64 = whole
        .segments()
        .iter()
        .map(|piece| fixed(&piece.segment))
        .sum();
    if quantity.low() > fixed * (1.0 + 1e-13) {
        let prices = whole.price(quantity.low()).unwrap();
        assert!(prices.low() <= prices.high());
        for end in [prices.low(), prices.high()] {
            if end.is_finite() {
                let back = at(&whole, end);
                let room = 4e-14 * quantity.low();
                assert!(
                    back.low() - room <= quantity.low() && quantity.low() <= back.high() + room,
                    "{back} at {end} for {quantity}"
                );
            }
        }
        if whole
            .elasticity(price)
            .is_ok_and(|elasticity| elasticity.abs() > 0.5)
        {
            let room = 1e-13 * price;
            assert!(
                prices.low() - room <= price && price <= prices.high() + room,
                "{price} not in {prices}"
            );
        }
    }

    // Limited: min(limit, quantity) at every price. Less: max(0, quantity - less).
    let cut = share * quantity.low();
    if cut > 1e-6 {
        let limited = whole.clone().with_capacity(cut).unwrap();
        let less = whole.clone().shifted(-cut).ok();
        for k in 1..60 {
            let other = 0.7 * f64::from(k);
            let all = at(&whole, other);
            let some = at(&limited, other);
            assert!(
                close(some.low(), all.low().min(cut), 1e-11),
                "{some} of {all}, {cut}"
            );
            assert!(
                close(some.high(), all.high().min(cut), 1e-11),
                "{some} of {all}, {cut}"
            );
            if let Some(less) = &less {
                let rest = at(less, other);
                let room = 1e-11 * (1.0 + all.high());
                let (low, high) = ((all.low() - cut).max(0.0), (all.high() - cut).max(0.0));
                assert!(
                    (rest.low() - low).abs() <= room,
                    "{rest} of {all} less {cut}"
                );
                assert!(
                    (rest.high() - high).abs() <= room,
                    "{rest} of {all} less {cut}"
                );
            }
        }
    }
}

/// Asks a curve everything and fails on an answer that is not a number.
fn answers_are_numbers<C: Curve>(curve: &C, number: f64, other: f64) {
    let finite = |answer: Result<f64, CurveError>, what: &str| {
        if let Ok(answer) = answer {
            assert!(
                answer.is_finite(),
                "{what} of {curve:?} at {number}, {other}: {answer}"
            );
        }
    };
    let range = |answer: Result<Interval, CurveError>, what: &str| {
        if let Ok(answer) = answer {
            let what = format!("{what} of {curve:?} at {number}: {answer}");
            assert!(answer.low() <= answer.high(), "{what}");
            assert!(
                answer.low() < f64::INFINITY && answer.high() > f64::NEG_INFINITY,
                "{what}"
            );
        }
    };
    let change = Change {
        from: number,
        to: other,
    };
    range(curve.quantity(number), "quantity");
    range(curve.price(number), "price");
    finite(curve.slope(number), "slope");
    finite(curve.elasticity(number), "elasticity");
    finite(curve.area(change), "area");
    finite(curve.money(change), "money");
    let partials = [
        curve.quantity_partials(number),
        curve.price_partials(number),
        curve.area_partials(change),
        curve.money_partials(change),
    ];
    for partials in partials.into_iter().flatten() {
        assert_eq!(partials.len(), curve.parameters().len());
        for partial in partials {
            finite(Ok(partial), "a derivative");
        }
    }
}

/// Numbers of any size and sign, and those at which formulas break.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-320.0..308.0).prop_map(|power: f64| 10f64.powf(power)),
        (-320.0..308.0).prop_map(|power: f64| -(10f64.powf(power))),
        -30.0..30.0,
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            f64::MIN_POSITIVE,
            f64::MAX,
            f64::NAN,
            f64::INFINITY
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_give_a_number_or_an_error(
        kind in 0u8..6,
        made in prop::array::uniform6(any_number()),
        asked in prop::array::uniform2(any_number()),
    ) {
        let [price, quantity, elasticity, more, cut, choke] = made;
        let at = Observed { price, quantity };
        let points = || vec![at, Observed { price: more, quantity: elasticity }];
        let blocks = || steps(price, quantity, more);
        let line = Line { intercept: price, slope: quantity };
        let demand = match kind {
            0 => Demand::linear(line),
            1 => Demand::constant_elasticity(at, elasticity),
            2 => Demand::exponential(at, elasticity),
            3 => Demand::linear_through(at, elasticity),
            4 => Demand::steps(blocks()),
            _ => Demand::tabulated(points()),
        };
        let [number, other] = asked;
        let put = |demand: &Demand| {
            answers_are_numbers(demand, number, other);
            if let Ok(surplus) = demand.surplus(number) {
                assert!(surplus.is_finite());
            }
        };
        if let Ok(demand) = demand {
            put(&demand);
            let curves = [
                demand.clone().shifted(cut),
                demand.clone().with_capacity(cut),
                demand.clone().with_choke(choke),
                demand.clone().scaled(more),
                (demand.clone() + demand).with_capacity(cut),
            ];
            curves.iter().flatten().for_each(put);
        }
        let supply = match kind {
            0 => Supply::linear(line),
            1 => Supply::constant_elasticity(at, elasticity),
            2 => Supply::exponential(at, elasticity),
            3 => Supply::linear_through(at, elasticity),
            4 => Supply::steps(blocks()),
            _ => Supply::tabulated(points()),
        };
        if let Ok(supply) = supply {
            answers_are_numbers(&supply, number, other);
            let curves = [
                supply.clone().shifted(cut),
                supply.clone().with_capacity(cut),
                supply.clone().scaled(more),
                (supply.clone() + supply).shifted(cut),
            ];
            for curve in curves.iter().flatten() {
                answers_are_numbers(curve, number, other);
            }
        }
    }

    #[test]
    fn scaled_quantities(made in kind(), factor in 0.01..50.0, price in 0.5..40.0) {
        scaling(demand(made), factor, price);
        scaling(supply(made), factor, price);
    }

    #[test]
    fn sums_of_demands(
        made in prop::collection::vec(kind(), 1..5),
        price in 0.5..40.0,
        share in 0.05..0.95,
    ) {
        sums(made.into_iter().map(demand).collect(), price, share);
    }

    #[test]
    fn sums_of_supplies(
        made in prop::collection::vec(kind(), 1..5),
        price in 0.5..40.0,
        share in 0.05..0.95,
    ) {
        sums(made.into_iter().map(supply).collect(), price, share);
    }
}
