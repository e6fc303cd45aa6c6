use pricefloor::curve::{Demand, Kernel, Line, Observed, Segment, Step, Supply};

fn textbook() -> (Demand, Supply) {
    let demand = Demand::linear(Line {
        intercept: 20.0,
        slope: -1.0,
    })
    .unwrap();
    let supply = Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    })
    .unwrap();
    (demand, supply)
}

#[test]
fn textbook_market_clears_at_ten() {
    // P = 20 - Q and P = 5 + Q/2 meet at P = 10, Q = 10.
    let (demand, supply) = textbook();
    assert_eq!(demand.quantity(10.0).unwrap().low(), 10.0);
    assert_eq!(supply.quantity(10.0).unwrap().low(), 10.0);
    let pieces = demand.segments();
    assert_eq!(pieces.len(), 1);
    assert_eq!(
        pieces[0].segment,
        Segment::Price {
            kernel: Kernel::Linear,
            parameters: vec![20.0, -1.0],
            offset: 0.0,
            capacity: f64::INFINITY,
        }
    );
    assert_eq!(pieces[0].parameter_path("slope"), "slope");
}

#[test]
fn parts_of_a_sum_are_numbered_on() {
    let (demand, _) = textbook();
    let two = demand.clone() + demand.clone();
    let block = Step {
        price: 30.0,
        quantity: 2.0,
        name: None,
    };
    let four = Demand::steps(vec![block]).unwrap() + two.clone() + demand.shifted(3.0).unwrap();
    let paths: Vec<String> = four
        .segments()
        .into_iter()
        .map(|piece| piece.path)
        .collect();
    assert_eq!(
        paths,
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
    assert!((four.price(35.0).unwrap().low() - 10.0).abs() < 1e-13);
    let five = two.clone() + (demand_of(1.0) + two);
    let paths: Vec<String> = five
        .segments()
        .into_iter()
        .map(|piece| piece.path)
        .collect();
    assert_eq!(paths, ["part 1", "part 2", "part 3", "part 4", "part 5"]);
}

fn demand_of(quantity: f64) -> Demand {
    Demand::constant_elasticity(
        Observed {
            price: 1.0,
            quantity,
        },
        -0.5,
    )
    .unwrap()
}
