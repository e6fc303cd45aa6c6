//! Integration tests: known answers, properties, bad input.
mod stochastic_floor;
