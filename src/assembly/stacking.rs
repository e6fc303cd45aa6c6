//! What happens when two measures of one kind meet on one thing.

use serde::{Deserialize, Serialize};

/// Which of several measures of one kind on one flow, unit or node holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// Both are paid.
    Add,
    /// The higher of the two is paid: the later one pays the excess over the earlier one.
    Highest,
    /// The later one replaces the earlier one where both apply.
    Instead,
}

/// A kind of thing that a measure sets, by name: `tariff`, `price floor`. Two measures with one claim on one
/// flow, unit or node need a stacking rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim(&'static str);

impl Claim {
    /// A claim of this kind.
    #[must_use]
    pub const fn new(kind: &'static str) -> Self {
        Self(kind)
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        self.0
    }
}
