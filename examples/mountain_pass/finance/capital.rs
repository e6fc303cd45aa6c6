//! What capital costs for the cash flows with and without the floor, how much debt they carry, and what a loan adds.

use pricefloor::data;
use pricefloor::stochastic::{MeanReverting, MeanRevertingTerms, Simulation};
use pricefloor::viability::{CapitalCost, CaseFindings, DebtSizing, Findings, Pricing};

use super::inputs::{CASES, Inputs};
use super::prices;
use super::{Failure, MILLION, Table, millions, number, percent};

/// What a unit of volatility earns a year. It is not known for NdPr, so that two judgements are tried.
const PRICES_OF_RISK: [f64; 2] = [0.15, 0.3];

/// The price less the price of risk: the mean of the log price falls by price of risk x volatility / reversion.
fn priced(price: &MeanReverting, price_of_risk: f64) -> Result<MeanReverting, Failure> {
    let terms = price.terms();
    Ok(MeanReverting::new(MeanRevertingTerms {
        log_mean: terms.log_mean - price_of_risk * terms.volatility / terms.reversion,
        ..terms
    })?)
}

/// Financing does not matter here, so that two cases say all. At the middle of the ranges the business without a measure loses
/// money, and money that is lost has no cost of capital worth the name; at favourable ends it earns some.
pub fn costs(
    base: &Inputs,
    prices: &prices::Prices,
    simulation: Simulation,
) -> Result<(Table, String), Failure> {
    // Judged, in the range of project loans.
    let sizing = DebtSizing {
        cover: 1.3,
        shortfall: 0.1,
        rate: base.treasury + 0.02,
        years: 10.0,
    };
    let favourable = base.favourable()?;
    let settings = [(base, &prices.base), (&favourable, &prices.higher)];
    let mut found = Vec::new();
    for price_of_risk in PRICES_OF_RISK {
        let mut cases = Vec::new();
        for (inputs, price) in settings {
            let pricing = Pricing {
                source: &priced(price, price_of_risk)?,
                riskless: base.treasury,
            };
            let study = inputs.study()?;
            let all = study.capital_costs(price, pricing, sizing, simulation)?;
            cases.extend(all.into_iter().take(2));
        }
        found.push(cases);
    }
    let mut table = Table::new(
        "What capital costs for the oxide business, and the debt that it carries (nominal, after tax, before financing)",
        &["", CASES[0], CASES[1], "favourable: no measure", "floor"],
    );
    let mut row = |name: String, cases: &[CapitalCost], cell: &dyn Fn(&CapitalCost) -> String| {
        table.row(std::iter::once(name).chain(cases.iter().map(cell)));
    };
    for (price_of_risk, cases) in PRICES_OF_RISK.iter().zip(&found) {
        row(
            format!("value if a unit of volatility earns {price_of_risk} a year, $m"),
            cases,
            &|cost| millions(cost.value().mean()),
        );
        row("  cost of capital, % (s.e.)".to_owned(), cases, &|cost| {
            let error = cost.rate_error().unwrap_or_default();
            match earned(cost) {
                Some(rate) => format!("{} ({})", number(rate, 1), number(100.0 * error, 2)),
                None => "loses money".to_owned(),
            }
        });
    }
    row("debt capacity, $m (s.e.)".to_owned(), &found[0], &|cost| {
        format!(
            "{} ({})",
            millions(cost.debt_capacity()),
            number(cost.debt_capacity_error() / MILLION, 1)
        )
    });
    let rate = |place: usize, case: usize| {
        let rate = earned(&found[place][case]);
        rate.map_or("none".to_owned(), |rate| number(rate, 1))
    };
    let debt = |case: usize| match found[0][case].debt_capacity() {
        debt if debt > 0.0 => format!("${}m", millions(debt)),
        _ => "none".to_owned(),
    };
    let text = format!(
        "What volatility earns is judged, and so is the loan: ten years at 2 points above the Treasury rate, with a cover of 1.3 \
         on the cash that 90 % of paths exceed. Without the \
         floor the business loses money at the middle of the ranges; with it capital costs {} to {} %. At favourable ends \
         (unit cost ${}/kg, overhead ${}m, long-run price ${}/kg) the floor lowers that from {} to {} % where volatility \
         earns {}. The debt it can carry goes from {} to {}, and from {} to {} at favourable ends.",
        rate(0, 1),
        rate(1, 1),
        number(favourable.grown_cost, 0),
        millions(favourable.overhead),
        number(prices.higher.long_run_price(), 0),
        rate(0, 2),
        rate(0, 3),
        PRICES_OF_RISK[0],
        debt(0),
        debt(1),
        debt(2),
        debt(3),
    );
    Ok((table, text))
}

/// Cost of capital in percent, for a business that is worth something.
fn earned(cost: &CapitalCost) -> Option<f64> {
    let rate = cost.rate().filter(|_| cost.value().mean() > 0.0);
    rate.map(|rate| 100.0 * rate)
}

/// The four cases with the loan, its money kept, or spent on a plant of which no source tells the earnings.
pub fn loan(
    base: &Inputs,
    price: &MeanReverting,
    without: &Findings,
    simulation: Simulation,
) -> Result<(Table, String), Failure> {
    let principal = data::contract_term("sm_loan_principal")?.number()?;
    let kept = Inputs {
        loan: true,
        ..base.clone()
    };
    let spent = Inputs {
        cash: base.cash - principal * MILLION,
        ..kept.clone()
    };
    let mut table = Table::new(
        &format!(
            "With the loan of ${principal}m for {} years, its money kept, or spent on the plant for heavy rare earths; $m",
            data::contract_term("sm_loan_term")?.number()?,
        ),
        &["", CASES[0], CASES[1], CASES[2], CASES[3]],
    );
    let mut row = |name: &str, found: &Findings, cell: &dyn Fn(&CaseFindings) -> String| {
        table.row(std::iter::once(name.to_owned()).chain(found.cases().iter().map(cell)));
    };
    let (kept_found, spent_found) = (
        kept.study()?.run(price, simulation)?,
        spent.study()?.run(price, simulation)?,
    );
    let all = [
        ("without the loan", without),
        ("money kept", &kept_found),
        ("money spent", &spent_found),
    ];
    for (name, found) in all {
        row(&format!("out of cash by 2040, %: {name}"), found, &|case| {
            percent(case.out_of_cash())
        });
    }
    for (name, found) in all {
        row(
            &format!("value to private owners: {name}"),
            found,
            &|case| millions(case.owners_value().mean()),
        );
    }
    for (name, found) in &all[1..] {
        row(
            &format!("credit subsidy at the Treasury rate (a gain if negative): {name}"),
            found,
            &|case| {
                let cost = case.credit_subsidy();
                cost.map_or("-".to_owned(), |cost| number(cost.mean() / MILLION, 1))
            },
        );
    }
    for (name, found) in &all[1..] {
        row(
            &format!("median cover of debt service in the fifth year, of those alive: {name}"),
            found,
            &|case| {
                let year = case.cover().iter().find(|cover| cover.period() == 19);
                year.map_or("-".to_owned(), |cover| number(cover.median(), 2))
            },
        );
    }
    let pricing = Pricing {
        source: &priced(price, PRICES_OF_RISK[1])?,
        riskless: base.treasury,
    };
    for (name, inputs) in [("money kept", &kept), ("money spent", &spent)] {
        let fair = inputs.study()?.fair_values(price, pricing, simulation)?;
        let cells = fair.iter().map(|case| {
            let cost = case.credit();
            cost.map_or("-".to_owned(), |cost| number(cost.mean() / MILLION, 1))
        });
        let name = format!(
            "fair value of the credit if a unit of volatility earns {}: {name}",
            PRICES_OF_RISK[1]
        );
        table.row(std::iter::once(name).chain(cells));
    }
    let text = format!(
        "A point above the Treasury rate, as the filing says; level payments that rank after the notes are judged. What the \
         plant will earn no source says, so that it is left out: money spent on it is gone here. The company's accounts put \
         the loan at ${}m when it was made.",
        number(data::contract_term("fv_sm_loan_residual")?.number()?, 1),
    );
    Ok((table, text))
}
