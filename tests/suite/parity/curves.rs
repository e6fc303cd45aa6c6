//! What curves answer.

use pricefloor::curve::{Change, CurveError, Demand, Interval, Supply};
use serde::Serialize;
use serde_json::json;

use super::{answer, note};

/// Answers and notes.
pub(crate) trait NotedCurve {
    /// As `quantity`.
    fn noted_quantity(&self, price: f64) -> Result<Interval, CurveError>;

    /// As `price`.
    fn noted_price(&self, quantity: f64) -> Result<Interval, CurveError>;

    /// As `surplus_change`.
    fn noted_surplus_change(&self, change: Change) -> Result<f64, CurveError>;
}

fn noted<T: Clone>(
    of: (&str, impl Serialize),
    asked: (&str, &[f64]),
    found: Result<T, CurveError>,
    numbers: impl FnOnce(&T) -> Vec<f64>,
) -> Result<T, CurveError> {
    let given = json!({ "side": of.0, "curve": of.1, "asked": asked.0, "at": asked.1 });
    note("curve", &given, answer(&found, numbers));
    found
}

macro_rules! noted {
    ($($curve:ident)*) => {
        $(impl NotedCurve for $curve {
            fn noted_quantity(&self, price: f64) -> Result<Interval, CurveError> {
                let of = (stringify!($curve), self);
                noted(of, ("quantity", &[price]), self.quantity(price), |q| vec![q.low(), q.high()])
            }

            fn noted_price(&self, quantity: f64) -> Result<Interval, CurveError> {
                let of = (stringify!($curve), self);
                noted(of, ("price", &[quantity]), self.price(quantity), |p| vec![p.low(), p.high()])
            }

            fn noted_surplus_change(&self, change: Change) -> Result<f64, CurveError> {
                let (of, at) = ((stringify!($curve), self), [change.from, change.to]);
                noted(of, ("surplus_change", &at), self.surplus_change(change), |s| vec![*s])
            }
        })*
    };
}

noted!(Demand Supply);
