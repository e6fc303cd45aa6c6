use super::exp2::exp2;
use super::log_normal_steps::LogNormalSteps;
use super::*;
use pulp::Arch;

fn perf_price() -> MeanReverting {
    MeanReverting::new(MeanRevertingTerms {
        spot: 90.0,
        reversion: 0.6,
        log_mean: 100f64.ln(),
        volatility: 0.3,
    })
    .unwrap()
}

#[test]
fn exp2_is_within_one_unit_of_the_standard_library() {
    let mut worst = 0;
    for k in -1_000_000..=1_000_000 {
        let x = f64::from(k) * 1e-3 * (1.0 - 1e-6 * f64::from(i32::rem_euclid(k, 97)));
        worst = worst.max(exp2(x).to_bits().abs_diff(x.exp2().to_bits()));
    }
    assert!(worst <= 1, "{worst} units in the last place");
    assert_eq!([exp2(0.0), exp2(-1.0), exp2(10.0)], [1.0, 0.5, 1024.0]);
}

/// A price drawn with vectors of a given width.
pub(crate) struct OnArch {
    pub price: MeanReverting,
    pub arch: Arch,
}

impl OnArch {
    fn steps(&self, grid: &TimeGrid, draws: Draws) -> LogNormalSteps {
        let mut steps = LogNormalSteps::new(
            "test",
            grid,
            draws,
            |t| self.price.log_marginal(t),
            |dt| self.price.step(dt),
        )
        .unwrap();
        steps.arch = self.arch;
        steps
    }
}

impl PriceSource for OnArch {
    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        Ok(Box::new(self.steps(grid, draws)))
    }
}

/// Products and sums are never fused, so every vector width does the same arithmetic.
#[test]
fn scalar_and_vector_paths_have_the_same_bits() {
    let price = perf_price();
    let grid = TimeGrid::regular(12, 121).unwrap();
    for draws in [Draws::Plain { seed: 8 }, Draws::Antithetic { seed: 8 }] {
        let on = |arch| OnArch { price, arch }.steps(&grid, draws);
        let (mut wide, mut scalar) = (on(Arch::new()), on(Arch::Scalar));
        let (mut a, mut b) = (vec![0.0; 121 * PATHS], vec![0.0; 121 * PATHS]);
        for block in 0..20 {
            wide.fill(block, &mut a).unwrap();
            scalar.fill(block, &mut b).unwrap();
            assert!(a.iter().zip(&b).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}

/// Exact moments of dX = 0.8 (3 - X) dt + 0.5 dW, X0 = 4.2 (mpmath closed forms, tests/cases/known/sp_ou_gbm_moments.json).
#[test]
fn log_marginals_of_an_ornstein_uhlenbeck_process() {
    let price = MeanReverting::new(MeanRevertingTerms {
        spot: 4.2f64.exp(),
        reversion: 0.8,
        log_mean: 3.0,
        volatility: 0.5,
    })
    .unwrap();
    for (time, mean, variance) in [
        (0.25, 3.9824769036935783, 0.05151249280693136),
        (1.0, 3.539194756940666, 0.12470366906333509),
        (5.0, 3.021978766666481, 0.15619758396439024),
    ] {
        let marginal = price.log_marginal(time);
        approx::assert_relative_eq!(marginal.mean, mean, max_relative = 1e-14);
        approx::assert_relative_eq!(marginal.variance, variance, max_relative = 1e-14);
    }
}

/// The same case file: dS/S = 0.03 dt + 0.25 dW from 100, mean after 10 years.
#[test]
fn expected_price_of_geometric_brownian_motion() {
    let price = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 100.0,
        drift: 0.03,
        volatility: 0.25,
    })
    .unwrap();
    approx::assert_relative_eq!(
        price.expected_price(10.0),
        134.9858807576003,
        max_relative = 1e-14
    );
}

/// Schwartz (1997), equation 7, written out: ln F = e^(-kT) ln S + (1 - e^(-kT)) (alpha - lambda) + s^2 / 4k (1 - e^(-2kT)),
/// with alpha = mu - s^2 / 2k, at his copper estimates (table 4: kappa .369, mu 4.854, sigma .233, lambda -.339).
#[test]
fn futures_price_of_schwartz_1997() {
    let (kappa, mu, sigma, lambda, spot) = (0.369, 4.854, 0.233, -0.339, 95.0);
    let price = MeanReverting::from_schwartz_alpha(SchwartzTerms {
        spot,
        reversion: kappa,
        mu,
        volatility: sigma,
    })
    .unwrap();
    for time in [0.0, 0.5, 1.0, 10.0] {
        let alpha = mu - sigma * sigma / (2.0 * kappa);
        let decay = f64::exp(-kappa * time);
        let expected = decay * spot.ln()
            + (1.0 - decay) * (alpha - lambda)
            + sigma * sigma / (4.0 * kappa) * (1.0 - f64::exp(-2.0 * kappa * time));
        approx::assert_relative_eq!(
            price.futures_price(time, lambda),
            expected.exp(),
            max_relative = 1e-13
        );
    }
}

#[test]
fn simulated_log_moments_agree_with_the_exact_ones_within_three_standard_errors() {
    let price = perf_price();
    let grid = TimeGrid::new(vec![0.0, 0.25, 1.0, 4.0]).unwrap();
    let simulation = Simulation::new(100_000, 11).unwrap();
    for (index, &time) in grid.times().iter().enumerate() {
        let logs = simulation
            .per_path(&price, &grid, |block, path| block.rows()[index][path].ln())
            .unwrap();
        let moments = Moments::of(&logs);
        let exact = price.log_marginal(time);
        // The variance of a normal sample's variance is 2 v^2 / n.
        let variance_error = exact.variance * (2.0 / 100_000f64).sqrt();
        assert!((moments.mean() - exact.mean).abs() <= 3.0 * moments.standard_error() + 1e-13);
        assert!((moments.variance() - exact.variance).abs() <= 3.0 * variance_error + 1e-13);
    }
}

#[cfg(feature = "parallel")]
#[test]
fn one_and_two_threads_give_the_same_bits() {
    let price = perf_price();
    let grid = TimeGrid::regular(12, 24).unwrap();
    let simulation = Simulation::new(10_007, 3).unwrap();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            simulation
                .per_path(&price, &grid, |block, path| block.rows()[23][path])
                .unwrap()
        })
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(one.len(), 10_007);
    assert!(
        one.iter()
            .zip(&two)
            .all(|(a, b)| a.to_bits() == b.to_bits())
    );
}

#[test]
fn blocks_do_not_depend_on_the_order_in_which_they_are_drawn() {
    let price = perf_price();
    let grid = TimeGrid::regular(4, 8).unwrap();
    let mut sampler = price.sampler(&grid, Draws::Plain { seed: 5 }).unwrap();
    let (mut first, mut other, mut again) = (
        vec![0.0; 8 * PATHS],
        vec![0.0; 8 * PATHS],
        vec![0.0; 8 * PATHS],
    );
    sampler.fill(0, &mut first).unwrap();
    sampler.fill(1, &mut other).unwrap();
    sampler.fill(0, &mut again).unwrap();
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(matches!(
        sampler.fill(0, &mut first[1..]),
        Err(StochasticError::BlockLength {
            expected: 512,
            found: 511
        })
    ));
}

#[test]
fn merged_moments_equal_those_of_the_whole() {
    let sample: Vec<f64> = (0..1000).map(|k| 1e6 + f64::from(k * k % 311)).collect();
    let whole = Moments::of(&sample);
    let merged = sample
        .chunks(64)
        .map(Moments::of)
        .fold(Moments::default(), Moments::merge);
    assert_eq!(whole.count(), merged.count());
    approx::assert_relative_eq!(whole.mean(), merged.mean(), max_relative = 1e-15);
    approx::assert_relative_eq!(whole.variance(), merged.variance(), max_relative = 1e-12);
}

/// Ten values by hand: the highest 25 % is 10, 9 and half of 8, over 2.5 values: (10 + 9 + 4) / 2.5 = 9.2.
#[test]
fn tail_means_weight_the_boundary_value() {
    let summary = Summary::of(&[3.0, 1.0, 2.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0]).unwrap();
    approx::assert_relative_eq!(
        summary.upper_tail_mean(0.25).unwrap(),
        9.2,
        max_relative = 1e-15
    );
    approx::assert_relative_eq!(
        summary.lower_tail_mean(0.05).unwrap(),
        1.0,
        max_relative = 1e-15
    );
    // Hyndman and Fan's definition 7: place 0.5 x 9 = 4.5, between the fifth and sixth value.
    approx::assert_relative_eq!(summary.quantile(0.5).unwrap(), 5.5, max_relative = 1e-15);
    assert!(summary.quantile(1.5).is_err());
    assert!(summary.upper_tail_mean(0.0).is_err());
}

#[test]
fn bad_input_is_an_error_that_names_the_thing() {
    let terms = MeanRevertingTerms {
        spot: 90.0,
        reversion: 0.6,
        log_mean: 4.6,
        volatility: 0.3,
    };
    let text = |terms| MeanReverting::new(terms).unwrap_err().to_string();
    assert_eq!(
        text(MeanRevertingTerms {
            reversion: -1.0,
            ..terms
        }),
        "mean-reverting price: reversion is -1, but it must be positive and finite"
    );
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(MeanReverting::new(MeanRevertingTerms { spot: bad, ..terms }).is_err());
        assert!(
            MeanReverting::new(MeanRevertingTerms {
                volatility: bad,
                ..terms
            })
            .is_err()
        );
        assert!(
            GeometricBrownian::new(GeometricBrownianTerms {
                spot: 1.0,
                drift: 0.0,
                volatility: bad
            })
            .is_err()
        );
    }
    assert!(matches!(
        TimeGrid::new(vec![]),
        Err(StochasticError::EmptyGrid)
    ));
    assert!(matches!(
        TimeGrid::new(vec![1.0, 1.0]),
        Err(StochasticError::GridTime { index: 1, .. })
    ));
    assert!(matches!(
        TimeGrid::new(vec![f64::NAN]),
        Err(StochasticError::GridTime { index: 0, .. })
    ));
    assert!(Simulation::new(0, 1).is_err());
    assert!(Summary::of(&[1.0, f64::NAN]).is_err());
    let wild = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 1.0,
        drift: 0.0,
        volatility: 50.0,
    })
    .unwrap();
    let grid = TimeGrid::regular(1, 1).unwrap();
    assert!(matches!(
        Simulation::new(10, 1)
            .unwrap()
            .per_path(&wild, &grid, |b, p| b.rows()[0][p]),
        Err(StochasticError::OutOfRange { .. })
    ));
}

#[test]
fn terms_round_trip_and_refuse_unknown_keys_and_bad_values() {
    let price = perf_price();
    let text = serde_json::to_string(&price).unwrap();
    assert_eq!(serde_json::from_str::<MeanReverting>(&text).unwrap(), price);
    assert!(serde_json::from_str::<MeanReverting>(&text.replace("spot", "spit")).is_err());
    assert!(serde_json::from_str::<MeanReverting>(&text.replace("0.6", "-0.6")).is_err());
    let simulation = Simulation::new(64, 9).unwrap();
    let text = serde_json::to_string(&simulation).unwrap();
    assert_eq!(
        serde_json::from_str::<Simulation>(&text).unwrap(),
        simulation
    );
    assert!(serde_json::from_str::<Simulation>(&text.replace("64", "0")).is_err());
    let grid: TimeGrid = serde_json::from_str("[0.5, 1.0]").unwrap();
    assert_eq!(grid.times(), [0.5, 1.0]);
    assert!(serde_json::from_str::<TimeGrid>("[1.0, 0.5]").is_err());
}

#[test]
fn square_root_of_semidefinite_matrices() {
    use super::factors::square_root;
    // By hand: [[4, 2], [2, 5]] = L L' with L = [[2, 0], [1, 2]].
    assert_eq!(
        square_root(&[vec![4.0, 2.0], vec![2.0, 5.0]]),
        Some(vec![vec![2.0], vec![1.0, 2.0]])
    );
    // Two equal factors and one without variance.
    let equal = [
        vec![1.0, 1.0, 0.0],
        vec![1.0, 1.0, 0.0],
        vec![0.0, 0.0, 0.0],
    ];
    assert_eq!(
        square_root(&equal),
        Some(vec![vec![1.0], vec![1.0, 0.0], vec![0.0, 0.0, 0.0]])
    );
    assert_eq!(square_root(&[vec![1.0, 2.0], vec![2.0, 1.0]]), None);
}
