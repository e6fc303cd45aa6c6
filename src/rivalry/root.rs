//! Roots of functions that may fail, by Brent's method (argmin).

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Executor, State, TerminationReason, TerminationStatus};
use argmin::solver::brent::BrentRoot;

use super::error::RivalryError;

const ITERATIONS: u64 = 300;

/// Where `f` changes sign between two points, to rounding. The caller knows that it does.
pub(super) fn between(
    what: &'static str,
    f: impl FnMut(f64) -> Result<f64, RivalryError>,
    low: f64,
    high: f64,
) -> Result<f64, RivalryError> {
    let function = Function(RefCell::new(f));
    let run = Executor::new(function, BrentRoot::new(low, high, 0.0))
        .configure(|state| state.max_iters(ITERATIONS))
        .run();
    let missed = || RivalryError::NoRoot { what, low, high };
    let result = run.map_err(|error| {
        error
            .downcast::<RivalryError>()
            .unwrap_or_else(|_| missed())
    })?;
    let state = result.state();
    match (state.get_termination_status(), state.get_param()) {
        (TerminationStatus::Terminated(TerminationReason::SolverConverged), Some(&x)) => Ok(x),
        _ => Err(missed()),
    }
}

struct Function<F>(RefCell<F>);

impl<F: FnMut(f64) -> Result<f64, RivalryError>> CostFunction for Function<F> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, x: &f64) -> Result<f64, Error> {
        Ok((self.0.borrow_mut())(*x)?)
    }
}
