//! Accounts of one equilibrium: every payment, and who gains how much.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use crate::assembly::Role;

/// A payment from one party to another, money per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub(super) payer: String,
    pub(super) payee: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) measure: Option<String>,
    pub(super) amount: f64,
}

impl Payment {
    /// Who pays.
    #[must_use]
    pub fn payer(&self) -> &str {
        &self.payer
    }

    /// Who is paid.
    #[must_use]
    pub fn payee(&self) -> &str {
        &self.payee
    }

    /// The measure behind it; `None` for sales.
    #[must_use]
    pub fn measure(&self) -> Option<&str> {
        self.measure.as_deref()
    }

    /// Money per year.
    #[must_use]
    pub fn amount(&self) -> f64 {
        self.amount
    }
}

/// What one party gains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub(super) party: String,
    pub(super) role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    pub(super) surplus: f64,
}

impl Account {
    /// Name of the party.
    #[must_use]
    pub fn party(&self) -> &str {
        &self.party
    }

    /// The part it plays.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The region it belongs to.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Consumer surplus from the reference price, profit over avoidable cost, or net receipts with the stated
    /// worth of stock bought; money per year.
    #[must_use]
    pub fn surplus(&self) -> f64 {
        self.surplus
    }
}

/// Every payment of an equilibrium and every party's surplus, with the welfare identity checked.
///
/// Consumer surplus is counted from each node's reference price (the choke price where there is one, else the
/// calibration price), producers' from price zero. The sum over parties, from prices and payments, equals
/// gross benefit less cost, from quantities alone; the two are computed from different data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    pub(super) market: String,
    pub(super) money_unit: String,
    pub(super) accounts: Vec<Account>,
    pub(super) payments: Vec<Payment>,
    pub(super) total: f64,
    pub(super) traded: f64,
    pub(super) identity_error: f64,
    pub(super) clearing_error: f64,
}

impl Ledger {
    /// Name of the market.
    #[must_use]
    pub fn market(&self) -> &str {
        &self.market
    }

    /// Unit of money, a label.
    #[must_use]
    pub fn money_unit(&self) -> &str {
        &self.money_unit
    }

    /// Every party's account.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Every payment.
    #[must_use]
    pub fn payments(&self) -> &[Payment] {
        &self.payments
    }

    /// Surplus of everyone, money per year.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.total
    }

    /// Value of all final purchases, money per year: the scale of [`identity_error`](Self::identity_error).
    #[must_use]
    pub fn traded(&self) -> f64 {
        self.traded
    }

    /// Difference between the sum over parties and benefit less cost that the residuals of the solution do not explain,
    /// as a share of the value traded (of what rounding leaves known, where next to nothing is).
    #[must_use]
    pub fn identity_error(&self) -> f64 {
        self.identity_error
    }

    /// What the markets took in and did not pay out, as a share of the value traded: zero up to rounding.
    #[must_use]
    pub fn clearing_error(&self) -> f64 {
        self.clearing_error
    }

    /// Surplus of a party, money per year.
    ///
    /// # Errors
    /// [`LedgerError::Unknown`] when no party has the name.
    pub fn surplus(&self, party: &str) -> Result<f64, LedgerError> {
        let mut found = self
            .accounts
            .iter()
            .filter(|a| a.party == party)
            .map(|a| a.surplus)
            .peekable();
        if found.peek().is_none() {
            return Err(LedgerError::Unknown {
                what: "party",
                name: party.to_owned(),
            });
        }
        Ok(found.sum())
    }

    fn sum_of(&self, of: impl Fn(&Account) -> bool) -> f64 {
        self.accounts
            .iter()
            .filter(|a| of(a))
            .map(|a| a.surplus)
            .sum()
    }

    /// Surplus of all consumers, money per year, from the reference prices.
    #[must_use]
    pub fn consumer_surplus(&self) -> f64 {
        self.sum_of(|a| a.role == Role::Consumers)
    }

    /// Surplus of all producers, money per year.
    #[must_use]
    pub fn producer_surplus(&self) -> f64 {
        self.sum_of(|a| a.role == Role::Producer)
    }

    /// Surplus of all traders, money per year: scarcity of routes, and of quotas whose rent they keep.
    #[must_use]
    pub fn trader_surplus(&self) -> f64 {
        self.sum_of(|a| a.role == Role::Trader)
    }

    /// Rents of all holders of licences, money per year.
    #[must_use]
    pub fn licence_rents(&self) -> f64 {
        self.sum_of(|a| a.role == Role::Licensee)
    }

    /// Net receipts of all public purses, money per year.
    #[must_use]
    pub fn treasury(&self) -> f64 {
        self.sum_of(|a| a.role == Role::Treasury)
    }

    /// Surplus of everyone in a region, money per year.
    #[must_use]
    pub fn region(&self, region: &str) -> f64 {
        self.sum_of(|a| a.region.as_deref() == Some(region))
    }

    /// What one role in a region gains, money per year.
    #[must_use]
    pub fn role_in(&self, role: Role, region: &str) -> f64 {
        self.sum_of(|a| a.role == role && a.region.as_deref() == Some(region))
    }

    /// What public purses pay for a measure less what they collect from it, money per year.
    #[must_use]
    pub fn outlay(&self, measure: &str) -> f64 {
        let public = |name: &str| {
            self.accounts
                .iter()
                .any(|a| a.role == Role::Treasury && a.party == name)
        };
        let of = self
            .payments
            .iter()
            .filter(|p| p.measure.as_deref() == Some(measure));
        of.map(|p| {
            (f64::from(u8::from(public(&p.payer))) - f64::from(u8::from(public(&p.payee))))
                * p.amount
        })
        .sum()
    }

    /// Payments received less payments made by a party, money per year.
    #[must_use]
    pub fn net_payments(&self, party: &str) -> f64 {
        let signed = |p: &Payment| {
            f64::from(i8::from(p.payee == party) - i8::from(p.payer == party)) * p.amount
        };
        self.payments.iter().map(signed).sum()
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .accounts
            .iter()
            .map(|a| a.party.len())
            .max()
            .unwrap_or(0)
            .max(5);
        writeln!(f, "{:width$} {:>14}", "party", "surplus")?;
        for account in &self.accounts {
            writeln!(f, "{:width$} {:>14.4}", account.party, account.surplus)?;
        }
        writeln!(
            f,
            "{:width$} {:>14.4}  {}",
            "total", self.total, self.money_unit
        )?;
        write!(
            f,
            "welfare identity holds to {:.1e} of the value traded",
            self.identity_error
        )
    }
}
