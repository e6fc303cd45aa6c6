//! Known cases of these kinds: each test reads the case and asserts its answer within its tolerance.

use pricefloor::assembly::{DraftError, Stacking};
use pricefloor::curve::Line;
use pricefloor::equilibrium::{Equilibrium, SolveError};
use pricefloor::intervention::ReferencePriceLadder;
use pricefloor::intervention::{
    BorderFloor, ContractFloor, Coverage, DeficiencyPayment, Embargo, ExportTax, GuaranteedOfftake,
    ImportCommitment, ImportQuota, Measure, OfftakePrice, OriginRequirement, ProductionQuota, Rate,
    Rationing, RentOwner, StatutoryCeiling, StatutoryMinimum, SupportBuying, Tariff,
    TariffRateQuota,
};
use pricefloor::ledger::BlocStudy;
use pricefloor::market::Bloc;
use pricefloor::{Activity, Demand, Market, Policy, Supply};
use serde_json::Value;

fn case(name: &str) -> Value {
    let path = format!(
        "{}/tests/cases/known/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Asserts a number of a case within the case's tolerance.
struct Answer<'a> {
    value: &'a Value,
    absolute: f64,
    relative: f64,
}

impl<'a> Answer<'a> {
    fn of(case: &'a Value) -> Self {
        let tolerance = |key: &str| case["tolerance"][key].as_f64().unwrap_or(0.0);
        Self {
            value: &case["answer"],
            absolute: tolerance("abs"),
            relative: tolerance("rel"),
        }
    }

    fn at(&self, key: &str) -> Self {
        Self {
            value: &self.value[key],
            ..*self
        }
    }

    fn is(&self, key: &str, value: f64) {
        let expected = self.value[key]
            .as_f64()
            .unwrap_or_else(|| panic!("no number `{key}`"));
        let allowed = self.absolute.max(self.relative * expected.abs());
        assert!(
            (value - expected).abs() <= allowed,
            "{key}: {value}, expected {expected}"
        );
    }
}

/// Demand `a - b P`.
fn demand(a: f64, b: f64) -> Demand {
    Demand::linear(Line {
        intercept: a / b,
        slope: -1.0 / b,
    })
    .unwrap()
}

/// Supply `a + b P`.
fn supply(a: f64, b: f64) -> Supply {
    Supply::linear(Line {
        intercept: -a / b,
        slope: 1.0 / b,
    })
    .unwrap()
}

fn closed(demand: Demand, supply: Supply) -> Market {
    Market::builder("closed", "USD")
        .region("Home")
        .commodity("good")
        .demand("Home", "good", demand)
        .activity(Activity::producing("home", "Home", "good", supply))
        .build()
        .unwrap()
}

fn two_countries(foreign: (Demand, Supply)) -> Market {
    closed(demand(100.0, 20.0), supply(20.0, 20.0))
        .to_builder()
        .region("Abroad")
        .demand("Abroad", "good", foreign.0)
        .activity(Activity::producing("abroad", "Abroad", "good", foreign.1))
        .route("Abroad", "Home", "good", 0.0)
        .build()
        .unwrap()
}

/// A small country that may import at a world price, and not export.
fn small(demand: Demand, supply: Supply, world: f64) -> Market {
    closed(demand, supply)
        .to_builder()
        .region("World")
        .activity(Activity::producing(
            "world",
            "World",
            "good",
            Supply::perfectly_elastic(world).unwrap(),
        ))
        .route("World", "Home", "good", 0.0)
        .build()
        .unwrap()
}

fn one(measure: impl Into<pricefloor::intervention::Measure>) -> Policy {
    Policy::new().with("measure", measure).unwrap()
}

fn price(solved: &Equilibrium, region: &str) -> f64 {
    solved.price(region, "good").unwrap()
}

fn demanded(solved: &Equilibrium, region: &str) -> f64 {
    solved.node(region, "good").unwrap().demanded()
}

#[test]
fn tx_tariff_krugman() {
    use pricefloor::assembly::Role::{Consumers, Producer};
    let case = case("tx_tariff_krugman");
    let answer = Answer::of(&case);
    let foreign = || (demand(80.0, 20.0), supply(40.0, 20.0));
    let market = two_countries(foreign());
    answer.is(
        "autarky_home_price",
        price(
            &closed(demand(100.0, 20.0), supply(20.0, 20.0))
                .solve(&Policy::none())
                .unwrap(),
            "Home",
        ),
    );
    answer.is(
        "autarky_foreign_price",
        price(
            &closed(foreign().0, foreign().1)
                .solve(&Policy::none())
                .unwrap(),
            "Home",
        ),
    );
    let free = market.solve(&Policy::none()).unwrap();
    let expected = answer.at("free_trade");
    expected.is("world_price", price(&free, "Home"));
    expected.is("imports", free.flow("Abroad", "Home", "good").unwrap());
    expected.is("home_demand", demanded(&free, "Home"));
    expected.is("home_supply", free.level("home").unwrap());
    expected.is("foreign_demand", demanded(&free, "Abroad"));
    expected.is("foreign_supply", free.level("abroad").unwrap());

    let tariff = market
        .solve(&one(Tariff::specific("Home", "good", 0.5)))
        .unwrap();
    let expected = answer.at("tariff_0.5");
    expected.is("home_price", price(&tariff, "Home"));
    expected.is("foreign_price", price(&tariff, "Abroad"));
    expected.is("imports", tariff.flow("Abroad", "Home", "good").unwrap());
    expected.is("home_demand", demanded(&tariff, "Home"));
    expected.is("home_supply", tariff.level("home").unwrap());
    expected.is("foreign_demand", demanded(&tariff, "Abroad"));
    expected.is("foreign_supply", tariff.level("abroad").unwrap());
    let (before, after) = (free.ledger().unwrap(), tariff.ledger().unwrap());
    expected.is("tariff_revenue", -after.outlay("measure"));
    let gain = |role| after.role_in(role, "Home") - before.role_in(role, "Home");
    expected.is("delta_home_consumer_surplus", gain(Consumers));
    expected.is("delta_home_producer_surplus", gain(Producer));
    let comparison = after.against(&before).unwrap();
    expected.is("net_home_welfare", comparison.gain_in("Home"));
    expected.is("net_world_welfare", -comparison.deadweight_loss());

    let quota = ImportQuota::new("Home", "good", 10.0, RentOwner::ImportingTreasury);
    let quota = market.solve(&one(quota)).unwrap();
    let expected = answer.at("quota_10_rent_to_home");
    expected.is("home_price", price(&quota, "Home"));
    expected.is("foreign_price", price(&quota, "Abroad"));
    expected.is("rent", quota.ledger().unwrap().treasury());

    let large = two_countries((demand(800.0, 200.0), supply(400.0, 200.0)));
    let free = large.solve(&Policy::none()).unwrap();
    answer
        .at("large_foreign")
        .is("free_trade_price", price(&free, "Home"));
    answer.at("large_foreign").is(
        "free_trade_imports",
        free.flow("Abroad", "Home", "good").unwrap(),
    );
    let tariff = large
        .solve(&one(Tariff::specific("Home", "good", 0.5)))
        .unwrap();
    let expected = answer.at("large_foreign").at("tariff_0.5");
    expected.is("foreign_price", price(&tariff, "Abroad"));
    expected.is("home_price", price(&tariff, "Home"));
    expected.is("imports", tariff.flow("Abroad", "Home", "good").unwrap());
    expected.is("home_demand", demanded(&tariff, "Home"));
    expected.is("home_supply", tariff.level("home").unwrap());

    let best = answer.at("home_optimal_tariff");
    let optimum = best.value["specific_tariff"].as_f64().unwrap();
    let welfare = |rate: f64| {
        let solved = market
            .solve(&one(Tariff::specific("Home", "good", rate)))
            .unwrap();
        solved.ledger().unwrap().region("Home")
    };
    let solved = market
        .solve(&one(Tariff::specific("Home", "good", optimum)))
        .unwrap();
    best.is("imports", solved.flow("Abroad", "Home", "good").unwrap());
    best.is("home_price", price(&solved, "Home"));
    best.is("foreign_price", price(&solved, "Abroad"));
    assert!(
        welfare(optimum) > welfare(optimum + 1e-3) && welfare(optimum) > welfare(optimum - 1e-3)
    );

    let subsidy = market
        .solve(&one(ExportTax::specific("Abroad", "good", -0.5)))
        .unwrap();
    let expected = answer.at("export_subsidy_0.5_by_foreign");
    expected.is("home_price", price(&subsidy, "Home"));
    expected.is("foreign_price", price(&subsidy, "Abroad"));
    expected.is("trade", subsidy.flow("Abroad", "Home", "good").unwrap());
    expected.is("subsidy_cost", subsidy.ledger().unwrap().outlay("measure"));
}

#[test]
fn tx_tariff_rate_quota() {
    let case = case("tx_tariff_rate_quota");
    let answer = Answer::of(&case);
    for a in [30.0, 45.0, 54.0, 60.0, 80.0] {
        let expected = answer.at(&format!("{a}"));
        let market = small(demand(a, 2.0), supply(0.0, 1.0), 10.0);
        let quota = TariffRateQuota::new("Home", "good", 15.0, RentOwner::Importers)
            .duties(Rate::Specific(1.0), Rate::Specific(6.0));
        let solved = market.solve(&one(quota)).unwrap();
        let ledger = solved.ledger().unwrap();
        expected.is("price", price(&solved, "Home"));
        expected.is("imports", solved.flow("World", "Home", "good").unwrap());
        expected.is("tariff_revenue", ledger.treasury());
        if expected.value["quota_rent"].is_number() {
            expected.is("quota_rent", ledger.licence_rents());
            expected.is("rent_per_unit", solved.figure("measure", "rent").unwrap());
        }
    }
}

#[test]
fn tx_variable_levy() {
    let case = case("tx_variable_levy");
    let answer = Answer::of(&case);
    for row in answer.value["rows"].as_array().unwrap() {
        let expected = Answer {
            value: row,
            ..answer
        };
        let market = small(
            demand(100.0, 20.0),
            supply(20.0, 20.0),
            row["world_price"].as_f64().unwrap(),
        );
        let floor = BorderFloor::new("Home", "good", row["threshold"].as_f64().unwrap());
        let solved = market.solve(&one(floor)).unwrap();
        expected.is("domestic_price", price(&solved, "Home"));
        expected.is("imports", solved.flow("World", "Home", "good").unwrap());
        expected.is("levy_revenue", solved.ledger().unwrap().treasury());
        expected.is("levy", solved.figure("measure", "levy").unwrap());
    }
}

#[test]
fn tx_wheat_pindyck() {
    use pricefloor::assembly::Role::{Consumers, Producer};
    let case = case("tx_wheat_pindyck");
    let answer = Answer::of(&case);
    let market = closed(demand(3550.0, 266.0), supply(1800.0, 240.0));
    let free = market.solve(&Policy::none()).unwrap();
    answer.at("free").is("price", price(&free, "Home"));
    answer
        .at("free")
        .is("quantity", free.level("home").unwrap());
    let support = market
        .solve(&one(SupportBuying::new("Home", "good", 3.7)))
        .unwrap();
    let expected = answer.at("support_3.70");
    expected.is("quantity_demanded", demanded(&support, "Home"));
    expected.is("quantity_supplied", support.level("home").unwrap());
    expected.is(
        "government_purchase",
        support.figure("measure", "bought").unwrap(),
    );
    let comparison = support
        .ledger()
        .unwrap()
        .against(&free.ledger().unwrap())
        .unwrap();
    expected.is(
        "government_cost",
        support.ledger().unwrap().outlay("measure"),
    );
    expected.is("delta_consumer_surplus", comparison.gain_of(Consumers));
    expected.is("delta_producer_surplus", comparison.gain_of(Producer));
    expected.is("net_social_cost", comparison.deadweight_loss());

    let market = closed(demand(2580.0, 194.0), supply(1800.0, 240.0));
    let free = market.solve(&Policy::none()).unwrap();
    answer.at("free_1985").is("price", price(&free, "Home"));
    answer
        .at("free_1985")
        .is("quantity", free.level("home").unwrap());
    let policy = one(SupportBuying::new("Home", "good", 3.2))
        .with("quota", ProductionQuota::new("Home", "good", 2425.0))
        .unwrap();
    let both = market.solve(&policy).unwrap();
    let expected = answer.at("support_3.20_with_quota_2425_1985");
    expected.is("quantity_demanded", demanded(&both, "Home"));
    expected.is("quota", both.level("home").unwrap());
    expected.is(
        "government_purchase",
        both.figure("measure", "bought").unwrap(),
    );
    expected.is(
        "government_cost_purchases",
        both.ledger().unwrap().outlay("measure"),
    );
    let rent = both.figure("quota", "rent").unwrap();
    expected.is("marginal_cost_at_quota", price(&both, "Home") - rent);
}

#[test]
fn tx_deficiency_small() {
    use pricefloor::assembly::Role::{Consumers, Producer};
    let case = case("tx_deficiency_small");
    let answer = Answer::of(&case);
    let market = closed(demand(100.0, 10.0), supply(0.0, 10.0));
    let free = market.solve(&Policy::none()).unwrap();
    answer.at("no_policy").is("price", price(&free, "Home"));
    answer
        .at("no_policy")
        .is("quantity", free.level("home").unwrap());
    let paid = market
        .solve(&one(DeficiencyPayment::new("Home", "good", 6.0)))
        .unwrap();
    answer.is("quantity", paid.level("home").unwrap());
    answer.is("market_price", price(&paid, "Home"));
    answer.is(
        "payment_per_unit",
        paid.figure("measure", "top_up").unwrap(),
    );
    let ledger = paid.ledger().unwrap();
    answer.is("government_cost", ledger.outlay("measure"));
    let comparison = ledger.against(&free.ledger().unwrap()).unwrap();
    answer.is("delta_consumer_surplus", comparison.gain_of(Consumers));
    answer.is("delta_producer_surplus", comparison.gain_of(Producer));
    answer.is("deadweight_loss", comparison.deadweight_loss());
}

#[test]
fn tx_floor_acemicro() {
    let case = case("tx_floor_acemicro");
    let answer = Answer::of(&case);
    let market = closed(demand(14.0, 1.0), supply(-2.0, 1.0));
    let free = market.solve(&Policy::none()).unwrap();
    let expected = answer.at("no_policy");
    expected.is("price", price(&free, "Home"));
    expected.is("quantity", free.level("home").unwrap());
    expected.is("total_surplus", free.ledger().unwrap().total());
    let floor = StatutoryMinimum::new("Home", "good", 10.0, Rationing::Efficient);
    let solved = market.solve(&one(floor)).unwrap();
    let (expected, ledger) = (answer.at("floor"), solved.ledger().unwrap());
    expected.is("price", price(&solved, "Home"));
    expected.is("quantity_traded", solved.level("home").unwrap());
    expected.is("consumer_surplus", ledger.consumer_surplus());
    expected.is(
        "producer_surplus_efficient_rationing",
        ledger.producer_surplus(),
    );
    expected.is("total_surplus", ledger.total());
    expected.is(
        "deadweight_loss",
        free.ledger().unwrap().total() - ledger.total(),
    );
}

#[test]
fn neg_floor_above_choke() {
    let case = case("neg_floor_above_choke");
    let answer = Answer {
        absolute: 1e-9,
        ..Answer::of(&case)
    };
    let market = closed(demand(30.0, 1.0), supply(0.0, 1.0));
    let solved = market
        .solve(&one(SupportBuying::new("Home", "good", 40.0)))
        .unwrap();
    answer.is("price", price(&solved, "Home"));
    answer.is("private_demand", demanded(&solved, "Home"));
    answer.is("supply", solved.level("home").unwrap());
    answer.is(
        "government_purchase",
        solved.figure("measure", "bought").unwrap(),
    );
    answer.is(
        "government_cost",
        solved.ledger().unwrap().outlay("measure"),
    );
}

#[test]
fn sp_miranda_fackler_3country() {
    let case = case("sp_miranda_fackler_3country");
    let answer = Answer::of(&case);
    let curves = [
        (42.0, -2.0, 9.0, 1.0),
        (54.0, -3.0, 3.0, 2.0),
        (51.0, -1.0, 18.0, 1.0),
    ];
    let transport = [[0.0, 3.0, 9.0], [3.0, 0.0, 3.0], [6.0, 3.0, 0.0]];
    let names = ["1", "2", "3"];
    let mut builder = Market::builder("three countries", "USD").commodity("good");
    for (name, (a, b, c, d)) in names.iter().zip(curves) {
        builder = builder
            .region(name)
            .demand(
                name,
                "good",
                Demand::linear(Line {
                    intercept: a,
                    slope: b,
                })
                .unwrap(),
            )
            .activity(Activity::producing(
                name,
                name,
                "good",
                Supply::linear(Line {
                    intercept: c,
                    slope: d,
                })
                .unwrap(),
            ));
    }
    for i in 0..3 {
        for j in (0..3).filter(|&j| j != i) {
            builder = builder.route(names[i], names[j], "good", transport[i][j]);
        }
    }
    let market = builder.build().unwrap();
    let check = |key: &str, i: usize, value: f64, of: &Answer| {
        let row = Answer {
            value: &of.value[key],
            ..*of
        };
        let expected = row.value[i].as_f64().unwrap();
        assert!(
            (value - expected).abs() <= row.absolute,
            "{key} {i}: {value}, expected {expected}"
        );
    };
    let solved = market.solve(&Policy::none()).unwrap();
    for (i, name) in names.iter().enumerate() {
        check("prices", i, price(&solved, name), &answer);
        check("production", i, solved.level(name).unwrap(), &answer);
        check("consumption", i, demanded(&solved, name), &answer);
    }
    // no trade at all is an embargo by each on everything that would come in
    let mut policy = Policy::none();
    for name in names {
        policy = policy
            .with(name, Embargo::on_imports(name, "good"))
            .unwrap();
    }
    let alone = market.solve(&policy).unwrap();
    for (i, name) in names.iter().enumerate() {
        check("prices", i, price(&alone, name), &answer.at("autarky"));
        check(
            "quantities",
            i,
            alone.level(name).unwrap(),
            &answer.at("autarky"),
        );
    }
}

#[test]
fn jp_beef_hides() {
    let case = case("jp_beef_hides");
    let answer = Answer {
        absolute: 1e-9,
        ..Answer::of(&case)
    };
    let line = |intercept, slope| Demand::linear(Line { intercept, slope }).unwrap();
    let market = |hides: Demand| {
        let cattle = Activity::new(
            "cattle",
            "Home",
            Supply::linear(Line {
                intercept: 20.0,
                slope: 0.5,
            })
            .unwrap(),
        )
        .with_output("beef", 4.0)
        .with_output("hides", 1.0);
        Market::builder("cattle", "USD")
            .region("Home")
            .commodity("beef")
            .commodity("hides")
            .demand("Home", "beef", line(30.0, -0.1))
            .demand("Home", "hides", hides)
            .activity(cattle)
            .build()
            .unwrap()
    };
    let at = |solved: &Equilibrium, commodity: &str| solved.price("Home", commodity).unwrap();
    let glut = market(line(40.0, -2.0)).solve(&Policy::none()).unwrap();
    let expected = answer.at("glut");
    expected.is("animals", glut.level("cattle").unwrap());
    expected.is("beef_price", at(&glut, "beef"));
    expected.is("hide_price", at(&glut, "hides"));
    expected.is("hides_used", glut.node("Home", "hides").unwrap().demanded());
    expected.is(
        "hides_discarded",
        glut.node("Home", "hides").unwrap().excess(),
    );
    let usual = market(line(100.0, -1.0));
    let both = usual.solve(&Policy::none()).unwrap();
    let expected = answer.at("both_prices_positive");
    expected.is("animals", both.level("cattle").unwrap());
    expected.is("beef_price", at(&both, "beef"));
    expected.is("hide_price", at(&both, "hides"));
    let support = usual
        .solve(&one(SupportBuying::new("Home", "hides", 50.0)))
        .unwrap();
    let expected = answer.at("support_price_on_hides_50");
    expected.is("animals", support.level("cattle").unwrap());
    expected.is("beef_price", at(&support, "beef"));
    expected.is("hide_price", at(&support, "hides"));
    expected.is(
        "hides_private",
        support.node("Home", "hides").unwrap().demanded(),
    );
    expected.is(
        "hides_purchased",
        support.figure("measure", "bought").unwrap(),
    );
    expected.is(
        "government_cost",
        support.ledger().unwrap().outlay("measure"),
    );
    let floor = StatutoryMinimum::new("Home", "beef", 7.0, Rationing::Efficient);
    let floored = usual.solve(&one(floor)).unwrap();
    let expected = answer.at("mandated_beef_floor");
    expected.is(
        "animals_if_supply_rationed_to_beef_sales",
        floored.level("cattle").unwrap(),
    );
    expected.is(
        "beef_sold",
        floored.node("Home", "beef").unwrap().demanded(),
    );
    expected.is("hide_price", at(&floored, "hides"));
    expected.is("floor", at(&floored, "beef"));
}

fn draft_error(market: &Market, policy: &Policy) -> DraftError {
    match market.solve(policy).unwrap_err() {
        SolveError::Draft(error) => error,
        other => panic!("{other}"),
    }
}

fn says(error: &DraftError, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{text}` does not say `{word}`");
    }
}

#[test]
fn neg_floor_above_ceiling() {
    let case = case("neg_floor_above_ceiling");
    let market = closed(demand(30.0, 1.0), supply(0.0, 1.0));
    let (floor, ceiling) = (
        case["problem"]["floor"].as_f64().unwrap(),
        case["problem"]["ceiling"].as_f64().unwrap(),
    );
    for rationing in [Rationing::Efficient, Rationing::Proportional] {
        let ceiling = StatutoryCeiling::new("Home", "good", ceiling, rationing);
        for policy in [
            Policy::new()
                .with(
                    "floor",
                    StatutoryMinimum::new("Home", "good", floor, rationing),
                )
                .unwrap(),
            Policy::new()
                .with("floor", SupportBuying::new("Home", "good", floor))
                .unwrap(),
        ] {
            let error = draft_error(&market, &policy.with("ceiling", ceiling.clone()).unwrap());
            assert!(matches!(error, DraftError::Contradiction { .. }));
            says(&error, &["floor", "12", "ceiling", "9", "good in Home"]);
        }
    }
}

#[test]
fn neg_conflicting_policies() {
    let market = small(demand(100.0, 20.0), supply(20.0, 20.0), 1.0);
    let ban = || Embargo::on_imports("Home", "good");
    let contradictions = [
        one(ban())
            .with("promise", ImportCommitment::new("Home", "good", 5.0))
            .unwrap(),
        one(ImportQuota::new("Home", "good", 3.0, RentOwner::Importers))
            .with("promise", ImportCommitment::new("Home", "good", 5.0))
            .unwrap(),
        one(Embargo::on_exports("World", "good"))
            .with("promise", ExportTax::specific("World", "good", -0.5))
            .unwrap(),
        one(ExportTax::specific("World", "good", -0.5))
            .with("promise", Embargo::on_exports("World", "good"))
            .unwrap(),
    ];
    let delivery = GuaranteedOfftake::new("home", 12.0, OfftakePrice::Fixed(1.0));
    let quota = ProductionQuota::new("Home", "good", 10.0);
    let delivered = one(quota.clone())
        .with("promise", delivery.clone())
        .unwrap();
    let limited = one(delivery).with("promise", quota).unwrap();
    for policy in contradictions.iter().chain([&delivered, &limited]) {
        let error = draft_error(&market, policy);
        assert!(matches!(error, DraftError::Contradiction { .. }), "{error}");
        says(&error, &["measure", "promise"]);
    }
    let tariffs = one(Tariff::specific("Home", "good", 0.1))
        .with("promise", Tariff::specific("Home", "good", 0.2))
        .unwrap();
    says(
        &draft_error(&market, &tariffs),
        &["measure", "promise", "stacking"],
    );
    let added = one(Tariff::specific("Home", "good", 0.1))
        .stacked(
            "promise",
            Stacking::Add,
            Tariff::specific("Home", "good", 0.2),
        )
        .unwrap();
    assert!((price(&market.solve(&added).unwrap(), "Home") - 1.3).abs() < 1e-9);
}

#[test]
fn neg_infeasible_quota() {
    // exports of 20 from a region that can make 15
    let market = closed(demand(100.0, 20.0), supply(20.0, 20.0))
        .to_builder()
        .region("World")
        .activity(Activity::producing(
            "world",
            "World",
            "good",
            supply(0.0, 20.0).with_capacity(15.0).unwrap(),
        ))
        .route("World", "Home", "good", 0.0)
        .build()
        .unwrap();
    let error = draft_error(&market, &one(ImportCommitment::new("Home", "good", 20.0)));
    assert!(
        matches!(error, DraftError::Infeasible { required, available, .. } if required == 20.0 && available == 15.0)
    );
    says(
        &error,
        &["measure", "good into Home", "20", "15", "short by 5"],
    );
    // production of 50 promised with a capacity of 30, and a share of 70 % of which 50 % is there
    let capped = closed(
        Demand::fixed(60.0).unwrap(),
        supply(0.0, 10.0).with_capacity(30.0).unwrap(),
    )
    .to_builder()
    .region("World")
    .activity(Activity::producing(
        "world",
        "World",
        "good",
        Supply::perfectly_elastic(1.0).unwrap(),
    ))
    .route("World", "Home", "good", 0.0)
    .build()
    .unwrap();
    let fixed = OfftakePrice::Fixed(9.0);
    for (measure, asked, short) in [
        (
            Measure::from(GuaranteedOfftake::new("home", 50.0, fixed)),
            50.0,
            "short by 20",
        ),
        (
            ContractFloor::new(9.0)
                .covering("home")
                .coverage(Coverage::First(50.0))
                .into(),
            50.0,
            "short by 20",
        ),
        (
            OriginRequirement::new("Home", "good", 0.7)
                .named("Home")
                .into(),
            42.0,
            "short by 12",
        ),
    ] {
        let error = draft_error(&capped, &one(measure));
        assert!(
            matches!(error, DraftError::Infeasible { required, available, .. } if required == asked && available == 30.0),
            "{error}"
        );
        says(&error, &["measure", short]);
    }
}

#[test]
fn blocs_name_their_members() {
    let market = small(demand(100.0, 20.0), supply(20.0, 20.0), 1.0);
    let bloc = Bloc::new("allies", ["Home", "Mars"]).unwrap();
    let ladder = ReferencePriceLadder::new(&bloc).rung("good", 1.5);
    let error = draft_error(&market, &one(ladder.clone()));
    assert!(matches!(error, DraftError::Unknown { .. }));
    says(&error, &["measure", "region `Mars`", "Home, World"]);
    let study = BlocStudy::new(&market, &bloc, |_| {
        Policy::new().with("floor", ladder.clone())
    })
    .unwrap_err();
    assert!(study.to_string().contains("Mars"), "{study}");
    for (members, word) in [
        (vec![], "no member"),
        (vec!["Home", "Home"], "twice"),
        (vec![" "], "empty"),
    ] {
        let error = Bloc::new("allies", members).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
