//! The engine as an argmin solver. This is the only place where argmin's types are public.

pub use crate::complementarity::argmin::{EquilibriumSolver, EquilibriumState};
