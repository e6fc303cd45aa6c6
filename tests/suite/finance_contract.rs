//! Price contracts settled by hand. Terms: the floor of 110 with a 30 % share above 110 measured on the sales price
//! (Mountain Pass, July 2025), and 110 with 30 % above 150 capped at 10m a year (Lynas and JARE, March 2026).

use pricefloor::data;
use pricefloor::finance::{
    Appropriation, BackTest, ContractPeriod, Coverage, FinanceError, Indexation, Observation,
    Payoff, PriceContract, PriceContractTerms, Quoted, Reference, ReportedPeriod, Shortfall,
    UpsideShare,
};

fn terms() -> PriceContractTerms {
    PriceContractTerms {
        payoff: Payoff::Floor { strike: 110.0 },
        reference: Reference::benchmark_average(),
        coverage: Coverage::Share(1.0),
        start: 0.25,
        end: 10.5,
        indexation: Indexation::Fixed,
        upside: None,
        arrears: 0,
        appropriation: None,
    }
}

fn quarter(index: usize, average: f64) -> ContractPeriod {
    ContractPeriod {
        start: 0.25 * index as f64,
        years: 0.25,
        fiscal_year: 2025 + (index as i32 + 3) / 4,
        output: 1000.0,
        average,
        end_price: average + 10.0,
        realisation: 0.95,
        sales: 1.1,
        price_level: 1.02f64.powf(0.25 * index as f64),
    }
}

fn sales_share(share: f64, threshold: f64) -> UpsideShare {
    UpsideShare {
        share,
        threshold,
        reference: Reference {
            price: Quoted::Sales,
            observed: Observation::PeriodAverage,
            factor: 1.0,
        },
        yearly_cap: None,
        from: Some(0.0),
        indexation: Indexation::Fixed,
    }
}

/// Settles the given quarterly averages from quarter 0 and returns what is paid.
fn payments(terms: PriceContractTerms, averages: &[f64]) -> Vec<f64> {
    let contract = PriceContract::new(terms).unwrap();
    let mut state = contract.open();
    averages
        .iter()
        .enumerate()
        .map(|(index, &average)| contract.settle(&mut state, &quarter(index, average)).paid())
        .collect()
}

#[test]
fn floor_pays_the_shortfall_within_its_dates() {
    // Quarter 0 is before the start; 110 - 56 = 54 a unit on 1000 units; nothing above 110.
    assert_eq!(
        payments(terms(), &[56.0, 56.0, 120.0, 109.0]),
        [0.0, 54_000.0, 0.0, 1000.0]
    );
    // Half of a quarter is covered when the contract ends in its middle.
    let ends = PriceContractTerms {
        end: 0.375,
        ..terms()
    };
    assert_eq!(payments(ends, &[56.0, 56.0, 56.0]), [0.0, 27_000.0, 0.0]);
}

/// The floor looks at the benchmark, the share at the sales price, so both can be due at once: benchmark 105 is 5 below
/// the floor; sales price 1.1 x 105 = 115.5 is 5.5 above the threshold, 30 % of it is 1.65.
#[test]
fn floor_and_share_have_their_own_reference() {
    let both = PriceContractTerms {
        upside: Some(sales_share(0.3, 110.0)),
        ..terms()
    };
    let paid = payments(both, &[105.0, 105.0, 120.0]);
    assert_eq!(paid[0], 0.0);
    assert!((paid[1] - (5000.0 - 1650.0)).abs() < 1e-9);
    // 1.1 x 120 = 132: 30 % of 22 is 6.6 a unit.
    assert!((paid[2] + 6600.0).abs() < 1e-9);
    // A share whose trigger has no date is never due.
    let off = PriceContractTerms {
        upside: Some(UpsideShare {
            from: None,
            ..sales_share(0.3, 110.0)
        }),
        ..terms()
    };
    assert_eq!(payments(off, &[105.0, 105.0, 200.0]), [0.0, 5000.0, 0.0]);
}

/// 30 % above 150, at most 10,000 a contract year: 30 % of (200 - 150) is 15 a unit, 15,000 a quarter, so 10,000 is due
/// in the first quarter of each contract year and nothing in the other three.
#[test]
fn share_has_a_yearly_cap() {
    let benchmark = Reference::benchmark_average();
    let capped = UpsideShare {
        yearly_cap: Some(10_000.0),
        reference: benchmark,
        ..sales_share(0.3, 150.0)
    };
    let paid = payments(
        PriceContractTerms {
            start: 0.0,
            upside: Some(capped),
            ..terms()
        },
        &[200.0; 6],
    );
    assert_eq!(paid, [-10_000.0, 0.0, 0.0, 0.0, -10_000.0, 0.0]);
    // 170: 6,000 a quarter, so 6,000, 4,000, 0, 0.
    let paid = payments(
        PriceContractTerms {
            start: 0.0,
            upside: Some(capped),
            ..terms()
        },
        &[170.0; 4],
    );
    assert_eq!(paid, [-6000.0, -4000.0, 0.0, 0.0]);
}

#[test]
fn two_sided_and_collar() {
    let two_sided = PriceContractTerms {
        payoff: Payoff::TwoSided { strike: 100.0 },
        ..terms()
    };
    assert_eq!(
        payments(two_sided, &[0.0, 90.0, 130.0]),
        [0.0, 10_000.0, -30_000.0]
    );
    let collar = PriceContractTerms {
        payoff: Payoff::Collar {
            floor: 80.0,
            cap: 120.0,
        },
        ..terms()
    };
    assert_eq!(
        payments(collar, &[0.0, 70.0, 100.0, 130.0]),
        [0.0, 10_000.0, 0.0, -10_000.0]
    );
}

#[test]
fn references_differ_by_price_day_and_tax() {
    let on = |price, observed, factor| PriceContractTerms {
        reference: Reference {
            price,
            observed,
            factor,
        },
        ..terms()
    };
    let second = |terms| payments(terms, &[0.0, 80.0])[1];
    assert!((second(on(Quoted::Benchmark, Observation::PeriodEnd, 1.0)) - 20_000.0).abs() < 1e-9);
    // 80 without 13 % value-added tax is 90.4 with it.
    assert!(
        (second(on(Quoted::Benchmark, Observation::PeriodAverage, 1.13)) - 19_600.0).abs() < 1e-9
    );
    assert!(
        (second(on(Quoted::Realised, Observation::PeriodAverage, 1.0)) - 34_000.0).abs() < 1e-9
    );
    assert!((second(on(Quoted::Sales, Observation::PeriodAverage, 1.0)) - 22_000.0).abs() < 1e-9);
}

#[test]
fn coverage_is_part_of_the_terms() {
    let covering = |coverage| {
        payments(
            PriceContractTerms {
                start: 0.0,
                coverage,
                ..terms()
            },
            &[100.0; 5],
        )
    };
    assert_eq!(covering(Coverage::Share(0.8)), [8000.0; 5]);
    // 1000 produced a quarter, 2500 a year covered: 1000, 1000, 500, none, then a new contract year.
    assert_eq!(
        covering(Coverage::First { per_year: 2500.0 }),
        [10_000.0, 10_000.0, 5000.0, 0.0, 10_000.0]
    );
    // Deemed volume is paid whatever is produced: 8000 a year is 2000 a quarter.
    assert_eq!(
        covering(Coverage::Deemed { per_year: 8000.0 }),
        [20_000.0; 5]
    );
}

#[test]
fn strikes_are_nominal_unless_an_index_is_named() {
    let indexed = |indexation| {
        payments(
            PriceContractTerms {
                start: 0.0,
                indexation,
                ..terms()
            },
            &[100.0; 6],
        )
    };
    assert_eq!(indexed(Indexation::Fixed), [10_000.0; 6]);
    let yearly = indexed(Indexation::Yearly(0.1));
    assert!((yearly[3] - 10_000.0).abs() < 1e-9 && (yearly[4] - 21_000.0).abs() < 1e-9);
    let level = indexed(Indexation::Inflation);
    for (index, paid) in level.iter().enumerate() {
        assert!((paid - 1000.0 * (110.0 * 1.02f64.powf(0.25 * index as f64) - 100.0)).abs() < 1e-6);
    }
}

#[test]
fn arrears_delay_and_nothing_is_lost() {
    let late = PriceContractTerms {
        start: 0.0,
        arrears: 2,
        ..terms()
    };
    let contract = PriceContract::new(late).unwrap();
    let mut state = contract.open();
    let mut paid = Vec::new();
    for (index, average) in [100.0, 90.0, 120.0, 105.0].into_iter().enumerate() {
        paid.push(contract.settle(&mut state, &quarter(index, average)).paid());
    }
    assert_eq!(paid, [0.0, 0.0, 10_000.0, 20_000.0]);
    assert_eq!(state.outstanding(), 5000.0);
}

/// 10,000 a quarter are earned, 15,000 a fiscal year appropriated. Fiscal years begin with quarters 1 and 5.
#[test]
fn appropriation_limits_payment() {
    let limited = |shortfall| PriceContractTerms {
        start: 0.0,
        appropriation: Some(Appropriation {
            per_year: 15_000.0,
            shortfall,
        }),
        ..terms()
    };
    let lapses = payments(limited(Shortfall::Lapses), &[100.0; 6]);
    assert_eq!(lapses, [10_000.0, 10_000.0, 5000.0, 0.0, 0.0, 10_000.0]);
    // Carried: 5,000 + 10,000 + 10,000 wait for the next year, which then pays its 15,000 at once.
    let carried = payments(limited(Shortfall::Carried), &[100.0; 6]);
    assert_eq!(carried, [10_000.0, 10_000.0, 5000.0, 0.0, 0.0, 15_000.0]);
    let contract = PriceContract::new(limited(Shortfall::Lapses)).unwrap();
    let mut state = contract.open();
    let all: Vec<_> = (0..6)
        .map(|index| contract.settle(&mut state, &quarter(index, 100.0)))
        .collect();
    let total = |f: fn(&pricefloor::finance::Settlement) -> f64| all.iter().map(f).sum::<f64>();
    assert_eq!(
        total(|s| s.top_up()),
        total(|s| s.paid()) + total(|s| s.lapsed())
    );
}

/// Q4 2025 and Q1 2026: 562 t and 1,006 t sold, realised 61.9 and 70.7, benchmark without tax about 70 and 95,
/// income 51.0 and 42.3m. 110 - realised explains 53 % and 94 %, the benchmark 44 % and 36 %.
#[test]
fn back_test_shows_both_bases() {
    let floor = PriceContract::new(terms()).unwrap();
    let periods = |metric: &str| {
        ["Q4 2025", "Q1 2026"]
            .map(|quarter| {
                let figure = |metric| data::quarter(quarter, metric).unwrap().number().unwrap();
                ReportedPeriod {
                    name: quarter.into(),
                    volume: figure("ndpr_sales") * 1e3,
                    reference: figure(metric),
                    income: figure("ppa_income") * 1e6,
                }
            })
            .to_vec()
    };
    // 562 t x (110 - 61.9) = $27.0m of 51.016 and 1,006 t x (110 - 70.7) = $39.5m of 42.273; on the benchmark without tax
    // (70 and 95) $22.5m and $15.1m.
    let (realised, benchmark) = ("ndpr_realised_price", "benchmark_exvat_quarter_avg");
    for (metric, expected) in [(realised, [53.0, 94.0]), (benchmark, [44.0, 36.0])] {
        let test = BackTest::run("basis", &floor, &periods(metric)).unwrap();
        for (row, expected) in test.rows().iter().zip(expected) {
            assert_eq!((100.0 * row.explained()).round(), expected);
            assert!((row.formula() + row.unexplained() - row.period().income).abs() < 1e-6);
        }
    }
    // Arrears change when a period is paid, not what it is paid.
    let late = PriceContract::new(PriceContractTerms {
        arrears: 1,
        ..terms()
    })
    .unwrap();
    let test = BackTest::run("late", &late, &periods(realised)).unwrap();
    assert_eq!((100.0 * test.rows()[0].explained()).round(), 53.0);
}

#[test]
fn bad_terms_are_typed_errors_and_files_are_checked() {
    let fails = |terms| PriceContract::new(terms).unwrap_err();
    let error = fails(PriceContractTerms {
        payoff: Payoff::Collar {
            floor: 120.0,
            cap: 110.0,
        },
        ..terms()
    });
    assert_eq!(
        error.to_string(),
        "contract floor (120) must be below contract cap (110)"
    );
    assert!(matches!(
        fails(PriceContractTerms {
            end: 0.1,
            ..terms()
        }),
        FinanceError::Order { .. }
    ));
    for bad in [
        PriceContractTerms {
            payoff: Payoff::Floor { strike: f64::NAN },
            ..terms()
        },
        PriceContractTerms {
            coverage: Coverage::Share(1.2),
            ..terms()
        },
        PriceContractTerms {
            coverage: Coverage::First { per_year: 0.0 },
            ..terms()
        },
        PriceContractTerms {
            upside: Some(sales_share(-0.3, 110.0)),
            ..terms()
        },
        PriceContractTerms {
            indexation: Indexation::Yearly(-1.0),
            ..terms()
        },
        PriceContractTerms {
            arrears: 1000,
            ..terms()
        },
        PriceContractTerms {
            appropriation: Some(Appropriation {
                per_year: -1.0,
                shortfall: Shortfall::Lapses,
            }),
            ..terms()
        },
    ] {
        assert!(matches!(fails(bad), FinanceError::Value { .. }));
    }
    let contract = PriceContract::new(PriceContractTerms {
        upside: Some(sales_share(0.3, 110.0)),
        ..terms()
    })
    .unwrap();
    let text = serde_json::to_string(&contract).unwrap();
    assert_eq!(
        serde_json::from_str::<PriceContract>(&text).unwrap(),
        contract
    );
    for key in [
        "strike",
        "coverage",
        "start",
        "end",
        "factor",
        "share",
        "threshold",
        "yearly_cap",
    ] {
        let broken = text.replacen(&format!("\"{key}\""), &format!("\"{key}x\""), 1);
        assert_ne!(broken, text, "{key}");
        assert!(
            serde_json::from_str::<PriceContract>(&broken).is_err(),
            "{key}"
        );
    }
}
