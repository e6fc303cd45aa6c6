//! A public stockpile against textbook markets, worked by hand.

use super::near;
use pricefloor::curve::{Demand, Line, Supply};
use pricefloor::storage::{
    Action, Buyers, CommodityPeriod, Cover, Funds, Interruption, Member, Order, Outlook, Rules,
    Stockpile, StockpileRun, StockpileTerms, StockpiledCommodity, StorageError, Supplies,
};

const RULES: Rules = Rules {
    buy_below: None,
    target_days: 3650.0,
    pace: 1.0,
    sell_above: None,
    emergency_only: true,
    rotation: 0.0,
    rotation_cost: 0.0,
};

/// P = 20 - Q is bought and P = 5 + Q/2 is offered: 10 at a price of 10.
fn textbook() -> StockpiledCommodity {
    StockpiledCommodity {
        name: "oxide".into(),
        buyers: vec![Buyers {
            name: "all".into(),
            demand: Demand::linear(Line {
                intercept: 20.0,
                slope: -1.0,
            })
            .unwrap(),
        }],
        supplies: Supplies {
            safe: Some(
                Supply::linear(Line {
                    intercept: 5.0,
                    slope: 0.5,
                })
                .unwrap(),
            ),
            exposed: None,
        },
        cover: vec![Cover {
            name: "consumption".into(),
            per_year: 10.0,
        }],
        capacity: 100.0,
        opening: 0.0,
        opening_price: 0.0,
        holding_cost: 0.0,
        deterioration: 0.0,
        rules: RULES,
        members: vec![],
    }
}

/// Defence takes 1 up to a price of 50 and others 20 - P; 4 come from safe sources and 6 from exposed ones. Open: price 11.
/// Closed: price 17, and the others have 3 instead of 9.
fn exposed(opening: f64) -> StockpiledCommodity {
    let mut commodity = textbook();
    commodity.buyers.insert(
        0,
        Buyers {
            name: "defence".into(),
            demand: Demand::fixed(1.0).unwrap().with_choke(50.0).unwrap(),
        },
    );
    commodity.supplies = Supplies {
        safe: Some(Supply::fixed(4.0).unwrap()),
        exposed: Some(Supply::fixed(6.0).unwrap()),
    };
    commodity.opening = opening;
    commodity.opening_price = 11.0;
    commodity
}

fn funds(capital: f64, loan: f64) -> Funds {
    Funds {
        capital,
        loan,
        interest: 0.1,
    }
}

fn outlook(periods: usize) -> Outlook {
    Outlook {
        periods,
        years: 1.0,
        interruptions: vec![],
        orders: vec![],
    }
}

/// A source closed in the second of `periods`.
fn embargo(periods: usize) -> Outlook {
    Outlook {
        interruptions: vec![Interruption {
            commodity: None,
            from: 1,
            to: 2,
            left: 0.0,
        }],
        ..outlook(periods)
    }
}

fn stockpile(commodity: StockpiledCommodity, funds: Funds) -> Stockpile {
    Stockpile::new(StockpileTerms {
        funds,
        commodities: vec![commodity],
    })
    .unwrap()
}

fn periods(run: &StockpileRun) -> &[CommodityPeriod] {
    run.commodities()[0].periods()
}

/// At a floor of 12 the textbook market offers 14 and buys 8: 6 are bought for 72. With room for 3 the price is 11. With
/// 36 to spend, P g = 36 and 20 - P + g = 2 P - 10 give P = (30 + sqrt(900 + 432)) / 6 = 11.082763.
#[test]
fn buying_moves_the_price() {
    let buys = |funds: Funds, target_days: f64| {
        let mut commodity = textbook();
        commodity.rules = Rules {
            buy_below: Some(12.0),
            target_days,
            ..RULES
        };
        let run = stockpile(commodity, funds).run(&outlook(1)).unwrap();
        periods(&run)[0].clone()
    };
    let plenty = buys(funds(1000.0, 0.0), 3650.0);
    assert_eq!(
        (plenty.price, plenty.bought, plenty.paid),
        (12.0, 6.0, 72.0)
    );
    let room = buys(funds(1000.0, 0.0), 3.0 * 36.5);
    near(room.price, 11.0, 1e-12, "price");
    near(room.bought, 3.0, 1e-12, "bought");
    let poor = buys(funds(36.0, 0.0), 3650.0);
    let price = (30.0 + 1332f64.sqrt()) / 6.0;
    near(price, 11.082_763, 5e-7, "price by hand");
    near(poor.price, price, 1e-11, "price");
    near(poor.paid, 36.0, 1e-10, "paid");
}

/// Capital of 10 is spent before the loan, so of 72 paid 62 are drawn, at 10 %.
#[test]
fn the_loan_is_drawn_last() {
    let mut commodity = textbook();
    commodity.rules = Rules {
        buy_below: Some(12.0),
        ..RULES
    };
    commodity.holding_cost = 0.5;
    let run = stockpile(commodity, funds(10.0, 100.0))
        .run(&outlook(1))
        .unwrap();
    near(run.interest()[0], 6.2, 1e-12, "interest");
    near(run.money()[0], 38.0, 1e-12, "money left");
    near(run.commodities()[0].upkeep(), 3.0, 1e-12, "upkeep");
    near(run.net_cost(), 72.0 + 6.2 + 3.0, 1e-12, "net cost");
    assert_eq!(run.book_value(), 72.0);
    assert_eq!(run.commodities()[0].price_paid(), Some(12.0));
    near(
        run.commodities()[0]
            .days_of_cover("consumption", 0)
            .unwrap(),
        0.6 * 365.0,
        1e-12,
        "cover",
    );
}

/// With 3 in store, sold above 12: 21 - P = 4 + 3, so the price is 14, not 17, and the others have 6 of the 9 they want.
/// With 5, the price stops at 12 and nothing is left; with 8, it is 12 and 3 are left.
#[test]
fn a_release_in_an_embargo() {
    let with = |opening: f64| {
        let mut commodity = exposed(opening);
        commodity.rules.sell_above = Some(12.0);
        let stockpile = stockpile(commodity, funds(0.0, 0.0));
        let run = stockpile.run(&embargo(3)).unwrap();
        let without = stockpile.without().run(&embargo(3)).unwrap();
        (
            periods(&run)[1].clone(),
            run.unmet_avoided(&without, "oxide").unwrap(),
            run,
        )
    };
    let (period, avoided, run) = with(3.0);
    near(
        run.commodities()[0].base_price(),
        11.0,
        1e-12,
        "price of open trade",
    );
    near(period.price, 14.0, 1e-12, "price");
    near(period.sold, 3.0, 1e-12, "sold");
    near(period.unmet[1], 3.0, 1e-12, "unmet");
    near(avoided[1], 3.0, 1e-12, "avoided");
    assert_eq!(avoided[0], 0.0);
    near(period.gain, 3.0 * (14.0 - 11.0), 1e-11, "gain");
    assert_eq!(run.commodities()[0].run_out(), Some(1));
    assert_eq!(
        periods(&run)[0].sold,
        0.0,
        "nothing is sold while trade is open"
    );
    let (period, _, run) = with(8.0);
    assert_eq!((period.price, period.sold, period.stock), (12.0, 5.0, 3.0));
    assert_eq!(run.commodities()[0].run_out(), None);
}

/// Half a unit for everybody: the price is what defence would pay at most, and defence has it all.
#[test]
fn defence_is_served_first() {
    let mut commodity = exposed(0.0);
    commodity.supplies.safe = Some(Supply::fixed(0.5).unwrap());
    let run = stockpile(commodity, funds(0.0, 0.0))
        .run(&embargo(2))
        .unwrap();
    let period = &periods(&run)[1];
    assert_eq!(period.price, 50.0);
    assert_eq!(period.served, [0.5, 0.0]);
    near(period.unmet[0], 0.5, 1e-12, "defence");
}

/// A third of 3 at 13, the rest at the market's 14.
#[test]
fn members_take_at_their_price() {
    let mut commodity = exposed(3.0);
    commodity.rules.sell_above = Some(12.0);
    commodity.members = vec![Member {
        name: "maker".into(),
        share: 1.0 / 3.0,
        price: 13.0,
    }];
    let run = stockpile(commodity, funds(0.0, 0.0))
        .run(&embargo(2))
        .unwrap();
    let period = &periods(&run)[1];
    near(period.price, 14.0, 1e-12, "price");
    near(period.taken[0], 1.0, 1e-12, "taken");
    near(period.sold, 2.0, 1e-12, "sold");
    near(period.received, 13.0 + 28.0, 1e-11, "received");
}

/// Half of the stock a year is turned over: of 8 in half a year, a quarter is fresh, and of the other 6 the half-year's share
/// 1 - 0.9^(1/2) is lost. Turning 2 over costs 2 x 11 x 5 %.
#[test]
fn what_is_turned_over_does_not_deteriorate() {
    let mut commodity = exposed(8.0);
    commodity.deterioration = 0.1;
    commodity.rules = Rules {
        rotation: 0.5,
        rotation_cost: 0.05,
        ..RULES
    };
    let half = Outlook {
        years: 0.5,
        ..outlook(1)
    };
    let run = stockpile(commodity, funds(0.0, 0.0)).run(&half).unwrap();
    let period = &periods(&run)[0];
    near(period.lost, 6.0 * (1.0 - 0.9f64.sqrt()), 1e-12, "lost");
    near(period.upkeep, 2.0 * 11.0 * 0.05, 1e-11, "turned over");
}

/// Units and money add up over a run with everything in it.
#[test]
fn units_and_money_add_up() {
    let mut commodity = exposed(2.0);
    commodity.deterioration = 0.03;
    commodity.rules = Rules {
        buy_below: Some(12.0),
        sell_above: Some(13.0),
        target_days: 300.0,
        pace: 0.5,
        ..RULES
    };
    commodity.members = vec![Member {
        name: "maker".into(),
        share: 0.2,
        price: 12.5,
    }];
    let run = stockpile(commodity, funds(20.0, 80.0))
        .run(&Outlook {
            years: 0.5,
            ..embargo(6)
        })
        .unwrap();
    let (mut stock, mut book, mut money) = (2.0, 22.0, 100.0);
    for (period, left) in periods(&run).iter().zip(run.money()) {
        let taken: f64 = period.taken.iter().sum();
        stock += period.bought - period.sold - taken - period.lost;
        book += period.paid - (period.received - period.gain);
        money += period.received - period.paid;
        near(period.stock, stock, 1e-12, "stock");
        near(period.book_value, book, 1e-11, "book value");
        near(*left, money, 1e-11, "money");
        let supply = 0.5 * if period.emergency { 4.0 } else { 10.0 };
        let served: f64 = period.served.iter().sum();
        near(
            served + period.bought,
            supply + period.sold + taken,
            1e-11,
            "balance",
        );
    }
    assert!(periods(&run).iter().any(|period| period.bought > 0.0));
    assert!(periods(&run)[1].sold > 0.0);
}

fn says(result: Result<impl Sized, StorageError>) -> String {
    match result {
        Ok(_) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn bad_stockpiles_and_orders_are_named() {
    let order = |action| Outlook {
        orders: vec![Order {
            commodity: "oxide".into(),
            period: 0,
            action,
        }],
        ..outlook(1)
    };
    let small = stockpile(exposed(3.0), funds(10.0, 0.0));
    insta::assert_snapshot!(
        says(small.run(&order(Action::Release(4.0)))),
        @"oxide: a release of 4 was ordered in period 0, but 3 is in store"
    );
    // Two more are bought out of 10: 21 - P + 2 = 10, P = 13, so it costs 26.
    insta::assert_snapshot!(
        says(small.run(&order(Action::Buy(2.0)))),
        @"oxide: the purchase ordered costs 26, but 10 of the budget is left"
    );
    let mut crossed = exposed(0.0);
    crossed.rules = Rules {
        buy_below: Some(12.0),
        sell_above: Some(11.0),
        ..RULES
    };
    let terms = |commodity| StockpileTerms {
        funds: funds(0.0, 0.0),
        commodities: vec![commodity],
    };
    insta::assert_snapshot!(
        says(Stockpile::new(terms(crossed))),
        @"the stock buys below 12 and sells above 11; the floor must not be above the ceiling"
    );
    insta::assert_snapshot!(
        says(small.run(&Outlook { interruptions: vec![Interruption { commodity: Some("tin".into()), from: 0, to: 1, left: 0.0 }], ..outlook(1) })),
        @r#"there is no commodity "tin""#
    );
    insta::assert_snapshot!(
        says(small.run(&Outlook { interruptions: vec![Interruption { commodity: None, from: 0, to: 2, left: 0.0 }], ..outlook(1) })),
        @"the end of an interruption is 2, but it must be after its start and within the periods"
    );
    let mut vertical = exposed(0.0);
    vertical.buyers[0].demand = Demand::fixed(7.0).unwrap();
    vertical.buyers.truncate(1);
    insta::assert_snapshot!(
        says(stockpile(vertical, funds(0.0, 0.0)).run(&embargo(2))),
        @"oxide: no price brings supply and demand together; buyers who must be served whatever the price need a choke price"
    );
}

#[test]
fn stockpiles_survive_a_file() {
    let stockpile = stockpile(exposed(3.0), funds(10.0, 5.0));
    let text = serde_json::to_string(&stockpile).unwrap();
    assert_eq!(serde_json::from_str::<Stockpile>(&text).unwrap(), stockpile);
    let error =
        serde_json::from_str::<Stockpile>(&text.replace("\"capacity\":100.0", "\"capacity\":0.0"));
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("the capacity of a stock is 0")
    );
}
