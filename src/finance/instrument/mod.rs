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
