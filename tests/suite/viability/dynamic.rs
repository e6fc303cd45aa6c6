//! Small dynamic programmes of Miranda and Fackler (2002), against what the CompEcon demonstrations give.

use pricefloor::viability::{EntryExitTerms, entry_and_exit, extraction_path};

/// demdp03: mean profit 1, persistence 0.7, deviation 1, entry 10, exit 0, discount 0.9. Thresholds of the CompEcon toolbox,
/// as printed, with 5 and with 101 nodes.
#[test]
fn demdp03_entry_and_exit() {
    let terms = |nodes| EntryExitTerms {
        mean: 1.0,
        persistence: 0.7,
        deviation: 1.0,
        entry_cost: 10.0,
        exit_cost: 0.0,
        discount: 0.9,
        nodes,
    };
    for (nodes, enter, leave, tolerance) in [(5, 2.099, -2.301, 5e-4), (101, 2.0821, -2.2916, 5e-5)]
    {
        let found = entry_and_exit(&terms(nodes)).unwrap();
        assert!(
            (found.enter - enter).abs() <= tolerance,
            "{nodes} nodes: {found:?}"
        );
        assert!(
            (found.leave - leave).abs() <= tolerance,
            "{nodes} nodes: {found:?}"
        );
    }
}

/// Without shocks and without persistence W(p) = p + d W(mean) inside the bounds: with mean 0, entry 2, exit 1 and discount
/// 0.5, W(0) = 0, so that the firm enters at 2 and leaves at -1.
#[test]
fn entry_without_risk_is_by_hand() {
    let found = entry_and_exit(&EntryExitTerms {
        mean: 0.0,
        persistence: 0.0,
        deviation: 0.0,
        entry_cost: 2.0,
        exit_cost: 1.0,
        discount: 0.5,
        nodes: 1,
    })
    .unwrap();
    assert!(
        (found.enter - 2.0).abs() < 1e-9 && (found.leave + 1.0).abs() < 1e-9,
        "{found:?}"
    );
}

/// The mine of demddp01: price 1, cost x^2 / (1 + s), 100 units, discount 0.9. Path of the CompEcon toolbox.
#[test]
fn demddp_mine() {
    let profit = |s: usize, x: usize| x as f64 - (x * x) as f64 / (1.0 + s as f64);
    let path = extraction_path(100, 0.9, profit).unwrap();
    assert_eq!(path, [24, 18, 14, 11, 8, 6, 5, 3, 3, 2, 2, 1, 1, 1, 1, 0]);
}

#[test]
fn bad_programmes_are_named() {
    let error = extraction_path(10, 1.0, |_, _| 0.0).unwrap_err();
    insta::assert_snapshot!(error, @"1 / discount factor is 1, but it must be finite and above 1");
    let free = EntryExitTerms {
        mean: 1.0,
        persistence: 0.7,
        deviation: 1.0,
        entry_cost: 0.0,
        exit_cost: 0.0,
        discount: 0.9,
        nodes: 5,
    };
    insta::assert_snapshot!(
        entry_and_exit(&free).unwrap_err(),
        @"cost of entry and exit together is 0, but it must be finite and above 0"
    );
}
