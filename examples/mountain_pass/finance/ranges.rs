//! The same study with one input after the other at the ends of its range.

use pricefloor::finance::{CountedAs, EndValue, MoneyBasis, Payout};
use pricefloor::stochastic::{PriceSource, Simulation};
use pricefloor::viability::CaseFindings;

use super::inputs::Inputs;
use super::prices;
use super::{Failure, NO_MEASURE, Table, millions, number, percent};

/// One input after the other at the ends of its range.
pub fn ranges(
    base: &Inputs,
    prices: &prices::Prices,
    simulation: Simulation,
) -> Result<Table, Failure> {
    let mut table = Table::new(
        "Over the ranges of the inputs, on the same paths: without a measure, and with floor and stake",
        &[
            "",
            "value",
            "grows: none, both",
            "out of cash by 2040, %: none",
            "both",
            "floor cost, $m",
            "95 % tail",
            "stake, $m",
            "extra output, t/year",
        ],
    );
    let mut row = |name: &str,
                   value: String,
                   inputs: &Inputs,
                   price: &dyn PriceSource|
     -> Result<(), Failure> {
        let findings = inputs.study()?.run(price, simulation)?;
        let (none, both) = (findings.case(NO_MEASURE)?, findings.case("both")?);
        let grows = |case: &CaseFindings| if case.growth().taken() { "yes" } else { "no" };
        table.row([
            name.to_owned(),
            value,
            format!("{}, {}", grows(none), grows(both)),
            percent(none.out_of_cash()),
            percent(both.out_of_cash()),
            millions(both.expected_cost().mean()),
            millions(both.expected_cost().upper_tail()),
            millions(both.stake_value().mean()),
            number(
                both.extra_output().mean() / 1000.0 / f64::from(inputs.years),
                0,
            ),
        ]);
        Ok(())
    };
    let usual = &prices.base;
    row("base", String::new(), base, usual)?;
    for moved in base.ranges()? {
        for (inputs, value) in moved.inputs.iter().zip(moved.values) {
            row(&moved.name, number(value, 2), inputs, usual)?;
        }
    }
    for (name, price) in &prices.neighbours {
        row("price", name.clone(), base, price)?;
    }
    row(
        "price",
        "2014-17 without tax".to_owned(),
        base,
        &prices.without_early,
    )?;
    let switches = [
        (
            "price level held in nominal money",
            Inputs {
                prices: MoneyBasis::Nominal,
                ..base.clone()
            },
        ),
        (
            "floor's benchmark holds 13 % tax",
            Inputs {
                benchmark_tax: 1.13,
                ..base.clone()
            },
        ),
        (
            "2030 notes as debt",
            Inputs {
                notes_2030: CountedAs::Debt,
                ..base.clone()
            },
        ),
        (
            "dividends in kind convert",
            Inputs {
                in_kind_converts: true,
                ..base.clone()
            },
        ),
        (
            "free cash paid out from 2028",
            Inputs {
                payout: Payout::FreeCash { from: 2.5 },
                ..base.clone()
            },
        ),
        (
            "plant worth 5 years' cash in 2040",
            Inputs {
                end_value: EndValue::Multiple(5.0),
                ..base.clone()
            },
        ),
    ];
    for (name, inputs) in &switches {
        row(name, String::new(), inputs, usual)?;
    }
    Ok(table)
}
