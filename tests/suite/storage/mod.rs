//! Competitive storage and public stocks under rational expectations.

mod band;
mod input;
mod known;
mod properties;
mod stockpile;
mod trade;

use crate::cases::known as case;
use pricefloor::curve::{Demand, Observed, Supply};
use pricefloor::storage::{
    DecisionRules, FloorStock, Outcome, StorageModel, StorageSettings, StorageTerms, Warehouse,
    Yields,
};
use serde_json::Value;

const AT_ONE: Observed = Observed {
    price: 1.0,
    quantity: 1.0,
};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn yields(values: &Value, weights: &Value, shift: f64) -> Yields {
    let outcomes = numbers(values).into_iter().zip(numbers(weights));
    let outcomes = outcomes.map(|(value, probability)| Outcome {
        value: value + shift,
        probability,
    });
    Yields::discrete(outcomes.collect()).unwrap()
}

/// The market of the RECS demonstrations: STO1FX with a fixed supply, STO1 with an elastic one, STO2 with a public stock.
/// There `E[P' e'] / (1 + r) = H^5 / 1.03`, so supply has an elasticity of 0.2 in money of the harvest.
fn recs(elastic: bool, public: Option<FloorStock>) -> StorageTerms {
    StorageTerms {
        demand: Demand::constant_elasticity(AT_ONE, -0.2).unwrap(),
        supply: if elastic {
            Supply::constant_elasticity(AT_ONE, 0.2).unwrap()
        } else {
            Supply::fixed(1.0).unwrap()
        },
        yields: Yields::normal(1.0, 0.05, 7).unwrap(),
        warehouse: Warehouse {
            cost: 0.06,
            deterioration: 0.02,
            interest: 0.03,
        },
        public,
        contract_floor: None,
    }
}

fn solve(terms: StorageTerms) -> DecisionRules {
    solve_with(terms, &StorageSettings::default())
}

fn solve_with(terms: StorageTerms, settings: &StorageSettings) -> DecisionRules {
    let mut given = crate::parity::terms("StorageTerms", &terms);
    given["settings"] = serde_json::json!(settings);
    let model = StorageModel::new(terms).unwrap();
    let rules = model.solve(settings).unwrap();
    let (least, largest) = rules.range();
    let mut found = Vec::new();
    for k in 1..20 {
        let decision = rules
            .at(least + (largest - least) * f64::from(k) / 20.0)
            .unwrap();
        found.extend([decision.price, decision.stock, decision.planned]);
    }
    crate::parity::note("storage", &given, Ok(found));
    rules
}

fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} is not within {tolerance} of {expected}"
    );
}
