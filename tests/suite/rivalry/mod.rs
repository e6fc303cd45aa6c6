//! The dominant producer: leaders, entry, limit pricing, predation, games of replies.

mod entry;
mod game;
mod leader;
mod limit_pricing;
mod predation;
