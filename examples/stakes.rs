//! The stakes of 2025-26, each treated alike: what the US government holds of a firm, what that is worth on the day, and
//! what it changes for the firm: cash, interest, and how much of it the old owners keep.
//!
//! `cargo run --release --example stakes`

#[path = "support/holdings.rs"]
mod holdings;
#[path = "support/mod.rs"]
mod support;

use holdings::{Failure, Holding, LOAN_MARGIN, MARKET_RATE, VOLATILITY, treasury};
use support::chart::{self, Frame};
use support::table::{Table, number};

const MILLION: f64 = 1e6;

fn main() -> Result<(), Failure> {
    let all = holdings::all()?;
    println!(
        "Judged, for every firm: volatility of the share {} to {} %, what the market would ask for the loan {} to {} %, 12 \
         years of loan with 3 free of repayment, 10 years of warrant. The loan rate is the Treasury rate ({} %) and one \
         percent, which one filing gives.\n",
        number(100.0 * VOLATILITY[1], 0),
        number(100.0 * VOLATILITY[2], 0),
        number(100.0 * MARKET_RATE[1], 0),
        number(100.0 * MARKET_RATE[2], 0),
        number(100.0 * treasury()?, 2),
    );
    println!("{}", held(&all)?);
    println!("Sources");
    for holding in &all {
        println!("  {}: {}", holding.firm, holding.source);
    }
    println!();
    println!("{}", worth(&all)?);
    println!("{}", changes(&all)?);
    sentences(&all)?;
    draw(&all)
}

fn millions(value: f64) -> String {
    if value == 0.0 {
        "-".to_owned()
    } else {
        number(value / MILLION, 0)
    }
}

fn held(all: &[Holding]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "What is held, $m and percent of the enlarged share count",
        &[
            "firm",
            "equity",
            "loan",
            "grant",
            "stake, %",
            "with warrant, %",
        ],
    );
    for holding in all {
        let stakes = holding.stakes();
        let percent =
            |place: usize| stakes.map_or("-".to_owned(), |stakes| number(100.0 * stakes[place], 1));
        table.row([
            format!("{} ({})", holding.firm, holding.note),
            millions(holding.paid),
            millions(holding.loan),
            millions(holding.grant),
            percent(0),
            percent(1),
        ]);
    }
    Ok(table)
}

/// Value at the central, the low and the high end of a judged number.
fn ends(of: impl Fn(f64) -> Result<f64, Failure>, at: [f64; 3]) -> Result<[f64; 3], Failure> {
    let mut values = [0.0; 3];
    for (value, at) in values.iter_mut().zip(at) {
        *value = of(at)?;
    }
    Ok(values)
}

fn warrant(holding: &Holding) -> Result<[f64; 3], Failure> {
    let rate = treasury()?;
    ends(
        |volatility| Ok(holding.warrant_value(volatility, rate)?.unwrap_or(0.0)),
        VOLATILITY,
    )
}

fn benefit(holding: &Holding) -> Result<[f64; 3], Failure> {
    let rate = treasury()? + LOAN_MARGIN;
    ends(
        |market| Ok(holding.loan_benefit(rate, market)?),
        MARKET_RATE,
    )
}

fn low_high([_, low, high]: [f64; 3]) -> String {
    if high == 0.0 {
        "-".to_owned()
    } else {
        format!("{} to {}", millions(low), millions(high))
    }
}

fn worth(all: &[Holding]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "What it is worth on the day, $m: shares at the price, warrants by Black and Scholes with dilution; the loan costs the \
         lender what the market would have asked more",
        &[
            "firm",
            "paid for equity",
            "shares",
            "warrant",
            "(low to high)",
            "equity less paid",
            "loan: given away",
            "(low to high)",
        ],
    );
    for holding in all {
        let (warrant, loan) = (warrant(holding)?, benefit(holding)?);
        table.row([
            holding.firm.to_owned(),
            millions(holding.paid),
            millions(holding.equity()),
            millions(warrant[0]),
            low_high(warrant),
            millions(holding.equity() + warrant[0] - holding.paid),
            millions(loan[0]),
            low_high(loan),
        ]);
    }
    Ok(table)
}

fn changes(all: &[Holding]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "What it changes for the firm",
        &[
            "firm",
            "cash in, $m",
            "interest saved in year 1, $m",
            "old owners keep, %",
            "they give up, $m",
            "they gain by loan and grant, $m",
        ],
    );
    let saved = MARKET_RATE[0] - treasury()? - LOAN_MARGIN;
    for holding in all {
        let kept = holding.stakes().map_or("-".to_owned(), |stakes| {
            number(100.0 * (1.0 - stakes[1]), 1)
        });
        table.row([
            holding.firm.to_owned(),
            millions(holding.paid + holding.loan + holding.grant),
            millions(saved * holding.loan),
            kept,
            millions(holding.equity() + warrant(holding)?[0] - holding.paid),
            millions(benefit(holding)?[0] + holding.grant),
        ]);
    }
    Ok(table)
}

fn sentences(all: &[Holding]) -> Result<(), Failure> {
    let (mut cash, mut warrants, mut given) = (0.0, 0.0, 0.0);
    for holding in all {
        cash += holding.paid + holding.loan + holding.grant;
        warrants += warrant(holding)?[0];
        given += benefit(holding)?[0] + holding.grant;
    }
    println!(
        "The firms together are promised ${}m. The warrants, for which nothing is paid, are worth ${}m; loans below the \
         market and grants give ${}m away. Where the share stands at the price that was paid, the warrant is what the \
         government gains and the old owners give up.\n",
        millions(cash),
        millions(warrants),
        millions(given),
    );
    Ok(())
}

fn draw(all: &[Holding]) -> Result<(), Failure> {
    let mut groups = Vec::new();
    // The smallest have no room for their names, and beside Intel the others would be flat.
    let shown = |holding: &&Holding| {
        holding.paid + holding.loan > 100.0 * MILLION && holding.firm != "Intel"
    };
    for holding in all.iter().filter(shown) {
        let values = vec![
            holding.paid / MILLION,
            warrant(holding)?[0] / MILLION,
            (benefit(holding)?[0] + holding.grant) / MILLION,
        ];
        groups.push((holding.firm, values));
    }
    let chart = chart::bars(
        Frame {
            title: "What the government pays, gains and gives away",
            says: "Equity paid for, value of free warrants, and what cheap loans and grants give away. Intel's $8,900m of \
                   shares are off the scale",
            x: "",
            y: "$m",
        },
        &["paid for equity", "warrants", "given by loans and grants"],
        &groups,
        None,
    );
    let path = chart.save("stakes")?;
    println!("Chart: {}", path.display());
    Ok(())
}
