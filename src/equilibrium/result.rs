//! A solved market: names, numbers and the certificate.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::best_response::BestResponse;
use super::class::Class;
use super::compiled::{Compiled, Numbers, Origin};
use super::error::SolveError;
use super::undetermined;
use super::workspace::{Certificate, Workspace};
use crate::assembly::Activity;
use crate::curve::{Interval, Kernel};

/// One node of a solved market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeResult {
    region: String,
    commodity: String,
    price: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price_interval: Option<Interval>,
    supplied: f64,
    demanded: f64,
    bought: f64,
    excess: f64,
}

impl NodeResult {
    /// Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// Price, money per unit. Where it is not determined, one of the prices that clear the market.
    #[must_use]
    pub fn price(&self) -> f64 {
        self.price
    }

    /// All prices that clear the market at these quantities, where there is more than one.
    #[must_use]
    pub fn price_interval(&self) -> Option<Interval> {
        self.price_interval
    }

    /// Put out by producers and brought by routes, less what producers use and routes take, per year.
    #[must_use]
    pub fn supplied(&self) -> f64 {
        self.supplied
    }

    /// Bought by final users, per year.
    #[must_use]
    pub fn demanded(&self) -> f64 {
        self.demanded
    }

    /// Taken by measures, per year.
    #[must_use]
    pub fn bought(&self) -> f64 {
        self.bought
    }

    /// Thrown away at a price of zero, per year.
    #[must_use]
    pub fn excess(&self) -> f64 {
        self.excess
    }
}

/// One activity or route of a solved market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityResult {
    name: String,
    owner: String,
    level: f64,
    offered: f64,
}

impl ActivityResult {
    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The firm that owns it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Realised level, units per year.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Level offered; above the realised one only under proportional rationing.
    #[must_use]
    pub fn offered(&self) -> f64 {
        self.offered
    }
}

/// A figure that a measure reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    measure: String,
    name: String,
    value: f64,
}

/// A way in which measures with a switch apply that holds at these prices beside the reported one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    pub(super) cases: Vec<String>,
    pub(super) prices: Vec<f64>,
}

impl Alternative {
    /// The case of each switch.
    #[must_use]
    pub fn cases(&self) -> &[String] {
        &self.cases
    }

    /// Prices by node, in the order of [`Equilibrium::nodes`].
    #[must_use]
    pub fn prices(&self) -> &[f64] {
        &self.prices
    }
}

/// Prices and quantities at which nobody wants to move, with their certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equilibrium {
    market: String,
    price_unit: String,
    quantity_unit: String,
    class: Class,
    certificate: Certificate,
    best_response: BestResponse,
    nodes: Vec<NodeResult>,
    activities: Vec<ActivityResult>,
    figures: Vec<Figure>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) alternatives: Vec<Alternative>,
    #[serde(skip)]
    pub(crate) solution: Option<Solution>,
}

/// The numbers behind an equilibrium, from which accounts are drawn up.
#[derive(Clone, Debug)]
pub(crate) struct Solution {
    pub(crate) origin: Arc<Origin>,
    pub(crate) values: Vec<f64>,
    pub(crate) x: Vec<f64>,
    /// One of several periods, whose conditions see others.
    pub(crate) linked: bool,
}

impl PartialEq for Equilibrium {
    fn eq(&self, other: &Self) -> bool {
        self.market == other.market
            && self.certificate == other.certificate
            && self.nodes == other.nodes
            && self.activities == other.activities
            && self.figures == other.figures
            && self.alternatives == other.alternatives
    }
}

/// A point of a compiled system, and what is known of it.
pub(super) struct Found<'a> {
    pub(super) numbers: &'a Numbers,
    pub(super) x: &'a [f64],
    pub(super) f: &'a [f64],
    pub(super) certificate: Certificate,
    pub(super) best_response: BestResponse,
    pub(super) linked: bool,
}

impl Compiled {
    /// The workspace's latest solution with names.
    pub(super) fn result(
        &self,
        workspace: &Workspace,
        certificate: Certificate,
        best_response: BestResponse,
    ) -> Equilibrium {
        self.named(Found {
            numbers: &workspace.numbers,
            x: workspace.engine.solution(),
            f: workspace.engine.residual(),
            certificate,
            best_response,
            linked: false,
        })
    }

    /// A point with names. Prices that a single period leaves open are settled only where nothing links it to others.
    pub(super) fn named(&self, found: Found<'_>) -> Equilibrium {
        let assembly = self.assembly();
        let (numbers, f) = (found.numbers, found.f);
        let values = &numbers.values;
        let mut x = found.x.to_vec();
        let intervals = if found.linked {
            vec![None; assembly.nodes.len()]
        } else {
            undetermined::settle(self, numbers, &mut x)
        };
        let x = x.as_slice();
        let mut supplied = vec![0.0; assembly.nodes.len()];
        for (a, entry) in assembly.activities.iter().enumerate() {
            for &(node, _, amount) in &entry.column {
                supplied[node.index()] +=
                    values[amount.index()] * assembly.realised(Activity::new(a), x);
            }
        }
        let nodes: Vec<NodeResult> = assembly
            .nodes
            .iter()
            .enumerate()
            .map(|(n, node)| {
                let price = x[node.price.index()];
                let demanded = node
                    .demands
                    .iter()
                    .fold(0.0, |sum, demand| sum + assembly.taken(demand, values, x))
                    * assembly.served_demand(node, x);
                let bought: f64 = node
                    .withdrawals
                    .iter()
                    .map(|w| assembly.evaluate(&w.quantity, values, x))
                    .sum();
                NodeResult {
                    region: node.region.clone(),
                    commodity: node.commodity.clone(),
                    price,
                    price_interval: intervals[n],
                    supplied: supplied[n],
                    demanded,
                    bought,
                    excess: if node.disposal && price <= 0.0 {
                        f[node.price.index()].max(0.0) + untaken(assembly, n, numbers, x)
                    } else {
                        0.0
                    },
                }
            })
            .collect();
        let activities = assembly
            .activities
            .iter()
            .enumerate()
            .map(|(a, entry)| ActivityResult {
                name: entry.name.clone(),
                owner: assembly.parties[entry.owner.index()].name.clone(),
                level: assembly.realised(Activity::new(a), x),
                offered: entry.parts.iter().map(|part| x[part.level.index()]).sum(),
            })
            .collect();
        let solution = Solution {
            origin: Arc::clone(&self.origin),
            values: values.clone(),
            x: x.to_vec(),
            linked: found.linked,
        };
        Equilibrium {
            market: self.origin.market.name().to_owned(),
            price_unit: self.origin.market.price_unit().to_owned(),
            quantity_unit: self.origin.market.quantity_unit().to_owned(),
            class: self.class,
            certificate: found.certificate,
            best_response: found.best_response,
            nodes,
            activities,
            figures: self.figures(&solution),
            alternatives: Vec::new(),
            solution: Some(solution),
        }
    }

    fn figures(&self, solution: &Solution) -> Vec<Figure> {
        let mut figures = Vec::new();
        for (measure, entry) in self.origin.policy.entries().iter().enumerate() {
            let settled = solution.settled(measure);
            for (name, value) in entry.measure().terms().report(&settled) {
                figures.push(Figure {
                    measure: entry.name().to_owned(),
                    name,
                    value,
                });
            }
        }
        figures
    }
}

impl Solution {
    pub(crate) fn settled(&self, measure: usize) -> crate::intervention::Settled<'_> {
        crate::intervention::Settled {
            assembly: &self.origin.assembly,
            values: &self.values,
            x: &self.x,
            measure,
        }
    }
}

/// What is offered at a node for nothing and not taken: the rest of parts without a cost whose goods are all free.
fn untaken(assembly: &crate::assembly::Assembly, n: usize, numbers: &Numbers, x: &[f64]) -> f64 {
    let mut rest = 0.0;
    for entry in &assembly.activities {
        let free = entry
            .column
            .iter()
            .all(|c| x[assembly.nodes[c.0.index()].price.index()] <= 0.0);
        let Some(here) = entry
            .column
            .iter()
            .find(|c| c.0.index() == n && c.1 > 0.0)
            .filter(|_| free)
        else {
            continue;
        };
        for part in &entry.parts {
            let i = part.level.index();
            let (parameters, _) = assembly.curve_numbers(&part.cost, &numbers.values);
            let costless =
                part.cost.kernel == Kernel::Constant && parameters.iter().all(|&p| p == 0.0);
            if costless && numbers.upper[i].is_finite() {
                rest += numbers.values[here.2.index()] * (numbers.upper[i] - x[i]);
            }
        }
    }
    rest
}

fn known<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

impl Equilibrium {
    /// Name of the market.
    #[must_use]
    pub fn market(&self) -> &str {
        &self.market
    }

    /// Every node, by region and commodity in the order of the market.
    #[must_use]
    pub fn nodes(&self) -> &[NodeResult] {
        &self.nodes
    }

    /// Every activity and route.
    #[must_use]
    pub fn activities(&self) -> &[ActivityResult] {
        &self.activities
    }

    /// The evidence.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What is known of the system from its terms.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// What is known of the best responses of firms with conduct.
    #[must_use]
    pub fn best_response(&self) -> &BestResponse {
        &self.best_response
    }

    /// Other ways in which measures with a switch apply, each an equilibrium too.
    #[must_use]
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    /// Unit of prices, a label.
    #[must_use]
    pub fn price_unit(&self) -> &str {
        &self.price_unit
    }

    /// Unit of quantities, a label.
    #[must_use]
    pub fn quantity_unit(&self) -> &str {
        &self.quantity_unit
    }

    /// The node of a commodity in a region.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is none.
    pub fn node(&self, region: &str, commodity: &str) -> Result<&NodeResult, SolveError> {
        let found = self
            .nodes
            .iter()
            .find(|n| n.region == region && n.commodity == commodity);
        found.ok_or_else(|| {
            let (what, name, names) = if self.nodes.iter().any(|n| n.region == region) {
                (
                    "commodity",
                    commodity,
                    known(self.nodes.iter().map(|n| n.commodity.as_str())),
                )
            } else {
                (
                    "region",
                    region,
                    known(self.nodes.iter().map(|n| n.region.as_str())),
                )
            };
            SolveError::UnknownName {
                what,
                name: name.to_owned(),
                known: names,
            }
        })
    }

    /// Price of a commodity in a region, money per unit.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such node.
    pub fn price(&self, region: &str, commodity: &str) -> Result<f64, SolveError> {
        Ok(self.node(region, commodity)?.price)
    }

    /// Realised level of an activity, units per year.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such activity.
    pub fn level(&self, activity: &str) -> Result<f64, SolveError> {
        let found = self.activities.iter().find(|a| a.name == activity);
        found
            .map(|a| a.level)
            .ok_or_else(|| SolveError::UnknownName {
                what: "activity",
                name: activity.to_owned(),
                known: known(self.activities.iter().map(|a| a.name.as_str())),
            })
    }

    /// What is sent from one region to another, units per year.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such route.
    pub fn flow(&self, from: &str, to: &str, commodity: &str) -> Result<f64, SolveError> {
        self.level(&crate::market::Route::new(from, to, commodity, 0.0).name())
    }

    /// A figure that a measure reports: `bought`, `levy`, `attained`, `top_up`, `rationed`.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when the measure reports no such figure.
    pub fn figure(&self, measure: &str, name: &str) -> Result<f64, SolveError> {
        let found = self
            .figures
            .iter()
            .find(|f| f.measure == measure && f.name == name);
        found
            .map(|f| f.value)
            .ok_or_else(|| SolveError::UnknownName {
                what: "figure",
                name: format!("{measure}/{name}"),
                known: self
                    .figures
                    .iter()
                    .map(|f| format!("{}/{}", f.measure, f.name))
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}

impl fmt::Display for Equilibrium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .nodes
            .iter()
            .map(|n| n.region.len() + n.commodity.len() + 4)
            .max()
            .unwrap_or(0);
        let width = width
            .max(
                self.activities
                    .iter()
                    .map(|a| a.name.len())
                    .max()
                    .unwrap_or(0),
            )
            .max(8);
        writeln!(f, "{} (prices in {})", self.market, self.price_unit)?;
        writeln!(
            f,
            "{:width$} {:>12} {:>12} {:>12} {:>12}",
            "node", "price", "supplied", "demanded", "bought"
        )?;
        for node in &self.nodes {
            let name = format!("{} in {}", node.commodity, node.region);
            write!(
                f,
                "{name:width$} {:>12.4} {:>12.4} {:>12.4} {:>12.4}",
                node.price, node.supplied, node.demanded, node.bought
            )?;
            match node.price_interval {
                Some(range) => writeln!(
                    f,
                    "  any price from {:.4} to {:.4}",
                    range.low(),
                    range.high()
                )?,
                None if node.excess > 0.0 => writeln!(f, "  {:.4} thrown away", node.excess)?,
                None => writeln!(f)?,
            }
        }
        writeln!(f, "{:width$} {:>12}", "activity", "level")?;
        for activity in &self.activities {
            writeln!(f, "{:width$} {:>12.4}", activity.name, activity.level)?;
        }
        for figure in &self.figures {
            writeln!(f, "{}: {} {:.4}", figure.measure, figure.name, figure.value)?;
        }
        write!(
            f,
            "certificate: residual {:.1e}, price error {:.1e}, mass balance {:.1e}, arbitrage {:.1e}",
            self.certificate.residual,
            self.certificate.price_error,
            self.certificate.mass_balance,
            self.certificate.arbitrage
        )
    }
}
