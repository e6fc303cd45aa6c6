//! The same questions put to every kind of curve.

use std::f64::consts::PI;

use pricefloor::curve::{Change, Kernel, Segment};
use serde_json::{Value, json};

use super::kinds::{Case, Curve, demands, supplies};

macro_rules! battery {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            for case in demands().unwrap() {
                super::battery::check::$name(&case);
            }
            for case in supplies().unwrap() {
                super::battery::check::$name(&case);
            }
        }
    )*};
}

battery!(
    quantity_is_monotone,
    price_undoes_quantity,
    slope_is_the_difference_quotient,
    area_is_the_quadrature,
    money_is_what_the_area_leaves,
    segments_add_up,
    file_form_comes_back,
    unknown_keys_are_rejected
);

fn close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!(
        (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs())),
        "{what}: {a} against {b}"
    );
}

/// Double-exponential quadrature between the corners: a smooth integrand to rounding, also where it
/// starts like a root, as an isoelastic supply does at price zero.
fn quadrature(f: impl Fn(f64) -> f64, change: Change, corners: &[f64]) -> f64 {
    let mut ends = vec![change.from, change.to];
    ends.extend(
        corners
            .iter()
            .filter(|p| change.from < **p && **p < change.to),
    );
    ends.sort_by(f64::total_cmp);
    let mut sum = 0.0;
    for pair in ends.windows(2) {
        let (middle, half) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
        let step = 1.0 / 32.0;
        for k in -112..=112 {
            let t = step * f64::from(k);
            let u = 0.5 * PI * t.sinh();
            let x = middle + half * u.tanh();
            if pair[0] < x && x < pair[1] {
                sum += half * step * 0.5 * PI * t.cosh() / u.cosh().powi(2) * f(x);
            }
        }
    }
    sum
}

/// What a segment buys or sells at a price, found by bisection on its published meaning alone.
fn quantity_of(segment: &Segment, sign: f64, price: f64) -> f64 {
    match segment {
        Segment::Fixed { quantity } => *quantity,
        Segment::Quantity { kernel, parameters } => kernel.value(parameters, price),
        Segment::Price {
            kernel,
            parameters,
            offset,
            capacity,
        } => {
            let wanted = |x: f64| sign * (price - kernel.value(parameters, offset + x)) > 0.0;
            if *kernel == Kernel::Constant {
                return if wanted(0.0) { *capacity } else { 0.0 };
            }
            let (mut low, mut high) = (0.0, capacity.min(1e6));
            for _ in 0..200 {
                let middle = 0.5 * (low + high);
                if wanted(middle) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            0.5 * (low + high)
        }
    }
}

mod check {
    use super::*;

    fn point<C: Curve>(case: &Case<C>, price: f64) -> f64 {
        let quantity = case.curve.quantity(price).unwrap();
        assert!(quantity.is_point(), "{} at {price}: {quantity}", case.name);
        quantity.low()
    }

    fn ends<C: Curve>(case: &Case<C>) -> Change {
        let prices = &case.prices;
        Change {
            from: prices[0],
            to: prices[prices.len() - 1],
        }
    }

    pub fn quantity_is_monotone<C: Curve>(case: &Case<C>) {
        let Change { from, to } = ends(case);
        let grid: Vec<f64> = (0..=1000)
            .map(|k| from + (to - from) * f64::from(k) / 1000.0)
            .chain(case.corners.iter().copied())
            .collect();
        let mut grid = grid;
        grid.sort_by(f64::total_cmp);
        let mut last: Option<pricefloor::curve::Interval> = None;
        for price in grid {
            let now = case.curve.quantity(price).unwrap();
            assert!(now.low() >= 0.0 && now.low() <= now.high());
            if let Some(last) = last {
                let (before, after) = if C::SIGN > 0.0 {
                    (last, now)
                } else {
                    (now, last)
                };
                // Equal up to the rounding of a sum.
                let room = 1e-13 * (1.0 + before.high().min(1e9));
                assert!(
                    before.high() <= after.low() + room || before == after,
                    "{} near {price}: {before} then {after}",
                    case.name
                );
            }
            last = Some(now);
        }
    }

    pub fn price_undoes_quantity<C: Curve>(case: &Case<C>) {
        for &price in &case.prices {
            let quantity = point(case, price);
            let what = format!("{} at {price}", case.name);
            let prices = match case.curve.price(quantity) {
                Ok(prices) => prices,
                // A formula that never comes to zero has no price for it, nor has a fixed quantity.
                Err(error) => panic!("{what}: {error}"),
            };
            let room = 4e-14 * price.abs();
            assert!(
                prices.low() - room <= price && price <= prices.high() + room,
                "{what}: {prices} for {quantity}"
            );
            if case.curve.slope(price).unwrap() != 0.0 {
                assert!(prices.is_point(), "{what}: {prices} for {quantity}");
            }
            if prices.is_point() {
                let back = case.curve.quantity(prices.low()).unwrap();
                let room = 4e-14 * quantity;
                assert!(
                    back.low() - room <= quantity && quantity <= back.high() + room,
                    "{what}: {back} for {quantity}"
                );
            }
        }
        // In the middle of each step the price is the step's.
        for &corner in &case.corners {
            let range = case.curve.quantity(corner).unwrap();
            if range.high() - range.low() > 1e-9 && range.high().is_finite() {
                let middle = 0.5 * (range.low() + range.high());
                let price = case.curve.price(middle).unwrap();
                assert!(price.is_point());
                assert_eq!(price.low(), corner, "{} at {middle}", case.name);
            }
        }
    }

    pub fn slope_is_the_difference_quotient<C: Curve>(case: &Case<C>) {
        let h = 1e-4;
        for &price in &case.prices {
            let slope = case.curve.slope(price).unwrap();
            let (up, down) = (point(case, price + h), point(case, price - h));
            close(slope, (up - down) / (2.0 * h), 2e-8, case.name);
            assert!(slope * C::SIGN >= 0.0);
            let quantity = point(case, price);
            if quantity > 0.0 {
                let elasticity = case.curve.elasticity(price).unwrap();
                close(elasticity, slope * price / quantity, 1e-14, case.name);
            } else {
                assert!(case.curve.elasticity(price).is_err());
            }
        }
    }

    pub fn area_is_the_quadrature<C: Curve>(case: &Case<C>) {
        for pair in case.prices.windows(2).chain([&case.prices[..]]) {
            let change = Change {
                from: pair[0],
                to: pair[pair.len() - 1],
            };
            let area = case.curve.area(change).unwrap();
            let numeric = quadrature(|price| point(case, price), change, &case.corners);
            close(area, numeric, 1e-11, case.name);
            let back = Change {
                from: change.to,
                to: change.from,
            };
            assert_eq!(case.curve.area(back).unwrap(), -area);
        }
    }

    pub fn money_is_what_the_area_leaves<C: Curve>(case: &Case<C>) {
        // Integration by parts: the integral of P dQ is [P Q] less the integral of Q dP, the latter
        // by quadrature.
        for pair in case.prices.windows(2).chain([&case.prices[..]]) {
            let change = Change {
                from: pair[0],
                to: pair[pair.len() - 1],
            };
            let quantity = Change {
                from: point(case, change.from),
                to: point(case, change.to),
            };
            let money = case.curve.money(quantity).unwrap();
            let area = quadrature(|price| point(case, price), change, &case.corners);
            let left = quantity.to * change.to - quantity.from * change.from - area;
            close(money, left, 1e-11, case.name);
        }
    }

    pub fn segments_add_up<C: Curve>(case: &Case<C>) {
        let pieces = case.curve.segments();
        for &price in &case.prices {
            let sum: f64 = pieces
                .iter()
                .map(|piece| quantity_of(&piece.segment, C::SIGN, price))
                .sum();
            close(sum, point(case, price), 1e-12, case.name);
        }
        let names = case.curve.parameters();
        let mut distinct: Vec<&String> = names.iter().map(|(name, _)| name).collect();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), names.len(), "{}: {names:?}", case.name);
        let listed: usize = pieces
            .iter()
            .map(|piece| piece.segment.parameters().len())
            .sum();
        assert_eq!(listed, names.len());
    }

    pub fn file_form_comes_back<C: Curve>(case: &Case<C>) {
        let text = serde_json::to_string(&case.curve).unwrap();
        let back: C = serde_json::from_str(&text).unwrap();
        assert_eq!(back, case.curve, "{text}");
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }

    pub fn unknown_keys_are_rejected<C: Curve>(case: &Case<C>) {
        let form = serde_json::to_value(&case.curve).unwrap();
        for wrong in with_one_key_more(&form) {
            let read: Result<C, _> = serde_json::from_value(wrong.clone());
            assert!(read.is_err(), "{}: {wrong}", case.name);
        }
    }

    /// Copies of the form, each with a key that does not belong in one of its objects.
    fn with_one_key_more(form: &Value) -> Vec<Value> {
        let mut wrong = Vec::new();
        match form {
            Value::Object(fields) => {
                let mut more = fields.clone();
                more.insert("colour".to_owned(), json!(1));
                wrong.push(Value::Object(more));
                for (key, field) in fields {
                    for changed in with_one_key_more(field) {
                        let mut copy = fields.clone();
                        copy.insert(key.clone(), changed);
                        wrong.push(Value::Object(copy));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    for changed in with_one_key_more(item) {
                        let mut copy = items.clone();
                        copy[index] = changed;
                        wrong.push(Value::Array(copy));
                    }
                }
            }
            _ => {}
        }
        wrong
    }
}
