use super::FinanceError;
use super::error::{Rule, require};
use serde::{Deserialize, Serialize};

/// What lenders and owners have agreed for bad times. By default no ratio is tested, owners add nothing, and a payment that
/// cannot be made ends in a liquidation.
///
/// The cover ratio tested at the end of a period is cash available for debt service (operating cash after tax, working
/// capital and sustaining capital) over debt service (interest, fees and principal due), both summed over the last year, or
/// over the time that has passed if that is less. Without debt service nothing is tested.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covenants {
    /// Below this cover nothing is paid to preferred or common shares.
    #[serde(default)]
    pub lock_up: Option<f64>,
    /// Below this cover the firm is in default unless its owners cure it.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// What the owners may add.
    #[serde(default)]
    pub cure: Option<Cure>,
    /// What a default leads to.
    #[serde(default)]
    pub remedy: Remedy,
}

/// The owners' right to cure: they pay in what is missing for debt service and for the minimum cover, all of it or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cure {
    /// How many times.
    pub times: u32,
    /// The most in all, in money.
    pub most: f64,
}

/// What a default leads to.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Remedy {
    /// The firm is wound up: the plant fetches its salvage value, and the estate is shared out by rank.
    #[default]
    Liquidate,
    /// Debt is written down and put off, as often as agreed; then liquidation. A firm that could not pay its bills even
    /// without debt service, or that has no debt, is liquidated.
    Restructure(Restructuring),
}

/// Terms of a restructuring. It covers every loan, note and revolver alike; a revolver cannot be drawn after it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restructuring {
    /// Part of what is owed, interest due included, that lenders give up.
    pub haircut: f64,
    /// Years by which all that is due, from the default on, comes later. Interest of that time is added to the principal.
    pub standstill: f64,
    /// Part of the common shares, new ones counted, that lenders get for it, in proportion to what they are owed.
    pub shares: f64,
    /// How many times.
    pub times: u32,
}

impl Covenants {
    pub(super) fn check(&self) -> Result<(), FinanceError> {
        if let Some(lock_up) = self.lock_up {
            require("cover ratio of the lock-up", lock_up, Rule::Positive)?;
        }
        if let Some(minimum) = self.minimum {
            require("minimum cover ratio", minimum, Rule::Positive)?;
        }
        if let Some(cure) = self.cure {
            require("most of the cure", cure.most, Rule::NotNegative)?;
        }
        if let Remedy::Restructure(terms) = self.remedy {
            require("haircut", terms.haircut, Rule::Share)?;
            require("standstill", terms.standstill, Rule::Positive)?;
            require("standstill", terms.standstill, Rule::AtMost(100.0))?;
            require("shares for lenders", terms.shares, Rule::Share)?;
            require("shares for lenders", terms.shares, Rule::AtMost(0.999))?;
        }
        Ok(())
    }

    /// Whether a cover ratio has to be known.
    pub(super) fn tests_cover(&self) -> bool {
        self.lock_up.is_some() || self.minimum.is_some()
    }
}
