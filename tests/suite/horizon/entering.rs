//! Projects that enter or stay out.

use super::{close, home};
use crate::parity::NotedPath;
use pricefloor::Market;
use pricefloor::horizon::{Calendar, Dated, Entrant, Entry, Horizon, HorizonBuilder, Stage};
use pricefloor::prelude::*;

/// P = 20 - Q, 8 units at a cost of 5 and projects of 2 units each at 5.
fn market(projects: &[&str]) -> Market {
    let offer = |units| {
        Supply::perfectly_elastic(5.0)
            .unwrap()
            .with_capacity(units)
            .unwrap()
    };
    let mut facts = home(offer(8.0)).to_builder();
    for name in projects {
        facts = facts.activity(Activity::producing(name, "Home", "oxide", offer(2.0)));
    }
    facts.build().unwrap()
}

fn horizon(projects: &[&str], cost: f64) -> HorizonBuilder {
    let mut horizon = Horizon::builder(&market(projects), Calendar::yearly(6), 0.1);
    for name in projects {
        let stage = Stage::new("construction", 1.0).costing(cost);
        horizon = horizon.entrant(Entrant::of(name).stage(stage));
    }
    horizon
}

/// With n projects in the price is 12 - 2 n from year 1 on, and a unit earns 7 - 2 n a year for ever, from two years after
/// the decision: worth (7 - 2 n) 10 / 1.1 against a cost of 29 / 1.1. Two enter (7 - 4 = 3 pays), the third
/// would lose 2 (10 - 29) / 1.1.
#[test]
fn the_next_one_would_lose() {
    let names = ["one", "two", "three"];
    let Entry::Settled { round, path } = horizon(&names, 29.0).build().unwrap().entry().unwrap()
    else {
        panic!("no cycle here")
    };
    assert_eq!(round.entered().len(), 2);
    for verdict in round.verdicts() {
        let earned = if verdict.enters() { 3.0 } else { 1.0 };
        close(verdict.npv(), 2.0 * (10.0 * earned - 29.0) / 1.1);
        // 5, and a tenth of 29 for ever: it is paid a year before the first output's year ends
        close(verdict.incentive_price().unwrap(), 7.9);
        close(verdict.on_line(), 1.0);
    }
    close(path.at(0.0).unwrap().price("Home", "oxide").unwrap(), 12.0);
    close(path.at(1.0).unwrap().price("Home", "oxide").unwrap(), 8.0);
}

/// A subsidy of 2 a unit to one project puts it first.
#[test]
fn a_measure_puts_one_first() {
    let aid = ProductionSubsidy::new("Home", "oxide", 2.0).covering("three");
    let names = ["one", "two", "three"];
    let horizon = horizon(&names, 29.0)
        .measure(Dated::new("aid", aid))
        .build()
        .unwrap();
    let Entry::Settled { round, .. } = horizon.entry().unwrap() else {
        panic!("no cycle here")
    };
    // the one with the aid gains most and enters first, then one more at 7 - 4 = 3; a third would earn 1
    assert!(round.entered().contains(&"three".to_owned()));
    assert_eq!(round.entered().len(), 2);
    for verdict in round.verdicts() {
        let earned = match (verdict.activity(), verdict.enters()) {
            ("three", _) => 5.0,
            (_, true) => 3.0,
            (_, false) => 1.0,
        };
        close(verdict.npv(), 2.0 * (10.0 * earned - 29.0) / 1.1);
    }
}

/// A project is there from the end of its stages to the end of its life.
#[test]
fn a_project_comes_and_goes() {
    let stage = Stage::new("construction", 2.0).costing(1.0);
    let entrant = Entrant::of("one").stage(stage).lasting(3.0).decided(1.0);
    let horizon = Horizon::builder(&market(&["one"]), Calendar::yearly(8), 0.1).entrant(entrant);
    let path = horizon.build().unwrap().noted().unwrap();
    for (year, price) in path.prices("Home", "oxide").unwrap() {
        close(
            price,
            if (3.0..6.0).contains(&year) {
                10.0
            } else {
                12.0
            },
        );
    }
}
