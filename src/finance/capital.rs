//! The capital that carries a project: cash, shares, and everything else that has a claim.

use super::FinanceError;
use super::error::{Rule, checked_terms, require, require_name};
use super::instrument::{Instrument, Security};
use serde::{Deserialize, Serialize};

/// What becomes of cash that the firm earns.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Payout {
    /// It stays in the firm until the end and earns the rate on cash.
    #[default]
    Retain,
    /// From a date on, what a period earns after debt service, growth capital and preferred dividends is paid out to
    /// the shares, as far as the reserve stays whole. Cash that was there before is kept.
    FreeCash {
        /// First date, in years.
        from: f64,
    },
}

/// Assets beside the project, held by the same firm. They do not pay the project's bills; they join the estate when
/// the firm is wound up and its value when the timeline ends.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherAssets {
    /// Value at the start, in money.
    pub value: f64,
    /// Growth, as a fraction a year.
    pub growth: f64,
}

/// Terms of a [`Capital`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapitalTerms {
    /// Cash at the start, before what new securities bring, in money.
    pub cash: f64,
    /// Effective yearly rate that cash earns.
    pub cash_rate: f64,
    /// Cash that growth capital and payouts must leave in the firm, in money.
    pub reserve: f64,
    /// Name of the holders of the shares outstanding at the start.
    pub owners: String,
    /// Their shares.
    pub owners_shares: f64,
    /// Everything else. Notes rank before preferred shares and these before common shares; within a class the order
    /// here is the order of rank.
    #[serde(default)]
    pub securities: Vec<Security>,
    /// What becomes of cash.
    #[serde(default)]
    pub payout: Payout,
    /// Assets beside the project.
    #[serde(default)]
    pub other_assets: OtherAssets,
}

/// A capital structure. Its shares are those of its owners, of common securities, and of notes that count as shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CapitalTerms", into = "CapitalTerms")]
pub struct Capital {
    terms: CapitalTerms,
}

checked_terms!(Capital, CapitalTerms);

impl Capital {
    /// A capital structure with these terms.
    ///
    /// # Errors
    /// [`FinanceError`] for a number that breaks its rule or a holder without a name.
    pub fn new(terms: CapitalTerms) -> Result<Self, FinanceError> {
        require("opening cash", terms.cash, Rule::NotNegative)?;
        require("rate on cash", terms.cash_rate, Rule::Above(-1.0))?;
        require("cash reserve", terms.reserve, Rule::NotNegative)?;
        require_name("the owners", &terms.owners)?;
        require("shares of the owners", terms.owners_shares, Rule::Positive)?;
        terms.securities.iter().try_for_each(Security::check)?;
        if let Payout::FreeCash { from } = terms.payout {
            require("first date of payouts", from, Rule::NotNegative)?;
        }
        require("other assets", terms.other_assets.value, Rule::NotNegative)?;
        require(
            "growth of other assets",
            terms.other_assets.growth,
            Rule::Above(-1.0),
        )?;
        Ok(Self { terms })
    }

    /// The same structure with one more security, ranking last in its class.
    ///
    /// # Errors
    /// As [`Capital::new`].
    pub fn with(&self, security: Security) -> Result<Self, FinanceError> {
        let mut terms = self.terms.clone();
        terms.securities.push(security);
        Self::new(terms)
    }

    /// Cash after the new securities are paid for, in money.
    pub fn opening_cash(&self) -> f64 {
        self.terms.cash
            + self
                .terms
                .securities
                .iter()
                .map(|security| security.paid)
                .sum::<f64>()
    }

    /// Common shares at the start: owners, common securities and notes that count as shares.
    pub fn shares(&self) -> f64 {
        self.terms.owners_shares
            + self
                .terms
                .securities
                .iter()
                .map(|s| common_shares(&s.instrument))
                .sum::<f64>()
    }

    /// Principal of notes that count as debt, at the start, in money.
    pub fn debt(&self) -> f64 {
        self.terms
            .securities
            .iter()
            .map(|security| owed(&security.instrument, 0.0))
            .sum()
    }

    /// What `holder` pays for its securities at the start, in money.
    pub fn paid_by(&self, holder: &str) -> f64 {
        self.terms
            .securities
            .iter()
            .filter(|s| s.holder == holder)
            .map(|s| s.paid)
            .sum()
    }
}

/// Common shares that an instrument is from the start.
pub(crate) fn common_shares(instrument: &Instrument) -> f64 {
    match instrument {
        Instrument::Common(common) => common.terms().shares,
        Instrument::Note(note) => note.shares(),
        Instrument::Preferred(_) | Instrument::Warrant(_) => 0.0,
    }
}

/// Principal of a note that counts as debt and is outstanding at `years`.
pub(crate) fn owed(instrument: &Instrument, years: f64) -> f64 {
    match instrument {
        Instrument::Note(note) => note.owed(years),
        _ => 0.0,
    }
}
