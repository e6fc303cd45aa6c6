//! The instance files of perfect foresight as one market of dated goods (Debreu 1959, chapter 7): a good at a date is a good
//! of its own with a price in present value, storage turns one into the next, and a plant is a good that gives its service
//! and is, worn, still there a period later.

use pricefloor::prelude::*;
use serde_json::Value;

use super::Noted;
use super::instances::{assert_prices, each, number, read, region};
use crate::complementarity_instances::reference;

/// The good at a date.
fn dated(good: &Value, period: usize) -> String {
    format!("K{} at {period}", good.as_u64().unwrap())
}

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

fn fixed_cost(cost: f64) -> Supply {
    Supply::perfectly_elastic(cost).unwrap()
}

/// The market and the measures, all in present value at the start.
fn world(instance: &Value) -> (Market, Policy) {
    let periods = instance["periods"].as_u64().unwrap() as usize;
    let (discount, kept) = (
        number(&instance["discount"]),
        1.0 - number(&instance["depreciation"]),
    );
    let (mut market, mut policy) = (Market::builder("dated", "USD"), Policy::new());
    for index in 0..instance["regions"].as_u64().unwrap() {
        market = market.region(&format!("R{index}"));
    }
    // which plant of its region each process is
    let mut plants: Vec<usize> = Vec::new();
    for (j, process) in each(instance, "processes") {
        let earlier = each(instance, "processes").take(j);
        plants.push(
            earlier
                .filter(|(_, other)| other["region"] == process["region"])
                .count(),
        );
    }
    let most = plants.iter().max().map_or(0, |last| last + 1);
    let goods = instance["goods"].as_u64().unwrap();
    for t in 0..periods {
        for good in 0..goods {
            market = market.commodity(&format!("K{good} at {t}"));
        }
        for plant in 0..most {
            market = market.commodity(&format!("plant {plant} at {t}"));
            market = market.commodity(&format!("service {plant} at {t}"));
        }
    }
    let mut worth = 1.0;
    for t in 0..periods {
        let last = t + 1 == periods;
        for (_, entry) in each(instance, "demands") {
            let (a, b) = (number(&entry["a"][t]), number(&entry["b"]));
            let demand = Demand::linear(line(worth * a, -worth * b)).unwrap();
            market = market.demand(&region(&entry["region"]), &dated(&entry["good"], t), demand);
        }
        for (j, process) in each(instance, "processes") {
            let (place, k) = (region(&process["region"]), plants[j]);
            let cost = &process["cost"];
            let cost = line(worth * number(&cost["a"]), worth * number(&cost["b"]));
            let name = format!("process {j} at {t}");
            let mut run = Activity::new(&name, &place, Supply::linear(cost).unwrap());
            for output in process["yield"].as_array().unwrap() {
                run = run.with_output(&dated(&output[0], t), number(&output[1]));
            }
            market = market.activity(run.with_input(&format!("service {k} at {t}"), 1.0));
            if t == 0 {
                let there = fixed_cost(0.0)
                    .with_capacity(number(&process["cap0"]))
                    .unwrap();
                let plant = format!("plant {k} at 0");
                market = market.activity(Activity::producing(
                    &format!("old plant {j}"),
                    &place,
                    &plant,
                    there,
                ));
            }
            let (plant, next) = (
                format!("plant {k} at {t}"),
                format!("plant {k} at {}", t + 1),
            );
            let service = format!("service {k} at {t}");
            let mut stand = Activity::new(&format!("plant {j} at {t}"), &place, fixed_cost(0.0))
                .with_input(&plant, 1.0)
                .with_output(&service, 1.0);
            if !last {
                stand = stand.with_output(&next, kept);
                let cost = line(
                    worth * number(&process["inv_cost"]),
                    worth * number(&process["inv_quad"]),
                );
                let build = Supply::linear(cost).unwrap();
                let name = format!("building {j} at {t}");
                market = market.activity(Activity::producing(&name, &place, &next, build));
            }
            market = market.activity(stand);
        }
        for (i, store) in each(instance, "storage") {
            let place = region(&store["region"]);
            let (now, next) = (dated(&store["good"], t), dated(&store["good"], t + 1));
            if t == 0 {
                let opening = fixed_cost(0.0)
                    .with_capacity(number(&store["stock0"]))
                    .unwrap();
                market = market.activity(Activity::producing(
                    &format!("opening stock {i}"),
                    &place,
                    &now,
                    opening,
                ));
            }
            if !last {
                let keep = fixed_cost(worth * number(&store["cost"]));
                let keep = keep.with_capacity(number(&store["cap"])).unwrap();
                let name = format!("store {i} at {t}");
                market = market.activity(
                    Activity::producing(&name, &place, &next, keep).with_input(&now, 1.0),
                );
            }
        }
        let arcs = &instance["arcs"];
        for index in 0..arcs["from"].as_array().unwrap().len() {
            let (from, to) = (region(&arcs["from"][index]), region(&arcs["to"][index]));
            let good = dated(&arcs["good"][index], t);
            market = market.route(&from, &to, &good, worth * number(&arcs["cost"][index]));
            let (tariff, rate) = (
                number(&arcs["tariff"][index]),
                number(&arcs["adval"][index]),
            );
            if tariff > 0.0 {
                let measure = Tariff::specific(&to, &good, worth * tariff).from(&from);
                policy = policy
                    .with(&format!("tariff {index} at {t}"), measure)
                    .unwrap();
            }
            if rate > 0.0 {
                let measure = Tariff::ad_valorem(&to, &good, rate, Base::Delivered).from(&from);
                let (name, add) = (
                    format!("rate {index} at {t}"),
                    pricefloor::assembly::Stacking::Add,
                );
                policy = policy.stacked(&name, add, measure).unwrap();
            }
        }
        for (i, floor) in each(instance, "floors") {
            let good = dated(&floor["good"], t);
            let mut measure = SupportBuying::new(
                &region(&floor["region"]),
                &good,
                worth * number(&floor["price"]),
            );
            if let Some(limit) = floor["cap"].as_f64() {
                measure = measure.limit(limit);
            }
            policy = policy.with(&format!("floor {i} at {t}"), measure).unwrap();
        }
        worth *= discount;
    }
    (market.build().unwrap(), policy)
}

#[test]
fn foresight_is_a_market_of_dated_goods() {
    for name in [
        "pf_R2_K1_T10",
        "pf_R3_K2_T10",
        "pfav_R3_K2_T10",
        "pf_R10_K2_T30",
    ] {
        let instance = read(name);
        let (market, policy) = world(&instance);
        let solved = market.noted(&policy).unwrap();
        let expected = reference(name);
        let (regions, goods) = (
            instance["regions"].as_u64().unwrap(),
            instance["goods"].as_u64().unwrap(),
        );
        let (discount, mut worth) = (number(&instance["discount"]), 1.0);
        for (t, row) in expected["p"]["rows"].as_array().unwrap().iter().enumerate() {
            let places = (0..regions).flat_map(|r| (0..goods).map(move |k| (r, k)));
            let price = |(r, k)| {
                solved
                    .price(&format!("R{r}"), &format!("K{k} at {t}"))
                    .unwrap()
            };
            assert_prices(
                name,
                places.map(|place| price(place) / worth),
                row.as_array().unwrap().iter(),
            );
            worth *= discount;
        }
    }
}
