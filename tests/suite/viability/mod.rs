//! A producer under uncertainty against closed forms and hand calculations.

mod capital_cost;
mod dynamic;
mod files;
mod input;
mod measures;
mod plain;
mod side_by_side;
mod simulation;

pub use pricefloor::finance::{
    Build, Capital, CapitalTerms, Compounding, Conversion, ConversionTerms, CostPoint, CountedAs,
    Covenants, Coverage, Covered, Depreciation, Dividend, EndValue, Frequency, Growth, Indexation,
    Instrument, Irr, MoneyBasis, NoIrr, Note, NoteTerms, Observation, Operations, OtherAssets,
    Payoff, Payout, Preferred, PreferredTerms, PriceContract, PriceContractTerms, Product, Project,
    ProjectTerms, Quoted, Reference, Security, Settled, Tax, TaxRelief, Timeline, TimelineTerms,
    UpsideShare, Warrant, WarrantSettlement, WarrantTerms,
};
pub use pricefloor::stochastic::{Draws, Lognormal, MeanReverting, MeanRevertingTerms, Simulation};
pub use pricefloor::viability::{
    BreakEven, Case, DiscountRates, Estimate, Findings, Pricing, Runway, Study, StudyTerms,
    ViabilityError,
};
pub use statrs::distribution::{ContinuousCDF, Normal};

pub fn price(spot: f64, volatility: f64) -> MeanReverting {
    MeanReverting::new(MeanRevertingTerms {
        spot,
        reversion: 0.5,
        log_mean: spot.ln(),
        volatility,
    })
    .unwrap()
}

/// A price that never moves.
pub fn flat(spot: f64) -> MeanReverting {
    price(spot, 0.0)
}

pub fn timeline(frequency: Frequency, periods: u32, observations: u32) -> Timeline {
    Timeline::new(TimelineTerms {
        frequency,
        periods,
        observations,
        first_year: 2025,
        first_month: 7,
        fiscal_month: 10,
    })
    .unwrap()
}

/// 100 units a year at 60, or 200 at 40 for 1000 of capital in year 1; no tax, no overhead unless set.
pub fn project_terms() -> ProjectTerms {
    ProjectTerms {
        name: "Mine".into(),
        timeline: timeline(Frequency::Yearly, 5, 1),
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
        overhead: 0.0,
        sustaining_capex: 0.0,
        operations: Operations::default(),
        growth: Some(Growth {
            output: 200.0,
            capex: 1000.0,
            start: 0.0,
            complete: 1.0,
            build: Build::default(),
        }),
        tax: Tax {
            rate: 0.0,
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

pub fn capital(cash: f64, securities: Vec<Security>) -> Capital {
    Capital::new(CapitalTerms {
        cash,
        cash_rate: 0.0,
        reserve: 0.0,
        owners: "Owners".into(),
        owners_shares: 100.0,
        securities,
        payout: Payout::Retain,
        other_assets: OtherAssets::default(),
        covenants: Covenants::default(),
    })
    .unwrap()
}

pub fn floor_terms(strike: f64, coverage: Coverage) -> PriceContractTerms {
    PriceContractTerms {
        payoff: Payoff::Floor { strike },
        reference: Reference {
            price: Quoted::Benchmark,
            observed: Observation::PeriodEnd,
            factor: 1.0,
        },
        coverage,
        start: 0.0,
        end: 50.0,
        indexation: Indexation::Fixed,
        upside: None,
        arrears: 0,
        appropriation: None,
    }
}

pub fn floor(strike: f64, coverage: Coverage) -> Covered {
    Covered {
        product: "oxide".into(),
        contract: PriceContract::new(floor_terms(strike, coverage)).unwrap(),
    }
}

pub fn stake(paid: f64, price: f64) -> Security {
    let terms = PreferredTerms {
        stated_value: paid,
        dividend: Dividend {
            rate: 0.07,
            compounding: Compounding::Quarterly,
            settled: Settled::InKind,
            cumulative: true,
        },
        conversion: Some(Conversion::new(ConversionTerms { price, from: 0.0 }).unwrap()),
        in_kind_converts: false,
        redemption: None,
        participating: true,
    };
    Security {
        holder: "Treasury".into(),
        instrument: Instrument::Preferred(Preferred::new(terms).unwrap()),
        paid,
    }
}

pub fn note(face: f64) -> Security {
    let terms = NoteTerms {
        face,
        coupon: 0.05,
        maturity: 3.0,
        conversion: None,
        counted_as: CountedAs::Debt,
    };
    Security {
        holder: "Lender".into(),
        instrument: Instrument::Note(Note::new(terms).unwrap()),
        paid: 0.0,
    }
}

pub fn case(name: &str, capital: Capital, contracts: Vec<Covered>) -> Case {
    Case {
        name: name.into(),
        capital,
        contracts,
    }
}

pub fn study_terms(project: ProjectTerms, cases: Vec<Case>) -> StudyTerms {
    StudyTerms {
        project: Project::new(project).unwrap(),
        sponsor: "Treasury".into(),
        rates: DiscountRates {
            project: 0.1,
            owners: 0.1,
            sponsor: 0.04,
        },
        cases,
    }
}

pub fn study(project: ProjectTerms, cases: Vec<Case>) -> Study {
    Study::new(study_terms(project, cases)).unwrap()
}

pub fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-9 * expected.abs().max(1.0),
        "{found} for {expected}"
    );
}

/// sum of (1 + r)^-t for t in `from..=to`.
pub fn annuity(rate: f64, from: i32, to: i32) -> f64 {
    (from..=to).map(|t| (1.0 + rate).powi(-t)).sum()
}

pub fn four_cases() -> Vec<Case> {
    let contract = || vec![floor(80.0, Coverage::Share(1.0))];
    vec![
        case("none", capital(4000.0, vec![note(1500.0)]), vec![]),
        case("floor", capital(4000.0, vec![note(1500.0)]), contract()),
        case(
            "stake",
            capital(4000.0, vec![note(1500.0), stake(2000.0, 40.0)]),
            vec![],
        ),
        case(
            "both",
            capital(4000.0, vec![note(1500.0), stake(2000.0, 40.0)]),
            contract(),
        ),
    ]
}

pub fn quarterly() -> ProjectTerms {
    ProjectTerms {
        timeline: timeline(Frequency::Quarterly, 24, 3),
        overhead: 500.0,
        sustaining_capex: 100.0,
        inflation: 0.02,
        tax: Tax {
            rate: 0.25,
            ..project_terms().tax
        },
        ..project_terms()
    }
}
