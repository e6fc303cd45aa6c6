//! Ladders, blocs and rules of origin.

use super::*;
use crate::parity::Noted;

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

/// The mine is a firm's that knows its sales move the price, and half must be of Home. Others get p - l/2 = 6; the firm
/// sells s = (20 - p) / 2 where p + l/2 - s = 5 + s/2: p + (p - 6) - 5 = 3 (20 - p) / 4, so p = 104/11. What it sells at
/// home is of Home, whether the region or the firm is named; of one of its mines alone nobody can tell.
#[test]
fn an_origin_requirement_counts_the_sales_of_a_firm_with_conduct() {
    let market = Market::builder("cournot", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing("mine", "Home", "oxide", supply(5.0, 0.5)).owned_by("firm"))
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .conduct("firm", 1.0)
        .build()
        .unwrap();
    let half = |name: &str| {
        let half = OriginRequirement::new("Home", "oxide", 0.5).named(name);
        Policy::none().with("measure", half).unwrap()
    };
    for name in ["Home", "firm"] {
        let compiled = market.compile(&half(name)).unwrap();
        let solved = compiled
            .equilibrium(pricefloor::complementarity::Settings::default())
            .unwrap();
        let price = 104.0 / 11.0;
        close(solved.price("Home", "oxide").unwrap(), price);
        close(solved.level("mine").unwrap(), (20.0 - price) / 2.0);
        close(
            solved.figure("measure", "premium").unwrap(),
            2.0 * (price - 6.0),
        );
    }
    let error = market.compile(&half("mine")).unwrap_err().to_string();
    assert!(error.contains("name the firm"), "{error}");
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
            .noted(&Policy::none())
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

/// A bloc of the seller alone imports nothing: its floor of 12 raises nothing and changes nothing, and is not attained at the
/// free price of 10.
#[test]
fn a_bloc_without_imports() {
    let market = Market::builder("bloc", "USD")
        .region("A")
        .region("C")
        .commodity("oxide")
        .demand("A", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing("mine", "C", "oxide", supply(5.0, 0.5)))
        .route("C", "A", "oxide", 0.0)
        .build()
        .unwrap();
    let act = |acting: &Bloc| {
        Policy::new().with(
            "floor",
            ReferencePriceLadder::new(acting).rung("oxide", 12.0),
        )
    };
    let seller = Bloc::new("seller", ["C"]).unwrap();
    let solved = market.noted(&act(&seller).unwrap()).unwrap();
    close(solved.price("C", "oxide").unwrap(), 10.0);
    for figure in ["revenue oxide", "attained oxide", "levy oxide"] {
        close(solved.figure("floor", figure).unwrap(), 0.0);
    }
    let study = BlocStudy::new(&market, &Policy::none(), &seller, act).unwrap();
    close(study.value(), 0.0);
    close(study.purse(), 0.0);
}

/// Two buyers (demand 20 - p) and a seller (supply 2 p): free 10. A floor of 12 by both: 16 = 2 w, w = 8, and each gains
/// 32 + 4 x 8 - 50 = 14. By one alone: w = 28/3, its gain 32 + 64/3 - 50 = 10/3, the other's (32/3)^2 / 2 - 50 = 62/9. If the
/// seller joins, nothing crosses the border any more: the market is free again, and it has back the 36 that it lost.
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
    let both = BlocStudy::new(
        &market,
        &Policy::none(),
        &Bloc::new("allies", ["A", "B"]).unwrap(),
        act,
    )
    .unwrap();
    close(both.value(), 28.0);
    for member in both.members() {
        close(member.gain(), 14.0);
        close(member.shapley(), 14.0);
        close(member.by_leaving(), 62.0 / 9.0 - 14.0);
    }
    assert!(both.internally_stable() && !both.externally_stable());
    close(both.outsiders()[0].gain(), 64.0 - 100.0);
    close(both.outsiders()[0].by_joining().unwrap(), 36.0);
    let alone = BlocStudy::new(
        &market,
        &Policy::none(),
        &Bloc::new("one", ["A"]).unwrap(),
        act,
    )
    .unwrap();
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
