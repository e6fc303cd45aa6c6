//! Instruments: what a holder pays, and exactly what the terms give in return.

mod common;
mod convertible;
mod note;
mod preferred;
mod warrant;

pub use common::{Common, CommonTerms};
pub use convertible::{Conversion, ConversionTerms};
pub use note::{CountedAs, Note, NoteTerms};
pub use preferred::{Dividend, Preferred, PreferredTerms, Redemption, RedemptionClaim, Settled};
pub use warrant::{
    EquityBefore, Exercise, Warrant, WarrantIssue, WarrantMarket, WarrantSettlement, WarrantTerms,
};

use super::FinanceError;
use super::error::{Rule, require, require_name};
use serde::{Deserialize, Serialize};

/// Any of the instruments.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Instrument {
    /// Common shares.
    Common(Common),
    /// Preferred shares.
    Preferred(Preferred),
    /// A note, plain or convertible.
    Note(Note),
    /// A warrant.
    Warrant(Warrant),
}

/// An instrument, who holds it, and what the firm received for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Who holds it.
    pub holder: String,
    /// The instrument.
    pub instrument: Instrument,
    /// Cash that the firm receives for it at the start, in money; zero for what is outstanding already or is given.
    #[serde(default)]
    pub paid: f64,
}

impl Security {
    pub(crate) fn check(&self) -> Result<(), FinanceError> {
        require_name("the holder of a security", &self.holder)?;
        require("cash paid for a security", self.paid, Rule::NotNegative)
    }
}
