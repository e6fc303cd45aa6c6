//! The instance files of one period as markets with measures, against the independent solver's prices.

use pricefloor::assembly::Stacking;
use pricefloor::market::{MarketBuilder, Route};
use pricefloor::prelude::*;
use serde_json::Value;

use super::Noted;
use crate::cases::instance as file;
use crate::complementarity_instances::{instance::read_bytes, reference};

const ONE_PERIOD: [&str; 18] = [
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
    "lin_R50_K4",
    "cournot_lin_R3",
    "cournot_lin_R50",
    "lin_R1000_K1",
    "lin_R1000_K4",
    "ce_R1000_K4",
    "mix_R1000_K4",
];

pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

pub(super) fn region(index: &Value) -> String {
    format!("R{}", index.as_u64().unwrap())
}

pub(super) fn good(index: &Value) -> String {
    format!("K{}", index.as_u64().unwrap())
}

pub(super) fn each<'a>(
    instance: &'a Value,
    list: &str,
) -> impl Iterator<Item = (usize, &'a Value)> {
    instance[list].as_array().unwrap().iter().enumerate()
}

pub(super) fn supply(process: &Value) -> Supply {
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

pub(super) fn demand(curve: &Value) -> Demand {
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
        let place = origin(instance, &process["region"]);
        let mut activity = Activity::new(&name, &place, supply(process));
        if firms_ship(instance) {
            builder = builder.region(&place);
            activity = activity.owned_by(&format!("firm of {place}"));
        }
        for output in process["yield"].as_array().unwrap() {
            activity = activity.with_output(&good(&output[0]), number(&output[1]));
        }
        builder = builder.activity(activity);
    }
    // one firm a region, which ships to every market, its own with it
    for (firm, variation) in firms(instance) {
        builder = builder.conduct(&firm, variation);
    }
    let arcs = &instance["arcs"];
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (
            origin(instance, &arcs["from"][index]),
            region(&arcs["to"][index]),
        );
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

fn firms_ship(instance: &Value) -> bool {
    instance["conduct"]["theta"].is_number()
}

/// Where goods are made and leave from. Cournot firms, one a region, are the only ones who ship: each makes its goods at a
/// place of its own, where nobody else can buy.
fn origin(instance: &Value, index: &Value) -> String {
    let place = region(index);
    if firms_ship(instance) {
        format!("works in {place}")
    } else {
        place
    }
}

/// Firms with their conjectural variations; none where all take prices.
fn firms(instance: &Value) -> Vec<(String, f64)> {
    let Some(variation) = instance["conduct"]["theta"].as_f64() else {
        return Vec::new();
    };
    let places =
        each(instance, "processes").map(|(_, process)| origin(instance, &process["region"]));
    places
        .map(|place| (format!("firm of {place}"), variation))
        .collect()
}

fn measures(instance: &Value) -> Policy {
    let arcs = &instance["arcs"];
    let mut policy = Policy::new();
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (
            origin(instance, &arcs["from"][index]),
            region(&arcs["to"][index]),
        );
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

/// An instance file.
pub(super) fn read(name: &str) -> Value {
    serde_json::from_slice(&read_bytes(&file(name)).unwrap()).unwrap()
}

/// Asserts prices, node after node, to 1e-9 of the references.
pub(super) fn assert_prices<'a>(
    name: &str,
    found: impl Iterator<Item = f64>,
    expected: impl Iterator<Item = &'a Value>,
) {
    let (found, expected): (Vec<f64>, Vec<f64>) = (found.collect(), expected.map(number).collect());
    assert_eq!(found.len(), expected.len(), "{name}");
    for (found, expected) in found.iter().zip(&expected) {
        let close = (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
        assert!(close, "{name}: {found} for {expected}");
    }
}

/// This one has no reference: that it is solved rests on its certificate.
#[test]
fn an_instance_without_a_reference() {
    let instance = read("lin_R200_K4");
    let solved = facts(&instance).noted(&measures(&instance)).unwrap();
    let certificate = solved.certificate();
    assert!(certificate.residual() < 1e-9 && certificate.price_error() < 1e-9);
    assert!(certificate.mass_balance() < 1e-9);
}

#[test]
fn instances_are_markets() {
    for name in ONE_PERIOD {
        let instance = read(name);
        let solved = facts(&instance).noted(&measures(&instance)).unwrap();
        let expected = reference(name);
        let (regions, goods) = (
            instance["regions"].as_u64().unwrap(),
            instance["goods"].as_u64().unwrap(),
        );
        let places =
            (0..regions).flat_map(|r| (0..goods).map(move |k| (format!("R{r}"), format!("K{k}"))));
        let prices = places.map(|(region, good)| solved.price(&region, &good).unwrap());
        assert_prices(name, prices, expected["p"].as_array().unwrap().iter());
    }
}
