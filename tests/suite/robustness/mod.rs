//! Random markets of every kind, with and without measures, many of them degenerate: what the solver makes of them.
//!
//! `PRICEFLOOR_DRAWS` says how many to draw (1,000 if it is not set), `PRICEFLOOR_FIRST` at which seed to begin;
//! `PRICEFLOOR_SEEDS` names single ones instead.

mod conditions;
mod curves;
mod dice;
mod fate;
mod levers;
mod open;
mod proofs;
mod world;

use std::collections::BTreeMap;

use fate::{Fate, Outcome};
use pricefloor::equilibrium::Class;

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// The seeds of `PRICEFLOOR_SEEDS`, separated by commas; without them a range.
fn seeds(first: u64, draws: u64) -> Vec<u64> {
    match std::env::var("PRICEFLOOR_SEEDS") {
        Ok(list) => list.split(',').map(|seed| seed.parse().unwrap()).collect(),
        Err(_) => (first..first + draws).collect(),
    }
}

/// The fates of all seeds, drawn on two threads.
fn fates(all: &[u64]) -> Vec<Fate> {
    let mut fates: Vec<Fate> = std::thread::scope(|scope| {
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let seeds = all.iter().copied().skip(half).step_by(2);
                scope.spawn(move || seeds.map(Fate::of).collect::<Vec<_>>())
            })
            .collect();
        halves.into_iter().flat_map(|h| h.join().unwrap()).collect()
    });
    fates.sort_by_key(|fate| fate.seed);
    fates
}

/// Every draw is solved with a certificate and closed accounts, or refused with a proof that it has no solution, or
/// its seed is listed and what came of it is a typed outcome. Every symmetric one is solved or refused; at least 99.5 % of the
/// general ones are solved.
#[test]
fn random_markets_are_solved_or_refused_with_a_proof() {
    let fates = fates(&seeds(
        number("PRICEFLOOR_FIRST", 0),
        number("PRICEFLOOR_DRAWS", 1_000),
    ));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for fate in &fates {
        *counts
            .entry(format!("{:?} {:?}", fate.class, fate.outcome))
            .or_default() += 1;
        if !fate.outcome.is_an_answer() {
            println!("{fate}");
        }
    }
    for (what, count) in &counts {
        println!("{count:>6} {what}");
    }
    let unlisted: Vec<String> = fates
        .iter()
        .filter(|fate| !fate.outcome.is_an_answer() && !open::is_listed(fate.seed))
        .map(Fate::to_string)
        .collect();
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
    assert!(fates.iter().all(|fate| fate.outcome != Outcome::Wrong));
    let general = fates.iter().filter(|f| f.class == Some(Class::General));
    let solvable = general.filter(|f| f.outcome != Outcome::Refused);
    let (solved, all) = solvable.fold((0, 0), |(solved, all), fate| {
        (
            solved + usize::from(fate.outcome == Outcome::Solved),
            all + 1,
        )
    });
    assert!(solved * 1000 >= all * open::PER_MILLE, "{solved} of {all}");
}
