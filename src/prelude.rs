//! The names that most programs use: `use pricefloor::prelude::*`.

pub use crate::curve::{Demand, Line, Observed, Step, Supply};
pub use crate::equilibrium::Equilibrium;
pub use crate::intervention::{
    Base, BorderFloor, ContractFloor, ContractForDifference, Coverage, DeficiencyPayment,
    ExportTax, Policy, ProductionSubsidy, Rationing, StatutoryMinimum, SupportBuying, Tariff,
    UpsideShare,
};
pub use crate::ledger::{Comparison, Ledger};
pub use crate::market::{Activity, Market, Route};
