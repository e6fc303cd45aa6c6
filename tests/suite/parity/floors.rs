//! Floors of many kinds on the textbook market.

use pricefloor::prelude::*;

use super::Noted;

/// The table of floors on the textbook market, P = 20 - Q and P = 5 + Q/2: price after price by hand.
#[test]
fn floors_of_twelve() {
    let line = |intercept, slope| Line { intercept, slope };
    let market = Market::builder("textbook", "USD/t")
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
        .unwrap();
    let minimum = |rationing| StatutoryMinimum::new("Home", "oxide", 12.0, rationing);
    let contract = || ContractFloor::new(12.0).covering("mine");
    let ways: [(&str, pricefloor::intervention::Measure, f64); 6] = [
        ("efficient", minimum(Rationing::Efficient).into(), 12.0),
        (
            "proportional",
            minimum(Rationing::Proportional).into(),
            12.0,
        ),
        (
            "buying",
            SupportBuying::new("Home", "oxide", 12.0).into(),
            12.0,
        ),
        ("contract", contract().into(), 6.0),
        (
            "first",
            contract().coverage(Coverage::First(8.0)).into(),
            10.0,
        ),
        (
            "share",
            contract().coverage(Coverage::Share(0.8)).into(),
            54.0 / 7.0,
        ),
    ];
    for (name, measure, price) in ways {
        assert!(measure.terms().check().is_ok());
        let policy = Policy::new().with("floor", measure).unwrap();
        let found = market
            .noted(&policy)
            .unwrap()
            .price("Home", "oxide")
            .unwrap();
        assert!((found - price).abs() < 1e-8, "{name}: {found}");
    }
}
