//! Games of replies, against closed forms.

use approx::assert_relative_eq;
use pricefloor::equilibrium::Outcome;
use pricefloor::prelude::*;
use pricefloor::rivalry::{Leader, Place, ReplyGame, RivalryError};

use crate::conduct::line;

/// Firms of two countries sell in a third, P = 20 - Q, at costs 5 and `other`; each country may subsidise its own.
fn third_market(other: f64) -> (Market, Policy, ReplyGame) {
    let mut market = Market::builder("third market", "")
        .commodity("good")
        .region("Third")
        .demand("Third", "good", Demand::linear(line(20.0, -1.0)).unwrap());
    let (mut policy, mut game) = (Policy::new(), ReplyGame::new());
    for (country, cost) in [("A", 5.0), ("B", other)] {
        let firm = format!("firm {country}");
        let supply = Supply::perfectly_elastic(cost).unwrap();
        market = market
            .region(country)
            .activity(Activity::producing(&firm, country, "good", supply))
            .route(country, "Third", "good", 0.0)
            .conduct(&firm, 1.0);
        let name = format!("subsidy {country}");
        policy = policy
            .with(&name, ProductionSubsidy::new(country, "good", 1.0))
            .unwrap();
        let path = format!("measure/{name}/rate");
        let moves = Leader::number(&path, 0.0..=4.5, Outcome::welfare(country)).sampled(16);
        game = game.player(country, moves);
    }
    (market.build().unwrap(), policy, game)
}

/// Brander and Spencer (1985): the reply to a subsidy t is s = (a - 2 c + d - t) / 4, so that with equal costs
/// s = (a - c) / 5 = 3, each firm sells 2 (a - c) / 5 = 6 at a price of 8, and each country gets 36 - 18 of it:
/// less than the 25 of free trade.
#[test]
fn subsidies_in_a_third_market() {
    let (market, policy, game) = third_market(5.0);
    let found = market.reply_game(&policy, &game).unwrap();
    assert_eq!(found.players(), ["A", "B"]);
    assert!(found.cycles().is_empty() && found.open() == 0);
    let [nash] = found.equilibria() else {
        panic!("{} equilibria", found.equilibria().len())
    };
    for k in 0..2 {
        assert_relative_eq!(nash.choices()[k], 3.0, epsilon = 1e-6);
        assert_relative_eq!(nash.payoffs()[k], 18.0, epsilon = 1e-5);
        assert_eq!(nash.places()[k], Place::Interior);
    }
    assert!(nash.largest_gain() < 1e-7);
    assert_relative_eq!(
        nash.equilibrium().price("Third", "good").unwrap(),
        8.0,
        epsilon = 1e-6
    );
}

/// With costs c and d the replies s = (a - 2 c + d - t) / 4 and t = (a - 2 d + c - s) / 4 meet at
/// s = (4 (a - 2 c + d) - (a - 2 d + c)) / 15: costs 5 and 7 give 3.8 and 1.8 (and a - 3 c + 2 d = 19, over 5).
#[test]
fn the_better_firm_gets_the_larger_subsidy() {
    let (market, policy, game) = third_market(7.0);
    let found = market.reply_game(&policy, &game).unwrap();
    let nash = &found.equilibria()[0];
    assert_relative_eq!(nash.choices()[0], 19.0 / 5.0, epsilon = 1e-6);
    assert_relative_eq!(nash.choices()[1], 9.0 / 5.0, epsilon = 1e-6);
}

#[test]
fn what_a_game_must_be() {
    let (market, policy, game) = third_market(5.0);
    let error = market.reply_game(&policy, &ReplyGame::new()).unwrap_err();
    assert!(error.to_string().contains("players"), "{error}");
    let error = market
        .reply_game(
            &policy,
            &game
                .clone()
                .player("C", Leader::output("firm A", 0.0..=1.0)),
        )
        .unwrap_err();
    assert!(
        matches!(error, RivalryError::OutputInGame { .. }),
        "{error}"
    );
    let stranger = Leader::number("measure/none/rate", 0.0..=1.0, Outcome::welfare("A"));
    let error = market
        .reply_game(&policy, &game.player("C", stranger))
        .unwrap_err();
    assert!(error.to_string().contains("measure/none/rate"), "{error}");
}
