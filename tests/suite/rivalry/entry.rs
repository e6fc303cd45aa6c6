//! Free entry with a fixed cost, against closed forms.

use approx::assert_relative_eq;
use pricefloor::equilibrium::BestResponse;
use pricefloor::prelude::*;
use pricefloor::rivalry::{Entry, FreeEntry, RivalryError};

use crate::conduct::line;

/// P = a - b Q and Cournot refiners with marginal cost c + d q.
fn refining(a: f64, b: f64, c: f64, d: f64) -> Market {
    refining_with(a, b, c, d, 1.0)
}

fn refining_with(a: f64, b: f64, c: f64, d: f64, variation: f64) -> Market {
    let supply = if d == 0.0 {
        Supply::perfectly_elastic(c)
    } else {
        Supply::linear(line(c, d))
    };
    Market::builder("refining", "")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(a, -b)).unwrap())
        .activity(
            Activity::producing("refiner", "Home", "oxide", supply.unwrap()).owned_by("Refiner"),
        )
        .conduct("Refiner", variation)
        .build()
        .unwrap()
}

fn entry(market: &Market, fixed_cost: f64) -> Entry {
    market
        .free_entry(&Policy::none(), &FreeEntry::new("refiner", fixed_cost))
        .unwrap()
}

/// Each of n firms sells (a - c) / (b (n + 1)) and earns b q^2: zero profit at n = (a - c) / sqrt(b F) - 1.
#[test]
fn linear_demand_and_constant_cost() {
    for (a, b, c, f) in [
        (20.0, 1.0, 5.0, 4.0),
        (100.0, 0.5, 40.0, 18.0),
        (63.0, 2e-4, 30.0, 9e4),
    ] {
        let found = entry(&refining(a, b, c, 0.0), f);
        let n = (a - c) / (b * f).sqrt() - 1.0;
        assert_relative_eq!(found.firms(), n, max_relative = 1e-8);
        let whole = n.floor();
        assert_relative_eq!(f64::from(found.whole_firms()), whole);
        let earned = |n: f64| (a - c).powi(2) / (b * (n + 1.0).powi(2)) - f;
        assert_relative_eq!(found.profit(), earned(whole), epsilon = 1e-7 * f);
        assert_relative_eq!(
            found.profit_with_one_more(),
            earned(whole + 1.0),
            epsilon = 1e-7 * f
        );
        assert!(found.profit() >= 0.0 && found.profit_with_one_more() < 0.0);
        let price = found.equilibrium().unwrap().price("Home", "oxide").unwrap();
        assert_relative_eq!(price, (a + whole * c) / (whole + 1.0), max_relative = 1e-9);
    }
}

/// Marginal cost c + d q: q = (a - c) / (b (n + 1) + d), profit b q^2 + d q^2 / 2.
#[test]
fn rising_marginal_cost() {
    let found = entry(&refining(20.0, 1.0, 5.0, 0.5), 2.0);
    let q = (2.0_f64 / 1.25).sqrt();
    assert_relative_eq!(found.firms(), (15.0 / q - 0.5) - 1.0, epsilon = 1e-8);
    assert!(
        matches!(found.best_response(), BestResponse::Shown { largest_gain } if *largest_gain < 1e-7)
    );
}

/// Exactly two firms break even at F = b q^2 with q = 15 / 3.
#[test]
fn the_last_firm_may_earn_nothing() {
    let found = entry(&refining(20.0, 1.0, 5.0, 0.0), 25.0 - 1e-9);
    assert_eq!(found.whole_firms(), 2);
    assert_relative_eq!(found.firms(), 2.0, epsilon = 1e-8);
}

/// Price takers with marginal cost q and fixed cost F: each sells p and earns p^2 / 2, so that p = sqrt(2 F) and
/// n = Q(p) / p.
#[test]
fn price_takers() {
    let market = refining_with(20.0, 1.0, 0.0, 1.0, 0.0);
    let found = entry(&market, 8.0);
    assert_relative_eq!(found.firms(), 4.0, epsilon = 1e-8);
}

/// A producers' subsidy of 3 lowers the cost to 2: 18 / 2 - 1 firms instead of 15 / 2 - 1.
#[test]
fn a_subsidy_brings_firms_in() {
    let policy = Policy::new()
        .with("subsidy", ProductionSubsidy::new("Home", "oxide", 3.0))
        .unwrap();
    let found = refining(20.0, 1.0, 5.0, 0.0)
        .free_entry(&policy, &FreeEntry::new("refiner", 4.0))
        .unwrap();
    assert_relative_eq!(found.firms(), 8.0, epsilon = 1e-8);
}

#[test]
fn nobody_and_everybody() {
    // a monopolist earns 56.25
    let found = entry(&refining(20.0, 1.0, 5.0, 0.0), 60.0);
    assert_eq!((found.whole_firms(), found.firms()), (0, 0.0));
    assert_relative_eq!(found.profit_with_one_more(), 56.25 - 60.0, epsilon = 1e-8);
    assert!(found.equilibrium().is_none());
    let market = refining(20.0, 1.0, 5.0, 0.0);
    let many = FreeEntry::new("refiner", 1e-9).at_most(100);
    let error = market.free_entry(&Policy::none(), &many).unwrap_err();
    assert!(
        error.to_string().contains("refiner") && error.to_string().contains("100"),
        "{error}"
    );
    let error = market
        .free_entry(&Policy::none(), &FreeEntry::new("refiner", -1.0))
        .unwrap_err();
    assert!(
        matches!(error, RivalryError::Number { value: -1.0, .. }),
        "{error}"
    );
    let error = market
        .free_entry(&Policy::none(), &FreeEntry::new("smelter", 1.0))
        .unwrap_err();
    assert!(
        error.to_string().contains("smelter") && error.to_string().contains("refiner"),
        "{error}"
    );
}
