//! Firms with conduct under tariffs, contracts and public shares, in closed form.

use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::equilibrium::{BestResponse, Equilibrium, SolveError};
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

fn close(value: f64, expected: f64) {
    assert_relative_eq!(value, expected, epsilon = 1e-9, max_relative = 1e-9);
}

fn shown(solved: &Equilibrium) {
    let found = solved.best_response();
    assert!(matches!(found, BestResponse::Shown { .. }), "{found:?}");
    assert!(solved.ledger().unwrap().identity_error() <= 1e-9);
}

/// Two firms abroad with marginal costs q and 2 q sell where P = 10 - Q.
fn duopoly(capacity: Option<f64>) -> Market {
    let mut market = Market::builder("duopoly", "USD")
        .region("Home")
        .commodity("good")
        .demand("Home", "good", Demand::linear(line(10.0, -1.0)).unwrap());
    for (firm, slope) in [("one", 1.0), ("two", 2.0)] {
        let region = format!("country of {firm}");
        let mut supply = Supply::linear(line(0.0, slope)).unwrap();
        if let Some(capacity) = capacity.filter(|_| firm == "one") {
            supply = supply.with_capacity(capacity).unwrap();
        }
        market = market
            .region(&region)
            .activity(Activity::producing(firm, &region, "good", supply))
            .route(&region, "Home", "good", 0.0)
            .conduct(firm, 1.0);
    }
    market.build().unwrap()
}

/// Each keeps a share k of the price: k (P - q) is its marginal revenue. With k_1 (P - q_1) = q_1 and
/// k_2 (P - q_2) = 2 q_2, q_1 = k_1 P / (1 + k_1) and q_2 = k_2 P / (2 + k_2), so that
/// P = 10 / (1 + k_1 / (1 + k_1) + k_2 / (2 + k_2)).
#[test]
fn cournot_under_tariffs_on_the_consumer_price() {
    for (kept, expected) in [
        ([0.8, 0.8], [2.568_807_34, 1.651_376_15, 5.779_816_51]),
        ([0.2, 0.8], [1.147_540_98, 1.967_213_11, 6.885_245_90]),
        ([1.0, 1.0], [2.727_272_73, 1.818_181_82, 5.454_545_45]),
    ] {
        let mut policy = Policy::new();
        for (firm, k) in ["one", "two"].into_iter().zip(kept) {
            let tariff = Tariff::ad_valorem("Home", "good", 1.0 - k, Base::Consumer)
                .from(&format!("country of {firm}"));
            policy = policy.with(firm, tariff).unwrap();
        }
        let solved = duopoly(None).noted(&policy).unwrap();
        let share = |k: f64, slope: f64| k / (slope + k);
        let price = 10.0 / (1.0 + share(kept[0], 1.0) + share(kept[1], 2.0));
        close(solved.price("Home", "good").unwrap(), price);
        close(solved.level("one").unwrap(), share(kept[0], 1.0) * price);
        close(solved.level("two").unwrap(), share(kept[1], 2.0) * price);
        // as printed, to eight decimals
        let found = [
            solved.level("one").unwrap(),
            solved.level("two").unwrap(),
            solved.price("Home", "good").unwrap(),
        ];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 6e-9, "{found}, {expected}");
        }
        let collected: f64 = (0..2).map(|i| (1.0 - kept[i]) * price * found[i]).sum();
        close(solved.ledger().unwrap().treasury(), collected);
        shown(&solved);
    }
}

/// Free trade with a capacity of 2 on the first: P - q_2 = 2 q_2 with P = 8 - q_2.
#[test]
fn cournot_at_a_capacity() {
    let solved = duopoly(Some(2.0)).noted(&Policy::none()).unwrap();
    close(solved.level("one").unwrap(), 2.0);
    close(solved.level("two").unwrap(), 2.0);
    close(solved.price("Home", "good").unwrap(), 6.0);
    shown(&solved);
}

/// With a specific tariff of 1, P - 1 - q = c'(q): q_1 = (P - 1) / 2, q_2 = (P - 1) / 3 and P = 65 / 11. A quota that lets
/// as much in is not its equal (Bhagwati 1965): at the same point with a licence price of 1, an exporter that holds back a
/// little frees licences and pays nothing for the rest, so the point is not reported as an equilibrium.
#[test]
fn a_tariff_and_a_quota_differ_under_cournot() {
    let tariff = Tariff::specific("Home", "good", 1.0);
    let tariff = duopoly(None)
        .noted(&Policy::new().with("tariff", tariff).unwrap())
        .unwrap();
    let price = 65.0 / 11.0;
    close(tariff.price("Home", "good").unwrap(), price);
    close(tariff.level("one").unwrap(), (price - 1.0) / 2.0);
    let let_in = 10.0 - price;
    let quota = ImportQuota::new("Home", "good", let_in, RentOwner::ImportingTreasury);
    let error = duopoly(None)
        .noted(&Policy::new().with("quota", quota).unwrap())
        .unwrap_err();
    assert!(
        matches!(&error, SolveError::NotAnEquilibrium { gain, .. } if *gain > 0.0),
        "{error}"
    );
}

fn monopolist() -> Market {
    Market::builder("monopoly", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .conduct("mine", 1.0)
        .build()
        .unwrap()
}

/// A volume V whose difference to a strike is settled both ways brings the same whatever the price: 20 - 2 Q + V = 5 + Q/2,
/// so Q = 8 with V = 5, whatever the strike. Sold at a fixed price under an offtake it is the same. Half of all output:
/// 20 - 2 Q + (strike - 20 + 2 Q) / 2 = 5 + Q / 2, so Q = 22/3 at a strike of 12.
#[test]
fn what_a_contract_settles_is_not_held_back() {
    let cfd = |strike| ContractForDifference::new(strike).covering("mine");
    let cases: [(Measure, f64); 6] = [
        (cfd(10.0).coverage(Coverage::First(5.0)).into(), 8.0),
        (cfd(14.0).coverage(Coverage::First(5.0)).into(), 8.0),
        (cfd(10.0).coverage(Coverage::Deemed(5.0)).into(), 8.0),
        (
            GuaranteedOfftake::new("mine", 5.0, OfftakePrice::Fixed(10.0)).into(),
            8.0,
        ),
        (
            GuaranteedOfftake::new("mine", 5.0, OfftakePrice::Fixed(14.0)).into(),
            8.0,
        ),
        (cfd(12.0).coverage(Coverage::Share(0.5)).into(), 22.0 / 3.0),
    ];
    for (measure, output) in cases {
        let name = format!("{measure:?}");
        let solved = monopolist()
            .noted(&Policy::new().with("contract", measure).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            (solved.level("mine").unwrap() - output).abs() < 1e-9,
            "{name}"
        );
        shown(&solved);
    }
}

/// A firm at home with marginal cost q, one abroad with the same, P = 10 - Q. With the weight a on public surplus and a
/// subsidy t from the home treasury: 10 + (1 - a) t = (3 - a) q_1 + (1 - a) q_2 and 10 = q_1 + 3 q_2.
#[test]
fn a_public_share_in_the_objective() {
    let market = |weight: f64| {
        let supply = || Supply::linear(line(0.0, 1.0)).unwrap();
        let market = Market::builder("mixed duopoly", "USD")
            .region("Home")
            .region("Abroad")
            .commodity("good")
            .demand("Home", "good", Demand::linear(line(10.0, -1.0)).unwrap())
            .activity(Activity::producing("ours", "Home", "good", supply()))
            .activity(Activity::producing("theirs", "Abroad", "good", supply()))
            .route("Abroad", "Home", "good", 0.0)
            .conduct("ours", 1.0)
            .conduct("theirs", 1.0);
        if weight > 0.0 {
            market.public_share("ours", "Home", weight)
        } else {
            market
        }
        .build()
        .unwrap()
    };
    for (a, t) in [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (0.5, 2.0), (1.0, 2.0)] {
        let subsidy = ProductionSubsidy::new("Home", "good", t);
        let solved = market(a)
            .noted(&Policy::new().with("subsidy", subsidy).unwrap())
            .unwrap();
        let theirs = (10.0 * (2.0 - a) - (1.0 - a) * t) / (8.0 - 2.0 * a);
        let ours = 10.0 - 3.0 * theirs;
        close(solved.level("theirs").unwrap(), theirs);
        close(solved.level("ours").unwrap(), ours);
        assert!(solved.ledger().unwrap().identity_error() <= 1e-9);
        let searched = matches!(solved.best_response(), BestResponse::Shown { .. });
        assert_eq!(searched, a == 0.0, "{:?}", solved.best_response());
    }
    // wholly public it maximises home's surplus, given what the other sells: 5 and 5/3
    let solved = market(1.0).noted(&Policy::none()).unwrap();
    close(solved.level("ours").unwrap(), 5.0);
    close(solved.price("Home", "good").unwrap(), 10.0 / 3.0);
}

/// A wholly public exporter leaves its own sales abroad as they were: 10 - 2 q = q. Beside a private firm of its region it
/// counts that firm's sales there too.
#[test]
fn a_public_share_abroad() {
    let supply = || Supply::linear(line(0.0, 1.0)).unwrap();
    let exporters = |private: bool| {
        let mut market = Market::builder("exporters", "USD")
            .region("Home")
            .region("Abroad")
            .commodity("good")
            .demand("Abroad", "good", Demand::linear(line(10.0, -1.0)).unwrap())
            .activity(Activity::producing("public", "Home", "good", supply()))
            .route("Home", "Abroad", "good", 0.0)
            .conduct("public", 1.0)
            .public_share("public", "Home", 1.0);
        if private {
            market = market
                .activity(Activity::producing("private", "Home", "good", supply()))
                .conduct("private", 1.0);
        }
        market.build().unwrap().noted(&Policy::none()).unwrap()
    };
    close(exporters(false).level("public").unwrap(), 10.0 / 3.0);
    // 10 - 2 a - b - b = a and 10 - a - 2 b = b: a = 10/7, b = 20/7
    let both = exporters(true);
    close(both.level("public").unwrap(), 10.0 / 7.0);
    close(both.level("private").unwrap(), 20.0 / 7.0);
}

#[test]
fn public_shares_that_are_none() {
    let refused = |firm: &str, region: &str, weight: f64| {
        let market = monopolist().to_builder().public_share(firm, region, weight);
        market.build().unwrap_err().to_string()
    };
    insta::assert_snapshot!(refused("mine", "Home", 1.5), @"public share of `mine`: weight is 1.5; it must be a share from 0 to 1");
    insta::assert_snapshot!(refused("mine", "Mars", 0.5), @"public share of `mine`: unknown region `Mars`; known: Home");
    insta::assert_snapshot!(refused("nobody", "Home", 0.5), @"public share of `nobody`: unknown firm `nobody`; known: mine");
}
