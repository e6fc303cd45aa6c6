//! Integration tests: known answers, properties, bad input.

mod bad_input;
mod complementarity;
mod curve;
#[cfg(feature = "data")]
mod data;
mod derivatives;
mod finance_contract;
mod finance_instruments;
mod finance_irr;
mod floors;
mod properties;
mod stochastic_estimate;
mod stochastic_floor;
