//! A producer's cash flow, period by period.

mod flow;
mod producer;
mod tax;
mod terms;
mod timeline;
mod walk;

pub use flow::PeriodFlow;
pub use producer::{CashFlow, Covered, Outcome, Producer};
pub use terms::{
    CostPoint, Depreciation, EndValue, Growth, MoneyBasis, Product, Project, ProjectTerms, Tax,
};
pub use timeline::{Frequency, Timeline, TimelineTerms};
pub use walk::Receipts;
pub(crate) use walk::{Choices, ExerciseRule, STATE, Walk};
