//! Quotas, credits, subsidies and contracts of producers.

use super::*;
use crate::parity::Noted;

/// Six units sell at 14 and cost 8 at the margin.
#[test]
fn a_production_quota() {
    let kept = solve(&textbook(), ProductionQuota::new("Home", "oxide", 6.0));
    check(&kept, 14.0, [18.0, 45.0, 0.0, 0.0]);
    close(kept.figure("measure", "rent").unwrap(), 6.0);
    let sold = solve(
        &textbook(),
        ProductionQuota::new("Home", "oxide", 6.0).auctioned(),
    );
    check(&sold, 14.0, [18.0, 9.0, 36.0, 0.0]);
}

/// Marginal cost falls to 0.8 (5 + Q/2) = 20 - Q: Q = 80/7. What is paid is a fifth of 5 Q + Q^2 / 4.
#[test]
fn a_tax_credit_is_a_share_of_the_whole_cost() {
    let q: f64 = 80.0 / 7.0;
    let paid = 0.2 * (5.0 * q + q * q / 4.0);
    let credit = TaxCredit::new("Home", "oxide", 0.2);
    check(
        &solve(&textbook(), credit),
        20.0 - q,
        [q * q / 2.0, 0.2 * q * q, -paid, 0.0],
    );
}

/// 9 = 6 + 1 + q/2 makes 4; a unit off the oxide makes 6.
#[test]
fn an_input_subsidy() {
    close(
        chain()
            .noted(&Policy::none())
            .unwrap()
            .level("plant")
            .unwrap(),
        4.0,
    );
    for subsidy in [
        InputSubsidy::specific("Home", "oxide", 1.0),
        InputSubsidy::ad_valorem("Home", "oxide", 1.0 / 6.0),
    ] {
        let solved = solve(&chain(), subsidy);
        close(solved.level("plant").unwrap(), 6.0);
        close(solved.ledger().unwrap().outlay("measure"), 6.0);
    }
}

/// With the materials in it, a credit of a tenth makes 9 = 0.9 (6 + 1 + q/2): q = 6; the plant's own cost is 6 + 9.
#[test]
fn a_tax_credit_with_materials() {
    let credit = TaxCredit::new("Home", "magnets", 0.1).with_inputs();
    let solved = solve(&chain(), credit);
    close(solved.level("plant").unwrap(), 6.0);
    close(
        solved.ledger().unwrap().outlay("measure"),
        0.1 * (36.0 + 15.0),
    );
}

/// The first 8 at 12 are a contract floor on them. At the market price and 1 they cost 8. Kept, the market clears at
/// 20 - p + 8 = 2 (p - 5): 38/3. Below the market, at 8, the producer gives up 2 on 8 units and its margin stays.
#[test]
fn a_guaranteed_offtake() {
    let contract = |price| GuaranteedOfftake::new("mine", 8.0, price);
    check(
        &solve(&textbook(), contract(OfftakePrice::Fixed(12.0))),
        10.0,
        [50.0, 41.0, -16.0, 0.0],
    );
    let premium = OfftakePrice::Market {
        premium: 1.0,
        floor: Some(10.5),
    };
    check(
        &solve(&textbook(), contract(premium)),
        10.0,
        [50.0, 33.0, -8.0, 0.0],
    );
    let floor = OfftakePrice::Market {
        premium: 1.0,
        floor: Some(12.0),
    };
    check(
        &solve(&textbook(), contract(floor)),
        10.0,
        [50.0, 41.0, -16.0, 0.0],
    );
    let (price, sold) = (38.0 / 3.0, 46.0 / 3.0);
    let kept = contract(OfftakePrice::Market {
        premium: 0.0,
        floor: None,
    })
    .kept(0.0);
    check(
        &solve(&textbook(), kept),
        price,
        [
            (20.0 - price) * (20.0 - price) / 2.0,
            sold * sold / 4.0,
            -8.0 * price,
            0.0,
        ],
    );
    check(
        &solve(&textbook(), contract(OfftakePrice::Fixed(8.0))),
        10.0,
        [50.0, 9.0, 16.0, 0.0],
    );
    // twelve firm units at the market price sell at 8 and cost 11 at the margin
    let firm = GuaranteedOfftake::new(
        "mine",
        12.0,
        OfftakePrice::Market {
            premium: 0.0,
            floor: None,
        },
    )
    .firm();
    check(
        &solve(&textbook(), firm),
        8.0,
        [72.0, 96.0 - 96.0, 0.0, 0.0],
    );
}

/// Free earnings are 25. Guaranteed 30: 5 are made up. Guaranteed 10: of the 15 above, 5 and half of 10 are owed.
#[test]
fn minimum_earnings_settle_after_the_solve() {
    check(
        &solve(&textbook(), MinimumEarnings::new("mine", 30.0)),
        10.0,
        [50.0, 30.0, -5.0, 0.0],
    );
    let shared = MinimumEarnings::new("mine", 10.0)
        .growing(0.02)
        .above(Tranche {
            width: Some(5.0),
            to_sponsor: 1.0,
        })
        .above(Tranche {
            width: None,
            to_sponsor: 0.5,
        });
    let solved = solve(&textbook(), shared);
    check(&solved, 10.0, [50.0, 15.0, 10.0, 0.0]);
    close(solved.figure("measure", "earnings").unwrap(), 25.0);
    close(solved.figure("measure", "lump").unwrap(), -10.0);
    close(solved.figure("measure", "at_plan").unwrap(), 0.0);
    // at a plan of 12 the price is 8 and revenue just pays the cost of 96
    let planned = solve(
        &textbook(),
        MinimumEarnings::new("mine", 30.0).at_plan(12.0),
    );
    check(&planned, 8.0, [72.0, 30.0, -30.0, 0.0]);
    close(planned.figure("measure", "at_plan").unwrap(), 1.0);
}

/// Signed a year ago at 10 and indexed by a fifth, a contract pays up to 12; one that begins next year pays nothing. On
/// half the market price, 20 - Q + 12 - (20 - Q)/2 = 5 + Q/2 gives Q = 17.
#[test]
fn contracts_have_vintages_and_their_own_reference() {
    let floor = |strike| ContractFloor::new(strike).covering("mine");
    let old = Vintage {
        from: -1.0,
        to: Some(9.0),
        indexation: 0.2,
    };
    check(
        &solve(&textbook(), floor(10.0).vintage(old)),
        6.0,
        [98.0, 49.0, -84.0, 0.0],
    );
    let next = Vintage { from: 1.0, ..old };
    check(
        &solve(&textbook(), floor(10.0).vintage(next)),
        10.0,
        [50.0, 25.0, 0.0, 0.0],
    );
    let half = solve(&textbook(), floor(12.0).reference_factor(0.5));
    close(half.price("Home", "oxide").unwrap(), 3.0);
    close(half.level("mine").unwrap(), 17.0);
    let both = ContractForDifference::new(12.0)
        .covering("mine")
        .reference_factor(0.5);
    close(
        solve(&textbook(), both).price("Home", "oxide").unwrap(),
        3.0,
    );
}

/// Above the strike the first 8 units owe the difference, whatever is produced: 10 free, 2 on 8 units.
#[test]
fn a_two_sided_contract_on_a_volume_does_not_move_the_margin() {
    let contract = ContractForDifference::new(8.0)
        .covering("mine")
        .coverage(Coverage::First(8.0));
    check(&solve(&textbook(), contract), 10.0, [50.0, 9.0, 16.0, 0.0]);
}

/// A contract of 12 on all output takes the price to 6. Paused below 5 it runs; paused below 11 the price of 10 pauses it;
/// paused below 8 it would run at 10 and be paused at 6, so there is no equilibrium, and the error gives both reasons.
#[test]
fn contracts_that_are_paused() {
    let free = [50.0, 25.0, 0.0, 0.0];
    let floor = |pause| {
        ContractFloor::new(12.0)
            .covering("mine")
            .paused_below(pause)
    };
    check(
        &solve(&textbook(), floor(5.0)),
        6.0,
        [98.0, 49.0, -84.0, 0.0],
    );
    check(&solve(&textbook(), floor(11.0)), 10.0, free);
    let policy = Policy::new().with("measure", floor(8.0)).unwrap();
    let error = textbook().noted(&policy).unwrap_err().to_string();
    for word in ["running", "paused", "below 8", "at or above 8"] {
        assert!(error.contains(word), "{error}");
    }
    // settled both ways at 8, a mine that is paid 8 makes 6: price 14 and 36 owed
    let cfd = |pause| {
        ContractForDifference::new(8.0)
            .covering("mine")
            .paused_below(pause)
    };
    check(&solve(&textbook(), cfd(12.0)), 14.0, [18.0, 9.0, 36.0, 0.0]);
    // the free price of 10 pauses it below 12 just as well: both are equilibria, and both are given
    let both = solve(&textbook(), cfd(12.0));
    assert_eq!(both.alternatives().len(), 1);
    assert_eq!(both.alternatives()[0].cases(), ["measure: paused"]);
    close(both.alternatives()[0].prices()[0], 10.0);
    // the reference may be another market's price: 6 abroad, or 6 without a tax of a half in it
    let abroad = |pause| floor(pause).reference_in("Abroad");
    close(solve(&open(), abroad(5.0)).level("mine").unwrap(), 14.0);
    close(solve(&open(), abroad(7.0)).level("mine").unwrap(), 2.0);
    let net = |pause| {
        ContractFloor::new(9.0)
            .covering("mine")
            .reference_in("Abroad")
            .reference_factor(1.0 / 1.5)
            .paused_below(pause)
    };
    close(solve(&open(), net(5.0)).level("mine").unwrap(), 2.0);
    // 5 on top of 6
    close(solve(&open(), net(3.0)).level("mine").unwrap(), 12.0);
    // with a share of the upside, which has a switch of its own
    let share = UpsideShare {
        share: 0.5,
        threshold: 2.0,
        yearly_cap: Some(4.0),
    };
    let capped = ContractFloor::new(4.0).covering("mine").with_upside(share);
    let running = solve(&textbook(), capped.clone().paused_below(5.0));
    close(
        running.price("Home", "oxide").unwrap(),
        solve(&textbook(), capped.clone())
            .price("Home", "oxide")
            .unwrap(),
    );
    check(&solve(&textbook(), capped.paused_below(11.0)), 10.0, free);
}
