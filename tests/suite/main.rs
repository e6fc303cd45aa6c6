//! Integration tests: known answers, properties, bad input.

mod complementarity;
mod curve;
mod stochastic_floor;
