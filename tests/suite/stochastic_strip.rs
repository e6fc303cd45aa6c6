//! The contract strip against its closed form, a large independent simulation and a hand calculation.

use approx::assert_relative_eq;
use pricefloor::finance::expected_excess;
use pricefloor::stochastic::{
    Lognormal, MeanReverting, MeanRevertingTerms, Moments, Simulation, TimeGrid,
};
use pricefloor::viability::{ContractStrip, ContractStripTerms, StripError, StripRun};

const TERMS: ContractStripTerms = ContractStripTerms {
    output: 1.0,
    floor_share: 0.5,
    floor: 85.0,
    fixed_share: 0.5,
    fixed_price: 100.0,
    unit_cost: 86.0,
    debt_service: 10.0,
    opening_cash: 30.0,
    discount_rate: 0.08,
};

fn price() -> MeanReverting {
    MeanReverting::new(MeanRevertingTerms {
        spot: 90.0,
        reversion: 0.6,
        log_mean: 100f64.ln(),
        volatility: 0.3,
    })
    .unwrap()
}

fn simulate(paths: usize, seed: u64) -> StripRun {
    let strip = ContractStrip::new(TERMS).unwrap();
    strip
        .simulate(
            &price(),
            &TimeGrid::regular(12, 120).unwrap(),
            &Simulation::new(paths, seed).unwrap(),
        )
        .unwrap()
}

/// The mean is exact month by month: E max(P, F) = F + E max(P - F, 0), lognormal. An independent evaluation
/// of the same sum gave 531.8713093631.
#[test]
fn mean_agrees_with_the_closed_form() {
    let (grid, price) = (TimeGrid::regular(12, 120).unwrap(), price());
    let exact: f64 = grid
        .times()
        .iter()
        .map(|&time| {
            let floored = 85.0 + expected_excess(price.log_marginal(time), 85.0).unwrap();
            1.08f64.powf(-time) * (0.5 * floored + 0.5 * 100.0 - 86.0 - 10.0)
        })
        .sum();
    assert_relative_eq!(exact, 531.871_309_363_1, max_relative = 1e-12);
    let moments = simulate(100_000, 1).npv_moments();
    assert!(
        (moments.mean() - exact).abs() <= 3.0 * moments.standard_error(),
        "{}",
        moments.mean()
    );
}

/// A NumPy simulation of 2.4e7 paths: probability of default 0.44765 +- 0.0001, standard deviation 478.75,
/// 5 % quantile -104.8.
#[test]
fn default_probability_and_spread_agree_with_a_large_simulation() {
    let run = simulate(100_000, 2);
    let error = run.default_standard_error().hypot(1e-4);
    assert!(
        (run.default_probability() - 0.44765).abs() <= 3.0 * error,
        "{}",
        run.default_probability()
    );
    let summary = run.npv_summary().unwrap();
    // The standard error of a standard deviation is s sqrt((kurtosis - 1) / 4n), below 2.5 here.
    assert!(
        (summary.standard_deviation() - 478.75).abs() <= 7.5,
        "{}",
        summary.standard_deviation()
    );
    // That of a quantile is sqrt(q (1 - q) / n) over the density there, 0.0007 / 0.0009 per unit.
    assert!(
        (summary.quantile(0.05).unwrap() + 104.8).abs() <= 3.0,
        "{}",
        summary.quantile(0.05).unwrap()
    );
}

#[cfg(feature = "parallel")]
#[test]
fn one_and_two_threads_give_the_same_bytes() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        serde_json::to_string(&pool.install(|| simulate(5_000, 3))).unwrap()
    };
    assert_eq!(run(1), run(2));
}

/// Without volatility and at its mean the price stays at 80. By hand: floor 85 on 40 %, strike 100 on 35 %, spot on
/// 25 %, so 0.4 x 85 + 0.35 x 100 + 0.25 x 80 = 89 a unit; 2 units at a cost of 93, less debt service of 4: -12 a
/// year. Cash 20 -> 8 -> -4: default in year 2. At 10 %: -12 (1/1.1 + 1/1.21) = -20.826446.
#[test]
fn a_constant_price_by_hand() {
    let still = MeanReverting::new(MeanRevertingTerms {
        spot: 80.0,
        reversion: 1.0,
        log_mean: 80f64.ln(),
        volatility: 0.0,
    })
    .unwrap();
    let terms = ContractStripTerms {
        output: 2.0,
        floor_share: 0.4,
        fixed_share: 0.35,
        unit_cost: 93.0,
        debt_service: 4.0,
        opening_cash: 20.0,
        discount_rate: 0.1,
        ..TERMS
    };
    let strip = ContractStrip::new(terms).unwrap();
    let simulation = Simulation::new(3, 1).unwrap();
    let two = strip
        .simulate(&still, &TimeGrid::regular(1, 2).unwrap(), &simulation)
        .unwrap();
    assert_eq!(two.npv().len(), 3);
    assert_relative_eq!(
        two.npv()[2],
        -12.0 / 1.1 - 12.0 / 1.21,
        max_relative = 1e-12
    );
    assert_eq!(two.default_probability(), 1.0);
    let one = strip
        .simulate(&still, &TimeGrid::regular(1, 1).unwrap(), &simulation)
        .unwrap();
    assert_eq!(one.default_probability(), 0.0);
    assert_eq!(one.npv_moments(), Moments::of(one.npv()));
}

#[test]
fn terms_are_checked_and_round_trip() {
    let text = |terms| ContractStrip::new(terms).unwrap_err().to_string();
    assert_eq!(
        text(ContractStripTerms {
            floor_share: 0.7,
            ..TERMS
        }),
        "contract strip: floor_share plus fixed_share is 1.2, but it must be at most 1"
    );
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(
            ContractStrip::new(ContractStripTerms {
                floor: bad,
                ..TERMS
            })
            .is_err()
        );
        assert!(
            ContractStrip::new(ContractStripTerms {
                discount_rate: bad,
                ..TERMS
            })
            .is_err()
        );
        assert!(matches!(
            ContractStrip::new(ContractStripTerms {
                opening_cash: bad,
                ..TERMS
            }),
            Err(StripError::Term {
                name: "opening_cash",
                ..
            })
        ));
    }
    let strip = ContractStrip::new(TERMS).unwrap();
    let json = serde_json::to_string(&strip).unwrap();
    assert_eq!(serde_json::from_str::<ContractStrip>(&json).unwrap(), strip);
    assert!(serde_json::from_str::<ContractStrip>(&json.replace("output", "outputs")).is_err());
    assert!(serde_json::from_str::<ContractStrip>(&json.replace("0.08", "-2.0")).is_err());
    let run = simulate(3, 1);
    let json = serde_json::to_string(&run).unwrap();
    assert_eq!(serde_json::from_str::<StripRun>(&json).unwrap(), run);
    assert!(
        serde_json::from_str::<StripRun>(&json.replace(r#""paths":3"#, r#""paths":4"#)).is_err()
    );
    let huge = ContractStrip::new(ContractStripTerms {
        output: 1e300,
        opening_cash: 1e308,
        floor: 1e9,
        ..TERMS
    });
    let grid = TimeGrid::regular(12, 12).unwrap();
    assert!(
        huge.unwrap()
            .simulate(&price(), &grid, &Simulation::new(10, 1).unwrap())
            .is_err()
    );
}
