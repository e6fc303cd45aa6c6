//! What a measure may ask of what has been written so far.

use super::draft::Draft;
use super::entry::{ActivityEntry, Role};
use super::error::DraftError;
use super::handle::{Activity, Node, Party};

impl Draft<'_> {
    /// The node of a commodity in a region.
    ///
    /// # Errors
    /// [`DraftError::Unknown`] when the market has no such region or commodity.
    pub fn node(&self, region: &str, commodity: &str) -> Result<Node, DraftError> {
        let of_region = self.assembly.node_ids.get(region);
        if let Some(&node) = of_region.and_then(|of| of.get(commodity)) {
            return Ok(node);
        }
        let nodes = &self.assembly.nodes;
        let (what, name, known): (_, _, Vec<&str>) = if of_region.is_some() {
            (
                "commodity",
                commodity,
                nodes.iter().map(|n| n.commodity.as_str()).collect(),
            )
        } else {
            (
                "region",
                region,
                nodes.iter().map(|n| n.region.as_str()).collect(),
            )
        };
        Err(self.unknown_name(what, name, known))
    }

    fn unknown_name(&self, what: &'static str, name: &str, mut known: Vec<&str>) -> DraftError {
        known.sort_unstable();
        known.dedup();
        DraftError::Unknown {
            place: self.place(),
            what,
            name: name.to_owned(),
            known: known.join(", "),
        }
    }

    /// Region and commodity of a node.
    #[must_use]
    pub fn node_name(&self, node: Node) -> (&str, &str) {
        let entry = &self.assembly.nodes[node.index()];
        (&entry.region, &entry.commodity)
    }

    /// Every activity with this name, or owned by the firm with this name (its sales apart).
    ///
    /// # Errors
    /// [`DraftError::Unknown`] when neither an activity nor a firm has the name.
    pub fn activities(&self, name: &str) -> Result<Vec<Activity>, DraftError> {
        let of = |a: &ActivityEntry| {
            a.name == name || !a.sale && self.assembly.parties[a.owner.index()].name == name
        };
        let found = self.select(of);
        if found.is_empty() {
            let known = self
                .assembly
                .activities
                .iter()
                .map(|a| a.name.as_str())
                .collect();
            return Err(self.unknown_name("activity or firm", name, known));
        }
        Ok(found)
    }

    fn select(&self, of: impl Fn(&ActivityEntry) -> bool) -> Vec<Activity> {
        let all = self.assembly.activities.iter().enumerate();
        all.filter(|(_, a)| of(a))
            .map(|(i, _)| Activity::new(i))
            .collect()
    }

    /// Activities in the node's region, routes apart, that put out its commodity.
    #[must_use]
    pub fn producers(&self, node: Node) -> Vec<Activity> {
        let here = |n: Node| self.assembly.market_node(n) == node;
        self.select(|a| {
            a.route.is_none() && !a.sale && a.column.iter().any(|&(n, y, _)| here(n) && y > 0.0)
        })
    }

    /// Every activity that sells at the node: producers there and routes into it.
    #[must_use]
    pub fn sellers(&self, node: Node) -> Vec<Activity> {
        self.select(|a| a.column.iter().any(|&(n, y, _)| n == node && y > 0.0))
    }

    /// Routes of the commodity into the regions from outside them.
    #[must_use]
    pub fn imports(&self, regions: &[&str], commodity: &str) -> Vec<Activity> {
        self.crossing(commodity, |from, to| {
            !regions.contains(&from) && regions.contains(&to)
        })
    }

    /// Routes of the commodity out of the regions.
    #[must_use]
    pub fn exports(&self, regions: &[&str], commodity: &str) -> Vec<Activity> {
        self.crossing(commodity, |from, to| {
            regions.contains(&from) && !regions.contains(&to)
        })
    }

    fn crossing(&self, commodity: &str, crosses: impl Fn(&str, &str) -> bool) -> Vec<Activity> {
        let nodes = &self.assembly.nodes;
        self.select(|a| {
            a.route.is_some_and(|(from, to)| {
                let (from, to) = (&nodes[from.index()], &nodes[to.index()]);
                to.commodity == commodity && crosses(&from.region, &to.region)
            })
        })
    }

    /// Name of an activity.
    #[must_use]
    pub fn activity_name(&self, activity: Activity) -> &str {
        &self.assembly.activities[activity.index()].name
    }

    /// Origin and destination of a route; `None` for any other activity.
    #[must_use]
    pub fn route(&self, activity: Activity) -> Option<(Node, Node)> {
        self.assembly.activities[activity.index()].route
    }

    /// The nodes whose commodities an activity puts out.
    #[must_use]
    pub fn outputs(&self, activity: Activity) -> Vec<Node> {
        let column = &self.assembly.activities[activity.index()].column;
        let outputs = column.iter().filter(|&&(_, y, _)| y > 0.0);
        outputs
            .map(|&(n, _, _)| self.assembly.market_node(n))
            .collect()
    }

    /// The firm that owns an activity.
    #[must_use]
    pub fn owner(&self, activity: Activity) -> Party {
        self.assembly.activities[activity.index()].owner
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

    /// Final buyers at a node.
    #[must_use]
    pub fn consumers(&self, node: Node) -> Party {
        self.assembly.nodes[node.index()].consumers
    }

    /// A public purse by name; a region's treasury carries the region's name.
    pub fn treasury(&mut self, name: &str) -> Party {
        let region = self
            .assembly
            .nodes
            .iter()
            .any(|n| n.region == name)
            .then(|| name.to_owned());
        self.assembly.party(Role::Treasury, name, region.as_deref())
    }
}
