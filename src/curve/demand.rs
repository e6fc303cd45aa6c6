//! Demand curves.

mod answers;

use std::fmt;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::bundle::Bundle;
use super::terms::Terms;
use super::{CurveError, Line, Observed, Piece, Side, Step};

/// How much is bought at each price; never more at a higher price.
///
/// Prices are in the market's currency per unit, quantities in the commodity's unit. A price may be
/// negative (a by-product that costs money to be rid of): straight lines and exponentials go on along
/// their formula, steps and tables are satiated, and constant elasticity is undefined at and below
/// zero, which is an error.
///
/// A curve is checked when it is made or read from a file and cannot be changed; the methods that
/// modify it return a new curve. `a + b` is the horizontal sum: the quantities bought at one price added.
///
/// ```
/// use pricefloor::curve::{Demand, Observed};
///
/// let world = Demand::constant_elasticity(Observed { price: 63.0, quantity: 82_000.0 }, -0.4)?;
/// let at_floor = world.quantity(110.0)?;
/// assert!((at_floor.low() - 82_000.0 * (110.0_f64 / 63.0).powf(-0.4)).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Demand {
    terms: Terms,
    bundle: Bundle,
}

impl TryFrom<Terms> for Demand {
    type Error = CurveError;

    fn try_from(terms: Terms) -> Result<Self, CurveError> {
        Self::new(terms)
    }
}

impl From<Demand> for Terms {
    fn from(demand: Demand) -> Self {
        demand.terms
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.terms.fmt(f)
    }
}

impl Demand {
    fn new(terms: Terms) -> Result<Self, CurveError> {
        let bundle = terms.build(Side::Demand)?;
        Ok(Self { terms, bundle })
    }

    /// A straight line `P = intercept + slope Q`, the slope negative; nothing is bought above the intercept.
    ///
    /// # Errors
    ///
    /// A number is not finite, or the slope has the wrong sign, or the intercept is not above zero.
    pub fn linear(line: Line) -> Result<Self, CurveError> {
        Self::new(Terms::Linear {
            intercept: line.intercept,
            slope: line.slope,
        })
    }

    /// The straight line through one observed point with the given elasticity there:
    /// intercept `P (1 - 1 / elasticity)`, slope `P / (elasticity Q)`.
    ///
    /// # Errors
    ///
    /// Price or quantity is not above zero, or the elasticity is not negative.
    pub fn linear_through(observed: Observed, elasticity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::LinearThrough {
            price: observed.price,
            quantity: observed.quantity,
            elasticity,
        })
    }

    /// Constant elasticity (isoelastic) through one observed point: `Q = quantity (P / price)^elasticity`.
    ///
    /// # Errors
    ///
    /// Price or quantity is not above zero, or the elasticity is not negative.
    pub fn constant_elasticity(observed: Observed, elasticity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::ConstantElasticity {
            price: observed.price,
            quantity: observed.quantity,
            elasticity,
        })
    }

    /// Exponential (semi-log) through one observed point with the given elasticity there:
    /// `Q = quantity exp(elasticity (P / price - 1))`.
    ///
    /// # Errors
    ///
    /// Price or quantity is not above zero, or the elasticity is not negative.
    pub fn exponential(observed: Observed, elasticity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Exponential {
            price: observed.price,
            quantity: observed.quantity,
            elasticity,
        })
    }

    /// Blocks of buyers, each taking its quantity up to what it would pay; in any order.
    ///
    /// # Errors
    ///
    /// The list is empty, a number is not above zero, or a name is empty, repeated, contains `/`,
    /// or is `shift` or `choke`.
    pub fn steps(steps: Vec<Step>) -> Result<Self, CurveError> {
        Self::new(Terms::Steps(steps))
    }

    /// Points joined by straight lines, in any order. The table is the whole curve: nothing is bought
    /// above its highest price, and below its lowest price no more than there.
    ///
    /// # Errors
    ///
    /// Fewer than two points, a negative number, a point given twice, or a quantity that rises with the price.
    pub fn tabulated(points: Vec<Observed>) -> Result<Self, CurveError> {
        Self::new(Terms::Tabulated(points))
    }

    /// A quantity bought whatever the price (vertical).
    ///
    /// # Errors
    ///
    /// The quantity is not above zero.
    pub fn fixed(quantity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Fixed { quantity })
    }

    /// Any quantity at one price (horizontal).
    ///
    /// # Errors
    ///
    /// The price is not above zero.
    pub fn perfectly_elastic(price: f64) -> Result<Self, CurveError> {
        Self::new(Terms::PerfectlyElastic { price })
    }

    /// With `quantity` more bought at every price, or less when it is negative, but never below zero.
    /// The added quantity is bought whatever the price; the quantity taken away is that of the buyers
    /// who would pay most.
    ///
    /// # Errors
    ///
    /// The shift is not finite, or takes away all that is ever bought.
    pub fn shifted(self, quantity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Shifted {
            of: Box::new(self.terms),
            quantity,
        })
    }

    /// With every quantity multiplied by `factor`; prices and elasticities stay.
    ///
    /// # Errors
    ///
    /// The factor is not above zero, or a scaled number overflows.
    pub fn scaled(self, factor: f64) -> Result<Self, CurveError> {
        let side = Side::Demand;
        if !(factor.is_finite() && factor > 0.0) {
            let what = "scale factor";
            let value = factor;
            return Err(CurveError::NotPositive { side, what, value });
        }
        Self::new(self.terms.scaled(factor))
    }

    /// With no more than `quantity` bought at any price. In a sum each part is limited at the price at
    /// which the sum reaches the limit.
    ///
    /// # Errors
    ///
    /// The capacity is not above zero.
    pub fn with_capacity(self, quantity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Capped {
            of: Box::new(self.terms),
            quantity,
        })
    }

    /// With nothing bought above `price`: a choke price, or the price of a backstop that replaces the
    /// commodity. At the price itself any quantity up to the curve's is bought.
    ///
    /// # Errors
    ///
    /// The price is not above zero.
    pub fn with_choke(self, price: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Choked {
            of: Box::new(self.terms),
            price,
        })
    }

    /// The curve as smooth pieces whose horizontal sum it is, for an equilibrium system.
    pub fn segments(&self) -> Vec<Piece> {
        self.bundle.pieces().cloned().collect()
    }

    /// The name and value of each parameter, in the order of [`segments`](Demand::segments): the kernel's
    /// name after the path of its piece, such as `elasticity` or `part 1/step 2/price`.
    pub fn parameters(&self) -> Vec<(String, f64)> {
        self.bundle.parameters()
    }
}

impl Add for Demand {
    type Output = Self;

    /// The horizontal sum: at each price the quantities of both.
    fn add(self, other: Self) -> Self {
        let counts = [self.terms.part_count(), other.terms.part_count()];
        Self {
            bundle: self.bundle.plus(other.bundle, counts),
            terms: self.terms.plus(other.terms),
        }
    }
}
