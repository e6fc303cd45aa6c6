//! Trade between countries.

use super::*;

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
                .noted(&Policy::none())
                .unwrap(),
            "Home",
        ),
    );
    answer.is(
        "autarky_foreign_price",
        price(
            &closed(foreign().0, foreign().1)
                .noted(&Policy::none())
                .unwrap(),
            "Home",
        ),
    );
    let free = market.noted(&Policy::none()).unwrap();
    let expected = answer.at("free_trade");
    expected.is("world_price", price(&free, "Home"));
    expected.is("imports", free.flow("Abroad", "Home", "good").unwrap());
    expected.is("home_demand", demanded(&free, "Home"));
    expected.is("home_supply", free.level("home").unwrap());
    expected.is("foreign_demand", demanded(&free, "Abroad"));
    expected.is("foreign_supply", free.level("abroad").unwrap());

    let tariff = market
        .noted(&one(Tariff::specific("Home", "good", 0.5)))
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
    let quota = market.noted(&one(quota)).unwrap();
    let expected = answer.at("quota_10_rent_to_home");
    expected.is("home_price", price(&quota, "Home"));
    expected.is("foreign_price", price(&quota, "Abroad"));
    expected.is("rent", quota.ledger().unwrap().treasury());

    let large = two_countries((demand(800.0, 200.0), supply(400.0, 200.0)));
    let free = large.noted(&Policy::none()).unwrap();
    answer
        .at("large_foreign")
        .is("free_trade_price", price(&free, "Home"));
    answer.at("large_foreign").is(
        "free_trade_imports",
        free.flow("Abroad", "Home", "good").unwrap(),
    );
    let tariff = large
        .noted(&one(Tariff::specific("Home", "good", 0.5)))
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
            .noted(&one(Tariff::specific("Home", "good", rate)))
            .unwrap();
        solved.ledger().unwrap().region("Home")
    };
    let solved = market
        .noted(&one(Tariff::specific("Home", "good", optimum)))
        .unwrap();
    best.is("imports", solved.flow("Abroad", "Home", "good").unwrap());
    best.is("home_price", price(&solved, "Home"));
    best.is("foreign_price", price(&solved, "Abroad"));
    assert!(
        welfare(optimum) > welfare(optimum + 1e-3) && welfare(optimum) > welfare(optimum - 1e-3)
    );

    let subsidy = market
        .noted(&one(ExportTax::specific("Abroad", "good", -0.5)))
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
        let solved = market.noted(&one(quota)).unwrap();
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
        let solved = market.noted(&one(floor)).unwrap();
        expected.is("domestic_price", price(&solved, "Home"));
        expected.is("imports", solved.flow("World", "Home", "good").unwrap());
        expected.is("levy_revenue", solved.ledger().unwrap().treasury());
        expected.is("levy", solved.figure("measure", "levy").unwrap());
    }
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
    let solved = market.noted(&Policy::none()).unwrap();
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
    let alone = market.noted(&policy).unwrap();
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

/// A large exporter gains most from a tax that makes it sell as a monopolist would. With the curves of tx_tariff_krugman
/// home wants 80 - 40 P and abroad offers 40 P - 40: P = 2 - X / 40 and P = 1 + X / 40. The exporter's marginal revenue
/// 2 - X / 20 meets its cost at X = 40 / 3: a tax of 1 / 3, prices 5 / 3 and 4 / 3. It gains X - 3 X^2 / 80 - 5 = 5 / 3
/// over free trade.
#[test]
fn an_optimal_export_tax() {
    let market = two_countries((demand(80.0, 20.0), supply(40.0, 20.0)));
    let welfare = |rate: f64| {
        let policy = one(ExportTax::specific("Abroad", "good", rate));
        let solved = market.noted(&policy).unwrap();
        let gain = solved.ledger().unwrap().region("Abroad");
        (gain, solved)
    };
    let (best, solved) = welfare(1.0 / 3.0);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a}, {b}");
    close(solved.flow("Abroad", "Home", "good").unwrap(), 40.0 / 3.0);
    close(price(&solved, "Home"), 5.0 / 3.0);
    close(price(&solved, "Abroad"), 4.0 / 3.0);
    close(best - welfare(0.0).0, 5.0 / 3.0);
    // welfare is quadratic in the tax, with its top there
    let (below, above) = (welfare(0.3).0, welfare(1.0 / 1.5 - 0.3).0);
    close(below, above);
    assert!(best > below);
}
