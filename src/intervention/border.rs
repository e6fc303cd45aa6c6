//! Whose border a measure stands at, and who owns what scarcity at the border is worth.

use serde::{Deserialize, Serialize};

use super::Settled;
use crate::assembly::{
    Activity, Bound, Claim, Dimension, Draft, DraftError, Expr, Limit, Node, Party, Rule, Subject,
};
use crate::market::Bloc;

/// The border of one region, or the common border of a bloc whose members trade freely among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// One region.
    Region(String),
    /// Every member of a bloc; what moves between members does not cross it.
    Bloc(Bloc),
}

impl From<&str> for Border {
    fn from(region: &str) -> Self {
        Self::Region(region.to_owned())
    }
}

impl From<Bloc> for Border {
    fn from(bloc: Bloc) -> Self {
        Self::Bloc(bloc)
    }
}

impl From<&Bloc> for Border {
    fn from(bloc: &Bloc) -> Self {
        Self::Bloc(bloc.clone())
    }
}

impl Border {
    /// Name of the region or the bloc.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Region(region) => region,
            Self::Bloc(bloc) => bloc.name(),
        }
    }

    /// The regions inside.
    #[must_use]
    pub fn regions(&self) -> Vec<&str> {
        match self {
            Self::Region(region) => vec![region],
            Self::Bloc(bloc) => bloc.members().iter().map(String::as_str).collect(),
        }
    }

    /// Checks that every region inside is one of the market's.
    pub(super) fn check(&self, draft: &Draft<'_>, commodity: &str) -> Result<(), DraftError> {
        for region in self.regions() {
            draft.node(region, commodity)?;
        }
        Ok(())
    }

    /// Routes inwards, from the named regions only where there are names.
    pub(super) fn imports(
        &self,
        draft: &Draft<'_>,
        commodity: &str,
        from: &[String],
    ) -> Result<Vec<Activity>, DraftError> {
        self.check(draft, commodity)?;
        let ends = nodes(draft, commodity, from)?;
        let mut routes = draft.imports(&self.regions(), commodity);
        routes
            .retain(|&r| ends.is_empty() || draft.route(r).is_some_and(|(o, _)| ends.contains(&o)));
        Ok(routes)
    }

    /// Routes outwards, to the named regions only where there are names.
    pub(super) fn exports(
        &self,
        draft: &Draft<'_>,
        commodity: &str,
        to: &[String],
    ) -> Result<Vec<Activity>, DraftError> {
        self.check(draft, commodity)?;
        let ends = nodes(draft, commodity, to)?;
        let mut routes = draft.exports(&self.regions(), commodity);
        routes
            .retain(|&r| ends.is_empty() || draft.route(r).is_some_and(|(_, d)| ends.contains(&d)));
        Ok(routes)
    }
}

impl Border {
    /// Routes inwards in a solved market, each with its ends.
    pub(super) fn solved_imports(
        &self,
        settled: &Settled<'_>,
        commodity: &str,
        from: &[String],
    ) -> Vec<(Activity, Node, Node)> {
        let inside = self.regions();
        let mut routes = Vec::new();
        for region in &inside {
            let Some(node) = settled.node(region, commodity) else {
                continue;
            };
            for route in settled.routes_into(node) {
                let Some((origin, destination)) = settled.route(route) else {
                    continue;
                };
                let (at, _) = settled.node_name(origin);
                let counted = from.is_empty() || from.iter().any(|f| f == at);
                if counted && !inside.contains(&at) {
                    routes.push((route, origin, destination));
                }
            }
        }
        routes
    }
}

fn nodes(draft: &Draft<'_>, commodity: &str, regions: &[String]) -> Result<Vec<Node>, DraftError> {
    regions.iter().map(|r| draft.node(r, commodity)).collect()
}

/// Who owns what a quantity limit makes scarce: price inside less price outside, transport and duties, per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RentOwner {
    /// The treasury of the importing region, which auctions the licences.
    ImportingTreasury,
    /// Importers who were given the licences.
    Importers,
    /// The treasury of the exporting region, which auctions the licences.
    ExportingTreasury,
    /// Exporters who were given the licences.
    Exporters,
}

impl RentOwner {
    /// Name of the owner, whether it is a treasury, and the region it belongs to.
    fn title(self, from: &str, to: &str, commodity: &str) -> (String, bool, String) {
        match self {
            Self::ImportingTreasury => (to.to_owned(), true, to.to_owned()),
            Self::ExportingTreasury => (from.to_owned(), true, from.to_owned()),
            Self::Importers => (
                format!("importers of {commodity} into {to}"),
                false,
                to.to_owned(),
            ),
            Self::Exporters => (
                format!("exporters of {commodity} from {from}"),
                false,
                from.to_owned(),
            ),
        }
    }

    /// The party that owns the rent of a route.
    pub(super) fn party(self, draft: &mut Draft<'_>, route: Activity) -> Option<Party> {
        let (origin, destination) = draft.route(route)?;
        let ((from, commodity), (to, _)) = (draft.node_name(origin), draft.node_name(destination));
        let (name, public, region) = self.title(from, to, commodity);
        Some(if public {
            draft.treasury(&name)
        } else {
            draft.licensee(&name, &region)
        })
    }

    /// The same party in a solved market.
    pub(super) fn solved_party(self, settled: &Settled<'_>, route: Activity) -> Option<Party> {
        let (origin, destination) = settled.route(route)?;
        let ((from, commodity), (to, _)) =
            (settled.node_name(origin), settled.node_name(destination));
        let (name, public, _) = self.title(from, to, commodity);
        if public {
            settled.treasury(&name)
        } else {
            settled.licensee(&name)
        }
    }
}

/// Which end of a route a quantity is counted at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Sent,
    Received,
}

impl End {
    /// Units of the commodity at this end per unit of a route's level.
    pub(super) fn per_level(self, draft: &Draft<'_>, route: Activity) -> Expr {
        match (self, draft.route(route)) {
            (Self::Sent, Some((origin, _))) => draft.input_per_unit(route, origin),
            (Self::Received, Some((_, destination))) => draft.output_per_unit(route, destination),
            (_, None) => Expr::zero(),
        }
    }
}

/// A limit on what routes carry in all. A rent per unit, zero or more and complementary to the room that is left,
/// is paid to its owner. A limit of zero is a ban, which has no rent.
pub(super) struct FlowLimit {
    pub(super) claim: Claim,
    pub(super) quota: f64,
    pub(super) end: End,
    pub(super) owner: RentOwner,
}

impl FlowLimit {
    pub(super) fn write(
        &self,
        draft: &mut Draft<'_>,
        routes: &[Activity],
    ) -> Result<(), DraftError> {
        if self.quota == 0.0 {
            return routes.iter().try_for_each(|&route| draft.ban(route));
        }
        let quota = draft.param("quota", self.quota, Rule::Positive)?;
        draft.pledge(Subject::Flow(routes.to_vec()), Bound::AtMost(self.quota))?;
        let Some((_, node)) = routes.first().and_then(|&r| draft.route(r)) else {
            return Ok(());
        };
        let rent = draft.unknown("rent", Dimension::Price.at(node), 0.0, Limit::none(), 0.0);
        let mut room = Expr::from(quota);
        for &route in routes {
            let per_level = self.end.per_level(draft, route);
            room = room - per_level.clone() * draft.level(route);
            let Some(party) = self.owner.party(draft, route) else {
                continue;
            };
            let trader = draft.owner(route);
            draft.charge(self.claim, route, per_level * rent, trader, party)?;
        }
        draft.condition(rent, Dimension::Quantity.at(node), room);
        Ok(())
    }
}
