//! Smooth functions of one variable, with their parameters in a slice.

use serde::{Deserialize, Serialize};

use super::exponential::{exponential_integral, exponential_moment};

#[cfg(test)]
mod tests;

/// A smooth function of one variable `x >= 0` whose parameters live in a slice owned by the caller.
///
/// The first four give a price at a quantity, the last three a quantity at a price. Each of the
/// pairs `Linear`/`LinearQuantity`, `Elastic`/`ElasticQuantity` and
/// `Exponential`/`ExponentialQuantity` is one relation read in its two directions with the same
/// parameters, so that a parameter means the same whichever side is evaluated.
///
/// | kernel | parameters | value at `x` |
/// |---|---|---|
/// | `Constant` | price | `price` |
/// | `Linear` | intercept, slope | `intercept + slope x` |
/// | `Elastic` | price, quantity, elasticity | `price (x / quantity)^(1 / elasticity)` |
/// | `Exponential` | price, quantity, rate | `price + ln(x / quantity) / rate` |
/// | `LinearQuantity` | intercept, slope | `(x - intercept) / slope` |
/// | `ElasticQuantity` | price, quantity, elasticity | `quantity (x / price)^elasticity` |
/// | `ExponentialQuantity` | price, quantity, rate | `quantity exp(rate (x - price))` |
///
/// At `x = 0` the functions take their limits, which may be infinite but are never NaN: `Elastic`
/// with a positive elasticity has value 0 and slope 0, `price / quantity` or infinity (elasticity
/// below, at or above one); with a negative elasticity it has value infinity and slope minus
/// infinity. `Exponential` has value minus infinity for a positive rate and infinity for a negative
/// one. A solver should start from an interior point.
///
/// # Panics
///
/// Every method panics when `parameters` (or `out`) is shorter than
/// [`parameter_names`](Kernel::parameter_names).
///
/// ```
/// use pricefloor::curve::Kernel;
///
/// let price = Kernel::Elastic.value(&[63.0, 82_000.0, -0.4], 80_000.0);
/// assert!((price / 67.01 - 1.0).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kernel {
    /// One price at every quantity: `[price]`.
    Constant,
    /// Price linear in quantity: `[intercept, slope]`.
    Linear,
    /// Price at constant elasticity of quantity: `[price, quantity, elasticity]`.
    Elastic,
    /// Price logarithmic in quantity (semi-log): `[price, quantity, rate]`.
    Exponential,
    /// Quantity linear in price: `[intercept, slope]`, the parameters of `Linear`.
    LinearQuantity,
    /// Quantity at constant elasticity: `[price, quantity, elasticity]`.
    ElasticQuantity,
    /// Quantity exponential in price (semi-log): `[price, quantity, rate]`.
    ExponentialQuantity,
}

impl Kernel {
    /// The names of the parameters, in the order of the slice.
    pub fn parameter_names(self) -> &'static [&'static str] {
        match self {
            Self::Constant => &["price"],
            Self::Linear | Self::LinearQuantity => &["intercept", "slope"],
            Self::Elastic | Self::ElasticQuantity => &["price", "quantity", "elasticity"],
            Self::Exponential | Self::ExponentialQuantity => &["price", "quantity", "rate"],
        }
    }

    /// The function at `x`: a price at a quantity, or a quantity at a price.
    #[inline]
    pub fn value(self, parameters: &[f64], x: f64) -> f64 {
        match self {
            Self::Constant => parameters[0],
            Self::Linear => {
                let [intercept, slope] = two(parameters);
                intercept + slope * x
            }
            Self::LinearQuantity => {
                let [intercept, slope] = two(parameters);
                (x - intercept) / slope
            }
            Self::Elastic => {
                let [price, quantity, elasticity] = three(parameters);
                price * (x / quantity).powf(1.0 / elasticity)
            }
            Self::ElasticQuantity => {
                let [price, quantity, elasticity] = three(parameters);
                quantity * (x / price).powf(elasticity)
            }
            Self::Exponential => {
                let [price, quantity, rate] = three(parameters);
                price + (x / quantity).ln() / rate
            }
            Self::ExponentialQuantity => {
                let [price, quantity, rate] = three(parameters);
                quantity * (rate * (x - price)).exp()
            }
        }
    }

    /// The function and its derivative in `x`.
    #[inline]
    pub fn value_and_slope(self, parameters: &[f64], x: f64) -> (f64, f64) {
        let value = self.value(parameters, x);
        let slope = match self {
            Self::Constant => 0.0,
            Self::Linear => parameters[1],
            Self::LinearQuantity => 1.0 / parameters[1],
            Self::Elastic => {
                let [price, quantity, elasticity] = three(parameters);
                power_slope(price / quantity, 1.0 / elasticity, value, x)
            }
            Self::ElasticQuantity => {
                let [price, quantity, elasticity] = three(parameters);
                power_slope(quantity / price, elasticity, value, x)
            }
            Self::Exponential => 1.0 / (parameters[2] * x),
            Self::ExponentialQuantity => parameters[2] * value,
        };
        (value, slope)
    }

    /// The derivatives of the function at `x` in each parameter, written to `out`.
    #[inline]
    pub fn partials(self, parameters: &[f64], x: f64, out: &mut [f64]) {
        match self {
            Self::Constant => out[0] = 1.0,
            Self::Linear => {
                out[0] = 1.0;
                out[1] = x;
            }
            Self::LinearQuantity => {
                let [intercept, slope] = two(parameters);
                out[0] = -1.0 / slope;
                out[1] = -(x - intercept) / (slope * slope);
            }
            Self::Elastic => {
                let [price, quantity, elasticity] = three(parameters);
                let power = (x / quantity).powf(1.0 / elasticity);
                let value = price * power;
                out[0] = power;
                out[1] = -value / (elasticity * quantity);
                out[2] = -times_logarithm(value, x / quantity) / (elasticity * elasticity);
            }
            Self::ElasticQuantity => {
                let [price, quantity, elasticity] = three(parameters);
                let power = (x / price).powf(elasticity);
                let value = quantity * power;
                out[0] = -elasticity * value / price;
                out[1] = power;
                out[2] = times_logarithm(value, x / price);
            }
            Self::Exponential => {
                let [_, quantity, rate] = three(parameters);
                out[0] = 1.0;
                out[1] = -1.0 / (rate * quantity);
                out[2] = -(x / quantity).ln() / (rate * rate);
            }
            Self::ExponentialQuantity => {
                let [price, quantity, rate] = three(parameters);
                let power = (rate * (x - price)).exp();
                out[0] = -rate * quantity * power;
                out[1] = power;
                out[2] = quantity * times(power, x - price);
            }
        }
    }

    /// The integral of the function from `from` to `to`, in closed form.
    ///
    /// For a price kernel it is money (the area under the price over a quantity), for a quantity
    /// kernel it is money too (the area under the quantity over a price). It is infinite, never
    /// NaN, where it diverges, and `to` may be infinite.
    #[inline]
    pub fn integral(self, parameters: &[f64], from: f64, to: f64) -> f64 {
        if from == to {
            return 0.0;
        }
        match self {
            Self::Constant => parameters[0] * (to - from),
            Self::Linear => {
                let [intercept, slope] = two(parameters);
                (to - from) * (intercept + slope * (0.5 * (from + to)))
            }
            Self::LinearQuantity => {
                let [intercept, slope] = two(parameters);
                (to - from) * ((0.5 * (from + to) - intercept) / slope)
            }
            Self::Elastic => {
                let [price, quantity, elasticity] = three(parameters);
                price * quantity * Powers::new(quantity, from, to).integral(1.0 / elasticity)
            }
            Self::ElasticQuantity => {
                let [price, quantity, elasticity] = three(parameters);
                price * quantity * Powers::new(price, from, to).integral(elasticity)
            }
            Self::Exponential => {
                let [price, quantity, rate] = three(parameters);
                price * (to - from) + logarithm_integral(quantity, from, to) / rate
            }
            Self::ExponentialQuantity => {
                let [price, quantity, rate] = three(parameters);
                quantity * exponential_integral(rate, [from - price, to - price], to - from)
            }
        }
    }

    /// The derivatives of [`integral`](Kernel::integral) in each parameter, the limits held, written to `out`.
    #[inline]
    pub fn integral_partials(self, parameters: &[f64], from: f64, to: f64, out: &mut [f64]) {
        if from == to {
            out[..self.parameter_names().len()].fill(0.0);
            return;
        }
        match self {
            Self::Constant => out[0] = to - from,
            Self::Linear => {
                out[0] = to - from;
                out[1] = (to - from) * (0.5 * (from + to));
            }
            Self::LinearQuantity => {
                let [intercept, slope] = two(parameters);
                out[0] = -(to - from) / slope;
                out[1] = -(to - from) * (0.5 * (from + to) - intercept) / (slope * slope);
            }
            Self::Elastic => {
                let [price, quantity, elasticity] = three(parameters);
                let powers = Powers::new(quantity, from, to);
                let area = quantity * powers.integral(1.0 / elasticity);
                let moment = price * quantity * powers.moment(1.0 / elasticity);
                out[0] = area;
                out[1] = -price * area / (elasticity * quantity);
                out[2] = -moment / (elasticity * elasticity);
            }
            Self::ElasticQuantity => {
                let [price, quantity, elasticity] = three(parameters);
                let powers = Powers::new(price, from, to);
                let area = price * powers.integral(elasticity);
                out[0] = -elasticity * quantity * area / price;
                out[1] = area;
                out[2] = price * quantity * powers.moment(elasticity);
            }
            Self::Exponential => {
                let [_, quantity, rate] = three(parameters);
                out[0] = to - from;
                out[1] = -(to - from) / (rate * quantity);
                out[2] = -logarithm_integral(quantity, from, to) / (rate * rate);
            }
            Self::ExponentialQuantity => {
                let [price, quantity, rate] = three(parameters);
                let ends = [from - price, to - price];
                let area = exponential_integral(rate, ends, to - from);
                out[0] = -rate * quantity * area;
                out[1] = area;
                out[2] = quantity * exponential_moment(rate, ends, to - from);
            }
        }
    }

    /// The same relation read in the other direction, with the same parameters; none for a constant.
    pub(crate) fn inverse(self) -> Option<Self> {
        match self {
            Self::Constant => None,
            Self::Linear => Some(Self::LinearQuantity),
            Self::LinearQuantity => Some(Self::Linear),
            Self::Elastic => Some(Self::ElasticQuantity),
            Self::ElasticQuantity => Some(Self::Elastic),
            Self::Exponential => Some(Self::ExponentialQuantity),
            Self::ExponentialQuantity => Some(Self::Exponential),
        }
    }
}

#[inline]
fn two(parameters: &[f64]) -> [f64; 2] {
    [parameters[0], parameters[1]]
}

#[inline]
fn three(parameters: &[f64]) -> [f64; 3] {
    [parameters[0], parameters[1], parameters[2]]
}

/// Slope of `value = c x^exponent` at `x`; `unit_slope` is the slope where the exponent is one.
#[inline]
fn power_slope(unit_slope: f64, exponent: f64, value: f64, x: f64) -> f64 {
    if x > 0.0 {
        // Divided first: the product exponent / x may overflow where the value has underflowed.
        exponent * (value / x)
    } else if exponent > 1.0 {
        0.0
    } else if exponent == 1.0 {
        unit_slope
    } else if exponent > 0.0 {
        f64::INFINITY
    } else {
        f64::NEG_INFINITY
    }
}

/// `value ln(ratio)` with the limit zero where the value vanishes.
#[inline]
fn times_logarithm(value: f64, ratio: f64) -> f64 {
    times(value, ratio.ln())
}

/// `a b` with the limit zero where `a` vanishes, `b` infinite or not.
#[inline]
fn times(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a * b }
}

/// Integral of `ln(x / unit)` over `[from, to]`.
#[inline]
fn logarithm_integral(unit: f64, from: f64, to: f64) -> f64 {
    if to < from {
        return -logarithm_integral(unit, to, from);
    }
    let width = to - from;
    // x ln x - x between the limits, arranged so that close limits do not cancel.
    let lower = if from == 0.0 {
        0.0
    } else {
        from * width_logarithm(from, to)
    };
    times(width, ratio_logarithm(to, unit)) + lower - width
}

/// `ln(a / b)`, also where the quotient overflows.
#[inline]
fn ratio_logarithm(a: f64, b: f64) -> f64 {
    let ratio = a / b;
    if ratio.is_normal() {
        ratio.ln()
    } else {
        a.ln() - b.ln()
    }
}

/// `ln(to / from)`, accurate where the two are close and where they are far apart.
#[inline]
fn width_logarithm(from: f64, to: f64) -> f64 {
    let growth = (to - from) / from;
    if growth.is_finite() && growth > -0.5 {
        growth.ln_1p()
    } else {
        to.ln() - from.ln()
    }
}

/// Integrals over `[from, to]` of powers of `x / unit`, in units of `unit`.
struct Powers {
    logarithms: [f64; 2],
    width: f64,
}

impl Powers {
    #[inline]
    fn new(unit: f64, from: f64, to: f64) -> Self {
        Self {
            logarithms: [ratio_logarithm(from, unit), ratio_logarithm(to, unit)],
            width: width_logarithm(from, to),
        }
    }

    /// Integral of `u^exponent`: with `u = e^t` it is the integral of `e^((exponent + 1) t)`,
    /// which passes through the logarithm at `exponent = -1` without cancellation.
    #[inline]
    fn integral(&self, exponent: f64) -> f64 {
        exponential_integral(exponent + 1.0, self.logarithms, self.width)
    }

    /// Integral of `u^exponent ln u`, the derivative of [`integral`](Powers::integral) in the exponent.
    #[inline]
    fn moment(&self, exponent: f64) -> f64 {
        exponential_moment(exponent + 1.0, self.logarithms, self.width)
    }
}
