//! Everything that this suite solves of its case files, written out with the bits of its answers; the Python package then
//! asks the same and must give the same bits.
//!
//! A file is a question (`ask`, `given`) with its answer: `found`, bits of numbers in hexadecimal, or `error`, a message;
//! `cases` are the case files that the test had read.
//! Files are named for their test and numbered within it.

mod cournot;
mod curves;
mod floors;
mod horizons;
mod instances;
mod paths;

pub(crate) use curves::NotedCurve;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use pricefloor::equilibrium::SolveError;
use pricefloor::horizon::{Horizon, HorizonError, Path as HorizonPath};
use pricefloor::prelude::*;
use pricefloor::rivalry::{Leader, Leadership, RivalryError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// `answers/` beside the profile's folder, wherever this build puts it.
fn folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let target = binary.ancestors().nth(3).unwrap_or(Path::new("target"));
    let folder = target.join("answers");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Notes a question and its answer.
pub(crate) fn note(ask: &str, given: &Value, answer: Result<Vec<f64>, String>) {
    let test = std::thread::current().name().unwrap_or("main").to_owned();
    let count = COUNT.with(|count| count.replace(count.get() + 1));
    let name = format!("{}-{count:03}", test.replace("::", "-"));
    let mut stored = match answer {
        Ok(found) => {
            let bits = found
                .iter()
                .map(|value| format!("{:016x}", value.to_bits()));
            json!({ "found": bits.collect::<Vec<_>>() })
        }
        Err(error) => json!({ "error": error }),
    };
    stored["ask"] = json!(ask);
    stored["given"] = given.clone();
    stored["cases"] = json!(crate::cases::read_so_far());
    let path = folder().join(format!("{name}.json"));
    fs::write(path, serde_json::to_string(&stored).unwrap()).unwrap();
}

/// Whether something comes back from a file as it was: a measure of the caller's own, or a number that is none, does not.
fn in_files<T: Serialize + DeserializeOwned + PartialEq>(thing: &T) -> bool {
    let Ok(value) = serde_json::to_value(thing) else {
        return false;
    };
    serde_json::from_value::<T>(value).is_ok_and(|again| again == *thing)
}

fn answer<T, E: std::fmt::Display>(
    solved: &Result<T, E>,
    numbers: impl FnOnce(&T) -> Vec<f64>,
) -> Result<Vec<f64>, String> {
    solved.as_ref().map(numbers).map_err(ToString::to_string)
}

/// Prices, quantities, levels, every party's surplus and every payment.
fn numbers(solved: &Equilibrium) -> Vec<f64> {
    let mut all: Vec<f64> = solved.nodes().iter().map(|node| node.price()).collect();
    all.extend(solved.nodes().iter().map(|node| node.demanded()));
    all.extend(solved.activities().iter().map(|activity| activity.level()));
    if let Ok(ledger) = solved.ledger() {
        all.extend(ledger.accounts().iter().map(|account| account.surplus()));
        all.extend(ledger.payments().iter().map(|payment| payment.amount()));
    }
    all
}

/// Solves and notes.
pub(crate) trait Noted {
    /// As `solve`.
    fn noted(&self, policy: &Policy) -> Result<Equilibrium, SolveError>;

    /// As `lead`.
    fn noted_lead(&self, policy: &Policy, leader: &Leader) -> Result<Leadership, RivalryError>;
}

impl Noted for Market {
    fn noted(&self, policy: &Policy) -> Result<Equilibrium, SolveError> {
        let solved = self.solve(policy);
        if in_files(self) && in_files(policy) {
            let given = json!({ "market": self, "policy": policy });
            note("solve", &given, answer(&solved, numbers));
        }
        solved
    }

    fn noted_lead(&self, policy: &Policy, leader: &Leader) -> Result<Leadership, RivalryError> {
        let led = self.lead(policy, leader);
        if !(in_files(self) && in_files(policy) && in_files(leader)) {
            return led;
        }
        let given = json!({ "market": self, "policy": policy, "leader": leader });
        let of = |led: &Leadership| {
            let nodes = led.equilibrium().nodes().iter();
            let mut all = vec![led.choice(), led.objective(), led.own_cost()];
            all.extend(nodes.map(|node| node.price()));
            all
        };
        note("lead", &given, answer(&led, of));
        led
    }
}

/// Walks and notes.
pub(crate) trait NotedPath {
    /// As `solve`.
    fn noted(&self) -> Result<HorizonPath, HorizonError>;
}

impl NotedPath for Horizon {
    fn noted(&self) -> Result<HorizonPath, HorizonError> {
        let path = self.solve();
        if in_files(self) {
            let of = |path: &HorizonPath| {
                let mut all = Vec::new();
                for period in path.periods() {
                    let solved = period.equilibrium();
                    all.extend(solved.nodes().iter().map(|node| node.price()));
                    all.extend(solved.activities().iter().map(|activity| activity.level()));
                }
                let accounts = path.accounts();
                all.extend(accounts.parties().iter().flat_map(|p| p.surplus().to_vec()));
                all
            };
            note("horizon", &json!(self), answer(&path, of));
        }
        path
    }
}

/// The terms of something, with its kind.
pub(crate) fn terms<T: Serialize>(kind: &str, terms: &T) -> Value {
    json!({ "kind": kind, "terms": terms })
}
