//! The capital that carries a project: cash, shares, and everything else that has a claim.

use super::error::{Rule, checked_terms, require, require_name};
use super::instrument::{Instrument, Security};
use super::{CapTable, CountBasis, Covenants, FinanceError, Holding};
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
    /// Everything else. Senior loans and revolvers rank before notes, these before subordinated loans, these before
    /// preferred shares and these before common shares; within a class the order here is the order of rank.
    #[serde(default)]
    pub securities: Vec<Security>,
    /// What becomes of cash.
    #[serde(default)]
    pub payout: Payout,
    /// Assets beside the project.
    #[serde(default)]
    pub other_assets: OtherAssets,
    /// What is agreed for bad times.
    #[serde(default)]
    pub covenants: Covenants,
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
    /// [`FinanceError`] for a number that breaks its rule, a holder without a name, or a guarantee of what is not a debt.
    pub fn new(terms: CapitalTerms) -> Result<Self, FinanceError> {
        require("opening cash", terms.cash, Rule::NotNegative)?;
        require("rate on cash", terms.cash_rate, Rule::Above(-1.0))?;
        require("cash reserve", terms.reserve, Rule::NotNegative)?;
        require_name("the owners", &terms.owners)?;
        require("shares of the owners", terms.owners_shares, Rule::Positive)?;
        terms.securities.iter().try_for_each(Security::check)?;
        check_guarantees(&terms.securities)?;
        terms.covenants.check()?;
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

    /// Principal of loans and of notes that count as debt, at the start, in money.
    pub fn debt(&self) -> f64 {
        self.terms
            .securities
            .iter()
            .map(|security| owed(&security.instrument, 0.0))
            .sum()
    }

    /// Shares by holder with every conversion right and warrant used as of `years`, a warrant by the treasury-stock method at
    /// `price` (money a share), which counts a warrant below its strike as nothing.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the price is not negative; [`FinanceError::Duplicate`] where one holder has two
    /// securities of one kind, which a table could not tell apart.
    pub fn fully_diluted(&self, years: f64, price: f64) -> Result<CapTable, FinanceError> {
        let mut rows = vec![Holding {
            holder: self.terms.owners.clone(),
            security: "common shares".to_owned(),
            shares: self.terms.owners_shares,
            basis: CountBasis::Reported,
        }];
        for held in &self.terms.securities {
            let shares = match &held.instrument {
                Instrument::Preferred(preferred) => preferred.conversion_shares(years),
                Instrument::Warrant(warrant) if warrant.open_at(years) => {
                    warrant.treasury_stock_shares(price)?
                }
                instrument => common_shares(instrument),
            };
            if shares > 0.0 {
                rows.push(Holding {
                    holder: held.holder.clone(),
                    security: held.instrument.kind().to_owned(),
                    shares,
                    basis: CountBasis::Derived,
                });
            }
        }
        CapTable::new(rows)
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

/// A guarantee covers a debt, and a debt has one guarantor.
fn check_guarantees(securities: &[Security]) -> Result<(), FinanceError> {
    let mut covered = vec![0.0; securities.len()];
    for held in securities {
        let Instrument::Guarantee(guarantee) = &held.instrument else {
            continue;
        };
        let covers = guarantee.terms().covers;
        let debt = securities.get(covers).map(|held| &held.instrument);
        if !matches!(
            debt,
            Some(Instrument::Loan(_) | Instrument::Revolver(_) | Instrument::Note(_))
        ) {
            return Err(FinanceError::NoDebt { position: covers });
        }
        covered[covers] += 1.0;
        require(
            "number of guarantees of one debt",
            covered[covers],
            Rule::AtMost(1.0),
        )?;
    }
    Ok(())
}

/// Common shares that an instrument is from the start.
pub(crate) fn common_shares(instrument: &Instrument) -> f64 {
    match instrument {
        Instrument::Common(common) => common.terms().shares,
        Instrument::Note(note) => note.shares(),
        _ => 0.0,
    }
}

/// Principal that counts as debt and is outstanding at `years`. What a loan has repaid by then, and what is drawn on a
/// revolver, is known to a cash flow alone: here a loan is owed in full until its maturity, and nothing is drawn.
pub(crate) fn owed(instrument: &Instrument, years: f64) -> f64 {
    match instrument {
        Instrument::Note(note) => note.owed(years),
        Instrument::Loan(loan) if years <= loan.terms().maturity + super::instrument::DAY => {
            loan.terms().principal
        }
        _ => 0.0,
    }
}
