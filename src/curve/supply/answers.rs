//! What a supply curve answers.

use super::Supply;
use crate::curve::{Change, CurveError, Interval};

impl Supply {
    /// The quantity offered at `price`: a range at a step, one number elsewhere. The upper end is infinite
    /// at the price of a perfectly elastic curve.
    ///
    /// # Errors
    ///
    /// The price is not finite, or the quantity is unbounded above the price of a perfectly elastic curve.
    pub fn quantity(&self, price: f64) -> Result<Interval, CurveError> {
        self.bundle.check().finite("price", price)?;
        self.bundle.quantity(price)
    }

    /// The prices at which `quantity` is offered: the marginal cost. It is a range at a gap between steps
    /// and at the two ends: nothing is offered at any price up to the first unit's.
    /// Exact to rounding for simple curves; a horizontal sum is inverted to 1e-14 of the price.
    ///
    /// # Errors
    ///
    /// The quantity is negative or not finite, or more than is ever offered.
    pub fn price(&self, quantity: f64) -> Result<Interval, CurveError> {
        self.bundle.check().not_negative("quantity", quantity)?;
        self.bundle.prices(quantity)
    }

    /// The slope of quantity in price, `dQ/dP`, in units of quantity per unit of price.
    ///
    /// # Errors
    ///
    /// As [`quantity`](Supply::quantity), or the curve has a corner or a step at `price`.
    pub fn slope(&self, price: f64) -> Result<f64, CurveError> {
        self.bundle.check().finite("price", price)?;
        self.bundle.slope(price)
    }

    /// The elasticity of quantity in price, `(dQ/dP) P / Q`.
    ///
    /// # Errors
    ///
    /// As [`slope`](Supply::slope), or nothing is offered at `price`.
    pub fn elasticity(&self, price: f64) -> Result<f64, CurveError> {
        self.bundle.check().finite("price", price)?;
        self.bundle.elasticity(price)
    }

    /// The largest quantity ever offered; none when there is no limit.
    pub fn capacity(&self) -> Option<f64> {
        let total = self.bundle.total();
        total.is_finite().then_some(total)
    }

    /// Producer surplus at `price`: the integral of the quantity over all prices from zero, in currency.
    /// It is zero at a negative price.
    ///
    /// # Errors
    ///
    /// As [`quantity`](Supply::quantity).
    ///
    /// ```
    /// use pricefloor::curve::{Line, Supply};
    ///
    /// let supply = Supply::linear(Line { intercept: 5.0, slope: 0.5 })?;
    /// assert_eq!(supply.surplus(10.0)?, 25.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn surplus(&self, price: f64) -> Result<f64, CurveError> {
        self.surplus_change(Change {
            from: 0.0,
            to: price,
        })
    }

    /// The gain in producer surplus when the price changes, in currency: the integral of the quantity
    /// from the old price to the new one.
    ///
    /// # Errors
    ///
    /// As [`quantity`](Supply::quantity) at the two prices.
    pub fn surplus_change(&self, price: Change) -> Result<f64, CurveError> {
        self.bundle.area(price)
    }

    /// The cost of the first `quantity` units, in currency: the integral of the marginal cost.
    ///
    /// # Errors
    ///
    /// The quantity is negative, not finite or more than is ever offered.
    ///
    /// ```
    /// use pricefloor::curve::{Line, Supply};
    ///
    /// let supply = Supply::linear(Line { intercept: 5.0, slope: 0.5 })?;
    /// assert_eq!(supply.cost(10.0)?, 75.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cost(&self, quantity: f64) -> Result<f64, CurveError> {
        self.cost_change(Change {
            from: 0.0,
            to: quantity,
        })
    }

    /// The rise of the cost when the quantity changes, in currency: the integral of the marginal cost
    /// from the old quantity to the new one.
    ///
    /// # Errors
    ///
    /// A quantity is negative, not finite or more than is ever offered.
    pub fn cost_change(&self, quantity: Change) -> Result<f64, CurveError> {
        self.bundle.money(quantity)
    }

    /// The derivatives of the quantity at `price` in each of the [`parameters`](Supply::parameters).
    ///
    /// # Errors
    ///
    /// As [`slope`](Supply::slope).
    pub fn quantity_partials(&self, price: f64) -> Result<Vec<f64>, CurveError> {
        self.bundle.quantity_partials(price)
    }

    /// The derivatives of the price at `quantity` in each of the [`parameters`](Supply::parameters).
    ///
    /// # Errors
    ///
    /// As [`price`](Supply::price), or the price is a range or at a corner of the curve.
    pub fn price_partials(&self, quantity: f64) -> Result<Vec<f64>, CurveError> {
        self.bundle.price_partials(quantity)
    }

    /// The derivatives of [`surplus_change`](Supply::surplus_change) in each of the
    /// [`parameters`](Supply::parameters), the two prices held.
    ///
    /// # Errors
    ///
    /// As [`surplus_change`](Supply::surplus_change), or one of the prices is that of a step.
    pub fn surplus_change_partials(&self, price: Change) -> Result<Vec<f64>, CurveError> {
        self.bundle.area_partials(price)
    }

    /// The derivatives of [`cost_change`](Supply::cost_change) in each of the
    /// [`parameters`](Supply::parameters), the two quantities held.
    ///
    /// # Errors
    ///
    /// As [`cost_change`](Supply::cost_change).
    pub fn cost_change_partials(&self, quantity: Change) -> Result<Vec<f64>, CurveError> {
        self.bundle.money_partials(quantity)
    }
}
