//! The numerical engine: mixed complementarity problems.

mod error;
mod outcome;
mod problem;
mod settings;
mod structure;

pub use error::ComplementarityError;
pub use outcome::{Certificate, Factorisation, Iterations, Outcome, Start, Termination, Worst};
pub use problem::{Problem, Scale};
pub use settings::{Algebra, Method, Settings, SettingsBuilder};
pub use structure::{Side, Structure, Symmetry};
