//! How each kind of curve is handed to an equilibrium system.

use pricefloor::curve::{Change, Demand, Kernel, Line, Observed, Piece, Segment, Step, Supply};

use super::kinds::{observed, step};

const AT: Observed = Observed {
    price: 8.0,
    quantity: 12.0,
};

fn priced(path: &str, kernel: Kernel, parameters: &[f64], offset: f64, capacity: f64) -> Piece {
    Piece {
        path: path.to_owned(),
        segment: Segment::Price {
            kernel,
            parameters: parameters.to_vec(),
            offset,
            capacity,
        },
    }
}

fn fixed(path: &str, quantity: f64) -> Piece {
    Piece {
        path: path.to_owned(),
        segment: Segment::Fixed { quantity },
    }
}

const ALL: f64 = f64::INFINITY;

#[test]
fn simple_demand() {
    let line = Line {
        intercept: 20.0,
        slope: -1.0,
    };
    let linear = Demand::linear(line).unwrap();
    assert_eq!(
        linear.segments(),
        [priced("", Kernel::Linear, &[20.0, -1.0], 0.0, ALL)]
    );
    // Doubled at every price: half the slope.
    assert_eq!(
        linear.scaled(2.0).unwrap().segments(),
        [priced("", Kernel::Linear, &[20.0, -0.5], 0.0, ALL)]
    );
    let isoelastic = Demand::constant_elasticity(AT, -0.4).unwrap();
    assert_eq!(
        isoelastic.scaled(2.0).unwrap().segments(),
        [Piece {
            path: String::new(),
            segment: Segment::Quantity {
                kernel: Kernel::ElasticQuantity,
                parameters: vec![8.0, 24.0, -0.4],
            },
        }]
    );
    // Elasticity -0.4 at P = 8 is a rate of -0.05.
    assert_eq!(
        Demand::exponential(AT, -0.4).unwrap().segments(),
        [Piece {
            path: String::new(),
            segment: Segment::Quantity {
                kernel: Kernel::ExponentialQuantity,
                parameters: vec![8.0, 12.0, -0.05],
            },
        }]
    );
    assert_eq!(Demand::fixed(7.0).unwrap().segments(), [fixed("", 7.0)]);
    assert_eq!(
        Demand::perfectly_elastic(7.0).unwrap().segments(),
        [priced("", Kernel::Constant, &[7.0], 0.0, ALL)]
    );
}

#[test]
fn simple_supply() {
    let line = |intercept| Line {
        intercept,
        slope: 0.5,
    };
    let linear = Supply::linear(line(5.0)).unwrap();
    assert_eq!(
        linear.segments(),
        [priced("", Kernel::Linear, &[5.0, 0.5], 0.0, ALL)]
    );
    // Eight units are offered at price zero, and cost nothing.
    let from_zero = Supply::linear(line(-4.0)).unwrap();
    assert_eq!(
        from_zero.segments(),
        [
            priced("zero cost", Kernel::Constant, &[0.0], 0.0, 8.0),
            priced("", Kernel::Linear, &[-4.0, 0.5], 8.0, ALL),
        ]
    );
    assert_eq!(from_zero.cost(8.0).unwrap(), 0.0);
    // Surplus from price zero: 10 * 8 + 10^2 / 2 / 0.5.
    assert_eq!(from_zero.surplus(10.0).unwrap(), 180.0);
    assert_eq!(
        Supply::fixed(7.0).unwrap().segments(),
        [priced("", Kernel::Constant, &[0.0], 0.0, 7.0)]
    );
    assert_eq!(
        Supply::constant_elasticity(AT, 0.3).unwrap().segments(),
        [priced("", Kernel::Elastic, &[8.0, 12.0, 0.3], 0.0, ALL)]
    );
    let shifted = linear.shifted(4.0).unwrap().with_capacity(10.0).unwrap();
    assert_eq!(
        shifted.segments(),
        [
            priced("shift", Kernel::Constant, &[0.0], 0.0, 4.0),
            priced("", Kernel::Linear, &[5.0, 0.5], 0.0, 6.0),
        ]
    );
    assert!(shifted.in_merit_order());
    assert_eq!(shifted.capacity(), Some(10.0));
    assert!(!(shifted.clone() + from_zero).in_merit_order());
}

#[test]
fn steps_are_sorted_and_named() {
    let mut named = step(15.0, 3.0);
    named.name = Some("Mountain Pass".to_owned());
    let steps = vec![step(6.0, 4.0), named, step(10.0, 5.0)];
    let supply = Supply::steps(steps.clone()).unwrap();
    assert_eq!(
        supply.segments(),
        [
            priced("step 1", Kernel::Constant, &[6.0], 0.0, 4.0),
            priced("step 3", Kernel::Constant, &[10.0], 0.0, 5.0),
            priced("Mountain Pass", Kernel::Constant, &[15.0], 0.0, 3.0),
        ]
    );
    assert!(supply.in_merit_order());
    let paths: Vec<String> = Demand::steps(steps)
        .unwrap()
        .parameters()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        paths,
        ["Mountain Pass/price", "step 3/price", "step 1/price"]
    );
}

#[test]
fn a_table_is_one_line_an_interval() {
    let table = Supply::tabulated(vec![
        observed(14.0, 20.0),
        observed(3.0, 2.0),
        observed(9.0, 6.0),
        observed(9.0, 8.0),
        observed(6.0, 6.0),
    ])
    .unwrap();
    assert_eq!(
        table.segments(),
        [
            priced("first point", Kernel::Constant, &[3.0], 0.0, 2.0),
            priced("interval 1", Kernel::Linear, &[3.0, 0.75], 0.0, 4.0),
            priced("interval 3", Kernel::Constant, &[9.0], 0.0, 2.0),
            priced("interval 4", Kernel::Linear, &[9.0, 5.0 / 12.0], 0.0, 12.0),
        ]
    );
    // Two units at 3, four at 4.5 on average, two at 9, twelve at 11.5 on average.
    assert!((table.cost(20.0).unwrap() - 180.0).abs() < 1e-12);
    assert_eq!(table.price(6.0).unwrap().low(), 6.0);
    assert_eq!(table.price(6.0).unwrap().high(), 9.0);
    assert_eq!(table.quantity(9.0).unwrap().low(), 6.0);
    assert_eq!(table.quantity(9.0).unwrap().high(), 8.0);
}

#[test]
fn a_shift_cuts_the_eager_buyers_first() {
    let elastic = Demand::constant_elasticity(AT, -2.5).unwrap();
    let shifted = elastic.shifted(-4.0).unwrap();
    assert_eq!(
        shifted.segments(),
        [priced("", Kernel::Elastic, &[8.0, 12.0, -2.5], 4.0, ALL)]
    );
    let choke = shifted.choke_price().unwrap();
    // 12 (P/8)^-2.5 = 4.
    assert!((choke / (8.0 * 3f64.powf(0.4)) - 1.0).abs() < 1e-14);
    assert_eq!(shifted.reference_price(), Some(choke));
}

#[test]
fn a_choke_price_is_a_step_and_gives_a_finite_surplus() {
    let demand = Demand::constant_elasticity(AT, -0.4).unwrap();
    assert_eq!(demand.choke_price(), None);
    assert_eq!(demand.reference_price(), Some(8.0));
    let choked = demand.clone().with_choke(16.0).unwrap();
    let wanted = 12.0 * 2f64.powf(-0.4);
    assert_eq!(
        choked.segments(),
        [
            priced("choke", Kernel::Constant, &[16.0], 0.0, wanted),
            priced("", Kernel::Elastic, &[8.0, 12.0, -0.4], wanted, ALL),
        ]
    );
    assert_eq!(choked.reference_price(), Some(16.0));
    // The integral of 12 (P/8)^-0.4 from 8 to 16 is 96 (2^0.6 - 1) / 0.6.
    let expected = 96.0 * (2f64.powf(0.6) - 1.0) / 0.6;
    let surplus = choked.surplus(8.0).unwrap();
    assert!((surplus / expected - 1.0).abs() < 1e-14);
    let from_reference = demand
        .surplus_change(Change {
            from: 16.0,
            to: 8.0,
        })
        .unwrap();
    assert!((from_reference / expected - 1.0).abs() < 1e-14);
    // A choke price above the curve's own changes nothing.
    let line = Line {
        intercept: 20.0,
        slope: -1.0,
    };
    let linear = Demand::linear(line).unwrap();
    assert_eq!(
        linear.clone().with_choke(30.0).unwrap().segments(),
        linear.segments()
    );
}

#[test]
fn surplus_to_infinity_where_it_is_finite() {
    // Elasticity -2.5: P Q / 1.5 above P. Exponential: Q over the rate.
    let elastic = Demand::constant_elasticity(AT, -2.5).unwrap();
    assert!((elastic.surplus(8.0).unwrap() - 64.0).abs() < 1e-12);
    let exponential = Demand::exponential(AT, -0.4).unwrap();
    assert!((exponential.surplus(8.0).unwrap() - 240.0).abs() < 1e-12);
    // The benefit of the first 12 units is the surplus at P = 8 and the 96 paid.
    let all = Change {
        from: 0.0,
        to: 12.0,
    };
    assert!((elastic.gross_benefit(all).unwrap() - 160.0).abs() < 1e-12);
    assert!((exponential.gross_benefit(all).unwrap() - 336.0).abs() < 1e-12);
}

#[test]
fn parts_of_a_sum_are_numbered_on() {
    let line = Line {
        intercept: 20.0,
        slope: -1.0,
    };
    let one = Demand::linear(line).unwrap();
    let paths = |demand: &Demand| -> Vec<String> {
        let pieces = demand.segments();
        pieces.into_iter().map(|piece| piece.path).collect()
    };
    let two = one.clone() + one.clone();
    let block = Step {
        price: 30.0,
        quantity: 2.0,
        name: None,
    };
    let steps = Demand::steps(vec![block]).unwrap();
    let four = steps + two.clone() + one.clone().shifted(3.0).unwrap();
    assert_eq!(
        paths(&four),
        [
            "part 1/step 1",
            "part 2",
            "part 3",
            "part 4/shift",
            "part 4"
        ]
    );
    // At price 10: 2 + 10 + 10 + 3 + 10.
    assert_eq!(four.quantity(10.0).unwrap().low(), 35.0);
    assert_eq!(four.price(35.0).unwrap().low(), 10.0);
    let five = two.clone() + (one + two.clone());
    assert_eq!(
        paths(&five),
        ["part 1", "part 2", "part 3", "part 4", "part 5"]
    );
    assert_eq!(
        five,
        serde_json::from_value(serde_json::to_value(&five).unwrap()).unwrap()
    );
    let more = (two.clone().shifted(1.0).unwrap() + two)
        .shifted(2.0)
        .unwrap();
    assert_eq!(
        paths(&more),
        [
            "part 1/part 1",
            "part 1/part 2",
            "part 1/shift",
            "part 2",
            "part 3",
            "shift"
        ]
    );
}

#[test]
fn one_line_each() {
    let line = Line {
        intercept: 20.0,
        slope: -1.0,
    };
    let linear = Demand::linear(line).unwrap();
    assert_eq!(linear.to_string(), "P = 20 - 1 Q");
    let isoelastic = Demand::constant_elasticity(AT, -0.4).unwrap();
    assert_eq!(isoelastic.to_string(), "Q = 12 (P / 8)^-0.4");
    let sum = linear.shifted(-2.0).unwrap() + isoelastic.with_choke(30.0).unwrap();
    assert_eq!(
        sum.to_string(),
        "((P = 20 - 1 Q) - 2) + ((Q = 12 (P / 8)^-0.4) up to P = 30)"
    );
    let text = serde_json::to_string(&sum).unwrap();
    assert_eq!(
        text,
        r#"{"sum":[{"shifted":{"of":{"linear":{"intercept":20.0,"slope":-1.0}},"quantity":-2.0}},{"choked":{"of":{"constant_elasticity":{"price":8.0,"quantity":12.0,"elasticity":-0.4}},"price":30.0}}]}"#
    );
}

#[test]
fn where_surplus_is_measured_from() {
    let line = Line {
        intercept: 20.0,
        slope: -1.0,
    };
    let linear = Demand::linear(line).unwrap();
    let isoelastic = Demand::constant_elasticity(AT, -0.4).unwrap();
    // The choke price; the observed point; the highest of a sum; the choke price of what is not fixed.
    assert_eq!(linear.reference_price(), Some(20.0));
    assert_eq!(isoelastic.reference_price(), Some(8.0));
    assert_eq!((isoelastic + linear.clone()).reference_price(), Some(8.0));
    assert_eq!((linear.clone() + linear.clone()).choke_price(), Some(20.0));
    let more = linear.shifted(3.0).unwrap();
    assert_eq!(more.choke_price(), None);
    assert_eq!(more.reference_price(), Some(20.0));
}

#[test]
fn curves_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Demand>();
    shared::<Supply>();
    shared::<Piece>();
}
