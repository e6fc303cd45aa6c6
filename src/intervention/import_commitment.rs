//! A commitment to import at least a volume.
//!
//! Marginal. A premium per unit, `premium >= 0`, complementary to `net imports - volume >= 0`, is paid to whoever brings
//! the commodity in, and paid back by whoever sends it out again: the least that makes trade reach the volume.

use serde::{Deserialize, Serialize};

use super::border::{Border, End};
use super::terms::{obey, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{
    Activity, Bound, Claim, Dimension, Draft, DraftError, Expr, Limit, Rule, Subject,
};

/// A volume of a commodity, units per year as they arrive, that a region or a bloc promises to import, from
/// everywhere or from named regions, net of what it sends there: counted gross, the commodity could go round for the
/// premium. The importing treasury pays unless another payer is named.
///
/// Reports `premium`, money per unit.
///
/// ```
/// use pricefloor::intervention::ImportCommitment;
/// let promise = ImportCommitment::new("Home", "oxide", 5.0).from("Ally");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportCommitment {
    border: Border,
    commodity: String,
    volume: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payer: Option<String>,
}

impl ImportCommitment {
    /// A volume in units per year.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, volume: f64) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            volume,
            from: Vec::new(),
            payer: None,
        }
    }

    /// Counts only what comes from this region; may be said several times.
    #[must_use]
    pub fn from(mut self, region: &str) -> Self {
        self.from.push(region.to_owned());
        self
    }

    /// Names the purse that pays the premium.
    #[must_use]
    pub fn payer(mut self, name: &str) -> Self {
        self.payer = Some(name.to_owned());
        self
    }
}

impl Intervention for ImportCommitment {
    fn kind(&self) -> &'static str {
        "import_commitment"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("committed volume", self.volume, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let routes = self.border.imports(draft, &self.commodity, &self.from)?;
        let place = format!("{} into {}", self.commodity, self.border.name());
        let routes = some(draft, routes, &place, "has no such route")?;
        let Some((_, node)) = routes.first().and_then(|&r| draft.route(r)) else {
            return Ok(());
        };
        draft.pledge(Subject::Flow(routes.clone()), Bound::AtLeast(self.volume))?;
        let available = obtainable(draft, &routes);
        if self.volume > available {
            return Err(DraftError::Infeasible {
                place: draft.place(),
                target: format!("imports of {place}"),
                required: self.volume,
                available,
            });
        }
        let volume = draft.param("volume", self.volume, Rule::NonNegative)?;
        let premium = draft.unknown(
            "premium",
            Dimension::Price.at(node),
            0.0,
            Limit::none(),
            0.0,
        );
        let mut reached = -Expr::from(volume);
        let claim = Claim::new("import premium");
        let purse = |draft: &mut Draft<'_>, region: &str| {
            draft.treasury(self.payer.as_deref().unwrap_or(region))
        };
        for route in routes {
            let Some((_, inside)) = draft.route(route) else {
                continue;
            };
            let per_level = End::Received.per_level(draft, route);
            reached = reached + per_level.clone() * draft.level(route);
            let region = draft.node_name(inside).0.to_owned();
            let (payer, trader) = (purse(draft, &region), draft.owner(route));
            draft.charge(claim, route, per_level * premium, payer, trader)?;
        }
        for route in self.border.exports(draft, &self.commodity, &self.from)? {
            let Some((inside, _)) = draft.route(route) else {
                continue;
            };
            let per_level = End::Sent.per_level(draft, route);
            reached = reached - per_level.clone() * draft.level(route);
            let region = draft.node_name(inside).0.to_owned();
            let (payee, trader) = (purse(draft, &region), draft.owner(route));
            draft.charge(claim, route, per_level * premium, trader, payee)?;
        }
        draft.condition(premium, Dimension::Quantity.at(node), reached);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("premium", "premium")])
    }
}

/// The most that routes can bring: what each can carry, and what the producers at its origin can make where nothing
/// else reaches the origin.
fn obtainable(draft: &Draft<'_>, routes: &[Activity]) -> f64 {
    let mut origins = Vec::new();
    let mut sum = 0.0;
    for &route in routes {
        let Some((origin, _)) = draft.route(route) else {
            continue;
        };
        if origins.contains(&origin) {
            continue;
        }
        origins.push(origin);
        let from_here = routes
            .iter()
            .filter(|&&r| draft.route(r).is_some_and(|(o, _)| o == origin));
        let carried: f64 = from_here
            .filter_map(|&r| draft.route(r).map(|(_, d)| draft.most(r, d)))
            .sum();
        let sellers = draft.sellers(origin);
        let made: f64 = sellers.iter().map(|&s| draft.most(s, origin)).sum();
        sum += carried.min(made);
    }
    sum
}
