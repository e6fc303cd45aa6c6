//! Scalar roots by Brent's method (argmin), with our own outcomes.

use super::FinanceError;
use argmin::core::{
    CostFunction, Error, Executor, IterState, State, TerminationReason, TerminationStatus,
};
use argmin::solver::brent::BrentRoot;

const LIMIT: u64 = 300;

struct Function<F>(F);

impl<F: Fn(f64) -> f64> CostFunction for Function<F> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, x: &f64) -> Result<f64, Error> {
        Ok((self.0)(*x))
    }
}

/// The root of `f` between `low` and `high`, where it changes sign; `None` where it does not.
/// `accuracy` is absolute, in the units of the argument.
pub(crate) fn between(
    thing: &'static str,
    f: impl Fn(f64) -> f64,
    (low, high): (f64, f64),
    accuracy: f64,
) -> Result<Option<f64>, FinanceError> {
    let (at_low, at_high) = (f(low), f(high));
    if at_low == 0.0 {
        return Ok(Some(low));
    }
    if at_high == 0.0 {
        return Ok(Some(high));
    }
    // Signs, not the product: the product of two tiny numbers is zero. NaN compares false and ends here.
    if !((at_low < 0.0 && at_high > 0.0) || (at_low > 0.0 && at_high < 0.0)) {
        return Ok(None);
    }
    let solver = BrentRoot::new(low, high, accuracy);
    let run = Executor::new(Function(f), solver)
        .configure(|state: IterState<f64, (), (), (), (), f64>| state.max_iters(LIMIT))
        .run();
    let Ok(result) = run else { return Ok(None) };
    let state = result.state();
    match (state.get_termination_status(), state.get_param()) {
        (TerminationStatus::Terminated(TerminationReason::SolverConverged), Some(&x)) => {
            Ok(Some(x))
        }
        _ => Err(FinanceError::NotConverged {
            thing,
            iterations: LIMIT,
        }),
    }
}
