//! Price contracts: a payment between a sponsor and a producer that settles on a reference price.

mod backtest;
mod lanes;
mod settle;
mod terms;

pub use backtest::{BackTest, BackTestRow, ReportedPeriod};
pub(crate) use lanes::{OnPeriod, Settling};
pub(crate) use settle::HALF_A_DAY;
pub use settle::{ContractPeriod, Settlement, SettlementState};
pub use terms::{
    Appropriation, Coverage, Indexation, Observation, Payoff, PriceContract, PriceContractTerms,
    Quoted, Reference, Shortfall, UpsideShare,
};
