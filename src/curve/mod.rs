//! Demand and supply curves: value objects that are checked when made and never change.
//!
//! A [`Demand`] says how much is bought at a price, a [`Supply`] how much is sold. Both are made from
//! a formula (linear, constant elasticity, exponential), from steps (one mine after the other), from a
//! table, or from a fixed quantity or price; they can be shifted, scaled, limited and added. They
//! answer with quantities, prices, elasticities and areas (surplus, benefit, cost), and hand
//! themselves to an equilibrium system as a list of smooth [`Piece`]s.
//!
//! Goods that stand in for one another share a demand: [`NestedCes`] (Armington) or [`CrossPrice`] (lines with cross
//! slopes).
//!
//! Prices are in the market's currency per unit, quantities in the commodity's unit, areas in currency.

mod areas;
mod bundle;
mod check;
mod demand;
mod derivatives;
mod display;
mod error;
mod exponential;
mod interval;
mod kernel;
mod piece;
mod point;
mod prices;
mod segment;
mod slopes;
mod supply;
mod system;
mod terms;

pub use demand::Demand;
pub use error::{CurveError, Side};
pub use interval::{Interval, IntervalError};
pub use kernel::Kernel;
pub use point::{Change, Line, Observed, Step};
pub use segment::{Piece, Segment};
pub use supply::Supply;
pub use system::{CrossPrice, DemandSystem, Nest, NestedCes, SystemError};

pub(crate) use system::{Slope, Tree, definite};
