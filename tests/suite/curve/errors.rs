//! Bad input: the message names the thing, the value and the rule.

use insta::assert_snapshot;
use pricefloor::curve::{Change, Demand, Interval, Line, Step, Supply};

use super::kinds::{observed, step};

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

#[test]
fn wrong_signs_are_named_and_turned() {
    let at = observed(63.0, 82_000.0);
    let error = Demand::constant_elasticity(at, 0.4).unwrap_err();
    assert_snapshot!(error, @"demand curve: elasticity is 0.4; it must be negative for demand, did you mean -0.4?");
    let error = Supply::exponential(at, -0.3).unwrap_err();
    assert_snapshot!(error, @"supply curve: elasticity is -0.3; it must be positive for supply, did you mean 0.3?");
    let error = Demand::linear(line(20.0, 1.0)).unwrap_err();
    assert_snapshot!(error, @"demand curve: slope is 1; it must be negative for demand, did you mean -1?");
    let error = Supply::linear(line(5.0, -0.5)).unwrap_err();
    assert_snapshot!(error, @"supply curve: slope is -0.5; it must be positive for supply, did you mean 0.5?");
    let error = Demand::linear_through(at, 0.0).unwrap_err();
    assert_snapshot!(error, @"demand curve: elasticity is zero; use `fixed` for a quantity that ignores the price and `perfectly_elastic` for a price that ignores the quantity");
}

#[test]
fn numbers_out_of_range() {
    let error = Demand::linear(line(f64::NAN, -1.0)).unwrap_err();
    assert_snapshot!(error, @"demand curve: intercept is NaN; it must be a finite number");
    let error = Demand::linear(line(-20.0, -1.0)).unwrap_err();
    assert_snapshot!(error, @"demand curve: intercept is -20; it must be above zero");
    let error = Supply::constant_elasticity(observed(0.0, 5.0), 0.3).unwrap_err();
    assert_snapshot!(error, @"supply curve: price is 0; it must be above zero");
    let error = Supply::constant_elasticity(observed(8.0, -5.0), 0.3).unwrap_err();
    assert_snapshot!(error, @"supply curve: quantity is -5; it must be above zero");
    let error = Demand::constant_elasticity(observed(8.0, 5.0), -1e-310).unwrap_err();
    assert!(
        error.to_string().ends_with("too extreme to compute with"),
        "{error}"
    );
    let error = Demand::fixed(0.0).unwrap_err();
    assert_snapshot!(error, @"demand curve: quantity is 0; it must be above zero");
    let demand = Demand::linear(line(20.0, -1.0)).unwrap();
    let error = demand.clone().scaled(-2.0).unwrap_err();
    assert_snapshot!(error, @"demand curve: scale factor is -2; it must be above zero");
    let error = demand.clone().with_capacity(0.0).unwrap_err();
    assert_snapshot!(error, @"demand curve: capacity is 0; it must be above zero");
    let error = demand.clone().with_choke(f64::INFINITY).unwrap_err();
    assert_snapshot!(error, @"demand curve: choke price is inf; it must be a finite number");
    let error = demand.clone().shifted(-20.0).unwrap_err();
    assert_snapshot!(error, @"demand curve: a shift of -20 leaves nothing of a curve of 20 in all");
    let seven = Supply::steps(vec![step(6.0, 4.0), step(15.0, 3.0)]).unwrap();
    let error = seven.clone().shifted(-7.0).unwrap_err();
    assert_snapshot!(error, @"supply curve: a shift of -7 leaves nothing of a curve of 7 in all");
    assert!(seven.shifted(-7.0 * (1.0 - f64::EPSILON)).is_err());
    let error = demand.quantity(f64::NAN).unwrap_err();
    assert_snapshot!(error, @"demand curve: price is NaN; it must be a finite number");
    let error = demand.price(f64::INFINITY).unwrap_err();
    assert_snapshot!(error, @"demand curve: quantity is inf; it must be a finite number");
}

#[test]
fn steps_and_tables() {
    let error = Supply::steps(vec![]).unwrap_err();
    assert_snapshot!(error, @"supply curve: steps has 0 entries; it needs at least 1");
    let named = |name: &str| Step {
        name: Some(name.to_owned()),
        ..step(5.0, 1.0)
    };
    let error = Supply::steps(vec![named("Lynas"), named("Lynas")]).unwrap_err();
    assert_snapshot!(error, @"supply steps: the name `Lynas` occurs twice; names must differ");
    let error = Supply::steps(vec![named("a/b")]).unwrap_err();
    assert_snapshot!(error, @"supply steps: the name `a/b` is empty, contains `/` (which separates the parts of a parameter's path) or is `shift` or `choke` (which name other pieces)");
    // A shift is found under this name, and may not be mistaken for a step.
    assert!(Supply::steps(vec![named("shift")]).is_err());
    // An unnamed step may not be mistaken for a named one.
    let error = Supply::steps(vec![named("step 2"), step(5.0, 1.0)]).unwrap_err();
    assert_snapshot!(error, @"supply steps: the name `step 2` occurs twice; names must differ");
    let error = Supply::steps(vec![step(-5.0, 1.0)]).unwrap_err();
    assert_snapshot!(error, @"supply curve: unit cost of a step is -5; it must not be below zero");

    let error = Demand::tabulated(vec![observed(5.0, 1.0)]).unwrap_err();
    assert_snapshot!(error, @"demand curve: table has 1 entries; it needs at least 2");
    let error = Demand::tabulated(vec![observed(5.0, 1.0), observed(7.0, 3.0)]).unwrap_err();
    assert_snapshot!(error, @"demand table: quantity 1 at price 5 and quantity 3 at price 7; quantity must fall as the price rises, and no point may be given twice");
    let error = Supply::tabulated(vec![observed(5.0, 3.0), observed(7.0, 1.0)]).unwrap_err();
    assert_snapshot!(error, @"supply table: quantity 3 at price 5 and quantity 1 at price 7; quantity must rise as the price rises, and no point may be given twice");
}

#[test]
fn questions_without_an_answer() {
    let horizontal = Demand::perfectly_elastic(7.0).unwrap();
    let error = horizontal.quantity(6.0).unwrap_err();
    assert_snapshot!(error, @"demand is unbounded at price 6: perfectly elastic demand buys without limit below its price, and constant elasticity near price zero");
    let error = Supply::perfectly_elastic(7.0)
        .unwrap()
        .quantity(8.0)
        .unwrap_err();
    assert_snapshot!(error, @"supply is unbounded at price 8: perfectly elastic supply sells without limit above its price");
    let any = horizontal.quantity(7.0).unwrap();
    assert_eq!((any.low(), any.high()), (0.0, f64::INFINITY));

    let steps = Supply::steps(vec![step(6.0, 4.0), step(15.0, 3.0)]).unwrap();
    let error = steps.slope(6.0).unwrap_err();
    assert_snapshot!(error, @"supply curve: no single derivative at price 6, where the curve has a corner or a step");
    let error = steps.elasticity(5.0).unwrap_err();
    assert_snapshot!(error, @"supply curve: no elasticity at price 5, where the quantity is zero");
    let error = steps.price(8.0).unwrap_err();
    assert_snapshot!(error, @"supply curve: quantity 8 is beyond the largest quantity, 7");
    let error = steps.cost(8.0).unwrap_err();
    assert_snapshot!(error, @"supply curve: quantity 8 is beyond the largest quantity, 7");
    let error = steps.price_partials(4.0).unwrap_err();
    assert_snapshot!(error, @"supply curve: no single derivative at price 6, where the curve has a corner or a step");

    let fixed = Demand::fixed(7.0).unwrap();
    let error = fixed.price(5.0).unwrap_err();
    assert_snapshot!(error, @"demand has no finite price at quantity 5: constant-elasticity (isoelastic) and exponential demand never fall to zero, and a fixed quantity is bought whatever the price; set a choke price");
    let error = fixed.surplus(5.0).unwrap_err();
    assert_snapshot!(error, @"demand: the surplus above a price is infinite; constant-elasticity (isoelastic) demand of elasticity -1 or nearer zero, and a fixed quantity, are worth an infinite amount: measure it from a reference price, or set a choke price");
    assert!(fixed.gross_benefit(Change { from: 6.0, to: 7.0 }).is_err());
    assert_eq!(fixed.reference_price(), None);
}

#[test]
fn files_are_checked_like_calls() {
    let read = |text: &str| {
        serde_json::from_str::<Demand>(text)
            .unwrap_err()
            .to_string()
    };
    assert_snapshot!(
        read(r#"{"constant_elasticity": {"price": 63, "quantity": 82000, "elasticity": 0.4}}"#),
        @"demand curve: elasticity is 0.4; it must be negative for demand, did you mean -0.4?"
    );
    let unknown = read(r#"{"fixed": {"quantity": 7, "price": 3}}"#);
    assert!(
        unknown.starts_with("unknown field `price`, expected `quantity`"),
        "{unknown}"
    );
    assert!(
        read(r#"{"isoelastic": {}}"#)
            .starts_with("unknown variant `isoelastic`, expected one of `linear`, ")
    );
    let wrong = r#"{"choked": {"of": {"fixed": {"quantity": 7}}, "price": 3}}"#;
    let error = serde_json::from_str::<Supply>(wrong).unwrap_err();
    assert_snapshot!(error, @"supply curve: choke price 3; only demand has a choke price, use a capacity to limit supply");
}

#[test]
fn intervals_without_an_end_come_back() {
    let demand = Demand::linear(line(20.0, -1.0)).unwrap();
    let prices = demand.price(0.0).unwrap();
    assert_eq!(prices.to_string(), "[20, inf]");
    let text = serde_json::to_string(&prices).unwrap();
    assert_eq!(text, r#"{"low":20.0}"#);
    assert_eq!(serde_json::from_str::<Interval>(&text).unwrap(), prices);
    assert!(prices.contains(25.0) && !prices.contains(19.0));
    let error = serde_json::from_str::<Interval>(r#"{"low": 3.0, "high": 2.0}"#).unwrap_err();
    assert_snapshot!(error, @"interval from 3 to 2: the lower end must not be above the upper end");
}
