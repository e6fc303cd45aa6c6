//! A subsidy per unit produced.
//!
//! Marginal: the sponsor pays the producer a fixed amount per unit of a commodity.

use serde::{Deserialize, Serialize};

use super::terms::{obey, producers, purse};
use super::{Intervention, TermError};
use crate::assembly::{Claim, Draft, DraftError, Rule};

/// A payment per unit to the producers of a commodity in a region, or to named ones among them.
///
/// ```
/// use pricefloor::intervention::ProductionSubsidy;
/// let subsidy = ProductionSubsidy::new("Home", "oxide", 2.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductionSubsidy {
    region: String,
    commodity: String,
    rate: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covering: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl ProductionSubsidy {
    /// A subsidy in money per unit to every producer of the commodity in the region. A negative rate is a tax.
    #[must_use]
    pub fn new(region: &str, commodity: &str, rate: f64) -> Self {
        let (region, commodity) = (region.to_owned(), commodity.to_owned());
        Self {
            region,
            commodity,
            rate,
            covering: Vec::new(),
            sponsor: None,
        }
    }

    /// Pays only this activity, or this firm's activities.
    #[must_use]
    pub fn covering(mut self, name: &str) -> Self {
        self.covering.push(name.to_owned());
        self
    }

    /// Names who pays; the region's treasury unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for ProductionSubsidy {
    fn kind(&self) -> &'static str {
        "production_subsidy"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("rate", self.rate, Rule::Finite)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let rate = draft.param("rate", self.rate, Rule::Finite)?;
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        for activity in producers(draft, node, &self.covering)? {
            let owner = draft.owner(activity);
            let per_level = draft.output_per_unit(activity, node) * rate;
            draft.charge(
                Claim::new("production subsidy"),
                activity,
                per_level,
                sponsor,
                owner,
            )?;
        }
        Ok(())
    }
}
