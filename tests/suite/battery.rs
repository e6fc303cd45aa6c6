//! What every measure must do, over the whole list: not binding it changes nothing; its payments sum to zero and the
//! accounts close; its derivative in its own level is that of finite differences, on each side where it is just binding.
//!
//! A measure that is added to the library and not to [`cases`] fails `every_measure_is_here`.

use pricefloor::complementarity::Settings;
use pricefloor::equilibrium::{Equilibrium, Outcome, Side};
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

/// Two regions and two stages at rising costs: home imports oxide and magnets, and its plant makes magnets of oxide.
fn market() -> Market {
    let demand = |intercept| Demand::linear(line(intercept, -1.0)).unwrap();
    let made = |name: &str, region: &str, commodity: &str, intercept, slope| {
        let supply = Supply::linear(line(intercept, slope)).unwrap();
        Activity::producing(name, region, commodity, supply)
    };
    Market::builder("two stages", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .commodity("magnets")
        .demand("Home", "oxide", demand(20.0))
        .demand("Home", "magnets", demand(30.0))
        .demand("Abroad", "oxide", demand(12.0))
        .activity(made("mine", "Home", "oxide", 5.0, 0.5))
        .activity(made("plant", "Home", "magnets", 1.0, 0.5).with_input("oxide", 1.0))
        .activity(made("world", "Abroad", "oxide", 2.0, 0.25))
        .activity(made("works", "Abroad", "magnets", 6.0, 0.25))
        .route("Abroad", "Home", "oxide", 0.5)
        .route("Home", "Abroad", "oxide", 0.5)
        .route("Abroad", "Home", "magnets", 0.5)
        .build()
        .unwrap()
}

/// A measure as a function of its level.
struct Case {
    /// Measures that stand before it, and in the market it is compared with.
    before: Policy,
    at: Box<dyn Fn(f64) -> Measure>,
    /// Path of the level under the measure; none for a measure without one.
    level: Option<&'static str>,
    /// A level at which it binds, away from a switch.
    binding: f64,
    /// A level at which it changes nothing.
    idle: f64,
    /// The level at which it is just binding, from the market without it; none where nothing switches.
    switch: Option<fn(&Equilibrium) -> f64>,
}

fn case<M: Into<Measure>>(
    level: &'static str,
    binding: f64,
    idle: f64,
    at: impl Fn(f64) -> M + 'static,
) -> Case {
    Case {
        before: Policy::none(),
        at: Box::new(move |value| at(value).into()),
        level: Some(level),
        binding,
        idle,
        switch: None,
    }
}

impl Case {
    fn switching(mut self, at: fn(&Equilibrium) -> f64) -> Self {
        self.switch = Some(at);
        self
    }
}

fn home_price(free: &Equilibrium) -> f64 {
    free.price("Home", "oxide").unwrap()
}

fn abroad_price(free: &Equilibrium) -> f64 {
    free.price("Abroad", "oxide").unwrap()
}

fn imports(free: &Equilibrium) -> f64 {
    free.flow("Abroad", "Home", "oxide").unwrap()
}

fn mined(free: &Equilibrium) -> f64 {
    free.level("mine").unwrap()
}

/// Sales of the mine as a share of all that is brought to the home market.
fn mined_share(free: &Equilibrium) -> f64 {
    mined(free) / (mined(free) + imports(free))
}

/// Free, oxide costs 313/44 = 7.11 at home and 0.5 less abroad, the mine makes 4.2, and 13.1 are imported: from
/// 52.5 - 8 p + 2 (51 - 5 p) / 7 = 0.
fn cases() -> Vec<Case> {
    let (home, oxide) = ("Home", "oxide");
    let rate = |rate| Rate::AdValorem {
        rate,
        base: Base::Origin,
    };
    let aid = Policy::new()
        .with("aid", ProductionSubsidy::new("Abroad", oxide, 1.0))
        .unwrap();
    let holders = RentOwner::Importers;
    vec![
        case("normal_value", 8.5, 2.0, move |v| {
            AntiDumpingDuty::new(home, oxide, "Abroad", v)
        })
        .switching(abroad_price),
        case("floor", 8.5, 2.0, move |v| BorderFloor::new(home, oxide, v)).switching(home_price),
        case("strike", 9.0, 2.0, |v| {
            ContractFloor::new(v).covering("mine")
        })
        .switching(home_price),
        // settled both ways: it changes nothing at a strike that is the price, where nothing is paid
        case("strike", 9.0, f64::NAN, |v| {
            ContractForDifference::new(v).covering("mine")
        }),
        Case {
            before: aid,
            ..case("share", 0.5, 0.0, move |v| {
                CountervailingDuty::new(home, oxide, "Abroad")
                    .against("aid")
                    .share(v)
            })
        },
        case("target", 9.0, 2.0, move |v| {
            DeficiencyPayment::new(home, oxide, v)
        })
        .switching(home_price),
        // nothing goes from home to abroad
        Case {
            level: None,
            ..case("", 0.0, 1.0, move |v| {
                let from = if v > 0.0 { home } else { "Abroad" };
                Embargo::on_exports(from, oxide)
            })
        },
        case("quota", 4.0, 1e3, move |v| {
            ExportQuota::new("Abroad", oxide, v, RentOwner::Exporters)
        })
        .switching(imports),
        case("rate", 0.1, 0.0, move |v| {
            ExportTax::ad_valorem("Abroad", oxide, v)
        }),
        case("premium", 1.0, 0.0, |premium| {
            let price = OfftakePrice::Market {
                premium,
                floor: None,
            };
            GuaranteedOfftake::new("mine", 3.0, price)
        }),
        case("volume", 16.0, 1.0, move |v| {
            ImportCommitment::new(home, oxide, v)
        })
        .switching(imports),
        case("quota", 4.0, 1e3, move |v| {
            ImportQuota::new(home, oxide, v, holders)
        })
        .switching(imports),
        case("rate", 0.1, 0.0, move |v| {
            InputSubsidy::ad_valorem(home, oxide, v)
        }),
        // a lump sum: there is nothing that it moves
        case("guarantee", 30.0, 1.0, |v| MinimumEarnings::new("mine", v)),
        case("share", 0.6, 0.01, move |v| {
            OriginRequirement::new(home, oxide, v).named(home)
        })
        .switching(mined_share),
        case("lower", 9.0, 1.0, move |lower| {
            PriceBand::new(home, oxide, Band { lower, upper: 50.0 }).stock(5.0)
        })
        .switching(home_price),
        case("minimum", 9.0, 1.0, move |v| {
            PriceUndertaking::new(home, oxide, v).from("Abroad")
        })
        .switching(home_price),
        case("volume", 6.0, 0.0, move |v| {
            ProcurementPreference::new(home, oxide, v, 0.5).named(home)
        })
        .switching(mined),
        case("quota", 4.0, 1e3, move |v| {
            ProductionQuota::new(home, oxide, v)
        })
        .switching(mined),
        case("rate", 1.0, 0.0, move |v| {
            ProductionSubsidy::new(home, oxide, v)
        }),
        case("floor/oxide", 8.5, 2.0, move |v| {
            ReferencePriceLadder::new(home).rung(oxide, v)
        })
        .switching(home_price),
        case("ceiling", 6.5, 50.0, move |v| {
            StatutoryCeiling::new(home, oxide, v, Rationing::Efficient)
        })
        .switching(home_price),
        case("floor", 8.5, 2.0, move |v| {
            StatutoryMinimum::new(home, oxide, v, Rationing::Efficient)
        })
        .switching(home_price),
        case("floor", 8.5, 2.0, move |v| {
            SupportBuying::new(home, oxide, v)
        })
        .switching(home_price),
        case("rate", 0.1, 0.0, move |v| {
            Tariff::ad_valorem(home, oxide, v, Base::Delivered)
        }),
        case("quota", 9.0, 1e3, move |v| {
            TariffRateQuota::new(home, oxide, v, holders).duties(rate(0.0), rate(0.5))
        })
        .switching(imports),
        case("share", 0.2, 0.0, move |v| TaxCredit::new(home, oxide, v)),
    ]
}

/// Name of a measure's variant, as its debug output begins.
fn name(measure: &Measure) -> String {
    let text = format!("{measure:?}");
    text.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

#[test]
fn every_measure_is_here() {
    let source = include_str!("../../src/intervention/policy.rs");
    let (_, list) = source.split_once("\nmeasures![").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let here: Vec<String> = cases().iter().map(|c| name(&(c.at)(c.binding))).collect();
    let listed: Vec<&str> = list
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    assert!(listed.len() > 20);
    for measure in listed {
        assert!(
            here.iter().any(|n| n == measure),
            "{measure} is not in the battery"
        );
    }
}

fn outcomes() -> Vec<Outcome> {
    let mut list = Vec::new();
    for region in ["Home", "Abroad"] {
        list.push(Outcome::price(region, "oxide"));
        list.push(Outcome::demanded(region, "oxide"));
    }
    list.push(Outcome::price("Home", "magnets"));
    for activity in ["mine", "plant", "world", "works", "Abroad -> Home: oxide"] {
        list.push(Outcome::level(activity));
    }
    list
}

fn values(solved: &Equilibrium) -> Vec<f64> {
    let mut list = Vec::new();
    for region in ["Home", "Abroad"] {
        list.push(solved.price(region, "oxide").unwrap());
        list.push(solved.node(region, "oxide").unwrap().demanded());
    }
    list.push(solved.price("Home", "magnets").unwrap());
    for activity in ["mine", "plant", "world", "works", "Abroad -> Home: oxide"] {
        list.push(solved.level(activity).unwrap());
    }
    list
}

fn with(case: &Case, level: f64) -> Policy {
    case.before
        .clone()
        .with("measure", (case.at)(level))
        .unwrap()
}

fn solve(case: &Case, level: f64) -> Equilibrium {
    let policy = with(case, level);
    market()
        .solve(&policy)
        .unwrap_or_else(|error| panic!("{}: {error}", name(&(case.at)(level))))
}

#[test]
fn not_binding_it_changes_nothing() {
    for case in cases() {
        let free = market().solve(&case.before).unwrap();
        let idle = if case.idle.is_nan() {
            home_price(&free)
        } else {
            case.idle
        };
        let solved = solve(&case, idle);
        for (a, b) in values(&free).into_iter().zip(values(&solved)) {
            let who = name(&(case.at)(idle));
            assert!(
                (a - b).abs() <= 1e-9 * a.abs().max(1.0),
                "{who}: {a} and {b}"
            );
        }
        assert!(solved.ledger().unwrap().outlay("measure").abs() <= 1e-8);
    }
}

#[test]
fn binding_it_moves_something_and_the_accounts_close() {
    for case in cases() {
        let who = name(&(case.at)(case.binding));
        let free = market().solve(&case.before).unwrap();
        let solved = solve(&case, case.binding);
        let ledger = solved.ledger().unwrap();
        assert!(ledger.identity_error() <= 1e-9, "{who}");
        assert!(ledger.clearing_error() <= 1e-9, "{who}");
        // what parties pay for the measure is what parties get
        let mut net: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
        let mut turnover = 0.0;
        for payment in ledger.payments() {
            *net.entry(payment.payer()).or_default() -= payment.amount();
            *net.entry(payment.payee()).or_default() += payment.amount();
            turnover += payment.amount();
        }
        let total: f64 = net.values().sum();
        assert!(total.abs() <= 1e-9 * turnover, "{who}: {total}");
        // every market pays out what it takes in, so all that is left is between parties
        for (party, left) in &net {
            let pool = party.starts_with("market for");
            assert!(
                !pool || left.abs() <= 1e-9 * turnover,
                "{who}: {party} keeps {left}"
            );
        }
        let prices_move = values(&free)
            .into_iter()
            .zip(values(&solved))
            .any(|(a, b)| (a - b).abs() > 1e-3);
        let pays = ledger
            .payments()
            .iter()
            .any(|p| p.measure() == Some("measure") && p.amount() > 1e-3);
        assert!(
            prices_move || pays,
            "{who} does nothing at {}",
            case.binding
        );
    }
}

fn exact() -> Settings {
    Settings::builder()
        .residual_tolerance(1e-13)
        .price_tolerance(1e-13)
        .build()
        .unwrap()
}

/// The change of the outcomes per unit of the level on one side, by a difference of the second order.
fn one_sided(case: &Case, level: f64, step: f64) -> Vec<f64> {
    let path = format!("measure/measure/{}", case.level.unwrap_or_default());
    let compiled = market().compile(&with(case, level)).unwrap();
    let param = compiled.param(&path).unwrap();
    let mut workspace = compiled.workspace_with(exact()).unwrap();
    let mut at = |steps: f64| {
        workspace.set(param, level + steps * step).unwrap();
        workspace.restart();
        values(&compiled.equilibrium_from(&mut workspace).unwrap())
    };
    let (here, one, two) = (at(0.0), at(1.0), at(2.0));
    (0..here.len())
        .map(|o| (-3.0 * here[o] + 4.0 * one[o] - two[o]) / (2.0 * step))
        .collect()
}

fn compare(case: &Case, level: f64, side: Side, expected: &[f64]) {
    let path = format!("measure/measure/{}", case.level.unwrap_or_default());
    let compiled = market().compile(&with(case, level)).unwrap();
    let param = compiled.param(&path).unwrap();
    let mut workspace = compiled.workspace_with(exact()).unwrap();
    compiled.solve_into(&mut workspace).unwrap();
    let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    for (outcome, expected) in outcomes().iter().zip(expected) {
        let found = sensitivity.derivative(outcome, param, side).unwrap();
        let who = name(&(case.at)(level));
        assert!(
            (found - expected).abs() <= 1e-6 * expected.abs().max(1.0),
            "{who} at {level}, {side:?}: d {outcome:?} is {found}, not {expected}"
        );
    }
}

#[test]
fn its_derivative_is_that_of_differences() {
    for case in cases().iter().filter(|c| c.level.is_some()) {
        let step = 1e-4 * case.binding.abs();
        let (up, down) = (
            one_sided(case, case.binding, step),
            one_sided(case, case.binding, -step),
        );
        // away from a switch both sides are one number, and their mean is better than either
        let mean: Vec<f64> = up.iter().zip(&down).map(|(a, b)| 0.5 * (a + b)).collect();
        for side in [Side::Up, Side::Down] {
            compare(case, case.binding, side, &mean);
        }
    }
}

#[test]
fn where_it_is_just_binding_each_side_has_its_own_derivative() {
    let mut kinks = 0;
    for case in cases() {
        let Some(switch) = case.switch else { continue };
        let level = switch(&market().solve(&case.before).unwrap());
        let step = 1e-4 * level.abs();
        let (up, down) = (
            one_sided(&case, level, step),
            one_sided(&case, level, -step),
        );
        compare(&case, level, Side::Up, &up);
        compare(&case, level, Side::Down, &down);
        let differs = up.iter().zip(&down).any(|(a, b)| (a - b).abs() > 1e-3);
        assert!(
            differs,
            "{} has no switch at {level}",
            name(&(case.at)(level))
        );
        kinks += 1;
    }
    assert!(kinks >= 15, "{kinks} measures have a switch");
}
