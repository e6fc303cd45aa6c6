//! Over one year every measure is what it is in a single market: there is no second implementation.

use super::{demand, supply};
use crate::parity::NotedPath;
use pricefloor::Market;
use pricefloor::horizon::{Calendar, Dated, Horizon};
use pricefloor::intervention::Measure;
use pricefloor::market::Bloc;
use pricefloor::prelude::*;

/// Two regions, oxide and the magnets made of it.
fn world() -> Market {
    Market::builder("two regions", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .commodity("magnets")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .demand("Abroad", "oxide", demand(16.0, -0.5))
        .demand("Home", "magnets", demand(60.0, -4.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .activity(Activity::producing(
            "pit",
            "Abroad",
            "oxide",
            supply(2.0, 0.2),
        ))
        .activity(
            Activity::producing("plant", "Home", "magnets", supply(4.0, 0.3))
                .with_input("oxide", 0.4),
        )
        .route("Abroad", "Home", "oxide", 0.5)
        .route("Home", "Abroad", "oxide", 0.5)
        .build()
        .unwrap()
}

fn measures() -> Vec<Measure> {
    let rates = (Rate::Specific(0.2), Rate::Specific(3.0));
    let allies = Bloc::new("allies", ["Home"]).unwrap();
    vec![
        AntiDumpingDuty::new("Home", "oxide", "Abroad", 9.0).into(),
        BorderFloor::new("Home", "oxide", 10.0).into(),
        ContractFloor::new(11.0).covering("mine").into(),
        ContractForDifference::new(9.5).covering("mine").into(),
        CountervailingDuty::new("Home", "oxide", "Abroad")
            .against("aid")
            .into(),
        DeficiencyPayment::new("Home", "oxide", 11.0).into(),
        Embargo::on_exports("Abroad", "oxide").with("Home").into(),
        ExportQuota::new("Abroad", "oxide", 2.0, RentOwner::Exporters).into(),
        ExportTax::ad_valorem("Abroad", "oxide", 0.13).into(),
        GuaranteedOfftake::new(
            "mine",
            3.0,
            OfftakePrice::Market {
                premium: 0.5,
                floor: Some(9.0),
            },
        )
        .into(),
        ImportCommitment::new("Home", "oxide", 9.0)
            .from("Abroad")
            .into(),
        ImportQuota::new("Home", "oxide", 2.0, RentOwner::Importers).into(),
        InputSubsidy::specific("Home", "oxide", 1.0)
            .covering("plant")
            .into(),
        MinimumEarnings::new("mine", 40.0).into(),
        OriginRequirement::new("Home", "oxide", 0.6)
            .named("Home")
            .into(),
        PriceBand::new(
            "Home",
            "oxide",
            Band {
                lower: 9.5,
                upper: 14.0,
            },
        )
        .room(5.0)
        .into(),
        PriceUndertaking::new("Home", "oxide", 10.0)
            .from("Abroad")
            .into(),
        ProcurementPreference::new("Home", "oxide", 2.0, 0.25)
            .named("Home")
            .into(),
        ProductionQuota::new("Abroad", "oxide", 20.0).into(),
        ProductionSubsidy::new("Home", "oxide", 1.0).into(),
        ReferencePriceLadder::new(&allies)
            .rung("oxide", 10.0)
            .into(),
        StatutoryCeiling::new("Home", "oxide", 8.0, Rationing::Efficient).into(),
        StatutoryMinimum::new("Home", "oxide", 10.0, Rationing::Efficient).into(),
        SupportBuying::new("Home", "oxide", 10.0)
            .budget(10.0)
            .into(),
        Tariff::ad_valorem("Home", "oxide", 0.25, Base::Delivered).into(),
        TariffRateQuota::new("Home", "oxide", 2.0, RentOwner::Importers)
            .duties(rates.0, rates.1)
            .into(),
        TaxCredit::new("Home", "oxide", 0.1).into(),
    ]
}

/// Names of the list of measures in the library, so that a new one cannot be forgotten here.
fn listed() -> Vec<String> {
    let source = include_str!("../../../src/intervention/policy.rs");
    let list = source
        .split("measures![")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    list.split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn close(value: f64, expected: f64, what: &str) {
    let allowed = 1e-12 * expected.abs().max(1.0);
    assert!(
        (value - expected).abs() <= allowed,
        "{what}: {value}, expected {expected}"
    );
}

#[test]
fn every_measure_over_one_year_is_the_static_one() {
    let market = world();
    let measures = measures();
    let kinds: Vec<String> = measures
        .iter()
        .map(|m| m.terms().kind().replace('_', ""))
        .collect();
    for name in listed() {
        assert!(kinds.contains(&name.to_lowercase()), "no case for {name}");
    }
    for measure in measures {
        let kind = measure.terms().kind();
        let aid = ProductionSubsidy::new("Abroad", "oxide", 0.5);
        let policy = Policy::new().with("aid", aid.clone()).unwrap();
        let policy = policy.with("measure", measure.clone()).unwrap();
        let single = market.solve(&policy).unwrap();
        let horizon = Horizon::builder(&market, Calendar::yearly(1), 0.08)
            .measure(Dated::new("aid", aid))
            .measure(Dated::new("measure", measure))
            .build()
            .unwrap();
        let path = horizon.noted().unwrap();
        let only = path.at(0.0).unwrap();
        for (node, expected) in only.equilibrium().nodes().iter().zip(single.nodes()) {
            close(node.price(), expected.price(), kind);
            close(node.demanded(), expected.demanded(), kind);
        }
        for (activity, expected) in only
            .equilibrium()
            .activities()
            .iter()
            .zip(single.activities())
        {
            close(activity.level(), expected.level(), kind);
        }
        let ledger = single.ledger().unwrap();
        for (account, expected) in only.ledger().accounts().iter().zip(ledger.accounts()) {
            close(account.surplus(), expected.surplus(), kind);
        }
    }
}
