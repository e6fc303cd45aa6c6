//! The market writes itself into a draft.

use super::facts::Market;
use crate::assembly::{ActivityFacts, Assembly, Draft, DraftError, Period, Role, Rule};
use crate::curve::{Kernel, Segment, Supply};

impl Market {
    /// The facts as an assembly, to which measures can be added.
    pub(crate) fn assemble(&self, period: Period) -> Result<Assembly, DraftError> {
        let mut assembly = Assembly::default();
        let mut draft = Draft::of_market(&mut assembly, period);
        for region in self.regions() {
            for commodity in self.commodities() {
                let system = self
                    .demand_systems()
                    .iter()
                    .find(|u| &u.region == region && u.system.goods().contains(commodity));
                let buyers = system.map_or(commodity.as_str(), |u| &u.name);
                draft.add_node(region, commodity, &format!("{buyers} in {region}"));
            }
        }
        for u in self.demands() {
            let node = draft.node(&u.region, &u.commodity)?;
            for piece in u.demand.segments() {
                let path = format!("demand/{}/{}", u.region, u.commodity);
                let path = if piece.path.is_empty() {
                    path
                } else {
                    format!("{path}/{}", piece.path)
                };
                draft.add_demand(node, &path, &piece.segment)?;
            }
        }
        for u in self.demand_systems() {
            draft.add_system(&u.region, &u.name, &u.system)?;
        }
        let mut hubs = Vec::new();
        for activity in self.activities() {
            let mut column = Vec::new();
            for flow in activity.outputs() {
                let mut node = draft.node(activity.region(), flow.commodity())?;
                if self.has_conduct(activity.owner()) {
                    node = Self::hub(&mut draft, &mut hubs, activity.owner(), node);
                }
                column.push((node, flow.per_unit()));
            }
            for flow in activity.inputs() {
                column.push((
                    draft.node(activity.region(), flow.commodity())?,
                    -flow.per_unit(),
                ));
            }
            let pieces = activity.supply().segments();
            draft.add_activity(ActivityFacts {
                path: &format!("activity/{}", activity.name()),
                name: activity.name(),
                owner: activity.owner(),
                role: Role::Producer,
                region: Some(activity.region()),
                route: None,
                column,
                segments: pieces
                    .iter()
                    .map(|p| (p.path.as_str(), &p.segment))
                    .collect(),
                merit_order: Supply::in_merit_order(activity.supply()),
                sale: false,
            })?;
        }
        self.write_sales(&mut draft, &hubs)?;
        for route in self.routes() {
            let from = draft.node(&route.from, &route.commodity)?;
            let to = draft.node(&route.to, &route.commodity)?;
            let name = route.name();
            let capacity = route.capacity.unwrap_or(f64::INFINITY);
            let cost = Segment::Price {
                kernel: Kernel::Constant,
                parameters: vec![route.cost],
                offset: 0.0,
                capacity,
            };
            let activity = draft.add_activity(ActivityFacts {
                path: &format!("route/{name}"),
                name: &name,
                owner: &name,
                role: Role::Trader,
                region: Some(&route.to),
                route: Some((from, to)),
                column: vec![(from, -1.0), (to, route.arrives)],
                segments: vec![("", &cost)],
                merit_order: true,
                sale: false,
            })?;
            if route.margin > 0.0 {
                let margin = draft.param(
                    &format!("route/{name}/margin"),
                    route.margin,
                    Rule::NonNegative,
                )?;
                draft.wedge(activity, margin);
            }
        }
        super::scale::set(&mut assembly);
        Ok(assembly)
    }
}
