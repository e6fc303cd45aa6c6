//! One two-curve market with a floor: solved again with changed numbers, through both doors.
//!
//! `cargo bench --bench market`

use divan::Bencher;
use pricefloor::complementarity::Settings;
use pricefloor::prelude::*;

fn main() {
    divan::main();
}

/// P = 20 - Q, P = 5 + Q/2, and a public buyer at 12.
fn textbook() -> (Market, Policy) {
    let demand = Demand::linear(Line {
        intercept: 20.0,
        slope: -1.0,
    })
    .expect("a demand");
    let supply = Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    })
    .expect("a supply");
    let market = Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand)
        .activity(Activity::producing("mine", "Home", "oxide", supply))
        .build()
        .expect("a market");
    let policy = Policy::new()
        .with("floor", SupportBuying::new("Home", "oxide", 12.0))
        .expect("a policy");
    (market, policy)
}

/// Constant elasticities on both sides, and a public buyer.
fn elastic() -> (Market, Policy) {
    let observed = Observed {
        price: 10.0,
        quantity: 10.0,
    };
    let market = Market::builder("elastic", "USD")
        .region("Home")
        .commodity("oxide")
        .demand(
            "Home",
            "oxide",
            Demand::constant_elasticity(observed, -0.6).expect("a demand"),
        )
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::constant_elasticity(observed, 0.8).expect("a supply"),
        ))
        .build()
        .expect("a market");
    let policy = Policy::new()
        .with("floor", SupportBuying::new("Home", "oxide", 11.0))
        .expect("a policy");
    (market, policy)
}

fn resolve(bencher: Bencher, (market, policy): (Market, Policy), levels: [f64; 2]) {
    let compiled = market.compile(&policy).expect("a system");
    let floor = compiled.param("measure/floor/floor").expect("a floor");
    let mut workspace = compiled.workspace().expect("a workspace");
    compiled.solve_into(&mut workspace).expect("a solution");
    let mut turn = 0;
    bencher.bench_local(|| {
        turn = 1 - turn;
        workspace.set(floor, levels[turn]).expect("a level");
        compiled.solve_into(&mut workspace).expect("a solution")
    });
}

/// The floor binds at both levels; certificate included.
#[divan::bench]
fn solve_into_warm(bencher: Bencher) {
    resolve(bencher, textbook(), [12.0, 12.5]);
}

/// The floor binds at one level only.
#[divan::bench]
fn solve_into_warm_on_and_off(bencher: Bencher) {
    resolve(bencher, textbook(), [12.0, 9.0]);
}

#[divan::bench]
fn solve_into_warm_elastic(bencher: Bencher) {
    resolve(bencher, elastic(), [11.0, 11.5]);
}

/// The same solve through argmin's executor, names and display included.
#[divan::bench]
fn executor(bencher: Bencher) {
    let (market, policy) = textbook();
    let compiled = market.compile(&policy).expect("a system");
    bencher.bench_local(|| {
        compiled
            .equilibrium(Settings::default())
            .expect("a solution")
    });
}

/// Everything from the facts: compile, solve, name.
#[divan::bench]
fn market_solve(bencher: Bencher) {
    let (market, policy) = textbook();
    bencher.bench_local(|| market.solve(&policy).expect("a solution"));
}
