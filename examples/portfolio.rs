//! The government's holdings as one portfolio: how much is at work in which form, and what five years may make of it when
//! the firms rise and fall together, or each for itself.
//!
//! `cargo run --release --example portfolio`

#[path = "support/holdings.rs"]
mod holdings;
#[path = "support/mod.rs"]
mod support;

use holdings::{Failure, Holding, VOLATILITY, treasury};
use pricefloor::stochastic::{
    Basket, BasketPrice, BasketTerms, GeometricBrownian, GeometricBrownianTerms, Simulation,
    Summary, TimeGrid,
};
use support::chart::{self, Frame, Line};
use support::table::{Table, number};

const MILLION: f64 = 1e6;
const YEARS: u32 = 5;
const PATHS: usize = 50_000;
/// Judged: a firm whose shares have lost this part of their value does not serve its loan, and this part of it is lost.
const FAILED: f64 = 0.8;
const LOST: f64 = 0.5;
/// Judged: correlation of any two firms.
const CORRELATIONS: [f64; 4] = [0.0, 0.3, 0.6, 0.9];

/// Present value in five years of shares, warrants and loans, at the Treasury rate.
struct Outcome {
    equity: Summary,
    loans: Summary,
    all: Summary,
}

fn main() -> Result<(), Failure> {
    let (all, left_out): (Vec<Holding>, Vec<Holding>) = holdings::all()?
        .into_iter()
        .partition(|holding| holding.outside.is_none());
    println!("{}", parts(&all));
    println!("{}", total(&all, &left_out));
    let outcomes = CORRELATIONS
        .iter()
        .map(|&correlation| simulate(&all, correlation))
        .collect::<Result<Vec<_>, _>>()?;
    println!("{}", table(&outcomes)?);
    let (alone, together) = (&outcomes[0].all, &outcomes[outcomes.len() - 1].all);
    println!(
        "Whatever the correlation, the portfolio is expected to be worth ${}m. In the worst twentieth of cases it is worth \
         ${}m if the firms go their own ways and ${}m if they go together. Six of the nine live by rare earths, and a fall in \
         their price takes those at once: what is lent to several firms of one chain is hardly more spread than what is lent \
         to one.\n",
        number(alone.mean() / MILLION, 0),
        number(alone.lower_tail_mean(0.05)? / MILLION, 0),
        number(together.lower_tail_mean(0.05)? / MILLION, 0),
    );
    draw(&outcomes)
}

fn parts(all: &[Holding]) -> Table {
    let mut table = Table::new(
        "What is promised, $m, as the sources give it",
        &["firm", "equity", "loans", "grants", "all"],
    );
    let millions = |value: f64| number(value / MILLION, 0);
    let mut sums = [0.0; 3];
    for holding in all {
        let cells = [holding.paid, holding.loan, holding.grant];
        for (sum, cell) in sums.iter_mut().zip(cells) {
            *sum += cell;
        }
        let row = cells.into_iter().chain([cells.iter().sum()]);
        table.row(std::iter::once(holding.firm.to_owned()).chain(row.map(millions)));
    }
    let row = sums.into_iter().chain([sums.iter().sum()]);
    table.row(std::iter::once("all".to_owned()).chain(row.map(millions)));
    table
}

/// What the rows come to, beside the total that the press gives.
fn total(all: &[Holding], left_out: &[Holding]) -> String {
    let sum = |of: fn(&Holding) -> f64| -> f64 { all.iter().map(of).sum() };
    let everything = sum(|holding| holding.paid + holding.loan + holding.grant);
    let intended = all
        .iter()
        .filter(|holding| holding.firm == "USA Rare Earth");
    let intended: f64 = intended.map(|holding| holding.loan).sum();
    let reasons: Vec<String> = left_out
        .iter()
        .filter_map(|holding| Some(format!("{} ({})", holding.firm, holding.outside?)))
        .collect();
    format!(
        "The rows sum to ${}m. The press speaks of about $4,500m; no source here says what that counts, so it is not used. \
         Without the loan to USA Rare Earth, of which there is a letter of intent only, the rows sum to ${}m. Left out: {}.\n",
        number(everything / MILLION, 0),
        number((everything - intended) / MILLION, 0),
        reasons.join("; "),
    )
}

/// Every firm's shares as a geometric Brownian motion from 1, with the Treasury rate as drift.
fn simulate(all: &[Holding], correlation: f64) -> Result<Outcome, Failure> {
    let rate = treasury()?;
    let firm = BasketPrice::GeometricBrownian(GeometricBrownian::new(GeometricBrownianTerms {
        spot: 1.0,
        drift: rate.ln_1p(),
        volatility: VOLATILITY[0],
    })?);
    let row = |at: usize| -> Vec<f64> {
        (0..all.len())
            .map(|other| if other == at { 1.0 } else { correlation })
            .collect()
    };
    let basket = Basket::new(BasketTerms {
        prices: vec![firm; all.len()],
        correlation: (0..all.len()).map(row).collect(),
    })?;
    let grid = TimeGrid::regular(1, YEARS as usize)?;
    let now = (1.0 + rate).powi(-(YEARS as i32));
    let simulation = Simulation::new(PATHS, 20_260_205)?;
    let last = YEARS as usize - 1;
    let blocks = simulation.run(
        &basket,
        &grid,
        || (),
        |(), block| {
            let path_values = |path: usize| {
                let (mut equity, mut loans) = (0.0, 0.0);
                for (commodity, holding) in all.iter().enumerate() {
                    let level = block.row(last, commodity).map_or(f64::NAN, |row| row[path]);
                    equity += now * level * holding.equity();
                    if let (Some(held), Some(price)) = (holding.warrant, holding.price) {
                        // Exercised with dilution: the gain is shared with all shares there are.
                        let before = holding.others + holding.shares;
                        let gain = (level * price - held.strike).max(0.0);
                        equity += now * held.shares * gain * before / (before + held.shares);
                    }
                    let kept = if level < 1.0 - FAILED {
                        1.0 - LOST
                    } else {
                        1.0
                    };
                    loans += kept * holding.loan;
                }
                [equity, loans]
            };
            (0..block.live()).map(path_values).collect::<Vec<_>>()
        },
    )?;
    let values = blocks.concat();
    let of =
        |value: fn(&[f64; 2]) -> f64| Summary::of(&values.iter().map(value).collect::<Vec<_>>());
    Ok(Outcome {
        equity: of(|both| both[0])?,
        loans: of(|both| both[1])?,
        all: of(|both| both[0] + both[1])?,
    })
}

fn table(outcomes: &[Outcome]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "After five years, present value at the Treasury rate, $m, by the correlation of any two firms (judged, with a \
         volatility of 70 % and half of a loan lost where the shares have lost 80 %)",
        &["", "0", "0.3", "0.6", "0.9"],
    );
    type Part = fn(&Outcome) -> &Summary;
    let rows: [(&str, Part); 3] = [
        ("shares and warrants", |outcome| &outcome.equity),
        ("loans", |outcome| &outcome.loans),
        ("all", |outcome| &outcome.all),
    ];
    for (name, part) in rows {
        let mut means = vec![format!("{name}: mean (s.e.)")];
        let mut tails = vec!["  mean of the worst 5 %".to_owned()];
        for outcome in outcomes {
            let part = part(outcome);
            means.push(format!(
                "{} ({})",
                number(part.mean() / MILLION, 0),
                number(part.standard_error() / MILLION, 0)
            ));
            tails.push(number(part.lower_tail_mean(0.05)? / MILLION, 0));
        }
        table.row(means);
        table.row(tails);
    }
    Ok(table)
}

fn draw(outcomes: &[Outcome]) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for (outcome, correlation) in outcomes.iter().zip(CORRELATIONS) {
        let mut points = Vec::new();
        for percent in 1..=99 {
            let value = outcome.all.quantile(f64::from(percent) / 100.0)?;
            points.push((value / MILLION, f64::from(percent)));
        }
        lines.push(Line::new(&format!("correlation {correlation}"), points));
    }
    let path = chart::lines(
        Frame {
            title: "What five years may make of the portfolio",
            says: "The more the firms move together, the further it may fall, and rise",
            x: "present value, $m",
            y: "% of cases below",
        },
        &lines,
        &[],
    )
    .x_range(0.0, 12_000.0)
    .y_range(0.0, 100.0)
    .x_quantities()
    .save("portfolio")?;
    println!("Chart: {}", path.display());
    Ok(())
}
