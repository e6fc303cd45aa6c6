//! Demand that must be met whatever the price needs capacity that can reach it.

use super::error::SolveError;
use crate::assembly::{Assembly, DemandEntry, Node, NodeEntry, Param};
use crate::curve::Kernel;

/// Checks every set of nodes from which a fixed demand can be reached.
///
/// What can reach a node is found by walking activities backwards; the capacities of all producers met on the
/// way bound what can arrive. The bound ignores what is lost or shared on the way, so it never refuses a
/// problem that has a solution.
pub(super) fn check(assembly: &Assembly) -> Result<(), SolveError> {
    let count = assembly.nodes.len();
    let fixed: Vec<f64> = assembly
        .nodes
        .iter()
        .map(|node| {
            node.demands
                .iter()
                .map(|d| match d {
                    DemandEntry::Fixed { quantity } => assembly.params[quantity.index()].value,
                    _ => 0.0,
                })
                .sum()
        })
        .collect();
    let supplied = supplied(assembly);
    let unmet = |(node, supplied): &(&NodeEntry, &bool)| !**supplied && is_endless(assembly, node);
    if let Some((node, _)) = assembly.nodes.iter().zip(&supplied).find(unmet) {
        return Err(SolveError::Unsupplied {
            region: node.region.clone(),
            commodity: node.commodity.clone(),
        });
    }
    for target in (0..count).filter(|&i| fixed[i] > 0.0) {
        let reach = ancestors(assembly, target);
        let (commodity, region) = (
            &assembly.nodes[target].commodity,
            &assembly.nodes[target].region,
        );
        let capacity: f64 = (0..assembly.activities.len())
            .filter(|&a| {
                reach.activities[a] && assembly.activities[a].column.iter().all(|c| c.1 > 0.0)
            })
            .map(|a| most(assembly, a) * best_yield(assembly, a, &reach.nodes))
            .sum();
        if capacity == 0.0 {
            return Err(SolveError::Unreached {
                region: region.clone(),
                commodity: commodity.clone(),
                quantity: fixed[target],
            });
        }
        if reach.gains {
            continue; // a plant on the way changes units: the sum of capacities bounds nothing
        }
        if (0..count).any(|i| reach.nodes[i] && sells(&assembly.nodes[i])) {
            continue; // a measure sells from a stock: what it holds is not a capacity of the market
        }
        let group: Vec<usize> = (0..count)
            .filter(|&i| reach.nodes[i] && fixed[i] > 0.0)
            .collect();
        let demand: f64 = group.iter().map(|&i| fixed[i]).sum();
        let regions = || {
            group
                .iter()
                .map(|&i| assembly.nodes[i].region.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        if demand > capacity {
            return Err(SolveError::Shortfall {
                regions: regions(),
                commodity: commodity.clone(),
                demand,
                capacity,
            });
        }
        if demand == capacity && nothing_else(assembly, &reach) {
            return Err(SolveError::Indeterminate {
                region: regions(),
                commodity: commodity.clone(),
                quantity: demand,
            });
        }
    }
    Ok(())
}

/// The nodes that goods can get to: by an activity with a capacity all of whose inputs can be had, or from a
/// measure that sells.
fn supplied(assembly: &Assembly) -> Vec<bool> {
    let mut supplied: Vec<bool> = assembly.nodes.iter().map(sells).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (a, entry) in assembly.activities.iter().enumerate() {
            let fed = |c: &(Node, f64, Param)| c.1 > 0.0 || supplied[c.0.index()];
            if most(assembly, a) == 0.0 || !entry.column.iter().all(fed) {
                continue;
            }
            for &(node, _, _) in entry.column.iter().filter(|c| c.1 > 0.0) {
                changed |= !supplied[node.index()];
                supplied[node.index()] = true;
            }
        }
    }
    supplied
}

/// Whether a measure sells at the node from a stock.
fn sells(node: &NodeEntry) -> bool {
    let products = node.withdrawals.iter().flat_map(|w| &w.quantity.products);
    products.into_iter().any(|p| p.coefficient < 0.0)
}

/// Whether something is bought at the node at any price however high.
fn is_endless(assembly: &Assembly, node: &NodeEntry) -> bool {
    node.unserved.is_none()
        && node.demands.iter().any(|demand| match demand {
            DemandEntry::Fixed { .. } | DemandEntry::Nested { .. } | DemandEntry::Linked { .. } => {
                false
            }
            DemandEntry::Quantity { curve } => matches!(
                curve.kernel,
                Kernel::ElasticQuantity | Kernel::ExponentialQuantity
            ),
            DemandEntry::Price { worth, .. } => {
                let values: Vec<f64> = assembly.params.iter().map(|p| p.value).collect();
                let (parameters, offset) = assembly.curve_numbers(worth, &values);
                worth.kernel.value(&parameters, offset) == f64::INFINITY
            }
        })
}

struct Reach {
    nodes: Vec<bool>,
    activities: Vec<bool>,
    /// Something on the way takes one commodity and puts out another.
    gains: bool,
}

fn ancestors(assembly: &Assembly, target: usize) -> Reach {
    let mut nodes = vec![false; assembly.nodes.len()];
    let mut activities = vec![false; assembly.activities.len()];
    let mut gains = false;
    let mut open = vec![target];
    nodes[target] = true;
    while let Some(node) = open.pop() {
        for (a, entry) in assembly.activities.iter().enumerate() {
            let sells = entry
                .column
                .iter()
                .any(|&(n, y, _)| n.index() == node && y > 0.0);
            if !sells || most(assembly, a) == 0.0 {
                continue;
            }
            activities[a] = true;
            for &(n, y, _) in entry.column.iter().filter(|c| c.1 < 0.0) {
                gains |= entry.route.is_none() || y < -1.0;
                if !nodes[n.index()] {
                    nodes[n.index()] = true;
                    open.push(n.index());
                }
            }
        }
    }
    Reach {
        nodes,
        activities,
        gains,
    }
}

/// The most an activity can be run at.
fn most(assembly: &Assembly, activity: usize) -> f64 {
    let parts = &assembly.activities[activity].parts;
    parts
        .iter()
        .map(|part| assembly.value(&assembly.unknowns[part.level.index()].upper))
        .sum()
}

fn best_yield(assembly: &Assembly, activity: usize, nodes: &[bool]) -> f64 {
    let column = &assembly.activities[activity].column;
    column
        .iter()
        .filter(|c| nodes[c.0.index()])
        .map(|c| c.1)
        .fold(0.0, f64::max)
}

/// Whether no price moves any quantity: all demand is fixed, all supply free of cost up to its capacity, and no
/// measure buys or sells.
fn nothing_else(assembly: &Assembly, reach: &Reach) -> bool {
    let demands = assembly
        .nodes
        .iter()
        .zip(&reach.nodes)
        .filter(|(_, r)| **r)
        .all(|(node, _)| {
            node.withdrawals.is_empty()
                && node
                    .demands
                    .iter()
                    .all(|d| matches!(d, DemandEntry::Fixed { .. }))
        });
    let supplies = assembly
        .activities
        .iter()
        .zip(&reach.activities)
        .filter(|(_, r)| **r)
        .all(|(entry, _)| {
            entry.parts.iter().all(|part| {
                part.cost.kernel == Kernel::Constant
                    && part
                        .cost
                        .parameters
                        .iter()
                        .all(|p| assembly.params[p.index()].value == 0.0)
            })
        });
    demands && supplies && assembly.measures.is_empty()
}
