//! Mountain Pass as a firm: does it survive, does it grow, and what do floor and stake cost and bring?
//!
//! The oxide business alone, from 30 June 2025. In no case: the common offering of July 2025, prepayments, the magnet
//! plant, and the upside share (it starts with the magnet plant, on no known date). A table of its own adds the loan for heavy
//! rare earths.

mod capital;
mod facts;
mod inputs;
mod prices;
mod ranges;
mod summary;

use pricefloor::data;
use pricefloor::finance::{CountedAs, Irr, Payout};
use pricefloor::stochastic::{Draws, MeanReverting, PriceSource, Simulation};
use pricefloor::viability::{BreakEven, CaseFindings, Estimate, Findings, Runway};

use super::support::table::{Table, number};
use inputs::{CASES, Inputs};

type Failure = Box<dyn std::error::Error>;

const SEED: u64 = 20_250_630;
/// All tables are of the same paths, in sixteen nets of Sobol points: the mean cost of the floor is then known to a million, for
/// which plain draws would need forty times as many.
const PATHS: usize = 4096;
const NET: u32 = 256;
const MILLION: f64 = 1e6;

/// What the rest of the example uses.
pub struct Firm {
    /// The four cases, the notes of 2030 counted as shares.
    pub findings: Findings,
    /// The same with the notes as debt.
    pub as_debt: Findings,
}

const NO_MEASURE: &str = CASES[0];

pub fn run() -> Result<Firm, Failure> {
    let base = Inputs::base()?;
    let spot = data::base_case_row("price (China domestic ex VAT)", "China")?.value();
    println!("{}", facts::cap_table(&base)?);
    println!("{}", facts::back_test(&base)?);
    let (prices, table) = prices::estimate(spot)?;
    println!("{table}");

    let debt = Inputs {
        notes_2030: CountedAs::Debt,
        ..base.clone()
    };
    let net = Draws::Sobol {
        seed: SEED,
        points: NET,
    };
    let simulation = Simulation::with_draws(PATHS, net)?;
    let findings = base.study()?.run(&prices.base, simulation)?;
    let as_debt = debt.study()?.run(&prices.base, simulation)?;
    let paid_out = Inputs {
        payout: Payout::FreeCash {
            from: base.grown_at,
        },
        ..base.clone()
    };
    let paid_out = paid_out.study()?.run(&prices.base, simulation)?;
    println!(
        "{}",
        four_cases(&base, &findings, &as_debt, &paid_out, spot)?
    );
    println!("{}", danger(&findings, &as_debt)?);
    println!("{}", public_cost(&findings)?);
    println!("{}\n", accuracy(&base, &prices.base, simulation)?);
    let loan = capital::loan(&base, &prices.base, &findings, simulation)?;
    for (table, text) in [capital::costs(&base, &prices, simulation)?, loan] {
        println!("{table}\n{text}\n");
    }
    println!("{}", company(&base, &prices.base, &findings, simulation)?);
    println!("{}", ranges::ranges(&base, &prices, simulation)?);
    Ok(Firm { findings, as_debt })
}

fn millions(value: f64) -> String {
    number(value / MILLION, 0)
}

fn percent(value: f64) -> String {
    number(100.0 * value, 0)
}

fn rate(irr: &Irr) -> String {
    match irr {
        Irr::None(_) => "none".to_owned(),
        irr => irr.to_string(),
    }
}

fn four_cases(
    base: &Inputs,
    findings: &Findings,
    as_debt: &Findings,
    paid_out: &Findings,
    spot: f64,
) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Mountain Pass, oxide business alone, 30 June 2025 to June 2040; nominal $m, present values at 30 June 2025; the \
         upside share is off; 2030 notes count as shares (they are in the money at $30.03), unless a row says debt",
        &["", CASES[0], CASES[1], CASES[2], CASES[3]],
    );
    let mut row = |name: &str, cell: &dyn Fn(&CaseFindings) -> String| {
        table.row(std::iter::once(name.to_owned()).chain(findings.cases().iter().map(cell)));
    };
    let with_error =
        |mean: f64, error: f64| format!("{} (s.e. {})", millions(mean), number(error / MILLION, 1));
    row("decision at the start", &|case| {
        if case.growth().taken() {
            "grow"
        } else {
            "stay"
        }
        .to_owned()
    });
    row("growth completed, % of paths", &|case| {
        percent(case.growth_completed())
    });
    row("NPV of the project", &|case| {
        let npv = case.growth().project_npv();
        with_error(npv.mean(), npv.standard_error())
    });
    row("  of which by growing", &|case| {
        case.growth()
            .gain()
            .map_or("-".to_owned(), |gain| millions(gain.mean()))
    });
    row("IRR of growing, nominal", &|case| {
        case.growth()
            .irr()
            .map_or("-".to_owned(), ToString::to_string)
    });
    row("out of cash within 5 years, %", &|case| {
        percent(out_of_cash(case, 5))
    });
    row("out of cash within 10 years, %", &|case| {
        percent(out_of_cash(case, 10))
    });
    row("out of cash by 2040, %", &|case| {
        percent(case.out_of_cash())
    });
    row("output, t a year", &|case| {
        number(case.output().mean() / 1000.0 / f64::from(base.years), 0)
    });
    row("value to private owners", &|case| {
        let value = case.owners_value().estimate();
        with_error(value.mean(), value.standard_error())
    });
    row("  NPV to them", &|case| millions(case.owners_npv()));
    row("  IRR to them, nominal", &|case| rate(case.owners_irr()));
    row("stake: paid", &|case| millions(case.stake_paid()));
    row("stake: expected value", &|case| {
        let value = case.stake_value().estimate();
        with_error(value.mean(), value.standard_error())
    });
    row("floor: expected cost", &|case| {
        let cost = case.expected_cost().estimate();
        with_error(cost.mean(), cost.standard_error())
    });
    row("floor: 95 % tail cost (mean of worst 5 %)", &|case| {
        millions(case.expected_cost().upper_tail())
    });
    row("floor: 95 % value at risk", &|case| {
        millions(case.expected_cost().quantile_95())
    });
    row("floor: on output made anyway", &|case| {
        millions(case.cost_for_output_anyway().mean())
    });
    row("floor: cost per extra kg, $", &|case| {
        let cost = case.cost_per_extra_unit().filter(|cost| *cost > 0.0);
        cost.map_or("-".to_owned(), |cost| number(cost, 0))
    });
    row("floor: tax it brings back", &|case| {
        millions(case.tax_recaptured().mean())
    });
    row("sponsor: NPV, floor and stake", &|case| {
        millions(case.sponsor_npv().mean())
    });
    row("sponsor: IRR, nominal", &|case| rate(case.sponsor_irr()));
    row("correlation of floor cost and stake value", &|case| {
        case.cost_stake_correlation()
            .map_or("-".to_owned(), |value| number(value, 2))
    });
    let cells = paid_out
        .cases()
        .iter()
        .map(|case| millions(case.owners_value().mean()));
    table.row(
        std::iter::once("value to private owners if free cash is paid out from 2028".to_owned())
            .chain(cells),
    );
    let names = |name: &str,
                 cell: &dyn Fn(&str) -> Result<String, Failure>|
     -> Result<Vec<String>, Failure> {
        std::iter::once(Ok(name.to_owned()))
            .chain(CASES.iter().map(|case| cell(case)))
            .collect()
    };
    let (study, debt) = (
        base.study()?,
        Inputs {
            notes_2030: CountedAs::Debt,
            ..base.clone()
        }
        .study()?,
    );
    let runway = |study: &pricefloor::viability::Study, case: &str| -> Result<String, Failure> {
        Ok(match study.runway(case, spot)? {
            Runway::Years(years) => number(years, 2),
            _ => "lasts".to_owned(),
        })
    };
    let break_even = names("break-even price, $/kg of 2025", &|case| {
        Ok(match study.break_even(case)? {
            BreakEven::Price(price) => number(price, 1),
            BreakEven::AtAnyPrice => "any price".to_owned(),
            _ => "none".to_owned(),
        })
    })?;
    table.row(break_even);
    table.row(names(
        &format!("runway at ${spot} without growth, years"),
        &|case| runway(&study, case),
    )?);
    table.row(names("  2030 notes as debt", &|case| runway(&debt, case))?);
    for (name, years) in [
        ("notes as debt: out of cash within 5 years, %", 5),
        ("notes as debt: by 2040, %", 15),
    ] {
        let cells = as_debt
            .cases()
            .iter()
            .map(|case| percent(out_of_cash(case, years)));
        table.row(std::iter::once(name.to_owned()).chain(cells));
    }
    let cells = as_debt
        .cases()
        .iter()
        .map(|case| millions(case.owners_value().mean()));
    table.row(std::iter::once("notes as debt: value to private owners".to_owned()).chain(cells));
    Ok(table)
}

fn out_of_cash(case: &CaseFindings, years: usize) -> f64 {
    case.out_of_cash_by_year()
        .get(years - 1)
        .copied()
        .unwrap_or_else(|| case.out_of_cash())
}

fn danger(findings: &Findings, as_debt: &Findings) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Out of cash by the middle of the year, % of paths: 2030 notes as shares, and as debt",
        &[
            "",
            CASES[0],
            CASES[1],
            CASES[2],
            CASES[3],
            "debt: none",
            "floor",
            "stake",
            "both",
        ],
    );
    for year in 0..findings.case(NO_MEASURE)?.out_of_cash_by_year().len() {
        let cells = findings
            .cases()
            .iter()
            .chain(as_debt.cases())
            .map(|case| percent(out_of_cash(case, year + 1)));
        table.row(std::iter::once((2026 + year).to_string()).chain(cells));
    }
    Ok(table)
}

/// How well the expected cost is known, and why there is no fair value.
fn accuracy(
    base: &Inputs,
    price: &MeanReverting,
    simulation: Simulation,
) -> Result<String, Failure> {
    let cost = base
        .study()?
        .expected_cost_with_control("floor", price, simulation)?;
    let show = |value: Estimate| {
        format!(
            "${}m (s.e. {})",
            number(value.mean() / MILLION, 1),
            number(value.standard_error() / MILLION, 2)
        )
    };
    Ok(format!(
        "Expected cost of the floor at the Treasury rate: {} by plain simulation, {} with a strip of puts as control (the \
         strip itself is ${}m in closed form: spot settlement, planned output). It is no fair value: no price of risk is known \
         for NdPr. The company recognised an asset of ${}m for the agreement.",
        show(cost.plain()),
        show(cost.controlled()),
        number(cost.strip() / MILLION, 1),
        number(data::contract_term("fv_ppa_upfront_asset")?.number()?, 1),
    ))
}

fn public_cost(findings: &Findings) -> Result<Table, Failure> {
    let mut table = Table::new(
        "What the floor costs by US fiscal year, nominal $m",
        &[
            "",
            "floor: mean",
            "95 % of paths below",
            "worst 5 %: mean",
            "both: mean",
            "95 % of paths below",
            "worst 5 %: mean",
        ],
    );
    let (floor, both) = (findings.case("floor")?, findings.case("both")?);
    for (floor, both) in floor.cost_by_year().iter().zip(both.cost_by_year()) {
        if floor.cost().upper_tail() == 0.0 && both.cost().upper_tail() == 0.0 {
            continue;
        }
        let cells = [floor.cost(), both.cost()]
            .into_iter()
            .flat_map(|cost| [cost.mean(), cost.quantile_95(), cost.upper_tail()].map(millions));
        table.row(std::iter::once(floor.fiscal_year().to_string()).chain(cells));
    }
    Ok(table)
}

/// The oxide business is not the company: one line reconciles it to the share price, and the stake is shown with it.
fn company(
    base: &Inputs,
    price: &dyn PriceSource,
    findings: &Findings,
    simulation: Simulation,
) -> Result<Table, Failure> {
    let close = data::contract_term("stock_close_20250709")?.number()?;
    let owned = data::contract_term("shares_outstanding_20250709")?.number()?;
    let oxide = findings.case(NO_MEASURE)?.owners_value().mean();
    let owners_part = close * owned - oxide;
    let shares = base.study()?.producer(NO_MEASURE)?.capital().shares();
    let whole = Inputs {
        other_assets: owners_part * shares / owned,
        ..base.clone()
    };
    let with_other = whole.study()?.run(price, simulation)?;
    let mut table = Table::new(
        &format!(
            "From the oxide business to the company at ${}, $m",
            number(close, 2)
        ),
        &["", CASES[0], CASES[1], CASES[2], CASES[3]],
    );
    let only_first = |name: &str, value: f64| {
        [
            name.to_owned(),
            millions(value),
            "-".into(),
            "-".into(),
            "-".into(),
        ]
    };
    table.row(only_first("oxide business, to private owners", oxide));
    table.row(only_first(
        "other assets (magnets and all else), to private owners: the difference",
        owners_part,
    ));
    table.row(only_first(
        "company at the share price, to private owners",
        close * owned,
    ));
    for (name, findings) in [
        ("stake by the oxide business alone", findings),
        ("stake by the whole company", &with_other),
    ] {
        let cells = findings
            .cases()
            .iter()
            .map(|case| millions(case.stake_value().mean()));
        table.row(std::iter::once(format!("{name}: expected value")).chain(cells));
    }
    Ok(table)
}
