//! Demand and supply curves.

mod battery;
mod errors;
mod kinds;
mod known;
mod pieces;
mod random;
