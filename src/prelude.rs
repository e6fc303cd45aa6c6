//! The names that most programs use: `use pricefloor::prelude::*`.

pub use crate::curve::{CrossPrice, Demand, Line, Nest, NestedCes, Observed, Step, Supply};
pub use crate::equilibrium::Equilibrium;
pub use crate::intervention::{
    AntiDumpingDuty, Band, Base, Border, BorderFloor, ContractFloor, ContractForDifference,
    CountervailingDuty, Coverage, DeficiencyPayment, Embargo, ExportQuota, ExportTax,
    GuaranteedOfftake, ImportCommitment, ImportQuota, InputSubsidy, Instrument, MinimumEarnings,
    OfftakePrice, OriginRequirement, Policy, PriceBand, PriceUndertaking, ProcurementPreference,
    ProductionQuota, ProductionSubsidy, Rate, Rationing, ReferencePriceLadder, RentOwner, Sharing,
    StatutoryCeiling, StatutoryMinimum, SupportBuying, Tariff, TariffRateQuota, TaxCredit, Tranche,
    UpsideShare, Vintage,
};
pub use crate::ledger::{Attribution, BlocStudy, Comparison, Ledger, Outage, Risk, ShortRun};
pub use crate::market::{Activity, Bloc, Market, Route};
