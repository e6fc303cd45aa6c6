//! Cash flows and waterfalls worked out by hand, and what must hold of every one of them.

use pricefloor::finance::{
    Build, Capital, CapitalTerms, Compounding, Conversion, ConversionTerms, CostPoint, CountedAs,
    Covenants, Coverage, Covered, Depreciation, Dividend, EndValue, Estate, FinanceError,
    Frequency, Growth, Indexation, Instrument, MoneyBasis, Note, NoteTerms, Operations,
    OtherAssets, Outcome, Payoff, Payout, Preferred, PreferredTerms, PriceContract,
    PriceContractTerms, Producer, Product, Project, ProjectTerms, Reference, Security, Settled,
    Standing, Tax, TaxRelief, Timeline, TimelineTerms, Warrant, WarrantSettlement, WarrantTerms,
};
use proptest::prelude::*;

pub fn timeline(frequency: Frequency, periods: u32) -> Timeline {
    Timeline::new(TimelineTerms {
        frequency,
        periods,
        observations: 1,
        first_year: 2025,
        first_month: 7,
        fiscal_month: 10,
    })
    .unwrap()
}

/// 100 units a year at 60 each, or 200 at 40 after spending 1000 in the first year.
pub fn project_terms(periods: u32) -> ProjectTerms {
    ProjectTerms {
        name: "Mine".into(),
        timeline: timeline(Frequency::Yearly, periods),
        products: vec![Product {
            name: "oxide".into(),
            commodity: 0,
            per_output: 1.0,
            realisation: 1.0,
            sales: None,
        }],
        output: 100.0,
        unit_cost: vec![
            CostPoint {
                output: 100.0,
                unit_cost: 60.0,
            },
            CostPoint {
                output: 200.0,
                unit_cost: 40.0,
            },
        ],
        overhead: 500.0,
        sustaining_capex: 200.0,
        operations: Operations::default(),
        growth: Some(Growth {
            output: 200.0,
            capex: 1000.0,
            start: 0.0,
            complete: 1.0,
            build: Build::default(),
        }),
        tax: Tax {
            rate: 0.25,
            loss_offset: 0.8,
            opening_losses: 0.0,
            losses_last: None,
            depreciation: Depreciation::Expensed,
            relief: TaxRelief::default(),
        },
        inflation: 0.0,
        prices: MoneyBasis::Nominal,
        salvage: 0.0,
        end_value: EndValue::Nothing,
    }
}

pub fn capital_terms(cash: f64) -> CapitalTerms {
    CapitalTerms {
        cash,
        cash_rate: 0.0,
        reserve: 0.0,
        owners: "Owners".into(),
        owners_shares: 100.0,
        securities: Vec::new(),
        payout: Payout::Retain,
        other_assets: OtherAssets::default(),
        covenants: Covenants::default(),
    }
}

fn note(face: f64, coupon: f64, maturity: f64) -> Security {
    let terms = NoteTerms {
        face,
        coupon,
        maturity,
        conversion: None,
        counted_as: CountedAs::Debt,
    };
    Security {
        holder: "Lender".into(),
        instrument: Instrument::Note(Note::new(terms).unwrap()),
        paid: 0.0,
    }
}

pub fn preferred_terms(stated_value: f64, rate: f64) -> PreferredTerms {
    PreferredTerms {
        stated_value,
        dividend: Dividend {
            rate,
            compounding: Compounding::Annual,
            settled: Settled::InKind,
            cumulative: true,
        },
        conversion: None,
        in_kind_converts: false,
        redemption: None,
        participating: false,
    }
}

pub fn security(instrument: Instrument) -> Security {
    Security {
        holder: "Sponsor".into(),
        instrument,
        paid: 0.0,
    }
}

pub fn floor(strike: f64, arrears: u32) -> Covered {
    let terms = PriceContractTerms {
        payoff: Payoff::Floor { strike },
        reference: Reference::benchmark_average(),
        coverage: Coverage::Share(1.0),
        start: 0.0,
        end: 50.0,
        indexation: Indexation::Fixed,
        upside: None,
        arrears,
        appropriation: None,
    };
    Covered {
        product: "oxide".into(),
        contract: PriceContract::new(terms).unwrap(),
    }
}

pub fn producer(project: ProjectTerms, capital: CapitalTerms, contracts: &[Covered]) -> Producer {
    Producer::new(
        &Project::new(project).unwrap(),
        &Capital::new(capital).unwrap(),
        contracts,
    )
    .unwrap()
}

pub fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-9 * expected.abs().max(1.0),
        "{found} for {expected}"
    );
}

/// Cash 3000 at 2 %, a note of 1000 at 5 % due in year 3, price 70, tax 25 %, capital deducted the year after.
///
/// | year | output | sales | cost | overhead | interest in, out | deduction | income  | tax       | capital | closing cash |
/// |------|--------|-------|------|----------|------------------|-----------|---------|-----------|---------|--------------|
/// | 1    | 100    |  7000 | 6000 | 500      | 60, 50           | 0         | 510     | 127.5     | 200+1000| 2182.5       |
/// | 2    | 200    | 14000 | 8000 | 500      | 43.65, 50        | 1200      | 4293.65 | 1073.4125 | 200     | 6402.7375    |
/// | 3    | 200    | 14000 | 8000 | 500      | 128.05475, 50    | 200       | 5378.05475 | 1344.5136875 | 200 | 9436.2785625, after 1000 repaid |
#[test]
fn three_years_by_hand() {
    let capital = CapitalTerms {
        cash_rate: 0.02,
        securities: vec![note(1000.0, 0.05, 3.0)],
        ..capital_terms(3000.0)
    };
    let flow = producer(project_terms(3), capital, &[])
        .cash_flow(&[70.0; 3], true)
        .unwrap();
    let years = flow.periods();
    let taxes = [127.5, 1073.4125, 1_344.513_687_5];
    let closing = [2182.5, 6402.7375, 9_436.278_562_5];
    for year in 0..3 {
        close(years[year].tax(), taxes[year]);
        close(years[year].closing_cash(), closing[year]);
        assert!(years[year].conservation_error().abs() < 0.005);
    }
    close(years[0].growth_capex(), 1000.0);
    close(years[1].output(), 200.0);
    close(years[2].principal_paid(), 1000.0);
    assert_eq!(flow.outcome(), Outcome::Solvent);
    assert!(flow.grown());
    close(flow.estate(), 9_436.278_562_5);
    close(flow.share_out().owners(), 9_436.278_562_5);
}

/// Price 50: a loss of 1000 + 500 + 200 of coupon a year from cash of 6000 leaves 4300, 2600, 900. In year 4 cash is
/// 900 - 1500 = -600 before a coupon of 200: default. The plant fetches 3000, so the estate is 2400: the note has
/// 2000 + 200 of it, the preferred shares, which claim 1000 x 1.1^4 = 1464.1, the remaining 200, the owners nothing.
#[test]
fn default_in_year_four_by_hand() {
    let terms = ProjectTerms {
        salvage: 3000.0,
        sustaining_capex: 0.0,
        ..project_terms(6)
    };
    let preferred = Preferred::new(preferred_terms(1000.0, 0.1)).unwrap();
    let securities = vec![
        note(2000.0, 0.1, 5.0),
        security(Instrument::Preferred(preferred)),
    ];
    let capital = CapitalTerms {
        securities,
        ..capital_terms(6000.0)
    };
    let flow = producer(terms, capital, &[])
        .cash_flow(&[50.0; 6], false)
        .unwrap();
    let closing: Vec<f64> = flow
        .periods()
        .iter()
        .map(|period| period.closing_cash())
        .collect();
    assert_eq!(closing, [4300.0, 2600.0, 900.0, -600.0]);
    assert_eq!(flow.outcome(), Outcome::RanOutOfCash { period: 3 });
    assert_eq!((flow.estate(), flow.unpaid()), (2400.0, 0.0));
    assert_eq!(flow.share_out().securities(), [2200.0, 200.0]);
    assert_eq!(flow.share_out().owners(), 0.0);
    // With a plant worth 400 the estate does not cover the bills: 200 of them stay unpaid, and nobody gets anything.
    let terms = ProjectTerms {
        salvage: 400.0,
        sustaining_capex: 0.0,
        ..project_terms(6)
    };
    let capital = CapitalTerms {
        securities: vec![note(2000.0, 0.1, 5.0)],
        ..capital_terms(6000.0)
    };
    let flow = producer(terms, capital, &[])
        .cash_flow(&[50.0; 6], false)
        .unwrap();
    assert_eq!(
        (
            flow.estate(),
            flow.unpaid(),
            flow.share_out().securities()[0]
        ),
        (0.0, 200.0, 0.0)
    );
}

/// A loss of 500 in year 1 (price 60), then an income of 1500 (price 80): the pool offsets 500, since 80 % of 1500 is
/// more; taxed 1000. With an income of 500 (price 70) it offsets 400 and keeps 100.
#[test]
fn losses_offset_part_of_later_income() {
    let terms = ProjectTerms {
        sustaining_capex: 0.0,
        growth: None,
        ..project_terms(3)
    };
    let plant = producer(terms, capital_terms(5000.0), &[]);
    let taxes = |prices: [f64; 3]| {
        plant
            .cash_flow(&prices, false)
            .unwrap()
            .periods()
            .iter()
            .map(|period| period.tax())
            .collect::<Vec<_>>()
    };
    assert_eq!(taxes([60.0, 80.0, 60.0]), [0.0, 250.0, 0.0]);
    // 500 - 400 = 100 taxed; then 500 - 100 left in the pool.
    assert_eq!(taxes([60.0, 70.0, 70.0]), [0.0, 25.0, 100.0]);
}

/// 200 of sustaining capital a year over four years, deducted from the year after: 0, 50, 100, 150, 200, 200.
#[test]
fn straight_line_depreciation() {
    let mut terms = ProjectTerms {
        growth: None,
        ..project_terms(6)
    };
    terms.tax.depreciation = Depreciation::StraightLine { years: 4.0 };
    let flow = producer(terms, capital_terms(0.0), &[])
        .cash_flow(&[75.0; 6], false)
        .unwrap();
    for (period, deduction) in flow
        .periods()
        .iter()
        .zip([0.0, 50.0, 100.0, 150.0, 200.0, 200.0])
    {
        close(period.tax(), 0.25 * (1000.0 - deduction));
    }
}

/// A floor of 80 while the price is 50 pays 30 on 100 units. Paid a year late, the last payments fall on the last day.
#[test]
fn contract_income_is_taxed_and_nothing_is_left_unpaid() {
    let terms = ProjectTerms {
        growth: None,
        sustaining_capex: 0.0,
        ..project_terms(3)
    };
    let on_time = producer(terms.clone(), capital_terms(5000.0), &[floor(80.0, 0)]);
    let flow = on_time.cash_flow(&[50.0; 3], false).unwrap();
    for period in flow.periods() {
        assert_eq!((period.contract(), period.top_up()), (3000.0, 3000.0));
        // 5000 + 3000 - 6000 - 500 = 1500 with the contract; a loss of 1500 without it.
        assert_eq!((period.tax(), period.tax_without_contract()), (375.0, 0.0));
    }
    let late = producer(terms, capital_terms(5000.0), &[floor(80.0, 1)])
        .cash_flow(&[50.0; 3], false)
        .unwrap();
    let paid: Vec<f64> = late
        .periods()
        .iter()
        .map(|period| period.contract())
        .collect();
    assert_eq!(paid, [0.0, 3000.0, 6000.0]);
}

/// An instalment waits until the firm can pay it and keep its reserve. Price 75 earns 1000 a year before tax: with 500
/// of cash and a reserve of 1000, cash after sustaining capital is 500 + 750 - 200 = 1050, and 1050 - 1000 < 1000;
/// a year later 1050 + 1000 - 0.25 x 800 - 200 = 1650; then 2250 pays for it.
#[test]
fn growth_waits_for_cash() {
    let capital = CapitalTerms {
        reserve: 1000.0,
        ..capital_terms(500.0)
    };
    let flow = producer(project_terms(5), capital, &[])
        .cash_flow(&[75.0; 5], true)
        .unwrap();
    let capex: Vec<f64> = flow
        .periods()
        .iter()
        .map(|period| period.growth_capex())
        .collect();
    assert_eq!(capex, [0.0, 0.0, 1000.0, 0.0, 0.0]);
    close(flow.periods()[1].closing_cash(), 1650.0);
    close(flow.periods()[2].closing_cash(), 1250.0);
    assert_eq!(flow.periods()[3].output(), 200.0);
}

/// With inflation of 10 % costs are those of the end of each year; real prices rise with it, nominal ones do not.
#[test]
fn real_and_nominal_money() {
    let terms = |prices| ProjectTerms {
        inflation: 0.1,
        growth: None,
        prices,
        ..project_terms(2)
    };
    let real = producer(terms(MoneyBasis::Real), capital_terms(1e4), &[])
        .cash_flow(&[70.0; 2], false)
        .unwrap();
    let nominal = producer(terms(MoneyBasis::Nominal), capital_terms(1e4), &[])
        .cash_flow(&[70.0; 2], false)
        .unwrap();
    close(real.periods()[1].sales(), 7000.0 * 1.21);
    close(nominal.periods()[1].sales(), 7000.0);
    for flow in [&real, &nominal] {
        close(flow.periods()[1].operating_cost(), 6000.0 * 1.21);
        close(flow.periods()[0].overhead(), 550.0);
    }
    let multiple = ProjectTerms {
        end_value: EndValue::Multiple(5.0),
        growth: None,
        ..project_terms(2)
    };
    let flow = producer(multiple, capital_terms(0.0), &[])
        .cash_flow(&[80.0; 2], false)
        .unwrap();
    let last = flow.periods()[1];
    close(
        flow.estate(),
        last.closing_cash() + 5.0 * (last.operating() - 200.0),
    );
}

/// Quarters from July 2025: the first ends in September 2025, fiscal 2025 of a year that begins in October.
#[test]
fn calendar() {
    let quarters = timeline(Frequency::Quarterly, 60);
    assert_eq!(quarters.name(0), "Q3 2025");
    assert_eq!(quarters.find("Q4 2035"), Some(41));
    let fiscal: Vec<i32> = (0..6).map(|index| quarters.fiscal_year(index)).collect();
    assert_eq!(fiscal, [2025, 2026, 2026, 2026, 2026, 2027]);
    assert_eq!(quarters.years(), 15.0);
    let months = Timeline::new(TimelineTerms {
        frequency: Frequency::Monthly,
        fiscal_month: 1,
        ..*quarters.terms()
    });
    let months = months.unwrap();
    assert_eq!(
        (months.name(5), months.fiscal_year(5), months.fiscal_year(6)),
        ("2025-12".into(), 2025, 2026)
    );
}

/// `fi_warrants_convertibles.json`: 100,000 preferred shares of 100, each converting into four, beside a million common.
#[test]
fn convertible_preferred_with_a_claim() {
    let case = crate::cases::known("fi_warrants_convertibles");
    let preferred = PreferredTerms {
        conversion: Some(
            Conversion::new(ConversionTerms {
                price: 25.0,
                from: 0.0,
            })
            .unwrap(),
        ),
        ..preferred_terms(1e7, 0.0)
    };
    let preferred = security(Instrument::Preferred(Preferred::new(preferred).unwrap()));
    let capital = Capital::new(CapitalTerms {
        owners_shares: 1e6,
        securities: vec![preferred],
        ..capital_terms(0.0)
    })
    .unwrap();
    for (millions, answer) in case["answer"]["convertible_preferred"].as_object().unwrap() {
        let value = millions.parse::<f64>().unwrap() * 1e6;
        let estate = Estate {
            value,
            years: 1.0,
            insolvent: true,
        };
        let out = capital
            .share_out(estate, &Standing::regular(&capital, 1.0))
            .unwrap();
        assert_eq!(
            out.converted()[0],
            answer["converts"].as_bool().unwrap(),
            "{millions}"
        );
        close(out.price(), answer["price_per_share"].as_f64().unwrap());
        close(
            out.securities()[0] / 1e5,
            answer["preferred_value_each"].as_f64().unwrap(),
        );
        close(out.owners() + out.securities()[0], value);
        // Without a put in the terms, the holder in a solvent firm has the conversion and nothing else.
        let out = capital
            .share_out(
                Estate {
                    insolvent: false,
                    ..estate
                },
                &Standing::regular(&capital, 1.0),
            )
            .unwrap();
        assert!(out.converted()[0]);
        close(out.securities()[0], value * 4e5 / 1.4e6);
    }
}

#[test]
fn bad_projects_are_typed_errors() {
    let fails = |terms| Project::new(terms).unwrap_err();
    let outside = ProjectTerms {
        output: 50.0,
        ..project_terms(3)
    };
    assert_eq!(
        fails(outside).to_string(),
        "output a year, given the unit costs, is 50, but it must be finite and at least 100"
    );
    let mut twice = project_terms(3);
    twice.products.push(twice.products[0].clone());
    assert!(matches!(fails(twice), FinanceError::Duplicate { .. }));
    let mut order = project_terms(3);
    order.unit_cost.swap(0, 1);
    assert!(matches!(fails(order), FinanceError::Order { .. }));
    let late = Growth {
        output: 200.0,
        capex: 1.0,
        start: 0.0,
        complete: 9.0,
        build: Build::default(),
    };
    assert!(matches!(
        fails(ProjectTerms {
            growth: Some(late.clone()),
            ..project_terms(3)
        }),
        FinanceError::Value { .. }
    ));
    let instant = Growth {
        complete: 0.0,
        ..late
    };
    assert!(matches!(
        fails(ProjectTerms {
            growth: Some(instant),
            ..project_terms(3)
        }),
        FinanceError::Order { .. }
    ));
    assert!(
        fails(ProjectTerms {
            inflation: f64::NAN,
            ..project_terms(3)
        })
        .to_string()
        .contains("inflation is NaN")
    );
    let plant = Project::new(project_terms(3)).unwrap();
    let capital = Capital::new(capital_terms(1.0)).unwrap();
    let stray = Covered {
        product: "metal".into(),
        ..floor(80.0, 0)
    };
    assert!(matches!(
        Producer::new(&plant, &capital, &[stray]),
        Err(FinanceError::Unknown { .. })
    ));
    let twice = [floor(80.0, 0), floor(90.0, 0)];
    assert!(matches!(
        Producer::new(&plant, &capital, &twice),
        Err(FinanceError::Duplicate { .. })
    ));
    let whole = Producer::new(&plant, &capital, &[]).unwrap();
    assert!(matches!(
        whole.cash_flow(&[1.0; 2], true),
        Err(FinanceError::Lengths { expected: 3, .. })
    ));
    assert!(matches!(
        whole.cash_flow(&[1.0, -1.0, 1.0], true),
        Err(FinanceError::Entry { index: 1, .. })
    ));
    let huge = ProjectTerms {
        products: vec![Product {
            realisation: 1e300,
            ..project_terms(3).products[0].clone()
        }],
        ..project_terms(3)
    };
    let huge = producer(huge, capital_terms(1.0), &[]);
    assert!(
        huge.cash_flow(&[1e300; 3], true).is_err(),
        "amounts out of range are an error, not infinity"
    );
}

#[test]
fn files_are_checked_and_round_trip() {
    let project = Project::new(project_terms(3)).unwrap();
    let text = serde_json::to_string(&project).unwrap();
    assert_eq!(serde_json::from_str::<Project>(&text).unwrap(), project);
    for key in [
        "name",
        "timeline",
        "frequency",
        "products",
        "per_output",
        "unit_cost",
        "rate",
        "loss_offset",
        "capex",
    ] {
        let broken = text.replacen(&format!("\"{key}\""), &format!("\"{key}x\""), 1);
        assert_ne!(broken, text, "{key}");
        assert!(serde_json::from_str::<Project>(&broken).is_err(), "{key}");
    }
    let preferred = Preferred::new(preferred_terms(1000.0, 0.1)).unwrap();
    let securities = vec![
        note(2000.0, 0.1, 5.0),
        security(Instrument::Preferred(preferred)),
    ];
    let capital = Capital::new(CapitalTerms {
        securities,
        ..capital_terms(6000.0)
    })
    .unwrap();
    let text = serde_json::to_string(&capital).unwrap();
    assert_eq!(serde_json::from_str::<Capital>(&text).unwrap(), capital);
    for key in ["cash", "owners", "securities", "holder", "face", "paid"] {
        let broken = text.replacen(&format!("\"{key}\""), &format!("\"{key}x\""), 1);
        assert_ne!(broken, text, "{key}");
        assert!(serde_json::from_str::<Capital>(&broken).is_err(), "{key}");
    }
    let flow = producer(project_terms(3), capital_terms(3000.0), &[floor(80.0, 0)])
        .cash_flow(&[70.0; 3], true)
        .unwrap();
    let text = serde_json::to_string(&flow).unwrap();
    assert_eq!(
        serde_json::from_str::<pricefloor::finance::CashFlow>(&text).unwrap(),
        flow
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Cash is conserved to the cent in every period, never negative without a default, and the estate is shared out
    /// to the cent, over wide ranges of price, strike, cost, debt, stake, delay and reserve.
    #[test]
    fn cash_is_conserved_and_equity_is_never_negative(
        prices in prop::collection::vec(0.0..300.0f64, 12),
        strike in 0.0..200.0f64,
        cash in 0.0..20_000.0f64,
        face in 1.0..20_000.0f64,
        coupon in 0.0..0.3f64,
        stake in 1.0..10_000.0f64,
        conversion in 1.0..200.0f64,
        reserve in 0.0..5000.0f64,
        salvage in 0.0..5000.0f64,
        inflation in -0.05..0.3f64,
        cash_rate in -0.02..0.1f64,
        (grow, real, pays, in_kind, arrears) in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0u32..4),
    ) {
        let terms = ProjectTerms {
            timeline: timeline(Frequency::Quarterly, 12),
            salvage,
            inflation,
            prices: if real { MoneyBasis::Real } else { MoneyBasis::Nominal },
            growth: Some(Growth { output: 200.0, capex: 1000.0, start: 0.25, complete: 1.25, build: Build::default() }),
            ..project_terms(12)
        };
        let settled = if in_kind { Settled::InKind } else { Settled::InCash };
        let base = preferred_terms(stake, 0.07);
        let preferred = PreferredTerms {
            conversion: Some(Conversion::new(ConversionTerms { price: conversion, from: 0.0 }).unwrap()),
            dividend: Dividend { settled, ..base.dividend },
            in_kind_converts: in_kind,
            participating: pays,
            ..base
        };
        let warrant = WarrantTerms { shares: 30.0, strike: conversion, expiry: 3.0, settlement: WarrantSettlement::Cash };
        let securities = vec![
            note(face, coupon, 2.0),
            note(face, coupon, 9.0),
            Security { paid: stake, ..security(Instrument::Preferred(Preferred::new(preferred).unwrap())) },
            security(Instrument::Warrant(Warrant::new(warrant).unwrap())),
        ];
        let payout = if pays { Payout::FreeCash { from: 1.0 } } else { Payout::Retain };
        let capital = CapitalTerms { cash_rate, reserve, securities, payout, ..capital_terms(cash) };
        let flow = producer(terms, capital, &[floor(strike, arrears)]).cash_flow(&prices, grow).unwrap();
        let mut opening = cash + stake;
        for (index, period) in flow.periods().iter().enumerate() {
            prop_assert!((period.opening_cash() - opening).abs() < 1e-9);
            prop_assert!(period.conservation_error().abs() < 0.005, "{}", period.conservation_error());
            opening = period.closing_cash();
            let failed = flow.outcome() == Outcome::RanOutOfCash { period: index };
            prop_assert!(failed || period.closing_cash() >= 0.0);
            prop_assert!(failed == (index + 1 == flow.periods().len() && flow.outcome() != Outcome::Solvent
                && flow.outcome() != Outcome::InsolventAtEnd));
        }
        let out = flow.share_out();
        let shared = out.owners() + out.securities().iter().sum::<f64>();
        prop_assert!((shared - flow.estate()).abs() < 0.005, "{shared} of {}", flow.estate());
        prop_assert!(out.owners() >= 0.0 && out.securities().iter().all(|part| *part >= -1e-9));
        prop_assert!(flow.estate() >= 0.0 && flow.unpaid() >= 0.0);
    }
}
