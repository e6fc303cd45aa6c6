//! Many solves at once.

use pricefloor::equilibrium::{Compiled, Outcome, SolveError};
use pricefloor::prelude::*;

/// P = 20 - Q and P = 5 + Q/2, with a public buyer.
fn compiled() -> Compiled {
    let line = |intercept, slope| Line { intercept, slope };
    Market::builder("textbook", "")
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
        .compile(
            &Policy::new()
                .with("floor", SupportBuying::new("Home", "oxide", 12.0))
                .unwrap(),
        )
        .unwrap()
}

fn outcomes() -> [Outcome; 2] {
    [Outcome::price("Home", "oxide"), Outcome::level("mine")]
}

/// The price is the larger of the floor and 10, and the mine offers 2 (p - 5).
#[test]
fn every_row_is_solved() {
    let compiled = compiled();
    let floor = compiled.param("measure/floor/floor").unwrap();
    let floors: Vec<f64> = (0..1000).map(|i| 6.0 + 0.01 * f64::from(i)).collect();
    let batch = compiled.solve_many(&[floor], &floors, &outcomes()).unwrap();
    assert!(batch.failures().is_empty());
    for (row, &floor) in floors.iter().enumerate() {
        let found = batch.row(row).unwrap();
        let price = floor.max(10.0);
        assert!(
            (found[0] - price).abs() < 1e-8 && (found[1] - 2.0 * (price - 5.0)).abs() < 1e-7,
            "{floor}: {found:?}"
        );
    }
}

#[test]
fn a_bad_row_is_listed_and_does_not_end_the_batch() {
    let compiled = compiled();
    let floor = compiled.param("measure/floor/floor").unwrap();
    let batch = compiled
        .solve_many(&[floor], &[12.0, -1.0, 11.0], &outcomes())
        .unwrap();
    assert_eq!(batch.failures().len(), 1);
    assert_eq!(batch.failures()[0].row(), 1);
    assert!(batch.failures()[0].reason().contains("zero or more"));
    assert!(batch.row(1).unwrap().iter().all(|v| v.is_nan()));
    assert!((batch.row(2).unwrap()[0] - 11.0).abs() < 1e-8);
    let uneven = compiled
        .solve_many(&[floor, floor], &[1.0, 2.0, 3.0], &outcomes())
        .unwrap_err();
    assert!(matches!(
        uneven,
        SolveError::Rows {
            params: 2,
            values: 3
        }
    ));
}

#[cfg(feature = "parallel")]
#[test]
fn threads_do_not_change_the_bits() {
    let compiled = compiled();
    let floor = compiled.param("measure/floor/floor").unwrap();
    let floors: Vec<f64> = (0..1000).map(|i| 6.0 + 0.0137 * f64::from(i)).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let batch = pool.install(|| compiled.solve_many(&[floor], &floors, &outcomes()).unwrap());
        batch
            .values()
            .iter()
            .map(|v| v.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(on(1), on(2));
}
