//! Bad input, files, and sweeps over wide ranges.

use super::*;

#[test]
fn bad_studies_are_typed_errors_and_files_are_checked() {
    let fails = |terms| Study::new(terms).unwrap_err();
    assert!(matches!(
        fails(study_terms(project_terms(), vec![])),
        ViabilityError::NoCase
    ));
    let twice = vec![
        case("a", capital(1.0, vec![]), vec![]),
        case("a", capital(1.0, vec![]), vec![]),
    ];
    assert_eq!(
        fails(study_terms(project_terms(), twice)).to_string(),
        "case \"a\" appears twice"
    );
    let good = study_terms(
        project_terms(),
        vec![case("a", capital(1.0, vec![]), vec![])],
    );
    let rates = DiscountRates {
        sponsor: -1.0,
        ..good.rates
    };
    assert_eq!(
        fails(StudyTerms {
            rates,
            ..good.clone()
        })
        .to_string(),
        "discount rate of the sponsor is -1, but it must be finite and above -1"
    );
    let study = Study::new(good.clone()).unwrap();
    assert!(matches!(
        study.break_even("b"),
        Err(ViabilityError::UnknownCase { .. })
    ));
    assert!(study.runway("a", -1.0).is_err());
    let simulation = Simulation::new(10, 1).unwrap();
    let error = study
        .expected_cost_with_control("a", &flat(50.0), simulation)
        .unwrap_err();
    assert!(matches!(error, ViabilityError::NoStrip { .. }));
    let mut second = project_terms();
    second.products.push(Product {
        name: "metal".into(),
        commodity: 1,
        ..second.products[0].clone()
    });
    let several = Study::new(study_terms(
        second,
        vec![case("a", capital(1.0, vec![]), vec![])],
    ))
    .unwrap();
    assert!(matches!(
        several.run(&flat(50.0), simulation),
        Err(ViabilityError::Commodities {
            needed: 2,
            found: 1
        })
    ));
    assert!(matches!(
        several.break_even("a"),
        Err(ViabilityError::SeveralPrices { found: 2, .. })
    ));
    let text = serde_json::to_string(&study).unwrap();
    assert_eq!(serde_json::from_str::<Study>(&text).unwrap(), study);
    for key in ["project", "sponsor", "rates", "cases", "capital", "owners"] {
        let broken = text.replacen(&format!("\"{key}\""), &format!("\"{key}x\""), 1);
        assert!(serde_json::from_str::<Study>(&broken).is_err(), "{key}");
    }
    let findings = study.run(&price(50.0, 0.2), simulation).unwrap();
    let text = serde_json::to_string(&findings).unwrap();
    assert_eq!(serde_json::from_str::<Findings>(&text).unwrap(), findings);
    assert!(serde_json::from_str::<Findings>(&text.replacen("\"paths\"", "\"path\"", 1)).is_err());
}

/// Price, strike, debt, stake, rates and delay over wide ranges: every number is finite.
#[test]
fn sweeps_stay_finite() {
    let finite =
        |estimate: Estimate| estimate.mean().is_finite() && estimate.standard_error().is_finite();
    let simulation = Simulation::new(64, 7).unwrap();
    let mut count = 0;
    for spot in [0.5, 20.0, 60.0, 400.0] {
        for strike in [1.0, 80.0, 300.0] {
            for face in [1.0, 3000.0, 50_000.0] {
                for paid in [1.0, 2000.0, 50_000.0] {
                    for complete in [1.0, 5.0] {
                        for rate in [-0.5, 0.0, 0.5] {
                            let growth = Growth {
                                output: 200.0,
                                capex: 1000.0,
                                start: 0.0,
                                complete,
                                build: Build::default(),
                            };
                            let project = ProjectTerms {
                                growth: Some(growth),
                                ..quarterly()
                            };
                            let cases = vec![
                                case("none", capital(500.0, vec![note(face)]), vec![]),
                                case(
                                    "both",
                                    capital(500.0, vec![note(face), stake(paid, 40.0)]),
                                    vec![floor(strike, Coverage::Share(1.0))],
                                ),
                            ];
                            let mut terms = study_terms(project, cases);
                            terms.rates = DiscountRates {
                                project: rate,
                                owners: rate,
                                sponsor: rate,
                            };
                            let study = Study::new(terms).unwrap();
                            let findings = study.run(&price(spot, 0.6), simulation).unwrap();
                            for found in findings.cases() {
                                let spreads = [
                                    found.expected_cost(),
                                    found.stake_value(),
                                    found.owners_value(),
                                    found.sponsor_npv(),
                                ];
                                assert!(spreads.iter().all(|spread| {
                                    finite(spread.estimate()) && spread.upper_tail().is_finite()
                                }));
                                assert!(
                                    found.owners_value().quantile_5() >= 0.0,
                                    "limited liability"
                                );
                                assert!(
                                    finite(found.growth().staying())
                                        && finite(found.growth().gain().unwrap())
                                );
                                assert!(
                                    found
                                        .sponsor_irr()
                                        .rates()
                                        .iter()
                                        .all(|rate| rate.is_finite())
                                );
                                assert!(
                                    found
                                        .owners_irr()
                                        .rates()
                                        .iter()
                                        .all(|rate| rate.is_finite())
                                );
                                assert!((0.0..=1.0).contains(&found.out_of_cash()));
                                count += 1;
                            }
                            study.break_even("both").unwrap();
                            study.runway("both", spot).unwrap();
                        }
                    }
                }
            }
        }
    }
    assert_eq!(count, 4 * 3 * 3 * 3 * 2 * 3 * 2);
}
