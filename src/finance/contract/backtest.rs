use super::{ContractPeriod, PriceContract, Settlement};
use crate::finance::FinanceError;
use crate::finance::error::{Rule, require_each, require_name};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One period as reported: what was sold, at which price, and what the contract paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedPeriod {
    /// Its name, as "Q4 2025".
    pub name: String,
    /// Units sold.
    pub volume: f64,
    /// Reference price to try, in money per unit.
    pub reference: f64,
    /// Income under the contract as reported, in money.
    pub income: f64,
}

/// A contract held against reported income: what its formula explains, and what it does not.
///
/// It claims no more than that: volumes that the formula does not see (stock that is paid for before it is sold),
/// the basis of the reference price and timing all end up in the unexplained part.
///
/// ```
/// use pricefloor::finance::{
///     BackTest, Coverage, Indexation, Payoff, PriceContract, PriceContractTerms, Reference, ReportedPeriod,
/// };
/// let floor = PriceContract::new(PriceContractTerms {
///     payoff: Payoff::Floor { strike: 110.0 },
///     reference: Reference::benchmark_average(),
///     coverage: Coverage::Share(1.0),
///     start: 0.0,
///     end: 10.0,
///     indexation: Indexation::Fixed,
///     upside: None,
///     arrears: 0,
///     appropriation: None,
/// })?;
/// let quarter =
///     ReportedPeriod { name: "Q4 2025".into(), volume: 562e3, reference: 61.9, income: 51.016e6 };
/// let test = BackTest::run("realised price", &floor, &[quarter])?;
/// assert!((test.rows()[0].explained() - 0.53).abs() < 0.001);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackTest {
    basis: String,
    rows: Vec<BackTestRow>,
}

/// One period of a [`BackTest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackTestRow {
    period: ReportedPeriod,
    formula: f64,
}

impl BackTestRow {
    /// The period as reported.
    pub fn period(&self) -> &ReportedPeriod {
        &self.period
    }

    /// What the contract's formula gives, in money.
    pub fn formula(&self) -> f64 {
        self.formula
    }

    /// Fraction of the reported income that the formula explains.
    pub fn explained(&self) -> f64 {
        self.formula / self.period.income
    }

    /// Reported income less the formula, in money.
    pub fn unexplained(&self) -> f64 {
        self.period.income - self.formula
    }
}

impl BackTest {
    /// Settles each reported period on its reference price and sets the result beside the reported income.
    /// `basis` names the reference price that was tried. Periods are a quarter long; dates do not matter.
    ///
    /// # Errors
    /// [`FinanceError`] for a period without a name, a negative volume or price, or an income that is not positive.
    pub fn run(
        basis: &str,
        contract: &PriceContract,
        periods: &[ReportedPeriod],
    ) -> Result<Self, FinanceError> {
        require_name("the basis of a back-test", basis)?;
        let of = |value: fn(&ReportedPeriod) -> f64| periods.iter().map(value).collect::<Vec<_>>();
        require_each(
            "volume of reported period",
            &of(|p| p.volume),
            Rule::NotNegative,
        )?;
        require_each(
            "reference price of reported period",
            &of(|p| p.reference),
            Rule::NotNegative,
        )?;
        require_each(
            "income of reported period",
            &of(|p| p.income),
            Rule::Positive,
        )?;
        let mut rows = Vec::with_capacity(periods.len());
        for period in periods {
            require_name("a reported period", &period.name)?;
            rows.push(BackTestRow {
                formula: formula(contract, period).paid(),
                period: period.clone(),
            });
        }
        Ok(Self {
            basis: basis.to_owned(),
            rows,
        })
    }

    /// The reference price that was tried.
    pub fn basis(&self) -> &str {
        &self.basis
    }

    /// The periods, in the order given.
    pub fn rows(&self) -> &[BackTestRow] {
        &self.rows
    }
}

fn formula(contract: &PriceContract, period: &ReportedPeriod) -> Settlement {
    let facts = ContractPeriod {
        start: contract.terms().start,
        years: 0.25,
        fiscal_year: 0,
        output: period.volume,
        average: period.reference,
        end_price: period.reference,
        realisation: 1.0,
        sales: 1.0,
        price_level: 1.0,
    };
    let mut state = contract.open();
    let mut settlement = contract.settle(&mut state, &facts);
    // With arrears the payment comes later; it is the payment for this period that is compared.
    for _ in 0..contract.terms().arrears {
        settlement = contract.settle(
            &mut state,
            &ContractPeriod {
                start: contract.terms().end,
                output: 0.0,
                ..facts
            },
        );
    }
    settlement
}

impl fmt::Display for BackTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.basis)?;
        for row in &self.rows {
            writeln!(
                f,
                "{:<8} formula {:>14.0} of {:>14.0} reported, {:>5.1} % explained",
                row.period.name,
                row.formula,
                row.period.income,
                100.0 * row.explained()
            )?;
        }
        Ok(())
    }
}
