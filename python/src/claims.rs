//! What claims on a firm and on a price are worth: warrants, convertible claims, floors.

use pricefloor::finance::{
    Conversion, ConversionTerms, EquityBefore, FirmMarket, FloorPayment, Warrant, WarrantMarket,
    expected_excess as excess, expected_floor_payment as floor_payment, floor_strip as strip,
};
use pricefloor::stochastic::{GeometricBrownian, Lognormal, MeanReverting, SchwartzSmith};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::plain::read;
use crate::raised::Raised;
use crate::record::Record;
use crate::report::Report;

/// Value today of the right to one share that a :class:`Warrant` gives, in money, with dilution (Galai and Schneller
/// 1978). ``market`` is `price`, `shares`, `rate`, `dividend_yield`, `volatility`, and `issue`, which is ``"Free"`` or
/// ``"ForValue"``.
#[pyfunction]
#[pyo3(signature = (warrant, **market))]
pub fn warrant_value(
    warrant: PyRef<'_, Record>,
    market: Option<&Bound<'_, PyDict>>,
) -> Result<f64, Raised> {
    let market: WarrantMarket = given("market", market)?;
    Ok(taken(&warrant)?.value_of_one(&market)?)
}

/// Value today of a claim of ``claim`` (money) due in ``years`` without a coupon, before the shares, that may be converted at
/// ``price`` (claim a share) when it is due (Ingersoll 1977): `straight`, `option` and their `total`. ``market`` is the firm's
/// `value`, `shares`, `rate` and `volatility`.
#[pyfunction]
#[pyo3(signature = (claim, *, years, price, **market))]
pub fn convertible_value(
    claim: f64,
    years: f64,
    price: f64,
    market: Option<&Bound<'_, PyDict>>,
) -> Result<Report, Raised> {
    let market: FirmMarket = given("market", market)?;
    let right = Conversion::new(ConversionTerms { price, from: 0.0 })?;
    let value = right.value(claim, years, &market)?;
    let values = serde_json::json!({
        "straight": value.straight(),
        "option": value.option(),
        "total": value.total(),
    });
    Report::of("ConvertibleValue", &values)
}

/// The holder's best exercise of a :class:`Warrant` at expiry, price and dilution solved together: `price` afterwards,
/// `new_shares`, cash `paid` in and the holder's `gain`. ``value`` is that of all equity, warrants included; ``shares``
/// are outstanding before.
#[pyfunction]
#[pyo3(signature = (warrant, *, value, shares))]
pub fn exercise_warrant(
    warrant: PyRef<'_, Record>,
    value: f64,
    shares: f64,
) -> Result<Report, Raised> {
    let done = taken(&warrant)?.exercise(EquityBefore { value, shares })?;
    let values = serde_json::json!({
        "price": done.price(),
        "new_shares": done.new_shares(),
        "paid": done.paid(),
        "gain": done.gain(),
    });
    Report::of("Exercise", &values)
}

/// Net new shares of a :class:`Warrant` by the treasury-stock method at a market price, money a share.
#[pyfunction]
pub fn treasury_stock_shares(warrant: PyRef<'_, Record>, price: f64) -> Result<f64, Raised> {
    Ok(taken(&warrant)?.treasury_stock_shares(price)?)
}

fn taken(record: &Record) -> Result<Warrant, Raised> {
    match record.kind_name() {
        "Warrant" => record.take(),
        other => {
            let message = format!("a {other} is not a warrant");
            Err(Raised::input(&message, "warrant"))
        }
    }
}

fn given<T: serde::de::DeserializeOwned>(
    what: &str,
    terms: Option<&Bound<'_, PyDict>>,
) -> Result<T, Raised> {
    match terms {
        Some(terms) => read(what, terms.as_any()),
        None => Err(Raised::input(&format!("{what} is missing"), what)),
    }
}

/// A process whose price is lognormal at every date.
fn lognormal(process: &Record) -> Result<Box<dyn Lognormal>, Raised> {
    Ok(match process.kind_name() {
        "GeometricBrownian" => Box::new(process.take::<GeometricBrownian>()?),
        "MeanReverting" => Box::new(process.take::<MeanReverting>()?),
        "SchwartzSmith" => Box::new(process.take::<SchwartzSmith>()?),
        other => {
            let message = format!("a {other} is not a price that is lognormal at every date");
            return Err(Raised::input(&message, "process"));
        }
    })
}

/// What a floor at ``strike`` is expected to pay per unit after some years, in the price's unit and not discounted:
/// ``E[max(strike - P, 0)]``, for a `GeometricBrownian`, `MeanReverting` or `SchwartzSmith` price.
#[pyfunction]
#[pyo3(signature = (process, *, years, strike))]
pub fn expected_floor_payment(
    process: PyRef<'_, Record>,
    years: f64,
    strike: f64,
) -> Result<f64, Raised> {
    Ok(floor_payment(
        lognormal(&process)?.log_marginal(years),
        strike,
    )?)
}

/// What a share of one in the upside above ``threshold`` is expected to return per unit after some years:
/// ``E[max(P - threshold, 0)]``, in the price's unit and not discounted.
#[pyfunction]
#[pyo3(signature = (process, *, years, threshold))]
pub fn expected_excess(
    process: PyRef<'_, Record>,
    years: f64,
    threshold: f64,
) -> Result<f64, Raised> {
    Ok(excess(lognormal(&process)?.log_marginal(years), threshold)?)
}

/// Value of a strip of floors on fixed volumes, in money: each payment is `time` (years), `volume` (units), `strike`
/// (currency per unit) and `discount_factor`.
#[pyfunction]
pub fn floor_strip(process: PyRef<'_, Record>, payments: &Bound<'_, PyAny>) -> Result<f64, Raised> {
    let payments: Vec<FloorPayment> = read("payments", payments)?;
    Ok(strip(lognormal(&process)?.as_ref(), &payments)?)
}
