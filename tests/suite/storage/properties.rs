//! What must hold whatever the numbers.

use super::*;
use pricefloor::complementarity::interruptible;
use pricefloor::storage::{BandSettings, BandStock, Regime, RegimeTerms, StorageError};
use std::cell::Cell;

/// The moments of Gauss-Hermite nodes are those of the normal distribution: 1, 3, 15 for the powers 2, 4, 6.
#[test]
fn normal_yields_have_normal_moments() {
    for nodes in [4, 5, 7, 21, 101] {
        let yields = Yields::normal(30.0, 1.0, nodes).unwrap();
        for (power, expected) in [(1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0), (6, 15.0)] {
            let moment: f64 = yields
                .outcomes()
                .iter()
                .map(|outcome| outcome.probability * (outcome.value - 30.0).powi(power))
                .sum();
            near(
                moment,
                expected,
                1e-11,
                &format!("moment {power} on {nodes} nodes"),
            );
        }
    }
    // The nodes that the RECS cases print.
    let case = case("st_recs_sto1fx");
    let shock = &case["problem"]["shock"];
    let yields = Yields::normal(1.0, 0.05, 7).unwrap();
    for ((outcome, node), weight) in yields
        .outcomes()
        .iter()
        .zip(numbers(&shock["nodes"]))
        .zip(numbers(&shock["weights"]))
    {
        near(outcome.value, node, 1e-14, "node");
        near(outcome.probability, weight, 1e-14, "weight");
    }
}

/// Finer knots bring smaller errors, and the default is good to eight digits.
#[test]
fn errors_shrink_with_the_knots_and_on_the_kinks() {
    let model = StorageModel::new(recs(true, None)).unwrap();
    let errors = |knots, kinks| {
        let settings = StorageSettings {
            knots,
            kinks,
            ..Default::default()
        };
        let rules = model.solve(&settings).unwrap();
        rules.euler_errors("always", 0.85, 1.3, 501).unwrap()
    };
    let (coarse, kinked) = (errors(20, 0.9), errors(20, 1e-3));
    let fine = errors(200, 1e-5);
    assert!(kinked.log10_mean() < coarse.log10_mean() - 0.5);
    assert!(fine.log10_mean() < kinked.log10_mean() - 1.0);
    assert!(
        fine.log10_mean() < -8.0 && fine.log10_max() < -6.5,
        "{fine:?}"
    );
    assert!(fine.planned() < 1e-7, "{fine:?}");
}

/// A floor that is never reached changes nothing, and one so high that the private stock is crowded out holds the price.
#[test]
fn a_floor_out_of_reach_changes_nothing() {
    let free = solve(recs(true, None));
    let low = solve(recs(true, Some(FloorStock::new(0.2, 0.1).unwrap())));
    for step in 0..50 {
        let availability = 0.8 + 0.01 * step as f64;
        let (a, b) = (
            free.price(availability).unwrap(),
            low.price(availability).unwrap(),
        );
        near(b, a, 1e-9, &format!("price at {availability}"));
    }
    assert_eq!(low.floor_holds(), None);
    // Where owners would store at the floor by themselves, the public stock is beside the point until they stop.
    let between = solve(recs(true, Some(FloorStock::new(0.9, 0.3).unwrap())));
    let (low, _) = between.floor_holds().unwrap();
    assert!(between.storage_starts() < low);
    assert!(between.stock(low).unwrap() > 0.0);
    let errors = between.euler_errors("always", 0.85, 1.5, 501).unwrap();
    assert!(errors.log10_mean() < -7.0, "{errors:?}");
}

/// Two regimes that are the same market are that market.
#[test]
fn twin_regimes_are_one() {
    let terms = recs(true, None);
    let regime = |name: &str| Regime {
        name: name.into(),
        demand: terms.demand.clone(),
        yields: terms.yields.clone(),
        imports: None,
    };
    let twins = StorageModel::with_regimes(RegimeTerms {
        regimes: vec![regime("a"), regime("b")],
        transition: vec![vec![0.9, 0.1], vec![0.3, 0.7]],
        supply: terms.supply.clone(),
        warehouse: terms.warehouse,
        public: None,
        contract_floor: None,
    })
    .unwrap();
    let twins = twins.solve(&StorageSettings::default()).unwrap();
    let one = solve(terms);
    for name in ["a", "b"] {
        let rules = twins.regime(name).unwrap();
        for step in 0..50 {
            let availability = 0.8 + 0.01 * step as f64;
            let expected = one.price(availability).unwrap();
            near(rules.price(availability).unwrap(), expected, 1e-9, name);
        }
    }
    let (a, b) = (
        twins.stationary(2001).unwrap(),
        one.stationary(2001).unwrap(),
    );
    near(a.mean_price, b.mean_price, 1e-9, "mean price");
    near(
        a.autocorrelation,
        b.autocorrelation,
        1e-9,
        "autocorrelation",
    );
}

/// Under a risk of embargo owners hold more in free times, and use it up when it comes.
#[test]
fn a_risk_of_embargo_is_stored_against() {
    let (home, abroad) = (
        Observed {
            price: 1.0,
            quantity: 0.6,
        },
        Observed {
            price: 1.0,
            quantity: 0.4,
        },
    );
    let model = |risk: f64| {
        let regime = |name: &str, imports| Regime {
            name: name.into(),
            demand: Demand::constant_elasticity(AT_ONE, -0.4)
                .unwrap()
                .with_choke(20.0)
                .unwrap(),
            yields: Yields::normal(1.0, 0.05, 5).unwrap(),
            imports,
        };
        let imports = Supply::constant_elasticity(abroad, 1.0).unwrap();
        StorageModel::with_regimes(RegimeTerms {
            regimes: vec![regime("open", Some(imports)), regime("embargo", None)],
            transition: vec![vec![1.0 - risk, risk], vec![0.5, 0.5]],
            supply: Supply::constant_elasticity(home, 0.3).unwrap(),
            warehouse: Warehouse {
                cost: 0.02,
                deterioration: 0.02,
                interest: 0.05,
            },
            public: None,
            contract_floor: None,
        })
        .unwrap()
        .solve(&StorageSettings {
            knots: 60,
            kinks: 1e-3,
            tolerance: 1e-9,
            ..Default::default()
        })
        .unwrap()
    };
    let (calm, risky) = (model(0.0), model(0.1));
    let open = risky.regime("open").unwrap();
    let embargo = risky.regime("embargo").unwrap();
    let safe = calm.regime("open").unwrap();
    for availability in [0.6, 0.7, 0.8] {
        let stock = |rules: &pricefloor::storage::RegimeRules| rules.stock(availability).unwrap();
        assert!(stock(open) > stock(safe) + 0.01);
        assert!(stock(open) > stock(embargo));
        assert!(embargo.price(availability).unwrap() > open.price(availability).unwrap());
    }
    let errors = risky.euler_errors("embargo", 0.55, 0.9, 201).unwrap();
    assert!(errors.log10_mean() < -5.0, "{errors:?}");
}

/// The same seed gives the same history, another seed another; long histories have the stationary moments.
#[test]
fn histories_follow_their_seed() {
    let rules = solve(recs(true, Some(FloorStock::new(1.02, 0.4).unwrap())));
    let history = rules.simulate(200_000, 5).unwrap();
    assert_eq!(history[..100], rules.simulate(100, 5).unwrap()[..]);
    assert_ne!(history[..100], rules.simulate(100, 6).unwrap()[..]);
    let mean = history
        .iter()
        .map(|period| period.decision.price)
        .sum::<f64>()
        / 200_000.0;
    let moments = rules.stationary(4001).unwrap();
    // Standard error of a mean with this autocorrelation: sd sqrt((1 + rho) / (1 - rho) / n), four of them.
    let rho = moments.autocorrelation;
    let error = moments.sd_price * ((1.0 + rho) / (1.0 - rho) / 200_000.0).sqrt();
    near(mean, moments.mean_price, 4.0 * error, "mean price");
}

/// Where storing costs more than it can ever bring, a contract floor is an equation in planned supply: with demand P^-0.2,
/// supply (E[max(P, k) e])^0.2 and P = (H e)^-5, H solves H^5 = E[max((H e)^-5, k) e].
#[test]
fn a_contract_floor_without_storage_is_one_equation() {
    for strike in [0.5, 0.95, 1.05, 1.3] {
        let mut terms = recs(true, None);
        terms.warehouse.cost = 0.7;
        terms.contract_floor = Some(strike);
        let rules = solve(terms.clone());
        let receipt = |planned: f64| {
            let outcomes = terms.yields.outcomes().iter();
            let of = |o: &Outcome| (planned * o.value).powi(-5).max(strike) * o.value;
            outcomes.map(|o| o.probability * of(o)).sum::<f64>()
        };
        let (mut low, mut high) = (0.5, 2.0);
        for _ in 0..100 {
            let middle: f64 = 0.5 * (low + high);
            if middle.powi(5) < receipt(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        near(
            rules.planned_after(0.0),
            low,
            1e-10,
            &format!("plans at {strike}"),
        );
        near(rules.price(1.0).unwrap(), 1.0, 1e-12, "nothing is stored");
    }
}

/// With storage: what producers get moves plans, and with them the price. The rules are as exact as without a contract, one
/// that never pays changes nothing, and a higher strike lowers the price.
#[test]
fn a_contract_floor_beside_storage() {
    let with = |strike| {
        let mut terms = recs(true, None);
        terms.contract_floor = strike;
        solve(terms)
    };
    let free = with(None);
    let mut before = free.stationary(2001).unwrap().mean_price;
    let never = with(Some(0.05)).stationary(2001).unwrap();
    near(never.mean_price, before, 1e-9, "a contract that never pays");
    for strike in [0.9, 1.0, 1.2] {
        let rules = with(Some(strike));
        let errors = rules.euler_errors("always", 0.85, 1.3, 501).unwrap();
        assert!(
            errors.log10_mean() < -7.5 && errors.planned() < 1e-6,
            "{strike}: {errors:?}"
        );
        let now = rules.stationary(2001).unwrap().mean_price;
        assert!(now < before, "{strike}: {now} against {before}");
        before = now;
    }
}

/// A solve ends when it is told to, after as many iterations as it was let; one that is let go on is the same to the last bit.
#[test]
fn solves_can_be_interrupted() {
    let model = StorageModel::new(recs(true, None)).unwrap();
    let settings = StorageSettings::default();
    let after = |questions: usize, work: &dyn Fn() -> Option<StorageError>| {
        let asked = Cell::new(0);
        let stop = move || {
            asked.set(asked.get() + 1);
            asked.get() > questions
        };
        interruptible(stop, work)
    };
    let band = BandStock::new(0.9, 1.1, 0.2).unwrap();
    let coarse = BandSettings {
        private: 20,
        public: 4,
        ..Default::default()
    };
    assert!(matches!(
        after(7, &|| model.solve(&settings).err()),
        Some(StorageError::Interrupted { iterations: 7, .. })
    ));
    assert!(matches!(
        after(0, &|| model.solve_band(band, &coarse).err()),
        Some(StorageError::Interrupted { iterations: 0, .. })
    ));
    let whole = model.solve(&settings).unwrap();
    let again = interruptible(|| false, || model.solve(&settings)).unwrap();
    assert_eq!(whole.at(1.1).unwrap(), again.at(1.1).unwrap());
}
