//! The value of a project, which is found for many paths side by side, against its cash flow path by path.

use super::*;
use pricefloor::finance::{
    Appropriation, Depletion, Producer, Shortfall, TaxCredit, UpsideShare, WorkingCapital,
};

const PATHS: usize = 100;
const RATE: f64 = 0.1;

/// Six years in quarters of three months, with everything that is carried from one period to the next.
fn rich_terms() -> ProjectTerms {
    ProjectTerms {
        timeline: timeline(Frequency::Quarterly, 24, 3),
        overhead: 500.0,
        sustaining_capex: 200.0,
        operations: Operations {
            royalty: 0.04,
            working_capital: WorkingCapital {
                receivable_days: 40.0,
                inventory_days: 60.0,
                payable_days: 30.0,
                opening: 100.0,
            },
            closure: 700.0,
        },
        growth: Some(Growth {
            output: 200.0,
            capex: 1000.0,
            start: 0.5,
            complete: 1.5,
            build: Build {
                delay: 0.5,
                ramp: vec![0.3, 0.8],
                ..Build::default()
            },
        }),
        tax: Tax {
            rate: 0.25,
            loss_offset: 0.8,
            opening_losses: 50.0,
            losses_last: Some(1),
            depreciation: Depreciation::DecliningBalance {
                years: 5,
                factor: 2.0,
            },
            relief: TaxRelief {
                depletion: Some(Depletion {
                    of_sales: 0.1,
                    most: 0.5,
                }),
                credit: Some(TaxCredit {
                    of_operating_cost: 0.1,
                    of_growth_capital: 0.2,
                    until: 4.0,
                    refundable: false,
                }),
            },
        },
        inflation: 0.02,
        prices: MoneyBasis::Real,
        end_value: EndValue::Multiple(3.0),
        ..project_terms()
    }
}

/// A floor in arrears whose payments the appropriation puts off, a collar whose payments it cuts off, with an upside share
/// under a yearly cap, and a two-sided contract that steps up.
fn contracts() -> [PriceContractTerms; 3] {
    let appropriation = |shortfall| {
        Some(Appropriation {
            per_year: 900.0,
            shortfall,
        })
    };
    let reference = |observed| Reference {
        price: Quoted::Realised,
        observed,
        factor: 1.1,
    };
    [
        PriceContractTerms {
            arrears: 2,
            appropriation: appropriation(Shortfall::Carried),
            indexation: Indexation::Inflation,
            ..floor_terms(75.0, Coverage::Share(0.8))
        },
        PriceContractTerms {
            payoff: Payoff::Collar {
                floor: 70.0,
                cap: 85.0,
            },
            reference: reference(Observation::PeriodAverage),
            start: 0.4,
            end: 4.7,
            upside: Some(UpsideShare {
                share: 0.3,
                threshold: 72.0,
                reference: reference(Observation::PeriodEnd),
                indexation: Indexation::Fixed,
                from: Some(1.0),
                yearly_cap: Some(150.0),
            }),
            appropriation: appropriation(Shortfall::Lapses),
            ..floor_terms(1.0, Coverage::First { per_year: 70.0 })
        },
        PriceContractTerms {
            payoff: Payoff::TwoSided { strike: 68.0 },
            indexation: Indexation::Yearly(0.03),
            arrears: 1,
            ..floor_terms(1.0, Coverage::Deemed { per_year: 60.0 })
        },
    ]
}

/// Net present value of a project without financing along one path: free cash, and what is left at the end beside the cash.
fn value(bare: &Producer, prices: &[f64], grow: bool) -> f64 {
    let flow = bare.cash_flow(prices, grow).unwrap();
    let timeline = bare.project().terms().timeline;
    let now = |index| (1.0 + RATE).powf(-timeline.end(index));
    let free = flow.periods().iter().enumerate();
    let free: f64 = free.map(|(index, p)| now(index) * p.free_cash()).sum();
    let last = flow.periods().len() - 1;
    let cash = flow.periods()[last].closing_cash();
    free + now(last) * (flow.estate() - flow.unpaid() - cash)
}

/// Expected value by `Producer::cash_flow`, an independent walk along each path alone, of both plans.
#[test]
fn projects_are_worth_what_their_cash_flows_are() {
    let source = price(70.0, 0.4);
    let simulation = Simulation::new(PATHS, 3).unwrap();
    for lasting in [Some(1), None] {
        for contract in contracts() {
            for growth in [rich_terms().growth, None] {
                let mut terms = rich_terms();
                terms.growth = growth.clone();
                terms.tax.losses_last = lasting;
                let project = Project::new(terms).unwrap();
                let covered = Covered {
                    product: "oxide".into(),
                    contract: PriceContract::new(contract).unwrap(),
                };
                let capital = capital(500.0, Vec::new());
                let producer = Producer::new(&project, &capital, std::slice::from_ref(&covered));
                let bare = producer.unwrap().unlevered().unwrap();
                let grid = bare.grid().unwrap();
                let one = |block: pricefloor::stochastic::Block<'_>| {
                    let along =
                        |path| -> Vec<f64> { block.rows().iter().map(|row| row[path]).collect() };
                    let both = |path| [false, true].map(|grow| value(&bare, &along(path), grow));
                    (0..block.live()).map(both).collect::<Vec<_>>()
                };
                let values = simulation.run(&source, &grid, || (), |(), block| one(block));
                let values = values.unwrap().concat();
                let mean =
                    |plan: usize| values.iter().map(|both| both[plan]).sum::<f64>() / PATHS as f64;
                let study = Study::new(StudyTerms {
                    project: project.clone(),
                    sponsor: "Treasury".into(),
                    rates: DiscountRates {
                        project: RATE,
                        owners: RATE,
                        sponsor: 0.04,
                    },
                    cases: vec![Case {
                        name: "case".into(),
                        capital,
                        contracts: vec![covered],
                    }],
                });
                let found = study.unwrap().run(&source, simulation).unwrap();
                let found = found.cases()[0].growth().clone();
                let close =
                    |a: f64, b: f64| approx::assert_relative_eq!(a, b, max_relative = 1e-12);
                close(found.staying().mean(), mean(0));
                assert_eq!(found.growing().is_some(), growth.is_some());
                if let Some(growing) = found.growing() {
                    close(growing.mean(), mean(1));
                    assert!((mean(1) - mean(0)).abs() > 1.0);
                }
            }
        }
    }
}
