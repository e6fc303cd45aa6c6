//! The names that most programs use: `use pricefloor::prelude::*`.

pub use crate::curve::{Demand, Line, Observed, Step, Supply};
pub use crate::equilibrium::Equilibrium;
pub use crate::intervention::{
    Band, Base, Border, BorderFloor, ContractFloor, ContractForDifference, Coverage,
    DeficiencyPayment, Embargo, ExportQuota, ExportTax, ImportCommitment, ImportQuota, Policy,
    PriceBand, PriceUndertaking, ProductionQuota, ProductionSubsidy, Rate, Rationing, RentOwner,
    StatutoryCeiling, StatutoryMinimum, SupportBuying, Tariff, TariffRateQuota, UpsideShare,
};
pub use crate::ledger::{Comparison, Ledger};
pub use crate::market::{Activity, Bloc, Market, Route};
