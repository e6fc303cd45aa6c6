//! Instruments: what a holder pays, and exactly what the terms give in return.

mod common;
mod convertible;
mod grant;
mod guarantee;
mod loan;
mod note;
mod preferred;
mod revolver;
mod sculpted;
mod stream;
mod warrant;

pub use common::{Common, CommonTerms};
pub use convertible::{Conversion, ConversionTerms, ConvertibleValue, FirmMarket};
pub use grant::{Grant, GrantTerms};
pub use guarantee::{Guarantee, GuaranteeTerms};
pub use loan::{Loan, LoanTerms, Repayment, Seniority};
pub(crate) use note::DAY;
pub use note::{CountedAs, Note, NoteTerms};
pub use preferred::{Dividend, Preferred, PreferredTerms, Redemption, RedemptionClaim, Settled};
pub use revolver::{Revolver, RevolverTerms};
pub use sculpted::{Limit, NoLoan, Sculpted, Sculpting, SculptingTerms};
pub use stream::{RoyaltySale, RoyaltySaleTerms, Stream, StreamPrice, StreamTerms};
pub use warrant::{
    EquityBefore, Exercise, Warrant, WarrantIssue, WarrantMarket, WarrantSettlement, WarrantTerms,
};

use super::FinanceError;
use super::error::{Rule, require, require_name};
use serde::{Deserialize, Serialize};

/// Any of the instruments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Instrument {
    /// Common shares.
    Common(Common),
    /// Preferred shares.
    Preferred(Preferred),
    /// A note, plain or convertible.
    Note(Note),
    /// A term loan.
    Loan(Loan),
    /// A revolving credit.
    Revolver(Revolver),
    /// A guarantee of a debt.
    Guarantee(Guarantee),
    /// A grant.
    Grant(Grant),
    /// A stream of output, or a prepayment for it.
    Stream(Stream),
    /// A royalty sold to an investor.
    RoyaltySale(RoyaltySale),
    /// A warrant.
    Warrant(Warrant),
}

impl Instrument {
    /// What it is, in words: "preferred shares", "loan".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Common(_) => "common shares",
            Self::Preferred(_) => "preferred shares",
            Self::Note(_) => "note",
            Self::Loan(_) => "loan",
            Self::Revolver(_) => "revolver",
            Self::Guarantee(_) => "guarantee",
            Self::Grant(_) => "grant",
            Self::Stream(_) => "stream",
            Self::RoyaltySale(_) => "royalty",
            Self::Warrant(_) => "warrant",
        }
    }

    /// Whether it is credit: a loan, a note, a revolver or a guarantee.
    pub fn is_credit(&self) -> bool {
        matches!(
            self,
            Self::Note(_) | Self::Loan(_) | Self::Revolver(_) | Self::Guarantee(_)
        )
    }
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
