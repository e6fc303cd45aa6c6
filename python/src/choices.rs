//! A user's own operating choices, given as functions.

use std::sync::{Mutex, PoisonError};

use pricefloor::stochastic::{Simulation, TimeGrid};
use pricefloor::viability::{LeastSquares, Operation};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;

use crate::attend::{Stoppable, attentive};
use crate::plain::read;
use crate::raised::Raised;
use crate::record::Record;
use crate::report::Report;
use crate::viability::paths_of;

/// States and the moves between them, with functions that Python holds.
struct Choices {
    moves: Vec<Vec<usize>>,
    cost: Py<PyAny>,
    flow: Option<Py<PyAny>>,
    end_value: Option<Py<PyAny>>,
    /// The first exception that a function raised.
    raised: Mutex<Option<PyErr>>,
}

impl Choices {
    /// What a function says; not a number once one has raised, which ends the valuation.
    fn ask(&self, call: impl FnOnce(Python<'_>) -> PyResult<f64>) -> f64 {
        let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        if raised.is_some() {
            return f64::NAN;
        }
        Python::attach(call).unwrap_or_else(|error| {
            *raised = Some(error);
            f64::NAN
        })
    }
}

impl Operation for Choices {
    fn states(&self) -> usize {
        self.moves.len()
    }

    fn moves(&self, state: usize) -> &[usize] {
        self.moves.get(state).map_or(&[], Vec::as_slice)
    }

    fn cost(&self, from: usize, to: usize, price: f64) -> f64 {
        self.ask(|py| self.cost.call1(py, (from, to, price))?.extract(py))
    }

    fn flow(&self, state: usize, price: f64, years: f64) -> f64 {
        let Some(flow) = &self.flow else { return 0.0 };
        self.ask(|py| flow.call1(py, (state, price, years))?.extract(py))
    }

    fn end_value(&self, state: usize, price: f64) -> f64 {
        let Some(end_value) = &self.end_value else {
            return 0.0;
        };
        self.ask(|py| end_value.call1(py, (state, price))?.extract(py))
    }
}

/// Values operating choices of your own by simulation and regression (Longstaff and Schwartz 2001), in each of their states.
///
/// ``moves`` lists, for each state, the states that can be moved to at a date of decision; ``cost(from, to, price)`` is what
/// a move costs, in money, negative where it pays; ``flow(state, price, years)`` is earned over a step, and
/// ``end_value(state, price)`` at the last date. ``process`` is a price process, or an array of paths x times x 1 that was
/// drawn before. The rest is as in :func:`value_by_simulation`.
#[pyfunction]
#[pyo3(signature = (process, times, *, moves, cost, rate, fit, follow, flow=None, end_value=None, **settings))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub fn value_choices(
    py: Python<'_>,
    process: &Bound<'_, PyAny>,
    times: &Bound<'_, PyAny>,
    moves: &Bound<'_, PyAny>,
    cost: Py<PyAny>,
    rate: f64,
    fit: PyRef<'_, Record>,
    follow: PyRef<'_, Record>,
    flow: Option<Py<PyAny>>,
    end_value: Option<Py<PyAny>>,
    settings: Option<&Bound<'_, PyDict>>,
) -> Result<Report, Raised> {
    let grid = TimeGrid::new(read::<Vec<f64>>("times", times)?)?;
    let (fit, follow): (Simulation, Simulation) = (fit.take()?, follow.take()?);
    let source = paths_of(process, fit.paths())?;
    let settings: LeastSquares = match settings {
        Some(given) => read("settings", given.as_any())?,
        None => LeastSquares::default(),
    };
    let choices = Choices {
        moves: read("moves", moves)?,
        cost,
        flow,
        end_value,
        raised: Mutex::default(),
    };
    let values = attentive(py, |stop| {
        let source = Stoppable {
            source: source.as_ref(),
            stop,
        };
        settings.value(&choices, &source, &grid, rate, fit, follow)
    })?;
    let raised = choices.raised.into_inner();
    if let Some(error) = raised.unwrap_or_else(PoisonError::into_inner) {
        return Err(error.into());
    }
    let states = values?;
    let states = states.iter().map(|value| {
        json!({
            "value": value.value().mean(),
            "standard_error": value.value().standard_error(),
            "fitted": value.fitted(),
        })
    });
    Report::of("Values", &json!({ "states": states.collect::<Vec<_>>() }))
}
