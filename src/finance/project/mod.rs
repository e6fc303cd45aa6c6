//! A producer's cash flow, period by period.

mod cash_flow;
mod debts;
mod earn;
mod flow;
mod growth;
mod operate;
mod operations;
mod payments;
mod producer;
mod restructure;
mod service;
mod spend;
mod tax;
mod terms;
mod timeline;
mod unlevered;
mod walk;
mod wind_up;

pub use cash_flow::{CashFlow, CreditEvent, Outcome};
pub use flow::PeriodFlow;
pub use growth::{Arrival, Build, Growth};
pub use operations::{Operations, WorkingCapital};
pub use payments::{Item, Payment};
pub use producer::{Covered, Producer};
pub use tax::{Depletion, Depreciation, Tax, TaxCredit, TaxRelief};
pub use terms::{CostPoint, EndValue, MoneyBasis, Product, Project, ProjectTerms};
pub use timeline::{Frequency, Timeline, TimelineTerms};
pub(crate) use unlevered::Unlevered;
pub use walk::Receipts;
pub(crate) use walk::{Choices, ExerciseRule, Observed, STATE, Walk};
