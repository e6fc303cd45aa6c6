//! What the worked examples say in words, on markets small enough to work out by hand.

use approx::assert_relative_eq;
use pricefloor::curve::Line;
use pricefloor::horizon::{Calendar, Dated, Horizon};
use pricefloor::prelude::*;

fn close(value: f64, expected: f64) {
    assert_relative_eq!(value, expected, epsilon = 1e-9, max_relative = 1e-9);
}

fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line { intercept, slope }).unwrap()
}

fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line { intercept, slope }).unwrap()
}

/// `border_floor`: a floor on one stage hurts the next; on both, by the same amount, it leaves the next as it was.
/// The world sells oxide at 6 and metal at 14; a plant makes metal of oxide at 5 + q / 2: 14 - 6 - 5 = q / 2, so q = 6. With a
/// floor of 8 on oxide q = 2, and with one of 16 on metal too q = 6 again.
#[test]
fn a_floor_on_one_stage_hurts_the_next() {
    let world = |name: &str, commodity: &str, price| {
        let supply = Supply::perfectly_elastic(price).unwrap();
        Activity::producing(name, "World", commodity, supply)
    };
    let market = Market::builder("two stages", "USD")
        .region("Home")
        .region("World")
        .commodity("oxide")
        .commodity("metal")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .demand("Home", "metal", demand(30.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .activity(
            Activity::producing("plant", "Home", "metal", supply(5.0, 0.5))
                .with_input("oxide", 1.0),
        )
        .activity(world("oxide of the world", "oxide", 6.0))
        .activity(world("metal of the world", "metal", 14.0))
        .route("World", "Home", "oxide", 0.0)
        .route("World", "Home", "metal", 0.0)
        .build()
        .unwrap();
    let made = |rungs: &[(&str, f64)]| {
        let mut policy = Policy::new();
        if !rungs.is_empty() {
            let ladder = ReferencePriceLadder::new("Home");
            let ladder = rungs
                .iter()
                .fold(ladder, |l, &(stage, floor)| l.rung(stage, floor));
            policy = policy.with("ladder", ladder).unwrap();
        }
        let solved = market.solve(&policy).unwrap();
        for &(stage, floor) in rungs {
            close(solved.price("Home", stage).unwrap(), floor);
            close(
                solved
                    .figure("ladder", &format!("attained {stage}"))
                    .unwrap(),
                1.0,
            );
        }
        (
            solved.level("mine").unwrap(),
            solved.level("plant").unwrap(),
        )
    };
    for (rungs, mine, plant) in [
        (&[][..], 2.0, 6.0),
        (&[("oxide", 8.0)], 6.0, 2.0),
        (&[("oxide", 8.0), ("metal", 16.0)], 6.0, 6.0),
    ] {
        let (found_mine, found_plant) = made(rungs);
        close(found_mine, mine);
        close(found_plant, plant);
    }
}

/// `balance_problem`: a mine digs Q of ore at 2 + Q a unit; each holds 1/4 of NdPr, worth 60 - 10 q, and 1/2 of cerium, worth
/// 8 - q. Free, (60 - 2.5 Q) / 4 + (8 - Q / 2) / 2 = 2 + Q: Q = 136 / 15. With a floor f on NdPr,
/// f / 4 + (8 - Q / 2) / 2 = 2 + Q: at 62, Q = 14 and cerium falls from 52 / 15 to 1; the public cost is (62 - 25) x 3.5, more
/// than the gap at the old price, because the floor itself lowers it. At 82 cerium is free: 82 / 4 = 2 + Q, and of the 9.25
/// that come up 8 are taken.
#[test]
fn a_floor_on_one_joint_product_is_paid_in_the_other() {
    let mine = Activity::new("mine", "World", supply(2.0, 1.0))
        .with_output("NdPr", 0.25)
        .with_output("cerium", 0.5);
    let market = Market::builder("joint products", "USD")
        .region("World")
        .commodity("NdPr")
        .commodity("cerium")
        .demand("World", "NdPr", demand(60.0, -10.0))
        .demand("World", "cerium", demand(8.0, -1.0))
        .activity(mine)
        .build()
        .unwrap();
    let free = market.solve(&Policy::none()).unwrap();
    close(free.level("mine").unwrap(), 136.0 / 15.0);
    close(free.price("World", "cerium").unwrap(), 52.0 / 15.0);
    let old = free.price("World", "NdPr").unwrap();
    for (strike, ore, [ndpr, cerium], excess) in [
        (62.0, 14.0, [25.0, 1.0], 0.0),
        (82.0, 18.5, [13.75, 0.0], 1.25),
    ] {
        let floor = ContractFloor::new(strike).covering("mine").on("NdPr");
        let solved = market
            .solve(&Policy::new().with("floor", floor).unwrap())
            .unwrap();
        close(solved.level("mine").unwrap(), ore);
        close(solved.price("World", "NdPr").unwrap(), ndpr);
        close(solved.price("World", "cerium").unwrap(), cerium);
        close(solved.node("World", "cerium").unwrap().excess(), excess);
        let cost = solved.ledger().unwrap().outlay("floor");
        close(cost, (strike - ndpr) * ore / 4.0);
        assert!(cost > (strike - old) * ore / 4.0);
    }
}

/// `embargo_2010`: where buyers abroad have no other source, a quota that lets the share k through multiplies their price by
/// k^(1 / e). The exporter's own price falls back along its supply: what it sells at home and abroad is less by what the
/// quota cuts, and it owns the rent.
#[test]
fn a_quota_raises_the_price_by_the_elasticity() {
    for (kept, elasticity) in [(0.6, -0.5), (0.6, -0.2), (0.8, -1.0)] {
        let at = |quantity| Observed {
            price: 10.0,
            quantity,
        };
        let market = Market::builder("quota", "USD")
            .region("China")
            .region("Japan")
            .commodity("oxide")
            .demand(
                "Japan",
                "oxide",
                Demand::constant_elasticity(at(100.0), elasticity).unwrap(),
            )
            .activity(Activity::producing(
                "mines",
                "China",
                "oxide",
                Supply::constant_elasticity(at(100.0), 1.0).unwrap(),
            ))
            .route("China", "Japan", "oxide", 0.0)
            .build()
            .unwrap();
        let quota = ExportQuota::new("China", "oxide", 100.0 * kept, RentOwner::Exporters);
        let solved = market
            .solve(&Policy::new().with("quota", quota).unwrap())
            .unwrap();
        let price = 10.0 * kept.powf(1.0 / elasticity);
        close(solved.price("Japan", "oxide").unwrap(), price);
        close(solved.price("China", "oxide").unwrap(), 10.0 * kept);
        let rents = solved.ledger().unwrap().licence_rents();
        close(rents, (price - 10.0 * kept) * 100.0 * kept);
    }
}

/// `mountain_pass`: the guarantee of the magnet plant is 140 growing by 2 % a year; the sponsor has the first 30 above it
/// (as far as that is known) and half of the rest. Demand 20 - Q / k and supply 5 + Q / 2 k earn 25 k.
#[test]
fn the_guarantee_of_the_magnet_plant_over_the_years() {
    let market = |k: f64| {
        Market::builder("magnets", "USD")
            .units("t", "USD million")
            .region("Home")
            .commodity("magnets")
            .demand("Home", "magnets", demand(20.0, -1.0 / k))
            .activity(Activity::producing(
                "10X",
                "Home",
                "magnets",
                supply(5.0, 0.5 / k),
            ))
            .build()
            .unwrap()
    };
    let guarantee = || {
        MinimumEarnings::new("10X", 140.0)
            .growing(0.02)
            .above(Tranche {
                width: Some(30.0),
                to_sponsor: 1.0,
            })
            .above(Tranche {
                width: None,
                to_sponsor: 0.5,
            })
    };
    for k in [4.0, 5.6, 6.0, 8.0] {
        let path = Horizon::builder(&market(k), Calendar::yearly(3), 0.05)
            .measure(Dated::new("guarantee", guarantee()))
            .build()
            .unwrap()
            .solve()
            .unwrap();
        for year in 0..3_u8 {
            let short = 140.0 * 1.02_f64.powi(i32::from(year)) - 25.0 * k;
            let above = (-short).max(0.0);
            let owed = above.min(30.0) + 0.5 * (above - 30.0).max(0.0);
            let ledger = path.at(f64::from(year)).unwrap().ledger();
            let paid = -ledger.treasury();
            assert!(
                (paid - (short.max(0.0) - owed)).abs() < 1e-8,
                "{k}, year {year}: {paid}"
            );
        }
    }
}
