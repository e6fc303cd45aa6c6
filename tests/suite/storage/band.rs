//! A public stock that keeps the price in a band.

use super::*;
use pricefloor::storage::{BandRules, BandSettings, BandStock, StockAtRest, StorageError};

const KEPT: f64 = 0.98;

fn market() -> StorageModel {
    StorageModel::new(recs(true, None)).unwrap()
}

fn banded(buys: f64, sells: f64, capacity: f64) -> BandRules {
    let stock = BandStock::new(buys, sells, capacity).unwrap();
    market()
        .solve_band(stock, &BandSettings::default())
        .unwrap()
}

/// A band without width is a stock at a floor that sells at once: only the sum of what is there counts, and the prices are
/// those of RECS STO2, which are checked against an independent solver elsewhere.
#[test]
fn a_band_without_width_is_a_floor() {
    let floor = solve(recs(true, Some(FloorStock::new(1.02, 0.4).unwrap())));
    let band = banded(1.02, 1.02 * (1.0 + 1e-9), 0.4);
    for public in [0.0, 0.1, 0.25, 0.4] {
        for step in 0..30 {
            let all = 0.86 + 0.02 * f64::from(step);
            if all - public < 0.5 {
                continue;
            }
            let found = band.at("always", all - public, public).unwrap();
            let expected = floor.price(all).unwrap();
            near(
                found.price,
                expected,
                3e-4,
                &format!("price at {all} with {public} in the public stock"),
            );
            near(
                found.private + found.public,
                floor.stock(all).unwrap(),
                5e-4,
                &format!("stock at {all}"),
            );
        }
    }
}

/// Ends that are never reached change nothing.
#[test]
fn a_band_out_of_reach_changes_nothing() {
    let free = solve(recs(true, None));
    let wide = banded(0.1, 10.0, 0.3);
    for step in 0..50 {
        let there = 0.85 + 0.01 * f64::from(step);
        let found = wide.at("always", there, 0.0).unwrap();
        near(found.price, free.price(there).unwrap(), 2e-4, "price");
        assert_eq!((found.bought, found.sold), (0.0, 0.0));
    }
}

/// What a rational expectation is: at every state the public stock obeys its rule, private owners store until a unit is
/// worth what it costs, and producers plan on what follows. Expectations are summed here, from the prices of the rules.
#[test]
fn nobody_can_do_better() {
    let (buys, sells, capacity) = (0.95, 1.15, 0.12);
    let rules = banded(buys, sells, capacity);
    let yields = Yields::normal(1.0, 0.05, 7).unwrap();
    let mut seen = [0; 6];
    for public in [0.0, 0.03, 0.08, capacity] {
        for step in 0..40 {
            let there = 0.85 + 0.0125 * f64::from(step);
            let now = rules.at("always", there, public).unwrap();
            near(
                now.used + now.private + now.bought - now.sold,
                there,
                1e-12,
                "units",
            );
            near(now.used, now.price.powf(-0.2), 1e-12, "use");
            let (full, empty) = (now.public >= capacity - 1e-12, now.public <= 1e-12);
            assert!(now.price >= buys - 1e-12 || full, "{now:?}");
            assert!(now.price <= sells + 1e-12 || empty, "{now:?}");
            assert!(now.bought == 0.0 || now.price <= buys, "{now:?}");
            assert!(now.sold == 0.0 || now.price >= sells, "{now:?}");
            let (mut price, mut receipt) = (0.0, 0.0);
            for outcome in yields.outcomes() {
                let next = KEPT * now.private + now.planned * outcome.value;
                let next = rules.at("always", next, KEPT * now.public).unwrap().price;
                price += outcome.probability * next;
                receipt += outcome.probability * outcome.value * next;
            }
            let worth = KEPT / 1.03 * price - 0.06;
            // straight lines between knots
            let close = 1e-3;
            assert!(worth <= now.price + close, "{now:?}: worth {worth}");
            if now.private > 1e-3 {
                near(worth, now.price, close, "what a unit is worth");
            }
            near(now.planned, receipt.powf(0.2), close, "plans");
            for (case, holds) in seen.iter_mut().zip([
                now.private > 1e-3,
                now.bought > 0.0 && !full,
                now.bought > 0.0 && full,
                now.sold > 0.0 && !empty,
                now.sold > 0.0 && empty,
                now.bought == 0.0 && now.sold == 0.0,
            ]) {
                *case += i32::from(holds);
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 0), "{seen:?}");
}

/// A real band against an independent program (`benches/peers/price_band.py`: states on a lattice, bisection). Its own answer
/// is known to 7e-5 in the price, the difference between its two finest lattices; the rules are allowed as much again.
#[test]
fn a_band_agrees_with_an_independent_solver() {
    let case = case("st_price_band");
    let stock = BandStock::new(0.95, 1.15, 0.12).unwrap();
    let settings = BandSettings {
        private: 240,
        public: 50,
        ..BandSettings::default()
    };
    let rules = market().solve_band(stock, &settings).unwrap();
    let mut worst = [0.0f64; 4];
    let mut partly = 0;
    let (mut asked, mut noted) = (Vec::new(), Vec::new());
    for row in case["answer"].as_array().unwrap() {
        let (there, public) = (number(&row["there"]), number(&row["public"]));
        let found = rules.at("always", there, public).unwrap();
        partly += i32::from(found.price == stock.buys() || found.price == stock.sells());
        asked.push([there, public]);
        noted.extend([
            found.price,
            found.bought,
            found.sold,
            found.private,
            found.planned,
        ]);
        let pairs = [
            (found.price, "price"),
            (found.bought - found.sold, "bought"),
            (found.private, "private"),
            (found.planned, "planned"),
        ];
        for (worst, (value, key)) in worst.iter_mut().zip(pairs) {
            *worst = worst.max((value - number(&row[key])).abs());
        }
    }
    let mut given = crate::parity::terms("StorageTerms", &recs(true, None));
    given["band"] = serde_json::json!({ "buys": 0.95, "sells": 1.15, "capacity": 0.12, "private": 240, "public": 50 });
    given["at"] = serde_json::json!(asked);
    crate::parity::note("band", &given, Ok(noted));
    let known = &case["difference_to_half_as_fine"];
    for (worst, key) in worst.iter().zip(["price", "bought", "private", "planned"]) {
        assert!(
            *worst <= 2.0 * number(&known[key]).max(1e-9),
            "{key}: {worst}"
        );
    }
    // states at which an end holds and the stock is neither full nor empty
    assert!(partly >= 5, "{partly}");
}

/// A history obeys its own bookkeeping, is the same for the same seed, and is steadier than one without the stock.
#[test]
fn histories_keep_their_books() {
    let rules = banded(0.95, 1.15, 0.12);
    let history = rules.simulate(2_000, 3).unwrap();
    assert_eq!(history, rules.simulate(2_000, 3).unwrap());
    for pair in history.windows(2) {
        let (before, now) = (pair[0].decision, pair[1].decision);
        let there = KEPT * before.private + before.planned * pair[1].output;
        near(
            now.used + now.private + now.bought - now.sold,
            there,
            1e-12,
            "units",
        );
        near(
            now.public,
            KEPT * before.public + now.bought - now.sold,
            1e-12,
            "store",
        );
    }
    let free = solve(recs(true, None)).simulate(2_000, 3).unwrap();
    let spread = |prices: Vec<f64>| {
        let mean = prices.iter().sum::<f64>() / prices.len() as f64;
        prices.iter().map(|p| (p - mean).powi(2)).sum::<f64>()
    };
    let with = spread(history.iter().map(|p| p.decision.price).collect());
    let without = spread(free.iter().map(|p| p.decision.price).collect());
    assert!(with < 0.8 * without, "{with} against {without}");
    assert!(history.iter().zip(&free).all(|(a, b)| a.output == b.output));
}

#[test]
fn bad_bands_are_named() {
    insta::assert_snapshot!(
        BandStock::new(1.2, 1.1, 0.4).unwrap_err(),
        @"the stock buys below 1.2 and sells above 1.1; the floor must not be above the ceiling"
    );
    insta::assert_snapshot!(
        BandStock::new(1.0, 1.1, 0.0).unwrap_err(),
        @"the capacity of a public stock is 0, but it must be finite and above 0"
    );
    let band = BandStock::new(0.9, 1.1, 0.4).unwrap();
    let text = serde_json::to_string(&band).unwrap();
    assert_eq!(serde_json::from_str::<BandStock>(&text).unwrap(), band);
    assert!(serde_json::from_str::<BandStock>(&text.replace("0.9", "1.9")).is_err());
    let floored = StorageModel::new(recs(true, Some(FloorStock::new(1.02, 0.4).unwrap()))).unwrap();
    assert_eq!(
        floored
            .solve_band(band, &BandSettings::default())
            .unwrap_err(),
        StorageError::TwoPublicStocks
    );
    let rules = banded(0.95, 1.15, 0.12);
    insta::assert_snapshot!(
        rules.at("always", 1.0, 0.2).unwrap_err(),
        @"the public stock is 0.2, but it must be from 0 to its capacity"
    );
    insta::assert_snapshot!(rules.at("war", 1.0, 0.1).unwrap_err(), @r#"there is no regime "war""#);
}

/// P between the ends without a stock: 1 here, at which supply is demand. Without deterioration nothing moves a stock, so
/// that any is a steady state; with it only an empty one is. At a lower end of 1.02, as RECS STO2 without deterioration,
/// the stock would fill, and beside a full one the price is 1 again.
#[test]
fn a_stock_that_does_not_deteriorate_rests_anywhere() {
    let rest = |deterioration, buys, sells| {
        let mut terms = recs(true, None);
        terms.warehouse.deterioration = deterioration;
        let band = BandStock::new(buys, sells, 0.4).unwrap();
        let model = StorageModel::new(terms).unwrap();
        model.steady_state_in_band(band).unwrap()
    };
    let any = rest(0.0, 0.9, 1.1);
    near(any.price, 1.0, 1e-12, "price");
    assert_eq!(any.public, StockAtRest::Any { from: 0.0, to: 0.4 });
    assert_eq!(rest(0.02, 0.9, 1.1).public, StockAtRest::Stock(0.0));
    let full = rest(0.0, 1.02, 1.1);
    near(full.price, 1.0, 1e-12, "price beside a full stock");
    assert_eq!(full.public, StockAtRest::Stock(0.4));
}
