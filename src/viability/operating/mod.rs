//! Operating choices as real options: suspend, restart, abandon, each with its cost.
//!
//! An [`Operation`] has states, money earned in each over a step, and moves among them. Its owner chooses at every
//! decision date on the price then seen. Two methods value it and check each other: [`LeastSquares`] (simulation, any
//! price source) and finite differences ([`DifferenceSettings`], one factor).

mod decision;
mod differences;
mod least_squares;
mod mine;
mod operation;
mod paths;
mod polynomial;
mod tridiagonal;

pub use differences::{DifferenceSettings, OperationValues, Switch};
pub use least_squares::{LeastSquares, OperationValue, Regression, Sample};
pub use mine::{Mine, MineTerms};
pub use operation::Operation;
