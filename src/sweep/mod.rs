//! Many solves of one market: a plan of numbers, in parts that can be done anywhere, in any order, and stopped and
//! taken up again.
//!
//! A [`Plan`] says which numbers each row sets: a grid, a list, or draws from ranges with one random stream for each block
//! of rows. A [`Sweep`] adds the outcomes to keep and cuts the rows into parts. A part depends on the sweep and on its own
//! number alone, so that parts done by other processes or machines, twice, or in another order, give the same bytes. A
//! [`Store`] keeps finished parts in files, each written under another name first and then renamed; a sweep that was
//! stopped goes on where it was.
//!
//! ```
//! use pricefloor::equilibrium::Outcome;
//! use pricefloor::prelude::*;
//! use pricefloor::sweep::{Axis, Plan, Sweep};
//! # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
//! #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
//! #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
//! #     .build()?;
//! let policy = Policy::new().with("floor", SupportBuying::new("Home", "oxide", 12.0))?;
//! let compiled = market.compile(&policy)?;
//! let plan = Plan::grid(vec![
//!     Axis { path: "measure/floor/floor".into(), values: vec![11.0, 13.0] },
//!     Axis { path: "demand/Home/oxide/intercept".into(), values: vec![19.0, 20.0, 21.0] },
//! ])?;
//! let job = Sweep::new(plan, vec![Outcome::outlay("floor")])?.on(&compiled)?;
//! let swept = job.run(None, |_| true)?;
//! // at 13 and a demand of 20 - P the state buys 16 - 7
//! assert!((swept.row(4).unwrap_or_default()[0] - 117.0).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod fingerprint;
mod part;
mod plan;
mod run;
mod store;

pub use error::SweepError;
pub use fingerprint::Key;
pub use part::Part;
pub use plan::{Axis, Plan, Range};
pub use run::{Job, Sweep, Swept};
pub use store::Store;
