//! What is known about other equilibria, and what is not determined.

use approx::assert_relative_eq;
use pricefloor::equilibrium::Uniqueness;
use pricefloor::prelude::*;

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

fn textbook(supply_slope: f64) -> Market {
    Market::builder("textbook", "")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, supply_slope)).unwrap(),
        ))
        .build()
        .unwrap()
}

#[test]
fn one_market_is_unique() {
    let found = textbook(0.5).solve(&Policy::none()).unwrap().determinacy();
    assert!(matches!(found.prices(), Uniqueness::Proved(_)), "{found}");
    assert!(matches!(found.flows(), Uniqueness::Proved(_)), "{found}");
}

/// P = 20 - Q, P = 5 + 0.1 Q with a contract: not monotone, and yet unique: no other active set holds.
#[test]
fn a_contract_floor_without_monotonicity() {
    let policy = Policy::new()
        .with("floor", ContractFloor::new(12.0).covering("mine"))
        .unwrap();
    let found = textbook(0.1).solve(&policy).unwrap().determinacy();
    assert!(matches!(found.prices(), Uniqueness::Proved(_)), "{found}");
}

/// Three regions that trade without a cost: one price, and any goods may go round.
#[test]
fn flows_round_a_ring_are_not_determined() {
    let names = ["A", "B", "C"];
    let mut builder = Market::builder("ring", "").commodity("oxide");
    for (i, name) in names.into_iter().enumerate() {
        let cost = 1.0 + 2.0 * f64::from(u8::try_from(i).unwrap());
        builder = builder
            .region(name)
            .demand(name, "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
            .activity(Activity::producing(
                &format!("mine {name}"),
                name,
                "oxide",
                Supply::linear(line(cost, 0.5)).unwrap(),
            ));
        for other in names.into_iter().filter(|o| *o != name) {
            builder = builder.route(name, other, "oxide", 0.0);
        }
    }
    let found = builder
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap()
        .determinacy();
    assert!(matches!(found.prices(), Uniqueness::Proved(_)), "{found}");
    let Uniqueness::NotUnique(list) = found.flows() else {
        panic!("{found}")
    };
    assert!(
        list.iter().all(|name| name.starts_with("route/")),
        "{found}"
    );
}

/// Two mirrored mines, yields (1, 0.2) and (0.2, 1), supply slope 1, cost intercept 4, D = 10 - 0.05 p, each floored by
/// contract at 10 on its main product: three equilibria, p = (9.66, 9.66), (10.61, 6.19), (6.19, 10.61).
#[test]
fn mirrored_mines_have_three_equilibria() {
    let demand = || Demand::linear(line(200.0, -20.0)).unwrap();
    let supply = || Supply::linear(line(4.0, 1.0)).unwrap();
    let mine = |name: &str, main: &str, other: &str| {
        Activity::producing(name, "Home", main, supply()).with_output(other, 0.2)
    };
    let market = Market::builder("mirrored mines", "")
        .region("Home")
        .commodity("a")
        .commodity("b")
        .demand("Home", "a", demand())
        .demand("Home", "b", demand())
        .activity(mine("first", "a", "b"))
        .activity(mine("second", "b", "a"))
        .build()
        .unwrap();
    let policy = Policy::new()
        .with(
            "floor a",
            ContractFloor::new(10.0).covering("first").on("a"),
        )
        .unwrap()
        .with(
            "floor b",
            ContractFloor::new(10.0).covering("second").on("b"),
        )
        .unwrap();
    let solved = market.solve(&policy).unwrap();
    let prices = [
        solved.price("Home", "a").unwrap(),
        solved.price("Home", "b").unwrap(),
    ];
    let known = [[9.66, 9.66], [10.61, 6.19], [6.19, 10.61]];
    assert!(
        known
            .iter()
            .any(|k| (k[0] - prices[0]).abs() < 5e-3 && (k[1] - prices[1]).abs() < 5e-3),
        "{prices:?}"
    );
    let found = solved.determinacy();
    let Uniqueness::NotUnique(list) = found.prices() else {
        panic!("{found}")
    };
    assert!(
        list.contains(&"price/Home/a".to_owned()) && list.contains(&"price/Home/b".to_owned()),
        "{found}"
    );
    assert!(found.to_string().contains("not proved unique"), "{found}");
    solved.ledger().unwrap();
}

/// Fixed demand of 10 and two mines of 5 at 3 and 7, and a third at 9: the price is anywhere from 7 to 9.
#[test]
fn a_price_between_two_steps() {
    let steps = |cost: f64| {
        Supply::perfectly_elastic(cost)
            .unwrap()
            .with_capacity(5.0)
            .unwrap()
    };
    let solved = Market::builder("steps", "")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::fixed(10.0).unwrap())
        .activity(Activity::producing("cheap", "Home", "oxide", steps(3.0)))
        .activity(Activity::producing("middle", "Home", "oxide", steps(7.0)))
        .activity(Activity::producing("dear", "Home", "oxide", steps(9.0)))
        .build()
        .unwrap()
        .solve(&Policy::none())
        .unwrap();
    let range = solved
        .node("Home", "oxide")
        .unwrap()
        .price_interval()
        .unwrap();
    assert_relative_eq!(range.low(), 7.0, epsilon = 1e-7);
    assert_relative_eq!(range.high(), 9.0, epsilon = 1e-7);
    assert!(matches!(
        solved.determinacy().prices(),
        Uniqueness::NotUnique(_)
    ));
}
