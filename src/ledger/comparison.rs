//! A baseline with any number of reforms beside it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::accounts::Ledger;
use super::error::LedgerError;
use super::headline::Headline;
use super::incidence::Incidence;
use super::security::{Stage, SupplySecurity};
use crate::assembly::Role;
use crate::equilibrium::{Equilibrium, NodeResult};

/// A solved market under a name: its prices, its supply and its accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    nodes: Vec<NodeResult>,
    supply: SupplySecurity,
    ledger: Ledger,
}

impl Case {
    fn of(name: &str, solved: &Equilibrium) -> Result<Self, LedgerError> {
        Ok(Self {
            name: name.to_owned(),
            nodes: solved.nodes().to_vec(),
            supply: solved.supply_security()?,
            ledger: solved.ledger()?,
        })
    }

    fn node(&self, region: &str, commodity: &str) -> Result<&NodeResult, LedgerError> {
        let here = |n: &&NodeResult| n.region() == region && n.commodity() == commodity;
        let found = self.nodes.iter().find(here);
        found.ok_or_else(|| LedgerError::Unknown {
            what: "node",
            name: format!("{commodity} in {region}"),
        })
    }

    fn stage(&self, commodity: &str) -> Result<&Stage, LedgerError> {
        Ok(self.supply.stage(commodity)?)
    }
}

/// A baseline and any number of reforms of one market: one object that prints, serialises and
/// [draws itself](Self::svg).
///
/// ```
/// use pricefloor::prelude::*;
/// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
/// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
/// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
/// #     .build()?;
/// let mut comparison = Comparison::new("free market", &market.solve(&Policy::none())?)?;
/// for (name, strike) in [("a floor of 11", 11.0), ("a floor of 12", 12.0)] {
///     let floor = Policy::new().with("floor", ContractFloor::new(strike).covering("mine"))?;
///     comparison.add(name, &market.solve(&floor)?)?;
/// }
/// println!("{}", comparison.with_cost_of_funds(1.3)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Comparison {
    baseline: Case,
    reforms: Vec<(Case, Incidence)>,
    cost_of_funds: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    baseline: Case,
    reforms: Vec<Case>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost_of_funds: Option<f64>,
}

impl Comparison {
    /// Starts from a baseline.
    ///
    /// # Errors
    /// [`LedgerError`] when its accounts cannot be drawn up.
    pub fn new(name: &str, baseline: &Equilibrium) -> Result<Self, LedgerError> {
        Ok(Self {
            baseline: Case::of(name, baseline)?,
            reforms: Vec::new(),
            cost_of_funds: None,
        })
    }

    /// Adds a reform.
    ///
    /// # Errors
    /// [`LedgerError`] when the name is taken, its accounts cannot be drawn up, or it is not of the same market.
    pub fn add(&mut self, name: &str, reform: &Equilibrium) -> Result<(), LedgerError> {
        self.push(Case::of(name, reform)?)
    }

    fn push(&mut self, case: Case) -> Result<(), LedgerError> {
        let names = self.reforms.iter().map(|(case, _)| &case.name);
        if names.chain([&self.baseline.name]).any(|n| *n == case.name) {
            return Err(LedgerError::Duplicate { name: case.name });
        }
        let incidence = case.ledger.against(&self.baseline.ledger)?;
        self.reforms.push((case, incidence));
        Ok(())
    }

    /// Counts what it costs to raise public money: the marginal cost of public funds, what taxpayers lose for each unit of
    /// money raised, 1 where taxes do no harm of their own. It is a line of its own and in no party's surplus.
    ///
    /// # Errors
    /// [`LedgerError::CostOfFunds`] when it is below 1 or not finite.
    pub fn with_cost_of_funds(mut self, marginal: f64) -> Result<Self, LedgerError> {
        if !(marginal.is_finite() && marginal >= 1.0) {
            return Err(LedgerError::CostOfFunds { value: marginal });
        }
        self.cost_of_funds = Some(marginal);
        Ok(self)
    }

    /// Name of the baseline.
    #[must_use]
    pub fn baseline(&self) -> &str {
        &self.baseline.name
    }

    pub(crate) fn money_unit(&self) -> &str {
        self.baseline.ledger.money_unit()
    }

    /// Every reform, in the order in which they were added.
    pub fn reforms(&self) -> impl Iterator<Item = Reform<'_>> {
        self.reforms.iter().map(|(case, incidence)| Reform {
            comparison: self,
            case,
            incidence,
        })
    }

    /// The reform of a name.
    ///
    /// # Errors
    /// [`LedgerError::Unknown`] when there is none.
    pub fn reform(&self, name: &str) -> Result<Reform<'_>, LedgerError> {
        let found = self.reforms().find(|r| r.case.name == name);
        found.ok_or_else(|| LedgerError::Unknown {
            what: "reform",
            name: name.to_owned(),
        })
    }
}

/// One reform of a [`Comparison`] against its baseline.
#[derive(Clone, Copy, Debug)]
pub struct Reform<'a> {
    comparison: &'a Comparison,
    case: &'a Case,
    incidence: &'a Incidence,
}

impl<'a> Reform<'a> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.case.name
    }

    /// Who gains and who loses.
    #[must_use]
    pub fn incidence(&self) -> &'a Incidence {
        self.incidence
    }

    /// By how much the price at a node rises, money per unit.
    ///
    /// # Errors
    /// [`LedgerError::Unknown`] when there is no such node.
    pub fn price_change(&self, region: &str, commodity: &str) -> Result<f64, LedgerError> {
        let before = self.comparison.baseline.node(region, commodity)?.price();
        Ok(self.case.node(region, commodity)?.price() - before)
    }

    /// By how much more of a commodity is made in a region, units per year.
    ///
    /// # Errors
    /// [`LedgerError`] when there is no such commodity or region.
    pub fn output_change(&self, region: &str, commodity: &str) -> Result<f64, LedgerError> {
        let made = |case: &Case| -> Result<f64, LedgerError> {
            Ok(case.stage(commodity)?.region(region)?.made())
        };
        Ok(made(self.case)? - made(&self.comparison.baseline)?)
    }

    /// What raising the public money costs beside the money itself, money per year: the marginal cost of public funds less
    /// 1, times the public cost. `None` where no [cost of funds](Comparison::with_cost_of_funds) was given.
    #[must_use]
    pub fn cost_of_funds(&self) -> Option<f64> {
        let marginal = self.comparison.cost_of_funds?;
        Some((marginal - 1.0) * self.incidence.public_cost())
    }

    /// The public cost, and what it buys of a commodity's output in a region.
    ///
    /// # Errors
    /// [`LedgerError`] when there is no such commodity or region, or nobody makes the commodity.
    pub fn headline(&self, region: &str, commodity: &str) -> Result<Headline, LedgerError> {
        let before = self.comparison.baseline.stage(commodity)?;
        let after = self.case.stage(commodity)?;
        Headline::of(self.incidence.public_cost(), region, before, after)
    }
}

impl TryFrom<Terms> for Comparison {
    type Error = LedgerError;

    fn try_from(terms: Terms) -> Result<Self, Self::Error> {
        let mut comparison = Self {
            baseline: terms.baseline,
            reforms: Vec::new(),
            cost_of_funds: None,
        };
        for case in terms.reforms {
            comparison.push(case)?;
        }
        match terms.cost_of_funds {
            Some(marginal) => comparison.with_cost_of_funds(marginal),
            None => Ok(comparison),
        }
    }
}

impl From<Comparison> for Terms {
    fn from(comparison: Comparison) -> Self {
        Self {
            baseline: comparison.baseline,
            reforms: comparison.reforms.into_iter().map(|(c, _)| c).collect(),
            cost_of_funds: comparison.cost_of_funds,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
        let gains = |of: &dyn Fn(&Incidence) -> f64| -> Vec<f64> {
            let reforms = self.reforms.iter().map(|(_, incidence)| of(incidence));
            [0.0].into_iter().chain(reforms).collect()
        };
        for (name, role) in [
            ("consumers gain", Role::Consumers),
            ("producers gain", Role::Producer),
            ("traders gain", Role::Trader),
            ("licence holders gain", Role::Licensee),
            ("treasuries gain", Role::Treasury),
        ] {
            let row = gains(&|i| i.gain_of(role));
            if row.iter().any(|&gain| gain != 0.0) {
                rows.push((name.to_owned(), row));
            }
        }
        rows.push(("all gain".to_owned(), gains(&|i| -i.deadweight_loss())));
        if let Some(marginal) = self.cost_of_funds {
            let costs = self.reforms().map(|r| -r.cost_of_funds().unwrap_or(0.0));
            let row = [0.0].into_iter().chain(costs).collect();
            rows.push((format!("cost of funds at {marginal}"), row));
        }
        let supplied = |n: &&NodeResult| n.supplied() > 0.0 || n.demanded() > 0.0;
        let cases = || {
            [&self.baseline]
                .into_iter()
                .chain(self.reforms.iter().map(|(c, _)| c))
        };
        for node in self.baseline.nodes.iter().filter(supplied) {
            let (region, commodity) = (node.region(), node.commodity());
            let price = |case: &Case| {
                case.node(region, commodity)
                    .map_or(f64::NAN, NodeResult::price)
            };
            rows.push((
                format!("price of {commodity} in {region}"),
                cases().map(price).collect(),
            ));
        }
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        write!(f, "{:width$}", "")?;
        for case in cases() {
            write!(f, "  {:>14}", case.name)?;
        }
        for (name, values) in rows {
            write!(f, "\n{name:width$}")?;
            for (value, case) in values.iter().zip(cases()) {
                let column = case.name.chars().count().max(14);
                write!(f, "  {value:>column$.2}")?;
            }
        }
        write!(f, "\ngains in {} a year", self.baseline.ledger.money_unit())
    }
}
