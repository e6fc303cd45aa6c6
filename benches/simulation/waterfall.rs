//! A firm of two products with correlated prices, a floor on the quarterly average of the first, loans, a revolver, a
//! guarantee, preferred shares, a warrant, covenants and a restructuring.

use pricefloor::finance::{
    Capital, CapitalTerms, Compounding, Conversion, ConversionTerms, CostPoint, Covenants,
    Coverage, Covered, Cure, Depreciation, Dividend, EndValue, Frequency, Guarantee,
    GuaranteeTerms, Indexation, Instrument, Loan, LoanTerms, MoneyBasis, Operations, OtherAssets,
    Payoff, Payout, Preferred, PreferredTerms, PriceContract, PriceContractTerms, Product, Project,
    ProjectTerms, Reference, Remedy, Repayment, Restructuring, Revolver, RevolverTerms, Security,
    Seniority, Settled, Tax, TaxRelief, Timeline, TimelineTerms, Warrant, WarrantSettlement,
    WarrantTerms,
};
use pricefloor::stochastic::{Basket, BasketPrice, MeanReverting, MeanRevertingTerms};
use pricefloor::viability::{Case, DiscountRates, Study, StudyTerms};
use std::error::Error;

pub const PATH_COUNT: usize = 20_000;

/// Months in quarters over ten years.
fn timeline() -> Result<Timeline, Box<dyn Error>> {
    Ok(Timeline::new(TimelineTerms {
        frequency: Frequency::Quarterly,
        periods: 40,
        observations: 3,
        first_year: 2025,
        first_month: 7,
        fiscal_month: 10,
    })?)
}

pub fn prices() -> Result<Basket, Box<dyn Error>> {
    let one = |spot: f64, reversion, volatility| -> Result<BasketPrice, Box<dyn Error>> {
        Ok(BasketPrice::MeanReverting(MeanReverting::new(
            MeanRevertingTerms {
                spot,
                reversion,
                log_mean: spot.ln(),
                volatility,
            },
        )?))
    };
    Ok(Basket::pair(
        one(60.0, 0.6, 0.3)?,
        one(250.0, 0.4, 0.35)?,
        0.6,
    )?)
}

pub fn study() -> Result<Study, Box<dyn Error>> {
    let product = |name: &str, commodity, per_output| Product {
        name: name.into(),
        commodity,
        per_output,
        realisation: 1.0,
        sales: None,
    };
    let project = Project::new(ProjectTerms {
        name: "Two oxides".into(),
        timeline: timeline()?,
        products: vec![product("NdPr", 0, 1.0), product("Dy", 1, 0.04)],
        output: 1000.0,
        unit_cost: vec![CostPoint {
            output: 1000.0,
            unit_cost: 50.0,
        }],
        overhead: 8000.0,
        sustaining_capex: 2000.0,
        operations: Operations::default(),
        growth: None,
        tax: Tax {
            rate: 0.25,
            loss_offset: 0.8,
            opening_losses: 0.0,
            losses_last: None,
            depreciation: Depreciation::StraightLine { years: 10.0 },
            relief: TaxRelief::default(),
        },
        inflation: 0.02,
        prices: MoneyBasis::Real,
        salvage: 20_000.0,
        end_value: EndValue::Multiple(4.0),
    })?;
    let floor = PriceContract::new(PriceContractTerms {
        payoff: Payoff::Floor { strike: 65.0 },
        reference: Reference::benchmark_average(),
        coverage: Coverage::Share(1.0),
        start: 0.0,
        end: 10.0,
        indexation: Indexation::Fixed,
        upside: None,
        arrears: 1,
        appropriation: None,
    })?;
    let capital = Capital::new(CapitalTerms {
        cash: 15_000.0,
        cash_rate: 0.03,
        reserve: 3000.0,
        owners: "Owners".into(),
        owners_shares: 1000.0,
        securities: securities()?,
        payout: Payout::FreeCash { from: 2.0 },
        other_assets: OtherAssets::default(),
        covenants: Covenants {
            lock_up: Some(1.2),
            minimum: Some(1.0),
            cure: Some(Cure {
                times: 1,
                most: 5000.0,
            }),
            remedy: Remedy::Restructure(Restructuring {
                haircut: 0.3,
                standstill: 1.0,
                shares: 0.3,
                times: 1,
            }),
        },
    })?;
    Ok(Study::new(StudyTerms {
        project,
        sponsor: "Treasury".into(),
        rates: DiscountRates {
            project: 0.1,
            owners: 0.1,
            sponsor: 0.0435,
        },
        cases: vec![Case {
            name: "floor".into(),
            capital,
            contracts: vec![Covered {
                product: "NdPr".into(),
                contract: floor,
            }],
        }],
    })?)
}

fn securities() -> Result<Vec<Security>, Box<dyn Error>> {
    let loan = |principal, rate, seniority| {
        Loan::new(LoanTerms {
            principal,
            rate,
            grace: 1.0,
            maturity: 8.0,
            repayment: Repayment::Annuity,
            seniority,
        })
    };
    let held = |holder: &str, paid, instrument| Security {
        holder: holder.into(),
        instrument,
        paid,
    };
    Ok(vec![
        held(
            "Bank",
            30_000.0,
            Instrument::Loan(loan(30_000.0, 0.06, Seniority::Senior)?),
        ),
        held(
            "Treasury",
            10_000.0,
            Instrument::Loan(loan(10_000.0, 0.04, Seniority::Subordinated)?),
        ),
        held(
            "Bank",
            0.0,
            Instrument::Revolver(Revolver::new(RevolverTerms {
                limit: 5000.0,
                rate: 0.07,
                fee: 0.005,
                until: 8.0,
            })?),
        ),
        held(
            "Treasury",
            0.0,
            Instrument::Guarantee(Guarantee::new(GuaranteeTerms {
                covers: 0,
                share: 0.8,
                fee: 0.01,
            })?),
        ),
        held(
            "Treasury",
            10_000.0,
            Instrument::Preferred(Preferred::new(PreferredTerms {
                stated_value: 10_000.0,
                dividend: Dividend {
                    rate: 0.07,
                    compounding: Compounding::Quarterly,
                    settled: Settled::InKind,
                    cumulative: true,
                },
                conversion: Some(Conversion::new(ConversionTerms {
                    price: 40.0,
                    from: 0.0,
                })?),
                in_kind_converts: false,
                redemption: None,
                participating: true,
            })?),
        ),
        held(
            "Treasury",
            0.0,
            Instrument::Warrant(Warrant::new(WarrantTerms {
                shares: 200.0,
                strike: 45.0,
                expiry: 10.0,
                settlement: WarrantSettlement::NetShare,
            })?),
        ),
    ])
}
