//! The answer in sentences and charts.

use pricefloor::viability::Spread;

use super::super::support::chart::{self, Chart, Frame, Line};
use super::{Failure, Firm, MILLION, NO_MEASURE, millions, number, percent};

impl Firm {
    /// What it means, in sentences made from the numbers.
    pub fn sentences(&self) -> Result<[String; 3], Failure> {
        let case = |name| self.findings.case(name);
        let (none, floor, stake, both) = (
            case(NO_MEASURE)?,
            case("floor")?,
            case("stake")?,
            case("both")?,
        );
        let cost = floor.expected_cost();
        Ok([
            format!(
                "Without a measure the oxide business runs out of cash by 2040 on {} % of price paths ({} % if its notes of \
                 2030 must be repaid), and is worth ${}m to owners who leave ${}m in it; with the floor it runs out of cash \
                 on {} % ({} %) and is worth ${}m.",
                percent(none.out_of_cash()),
                percent(self.as_debt.case(NO_MEASURE)?.out_of_cash()),
                millions(none.owners_value().mean()),
                millions(none.owners_outlay()),
                percent(floor.out_of_cash()),
                percent(self.as_debt.case("floor")?.out_of_cash()),
                millions(floor.owners_value().mean()),
            ),
            format!(
                "The floor costs the Treasury an expected ${}m at its own rate, ${}m in the worst 5 % of paths, {} % of it \
                 for oxide that would be made anyway: ${} for each extra kilogram. Taxes on it bring back ${}m.",
                millions(cost.mean()),
                millions(cost.upper_tail()),
                percent(floor.cost_for_output_anyway().mean() / cost.mean()),
                floor
                    .cost_per_extra_unit()
                    .map_or("-".to_owned(), |cost| number(cost, 0)),
                millions(floor.tax_recaptured().mean()),
            ),
            format!(
                "The stake of ${}m buys time (out of cash on {} % of paths instead of {} %), but by the oxide business alone \
                 it is worth ${}m, and ${}m beside a floor, which feeds it; the two move against each other (correlation \
                 {}), so a low price costs the public twice.",
                millions(stake.stake_paid()),
                percent(stake.out_of_cash()),
                percent(none.out_of_cash()),
                millions(stake.stake_value().mean()),
                millions(both.stake_value().mean()),
                both.cost_stake_correlation()
                    .map_or("none".to_owned(), |value| number(value, 2)),
            ),
        ])
    }

    /// Danger of running out of cash, and what the floor costs in a year.
    pub fn charts(&self) -> Result<Vec<Chart>, Failure> {
        let lines = self.findings.cases().iter().map(|case| {
            let points = case.out_of_cash_by_year().iter().enumerate();
            let line = Line::new(
                case.name(),
                points
                    .map(|(year, p)| (2026.0 + year as f64, 100.0 * p))
                    .collect(),
            );
            // it may lie on another
            if case.name() == "both" {
                line.dashed()
            } else {
                line
            }
        });
        let repaid = percent(self.as_debt.case(NO_MEASURE)?.out_of_cash());
        let says = format!(
            "Share of price paths on which the oxide business has run out of cash by the middle of each year. If its notes \
             of 2030 must be repaid, {repaid} % without a measure"
        );
        let danger = chart::lines(
            Frame {
                title: "Danger of running out of cash",
                says: &says,
                x: "year",
                y: "% of paths",
            },
            &lines.collect::<Vec<_>>(),
            &[],
        )
        .x_range(2026.0, 2040.0)
        .x_years()
        .y_range(0.0, 100.0);
        let floor = self.findings.case("floor")?;
        let years = || {
            floor
                .cost_by_year()
                .iter()
                .filter(|year| year.cost().upper_tail() > 0.0)
        };
        let point = |value: fn(&Spread) -> f64| -> Vec<(f64, f64)> {
            years()
                .map(|year| (f64::from(year.fiscal_year()), value(year.cost()) / MILLION))
                .collect()
        };
        let band = years().map(|year| {
            (
                year.cost().quantile_5() / MILLION,
                year.cost().quantile_95() / MILLION,
            )
        });
        let mean = Line::new(
            "mean, and where 90 % of paths lie",
            point(|cost| cost.mean()),
        )
        .band(band.collect());
        let worst = Line::new("mean of the worst 5 %", point(|cost| cost.upper_tail())).dashed();
        let cost = chart::lines(
            Frame {
                title: "What the floor costs the Treasury",
                says: "Payments in each US fiscal year. They grow with output and end with 2035",
                x: "fiscal year",
                y: "$m",
            },
            &[mean, worst],
            &[],
        )
        .x_years();
        Ok(vec![danger, cost])
    }
}
