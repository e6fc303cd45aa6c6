//! What a measure may see once the market is solved, and what it may then pay.

use thiserror::Error;

use crate::assembly::{Activity, Assembly, DraftError, Node, Party};

/// A measure's view of a solved market.
#[derive(Debug)]
pub struct Settled<'a> {
    pub(crate) assembly: &'a Assembly,
    pub(crate) values: &'a [f64],
    pub(crate) x: &'a [f64],
    pub(crate) measure: usize,
}

/// Whether the case in which a measure was written holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Admission {
    /// It holds.
    Holds,
    /// It contradicts the solution, for this reason.
    Contradicted(String),
}

/// What goes wrong when lump sums are worked out.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SettleError {
    /// A name that the market does not know.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A payment that is not a number.
    #[error(
        "measure `{measure}`: payment `{label}` is {amount}; it must be a finite number, zero or more"
    )]
    Amount {
        /// The measure.
        measure: String,
        /// What the payment is for.
        label: String,
        /// The amount.
        amount: f64,
    },
}

/// A lump sum from one party to another, money per year.
#[derive(Clone, Debug, PartialEq)]
pub struct Payment {
    pub(crate) measure: usize,
    pub(crate) payer: Party,
    pub(crate) payee: Party,
    pub(crate) amount: f64,
}

/// Collects a measure's lump sums.
#[derive(Debug, Default)]
pub struct Book {
    pub(crate) payments: Vec<Payment>,
}

impl Settled<'_> {
    /// The node of a commodity in a region.
    #[must_use]
    pub fn node(&self, region: &str, commodity: &str) -> Option<Node> {
        let nodes = &self.assembly.nodes;
        nodes
            .iter()
            .position(|n| n.region == region && n.commodity == commodity)
            .map(Node::new)
    }

    /// Activities with this name, or owned by this firm.
    #[must_use]
    pub fn activities(&self, name: &str) -> Vec<Activity> {
        let all = self.assembly.activities.iter().enumerate();
        all.filter(|(_, a)| {
            a.name == name || !a.sale && self.assembly.parties[a.owner.index()].name == name
        })
        .map(|(i, _)| Activity::new(i))
        .collect()
    }

    /// The firm that owns an activity.
    #[must_use]
    pub fn owner(&self, activity: Activity) -> Party {
        self.assembly.activities[activity.index()].owner
    }

    /// A public purse by name, where some measure named it.
    #[must_use]
    pub fn treasury(&self, name: &str) -> Option<Party> {
        let role = crate::assembly::Role::Treasury;
        self.assembly
            .parties
            .iter()
            .position(|p| p.role == role && p.name == name)
            .map(Party::new)
    }

    /// A holder of licences by name, where some measure named it.
    #[must_use]
    pub fn licensee(&self, name: &str) -> Option<Party> {
        let role = crate::assembly::Role::Licensee;
        self.assembly
            .parties
            .iter()
            .position(|p| p.role == role && p.name == name)
            .map(Party::new)
    }

    /// Region and commodity of a node.
    #[must_use]
    pub fn node_name(&self, node: Node) -> (&str, &str) {
        let entry = &self.assembly.nodes[node.index()];
        (&entry.region, &entry.commodity)
    }

    /// The region an activity is in; for a route, the region it arrives in.
    #[must_use]
    pub fn region_of(&self, activity: Activity) -> Option<&str> {
        let entry = &self.assembly.activities[activity.index()];
        match entry.route {
            Some((_, to)) => Some(&self.assembly.nodes[to.index()].region),
            None => entry.region.as_deref(),
        }
    }

    /// Origin and destination of a route; `None` for any other activity.
    #[must_use]
    pub fn route(&self, activity: Activity) -> Option<(Node, Node)> {
        self.assembly.activities[activity.index()].route
    }

    /// What final users buy at a node, units per year.
    #[must_use]
    pub fn demanded(&self, node: Node) -> f64 {
        let entry = &self.assembly.nodes[node.index()];
        let wanted = entry.demands.iter().fold(0.0, |sum, demand| {
            sum + self.assembly.taken(demand, self.values, self.x)
        });
        wanted * self.assembly.served_demand(entry, self.x)
    }

    /// Cost of one more unit of an activity, its purchases at nodes apart, money per unit of its level.
    #[must_use]
    pub fn marginal_cost(&self, activity: Activity) -> f64 {
        let parts = &self.assembly.activities[activity.index()].parts;
        parts
            .iter()
            .rfind(|part| self.x[part.level.index()] > 0.0)
            .or(parts.first())
            .map_or(0.0, |part| {
                self.assembly.marginal_cost(part, self.values, self.x)
            })
    }

    /// What an activity earns its owner: sales less purchases, payments per unit and its own cost, money per year.
    /// Lump sums are not in it.
    #[must_use]
    pub fn earnings(&self, activity: Activity) -> f64 {
        let entry = &self.assembly.activities[activity.index()];
        // a wedge moves the margin and is not paid
        let wedges = self.assembly.wedges_on(activity);
        let mut earned = wedges.fold(0.0, |sum, wedge| {
            sum + self.assembly.wedged(wedge, self.values, self.x)
        });
        let relieved = self.assembly.relieved(activity, self.values);
        let served = self.assembly.served(activity, self.x);
        for (k, part) in entry.parts.iter().enumerate() {
            let level = self.x[part.level.index()];
            let margin = self.assembly.marginal_cost(part, self.values, self.x);
            let net =
                self.assembly.net_revenue(activity, k, self.values, self.x) - relieved * margin;
            let cost = self.assembly.part_cost(part, self.values, self.x);
            earned += served * (net * level - (1.0 - relieved) * cost);
        }
        earned
    }

    /// Price at a node, money per unit.
    #[must_use]
    pub fn price(&self, node: Node) -> f64 {
        self.x[self.assembly.nodes[node.index()].price.index()]
    }

    /// Realised level of an activity, units per year.
    #[must_use]
    pub fn level(&self, activity: Activity) -> f64 {
        self.assembly.realised(activity, self.x)
    }

    /// Output of an activity at a node, units per year.
    #[must_use]
    pub fn output(&self, activity: Activity, node: Node) -> f64 {
        self.output_per_unit(activity, node) * self.level(activity)
    }

    /// Output at a node per unit of an activity's level.
    #[must_use]
    pub fn output_per_unit(&self, activity: Activity, node: Node) -> f64 {
        let column = &self.assembly.activities[activity.index()].column;
        let direct = column.iter().find(|c| c.0 == node);
        let pooled = || {
            column
                .iter()
                .find(|c| self.assembly.market_node(c.0) == node)
        };
        direct
            .or_else(pooled)
            .map_or(0.0, |c| self.values[c.2.index()])
    }

    /// Name of an activity.
    #[must_use]
    pub fn activity_name(&self, activity: Activity) -> &str {
        &self.assembly.activities[activity.index()].name
    }

    /// Activities that sell at a node.
    #[must_use]
    pub fn sellers(&self, node: Node) -> Vec<Activity> {
        let all = self.assembly.activities.iter().enumerate();
        all.filter(|(_, a)| a.column.iter().any(|c| c.0 == node && c.1 > 0.0))
            .map(|(i, _)| Activity::new(i))
            .collect()
    }

    /// Routes that arrive at a node.
    #[must_use]
    pub fn routes_into(&self, node: Node) -> Vec<Activity> {
        let all = self.assembly.activities.iter().enumerate();
        all.filter(|(_, a)| a.route.is_some_and(|(_, to)| to == node))
            .map(|(i, _)| Activity::new(i))
            .collect()
    }

    /// The node of the covered commodity of an activity: the named one, else its only output.
    #[must_use]
    pub fn covered(&self, activity: Activity, commodity: Option<&str>) -> Option<Node> {
        let column = &self.assembly.activities[activity.index()].column;
        let mut outputs = column
            .iter()
            .filter(|c| c.1 > 0.0)
            .map(|c| self.assembly.market_node(c.0));
        match commodity {
            Some(name) => outputs.find(|n| self.assembly.nodes[n.index()].commodity == name),
            None => outputs.next(),
        }
    }

    /// What one more unit of an activity brings its owner, its own cost apart: sales less purchases and charges,
    /// money per unit of the level, for its last part.
    #[must_use]
    pub fn net_revenue(&self, activity: Activity) -> f64 {
        let last = self.assembly.activities[activity.index()]
            .parts
            .len()
            .saturating_sub(1);
        self.assembly
            .net_revenue(activity, last, self.values, self.x)
    }

    /// What it costs to land one unit at a node by a route, charges included, money per unit.
    #[must_use]
    pub fn landed_price(&self, route: Activity, node: Node) -> f64 {
        let arrives = self.output_per_unit(route, node);
        let entry = &self.assembly.activities[route.index()];
        let cost = entry.parts.first().map_or(0.0, |part| {
            let (parameters, offset) = self.assembly.curve_numbers(&part.cost, self.values);
            part.cost
                .kernel
                .value(&parameters, offset + self.x[part.level.index()])
        });
        (cost + arrives * self.price(node) - self.net_revenue(route)) / arrives
    }

    /// Value at the solution of an unknown that this measure added.
    #[must_use]
    pub fn unknown(&self, name: &str) -> Option<f64> {
        let path = format!("measure/{}/{name}", self.assembly.measures[self.measure]);
        self.assembly
            .unknowns
            .iter()
            .position(|u| u.name == path)
            .map(|i| self.x[i])
    }

    /// Value now of a parameter of this measure.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<f64> {
        let path = format!("measure/{}/{name}", self.assembly.measures[self.measure]);
        self.assembly.find(&path).map(|p| self.values[p.index()])
    }

    /// The case in which this measure's n-th switch was written.
    #[must_use]
    pub fn case(&self, n: usize) -> Option<usize> {
        self.assembly
            .switches
            .iter()
            .filter(|s| s.measure == self.measure)
            .nth(n)
            .map(|s| s.chosen)
    }

    /// The surplus an activity's owner could make at a net revenue per unit of its level: revenue less cost at
    /// the best level, money per year (infinite when cost is constant below it without a capacity).
    #[must_use]
    pub fn best_surplus(&self, activity: Activity, net_revenue: f64) -> f64 {
        let entry = &self.assembly.activities[activity.index()];
        let parts = entry.parts.iter();
        parts
            .map(|part| self.assembly.part_area(part, self.values, net_revenue))
            .sum()
    }
}

impl Book {
    /// A lump sum, money per year.
    pub fn pay(&mut self, settled: &Settled<'_>, payer: Party, payee: Party, amount: f64) {
        self.payments.push(Payment {
            measure: settled.measure,
            payer,
            payee,
            amount,
        });
    }
}
