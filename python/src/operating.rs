//! Operating choices of a mine, entry and exit, extraction.

use std::cell::RefCell;

use pricefloor::stochastic::{Diffusion, GeometricBrownian, MeanReverting, Simulation, TimeGrid};
use pricefloor::viability::{
    DifferenceSettings, EntryExitTerms, LeastSquares, Mine, Operation,
    entry_and_exit as thresholds, extraction_path as best_path,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;

use crate::attend::{Stoppable, attentive};
use crate::plain::read;
use crate::raised::Raised;
use crate::record::Record;
use crate::report::Report;
use crate::viability::source_of;

/// Values a :class:`Mine` in each of its states by simulation and regression (Longstaff and Schwartz 2001), with any price
/// process. ``times`` are the dates of decisions, in years; ``rate`` is effective a year; the rule is fitted to the paths of
/// ``fit`` and followed on those of ``follow``. ``settings`` are `regression`, `degree` and `sample`. Money is in the
/// currency of the terms.
#[pyfunction]
#[pyo3(signature = (mine, process, times, *, rate, fit, follow, **settings))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub fn value_by_simulation(
    py: Python<'_>,
    mine: PyRef<'_, Record>,
    process: &Bound<'_, PyAny>,
    times: &Bound<'_, PyAny>,
    rate: f64,
    fit: PyRef<'_, Record>,
    follow: PyRef<'_, Record>,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<Report, Raised> {
    let mine: Mine = mine.take()?;
    let source = source_of(process)?;
    let grid = TimeGrid::new(read::<Vec<f64>>("times", times)?)?;
    let (fit, follow): (Simulation, Simulation) = (fit.take()?, follow.take()?);
    let settings: LeastSquares = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => LeastSquares::default(),
    };
    let values = attentive(py, |stop| {
        let source = Stoppable {
            source: source.as_ref(),
            stop,
        };
        settings.value(&mine, &source, &grid, rate, fit, follow)
    })??;
    let states = values.iter().enumerate().map(|(state, value)| {
        json!({
            "state": named(&mine, state),
            "value": value.value().mean(),
            "standard_error": value.value().standard_error(),
            "fitted": value.fitted(),
        })
    });
    Report::of("Values", &json!({ "states": states.collect::<Vec<_>>() }))
}

/// Values a :class:`Mine` in each of its states by finite differences, for a `GeometricBrownian` or `MeanReverting` price,
/// and gives the prices at which the best move changes. ``settings`` are `nodes`, `substeps` and `deviations`.
#[pyfunction]
#[pyo3(signature = (mine, process, times, *, rate, **settings))]
pub fn value_by_differences(
    py: Python<'_>,
    mine: PyRef<'_, Record>,
    process: PyRef<'_, Record>,
    times: &Bound<'_, PyAny>,
    rate: f64,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<Report, Raised> {
    let mine: Mine = mine.take()?;
    let price: Box<dyn Diffusion + Send + Sync> = match process.kind_name() {
        "GeometricBrownian" => Box::new(process.take::<GeometricBrownian>()?),
        "MeanReverting" => Box::new(process.take::<MeanReverting>()?),
        other => {
            let message = format!("a {other} has more than one factor, or jumps");
            return Err(Raised::input(&message, "process"));
        }
    };
    let grid = TimeGrid::new(read::<Vec<f64>>("times", times)?)?;
    let settings: DifferenceSettings = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => DifferenceSettings::default(),
    };
    let values = attentive(py, |_| settings.value(&mine, price.as_ref(), &grid, rate))??;
    let mut states = Vec::new();
    for state in 0..mine.states() {
        let switches: Vec<_> = values
            .switches(state)?
            .iter()
            .map(|switch| {
                json!({
                    "price": switch.price,
                    "below": named(&mine, switch.below),
                    "above": named(&mine, switch.above),
                })
            })
            .collect();
        states.push(json!({
            "state": named(&mine, state),
            "value": values.today(state)?,
            "switches": switches,
        }));
    }
    Report::of(
        "Values",
        &json!({ "spot": values.spot(), "states": states }),
    )
}

/// A mine's state by name; where it has a reserve, with what is left.
fn named(mine: &Mine, state: usize) -> String {
    if state == mine.abandoned() {
        "abandoned".to_owned()
    } else if state == mine.closed() {
        "closed".to_owned()
    } else if state == mine.open() {
        "open".to_owned()
    } else {
        format!("state {state}")
    }
}

/// Profits at which a firm enters and leaves a market (Dixit 1989, in discrete time).
#[pyfunction]
pub fn entry_and_exit(terms: PyRef<'_, Record>) -> Result<Report, Raised> {
    Report::of("EntryExit", &thresholds(&terms.take::<EntryExitTerms>()?)?)
}

/// The best extraction of a stock of whole units, period by period: a list, the last entry of which is the first period in
/// which nothing is taken. ``profit(stock, taken)`` is a period's profit, in money; it is discounted by ``discount`` a
/// period.
#[pyfunction]
#[pyo3(signature = (stock, *, discount, profit))]
pub fn extraction_path(
    py: Python<'_>,
    stock: usize,
    discount: f64,
    profit: Bound<'_, PyAny>,
) -> Result<Vec<usize>, Raised> {
    if stock > 100_000 {
        let message = format!("stock is {stock}; it must be at most 100000 units");
        return Err(Raised::new(
            "InputError",
            &message,
            Some("stock"),
            Some(stock as f64),
        ));
    }
    let held: RefCell<Option<PyErr>> = RefCell::default();
    let of = |left: usize, taken: usize| {
        if held.borrow().is_some() {
            return f64::NAN;
        }
        let asked = py
            .check_signals()
            .and_then(|()| profit.call1((left, taken))?.extract());
        asked.unwrap_or_else(|error| {
            held.replace(Some(error));
            f64::NAN
        })
    };
    let path = best_path(stock, discount, of);
    match held.into_inner() {
        Some(error) => Err(error.into()),
        None => Ok(path?),
    }
}
