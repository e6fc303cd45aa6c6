//! Storage in two regions with trade.

use super::*;
use pricefloor::complementarity::interruptible;
use pricefloor::storage::{
    JointOutcome, JointYields, Split, StorageError, TradeModel, TradeRegime, TradeRules,
    TradeSettings, TradeTerms, TradingRegion,
};

const WAREHOUSE: Warehouse = Warehouse {
    cost: 0.06,
    deterioration: 0.02,
    interest: 0.03,
};

fn region(name: &str, used: f64, supply: f64, warehouse: Warehouse) -> TradingRegion {
    let at = |quantity| Observed {
        price: 1.0,
        quantity,
    };
    TradingRegion {
        name: name.into(),
        demand: Demand::constant_elasticity(at(used), -0.2).unwrap(),
        supply: Supply::constant_elasticity(at(supply), 0.2).unwrap(),
        warehouse,
    }
}

fn regime(name: &str, yields: JointYields, there: Option<f64>, back: Option<f64>) -> TradeRegime {
    TradeRegime {
        name: name.into(),
        yields,
        there,
        back,
    }
}

fn normal(nodes: usize) -> Yields {
    Yields::normal(1.0, 0.05, nodes).unwrap()
}

fn always(
    regions: [TradingRegion; 2],
    yields: JointYields,
    there: Option<f64>,
    back: Option<f64>,
) -> TradeTerms {
    TradeTerms {
        regions,
        regimes: vec![regime("always", yields, there, back)],
        transition: vec![vec![1.0]],
    }
}

fn solved_up_to(terms: TradeTerms, knots: usize, up_to: Option<[f64; 2]>) -> TradeRules {
    let settings = TradeSettings {
        knots: [knots; 2],
        up_to,
        ..Default::default()
    };
    TradeModel::new(terms).unwrap().solve(&settings).unwrap()
}

fn solved(terms: TradeTerms, knots: usize) -> TradeRules {
    solved_up_to(terms, knots, None)
}

/// Beyond the stocks that the regions come to.
fn solved_far(terms: TradeTerms, knots: usize) -> TradeRules {
    solved_up_to(terms, knots, Some([0.7; 2]))
}

/// RECS's demonstration of two countries (STO5, after Miranda and Glauber 1995), as its page prints it: demand of 1 and 1.2 at
/// a price of 1, carriage of 0.1, a tariff of 0.06 on the way back. Steady state 1.0402 and 1.0567 produced, prices 1.2178
/// and 1.3178, 0.078829 shipped.
#[test]
fn recs_sto5_steady_state() {
    let warehouse = Warehouse {
        deterioration: 0.0,
        ..WAREHOUSE
    };
    let regions = [
        region("a", 1.0, 1.0, warehouse),
        region("b", 1.2, 1.0, warehouse),
    ];
    let yields = JointYields::independent(&normal(7), &normal(7));
    let terms = always(regions, yields, Some(0.1), Some(0.16));
    let rest = TradeModel::new(terms).unwrap().steady_state().unwrap();
    near(rest.outputs[0], 1.0402, 5e-5, "output of a");
    near(rest.outputs[1], 1.0567, 5e-5, "output of b");
    near(rest.prices[0], 1.2178, 5e-5, "price in a");
    near(rest.prices[1], 1.3178, 5e-5, "price in b");
    near(rest.shipped, 0.078_829, 5e-7, "shipped");
}

/// Without a route each region is a market of its own, which the solver for one region does to eight digits.
#[test]
fn a_closed_route_leaves_two_markets() {
    let second = Warehouse {
        cost: 0.02,
        ..WAREHOUSE
    };
    let yields = JointYields::independent(&normal(7), &normal(3));
    let regions = [
        region("a", 1.0, 1.0, WAREHOUSE),
        region("b", 1.3, 1.1, second),
    ];
    let both = solved(always(regions.clone(), yields, None, None), 40);
    let one = |region: &TradingRegion, nodes| {
        solve(StorageTerms {
            demand: region.demand.clone(),
            supply: region.supply.clone(),
            yields: normal(nodes),
            warehouse: region.warehouse,
            public: None,
            contract_floor: None,
        })
    };
    let alone = [one(&regions[0], 7), one(&regions[1], 3)];
    let mut worst = [0.0f64; 3];
    for step in 0..=20 {
        let at = [
            0.85 + 0.02 * f64::from(step),
            1.0 + 0.02 * f64::from(20 - step),
        ];
        let found = both.at("always", at).unwrap();
        assert_eq!(found.shipped, 0.0);
        assert_eq!(found.split, Split::Unique);
        for i in 0..2 {
            let expected = alone[i].at(at[i]).unwrap();
            for (worst, (a, b)) in worst.iter_mut().zip([
                (found.prices[i], expected.price),
                (found.stocks[i], expected.stock),
                (found.planned[i], expected.planned),
            ]) {
                *worst = worst.max((a - b).abs());
            }
        }
    }
    println!("closed route: largest differences {worst:?}");
    assert!(
        worst[0] < 1e-4 && worst[1] < 1e-4 && worst[2] < 1e-4,
        "{worst:?}"
    );
}

/// A route that costs nothing and the same weather make one market of two: demand and supply add up, and only the total
/// stock counts. Where it lies is not determined, and the answer says so.
#[test]
fn a_free_route_makes_one_market() {
    let regions = [
        region("a", 1.0, 0.7, WAREHOUSE),
        region("b", 0.5, 0.8, WAREHOUSE),
    ];
    let both = solved(
        always(
            regions,
            JointYields::common(&normal(7)),
            Some(0.0),
            Some(0.0),
        ),
        40,
    );
    let mut terms = recs(true, None);
    let at = Observed {
        price: 1.0,
        quantity: 1.5,
    };
    terms.demand = Demand::constant_elasticity(at, -0.2).unwrap();
    terms.supply = Supply::constant_elasticity(at, 0.2).unwrap();
    let one = solve(terms);
    let mut worst = 0.0f64;
    for step in 0..=20 {
        let all = 1.3 + 0.03 * f64::from(step);
        let expected = one.at(all).unwrap();
        for share in [0.2, 0.7] {
            let found = both
                .at("always", [share * all, (1.0 - share) * all])
                .unwrap();
            assert_eq!(found.prices[0], found.prices[1]);
            let stock = found.stocks[0] + found.stocks[1];
            let planned = found.planned[0] + found.planned[1];
            for (a, b) in [
                (found.prices[0], expected.price),
                (stock, expected.stock),
                (planned, expected.planned),
            ] {
                worst = worst.max((a - b).abs());
            }
            match found.split {
                Split::NotUnique {
                    first_from,
                    first_to,
                } => {
                    assert!(stock > 0.0);
                    near(first_from, 0.0, 1e-15, "least stock in the first region");
                    near(first_to, stock, 1e-15, "greatest stock in the first region");
                }
                Split::Unique => assert_eq!(stock, 0.0),
                _ => unreachable!(),
            }
        }
    }
    println!("free route: largest difference {worst:e}");
    assert!(worst < 1e-4, "{worst:e}");
}

/// The conditions of a rational expectation, with expectations summed here: nobody gains by storing more or less, by
/// carrying a unit, or by planning otherwise. And who imports does not store where the route stays open.
fn nobody_can_do_better(rules: &TradeRules, terms: &TradeTerms, close: f64) -> [usize; 4] {
    let mut seen = [0; 4];
    for (number, regime) in terms.regimes.iter().enumerate() {
        for point in 0..64 {
            let at = [
                0.85 + 0.06 * f64::from(point % 8),
                0.85 + 0.06 * f64::from(point / 8),
            ];
            let now = rules.at(&regime.name, at).unwrap();
            let [p, q] = now.prices;
            for (cost, paid) in [(regime.there, q - p), (regime.back, p - q)] {
                assert!(cost.is_none_or(|cost| paid <= cost + 1e-12), "{now:?}");
            }
            if now.shipped != 0.0 {
                let (cost, paid) = if now.shipped > 0.0 {
                    (regime.there, q - p)
                } else {
                    (regime.back, p - q)
                };
                near(paid, cost.unwrap(), 1e-12, "what carriage earns");
            }
            let (mut price, mut receipt) = ([0.0; 2], [0.0; 2]);
            for (after, chance) in terms.regimes.iter().zip(&terms.transition[number]) {
                for outcome in after.yields.outcomes() {
                    let next = [0, 1].map(|i| {
                        (1.0 - terms.regions[i].warehouse.deterioration) * now.stocks[i]
                            + now.planned[i] * outcome.values[i]
                    });
                    let next = rules.at(&after.name, next).unwrap().prices;
                    for i in 0..2 {
                        price[i] += chance * outcome.probability * next[i];
                        receipt[i] += chance * outcome.probability * outcome.values[i] * next[i];
                    }
                }
            }
            for i in 0..2 {
                let market = &terms.regions[i];
                let worth = market.warehouse.keeps() * price[i] - market.warehouse.cost;
                assert!(worth <= now.prices[i] + close, "{now:?}: worth {worth}");
                if now.stocks[i] > 0.0 {
                    near(worth, now.prices[i], close, "what a unit is worth");
                }
                let wanted = market.supply.quantity(receipt[i]).unwrap().low();
                near(now.planned[i], wanted, close, "plans");
                let used = market.demand.quantity(now.prices[i]).unwrap().low();
                near(now.used[i], used, 1e-9, "use");
            }
            let sent = now.stocks[0] + now.used[0] + now.shipped;
            near(sent, at[0], 1e-12, "units");
            let importer_stores = now.shipped > 0.0 && now.stocks[1] > 1e-9
                || now.shipped < 0.0 && now.stocks[0] > 1e-9;
            for (case, holds) in seen.iter_mut().zip([
                now.shipped > 0.0,
                now.shipped < 0.0,
                now.stocks[0] > 0.0 && now.stocks[1] > 0.0,
                importer_stores,
            ]) {
                *case += usize::from(holds);
            }
        }
    }
    seen
}

fn closing(chance: f64) -> TradeTerms {
    let yields = JointYields::independent(&normal(3), &normal(3));
    TradeTerms {
        regions: [
            region("a", 1.0, 1.0, WAREHOUSE),
            region("b", 1.2, 1.0, WAREHOUSE),
        ],
        regimes: vec![
            regime("open", yields.clone(), Some(0.1), Some(0.1)),
            regime("closed", yields, None, None),
        ],
        transition: vec![vec![1.0 - chance, chance], vec![0.5, 0.5]],
    }
}

/// With a route that stays open an importer never stores: it would pay for carriage before it has to. Where the route may
/// close it does.
#[test]
fn an_importer_stores_only_where_the_route_may_close() {
    let stays = closing(0.0);
    let rules = solved_far(stays.clone(), 30);
    let seen = nobody_can_do_better(&rules, &stays, 2e-3);
    println!("stays open {seen:?}");
    assert!(
        seen[0] > 0 && seen[1] > 0 && seen[2] > 0 && seen[3] == 0,
        "{seen:?}"
    );
    let closes = closing(0.2);
    let rules = solved_far(closes.clone(), 30);
    let seen = nobody_can_do_better(&rules, &closes, 2e-3);
    println!("may close {seen:?}");
    assert!(seen[3] > 0, "{seen:?}");
}

/// Against an independent program (`benches/peers/two_regions.py`: straight lines between expected prices on an even lattice,
/// stocks by the secant): RECS's two countries with a route that stays open, and a route that may close. Its own answers
/// are known to the difference between its two finest lattices, and that is what the rules are allowed.
#[test]
fn an_independent_solver_agrees() {
    let known = case("st_two_regions");
    for case in known["cases"].as_array().unwrap() {
        let warehouse = Warehouse {
            deterioration: number(&case["deterioration"]),
            ..WAREHOUSE
        };
        let cost = |way: &str, at: usize| {
            let cost = number(&case[way][at]);
            (cost >= 0.0).then_some(cost)
        };
        let transition: Vec<Vec<f64>> = case["chain"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let names: Vec<String> = (0..transition.len())
            .map(|at| format!("regime {at}"))
            .collect();
        let yields = JointYields::independent(&normal(5), &normal(5));
        let terms = TradeTerms {
            regions: [
                region("a", 1.0, 1.0, warehouse),
                region("b", 1.2, 1.0, warehouse),
            ],
            regimes: names
                .iter()
                .enumerate()
                .map(|(at, name)| regime(name, yields.clone(), cost("there", at), cost("back", at)))
                .collect(),
            transition,
        };
        let mut given = crate::parity::terms("TradeTerms", &terms);
        let rules = solved_far(terms, 30);
        let (mut asked, mut noted) = (Vec::new(), Vec::new());
        let mut worst = [0.0f64; 4];
        for row in case["answer"].as_array().unwrap() {
            let name = &names[number(&row["regime"]) as usize];
            let at = numbers(&row["availability"]);
            let found = rules.at(name, [at[0], at[1]]).unwrap();
            asked.push(serde_json::json!([name, at]));
            noted.extend(
                found
                    .prices
                    .into_iter()
                    .chain(found.stocks)
                    .chain(found.planned),
            );
            noted.push(found.shipped);
            let (prices, stocks, planned) = (
                numbers(&row["prices"]),
                numbers(&row["stocks"]),
                numbers(&row["planned"]),
            );
            for i in 0..2 {
                worst[0] = worst[0].max((found.prices[i] - prices[i]).abs());
                worst[1] = worst[1].max((found.stocks[i] - stocks[i]).abs());
                worst[2] = worst[2].max((found.planned[i] - planned[i]).abs());
            }
            worst[3] = worst[3].max((found.shipped - number(&row["shipped"])).abs());
        }
        given["settings"] = serde_json::json!({ "knots": [30, 30], "up_to": [0.7, 0.7] });
        given["at"] = serde_json::json!(asked);
        crate::parity::note("trade", &given, Ok(noted));
        let gaps = &case["difference_to_half_as_fine"];
        for (worst, key) in worst.iter().zip(["prices", "stocks", "planned", "shipped"]) {
            assert!(*worst <= number(&gaps[key]), "{key}: {worst}");
        }
    }
}

/// Nine outcomes of yields leave strong kinks, on which no knots stand: errors fall with the knots, if slowly.
#[test]
fn errors_shrink_with_the_knots() {
    let errors = |knots| {
        let rules = solved_far(closing(0.2), knots);
        let errors = rules
            .euler_errors("open", [0.85, 0.95], [1.4, 1.4], 11)
            .unwrap();
        println!(
            "{knots} knots: mean {:.2}, largest {:.2} at {:?}, plans {:.1e}",
            errors.log10_mean(),
            errors.log10_max(),
            errors.at(),
            errors.planned()
        );
        errors
    };
    let (coarse, fine) = (errors(8), errors(32));
    assert!(fine.log10_mean() < coarse.log10_mean() - 0.3);
    assert!(
        fine.log10_mean() < -5.0 && fine.log10_max() < -4.0,
        "{fine:?}"
    );
}

#[test]
fn histories_and_moments_keep_their_books() {
    let terms = closing(0.2);
    let rules = solved(terms.clone(), 15);
    let history = rules.simulate(3000, 5).unwrap();
    assert_eq!(history, rules.simulate(3000, 5).unwrap());
    for pair in history.windows(2) {
        let (before, now) = (&pair[0].decision, &pair[1].decision);
        for i in 0..2 {
            let there = 0.98 * before.stocks[i] + before.planned[i] * pair[1].outputs[i];
            near(now.availability[i], there, 1e-14, "availability");
        }
        let used = now.used[0] + now.used[1];
        let kept = now.stocks[0] + now.stocks[1];
        near(
            used + kept,
            now.availability[0] + now.availability[1],
            1e-14,
            "units",
        );
    }
    let moments = rules.moments(20_000, 5).unwrap();
    println!("{moments:?}");
    // b uses a fifth more than a and produces as much, so a ships to it and is cheaper.
    assert!(moments.mean_prices[0] < moments.mean_prices[1]);
    assert!(moments.ships_there > moments.ships_back);
    assert!(
        moments
            .errors_of_means
            .iter()
            .all(|&error| error > 0.0 && error < 0.02)
    );
    assert_eq!(moments.split_not_unique, 0.0);
}

#[test]
fn a_solve_can_be_interrupted() {
    let model = TradeModel::new(closing(0.2)).unwrap();
    let ended = interruptible(|| true, || model.solve(&TradeSettings::default()));
    assert!(matches!(
        ended,
        Err(StorageError::Interrupted { iterations: 0, .. })
    ));
}

#[test]
fn bad_terms_are_named_in_trade() {
    let good = closing(0.2);
    let refused = |change: &dyn Fn(&mut TradeTerms)| {
        let mut terms = good.clone();
        change(&mut terms);
        TradeModel::new(terms).unwrap_err().to_string()
    };
    insta::assert_snapshot!(
        refused(&|terms| terms.regimes[0].there = Some(-0.1)),
        @"the cost of carrying a unit between regions is -0.1, but it must be finite and not below 0"
    );
    insta::assert_snapshot!(
        refused(&|terms| terms.regions[1].name = "a".into()),
        @r#"region "a" appears twice"#
    );
    insta::assert_snapshot!(
        refused(&|terms| terms.transition[0] = vec![0.5, 0.4]),
        @r#"what follows regime "open" has probabilities that sum to 0.9, but they must sum to 1"#
    );
    let half = JointOutcome {
        values: [1.0, 1.0],
        probability: 0.5,
    };
    insta::assert_snapshot!(
        JointYields::discrete(vec![half]).unwrap_err(),
        @"the joint distribution of yields has probabilities that sum to 0.5, but they must sum to 1"
    );
    let text = serde_json::to_string(&TradeModel::new(good.clone()).unwrap()).unwrap();
    assert_eq!(
        serde_json::from_str::<TradeModel>(&text).unwrap().terms(),
        &good
    );
    assert!(
        serde_json::from_str::<TradeModel>(&text.replace("\"there\":0.1", "\"there\":-0.1"))
            .is_err()
    );
    let rules = solved(good, 8);
    insta::assert_snapshot!(rules.at("war", [1.0, 1.0]).unwrap_err(), @r#"there is no regime "war""#);
    assert!(matches!(
        rules.at("open", [5.0, 5.0]),
        Err(StorageError::Value {
            thing: "the stock that this availability leads to",
            ..
        })
    ));
}
