//! Questions about a constant price: break-even and runway.

use super::{Study, ViabilityError};
use crate::finance::{Choices, FinanceError, Producer, Rule, Walk, discount_factor, root};
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

/// How long a project takes to earn back what it cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Payback {
    /// This many years from the start, linear within the period.
    Years(f64),
    /// Its cash is never behind: there is nothing to earn back.
    Nothing,
    /// It does not earn it back by the end of the timeline.
    Never,
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
        root_of("a break-even price", &bare, value)
    }

    /// The incentive price: the constant price (on the project's price basis) at which growing is worth as much as staying, at
    /// the project's rate, with the contracts of the case and tax, before financing. For a plant that is yet to be built it
    /// is the price at which it is built.
    ///
    /// # Errors
    /// As [`Study::break_even`]; [`ViabilityError::NoGrowth`] for a project without an expansion.
    pub fn incentive_price(&self, case: &str) -> Result<BreakEven, ViabilityError> {
        let producer = self.producer(case)?;
        one_price("an incentive price", &producer)?;
        if producer.project().terms().growth.is_none() {
            return Err(ViabilityError::NoGrowth {
                case: case.to_owned(),
            });
        }
        let bare = producer.unlevered()?;
        let rate = self.terms().rates.project;
        root_of("an incentive price", &bare, |price| {
            let mut walk = Walk::new(&bare);
            npv(&bare, &mut walk, rate, price, true) - npv(&bare, &mut walk, rate, price, false)
        })
    }

    /// When the project has earned back what it cost if the price stays at `price` (money per unit, on the project's price
    /// basis), growing or not as `grow` says, with the contracts of the case and tax, before financing: the first time from
    /// which the sum of free cash, discounted at `rate` (0 for the plain payback), does not fall below zero again.
    ///
    /// # Errors
    /// As [`Study::runway`]; [`ViabilityError::Finance`] for a rate not above -1.
    pub fn payback(
        &self,
        case: &str,
        price: f64,
        grow: bool,
        rate: f64,
    ) -> Result<Payback, ViabilityError> {
        check_price(price)?;
        if !(rate.is_finite() && rate > -1.0) {
            return Err(FinanceError::Value {
                thing: "rate of the payback",
                value: rate,
                rule: Rule::Above(-1.0),
            }
            .into());
        }
        let producer = self.producer(case)?;
        one_price("a payback", &producer)?;
        let bare = producer.unlevered()?;
        let timeline = bare.project().terms().timeline;
        let (mut sum, mut index, mut found) = (0.0, 0, Payback::Nothing);
        let choices = Choices {
            grow,
            exercise: &[],
        };
        let mut walk = Walk::new(&bare);
        bare.walk(
            &mut walk,
            choices,
            |index, place| bare.observe(index, place, |_, _| price),
            |_, flow| {
                let before = sum;
                let end = timeline.end(index);
                sum += discount_factor(rate, end) * flow.free_cash();
                if sum < 0.0 {
                    found = Payback::Never;
                } else if before < 0.0 {
                    let part = -before / (sum - before);
                    found = Payback::Years(timeline.start(index) + part * timeline.period_years());
                }
                index += 1;
            },
        );
        Ok(found)
    }

    /// How long the cash of a case lasts if the price stays at `price` (money per unit, on the project's price basis)
    /// and nothing is spent on growth.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownCase`]; [`ViabilityError::SeveralPrices`] for a project with more than one price;
    /// [`ViabilityError::Finance`] for a price that is negative or not finite.
    pub fn runway(&self, case: &str, price: f64) -> Result<Runway, ViabilityError> {
        check_price(price)?;
        let producer = self.producer(case)?;
        one_price("a runway", &producer)?;
        let mut walk = Walk::new(&producer);
        let choices = Choices {
            grow: false,
            exercise: &[],
        };
        let observed = |index: usize, place: usize| producer.observe(index, place, |_, _| price);
        let ending = producer.walk(&mut walk, choices, observed, |_, _| ());
        let timeline = producer.project().terms().timeline;
        let failed = ending.outcome.default_period();
        Ok(failed.map_or(Runway::Lasts, |period| Runway::Years(timeline.end(period))))
    }
}

/// The price at which a value that rises with it is zero.
fn root_of(
    thing: &'static str,
    bare: &Producer,
    value: impl Fn(f64) -> f64,
) -> Result<BreakEven, ViabilityError> {
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
    let found = root::between(thing, value, (low, high), 1e-10 * high)?;
    Ok(found.map_or(BreakEven::AtNoPrice, BreakEven::Price))
}

fn check_price(price: f64) -> Result<(), ViabilityError> {
    if price.is_finite() && price >= 0.0 {
        return Ok(());
    }
    Err(FinanceError::Value {
        thing: "price",
        value: price,
        rule: Rule::NotNegative,
    }
    .into())
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
        |index, place| bare.observe(index, place, |_, _| price),
        |_, flow| {
            value += discount_factor(rate, timeline.end(index)) * flow.free_cash();
            index += 1;
        },
    );
    value + discount_factor(rate, timeline.years()) * ending.plant
}
