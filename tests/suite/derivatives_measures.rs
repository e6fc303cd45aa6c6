//! Derivatives of every measure, gains of parties included, against finite differences.

use approx::assert_relative_eq;
use pricefloor::complementarity::Settings;
use pricefloor::equilibrium::{Compiled, Outcome, Side, Workspace};
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;

use crate::conduct::line;

/// Two regions; the mine at home buys half a unit of power for each unit of oxide.
fn market(demand: Demand, supply: Supply) -> Market {
    let abroad = Observed {
        price: 8.0,
        quantity: 9.0,
    };
    Market::builder("two regions", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .commodity("power")
        .demand("Home", "oxide", demand)
        .activity(Activity::producing(
            "grid",
            "Home",
            "power",
            Supply::linear(line(1.0, 0.05)).unwrap(),
        ))
        .activity(Activity::producing("mine", "Home", "oxide", supply).with_input("power", 0.5))
        .demand(
            "Abroad",
            "oxide",
            Demand::constant_elasticity(abroad, -0.9).unwrap(),
        )
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::linear(line(1.0, 0.4)).unwrap(),
        ))
        // proportional rationing needs offers that end
        .add_route(Route::new("Abroad", "Home", "oxide", 0.7).with_capacity(50.0))
        .build()
        .unwrap()
}

fn markets() -> [Market; 2] {
    let at = |price, quantity| Observed { price, quantity };
    [
        market(
            Demand::linear(line(20.0, -1.0)).unwrap(),
            Supply::linear(line(4.0, 0.5)).unwrap(),
        ),
        market(
            Demand::constant_elasticity(at(8.0, 12.0), -0.6).unwrap(),
            Supply::constant_elasticity(at(8.0, 7.0), 0.8).unwrap(),
        ),
    ]
}

/// Numbers at which each measure binds: without any the price at home is near 8, abroad 0.7 less, and some 6 are imported.
fn measures() -> Vec<Measure> {
    let treasury = RentOwner::ImportingTreasury;
    let band = |lower, upper| PriceBand::new("Home", "oxide", Band { lower, upper });
    let market_price = OfftakePrice::Market {
        premium: 0.5,
        floor: Some(9.0),
    };
    vec![
        AntiDumpingDuty::new("Home", "oxide", "Abroad", 9.0).into(),
        AntiDumpingDuty::new("Home", "oxide", "Abroad", 9.0)
            .at_most(0.5)
            .into(),
        BorderFloor::new("Home", "oxide", 9.5).into(),
        ContractForDifference::new(9.0).covering("mine").into(),
        ContractFloor::new(12.0)
            .covering("mine")
            .coverage(Coverage::First(4.0))
            .into(),
        DeficiencyPayment::new("Home", "oxide", 12.0).into(),
        ExportQuota::new("Abroad", "oxide", 4.0, RentOwner::ExportingTreasury).into(),
        GuaranteedOfftake::new("mine", 3.0, OfftakePrice::Fixed(9.0)).into(),
        GuaranteedOfftake::new("mine", 3.0, market_price).into(),
        ImportCommitment::new("Home", "oxide", 8.0).into(),
        ImportQuota::new("Home", "oxide", 4.0, treasury).into(),
        InputSubsidy::specific("Home", "power", 0.3).into(),
        InputSubsidy::ad_valorem("Home", "power", 0.2).into(),
        MinimumEarnings::new("mine", 30.0).into(),
        OriginRequirement::new("Home", "oxide", 0.7)
            .named("Home")
            .into(),
        band(9.0, 11.0).into(),
        band(5.0, 7.0).stock(20.0).into(),
        PriceUndertaking::new("Home", "oxide", 9.0)
            .from("Abroad")
            .into(),
        ProcurementPreference::new("Home", "oxide", 3.0, 1.0)
            .named("Home")
            .into(),
        ProductionQuota::new("Home", "oxide", 4.0).into(),
        ProductionQuota::new("Home", "oxide", 4.0)
            .auctioned()
            .into(),
        ReferencePriceLadder::new("Home").rung("oxide", 9.5).into(),
        StatutoryCeiling::new("Home", "oxide", 7.0, Rationing::Efficient).into(),
        StatutoryMinimum::new("Home", "oxide", 9.0, Rationing::Efficient).into(),
        StatutoryMinimum::new("Home", "oxide", 9.0, Rationing::Proportional).into(),
        SupportBuying::new("Home", "oxide", 10.0)
            .budget(15.0)
            .into(),
        TariffRateQuota::new("Home", "oxide", 3.0, treasury)
            .duties(Rate::Specific(0.1), Rate::Specific(1.0))
            .into(),
        TaxCredit::new("Home", "oxide", 0.2).into(),
        TaxCredit::new("Home", "oxide", 0.2).with_inputs().into(),
    ]
}

fn policies() -> Vec<Policy> {
    let mut policies: Vec<Policy> = measures()
        .into_iter()
        .map(|measure| Policy::new().with("measure", measure).unwrap())
        .collect();
    // a duty against a subsidy needs the subsidy
    let subsidised = Policy::new()
        .with("subsidy", ProductionSubsidy::new("Abroad", "oxide", 1.0))
        .unwrap()
        .with(
            "measure",
            CountervailingDuty::new("Home", "oxide", "Abroad")
                .against("subsidy")
                .share(0.8),
        )
        .unwrap();
    policies.push(subsidised);
    policies
}

fn outcomes() -> Vec<Outcome> {
    vec![
        Outcome::price("Home", "oxide"),
        Outcome::price("Abroad", "oxide"),
        Outcome::demanded("Home", "oxide"),
        Outcome::level("mine"),
        Outcome::level("Abroad -> Home: oxide"),
        Outcome::outlay("measure"),
        Outcome::surplus("mine"),
        Outcome::surplus("consumers of oxide in Home"),
        Outcome::welfare("Home"),
        Outcome::welfare("Abroad"),
    ]
}

/// All outcomes with one number moved.
fn at(compiled: &Compiled, workspace: &mut Workspace, path: &str, value: f64) -> Vec<f64> {
    let param = compiled.param(path).unwrap();
    let before = workspace.get(param).unwrap();
    workspace.set(param, value).unwrap();
    compiled
        .solve_into(workspace)
        .unwrap_or_else(|e| panic!("{path} at {value}: {e}"));
    let sensitivity = compiled.sensitivity(workspace).unwrap();
    let found = outcomes()
        .iter()
        .map(|o| sensitivity.value(o).unwrap())
        .collect();
    workspace.set(param, before).unwrap();
    found
}

#[test]
fn every_measure_against_finite_differences() {
    // differences need solutions to rounding
    let exact = Settings::builder()
        .residual_tolerance(1e-13)
        .price_tolerance(1e-13)
        .build()
        .unwrap();
    let (mut compared, mut skipped) = (0, Vec::new());
    for market in markets() {
        for policy in policies() {
            let name = format!("{:?}", policy.entries().last().map(|e| e.measure().clone()));
            let compiled = market
                .compile(&policy)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut workspace = compiled.workspace_with(exact).unwrap();
            compiled
                .solve_into(&mut workspace)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
            if sensitivity.strict_complementarity() <= 1e-4 {
                skipped.push(name);
                continue;
            }
            let gradients: Vec<_> = outcomes()
                .iter()
                .map(|o| sensitivity.gradient(o).unwrap())
                .collect();
            for (path, _) in compiled.params() {
                let param = compiled.param(path).unwrap();
                for (outcome, gradient) in outcomes().iter().zip(&gradients) {
                    let forward = sensitivity.derivative(outcome, param, Side::Up).unwrap();
                    assert_relative_eq!(
                        forward,
                        gradient.of(param),
                        epsilon = 1e-8,
                        max_relative = 1e-8
                    );
                }
            }
            for (path, value) in compiled.params() {
                let h = 2e-4 * value.abs().max(0.1);
                let param = compiled.param(path).unwrap();
                let within = [-2.0, 2.0]
                    .iter()
                    .all(|k| workspace.set(param, value + k * h).is_ok());
                workspace.set(param, value).unwrap();
                if !within {
                    continue; // at the edge of its range
                }
                let [a, b, c, d] = [-2.0, -1.0, 1.0, 2.0]
                    .map(|k| at(&compiled, &mut workspace, path, value + k * h));
                for (o, outcome) in outcomes().iter().enumerate() {
                    // surplus is counted from the choke price as compiled, where its second derivative in the choke price
                    // jumps, so that differences over both sides are off
                    let gain = matches!(outcome, Outcome::Surplus { .. } | Outcome::Welfare { .. });
                    if gain && path == "demand/Home/oxide/intercept" {
                        continue;
                    }
                    let difference = (a[o] - 8.0 * b[o] + 8.0 * c[o] - d[o]) / (12.0 * h);
                    let scale = difference
                        .abs()
                        .max(1e-3 * c[o].abs() / value.abs().max(0.1))
                        .max(1e-3);
                    let found = gradients[o].of(param);
                    assert!(
                        (found - difference).abs() <= 1e-6 * scale,
                        "{name}: d {outcome:?} / d {path}: {found} and {difference}"
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(skipped.len() <= 6, "{skipped:?}");
    assert!(compared > 8000, "{compared} derivatives compared");
}

/// What parties gain, as an outcome and in the accounts, at the solution and after numbers moved.
#[test]
fn gains_are_those_of_the_ledger() {
    for market in markets() {
        for policy in policies() {
            let compiled = market.compile(&policy).unwrap();
            let mut workspace = compiled.workspace().unwrap();
            let moved = compiled.param("demand/Abroad/oxide/quantity").unwrap();
            for quantity in [9.0, 9.5] {
                workspace.set(moved, quantity).unwrap();
                let solved = compiled.equilibrium_from(&mut workspace).unwrap();
                let ledger = solved.ledger().unwrap();
                // the gain settled after the solve is in the accounts only
                let lumps = policy
                    .entries()
                    .iter()
                    .any(|e| format!("{e:?}").contains("MinimumEarnings"));
                if lumps {
                    continue;
                }
                let sensitivity = compiled.sensitivity(&mut workspace).unwrap();
                for account in ledger.accounts() {
                    let outcome = Outcome::surplus(account.party());
                    let expected = ledger.surplus(account.party()).unwrap();
                    assert_relative_eq!(
                        sensitivity.value(&outcome).unwrap(),
                        expected,
                        epsilon = 1e-6
                    );
                }
                for region in ["Home", "Abroad"] {
                    let found = sensitivity.value(&Outcome::welfare(region)).unwrap();
                    assert_relative_eq!(found, ledger.region(region), epsilon = 1e-6);
                }
            }
        }
    }
}

#[test]
fn unknown_parties_are_named_with_the_known_ones() {
    let [market, _] = markets();
    let compiled = market.compile(&Policy::none()).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    compiled.solve_into(&mut workspace).unwrap();
    let sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    let error = sensitivity
        .value(&Outcome::surplus("nobody"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("nobody") && error.contains("mine"),
        "{error}"
    );
    let error = sensitivity
        .value(&Outcome::welfare("Mars"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Mars") && error.contains("Abroad, Home"),
        "{error}"
    );
}
