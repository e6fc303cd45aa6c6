//! The Cournot instances with constant elasticities as markets. Their duties are a share of the firm's own marginal cost and
//! transport, and the value of its capacity stands outside that share. So goods cross the border within the firm, at
//! cost, and the firm sells in each market what has arrived there.

use pricefloor::assembly::Stacking;
use pricefloor::market::Route;
use pricefloor::prelude::*;
use serde_json::Value;

use super::Noted;
use super::instances::{assert_prices, demand, each, good, number, read, region, supply};
use crate::complementarity_instances::reference;

fn works(region: &str) -> String {
    format!("works in {region}")
}

fn made_in(region: &str) -> String {
    format!("K0 from {region}")
}

fn facts(instance: &Value) -> Market {
    let mut builder =
        Market::builder(instance["name"].as_str().unwrap(), "USD").commodity(&good(&0.into()));
    for index in 0..instance["regions"].as_u64().unwrap() {
        let home = region(&index.into());
        builder = builder.region(&home).region(&works(&home));
    }
    for (_, entry) in each(instance, "demands") {
        let at = region(&entry["region"]);
        builder = builder.demand(&at, &good(&entry["good"]), demand(&entry["curve"]));
    }
    for (index, process) in each(instance, "processes") {
        let home = region(&process["region"]);
        let made = made_in(&home);
        let mine = Activity::new(&format!("process {index}"), &works(&home), supply(process))
            .with_output(&made, number(&process["yield"][0][1]));
        let conduct = number(&instance["conduct"]["theta"]);
        builder = builder
            .commodity(&made)
            .activity(mine)
            .conduct(&format!("firm of {home}"), conduct);
    }
    let arcs = &instance["arcs"];
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (region(&arcs["from"][index]), region(&arcs["to"][index]));
        let made = made_in(&from);
        let route = Route::new(&works(&from), &to, &made, number(&arcs["cost"][index]));
        let sale = Activity::new(
            &format!("{from} sells in {to}"),
            &to,
            Supply::perfectly_elastic(0.0).unwrap(),
        );
        builder = builder
            .add_route(match arcs["quota"][index].as_f64() {
                Some(quota) => route.with_capacity(quota),
                None => route,
            })
            .activity(
                sale.with_input(&made, 1.0)
                    .with_output(&good(&arcs["good"][index]), 1.0)
                    .owned_by(&format!("firm of {from}")),
            );
    }
    builder.build().unwrap()
}

fn measures(instance: &Value) -> Policy {
    let arcs = &instance["arcs"];
    let mut policy = Policy::new();
    for index in 0..arcs["from"].as_array().unwrap().len() {
        let (from, to) = (region(&arcs["from"][index]), region(&arcs["to"][index]));
        let (made, source) = (made_in(&from), works(&from));
        let (tariff, rate) = (
            number(&arcs["tariff"][index]),
            number(&arcs["adval"][index]),
        );
        if tariff > 0.0 {
            let measure = Tariff::specific(&to, &made, tariff).from(&source);
            policy = policy.with(&format!("tariff {index}"), measure).unwrap();
        }
        if rate > 0.0 {
            let measure = Tariff::ad_valorem(&to, &made, rate, Base::Delivered).from(&source);
            let name = format!("rate {index}");
            policy = policy.stacked(&name, Stacking::Add, measure).unwrap();
        }
    }
    for (index, process) in each(instance, "processes") {
        if let Some(most) = process["cap"].as_f64() {
            let home = region(&process["region"]);
            let border = works(&home);
            let quota =
                ExportQuota::new(border.as_str(), &made_in(&home), most, RentOwner::Exporters);
            policy = policy.with(&format!("capacity {index}"), quota).unwrap();
        }
    }
    policy
}

#[test]
fn cournot_instances_are_markets() {
    for name in ["cournot_ce_R3", "cournot_ce_R50"] {
        let mut instance = read(name);
        let policy = measures(&instance);
        // what limits a firm is what it can send out
        for process in instance["processes"].as_array_mut().unwrap() {
            process["cap"] = Value::Null;
        }
        let solved = facts(&instance).noted(&policy).unwrap();
        let regions = instance["regions"].as_u64().unwrap();
        let prices = (0..regions).map(|r| solved.price(&region(&r.into()), "K0").unwrap());
        let expected = reference(name);
        assert_prices(name, prices, expected["p"].as_array().unwrap().iter());
    }
}
