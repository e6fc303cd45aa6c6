//! The instances of perfect foresight as horizons that files can hold.
//!
//! Buyers' lines `p = a(t) - b q` move from year to year. A file says that as a use of the good at a rising cost `b q`, worth
//! `a(0)` per unit, with a payment of `a(t) - a(0)`: the good is bought up to `p + b q = a(t)`.

use pricefloor::assembly::Stacking;
use pricefloor::horizon::{Calendar, Dated, EndValue, Expansion, Horizon, Stage, Store};
use pricefloor::market::Route;
use pricefloor::prelude::*;
use serde_json::Value;

use super::NotedPath;
use super::instances::{assert_prices, each, good, number, read, region, supply};
use crate::complementarity_instances::reference;

fn facts(instance: &Value) -> Market {
    let mut builder = Market::builder(instance["name"].as_str().unwrap(), "USD");
    for index in 0..instance["regions"].as_u64().unwrap() {
        builder = builder.region(&region(&index.into()));
    }
    for index in 0..instance["goods"].as_u64().unwrap() {
        builder = builder
            .commodity(&good(&index.into()))
            .commodity(&used(&index.into()));
    }
    for (index, process) in each(instance, "processes") {
        let capacity = number(&process["cap0"]);
        let mut activity = Activity::new(
            &format!("process {index}"),
            &region(&process["region"]),
            supply(process).with_capacity(capacity).unwrap(),
        );
        for output in process["yield"].as_array().unwrap() {
            activity = activity.with_output(&good(&output[0]), number(&output[1]));
        }
        builder = builder.activity(activity);
    }
    for (index, entry) in each(instance, "demands") {
        let rising = Supply::linear(Line {
            intercept: 0.0,
            slope: number(&entry["b"]),
        });
        let buyers = Activity::new(
            &format!("buyers {index}"),
            &region(&entry["region"]),
            rising.unwrap(),
        );
        let worth = Demand::perfectly_elastic(number(&entry["a"][0])).unwrap();
        builder = builder.demand(&region(&entry["region"]), &used(&entry["good"]), worth);
        builder = builder.activity(
            buyers
                .with_input(&good(&entry["good"]), 1.0)
                .with_output(&used(&entry["good"]), 1.0),
        );
    }
    let arcs = &instance["arcs"];
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let route = Route::new(
            &region(&arcs["from"][index]),
            &region(&arcs["to"][index]),
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

fn used(index: &Value) -> String {
    format!("use of {}", good(index))
}

fn measures(instance: &Value) -> Vec<Dated> {
    let mut all = Vec::new();
    for (index, entry) in each(instance, "demands") {
        let (at, what) = (region(&entry["region"]), used(&entry["good"]));
        let levels = entry["a"].as_array().unwrap().iter().map(number);
        let points: Vec<(f64, f64)> = levels
            .enumerate()
            .map(|(t, a)| (t as f64, a - number(&entry["a"][0])))
            .collect();
        let more = ProductionSubsidy::new(&at, &what, 0.0);
        all.push(Dated::new(&format!("buyers {index}"), more).varying("rate", points));
    }
    let arcs = &instance["arcs"];
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (region(&arcs["from"][index]), region(&arcs["to"][index]));
        let what = good(&arcs["good"][index]);
        let (tariff, rate) = (
            number(&arcs["tariff"][index]),
            number(&arcs["adval"][index]),
        );
        if tariff > 0.0 {
            let measure = Tariff::specific(&to, &what, tariff).from(&from);
            all.push(Dated::new(&format!("tariff {index}"), measure));
        }
        if rate > 0.0 {
            let measure = Tariff::ad_valorem(&to, &what, rate, Base::Delivered).from(&from);
            all.push(Dated::new(&format!("rate {index}"), measure).stacked(Stacking::Add));
        }
    }
    for (index, entry) in each(instance, "floors") {
        let (at, what) = (region(&entry["region"]), good(&entry["good"]));
        let buying = SupportBuying::new(&at, &what, number(&entry["price"]));
        let buying = match entry["cap"].as_f64() {
            Some(limit) => buying.limit(limit),
            None => buying,
        };
        all.push(Dated::new(&format!("floor {index}"), buying));
    }
    all
}

fn horizon(instance: &Value) -> Horizon {
    let years = u32::try_from(instance["periods"].as_u64().unwrap()).unwrap();
    let rate = 1.0 / number(&instance["discount"]) - 1.0;
    let mut horizon = Horizon::builder(&facts(instance), Calendar::yearly(years), rate);
    for (index, process) in each(instance, "processes") {
        let building = Stage::new("construction", 1.0).costing(number(&process["inv_cost"]));
        horizon = horizon.expansion(
            Expansion::of(&format!("process {index}"))
                .stage(building)
                .rising(number(&process["inv_quad"]))
                .declining(number(&instance["depreciation"]))
                .ending(EndValue::Nothing),
        );
    }
    for (_, store) in each(instance, "storage") {
        let here = Store::new(&region(&store["region"]), &good(&store["good"]));
        horizon = horizon.store(
            here.opening(number(&store["stock0"]))
                .costing(number(&store["cost"]))
                .capacity(number(&store["cap"])),
        );
    }
    let dated = measures(instance).into_iter();
    dated.fold(horizon, |h, m| h.measure(m)).build().unwrap()
}

#[test]
fn foresight_instances_are_horizons() {
    for name in [
        "pf_R2_K1_T10",
        "pf_R3_K2_T10",
        "pfav_R3_K2_T10",
        "pf_R10_K2_T30",
        "pf_R20_K4_T30",
        "pf_R20_K4_T50",
        "pf_R50_K4_T30",
    ] {
        let instance = read(name);
        let path = horizon(&instance).noted().unwrap();
        let (regions, goods) = (
            instance["regions"].as_u64().unwrap(),
            instance["goods"].as_u64().unwrap(),
        );
        let expected = reference(name);
        let rows = expected["p"]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), path.periods().len());
        for (period, row) in path.periods().iter().zip(rows) {
            let places = (0..regions).flat_map(|r| (0..goods).map(move |k| (r, k)));
            let prices = places.map(|(r, k)| {
                let (r, k) = (region(&r.into()), good(&k.into()));
                period.price(&r, &k).unwrap()
            });
            assert_prices(name, prices, row.as_array().unwrap().iter());
        }
    }
}
