//! Every type that is read from a file refuses a key that it does not know, at whatever depth it stands.

use super::*;
use pricefloor::finance::{
    BackTest, CapTable, CashFlow, ContractPeriod, CountBasis, DatedFlow, EquityBefore, Estate,
    Exercise, FinanceError, Holding, ModifiedRates, Producer, ReportedPeriod, Settlement, ShareOut,
    Standing, StatedStake, WarrantIssue, WarrantMarket, WithInflation,
};
use pricefloor::viability::{
    CaseFindings, ControlledCost, FairValues, GrowthDecision, Spread, YearCost,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// All copies of `value` with one unknown key in one of its objects.
fn broken(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("no such key".to_owned(), json!(1));
            all.push(Value::Object(more));
            for (key, inner) in map {
                for inner in broken(inner) {
                    let mut copy = map.clone();
                    copy.insert(key.clone(), inner);
                    all.push(Value::Object(copy));
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate().take(4) {
                for inner in broken(item) {
                    let mut copy = items.clone();
                    copy[place] = inner;
                    all.push(Value::Array(copy));
                }
            }
        }
        _ => {}
    }
    all
}

fn strict<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value);
    let json = serde_json::to_value(value).unwrap();
    let broken = broken(&json);
    assert!(!broken.is_empty());
    for value in broken {
        assert!(
            serde_json::from_value::<T>(value.clone()).is_err(),
            "{value}"
        );
    }
}

#[test]
fn unknown_keys_are_refused_everywhere() {
    let mut cases = four_cases();
    let terms = WarrantTerms {
        shares: 5.0,
        strike: 30.0,
        expiry: 2.0,
        settlement: WarrantSettlement::NetShare,
    };
    let warrant = Warrant::new(terms).unwrap();
    let held = Security {
        holder: "Treasury".into(),
        instrument: Instrument::Warrant(warrant),
        paid: 0.0,
    };
    let capital = cases[3].capital.with(held).unwrap();
    let capital = Capital::new(CapitalTerms {
        payout: Payout::FreeCash { from: 1.0 },
        ..capital.terms().clone()
    });
    cases[3].capital = capital.unwrap();
    let study = study(quarterly(), cases.clone());
    strict(&study);
    let source = price(60.0, 0.3);
    let simulation = Simulation::new(50, 1).unwrap();
    strict(&study.run(&source, simulation).unwrap());
    strict(
        &study
            .fair_values(
                &source,
                Pricing {
                    source: &source,
                    riskless: 0.04,
                },
                simulation,
            )
            .unwrap(),
    );
    strict(
        &study
            .expected_cost_with_control("floor", &source, simulation)
            .unwrap(),
    );
    let producer = study.producer("both").unwrap();
    strict(&producer.cash_flow(&[20.0; 72], true).unwrap());
    let poor = Producer::new(
        producer.project(),
        &super::capital(10.0, vec![note(5.0)]),
        &[],
    )
    .unwrap();
    strict(&poor.cash_flow(&[1.0; 72], false).unwrap());

    let contract =
        PriceContract::new(floor_terms(110.0, Coverage::First { per_year: 5.0 })).unwrap();
    let period = ReportedPeriod {
        name: "Q1".into(),
        volume: 1.0,
        reference: 50.0,
        income: 60.0,
    };
    strict(&BackTest::run("basis", &contract, &[period]).unwrap());
    let quarter = ContractPeriod {
        start: 0.0,
        years: 0.25,
        fiscal_year: 2026,
        output: 1.0,
        average: 56.0,
        end_price: 57.0,
        realisation: 1.0,
        sales: 1.0,
        price_level: 1.0,
    };
    strict(&quarter);
    strict(&contract.settle(&mut contract.open(), &quarter));
    let holding = Holding {
        holder: "a".into(),
        security: "b".into(),
        shares: 1.0,
        basis: CountBasis::Derived,
    };
    strict(&CapTable::new(vec![holding]).unwrap());
    let before = EquityBefore {
        value: 4000.0,
        shares: 100.0,
    };
    strict(&before);
    strict(&warrant.exercise(before).unwrap());
    strict(&StatedStake {
        shares: 1.0,
        fraction: 0.15,
    });
    strict(&WithInflation {
        rate: 0.08,
        inflation: 0.02,
    });
    strict(&DatedFlow {
        years: 1.0,
        amount: 2.0,
    });
    strict(&ModifiedRates {
        finance: 0.1,
        reinvestment: 0.1,
    });
    strict(&Estate {
        value: 1.0,
        years: 1.0,
        insolvent: false,
    });
    strict(&Standing::regular(producer.capital(), 1.0));
    strict(&WarrantMarket {
        price: 40.0,
        shares: 1e6,
        rate: 0.03,
        dividend_yield: 0.0,
        volatility: 0.3,
        issue: WarrantIssue::Free,
    });
}

#[test]
fn types_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Study>();
    shared::<Findings>();
    shared::<CaseFindings>();
    shared::<GrowthDecision>();
    shared::<YearCost>();
    shared::<Spread>();
    shared::<Estimate>();
    shared::<FairValues>();
    shared::<Pricing<'_>>();
    shared::<ControlledCost>();
    shared::<BreakEven>();
    shared::<Runway>();
    shared::<ViabilityError>();
    shared::<FinanceError>();
    shared::<Producer>();
    shared::<CashFlow>();
    shared::<ShareOut>();
    shared::<Settlement>();
    shared::<Exercise>();
    shared::<Capital>();
    shared::<Project>();
    shared::<PriceContract>();
    shared::<CapTable>();
    shared::<BackTest>();
    shared::<Irr>();
}
