//! A production quota.
//!
//! Marginal. A rent per unit, `rent >= 0`, complementary to `quota - output >= 0`, stands between the price and the
//! cost of the last unit. Shares of the quota can be traded, so that those with the lowest cost produce.

use serde::{Deserialize, Serialize};

use super::terms::{obey, producers, purse, readings};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Limit, Rule, Subject};

/// A limit on the output of a commodity in a region, or of named producers there, units per year. The producers keep
/// the rent unless the quota is auctioned.
///
/// Reports `rent`, money per unit.
///
/// ```
/// use pricefloor::intervention::ProductionQuota;
/// let quota = ProductionQuota::new("China", "NdPr oxide", 70_000.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductionQuota {
    region: String,
    commodity: String,
    quota: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covering: Vec<String>,
    #[serde(default)]
    auctioned: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collector: Option<String>,
}

impl ProductionQuota {
    /// A quota in units per year for all producers of a commodity in a region together.
    #[must_use]
    pub fn new(region: &str, commodity: &str, quota: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            quota,
            covering: Vec::new(),
            auctioned: false,
            collector: None,
        }
    }

    /// Limits only this activity, or this firm's activities; may be said several times.
    #[must_use]
    pub fn covering(mut self, name: &str) -> Self {
        self.covering.push(name.to_owned());
        self
    }

    /// Sells the quota, so that a public purse collects the rent: the region's treasury unless named by
    /// [`collector`](Self::collector).
    #[must_use]
    pub fn auctioned(mut self) -> Self {
        self.auctioned = true;
        self
    }

    /// Names who collects the rent of an auctioned quota.
    #[must_use]
    pub fn collector(mut self, name: &str) -> Self {
        self.collector = Some(name.to_owned());
        self
    }
}

impl Intervention for ProductionQuota {
    fn kind(&self) -> &'static str {
        "production_quota"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("production quota", self.quota, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let producers = producers(draft, node, &self.covering)?;
        if self.quota == 0.0 {
            return producers.iter().try_for_each(|&p| draft.ban(p));
        }
        draft.pledge(Subject::Flow(producers.clone()), Bound::AtMost(self.quota))?;
        let quota = draft.param("quota", self.quota, Rule::Positive)?;
        let collector = purse(draft, self.collector.as_deref(), &self.region);
        let rent = draft.unknown("rent", Dimension::Price.at(node), 0.0, Limit::none(), 0.0);
        let mut room = Expr::from(quota);
        for activity in producers {
            let per_level = draft.output_per_unit(activity, node);
            room = room - per_level.clone() * draft.level(activity);
            if self.auctioned {
                let owner = draft.owner(activity);
                draft.charge(
                    Claim::new("production quota"),
                    activity,
                    per_level * rent,
                    owner,
                    collector,
                )?;
            } else {
                draft.wedge(activity, per_level * rent);
            }
        }
        draft.condition(rent, Dimension::Quantity.at(node), room);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("rent", "rent")])
    }
}
