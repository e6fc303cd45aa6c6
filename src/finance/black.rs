//! Black (1976) and Black-Scholes values, and the closed form of a strip of floors on a lognormal price.

use crate::stochastic::{LogMarginal, Lognormal};
use libm::erfc;
use serde::{Deserialize, Serialize};
use std::f64::consts::{FRAC_1_SQRT_2, PI};
use thiserror::Error;

/// What makes an option or a floor strip ill-posed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum OptionError {
    /// A term breaks its rule.
    #[error("option: {name} is {value}, but it must be {rule}")]
    Term {
        /// The term's name.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A payment of a floor strip breaks a rule.
    #[error("floor payment {index}: {name} is {value}, but it must be {rule}")]
    Payment {
        /// Position in the strip.
        index: usize,
        /// The term's name.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
}

/// Terms of a European option on a futures price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Black76Terms {
    /// Futures price for delivery at expiry, in currency per unit.
    pub futures: f64,
    /// Strike, in currency per unit.
    pub strike: f64,
    /// Riskless rate, per year, continuously compounded.
    pub rate: f64,
    /// Volatility of the futures price, per square root of a year.
    pub volatility: f64,
    /// Years to expiry.
    pub years: f64,
}

/// A European option on a futures price, valued as in Black (1976): the put is e^(-rT) [K Phi(-d2) - F Phi(-d1)],
/// d1 = ln(F / K) / (sigma sqrt T) + sigma sqrt T / 2, d2 = d1 - sigma sqrt T. Without volatility or time left it
/// is the discounted payoff.
///
/// ```
/// use pricefloor::finance::{Black76, Black76Terms};
///
/// let option = Black76::new(Black76Terms { futures: 60.0, strike: 60.0, rate: 0.09, volatility: 0.25, years: 4.0 / 12.0 })?;
/// assert!((option.put() - 3.35).abs() < 5e-4); // Hull's example of a futures put
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Black76Terms", into = "Black76Terms")]
pub struct Black76 {
    terms: Black76Terms,
}

impl Black76 {
    /// An option with these terms.
    ///
    /// # Errors
    /// [`OptionError::Term`] unless futures price and strike are positive, volatility and time are not negative,
    /// and all are finite.
    pub fn new(terms: Black76Terms) -> Result<Self, OptionError> {
        let Black76Terms {
            futures,
            strike,
            rate,
            volatility,
            years,
        } = terms;
        term(futures > 0.0, "futures", futures, "positive and finite")?;
        common(strike, rate, volatility, years)?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> Black76Terms {
        self.terms
    }

    /// Value of the right to buy at the strike, in currency per unit.
    pub fn call(&self) -> f64 {
        let (d1, d2) = self.d();
        self.discount()
            * (self.terms.futures * normal_cdf(d1) - self.terms.strike * normal_cdf(d2)).max(0.0)
    }

    /// Value of the right to sell at the strike, in currency per unit.
    pub fn put(&self) -> f64 {
        let (d1, d2) = self.d();
        self.discount()
            * (self.terms.strike * normal_cdf(-d2) - self.terms.futures * normal_cdf(-d1)).max(0.0)
    }

    /// Change of the call per unit of the futures price.
    pub fn call_delta(&self) -> f64 {
        self.discount() * normal_cdf(self.d().0)
    }

    /// Change of the put per unit of the futures price.
    pub fn put_delta(&self) -> f64 {
        -self.discount() * normal_cdf(-self.d().0)
    }

    /// Change of either delta per unit of the futures price; without volatility or time left it is zero away
    /// from the strike and infinite at it.
    pub fn gamma(&self) -> f64 {
        let deviation = self.deviation();
        if deviation > 0.0 {
            self.discount() * normal_density(self.d().0) / (self.terms.futures * deviation)
        } else if self.terms.futures == self.terms.strike {
            f64::INFINITY
        } else {
            0.0
        }
    }

    /// Change of either value per unit of volatility (per 1.00, not per percentage point).
    pub fn vega(&self) -> f64 {
        self.discount() * self.terms.futures * normal_density(self.d().0) * self.terms.years.sqrt()
    }

    fn discount(&self) -> f64 {
        (-self.terms.rate * self.terms.years).exp()
    }

    fn deviation(&self) -> f64 {
        self.terms.volatility * self.terms.years.sqrt()
    }

    fn d(&self) -> (f64, f64) {
        let deviation = self.deviation();
        let moneyness = (self.terms.futures / self.terms.strike).ln();
        let d1 = standardised(moneyness, deviation) + 0.5 * deviation;
        (d1, d1 - deviation)
    }
}

/// Terms of a European option on an asset.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlackScholesTerms {
    /// Price of the asset today, in currency per unit.
    pub spot: f64,
    /// Strike, in currency per unit.
    pub strike: f64,
    /// Riskless rate, per year, continuously compounded.
    pub rate: f64,
    /// Dividend or convenience yield, per year, continuously compounded.
    pub dividend_yield: f64,
    /// Volatility, per square root of a year.
    pub volatility: f64,
    /// Years to expiry.
    pub years: f64,
}

/// A European option on an asset (Black and Scholes 1973, with Merton's dividend yield): Black (1976) at the
/// futures price S e^((r - q) T).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BlackScholesTerms", into = "BlackScholesTerms")]
pub struct BlackScholes {
    terms: BlackScholesTerms,
    on_futures: Black76,
}

impl BlackScholes {
    /// An option with these terms.
    ///
    /// # Errors
    /// [`OptionError::Term`] unless spot and strike are positive, volatility and time are not negative, and all
    /// are finite.
    pub fn new(terms: BlackScholesTerms) -> Result<Self, OptionError> {
        let BlackScholesTerms {
            spot,
            strike,
            rate,
            dividend_yield,
            volatility,
            years,
        } = terms;
        term(spot > 0.0, "spot", spot, "positive and finite")?;
        common(strike, rate, volatility, years)?;
        let carried = dividend_yield * years;
        term(
            carried.abs() <= LARGEST_EXPONENT,
            "dividend_yield",
            dividend_yield,
            "finite, and times years at most 700",
        )?;
        let futures = spot * ((rate - dividend_yield) * years).exp();
        Ok(Self {
            terms,
            on_futures: Black76::new(Black76Terms {
                futures,
                strike,
                rate,
                volatility,
                years,
            })?,
        })
    }

    /// The terms.
    pub fn terms(&self) -> BlackScholesTerms {
        self.terms
    }

    /// Value of the right to buy at the strike, in currency per unit.
    pub fn call(&self) -> f64 {
        self.on_futures.call()
    }

    /// Value of the right to sell at the strike, in currency per unit.
    pub fn put(&self) -> f64 {
        self.on_futures.put()
    }

    /// Change of the call per unit of the asset's price.
    pub fn call_delta(&self) -> f64 {
        self.on_futures.call_delta() * self.growth()
    }

    /// Change of the put per unit of the asset's price.
    pub fn put_delta(&self) -> f64 {
        self.on_futures.put_delta() * self.growth()
    }

    /// Change of either delta per unit of the asset's price; see [`Black76::gamma`].
    pub fn gamma(&self) -> f64 {
        self.on_futures.gamma() * self.growth() * self.growth()
    }

    /// Change of either value per unit of volatility (per 1.00, not per percentage point).
    pub fn vega(&self) -> f64 {
        self.on_futures.vega()
    }

    /// Futures price per unit of spot.
    fn growth(&self) -> f64 {
        ((self.terms.rate - self.terms.dividend_yield) * self.terms.years).exp()
    }
}

/// E[max(K - P, 0)] of a lognormal price: K Phi(d) - e^(m + v/2) Phi(d - sqrt v), d = (ln K - m) / sqrt v, in
/// the price's unit and not discounted. It is what a floor at `strike` is expected to pay per unit.
///
/// # Errors
/// [`OptionError::Term`] unless the strike is positive, the variance is not negative and all are finite.
pub fn expected_floor_payment(price: LogMarginal, strike: f64) -> Result<f64, OptionError> {
    let (d, deviation) = lognormal_d(price, strike)?;
    Ok((strike * normal_cdf(d) - price.expected_price() * normal_cdf(d - deviation)).max(0.0))
}

/// E[max(P - K, 0)] of a lognormal price, in the price's unit and not discounted: what an upside share of one
/// above `threshold` is expected to return per unit.
///
/// # Errors
/// [`OptionError::Term`] unless the threshold is positive, the variance is not negative and all are finite.
pub fn expected_excess(price: LogMarginal, threshold: f64) -> Result<f64, OptionError> {
    let (d, deviation) = lognormal_d(price, threshold)?;
    Ok((price.expected_price() * normal_cdf(deviation - d) - threshold * normal_cdf(-d)).max(0.0))
}

/// One settlement of a floor on a fixed volume.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorPayment {
    /// Years from today to the price and its payment.
    pub time: f64,
    /// Units covered.
    pub volume: f64,
    /// Floor, in currency per unit.
    pub strike: f64,
    /// Value today of one unit of currency paid then.
    pub discount_factor: f64,
}

/// Value of a strip of floors: the sum over payments of discount factor x volume x E[max(strike - P, 0)]. Exact
/// for a fixed volume, settlement on the price of the day, no cap and no default; a floor on quarterly averages
/// uses it as a control variate and does not equal it.
///
/// The drift and the discount factors decide what it means: the historical drift and a Treasury rate give the
/// expected cost, the drift less the price of risk and the riskless rate give the fair value.
///
/// # Errors
/// [`OptionError::Payment`] where time, volume or discount factor is negative, a strike is not positive, or one
/// is not finite.
pub fn floor_strip(price: &dyn Lognormal, payments: &[FloorPayment]) -> Result<f64, OptionError> {
    let mut value = 0.0;
    for (index, payment) in payments.iter().enumerate() {
        let &FloorPayment {
            time,
            volume,
            strike,
            discount_factor,
        } = payment;
        for (name, number) in [
            ("time", time),
            ("volume", volume),
            ("discount_factor", discount_factor),
        ] {
            if !(number.is_finite() && number >= 0.0) {
                return Err(OptionError::Payment {
                    index,
                    name,
                    value: number,
                    rule: "zero or positive and finite",
                });
            }
        }
        let payment = expected_floor_payment(price.log_marginal(time), strike).map_err(
            |error| match error {
                OptionError::Term { name, value, rule } => OptionError::Payment {
                    index,
                    name,
                    value,
                    rule,
                },
                other => other,
            },
        )?;
        value += discount_factor * volume * payment;
    }
    Ok(value)
}

/// Beyond this exponent e^x is not a finite number with room for products.
const LARGEST_EXPONENT: f64 = 700.0;

fn lognormal_d(price: LogMarginal, strike: f64) -> Result<(f64, f64), OptionError> {
    term(strike > 0.0, "strike", strike, "positive and finite")?;
    term(
        price.variance >= 0.0,
        "variance of the log price",
        price.variance,
        "zero or positive and finite",
    )?;
    let exponent = price.mean.abs() + 0.5 * price.variance;
    term(
        exponent <= LARGEST_EXPONENT,
        "mean of the log price",
        price.mean,
        "within 700 less half its variance",
    )?;
    let deviation = price.variance.sqrt();
    Ok((standardised(strike.ln() - price.mean, deviation), deviation))
}

/// distance / deviation, with its limit where there is no deviation.
fn standardised(distance: f64, deviation: f64) -> f64 {
    if deviation > 0.0 {
        distance / deviation
    } else if distance == 0.0 {
        0.0
    } else {
        distance.signum() * f64::INFINITY
    }
}

fn common(strike: f64, rate: f64, volatility: f64, years: f64) -> Result<(), OptionError> {
    term(strike > 0.0, "strike", strike, "positive and finite")?;
    term(
        volatility >= 0.0,
        "volatility",
        volatility,
        "zero or positive and finite",
    )?;
    term(years >= 0.0, "years", years, "zero or positive and finite")?;
    term(
        (rate * years).abs() <= LARGEST_EXPONENT,
        "rate",
        rate,
        "finite, and times years at most 700",
    )
}

fn term(
    holds: bool,
    name: &'static str,
    value: f64,
    rule: &'static str,
) -> Result<(), OptionError> {
    if holds && value.is_finite() {
        Ok(())
    } else {
        Err(OptionError::Term { name, value, rule })
    }
}

fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

impl TryFrom<Black76Terms> for Black76 {
    type Error = OptionError;

    fn try_from(terms: Black76Terms) -> Result<Self, OptionError> {
        Self::new(terms)
    }
}

impl From<Black76> for Black76Terms {
    fn from(option: Black76) -> Self {
        option.terms
    }
}

impl TryFrom<BlackScholesTerms> for BlackScholes {
    type Error = OptionError;

    fn try_from(terms: BlackScholesTerms) -> Result<Self, OptionError> {
        Self::new(terms)
    }
}

impl From<BlackScholes> for BlackScholesTerms {
    fn from(option: BlackScholes) -> Self {
        option.terms
    }
}
