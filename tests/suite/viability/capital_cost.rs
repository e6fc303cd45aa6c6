//! Cost of capital and debt capacity against closed forms.

use super::*;
use pricefloor::finance::{Sculpting, SculptingTerms};
use pricefloor::stochastic::{GeometricBrownian, GeometricBrownianTerms};
use pricefloor::viability::{CapitalCost, DebtSizing};

const SPOT: f64 = 60.0;
const DRIFT: f64 = 0.08;
const RISKLESS: f64 = 0.04;
const VOLATILITY: f64 = 0.25;
const STRIKE: f64 = 70.0;
const YEARS: i32 = 5;
const SIZING: DebtSizing = DebtSizing {
    cover: 1.3,
    shortfall: 0.1,
    rate: 0.06,
    years: 4.0,
};

fn brownian(drift: f64) -> GeometricBrownian {
    GeometricBrownian::new(GeometricBrownianTerms {
        spot: SPOT,
        drift,
        volatility: VOLATILITY,
    })
    .unwrap()
}

/// A hundred units a year at `cost` each without tax, plain, and with a floor on half of them and on all.
fn plain(cost: f64) -> Study {
    let project = ProjectTerms {
        unit_cost: vec![CostPoint {
            output: 100.0,
            unit_cost: cost,
        }],
        growth: None,
        ..project_terms()
    };
    let with = |share| vec![floor(STRIKE, Coverage::Share(share))];
    let cases = vec![
        case("none", capital(0.0, vec![]), vec![]),
        case("half", capital(0.0, vec![]), with(0.5)),
        case("all", capital(0.0, vec![]), with(1.0)),
    ];
    study(project, cases)
}

fn costs(study: &Study, simulation: Simulation) -> Vec<CapitalCost> {
    let pricing = Pricing {
        source: &brownian((1.0 + RISKLESS).ln()),
        riskless: RISKLESS,
    };
    study
        .capital_costs(&brownian(DRIFT), pricing, SIZING, simulation)
        .unwrap()
}

fn found() -> Vec<CapitalCost> {
    let draws = Draws::Sobol {
        seed: 3,
        points: 4096,
    };
    costs(
        &plain(0.0),
        Simulation::with_draws(4 * 4096, draws).unwrap(),
    )
}

/// E max(K - S, 0) at `years` where E S = SPOT e^(drift years): Black's formula, undiscounted.
fn put(drift: f64, years: f64) -> f64 {
    let normal = Normal::new(0.0, 1.0).unwrap();
    let (forward, deviation) = (SPOT * (drift * years).exp(), VOLATILITY * years.sqrt());
    let d = (forward / STRIKE).ln() / deviation + 0.5 * deviation;
    STRIKE * normal.cdf(deviation - d) - forward * normal.cdf(-d)
}

/// Value and cost of capital of [`plain`] with a floor on `share` of the output. The flow is 100 (S_t - cost) and that share of a
/// put by Black's formula, with the historical drift in what is expected and the riskless one in what it is worth; the rate
/// is found by bisection.
fn exact(cost: f64, share: f64) -> (f64, f64) {
    let value: f64 = (1..=YEARS)
        .map(|t| {
            let years = f64::from(t);
            let sure = share * put((1.0 + RISKLESS).ln(), years) - cost;
            100.0 * (SPOT + sure * (1.0 + RISKLESS).powf(-years))
        })
        .sum();
    let present = |rate: f64| -> f64 {
        let flow = |t| {
            let years = f64::from(t);
            let flow = SPOT * (DRIFT * years).exp() + share * put(DRIFT, years) - cost;
            100.0 * flow * (1.0 + rate).powf(-years)
        };
        (1..=YEARS).map(flow).sum()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if present(middle) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    (value, low)
}

/// The tenth percentile of the price, SPOT e^((drift - v^2 / 2) t - 1.2816 v sqrt t), lies below the strike in years 1 to 4, so
/// that the floor on all of the output makes the cash 100 STRIKE there, and without one it is 100 times that percentile.
fn capacity(share: f64) -> f64 {
    let tenth = Normal::new(0.0, 1.0).unwrap().inverse_cdf(0.1);
    let part = |t: i32| {
        let years = f64::from(t);
        let log =
            (DRIFT - 0.5 * VOLATILITY * VOLATILITY) * years + tenth * VOLATILITY * years.sqrt();
        let price = SPOT * log.exp();
        assert!(price < STRIKE);
        100.0 * (price + share * (STRIKE - price)) / 1.3 * 1.06f64.powi(-t)
    };
    (1..=4).map(part).sum()
}

/// Without a cost each flow 100 S_t is worth 100 SPOT today and expected to be 100 SPOT e^(drift t), so that capital costs
/// e^drift - 1 = 8.33 % whatever the dates.
#[test]
fn a_floor_lowers_the_cost_of_capital_to_what_black_gives() {
    assert!((exact(0.0, 0.0).1 - DRIFT.exp_m1()).abs() < 1e-12);
    let found = found();
    for (found, share) in found.iter().zip([0.0, 0.5, 1.0]) {
        let (value, expected) = exact(0.0, share);
        let rate = found.rate().unwrap();
        // Nets of Sobol points err less than independent paths would: a thousandth of the value, a few basis points of the rate.
        assert!(
            (found.value().mean() / value - 1.0).abs() < 1e-3,
            "{}: {} for {value}",
            found.case(),
            found.value()
        );
        assert!(
            (rate - expected).abs() < 5e-4,
            "{}: {rate} for {expected}",
            found.case()
        );
        assert!(found.rate_error().unwrap() < 5e-4);
    }
    let rates: Vec<f64> = found.iter().map(|cost| cost.rate().unwrap()).collect();
    assert!(
        rates[0] > rates[1] + 0.005 && rates[1] > rates[2] + 0.005,
        "{rates:?}"
    );
    assert!(rates[2] > RISKLESS);
}

#[test]
fn a_floor_raises_debt_capacity_by_the_quantile_that_it_lifts() {
    for (found, share) in found().iter().zip([0.0, 0.5, 1.0]) {
        let (found, expected) = (found.debt_capacity(), capacity(share));
        assert!(
            (found / expected - 1.0).abs() < 2e-3,
            "{found} for {expected}"
        );
    }
}

/// Costs are fixed claims before the owners': the closed form with a cost of 40 has a rate well above the price's own.
#[test]
fn fixed_cost_is_leverage() {
    let draws = Draws::Sobol {
        seed: 5,
        points: 4096,
    };
    let found = costs(
        &plain(40.0),
        Simulation::with_draws(4 * 4096, draws).unwrap(),
    );
    for (found, share) in found.iter().zip([0.0, 0.5, 1.0]) {
        let (rate, (_, expected)) = (found.rate().unwrap(), exact(40.0, share));
        assert!(
            (rate - expected).abs() < 1e-3,
            "{}: {rate} for {expected}",
            found.case()
        );
    }
    assert!(found[0].rate().unwrap() > DRIFT.exp_m1() + 0.03);
}

/// Misses of forty seeds in their own standard errors have a root mean square of 1, itself good to 1 / sqrt 80 = 0.11; three
/// of those. The mean miss is good to 1 / sqrt 40 = 0.16. Without a floor prices of both measures, discounted at their rates, are
/// the same path by path, so that the rate is exact; with one on all of the output the tenth percentile is sure.
#[test]
fn standard_errors_are_those_of_repeated_runs() {
    let study = plain(0.0);
    let mut misses = [const { Vec::new() }; 3];
    for seed in 0..40 {
        let found = costs(&study, Simulation::new(2000, seed).unwrap());
        for (place, share) in [(1, 0.5), (2, 1.0)] {
            let (rate, error) = (
                found[place].rate().unwrap(),
                found[place].rate_error().unwrap(),
            );
            misses[place - 1].push((rate - exact(0.0, share).1) / error);
        }
        let none = &found[0];
        close(none.rate().unwrap(), DRIFT.exp_m1());
        assert!(none.rate_error().unwrap() < 1e-12);
        misses[2].push((none.debt_capacity() - capacity(0.0)) / none.debt_capacity_error());
        assert_eq!(found[2].debt_capacity_error(), 0.0);
        close(found[2].debt_capacity(), capacity(1.0));
    }
    for misses in misses {
        let count = misses.len() as f64;
        let mean = misses.iter().sum::<f64>() / count;
        let square = misses.iter().map(|miss| miss * miss).sum::<f64>() / count;
        assert!(mean.abs() < 0.5, "{mean}");
        assert!((square.sqrt() - 1.0).abs() < 0.34, "{square}");
    }
}

/// Where the pricing measure is the historical one, both sums are of the same paths and the rate is the riskless one.
#[test]
fn without_a_price_of_risk_capital_costs_the_riskless_rate() {
    let source = brownian(DRIFT);
    let pricing = Pricing {
        source: &source,
        riskless: RISKLESS,
    };
    let simulation = Simulation::new(500, 1).unwrap();
    let found = plain(40.0)
        .capital_costs(&source, pricing, SIZING, simulation)
        .unwrap();
    for cost in found {
        close(cost.rate().unwrap(), RISKLESS);
        assert!(cost.rate_error().unwrap() < 1e-12);
    }
}

/// With quarters, growth, tax and inflation at a price that never moves, the loan is the one that sculpting gives on the firm's
/// own cash flow.
#[test]
fn debt_capacity_is_the_sculpted_loan_on_the_same_cash() {
    let study = study(quarterly(), four_cases());
    let source = flat(90.0);
    let pricing = Pricing {
        source: &source,
        riskless: 0.04,
    };
    let sizing = DebtSizing {
        years: 5.0,
        ..SIZING
    };
    let simulation = Simulation::new(10, 1).unwrap();
    let found = study
        .capital_costs(&source, pricing, sizing, simulation)
        .unwrap();
    let bare = study.producer("none").unwrap().unlevered().unwrap();
    let flow = bare.cash_flow(&[90.0; 72], true).unwrap();
    let available: Vec<f64> = flow
        .periods()
        .iter()
        .map(|period| period.available())
        .collect();
    let loan = SculptingTerms {
        cover: 1.3,
        gearing: 1.0,
        need: 1e6,
        rate: 0.06,
        period_years: 0.25,
        grace: 0,
        periods: 20,
    };
    let Sculpting::Sized(loan) = loan.size(&available).unwrap() else {
        panic!("a loan")
    };
    for cost in &found {
        close(cost.debt_capacity(), loan.principal());
        assert_eq!(cost.debt_capacity_error(), 0.0);
    }
}

/// At a price of 30 and a cost of 60 there is nothing but loss: no rate, and no debt.
#[test]
fn a_project_that_only_loses_has_no_rate_and_no_debt() {
    let project = ProjectTerms {
        growth: None,
        ..project_terms()
    };
    let study = study(project, vec![case("none", capital(1e5, vec![]), vec![])]);
    let (source, higher) = (flat(30.0), flat(31.0));
    let pricing = Pricing {
        source: &higher,
        riskless: 0.04,
    };
    let simulation = Simulation::new(10, 1).unwrap();
    let found = study
        .capital_costs(&source, pricing, SIZING, simulation)
        .unwrap();
    close(found[0].value().mean(), -2900.0 * annuity(0.04, 1, 5));
    assert_eq!(found[0].debt_capacity(), 0.0);
    // -3000 a year against -2900 at 4 %: both lose, and the rate of the losses is what equates them.
    let rate = found[0].rate().unwrap();
    close(3000.0 * annuity(rate, 1, 5), 2900.0 * annuity(0.04, 1, 5));
    let gains = flat(70.0);
    let pricing = Pricing {
        source: &gains,
        riskless: 0.04,
    };
    let found = study
        .capital_costs(&source, pricing, SIZING, simulation)
        .unwrap();
    assert_eq!(found[0].rate(), None);
    assert_eq!(*found[0].rates(), Irr::None(NoIrr::NoSignChange));
    assert_eq!(found[0].rate_error(), None);
}

/// A floor of 80 for three years on a price of 50, priced as 49, and a cost of 60: 2000 a year, then -1000, priced as -1100.
/// 2000 a(1..3) - 1000 a(4..5) at k is 2000 a(1..3) - 1100 a(4..5) at 4 % for two rates; at 4 % its slope is
/// -2000 (1/1.04^2 + 2/1.04^3 + 3/1.04^4) + 1000 (4/1.04^5 + 5/1.04^6) = -3295, so that it falls to the lower value above 4 %.
#[test]
fn of_several_rates_the_cost_of_capital_is_the_one_on_the_branch_of_the_riskless_rate() {
    let project = ProjectTerms {
        growth: None,
        ..project_terms()
    };
    let contract = PriceContract::new(PriceContractTerms {
        end: 3.0,
        ..floor_terms(80.0, Coverage::Share(1.0))
    });
    let covered = Covered {
        product: "oxide".into(),
        contract: contract.unwrap(),
    };
    let study = study(
        project,
        vec![case("floor", capital(1e5, vec![]), vec![covered])],
    );
    let pricing = Pricing {
        source: &flat(49.0),
        riskless: RISKLESS,
    };
    let simulation = Simulation::new(10, 1).unwrap();
    let found = study
        .capital_costs(&flat(50.0), pricing, SIZING, simulation)
        .unwrap();
    let value = 2000.0 * annuity(RISKLESS, 1, 3) - 1100.0 * annuity(RISKLESS, 4, 5);
    close(found[0].value().mean(), value);
    let &[low, high] = found[0].rates().rates() else {
        panic!("two rates: {:?}", found[0].rates())
    };
    for rate in [low, high] {
        close(
            2000.0 * annuity(rate, 1, 3) - 1000.0 * annuity(rate, 4, 5),
            value,
        );
    }
    assert!(low < RISKLESS && RISKLESS < high);
    assert_eq!(found[0].rate(), Some(high));
}

#[test]
fn bad_sizings_are_refused_by_name() {
    let study = plain(40.0);
    let source = brownian(DRIFT);
    let pricing = Pricing {
        source: &source,
        riskless: RISKLESS,
    };
    let simulation = Simulation::new(10, 1).unwrap();
    let refused = |sizing| {
        study
            .capital_costs(&source, pricing, sizing, simulation)
            .unwrap_err()
            .to_string()
    };
    let with = |change: fn(&mut DebtSizing)| {
        let mut sizing = SIZING;
        change(&mut sizing);
        refused(sizing)
    };
    let messages = [
        with(|s| s.cover = 0.9),
        with(|s| s.shortfall = 0.0),
        with(|s| s.rate = -0.01),
        with(|s| s.years = 0.5),
        with(|s| s.years = 6.0),
        with(|s| s.cover = f64::NAN),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    cover ratio is 0.9, but it must be finite and at least 1
    probability of a shortfall is 0, but it must be above 0 and at most 1
    rate of the loan is -0.01, but it must be finite and not below 0
    term of the loan in years is 0.5, but it must be finite and at least 1
    term of the loan in years is 6, but it must be finite and at most 5
    cover ratio is NaN, but it must be finite and at least 1
    ");
}
