//! What the market alone writes: nodes, demands, activities, conduct.

use super::draft::Draft;
use super::entry::{
    ActivityEntry, Conduct, DemandEntry, Dimension, Limit, NodeEntry, Part, PublicWeight, Role,
    Rule,
};
use super::error::DraftError;
use super::expr::CurveAt;
use super::handle::{Activity, Node, Param, Party, Unknown};
use crate::curve::{Kernel, Segment};

impl Draft<'_> {
    /// A node whose final buyers go by a name; those of several nodes may be one party.
    pub(crate) fn add_node(&mut self, region: &str, commodity: &str, buyers: &str) -> Node {
        let node = Node::new(self.assembly.nodes.len());
        let gauge = Dimension::Price.at(node);
        let price = self.unknown(
            &format!("price/{region}/{commodity}"),
            gauge,
            0.0,
            Limit::none(),
            0.0,
        );
        let consumers = self.assembly.party(Role::Consumers, buyers, Some(region));
        self.assembly
            .node_ids
            .entry(region.to_owned())
            .or_default()
            .insert(commodity.to_owned(), node);
        self.assembly.nodes.push(NodeEntry {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            price,
            consumers,
            demands: Vec::new(),
            reference_price: 0.0,
            withdrawals: Vec::new(),
            hub_of: None,
            disposal: true,
            clearing: None,
            worth: None,
            unserved: None,
            price_scale: 0.0,
            quantity_scale: 0.0,
        });
        node
    }

    pub(crate) fn add_hub(&mut self, region: &str, commodity: &str, of: Node) -> Node {
        let hub = self.add_node(region, commodity, &format!("{commodity} in {region}"));
        self.assembly.nodes[hub.index()].hub_of = Some(of);
        hub
    }

    pub(crate) fn has_final_demand(&self, node: Node) -> bool {
        !self.assembly.nodes[node.index()].demands.is_empty()
    }

    /// Whether some activity, routes apart, takes the node's commodity in.
    pub(crate) fn is_input(&self, node: Node) -> bool {
        let takes = |a: &ActivityEntry| {
            a.route.is_none() && a.column.iter().any(|c| c.0 == node && c.1 < 0.0)
        };
        self.assembly.activities.iter().any(takes)
    }

    pub(crate) fn demands(&self, node: Node) -> Vec<DemandEntry> {
        self.assembly.nodes[node.index()].demands.clone()
    }

    pub(crate) fn conduct_mut(&mut self, firm: Party, node: Node) -> Option<&mut Conduct> {
        self.assembly
            .conducts
            .iter_mut()
            .find(|c| c.firm == firm && c.node == node)
    }

    /// Lets a firm weigh the surplus of a region wherever it sells.
    pub(crate) fn weigh_public(&mut self, firm: &str, region: &str, weight: Param) {
        let parties = &self.assembly.parties;
        let of_firm = |c: &&mut Conduct| parties[c.firm.index()].name == firm;
        for conduct in self.assembly.conducts.iter_mut().filter(of_firm) {
            conduct.public = Some(PublicWeight {
                weight,
                home: region.to_owned(),
            });
        }
    }

    pub(crate) fn add_conduct(&mut self, conduct: Conduct) {
        self.assembly.conducts.push(conduct);
    }

    /// Price over quantity at a node's calibration, with the sign of a demand's slope.
    pub(crate) fn typical_slope(&self, node: Node) -> f64 {
        let first = self.assembly.nodes[node.index()].demands.first();
        let curve = match first {
            Some(DemandEntry::Quantity { curve }) => curve,
            Some(DemandEntry::Price { worth, .. }) => worth,
            _ => return -1.0,
        };
        let value = |k: usize| {
            curve
                .parameters
                .get(k)
                .map_or(1.0, |p| self.assembly.params[p.index()].value)
        };
        -(value(0) / value(1)).abs()
    }

    fn curve_at(
        &mut self,
        path: &str,
        kernel: Kernel,
        values: &[f64],
        offset: Vec<(f64, Param)>,
        of: Unknown,
    ) -> Result<CurveAt, DraftError> {
        let parameters = kernel
            .parameter_names()
            .iter()
            .zip(values)
            .map(|(name, &value)| {
                self.param(
                    &format!("{path}/{name}"),
                    value,
                    rule_of(kernel, name, value),
                )
            })
            .collect::<Result<_, _>>()?;
        Ok(CurveAt {
            kernel,
            parameters,
            offset_number: 0.0,
            offset,
            of,
        })
    }

    /// The limit and, where it is finite, its parameter; the offset likewise.
    fn limit(&mut self, path: &str, name: &str, value: f64) -> Result<Limit, DraftError> {
        if value == f64::INFINITY {
            return Ok(Limit::none());
        }
        Ok(self
            .param(&format!("{path}/{name}"), value, Rule::NonNegative)?
            .into())
    }

    pub(crate) fn add_demand(
        &mut self,
        node: Node,
        path: &str,
        segment: &Segment,
    ) -> Result<(), DraftError> {
        let price = self.assembly.nodes[node.index()].price;
        let entry = match segment {
            Segment::Fixed { quantity } => DemandEntry::Fixed {
                quantity: self.param(&format!("{path}/quantity"), *quantity, Rule::NonNegative)?,
            },
            Segment::Quantity { kernel, parameters } => DemandEntry::Quantity {
                curve: self.curve_at(path, *kernel, parameters, Vec::new(), price)?,
            },
            Segment::Price {
                kernel,
                parameters,
                offset,
                capacity,
            } => {
                let upper = self.limit(path, "capacity", *capacity)?;
                let gauge = Dimension::Quantity.at(node);
                let quantity = self.unknown(path, gauge, 0.0, upper, 0.0);
                let offset = self.offset(path, *offset)?;
                let worth = self.curve_at(path, *kernel, parameters, offset, quantity)?;
                DemandEntry::Price { quantity, worth }
            }
        };
        self.assembly.nodes[node.index()].demands.push(entry);
        Ok(())
    }

    fn offset(&mut self, path: &str, value: f64) -> Result<Vec<(f64, Param)>, DraftError> {
        if value == 0.0 {
            return Ok(Vec::new());
        }
        Ok(vec![(
            1.0,
            self.param(&format!("{path}/offset"), value, Rule::Finite)?,
        )])
    }

    pub(crate) fn add_activity(
        &mut self,
        facts: ActivityFacts<'_>,
    ) -> Result<Activity, DraftError> {
        let owner = self.assembly.party(facts.role, facts.owner, facts.region);
        let activity = Activity::new(self.assembly.activities.len());
        let mut column = Vec::new();
        for &(node, amount) in &facts.column {
            let name = if amount > 0.0 { "output" } else { "input" };
            let (region, commodity) = self.node_name(node);
            let path = match facts.route {
                Some(_) if amount < 0.0 => format!("{}/sent", facts.path),
                Some(_) => format!("{}/received", facts.path),
                None if facts.region == Some(region) => {
                    format!("{}/{name}/{commodity}", facts.path)
                }
                None => format!("{}/{name}/{commodity} in {region}", facts.path),
            };
            let rule = if amount > 0.0 {
                Rule::Positive
            } else {
                Rule::Negative
            };
            column.push((node, amount, self.param(&path, amount, rule)?));
        }
        let home = column.first().map(|&(node, _, _)| node);
        let mut parts = Vec::new();
        for (path, segment) in facts.segments {
            let path = if path.is_empty() {
                facts.path.to_owned()
            } else {
                format!("{}/{path}", facts.path)
            };
            let Segment::Price {
                kernel,
                parameters,
                offset,
                capacity,
            } = segment
            else {
                continue;
            };
            let upper = self.limit(&path, "capacity", *capacity)?;
            let quantity = Dimension::Quantity;
            let gauge = home.map_or(quantity.overall(), |node| quantity.at(node));
            let level = self.unknown(&path, gauge, 0.0, upper, 0.0);
            let offset = self.offset(&path, *offset)?;
            let cost = self.curve_at(&path, *kernel, parameters, offset, level)?;
            parts.push(Part { path, level, cost });
        }
        self.assembly.activities.push(ActivityEntry {
            name: facts.name.to_owned(),
            owner,
            region: facts.region.map(str::to_owned),
            route: facts.route,
            column,
            parts,
            merit_order: facts.merit_order,
            sale: facts.sale,
            unserved: None,
            cuts: Vec::new(),
        });
        Ok(activity)
    }
}

/// The facts of an activity as the market hands them over.
pub(crate) struct ActivityFacts<'a> {
    pub(crate) path: &'a str,
    pub(crate) name: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) role: Role,
    pub(crate) region: Option<&'a str>,
    pub(crate) route: Option<(Node, Node)>,
    pub(crate) column: Vec<(Node, f64)>,
    pub(crate) segments: Vec<(&'a str, &'a Segment)>,
    pub(crate) merit_order: bool,
    pub(crate) sale: bool,
}

/// A curve's parameter keeps the sign that makes the curve slope the right way.
fn rule_of(kernel: Kernel, name: &str, value: f64) -> Rule {
    match (kernel, name) {
        (Kernel::Constant, _) | (_, "intercept") => Rule::Finite,
        _ if value > 0.0 => Rule::Positive,
        _ if value < 0.0 => Rule::Negative,
        _ => Rule::Finite,
    }
}
