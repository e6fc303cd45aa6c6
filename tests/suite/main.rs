//! Integration tests: known answers, properties, bad input.

mod bad_input;
mod batch;
mod complementarity;
mod complementarity_instances;
mod conduct;
mod curve;
mod data;
mod derivatives;
mod determinacy;
mod finance_contract;
mod finance_instruments;
mod finance_irr;
mod finance_project;
mod floors;
mod measures;
mod measures_known;
mod properties;
mod stochastic_draws;
mod stochastic_estimate;
mod stochastic_estimate_more;
mod stochastic_floor;
mod stochastic_processes;
mod stochastic_strip;
mod storage;
mod viability;
