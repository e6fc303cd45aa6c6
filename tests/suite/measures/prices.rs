//! Ceilings, floors and bands.

use super::*;
use crate::parity::Noted;

/// At 8 sellers offer 6; the six units are worth 20 down to 14 to those who get them.
#[test]
fn a_ceiling_rations_buyers_efficiently() {
    let solved = solve(
        &textbook(),
        StatutoryCeiling::new("Home", "oxide", 8.0, Rationing::Efficient),
    );
    check(&solved, 8.0, [54.0, 9.0, 0.0, 0.0]);
    close(solved.node("Home", "oxide").unwrap().demanded(), 6.0);
    close(solved.figure("measure", "rationed").unwrap(), 6.0);
}

/// At 8 buyers want 12 and get half of it: half of the surplus of 72.
#[test]
fn a_ceiling_rations_buyers_in_proportion() {
    let solved = solve(
        &textbook(),
        StatutoryCeiling::new("Home", "oxide", 8.0, Rationing::Proportional),
    );
    check(&solved, 8.0, [36.0, 9.0, 0.0, 0.0]);
    close(solved.node("Home", "oxide").unwrap().demanded(), 6.0);
    close(solved.figure("measure", "rationed").unwrap(), 0.5);
}

/// A plant that turns oxide into metal one for one at a cost of 2 is rationed as final buyers would be: at a ceiling of
/// 8 it gets 6 units and keeps the rent, the price of metal (demand 22 - Q) is 16, and a unit of oxide worth 14 to it.
#[test]
fn a_ceiling_rations_plants_too() {
    let plant = Activity::producing(
        "plant",
        "Home",
        "metal",
        Supply::perfectly_elastic(2.0).unwrap(),
    )
    .with_input("oxide", 1.0);
    let market = Market::builder("chain", "USD")
        .region("Home")
        .commodity("oxide")
        .commodity("metal")
        .demand("Home", "metal", demand(22.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .activity(plant)
        .build()
        .unwrap();
    let solved = solve(
        &market,
        StatutoryCeiling::new("Home", "oxide", 8.0, Rationing::Efficient),
    );
    close(solved.price("Home", "oxide").unwrap(), 8.0);
    close(solved.price("Home", "metal").unwrap(), 16.0);
    let ledger = solved.ledger().unwrap();
    close(ledger.surplus("plant").unwrap(), 36.0);
    close(ledger.surplus("mine").unwrap(), 9.0);
}

/// A floor and a ceiling at one price fix it: neg_floor_above_ceiling's control (demand 30 - P, supply P, both at 10).
#[test]
fn a_floor_may_meet_a_ceiling() {
    let market = Market::builder("fixed", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(30.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(0.0, 1.0),
        ))
        .build()
        .unwrap();
    let policy = Policy::new()
        .with(
            "floor",
            StatutoryMinimum::new("Home", "oxide", 10.0, Rationing::Efficient),
        )
        .unwrap()
        .with(
            "ceiling",
            StatutoryCeiling::new("Home", "oxide", 10.0, Rationing::Efficient),
        )
        .unwrap();
    let solved = market.noted(&policy).unwrap();
    close(solved.price("Home", "oxide").unwrap(), 10.0);
    close(solved.level("mine").unwrap(), 10.0);
}

/// Bought at 12: 2 (12 - 5) - 8 = 6. Sold at 8: 12 - 2 (8 - 5) = 6. With a stock of 3, 20 - p = 2 (p - 5) + 3: p = 9.
#[test]
fn a_price_band_buys_below_and_sells_above() {
    let band = |lower, upper| PriceBand::new("Home", "oxide", Band { lower, upper });
    let low = solve(&textbook(), band(12.0, 30.0).stock(3.0));
    check(&low, 12.0, [32.0, 49.0, -72.0, 0.0]);
    close(low.figure("measure", "bought").unwrap(), 6.0);
    let high = solve(&textbook(), band(2.0, 8.0).stock(10.0));
    check(&high, 8.0, [72.0, 9.0, 48.0, 0.0]);
    close(high.figure("measure", "sold").unwrap(), 6.0);
    close(high.figure("measure", "held").unwrap(), 1.0);
    let run_out = solve(&textbook(), band(2.0, 8.0).stock(3.0).stock_value(5.0));
    check(&run_out, 9.0, [60.5, 16.0, 27.0 - 15.0, 0.0]);
    close(run_out.figure("measure", "held").unwrap(), 0.0);
    let inside = solve(&textbook(), band(9.0, 11.0).stock(3.0));
    check(&inside, 10.0, [50.0, 25.0, 0.0, 0.0]);
}
