//! A purification plant as a joint venture: private partners and a government build it with a sculpted loan and sell under
//! an offtake contract. Which of the three makes it bankable, and what does it cost the lender?
//!
//! Size and capital are those of a planned separation plant; costs and terms are judged.
//!
//! `cargo run --release --example joint_venture`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, Table as Facts};
use pricefloor::finance::{
    Build, Capital, CapitalTerms, Common, CommonTerms, CostPoint, Covenants, Coverage, Covered,
    Depreciation, EndValue, Frequency, Growth, Indexation, Instrument, MoneyBasis, Operations,
    OtherAssets, Payoff, Payout, PriceContract, PriceContractTerms, Producer, Product, Project,
    ProjectTerms, Reference, Sculpted, Sculpting, SculptingTerms, Security, Seniority, Tax,
    TaxRelief, Timeline, TimelineTerms,
};
use pricefloor::stochastic::{MeanReverting, MeanRevertingTerms, Simulation};
use pricefloor::viability::{BreakEven, Case, DiscountRates, Study, StudyTerms};
use support::chart::{self, Frame, Line};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

const MILLION: f64 = 1e6;
const GOVERNMENT: &str = "Government";
const PRODUCT: &str = "NdPr oxide";
const YEARS: u32 = 18;
/// Judged: years of building, feed and processing in $ a kilogram, the government's part of the equity, the strike and the
/// covered part of the offtake, the loan's rate, cover, gearing and life.
const BUILDING: f64 = 3.0;
const UNIT_COST: f64 = 40.0;
const GOVERNMENT_PART: f64 = 0.4;
const STRIKE: f64 = 75.0;
const COVERED: f64 = 0.7;
const RATE: f64 = 0.06;
const COVER: f64 = 1.4;
const GEARING: f64 = 0.6;
const LOAN_YEARS: usize = 15;

struct Plant {
    output: f64,
    capex: f64,
    spot: f64,
}

impl Plant {
    fn read() -> Result<Self, Failure> {
        let fact = |metric| -> Result<f64, Failure> {
            let name = "Energy Fuels White Mesa Phase 2";
            Ok(data::fact(Facts::Projects, name, metric, "2026-01")?.number()?)
        };
        Ok(Self {
            output: fact("NdPr capacity")? * 1000.0,
            capex: fact("capital cost")? * MILLION,
            spot: data::base_case_row("price (outside China)", "Rest of world")?.value(),
        })
    }

    fn project(&self) -> Result<Project, Failure> {
        Ok(Project::new(ProjectTerms {
            name: "Purification plant".into(),
            timeline: Timeline::new(TimelineTerms {
                frequency: Frequency::Yearly,
                periods: YEARS,
                observations: 12,
                first_year: 2026,
                first_month: 1,
                fiscal_month: 10,
            })?,
            products: vec![Product {
                name: PRODUCT.into(),
                commodity: 0,
                per_output: 1.0,
                realisation: 1.0,
                sales: None,
            }],
            output: 0.0,
            unit_cost: vec![CostPoint {
                output: self.output,
                unit_cost: UNIT_COST,
            }],
            overhead: 0.0,
            sustaining_capex: 0.0,
            operations: Operations::default(),
            growth: Some(Growth {
                output: self.output,
                capex: self.capex,
                start: 0.0,
                complete: BUILDING,
                build: Build {
                    arrival: pricefloor::finance::Arrival::AtOnce,
                    ..Build::default()
                },
            }),
            tax: Tax {
                rate: 0.21,
                loss_offset: 0.8,
                opening_losses: 0.0,
                losses_last: None,
                depreciation: Depreciation::StraightLine { years: 10.0 },
                relief: TaxRelief::default(),
            },
            inflation: 0.02,
            prices: MoneyBasis::Real,
            salvage: 0.3 * self.capex,
            end_value: EndValue::Nothing,
        })?)
    }

    fn price(&self) -> Result<MeanReverting, Failure> {
        Ok(MeanReverting::new(MeanRevertingTerms {
            spot: self.spot,
            reversion: 0.5,
            log_mean: self.spot.ln(),
            volatility: 0.35,
        })?)
    }

    /// What is to be paid in money of the day, and a reserve of a tenth.
    fn need(&self) -> f64 {
        1.25 * self.capex
    }
}

fn offtake() -> Result<Covered, Failure> {
    Ok(Covered {
        product: PRODUCT.into(),
        contract: PriceContract::new(PriceContractTerms {
            payoff: Payoff::TwoSided { strike: STRIKE },
            reference: Reference::benchmark_average(),
            coverage: Coverage::Share(COVERED),
            start: 0.0,
            end: f64::from(YEARS),
            indexation: Indexation::Inflation,
            upside: None,
            arrears: 0,
            appropriation: None,
        })?,
    })
}

/// The loan that the cash of a low price carries: three quarters of today's.
fn loan(plant: &Plant, contracts: &[Covered]) -> Result<Sculpting, Failure> {
    let bare = Producer::new(&plant.project()?, &capital(plant, None)?, contracts)?.unlevered()?;
    let prices = vec![0.75 * plant.spot; 12 * YEARS as usize];
    let flow = bare.cash_flow(&prices, true)?;
    let available: Vec<f64> = flow
        .periods()
        .iter()
        .take(LOAN_YEARS)
        .map(|period| period.available())
        .collect();
    let terms = SculptingTerms {
        cover: COVER,
        gearing: GEARING,
        need: plant.need(),
        rate: RATE,
        period_years: 1.0,
        grace: BUILDING as usize,
        periods: LOAN_YEARS,
    };
    Ok(terms.size(&available)?)
}

/// Partners put in what the loan leaves; a share costs $1.
fn capital(plant: &Plant, loan: Option<&Sculpted>) -> Result<Capital, Failure> {
    let lent = loan.map_or(0.0, Sculpted::principal);
    let equity = plant.need() - lent;
    let common = Common::new(CommonTerms {
        shares: GOVERNMENT_PART * equity,
        price: 1.0,
    })?;
    let mut securities = vec![Security {
        holder: GOVERNMENT.into(),
        paid: common.proceeds(),
        instrument: Instrument::Common(common),
    }];
    if let Some(loan) = loan {
        securities.push(Security {
            holder: GOVERNMENT.into(),
            instrument: Instrument::Loan(loan.loan(Seniority::Senior)?),
            paid: lent,
        });
    }
    Ok(Capital::new(CapitalTerms {
        cash: (1.0 - GOVERNMENT_PART) * equity,
        cash_rate: 0.03,
        // Judged: a tenth of the capital stays in hand.
        reserve: 0.1 * plant.capex,
        owners: "Partners".into(),
        owners_shares: (1.0 - GOVERNMENT_PART) * equity,
        securities,
        payout: Payout::FreeCash { from: BUILDING },
        other_assets: OtherAssets::default(),
        covenants: Covenants::default(),
    })?)
}

const CASES: [&str; 4] = [
    "partners alone",
    "with a loan",
    "with an offtake",
    "with both",
];

fn main() -> Result<(), Failure> {
    let plant = Plant::read()?;
    println!(
        "{} t a year for ${}m (planned: {}). Judged: three years of building, ${} of feed and processing a kilogram, the \
         government with {} % of the equity, an offtake of {} % of output at ${} either way, a loan at {} % sculpted to a cover \
         of {} at three quarters of today's price of ${}, at most {} % of the need.\n",
        number(plant.output / 1000.0, 0),
        number(plant.capex / MILLION, 0),
        data::fact(
            Facts::Projects,
            "Energy Fuels White Mesa Phase 2",
            "capital cost",
            "2026-01"
        )?
        .provenance(),
        number(UNIT_COST, 0),
        number(100.0 * GOVERNMENT_PART, 0),
        number(100.0 * COVERED, 0),
        number(STRIKE, 0),
        number(100.0 * RATE, 0),
        number(COVER, 1),
        number(plant.spot, 0),
        number(100.0 * GEARING, 0),
    );
    let covered = [offtake()?];
    let sized = [loan(&plant, &[])?, loan(&plant, &covered)?];
    let debts = sized.each_ref().map(|sizing| match sizing {
        Sculpting::Sized(debt) => Some(debt),
        _ => None,
    });
    let case =
        |name: &str, debt: Option<&Sculpted>, contracts: &[Covered]| -> Result<Case, Failure> {
            Ok(Case {
                name: name.into(),
                capital: capital(&plant, debt)?,
                contracts: contracts.to_vec(),
            })
        };
    let study = Study::new(StudyTerms {
        project: plant.project()?,
        sponsor: GOVERNMENT.into(),
        rates: DiscountRates {
            project: 0.08,
            owners: 0.10,
            sponsor: 0.01 * data::assumption("Treasury rate")?.number()?,
        },
        cases: vec![
            case(CASES[0], None, &[])?,
            case(CASES[1], debts[0], &[])?,
            case(CASES[2], None, &covered)?,
            case(CASES[3], debts[1], &covered)?,
        ],
    })?;
    let findings = study.run(&plant.price()?, Simulation::new(20_000, 7)?)?;
    let lent = [None, debts[0], None, debts[1]];
    let mut table = Table::new(
        "The joint venture, nominal $m, present values at the start of 2026",
        &["", CASES[0], CASES[1], CASES[2], CASES[3]],
    );
    let millions = |value: f64| number(value / MILLION, 0);
    table.row(
        std::iter::once("loan that low prices carry".to_owned())
            .chain(lent.map(|debt| debt.map_or("-".to_owned(), |debt| millions(debt.principal())))),
    );
    let mut prices = vec!["price at which it is built, $/kg".to_owned()];
    for name in CASES {
        prices.push(match study.incentive_price(name)? {
            BreakEven::Price(price) => number(price, 1),
            BreakEven::AtAnyPrice => "any price".to_owned(),
            _ => "none".to_owned(),
        });
    }
    table.row(prices);
    let mut row = |name: &str, cell: &dyn Fn(&pricefloor::viability::CaseFindings) -> String| {
        table.row(std::iter::once(name.to_owned()).chain(findings.cases().iter().map(cell)));
    };
    row("built", &|case| {
        if case.growth().taken() { "yes" } else { "no" }.to_owned()
    });
    row("NPV of the project", &|case| {
        let npv = case.growth().project_npv();
        format!(
            "{} (s.e. {})",
            millions(npv.mean()),
            number(npv.standard_error() / MILLION, 1)
        )
    });
    row("NPV to the partners", &|case| millions(case.owners_npv()));
    row("IRR to the partners", &|case| case.owners_irr().to_string());
    row("default or out of cash, % of paths", &|case| {
        number(100.0 * case.default_probability().mean(), 1)
    });
    row("lowest median cover of debt service", &|case| {
        let medians = case.cover().iter().map(|cover| cover.median());
        medians
            .min_by(f64::total_cmp)
            .map_or("-".to_owned(), |cover| number(cover, 2))
    });
    row("lowest cover on 95 % of paths", &|case| {
        let lows = case.cover().iter().map(|cover| cover.quantile_5());
        lows.min_by(f64::total_cmp)
            .map_or("-".to_owned(), |cover| number(cover, 2))
    });
    row(
        "government: credit subsidy of the loan (a gain if negative)",
        &|case| {
            case.credit_subsidy()
                .map_or("-".to_owned(), |cost| millions(cost.mean()))
        },
    );
    row("government: offtake, expected cost", &|case| {
        millions(case.expected_cost().mean())
    });
    row("  mean of the worst 5 %", &|case| {
        millions(case.expected_cost().upper_tail())
    });
    row("government: NPV of shares, loan and offtake", &|case| {
        millions(case.sponsor_npv().mean())
    });
    println!("{table}");
    let (with_loan, both) = (findings.case(CASES[1])?, findings.case(CASES[3])?);
    println!(
        "The offtake raises what low prices can carry in debt from ${}m to ${}m, and cuts the chance of default from {} % to \
         {} %. It is two-sided: the government pays an expected ${}m for it, and the partners give up the high prices on what it \
         covers.\n",
        millions(debts[0].map_or(0.0, Sculpted::principal)),
        millions(debts[1].map_or(0.0, Sculpted::principal)),
        number(100.0 * with_loan.default_probability().mean(), 1),
        number(100.0 * both.default_probability().mean(), 1),
        millions(both.expected_cost().mean()),
    );
    let lines = [with_loan, both].map(|case| {
        let points = case
            .cover()
            .iter()
            .map(|cover| (2027.0 + cover.period() as f64, cover.median()));
        let band = case
            .cover()
            .iter()
            .map(|cover| (cover.quantile_5(), cover.median()));
        Line::new(
            &format!(
                "{}: median, and down to what 95 % of paths exceed",
                case.name()
            ),
            points.collect(),
        )
        .band(band.collect())
    });
    let path = chart::lines(
        Frame {
            title: "Does the plant cover its debt?",
            says: "Cash available over debt service, year by year",
            x: "end of year",
            y: "cover",
        },
        &lines,
        &[chart::Level {
            value: 1.0,
            label: "just covered",
            at: None,
        }],
    )
    .x_years()
    .save("joint_venture")?;
    println!("Chart: {}", path.display());
    Ok(())
}
