//! Prices that move: closed forms, controls, threads.

use super::*;

/// Fixed volume, spot settlement at quarter end, no cap, no default: the cost on each path is the strip, and its mean
/// agrees with DF [K Phi(d) - e^(m + v/2) Phi(d - sqrt v)] summed over the quarters within three standard errors.
#[test]
fn the_floor_agrees_with_the_strip_of_puts() {
    let source = price(60.0, 0.3);
    let project = ProjectTerms {
        growth: None,
        ..quarterly()
    };
    let deemed = floor(70.0, Coverage::Deemed { per_year: 400.0 });
    let study = study(
        project,
        vec![case("floor", capital(1e9, vec![]), vec![deemed])],
    );
    let simulation = Simulation::new(20_000, 11).unwrap();
    let found = study
        .expected_cost_with_control("floor", &source, simulation)
        .unwrap();
    let normal = Normal::new(0.0, 1.0).unwrap();
    let exact: f64 = (1..=24)
        .map(|quarter| {
            let years = 0.25 * f64::from(quarter);
            let marginal = source.log_marginal(years);
            let deviation = marginal.variance.sqrt();
            let d = (70f64.ln() - marginal.mean) / deviation;
            let payment =
                70.0 * normal.cdf(d) - marginal.expected_price() * normal.cdf(d - deviation);
            100.0 * 1.04f64.powf(-years) * payment
        })
        .sum();
    assert!(
        (found.strip() / exact - 1.0).abs() < 1e-9,
        "{} for {exact}",
        found.strip()
    );
    let plain = found.plain();
    assert!(
        (plain.mean() - exact).abs() < 3.0 * plain.standard_error(),
        "{plain} for {exact}"
    );
    close(found.strip_simulated().mean(), plain.mean());
    close(found.controlled().mean(), exact);
    assert!(plain.standard_error() < 0.01 * exact);
    let findings = study.run(&source, simulation).unwrap();
    close(
        findings.case("floor").unwrap().expected_cost().mean(),
        plain.mean(),
    );
}

/// The real contract settles on averages of actual output; the strip takes most of the noise out of its cost.
#[test]
fn the_strip_is_a_control_for_the_real_contract() {
    let source = price(60.0, 0.3);
    let average = Reference::benchmark_average();
    let terms = PriceContractTerms {
        reference: average,
        ..floor_terms(70.0, Coverage::Share(1.0))
    };
    let contract = Covered {
        product: "oxide".into(),
        contract: PriceContract::new(terms).unwrap(),
    };
    let project = ProjectTerms {
        prices: MoneyBasis::Real,
        ..quarterly()
    };
    let study = study(
        project,
        vec![case("floor", capital(1e6, vec![]), vec![contract])],
    );
    let many = study
        .expected_cost_with_control("floor", &source, Simulation::new(40_000, 5).unwrap())
        .unwrap();
    let few = study
        .expected_cost_with_control("floor", &source, Simulation::new(2000, 6).unwrap())
        .unwrap();
    assert!(few.controlled().standard_error() < 0.3 * few.plain().standard_error());
    let gap = few.controlled().mean() - many.controlled().mean();
    let error = few
        .controlled()
        .standard_error()
        .hypot(many.controlled().standard_error());
    assert!(
        gap.abs() < 3.0 * error,
        "{} and {}",
        few.controlled(),
        many.controlled()
    );
    let gap = many.plain().mean() - many.controlled().mean();
    assert!(gap.abs() < 3.0 * many.plain().standard_error());
    assert!(
        (many.strip_simulated().mean() - many.strip()).abs()
            < 3.0 * many.strip_simulated().standard_error()
    );
}

fn normal_cdf(x: f64) -> f64 {
    Normal::new(0.0, 1.0).unwrap().cdf(x)
}

/// A year's 100 units, deemed and settled on the price at its end, so that the contract is the strip. With e^(m + v/2) the mean and v
/// the log variance of the price, a put is K Phi(d) - e^(m + v/2) Phi(d - sqrt v), d = (ln K - m) / sqrt v, and a call is the put
/// plus the mean less K: a two-sided contract is K less the mean, a collar a put less a call, and 30 % above 65 takes 0.3 of a
/// call.
#[test]
fn collars_and_upside_shares_are_strips_of_options() {
    let source = price(60.0, 0.3);
    let deemed = Coverage::Deemed { per_year: 100.0 };
    let share = UpsideShare {
        share: 0.3,
        threshold: 65.0,
        reference: floor_terms(1.0, deemed).reference,
        yearly_cap: None,
        from: Some(0.0),
        indexation: Indexation::Fixed,
    };
    let put = |strike: f64, years: f64| {
        let decay = (-0.5 * years).exp();
        // Of a log price that starts at the logarithm of its long-run mean.
        let (mean, variance) = (60f64.ln(), 0.09 * (1.0 - decay * decay));
        let (d, v) = ((strike.ln() - mean) / variance.sqrt(), variance.sqrt());
        let average = (mean + 0.5 * variance).exp();
        let value = strike * normal_cdf(d) - average * normal_cdf(d - v);
        (value, value + average - strike)
    };
    let floor = Payoff::Floor { strike: 55.0 };
    let two_sided = Payoff::TwoSided { strike: 62.0 };
    let collar = Payoff::Collar {
        floor: 55.0,
        cap: 70.0,
    };
    let unit = |payoff, years| match payoff {
        Payoff::Floor { strike } => put(strike, years).0 - 0.3 * put(65.0, years).1,
        Payoff::TwoSided { strike } => put(strike, years).0 - put(strike, years).1,
        Payoff::Collar { floor, cap } => put(floor, years).0 - put(cap, years).1,
        _ => panic!(),
    };
    let project = ProjectTerms {
        growth: None,
        ..project_terms()
    };
    for (payoff, upside) in [(floor, Some(share)), (two_sided, None), (collar, None)] {
        let found = |observed, points| {
            let mut terms = PriceContractTerms {
                payoff,
                upside,
                ..floor_terms(1.0, deemed)
            };
            terms.reference.observed = observed;
            let contract = Covered {
                product: "oxide".into(),
                contract: PriceContract::new(terms).unwrap(),
            };
            let project = ProjectTerms {
                timeline: timeline(Frequency::Yearly, 5, points),
                ..project.clone()
            };
            let study = study(
                project,
                vec![case("only", capital(1e6, vec![]), vec![contract])],
            );
            study
                .expected_cost_with_control("only", &source, Simulation::new(4000, 8).unwrap())
                .unwrap()
        };
        let exact: f64 = (1..=5)
            .map(|t| 100.0 * unit(payoff, f64::from(t)) * 1.04f64.powi(-t))
            .sum();
        let spot = found(Observation::PeriodEnd, 1);
        close(spot.strip(), exact);
        close(spot.controlled().mean(), exact);
        close(spot.weight(), 1.0);
        assert!(spot.plain().standard_error() > 1.0);
        assert!(spot.controlled().standard_error() < 1e-9);
        // Settled on the average of four quarters it is not the strip, which still takes most of the noise out.
        let average = found(Observation::PeriodAverage, 4);
        let (plain, controlled) = (average.plain(), average.controlled());
        assert!(
            controlled.standard_error() < 0.5 * plain.standard_error(),
            "{plain} {controlled}"
        );
        assert!((plain.mean() - controlled.mean()).abs() < 3.0 * plain.standard_error());
    }
}

#[cfg(feature = "parallel")]
#[test]
fn the_same_bytes_on_one_thread_and_on_two() {
    let study = study(quarterly(), four_cases());
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            study
                .run(&price(60.0, 0.3), Simulation::new(3000, 42).unwrap())
                .unwrap()
        })
    };
    let (one, two) = (run(1), run(2));
    assert_eq!(
        serde_json::to_vec(&one).unwrap(),
        serde_json::to_vec(&two).unwrap()
    );
}

/// A floor costs most when the price is low, and then the stake is worth least: a floor on half of the output leaves
/// that visible. A floor on everything raises the stake's value and lowers the danger of running out of cash.
#[test]
fn floor_and_stake_move_against_each_other() {
    let mut cases = four_cases();
    cases.push(case(
        "half",
        capital(4000.0, vec![note(1500.0), stake(2000.0, 40.0)]),
        vec![floor(80.0, Coverage::Share(0.5))],
    ));
    let findings = study(quarterly(), cases)
        .run(&price(60.0, 0.3), Simulation::new(4000, 9).unwrap())
        .unwrap();
    let of = |name| findings.case(name).unwrap();
    assert!(of("half").cost_stake_correlation().unwrap() < -0.3);
    assert!(of("half").stake_value_in_cost_tail() < of("half").stake_value().mean());
    assert!(of("both").stake_value().mean() > of("stake").stake_value().mean());
    assert!(of("both").out_of_cash() <= of("stake").out_of_cash());
    assert!(of("stake").out_of_cash() <= of("none").out_of_cash());
    for found in findings.cases() {
        let cost = found.expected_cost();
        assert!(cost.upper_tail() >= cost.quantile_95() && cost.quantile_95() >= cost.median());
        assert!(
            found
                .out_of_cash_by_year()
                .windows(2)
                .all(|pair| pair[0] <= pair[1])
        );
        let by_year: f64 = found
            .cost_by_year()
            .iter()
            .map(|year| year.cost().mean())
            .sum();
        assert!((by_year == 0.0) == (cost.mean() == 0.0));
    }
    let none = of("none");
    assert_eq!(
        (none.expected_cost().mean(), none.stake_value().mean()),
        (0.0, 0.0)
    );
}

/// A price of risk of zero and the sponsor's own rate: the fair value is the expected value. With a price of risk the
/// pricing drift is lower and the floor is worth more.
#[test]
fn fair_values_need_a_price_of_risk() {
    let study = study(quarterly(), four_cases());
    let historical = price(60.0, 0.3);
    let simulation = Simulation::new(2000, 3).unwrap();
    let findings = study.run(&historical, simulation).unwrap();
    let same = study
        .fair_values(
            &historical,
            Pricing {
                source: &historical,
                riskless: 0.04,
            },
            simulation,
        )
        .unwrap();
    for (fair, found) in same.iter().zip(findings.cases()) {
        assert_eq!(fair.contracts(), found.expected_cost().estimate());
        assert_eq!(fair.stake(), found.stake_value().estimate());
    }
    let pricing = MeanReverting::new(MeanRevertingTerms {
        log_mean: 50f64.ln(),
        ..historical.terms()
    })
    .unwrap();
    let fair = study
        .fair_values(
            &historical,
            Pricing {
                source: &pricing,
                riskless: 0.04,
            },
            simulation,
        )
        .unwrap();
    assert!(fair[1].contracts().mean() > findings.case("floor").unwrap().expected_cost().mean());
    assert_eq!(fair[3].case(), "both");
    assert!(
        study
            .fair_values(
                &historical,
                Pricing {
                    source: &pricing,
                    riskless: -1.0
                },
                simulation
            )
            .is_err()
    );
}

/// The standard error is the spread of the means of pairs, or of nets: over many seeds the error of the mean against the
/// closed form of the strip is as large as the standard errors say. Counting each path as independent would claim an
/// error that is too large by far (a Sobol net's is more than five times smaller than that of as many plain paths).
#[test]
fn standard_errors_of_pairs_and_nets() {
    let source = price(60.0, 0.3);
    let project = ProjectTerms {
        growth: None,
        ..quarterly()
    };
    let deemed = floor(70.0, Coverage::Deemed { per_year: 400.0 });
    let study = study(
        project,
        vec![case("floor", capital(1e9, vec![]), vec![deemed])],
    );
    type Kind = fn(u64) -> Draws;
    let kinds: [Kind; 3] = [
        |seed| Draws::Plain { seed },
        |seed| Draws::Antithetic { seed },
        |seed| Draws::Sobol { seed, points: 64 },
    ];
    let mut errors = Vec::new();
    for kind in kinds {
        let (mut squares, mut variances) = (0.0, 0.0);
        const SEEDS: u64 = 40;
        for seed in 0..SEEDS {
            let simulation = Simulation::with_draws(1024, kind(seed)).unwrap();
            let found = study
                .expected_cost_with_control("floor", &source, simulation)
                .unwrap();
            squares += (found.plain().mean() - found.strip()).powi(2);
            variances += found.plain().standard_error().powi(2);
            let findings = study.run(&source, simulation).unwrap();
            let cost = findings.case("floor").unwrap().expected_cost().estimate();
            close(cost.standard_error(), found.plain().standard_error());
        }
        // 40 squares of a normal number: their mean is within 1 +- 3 sqrt(2/40) of its expectation.
        let ratio = squares / variances;
        assert!((0.33..1.67).contains(&ratio), "{ratio}");
        errors.push((variances / SEEDS as f64).sqrt());
    }
    assert!(errors[1] < 0.8 * errors[0], "{errors:?}");
    assert!(errors[2] < 0.5 * errors[0], "{errors:?}");
}

/// One pair, or one net, has a mean but no error of it.
#[test]
fn one_group_of_dependent_paths_is_refused() {
    let source = price(60.0, 0.3);
    let study = study(quarterly(), four_cases());
    for (paths, draws) in [
        (2, Draws::Antithetic { seed: 1 }),
        (
            256,
            Draws::Sobol {
                seed: 1,
                points: 256,
            },
        ),
    ] {
        let simulation = Simulation::with_draws(paths, draws).unwrap();
        let error = study.run(&source, simulation).unwrap_err();
        assert!(matches!(error, ViabilityError::OneGroup { paths: found } if found == paths));
        let pricing = Pricing {
            source: &source,
            riskless: 0.04,
        };
        assert!(study.fair_values(&source, pricing, simulation).is_err());
        assert!(
            study
                .expected_cost_with_control("floor", &source, simulation)
                .is_err()
        );
    }
    assert!(study.run(&source, Simulation::new(1, 1).unwrap()).is_ok());
}
