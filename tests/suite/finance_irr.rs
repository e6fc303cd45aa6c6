//! Present values and rates of return against `tests/cases/known/fi_npv_irr_cases.json` (Excel's and NumPy's
//! documentation, Lorie and Savage 1955, Brealey and Myers; solved there from companion matrices) and closed forms.

use pricefloor::finance::{
    Black76, Black76Terms, Compounding, DatedFlow, FinanceError, Irr, ModifiedRates, NoIrr,
    WithInflation, dated_irr, dated_npv, irr, modified_irr, npv,
};
use serde_json::Value;

const TOLERANCE: f64 = 1e-9;

fn case() -> Value {
    crate::cases::known("fi_npv_irr_cases")
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

#[test]
fn every_root_of_every_known_series() {
    let case = case();
    for (name, flows) in case["problem"]["cash_flows_periods_0_to_n"]
        .as_object()
        .unwrap()
    {
        let flows = numbers(flows);
        let answer = &case["answer"][name];
        let found = irr(&flows).unwrap();
        let mut noted = vec![npv(0.1, &flows).unwrap()];
        noted.extend(found.rates());
        crate::parity::note("flows", &serde_json::json!(flows), Ok(noted));
        let expected = numbers(&answer["irrs"]);
        assert_eq!(found.rates().len(), expected.len(), "{name}: {found:?}");
        for (found, expected) in found.rates().iter().zip(&expected) {
            assert!(
                (found - expected).abs() < TOLERANCE,
                "{name}: {found} for {expected}"
            );
            assert!(
                npv(*found, &flows).unwrap().abs()
                    < 1e-9 * flows.iter().map(|x| x.abs()).sum::<f64>(),
                "{name}"
            );
        }
        match found {
            Irr::One(_) => assert_eq!(expected.len(), 1, "{name}"),
            Irr::Several(_) => assert!(expected.len() > 1, "{name}"),
            Irr::None(NoIrr::NoSignChange) => assert_eq!(answer["sign_changes"], 0, "{name}"),
            _ => assert_ne!(answer["sign_changes"], 0, "{name}"),
        }
        let value = npv(0.1, &flows).unwrap();
        let expected = answer["npv_10pct"].as_f64().unwrap();
        assert!(
            (value - expected).abs() < 1e-9 * expected.abs().max(1.0),
            "{name}: {value} for {expected}"
        );
    }
    let after_four =
        irr(&numbers(&case["problem"]["cash_flows_periods_0_to_n"]["A_excel"])[..5]).unwrap();
    let expected = case["answer"]["A_excel_after_4"]["irr"].as_f64().unwrap();
    assert!((after_four.unique().unwrap() - expected).abs() < TOLERANCE);
    // Excel's NPV discounts its first flow too.
    let excel = npv(0.1, &[-10_000.0, 3000.0, 4200.0, 6800.0]).unwrap() / 1.1;
    assert!((excel - case["answer"]["NPV_excel_convention"].as_f64().unwrap()).abs() < TOLERANCE);
}

/// The case says that each of these is refused, or said to have no rate, by name; none is a number.
#[test]
fn neg_finance_inputs() {
    let case = crate::cases::known("neg_finance_inputs");
    assert_eq!(case["answer"]["outcome"], "error");
    let refused = |given: Value, error: String, thing: &str| {
        assert!(error.contains(thing), "{error}");
        let ask = if given.is_array() { "flows" } else { "option" };
        crate::parity::note(ask, &given, Err(error));
    };
    let sound = Black76Terms {
        futures: 100.0,
        strike: 100.0,
        rate: 0.05,
        volatility: 0.2,
        years: 1.0,
    };
    for (terms, thing) in [
        (
            Black76Terms {
                volatility: -0.2,
                ..sound
            },
            "volatility",
        ),
        (
            Black76Terms {
                years: -1.0,
                ..sound
            },
            "years",
        ),
        (
            Black76Terms {
                futures: 0.0,
                ..sound
            },
            "futures",
        ),
        (
            Black76Terms {
                futures: -5.0,
                ..sound
            },
            "futures",
        ),
        (
            Black76Terms {
                strike: -1.0,
                ..sound
            },
            "strike",
        ),
    ] {
        let error = Black76::new(terms).unwrap_err().to_string();
        refused(crate::parity::terms("Black76", &terms), error, thing);
    }
    for flows in [vec![], vec![1.0]] {
        let error = irr(&flows).unwrap_err().to_string();
        refused(serde_json::json!(flows), error, "cash flows");
    }
    let error = npv(-1.0, &[1.0, 2.0]).unwrap_err().to_string();
    assert!(error.contains("rate"), "{error}");
    assert_eq!(
        irr(&[-1.0, -2.0, -3.0]).unwrap(),
        Irr::None(NoIrr::NoSignChange)
    );
    assert_eq!(
        irr(&[1000.0, -3000.0, 2500.0]).unwrap(),
        Irr::None(NoIrr::NeverZero)
    );
}

#[test]
fn dated_flows_are_those_of_xirr_and_xnpv() {
    let case = case();
    // Days from 2008-01-01 to 2008-03-01 (leap year), 2008-10-30, 2009-02-15 and 2009-04-01.
    let days = [0.0, 60.0, 303.0, 411.0, 456.0];
    let flows: Vec<DatedFlow> = days
        .iter()
        .zip(numbers(&case["problem"]["XIRR"]["flows"]))
        .map(|(days, amount)| DatedFlow {
            years: days / 365.0,
            amount,
        })
        .collect();
    let rate = dated_irr(&flows).unwrap().unique().unwrap();
    assert!(
        (rate - case["answer"]["XIRR"].as_f64().unwrap()).abs() < TOLERANCE,
        "{rate}"
    );
    let value = dated_npv(0.09, &flows).unwrap();
    let given = serde_json::json!({ "rate": 0.09, "flows": flows });
    crate::parity::note("dated_flows", &given, Ok(vec![value, rate]));
    assert!(
        (value - case["answer"]["XNPV_9pct"].as_f64().unwrap()).abs() < TOLERANCE,
        "{value}"
    );
    // Order does not matter, and flows on one day add up.
    let mut shuffled = flows.clone();
    shuffled.reverse();
    shuffled.push(DatedFlow {
        years: 0.0,
        amount: 500.0,
    });
    shuffled.push(DatedFlow {
        years: 0.0,
        amount: -500.0,
    });
    assert!((dated_irr(&shuffled).unwrap().unique().unwrap() - rate).abs() < 1e-12);
}

#[test]
fn modified_rates_are_those_of_excel() {
    let case = case();
    let flows = numbers(&case["problem"]["MIRR"]["flows"]);
    for (name, periods, reinvestment) in [
        ("5y_10_12", 6, 0.12),
        ("3y_10_12", 4, 0.12),
        ("5y_10_14", 6, 0.14),
    ] {
        let rate = modified_irr(
            ModifiedRates {
                finance: 0.1,
                reinvestment,
            },
            &flows[..periods],
        )
        .unwrap()
        .unwrap();
        let given = serde_json::json!({
            "flows": &flows[..periods], "finance": 0.1, "reinvestment": reinvestment,
        });
        crate::parity::note("modified_flows", &given, Ok(vec![rate]));
        let expected = case["answer"]["MIRR"][name].as_f64().unwrap();
        assert!(
            (rate - expected).abs() < TOLERANCE,
            "{name}: {rate} for {expected}"
        );
    }
    let rates = ModifiedRates {
        finance: 0.1,
        reinvestment: 0.1,
    };
    assert_eq!(modified_irr(rates, &[1.0, 2.0]).unwrap(), None);
}

/// (1 - 1.1 v)^2 (1 - 1.5 v): a double root at 10 % that touches zero without crossing it, and a simple one at 50 %.
#[test]
fn a_root_that_touches_counts_once() {
    let found = irr(&[1.0, -3.7, 4.51, -1.815]).unwrap();
    let rates = found.rates();
    assert_eq!(rates.len(), 2, "{found:?}");
    // Half of the digits are lost at a double root, whatever the method.
    assert!(
        (rates[0] - 0.1).abs() < 1e-7 && (rates[1] - 0.5).abs() < 1e-9,
        "{found:?}"
    );
}

/// Product of (1 - (1 + r) v) over eight rates, from -50 % to 900 %: eight sign changes, eight roots.
#[test]
fn eight_roots_are_all_found() {
    let rates = [-0.5, -0.2, 0.0, 0.07, 0.2, 0.6, 2.0, 9.0];
    let mut flows = vec![1.0];
    for rate in rates {
        let mut next = vec![0.0; flows.len() + 1];
        for (power, flow) in flows.iter().enumerate() {
            next[power] += flow;
            next[power + 1] -= (1.0 + rate) * flow;
        }
        flows = next;
    }
    let found = irr(&flows).unwrap();
    assert_eq!(found.rates().len(), rates.len(), "{found:?}");
    for (found, rate) in found.rates().iter().zip(rates) {
        assert!((found - rate).abs() < 1e-7, "{found} for {rate}");
    }
}

/// A level payment of 1 for sixty quarters bought at its present value at 2 % a quarter returns 2 % a quarter.
#[test]
fn long_series_are_exact() {
    let price: f64 = (1.0 - 1.02f64.powi(-60)) / 0.02;
    let mut flows = vec![-price];
    flows.extend([1.0; 60]);
    assert!((irr(&flows).unwrap().unique().unwrap() - 0.02).abs() < 1e-13);
    // Payments fifty years apart, whose factors leave the range of a float at the ends of the search.
    let far = [
        DatedFlow {
            years: 0.0,
            amount: -1.0,
        },
        DatedFlow {
            years: 200.0,
            amount: 1e6,
        },
    ];
    let rate = dated_irr(&far).unwrap().unique().unwrap();
    assert!((rate - ((1e6f64).ln() / 200.0).exp_m1()).abs() < 1e-13);
}

/// A borrower and a lender by turns, a thousand times: (1 - 1.1 v)(1 + v^2 + v^4 + ...) has one root, at 10 %.
#[test]
fn a_thousand_sign_changes() {
    let flows: Vec<f64> = (0..1000)
        .map(|t| if t % 2 == 0 { 1.0 } else { -1.1 })
        .collect();
    assert!((irr(&flows).unwrap().unique().unwrap() - 0.1).abs() < 1e-12);
}

#[test]
fn ill_posed_questions_are_typed_errors() {
    assert!(matches!(
        irr(&[]),
        Err(FinanceError::TooFew {
            count: 0,
            needed: 2,
            ..
        })
    ));
    assert!(matches!(
        irr(&[1.0]),
        Err(FinanceError::TooFew { count: 1, .. })
    ));
    assert!(matches!(
        irr(&[1.0, f64::NAN]),
        Err(FinanceError::Entry { index: 1, .. })
    ));
    assert!(matches!(
        npv(-1.0, &[1.0]),
        Err(FinanceError::Value { value: -1.0, .. })
    ));
    assert!(matches!(
        npv(-0.999_999, &[1e300; 200]),
        Err(FinanceError::Overflow { .. })
    ));
    assert_eq!(irr(&[0.0, 0.0]).unwrap(), Irr::None(NoIrr::NoSignChange));
    let message = npv(-1.0, &[1.0]).unwrap_err().to_string();
    assert_eq!(
        message,
        "discount rate is -1, but it must be finite and above -1"
    );
}

#[test]
fn rates_convert() {
    // 7 % compounding quarterly is 1.0175^4 - 1 = 7.186 % effective.
    let effective = Compounding::Quarterly.effective(0.07).unwrap();
    assert!((effective - (1.0175f64.powi(4) - 1.0)).abs() < 1e-15);
    for compounding in [
        Compounding::Annual,
        Compounding::HalfYearly,
        Compounding::Quarterly,
        Compounding::Monthly,
    ] {
        let back = compounding
            .quoted(compounding.effective(0.07).unwrap())
            .unwrap();
        assert!((back - 0.07).abs() < 1e-15);
    }
    let real = WithInflation {
        rate: 0.1016,
        inflation: 0.02,
    }
    .real()
    .unwrap();
    assert!((real - 0.08).abs() < 1e-15);
    assert!(Compounding::Quarterly.effective(-4.0).is_err());
    assert!(
        WithInflation {
            rate: 0.1,
            inflation: f64::INFINITY
        }
        .real()
        .is_err()
    );
}
