//! Integration tests: known answers, properties, bad input.

mod curve;
mod stochastic_floor;
