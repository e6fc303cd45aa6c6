//! Measures with dates, and news.

use super::{close, demand, home, open, over, supply};
use crate::parity::NotedPath;
use pricefloor::horizon::{Dated, Foresight, Store};
use pricefloor::prelude::*;

/// Demand m (20 - P) with m = 1.03^t and supply P = 5 + Q / 2: P = (5 + 10 m) / (1 + m / 2).
#[test]
fn demand_grows() {
    let horizon = over(&home(supply(5.0, 0.5)), 12)
        .growth("Home", "oxide", 0.03)
        .build()
        .unwrap();
    let path = horizon.noted().unwrap();
    for (t, (_, price)) in path
        .prices("Home", "oxide")
        .unwrap()
        .into_iter()
        .enumerate()
    {
        let m = 1.03_f64.powi(t as i32);
        close(price, (5.0 + 10.0 * m) / (1.0 + m / 2.0));
    }
}

/// Imports at 6 until an embargo from year 3 for 18 months, during which the price at home is that of autarky, 10.
#[test]
fn an_embargo_lasts_eighteen_months() {
    let halt = Embargo::on_exports("Abroad", "oxide").with("Home");
    let horizon = over(&open(), 6)
        .measure(Dated::new("halt", halt).from(3.0).until(4.5))
        .build()
        .unwrap();
    let path = horizon.noted().unwrap();
    let prices = path.prices("Home", "oxide").unwrap();
    let dates: Vec<f64> = prices.iter().map(|p| p.0).collect();
    assert_eq!(dates, [0.0, 1.0, 2.0, 3.0, 4.0, 4.5, 5.0]);
    for (date, price) in prices {
        close(
            price,
            if (3.0..4.5).contains(&date) {
                10.0
            } else {
                6.0
            },
        );
    }
}

/// A tariff phased in over three years: 0, 1, 2, then 3 on imports at 6, and gone after year 5.
#[test]
fn a_tariff_is_phased_in_and_ends() {
    let tariff = Dated::new("tariff", Tariff::specific("Home", "oxide", 3.0))
        .until(5.0)
        .varying("rate", [(0.0, 0.0), (3.0, 3.0)]);
    let path = over(&open(), 7)
        .measure(tariff)
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let prices: Vec<f64> = path
        .prices("Home", "oxide")
        .unwrap()
        .iter()
        .map(|p| p.1)
        .collect();
    for (price, expected) in prices.iter().zip([6.0, 7.0, 8.0, 9.0, 9.0, 6.0, 6.0]) {
        close(*price, expected);
    }
    // revenue 3 on imports of 20 - 9 - 8
    close(path.at(3.0).unwrap().ledger().treasury(), 9.0);
}

/// With storage an announced embargo is prepared for, and a surprise is not: until then the path is that without one.
#[test]
fn a_surprise_changes_nothing_before_it() {
    let halt = || {
        Dated::new("halt", Embargo::on_exports("Abroad", "oxide").with("Home"))
            .from(3.0)
            .until(4.0)
    };
    let base = over(&open(), 6).store(Store::new("Home", "oxide").costing(0.1));
    let calm = base.clone().build().unwrap().noted().unwrap();
    let announced = base
        .clone()
        .measure(halt())
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let surprise = base
        .measure(halt().known_from(3.0))
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let price = |path: &pricefloor::horizon::Path, year| {
        path.at(year).unwrap().price("Home", "oxide").unwrap()
    };
    for year in [0.0, 1.0, 2.0] {
        close(price(&surprise, year), price(&calm, year));
    }
    // imports at 6 can be had without limit in year 2, so that a unit held for the embargo costs (6 + 0.1) 1.05
    close(price(&announced, 3.0), 6.1 * 1.05);
    assert!(announced.at(2.0).unwrap().stores()[0].stock() > 0.0);
    close(price(&surprise, 3.0), 10.0);
    for year in [4.0, 5.0] {
        close(price(&surprise, year), 6.0);
    }
}

/// Who looks two years ahead from a year before the embargo sees it; who looks one year ahead does not.
#[test]
fn foresight_is_as_far_as_is_said() {
    let halt = Dated::new("halt", Embargo::on_exports("Abroad", "oxide").with("Home"))
        .from(3.0)
        .until(4.0);
    let base = over(&open(), 6)
        .store(Store::new("Home", "oxide").costing(0.1))
        .measure(halt);
    for (sight, price) in [(2.0, 6.1 * 1.05), (1.0, 10.0)] {
        let horizon = base
            .clone()
            .foresight(Foresight::Rolling(sight))
            .build()
            .unwrap();
        close(
            horizon
                .noted()
                .unwrap()
                .at(3.0)
                .unwrap()
                .price("Home", "oxide")
                .unwrap(),
            price,
        );
    }
}

/// A switch is settled in each year by itself: a share of the upside that is capped at 4 a year. P = 20 - Q, 5 + Q / 2,
/// demand doubled in year 1.
#[test]
fn a_capped_share_over_time_is_that_of_each_year() {
    let market = home(supply(5.0, 0.5));
    let floor = ContractFloor::new(8.0)
        .covering("mine")
        .with_upside(UpsideShare {
            share: 0.3,
            threshold: 9.0,
            yearly_cap: Some(4.0),
        });
    let horizon = over(&market, 3)
        .growth("Home", "oxide", 1.0)
        .measure(Dated::new("floor", floor.clone()))
        .build()
        .unwrap();
    let path = horizon.noted().unwrap();
    for (t, period) in path.periods().iter().enumerate() {
        let mut facts = market.to_builder();
        facts = Market::builder("textbook", "USD")
            .region("Home")
            .commodity("oxide")
            .demand(
                "Home",
                "oxide",
                demand(20.0, -1.0).scaled(2f64.powi(t as i32)).unwrap(),
            )
            .activity(facts.build().unwrap().activities()[0].clone());
        let policy = Policy::new().with("floor", floor.clone()).unwrap();
        let alone = facts.build().unwrap().solve(&policy).unwrap();
        close(
            period.price("Home", "oxide").unwrap(),
            alone.price("Home", "oxide").unwrap(),
        );
    }
}
