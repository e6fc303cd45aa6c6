//! A reform against a baseline: who gains and who loses.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::accounts::{Account, Ledger};
use super::error::LedgerError;
use crate::assembly::Role;

/// One party's surplus before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    party: String,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    baseline: f64,
    reform: f64,
}

impl Change {
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

    /// What it gains (loses, when negative), money per year.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.reform - self.baseline
    }
}

/// A reform against a baseline, party by party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incidence {
    market: String,
    money_unit: String,
    changes: Vec<Change>,
    deadweight_loss: f64,
}

impl Ledger {
    /// Compares this ledger, of a reform, with the baseline's: who gains and who loses.
    ///
    /// # Errors
    /// [`LedgerError::Mismatch`] when the two are not of one market.
    pub fn against(&self, baseline: &Ledger) -> Result<Incidence, LedgerError> {
        let mismatch = |what| LedgerError::Mismatch {
            one: self.market.clone(),
            other: baseline.market.clone(),
            what,
        };
        if self.market != baseline.market {
            return Err(mismatch("names"));
        }
        let same = |a: &Account, b: &Account| a.role == b.role && a.party == b.party;
        let lasting = |ledger: &Ledger, other: &Ledger| {
            // purses and licences come and go with measures; everyone else must be in both
            ledger
                .accounts
                .iter()
                .filter(|a| !matches!(a.role, Role::Treasury | Role::Licensee))
                .all(|a| other.accounts.iter().any(|b| same(a, b)))
        };
        if !lasting(self, baseline) || !lasting(baseline, self) {
            return Err(mismatch("parties"));
        }
        let mut changes: Vec<Change> = self
            .accounts
            .iter()
            .map(|a| Change {
                party: a.party.clone(),
                role: a.role,
                region: a.region.clone(),
                baseline: baseline
                    .accounts
                    .iter()
                    .find(|b| same(a, b))
                    .map_or(0.0, |b| b.surplus),
                reform: a.surplus,
            })
            .collect();
        for b in baseline
            .accounts
            .iter()
            .filter(|b| !self.accounts.iter().any(|a| same(a, b)))
        {
            let (party, role, region) = (b.party.clone(), b.role, b.region.clone());
            changes.push(Change {
                party,
                role,
                region,
                baseline: b.surplus,
                reform: 0.0,
            });
        }
        Ok(Incidence {
            market: self.market.clone(),
            money_unit: self.money_unit.clone(),
            changes,
            deadweight_loss: baseline.total - self.total,
        })
    }
}

impl Incidence {
    /// Every party's change.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// World total of the baseline less that of the reform, money per year; negative where the reform gains.
    #[must_use]
    pub fn deadweight_loss(&self) -> f64 {
        self.deadweight_loss
    }

    /// What a role gains in all, money per year.
    #[must_use]
    pub fn gain_of(&self, role: Role) -> f64 {
        self.changes
            .iter()
            .filter(|c| c.role == role)
            .map(Change::gain)
            .sum()
    }

    /// What public purses pay net of what they collect, over the baseline, money per year.
    #[must_use]
    pub fn public_cost(&self) -> f64 {
        -self.gain_of(Role::Treasury)
    }

    /// What a role gains for each unit of money that public purses pay, or bears of each that they collect: the economic
    /// incidence. The shares of all other roles fall short of 1 by the loss, or exceed it for a tax. `None` where public
    /// purses neither pay nor collect.
    ///
    /// ```
    /// # use pricefloor::prelude::*;
    /// # use pricefloor::assembly::Role;
    /// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
    /// #     .build()?;
    /// let tax = Policy::new().with("tax", ProductionSubsidy::new("Home", "oxide", -1.5))?;
    /// let free = market.solve(&Policy::none())?.ledger()?;
    /// let incidence = market.solve(&tax)?.ledger()?.against(&free)?;
    /// // 9 are sold at 11: buyers lose (10 + 9) / 2 of 13.5 collected
    /// assert!((incidence.per_public_money(Role::Consumers).unwrap() - 9.5 / 13.5).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn per_public_money(&self, role: Role) -> Option<f64> {
        let cost = self.public_cost();
        (cost != 0.0).then(|| self.gain_of(role) / cost)
    }

    /// What everyone in a region gains, money per year.
    #[must_use]
    pub fn gain_in(&self, region: &str) -> f64 {
        self.changes
            .iter()
            .filter(|c| c.region.as_deref() == Some(region))
            .map(Change::gain)
            .sum()
    }
}

impl fmt::Display for Incidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .changes
            .iter()
            .map(|c| c.party.len())
            .max()
            .unwrap_or(0)
            .max(15);
        writeln!(
            f,
            "{:width$} {:>14} {:>14} {:>14}",
            "party", "baseline", "reform", "gain"
        )?;
        for c in &self.changes {
            writeln!(
                f,
                "{:width$} {:>14.4} {:>14.4} {:>+14.4}",
                c.party,
                c.baseline,
                c.reform,
                c.gain()
            )?;
        }
        write!(
            f,
            "{:width$} {:>14} {:>14} {:>14.4}  {}",
            "deadweight loss", "", "", self.deadweight_loss, self.money_unit
        )
    }
}
