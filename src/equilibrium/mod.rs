//! Prices and quantities at which no one wants to move.
//!
//! A [`Market`](crate::market::Market) and a [`Policy`](crate::intervention::Policy) compile to a mixed
//! complementarity problem ([`Compiled`]), which is solved once ([`Equilibrium`], with names) or many times
//! with changed numbers ([`Workspace`], without allocation). [`TwoCurves`] solves the smallest market by the million.

mod batch;
mod best_response;
mod class;
mod compiled;
mod derivative;
mod display;
mod error;
mod feasible;
mod infeasible;
mod linked;
mod named;
mod numbers;
mod point;
mod program;
mod recession;
mod reported;
mod rescue;
mod result;
mod snapshot;
mod solve;
mod two_curves;
mod undetermined;
mod uniqueness;
mod unsupplied;
mod workspace;

pub use batch::{Batch, Failure};
pub use best_response::BestResponse;
pub use class::Class;
pub use compiled::Compiled;
pub use derivative::{NodeResponse, Outcome, OutcomeGradient, Response, Sensitivity, Side};
pub use error::{Reason, SolveError};
pub use reported::{ActivityResult, Alternative, NodeResult};
pub use result::Equilibrium;
pub use snapshot::Snapshot;
pub use two_curves::{FloorBy, TwoCurves, TwoCurvesBatch, TwoCurvesColumns};
pub use uniqueness::{Determinacy, Uniqueness};
pub use workspace::{Certificate, Workspace};

pub(crate) use linked::{At, Layout, Link, Linked, LinkedSolution};
pub(crate) use result::Solution;
