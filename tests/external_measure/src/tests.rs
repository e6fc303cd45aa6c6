//! Solving with measures from outside, on the textbook market P = 20 - Q, P = 5 + Q/2 (free: price 10).

use pricefloor::assembly::{DraftError, Stacking};
use pricefloor::equilibrium::{Outcome, Side, SolveError};
use pricefloor::intervention::{Measure, PolicyError};
use pricefloor::prelude::*;

use super::{SlidingRoyalty, SmoothReserve};

fn textbook() -> Market {
    let line = |intercept, slope| Line { intercept, slope };
    Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .build()
        .unwrap()
}

fn royalty(rate: f64) -> Measure {
    Measure::custom(SlidingRoyalty {
        of: "mine".to_owned(),
        threshold: 9.0,
        rate,
    })
}

fn reserve() -> Measure {
    Measure::custom(SmoothReserve {
        region: "Home".to_owned(),
        commodity: "oxide".to_owned(),
        most: 12.0,
        scale: 10.0,
    })
}

fn close(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value}, {expected}");
}

/// The mine keeps p - (p - 9) / 2 = 5 + Q / 2, so Q = p - 1 = 20 - p: p = 10.5, a royalty of 0.75 on 9.5 units. With the
/// rate r, p = (15 - 9 r) / (3/2 - r), whose derivative at 1/2 is 3/2.
#[test]
fn it_solves_pays_and_has_derivatives() {
    let policy = Policy::new().with("royalty", royalty(0.5)).unwrap();
    let solved = textbook().solve(&policy).unwrap();
    close(solved.price("Home", "oxide").unwrap(), 10.5);
    close(solved.level("mine").unwrap(), 9.5);
    close(solved.figure("royalty", "excess").unwrap(), 1.5);
    let ledger = solved.ledger().unwrap();
    close(ledger.outlay("royalty"), -0.75 * 9.5);
    close(ledger.treasury(), 0.75 * 9.5);
    close(ledger.surplus("mine").unwrap(), 9.5 * 9.5 / 4.0);
    assert!(ledger.identity_error() <= 1e-9);

    let compiled = textbook().compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    compiled.solve_into(&mut workspace).unwrap();
    let rate = compiled.param("measure/royalty/rate").unwrap();
    let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    let price = Outcome::price("Home", "oxide");
    close(sensitivity.derivative(&price, rate, Side::Up).unwrap(), 1.5);
    close(sensitivity.gradient(&price).unwrap().of(rate), 1.5);
}

/// 20 - p + 12 exp(-p / 10) = 2 (p - 5), by bisection; the derivative of p in what the reserve buys at most is that of
/// the implicit function: exp(-p / 10) / (3 + 6/5 exp(-p / 10)).
#[test]
fn a_function_of_its_own() {
    let policy = Policy::new().with("reserve", reserve()).unwrap();
    let compiled = textbook().compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    let solved = compiled.equilibrium_from(&mut workspace).unwrap();
    let (mut low, mut high) = (10.0_f64, 15.0);
    for _ in 0..200 {
        let p = 0.5 * (low + high);
        if 30.0 - 3.0 * p + 12.0 * (-p / 10.0).exp() > 0.0 {
            low = p;
        } else {
            high = p;
        }
    }
    let price = solved.price("Home", "oxide").unwrap();
    close(price, low);
    let ledger = solved.ledger().unwrap();
    close(ledger.outlay("reserve"), low * 12.0 * (-low / 10.0).exp());
    assert!(ledger.identity_error() <= 1e-9);
    let most = compiled.param("measure/reserve/most").unwrap();
    let scale = compiled.param("measure/reserve/scale").unwrap();
    let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    let outcome = Outcome::price("Home", "oxide");
    let decay = (-low / 10.0).exp();
    let steepness = 3.0 + 1.2 * decay;
    let found = sensitivity.derivative(&outcome, most, Side::Up).unwrap();
    close(found, decay / steepness);
    let gradient = sensitivity.gradient(&outcome).unwrap();
    close(gradient.of(most), decay / steepness);
    close(gradient.of(scale), 12.0 * decay * low / 100.0 / steepness);
}

#[test]
fn what_is_wrong_is_a_typed_error() {
    let policy = Policy::new().with("royalty", royalty(0.5)).unwrap();
    // it is code, so it cannot go into a file
    let error = serde_json::to_string(&policy).unwrap_err();
    assert!(error.to_string().contains("sliding_royalty"), "{error}");
    assert!(serde_json::from_str::<Measure>(r#"{"custom": {}}"#).is_err());

    let terms = Policy::new().with("royalty", royalty(1.5)).unwrap_err();
    assert!(
        matches!(&terms, PolicyError::Terms { name, source } if name == "royalty" && source.value == 1.5)
    );

    let nowhere = Measure::custom(SlidingRoyalty {
        of: "no mine".to_owned(),
        threshold: 9.0,
        rate: 0.5,
    });
    let nowhere = Policy::new().with("royalty", nowhere).unwrap();
    let error = textbook().solve(&nowhere).unwrap_err();
    assert!(
        matches!(error, SolveError::Draft(DraftError::Unknown { .. })),
        "{error}"
    );

    // a second one on the same mine needs a rule
    let twice = policy.clone().with("again", royalty(0.2)).unwrap();
    let error = textbook().solve(&twice).unwrap_err();
    assert!(
        matches!(error, SolveError::Draft(DraftError::Conflict { .. })),
        "{error}"
    );
    let added = policy
        .stacked("again", Stacking::Add, royalty(0.2))
        .unwrap();
    let solved = textbook().solve(&added).unwrap();
    // rates add: (15 - 9 r) / (3/2 - r) at 0.7
    close(solved.price("Home", "oxide").unwrap(), 8.7 / 0.8);
}
