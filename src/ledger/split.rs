//! How the members of a bloc could divide what their treasuries take in and lay out together.

use serde::{Deserialize, Serialize};

use super::coalition::{BlocStudy, MemberResult};

/// A rule by which members divide what the bloc's measures bring their treasuries, or cost them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Split {
    /// As the measures' own terms divide it.
    AsAgreed,
    /// The same to each member.
    Equal,
    /// In proportion to the value of final consumption when the bloc acts; equally where nothing is consumed.
    Consumption,
    /// So that each member gains its Shapley value.
    Shapley,
}

/// What one member gains under a division, money per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divided {
    region: String,
    gain: f64,
    purse: f64,
    by_leaving: f64,
}

impl Divided {
    /// The member.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What everyone in it gains over nobody acting.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.gain
    }

    /// The part of that which is its treasury's: its share of the bloc's receipts, or of its costs when negative.
    #[must_use]
    pub fn purse(&self) -> f64 {
        self.purse
    }

    /// What it would gain by leaving while the others go on; positive for one whom the division does not hold.
    #[must_use]
    pub fn by_leaving(&self) -> f64 {
        self.by_leaving
    }
}

impl BlocStudy {
    /// What the members' treasuries take in by acting, net of what they lay out, money per year.
    #[must_use]
    pub fn purse(&self) -> f64 {
        self.members().iter().map(MemberResult::purse).sum()
    }

    /// Every member's gain if what the treasuries take in were divided by a rule. Prices and quantities do not depend on
    /// it, and the gains sum to the bloc's [`value`](Self::value) under each.
    #[must_use]
    pub fn divided(&self, split: Split) -> Vec<Divided> {
        let members = self.members();
        let purse = self.purse();
        let consumed: f64 = members.iter().map(MemberResult::consumed).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most ten members")]
        let equal = purse / members.len() as f64;
        let divide = |m: &MemberResult| {
            let apart = m.gain() - m.purse();
            let share = match split {
                Split::AsAgreed => m.purse(),
                Split::Equal => equal,
                Split::Consumption if consumed > 0.0 => purse * m.consumed() / consumed,
                Split::Consumption => equal,
                Split::Shapley => m.shapley() - apart,
            };
            let gain = apart + share;
            Divided {
                region: m.region().to_owned(),
                gain,
                purse: share,
                by_leaving: m.by_leaving() + m.gain() - gain,
            }
        };
        members.iter().map(divide).collect()
    }

    /// Whether no member gains by leaving when the treasuries' receipts are divided by a rule.
    #[must_use]
    pub fn held_together_by(&self, split: Split) -> bool {
        let slack = self.slack();
        self.divided(split).iter().all(|m| m.by_leaving <= slack)
    }
}
