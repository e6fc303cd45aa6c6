//! All that was written: tables of nodes, activities, unknowns, parameters and payments.

use super::carry::{CarryEntry, Inherited};
use super::entry::{
    ActivityEntry, Charge, Conduct, Cut, Guard, Limit, NodeEntry, ParamEntry, Part, PartyEntry,
    Relief, Role, Rule, Transfer, UnknownEntry, Wedge,
};
use super::handle::{Activity, Node, Param, Party, Unknown};
use super::pledge::Pledge;
use super::system::SystemEntry;
use std::collections::HashMap;

/// A system as it was written down, before it is compiled.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    pub(crate) nodes: Vec<NodeEntry>,
    pub(crate) activities: Vec<ActivityEntry>,
    pub(crate) unknowns: Vec<UnknownEntry>,
    pub(crate) params: Vec<ParamEntry>,
    pub(crate) parties: Vec<PartyEntry>,
    pub(crate) charges: Vec<Charge>,
    pub(crate) wedges: Vec<Wedge>,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) conducts: Vec<Conduct>,
    pub(crate) measures: Vec<String>,
    pub(crate) claims: Vec<(&'static str, Node, usize)>,
    pub(crate) pledges: Vec<Pledge>,
    pub(crate) reliefs: Vec<Relief>,
    /// Demands for several goods of a region at once.
    pub(crate) systems: Vec<SystemEntry>,
    /// Switches of measures: who asked, between which cases, and the case taken.
    pub(crate) switches: Vec<Switch>,
    pub(crate) choices: Vec<usize>,
    /// What measures carry from period to period, and what they open with, by path.
    pub(crate) carries: Vec<CarryEntry>,
    pub(crate) inherited: HashMap<String, Inherited>,
    /// Charges and wedges by activity, once all is written.
    pub(crate) on_activity: Vec<OnActivity>,
    /// Nodes by region, then commodity.
    pub(crate) node_ids: HashMap<String, HashMap<String, Node>>,
    paths: HashMap<String, Param>,
    party_ids: HashMap<(Role, String), Party>,
}

/// A measure that applies in one of several ways, none of which is known before the solve.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    pub(crate) measure: usize,
    pub(crate) cases: &'static [&'static str],
    pub(crate) chosen: usize,
}

/// Positions of the charges and wedges that fall on an activity.
#[derive(Clone, Debug, Default)]
pub(crate) struct OnActivity {
    pub(crate) charges: Vec<usize>,
    pub(crate) wedges: Vec<usize>,
}

impl Assembly {
    /// Sorts charges and wedges by activity. To be called when everything is written.
    pub(crate) fn close(&mut self) {
        self.mark_up();
        self.on_activity = vec![OnActivity::default(); self.activities.len()];
        for (i, charge) in self.charges.iter().enumerate() {
            self.on_activity[charge.activity.index()].charges.push(i);
        }
        for (i, wedge) in self.wedges.iter().enumerate() {
            self.on_activity[wedge.activity.index()].wedges.push(i);
        }
    }

    /// The market node that a node stands for: itself, or the one where a firm's pool is sold.
    pub(crate) fn market_node(&self, node: Node) -> Node {
        self.nodes[node.index()].hub_of.unwrap_or(node)
    }

    pub(crate) fn charges_on(&self, activity: Activity) -> impl Iterator<Item = &Charge> {
        let on = self.on_activity.get(activity.index());
        on.into_iter()
            .flat_map(|on| &on.charges)
            .map(|&i| &self.charges[i])
    }

    pub(crate) fn wedges_on(&self, activity: Activity) -> impl Iterator<Item = &Wedge> {
        let on = self.on_activity.get(activity.index());
        on.into_iter()
            .flat_map(|on| &on.wedges)
            .map(|&i| &self.wedges[i])
    }

    pub(crate) fn param(&mut self, path: String, value: f64, rule: Rule) -> Option<Param> {
        let param = Param::new(self.params.len());
        match self.paths.entry(path) {
            std::collections::hash_map::Entry::Occupied(_) => None,
            std::collections::hash_map::Entry::Vacant(slot) => {
                self.params.push(ParamEntry {
                    path: slot.key().clone(),
                    value,
                    rule,
                });
                slot.insert(param);
                Some(param)
            }
        }
    }

    pub(crate) fn find(&self, path: &str) -> Option<Param> {
        self.paths.get(path).copied()
    }

    pub(crate) fn unknown(&mut self, entry: UnknownEntry) -> Unknown {
        self.unknowns.push(entry);
        Unknown::new(self.unknowns.len() - 1)
    }

    pub(crate) fn party(&mut self, role: Role, name: &str, region: Option<&str>) -> Party {
        if let Some(&party) = self.party_ids.get(&(role, name.to_owned())) {
            return party;
        }
        let party = Party::new(self.parties.len());
        self.parties.push(PartyEntry {
            role,
            name: name.to_owned(),
            region: region.map(str::to_owned),
        });
        self.party_ids.insert((role, name.to_owned()), party);
        party
    }

    /// Cuts an activity's cost curve at a volume, so that the units below it are parts of their own. Covered
    /// units come first because cost rises: the first parts in merit order are the first units.
    pub(crate) fn cut(&mut self, activity: Activity, volume: Param) {
        let entry = &self.activities[activity.index()];
        if entry.cuts.iter().any(|cut| cut.volume == volume) {
            return;
        }
        // What lies below each part, as parameters: earlier parts fill up before it starts.
        let at = self.params[volume.index()].value;
        let mut below = Limit::from(0.0);
        let mut found = entry.parts.len();
        let mut inside = None;
        for (i, part) in entry.parts.iter().enumerate() {
            let upper = &self.unknowns[part.level.index()].upper;
            let mut top = below.clone();
            top.number += upper.number;
            top.params.extend(upper.params.iter().copied());
            let top_value = self.value(&top);
            if at <= self.value(&below) {
                found = i;
                break;
            }
            if at < top_value {
                found = i + 1;
                inside = Some(i);
                break;
            }
            below = top;
        }
        if let Some(i) = inside {
            self.split(activity, i, volume, &below);
        }
        let guard = if inside.is_some() {
            for cut in self.activities[activity.index()]
                .cuts
                .iter_mut()
                .filter(|cut| cut.below >= found)
            {
                cut.below += 1;
            }
            Guard::Split
        } else if at > self.value(&below) {
            Guard::AtLeast(below)
        } else {
            Guard::Equal(below)
        };
        self.activities[activity.index()].cuts.push(Cut {
            volume,
            below: found,
            guard,
        });
    }

    /// Splits part `i`, below which lies `below`, at a volume inside it.
    fn split(&mut self, activity: Activity, i: usize, volume: Param, below: &Limit) {
        let part = self.activities[activity.index()].parts[i].clone();
        let entry = self.unknowns[part.level.index()].clone();
        // lower part: [0, V - below]; upper part: [0, upper - (V - below)], cost shifted by V - below
        let mut lower_top = Limit::from(volume);
        lower_top.number -= below.number;
        lower_top
            .params
            .extend(below.params.iter().map(|&(c, p)| (-c, p)));
        let mut upper_top = entry.upper.clone().minus(volume);
        upper_top.number += below.number;
        upper_top.params.extend(below.params.iter().copied());
        let path = format!("{} above {}", part.path, self.params[volume.index()].path);
        let level = self.unknown(UnknownEntry {
            name: path.clone(),
            upper: upper_top,
            ..entry
        });
        let mut cost = part.cost.clone();
        cost.of = level;
        cost.offset.push((1.0, volume));
        cost.offset_number -= below.number;
        cost.offset
            .extend(below.params.iter().map(|&(c, p)| (-c, p)));
        self.unknowns[part.level.index()].upper = lower_top;
        self.activities[activity.index()]
            .parts
            .insert(i + 1, Part { path, level, cost });
    }

    pub(crate) fn value(&self, limit: &Limit) -> f64 {
        limit.params.iter().fold(limit.number, |sum, &(c, p)| {
            sum + c * self.params[p.index()].value
        })
    }
}
