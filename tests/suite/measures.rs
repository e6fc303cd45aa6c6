//! Each measure against a closed form, worked out by hand on the textbook market P = 20 - Q, P = 5 + Q/2 (free: price
//! 10, quantity 10, surplus 75), with imports offered at 6 where there is a border (free: price 6, demand 14, output 2,
//! imports 12), or on two countries that trade wheat (Krugman and Obstfeld: demand 100 - 20 P, supply 20 + 20 P at
//! home, 80 - 20 P and 40 + 20 P abroad; free: price 1.5, imports 20).

use approx::assert_relative_eq;
use pricefloor::assembly::Role;
use pricefloor::curve::Line;
use pricefloor::equilibrium::Equilibrium;
use pricefloor::intervention::{
    AntiDumpingDuty, Band, ContractFloor, ContractForDifference, CountervailingDuty, Coverage,
    Embargo, ExportQuota, GuaranteedOfftake, ImportCommitment, ImportQuota, InputSubsidy, Measure,
    MinimumEarnings, OfftakePrice, OriginRequirement, PriceBand, PriceUndertaking,
    ProcurementPreference, ProductionQuota, ProductionSubsidy, Rate, Rationing,
    ReferencePriceLadder, RentOwner, Sharing, StatutoryCeiling, StatutoryMinimum, TariffRateQuota,
    TaxCredit, Tranche, Vintage,
};
use pricefloor::ledger::BlocStudy;
use pricefloor::market::Bloc;
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
    // ten are imported anyway
    let idle = solve(&wheat(), ImportCommitment::new("Home", "wheat", 10.0));
    close(idle.price("Home", "wheat").unwrap(), 1.5);
    // a free way back does not let the wheat go round for the premium
    let round = wheat()
        .to_builder()
        .route("Home", "Abroad", "wheat", 0.0)
        .build()
        .unwrap();
    let solved = solve(&round, ImportCommitment::new("Home", "wheat", 30.0));
    close(solved.price("Home", "wheat").unwrap(), 1.25);
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

/// Marginal cost falls to 0.8 (5 + Q/2) = 20 - Q: Q = 80/7. What is paid is a fifth of 5 Q + Q^2 / 4.
#[test]
fn a_tax_credit_is_a_share_of_the_whole_cost() {
    let q: f64 = 80.0 / 7.0;
    let paid = 0.2 * (5.0 * q + q * q / 4.0);
    let credit = TaxCredit::new("Home", "oxide", 0.2);
    check(
        &solve(&textbook(), credit),
        20.0 - q,
        [q * q / 2.0, 0.2 * q * q, -paid, 0.0],
    );
}

/// Oxide at 6 and magnets at 9 from abroad; a plant at home turns one into the other at a cost of 1 + q/2.
fn chain() -> Market {
    let from_abroad = |commodity: &str, price| {
        let supply = Supply::perfectly_elastic(price).unwrap();
        Activity::producing(&format!("{commodity} abroad"), "Abroad", commodity, supply)
    };
    Market::builder("chain", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .commodity("magnets")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .demand("Home", "magnets", demand(30.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .activity(
            Activity::producing("plant", "Home", "magnets", supply(1.0, 0.5))
                .with_input("oxide", 1.0),
        )
        .activity(from_abroad("oxide", 6.0))
        .activity(from_abroad("magnets", 9.0))
        .route("Abroad", "Home", "oxide", 0.0)
        .route("Abroad", "Home", "magnets", 0.0)
        .build()
        .unwrap()
}

/// 9 = 6 + 1 + q/2 makes 4; a unit off the oxide makes 6.
#[test]
fn an_input_subsidy() {
    close(
        chain()
            .solve(&Policy::none())
            .unwrap()
            .level("plant")
            .unwrap(),
        4.0,
    );
    for subsidy in [
        InputSubsidy::specific("Home", "oxide", 1.0),
        InputSubsidy::ad_valorem("Home", "oxide", 1.0 / 6.0),
    ] {
        let solved = solve(&chain(), subsidy);
        close(solved.level("plant").unwrap(), 6.0);
        close(solved.ledger().unwrap().outlay("measure"), 6.0);
    }
}

/// With the materials in it, a credit of a tenth makes 9 = 0.9 (6 + 1 + q/2): q = 6; the plant's own cost is 6 + 9.
#[test]
fn a_tax_credit_with_materials() {
    let credit = TaxCredit::new("Home", "magnets", 0.1).with_inputs();
    let solved = solve(&chain(), credit);
    close(solved.level("plant").unwrap(), 6.0);
    close(
        solved.ledger().unwrap().outlay("measure"),
        0.1 * (36.0 + 15.0),
    );
}

/// A floor of 7 on oxide alone halves the plant: 9 = 7 + 1 + q/2. A rung of 10 on magnets gives its 4 back.
#[test]
fn a_floor_on_the_material_moves_the_problem_downstream() {
    let oxide = ReferencePriceLadder::new("Home").rung("oxide", 7.0);
    let one = solve(&chain(), oxide.clone());
    close(one.price("Home", "oxide").unwrap(), 7.0);
    close(one.level("plant").unwrap(), 2.0);
    close(one.flow("Abroad", "Home", "magnets").unwrap(), 21.0 - 2.0);
    let both = solve(&chain(), oxide.rung("magnets", 10.0));
    close(both.level("plant").unwrap(), 4.0);
    close(both.price("Home", "magnets").unwrap(), 10.0);
    close(both.figure("measure", "levy magnets").unwrap(), 1.0);
    close(
        both.figure("measure", "revenue magnets").unwrap(),
        20.0 - 4.0,
    );
    // oxide: 13 bought and 4 used, 4 mined
    close(both.figure("measure", "revenue oxide").unwrap(), 13.0);
}

/// Members at 9: the first buys 11 and mines 8, the second buys 22. A levy of 3 on imports of 25 raises 75.
#[test]
fn a_ladder_for_a_bloc_divides_what_it_raises() {
    let market = open()
        .to_builder()
        .region("Ally")
        .demand("Ally", "oxide", demand(31.0, -1.0))
        .add_route(pricefloor::market::Route::new(
            "Abroad", "Ally", "oxide", 0.0,
        ))
        .route("Home", "Ally", "oxide", 0.5)
        .build()
        .unwrap();
    let bloc = Bloc::new("allies", ["Home", "Ally"]).unwrap();
    let ladder = ReferencePriceLadder::new(&bloc).rung("oxide", 9.0);
    for (sharing, home) in [
        (Sharing::Equal, 37.5),
        (Sharing::Consumption, 25.0),
        (Sharing::Weights(vec![2.0, 3.0]), 30.0),
    ] {
        let solved = solve(&market, ladder.clone().sharing(sharing));
        check(&solved, 9.0, [60.5 + 242.0, 16.0, 75.0, 0.0]);
        let ledger = solved.ledger().unwrap();
        close(ledger.surplus("treasury of Home").unwrap(), home);
        close(ledger.surplus("treasury of Ally").unwrap(), 75.0 - home);
        close(ledger.surplus("treasury of allies").unwrap(), 0.0);
    }
    let quota = solve(&market, ladder.clone().by_quota(RentOwner::Exporters));
    check(&quota, 9.0, [60.5 + 242.0, 16.0, 0.0, 75.0]);
    // an ally that pays 1 more for transport: the floor holds where the price is lowest, or where it is said to
    let far = open()
        .to_builder()
        .region("Ally")
        .demand("Ally", "oxide", demand(31.0, -1.0))
        .route("Abroad", "Ally", "oxide", 1.0)
        .build()
        .unwrap();
    let lowest = solve(&far, ladder.clone());
    close(lowest.price("Home", "oxide").unwrap(), 9.0);
    close(lowest.price("Ally", "oxide").unwrap(), 10.0);
    let named = solve(&far, ladder.measured_in("Ally"));
    close(named.price("Home", "oxide").unwrap(), 8.0);
    close(named.price("Ally", "oxide").unwrap(), 9.0);
}

/// A subsidy of 0.5 abroad alone gives 80 - 40 p = 40 p - 30. With the duty, exports 40 p - 30 meet imports
/// 60 - 40 p at p = 1.125 abroad, 1.625 at home.
#[test]
fn a_countervailing_duty_follows_the_subsidy() {
    let aid = Policy::new()
        .with("aid", ProductionSubsidy::new("Abroad", "wheat", 0.5))
        .unwrap();
    close(
        wheat().solve(&aid).unwrap().price("Home", "wheat").unwrap(),
        1.375,
    );
    let duty = CountervailingDuty::new("Home", "wheat", "Abroad").against("aid");
    let policy = aid.with("duty", duty).unwrap();
    let solved = wheat().solve(&policy).unwrap();
    close(solved.price("Home", "wheat").unwrap(), 1.625);
    close(solved.price("Abroad", "wheat").unwrap(), 1.125);
    close(solved.ledger().unwrap().outlay("duty"), -7.5);
    // the duty moves with the subsidy's own number
    let compiled = wheat().compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    workspace
        .set(compiled.param("measure/aid/rate").unwrap(), 0.0)
        .unwrap();
    let free = compiled.equilibrium_from(&mut workspace).unwrap();
    close(free.price("Home", "wheat").unwrap(), 1.5);
}

/// A normal value of 9 against an export price of 6: 3 a unit on imports of 3. At most 1: price 7, imports 9.
#[test]
fn an_anti_dumping_duty() {
    let duty = || AntiDumpingDuty::new("Home", "oxide", "Abroad", 9.0);
    check(&solve(&open(), duty()), 9.0, [60.5, 16.0, 9.0, 0.0]);
    let lesser = solve(&open(), duty().at_most(1.0));
    check(&lesser, 7.0, [84.5, 4.0, 9.0, 0.0]);
    close(lesser.figure("measure", "duty").unwrap(), 1.0);
}

/// The first 8 at 12 are a contract floor on them. At the market price and 1 they cost 8. Kept, the market clears at
/// 20 - p + 8 = 2 (p - 5): 38/3. Below the market, at 8, the producer gives up 2 on 8 units and its margin stays.
#[test]
fn a_guaranteed_offtake() {
    let contract = |price| GuaranteedOfftake::new("mine", 8.0, price);
    check(
        &solve(&textbook(), contract(OfftakePrice::Fixed(12.0))),
        10.0,
        [50.0, 41.0, -16.0, 0.0],
    );
    let premium = OfftakePrice::Market {
        premium: 1.0,
        floor: Some(10.5),
    };
    check(
        &solve(&textbook(), contract(premium)),
        10.0,
        [50.0, 33.0, -8.0, 0.0],
    );
    let floor = OfftakePrice::Market {
        premium: 1.0,
        floor: Some(12.0),
    };
    check(
        &solve(&textbook(), contract(floor)),
        10.0,
        [50.0, 41.0, -16.0, 0.0],
    );
    let (price, sold) = (38.0 / 3.0, 46.0 / 3.0);
    let kept = contract(OfftakePrice::Market {
        premium: 0.0,
        floor: None,
    })
    .kept(0.0);
    check(
        &solve(&textbook(), kept),
        price,
        [
            (20.0 - price) * (20.0 - price) / 2.0,
            sold * sold / 4.0,
            -8.0 * price,
            0.0,
        ],
    );
    check(
        &solve(&textbook(), contract(OfftakePrice::Fixed(8.0))),
        10.0,
        [50.0, 9.0, 16.0, 0.0],
    );
    // twelve firm units at the market price sell at 8 and cost 11 at the margin
    let firm = GuaranteedOfftake::new(
        "mine",
        12.0,
        OfftakePrice::Market {
            premium: 0.0,
            floor: None,
        },
    )
    .firm();
    check(
        &solve(&textbook(), firm),
        8.0,
        [72.0, 96.0 - 96.0, 0.0, 0.0],
    );
}

/// Free earnings are 25. Guaranteed 30: 5 are made up. Guaranteed 10: of the 15 above, 5 and half of 10 are owed.
#[test]
fn minimum_earnings_settle_after_the_solve() {
    check(
        &solve(&textbook(), MinimumEarnings::new("mine", 30.0)),
        10.0,
        [50.0, 30.0, -5.0, 0.0],
    );
    let shared = MinimumEarnings::new("mine", 10.0)
        .growing(0.02)
        .above(Tranche {
            width: Some(5.0),
            to_sponsor: 1.0,
        })
        .above(Tranche {
            width: None,
            to_sponsor: 0.5,
        });
    let solved = solve(&textbook(), shared);
    check(&solved, 10.0, [50.0, 15.0, 10.0, 0.0]);
    close(solved.figure("measure", "earnings").unwrap(), 25.0);
    close(solved.figure("measure", "lump").unwrap(), -10.0);
    close(solved.figure("measure", "at_plan").unwrap(), 0.0);
    // at a plan of 12 the price is 8 and revenue just pays the cost of 96
    let planned = solve(
        &textbook(),
        MinimumEarnings::new("mine", 30.0).at_plan(12.0),
    );
    check(&planned, 8.0, [72.0, 30.0, -30.0, 0.0]);
    close(planned.figure("measure", "at_plan").unwrap(), 1.0);
}

/// Half must be mined at home: others get p - l/2 = 6, the mine sells 2 (p + l/2 - 5) = (20 - p)/2: p = 64/9.
#[test]
fn an_origin_requirement_sums_to_zero() {
    let solved = solve(
        &open(),
        OriginRequirement::new("Home", "oxide", 0.5).named("Home"),
    );
    let price = 64.0 / 9.0;
    let (bought, mined) = (20.0 - price, (20.0 - price) / 2.0);
    check(
        &solved,
        price,
        [bought * bought / 2.0, mined * mined / 4.0, 0.0, 0.0],
    );
    close(
        solved.figure("measure", "premium").unwrap(),
        2.0 * (price - 6.0),
    );
    close(solved.level("mine").unwrap(), mined);
}

/// Six are bought from the mine at 6 + 2, within a margin of a half. A quarter pays for 2 (7.5 - 5) = 5 of them.
#[test]
fn a_procurement_preference() {
    let prefer =
        |volume, margin| ProcurementPreference::new("Home", "oxide", volume, margin).named("Home");
    let half = solve(&open(), prefer(6.0, 0.5));
    check(&half, 6.0, [98.0, 9.0, -12.0, 0.0]);
    close(half.figure("measure", "premium").unwrap(), 2.0);
    let quarter = solve(&open(), prefer(6.0, 0.25));
    check(&quarter, 6.0, [98.0, 6.25, -7.5, 0.0]);
    check(
        &solve(&open(), prefer(2.0, 0.25)),
        6.0,
        [98.0, 1.0, 0.0, 0.0],
    );
}

/// Signed a year ago at 10 and indexed by a fifth, a contract pays up to 12; one that begins next year pays nothing. On
/// half the market price, 20 - Q + 12 - (20 - Q)/2 = 5 + Q/2 gives Q = 17.
#[test]
fn contracts_have_vintages_and_their_own_reference() {
    let floor = |strike| ContractFloor::new(strike).covering("mine");
    let old = Vintage {
        from: -1.0,
        to: Some(9.0),
        indexation: 0.2,
    };
    check(
        &solve(&textbook(), floor(10.0).vintage(old)),
        6.0,
        [98.0, 49.0, -84.0, 0.0],
    );
    let next = Vintage { from: 1.0, ..old };
    check(
        &solve(&textbook(), floor(10.0).vintage(next)),
        10.0,
        [50.0, 25.0, 0.0, 0.0],
    );
    let half = solve(&textbook(), floor(12.0).reference_factor(0.5));
    close(half.price("Home", "oxide").unwrap(), 3.0);
    close(half.level("mine").unwrap(), 17.0);
    let both = ContractForDifference::new(12.0)
        .covering("mine")
        .reference_factor(0.5);
    close(
        solve(&textbook(), both).price("Home", "oxide").unwrap(),
        3.0,
    );
}

/// Above the strike the first 8 units owe the difference, whatever is produced: 10 free, 2 on 8 units.
#[test]
fn a_two_sided_contract_on_a_volume_does_not_move_the_margin() {
    let contract = ContractForDifference::new(8.0)
        .covering("mine")
        .coverage(Coverage::First(8.0));
    check(&solve(&textbook(), contract), 10.0, [50.0, 9.0, 16.0, 0.0]);
}

/// China sells at 6 directly or through a third region at 1 a leg. An embargo on the direct route sends everything round;
/// where origin is tracked nothing of it arrives and the buyer is left with its own mine.
#[test]
fn an_embargo_stops_what_passes_through_only_where_origin_is_tracked() {
    let market = textbook()
        .to_builder()
        .region("China")
        .region("Third")
        .activity(Activity::producing(
            "china",
            "China",
            "oxide",
            Supply::perfectly_elastic(6.0).unwrap(),
        ))
        .route("China", "Home", "oxide", 0.5)
        .route("China", "Third", "oxide", 1.0)
        .route("Third", "Home", "oxide", 1.0)
        .build()
        .unwrap();
    let direct = solve(&market, Embargo::on_exports("China", "oxide").with("Home"));
    close(direct.price("Home", "oxide").unwrap(), 8.0);
    let tracked = market.by_origin("oxide").unwrap();
    close(
        tracked
            .solve(&Policy::none())
            .unwrap()
            .price("Home", "oxide")
            .unwrap(),
        6.5,
    );
    let stopped = solve(&tracked, Embargo::on_imports("Home", "oxide of China"));
    close(stopped.price("Home", "oxide").unwrap(), 10.0);
    // half of what is used must be from home, and what is from home is told by where it was made
    let content = solve(
        &tracked,
        OriginRequirement::new("Home", "oxide", 0.5).named("Home"),
    );
    let mined = content.level("mine").unwrap();
    close(
        mined,
        content.node("Home", "oxide").unwrap().demanded() / 2.0,
    );
}

/// Two buyers (demand 20 - p) and a seller (supply 2 p): free 10. A floor of 12 by both: 16 = 2 w, w = 8, and each gains
/// 32 + 4 x 8 - 50 = 14. By one alone: w = 28/3, its gain 32 + 64/3 - 50 = 10/3, the other's (32/3)^2 / 2 - 50 = 62/9.
#[test]
fn a_bloc_of_two_buyers() {
    let market = Market::builder("bloc", "USD")
        .region("A")
        .region("B")
        .region("C")
        .commodity("oxide")
        .demand("A", "oxide", demand(20.0, -1.0))
        .demand("B", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing("mine", "C", "oxide", supply(0.0, 0.5)))
        .route("C", "A", "oxide", 0.0)
        .route("C", "B", "oxide", 0.0)
        .build()
        .unwrap();
    let act = |acting: &Bloc| {
        Policy::new().with(
            "floor",
            ReferencePriceLadder::new(acting).rung("oxide", 12.0),
        )
    };
    let both = BlocStudy::new(&market, &Bloc::new("allies", ["A", "B"]).unwrap(), act).unwrap();
    close(both.value(), 28.0);
    for member in both.members() {
        close(member.gain(), 14.0);
        close(member.shapley(), 14.0);
        close(member.by_leaving(), 62.0 / 9.0 - 14.0);
    }
    assert!(both.internally_stable() && both.externally_stable());
    close(both.outsiders()[0].gain(), 64.0 - 100.0);
    assert_eq!(both.outsiders()[0].by_joining(), None);
    let alone = BlocStudy::new(&market, &Bloc::new("one", ["A"]).unwrap(), act).unwrap();
    close(alone.value(), 10.0 / 3.0);
    close(alone.members()[0].by_leaving(), -10.0 / 3.0);
    let other = &alone.outsiders()[0];
    close(other.gain(), 62.0 / 9.0);
    close(other.by_joining().unwrap(), 14.0 - 62.0 / 9.0);
    assert!(!alone.externally_stable());
    close(alone.leaks()[0].rate().unwrap(), 1.0 / 3.0);
    let json = serde_json::to_string(&alone).unwrap();
    assert_eq!(serde_json::from_str::<BlocStudy>(&json).unwrap(), alone);
}
