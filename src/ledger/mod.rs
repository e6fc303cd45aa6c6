//! Who pays whom, and who gains: payments between named parties, surplus, treasury, deadweight loss; reforms compared,
//! packages attributed, blocs valued, and the security of supply.

mod accounts;
mod attribution;
mod coalition;
mod comparison;
mod draw;
mod error;
mod headline;
mod incidence;
mod ranges;
mod security;
mod shapley;
mod split;

pub use accounts::{Account, Ledger, Payment};
pub use attribution::{Attribution, AttributionError, MeasureShare, Orders};
pub use coalition::{BlocError, BlocStudy, Leak, MemberResult, OutsiderResult};
pub use comparison::{Comparison, Reform};
pub use error::LedgerError;
pub use headline::Headline;
pub use incidence::{Change, Incidence};
pub use ranges::{Range, RangeError, Ranges};
pub use security::{
    Concentration, Disruption, Outage, RegionSupply, Risk, SecurityError, Segment, SegmentShortage,
    ShortRun, Shortage, Stage, Supplier, SupplySecurity,
};
pub use split::{Divided, Split};
