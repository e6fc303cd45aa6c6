//! Policies and facts that cannot be meant: each is refused by a typed error before any solve, with this text.

use insta::assert_snapshot;
use pricefloor::assembly::{DraftError, Stacking};
use pricefloor::curve::Line;
use pricefloor::equilibrium::SolveError;
use pricefloor::intervention::Measure;
use pricefloor::market::MarketError;
use pricefloor::prelude::*;

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
        .demand(
            "Home",
            "oxide",
            Demand::linear(Line {
                intercept: 20.0,
                slope: -1.0,
            })
            .unwrap(),
        )
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply().with_capacity(12.0).unwrap(),
        ))
        .activity(Activity::producing("world", "Abroad", "oxide", supply()))
        .route("Abroad", "Home", "oxide", 1.0)
        .build()
        .unwrap()
}

fn refused(measures: Vec<(&str, Measure)>) -> DraftError {
    let mut policy = Policy::new();
    for (name, measure) in measures {
        policy = policy.with(name, measure).unwrap();
    }
    match market().solve(&policy).unwrap_err() {
        SolveError::Draft(error) => error,
        other => panic!("{other}"),
    }
}

#[test]
fn a_floor_above_a_ceiling() {
    let floor = StatutoryMinimum::new("Home", "oxide", 12.0, Rationing::Efficient);
    let ceiling = StatutoryCeiling::new("Home", "oxide", 9.0, Rationing::Efficient);
    let error = refused(vec![("floor", floor.into()), ("cap", ceiling.into())]);
    assert!(matches!(error, DraftError::Contradiction { .. }));
    assert_snapshot!(error, @"measures `floor` (12) and `cap` (9) contradict each other at oxide in Home: a floor may not lie above a ceiling");
    let band = PriceBand::new(
        "Home",
        "oxide",
        Band {
            lower: 14.0,
            upper: 9.0,
        },
    );
    assert_snapshot!(
        Policy::new().with("band", band).unwrap_err(),
        @"measure `band`: upper end of the band is 9; it must be at least the lower end"
    );
}

#[test]
fn two_exclusive_measures_on_one_flow() {
    let tariff = |rate| Measure::from(Tariff::specific("Home", "oxide", rate));
    let error = refused(vec![("old", tariff(1.0)), ("new", tariff(2.0))]);
    assert!(matches!(error, DraftError::Conflict { .. }));
    assert_snapshot!(error, @"measures `old` and `new` both set a tariff on `Abroad -> Home: oxide`; give the later one a stacking rule (add, highest or instead)");
    let contract = || Measure::from(ContractFloor::new(12.0).covering("mine"));
    let error = refused(vec![("first", contract()), ("second", contract())]);
    assert_snapshot!(error, @"measures `first` and `second` both set a price support contract on `mine`; give the later one a stacking rule (add, highest or instead)");
    // and with a rule they may stand together
    let policy = Policy::new().with("old", tariff(1.0)).unwrap();
    let policy = policy
        .stacked("new", Stacking::Instead, tariff(2.0))
        .unwrap();
    market().solve(&policy).unwrap();
    let embargo = Measure::from(Embargo::on_imports("Home", "oxide"));
    let promise = Measure::from(ImportCommitment::new("Home", "oxide", 3.0));
    let error = refused(vec![("ban", embargo), ("promise", promise)]);
    assert!(matches!(
        error,
        DraftError::Contradiction { .. } | DraftError::Infeasible { .. }
    ));
}

#[test]
fn a_quota_below_what_must_be_taken() {
    let must_take = GuaranteedOfftake::new("mine", 8.0, OfftakePrice::Fixed(12.0)).firm();
    let quota = ProductionQuota::new("Home", "oxide", 6.0);
    let error = refused(vec![("offtake", must_take.into()), ("quota", quota.into())]);
    assert!(matches!(error, DraftError::Contradiction { .. }));
    assert_snapshot!(error, @"measures `offtake` (8) and `quota` (6) contradict each other at `mine`: what must be delivered may not exceed what is allowed");
}

#[test]
fn a_contract_volume_above_capacity() {
    let floor = ContractFloor::new(12.0)
        .covering("mine")
        .coverage(Coverage::First(15.0));
    let error = refused(vec![("floor", floor.into())]);
    assert!(matches!(error, DraftError::Infeasible { .. }));
    assert_snapshot!(error, @"measure `floor`: the contract volume of `mine` must reach 15, and at most 12 can be had: short by 3");
    let offtake = GuaranteedOfftake::new("mine", 15.0, OfftakePrice::Fixed(12.0));
    let error = refused(vec![("offtake", offtake.into())]);
    assert_snapshot!(error, @"measure `offtake`: the contract volume of `mine` must reach 15, and at most 12 can be had: short by 3");
}

#[test]
fn a_bloc_with_an_unknown_member() {
    let bloc = Bloc::new("allies", ["Home", "Mars"]).unwrap();
    let error = bloc.check_in(&market()).unwrap_err();
    assert!(matches!(error, MarketError::Unknown { .. }));
    assert_snapshot!(error, @"bloc `allies`: unknown region `Mars`; known: Home, Abroad");
    let ladder = ReferencePriceLadder::new(&bloc).rung("oxide", 9.0);
    let error = refused(vec![("ladder", ladder.into())]);
    assert!(matches!(error, DraftError::Unknown { .. }));
    assert_snapshot!(error, @"measure `ladder`: unknown region `Mars`; known: Abroad, Home");
}

/// Magnets into powder at 1.25 to one, and back at 0.9: 1.125 for each one used.
#[test]
fn a_cycle_that_makes_more_than_it_uses() {
    let free = || Supply::perfectly_elastic(1.0).unwrap();
    let error = Market::builder("cycle", "USD")
        .region("Home")
        .commodity("magnets")
        .commodity("powder")
        .activity(
            Activity::new("recycling", "Home", free())
                .with_input("magnets", 1.0)
                .with_output("powder", 1.25),
        )
        .activity(
            Activity::new("pressing", "Home", free())
                .with_input("powder", 1.0)
                .with_output("magnets", 0.9),
        )
        .build()
        .unwrap_err();
    assert!(
        matches!(error, MarketError::CreatesMaterial { gain, .. } if (gain - 1.125).abs() < 1e-12)
    );
    let text = error.to_string();
    let (cycle, rule) = text.split_once(" returns ").unwrap();
    assert!(
        cycle.contains("magnets in Home") && cycle.contains("powder in Home"),
        "{cycle}"
    );
    assert_snapshot!(rule, @"1.125 units for each one it uses; a chain may not create material (gain at most 1)");
}
