//! A deficiency payment to every producer of a region.
//!
//! Kinked. As a contract floor on all output, but for a whole region: producers get
//! `max(target - market price, 0)` per unit; buyers see the market price.

use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, Covered};
use super::terms::{obey, purse, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Rule};

/// A target price guaranteed to every producer of a commodity in a region.
///
/// ```
/// use pricefloor::intervention::DeficiencyPayment;
/// let payment = DeficiencyPayment::new("Home", "wheat", 6.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeficiencyPayment {
    region: String,
    commodity: String,
    target: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl DeficiencyPayment {
    /// A target price, money per unit.
    #[must_use]
    pub fn new(region: &str, commodity: &str, target: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            target,
            sponsor: None,
        }
    }

    /// Names who pays; the region's treasury unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for DeficiencyPayment {
    fn kind(&self) -> &'static str {
        "deficiency_payment"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("target price", self.target, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let target = draft.param("target", self.target, Rule::NonNegative)?;
        let whole = draft.param("share", 1.0, Rule::Share)?;
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        let gauge = Dimension::Price.at(node);
        let price = draft.price(node);
        let top_up = draft.positive_part("top_up", gauge, Expr::from(target) - price);
        let producers = draft.producers(node);
        let place = format!("{} in {}", self.commodity, self.region);
        for activity in some(draft, producers, &place, "has no producer to pay")? {
            let covered = Covered {
                coverage: Coverage::Share(1.0),
                extent: whole,
                activity,
                node,
            };
            let gap = draft.price(node) - target;
            covered.insulate(draft, node, "paid", gap, &Expr::from(1.0));
            let owner = draft.owner(activity);
            let per_level = draft.output_per_unit(activity, node) * &top_up * whole;
            draft.charge(
                Claim::new("price support contract"),
                activity,
                per_level,
                sponsor,
                owner,
            )?;
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("top_up", "top_up")])
    }
}
