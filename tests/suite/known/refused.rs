//! Measures that contradict each other, ask for too much, or name what is not there.

use super::*;
use pricefloor::assembly::{DraftError, Stacking};
use pricefloor::equilibrium::SolveError;
use pricefloor::market::MarketError;

fn draft_error(market: &Market, policy: &Policy) -> DraftError {
    match market.noted(policy).unwrap_err() {
        SolveError::Draft(error) => error,
        other => panic!("{other}"),
    }
}

fn says(error: &DraftError, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{text}` does not say `{word}`");
    }
}

#[test]
fn neg_floor_above_ceiling() {
    let case = case("neg_floor_above_ceiling");
    let market = closed(demand(30.0, 1.0), supply(0.0, 1.0));
    let (floor, ceiling) = (
        case["problem"]["floor"].as_f64().unwrap(),
        case["problem"]["ceiling"].as_f64().unwrap(),
    );
    for rationing in [Rationing::Efficient, Rationing::Proportional] {
        let ceiling = StatutoryCeiling::new("Home", "good", ceiling, rationing);
        for policy in [
            Policy::new()
                .with(
                    "floor",
                    StatutoryMinimum::new("Home", "good", floor, rationing),
                )
                .unwrap(),
            Policy::new()
                .with("floor", SupportBuying::new("Home", "good", floor))
                .unwrap(),
        ] {
            let error = draft_error(&market, &policy.with("ceiling", ceiling.clone()).unwrap());
            assert!(matches!(error, DraftError::Contradiction { .. }));
            says(&error, &["floor", "12", "ceiling", "9", "good in Home"]);
        }
    }
}

#[test]
fn neg_conflicting_policies() {
    assert_eq!(
        case("neg_conflicting_policies")["answer"]["outcome"],
        "error"
    );
    let market = small(demand(100.0, 20.0), supply(20.0, 20.0), 1.0);
    let ban = || Embargo::on_imports("Home", "good");
    let contradictions = [
        one(ban())
            .with("promise", ImportCommitment::new("Home", "good", 5.0))
            .unwrap(),
        one(ImportQuota::new("Home", "good", 3.0, RentOwner::Importers))
            .with("promise", ImportCommitment::new("Home", "good", 5.0))
            .unwrap(),
        one(Embargo::on_exports("World", "good"))
            .with("promise", ExportTax::specific("World", "good", -0.5))
            .unwrap(),
        one(ExportTax::specific("World", "good", -0.5))
            .with("promise", Embargo::on_exports("World", "good"))
            .unwrap(),
    ];
    let delivery = GuaranteedOfftake::new("home", 12.0, OfftakePrice::Fixed(1.0));
    let quota = ProductionQuota::new("Home", "good", 10.0);
    let delivered = one(quota.clone())
        .with("promise", delivery.clone())
        .unwrap();
    let limited = one(delivery).with("promise", quota).unwrap();
    for policy in contradictions.iter().chain([&delivered, &limited]) {
        let error = draft_error(&market, policy);
        assert!(matches!(error, DraftError::Contradiction { .. }), "{error}");
        says(&error, &["measure", "promise"]);
    }
    let tariffs = one(Tariff::specific("Home", "good", 0.1))
        .with("promise", Tariff::specific("Home", "good", 0.2))
        .unwrap();
    says(
        &draft_error(&market, &tariffs),
        &["measure", "promise", "stacking"],
    );
    let added = one(Tariff::specific("Home", "good", 0.1))
        .stacked(
            "promise",
            Stacking::Add,
            Tariff::specific("Home", "good", 0.2),
        )
        .unwrap();
    assert!((price(&market.noted(&added).unwrap(), "Home") - 1.3).abs() < 1e-9);
}

#[test]
fn neg_infeasible_quota() {
    assert_eq!(case("neg_infeasible_quota")["answer"]["outcome"], "error");
    // exports of 20 from a region that can make 15
    let market = closed(demand(100.0, 20.0), supply(20.0, 20.0))
        .to_builder()
        .region("World")
        .activity(Activity::producing(
            "world",
            "World",
            "good",
            supply(0.0, 20.0).with_capacity(15.0).unwrap(),
        ))
        .route("World", "Home", "good", 0.0)
        .build()
        .unwrap();
    let error = draft_error(&market, &one(ImportCommitment::new("Home", "good", 20.0)));
    assert!(
        matches!(error, DraftError::Infeasible { required, available, .. } if required == 20.0 && available == 15.0)
    );
    says(
        &error,
        &["measure", "good into Home", "20", "15", "short by 5"],
    );
    // production of 50 promised with a capacity of 30, and a share of 70 % of which 50 % is there
    let capped = closed(
        Demand::fixed(60.0).unwrap(),
        supply(0.0, 10.0).with_capacity(30.0).unwrap(),
    )
    .to_builder()
    .region("World")
    .activity(Activity::producing(
        "world",
        "World",
        "good",
        Supply::perfectly_elastic(1.0).unwrap(),
    ))
    .route("World", "Home", "good", 0.0)
    .build()
    .unwrap();
    let fixed = OfftakePrice::Fixed(9.0);
    for (measure, asked, short) in [
        (
            Measure::from(GuaranteedOfftake::new("home", 50.0, fixed)),
            50.0,
            "short by 20",
        ),
        (
            ContractFloor::new(9.0)
                .covering("home")
                .coverage(Coverage::First(50.0))
                .into(),
            50.0,
            "short by 20",
        ),
        (
            OriginRequirement::new("Home", "good", 0.7)
                .named("Home")
                .into(),
            42.0,
            "short by 12",
        ),
    ] {
        let error = draft_error(&capped, &one(measure));
        assert!(
            matches!(error, DraftError::Infeasible { required, available, .. } if required == asked && available == 30.0),
            "{error}"
        );
        says(&error, &["measure", short]);
    }
}

/// Rates at which nothing is left to pay, or less.
#[test]
fn neg_ad_valorem_below_minus_100() {
    let case = case("neg_ad_valorem_below_minus_100");
    for variant in case["problem"]["variants"].as_array().unwrap() {
        let measures: Vec<Measure> = match variant["tariff"].as_f64() {
            Some(rate) => [Base::Origin, Base::Delivered, Base::Consumer]
                .map(|base| Tariff::ad_valorem("Home", "good", rate, base).into())
                .into(),
            None => {
                let rate = variant["consumption_subsidy"].as_f64().unwrap();
                vec![InputSubsidy::ad_valorem("Home", "good", rate).into()]
            }
        };
        for measure in measures {
            let text = match Policy::new().with("measure", measure.clone()) {
                Err(error) => {
                    let given = serde_json::json!([{ "name": "measure", "measure": measure }]);
                    crate::parity::note("policy", &given, Err(error.to_string()));
                    error.to_string()
                }
                Ok(policy) => {
                    let market = small(demand(100.0, 20.0), supply(20.0, 20.0), 1.0);
                    draft_error(&market, &policy).to_string()
                }
            };
            assert!(text.contains("measure") && text.contains("rate"), "{text}");
        }
    }
}

fn cycle(a_from_b: (f64, f64), b_from_a: (f64, f64)) -> Result<Market, MarketError> {
    let made = |name: &str, output: &str, per_unit: f64, input: &str, needs: f64, cost: f64| {
        Activity::new(name, "Home", Supply::perfectly_elastic(cost).unwrap())
            .with_output(output, per_unit)
            .with_input(input, needs)
    };
    Market::builder("cycle", "USD")
        .region("Home")
        .commodity("A")
        .commodity("B")
        .demand("Home", "A", Demand::fixed(1.0).unwrap())
        .activity(made("maker of A", "A", a_from_b.0, "B", a_from_b.1, 1.0))
        .activity(made("maker of B", "B", b_from_a.0, "A", b_from_a.1, 2.0))
        .build()
}

/// A loop that returns 1.2 for 1 is refused. One that needs 1.5 of A for each A it makes is a technology with which nobody can
/// meet a demand that must be met, and the solve says so. The case's control is an economy in which labour adds what the
/// loop multiplies; here inputs are materials, so that it is refused as the first is, with its gain of 1 / (0.2 x 0.5).
#[test]
fn neg_cyclic_gain_over_one() {
    assert_eq!(
        case("neg_cyclic_gain_over_one")["answer"]["outcome"],
        "error"
    );
    for (a_from_b, b_from_a, expected) in [
        ((0.6, 1.0), (2.0, 1.0), 1.2),
        ((1.0, 0.2), (1.0, 0.5), 10.0),
    ] {
        let error = cycle(a_from_b, b_from_a).unwrap_err();
        assert!(
            matches!(&error, MarketError::CreatesMaterial { cycle, gain }
                if (gain - expected).abs() < 1e-12 && cycle.contains("A in Home") && cycle.contains("B in Home")),
            "{error}"
        );
    }
    let market = cycle((1.0, 0.5), (1.0, 3.0)).unwrap();
    let error = market.noted(&Policy::none()).unwrap_err();
    assert!(
        matches!(
            error,
            SolveError::Shortfall { .. } | SolveError::Unreached { .. }
        ),
        "{error}"
    );
}

/// A region that must have 10 and has neither a producer nor a route; with a route at a cost of 1 the price at its other end
/// is (30 + 10) / 3.
#[test]
fn neg_disconnected_fixed_demand() {
    assert_eq!(
        case("neg_disconnected_fixed_demand")["answer"]["outcome"],
        "error"
    );
    let alone = Market::builder("two", "USD")
        .region("A")
        .region("B")
        .commodity("good")
        .demand("A", "good", demand(30.0, 1.0))
        .demand("B", "good", Demand::fixed(10.0).unwrap())
        .activity(Activity::producing("a", "A", "good", supply(0.0, 2.0)));
    let error = alone
        .clone()
        .build()
        .unwrap()
        .noted(&Policy::none())
        .unwrap_err();
    assert!(
        matches!(&error, SolveError::Unreached { region, quantity, .. } if region == "B" && *quantity == 10.0),
        "{error}"
    );
    let solved = alone
        .route("A", "B", "good", 1.0)
        .build()
        .unwrap()
        .noted(&Policy::none())
        .unwrap();
    assert!((price(&solved, "A") - 40.0 / 3.0).abs() < 1e-9);
    assert!((price(&solved, "B") - 43.0 / 3.0).abs() < 1e-9);
}

#[test]
fn blocs_name_their_members() {
    let market = small(demand(100.0, 20.0), supply(20.0, 20.0), 1.0);
    let bloc = Bloc::new("allies", ["Home", "Mars"]).unwrap();
    let ladder = ReferencePriceLadder::new(&bloc).rung("good", 1.5);
    let error = draft_error(&market, &one(ladder.clone()));
    assert!(matches!(error, DraftError::Unknown { .. }));
    says(&error, &["measure", "region `Mars`", "Home, World"]);
    let study = BlocStudy::new(&market, &Policy::none(), &bloc, |_| {
        Policy::new().with("floor", ladder.clone())
    })
    .unwrap_err();
    assert!(study.to_string().contains("Mars"), "{study}");
    for (members, word) in [
        (vec![], "no member"),
        (vec!["Home", "Home"], "twice"),
        (vec![" "], "empty"),
    ] {
        let error = Bloc::new("allies", members).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
