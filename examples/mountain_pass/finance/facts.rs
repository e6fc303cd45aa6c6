//! What needs no simulation: the cap table, and the contract against reported income.

use pricefloor::data;
use pricefloor::finance::{BackTest, CapTable, CountBasis, Holding, Instrument, ReportedPeriod};

use super::inputs::{Inputs, SPONSOR};
use super::{Failure, MILLION, Table, number, percent};

pub fn cap_table(base: &Inputs) -> Result<Table, Failure> {
    let mut holdings = vec![Holding {
        holder: "Private owners".to_owned(),
        security: "common".to_owned(),
        shares: data::contract_term("shares_outstanding_20250709")?.number()?,
        basis: CountBasis::Derived,
    }];
    for security in base.stake()? {
        let (name, shares) = match security.instrument {
            Instrument::Preferred(preferred) => {
                let terms = preferred.terms();
                let whole = terms
                    .conversion
                    .map_or(0.0, |right| right.whole_shares(terms.stated_value));
                ("preferred, as converted", whole)
            }
            Instrument::Warrant(warrant) => ("warrant", warrant.terms().shares),
            _ => continue,
        };
        holdings.push(Holding {
            holder: security.holder,
            security: name.to_owned(),
            shares,
            basis: CountBasis::Reported,
        });
    }
    let before = CapTable::new(holdings[..1].to_vec())?;
    let after = CapTable::new(holdings)?;
    let mut table = Table::new(
        "Shares before and after July 2025 (the old count is derived from \"15 %\", good to a few shares)",
        &["", "shares", "% of old count", "% of new count"],
    );
    for row in after.rows() {
        table.row([
            format!("{}, {}", row.holder, row.security),
            number(row.shares, 0),
            number(100.0 * row.shares / before.total(), 2),
            number(100.0 * row.shares / after.total(), 2),
        ]);
    }
    table.row([
        format!("{SPONSOR}, together"),
        number(after.shares_of(SPONSOR)?, 0),
        number(100.0 * after.shares_of(SPONSOR)? / before.total(), 2),
        number(100.0 * after.share_of(SPONSOR)?, 2),
    ]);
    Ok(table)
}

/// The floor against reported income, on both price bases. What it leaves is unexplained.
pub fn back_test(base: &Inputs) -> Result<Table, Failure> {
    let floor = base.floor()?;
    let mut table = Table::new(
        "The floor of $110 on the oxide sold, against the income reported (neither basis is claimed to be the right one)",
        &[
            "",
            "sold, t",
            "reference, $/kg",
            "formula, $m",
            "reported, $m",
            "explained, %",
            "unexplained, $m",
        ],
    );
    for (basis, metric) in [
        ("realised price", "ndpr_realised_price"),
        ("benchmark without tax", "benchmark_exvat_quarter_avg"),
    ] {
        let mut periods = Vec::new();
        for quarter in ["Q4 2025", "Q1 2026"] {
            let figure = |metric| data::quarter(quarter, metric)?.number();
            periods.push(ReportedPeriod {
                name: quarter.to_owned(),
                volume: figure("ndpr_sales")? * 1000.0,
                reference: figure(metric)?,
                income: figure("ppa_income")? * MILLION,
            });
        }
        for row in BackTest::run(basis, &floor, &periods)?.rows() {
            let period = row.period();
            table.row([
                format!("{}, {basis}", period.name),
                number(period.volume / 1000.0, 0),
                number(period.reference, 1),
                number(row.formula() / MILLION, 1),
                number(period.income / MILLION, 1),
                percent(row.explained()),
                number(row.unexplained() / MILLION, 1),
            ]);
        }
    }
    Ok(table)
}
