//! A floor that the buyer pays: Lynas sells 5,000 t of NdPr a year to Japan Australia Rare Earths (JARE) at $110 or the
//! market, whichever is more, and gives back 30 % of what is above $150, at most $10m a year. Who pays what at which
//! price, what it is expected to cost, and who bears it once JARE has sold the oxide on.
//!
//! `cargo run --release --example lynas_jare`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, Fact, Table as Facts};
use pricefloor::finance::{
    Capital, CapitalTerms, ContractPeriod, CostPoint, Covenants, Coverage, Covered, Depreciation,
    EndValue, Frequency, Indexation, MoneyBasis, Operations, OtherAssets, Payoff, Payout,
    PriceContract, PriceContractTerms, Product, Project, ProjectTerms, Reference, Tax, TaxRelief,
    Timeline, TimelineTerms, UpsideShare,
};
use pricefloor::stochastic::{
    EstimationSettings, Identification, MeanReverting, PriceSeries, Simulation,
};
use pricefloor::viability::{BreakEven, Case, DiscountRates, Findings, Study, StudyTerms};
use support::chart::{self, Frame, Level, Line};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

const MILLION: f64 = 1e6;
const KG_PER_T: f64 = 1000.0;
const UNTIL: &str = "2026-03-10 to 2038";
/// April 2026 to December 2038.
const QUARTERS: u32 = 51;
const WITHOUT: &str = "market price";
const WITH: &str = "with the contract";

/// The terms as published.
struct Terms {
    floor: f64,
    firm: f64,
    share: f64,
    threshold: f64,
    cap: f64,
}

fn fact(metric: &str) -> Result<&'static Fact, Failure> {
    Ok(data::fact(
        Facts::AlliedPriceFloors,
        "Lynas-JARE",
        metric,
        UNTIL,
    )?)
}

impl Terms {
    fn read() -> Result<Self, Failure> {
        Ok(Self {
            floor: fact("NdPr floor price")?.number()?,
            firm: fact("firm volume")?.number()? * KG_PER_T,
            share: 0.01 * fact("upside share to JARE above 150 USD/kg")?.number()?,
            // The threshold is in the name of the row, the cap in its unit.
            threshold: 150.0,
            cap: 10.0 * MILLION,
        })
    }

    fn contract(&self) -> Result<PriceContract, Failure> {
        Ok(PriceContract::new(PriceContractTerms {
            payoff: Payoff::Floor { strike: self.floor },
            reference: Reference::benchmark_average(),
            coverage: Coverage::First {
                per_year: self.firm,
            },
            start: 0.0,
            end: f64::from(QUARTERS) / 4.0,
            indexation: Indexation::Fixed,
            upside: Some(UpsideShare {
                share: self.share,
                threshold: self.threshold,
                reference: Reference::benchmark_average(),
                yearly_cap: Some(self.cap),
                from: Some(0.0),
                indexation: Indexation::Fixed,
            }),
            arrears: 0,
            appropriation: None,
        })?)
    }

    /// Top-up and share of a year in which the price stays at `price`, in money.
    fn year(&self, price: f64, output: f64) -> Result<[f64; 2], Failure> {
        let contract = self.contract()?;
        let mut state = contract.open();
        let mut sums = [0.0; 2];
        for quarter in 0..4 {
            let settled = contract.settle(
                &mut state,
                &ContractPeriod {
                    start: 0.25 * f64::from(quarter),
                    years: 0.25,
                    fiscal_year: 2026,
                    output: 0.25 * output,
                    average: price,
                    end_price: price,
                    realisation: 1.0,
                    sales: 1.0,
                    price_level: 1.0,
                },
            );
            sums[0] += settled.top_up();
            sums[1] += settled.share();
        }
        Ok(sums)
    }
}

fn main() -> Result<(), Failure> {
    let terms = Terms::read()?;
    let output = data::fact(
        Facts::AlliedPriceFloors,
        "Lynas-JARE",
        "availability",
        UNTIL,
    )?;
    println!(
        "Floor ${} on {} t a year, {} % above ${} at most ${}m a year ({}). Output is taken as the {} t a year made available \
         to Japan; cost is ${} a kilogram ({}).\n",
        number(terms.floor, 0),
        number(terms.firm / KG_PER_T, 0),
        number(100.0 * terms.share, 0),
        number(terms.threshold, 0),
        number(terms.cap / MILLION, 0),
        fact("NdPr floor price")?.provenance(),
        number(output.number()?, 0),
        number(data::base_case_row("unit cost", "Lynas")?.value(), 0),
        data::base_case_row("unit cost", "Lynas")?.provenance(),
    );
    let output = output.number()? * KG_PER_T;
    println!("{}", by_price(&terms, output)?);
    let price = estimate()?;
    let findings = study(&terms, output)?.run(&price, Simulation::new(20_000, 20_260_310)?)?;
    println!("{}", over_time(&terms, output, &findings)?);
    sentences(&findings)?;
    draw(&terms, output, &findings)
}

fn by_price(terms: &Terms, output: f64) -> Result<Table, Failure> {
    let mut table = Table::new(
        "A year at a constant price, $m: what JARE tops up, what it gets back, and what it is left with if it sells on at the \
         market price, or if its customers bear half of the difference",
        &[
            "market price, $/kg",
            "JARE tops up",
            "JARE gets back",
            "Lynas earns per kg",
            "JARE, sold on at the market",
            "JARE, customers bear half",
        ],
    );
    for price in [
        40.0, 55.0, 74.0, 95.0, 110.0, 130.0, 150.0, 155.0, 160.0, 200.0,
    ] {
        let [top_up, share] = terms.year(price, output)?;
        let left = share - top_up;
        table.row([
            number(price, 0),
            number(top_up / MILLION, 1),
            number(share / MILLION, 1),
            number(price - left / output, 1),
            number(left / MILLION, 1),
            number((share - 0.5 * top_up) / MILLION, 1),
        ]);
    }
    Ok(table)
}

/// The same estimate as for Mountain Pass: yearly averages of neodymium oxide scaled to NdPr, without the 13 % of Chinese
/// value-added tax of most of the years. It starts at the average of the quarter in which the contract was signed.
fn estimate() -> Result<MeanReverting, Failure> {
    const NDPR_TO_ND: f64 = 0.951;
    let averages = data::annual_averages("Nd oxide")?;
    let prices = averages
        .iter()
        .map(|average| average.price() * NDPR_TO_ND / 1.13);
    let prices = PriceSeries::averages(1.0, prices.collect())?;
    let spot = data::quarter("Q1 2026", "benchmark_exvat_quarter_avg")?.number()?;
    match MeanReverting::estimate(&prices, &EstimationSettings::default()) {
        Identification::Identified(fit) => {
            let price = fit.price(spot)?;
            println!(
                "The price starts at ${} and reverts to ${} by {} a year, with a volatility of {} %.\n",
                number(spot, 0),
                number(price.long_run_price(), 0),
                number(fit.reversion().value(), 2),
                number(100.0 * fit.volatility().value(), 0),
            );
            Ok(price)
        }
        Identification::NotIdentified(reason) => Err(reason.to_string().into()),
        _ => Err("no estimate".into()),
    }
}

fn study(terms: &Terms, output: f64) -> Result<Study, Failure> {
    let judged = |item| -> Result<f64, Failure> { Ok(data::assumption(item)?.number()?) };
    let project = Project::new(ProjectTerms {
        name: "Lynas, NdPr".into(),
        timeline: Timeline::new(TimelineTerms {
            frequency: Frequency::Quarterly,
            periods: QUARTERS,
            observations: 3,
            first_year: 2026,
            first_month: 4,
            // The Japanese fiscal year.
            fiscal_month: 4,
        })?,
        products: vec![Product {
            name: "NdPr oxide".into(),
            commodity: 0,
            per_output: 1.0,
            realisation: 1.0,
            sales: None,
        }],
        output,
        unit_cost: vec![CostPoint {
            output,
            unit_cost: data::base_case_row("unit cost", "Lynas")?.value(),
        }],
        overhead: 0.0,
        // Judged: a twentieth of the A$730m of Kalgoorlie at 0.655, every year.
        sustaining_capex: 24.0 * MILLION,
        operations: Operations::default(),
        growth: None,
        // The Australian rate.
        tax: Tax {
            rate: 0.30,
            loss_offset: 1.0,
            opening_losses: 0.0,
            losses_last: None,
            depreciation: Depreciation::Expensed,
            relief: TaxRelief::default(),
        },
        inflation: 0.01 * judged("inflation")?,
        prices: MoneyBasis::Real,
        salvage: 0.0,
        end_value: EndValue::Nothing,
    })?;
    // Judged: no debt, and two months of revenue at the floor in cash.
    let capital = Capital::new(CapitalTerms {
        cash: terms.floor * output / 6.0,
        cash_rate: 0.01 * judged("Treasury rate")?,
        reserve: 0.0,
        owners: "Lynas".into(),
        owners_shares: 1.0,
        securities: vec![],
        payout: Payout::Retain,
        other_assets: OtherAssets::default(),
        covenants: Covenants::default(),
    })?;
    let project_rate = 0.01 * judged("project discount rate")?;
    Ok(Study::new(StudyTerms {
        project,
        sponsor: "JARE".into(),
        rates: DiscountRates {
            project: project_rate,
            owners: project_rate,
            sponsor: 0.01 * judged("Treasury rate")?,
        },
        cases: vec![
            Case {
                name: WITHOUT.into(),
                capital: capital.clone(),
                contracts: vec![],
            },
            Case {
                name: WITH.into(),
                capital,
                contracts: vec![Covered {
                    product: "NdPr oxide".into(),
                    contract: terms.contract()?,
                }],
            },
        ],
    })?)
}

fn over_time(terms: &Terms, output: f64, findings: &Findings) -> Result<Table, Failure> {
    let study = study(terms, output)?;
    let mut table = Table::new(
        "April 2026 to December 2038, 20,000 price paths; nominal $m, present values at the start",
        &["", WITHOUT, WITH],
    );
    let cases = [findings.case(WITHOUT)?, findings.case(WITH)?];
    let mut row = |name: &str, values: [String; 2]| {
        table.row(std::iter::once(name.to_owned()).chain(values));
    };
    row(
        "NPV of the NdPr business",
        cases.map(|case| {
            let npv = case.growth().project_npv();
            format!(
                "{} (s.e. {})",
                number(npv.mean() / MILLION, 0),
                number(npv.standard_error() / MILLION, 1)
            )
        }),
    );
    row(
        "out of cash by 2038, % of paths",
        cases.map(|case| number(100.0 * case.out_of_cash(), 1)),
    );
    row(
        "contract: expected cost to JARE",
        cases.map(|case| {
            let cost = case.expected_cost();
            format!(
                "{} (s.e. {})",
                number(cost.mean() / MILLION, 0),
                number(cost.estimate().standard_error() / MILLION, 1)
            )
        }),
    );
    row(
        "  mean of the worst 5 %",
        cases.map(|case| number(case.expected_cost().upper_tail() / MILLION, 0)),
    );
    row(
        "  mean of the best 5 %",
        cases.map(|case| number(case.expected_cost().lower_tail() / MILLION, 0)),
    );
    row(
        "  expected, if customers bear half",
        cases.map(|case| number(0.5 * case.expected_cost().mean() / MILLION, 0)),
    );
    row(
        "tax that the contract brings",
        cases.map(|case| number(case.tax_recaptured().mean() / MILLION, 0)),
    );
    let mut break_even = [String::new(), String::new()];
    for (cell, name) in break_even.iter_mut().zip([WITHOUT, WITH]) {
        *cell = match study.break_even(name)? {
            BreakEven::Price(price) => number(price, 1),
            BreakEven::AtAnyPrice => "any price".to_owned(),
            _ => "none".to_owned(),
        };
    }
    row("break-even price, $/kg of 2026", break_even);
    Ok(table)
}

fn sentences(findings: &Findings) -> Result<(), Failure> {
    let with = findings.case(WITH)?;
    println!(
        "The contract moves an expected ${}m from the buyer to the mine, and up to ${}m in the worst twentieth of paths. The \
         share of high prices is capped at $10m a year, which a price of ${} already reaches, so it pays back little. What \
         the buyer loses it can pass to its customers: the floor is a Japanese one only as far as it does not.\n",
        number(with.expected_cost().mean() / MILLION, 0),
        number(with.expected_cost().upper_tail() / MILLION, 0),
        number(150.0 + 10.0 * MILLION / (0.3 * 5000.0 * KG_PER_T), 1),
    );
    Ok(())
}

fn draw(terms: &Terms, output: f64, findings: &Findings) -> Result<(), Failure> {
    let mut points = Vec::new();
    for price in (40..=200).map(f64::from) {
        let [top_up, share] = terms.year(price, output)?;
        points.push((price, (top_up - share) / MILLION));
    }
    let yearly = chart::lines(
        Frame {
            title: "What JARE pays in a year",
            says: "At a constant price. Above $150 it gets 30 % back, until $10m are reached",
            x: "market price, $/kg",
            y: "$m a year",
        },
        &[Line::new("top-up less share", points)],
        &[Level {
            value: 0.0,
            label: "nothing",
            at: None,
        }],
    );
    // The last fiscal year is not whole.
    let years = || {
        let years = findings.case(WITH).map(|case| case.cost_by_year());
        years.unwrap_or(&[]).iter().rev().skip(1).rev()
    };
    let mean: Vec<_> = years()
        .map(|year| (f64::from(year.fiscal_year()), year.cost().mean() / MILLION))
        .collect();
    let ends = [mean.first(), mean.last()].map(|end| end.map_or(0.0, |point| point.0));
    let band = years().map(|year| {
        (
            year.cost().quantile_5() / MILLION,
            year.cost().quantile_95() / MILLION,
        )
    });
    let cost = chart::lines(
        Frame {
            title: "What it is expected to cost, by Japanese fiscal year",
            says: "Between $110 and $150 nothing is due: the lower end lies at zero",
            x: "fiscal year, by the calendar year in which it ends",
            y: "$m",
        },
        &[Line::new("mean, and where 90 % of paths lie", mean).band(band.collect())],
        &[],
    )
    .x_years()
    .x_range(ends[0], ends[1]);
    let path = chart::save_panels(
        "lynas_jare",
        "A floor that the buyer pays",
        2,
        vec![yearly, cost],
    )?;
    println!("Chart: {}", path.display());
    Ok(())
}
