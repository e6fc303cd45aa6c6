//! Each measure against a closed form, worked out by hand on the textbook market P = 20 - Q, P = 5 + Q/2 (free: price
//! 10, quantity 10, surplus 75), with imports offered at 6 where there is a border (free: price 6, demand 14, output 2,
//! imports 12), or on two countries that trade wheat (Krugman and Obstfeld: demand 100 - 20 P, supply 20 + 20 P at
//! home, 80 - 20 P and 40 + 20 P abroad; free: price 1.5, imports 20).

mod blocs;
mod border;
mod prices;
mod producers;

use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::assembly::Role;
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;

/// Closed forms must be met to rounding.
const TOLERANCE: f64 = 1e-9;

fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line { intercept, slope }).unwrap()
}

fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line { intercept, slope }).unwrap()
}

fn textbook() -> Market {
    Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .build()
        .unwrap()
}

fn open() -> Market {
    textbook()
        .to_builder()
        .region("Abroad")
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap()
}

fn wheat() -> Market {
    Market::builder("wheat", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("wheat")
        .demand("Home", "wheat", demand(5.0, -0.05))
        .activity(Activity::producing(
            "home farms",
            "Home",
            "wheat",
            supply(-1.0, 0.05),
        ))
        .demand("Abroad", "wheat", demand(4.0, -0.05))
        .activity(Activity::producing(
            "farms abroad",
            "Abroad",
            "wheat",
            supply(-2.0, 0.05),
        ))
        .route("Abroad", "Home", "wheat", 0.0)
        .build()
        .unwrap()
}

fn solve(market: &Market, measure: impl Into<Measure>) -> Equilibrium {
    market
        .noted(&Policy::new().with("measure", measure).unwrap())
        .unwrap()
}

fn close(value: f64, expected: f64) {
    assert_relative_eq!(
        value,
        expected,
        epsilon = TOLERANCE,
        max_relative = TOLERANCE
    );
}

/// Price at home, then surplus of consumers, producers, treasuries, licence holders.
fn check(solved: &Equilibrium, price: f64, surplus: [f64; 4]) -> Ledger {
    let ledger = solved.ledger().unwrap();
    close(solved.price("Home", "oxide").unwrap(), price);
    let [consumers, producers, treasury, licences] = surplus;
    assert_relative_eq!(ledger.consumer_surplus(), consumers, epsilon = 1e-8);
    assert_relative_eq!(ledger.producer_surplus(), producers, epsilon = 1e-8);
    assert_relative_eq!(ledger.treasury(), treasury, epsilon = 1e-8);
    assert_relative_eq!(ledger.licence_rents(), licences, epsilon = 1e-8);
    assert!(ledger.identity_error() <= 1e-9 && ledger.clearing_error() <= 1e-9);
    ledger
}

/// Oxide at 6 and magnets at 9 from abroad; a plant at home turns one into the other at a cost of 1 + q/2.
fn chain() -> Market {
    let from_abroad = |commodity: &str, price| {
        let supply = Supply::perfectly_elastic(price).unwrap();
        Activity::producing(&format!("{commodity} abroad"), "Abroad", commodity, supply)
    };
    Market::builder("chain", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .commodity("magnets")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .demand("Home", "magnets", demand(30.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .activity(
            Activity::producing("plant", "Home", "magnets", supply(1.0, 0.5))
                .with_input("oxide", 1.0),
        )
        .activity(from_abroad("oxide", 6.0))
        .activity(from_abroad("magnets", 9.0))
        .route("Abroad", "Home", "oxide", 0.0)
        .route("Abroad", "Home", "magnets", 0.0)
        .build()
        .unwrap()
}
