//! An anti-dumping duty: the margin between a normal value and the export price.
//!
//! Kinked. `duty = max(normal value - export price, 0)` per unit, where the export price is the price at the origin. As a
//! price undertaking at the normal value, but the importing treasury collects it.

use serde::{Deserialize, Serialize};

use super::border::Border;
use super::terms::{obey, purse, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Rule};

/// A duty on imports of a commodity from a region up to a stated normal value, money per unit at the origin. A ceiling
/// on the duty is the lesser-duty rule. The treasury of the region, or the bloc's common purse, collects it.
///
/// Reports `duty`, money per unit.
///
/// ```
/// use pricefloor::intervention::AntiDumpingDuty;
/// let duty = AntiDumpingDuty::new("Home", "magnets", "Abroad", 9.0).at_most(2.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AntiDumpingDuty {
    border: Border,
    commodity: String,
    from: String,
    normal_value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
}

impl AntiDumpingDuty {
    /// A duty at the border of a region or a bloc on a commodity from a region, with the normal value.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, from: &str, normal_value: f64) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            from: from.to_owned(),
            normal_value,
            at_most: None,
        }
    }

    /// Limits the duty, money per unit: the injury margin of a lesser-duty rule.
    #[must_use]
    pub fn at_most(mut self, duty: f64) -> Self {
        self.at_most = Some(duty);
        self
    }
}

impl Intervention for AntiDumpingDuty {
    fn kind(&self) -> &'static str {
        "anti_dumping_duty"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("normal value", self.normal_value, Rule::NonNegative)?;
        obey(
            "most that is charged",
            self.at_most.unwrap_or(0.0),
            Rule::NonNegative,
        )
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let origin = draft.node(&self.from, &self.commodity)?;
        let normal = draft.param("normal_value", self.normal_value, Rule::NonNegative)?;
        let routes =
            self.border
                .imports(draft, &self.commodity, std::slice::from_ref(&self.from))?;
        let place = format!(
            "{} from {} into {}",
            self.commodity,
            self.from,
            self.border.name()
        );
        let routes = some(draft, routes, &place, "has no such route")?;
        let gauge = Dimension::Price.at(origin);
        let margin = Expr::from(normal) - draft.price(origin);
        let duty = match self.at_most {
            None => draft.positive_part("duty", gauge, margin),
            Some(most) => {
                let most = draft.param("at_most", most, Rule::NonNegative)?;
                let duty = draft.unknown("duty", gauge, 0.0, most, 0.0);
                draft.condition(duty, gauge, Expr::from(duty) - margin);
                duty.into()
            }
        };
        let collector = purse(draft, None, self.border.name());
        for route in routes {
            let trader = draft.owner(route);
            draft.charge(Claim::new("trade remedy"), route, &duty, trader, collector)?;
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("duty", "duty")])
    }
}
