//! What is refused.

use super::{home, open, over, supply};
use crate::parity::NotedPath;
use insta::assert_snapshot;
use pricefloor::horizon::{
    Calendar, Dated, Expansion, Foresight, Horizon, HorizonBuilder, Reserve, Review, Run, Stage,
    Store,
};
use pricefloor::prelude::*;

fn refused(horizon: HorizonBuilder) -> String {
    match horizon.build() {
        Err(error) => error.to_string(),
        Ok(horizon) => horizon.noted().unwrap_err().to_string(),
    }
}

fn base() -> HorizonBuilder {
    over(&home(supply(5.0, 0.5)), 5)
}

fn capped() -> HorizonBuilder {
    over(
        &home(
            Supply::perfectly_elastic(5.0)
                .unwrap()
                .with_capacity(4.0)
                .unwrap(),
        ),
        5,
    )
}

#[test]
fn a_lead_time_beyond_the_horizon() {
    let late = || {
        Expansion::of("mine")
            .stage(Stage::new("permit", 29.0))
            .stage(Stage::new("construction", 3.0))
    };
    assert_snapshot!(refused(capped().expansion(late())), @"`mine` comes on line 32 years after a decision, and those who decide look 5 years ahead; shorten the stages or look further");
    let short = Expansion::of("mine").stage(Stage::new("construction", 2.0));
    assert_snapshot!(refused(capped().expansion(short).foresight(Foresight::Rolling(2.0))), @"`mine` comes on line 2 years after a decision, and those who decide look 2 years ahead; shorten the stages or look further");
}

#[test]
fn measures_that_do_not_fit() {
    let halt = Embargo::on_exports("Abroad", "oxide").with("Mars");
    assert_snapshot!(refused(over(&open(), 5).measure(Dated::new("halt", halt).from(2.0))), @"from year 2: measure `halt`: unknown region `Mars`; known: Abroad, Home");
    // routes lead from Abroad to Home only
    let back = Embargo::on_exports("Home", "oxide").with("Abroad");
    assert_snapshot!(refused(over(&open(), 5).measure(Dated::new("halt", back))), @"from year 0: measure `halt`: oxide out of Home has no such route");
    let floor = || SupportBuying::new("Home", "oxide", 12.0);
    let twice = base()
        .measure(Dated::new("one", floor()))
        .measure(Dated::new("two", floor()).from(2.0));
    assert_snapshot!(refused(twice), @"from year 2: measures `one` and `two` both set a price floor on oxide in Home; give the later one a stacking rule (add, highest or instead)");
    let known_late = Dated::new("late", floor()).from(2.0).known_from(3.0);
    assert_snapshot!(refused(base().measure(known_late)), @"measure `late`: becoming known (3) must not be after entering into force (2)");
    assert_snapshot!(refused(base().measure(Dated::new("gone", floor()).from(2.0).until(1.0))), @"measure `gone`: entering into force (2) must not be after its end (1)");
    assert_snapshot!(refused(base().measure(Dated::new("odd", floor()).varying("flor", [(0.0, 1.0)]))), @"from year 0: measure/odd: unknown number `measure/odd/flor`; known: floor, stock_value");
    assert_snapshot!(refused(base().measure(Dated::new("odd", floor()).varying("floor", [(0.0, -1.0)]))), @"from year 0: measure/odd/floor: value is -1; it must be a finite number, zero or more");
    let same = base()
        .measure(Dated::new("one", floor()))
        .measure(Dated::new("one", floor()));
    assert_snapshot!(refused(same), @"measure `one` is declared twice");
}

#[test]
fn things_that_are_not_there() {
    assert_snapshot!(refused(base().growth("Home", "magnets", 0.1)), @"growth of demand for magnets in Home: unknown commodity `magnets`; known: oxide");
    assert_snapshot!(refused(base().store(Store::new("Abroad", "oxide"))), @"store of oxide in Abroad: unknown region `Abroad`; known: Home");
    assert_snapshot!(refused(base().reserve(Reserve::of("pit", 3.0))), @"reserve of `pit`: unknown activity `pit`; known: mine");
    assert_snapshot!(refused(base().expansion(Expansion::of("pit"))), @"expansion of `pit`: unknown activity `pit`; known: mine");
    assert_snapshot!(refused(base().expansion(Expansion::of("mine"))), @"from year 0: market: `mine` has no capacity; state what is installed with `with_capacity`");
    let review = Review::new("fast", "mine", "permit", 1.0);
    assert_snapshot!(refused(capped().review(review.clone())), @"review `fast`: unknown expansion or entrant `mine`; known:");
    let built = Expansion::of("mine").stage(Stage::new("construction", 2.0));
    assert_snapshot!(refused(capped().expansion(built).review(review)), @"review `fast`: unknown stage `permit`; known: construction");
}

#[test]
fn numbers_out_of_range() {
    let market = home(supply(5.0, 0.5));
    let horizon = |calendar, rate| Horizon::builder(&market, calendar, rate);
    assert_snapshot!(refused(horizon(Calendar::yearly(0), 0.05)), @"calendar: years is 0; it must be a finite number above zero");
    assert_snapshot!(refused(horizon(Calendar::yearly(5).in_steps_of(0.0), 0.05)), @"calendar: length of a period is 0; it must be a finite number above zero");
    assert_snapshot!(refused(horizon(Calendar::yearly(5).in_steps_of(1e-6), 0.05)), @"calendar: number of periods is 5000000; it must be at most 10,000");
    assert_snapshot!(refused(horizon(Calendar::yearly(5), -0.05)), @"horizon: discount rate is -0.05; it must be a finite number, zero or more");
    assert_snapshot!(refused(base().foresight(Foresight::Rolling(0.0))), @"horizon: years of foresight is 0; it must be a finite number above zero");
    assert_snapshot!(refused(base().growth("Home", "oxide", -1.0)), @"demand for oxide in Home: growth is -1; it must be a finite rate above -1");
    assert_snapshot!(refused(base().store(Store::new("Home", "oxide").losing(1.5))), @"store of oxide in Home: loss is 1.5; it must be a share from 0 to 1");
    assert_snapshot!(refused(base().reserve(Reserve::of("mine", f64::NAN))), @"reserve of `mine`: amount is NaN; it must be a finite number, zero or more");
    let stage = Stage::new("permit", 1.0).succeeding(0.0);
    assert_snapshot!(refused(capped().expansion(Expansion::of("mine").stage(stage))), @"stage `permit` of `mine`: success is 0; it must be a finite number above zero");
}

#[test]
fn files_go_through_the_same_checks() {
    let horizon = base()
        .store(Store::new("Home", "oxide").opening(2.0))
        .build()
        .unwrap();
    let file = serde_json::to_string(&horizon).unwrap();
    assert_eq!(serde_json::from_str::<Horizon>(&file).unwrap(), horizon);
    let bad = file.replace("\"opening\":2.0", "\"opening\":-2.0");
    assert_snapshot!(serde_json::from_str::<Horizon>(&bad).unwrap_err(), @"store of oxide in Home: opening stock is -2; it must be a finite number, zero or more");
    let mut run = Run::new(&horizon).unwrap();
    run.advance().unwrap();
    let file = serde_json::to_string(&run).unwrap();
    let bad = file.replace("\"next\":5", "\"next\":9");
    assert_snapshot!(serde_json::from_str::<Run>(&bad).unwrap_err(), @"run: where it stands does not fit its horizon");
}
