//! A public stockpile of several commodities, run year by year against their markets.

mod clear;
mod outcome;
mod outlook;
mod run;
mod terms;

pub use outcome::{CommodityPeriod, CommodityRun, StockpileRun};
pub use outlook::{Action, Interruption, Order, Outlook};
pub use terms::{
    Buyers, Cover, Funds, Member, Rules, Stockpile, StockpileTerms, StockpiledCommodity, Supplies,
};
