//! Price contracts: a payment between a sponsor and a producer that settles on a reference price.

mod backtest;
mod settle;
mod terms;

pub use backtest::{BackTest, BackTestRow, ReportedPeriod};
pub use settle::{ContractPeriod, Settlement, SettlementState};
pub use terms::{
    Appropriation, Coverage, Indexation, Observation, Payoff, PriceContract, PriceContractTerms,
    Quoted, Reference, Shortfall, UpsideShare,
};
