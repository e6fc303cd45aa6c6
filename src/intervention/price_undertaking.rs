//! A voluntary price undertaking: exporters promise to sell at or above a minimum price.
//!
//! Kinked. Exporters add a markup, `max(minimum - export price, 0)` per unit, and keep it. Prices and quantities are
//! those of a duty of the same height, but the rent stays abroad.

use serde::{Deserialize, Serialize};

use super::border::{Border, RentOwner};
use super::terms::{obey, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Rule};

/// A minimum price, money per unit delivered at the border before duties, for a commodity from named regions.
///
/// Reports `markup`, money per unit, of the first route.
///
/// ```
/// use pricefloor::intervention::PriceUndertaking;
/// let undertaking = PriceUndertaking::new("European Union", "solar modules", 0.56).from("China");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceUndertaking {
    border: Border,
    commodity: String,
    minimum: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
}

impl PriceUndertaking {
    /// A minimum price at the border of a region or a bloc, money per unit.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, minimum: f64) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            minimum,
            from: Vec::new(),
        }
    }

    /// Binds only exporters of this region; may be said several times.
    #[must_use]
    pub fn from(mut self, region: &str) -> Self {
        self.from.push(region.to_owned());
        self
    }
}

impl Intervention for PriceUndertaking {
    fn kind(&self) -> &'static str {
        "price_undertaking"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("minimum price", self.minimum, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let routes = self.border.imports(draft, &self.commodity, &self.from)?;
        let place = format!("{} into {}", self.commodity, self.border.name());
        let routes = some(draft, routes, &place, "has no such route")?;
        let minimum = draft.param("minimum", self.minimum, Rule::NonNegative)?;
        for (i, route) in routes.into_iter().enumerate() {
            let (Some((origin, _)), Some(exporters)) =
                (draft.route(route), RentOwner::Exporters.party(draft, route))
            else {
                continue;
            };
            let name = if i == 0 {
                "markup".to_owned()
            } else {
                format!("markup {}", draft.activity_name(route))
            };
            let offered = draft.price(origin) + draft.marginal_cost(route)?;
            let markup = draft.positive_part(
                &name,
                Dimension::Price.at(origin),
                Expr::from(minimum) - offered,
            );
            let trader = draft.owner(route);
            draft.charge(
                Claim::new("price undertaking"),
                route,
                markup,
                trader,
                exporters,
            )?;
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("markup", "markup")])
    }
}
