use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::equilibrium::{BestResponse, Class, Uniqueness};
use pricefloor::prelude::*;

use super::{armington, at, line, offered_at};

const TOLERANCE: f64 = 1e-9;

fn close(value: f64, expected: f64) {
    assert_relative_eq!(
        value,
        expected,
        epsilon = TOLERANCE,
        max_relative = TOLERANCE
    );
}

fn bought(market: &Market, goods: &[&str]) -> Vec<f64> {
    let solved = market.noted(&Policy::none()).unwrap();
    goods
        .iter()
        .map(|good| solved.node("Home", good).unwrap().demanded())
        .collect()
}

/// With an elasticity of the composite of -1 the whole observed value E = 10 + 30 is spent whatever the prices, and a
/// good with the observed share s has the share s p^(1 - sigma) / sum (all observed prices are 1). At prices 2 and 1 and
/// sigma 3 the weights are 1/4 x 1/4 and 3/4: shares 1/13 and 12/13.
#[test]
fn two_goods_share_a_fixed_expenditure() {
    let nest = |sigma| {
        Nest::new(sigma)
            .good("a", at(1.0, 10.0))
            .good("b", at(1.0, 30.0))
    };
    let market = offered_at(NestedCes::new(-1.0, nest(3.0)).unwrap(), &[2.0, 1.0]);
    let found = bought(&market, &["a", "b"]);
    close(found[0], 40.0 / 13.0 / 2.0);
    close(found[1], 40.0 * 12.0 / 13.0);
    // with sigma 1 shares are fixed (Cobb-Douglas), and the index is 2^(1/4)
    let fixed = NestedCes::new(-1.0, nest(1.0)).unwrap();
    let found = bought(&offered_at(fixed.clone(), &[2.0, 1.0]), &["a", "b"]);
    close(found[0], 5.0);
    close(found[1], 30.0);
    let solved = offered_at(fixed.clone(), &[2.0, 1.0])
        .noted(&Policy::none())
        .unwrap();
    // surplus from the observed prices: 40 times the area under 1/P from 2^(1/4) to 1
    close(
        solved.ledger().unwrap().consumer_surplus(),
        -10.0 * 2.0_f64.ln(),
    );
    // and the limit is reached smoothly from both sides
    for sigma in [1.0 - 1e-7, 1.0 + 1e-7, 1.0 - 1e-3, 1.0 + 1e-3] {
        let near = NestedCes::new(-1.0, nest(sigma)).unwrap();
        let near = near.quantities(&[2.0, 1.0]).unwrap();
        // d q_a / d sigma = -q_a (1 - s_a) ln 2 at sigma 1
        let first = 5.0 * (1.0 - 0.75 * 2.0_f64.ln() * (sigma - 1.0));
        assert_relative_eq!(
            near[0],
            first,
            epsilon = 2.0 * (sigma - 1.0_f64).powi(2) + 1e-13
        );
    }
}

/// Nests that all substitute at one elasticity are one nest.
#[test]
fn nests_of_one_elasticity_are_one_nest() {
    let flat = NestedCes::new(
        -0.7,
        Nest::new(2.5)
            .good("a", at(3.0, 10.0))
            .good("b", at(5.0, 30.0))
            .good("c", at(7.0, 2.0)),
    )
    .unwrap();
    let nested = NestedCes::new(
        -0.7,
        Nest::new(2.5).good("a", at(3.0, 10.0)).nest(
            "others",
            Nest::new(2.5)
                .good("b", at(5.0, 30.0))
                .good("c", at(7.0, 2.0)),
        ),
    )
    .unwrap();
    let prices = [4.0, 4.5, 11.0];
    let (one, other) = (
        flat.quantities(&prices).unwrap(),
        nested.quantities(&prices).unwrap(),
    );
    for (a, b) in one.iter().zip(other) {
        close(*a, b);
    }
}

/// When all prices rise by one factor k the composite's price does, so its quantity, and each good's, is k^elasticity of
/// what it was. Surplus falls by the area: value x integral of P^elasticity from 1 to k. Here the elasticity is -0.5,
/// k = 4, and the value 2,100 + 2,200 + 400: quantities halve and 4,700 x 2 (sqrt 4 - 1) is lost.
#[test]
fn all_prices_rise_together() {
    let system = NestedCes::new(
        -0.5,
        Nest::new(2.0).good("home", at(70.0, 30.0)).nest(
            "imported",
            Nest::new(5.0)
                .good("east", at(55.0, 40.0))
                .good("west", at(80.0, 5.0)),
        ),
    )
    .unwrap();
    let market = offered_at(system, &[280.0, 220.0, 320.0]);
    let solved = market.noted(&Policy::none()).unwrap();
    for (good, half) in [("home", 15.0), ("east", 20.0), ("west", 2.5)] {
        close(solved.node("Home", good).unwrap().demanded(), half);
    }
    let ledger = solved.ledger().unwrap();
    close(ledger.consumer_surplus(), -9_400.0);
    close(
        ledger.surplus("consumers of buyers in Home").unwrap(),
        -9_400.0,
    );
    assert!(ledger.identity_error() <= 1e-9);
    assert_eq!(solved.class(), Class::Integrable);
    let Uniqueness::Proved(_) = solved.determinacy().prices().clone() else {
        panic!("{}", solved.determinacy());
    };
}

/// Surplus is the integral of the quantities along any path of prices: here Simpson's rule along the straight way from
/// the observed prices, with the quantities of the curve itself.
#[test]
fn surplus_is_the_integral_of_quantities() {
    let system = armington();
    let (from, to) = ([70.0, 55.0, 80.0], [90.0, 50.0, 130.0]);
    let steps = 2_000;
    let lost: f64 = (0..=steps)
        .map(|k| {
            let share = f64::from(k) / f64::from(steps);
            let prices: Vec<f64> = (0..3)
                .map(|i| from[i] + share * (to[i] - from[i]))
                .collect();
            let quantities = system.quantities(&prices).unwrap();
            let rate: f64 = (0..3).map(|i| quantities[i] * (to[i] - from[i])).sum();
            let weight = match k {
                0 => 1.0,
                _ if k == steps => 1.0,
                _ if k % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * rate / (3.0 * f64::from(steps))
        })
        .sum();
    let solved = offered_at(system, &to).noted(&Policy::none()).unwrap();
    assert_relative_eq!(
        solved.ledger().unwrap().consumer_surplus(),
        -lost,
        max_relative = 1e-9
    );
}

fn two_lines(cross: f64) -> CrossPrice {
    CrossPrice::linear(&[("a", 20.0), ("b", 20.0)], &[[-1.0, cross], [cross, -1.0]]).unwrap()
}

/// P_a = 20 - Q_a - Q_b / 2 meets a mine at 5 + Q_a / 2, and b is offered at 8: from 12 = Q_a / 2 + Q_b and
/// 15 = 3/2 Q_a + Q_b / 2, Q_a = 7.2, Q_b = 8.4, P_a = 8.6. Surplus (Q_a^2 + Q_a Q_b + Q_b^2) / 2 = 91.44.
#[test]
fn two_lines_with_a_cross_slope() {
    let market = Market::builder("lines", "USD")
        .region("Home")
        .commodity("a")
        .commodity("b")
        .demand_system("Home", "buyers", two_lines(-0.5))
        .activity(Activity::producing(
            "mine",
            "Home",
            "a",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .activity(Activity::producing(
            "plant",
            "Home",
            "b",
            Supply::perfectly_elastic(8.0).unwrap(),
        ))
        .build()
        .unwrap();
    let solved = market.noted(&Policy::none()).unwrap();
    close(solved.price("Home", "a").unwrap(), 8.6);
    close(solved.level("mine").unwrap(), 7.2);
    close(solved.level("plant").unwrap(), 8.4);
    let ledger = solved.ledger().unwrap();
    close(ledger.consumer_surplus(), 91.44);
    close(ledger.surplus("mine").unwrap(), 7.2 * 3.6 / 2.0);
    assert!(ledger.identity_error() <= 1e-9);
    assert_eq!(solved.class(), Class::Integrable);
    // a contract answers to the price and moves the quantity, not the other way round
    let policy = Policy::new()
        .with("floor", DeficiencyPayment::new("Home", "a", 9.0))
        .unwrap();
    assert_eq!(market.noted(&policy).unwrap().class(), Class::General);
}

/// At a price of 18 nobody buys a, whose first unit is worth 20 - 12 / 2 = 14 where 12 of b are bought at 8; b then
/// follows its own line.
#[test]
fn a_good_above_its_worth_is_not_bought() {
    let market = offered_at(two_lines(-0.5), &[18.0, 8.0]);
    let found = bought(&market, &["a", "b"]);
    close(found[0], 0.0);
    close(found[1], 12.0);
    let solved = market.noted(&Policy::none()).unwrap();
    close(solved.ledger().unwrap().consumer_surplus(), 72.0);
}

/// Observed at (8.6, 7.2) and (8, 8.4) with the elasticities of those lines there, the lines come back. Quantities in
/// prices are the inverse [[-4/3, 2/3], [2/3, -4/3]].
#[test]
fn lines_through_observed_points() {
    let (p, q) = ([8.6, 8.0], [7.2, 8.4]);
    let answers = [[-4.0 / 3.0, 2.0 / 3.0], [2.0 / 3.0, -4.0 / 3.0]];
    let elasticities: Vec<Vec<f64>> = (0..2)
        .map(|i| (0..2).map(|j| answers[i][j] * p[j] / q[i]).collect())
        .collect();
    let goods = [("a", at(p[0], q[0])), ("b", at(p[1], q[1]))];
    let found = CrossPrice::observed(&goods, &elasticities).unwrap();
    for (found, expected) in found.parameters().iter().zip(two_lines(-0.5).parameters()) {
        assert_eq!(found.0, expected.0);
        close(found.1, expected.1);
    }
}

/// Beef and hides (the case jp_beef_hides): one animal is 4 beef and 1 hide at a marginal cost of 20 + N / 2; without
/// cross slopes the system is two demands. 4 (30 - 0.4 N) + 100 - N = 20 + N / 2 gives N = 200 / 3.1; with hides that
/// nobody would pay for beyond 20 (40 - 2 Q), 120 - 1.6 N = 20 + N / 2 gives N = 100 / 2.1 and a price of zero.
#[test]
fn beef_and_hides() {
    let market = |hides: (f64, f64)| {
        let system = CrossPrice::linear(
            &[("beef", 30.0), ("hides", hides.0)],
            &[[-0.1, 0.0], [0.0, hides.1]],
        )
        .unwrap();
        let cattle = Activity::new("cattle", "Home", Supply::linear(line(20.0, 0.5)).unwrap())
            .with_output("beef", 4.0)
            .with_output("hides", 1.0);
        Market::builder("cattle", "USD")
            .region("Home")
            .commodity("beef")
            .commodity("hides")
            .demand_system("Home", "buyers", system)
            .activity(cattle)
            .build()
            .unwrap()
            .noted(&Policy::none())
            .unwrap()
    };
    let both = market((100.0, -1.0));
    close(both.level("cattle").unwrap(), 200.0 / 3.1);
    close(both.price("Home", "hides").unwrap(), 100.0 - 200.0 / 3.1);
    let glut = market((40.0, -2.0));
    close(glut.level("cattle").unwrap(), 100.0 / 2.1);
    close(glut.price("Home", "hides").unwrap(), 0.0);
    close(glut.node("Home", "hides").unwrap().demanded(), 20.0);
    close(
        glut.node("Home", "hides").unwrap().excess(),
        100.0 / 2.1 - 20.0,
    );
    assert!(glut.ledger().unwrap().identity_error() <= 1e-9);
}

/// Differentiated Cournot duopoly (Singh and Vives 1984): with P_i = 20 - q_i - d q_j and a cost of 5,
/// q = 15 / (2 + d); one owner of both sells q = 15 / (2 (1 + d)) of each, since a unit of one lowers the other's price.
#[test]
fn cournot_with_differentiated_goods() {
    let d = 0.5;
    let market = |owners: [&str; 2]| {
        let mut market = Market::builder("duopoly", "USD")
            .region("Home")
            .commodity("a")
            .commodity("b")
            .demand_system("Home", "buyers", two_lines(-d));
        for (good, owner) in ["a", "b"].into_iter().zip(owners) {
            let supply = Supply::perfectly_elastic(5.0).unwrap();
            let plant = Activity::producing(&format!("{good} plant"), "Home", good, supply);
            market = market.activity(plant.owned_by(owner));
        }
        market = market.conduct(owners[0], 1.0);
        if owners[0] != owners[1] {
            market = market.conduct(owners[1], 1.0);
        }
        market.build().unwrap().noted(&Policy::none()).unwrap()
    };
    for (owners, quantity) in [
        (["one", "other"], 15.0 / (2.0 + d)),
        (["both", "both"], 15.0 / (2.0 * (1.0 + d))),
    ] {
        let solved = market(owners);
        for good in ["a", "b"] {
            close(solved.node("Home", good).unwrap().demanded(), quantity);
            close(
                solved.price("Home", good).unwrap(),
                20.0 - (1.0 + d) * quantity,
            );
        }
        assert!(
            matches!(solved.best_response(), BestResponse::Shown { .. }),
            "{:?}",
            solved.best_response()
        );
        assert!(solved.ledger().unwrap().identity_error() <= 1e-9);
    }
}

/// A ceiling of 8 on a, of which 6 are made at 5 + Q / 2, with b at 8: buyers take 12 - 6 / 2 = 9 of b, and their last
/// unit of a is worth 20 - 6 - 9 / 2 = 9.5. Surplus 6 (20 - 8) - 36 / 2 + 9 (20 - 8) - 81 / 2 - 6 x 9 / 2 = 94.5.
#[test]
fn a_ceiling_on_one_of_two_goods() {
    let market = Market::builder("lines", "USD")
        .region("Home")
        .commodity("a")
        .commodity("b")
        .demand_system("Home", "buyers", two_lines(-0.5))
        .activity(Activity::producing(
            "mine",
            "Home",
            "a",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .activity(Activity::producing(
            "plant",
            "Home",
            "b",
            Supply::perfectly_elastic(8.0).unwrap(),
        ))
        .build()
        .unwrap();
    let ceiling = StatutoryCeiling::new("Home", "a", 8.0, Rationing::Efficient);
    let solved = market
        .noted(&Policy::new().with("ceiling", ceiling).unwrap())
        .unwrap();
    close(solved.node("Home", "a").unwrap().demanded(), 6.0);
    close(solved.node("Home", "b").unwrap().demanded(), 9.0);
    let ledger = solved.ledger().unwrap();
    close(ledger.consumer_surplus(), 94.5);
    assert!(ledger.identity_error() <= 1e-9);
}
