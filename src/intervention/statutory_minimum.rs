//! A statutory minimum price for every sale at a node.
//!
//! Buyers pay the floor when it binds, and sellers want to sell more than is bought, so sales are rationed.
//!
//! - Efficient rationing (kinked): an unknown `r >= 0`, complementary to `price - floor`; every seller responds
//!   to `price - r`, so that those with the lowest cost sell. `r` times sales is a rent to those who sell.
//! - Proportional rationing (bilinear): everyone offers what it would at the floor and sells the same share of it;
//!   an unserved unit costs nothing.

use serde::{Deserialize, Serialize};

use super::terms::{obey, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Rule, Subject};

/// Who sells when a minimum price leaves more offered than bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rationing {
    /// Those with the lowest cost.
    Efficient,
    /// Everyone the same share of what it offers.
    Proportional,
}

/// A price below which nobody may sell a commodity in a region.
///
/// Reports `rationed`: the rent per unit under efficient rationing, the unserved share under proportional.
///
/// ```
/// use pricefloor::intervention::{Rationing, StatutoryMinimum};
/// let minimum = StatutoryMinimum::new("Home", "oxide", 12.0, Rationing::Proportional);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatutoryMinimum {
    region: String,
    commodity: String,
    floor: f64,
    rationing: Rationing,
}

impl StatutoryMinimum {
    /// A minimum price, money per unit, with the rule by which sales are rationed.
    #[must_use]
    pub fn new(region: &str, commodity: &str, floor: f64, rationing: Rationing) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            floor,
            rationing,
        }
    }
}

impl Intervention for StatutoryMinimum {
    fn kind(&self) -> &'static str {
        "statutory_minimum"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("floor", self.floor, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        draft.claim(Claim::new("price floor"), node)?;
        draft.pledge(Subject::Price(node), Bound::AtLeast(self.floor))?;
        let floor = draft.param("floor", self.floor, Rule::NonNegative)?;
        let gap = draft.price(node) - floor;
        let sellers = draft.sellers(node);
        let place = format!("{} in {}", self.commodity, self.region);
        let sellers = some(draft, sellers, &place, "has no seller")?;
        match self.rationing {
            Rationing::Efficient => {
                // sellers respond to the clearing price, buyers pay max(clearing price, floor)
                let gauge = Dimension::Price.at(node);
                let clearing = draft.clearing_price(node, self.floor);
                let rent = draft.positive_part("rent", gauge, Expr::from(floor) - clearing);
                draft.lift(node, &rent);
                for activity in sellers {
                    let per_level = draft.output_per_unit(activity, node) * &rent;
                    draft.wedge(activity, per_level);
                }
            }
            Rationing::Proportional => {
                let unserved = draft.unknown("unserved", Dimension::Share.at(node), 0.0, 1.0, 0.0);
                draft.condition(unserved, Dimension::Price.at(node), gap);
                for activity in sellers {
                    draft.ration(activity, unserved)?;
                }
            }
        }
        draft.forbid_disposal(node);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let name = match self.rationing {
            Rationing::Efficient => "rent",
            Rationing::Proportional => "unserved",
        };
        readings(settled, &[("rationed", name)])
    }
}
