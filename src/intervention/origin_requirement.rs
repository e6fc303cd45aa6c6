//! An origin requirement: a share of what is sold at a node must come from named origins.
//!
//! Marginal. With the share `a`, sales `N` of the named and `O` of the others, a premium `l >= 0` is complementary to
//! `(1 - a) N - a O >= 0`. The named sellers get `price + (1 - a) l`, the others `price - a l`, buyers pay the price: the
//! others buy the certificates that the named sell, and the transfers sum to zero.

use serde::{Deserialize, Serialize};

use super::origin::sellers;
use super::terms::{obey, readings};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Limit, Rule};

/// A share of all deliveries of a commodity to a region that must come from named origins.
///
/// An origin is a region (the route decides: what the region passes on for others counts as its own, unless the market
/// tracks origin, see [`Market::by_origin`](crate::Market::by_origin)), an activity or a firm.
///
/// Reports `premium`: the price of a certificate, money per unit.
///
/// ```
/// use pricefloor::intervention::OriginRequirement;
/// let content = OriginRequirement::new("United States", "magnets", 0.5).named("United States").named("Japan");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginRequirement {
    region: String,
    commodity: String,
    share: f64,
    #[serde(default)]
    named: Vec<String>,
}

impl OriginRequirement {
    /// A share of deliveries, from 0 to 1.
    #[must_use]
    pub fn new(region: &str, commodity: &str, share: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            share,
            named: Vec::new(),
        }
    }

    /// Names an origin that counts; may be said several times.
    #[must_use]
    pub fn named(mut self, origin: &str) -> Self {
        self.named.push(origin.to_owned());
        self
    }
}

impl Intervention for OriginRequirement {
    fn kind(&self) -> &'static str {
        "origin_requirement"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("share from named origins", self.share, Rule::Share)?;
        if self.named.is_empty() {
            return Err(TermError {
                term: "number of named origins",
                value: 0.0,
                rule: "at least one",
            });
        }
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let (named, others) = sellers(draft, node, &self.named)?;
        let available: f64 = named.iter().map(|&a| draft.most(a, node)).sum();
        let required = self.share * draft.fixed_demand(node);
        if required > available {
            return Err(DraftError::Infeasible {
                place: draft.place(),
                target: format!(
                    "deliveries of {} to {} from named origins",
                    self.commodity, self.region
                ),
                required,
                available,
            });
        }
        let share = draft.param("share", self.share, Rule::Share)?;
        let premium = draft.unknown(
            "premium",
            Dimension::Price.at(node),
            0.0,
            Limit::none(),
            0.0,
        );
        // certificates pass through the treasury's hands, and nothing sticks to them
        let registry = draft.treasury(&self.region);
        let claim = Claim::new("origin certificate");
        let mut over = Expr::zero();
        for seller in named {
            let rest = draft.output_per_unit(seller, node) * (Expr::from(1.0) - share);
            over = over + rest.clone() * draft.level(seller);
            let owner = draft.owner(seller);
            draft.charge(claim, seller, rest * premium, registry, owner)?;
        }
        for seller in others {
            let part = draft.output_per_unit(seller, node) * share;
            over = over - part.clone() * draft.level(seller);
            let owner = draft.owner(seller);
            draft.charge(claim, seller, part * premium, owner, registry)?;
        }
        draft.condition(premium, Dimension::Quantity.at(node), over);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("premium", "premium")])
    }
}
