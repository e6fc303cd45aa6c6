//! From a point of a compiled system to a result with names.

use std::sync::Arc;

use super::best_response::BestResponse;
use super::compiled::Compiled;
use super::numbers::Numbers;
use super::reported::{ActivityResult, Figure, NodeResult};
use super::result::{Equilibrium, Solution};
use super::undetermined;
use super::workspace::{Certificate, Workspace};
use crate::assembly::Activity;
use crate::curve::Kernel;

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
            open: numbers.open(x, f),
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
