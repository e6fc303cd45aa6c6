//! A tariff on imports, specific or ad valorem on a stated base.
//!
//! Marginal when specific, bilinear when ad valorem:
//! `p_in = (p_out + transport)(1 + t_delivered) + t_origin p_out + specific`, and a rate on the consumer price
//! leaves the seller `p_in (1 - t)`.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Activity, Claim, Draft, DraftError, Expr, Rule};

/// What an ad valorem rate is a rate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The price where the good comes from.
    Origin,
    /// That price plus transport.
    Delivered,
    /// The price where it arrives, duty included.
    Consumer,
}

/// How much is charged per unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rate {
    /// Money per unit.
    Specific(f64),
    /// A share of a value.
    AdValorem {
        /// The rate, above -1; below 1 on the consumer price.
        rate: f64,
        /// What it is a rate of.
        base: Base,
    },
}

impl Rate {
    /// The number of the rate.
    pub(super) fn number(self) -> f64 {
        match self {
            Self::Specific(rate) | Self::AdValorem { rate, .. } => rate,
        }
    }

    /// The duty per unit sent by a route, at a rate of this kind and on this base.
    pub(super) fn duty(
        self,
        draft: &Draft<'_>,
        route: Activity,
        rate: Expr,
    ) -> Result<Expr, DraftError> {
        let (Self::AdValorem { base, .. }, Some((origin, destination))) =
            (self, draft.route(route))
        else {
            return Ok(rate);
        };
        Ok(rate
            * match base {
                Base::Origin => draft.price(origin),
                Base::Delivered => draft.price(origin) + draft.marginal_cost(route)?,
                Base::Consumer => {
                    draft.price(destination) * draft.output_per_unit(route, destination)
                }
            })
    }

    /// What the rate is a rate of, per unit sent, at a solution.
    pub(super) fn base_value(self, settled: &Settled<'_>, route: Activity) -> f64 {
        let (Self::AdValorem { base, .. }, Some((origin, destination))) =
            (self, settled.route(route))
        else {
            return 1.0;
        };
        match base {
            Base::Origin => settled.price(origin),
            Base::Delivered => settled.price(origin) + settled.marginal_cost(route),
            Base::Consumer => {
                settled.price(destination) * settled.output_per_unit(route, destination)
            }
        }
    }

    pub(super) fn check(self) -> Result<(), TermError> {
        match self {
            Self::Specific(rate) => obey("tariff", rate, Rule::Finite),
            Self::AdValorem {
                rate,
                base: Base::Consumer,
            } if rate >= 1.0 => Err(TermError {
                term: "tariff rate on the consumer price",
                value: rate,
                rule: "above -1 and below 1, or nothing is left for the seller",
            }),
            Self::AdValorem { rate, .. } => obey("tariff rate", rate, Rule::AboveMinusOne),
        }
    }
}

/// A duty on a commodity that enters a region, from everywhere or from one region.
///
/// ```
/// use pricefloor::intervention::{Base, Tariff};
/// let tariff = Tariff::ad_valorem("United States", "magnets", 0.25, Base::Delivered).from("China");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    region: String,
    commodity: String,
    rate: Rate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exempt: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collector: Option<String>,
}

impl Tariff {
    /// A duty on imports into a region.
    #[must_use]
    pub fn new(region: &str, commodity: &str, rate: Rate) -> Self {
        let (region, commodity) = (region.to_owned(), commodity.to_owned());
        Self {
            region,
            commodity,
            rate,
            from: None,
            exempt: Vec::new(),
            collector: None,
        }
    }

    /// Money per unit.
    #[must_use]
    pub fn specific(region: &str, commodity: &str, rate: f64) -> Self {
        Self::new(region, commodity, Rate::Specific(rate))
    }

    /// A share of a stated value.
    #[must_use]
    pub fn ad_valorem(region: &str, commodity: &str, rate: f64, base: Base) -> Self {
        Self::new(region, commodity, Rate::AdValorem { rate, base })
    }

    /// Only what comes from this region.
    #[must_use]
    pub fn from(mut self, region: &str) -> Self {
        self.from = Some(region.to_owned());
        self
    }

    /// Exempts what comes from this region; may be said several times. The route decides, not where a thing was made.
    #[must_use]
    pub fn exempting(mut self, region: &str) -> Self {
        self.exempt.push(region.to_owned());
        self
    }

    /// Names who collects; the importing region's treasury unless said.
    #[must_use]
    pub fn collector(mut self, name: &str) -> Self {
        self.collector = Some(name.to_owned());
        self
    }
}

impl Intervention for Tariff {
    fn kind(&self) -> &'static str {
        "tariff"
    }

    fn check(&self) -> Result<(), TermError> {
        self.rate.check()
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        draft.node(&self.region, &self.commodity)?;
        let rate = match self.rate {
            Rate::Specific(rate) => draft.param("rate", rate, Rule::Finite)?,
            Rate::AdValorem { rate, .. } => draft.param("rate", rate, Rule::AboveMinusOne)?,
        };
        let collector = purse(draft, self.collector.as_deref(), &self.region);
        let mut routes = draft.imports(&[&self.region], &self.commodity);
        if let Some(from) = &self.from {
            let origin = draft.node(from, &self.commodity)?;
            routes.retain(|&route| draft.route(route).is_some_and(|(node, _)| node == origin));
        }
        let place = format!("{} into {}", self.commodity, self.region);
        for route in some(draft, routes, &place, "has no such route")? {
            let Some((origin, _)) = draft.route(route) else {
                continue;
            };
            if self.exempt.iter().any(|e| draft.node_name(origin).0 == e) {
                continue;
            }
            let amount = self.rate.duty(draft, route, Expr::from(rate))?;
            let trader = draft.owner(route);
            draft.charge(Claim::new("tariff"), route, amount, trader, collector)?;
        }
        Ok(())
    }
}
