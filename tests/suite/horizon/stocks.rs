//! Storage, reserves and funds against closed forms.

use super::{close, home, over, supply};
use crate::parity::NotedPath;
use pricefloor::horizon::{Calendar, Dated, Horizon, Reserve, Store};
use pricefloor::prelude::*;

/// Two periods of `y` years, supply fixed at 10 a year, demand m (20 - P) with m = 1, then 2. With s units stored,
/// p0 = 10 + s / y and p1 = 20 - (10 + kept s / y) / 2, and p0 + cost y = kept p1 / (1 + r)^y gives
/// s = y (kept b 15 - 10 - cost y) / (1 + b kept^2 / 2), b = (1 + r)^-y.
#[test]
fn storage_carries_plenty_to_want() {
    for y in [1.0, 0.5_f64] {
        let market = home(Supply::fixed(10.0).unwrap());
        let calendar = Calendar::yearly(2).in_steps_of(y);
        let growth = 2f64.powf(1.0 / y) - 1.0;
        let horizon = Horizon::builder(&market, calendar, 0.05)
            .growth("Home", "oxide", growth)
            .store(Store::new("Home", "oxide").costing(0.5).losing(0.02))
            .build()
            .unwrap();
        // the closed form is of the first two periods: leave the others out
        let horizon = if y < 1.0 {
            Horizon::builder(&market, Calendar::yearly(1).in_steps_of(y), 0.05)
                .growth("Home", "oxide", growth)
                .store(Store::new("Home", "oxide").costing(0.5).losing(0.02))
                .build()
                .unwrap()
        } else {
            horizon
        };
        let path = horizon.noted().unwrap();
        let (kept, b) = (0.98_f64.powf(y), 1.05_f64.powf(-y));
        let stored = y * (kept * b * 15.0 - 10.0 - 0.5 * y) / (1.0 + b * kept * kept / 2.0);
        let [first, second] = path.periods() else {
            panic!("two periods")
        };
        close(first.stores()[0].stock(), stored);
        close(first.price("Home", "oxide").unwrap(), 10.0 + stored / y);
        close(second.stores()[0].opening(), stored * kept);
        close(
            second.price("Home", "oxide").unwrap(),
            20.0 - (10.0 + kept * stored / y) / 2.0,
        );
        close(second.stores()[0].stock(), 0.0);
        // what is bought in one period is sold in the next, and both are in the accounts
        let trade = |p: &pricefloor::horizon::PeriodResult| {
            p.ledger().surplus("store of oxide in Home").unwrap()
        };
        close(trade(first), -(10.0 + stored / y) * stored / y);
        assert!(trade(second) > 0.0);
    }
}

/// A stock at the start with supply P = 5 + Q / 2 in each of two like years, P = 20 - Q: without cost or losses the price
/// rises by the rate of interest, and both years together use what is there. Excess demand at p is 30 - 3 p, so
/// 30 - 3 p0 + 30 - 3 p0 (1 + r) = stock.
#[test]
fn an_opening_stock_is_spread() {
    let horizon = over(&home(supply(5.0, 0.5)), 2)
        .store(Store::new("Home", "oxide").opening(6.0))
        .build()
        .unwrap();
    let path = horizon.noted().unwrap();
    let price = (60.0 - 6.0) / (3.0 * 2.05);
    close(path.at(0.0).unwrap().price("Home", "oxide").unwrap(), price);
    close(
        path.at(1.0).unwrap().price("Home", "oxide").unwrap(),
        price * 1.05,
    );
}

/// Hotelling (1931): with cost 5, P = 20 - Q and R units, the rent grows at the rate of interest; where all ten years
/// mine, sum (15 - m0 1.05^t) = R, so that m0 = (150 - R) 0.05 / (1.05^10 - 1).
#[test]
fn a_reserve_earns_the_rate_of_interest() {
    let market = home(Supply::perfectly_elastic(5.0).unwrap());
    let horizon = over(&market, 10)
        .reserve(Reserve::of("mine", 60.0))
        .build()
        .unwrap();
    let path = horizon.noted().unwrap();
    let rent = (150.0 - 60.0) * 0.05 / (1.05_f64.powi(10) - 1.0);
    for (t, period) in path.periods().iter().enumerate() {
        let now = rent * 1.05_f64.powi(t as i32);
        close(period.price("Home", "oxide").unwrap(), 5.0 + now);
        close(period.reserves()[0].rent().unwrap(), now);
    }
    close(path.periods()[9].reserves()[0].stock(), 0.0);
    // more than ten years can use at a price of 5: nothing is scarce
    let plenty = over(&market, 10)
        .reserve(Reserve::of("mine", 151.0))
        .build()
        .unwrap();
    let plenty = plenty.noted().unwrap();
    close(plenty.at(0.0).unwrap().price("Home", "oxide").unwrap(), 5.0);
    close(plenty.at(9.0).unwrap().reserves()[0].stock(), 1.0);
    // half-years discount by half a year
    let halves = Horizon::builder(&market, Calendar::yearly(5).in_steps_of(0.5), 0.05)
        .reserve(Reserve::of("mine", 30.0))
        .build()
        .unwrap();
    let halves = halves.noted().unwrap();
    let g = 1.05_f64.sqrt();
    let rent = (75.0 - 30.0) * 2.0 * (g - 1.0) / (g.powi(10) - 1.0);
    close(
        halves.at(0.0).unwrap().price("Home", "oxide").unwrap(),
        5.0 + rent,
    );
}

/// A reserve with a backstop at 12: mining stops when the price has risen to it. With rent m0 1.1^t below 7, the years
/// that mine use 15 - m0 1.1^t each, and the whole is used up.
#[test]
fn a_backstop_ends_mining() {
    let market = home(Supply::perfectly_elastic(5.0).unwrap())
        .to_builder()
        .activity(Activity::producing(
            "backstop",
            "Home",
            "oxide",
            Supply::perfectly_elastic(12.0).unwrap(),
        ))
        .build()
        .unwrap();
    let horizon = Horizon::builder(&market, Calendar::yearly(30), 0.1)
        .reserve(Reserve::of("mine", 80.0))
        .build()
        .unwrap();
    let path = horizon.noted().unwrap();
    let mined: f64 = path
        .periods()
        .iter()
        .map(|p| p.level("mine").unwrap())
        .sum();
    close(mined, 80.0);
    let rent = path.periods()[0].reserves()[0].rent().unwrap();
    for (t, period) in path.periods().iter().enumerate() {
        let price = (5.0 + rent * 1.1_f64.powi(t as i32)).min(12.0);
        close(period.price("Home", "oxide").unwrap(), price);
    }
    close(path.periods()[29].level("backstop").unwrap(), 8.0);
}

/// Buying at a floor of 12 until a fund of 144 is spent: six units a year at 12 are 72, so two years are bought and
/// the third year's price is free (10). With a fund of 100 the second year has 28 left: there p (30 - 3 p)... the state
/// buys g = 3 p - 30 units for p g = 28.
#[test]
fn a_fund_runs_out() {
    for (fund, second) in [(144.0, 12.0), (100.0, 5.0 + (25.0 + 28.0 / 3.0_f64).sqrt())] {
        let buying = SupportBuying::new("Home", "oxide", 12.0).fund(fund);
        let horizon = over(&home(supply(5.0, 0.5)), 3)
            .measure(Dated::new("buying", buying))
            .build()
            .unwrap();
        let path = horizon.noted().unwrap();
        close(path.at(0.0).unwrap().price("Home", "oxide").unwrap(), 12.0);
        close(
            path.at(1.0).unwrap().price("Home", "oxide").unwrap(),
            second,
        );
        close(path.at(2.0).unwrap().price("Home", "oxide").unwrap(), 10.0);
    }
}
