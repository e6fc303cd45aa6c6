//! A countervailing duty: as much per unit as a foreign subsidy pays.
//!
//! Marginal. The duty is a share of the rate of a subsidy that stands earlier in the policy, so the two move together.
//! Anywhere that the subsidised goods can still go, the subsidy lowers the price; the duty keeps that out of one region.

use serde::{Deserialize, Serialize};

use super::border::Border;
use super::terms::{obey, purse, some};
use super::{Intervention, TermError};
use crate::assembly::{Claim, Draft, DraftError, Expr, Rule};

/// A duty on imports of a commodity from a region, set from the margin of a named subsidy: a
/// [`ProductionSubsidy`](super::ProductionSubsidy) or another measure with a `rate` in money per unit. The treasury of
/// the region, or the bloc's common purse, collects it.
///
/// ```
/// use pricefloor::intervention::{CountervailingDuty, Policy, ProductionSubsidy};
/// let policy = Policy::new()
///     .with("state aid", ProductionSubsidy::new("Abroad", "magnets", 4.0))?
///     .with("duty", CountervailingDuty::new("Home", "magnets", "Abroad").against("state aid"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountervailingDuty {
    border: Border,
    commodity: String,
    from: String,
    subsidy: String,
    share: f64,
}

impl CountervailingDuty {
    /// A duty at the border of a region or a bloc on a commodity from a region; say which subsidy it answers.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, from: &str) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            from: from.to_owned(),
            subsidy: String::new(),
            share: 1.0,
        }
    }

    /// Names the subsidy, which stands earlier in the policy.
    #[must_use]
    pub fn against(mut self, measure: &str) -> Self {
        measure.clone_into(&mut self.subsidy);
        self
    }

    /// Sets the duty to a share of the subsidy, from 0 to 1; all of it unless said.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }
}

impl Intervention for CountervailingDuty {
    fn kind(&self) -> &'static str {
        "countervailing_duty"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("share of the subsidy", self.share, Rule::Share)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let margin = draft.param_of(&self.subsidy, "rate")?;
        let share = draft.param("share", self.share, Rule::Share)?;
        let routes =
            self.border
                .imports(draft, &self.commodity, std::slice::from_ref(&self.from))?;
        let place = format!(
            "{} from {} into {}",
            self.commodity,
            self.from,
            self.border.name()
        );
        let collector = purse(draft, None, self.border.name());
        for route in some(draft, routes, &place, "has no such route")? {
            let trader = draft.owner(route);
            let duty = Expr::from(margin) * share;
            draft.charge(Claim::new("trade remedy"), route, duty, trader, collector)?;
        }
        Ok(())
    }
}
