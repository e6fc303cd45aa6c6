//! Capacity that is built, ages and retires.

use super::{close, home};
use crate::parity::NotedPath;
use pricefloor::Market;
use pricefloor::horizon::{
    Calendar, Dated, EndValue, Expansion, Horizon, HorizonBuilder, Review, Stage,
};
use pricefloor::prelude::*;

/// P = 20 - Q and a mine of 4 units at a cost of 5: 16 until more is built.
fn mine() -> Market {
    home(
        Supply::perfectly_elastic(5.0)
            .unwrap()
            .with_capacity(4.0)
            .unwrap(),
    )
}

fn over(years: u32) -> HorizonBuilder {
    Horizon::builder(&mine(), Calendar::yearly(years), 0.1)
}

fn two_years() -> Expansion {
    Expansion::of("mine").stage(Stage::new("construction", 2.0).costing(40.0))
}

fn price(path: &pricefloor::horizon::Path, year: f64) -> f64 {
    path.at(year).unwrap().price("Home", "oxide").unwrap()
}

/// A unit on line after two years that earns r a year from then on for n years is worth r b^2 (1 - b^n) / (1 - b) at the
/// end of the year of the decision, b = 1 / (1 + hurdle): r = 40 (1 - b) / (b^2 (1 - b^n)). What is installed retires in
/// equal parts and is replaced, so that the price stands at 5 + r from year 2 to the end.
#[test]
fn the_price_settles_at_the_long_run_cost() {
    for (hurdle, life) in [(0.1, None), (0.1, Some(10)), (0.15, None), (0.15, Some(10))] {
        let mut expansion = two_years().hurdle_rate(hurdle);
        let b: f64 = 1.0 / (1.0 + hurdle);
        let mut rent = 40.0 * (1.0 - b) / (b * b);
        if let Some(years) = life {
            expansion = expansion.lasting(f64::from(years));
            rent /= 1.0 - b.powi(years);
        }
        let path = over(25)
            .expansion(expansion)
            .build()
            .unwrap()
            .noted()
            .unwrap();
        close(price(&path, 0.0), 16.0);
        for year in 2..25 {
            close(price(&path, f64::from(year)), 5.0 + rent);
        }
        close(path.at(2.0).unwrap().capacity("mine").unwrap().rent(), rent);
    }
}

/// With a fraction d lost each year a unit earns r for ever, (1 - d)^t of it: r = 40 (1 - b (1 - d)) / b^2.
#[test]
fn capacity_declines() {
    let path = over(12)
        .expansion(two_years().declining(0.06))
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let b = 1.0 / 1.1;
    close(price(&path, 5.0), 5.0 + 40.0 * (1.0 - b * 0.94) / (b * b));
    // what is lost is what is decided: 6 % of what stands, two years ahead
    let (now, next) = (path.at(6.0).unwrap(), path.at(8.0).unwrap());
    let standing = next.capacity("mine").unwrap().capacity();
    close(now.capacity("mine").unwrap().decided(), 0.06 * standing);
}

/// Of two units that enter the permit one is refused: 2 for each unit that enters, so 4 for each that comes on line, and
/// 36 when construction begins a year later.
#[test]
fn stages_cost_what_enters_them() {
    let expansion = Expansion::of("mine")
        .stage(Stage::new("permit", 1.0).succeeding(0.5).costing(2.0))
        .stage(Stage::new("construction", 1.0).costing(36.0));
    let path = over(12)
        .expansion(expansion)
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let b = 1.0 / 1.1;
    close(
        price(&path, 3.0),
        5.0 + (4.0 + 36.0 * b) * (1.0 - b) / (b * b),
    );
}

/// What capacity is worth at the end: nothing, so that the rents of the years left must pay for it. In year 2, of three
/// years, a unit decided in year 0 earns one rent: r b^2 = 40.
#[test]
fn without_an_end_value_the_last_years_pay() {
    let ending = |end| {
        over(3)
            .expansion(two_years().ending(end))
            .build()
            .unwrap()
            .noted()
            .unwrap()
    };
    // r = 48.4 is more than 11, which a fifth unit brings: nothing is built
    close(price(&ending(EndValue::Nothing), 2.0), 16.0);
    // worth 40 at the end: r b^2 = 40 (1 - b^2)
    let path = ending(EndValue::PerUnit(40.0));
    close(price(&path, 2.0), 5.0 + 40.0 * (1.21 - 1.0));
}

/// Permits take 4 years, construction one, and 40 is paid when it begins: r = 40 (1 - b) / b = 4, a price of 9 from year 5
/// on with 7 units more. In year 1 everybody learns that a permit takes 2 years from now on; the 7 are in theirs already.
/// I units more, decided now, come on line in year 4. They earn 11 - I there, and 4 - I a year from then on, with I less
/// than 4; at the end of year 4 that is worth 11 - I + 10 (4 - I), and what was paid a year before is 44: I = 7 / 11.
#[test]
fn a_review_is_halved_by_surprise() {
    let expansion = || {
        Expansion::of("mine")
            .stage(Stage::new("permit", 4.0))
            .stage(Stage::new("construction", 1.0).costing(40.0))
    };
    let slow = over(16)
        .expansion(expansion())
        .build()
        .unwrap()
        .noted()
        .unwrap();
    close(price(&slow, 4.0), 16.0);
    close(price(&slow, 5.0), 9.0);
    let halved = Review::new("fast track", "mine", "permit", 2.0)
        .from(1.0)
        .known_from(1.0);
    let path = over(16)
        .expansion(expansion())
        .review(halved)
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let more = 7.0 / 11.0;
    close(
        path.at(0.0).unwrap().capacity("mine").unwrap().decided(),
        7.0,
    );
    close(
        path.at(1.0).unwrap().capacity("mine").unwrap().decided(),
        more,
    );
    close(price(&path, 3.0), 16.0);
    close(price(&path, 4.0), 16.0 - more);
    close(price(&path, 5.0), 9.0 - more);
}

/// From year 4 on, prospecting permits run for two years instead of one, in which 0.8 instead of 0.5 of those who prospect
/// prove a deposit. Prospecting costs 2, construction 36 a year before the first output, and 6 % of all capacity is lost
/// each year, so that some is always decided. A unit that comes on line costs 2 / 0.5 + 36 b two years ahead before, and
/// 2 / 0.8 + 36 b^2 three years ahead from then on; it earns r for ever, 0.94^t of it: r = cost (1 - 0.94 b) / b^lead.
#[test]
fn a_prospecting_permit_is_extended() {
    let extended = Review::new("extension", "mine", "prospecting", 2.0)
        .succeeding(0.8)
        .from(4.0);
    let path = over(16)
        .expansion(
            Expansion::of("mine")
                .stage(Stage::new("prospecting", 1.0).succeeding(0.5).costing(2.0))
                .stage(Stage::new("construction", 1.0).costing(36.0))
                .declining(0.06),
        )
        .review(extended)
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let b = 1.0 / 1.1_f64;
    let rent = |cost: f64, lead: i32| cost * (1.0 - 0.94 * b) / b.powi(lead);
    close(price(&path, 3.0), 5.0 + rent(4.0 + 36.0 * b, 2));
    for year in 7..16 {
        let extended = 5.0 + rent(2.5 + 36.0 * b * b, 3);
        close(price(&path, f64::from(year)), extended);
        assert!(extended < price(&path, 3.0));
    }
}

/// Two years of survey, one of prospecting in which half prove a deposit, and construction that costs 20: the rent is
/// 20 (1 - b) / b = 2 from year 4 on, for which 9 units are decided in year 0. In year 1 everybody learns that 0.6 will
/// prove one: of those surveying 9 x 0.6 / 0.5 = 10.8 come on line, the price is 20 - 14.8, nothing more is decided, and
/// construction of 10.8 is paid for.
#[test]
fn what_is_under_way_succeeds_more_often() {
    let expansion = Expansion::of("mine")
        .stage(Stage::new("survey", 2.0))
        .stage(Stage::new("prospecting", 1.0).succeeding(0.5))
        .stage(Stage::new("construction", 1.0).costing(20.0));
    let better = |share| {
        Review::new("drilling data", "mine", "prospecting", 1.0)
            .succeeding(share)
            .from(1.0)
            .known_from(1.0)
    };
    let path = over(12)
        .expansion(expansion.clone())
        .review(better(0.6))
        .build()
        .unwrap()
        .noted()
        .unwrap();
    close(
        path.at(0.0).unwrap().capacity("mine").unwrap().decided(),
        9.0,
    );
    for year in 1..8 {
        let period = path.at(f64::from(year)).unwrap();
        close(period.capacity("mine").unwrap().decided(), 0.0);
    }
    for year in 4..12 {
        close(price(&path, f64::from(year)), 5.2);
    }
    close(path.accounts().building("mine").unwrap()[3], 10.8 * 20.0);
    let refused = over(12).expansion(expansion).review(better(1.2)).build();
    insta::assert_snapshot!(refused.unwrap_err(), @"review `drilling data`: success is 1.2; it must be a share from 0 to 1");
}

/// Investors get what they pay: the rents of a unit decided in year 0, discounted, are its cost.
#[test]
fn rents_pay_for_what_is_built() {
    let path = over(30)
        .growth("Home", "oxide", 0.02)
        .expansion(two_years().rising(3.0).lasting(12.0))
        .build()
        .unwrap()
        .noted()
        .unwrap();
    for decided in 0..10 {
        let amount = path.periods()[decided].capacity("mine").unwrap().decided();
        assert!(amount > 0.0);
        let rents: f64 = (2..14)
            .map(|ahead| {
                let rent = path.periods()[decided + ahead]
                    .capacity("mine")
                    .unwrap()
                    .rent();
                rent * 1.1_f64.powi(-(ahead as i32))
            })
            .sum();
        close(rents, 40.0 + 3.0 * amount);
    }
}

/// A horizon longer by the life of a plant leaves the first ten years as they were, to 0.1 %.
#[test]
fn a_longer_horizon_changes_little() {
    let run = |years| {
        over(years)
            .growth("Home", "oxide", 0.02)
            .expansion(two_years().rising(3.0).lasting(12.0))
            .measure(Dated::new("support", ProductionSubsidy::new("Home", "oxide", 0.5)).from(4.0))
            .build()
            .unwrap()
            .noted()
            .unwrap()
    };
    let (short, long) = (run(28), run(40));
    for year in 0..10 {
        let year = f64::from(year);
        let change = price(&short, year) / price(&long, year) - 1.0;
        assert!(change.abs() < 1e-3, "year {year}: {change}");
        let capacity = |path: &pricefloor::horizon::Path| {
            path.at(year).unwrap().capacity("mine").unwrap().capacity()
        };
        let change = capacity(&short) / capacity(&long) - 1.0;
        assert!(change.abs() < 1e-3, "capacity in year {year}: {change}");
    }
}

/// The accounts over time: what everybody gains is the benefit less all cost, building included. With b = 1 / 1.1, four
/// units until year 2 and 10.6 from then on (rent 4.4): the consumers' surplus is Q^2 / 2, the owner's the rents less what
/// the 6.6 units cost, which the rents just pay, so that 4 x 11 in two years and 4 x 4.4 in eight are left, and the rents of
/// the new units from year 10 on, which are not valued.
#[test]
fn accounts_over_time() {
    let path = over(10)
        .expansion(two_years())
        .build()
        .unwrap()
        .noted()
        .unwrap();
    let accounts = path.accounts();
    let b = 1.0 / 1.1_f64;
    let sum = |from: i32, to: i32| (from..=to).map(|t| b.powi(t)).sum::<f64>();
    close(
        accounts
            .present_value("consumers of oxide in Home")
            .unwrap(),
        8.0 * sum(1, 2) + 10.6 * 10.6 / 2.0 * sum(3, 10),
    );
    let old = 44.0 * sum(1, 2) + 4.0 * 4.4 * sum(3, 10);
    let beyond = 6.6 * 4.4 * b.powi(10) / 0.1;
    close(accounts.present_value("mine").unwrap(), old - beyond);
    close(accounts.building("mine").unwrap()[0], 6.6 * 40.0);
    let all = accounts
        .present_value("consumers of oxide in Home")
        .unwrap()
        + old
        - beyond;
    close(accounts.total(), all);
}

/// A run says what it takes capacity and stocks at its end to be worth.
#[test]
fn the_end_is_stated() {
    use pricefloor::horizon::{Reserve, Store};
    let horizon = over(3)
        .expansion(two_years())
        .store(Store::new("Home", "oxide").worth_at_end(6.5))
        .reserve(Reserve::of("mine", 100.0))
        .build()
        .unwrap();
    let text = horizon.solve().unwrap().to_string();
    for line in [
        "at the end capacity of `mine` is worth the rents of the last period for ever",
        "at the end store of oxide in Home is worth 6.5 a unit",
        "at the end reserve of `mine` is worth nothing",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
