//! Derivatives through a market with demand systems against finite differences, forward and adjoint.

use approx::assert_relative_eq;
use pricefloor::complementarity::Settings;
use pricefloor::curve::DemandSystem;
use pricefloor::equilibrium::{Compiled, Outcome, Side, Workspace};
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;

use super::{armington, at, line};

/// Two makers at rising cost at home, one good from abroad at a rising cost, over a route.
fn market(system: impl Into<DemandSystem>) -> Market {
    let system = system.into();
    let goods = system.goods().to_vec();
    let made = |good: &str, region: &str, supply| {
        Activity::producing(&format!("{good} works"), region, good, supply)
    };
    let linear = |intercept, slope| Supply::linear(line(intercept, slope)).unwrap();
    let mut market = Market::builder("system", "USD")
        .region("Home")
        .region("Abroad");
    for good in &goods {
        market = market.commodity(good);
    }
    market
        .demand_system("Home", "buyers", system)
        .activity(made(
            &goods[0],
            "Home",
            Supply::constant_elasticity(at(70.0, 30.0), 0.8).unwrap(),
        ))
        .activity(made(&goods[1], "Abroad", linear(20.0, 0.7)))
        .route("Abroad", "Home", &goods[1], 3.0)
        .activity(made(&goods[2], "Home", linear(50.0, 2.0)))
        .build()
        .unwrap()
}

fn lines() -> CrossPrice {
    CrossPrice::linear(
        &[("home", 140.0), ("east", 120.0), ("west", 160.0)],
        &[[-1.5, -0.6, -0.4], [-0.6, -1.2, -0.5], [-0.4, -0.5, -4.0]],
    )
    .unwrap()
}

fn outcomes() -> Vec<Outcome> {
    let mut list: Vec<Outcome> = ["home", "east", "west"]
        .iter()
        .flat_map(|good| {
            [
                Outcome::price("Home", good),
                Outcome::demanded("Home", good),
            ]
        })
        .collect();
    list.push(Outcome::outlay("measure"));
    list
}

fn values(compiled: &Compiled, workspace: &mut Workspace) -> Vec<f64> {
    let solved = compiled.equilibrium_from(workspace).unwrap();
    let mut list = Vec::new();
    for good in ["home", "east", "west"] {
        list.push(solved.price("Home", good).unwrap());
        list.push(solved.node("Home", good).unwrap().demanded());
    }
    list.push(solved.ledger().unwrap().outlay("measure"));
    list
}

#[test]
fn derivatives_in_every_parameter() {
    let exact = Settings::builder()
        .residual_tolerance(1e-13)
        .price_tolerance(1e-13)
        .build()
        .unwrap();
    let measures: [Measure; 4] = [
        Tariff::ad_valorem("Home", "east", 0.2, Base::Delivered).into(),
        ContractFloor::new(95.0).covering("home works").into(),
        SupportBuying::new("Home", "home", 95.0).into(),
        BorderFloor::new("Home", "east", 70.0).into(),
    ];
    let mut compared = 0;
    for system in [DemandSystem::from(armington()), lines().into()] {
        for measure in &measures {
            let policy = Policy::new().with("measure", measure.clone()).unwrap();
            let compiled = market(system.clone()).compile(&policy).unwrap();
            let mut workspace = compiled.workspace_with(exact).unwrap();
            compiled.solve_into(&mut workspace).unwrap();
            let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
            assert!(sensitivity.strict_complementarity() > 1e-4, "{measure:?}");
            let mut found = Vec::new();
            for outcome in outcomes() {
                let gradient = sensitivity.gradient(&outcome).unwrap();
                let mut of_outcome = Vec::new();
                for (path, _) in compiled.params() {
                    let param = compiled.param(path).unwrap();
                    let forward = sensitivity.derivative(&outcome, param, Side::Up).unwrap();
                    assert_relative_eq!(
                        forward,
                        gradient.of(param),
                        epsilon = 1e-9,
                        max_relative = 1e-9
                    );
                    of_outcome.push(forward);
                }
                found.push(of_outcome);
            }
            for (p, (path, value)) in compiled.params().enumerate() {
                let param = compiled.param(path).unwrap();
                let h = 2e-4 * value.abs().max(0.1);
                if workspace.set(param, value + 2.0 * h).is_err() {
                    continue; // at the edge of its range
                }
                let mut shifted = |steps: f64| {
                    workspace.set(param, value + steps * h).unwrap();
                    values(&compiled, &mut workspace)
                };
                let (a, b, c, d) = (shifted(-2.0), shifted(-1.0), shifted(1.0), shifted(2.0));
                workspace.set(param, value).unwrap();
                for (o, outcome) in outcomes().iter().enumerate() {
                    let difference = (a[o] - 8.0 * b[o] + 8.0 * c[o] - d[o]) / (12.0 * h);
                    let scale = difference
                        .abs()
                        .max(1e-3 * c[o].abs() / value.abs().max(0.1))
                        .max(1e-3);
                    assert!(
                        (found[o][p] - difference).abs() <= 1e-6 * scale,
                        "{measure:?}: d {outcome:?} / d {path}: {} and {difference}",
                        found[o][p]
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 800, "{compared} derivatives compared");
}
