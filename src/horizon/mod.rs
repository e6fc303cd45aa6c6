//! A market over many years: what is built, stored and used up, when measures come and go, and who knew.
//!
//! A [`Horizon`] is a [`Market`](crate::Market) with a [`Calendar`], final demands that grow, capacity that is built with
//! a lead time and retires ([`Expansion`]), competitive storage ([`Store`]), exhaustible reserves ([`Reserve`]), and
//! measures with dates ([`Dated`]; how long a review takes is a measure too: [`Review`]). Its equilibrium is one
//! complementarity problem over all periods: each period is written as a single market is, with the same measures, and
//! linear conditions link one to the next. Everybody foresees all that is known, or looks a number of years ahead
//! ([`Foresight`]); what becomes known later is a surprise, and from then on everybody plans anew ([`Run`]).
//!
//! ```
//! use pricefloor::horizon::{Calendar, Dated, Expansion, Horizon, Stage};
//! use pricefloor::prelude::*;
//!
//! // P = 20 - Q, a mine of 4 units a year at a cost of 5, more of it for 40 a unit and two years of building
//! let market = Market::builder("textbook", "USD")
//!     .region("Home").commodity("oxide")
//!     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
//!     .activity(Activity::producing("mine", "Home", "oxide", Supply::perfectly_elastic(5.0)?.with_capacity(4.0)?))
//!     .build()?;
//! let horizon = Horizon::builder(&market, Calendar::yearly(10), 0.1)
//!     .expansion(Expansion::of("mine").stage(Stage::new("construction", 2.0).costing(40.0)))
//!     .measure(Dated::new("support", ProductionSubsidy::new("Home", "oxide", 1.0)).from(5.0))
//!     .build()?;
//! let path = horizon.solve()?;
//! assert!((path.at(0.0)?.price("Home", "oxide")? - 16.0).abs() < 1e-6); // four units until the new ones are there
//! // a unit for ever costs 40 at 10 %: a rent of 4 a year if it is paid a year earlier than the first output, and 4.4 here
//! assert!((path.at(2.0)?.price("Home", "oxide")? - 9.4).abs() < 1e-6);
//! assert!((path.at(5.0)?.price("Home", "oxide")? - 8.4).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
mod calendar;
mod dated;
mod draw;
mod end;
mod entrant;
mod entry;
mod error;
mod expansion;
mod facts;
mod firm;
mod path;
mod pipeline;
mod review;
mod run;
mod span;
mod state;
mod store;
mod window;
mod write;

pub use accounts::{Accounts, PartyAccount};
pub use calendar::Calendar;
pub use dated::Dated;
pub use draw::{DrawnHorizon, Fate};
pub use entrant::Entrant;
pub use entry::{Entry, Round, Verdict};
pub use error::HorizonError;
pub use expansion::{EndValue, Expansion};
pub use facts::{Foresight, Horizon, HorizonBuilder};
pub use firm::Firm;
pub use path::{CapacityResult, Path, PeriodResult, StockResult};
pub use pipeline::Stage;
pub use review::Review;
pub use run::Run;
pub use store::{Reserve, Store};
