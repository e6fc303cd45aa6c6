//! What a demand curve answers.

use super::Demand;
use crate::curve::{Change, CurveError, Interval, Piece};

impl Demand {
    /// The quantity bought at `price`: a range at a step, one number elsewhere. The upper end is infinite
    /// at the price of a perfectly elastic curve.
    ///
    /// # Errors
    ///
    /// The price is not finite, or the quantity is unbounded: constant elasticity at or below price zero, or a perfectly elastic curve below its price.
    pub fn quantity(&self, price: f64) -> Result<Interval, CurveError> {
        self.bundle.check().finite("price", price)?;
        self.bundle.quantity(price)
    }

    /// The prices at which `quantity` is bought: what the buyer of the last unit would pay. It is below zero
    /// where a formula goes on past the quantity bought at price zero. It is a range
    /// at a gap between steps and at the two ends: nothing is bought at any price from the choke price up.
    /// Exact to rounding for simple curves; a horizontal sum is inverted to 1e-14 of the price.
    ///
    /// # Errors
    ///
    /// The quantity is negative or not finite, more than is ever bought, or one that is bought at every
    /// price (constant elasticity and exponential demand at quantity zero, less than a fixed quantity).
    pub fn price(&self, quantity: f64) -> Result<Interval, CurveError> {
        self.bundle.check().not_negative("quantity", quantity)?;
        self.bundle.prices(quantity)
    }

    /// The slope of quantity in price, `dQ/dP`, in units of quantity per unit of price.
    ///
    /// # Errors
    ///
    /// As [`quantity`](Demand::quantity), or the curve has a corner or a step at `price`.
    pub fn slope(&self, price: f64) -> Result<f64, CurveError> {
        self.bundle.check().finite("price", price)?;
        self.bundle.slope(price)
    }

    /// The elasticity of quantity in price, `(dQ/dP) P / Q`.
    ///
    /// # Errors
    ///
    /// As [`slope`](Demand::slope), or nothing is bought at `price`.
    pub fn elasticity(&self, price: f64) -> Result<f64, CurveError> {
        self.bundle.check().finite("price", price)?;
        self.bundle.elasticity(price)
    }

    /// The price from which nothing is bought; none when some is bought at every price.
    pub fn choke_price(&self) -> Option<f64> {
        let first = |chain: &Vec<Piece>| chain.first().map(|piece| self.start(piece));
        let firsts = self.bundle.chains.iter().filter_map(first);
        firsts
            .max_by(f64::total_cmp)
            .filter(|price| price.is_finite())
    }

    /// The price from which to measure surplus: the [choke price](Demand::choke_price) if there is one,
    /// else the price of the observed point, else the highest price at which more than a fixed
    /// quantity is bought. For a sum the highest of the observed points counts. None for a fixed quantity.
    pub fn reference_price(&self) -> Option<f64> {
        let starts = self.bundle.pieces().map(|piece| self.start(piece));
        let highest = starts
            .filter(|price| price.is_finite())
            .max_by(f64::total_cmp);
        self.choke_price()
            .or_else(|| self.terms.calibration_price())
            .or(highest)
    }

    /// The price of the first unit of a piece.
    fn start(&self, piece: &Piece) -> f64 {
        piece.span(self.bundle.side).start
    }

    /// Consumer surplus at `price`: the integral of the quantity over all prices above it, in currency.
    ///
    /// # Errors
    ///
    /// As [`quantity`](Demand::quantity), or the surplus is infinite: constant elasticity of -1 or
    /// nearer zero, or a fixed quantity, without a choke price. Measure it from the
    /// [reference price](Demand::reference_price) with [`surplus_change`](Demand::surplus_change) then.
    ///
    /// ```
    /// use pricefloor::curve::{Demand, Line};
    ///
    /// let demand = Demand::linear(Line { intercept: 20.0, slope: -1.0 })?;
    /// assert_eq!(demand.surplus(10.0)?, 50.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn surplus(&self, price: f64) -> Result<f64, CurveError> {
        self.bundle.area_above(price)
    }

    /// The gain in consumer surplus when the price changes, in currency: the integral of the quantity
    /// from the new price to the old one, negative when the price rises.
    ///
    /// # Errors
    ///
    /// As [`quantity`](Demand::quantity) at the two prices.
    ///
    /// ```
    /// use pricefloor::curve::{Change, Demand, Observed};
    ///
    /// // Q = 100 P^-0.5: from 4 to 9 buyers lose 200 (3 - 2).
    /// let demand = Demand::constant_elasticity(Observed { price: 1.0, quantity: 100.0 }, -0.5)?;
    /// let gain = demand.surplus_change(Change { from: 4.0, to: 9.0 })?;
    /// assert!((gain + 200.0).abs() < 1e-11);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn surplus_change(&self, price: Change) -> Result<f64, CurveError> {
        self.bundle.area(price.reversed())
    }

    /// The gain in gross benefit when the quantity changes, in currency: the integral of the price that
    /// buyers would pay, from the old quantity to the new one.
    ///
    /// # Errors
    ///
    /// A quantity is negative, not finite or more than is ever bought, or the benefit is infinite:
    /// constant elasticity of -1 or nearer zero from quantity zero, or part of a fixed quantity.
    pub fn gross_benefit(&self, quantity: Change) -> Result<f64, CurveError> {
        self.bundle.money(quantity)
    }

    /// The derivatives of the quantity at `price` in each of the [`parameters`](Demand::parameters).
    ///
    /// # Errors
    ///
    /// As [`slope`](Demand::slope).
    pub fn quantity_partials(&self, price: f64) -> Result<Vec<f64>, CurveError> {
        self.bundle.quantity_partials(price)
    }

    /// The derivatives of the price at `quantity` in each of the [`parameters`](Demand::parameters).
    ///
    /// # Errors
    ///
    /// As [`price`](Demand::price), or the price is a range or at a corner of the curve.
    pub fn price_partials(&self, quantity: f64) -> Result<Vec<f64>, CurveError> {
        self.bundle.price_partials(quantity)
    }

    /// The derivatives of [`surplus_change`](Demand::surplus_change) in each of the
    /// [`parameters`](Demand::parameters), the two prices held.
    ///
    /// # Errors
    ///
    /// As [`surplus_change`](Demand::surplus_change), or one of the prices is that of a step.
    pub fn surplus_change_partials(&self, price: Change) -> Result<Vec<f64>, CurveError> {
        self.bundle.area_partials(price.reversed())
    }

    /// The derivatives of [`gross_benefit`](Demand::gross_benefit) in each of the
    /// [`parameters`](Demand::parameters), the two quantities held.
    ///
    /// # Errors
    ///
    /// As [`gross_benefit`](Demand::gross_benefit); with a fixed quantity in the curve also where the
    /// price at one of the two quantities is a range.
    pub fn gross_benefit_partials(&self, quantity: Change) -> Result<Vec<f64>, CurveError> {
        self.bundle.money_partials(quantity)
    }
}
