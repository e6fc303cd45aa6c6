//! Each measure against a closed form, worked out by hand on the textbook market P = 20 - Q, P = 5 + Q/2 (free: price
//! 10, quantity 10, surplus 75), with imports offered at 6 where there is a border (free: price 6, demand 14, output 2,
//! imports 12), or on two countries that trade wheat (Krugman and Obstfeld: demand 100 - 20 P, supply 20 + 20 P at
//! home, 80 - 20 P and 40 + 20 P abroad; free: price 1.5, imports 20).

use approx::assert_relative_eq;
use pricefloor::assembly::Role;
use pricefloor::curve::Line;
use pricefloor::equilibrium::Equilibrium;
use pricefloor::intervention::{
    Band, Embargo, ExportQuota, ImportCommitment, ImportQuota, Measure, PriceBand,
    PriceUndertaking, ProductionQuota, Rate, Rationing, RentOwner, StatutoryCeiling,
    StatutoryMinimum, TariffRateQuota,
};
use pricefloor::{Activity, Demand, Ledger, Market, Policy, Supply};

/// Closed forms must be met to rounding.
const TOLERANCE: f64 = 1e-9;

fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line { intercept, slope }).unwrap()
}

fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line { intercept, slope }).unwrap()
}

fn textbook() -> Market {
    Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .build()
        .unwrap()
}

fn open() -> Market {
    textbook()
        .to_builder()
        .region("Abroad")
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap()
}

fn wheat() -> Market {
    Market::builder("wheat", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("wheat")
        .demand("Home", "wheat", demand(5.0, -0.05))
        .activity(Activity::producing(
            "home farms",
            "Home",
            "wheat",
            supply(-1.0, 0.05),
        ))
        .demand("Abroad", "wheat", demand(4.0, -0.05))
        .activity(Activity::producing(
            "farms abroad",
            "Abroad",
            "wheat",
            supply(-2.0, 0.05),
        ))
        .route("Abroad", "Home", "wheat", 0.0)
        .build()
        .unwrap()
}

fn solve(market: &Market, measure: impl Into<Measure>) -> Equilibrium {
    market
        .solve(&Policy::new().with("measure", measure).unwrap())
        .unwrap()
}

fn close(value: f64, expected: f64) {
    assert_relative_eq!(
        value,
        expected,
        epsilon = TOLERANCE,
        max_relative = TOLERANCE
    );
}

/// Price at home, then surplus of consumers, producers, treasuries, licence holders.
fn check(solved: &Equilibrium, price: f64, surplus: [f64; 4]) -> Ledger {
    let ledger = solved.ledger().unwrap();
    close(solved.price("Home", "oxide").unwrap(), price);
    let [consumers, producers, treasury, licences] = surplus;
    assert_relative_eq!(ledger.consumer_surplus(), consumers, epsilon = 1e-8);
    assert_relative_eq!(ledger.producer_surplus(), producers, epsilon = 1e-8);
    assert_relative_eq!(ledger.treasury(), treasury, epsilon = 1e-8);
    assert_relative_eq!(ledger.licence_rents(), licences, epsilon = 1e-8);
    assert!(ledger.identity_error() <= 1e-9 && ledger.clearing_error() <= 1e-9);
    ledger
}

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
    let solved = market.solve(&policy).unwrap();
    close(solved.price("Home", "oxide").unwrap(), 10.0);
    close(solved.level("mine").unwrap(), 10.0);
}

/// Imports of 3 at 6: 20 - p = 2 (p - 5) + 3 gives p = 9, as a border floor or a tariff of 3 would; the rent of 9 goes
/// to whoever is named.
#[test]
fn an_import_quota_equals_a_tariff_but_for_who_is_paid() {
    for (owner, treasury, licences, region) in [
        (RentOwner::ImportingTreasury, 9.0, 0.0, "Home"),
        (RentOwner::Importers, 0.0, 9.0, "Home"),
        (RentOwner::ExportingTreasury, 9.0, 0.0, "Abroad"),
        (RentOwner::Exporters, 0.0, 9.0, "Abroad"),
    ] {
        let solved = solve(&open(), ImportQuota::new("Home", "oxide", 3.0, owner));
        let ledger = check(&solved, 9.0, [60.5, 16.0, treasury, licences]);
        close(solved.flow("Abroad", "Home", "oxide").unwrap(), 3.0);
        close(solved.figure("measure", "rent").unwrap(), 3.0);
        let role = if treasury > 0.0 {
            Role::Treasury
        } else {
            Role::Licensee
        };
        close(ledger.role_in(role, region), 9.0);
    }
}

#[test]
fn a_quota_of_zero_and_an_embargo_leave_autarky() {
    let nothing = ImportQuota::new("Home", "oxide", 0.0, RentOwner::Importers);
    check(&solve(&open(), nothing), 10.0, [50.0, 25.0, 0.0, 0.0]);
    for embargo in [
        Embargo::on_imports("Home", "oxide"),
        Embargo::on_exports("Abroad", "oxide").with("Home"),
    ] {
        check(&solve(&open(), embargo), 10.0, [50.0, 25.0, 0.0, 0.0]);
    }
}

/// Exports of 10 from abroad: prices 1.75 and 1.25 as under a tariff of 0.5, and 5 for the holders of licences.
#[test]
fn an_export_quota() {
    let solved = solve(
        &wheat(),
        ExportQuota::new("Abroad", "wheat", 10.0, RentOwner::Exporters),
    );
    close(solved.price("Home", "wheat").unwrap(), 1.75);
    close(solved.price("Abroad", "wheat").unwrap(), 1.25);
    close(
        solved.ledger().unwrap().role_in(Role::Licensee, "Abroad"),
        5.0,
    );
    close(solved.figure("measure", "rent").unwrap(), 0.5);
}

/// Thirty units take a premium of 0.5, as an export subsidy of the same height would move: prices 1.25 and 1.75.
#[test]
fn an_import_commitment() {
    let solved = solve(
        &wheat(),
        ImportCommitment::new("Home", "wheat", 30.0).from("Abroad"),
    );
    close(solved.price("Home", "wheat").unwrap(), 1.25);
    close(solved.price("Abroad", "wheat").unwrap(), 1.75);
    close(solved.figure("measure", "premium").unwrap(), 0.5);
    close(solved.ledger().unwrap().outlay("measure"), 15.0);
}

/// The minimum of 9 stands where a quota of 3 would, and the exporters keep the 9.
#[test]
fn a_price_undertaking_leaves_the_rent_abroad() {
    let solved = solve(
        &open(),
        PriceUndertaking::new("Home", "oxide", 9.0).from("Abroad"),
    );
    let ledger = check(&solved, 9.0, [60.5, 16.0, 0.0, 9.0]);
    close(ledger.role_in(Role::Licensee, "Abroad"), 9.0);
    close(solved.figure("measure", "markup").unwrap(), 3.0);
}

/// Ad valorem on the price of origin of 6: 10 % inside, 60 % beyond. With a quota of 3 the price is 9 and the rent
/// 9 - 6.6 = 2.4 a unit; with 1 unit it is 9.6, imports are 1.2, and the licence is worth 3.
#[test]
fn a_tariff_rate_quota_ad_valorem() {
    use pricefloor::intervention::Base;
    let rate = |rate| Rate::AdValorem {
        rate,
        base: Base::Origin,
    };
    let quota = |size| {
        TariffRateQuota::new("Home", "oxide", size, RentOwner::Importers)
            .duties(rate(0.1), rate(0.6))
    };
    let three = solve(&open(), quota(3.0));
    check(&three, 9.0, [60.5, 16.0, 1.8, 7.2]);
    close(three.figure("measure", "rent").unwrap(), 0.4);
    let one = solve(&open(), quota(1.0));
    check(&one, 9.6, [54.08, 21.16, 0.6 + 0.2 * 3.6, 3.0]);
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

/// Six units sell at 14 and cost 8 at the margin.
#[test]
fn a_production_quota() {
    let kept = solve(&textbook(), ProductionQuota::new("Home", "oxide", 6.0));
    check(&kept, 14.0, [18.0, 45.0, 0.0, 0.0]);
    close(kept.figure("measure", "rent").unwrap(), 6.0);
    let sold = solve(
        &textbook(),
        ProductionQuota::new("Home", "oxide", 6.0).auctioned(),
    );
    check(&sold, 14.0, [18.0, 9.0, 36.0, 0.0]);
}
