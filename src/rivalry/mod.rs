//! The dominant producer: what it does when it knows how the others answer.
//!
//! A [`Leader`] moves first: it chooses one number (its output, an export tax) and the market, a competitive fringe or
//! Cournot rivals, answers with its equilibrium (Stackelberg 1934; for a fringe of price takers the dominant-firm
//! model of Forchheimer). [`FreeEntry`] finds how many firms of one kind a market carries, [`LimitPricing`] how
//! a price today brings in tomorrow's rivals, and [`Predation`] whether it pays to flood a market, with the smallest
//! contract that makes it pointless. In a [`ReplyGame`] governments answer each other's measures.

mod entry;
mod error;
mod game;
mod lead;
mod leader;
mod limit_pricing;
mod predation;
mod replies;
mod root;
mod search;
mod yearly;

pub use entry::{Entry, FreeEntry};
pub use error::RivalryError;
pub use game::{Nash, ReplyGame, ReplyOutcome};
pub use lead::{Leadership, Place};
pub use leader::Leader;
pub use limit_pricing::{
    Coexistence, EntrantContract, LimitPricing, LimitPricingTerms, SteadyState,
};
pub use predation::{Deterrent, Predation, PredationReport, RivalYear};
pub use yearly::YearlyLimitPricing;
