//! Integration tests: known answers, properties, bad input.

mod complementarity;
mod curve;
mod finance_contract;
mod finance_instruments;
mod finance_irr;
mod stochastic_floor;
