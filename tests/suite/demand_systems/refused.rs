use crate::parity::Noted;
use insta::assert_snapshot;
use pricefloor::curve::{DemandSystem, SystemError};
use pricefloor::equilibrium::SolveError;
use pricefloor::prelude::*;

use super::{armington, at, offered_at};

fn lines(slopes: [[f64; 2]; 2]) -> Result<CrossPrice, SystemError> {
    CrossPrice::linear(&[("a", 20.0), ("b", 18.0)], &slopes)
}

#[test]
fn lines_that_are_no_demand() {
    assert_snapshot!(
        lines([[-1.0, -0.5], [-0.4, -1.0]]).unwrap_err(),
        @"demand system: `a` answers `b` by -0.5 and `b` answers `a` by -0.4; cross effects must be equal (Slutsky symmetry without income effects)"
    );
    // eigenvalues -1 - 2 and -1 + 2
    assert_snapshot!(
        lines([[-1.0, -2.0], [-2.0, -1.0]]).unwrap_err().to_string().replace("-0.707 a, 0.707 b", "0.707 a, -0.707 b"),
        @"demand system: the matrix of slopes has the eigenvalue 1 (along 0.707 a, -0.707 b); all must be below zero, or buyers would want more of some basket as it gets dearer"
    );
    assert_snapshot!(
        CrossPrice::linear(&[("a", 20.0), ("b", -1.0)], &[[-1.0, 0.0], [0.0, -1.0]]).unwrap_err(),
        @"demand system: intercept of b is -1; it must be above zero"
    );
    assert_snapshot!(
        CrossPrice::linear(&[("a", 20.0), ("b", 18.0)], &[vec![-1.0, 0.0], vec![-1.0]]).unwrap_err(),
        @"demand system: row b has 1 entries for 2 goods"
    );
    assert_snapshot!(
        CrossPrice::linear(&[("a", 20.0)], &[[-1.0]]).unwrap_err(),
        @"demand system: it has 1 goods; a system needs at least two, and one good has a `Demand`"
    );
    assert_snapshot!(
        CrossPrice::linear(&[("a", 20.0), ("a", 18.0)], &[[-1.0, 0.0], [0.0, -1.0]]).unwrap_err(),
        @"demand system: good `a` occurs twice; each good has one place in a system"
    );
    // dQ_a/dP_b = 0.5 x 10 / 4, dQ_b/dP_a = 0.5 x 30 / 2
    let observed = [("a", at(2.0, 10.0)), ("b", at(4.0, 30.0))];
    assert_snapshot!(
        CrossPrice::observed(&observed, &[[-1.0, 0.5], [0.5, -1.0]]).unwrap_err(),
        @"demand system: `a` answers `b` by 1.25 and `b` answers `a` by 7.5; cross effects must be equal (Slutsky symmetry without income effects)"
    );
}

#[test]
fn nests_that_are_no_demand() {
    let pair = || {
        Nest::new(2.0)
            .good("a", at(1.0, 1.0))
            .good("b", at(1.0, 1.0))
    };
    assert_snapshot!(
        NestedCes::new(0.5, pair()).unwrap_err(),
        @"demand system: elasticity is 0.5; it must be below zero"
    );
    assert_snapshot!(
        NestedCes::new(-0.5, pair().nest("inner", Nest::new(-2.0))).unwrap_err(),
        @"demand system: substitution of nest `inner` is -2; it must be above zero"
    );
    assert_snapshot!(
        NestedCes::new(-0.5, pair().nest("inner", Nest::new(2.0))).unwrap_err(),
        @"demand system: nest `inner` is empty"
    );
    assert_snapshot!(
        NestedCes::new(-0.5, pair().good("c", at(1.0, 0.0))).unwrap_err(),
        @"demand system: observed quantity of c is 0; it must be above zero"
    );
    assert_snapshot!(
        NestedCes::new(-0.5, pair().nest("a", Nest::new(2.0).good("c", at(1.0, 1.0)))).unwrap_err(),
        @"demand system: nest `a` has the name of another nest or good"
    );
    assert_snapshot!(
        armington().quantities(&[1.0, 2.0]).unwrap_err(),
        @"demand system: row of prices has 2 entries for 3 goods"
    );
}

#[test]
fn markets_that_do_not_fit() {
    let market = |name: &str, system: DemandSystem| {
        Market::builder("m", "USD")
            .region("Home")
            .commodity("a")
            .commodity("b")
            .demand("Home", "a", Demand::fixed(1.0).unwrap())
            .demand_system("Home", name, system)
            .build()
            .unwrap_err()
    };
    let both = lines([[-1.0, -0.5], [-0.5, -1.0]]).unwrap();
    assert_snapshot!(
        market("both", both.clone().into()),
        @"demand `a in Home` is declared twice"
    );
    assert_snapshot!(
        market("a/b", both.clone().into()),
        @"demand system `a/b` has a slash in its name, which separates the parts of a path"
    );
    assert_snapshot!(
        market("armington", armington().into()),
        @"demand system `armington`: unknown commodity `home`; known: a, b"
    );
    let only = Market::builder("m", "USD")
        .region("Home")
        .commodity("a")
        .commodity("b")
        .demand_system("Home", "both", both)
        .build()
        .unwrap();
    let proportional = StatutoryCeiling::new("Home", "a", 3.0, Rationing::Proportional);
    let policy = Policy::new().with("ceiling", proportional).unwrap();
    assert_snapshot!(
        only.noted(&policy).unwrap_err(),
        @"measure `ceiling`: a in Home is one of several goods of a demand system; the share of its buyers who are served does not say what they do with the others"
    );
}

/// Changed one by one, slopes must stay those of a demand.
#[test]
fn a_slope_changed_too_far() {
    let market = offered_at(lines([[-1.0, -0.5], [-0.5, -1.0]]).unwrap(), &[5.0, 5.0]);
    let compiled = market.compile(&Policy::none()).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    let cross = compiled.param("demand/Home/buyers/a/cross/b").unwrap();
    workspace.set(cross, -1.5).unwrap();
    let error = compiled.solve_into(&mut workspace).unwrap_err();
    assert!(
        matches!(&error, SolveError::Number { value, .. } if (value - 0.5).abs() < 1e-12),
        "{error}"
    );
    workspace.set(cross, -0.6).unwrap();
    compiled.solve_into(&mut workspace).unwrap();
}

#[test]
fn systems_in_files() {
    let market = offered_at(armington(), &[70.0, 55.0, 80.0]);
    let json = serde_json::to_string(&market).unwrap();
    assert_eq!(serde_json::from_str::<Market>(&json).unwrap(), market);
    let broken = json.replace("\"elasticity\":-0.6", "\"elasticity\":0.6");
    let error = serde_json::from_str::<Market>(&broken).unwrap_err();
    assert!(error.to_string().contains("below zero"), "{error}");
    let system: DemandSystem = lines([[-1.0, -0.5], [-0.5, -1.0]]).unwrap().into();
    let json = serde_json::to_string(&system).unwrap();
    assert_eq!(serde_json::from_str::<DemandSystem>(&json).unwrap(), system);
    let broken = json.replace("[-0.5,-1.0]", "[-0.4,-1.0]");
    let error = serde_json::from_str::<DemandSystem>(&broken).unwrap_err();
    assert!(error.to_string().contains("cross effects"), "{error}");
}
