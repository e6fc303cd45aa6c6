//! Bad input, and files.

use super::*;
use pricefloor::storage::StorageError;

fn says(result: Result<impl Sized, StorageError>) -> String {
    match result {
        Ok(_) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn bad_terms_are_named() {
    let good = recs(true, None);
    let refused = |change: &dyn Fn(&mut StorageTerms)| {
        let mut terms = good.clone();
        change(&mut terms);
        says(StorageModel::new(terms))
    };
    insta::assert_snapshot!(
        refused(&|terms| terms.warehouse.deterioration = 1.0),
        @"the deterioration is 1, but it must be from 0 to below 1"
    );
    insta::assert_snapshot!(
        refused(&|terms| terms.warehouse.cost = -0.1),
        @"the cost of storage is -0.1, but it must be finite and not below 0"
    );
    insta::assert_snapshot!(
        refused(&|terms| terms.warehouse = Warehouse { cost: 0.1, deterioration: 0.0, interest: 0.0 }),
        @"the value kept from one period to the next, (1 - deterioration) / (1 + interest), is 1, but it must be below 1"
    );
    insta::assert_snapshot!(
        refused(&|terms| terms.demand = Demand::fixed(1.0).unwrap()),
        @"storage needs a demand that falls strictly with the price: Q = 1 at any price does not, because it takes its quantity whatever the price"
    );
    insta::assert_snapshot!(
        refused(&|terms| terms.contract_floor = Some(0.0)),
        @"the strike of the contract floor is 0, but it must be finite and above 0"
    );
    insta::assert_snapshot!(
        says(FloorStock::new(1.02, 0.0)),
        @"the capacity of a public stock is 0, but it must be finite and above 0"
    );
    insta::assert_snapshot!(
        says(Yields::discrete(vec![Outcome { value: 1.0, probability: 0.9 }])),
        @"the distribution of yields has probabilities that sum to 0.9, but they must sum to 1"
    );
    insta::assert_snapshot!(
        says(Yields::discrete(vec![Outcome { value: -0.5, probability: 1.0 }])),
        @"a yield is -0.5, but it must be finite and not below 0"
    );
}

#[test]
fn questions_outside_what_was_solved_are_refused() {
    let rules = solve(recs(true, None));
    assert!(matches!(
        rules.price(9.0),
        Err(StorageError::OutOfRange { availability, .. }) if availability == 9.0
    ));
    insta::assert_snapshot!(says(rules.regime("war")), @r#"there is no regime "war""#);
    let hasty = StorageSettings {
        iterations: 3,
        ..Default::default()
    };
    let model = StorageModel::new(recs(true, None)).unwrap();
    assert!(matches!(
        model.solve(&hasty),
        Err(StorageError::NotConverged { iterations: 3, .. })
    ));
}

#[test]
fn models_survive_a_file() {
    let model = StorageModel::new(recs(true, Some(FloorStock::new(1.02, 0.4).unwrap()))).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<StorageModel>(&text).unwrap(), model);
    let bad = text.replace("\"capacity\":0.4", "\"capacity\":-0.4");
    let error = serde_json::from_str::<StorageModel>(&bad)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the capacity of a public stock is -0.4"),
        "{error}"
    );
}

/// Nearly free storage, and a tolerance that rounding does not reach: plans run away from the numbers, which is an error.
#[test]
fn a_solve_that_runs_away_is_an_error() {
    let terms = StorageTerms {
        warehouse: Warehouse {
            cost: 0.001,
            deterioration: 0.0,
            interest: 0.0005,
        },
        ..recs(true, None)
    };
    let settings = StorageSettings {
        knots: 2000,
        tolerance: 1e-300,
        ..Default::default()
    };
    let solved = StorageModel::new(terms).unwrap().solve(&settings);
    assert!(matches!(
        solved,
        Err(StorageError::NotFinite { .. } | StorageError::NotConverged { .. })
    ));
}
