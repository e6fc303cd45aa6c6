//! One-dimensional searches by argmin's Brent methods, whose failures are values here.

use argmin::core::{
    CostFunction, Error, Executor, IterState, Solver, State, TerminationReason, TerminationStatus,
};
use argmin::solver::brent::{BrentOpt, BrentRoot};

pub(super) const ITERATIONS: u64 = 200;

/// The search stopped at the iteration limit, or the function was not finite.
pub(super) struct NotFound;

struct Cost<F>(F);

impl<F: Fn(f64) -> f64> CostFunction for Cost<F> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, x: &f64) -> Result<f64, Error> {
        Ok((self.0)(*x))
    }
}

/// Where `f` is least between `low` and `high`, to `tolerance`.
pub(super) fn minimum(
    f: impl Fn(f64) -> f64,
    low: f64,
    high: f64,
    tolerance: f64,
) -> Result<f64, NotFound> {
    run(
        Cost(f),
        BrentOpt::new(low, high).set_tolerance(f64::EPSILON.sqrt(), tolerance),
    )
}

/// Where `f` changes sign between `low` and `high`, to `tolerance`; the caller has seen that it does.
pub(super) fn root(
    f: impl Fn(f64) -> f64,
    low: f64,
    high: f64,
    tolerance: f64,
) -> Result<f64, NotFound> {
    run(Cost(f), BrentRoot::new(low, high, tolerance))
}

fn run<F, S>(cost: Cost<F>, solver: S) -> Result<f64, NotFound>
where
    F: Fn(f64) -> f64,
    S: Solver<Cost<F>, IterState<f64, (), (), (), (), f64>>,
{
    let outcome = Executor::new(cost, solver)
        .configure(|state| state.max_iters(ITERATIONS))
        .timer(false)
        .run()
        .map_err(|_| NotFound)?;
    let state = outcome.state();
    match state.get_termination_status() {
        TerminationStatus::Terminated(TerminationReason::SolverConverged) => {
            state.get_param().copied().ok_or(NotFound)
        }
        _ => Err(NotFound),
    }
}
