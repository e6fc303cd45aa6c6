//! Supply curves.

mod answers;

use std::fmt;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::bundle::Bundle;
use super::terms::Terms;
use super::{CurveError, Line, Observed, Piece, Side, Step};

/// How much is offered at each price; never less at a higher price.
///
/// Prices are in the market's currency per unit, quantities in the commodity's unit. The price is the
/// marginal cost of the last unit. A curve that offers a quantity already at price zero has no cost up
/// to it; nothing is offered at a negative price.
///
/// A curve is checked when it is made or read from a file and cannot be changed; the methods that
/// modify it return a new curve. `a + b` is the horizontal sum: the quantities offered at one price added.
///
/// ```
/// use pricefloor::curve::{Line, Supply};
///
/// let mine = Supply::linear(Line { intercept: 5.0, slope: 0.5 })?.with_capacity(12.0)?;
/// assert_eq!(mine.quantity(10.0)?.low(), 10.0);
/// assert_eq!(mine.quantity(30.0)?.low(), 12.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Supply {
    terms: Terms,
    bundle: Bundle,
}

impl TryFrom<Terms> for Supply {
    type Error = CurveError;

    fn try_from(terms: Terms) -> Result<Self, CurveError> {
        Self::new(terms)
    }
}

impl From<Supply> for Terms {
    fn from(supply: Supply) -> Self {
        supply.terms
    }
}

impl fmt::Display for Supply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.terms.fmt(f)
    }
}

impl Supply {
    fn new(terms: Terms) -> Result<Self, CurveError> {
        let bundle = terms.build(Side::Supply)?;
        Ok(Self { terms, bundle })
    }

    /// A straight line `P = intercept + slope Q`, the slope positive. With a negative intercept the
    /// units up to `-intercept / slope` are offered at price zero and cost nothing.
    ///
    /// # Errors
    ///
    /// A number is not finite, or the slope has the wrong sign.
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
    /// Price or quantity is not above zero, or the elasticity is not positive.
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
    /// Price or quantity is not above zero, or the elasticity is not positive.
    pub fn constant_elasticity(observed: Observed, elasticity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::ConstantElasticity {
            price: observed.price,
            quantity: observed.quantity,
            elasticity,
        })
    }

    /// Exponential (semi-log) through one observed point with the given elasticity there:
    /// `Q = quantity exp(elasticity (P / price - 1))`. The units offered at price zero cost nothing.
    ///
    /// # Errors
    ///
    /// Price or quantity is not above zero, or the elasticity is not positive.
    pub fn exponential(observed: Observed, elasticity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Exponential {
            price: observed.price,
            quantity: observed.quantity,
            elasticity,
        })
    }

    /// Mine after mine, each offering its capacity at its unit cost; in any order.
    ///
    /// # Errors
    ///
    /// The list is empty, a capacity is not above zero, a unit cost is below zero, or a name is empty,
    /// repeated, contains `/`, or is `shift` or `choke`.
    pub fn steps(steps: Vec<Step>) -> Result<Self, CurveError> {
        Self::new(Terms::Steps(steps))
    }

    /// Points joined by straight lines, in any order. The table is the whole curve: nothing is offered
    /// below its lowest price, and above its highest price no more than there.
    ///
    /// # Errors
    ///
    /// Fewer than two points, a negative number, a point given twice, or a quantity that falls as the price rises.
    pub fn tabulated(points: Vec<Observed>) -> Result<Self, CurveError> {
        Self::new(Terms::Tabulated(points))
    }

    /// A quantity offered at any price from zero, at no cost (vertical).
    ///
    /// # Errors
    ///
    /// The quantity is not above zero.
    pub fn fixed(quantity: f64) -> Result<Self, CurveError> {
        Self::new(Terms::Fixed { quantity })
    }

    /// Any quantity at one price (horizontal); at zero, an activity whose only cost is what it buys.
    ///
    /// # Errors
    ///
    /// The price is below zero.
    pub fn perfectly_elastic(price: f64) -> Result<Self, CurveError> {
        Self::new(Terms::PerfectlyElastic { price })
    }

    /// With `quantity` more offered at every price from zero, or less when it is negative, but never
    /// below zero. The added quantity costs nothing; the quantity taken away is the cheapest.
    ///
    /// # Errors
    ///
    /// The shift is not finite, or takes away all that is ever offered.
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
        let side = Side::Supply;
        if !(factor.is_finite() && factor > 0.0) {
            let what = "scale factor";
            let value = factor;
            return Err(CurveError::NotPositive { side, what, value });
        }
        Self::new(self.terms.scaled(factor))
    }

    /// With no more than `quantity` offered at any price. In a sum each part is limited at the price at
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

    /// The curve as smooth pieces whose horizontal sum it is, for an equilibrium system.
    pub fn segments(&self) -> Vec<Piece> {
        self.bundle.pieces().cloned().collect()
    }

    /// Whether the pieces of [`segments`](Supply::segments) cover disjoint prices in rising order, so
    /// that the first units of the curve are those of its first pieces; false for sums.
    pub fn in_merit_order(&self) -> bool {
        self.bundle.chains.len() == 1
    }

    /// The name and value of each parameter, in the order of [`segments`](Supply::segments): the kernel's
    /// name after the path of its piece, such as `elasticity` or `part 1/step 2/price`.
    pub fn parameters(&self) -> Vec<(String, f64)> {
        self.bundle.parameters()
    }
}

impl Add for Supply {
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
