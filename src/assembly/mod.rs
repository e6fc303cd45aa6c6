//! The vocabulary in which markets and measures are written down: nodes, activities, unknowns, parameters,
//! conditions, payments. Data only.
//!
//! A [`Draft`] is the pen, an [`Assembly`] what was written. Market and measures write into the same draft, and
//! the solver, the ledger and the derivatives read nothing but the assembly.

mod block;
mod book;
mod capacity;
mod carry;
mod charge;
mod draft;
mod effect;
mod entry;
mod error;
mod expr;
mod facts;
mod gradient;
mod handle;
mod look_up;
mod mark_up;
mod pledge;
mod ration;
mod stacking;
mod system;
mod value;

pub use block::{Block, Place};
pub use book::Assembly;
pub(crate) use book::Switch;
pub use carry::Carry;
pub use draft::Draft;
pub use entry::{Dimension, Gauge, Limit, Period, Role, Rule};
pub use error::DraftError;
pub use expr::Expr;
pub use handle::{Activity, Node, Param, Party, Unknown};
pub use pledge::{Bound, Subject};
pub use stacking::{Claim, Stacking};

pub(crate) use block::BlockAt;
pub(crate) use carry::{Inherited, Opening};
pub(crate) use entry::{Charge, Conduct, DemandEntry, Guard, NodeEntry, PartyEntry, Reach};
pub(crate) use expr::{CurveAt, Product};
pub(crate) use facts::ActivityFacts;
pub(crate) use gradient::Gradient;
pub(crate) use value::Stretch;
