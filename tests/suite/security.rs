//! Security of supply: concentration, reliance, and what is lost when a supplier is.

use pricefloor::curve::{Line, Observed};
use pricefloor::ledger::{Concentration, Outage, Risk, SecurityError, Segment, ShortRun};
use pricefloor::prelude::{BorderFloor, ContractFloor};
use pricefloor::{Activity, Demand, Equilibrium, Market, Policy, Supply};
use serde_json::Value;

fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-7 * b.abs().max(1.0),
        "{a}, expected {b}"
    );
}

fn shares(values: &Value) -> Concentration {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let values = values.as_array().unwrap().iter();
    let values = values.map(|v| v.as_f64().unwrap());
    noted(Concentration::new("widgets", names.into_iter().zip(values)).unwrap())
}

fn noted(shares: Concentration) -> Concentration {
    let found = [
        shares.herfindahl(),
        shares.effective_number(),
        shares.share_of_largest(4),
    ];
    let given = serde_json::to_value(&shares).unwrap();
    crate::parity::note("concentration", &given, Ok(found.to_vec()));
    shares
}

/// `cm_hhi_guidelines`: the examples of the US Merger Guidelines, as teaching pages print them.
#[test]
fn herfindahl_of_the_merger_guidelines() {
    let case = crate::cases::known("cm_hhi_guidelines");
    let (problem, answer) = (&case["problem"], &case["answer"]);
    let number = |of: &str, key: &str| answer[of][key].as_f64().unwrap();
    for (name, key) in [
        ("A", "shares"),
        ("E", "shares"),
        ("F", "shares"),
        ("G_unnormalised", "quantities"),
        ("H", "shares"),
    ] {
        let market = shares(&problem[name][key]);
        close(market.herfindahl(), number(name, "hhi"));
    }
    let a = shares(&problem["A"]["shares"]);
    close(100.0 * a.share_of_largest(4), number("A", "cr4"));
    close(a.effective_number(), number("A", "effective_number"));
    let f = shares(&problem["F"]["shares"]);
    close(100.0 * f.share_of_largest(4), number("F", "cr4"));

    // what merging adds, 2 s1 s2, does not depend on how the rest is divided
    let merging = Concentration::new("widgets", [("a", 5.0), ("b", 10.0), ("rest", 85.0)]).unwrap();
    let merged = noted(merging.merged("a", "b").unwrap());
    close(
        merged.herfindahl() - merging.herfindahl(),
        number("B", "delta"),
    );

    let d = shares(&problem["D"]["shares_before"]);
    close(d.herfindahl(), number("D", "before"));
    close(100.0 * d.share_of_largest(4), number("D", "cr4_before"));
    let smallest = d.merged("h", "i").unwrap();
    close(smallest.herfindahl(), number("D", "after_smallest"));
    let largest = d.merged("a", "b").unwrap();
    close(largest.herfindahl(), number("D", "after_largest"));
    assert_eq!(largest.largest().name(), "a");
}

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

/// Demand 20 - p at home, a mine 5 + 2 q there, and the world at 10: 10 are used, 2.5 made, 7.5 imported.
#[test]
fn reliance_and_sources() {
    let market = Market::builder("textbook", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 2.0)).unwrap(),
        ))
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(10.0).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap();
    let solved = market.solve(&Policy::none()).unwrap();
    let security = solved.supply_security().unwrap();
    let stage = security.stage("oxide").unwrap();
    let home = stage.region("Home").unwrap();
    close(home.made(), 2.5);
    close(home.used(), 10.0);
    close(home.net_imports(), 7.5);
    close(home.import_reliance().unwrap(), 0.75);
    close(home.sources().unwrap().herfindahl(), 625.0 + 5_625.0);
    close(home.days_of_use(2.0).unwrap(), 73.0);
    close(home.days_of_net_imports(1.5).unwrap(), 73.0);
    let origins = stage.origins().unwrap();
    assert_eq!(origins.largest().name(), "Abroad");
    close(origins.share("Abroad").unwrap(), 0.75);
    assert!(stage.region("Abroad").unwrap().import_reliance().is_none());
    // at a floor of 12 imports are 8 - 3.5
    let floor = Policy::new()
        .with("floor", BorderFloor::new("Home", "oxide", 12.0))
        .unwrap();
    let security = market.solve(&floor).unwrap().supply_security().unwrap();
    let home = security.stage("oxide").unwrap().region("Home").unwrap();
    close(home.import_reliance().unwrap(), 4.5 / 8.0);
    let json = serde_json::to_string(&security).unwrap();
    assert_eq!(
        serde_json::from_str::<pricefloor::ledger::SupplySecurity>(&json).unwrap(),
        security
    );
    assert!(
        security.to_string().contains("Abroad makes 56.2 %"),
        "{security}"
    );
}

/// China's oxide reaches Japan through Malaysia: the last port is Malaysia, the origin China.
#[test]
fn sources_follow_the_origin_where_it_is_tracked() {
    let market = Market::builder("detour", "USD")
        .region("China")
        .region("Malaysia")
        .region("Japan")
        .commodity("oxide")
        .demand("Japan", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "plants",
            "China",
            "oxide",
            Supply::linear(line(2.0, 1.0)).unwrap(),
        ))
        .activity(Activity::producing(
            "plant",
            "Malaysia",
            "oxide",
            Supply::linear(line(8.0, 1.0)).unwrap(),
        ))
        .route("China", "Malaysia", "oxide", 0.0)
        .route("Malaysia", "Japan", "oxide", 0.0)
        .build()
        .unwrap();
    // (p - 2) + (p - 8) = 20 - p: p = 10, of which China makes 8 and Malaysia 2
    for (market, china) in [
        (market.clone(), 0.0),
        (market.by_origin("oxide").unwrap(), 0.8),
    ] {
        let security = market
            .solve(&Policy::none())
            .unwrap()
            .supply_security()
            .unwrap();
        assert_eq!(security.stages().len(), 1);
        let stage = security.stage("oxide").unwrap();
        close(stage.origins().unwrap().share("China").unwrap(), 0.8);
        let japan = stage.region("Japan").unwrap();
        close(japan.import_reliance().unwrap(), 1.0);
        close(japan.sources().unwrap().share("China").unwrap(), china);
    }
}

/// 100 used at 60 outside China, 90 of them Chinese.
fn world(elasticity: f64) -> Equilibrium {
    let at = |quantity| Observed {
        price: 60.0,
        quantity,
    };
    Market::builder("world", "USD/kg")
        .units("t", "USD thousand")
        .region("China")
        .region("Elsewhere")
        .commodity("oxide")
        .demand(
            "Elsewhere",
            "oxide",
            Demand::constant_elasticity(at(100.0), -0.6).unwrap(),
        )
        .activity(Activity::producing(
            "plants",
            "China",
            "oxide",
            Supply::constant_elasticity(at(90.0), elasticity).unwrap(),
        ))
        .activity(Activity::producing(
            "others",
            "Elsewhere",
            "oxide",
            Supply::constant_elasticity(at(10.0), elasticity).unwrap(),
        ))
        .route("China", "Elsewhere", "oxide", 0.0)
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap()
}

/// Half of China's 90 is lost, nobody can make more, demand 100 (p / 60)^-0.5: 55 are served at 60 / 0.55^2 = 198.347. Buyers
/// lose the integral of 100 (p / 60)^-0.5 from 60 to there, 12,000 (1 / 0.55 - 1) = 9,818.18; others gain
/// 10 (198.347 - 60); the world loses what the 45 were worth, 600,000 (1 / 55 - 1 / 100) = 4,909.09, less what they cost:
/// the integral of 60 (q / 90)^1.25 from 45 to 90, 2,400 (1 - 0.5^2.25).
#[test]
fn a_supplier_that_fails_by_half() {
    let terms = ShortRun::new(-0.5, 0.0).backstop("oxide", 600.0);
    for outage in [
        Outage::exports("China", "oxide").share(0.5),
        Outage::production("China", "oxide").share(0.5),
    ] {
        let halved = world(0.8).disrupted(&terms, &outage).unwrap();
        close(halved.lost(), 45.0);
        let shortage = halved.shortage("Elsewhere", "oxide").unwrap();
        let price = 60.0 / 0.55_f64.powi(2);
        close(shortage.price_before(), 60.0);
        close(shortage.price(), price);
        close(shortage.unmet(), 45.0);
        assert!(!shortage.at_backstop());
        close(shortage.days_covered(4.5).unwrap(), 36.5);
        let buyers = 12_000.0 * (1.0 / 0.55 - 1.0);
        let loss = buyers - 10.0 * (price - 60.0);
        close(halved.loss("Elsewhere").unwrap(), loss);
        let cost = 2_400.0 * (1.0 - 0.5_f64.powf(2.25));
        close(halved.world_loss(), 600_000.0 * (1.0 / 55.0 - 0.01) - cost);
        let risk = Risk {
            probability: 0.05,
            years: 1.5,
        };
        close(
            halved.expected_loss("Elsewhere", risk).unwrap(),
            0.075 * loss,
        );
        let json = serde_json::to_string(&halved).unwrap();
        let again: pricefloor::ledger::Disruption = serde_json::from_str(&json).unwrap();
        assert_eq!(again, halved);
    }
}

/// All of China's exports stop and 10 are left: at an elasticity of -0.2 the price would be 60 x 10^5, so it stops at the
/// backstop of 600. Buyers lose the integral of 100 (p / 60)^-0.2 from 60 to 600, 7,500 (10^0.8 - 1), and others gain 5,400.
/// China sells nothing: its profit of 90 x 60 x 1 / 1.8 is gone.
#[test]
fn a_supplier_that_fails_altogether() {
    let terms = ShortRun::new(-0.2, 0.0).backstop("oxide", 600.0);
    let halted = world(0.8)
        .disrupted(&terms, &Outage::exports("China", "oxide"))
        .unwrap();
    let shortage = halted.shortage("Elsewhere", "oxide").unwrap();
    assert!(shortage.at_backstop());
    close(shortage.price(), 600.0);
    close(shortage.unmet(), 90.0);
    let loss = 7_500.0 * (10.0_f64.powf(0.8) - 1.0) - 5_400.0;
    close(halted.loss("Elsewhere").unwrap(), loss);
    close(halted.loss("China").unwrap(), 2_400.0 / 0.8);

    let segments = [
        Segment::new("defence", 0.05),
        Segment::new("vehicles", 0.20),
    ];
    let served = shortage.by_priority(&segments).unwrap();
    let unmet: Vec<f64> = served.iter().map(|s| s.unmet()).collect();
    close(unmet[0], 0.0);
    close(unmet[1], 15.0);
    close(unmet[2], 75.0);
    assert_eq!(served[2].name(), "others");
}

/// At an elasticity of -0.2 and no backstop worth the name, losing 73,000 of 83,000 t multiplies the price by 8.3^5 = 39,390.
#[test]
fn without_a_backstop_the_price_means_nothing() {
    let at = |quantity| Observed {
        price: 60.0,
        quantity,
    };
    let plant = |name: &str, region: &str, quantity| {
        let supply = Supply::constant_elasticity(at(quantity), 0.8).unwrap();
        Activity::producing(name, region, "oxide", supply)
    };
    let demand = Demand::constant_elasticity(at(83_000.0), -0.6).unwrap();
    let solved = Market::builder("world", "USD/kg")
        .region("World")
        .region("China")
        .commodity("oxide")
        .demand("World", "oxide", demand)
        .activity(plant("plants", "China", 73_000.0))
        .activity(plant("others", "World", 10_000.0))
        .route("China", "World", "oxide", 0.0)
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap();
    let terms = ShortRun::new(-0.2, 0.0).backstop("oxide", 6e6);
    let lost = solved
        .disrupted(&terms, &Outage::production("China", "oxide"))
        .unwrap();
    let price = lost.shortage("World", "oxide").unwrap().price();
    close(price / 60.0, 8.3_f64.powi(5));
}

/// With supply that responds, 10 (p / 60)^0.5 meets 100 (p / 60)^-0.5 at p = 600.
#[test]
fn supply_elsewhere_responds() {
    let terms = ShortRun::new(-0.5, 0.0)
        .supply_in("Elsewhere", 0.5)
        .backstop("oxide", 1_000.0);
    let halted = world(0.8)
        .disrupted(&terms, &Outage::exports("China", "oxide"))
        .unwrap();
    let shortage = halted.shortage("Elsewhere", "oxide").unwrap();
    close(shortage.price(), 600.0);
    close(shortage.served(), 10.0 * 10.0_f64.sqrt());
}

/// Oxide feeds magnets, 0.3 t a tonne. Half the oxide is lost: half the magnets, at an elasticity of -1 twice the price.
#[test]
fn a_shortage_travels_down_the_chain() {
    let demand = Observed {
        price: 80.0,
        quantity: 200.0,
    };
    let market = Market::builder("chain", "USD/kg")
        .region("China")
        .region("Japan")
        .commodity("oxide")
        .commodity("magnets")
        .demand(
            "Japan",
            "magnets",
            Demand::constant_elasticity(demand, -2.0).unwrap(),
        )
        .activity(Activity::producing(
            "plants",
            "China",
            "oxide",
            Supply::linear(line(20.0, 0.5)).unwrap(),
        ))
        .activity(
            Activity::producing(
                "magnet makers",
                "Japan",
                "magnets",
                Supply::perfectly_elastic(65.0).unwrap(),
            )
            .with_input("oxide", 0.3),
        )
        .route("China", "Japan", "oxide", 0.0)
        .build()
        .unwrap();
    // 200 magnets at 80 take 60 of oxide, which cost 20 + 30 = 50, and 65 + 0.3 x 50 = 80
    let solved = market.solve(&Policy::none()).unwrap();
    close(solved.price("Japan", "oxide").unwrap(), 50.0);
    let terms = ShortRun::new(-1.0, 0.0).backstop("magnets", 500.0);
    let halved = solved
        .disrupted(&terms, &Outage::production("China", "oxide").share(0.5))
        .unwrap();
    let magnets = halved.shortage("Japan", "magnets").unwrap();
    close(magnets.price(), 160.0);
    close(magnets.unmet(), 100.0);
}

/// A contract floor stays in force: it pays the mine 90 at a price of 60, and its output stays.
#[test]
fn the_policy_stays_in_force() {
    let floor = Policy::new()
        .with("floor", ContractFloor::new(90.0).covering("others"))
        .unwrap();
    let market = Market::builder("world", "USD/kg")
        .region("China")
        .region("Elsewhere")
        .commodity("oxide")
        .demand(
            "Elsewhere",
            "oxide",
            Demand::constant_elasticity(
                Observed {
                    price: 60.0,
                    quantity: 100.0,
                },
                -0.5,
            )
            .unwrap(),
        )
        .activity(Activity::producing(
            "plants",
            "China",
            "oxide",
            Supply::perfectly_elastic(60.0).unwrap(),
        ))
        .activity(Activity::producing(
            "others",
            "Elsewhere",
            "oxide",
            Supply::linear(line(0.0, 3.0)).unwrap(),
        ))
        .route("China", "Elsewhere", "oxide", 0.0)
        .build()
        .unwrap();
    let covered = market.solve(&floor).unwrap();
    close(covered.level("others").unwrap(), 30.0);
    let terms = ShortRun::new(-0.5, 0.0).backstop("oxide", 600.0);
    let halted = covered
        .disrupted(&terms, &Outage::exports("China", "oxide"))
        .unwrap();
    let shortage = halted.shortage("Elsewhere", "oxide").unwrap();
    close(shortage.served(), 30.0);
    close(shortage.price(), 600.0);
    close(halted.lost(), 70.0);
}

#[test]
fn bad_terms_are_refused_by_name() {
    let says = |error: SecurityError, words: &[&str]| {
        let text = error.to_string();
        for word in words {
            assert!(text.contains(word), "`{word}` is not in: {text}");
        }
    };
    says(
        Concentration::new("oxide", [("China", -1.0)]).unwrap_err(),
        &["China", "oxide", "-1", "zero or more"],
    );
    says(
        Concentration::new("oxide", [("China", 1.0), ("China", 2.0)]).unwrap_err(),
        &["China", "twice"],
    );
    says(
        Concentration::new("oxide", [("China", 0.0)]).unwrap_err(),
        &["nothing is supplied of oxide"],
    );
    let one = Concentration::new("oxide", [("China", 1.0)]).unwrap();
    says(one.share("Mars").unwrap_err(), &["supplier", "Mars"]);
    says(one.merged("China", "China").unwrap_err(), &["twice"]);
    assert!(
        serde_json::from_str::<Concentration>(
            r#"{"of":"oxide","suppliers":[{"name":"China","quantity":-1.0}]}"#
        )
        .unwrap_err()
        .to_string()
        .contains("zero or more")
    );

    let solved = world(0.8);
    let halt = Outage::exports("China", "oxide");
    let disrupted = |terms: ShortRun, outage: &Outage| solved.disrupted(&terms, outage);
    let refused = |terms: ShortRun, outage: &Outage| disrupted(terms, outage).unwrap_err();
    let good = || ShortRun::new(-0.2, 0.0).backstop("oxide", 600.0);
    says(
        refused(ShortRun::new(-0.2, 0.0), &halt),
        &["oxide", "backstop"],
    );
    says(
        refused(ShortRun::new(-0.2, 0.0).backstop("oxide", 60.0), &halt),
        &["60", "Elsewhere", "not above"],
    );
    says(
        refused(ShortRun::new(0.2, 0.0).backstop("oxide", 600.0), &halt),
        &["elasticity of demand", "0.2", "below zero"],
    );
    says(
        refused(good().backstop("Oxide", 1.0), &halt),
        &["commodity", "Oxide"],
    );
    says(
        refused(good().supply_in("Mars", 1.0), &halt),
        &["region", "Mars"],
    );
    says(
        refused(good(), &Outage::exports("Mars", "oxide")),
        &["Mars"],
    );
    says(
        refused(good(), &halt.clone().share(1.5)),
        &["share of the outage", "1.5"],
    );
    let halted = disrupted(good(), &halt).unwrap();
    let bad = Risk {
        probability: 1.5,
        years: 1.0,
    };
    says(
        halted.expected_loss("China", bad).unwrap_err(),
        &["probability", "1.5"],
    );
    let shortage = halted.shortage("Elsewhere", "oxide").unwrap();
    says(
        shortage
            .by_priority(&[Segment::new("a", 0.7), Segment::new("b", 0.4)])
            .unwrap_err(),
        &["sum", "1.1"],
    );
    let json = serde_json::to_string(&solved).unwrap();
    let read: Equilibrium = serde_json::from_str(&json).unwrap();
    says(
        read.supply_security().unwrap_err(),
        &["read back from a file"],
    );
}
