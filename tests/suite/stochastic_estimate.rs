//! Estimating processes: against an independent fit, on simulated series, and where the series cannot tell.

use approx::assert_relative_eq;
use pricefloor::stochastic::{
    Estimate, EstimationSettings, GeometricBrownian, GeometricBrownianFit, GeometricBrownianTerms,
    Identification, MeanReverting, MeanRevertingFit, MeanRevertingTerms, NotIdentified,
    PriceSeries, PriceSource, Sampling, Simulation, Summary, TimeGrid,
};

const TRUTH: MeanRevertingTerms = MeanRevertingTerms {
    spot: 60.0,
    reversion: 0.8,
    log_mean: 4.2,
    volatility: 0.35,
};

pub fn quick() -> EstimationSettings {
    EstimationSettings::new(200, 1).unwrap()
}

fn identified(series: &PriceSeries, settings: &EstimationSettings) -> MeanRevertingFit {
    *MeanReverting::estimate(series, settings)
        .identified()
        .unwrap()
}

/// `paths` series of the last `years` years of twenty years more, so that they start in the stationary state.
pub fn series(source: &dyn PriceSource, per_year: u32, years: u32, paths: usize) -> Vec<Vec<f64>> {
    let skipped = 20 * per_year as usize;
    let grid = TimeGrid::regular(per_year, skipped + (years * per_year) as usize).unwrap();
    let blocks = Simulation::new(paths, 2024)
        .unwrap()
        .run(
            source,
            &grid,
            || (),
            |(), block| {
                let path = |path: usize| {
                    block.rows()[skipped..]
                        .iter()
                        .map(|row| row[path])
                        .collect()
                };
                (0..block.live()).map(path).collect::<Vec<Vec<f64>>>()
            },
        )
        .unwrap();
    blocks.concat()
}

/// Nd oxide, yearly averages 2014-2025, times 0.951. The reference is a separate program: SciPy's bounded minimiser
/// on the restricted likelihood with a dense Cholesky factor of the averaged process's covariance matrix.
#[test]
fn neodymium_yearly_averages_against_a_dense_fit() {
    let prices = [
        63.0, 48.0, 40.0, 50.0, 50.0, 45.0, 49.0, 98.0, 134.0, 78.0, 56.0, 73.0,
    ];
    let with_tax: Vec<f64> = prices.iter().map(|price| price * 0.951).collect();
    let fit = identified(
        &PriceSeries::averages(1.0, with_tax.clone()).unwrap(),
        &EstimationSettings::default(),
    );
    assert_relative_eq!(
        fit.uncorrected_reversion(),
        0.576_846_08,
        max_relative = 1e-6
    );
    // The bias correction lowers it; with twelve averages a random walk stays inside one standard error.
    assert!(fit.reversion().value() < fit.uncorrected_reversion());
    assert_eq!(fit.reversion().low(), 0.0);

    let tax = [
        1.17, 1.17, 1.17, 1.17, 1.1633, 1.1374, 1.13, 1.13, 1.13, 1.13, 1.13, 1.13,
    ];
    let without = with_tax
        .iter()
        .zip(tax)
        .map(|(price, factor)| price / factor)
        .collect();
    let fit = identified(
        &PriceSeries::averages(1.0, without).unwrap(),
        &EstimationSettings::default(),
    );
    assert_relative_eq!(
        fit.uncorrected_reversion(),
        0.535_305_57,
        max_relative = 1e-6
    );
}

#[test]
fn thirty_years_of_months_give_the_truth_within_three_standard_errors() {
    let truth = MeanReverting::new(TRUTH).unwrap();
    for prices in series(&truth, 12, 30, 3) {
        let fit = identified(&PriceSeries::points(1.0 / 12.0, prices).unwrap(), &quick());
        let within = |estimate: Estimate, truth: f64| {
            (estimate.value() - truth).abs() <= 3.0 * estimate.standard_error()
        };
        assert!(within(fit.reversion(), TRUTH.reversion), "{fit:?}");
        assert!(within(fit.log_mean(), TRUTH.log_mean), "{fit:?}");
        assert!(within(fit.volatility(), TRUTH.volatility), "{fit:?}");
    }
}

/// A fair 68.27 % interval covers the truth in 68.27 % of series; with 200 series three binomial standard errors
/// are 9.9 points. A thousand replications, which all series share, keep the error of the intervals' own width below that:
/// with 200 it is a tenth of the width, which would move the share by 5 points in all series together. The mean's interval does not know that kappa is
/// estimated and may cover a little less.
#[test]
fn intervals_from_ten_years_of_months_cover_the_truth_as_often_as_they_say() {
    let truth = MeanReverting::new(TRUTH).unwrap();
    let mut covered = [0_u32; 3];
    let (mut fits, mut below) = (0_u32, 0_u32);
    let settings = EstimationSettings::new(1000, 1).unwrap();
    for prices in series(&truth, 12, 10, 200) {
        let found =
            MeanReverting::estimate(&PriceSeries::points(1.0 / 12.0, prices).unwrap(), &settings);
        let Some(fit) = found.identified() else {
            below += 1;
            continue;
        };
        fits += 1;
        below += u32::from(fit.reversion().value() < TRUTH.reversion);
        let pairs = [
            (fit.reversion(), TRUTH.reversion),
            (fit.log_mean(), TRUTH.log_mean),
            (fit.volatility(), TRUTH.volatility),
        ];
        for (count, (estimate, truth)) in covered.iter_mut().zip(pairs) {
            *count += u32::from(estimate.low() <= truth && truth <= estimate.high());
        }
    }
    assert!(fits >= 190, "{fits} of 200 identified");
    for count in covered {
        let share = f64::from(count) / f64::from(fits);
        assert!((share - 0.6827).abs() <= 0.099, "{covered:?} of {fits}");
    }
    // Median-unbiased: half the estimates lie below the truth (three binomial standard errors are 10.6 points),
    // while the uncorrected likelihood puts 4 / T = 0.4 a year on top (Tang and Chen 2009).
    assert!(
        (f64::from(below) / 200.0 - 0.5).abs() <= 0.106,
        "{below} of 200 below"
    );
}

/// Averages of 52 weekly prices a year: the log of the average exceeds the average of the logs, and the correction
/// takes that off, so that the estimates centre on the truth.
#[test]
fn yearly_averages_centre_on_the_truth() {
    let truth = MeanReverting::new(TRUTH).unwrap();
    let mut means = Vec::new();
    let mut below = [0_u32; 2];
    for weeks in series(&truth, 52, 40, 200) {
        let averages = weeks
            .chunks_exact(52)
            .map(|year| year.iter().sum::<f64>() / 52.0)
            .collect();
        let found =
            MeanReverting::estimate(&PriceSeries::averages(1.0, averages).unwrap(), &quick());
        let Some(fit) = found.identified() else {
            continue;
        };
        means.push(fit.log_mean().value());
        below[0] += u32::from(fit.reversion().value() < TRUTH.reversion);
        below[1] += u32::from(fit.volatility().value() < TRUTH.volatility);
    }
    // Forty years may show no memory by chance. The correlation of neighbouring years, exp(-0.8) = 0.45, is estimated with a
    // bias of -(1 + 3 0.45) / 40 = -0.06 (Marriott and Pope 1954) and an error of ((1 - 0.45^2) / 40)^(1/2) = 0.14: at or
    // below zero for 0.3 % of series, 0.6 of 200, and for more than three of them once in 300 times.
    assert!(means.len() >= 197, "{} of 200 identified", means.len());
    let means = Summary::of(&means).unwrap();
    // Half the variance within a year is 0.012 here; uncorrected, the mean would be off by eight of these errors.
    assert!(
        (means.mean() - TRUTH.log_mean).abs() <= 3.0 * means.standard_error(),
        "{}",
        means.mean()
    );
    for count in below {
        assert!(
            (f64::from(count) / 200.0 - 0.5).abs() <= 0.106,
            "{below:?} of 200 below"
        );
    }
}

/// As for the mean-reverting price: 68.27 % of intervals cover the truth, good to 9.9 points with 200 series. Months at moments,
/// and years averaged from weeks.
#[test]
fn intervals_of_a_random_walk_cover_the_truth_as_often_as_they_say() {
    let terms = GeometricBrownianTerms {
        spot: 60.0,
        drift: 0.05,
        volatility: 0.3,
    };
    let walk = GeometricBrownian::new(terms).unwrap();
    let months = |prices: Vec<f64>| PriceSeries::points(1.0 / 12.0, prices).unwrap();
    let years = |weeks: Vec<f64>| {
        let averages = weeks
            .chunks_exact(52)
            .map(|year| year.iter().sum::<f64>() / 52.0);
        PriceSeries::averages(1.0, averages.collect()).unwrap()
    };
    let monthly: Vec<PriceSeries> = series(&walk, 12, 10, 200).into_iter().map(months).collect();
    let yearly: Vec<PriceSeries> = series(&walk, 52, 40, 200).into_iter().map(years).collect();
    for all in [monthly, yearly] {
        let (mut covered, mut drifts, mut variances) = ([0_u32; 2], Vec::new(), Vec::new());
        for series in &all {
            let fit = *GeometricBrownian::estimate(series).identified().unwrap();
            let pairs = [
                (fit.drift(), terms.drift),
                (fit.volatility(), terms.volatility),
            ];
            for (count, (estimate, truth)) in covered.iter_mut().zip(pairs) {
                *count += u32::from(estimate.low() <= truth && truth <= estimate.high());
            }
            drifts.push(fit.drift().value());
            variances.push(fit.volatility().value().powi(2));
        }
        for count in covered {
            let share = f64::from(count) / 200.0;
            assert!((share - 0.6827).abs() <= 0.099, "{covered:?} of 200");
        }
        // Drift and variance are unbiased. A week is a fiftieth of a year, by which its averages miss Working's covariance.
        for (sample, truth, slack) in [(drifts, terms.drift, 0.0), (variances, 0.09, 0.09 / 52.0)] {
            let found = Summary::of(&sample).unwrap();
            assert!(
                (found.mean() - truth).abs() <= 3.0 * found.standard_error() + slack,
                "{} for {truth}",
                found.mean()
            );
        }
    }
}

/// Logs 0, 1, 1, 2, 2 at half years: changes 1, 0, 1, 0 have the mean 1/2 and squares 1, so that sigma^2 = 1 / 3 / 0.5 = 2/3 and
/// mu = 1 + 1/3. Standard errors: of log sigma 1 / sqrt 6, of mu the root of (2/3) / 2 years and (2/3)^2 / 6.
#[test]
fn a_random_walk_by_hand() {
    let prices = [0.0, 1.0, 1.0, 2.0, 2.0].map(f64::exp).to_vec();
    let fit = GeometricBrownian::estimate(&PriceSeries::points(0.5, prices).unwrap());
    let fit = *fit.identified().unwrap();
    let close =
        |found: f64, expected: f64| assert_relative_eq!(found, expected, max_relative = 1e-12);
    let volatility = (2.0f64 / 3.0).sqrt();
    close(fit.volatility().value(), volatility);
    close(fit.volatility().standard_error(), volatility / 6f64.sqrt());
    close(fit.drift().value(), 4.0 / 3.0);
    close(
        fit.drift().standard_error(),
        (1.0f64 / 3.0 + 4.0 / 54.0).sqrt(),
    );
    assert_eq!((fit.prices(), fit.years()), (5, 2.0));
    let terms = fit.price(70.0).unwrap().terms();
    assert_eq!((terms.spot, terms.drift), (70.0, fit.drift().value()));
    let text = serde_json::to_string(&fit).unwrap();
    assert_eq!(
        serde_json::from_str::<GeometricBrownianFit>(&text).unwrap(),
        fit
    );
    let estimate = |prices: &[f64]| {
        let found =
            GeometricBrownian::estimate(&PriceSeries::points(1.0, prices.to_vec()).unwrap());
        found.not_identified().cloned()
    };
    assert_eq!(
        estimate(&[60.0, 50.0, 55.0]),
        Some(NotIdentified::TooFewPrices {
            found: 3,
            needed: 5
        })
    );
    assert_eq!(estimate(&[60.0; 12]), Some(NotIdentified::NoVariation));
}

#[test]
fn what_a_series_cannot_tell_is_said_not_guessed() {
    let estimate = |prices: &[f64]| {
        let found = MeanReverting::estimate(
            &PriceSeries::averages(1.0, prices.to_vec()).unwrap(),
            &quick(),
        );
        found.not_identified().cloned()
    };
    assert_eq!(
        estimate(&[60.0, 50.0, 55.0]),
        Some(NotIdentified::TooFewPrices {
            found: 3,
            needed: 8
        })
    );
    assert_eq!(estimate(&[60.0; 12]), Some(NotIdentified::NoVariation));
    let alternating: Vec<f64> = (0..12)
        .map(|year| if year % 2 == 0 { 50.0 } else { 70.0 })
        .collect();
    assert_eq!(estimate(&alternating), Some(NotIdentified::NoMemory));
    let trend: Vec<f64> = (0..12).map(|year| 50.0 * 1.1f64.powi(year)).collect();
    assert_eq!(estimate(&trend), Some(NotIdentified::NoReversion));

    // Half of all random walks show no more reversion than the median one, and are refused.
    let walk = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 60.0,
        drift: 0.0,
        volatility: 0.3,
    })
    .unwrap();
    let refused = series(&walk, 12, 10, 100)
        .into_iter()
        .filter(|prices| {
            let series = PriceSeries::points(1.0 / 12.0, prices.clone()).unwrap();
            MeanReverting::estimate(&series, &quick())
                .not_identified()
                .is_some()
        })
        .count();
    assert!(
        (35..=65).contains(&refused),
        "{refused} of 100 random walks refused"
    );
}

#[test]
fn fits_round_trip_and_series_are_checked() {
    let prices: Vec<f64> = (0..60)
        .map(|month| 60.0 + 10.0 * (f64::from(month) * 0.7).sin())
        .collect();
    let series = PriceSeries::points(1.0 / 12.0, prices).unwrap();
    assert_eq!(series.sampling(), Sampling::Points);
    let found = MeanReverting::estimate(&series, &quick());
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(
        serde_json::from_str::<Identification<MeanRevertingFit>>(&text).unwrap(),
        found
    );
    let text = serde_json::to_string(&series).unwrap();
    assert_eq!(serde_json::from_str::<PriceSeries>(&text).unwrap(), series);
    assert!(serde_json::from_str::<PriceSeries>(&text.replace("spacing", "space")).is_err());
    assert!(serde_json::from_str::<PriceSeries>(&text.replace("60.0", "-60.0")).is_err());
    assert!(EstimationSettings::new(10, 1).is_err());
    assert!(
        serde_json::from_str::<EstimationSettings>(r#"{"replications": 10, "seed": 1}"#).is_err()
    );
    assert_eq!(
        PriceSeries::averages(1.0, vec![60.0, f64::NAN])
            .unwrap_err()
            .to_string(),
        "price series: number 1 is NaN, but prices must be positive and finite"
    );
    assert!(PriceSeries::averages(0.0, vec![60.0]).is_err());
}
