//! Derivatives against finite differences, and on both sides of a switch.

use approx::assert_relative_eq;
use pricefloor::complementarity::Settings;
use pricefloor::equilibrium::{Compiled, Outcome, Side, SolveError, Workspace};
use pricefloor::intervention::{Measure, Purchase};
use pricefloor::prelude::*;

fn curves() -> Vec<(Demand, Supply)> {
    let at = |price, quantity| Observed { price, quantity };
    vec![
        (
            Demand::linear(Line {
                intercept: 20.0,
                slope: -1.0,
            })
            .unwrap(),
            Supply::linear(Line {
                intercept: 5.0,
                slope: 0.5,
            })
            .unwrap(),
        ),
        (
            Demand::constant_elasticity(at(10.0, 10.0), -0.6).unwrap(),
            Supply::constant_elasticity(at(9.0, 11.0), 0.8).unwrap(),
        ),
        (
            Demand::exponential(at(10.0, 10.0), -0.5).unwrap(),
            Supply::exponential(at(9.0, 11.0), 0.7).unwrap(),
        ),
        (
            Demand::constant_elasticity(at(10.0, 6.0), -0.4).unwrap()
                + Demand::linear(Line {
                    intercept: 25.0,
                    slope: -2.0,
                })
                .unwrap(),
            Supply::linear(Line {
                intercept: 2.0,
                slope: 0.9,
            })
            .unwrap()
            .with_capacity(30.0)
            .unwrap(),
        ),
    ]
}

fn market((demand, supply): &(Demand, Supply)) -> Market {
    let abroad = Demand::constant_elasticity(
        Observed {
            price: 8.0,
            quantity: 9.0,
        },
        -0.9,
    )
    .unwrap();
    Market::builder("two regions", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", demand.clone())
        .activity(Activity::producing("mine", "Home", "oxide", supply.clone()))
        .demand("Abroad", "oxide", abroad)
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::linear(Line {
                intercept: 1.0,
                slope: 0.4,
            })
            .unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.7)
        .build()
        .unwrap()
}

fn measures() -> Vec<Measure> {
    let contract = |strike: f64| ContractFloor::new(strike).covering("mine");
    vec![
        SupportBuying::new("Home", "oxide", 12.0).into(),
        SupportBuying::new("Home", "oxide", 12.0)
            .budget(15.0)
            .into(),
        SupportBuying::new("Home", "oxide", 12.0)
            .budget(15.0)
            .paying(Purchase::AtFloor)
            .into(),
        SupportBuying::new("Home", "oxide", 12.0).limit(1.0).into(),
        StatutoryMinimum::new("Home", "oxide", 12.0, Rationing::Efficient).into(),
        contract(14.0).into(),
        contract(14.0).coverage(Coverage::Share(0.6)).into(),
        contract(14.0).coverage(Coverage::First(4.0)).into(),
        contract(14.0).coverage(Coverage::Deemed(4.0)).into(),
        contract(6.0)
            .with_upside(UpsideShare {
                share: 0.3,
                threshold: 7.0,
                yearly_cap: None,
            })
            .into(),
        ContractForDifference::new(9.0).covering("mine").into(),
        DeficiencyPayment::new("Home", "oxide", 14.0).into(),
        BorderFloor::new("Home", "oxide", 9.5).into(),
        ProductionSubsidy::new("Home", "oxide", 1.3).into(),
        Tariff::specific("Home", "oxide", 0.4).into(),
        Tariff::ad_valorem("Home", "oxide", 0.1, Base::Origin).into(),
        Tariff::ad_valorem("Home", "oxide", 0.1, Base::Delivered).into(),
        Tariff::ad_valorem("Home", "oxide", 0.1, Base::Consumer).into(),
        ExportTax::ad_valorem("Abroad", "oxide", 0.13).into(),
        ExportTax::specific("Abroad", "oxide", 0.3).into(),
    ]
}

fn outcomes() -> Vec<Outcome> {
    vec![
        Outcome::price("Home", "oxide"),
        Outcome::price("Abroad", "oxide"),
        Outcome::demanded("Home", "oxide"),
        Outcome::level("mine"),
        Outcome::level("Abroad -> Home: oxide"),
        Outcome::outlay("measure"),
    ]
}

/// Values of the outcomes with one number moved.
fn at(compiled: &Compiled, workspace: &mut Workspace, path: &str, value: f64) -> Vec<f64> {
    let param = compiled.param(path).unwrap();
    let before = workspace.get(param).unwrap();
    workspace.set(param, value).unwrap();
    let solved = compiled.equilibrium_from(workspace).unwrap();
    workspace.set(param, before).unwrap();
    outcomes()
        .iter()
        .map(|outcome| match outcome {
            Outcome::Price { region, commodity } => solved.price(region, commodity).unwrap(),
            Outcome::Demanded { region, commodity } => {
                solved.node(region, commodity).unwrap().demanded()
            }
            Outcome::Level { activity } => solved.level(activity).unwrap(),
            Outcome::Outlay { measure } => {
                // lump sums settled after the solve are not part of the outcome
                let ledger = solved.ledger().unwrap();
                let market =
                    |p: &&pricefloor::ledger::Payment| p.measure() == Some(measure.as_str());
                let treasury = |name: &str| f64::from(u8::from(name.starts_with("treasury")));
                ledger
                    .payments()
                    .iter()
                    .filter(market)
                    .filter(|p| !p.payer().starts_with("treasury") || !lump(p))
                    .map(|p| (treasury(p.payer()) - treasury(p.payee())) * p.amount())
                    .sum()
            }
            _ => unreachable!("the outcomes listed above"),
        })
        .collect()
}

/// The rent that a sponsor who pays the floor leaves to those it buys from.
fn lump(payment: &pricefloor::ledger::Payment) -> bool {
    !payment.payee().starts_with("market") && payment.payee() != "mine"
}

#[test]
fn derivatives_agree_with_finite_differences() {
    // differences need solutions to rounding
    let exact = Settings::builder()
        .residual_tolerance(1e-13)
        .price_tolerance(1e-13)
        .build()
        .unwrap();
    let mut compared = 0;
    for pair in &curves() {
        for measure in measures() {
            let paying_the_floor = format!("{measure:?}").contains("AtFloor");
            let name = format!("{measure:?} on {} and {}", pair.0, pair.1);
            let policy = Policy::new().with("measure", measure).unwrap();
            let compiled = market(pair).compile(&policy).unwrap();
            let mut workspace = compiled.workspace_with(exact).unwrap();
            compiled
                .solve_into(&mut workspace)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
            if sensitivity.strict_complementarity() <= 1e-4 {
                continue;
            }
            let mut found = Vec::new();
            for outcome in outcomes() {
                let gradient = sensitivity.gradient(&outcome).unwrap();
                let sides: Vec<f64> = compiled
                    .params()
                    .map(|(path, _)| {
                        let param = compiled.param(path).unwrap();
                        let up = sensitivity.derivative(&outcome, param, Side::Up).unwrap();
                        let down = sensitivity.derivative(&outcome, param, Side::Down).unwrap();
                        assert_relative_eq!(up, down, epsilon = 1e-9, max_relative = 1e-9);
                        assert_relative_eq!(
                            up,
                            gradient.of(param),
                            epsilon = 1e-9,
                            max_relative = 1e-9
                        );
                        up
                    })
                    .collect();
                found.push(sides);
            }
            for (p, (path, value)) in compiled.params().enumerate() {
                let h = 2e-4 * value.abs().max(0.1);
                let param = compiled.param(path).unwrap();
                let within = [-2.0, 2.0]
                    .iter()
                    .all(|k| workspace.set(param, value + k * h).is_ok());
                workspace.set(param, value).unwrap();
                if !within {
                    continue; // at the edge of its range
                }
                let shift = |workspace: &mut Workspace, steps: f64| {
                    at(&compiled, workspace, path, value + steps * h)
                };
                let (a, b) = (shift(&mut workspace, -2.0), shift(&mut workspace, -1.0));
                let (c, d) = (shift(&mut workspace, 1.0), shift(&mut workspace, 2.0));
                for (o, outcome) in outcomes().iter().enumerate() {
                    if paying_the_floor && matches!(outcome, Outcome::Outlay { .. }) {
                        continue;
                    }
                    let difference = (a[o] - 8.0 * b[o] + 8.0 * c[o] - d[o]) / (12.0 * h);
                    let scale = difference
                        .abs()
                        .max(1e-3 * c[o].abs() / value.abs().max(0.1))
                        .max(1e-3);
                    assert!(
                        (found[o][p] - difference).abs() <= 1e-6 * scale,
                        "{name}: d {outcome:?} / d {path}: {} and {difference}",
                        found[o][p]
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 3000, "{compared} derivatives compared");
}

/// The textbook market clears at 10: a floor of 10 is just binding. Raised, it carries the price along; lowered,
/// it does nothing.
#[test]
fn one_sided_where_a_floor_is_just_binding() {
    let line = |intercept, slope| Line { intercept, slope };
    let market = Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .build()
        .unwrap();
    let policy = Policy::new()
        .with("floor", SupportBuying::new("Home", "oxide", 10.0))
        .unwrap();
    let compiled = market.compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    compiled.solve_into(&mut workspace).unwrap();
    let floor = compiled.param("measure/floor/floor").unwrap();
    let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    let price = Outcome::price("Home", "oxide");
    let bought = Outcome::Bought {
        region: "Home".into(),
        commodity: "oxide".into(),
    };
    assert!(sensitivity.strict_complementarity() < 1e-9);
    assert_relative_eq!(
        sensitivity.derivative(&price, floor, Side::Up).unwrap(),
        1.0,
        epsilon = 1e-9
    );
    assert_relative_eq!(
        sensitivity.derivative(&price, floor, Side::Down).unwrap(),
        0.0,
        epsilon = 1e-9
    );
    // a price one higher: one less is bought, two more are offered
    assert_relative_eq!(
        sensitivity.derivative(&bought, floor, Side::Up).unwrap(),
        3.0,
        epsilon = 1e-9
    );
    assert_relative_eq!(
        sensitivity.derivative(&bought, floor, Side::Down).unwrap(),
        0.0,
        epsilon = 1e-9
    );
    assert!(matches!(
        sensitivity.gradient(&price).unwrap_err(),
        SolveError::Switch { .. }
    ));
}

/// Pass-through of a specific tariff on a small share of the world is by the slopes: with demand slope -1 and supply
/// slope 1/2 at home and a foreign supply of slope s, dp/dt = s' / (s' + 3) where s' = 1/s is the foreign response.
#[test]
fn pass_through_and_elasticity() {
    let line = |intercept, slope| Line { intercept, slope };
    let market = Market::builder("open", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5)).unwrap(),
        ))
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::linear(line(2.0, 0.25)).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap();
    let policy = Policy::new()
        .with("tariff", Tariff::specific("Home", "oxide", 1.0))
        .unwrap();
    let compiled = market.compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    compiled.solve_into(&mut workspace).unwrap();
    let rate = compiled.param("measure/tariff/rate").unwrap();
    let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    let price = Outcome::price("Home", "oxide");
    assert_relative_eq!(
        sensitivity.derivative(&price, rate, Side::Up).unwrap(),
        4.0 / 7.0,
        epsilon = 1e-9
    );
    // 20 - p = 2 (p - 5) + 4 (p - 3): p = 6 at a tariff of 1
    assert_relative_eq!(
        sensitivity.elasticity(&price, rate, Side::Up).unwrap(),
        4.0 / 7.0 / 6.0,
        epsilon = 1e-9
    );
}
