//! Runs that are left and taken up again.

use super::{home, over, supply};
use crate::cases::instance as file;
use crate::complementarity_instances::instance;
use crate::parity::NotedPath;
use insta::assert_snapshot;
use pricefloor::complementarity::{Method, Settings, interruptible};
use pricefloor::curve::Observed;
use pricefloor::horizon::{
    Calendar, Dated, Expansion, Foresight, Horizon, HorizonError, Path, Run, Stage, Store,
};
use pricefloor::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

fn two_news() -> pricefloor::horizon::Horizon {
    let fixed = home(Supply::fixed(10.0).unwrap());
    let market = fixed.to_builder().build().unwrap();
    over(&market, 8)
        .growth("Home", "oxide", 0.06)
        .store(
            Store::new("Home", "oxide")
                .opening(2.0)
                .costing(0.1)
                .losing(0.01),
        )
        .measure(
            Dated::new(
                "buying",
                SupportBuying::new("Home", "oxide", 14.0).fund(30.0),
            )
            .from(2.0)
            .known_from(2.0),
        )
        .measure(
            Dated::new("tax", ProductionSubsidy::new("Home", "oxide", 1.0))
                .from(5.0)
                .known_from(4.0),
        )
        .build()
        .unwrap()
}

#[test]
fn a_run_can_be_taken_up_again_after_any_step() {
    let horizon = two_news();
    for foresight in [Foresight::Perfect, Foresight::Rolling(3.0)] {
        let horizon = horizon.to_builder().foresight(foresight).build().unwrap();
        let whole = horizon.noted().unwrap();
        let mut steps = 0;
        loop {
            let mut run = Run::new(&horizon).unwrap();
            for _ in 0..steps {
                run.advance().unwrap();
            }
            let file = serde_json::to_string(&run).unwrap();
            let mut resumed: Run = serde_json::from_str(&file).unwrap();
            while resumed.advance().unwrap() {}
            assert_eq!(resumed.into_path(), whole);
            if !run.advance().unwrap() {
                break;
            }
            steps += 1;
        }
        assert!(steps >= 2);
    }
}

/// A step that is interrupted changes nothing: the run can be written to a file as it stands and taken up again, and ends at
/// the same bits. Under perfect foresight the steps are from one piece of news to the next, and each of them is left in the
/// middle here.
#[test]
fn an_interrupted_run_is_taken_up_again() {
    for foresight in [Foresight::Perfect, Foresight::Rolling(3.0)] {
        let horizon = two_news()
            .to_builder()
            .foresight(foresight)
            .build()
            .unwrap();
        let whole = horizon.solve().unwrap();
        let mut run = Run::new(&horizon).unwrap();
        let mut left = 0;
        loop {
            let mut trial = run.clone();
            let asked = Rc::new(Cell::new(0));
            let count = Rc::clone(&asked);
            let ended = interruptible(
                move || {
                    count.set(count.get() + 1);
                    count.get() > 2
                },
                || trial.advance(),
            );
            let error = ended.unwrap_err().to_string();
            assert!(error.contains("interrupted"), "{error}");
            assert!(asked.get() > 2);
            left += 1;
            let file = serde_json::to_string(&trial).unwrap();
            run = serde_json::from_str(&file).unwrap();
            if !run.advance().unwrap() {
                break;
            }
        }
        assert_eq!(run.into_path(), whole);
        assert!(left >= 3, "{left}");
    }
}

/// A step of a run that is interrupted before its solve's iteration number `after`.
fn left_after(run: &mut Run, after: usize) -> Result<bool, HorizonError> {
    let asked = Cell::new(0);
    let stop = move || asked.replace(asked.get() + 1) >= after;
    interruptible(stop, || run.advance())
}

fn through_a_file(run: &Run) -> Run {
    serde_json::from_str(&serde_json::to_string(run).unwrap()).unwrap()
}

/// Takes one iteration at a time, and writes the run to a file and reads it back after each if it can be; the path, and
/// how often.
fn iteration_by_iteration(mut run: Run) -> (Path, usize) {
    let in_files = serde_json::to_string(&run).is_ok();
    let mut left = 0;
    loop {
        match left_after(&mut run, 1) {
            Ok(true) => {}
            Ok(false) => return (run.into_path(), left),
            Err(error) => {
                assert!(error.to_string().contains("interrupted"), "{error}");
                left += 1;
                if in_files {
                    run = through_a_file(&run);
                }
            }
        }
    }
}

/// Demand and supply of constant elasticity that grow, with a mine that is enlarged at a hurdle rate of its own.
fn curved() -> Horizon {
    let at = Observed {
        price: 10.0,
        quantity: 10.0,
    };
    let market = Market::builder("curved", "USD")
        .region("Home")
        .commodity("oxide")
        .demand(
            "Home",
            "oxide",
            Demand::constant_elasticity(at, -0.4).unwrap(),
        )
        .activity(Activity::producing(
            "old",
            "Home",
            "oxide",
            Supply::constant_elasticity(at, 0.3).unwrap(),
        ))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::perfectly_elastic(6.0)
                .unwrap()
                .with_capacity(1.0)
                .unwrap(),
        ))
        .build()
        .unwrap();
    Horizon::builder(&market, Calendar::yearly(8), 0.05)
        .growth("Home", "oxide", 0.04)
        .expansion(
            Expansion::of("mine")
                .stage(Stage::new("construction", 2.0).costing(30.0))
                .hurdle_rate(0.12),
        )
        .store(Store::new("Home", "oxide").opening(1.0).costing(0.1))
        .measure(Dated::new(
            "floor",
            ContractFloor::new(11.0).covering("old"),
        ))
        .build()
        .unwrap()
}

/// A share of the upside with a cap is a switch: the cases are tried one after the other, each in a solve of its own.
fn switched() -> Horizon {
    let floor = ContractFloor::new(8.0)
        .covering("mine")
        .with_upside(UpsideShare {
            share: 0.3,
            threshold: 9.0,
            yearly_cap: Some(4.0),
        });
    over(&home(supply(5.0, 0.5)), 3)
        .growth("Home", "oxide", 1.0)
        .measure(Dated::new("floor", floor))
        .build()
        .unwrap()
}

/// One solve over all periods, left after every single iteration, ends at the bits of the solve that was never left, the
/// numbers of iterations and factorisations of its certificate among them. The two instances hold a measure of their own,
/// which a file cannot; they are left in memory.
#[test]
fn a_solve_goes_on_after_any_iteration() {
    let file = |name| instance::read(&file(name)).unwrap().horizon().unwrap();
    for horizon in [
        two_news(),
        curved(),
        switched(),
        file("pf_R3_K2_T10"),
        file("pfav_R3_K2_T10"),
    ] {
        for method in [
            Method::Automatic,
            Method::InteriorPoint,
            Method::Continuation,
        ] {
            let settings = Settings::builder().method(method).build().unwrap();
            let Ok(whole) = horizon.solve_with(settings) else {
                assert_ne!(method, Method::Automatic);
                continue;
            };
            let run = Run::new(&horizon).unwrap().with_settings(settings);
            let (path, left) = iteration_by_iteration(run);
            assert_eq!(path, whole);
            assert!(left > 5, "{left}");
        }
    }
}

/// A limit of the settings leaves the solve too: with time for one iteration each, and with a higher limit of iterations.
#[test]
fn limits_leave_a_solve_to_go_on_with() {
    let horizon = curved();
    let whole = horizon.solve().unwrap();
    let hurried = Settings::builder()
        .time_limit(Some(Duration::from_nanos(1)))
        .build()
        .unwrap();
    let mut run = Run::new(&horizon).unwrap().with_settings(hurried);
    let mut left = 0;
    while let Err(error) = run.advance() {
        assert!(error.to_string().contains("time limit reached"), "{error}");
        run = through_a_file(&run);
        left += 1;
    }
    assert_eq!(run.into_path(), whole);
    assert!(left > 5, "{left}");
    let few = Settings::builder().iteration_limit(4).build().unwrap();
    let mut run = Run::new(&horizon).unwrap().with_settings(few);
    for _ in 0..2 {
        let error = run.advance().unwrap_err().to_string();
        assert!(error.contains("iteration limit reached"), "{error}");
    }
    let mut run = run.with_settings(Settings::default());
    while run.advance().unwrap() {}
    assert_eq!(run.into_path(), whole);
}

/// What was reached belongs to the market in which it was.
#[test]
fn a_checkpoint_of_another_market_is_refused() {
    let mut run = Run::new(&curved()).unwrap();
    left_after(&mut run, 5).unwrap_err();
    let mine: serde_json::Value = serde_json::to_value(&run).unwrap();
    let with = |path: &str, value: serde_json::Value| {
        let mut file = mine.clone();
        *file.pointer_mut(path).unwrap() = value;
        serde_json::from_value::<Run>(file).map_err(|error| error.to_string())
    };
    let advanced = |run: Result<Run, String>| run.unwrap().advance().unwrap_err().to_string();
    let other = advanced(with("/horizon/discount_rate", serde_json::json!(0.06)));
    let says =
        "from year 0: the checkpoint belongs to another problem: price/Home/oxide in period 0 had";
    assert!(other.starts_with(says), "{other}");
    let longer = with("/horizon/calendar/years", serde_json::json!(9.0));
    assert_snapshot!(advanced(longer), @"run: where it stands does not fit its horizon");
    let short = with("/unfinished/solve/x", serde_json::json!("0000000000000000"));
    let short = advanced(short);
    let says = "from year 0: a checkpoint has 1 entries; it needs";
    assert!(short.starts_with(says), "{short}");
    let broken = with("/unfinished/solve/x", serde_json::json!("12 apples"));
    assert_snapshot!(broken.unwrap_err(), @"numbers must be written as sixteen hexadecimal digits each");
}
