//! A guarantee of minimum earnings, with sharing above it.
//!
//! Settlement: a lump after the solve. Below the guarantee the sponsor makes up the shortfall; above it the producer
//! hands over a share of the excess, tranche by tranche. Where the whole of the next unit's earnings belongs to the
//! sponsor the marginal payoff is zero, and a share of profit does not move the best output either, so output is taken
//! as if the guarantee were absent, or held at a contracted plan; the measure reports which.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse, readings};
use super::{Book, Intervention, SettleError, Settled, TermError};
use crate::assembly::{Dimension, Draft, DraftError, Limit, Rule};

/// A slice of the earnings above the guarantee.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tranche {
    /// How wide the slice is, money per year; `None` for all the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
    /// The share of it that goes to the sponsor, from 0 to 1.
    pub to_sponsor: f64,
}

/// A guarantee of a firm's yearly earnings (sales less purchases, payments per unit and cost of its activities).
///
/// Reports `guarantee`, `earnings` (before the lump), `lump` (to the producer, negative when it pays) and `at_plan`
/// (1 when output is held at a plan, 0 when it is as if the guarantee were absent).
///
/// ```
/// use pricefloor::intervention::{MinimumEarnings, Tranche};
/// // 140m growing by 2 % a year; the first 30m above it, then half
/// let magnets = MinimumEarnings::new("10X", 140e6).growing(0.02)
///     .above(Tranche { width: Some(30e6), to_sponsor: 1.0 })
///     .above(Tranche { width: None, to_sponsor: 0.5 })
///     .sponsor("United States");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumEarnings {
    covering: String,
    guarantee: f64,
    #[serde(default)]
    growth: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tranches: Vec<Tranche>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plan: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl MinimumEarnings {
    /// A guarantee to an activity, or to all of a firm's, money per year at the start.
    #[must_use]
    pub fn new(covering: &str, guarantee: f64) -> Self {
        Self {
            covering: covering.to_owned(),
            guarantee,
            growth: 0.0,
            tranches: Vec::new(),
            plan: None,
            sponsor: None,
        }
    }

    /// Lets the guarantee grow, a fraction per year from the start of the first period.
    #[must_use]
    pub fn growing(mut self, rate: f64) -> Self {
        self.growth = rate;
        self
    }

    /// Adds the next slice of the earnings above the guarantee; the producer keeps what no slice covers.
    #[must_use]
    pub fn above(mut self, tranche: Tranche) -> Self {
        self.tranches.push(tranche);
        self
    }

    /// Holds output at a contracted level, units per year of the one covered activity.
    #[must_use]
    pub fn at_plan(mut self, level: f64) -> Self {
        self.plan = Some(level);
        self
    }

    /// Names who guarantees; the treasury of the producer's region unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }

    /// What the sponsor pays at given earnings (negative: what it is paid).
    fn lump(&self, guarantee: f64, earnings: f64) -> f64 {
        if earnings <= guarantee {
            return guarantee - earnings;
        }
        let mut rest = earnings - guarantee;
        let mut owed = 0.0;
        for tranche in &self.tranches {
            let slice = rest.min(tranche.width.unwrap_or(f64::INFINITY));
            owed += tranche.to_sponsor * slice;
            rest -= slice;
        }
        -owed
    }

    fn reckon(&self, settled: &Settled<'_>) -> Option<(f64, f64, f64)> {
        let guarantee = settled.param("guarantee")?;
        let activities = settled.activities(&self.covering);
        let earnings = activities
            .iter()
            .fold(0.0, |sum, &a| sum + settled.earnings(a));
        Some((guarantee, earnings, self.lump(guarantee, earnings)))
    }
}

impl Intervention for MinimumEarnings {
    fn kind(&self) -> &'static str {
        "minimum_earnings"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("guarantee", self.guarantee, Rule::Finite)?;
        obey("growth of the guarantee", self.growth, Rule::AboveMinusOne)?;
        obey("planned level", self.plan.unwrap_or(0.0), Rule::NonNegative)?;
        for tranche in &self.tranches {
            obey(
                "width of a tranche",
                tranche.width.unwrap_or(0.0),
                Rule::NonNegative,
            )?;
            obey("share of a tranche", tranche.to_sponsor, Rule::Share)?;
        }
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let activities = draft.activities(&self.covering)?;
        let grown = self.guarantee * (1.0 + self.growth).powf(draft.period().start);
        draft.param("guarantee", grown, Rule::Finite)?;
        let region = activities
            .first()
            .and_then(|&a| draft.region_of(a))
            .unwrap_or("")
            .to_owned();
        purse(draft, self.sponsor.as_deref(), &region);
        let Some(level) = self.plan else {
            return Ok(());
        };
        let outputs = activities
            .first()
            .map(|&a| draft.outputs(a))
            .unwrap_or_default();
        let (&[activity], Some(&node)) = (activities.as_slice(), outputs.first()) else {
            return Err(DraftError::Unfit {
                place: draft.place(),
                target: format!("`{}`", self.covering),
                rule: "has several activities; a planned level belongs to one",
            });
        };
        let plan = draft.param("plan", level, Rule::NonNegative)?;
        let push = draft.unknown(
            "push",
            Dimension::Price.at(node),
            Limit::below(),
            Limit::none(),
            0.0,
        );
        let off_plan = draft.level(activity) - plan;
        draft.condition(push, Dimension::Quantity.at(node), off_plan);
        draft.wedge(activity, -crate::assembly::Expr::from(push));
        Ok(())
    }

    fn settle(&self, settled: &Settled<'_>, book: &mut Book) -> Result<(), SettleError> {
        let activities = settled.activities(&self.covering);
        let Some((&first, (_, _, lump))) = activities.first().zip(self.reckon(settled)) else {
            return Ok(());
        };
        let region = settled.region_of(first).unwrap_or("");
        let Some(sponsor) = settled.treasury(self.sponsor.as_deref().unwrap_or(region)) else {
            return Ok(());
        };
        let owner = settled.owner(first);
        if lump >= 0.0 {
            book.pay(settled, sponsor, owner, lump);
        } else {
            book.pay(settled, owner, sponsor, -lump);
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let mut figures = readings(settled, &[]);
        if let Some((guarantee, earnings, lump)) = self.reckon(settled) {
            let at_plan = f64::from(u8::from(self.plan.is_some()));
            let values = [
                ("guarantee", guarantee),
                ("earnings", earnings),
                ("lump", lump),
                ("at_plan", at_plan),
            ];
            figures.extend(values.map(|(name, value)| (name.to_owned(), value)));
        }
        figures
    }
}
