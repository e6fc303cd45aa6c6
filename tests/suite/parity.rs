//! The instance files as markets with measures: against the independent solver's prices, and written out with the bits of
//! their solutions, which the Python package then compares with its own.

use std::fs;
use std::path::{Path, PathBuf};

use pricefloor::assembly::Stacking;
use pricefloor::market::{MarketBuilder, Route};
use pricefloor::prelude::*;
use serde_json::{Value, json};

use crate::complementarity_instances::{file, reference};

const ONE_PERIOD: [&str; 11] = [
    "lin_R2_K1",
    "lin_R5_K1",
    "lin_R10_K1",
    "lin_R20_K1",
    "lin_R10_K4",
    "lin_R90_K1",
    "ce_R20_K1",
    "ce_R10_K4",
    "ce_R90_K1",
    "mix_R10_K1",
    "mix_R10_K4",
];

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn region(index: &Value) -> String {
    format!("R{}", index.as_u64().unwrap())
}

fn good(index: &Value) -> String {
    format!("K{}", index.as_u64().unwrap())
}

fn each<'a>(instance: &'a Value, list: &str) -> impl Iterator<Item = (usize, &'a Value)> {
    instance[list].as_array().unwrap().iter().enumerate()
}

fn supply(process: &Value) -> Supply {
    let cost = &process["cost"];
    let curve = match cost["type"].as_str().unwrap() {
        "linear" => Supply::linear(Line {
            intercept: number(&cost["a"]),
            slope: number(&cost["b"]),
        }),
        _ => {
            let (price, quantity) = (number(&cost["c0"]), number(&cost["x0"]));
            Supply::constant_elasticity(Observed { price, quantity }, number(&cost["eta"]))
        }
    };
    match process["cap"].as_f64() {
        Some(most) => curve.unwrap().with_capacity(most).unwrap(),
        None => curve.unwrap(),
    }
}

fn demand(curve: &Value) -> Demand {
    let demand = match curve["type"].as_str().unwrap() {
        "linear" => Demand::linear(Line {
            intercept: number(&curve["a"]),
            slope: -number(&curve["b"]),
        }),
        _ => {
            let (price, quantity) = (number(&curve["p0"]), number(&curve["q0"]));
            Demand::constant_elasticity(Observed { price, quantity }, -number(&curve["eps"]))
        }
    };
    demand.unwrap()
}

fn facts(instance: &Value) -> Market {
    let mut builder: MarketBuilder = Market::builder(instance["name"].as_str().unwrap(), "USD");
    for index in 0..instance["regions"].as_u64().unwrap() {
        builder = builder.region(&format!("R{index}"));
    }
    for index in 0..instance["goods"].as_u64().unwrap() {
        builder = builder.commodity(&format!("K{index}"));
    }
    for (_, entry) in each(instance, "demands") {
        let (region, good) = (region(&entry["region"]), good(&entry["good"]));
        builder = builder.demand(&region, &good, demand(&entry["curve"]));
    }
    for (index, process) in each(instance, "processes") {
        let name = format!("process {index}");
        let mut activity = Activity::new(&name, &region(&process["region"]), supply(process));
        for output in process["yield"].as_array().unwrap() {
            activity = activity.with_output(&good(&output[0]), number(&output[1]));
        }
        builder = builder.activity(activity);
    }
    let arcs = &instance["arcs"];
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (region(&arcs["from"][index]), region(&arcs["to"][index]));
        let route = Route::new(
            &from,
            &to,
            &good(&arcs["good"][index]),
            number(&arcs["cost"][index]),
        );
        builder = builder.add_route(match arcs["quota"][index].as_f64() {
            Some(quota) => route.with_capacity(quota),
            None => route,
        });
    }
    builder.build().unwrap()
}

fn measures(instance: &Value) -> Policy {
    let arcs = &instance["arcs"];
    let mut policy = Policy::new();
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (region(&arcs["from"][index]), region(&arcs["to"][index]));
        let good = good(&arcs["good"][index]);
        let (tariff, rate) = (
            number(&arcs["tariff"][index]),
            number(&arcs["adval"][index]),
        );
        if tariff > 0.0 {
            let measure = Tariff::specific(&to, &good, tariff).from(&from);
            policy = policy.with(&format!("tariff {index}"), measure).unwrap();
        }
        if rate > 0.0 {
            let measure = Tariff::ad_valorem(&to, &good, rate, Base::Delivered).from(&from);
            let name = format!("rate {index}");
            policy = policy.stacked(&name, Stacking::Add, measure).unwrap();
        }
    }
    for (index, entry) in each(instance, "floors") {
        let (region, good) = (region(&entry["region"]), good(&entry["good"]));
        let mut measure = SupportBuying::new(&region, &good, number(&entry["price"]));
        if let Some(limit) = entry["cap"].as_f64() {
            measure = measure.limit(limit);
        }
        policy = policy.with(&format!("floor {index}"), measure).unwrap();
    }
    for (index, entry) in each(instance, "export_caps") {
        let border = region(&entry["region"]);
        let good = good(&entry["good"]);
        let quota = number(&entry["limit"]);
        let measure = ExportQuota::new(border.as_str(), &good, quota, RentOwner::Exporters);
        policy = policy
            .with(&format!("export quota {index}"), measure)
            .unwrap();
    }
    policy
}

/// `parity/` beside the profile's folder, wherever this build puts it.
fn folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let target = binary.ancestors().nth(3).unwrap_or(Path::new("target"));
    let folder = target.join("parity");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn bits(values: impl Iterator<Item = f64>) -> Vec<String> {
    values
        .map(|value| format!("{:016x}", value.to_bits()))
        .collect()
}

/// Solves, writes the market, the policy and the bits, and gives the prices.
fn written(name: &str, market: &Market, policy: &Policy) -> Vec<f64> {
    let solved = market.solve(policy).unwrap();
    let ledger = solved.ledger().unwrap();
    let stored = json!({
        "market": market,
        "policy": policy,
        "prices": bits(solved.nodes().iter().map(|node| node.price())),
        "demanded": bits(solved.nodes().iter().map(|node| node.demanded())),
        "levels": bits(solved.activities().iter().map(|activity| activity.level())),
        "surplus": bits(ledger.accounts().iter().map(|account| account.surplus())),
        "payments": bits(ledger.payments().iter().map(|payment| payment.amount())),
    });
    let path = folder().join(format!("{name}.json"));
    fs::write(path, serde_json::to_string(&stored).unwrap()).unwrap();
    solved.nodes().iter().map(|node| node.price()).collect()
}

/// Prices of the independent solver, node after node, to the solver's own tolerance on prices.
#[test]
fn instances_are_markets() {
    for name in ONE_PERIOD {
        let bytes = crate::complementarity_instances::instance::read_bytes(&file(name)).unwrap();
        let instance: Value = serde_json::from_slice(&bytes).unwrap();
        let prices = written(name, &facts(&instance), &measures(&instance));
        let expected = reference(name);
        let expected = expected["p"].as_array().unwrap();
        assert_eq!(prices.len(), expected.len(), "{name}");
        for (found, expected) in prices.iter().zip(expected) {
            let expected = number(expected);
            let close = (found - expected).abs() <= 1e-6 * expected.abs().max(1.0);
            assert!(close, "{name}: {found} for {expected}");
        }
    }
}

/// The table of floors on the textbook market, P = 20 - Q and P = 5 + Q/2: price after price by hand.
#[test]
fn floors_of_twelve() {
    let line = |intercept, slope| Line { intercept, slope };
    let market = Market::builder("textbook", "USD/t")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .build()
        .unwrap();
    let minimum = |rationing| StatutoryMinimum::new("Home", "oxide", 12.0, rationing);
    let contract = || ContractFloor::new(12.0).covering("mine");
    let ways: [(&str, pricefloor::intervention::Measure, f64); 6] = [
        ("efficient", minimum(Rationing::Efficient).into(), 12.0),
        (
            "proportional",
            minimum(Rationing::Proportional).into(),
            12.0,
        ),
        (
            "buying",
            SupportBuying::new("Home", "oxide", 12.0).into(),
            12.0,
        ),
        ("contract", contract().into(), 6.0),
        (
            "first",
            contract().coverage(Coverage::First(8.0)).into(),
            10.0,
        ),
        (
            "share",
            contract().coverage(Coverage::Share(0.8)).into(),
            54.0 / 7.0,
        ),
    ];
    for (name, measure, price) in ways {
        assert!(measure.terms().check().is_ok());
        let policy = Policy::new().with("floor", measure).unwrap();
        let prices = written(&format!("floor_{name}"), &market, &policy);
        assert!((prices[0] - price).abs() < 1e-8, "{name}: {prices:?}");
    }
}
