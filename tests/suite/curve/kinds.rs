//! Every kind of curve, with the prices at which to try it.

use std::fmt::Debug;

use pricefloor::curve::{
    Change, CurveError, Demand, Interval, Line, Observed, Piece, Step, Supply,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the two sides have in common.
pub trait Curve: Clone + Debug + PartialEq + Serialize + DeserializeOwned {
    /// Sign of the slope of quantity in price.
    const SIGN: f64;
    fn quantity(&self, price: f64) -> Result<Interval, CurveError>;
    fn price(&self, quantity: f64) -> Result<Interval, CurveError>;
    fn slope(&self, price: f64) -> Result<f64, CurveError>;
    fn elasticity(&self, price: f64) -> Result<f64, CurveError>;
    /// Integral of quantity over price.
    fn area(&self, price: Change) -> Result<f64, CurveError>;
    /// Integral of price over quantity.
    fn money(&self, quantity: Change) -> Result<f64, CurveError>;
    fn segments(&self) -> Vec<Piece>;
    fn quantity_partials(&self, price: f64) -> Result<Vec<f64>, CurveError>;
    fn price_partials(&self, quantity: f64) -> Result<Vec<f64>, CurveError>;
    fn area_partials(&self, price: Change) -> Result<Vec<f64>, CurveError>;
    fn money_partials(&self, quantity: Change) -> Result<Vec<f64>, CurveError>;
    fn parameters(&self) -> Vec<(String, f64)>;
    fn scaled(self, factor: f64) -> Result<Self, CurveError>;
    fn shifted(self, quantity: f64) -> Result<Self, CurveError>;
    fn with_capacity(self, quantity: f64) -> Result<Self, CurveError>;
    fn plus(self, other: Self) -> Self;
}

macro_rules! curve {
    ($curve:ty, $sign:expr, $money:ident, $money_partials:ident) => {
        impl Curve for $curve {
            const SIGN: f64 = $sign;
            fn quantity(&self, price: f64) -> Result<Interval, CurveError> {
                self.quantity(price)
            }
            fn price(&self, quantity: f64) -> Result<Interval, CurveError> {
                self.price(quantity)
            }
            fn slope(&self, price: f64) -> Result<f64, CurveError> {
                self.slope(price)
            }
            fn elasticity(&self, price: f64) -> Result<f64, CurveError> {
                self.elasticity(price)
            }
            fn area(&self, price: Change) -> Result<f64, CurveError> {
                // Sellers gain the area when the price rises, buyers lose it.
                self.surplus_change(price).map(|gain| Self::SIGN * gain)
            }
            fn money(&self, quantity: Change) -> Result<f64, CurveError> {
                self.$money(quantity)
            }
            fn segments(&self) -> Vec<Piece> {
                self.segments()
            }
            fn quantity_partials(&self, price: f64) -> Result<Vec<f64>, CurveError> {
                self.quantity_partials(price)
            }
            fn price_partials(&self, quantity: f64) -> Result<Vec<f64>, CurveError> {
                self.price_partials(quantity)
            }
            fn area_partials(&self, price: Change) -> Result<Vec<f64>, CurveError> {
                self.surplus_change_partials(price)
            }
            fn money_partials(&self, quantity: Change) -> Result<Vec<f64>, CurveError> {
                self.$money_partials(quantity)
            }
            fn parameters(&self) -> Vec<(String, f64)> {
                self.parameters()
            }
            fn scaled(self, factor: f64) -> Result<Self, CurveError> {
                self.scaled(factor)
            }
            fn shifted(self, quantity: f64) -> Result<Self, CurveError> {
                self.shifted(quantity)
            }
            fn with_capacity(self, quantity: f64) -> Result<Self, CurveError> {
                self.with_capacity(quantity)
            }
            fn plus(self, other: Self) -> Self {
                self + other
            }
        }
    };
}

curve!(Demand, -1.0, gross_benefit, gross_benefit_partials);
curve!(Supply, 1.0, cost_change, cost_change_partials);

/// A curve with prices to try it at, none of them at a corner, and the prices of its corners and steps
/// (worked out by hand) between which it is smooth.
pub struct Case<C> {
    pub name: &'static str,
    pub curve: C,
    pub prices: Vec<f64>,
    pub corners: Vec<f64>,
}

pub fn observed(price: f64, quantity: f64) -> Observed {
    Observed { price, quantity }
}

pub fn step(price: f64, quantity: f64) -> Step {
    Step {
        price,
        quantity,
        name: None,
    }
}

fn case<C>(name: &'static str, curve: C, prices: &[f64], corners: &[f64]) -> Case<C> {
    Case {
        name,
        curve,
        prices: prices.to_vec(),
        corners: corners.to_vec(),
    }
}

pub fn demands() -> Result<Vec<Case<Demand>>, CurveError> {
    let line = Line {
        intercept: 20.0,
        slope: -1.0,
    };
    let linear = Demand::linear(line)?;
    let at = observed(8.0, 12.0);
    let inelastic = Demand::constant_elasticity(at, -0.4)?;
    let elastic = Demand::constant_elasticity(at, -2.5)?;
    let unit = Demand::constant_elasticity(at, -1.0)?;
    let exponential = Demand::exponential(at, -0.8)?;
    let steps = Demand::steps(vec![step(6.0, 4.0), step(15.0, 3.0), step(10.0, 5.0)])?;
    let table = Demand::tabulated(vec![
        observed(14.0, 2.0),
        observed(3.0, 20.0),
        observed(9.0, 6.0),
        observed(9.0, 8.0),
        observed(6.0, 8.0),
    ])?;
    let sum = linear.clone() + inelastic.clone() + steps.clone();
    let wide = [2.0, 5.0, 8.0, 11.0, 17.0];
    Ok(vec![
        case("linear", linear.clone(), &[1.0, 7.0, 13.0, 25.0], &[20.0]),
        case(
            "linear through",
            Demand::linear_through(at, -0.5)?,
            &[1.0, 8.0, 23.0, 30.0],
            &[24.0],
        ),
        case("inelastic", inelastic.clone(), &wide, &[]),
        case("elastic", elastic.clone(), &wide, &[]),
        case("unit elastic", unit.clone(), &wide, &[]),
        case("exponential", exponential.clone(), &wide, &[]),
        case("steps", steps.clone(), &wide, &[6.0, 10.0, 15.0]),
        case("table", table.clone(), &wide, &[3.0, 6.0, 9.0, 14.0]),
        case("fixed", Demand::fixed(7.0)?, &wide, &[]),
        case(
            "perfectly elastic",
            Demand::perfectly_elastic(7.0)?,
            &[8.0, 11.0],
            &[7.0],
        ),
        case("more", linear.clone().shifted(4.0)?, &wide, &[20.0]),
        // 20 - P - 4 reaches zero at 16.
        case("less", linear.clone().shifted(-4.0)?, &wide, &[16.0]),
        // 12 (P/8)^-2.5 = 4 at P = 8 * 3^0.4.
        case(
            "less elastic",
            elastic.clone().shifted(-4.0)?,
            &wide,
            &[8.0 * 3f64.powf(0.4)],
        ),
        case(
            "scaled",
            table.clone().scaled(2.5)?,
            &wide,
            &[3.0, 6.0, 9.0, 14.0],
        ),
        // 20 - P = 9 at P = 11.
        case(
            "capped",
            linear.clone().with_capacity(9.0)?,
            &[2.0, 5.0, 10.5, 13.0, 22.0],
            &[11.0, 20.0],
        ),
        // 12 (P/8)^-0.4 = 15 at P = 8 * 0.8^2.5.
        case(
            "capped inelastic",
            inelastic.clone().with_capacity(15.0)?,
            &wide,
            &[8.0 * 0.8f64.powf(2.5)],
        ),
        case(
            "choked",
            inelastic.clone().with_choke(12.0)?,
            &wide,
            &[12.0],
        ),
        case(
            "choked, more, capped",
            exponential
                .with_choke(12.0)?
                .shifted(3.0)?
                .with_capacity(40.0)?,
            &wide,
            &[12.0],
        ),
        case("sum", sum.clone(), &wide, &[6.0, 10.0, 15.0, 20.0]),
        case(
            "choked sum",
            sum.clone().with_choke(12.0)?,
            &wide,
            &[6.0, 10.0, 12.0],
        ),
        // At 10 the sum goes from 10 + q + 3 to 10 + q + 8 with q = 12 * 1.25^-0.4 = 10.975, so 28
        // units are reached inside the step there, and it is flat below.
        case(
            "capped sum",
            sum.clone().with_capacity(28.0)?,
            &wide,
            &[10.0, 15.0, 20.0],
        ),
        case(
            "sum of sums",
            sum.shifted(2.0)? + table + unit,
            &[2.0, 5.0, 8.0, 11.0, 17.0, 30.0],
            &[3.0, 6.0, 9.0, 10.0, 14.0, 15.0, 20.0],
        ),
    ])
}

pub fn supplies() -> Result<Vec<Case<Supply>>, CurveError> {
    let linear = Supply::linear(Line {
        intercept: 5.0,
        slope: 0.5,
    })?;
    let from_zero = Supply::linear(Line {
        intercept: -4.0,
        slope: 0.5,
    })?;
    let at = observed(8.0, 12.0);
    let inelastic = Supply::constant_elasticity(at, 0.3)?;
    let elastic = Supply::constant_elasticity(at, 1.7)?;
    let exponential = Supply::exponential(at, 0.8)?;
    let steps = Supply::steps(vec![step(6.0, 4.0), step(15.0, 3.0), step(0.0, 5.0)])?;
    let table = Supply::tabulated(vec![
        observed(14.0, 20.0),
        observed(3.0, 2.0),
        observed(9.0, 6.0),
        observed(9.0, 8.0),
        observed(6.0, 6.0),
    ])?;
    let sum = linear.clone() + inelastic.clone() + steps.clone();
    let wide = [-1.0, 2.0, 5.5, 8.0, 11.0, 17.0];
    Ok(vec![
        case("linear", linear.clone(), &wide, &[5.0]),
        case("linear from zero", from_zero, &wide, &[0.0]),
        case(
            "linear through",
            Supply::linear_through(at, 0.5)?,
            &wide,
            &[0.0],
        ),
        case("inelastic", inelastic.clone(), &wide, &[0.0]),
        case("elastic", elastic.clone(), &wide, &[0.0]),
        case(
            "unit elastic",
            Supply::constant_elasticity(at, 1.0)?,
            &wide,
            &[0.0],
        ),
        case("exponential", exponential.clone(), &wide, &[0.0]),
        case("steps", steps.clone(), &wide, &[0.0, 6.0, 15.0]),
        case("table", table.clone(), &wide, &[3.0, 6.0, 9.0, 14.0]),
        case("fixed", Supply::fixed(7.0)?, &wide, &[0.0]),
        case(
            "perfectly elastic",
            Supply::perfectly_elastic(7.0)?,
            &[2.0, 5.0],
            &[7.0],
        ),
        case("more", linear.clone().shifted(4.0)?, &wide, &[0.0, 5.0]),
        // 2 (P - 5) = 4 at P = 7.
        case("less", linear.clone().shifted(-4.0)?, &wide, &[7.0]),
        case(
            "less, more",
            elastic.shifted(-4.0)?.shifted(3.0)?,
            &wide,
            // 12 (P/8)^1.7 = 4.
            &[0.0, 8.0 * 3f64.powf(-1.0 / 1.7)],
        ),
        case(
            "scaled",
            table.clone().scaled(2.5)?,
            &wide,
            &[3.0, 6.0, 9.0, 14.0],
        ),
        // 2 (P - 5) = 9 at P = 9.5.
        case("capped", linear.with_capacity(9.0)?, &wide, &[5.0, 9.5]),
        // 12 exp(0.1 (P - 8)) = 15 at P = 8 + 10 ln 1.25.
        case(
            "capped exponential",
            exponential.with_capacity(15.0)?,
            &wide,
            &[0.0, 8.0 + 10.0 * 1.25f64.ln()],
        ),
        case("sum", sum.clone(), &wide, &[0.0, 5.0, 6.0, 15.0]),
        // At 6 the sum goes from 2 + q + 5 to 2 + q + 9 with q = 12 * 0.75^0.3 = 11.008: 20 is reached there.
        case(
            "capped sum",
            sum.clone().with_capacity(20.0)?,
            &wide,
            &[0.0, 5.0, 6.0],
        ),
        case(
            "sum less 20",
            sum.clone().shifted(-20.0)?,
            &wide,
            &[6.0, 15.0],
        ),
        case(
            "sum of sums",
            sum.shifted(2.0)? + table,
            &wide,
            &[0.0, 3.0, 5.0, 6.0, 9.0, 14.0, 15.0],
        ),
    ])
}
