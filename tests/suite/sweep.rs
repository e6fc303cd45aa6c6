//! Sweeps: rows in order, parts that can be done anywhere, and a run that is stopped and taken up again.

use std::fs;
use std::path::PathBuf;

use pricefloor::assembly::Param;
use pricefloor::equilibrium::{Compiled, Outcome, SolveError};
use pricefloor::prelude::*;
use pricefloor::sweep::{Axis, Job, Plan, Range, Store, Sweep, SweepError};

const FLOOR: &str = "measure/floor/floor";
const DEMAND: &str = "demand/Home/oxide/intercept";

/// P = a - Q is bought, P = 5 + Q/2 is offered, and the state buys at a floor.
fn compiled() -> Compiled {
    let demand = Demand::linear(Line {
        intercept: 20.0,
        slope: -1.0,
    });
    let supply = Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    });
    let market = Market::builder("textbook", "USD/t")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand.unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply.unwrap(),
        ))
        .build()
        .unwrap();
    let policy = Policy::new()
        .with("floor", SupportBuying::new("Home", "oxide", 12.0))
        .unwrap();
    market.compile(&policy).unwrap()
}

fn axis(path: &str, values: &[f64]) -> Axis {
    Axis {
        path: path.to_owned(),
        values: values.to_vec(),
    }
}

fn outcomes() -> Vec<Outcome> {
    vec![Outcome::price("Home", "oxide"), Outcome::outlay("floor")]
}

fn grid(floors: usize) -> Plan {
    let floors: Vec<f64> = (0..floors).map(|k| 8.0 + 0.02 * k as f64).collect();
    Plan::grid(vec![
        axis(DEMAND, &[18.0, 20.0, 22.0]),
        axis(FLOOR, &floors),
    ])
    .unwrap()
}

fn job(plan: Plan, part_rows: usize, compiled: &Compiled) -> Job<&Compiled> {
    let sweep = Sweep::new(plan, outcomes()).unwrap();
    sweep
        .with_part_rows(part_rows)
        .unwrap()
        .on(compiled)
        .unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("pricefloor-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Closed form: free price (a + 10) / 3; at a floor f above it the state buys (2 f - 10) - (a - f) = 3 f - 10 - a.
#[test]
fn a_grid_has_its_last_axis_fastest() {
    let plan = grid(300);
    assert_eq!(plan.rows(), 900);
    let compiled = compiled();
    let swept = job(plan.clone(), 4096, &compiled)
        .run(None, |_| true)
        .unwrap();
    assert!(swept.failures().is_empty());
    for row in 0..900 {
        let (a, f) = (
            [18.0, 20.0, 22.0][row / 300],
            8.0 + 0.02 * (row % 300) as f64,
        );
        assert_eq!(plan.values(row, 1), [a, f]);
        let free = (a + 10.0) / 3.0;
        let bought = (3.0 * f - 10.0 - a).max(0.0);
        let found = swept.row(row).unwrap();
        assert!((found[0] - free.max(f)).abs() < 1e-7, "{row}: {found:?}");
        assert!((found[1] - f * bought).abs() < 1e-5, "{row}: {found:?}");
    }
    assert!(swept.row(900).is_none());
}

#[test]
fn the_size_and_the_order_of_parts_do_not_show() {
    let (compiled, plan) = (compiled(), grid(300));
    let params: Vec<Param> = [DEMAND, FLOOR]
        .iter()
        .map(|path| compiled.param(path).unwrap())
        .collect();
    let rows = plan.values(0, usize::MAX);
    let whole = compiled.solve_many(&params, &rows, &outcomes()).unwrap();
    for part_rows in [64, 192, 4096] {
        let job = job(plan.clone(), part_rows, &compiled);
        let backwards = (0..job.sweep().parts()).rev().map(|index| {
            let bytes = job.part(index).unwrap().to_bytes();
            job.read(&bytes).unwrap()
        });
        let swept = job.together(backwards).unwrap();
        assert_eq!(bits(swept.values()), bits(whole.values()));
    }
}

#[test]
fn a_stopped_sweep_goes_on_where_it_was() {
    let compiled = compiled();
    let job = job(grid(300), 64, &compiled);
    let whole = job.run(None, |_| true).unwrap();
    let kept = folder("resume");
    let store = Store::open(&kept).unwrap();
    let stopped = job.run(Some(&store), |done| done < 5);
    assert_eq!(stopped, Err(SweepError::Stopped { done: 5, parts: 15 }));
    let key = job.key();
    assert!(store.load(key, 4).unwrap().is_some());
    assert!(store.load(key, 5).unwrap().is_none());
    // what is kept is not solved again: a file that is taken for finished shows in the outcome
    let first = fs::metadata(store.file(key, 0))
        .unwrap()
        .modified()
        .unwrap();
    let swept = job.run(Some(&store), |_| true).unwrap();
    assert_eq!(bits(swept.values()), bits(whole.values()));
    let again = fs::metadata(store.file(key, 0))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(first, again);
    fs::remove_dir_all(kept).unwrap();
}

#[test]
fn damaged_and_foreign_parts_are_refused() {
    let compiled = compiled();
    let first = job(grid(100), 64, &compiled);
    let part = first.part(1).unwrap();
    let bytes = part.to_bytes();
    for cut in [0, 7, 24, 40, bytes.len() - 1] {
        let found = first.read(&bytes[..cut]);
        assert!(matches!(found, Err(SweepError::Foreign { .. })), "{cut}");
    }
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        assert!(first.read(&damaged).is_err(), "{place}");
    }
    let found = job(grid(101), 64, &compiled).read(&bytes);
    assert!(matches!(found, Err(SweepError::Foreign { .. })));
    let kept = folder("damaged");
    let store = Store::open(&kept).unwrap();
    store.save(&part).unwrap();
    let file = store.file(first.key(), 1);
    fs::write(&file, &bytes[..50]).unwrap();
    let error = store.load(first.key(), 1).unwrap_err();
    assert!(
        error.to_string().contains("cut short or damaged"),
        "{error}"
    );
    assert_eq!(first.together([part]), Err(SweepError::Missing { part: 0 }));
    fs::remove_dir_all(kept).unwrap();
}

/// The mean of a uniform draw on [11, 13] is 12, its variance 1/3: 4096 draws are within 4 standard errors, 0.036.
#[test]
fn draws_have_a_stream_for_each_block() {
    let range = |low, high| Range {
        path: FLOOR.to_owned(),
        low,
        high,
    };
    let plan = Plan::uniform(vec![range(11.0, 13.0)], 4096, 7).unwrap();
    let values = plan.values(0, 4096);
    let mean = values.iter().sum::<f64>() / 4096.0;
    assert!((mean - 12.0).abs() < 0.036, "{mean}");
    assert!(values.iter().all(|value| (11.0..13.0).contains(value)));
    // any stretch, cut anywhere, has the same bytes
    assert_eq!(bits(&plan.values(100, 77)), bits(&values[100..177]));
    assert_ne!(values[..64], values[64..128]);
    let other = Plan::uniform(vec![range(11.0, 13.0)], 4096, 8).unwrap();
    assert_ne!(other.values(0, 64), values[..64]);
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&stored).unwrap(), plan);
}

#[test]
fn bad_plans_are_refused() {
    let message = |plan: Result<Plan, SweepError>| plan.unwrap_err().to_string();
    assert_eq!(
        message(Plan::grid(vec![])),
        "a sweep needs at least one path"
    );
    assert_eq!(
        message(Plan::grid(vec![axis(FLOOR, &[])])),
        "a sweep needs at least one row"
    );
    assert_eq!(
        message(Plan::grid(vec![axis(FLOOR, &[1.0]), axis(FLOOR, &[2.0])])),
        "`measure/floor/floor` is swept twice"
    );
    assert_eq!(
        message(Plan::list(vec![FLOOR.into()], vec![f64::NAN])),
        "measure/floor/floor: a value is NaN; it must be finite"
    );
    assert_eq!(
        message(Plan::list(vec![FLOOR.into(), DEMAND.into()], vec![1.0])),
        "number of values is 1; it must be a multiple of the number of paths"
    );
    let backwards = Range {
        path: FLOOR.into(),
        low: 2.0,
        high: 1.0,
    };
    assert_eq!(
        message(Plan::uniform(vec![backwards], 10, 1)),
        "measure/floor/floor: the high end is 1; it must be above the low end"
    );
    let many = vec![0.0; 1 << 22];
    let axes = ["a", "b", "c"].map(|path| axis(path, &many)).to_vec();
    assert!(matches!(Plan::grid(axes), Err(SweepError::Count { .. })));
    let sweep = Sweep::new(grid(2), outcomes()).unwrap();
    assert!(sweep.with_part_rows(100).is_err());
    let compiled = compiled();
    assert!(matches!(
        job(grid(2), 64, &compiled).part(1),
        Err(SweepError::NoPart { part: 1, parts: 1 })
    ));
    let unknown = Plan::list(vec!["no/such".into()], vec![1.0]).unwrap();
    let sweep = Sweep::new(unknown, outcomes()).unwrap();
    assert!(matches!(
        sweep.on(&compiled),
        Err(SweepError::Solve(SolveError::UnknownPath { .. }))
    ));
}

/// A row that breaks a number's rule is listed under its place in the whole sweep.
#[test]
fn failures_name_rows_of_the_sweep() {
    let mut floors = vec![12.0; 200];
    floors[150] = -1.0;
    let plan = Plan::list(vec![FLOOR.into()], floors).unwrap();
    let compiled = compiled();
    let swept = job(plan, 64, &compiled).run(None, |_| true).unwrap();
    assert_eq!(swept.failures().len(), 1);
    assert_eq!(swept.failures()[0].0, 150);
    assert!(swept.row(150).unwrap()[0].is_nan());
    assert!((swept.row(151).unwrap()[0] - 12.0).abs() < 1e-8);
}
