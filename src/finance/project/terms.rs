use super::{Growth, Operations, Tax, Timeline};
use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require, require_name};
use serde::{Deserialize, Serialize};

/// A product that the project sells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Which price it sells at: the position of its commodity in the price source.
    pub commodity: usize,
    /// Units of it for each unit of output (1 for a single product).
    pub per_output: f64,
    /// Realised price / benchmark.
    pub realisation: f64,
    /// Invoiced price / benchmark; the realised price where none is given.
    #[serde(default)]
    pub sales: Option<f64>,
}

/// Cost of a unit at a rate of output.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostPoint {
    /// Units of output a year.
    pub output: f64,
    /// Cost of a unit at that rate, in money of the start.
    pub unit_cost: f64,
}

/// What prices from a price source mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MoneyBasis {
    /// Money of the day.
    #[default]
    Nominal,
    /// Money of the start: the price level turns them into money of the day.
    Real,
}

/// What the project is worth at the end of the timeline, beside its cash.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum EndValue {
    /// Nothing.
    #[default]
    Nothing,
    /// This much, in money of the start.
    Stated(f64),
    /// This multiple of the last year's operating cash flow after tax and sustaining capital, if positive.
    Multiple(f64),
}

/// Terms of a [`Project`]. Costs are in money of the start and rise with inflation; every result is nominal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectTerms {
    /// Its name.
    pub name: String,
    /// Periods and dates.
    pub timeline: Timeline,
    /// What it sells.
    pub products: Vec<Product>,
    /// Units of output a year without the expansion; zero for a plant that is yet to be built.
    pub output: f64,
    /// Cost of a unit at different rates of output, ascending; between two rates it is linear.
    pub unit_cost: Vec<CostPoint>,
    /// Overhead (selling, general and administrative, and other fixed cost) a year, in money of the start.
    pub overhead: f64,
    /// Capital spending that keeps the plant going, a year, in money of the start.
    pub sustaining_capex: f64,
    /// Royalty, working capital and closure.
    #[serde(default)]
    pub operations: Operations,
    /// An expansion, if one is planned.
    #[serde(default)]
    pub growth: Option<Growth>,
    /// Tax.
    pub tax: Tax,
    /// Inflation, as a fraction a year.
    pub inflation: f64,
    /// What prices from the source mean.
    pub prices: MoneyBasis,
    /// What the plant fetches when the firm defaults, in money of the start.
    #[serde(default)]
    pub salvage: f64,
    /// What it is worth at the end.
    #[serde(default)]
    pub end_value: EndValue,
}

/// A producer's plan: what it makes, at what cost, with which expansion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ProjectTerms", into = "ProjectTerms")]
pub struct Project {
    terms: ProjectTerms,
}

checked_terms!(Project, ProjectTerms);

impl Project {
    /// A project with these terms.
    ///
    /// # Errors
    /// [`FinanceError`] for a number that breaks its rule, a product twice, unit costs out of order, a rate of output
    /// outside those for which a unit cost is given, or an expansion that does not add output, takes no time or is not
    /// complete by the end of the timeline.
    pub fn new(terms: ProjectTerms) -> Result<Self, FinanceError> {
        require_name("a project", &terms.name)?;
        check_products(&terms.products)?;
        check_costs(&terms.unit_cost)?;
        // During a ramp the rate of output lies between the two that are checked.
        if terms.output != 0.0 || terms.growth.is_none() {
            check_output(&terms.unit_cost, terms.output)?;
        }
        require("overhead a year", terms.overhead, Rule::NotNegative)?;
        require(
            "sustaining capital a year",
            terms.sustaining_capex,
            Rule::NotNegative,
        )?;
        if let Some(growth) = &terms.growth {
            check_output(&terms.unit_cost, growth.output)?;
            growth.check(terms.output, terms.timeline)?;
        }
        terms.tax.check()?;
        terms.operations.check()?;
        require("inflation", terms.inflation, Rule::Above(-1.0))?;
        require("salvage value", terms.salvage, Rule::NotNegative)?;
        match terms.end_value {
            EndValue::Nothing => {}
            EndValue::Stated(value) => require("end value", value, Rule::NotNegative)?,
            EndValue::Multiple(multiple) => {
                require("end value multiple", multiple, Rule::NotNegative)?
            }
        }
        Ok(Self { terms })
    }

    /// The position of a product.
    ///
    /// # Errors
    /// [`FinanceError::Unknown`] where the project has no such product.
    pub fn product(&self, name: &str) -> Result<usize, FinanceError> {
        let place = self
            .terms
            .products
            .iter()
            .position(|product| product.name == name);
        place.ok_or_else(|| FinanceError::Unknown {
            thing: "product",
            name: name.to_owned(),
        })
    }

    /// Cost of a unit (money of the start) at `output` units a year: linear between the given rates, and the
    /// nearest given cost outside them.
    pub fn unit_cost(&self, output: f64) -> f64 {
        let points = &self.terms.unit_cost;
        let above = points.partition_point(|point| point.output < output);
        match (
            above.checked_sub(1).and_then(|below| points.get(below)),
            points.get(above),
        ) {
            (Some(low), Some(high)) => {
                let weight = (output - low.output) / (high.output - low.output);
                low.unit_cost + weight * (high.unit_cost - low.unit_cost)
            }
            (Some(point), None) | (None, Some(point)) => point.unit_cost,
            (None, None) => 0.0,
        }
    }
}

fn check_products(products: &[Product]) -> Result<(), FinanceError> {
    if products.is_empty() {
        return Err(FinanceError::TooFew {
            thing: "the list of products",
            count: 0,
            needed: 1,
        });
    }
    for (index, product) in products.iter().enumerate() {
        require_name("a product", &product.name)?;
        if products[..index]
            .iter()
            .any(|other| other.name == product.name)
        {
            return Err(FinanceError::Duplicate {
                thing: "product",
                name: product.name.clone(),
            });
        }
        require(
            "units of product for each unit of output",
            product.per_output,
            Rule::Positive,
        )?;
        require("realisation factor", product.realisation, Rule::NotNegative)?;
        if let Some(sales) = product.sales {
            require("sales price factor", sales, Rule::NotNegative)?;
        }
    }
    Ok(())
}

fn check_costs(points: &[CostPoint]) -> Result<(), FinanceError> {
    if points.is_empty() {
        return Err(FinanceError::TooFew {
            thing: "the list of unit costs",
            count: 0,
            needed: 1,
        });
    }
    for point in points {
        require("output of a unit cost", point.output, Rule::Positive)?;
        require("unit cost", point.unit_cost, Rule::NotNegative)?;
    }
    for pair in points.windows(2) {
        if pair[0].output >= pair[1].output {
            return Err(FinanceError::Order {
                low: "the output of a unit cost",
                low_value: pair[0].output,
                high: "the output of the next",
                high_value: pair[1].output,
            });
        }
    }
    Ok(())
}

/// A cost outside the range for which it is known would be a guess. One point says that it is the same everywhere.
fn check_output(points: &[CostPoint], output: f64) -> Result<(), FinanceError> {
    require("output a year", output, Rule::Positive)?;
    if let [low, .., high] = points {
        require(
            "output a year, given the unit costs,",
            output,
            Rule::AtLeast(low.output),
        )?;
        require(
            "output a year, given the unit costs,",
            output,
            Rule::AtMost(high.output),
        )?;
    }
    Ok(())
}
