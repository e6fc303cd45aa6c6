//! A statutory maximum price for every sale at a node.
//!
//! The mirror image of a statutory minimum: sellers get the ceiling when it binds, and buyers want more than is
//! offered, so purchases are rationed.
//!
//! - Efficient rationing (kinked): buyers respond to what their last unit is worth, `w`, and pay
//!   `min(w, ceiling)`; those to whom a unit is worth most are served, and `w - price` per unit is a rent to them.
//! - Proportional rationing (bilinear): everyone asks for what it would buy at the ceiling and gets the same share.

use serde::{Deserialize, Serialize};

use super::statutory_minimum::Rationing;
use super::terms::{obey, readings};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Rule, Subject};

/// A price above which nobody may sell a commodity in a region. Final buyers, plants that use it and routes out are
/// rationed alike; what a measure takes from the node is served first.
///
/// Reports `rationed`: the premium per unit under efficient rationing, the unserved share under proportional.
///
/// ```
/// use pricefloor::intervention::{Rationing, StatutoryCeiling};
/// let ceiling = StatutoryCeiling::new("Home", "oxide", 9.0, Rationing::Efficient);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatutoryCeiling {
    region: String,
    commodity: String,
    ceiling: f64,
    rationing: Rationing,
}

impl StatutoryCeiling {
    /// A maximum price, money per unit, with the rule by which purchases are rationed.
    #[must_use]
    pub fn new(region: &str, commodity: &str, ceiling: f64, rationing: Rationing) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            ceiling,
            rationing,
        }
    }
}

impl Intervention for StatutoryCeiling {
    fn kind(&self) -> &'static str {
        "statutory_ceiling"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("ceiling", self.ceiling, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        draft.claim(Claim::new("price ceiling"), node)?;
        draft.pledge(Subject::Price(node), Bound::AtMost(self.ceiling))?;
        let ceiling = draft.param("ceiling", self.ceiling, Rule::NonNegative)?;
        let gauge = Dimension::Price.at(node);
        let users = draft.users(node);
        match self.rationing {
            Rationing::Efficient => {
                let worth = draft.ration_by_worth(node, self.ceiling)?;
                let clearing = draft.clearing_price(node, self.ceiling);
                let premium = draft.positive_part("premium", gauge, Expr::from(clearing) - ceiling);
                draft.lift(node, -premium.clone());
                let gap = Expr::from(worth) - &premium - draft.price(node);
                draft.condition(worth, gauge, gap);
                for user in users {
                    let lost = draft.input_per_unit(user, node) * &premium;
                    draft.wedge(user, lost);
                }
            }
            Rationing::Proportional => {
                let unserved = draft.unknown("unserved", Dimension::Share.at(node), 0.0, 1.0, 0.0);
                let gap = Expr::from(ceiling) - draft.price(node);
                draft.condition(unserved, gauge, gap);
                draft.ration_buyers(node, unserved)?;
                for user in users {
                    draft.ration(user, unserved)?;
                }
            }
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let name = match self.rationing {
            Rationing::Efficient => "premium",
            Rationing::Proportional => "unserved",
        };
        readings(settled, &[("rationed", name)])
    }
}
