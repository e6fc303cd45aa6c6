//! Storage under rational expectations: private owners who carry stocks over to times in which they expect to be paid for
//! it, producers who plan on what follows, and a public stock beside them.
//!
//! A [`StorageModel`] is solved into [`DecisionRules`]: price, stock and planned supply as functions of what is available.
//! The rules say how exact they are ([`EulerErrors`]), where the market settles ([`Stationary`], [`SteadyState`]), and
//! draw histories. A [`TradeModel`] has two regions that both store, and a route between them that may close. Time runs in
//! periods; the unit of a period is that of the terms.
//!
//! ```
//! use pricefloor::curve::{Demand, Observed, Supply};
//! use pricefloor::storage::{FloorStock, StorageModel, StorageSettings, StorageTerms, Warehouse, Yields};
//!
//! let at_one = Observed { price: 1.0, quantity: 1.0 };
//! let free = StorageTerms {
//!     demand: Demand::constant_elasticity(at_one, -0.2)?,
//!     supply: Supply::constant_elasticity(at_one, 0.2)?,
//!     yields: Yields::normal(1.0, 0.05, 7)?,
//!     warehouse: Warehouse { cost: 0.06, deterioration: 0.02, interest: 0.03 },
//!     public: None,
//!     contract_floor: None,
//! };
//! let floor = StorageTerms { public: Some(FloorStock::new(1.02, 0.4)?), ..free.clone() };
//! let settings = StorageSettings::default();
//! let (free, floor) = (StorageModel::new(free)?.solve(&settings)?, StorageModel::new(floor)?.solve(&settings)?);
//! assert!(free.price(1.1)? < 0.83);
//! assert_eq!(floor.price(1.1)?, 1.02);
//! // The floor halves the spread of the price and more: 0.05 instead of 0.21.
//! assert!(floor.stationary(1001)?.sd_price < 0.5 * free.stationary(1001)?.sd_price);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod band;
mod carry;
mod error;
mod euler;
mod floor_stock;
mod root;
mod rules;
mod simulate;
mod solve;
mod spot;
mod stationary;
mod steady;
mod stockpile;
mod sweep;
mod table;
mod terms;
mod trade;
mod yields;
pub use band::{BandDecision, BandPeriod, BandRules, BandSettings, BandStock};
pub use error::StorageError;
pub use euler::EulerErrors;
pub use floor_stock::FloorStock;
pub use rules::{Decision, DecisionRules, Holders, RegimeRules};
pub use simulate::StoragePeriod;
pub use solve::{StorageModel, StorageSettings};
pub use stationary::Stationary;
pub use steady::{SteadyState, StockAtRest};
pub use stockpile::{
    Action, Buyers, CommodityPeriod, CommodityRun, Cover, Funds, Interruption, Member, Order,
    Outlook, Rules, Stockpile, StockpileRun, StockpileTerms, StockpiledCommodity, Supplies,
};
pub use terms::{Regime, RegimeTerms, StorageTerms, Warehouse};
pub use trade::{
    JointOutcome, JointYields, Split, TradeDecision, TradeModel, TradeMoments, TradePeriod,
    TradeRegime, TradeRules, TradeSettings, TradeSteadyState, TradeTerms, TradingRegion,
};
pub use yields::{Outcome, Yields};
