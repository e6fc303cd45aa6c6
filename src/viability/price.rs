//! Questions about a constant price: break-even and runway.

use super::{Study, ViabilityError};
use crate::finance::{Choices, FinanceError, Outcome, Producer, Rule, Walk, discount_factor, root};
use serde::{Deserialize, Serialize};

/// The constant price at which a project's net present value is zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum BreakEven {
    /// This price, in money per unit, on the price basis of the project.
    Price(f64),
    /// The project is worth having at any price, even zero: contracts carry it.
    AtAnyPrice,
    /// No price up to a million times the cost of a unit is enough.
    AtNoPrice,
}

/// How long cash lasts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Runway {
    /// It runs out within the period that ends after this many years.
    Years(f64),
    /// It lasts to the end of the timeline.
    Lasts,
}

impl Study {
    /// The constant price (on the project's price basis) at which the project just earns its discount rate, growing
    /// where that is better, with the contracts of the case and tax, before financing.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownCase`]; [`ViabilityError::SeveralPrices`] for a project with more than one price.
    pub fn break_even(&self, case: &str) -> Result<BreakEven, ViabilityError> {
        let producer = self.producer(case)?;
        one_price("a break-even price", &producer)?;
        let bare = producer.unlevered()?;
        let rate = self.terms().rates.project;
        let value = |price: f64| {
            let mut walk = Walk::new(&bare);
            let plan = |walk: &mut Walk, grow| npv(&bare, walk, rate, price, grow);
            plan(&mut walk, false).max(plan(&mut walk, true))
        };
        if value(0.0) >= 0.0 {
            return Ok(BreakEven::AtAnyPrice);
        }
        let terms = bare.project().terms();
        let start = bare
            .project()
            .unit_cost(terms.output)
            .max(f64::MIN_POSITIVE);
        let (mut low, mut high) = (0.0, start);
        while value(high) < 0.0 {
            low = high;
            high *= 2.0;
            if high > 1e6 * start {
                return Ok(BreakEven::AtNoPrice);
            }
        }
        let found = root::between("a break-even price", value, (low, high), 1e-10 * high)?;
        Ok(found.map_or(BreakEven::AtNoPrice, BreakEven::Price))
    }

    /// How long the cash of a case lasts if the price stays at `price` (money per unit, on the project's price basis)
    /// and nothing is spent on growth.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownCase`]; [`ViabilityError::SeveralPrices`] for a project with more than one price;
    /// [`ViabilityError::Finance`] for a price that is negative or not finite.
    pub fn runway(&self, case: &str, price: f64) -> Result<Runway, ViabilityError> {
        if !(price.is_finite() && price >= 0.0) {
            return Err(FinanceError::Value {
                thing: "price",
                value: price,
                rule: Rule::NotNegative,
            }
            .into());
        }
        let producer = self.producer(case)?;
        one_price("a runway", &producer)?;
        let mut walk = Walk::new(&producer);
        let choices = Choices {
            grow: false,
            exercise: &[],
        };
        let ending = producer.walk(&mut walk, choices, |_, _| price, |_, _| ());
        Ok(match ending.outcome {
            Outcome::RanOutOfCash { period } => {
                Runway::Years(producer.project().terms().timeline.end(period))
            }
            _ => Runway::Lasts,
        })
    }
}

fn one_price(what: &'static str, producer: &Producer) -> Result<(), ViabilityError> {
    match producer.commodities() {
        1 => Ok(()),
        found => Err(ViabilityError::SeveralPrices { what, found }),
    }
}

fn npv(bare: &Producer, walk: &mut Walk, rate: f64, price: f64, grow: bool) -> f64 {
    let timeline = bare.project().terms().timeline;
    let (mut value, mut index) = (0.0, 0);
    let ending = bare.walk(
        walk,
        Choices {
            grow,
            exercise: &[],
        },
        |_, _| price,
        |_, flow| {
            value += discount_factor(rate, timeline.end(index)) * flow.free_cash();
            index += 1;
        },
    );
    value + discount_factor(rate, timeline.years()) * ending.plant
}
