//! What a series of prices says of a price process.

use pricefloor::stochastic::{
    Basket, EstimationSettings, GeometricBrownian, Identification, MeanReverting, PriceSeries,
    RegimeSwitching, SchwartzSmith,
};
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use crate::attend::attentive;
use crate::plain::read;
use crate::raised::Raised;
use crate::report::Report;

fn series(prices: &Bound<'_, PyAny>, spacing: f64, averages: bool) -> Result<PriceSeries, Raised> {
    let prices: Vec<f64> = read("prices", prices)?;
    Ok(if averages {
        PriceSeries::averages(spacing, prices)?
    } else {
        PriceSeries::points(spacing, prices)?
    })
}

/// The estimates of a fit, or a report that says why there is none.
fn told<T: Serialize>(kind: &str, found: &Identification<T>) -> Result<Report, Raised> {
    match (found.identified(), found.not_identified()) {
        (Some(fit), _) => Report::of(kind, fit),
        (None, Some(reason)) => {
            let terms: Value = json!({ "message": reason.to_string(), "reason": reason });
            Report::of("NotIdentified", &terms)
        }
        (None, None) => Report::of("NotIdentified", &Value::Null),
    }
}

/// Estimates a mean-reverting price, bias removed. ``prices`` are ``spacing`` years apart, at moments or, with
/// ``averages``, over the intervals; the standard errors come from ``replications`` simulated series. The report has
/// `reversion`, `log_mean` and `volatility`, each with `value`, `standard_error`, `low` and `high`; where the series
/// cannot tell it is of the kind ``NotIdentified``, with the `reason`.
#[pyfunction]
#[pyo3(signature = (prices, *, spacing, averages=false, replications=2000, seed=1))]
pub fn fit_mean_reverting(
    py: Python<'_>,
    prices: &Bound<'_, PyAny>,
    spacing: f64,
    averages: bool,
    replications: usize,
    seed: u64,
) -> Result<Report, Raised> {
    let series = series(prices, spacing, averages)?;
    let settings = EstimationSettings::new(replications, seed)?;
    let fit = attentive(py, |_| MeanReverting::estimate(&series, &settings))?;
    told("MeanRevertingFit", &fit)
}

/// Estimates a geometric Brownian price. The report has `drift` and `volatility`, each with `value`, `standard_error`, `low` and
/// `high`. Whether the price reverts to a mean is asked of :func:`fit_mean_reverting`.
#[pyfunction]
#[pyo3(signature = (prices, *, spacing, averages=false))]
pub fn fit_geometric_brownian(
    prices: &Bound<'_, PyAny>,
    spacing: f64,
    averages: bool,
) -> Result<Report, Raised> {
    let series = series(prices, spacing, averages)?;
    told(
        "GeometricBrownianFit",
        &GeometricBrownian::estimate(&series),
    )
}

/// Estimates two factors, a passing and a lasting one, from prices at moments. Spot prices alone do not identify the
/// correlation of their shocks, so it is assumed.
#[pyfunction]
#[pyo3(signature = (prices, *, spacing, assumed_correlation=0.0))]
pub fn fit_schwartz_smith(
    py: Python<'_>,
    prices: &Bound<'_, PyAny>,
    spacing: f64,
    assumed_correlation: f64,
) -> Result<Report, Raised> {
    let series = series(prices, spacing, false)?;
    let fit = attentive(py, |_| {
        SchwartzSmith::estimate(&series, assumed_correlation)
    })??;
    told("SchwartzSmithFit", &fit)
}

/// Estimates a price that switches between a calm and an embargo regime, from prices at moments.
#[pyfunction]
#[pyo3(signature = (prices, *, spacing))]
pub fn fit_regime_switching(
    py: Python<'_>,
    prices: &Bound<'_, PyAny>,
    spacing: f64,
) -> Result<Report, Raised> {
    let series = series(prices, spacing, false)?;
    let fit = attentive(py, |_| RegimeSwitching::estimate(&series))?;
    told("RegimeSwitchingFit", &fit)
}

/// Estimates several mean-reverting prices and the correlation of their shocks. ``prices`` holds one series for each.
#[pyfunction]
#[pyo3(signature = (prices, *, spacing, averages=false, replications=2000, seed=1))]
pub fn fit_basket(
    py: Python<'_>,
    prices: &Bound<'_, PyAny>,
    spacing: f64,
    averages: bool,
    replications: usize,
    seed: u64,
) -> Result<Report, Raised> {
    let mut all = Vec::new();
    for one in read::<Vec<Vec<f64>>>("prices", prices)? {
        all.push(if averages {
            PriceSeries::averages(spacing, one)?
        } else {
            PriceSeries::points(spacing, one)?
        });
    }
    let settings = EstimationSettings::new(replications, seed)?;
    let fit = attentive(py, |_| Basket::estimate(&all, &settings))??;
    told("BasketFit", &fit)
}
