//! Markets that have no equilibrium, with the reason in numbers worked out by hand.

use pricefloor::curve::{Line, Observed};
use pricefloor::equilibrium::SolveError;
use pricefloor::intervention::{
    DeficiencyPayment, ImportCommitment, OriginRequirement, ProductionSubsidy, SupportBuying,
};
use pricefloor::{Activity, Demand, Market, Policy, Supply};

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

fn elastic() -> Demand {
    let observed = Observed {
        price: 10.0,
        quantity: 10.0,
    };
    Demand::constant_elasticity(observed, -0.5).unwrap()
}

#[test]
fn demand_above_zero_at_every_price_needs_a_supply() {
    let market = |mine_in: &str| {
        let supply = Supply::linear(line(1.0, 1.0)).unwrap();
        let mine =
            Activity::producing("mine", mine_in, "oxide", supply.with_capacity(0.1).unwrap());
        Market::builder("unsupplied", "USD")
            .region("Home")
            .region("Abroad")
            .commodity("oxide")
            .demand("Home", "oxide", elastic())
            .activity(mine)
            .build()
            .unwrap()
            .solve(&Policy::none())
    };
    let error = market("Abroad").unwrap_err();
    assert!(matches!(&error, SolveError::Unsupplied { region, .. } if region == "Home"));
    assert!(error.to_string().contains("give it a choke price"));
    // 10 (p / 10)^-0.5 = 0.1 at p = 10 (0.01)^-2 = 1e5
    let price = market("Home").unwrap().price("Home", "oxide").unwrap();
    assert!((price / 1e5 - 1.0).abs() < 1e-9, "{price:e}");
}

/// A third must come from Home, where nothing is mined: of what Abroad sends none may be sold, and buyers want some at any
/// price. Buyers with a choke price at 20 do without at any price from there on.
#[test]
fn a_rule_that_admits_no_goods_is_refused() {
    let solve = |demand: Demand| {
        let supply = Supply::linear(line(1.0, 1.0)).unwrap();
        let market = Market::builder("no origin", "USD")
            .region("Home")
            .region("Abroad")
            .commodity("oxide")
            .demand("Home", "oxide", demand)
            .activity(Activity::producing("mine", "Abroad", "oxide", supply))
            .route("Abroad", "Home", "oxide", 1.0)
            .build()
            .unwrap();
        let third = OriginRequirement::new("Home", "oxide", 1.0 / 3.0).named("Home");
        market.solve(&Policy::none().with("third", third).unwrap())
    };
    let error = solve(elastic()).unwrap_err();
    assert!(
        matches!(&error, SolveError::Unsupplied { region, .. } if region == "Home"),
        "{error}"
    );
    let choked = solve(Demand::linear(line(20.0, -1.0)).unwrap()).unwrap();
    assert!(choked.price("Home", "oxide").unwrap() > 20.0 - 1e-9);
    assert!(choked.level("mine").unwrap().abs() < 1e-9);
}

/// Nobody buys: the price is zero, the payment is the target of 500, and the mine makes 10 exp(2 (500 - 10) / 10) =
/// 10 e^98, all of it left over.
#[test]
fn what_nobody_buys_is_left_over_however_much_it_is() {
    let observed = Observed {
        price: 10.0,
        quantity: 10.0,
    };
    let supply = Supply::exponential(observed, 2.0).unwrap();
    let market = Market::builder("left over", "USD")
        .region("Home")
        .commodity("oxide")
        .activity(Activity::producing("mine", "Home", "oxide", supply))
        .build()
        .unwrap();
    let payment = DeficiencyPayment::new("Home", "oxide", 500.0);
    let solved = market
        .solve(&Policy::none().with("payment", payment).unwrap())
        .unwrap();
    assert!(solved.price("Home", "oxide").unwrap().abs() < 1e-9);
    let expected = 10.0 * 98f64.exp();
    assert!((solved.level("mine").unwrap() / expected - 1.0).abs() < 1e-9);
}

#[test]
fn a_chain_delivers_no_more_than_its_ore() {
    // a plant takes 2 ore for 1 oxide, and the mine makes 12: 6 oxide against the 10 that must be delivered
    let supply = |capacity| {
        let supply = Supply::linear(line(1.0, 0.1)).unwrap();
        supply.with_capacity(capacity).unwrap()
    };
    let market = |ore: f64| {
        Market::builder("chain", "USD")
            .region("Home")
            .commodity("ore")
            .commodity("oxide")
            .demand("Home", "oxide", Demand::fixed(10.0).unwrap())
            .activity(Activity::producing("mine", "Home", "ore", supply(ore)))
            .activity(
                Activity::producing("plant", "Home", "oxide", supply(50.0)).with_input("ore", 2.0),
            )
            .build()
            .unwrap()
            .solve(&Policy::none())
    };
    let error = market(12.0).unwrap_err();
    let SolveError::Shortfall {
        demand, capacity, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert!(
        (demand - 10.0).abs() < 1e-9 && (capacity - 6.0).abs() < 1e-5,
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("cannot meet its must-take demand of 10"),
        "{error}"
    );
    // just enough ore: solved
    assert!(market(20.1).is_ok());
}

#[test]
fn a_subsidy_above_a_unit_cost_without_capacity_has_no_end() {
    let market = |supply: Supply| {
        Market::builder("endless", "USD")
            .region("Home")
            .commodity("oxide")
            .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
            .activity(Activity::producing("mine", "Home", "oxide", supply))
            .build()
            .unwrap()
    };
    let flat = Supply::perfectly_elastic(5.0).unwrap();
    let policy = |amount| {
        let subsidy = ProductionSubsidy::new("Home", "oxide", amount);
        Policy::new().with("subsidy", subsidy).unwrap()
    };
    let error = market(flat.clone()).solve(&policy(8.0)).unwrap_err();
    assert!(matches!(error, SolveError::Endless { .. }), "{error}");
    assert!(error.to_string().contains("mine"), "{error}");
    // below the unit cost: 20 - q = 5 - 3
    let solved = market(flat.clone()).solve(&policy(3.0)).unwrap();
    assert!((solved.price("Home", "oxide").unwrap() - 2.0).abs() < 1e-9);
    // with a capacity: all of it is made, 100 > 20, and the price falls to zero
    let capped = flat.with_capacity(100.0).unwrap();
    let solved = market(capped).solve(&policy(8.0)).unwrap();
    assert!((solved.level("mine").unwrap() - 100.0).abs() < 1e-7);
    assert!(solved.price("Home", "oxide").unwrap().abs() < 1e-9);
}

#[test]
fn a_commitment_above_what_the_world_can_send_is_refused() {
    // Abroad makes 4 at most, of which fixed demand there keeps 1: 3 can come
    let market = Market::builder("commitment", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .demand("Abroad", "oxide", Demand::fixed(1.0).unwrap())
        .activity(Activity::producing(
            "mine",
            "Abroad",
            "oxide",
            Supply::linear(line(1.0, 0.1))
                .unwrap()
                .with_capacity(4.0)
                .unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 1.0)
        .build()
        .unwrap();
    let committed = |volume| {
        let commitment = ImportCommitment::new("Home", "oxide", volume);
        market.solve(&Policy::new().with("commitment", commitment).unwrap())
    };
    assert!(committed(2.9).is_ok());
    let error = committed(3.5).unwrap_err();
    let short = match &error {
        // of the 4.5 asked for in all, 4 can be had
        SolveError::Shortfall {
            demand, capacity, ..
        } => demand - capacity,
        SolveError::Unattainable { asked, most, .. } => asked - most,
        _ => panic!("{error}"),
    };
    assert!((short - 0.5).abs() < 1e-5, "{error}");
}

#[test]
fn a_floor_above_the_cost_of_a_whole_chain_is_bought_at_for_ever() {
    // 2 ore at 3 and 1 for the plant make 7; bought at 10 without a limit, 3 is gained on every unit, at 6.5 nothing is
    let market = Market::builder("chain", "USD")
        .region("Home")
        .commodity("ore")
        .commodity("oxide")
        .demand("Home", "oxide", elastic())
        .activity(Activity::producing(
            "mine",
            "Home",
            "ore",
            Supply::perfectly_elastic(3.0).unwrap(),
        ))
        .activity(
            Activity::producing(
                "plant",
                "Home",
                "oxide",
                Supply::perfectly_elastic(1.0).unwrap(),
            )
            .with_input("ore", 2.0),
        )
        .build()
        .unwrap();
    let buying = |floor| {
        let policy = Policy::none().with("floor", SupportBuying::new("Home", "oxide", floor));
        market.solve(&policy.unwrap())
    };
    let error = buying(10.0).unwrap_err();
    assert!(matches!(error, SolveError::Endless { .. }), "{error}");
    let price = buying(6.5).unwrap().price("Home", "oxide").unwrap();
    assert!((price - 7.0).abs() < 1e-9, "{price}");
}
