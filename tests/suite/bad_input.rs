//! Bad input is a typed error that names the thing and the rule, never a panic or a number that is none.

use pricefloor::assembly::{DraftError, Stacking};
use pricefloor::curve::{CurveError, Line};
use pricefloor::equilibrium::{Equilibrium, SolveError};
use pricefloor::intervention::{
    Base, ContractFloor, Coverage, Measure, PolicyError, Rationing, StatutoryMinimum,
    SupportBuying, Tariff,
};
use pricefloor::market::MarketError;
use pricefloor::{Activity, Demand, Error, Ledger, Market, Policy, Supply};

fn demand() -> Demand {
    Demand::linear(Line {
        intercept: 20.0,
        slope: -1.0,
    })
    .unwrap()
}

fn supply() -> Supply {
    Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    })
    .unwrap()
}

fn market() -> Market {
    Market::builder("test", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", demand())
        .activity(Activity::producing("mine", "Home", "oxide", supply()))
        .activity(Activity::producing("other", "Abroad", "oxide", supply()))
        .route("Abroad", "Home", "oxide", 1.0)
        .build()
        .unwrap()
}

/// Every error names the place and keeps the rule in its message.
fn says(error: impl Into<Error>, words: &[&str]) {
    let error: Error = error.into();
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{text}` does not say `{word}`");
    }
}

#[test]
fn market_facts() {
    let base = || {
        Market::builder("test", "USD")
            .region("Home")
            .commodity("oxide")
    };
    says(
        Market::builder("empty", "USD").build().unwrap_err(),
        &["empty", "no region"],
    );
    says(
        base().build().unwrap_err(),
        &["no demand, activity or route"],
    );
    says(
        base()
            .region("Home")
            .demand("Home", "oxide", demand())
            .build()
            .unwrap_err(),
        &["region `Home`", "twice"],
    );
    says(
        base()
            .region(" ")
            .demand("Home", "oxide", demand())
            .build()
            .unwrap_err(),
        &["empty name"],
    );
    says(
        base()
            .demand("Mars", "oxide", demand())
            .build()
            .unwrap_err(),
        &["Mars", "unknown region", "Home"],
    );
    says(
        base().demand("Home", "gold", demand()).build().unwrap_err(),
        &["gold", "unknown commodity", "oxide"],
    );
    let twice = base()
        .demand("Home", "oxide", demand())
        .demand("Home", "oxide", demand());
    says(
        twice.build().unwrap_err(),
        &["demand `oxide in Home`", "twice"],
    );
    let mine = || Activity::producing("mine", "Home", "oxide", supply());
    says(
        base()
            .activity(mine())
            .activity(mine())
            .build()
            .unwrap_err(),
        &["activity `mine`", "twice"],
    );
    says(
        base()
            .activity(Activity::new("idle", "Home", supply()))
            .build()
            .unwrap_err(),
        &["idle", "no output"],
    );
    for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let error = base()
            .activity(mine().with_input("oxide", bad))
            .build()
            .unwrap_err();
        says(error, &["activity `mine`", "above zero"]);
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let error = base()
            .region("B")
            .route("Home", "B", "oxide", bad)
            .build()
            .unwrap_err();
        says(error, &["Home -> B: oxide", "transport cost"]);
    }
    says(
        base()
            .route("Home", "Home", "oxide", 1.0)
            .build()
            .unwrap_err(),
        &["leads back to Home"],
    );
}

/// 1 A -> 2 B and 1 B -> 0.6 A gains 1.2 a turn.
#[test]
fn a_cycle_that_creates_material() {
    let flat = || Supply::perfectly_elastic(1.0).unwrap();
    let cycle = |back: f64| {
        Market::builder("cycle", "USD")
            .region("Home")
            .commodity("A")
            .commodity("B")
            .demand("Home", "A", demand())
            .activity(Activity::producing("mine", "Home", "A", supply()))
            .activity(
                Activity::new("forward", "Home", flat())
                    .with_input("A", 1.0)
                    .with_output("B", 2.0),
            )
            .activity(
                Activity::new("back", "Home", flat())
                    .with_input("B", 1.0)
                    .with_output("A", back),
            )
            .build()
    };
    let error = cycle(0.6).unwrap_err();
    assert!(
        matches!(&error, MarketError::CreatesMaterial { gain, .. } if (gain - 1.2).abs() < 1e-12)
    );
    says(error, &["A in Home", "B in Home", "1.2"]);
    assert!(cycle(0.5).is_ok());
}

#[test]
fn curves() {
    let up = Demand::linear(Line {
        intercept: 20.0,
        slope: 1.0,
    })
    .unwrap_err();
    assert!(matches!(up, CurveError::WrongSign { .. }));
    let bad = Supply::linear(Line {
        intercept: f64::NAN,
        slope: 1.0,
    })
    .unwrap_err();
    says(bad, &["intercept", "NaN"]);
}

#[test]
fn measures_are_checked_when_they_join_a_policy() {
    let with = |m: Measure| Policy::new().with("measure", m).unwrap_err();
    for (measure, words) in [
        (
            ContractFloor::new(f64::NAN).covering("mine").into(),
            ["strike", "NaN"],
        ),
        (
            ContractFloor::new(-1.0).covering("mine").into(),
            ["strike", "-1"],
        ),
        (
            ContractFloor::new(12.0).into(),
            ["covered producers", "at least one"],
        ),
        (
            ContractFloor::new(12.0)
                .covering("mine")
                .coverage(Coverage::Share(1.5))
                .into(),
            ["covered share", "1.5"],
        ),
        (
            SupportBuying::new("Home", "oxide", 12.0)
                .budget(-5.0)
                .into(),
            ["budget", "-5"],
        ),
        (
            Tariff::ad_valorem("Home", "oxide", -1.0, Base::Origin).into(),
            ["tariff rate", "-1"],
        ),
        (
            Tariff::ad_valorem("Home", "oxide", -1.5, Base::Delivered).into(),
            ["tariff rate", "-1.5"],
        ),
        (
            Tariff::ad_valorem("Home", "oxide", 1.0, Base::Consumer).into(),
            ["consumer price", "1"],
        ),
        (
            Tariff::specific("Home", "oxide", f64::INFINITY).into(),
            ["tariff", "inf"],
        ),
    ] as [(Measure, [&str; 2]); 9]
    {
        says(with(measure), &words);
    }
    let one = Policy::new()
        .with("a", ContractFloor::new(1.0).covering("mine"))
        .unwrap();
    let error = one
        .with("a", ContractFloor::new(1.0).covering("mine"))
        .unwrap_err();
    assert_eq!(error, PolicyError::Duplicate { name: "a".into() });
    says(
        Policy::new()
            .with("a/b", SupportBuying::new("Home", "oxide", 1.0))
            .unwrap_err(),
        &["a/b", "slash"],
    );
}

#[test]
fn measures_that_do_not_fit_the_market() {
    let market = market();
    let solve = |m: Measure| {
        market
            .solve(&Policy::new().with("m", m).unwrap())
            .unwrap_err()
    };
    says(
        solve(SupportBuying::new("Mars", "oxide", 12.0).into()),
        &["measure `m`", "region `Mars`", "Home"],
    );
    says(
        solve(ContractFloor::new(12.0).covering("no mine").into()),
        &["measure `m`", "no mine", "mine, other"],
    );
    let proportional = StatutoryMinimum::new("Home", "oxide", 12.0, Rationing::Proportional);
    let error = solve(proportional.into());
    assert!(
        matches!(error, SolveError::Draft(DraftError::UnboundedOffer { .. })),
        "{error}"
    );
    says(
        error,
        &["unbounded", "Abroad -> Home: oxide", "constant cost of 1"],
    );
}

#[test]
fn two_tariffs_on_one_flow_need_a_rule() {
    let market = market();
    let first = Policy::new()
        .with("first", Tariff::specific("Home", "oxide", 1.0))
        .unwrap();
    let both = first
        .clone()
        .with(
            "second",
            Tariff::specific("Home", "oxide", 2.0).from("Abroad"),
        )
        .unwrap();
    says(
        market.solve(&both).unwrap_err(),
        &[
            "first",
            "second",
            "tariff",
            "Abroad -> Home: oxide",
            "stacking",
        ],
    );
    let rate = |stacking| {
        let second = Tariff::specific("Home", "oxide", 2.0);
        let policy = first.clone().stacked("second", stacking, second).unwrap();
        let solved = market.solve(&policy).unwrap();
        solved.price("Home", "oxide").unwrap() - solved.price("Abroad", "oxide").unwrap() - 1.0
    };
    for (stacking, expected) in [
        (Stacking::Add, 3.0),
        (Stacking::Highest, 2.0),
        (Stacking::Instead, 2.0),
    ] {
        assert!((rate(stacking) - expected).abs() < 1e-9, "{stacking:?}");
    }
    // a second price support contract on one mine would pay twice
    let floor = |strike| ContractFloor::new(strike).covering("mine");
    let twice = Policy::new()
        .with("one", floor(11.0))
        .unwrap()
        .with("two", floor(12.0))
        .unwrap();
    says(
        market.solve(&twice).unwrap_err(),
        &["one", "two", "price support contract", "mine"],
    );
}

#[test]
fn demand_that_must_be_met() {
    let fixed = |quantity| Demand::fixed(quantity).unwrap();
    let alone = |demand: Demand, supply: Supply| {
        Market::builder("test", "USD")
            .region("Home")
            .commodity("oxide")
            .demand("Home", "oxide", demand)
            .activity(Activity::producing("mine", "Home", "oxide", supply))
            .build()
            .unwrap()
            .solve(&Policy::none())
    };
    let short = alone(fixed(12.0), supply().with_capacity(10.0).unwrap()).unwrap_err();
    assert!(
        matches!(short, SolveError::Shortfall { demand, capacity, .. } if demand == 12.0 && capacity == 10.0)
    );
    says(short, &["Home", "short by 2"]);
    says(
        alone(fixed(12.0), Supply::fixed(10.0).unwrap()).unwrap_err(),
        &["short by 2"],
    );
    says(
        alone(fixed(10.0), Supply::fixed(10.0).unwrap()).unwrap_err(),
        &["any price"],
    );
    // free disposal: a price of zero, and the excess is reported
    let excess = alone(fixed(10.0), Supply::fixed(12.0).unwrap()).unwrap();
    assert_eq!(excess.price("Home", "oxide").unwrap(), 0.0);
    assert!((excess.node("Home", "oxide").unwrap().excess() - 2.0).abs() < 1e-9);
    let unreached = Market::builder("test", "USD")
        .region("A")
        .region("B")
        .commodity("oxide")
        .demand("A", "oxide", demand())
        .activity(Activity::producing("mine", "A", "oxide", supply()))
        .demand("B", "oxide", fixed(10.0));
    let error = unreached
        .clone()
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap_err();
    says(error, &["oxide in B", "nothing reaches it"]);
    assert!(
        unreached
            .route("A", "B", "oxide", 1.0)
            .build()
            .unwrap()
            .solve(&Policy::none())
            .is_ok()
    );
}

/// Demand chokes at 10, supply starts at 12: nothing is traded at any price between.
#[test]
fn curves_that_do_not_cross_give_an_interval() {
    let solved = Market::builder("test", "USD")
        .region("Home")
        .commodity("oxide")
        .demand(
            "Home",
            "oxide",
            Demand::linear(Line {
                intercept: 10.0,
                slope: -1.0,
            })
            .unwrap(),
        )
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(Line {
                intercept: 12.0,
                slope: 1.0,
            })
            .unwrap(),
        ))
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap();
    let node = solved.node("Home", "oxide").unwrap();
    assert_eq!(node.demanded(), 0.0);
    let interval = node.price_interval().unwrap();
    assert!(
        (interval.low() - 10.0).abs() < 1e-9 && (interval.high() - 12.0).abs() < 1e-9,
        "{interval:?}"
    );
    assert!(interval.contains(node.price()));
    solved.ledger().unwrap();
}

fn refuses_unknown_keys<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) {
    let json = serde_json::to_value(value).unwrap();
    serde_json::from_value::<T>(json.clone()).expect("what was written reads back");
    let serde_json::Value::Object(mut map) = json else {
        panic!("{json} is not an object")
    };
    map.insert("flor".into(), 1.into());
    let error = serde_json::from_value::<T>(serde_json::Value::Object(map))
        .err()
        .expect("an unknown key is refused");
    assert!(error.to_string().contains("flor"), "{error}");
}

#[test]
fn unknown_keys_are_refused() {
    let market = market();
    let policy = Policy::new()
        .with("m", ContractFloor::new(12.0).covering("mine"))
        .unwrap();
    let solved = market.solve(&policy).unwrap();
    let ledger = solved.ledger().unwrap();
    let free = market.solve(&Policy::none()).unwrap().ledger().unwrap();
    refuses_unknown_keys(&market);
    refuses_unknown_keys(&market.activities()[0]);
    refuses_unknown_keys(&market.routes()[0]);
    refuses_unknown_keys(&policy.entries()[0]);
    refuses_unknown_keys(&solved);
    refuses_unknown_keys(&ledger);
    refuses_unknown_keys(&ledger.against(&free).unwrap());
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
    assert!(serde_json::from_str::<Policy>(&json.replace("strike", "strik")).is_err());
    let again: Equilibrium =
        serde_json::from_str(&serde_json::to_string(&solved).unwrap()).unwrap();
    assert_eq!(again, solved);
    says(again.ledger().unwrap_err(), &["read back from a file"]);
    let stored: Ledger = serde_json::from_str(&serde_json::to_string(&ledger).unwrap()).unwrap();
    assert_eq!(stored, ledger);
}

#[test]
fn changed_numbers_obey_their_rules() {
    let policy = Policy::new()
        .with(
            "m",
            ContractFloor::new(12.0)
                .covering("mine")
                .coverage(Coverage::First(8.0)),
        )
        .unwrap();
    let compiled = market().compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    says(
        compiled.param("measure/m/strik").unwrap_err(),
        &["measure/m/strik"],
    );
    let strike = compiled.param("measure/m/strike").unwrap();
    says(
        workspace.set(strike, -1.0).unwrap_err(),
        &["measure/m/strike", "-1", "zero or more"],
    );
    says(workspace.set(strike, f64::NAN).unwrap_err(), &["NaN"]);
    assert_eq!(workspace.get(strike), Some(12.0));
    let slope = compiled.param("demand/Home/oxide/slope").unwrap();
    says(
        workspace.set(slope, 1.0).unwrap_err(),
        &["demand/Home/oxide/slope", "below zero"],
    );
    compiled.solve_into(&mut workspace).unwrap();
}
