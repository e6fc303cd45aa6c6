//! Buyers who get less than they want at the price, costs that others bear, and parties that hold licences.

use super::draft::Draft;
use super::entry::{Clearing, DemandEntry, Dimension, Limit, Relief, Role};
use super::error::DraftError;
use super::expr::Expr;
use super::handle::{Activity, Node, Param, Party, Unknown};

impl Draft<'_> {
    /// Every activity that takes the commodity from the node: plants that use it and routes out.
    #[must_use]
    pub fn users(&self, node: Node) -> Vec<Activity> {
        let all = self.assembly.activities.iter().enumerate();
        all.filter(|(_, a)| a.column.iter().any(|&(n, y, _)| n == node && y < 0.0))
            .map(|(i, _)| Activity::new(i))
            .collect()
    }

    /// The nodes an activity takes from.
    #[must_use]
    pub fn inputs(&self, activity: Activity) -> Vec<Node> {
        let column = &self.assembly.activities[activity.index()].column;
        let inputs = column.iter().filter(|&&(_, y, _)| y < 0.0);
        inputs.map(|&(node, _, _)| node).collect()
    }

    /// Final demand at a node that must be met whatever the price, units per year.
    #[must_use]
    pub fn fixed_demand(&self, node: Node) -> f64 {
        let demands = &self.assembly.nodes[node.index()].demands;
        demands.iter().fold(0.0, |sum, demand| match demand {
            DemandEntry::Fixed { quantity } => sum + self.assembly.params[quantity.index()].value,
            _ => sum,
        })
    }

    /// Holders of licences or quota shares in a region, by name. Their rent is theirs, not the treasury's.
    pub fn licensee(&mut self, name: &str, region: &str) -> Party {
        self.assembly.party(Role::Licensee, name, Some(region))
    }

    /// The number that an earlier measure registered under a name.
    ///
    /// # Errors
    /// [`DraftError::Unknown`] when no earlier measure has the name, or it has no such number.
    pub fn param_of(&self, measure: &str, name: &str) -> Result<Param, DraftError> {
        let path = format!("measure/{measure}/{name}");
        self.assembly.find(&path).ok_or_else(|| {
            let known: Vec<&str> = self.assembly.measures.iter().map(String::as_str).collect();
            DraftError::Unknown {
                place: self.place(),
                what: "earlier measure with the number",
                name: format!("{measure}/{name}"),
                known: known.join(", "),
            }
        })
    }

    /// The price, free of any bound, from which a floor lifts a node's price and a ceiling lowers it. Until one
    /// does, it is the node's price.
    pub fn clearing_price(&mut self, node: Node, start: f64) -> Unknown {
        if let Some(clearing) = &self.assembly.nodes[node.index()].clearing {
            return clearing.price;
        }
        let gauge = Dimension::Price.at(node);
        let price = self.unknown("clearing", gauge, Limit::below(), Limit::none(), start);
        self.assembly.nodes[node.index()].clearing = Some(Clearing {
            price,
            above: Expr::zero(),
        });
        self.lift(node, Expr::zero());
        price
    }

    /// Lifts a node's price above its [`clearing_price`](Self::clearing_price), or lowers it when negative.
    pub fn lift(&mut self, node: Node, by: impl Into<Expr>) {
        let entry = &mut self.assembly.nodes[node.index()];
        let Some(clearing) = &mut entry.clearing else {
            return;
        };
        clearing.above = clearing.above.clone() + by.into();
        let (free, above) = (clearing.price, clearing.above.clone());
        let condition = Expr::from(free) + above - entry.price;
        self.condition(free, Dimension::Price.at(node), condition);
    }

    /// Lets final buyers at a node respond to what their last unit is worth instead of to the price they pay, and
    /// gives that worth as an unknown. It must be paired with a [`condition`](Self::condition). The difference is
    /// a rent to the buyers who are served.
    ///
    /// # Errors
    /// [`DraftError::Unfit`] when another measure rations the node already, or when it has a demand that is fixed.
    pub fn ration_by_worth(&mut self, node: Node, start: f64) -> Result<Unknown, DraftError> {
        self.rationable(node)?;
        let fixed = |d: &DemandEntry| matches!(d, DemandEntry::Fixed { .. });
        if self.assembly.nodes[node.index()].demands.iter().any(fixed) {
            return Err(self.unfit_node(
                node,
                "has a demand that must be met whatever the price; a ceiling cannot ration it",
            ));
        }
        let gauge = Dimension::Price.at(node);
        let worth = self.unknown("worth", gauge, 0.0, Limit::none(), start);
        let entry = &mut self.assembly.nodes[node.index()];
        entry.worth = Some(worth);
        for demand in &mut entry.demands {
            if let DemandEntry::Quantity { curve } = demand {
                curve.of = worth;
            }
        }
        // buyers of several goods respond to the worth of this one in all their quantities
        let price = entry.price;
        let demands = self.assembly.nodes.iter_mut().flat_map(|n| &mut n.demands);
        for demand in demands {
            if let DemandEntry::Nested { quantity, .. } = demand {
                for unknown in quantity.of.iter_mut().filter(|u| **u == price) {
                    *unknown = worth;
                }
            }
        }
        Ok(worth)
    }

    /// Serves only the share (1 - `unserved`) of what final buyers want at the price, whoever they are.
    ///
    /// # Errors
    /// [`DraftError::Unfit`] when another measure rations the node already, or when it has a demand without a
    /// choke price, since buyers who go without would then lose without limit.
    pub fn ration_buyers(&mut self, node: Node, unserved: Unknown) -> Result<(), DraftError> {
        self.rationable(node)?;
        let joint =
            |d: &DemandEntry| matches!(d, DemandEntry::Nested { .. } | DemandEntry::Linked { .. });
        if self.assembly.nodes[node.index()].demands.iter().any(joint) {
            return Err(self.unfit_node(
                node,
                "is one of several goods of a demand system; the share of its buyers who are served does not say what they do with the others",
            ));
        }
        let choked = self.assembly.nodes[node.index()]
            .demands
            .iter()
            .all(|demand| {
                let DemandEntry::Price { worth, .. } = demand else {
                    return false;
                };
                let value = |p: &Param| self.assembly.params[p.index()].value;
                let parameters: Vec<f64> = worth.parameters.iter().map(value).collect();
                let offset = worth
                    .offset
                    .iter()
                    .fold(worth.offset_number, |sum, (c, p)| sum + c * value(p));
                worth.kernel.value(&parameters, offset).is_finite()
            });
        if !choked {
            return Err(self.unfit_node(
                node,
                "has a demand without a choke price; what buyers lose who go without is then unbounded",
            ));
        }
        self.assembly.nodes[node.index()].unserved = Some(unserved);
        Ok(())
    }

    fn rationable(&self, node: Node) -> Result<(), DraftError> {
        let entry = &self.assembly.nodes[node.index()];
        if entry.worth.is_some() || entry.unserved.is_some() {
            return Err(self.unfit_node(
                node,
                "has buyers who are rationed already by another measure",
            ));
        }
        Ok(())
    }

    fn unfit_node(&self, node: Node, rule: &'static str) -> DraftError {
        let (region, commodity) = self.node_name(node);
        DraftError::Unfit {
            place: self.place(),
            target: format!("{commodity} in {region}"),
            rule,
        }
    }

    /// Lets a payer bear a share of an activity's own cost, its purchases at nodes apart: marginal cost falls by
    /// the share, and the share of the whole cost is paid.
    ///
    /// # Errors
    /// [`DraftError::Conflict`] when an earlier measure bears a share of it and this one has no stacking rule.
    pub fn relieve(
        &mut self,
        activity: Activity,
        share: Param,
        payer: Party,
    ) -> Result<(), DraftError> {
        let Some((measure, name)) = self.scope.clone() else {
            return Ok(());
        };
        let earlier = self
            .assembly
            .reliefs
            .iter()
            .find(|r| r.activity == activity);
        if let (Some(earlier), None) = (earlier, self.stacking) {
            return Err(DraftError::Conflict {
                first: self.assembly.measures[earlier.measure].clone(),
                second: name,
                kind: "share of cost",
                target: format!("`{}`", self.activity_name(activity)),
            });
        }
        self.assembly.reliefs.push(Relief {
            measure,
            activity,
            share,
            payer,
        });
        Ok(())
    }

    /// Input taken from a node per unit of an activity's level (zero or more).
    #[must_use]
    pub fn input_per_unit(&self, activity: Activity, node: Node) -> Expr {
        if self.output_amount(activity, node) < 0.0 {
            -self.output_per_unit(activity, node)
        } else {
            Expr::zero()
        }
    }
}
