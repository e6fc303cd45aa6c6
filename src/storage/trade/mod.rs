mod clear;
mod engine;
mod errors;
mod moments;
mod plane;
mod rest;
mod route;
mod rules;
mod simulate;
mod solve;
mod terms;

pub use moments::TradeMoments;
pub use rest::TradeSteadyState;
pub use rules::{Split, TradeDecision, TradeRules};
pub use simulate::TradePeriod;
pub use solve::{TradeModel, TradeSettings};
pub use terms::{JointOutcome, JointYields, TradeRegime, TradeTerms, TradingRegion};
