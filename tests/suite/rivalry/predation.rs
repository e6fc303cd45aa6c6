//! Flooding a market, and the contract that makes it pointless.

use approx::assert_relative_eq;
use pricefloor::prelude::*;
use pricefloor::rivalry::{Predation, RivalryError};

use crate::conduct::line;

/// P = 20 - Q, a rival with unit cost 2, a mine with unit cost 6 and a capacity of 2.
fn market() -> Market {
    let flat = |cost| Supply::perfectly_elastic(cost).unwrap();
    Market::builder("flood", "")
        .region("World")
        .commodity("oxide")
        .demand("World", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing("rival", "World", "oxide", flat(2.0)))
        .activity(Activity::producing(
            "mine",
            "World",
            "oxide",
            flat(6.0).with_capacity(2.0).unwrap(),
        ))
        .build()
        .unwrap()
}

fn terms() -> Predation {
    Predation::new("rival", "mine", 0.0..=18.0).flooding_to(5.0)
}

/// Beside the mine the rival sells (20 - 2 - 2) / 2 = 8 at 10 and earns 64; alone 9 at 11 for 81; it floods to 5 with 15
/// and earns 45. With b = 1/1.1: b + b^2 + b^3 = 2.4868520 years of 19 are given up, b^3 / 0.1 = 7.5131480 of 17 gained.
/// With V covered the flood takes 15 - V and earns 45 - 3 V, and what is left to gain is (18 - V)^2 / 4 - 64.
#[test]
fn linear_market() {
    let found = market().predation(&Policy::none(), &terms()).unwrap();
    let [beside, flood, alone] = [found.beside(), found.flood(), found.alone()];
    for (year, [output, price, profit]) in [
        (beside, [8.0, 10.0, 64.0]),
        (flood, [15.0, 5.0, 45.0]),
        (alone, [9.0, 11.0, 81.0]),
    ] {
        assert_relative_eq!(year.output, output, epsilon = 1e-6);
        assert_relative_eq!(year.price, price, epsilon = 1e-6);
        assert_relative_eq!(year.profit, profit, epsilon = 1e-7);
    }
    let b: f64 = 1.0 / 1.1;
    let (during, after) = (b + b * b + b.powi(3), b.powi(3) / 0.1);
    assert_relative_eq!(found.given_up(), during * 19.0, max_relative = 1e-8);
    assert_relative_eq!(found.gained(), after * 17.0, max_relative = 1e-8);
    assert!(found.pays());
    // after ((18 - V)^2 / 4 - 64) = during (19 + 3 V): the smaller root of a V^2 / 4 - (9 a + 3 d) V + 17 a - 19 d
    let (p, q, r) = (
        after / 4.0,
        -(9.0 * after + 3.0 * during),
        17.0 * after - 19.0 * during,
    );
    let volume = (-q - (q * q - 4.0 * p * r).sqrt()) / (2.0 * p);
    let contract = found.contract().unwrap();
    assert_relative_eq!(contract.volume, volume, epsilon = 1e-7);
    assert_relative_eq!(contract.strike, 6.0, epsilon = 1e-9);
    assert_relative_eq!(contract.imposed_cost, volume, epsilon = 1e-6);
    assert_relative_eq!(contract.quiet_cost, 0.0, epsilon = 1e-9);
}

/// The answer does not depend on outputs beyond the flood, at 20 and above of which the price is zero.
#[test]
fn a_range_up_to_a_price_of_zero() {
    let narrow = market().predation(&Policy::none(), &terms()).unwrap();
    for most in [19.0, 20.0, 25.0, 200.0] {
        let terms = Predation::new("rival", "mine", 0.0..=most).flooding_to(5.0);
        let found = market().predation(&Policy::none(), &terms).unwrap();
        assert_relative_eq!(found.flood().output, 15.0, epsilon = 1e-6);
        assert_relative_eq!(found.given_up(), narrow.given_up(), max_relative = 1e-7);
        assert_relative_eq!(found.gained(), narrow.gained(), max_relative = 1e-7);
        let volume = found.contract().unwrap().volume;
        assert_relative_eq!(volume, narrow.contract().unwrap().volume, epsilon = 1e-6);
    }
}

/// A fixed cost of 3 a year is spread over the covered volume, and raises the strike only.
#[test]
fn an_avoidable_fixed_cost_raises_the_strike() {
    let plain = market().predation(&Policy::none(), &terms()).unwrap();
    let found = market()
        .predation(&Policy::none(), &terms().avoiding(3.0))
        .unwrap();
    let volume = plain.contract().unwrap().volume;
    let contract = found.contract().unwrap();
    assert_relative_eq!(contract.volume, volume, epsilon = 1e-9);
    assert_relative_eq!(contract.strike, 6.0 + 3.0 / volume, epsilon = 1e-7);
}

/// Alone for two years only, 17 (b^4 + b^5) is less than 19 (b + b^2 + b^3): nothing to deter.
#[test]
fn a_short_spell_alone_does_not_pay() {
    let found = market()
        .predation(&Policy::none(), &terms().alone_for(2))
        .unwrap();
    let b: f64 = 1.0 / 1.1;
    assert_relative_eq!(
        found.gained(),
        17.0 * (b.powi(4) + b.powi(5)),
        max_relative = 1e-8
    );
    assert!(!found.pays() && found.contract().is_none());
}

#[test]
fn what_cannot_be_asked() {
    let refused = |terms: Predation| market().predation(&Policy::none(), &terms).unwrap_err();
    let error = refused(Predation::new("rival", "nobody", 0.0..=18.0));
    assert!(
        error.to_string().contains("nobody") && error.to_string().contains("mine"),
        "{error}"
    );
    let error = refused(terms().discounting_at(0.0));
    assert!(
        matches!(error, RivalryError::Number { value: 0.0, .. }),
        "{error}"
    );
    let error = refused(terms().for_years(0));
    assert!(error.to_string().contains("years"), "{error}");
    // all that the rival can sell leaves the price at 20 - 12
    let error = refused(Predation::new("rival", "mine", 0.0..=12.0).flooding_to(5.0));
    assert!(error.to_string().contains("at least 8"), "{error}");
}
