//! The numerical engine: mixed complementarity problems.
//!
//! A [`Problem`] asks for `lower <= x <= upper` with `F_i(x) = 0`, or `>= 0` at the lower bound, or `<= 0` at
//! the upper. [`solve_into`] answers in a [`Workspace`] that is made once for a sparsity [`Structure`], and
//! says in an [`Outcome`] how far the answer can be trusted. The engine knows no economics.

// the loops of a numerical kernel walk many arrays with one index
#![allow(clippy::needless_range_loop)]

mod active_set;
mod anchored;
pub(crate) mod argmin;
mod barrier;
mod bounds;
mod check;
mod checkpoint;
mod continuation;
mod driver;
mod error;
mod evaluation;
mod exact;
mod interior;
mod interrupt;
mod lanes;
mod linear;
mod linearised;
mod outcome;
mod path;
mod problem;
mod settings;
mod structure;
mod undetermined;
mod workspace;

pub(crate) use anchored::solve_anchored;
pub(crate) use checkpoint::Checkpoint;
pub(crate) use driver::continue_into;
pub use driver::solve_into;
pub use error::ComplementarityError;
pub(crate) use interrupt::interrupted;
pub use interrupt::interruptible;
pub use linearised::Linearised;
pub use outcome::{Certificate, Factorisation, Iterations, Outcome, Start, Termination, Worst};
pub(crate) use path::{End, follow_path};
pub use problem::{Problem, Scale};
pub use settings::{Algebra, Method, Settings, SettingsBuilder};
pub use structure::{Side, Structure, Symmetry};
pub use workspace::{Position, Workspace};
