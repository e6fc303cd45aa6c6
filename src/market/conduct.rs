//! Firms that know their sales move the price: pools, sales and what they reckon with.
//!
//! A firm with conduct pools its output of a commodity in a region in a hub of its own and sells from there: at home,
//! and by every route from its region. Anonymous routes never carry its sales. With a conjectural variation of 0 it is
//! a price taker, with 1 it is Cournot: it takes all other quantities as given.

use serde::{Deserialize, Serialize};

use super::facts::Market;
use crate::assembly::{
    Activity, ActivityFacts, Conduct, DemandEntry, Dimension, Draft, DraftError, Expr, Limit, Node,
    Param, Role, Rule,
};
use crate::curve::{Kernel, Segment};

/// How a firm reckons with its own effect on prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirmConduct {
    pub(crate) firm: String,
    pub(crate) variation: f64,
    /// Where it holds; everywhere unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) commodity: Option<String>,
}

/// The weight of a region's surplus in a firm's objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicShare {
    pub(crate) firm: String,
    pub(crate) region: String,
    pub(crate) weight: f64,
}

impl Market {
    /// The variation of a firm at a node: the entry that names the node, else the one for the firm everywhere.
    pub(super) fn variation(&self, firm: &str, region: &str, commodity: &str) -> f64 {
        let of_firm = || self.conducts().iter().filter(|c| c.firm == firm);
        let here = |c: &&FirmConduct| {
            c.region.as_deref() == Some(region) && c.commodity.as_deref() == Some(commodity)
        };
        let named = of_firm().find(here);
        named
            .or_else(|| of_firm().find(|c| c.region.is_none()))
            .map_or(0.0, |c| c.variation)
    }

    pub(crate) fn has_conduct(&self, firm: &str) -> bool {
        self.conducts().iter().any(|c| c.firm == firm)
            || self.public_shares().iter().any(|s| s.firm == firm)
    }

    /// The hub where a firm pools its output of a node's commodity, made when first asked for.
    pub(super) fn hub(
        draft: &mut Draft<'_>,
        hubs: &mut Vec<(String, Node, Node)>,
        firm: &str,
        node: Node,
    ) -> Node {
        if let Some(&(_, _, hub)) = hubs.iter().find(|(f, n, _)| f == firm && *n == node) {
            return hub;
        }
        let (region, commodity) = draft.node_name(node);
        let (region, commodity) = (region.to_owned(), format!("{commodity} of {firm}"));
        let hub = draft.add_hub(&region, &commodity, node);
        hubs.push((firm.to_owned(), node, hub));
        hub
    }

    /// Writes the sales of every firm with conduct.
    pub(super) fn write_sales(
        &self,
        draft: &mut Draft<'_>,
        hubs: &[(String, Node, Node)],
    ) -> Result<(), DraftError> {
        let mut slopes: Vec<(Node, Expr)> = Vec::new();
        for (firm, node, hub) in hubs {
            let (region, commodity) = draft.node_name(*node);
            let (region, commodity) = (region.to_owned(), commodity.to_owned());
            let mut ways = vec![(region.clone(), 0.0, 0.0, f64::INFINITY, 1.0)];
            for r in self
                .routes()
                .iter()
                .filter(|r| r.from == region && r.commodity == commodity)
            {
                ways.push((
                    r.to.clone(),
                    r.cost,
                    r.margin,
                    r.capacity.unwrap_or(f64::INFINITY),
                    r.arrives,
                ));
            }
            for (to, cost, margin, capacity, arrives) in ways {
                let target = draft.node(&to, &commodity)?;
                if !draft.has_final_demand(target) {
                    if draft.is_input(target) {
                        return Err(DraftError::Unfit {
                            place: format!("firm `{firm}`"),
                            target: format!("{commodity} in {to}"),
                            rule: "has no final demand whose slope the firm could reckon with, and others buy there",
                        });
                    }
                    continue; // goods only pass through
                }
                let name = if to == region {
                    format!("{firm}: {commodity} in {to}")
                } else {
                    format!("{firm}: {region} -> {to}: {commodity}")
                };
                let segment = Segment::Price {
                    kernel: Kernel::Constant,
                    parameters: vec![cost],
                    offset: 0.0,
                    capacity,
                };
                let sale = draft.add_activity(ActivityFacts {
                    path: &format!("sale/{name}"),
                    name: &name,
                    owner: firm,
                    role: Role::Producer,
                    region: Some(&region),
                    route: (to != region).then_some((*node, target)),
                    column: vec![(*hub, -1.0), (target, arrives)],
                    segments: vec![("", &segment)],
                    merit_order: true,
                    sale: true,
                })?;
                if margin > 0.0 {
                    let margin =
                        draft.param(&format!("sale/{name}/margin"), margin, Rule::NonNegative)?;
                    draft.wedge(sale, margin);
                }
                if !slopes.iter().any(|(n, _)| *n == target) {
                    slopes.push((target, slope(draft, target)?));
                }
                let slope = slopes
                    .iter()
                    .find(|(n, _)| *n == target)
                    .map_or_else(Expr::zero, |(_, s)| s.clone());
                let variation = self.variation(firm, &to, &commodity);
                draft.add_sale(firm, target, sale, variation, slope)?;
            }
        }
        for share in self.public_shares() {
            let path = format!("public/{}/{}/weight", share.firm, share.region);
            let weight = draft.param(&path, share.weight, Rule::Share)?;
            draft.weigh_public(&share.firm, &share.region, weight);
        }
        Ok(())
    }
}

/// Slope of the inverse of final demand at a node, as an expression: a parameter where demand is linear, else an
/// unknown `s` with `elasticity * quantity * s = price`, or `rate * quantity * s = 1` for a semi-logarithmic demand.
fn slope(draft: &mut Draft<'_>, node: Node) -> Result<Expr, DraftError> {
    let (region, commodity) = draft.node_name(node);
    let target = format!("{commodity} in {region}");
    let unfit = |rule| DraftError::Unfit {
        place: "conduct".to_owned(),
        target: target.clone(),
        rule,
    };
    let demands = draft.demands(node);
    let [demand] = demands.as_slice() else {
        return Err(unfit(
            "has a demand of several pieces; a firm with conduct needs one smooth curve there",
        ));
    };
    let (kernel, parameters, quantity) = match demand {
        DemandEntry::Fixed { .. } => {
            return Err(unfit("has a fixed demand, whose inverse has no slope"));
        }
        DemandEntry::Nested { .. } => {
            return Err(unfit(
                "has a nested demand for several goods, whose inverse in one quantity has no single slope",
            ));
        }
        DemandEntry::Linked {
            quantity, slopes, ..
        } => {
            let own = slopes.iter().filter(|(_, of)| of == quantity);
            return Ok(own.fold(Expr::zero(), |sum, &(slope, _)| sum + slope));
        }
        DemandEntry::Quantity { curve } => (
            curve.kernel,
            curve.parameters.clone(),
            Expr::curve(curve.clone()),
        ),
        DemandEntry::Price { quantity, worth } => {
            let from_offset = worth.offset.iter().fold(
                Expr::from(*quantity) + worth.offset_number,
                |sum, &(c, p)| sum + Expr::from(p) * c,
            );
            (worth.kernel, worth.parameters.clone(), from_offset)
        }
    };
    let param = |k: usize| parameters.get(k).copied();
    let third: Option<Param> = param(2);
    let (product, rest) = match (kernel, param(1), third) {
        (Kernel::Linear, Some(slope), _) => return Ok(slope.into()),
        (Kernel::Elastic | Kernel::ElasticQuantity, _, Some(elasticity)) => {
            (quantity * elasticity, draft.price(node))
        }
        (Kernel::Exponential | Kernel::ExponentialQuantity, _, Some(rate)) => {
            (quantity * rate, Expr::from(1.0))
        }
        _ => return Err(unfit("has a demand in steps, whose inverse has no slope")),
    };
    let dimension = if matches!(kernel, Kernel::Exponential | Kernel::ExponentialQuantity) {
        Dimension::Share
    } else {
        Dimension::Price
    };
    let start = draft.typical_slope(node);
    let slope = draft.unknown(
        &format!("slope/{target}"),
        Dimension::Slope.at(node),
        Limit::below(),
        0.0,
        start,
    );
    draft.condition(slope, dimension.at(node), rest - product * slope);
    Ok(slope.into())
}

impl Draft<'_> {
    /// Books a sale of a firm with conduct at a node.
    fn add_sale(
        &mut self,
        firm: &str,
        node: Node,
        sale: Activity,
        variation: f64,
        slope: Expr,
    ) -> Result<(), DraftError> {
        let party = self.owner(sale);
        if let Some(conduct) = self.conduct_mut(party, node) {
            conduct.sales.push(sale);
            return Ok(());
        }
        let (region, commodity) = self.node_name(node);
        let path = format!("conduct/{firm}/{region}/{commodity}/variation");
        let variation = self.param(&path, variation, Rule::NonNegative)?;
        self.add_conduct(Conduct {
            firm: party,
            node,
            variation,
            slope,
            sales: vec![sale],
            insulated: Vec::new(),
            public: None,
        });
        Ok(())
    }
}
