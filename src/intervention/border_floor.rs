//! A border floor: a variable levy that holds the price inside at a floor.
//!
//! Kinked. One levy in `[0, floor]` on every import, complementary to `price inside - floor`. The floor is not
//! attained exactly when the price inside is below it: imports are then zero and the answer is autarky.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Rule, Subject};

/// A floor on the price inside a region, held by a levy on imports.
///
/// Reports `levy` (per unit; where the floor is not attained, the floor less the cheapest landed price) and
/// `attained` (1 or 0).
///
/// ```
/// use pricefloor::intervention::BorderFloor;
/// let floor = BorderFloor::new("United States", "NdPr oxide", 110.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BorderFloor {
    region: String,
    commodity: String,
    floor: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collector: Option<String>,
}

impl BorderFloor {
    /// A floor inside a region, money per unit.
    #[must_use]
    pub fn new(region: &str, commodity: &str, floor: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            floor,
            collector: None,
        }
    }

    /// Names who collects the levy; the region's treasury unless said.
    #[must_use]
    pub fn collector(mut self, name: &str) -> Self {
        self.collector = Some(name.to_owned());
        self
    }
}

impl Intervention for BorderFloor {
    fn kind(&self) -> &'static str {
        "border_floor"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("floor", self.floor, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        draft.pledge(Subject::Price(node), Bound::AtLeast(self.floor))?;
        let floor = draft.param("floor", self.floor, Rule::NonNegative)?;
        let collector = purse(draft, self.collector.as_deref(), &self.region);
        let gauge = Dimension::Price.at(node);
        let levy = draft.unknown("levy", gauge, 0.0, floor, 0.0);
        let gap = draft.price(node) - floor;
        draft.condition(levy, gauge, gap);
        let imports = draft.imports(&[&self.region], &self.commodity);
        let place = format!("{} in {}", self.commodity, self.region);
        for route in some(
            draft,
            imports,
            &place,
            "has no import route to put a levy on",
        )? {
            let trader = draft.owner(route);
            let per_sent = draft.output_per_unit(route, node) * Expr::from(levy);
            draft.charge(
                Claim::new("border levy"),
                route,
                per_sent,
                trader,
                collector,
            )?;
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let (Some(node), Some(floor)) = (
            settled.node(&self.region, &self.commodity),
            settled.param("floor"),
        ) else {
            return Vec::new();
        };
        let attained = settled.price(node) >= floor * (1.0 - 1e-9);
        let levy = settled.unknown("levy").unwrap_or(0.0);
        let reported = if attained {
            levy
        } else {
            // the levy charged is the floor less the landed price without it
            let landed = settled
                .routes_into(node)
                .into_iter()
                .map(|route| settled.landed_price(route, node) - levy)
                .fold(f64::INFINITY, f64::min);
            (floor - landed).max(0.0)
        };
        vec![
            ("levy".to_owned(), reported),
            ("attained".to_owned(), f64::from(u8::from(attained))),
        ]
    }
}
