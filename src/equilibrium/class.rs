//! What is known of a system from its terms: its class, and what can be eliminated first.

use std::collections::{HashMap, HashSet};

use super::program::{Curve, Draught};
use crate::assembly::{Assembly, BlockAt, DemandEntry, Dimension, Gauge};
use crate::complementarity::Side;

/// What is known of a system from its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Class {
    /// All couplings are symmetric: the equilibrium is the optimum of a convex programme.
    Integrable,
    /// Contract floors, levies, percentages, budgets or rationing couple prices and quantities one way: nothing
    /// about uniqueness follows from the terms.
    General,
}

pub(super) fn side(gauge: Gauge) -> Side {
    match gauge.dimension {
        Dimension::Quantity => Side::Primal,
        Dimension::Price | Dimension::Share | Dimension::Money | Dimension::Slope => Side::Dual,
    }
}

/// Quantities whose own block is diagonal are eliminated first.
pub(super) fn stages(
    assembly: &Assembly,
    rows: &[Vec<Draught>],
    curves: &[Curve],
    blocks: &[BlockAt],
) -> Vec<u8> {
    let primal: Vec<bool> = assembly
        .unknowns
        .iter()
        .map(|u| side(u.gauge) == Side::Primal)
        .collect();
    let mut stages: Vec<u8> = primal.iter().map(|&p| u8::from(p)).collect();
    for (i, row) in rows.iter().enumerate().filter(|(i, _)| primal[*i]) {
        let others = row.iter().flat_map(|d| d.arguments(curves, blocks));
        for j in others.filter(|&j| j != i && primal[j]) {
            stages[i.max(j)] = 0;
        }
    }
    stages
}

/// A number times parameters.
type Factor = (f64, Vec<u32>);

/// Integrable when every linear coupling between a quantity and a price has its mirror image with the opposite
/// sign and the same parameters, and all else is a monotone curve of the row's own unknown, or a demand system, whose
/// own couplings are symmetric and definite.
pub(super) fn classify(
    assembly: &Assembly,
    rows: &[Vec<Draught>],
    curves: &[Curve],
    blocks: &[BlockAt],
) -> Class {
    let mut couplings: HashMap<(usize, usize), Vec<Factor>> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        for draught in row {
            match (
                draught.unknowns.as_slice(),
                draught.curves.as_slice(),
                draught.blocks.as_slice(),
            ) {
                ([], [], []) => {}
                (&[u], [], []) => {
                    let mut params = draught.params.clone();
                    params.sort_unstable();
                    couplings
                        .entry((i, u as usize))
                        .or_default()
                        .push((draught.number, params));
                }
                ([], &[c], []) if curves[c].of == i => {}
                ([], [], &[b]) if is_own_demand(assembly, i, &blocks[b]) => {}
                _ => return Class::General,
            }
        }
    }
    let sorted = |list: &[Factor], sign: f64| {
        let mut list: Vec<_> = list.iter().map(|(c, p)| (sign * c, p.clone())).collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        list
    };
    let sides: Vec<Side> = assembly.unknowns.iter().map(|u| side(u.gauge)).collect();
    let linked = linked(assembly);
    let none = Vec::new();
    for (&(i, j), forward) in &couplings {
        if i == j {
            // the sign of a curve's slope is fixed by its parameter's rule, so one look is enough
            let value = |p: &u32| assembly.params[*p as usize].value;
            if forward
                .iter()
                .any(|(c, p)| p.iter().map(value).product::<f64>() * c < 0.0)
            {
                return Class::General;
            }
            continue;
        }
        let back = couplings.get(&(j, i)).unwrap_or(&none);
        let mirrored = if sides[i] == sides[j] {
            linked.contains(&(i, j)) && sorted(forward, 1.0) == sorted(back, 1.0)
        } else {
            sorted(forward, 1.0) == sorted(back, -1.0)
        };
        if !mirrored {
            return Class::General;
        }
    }
    Class::Integrable
}

/// Pairs of quantities that one linear demand system couples.
fn linked(assembly: &Assembly) -> HashSet<(usize, usize)> {
    let demands = assembly.nodes.iter().flat_map(|n| &n.demands);
    let pairs = demands.flat_map(|demand| match demand {
        DemandEntry::Linked {
            quantity, slopes, ..
        } => slopes
            .iter()
            .map(|(_, of)| (quantity.index(), of.index()))
            .collect(),
        _ => Vec::new(),
    });
    pairs.collect()
}

/// Whether a block is a good's demand in the balance of its own node, answering to the prices of its goods themselves:
/// such demands are the gradient of a concave function of these prices.
fn is_own_demand(assembly: &Assembly, row: usize, block: &BlockAt) -> bool {
    let prices: HashSet<usize> = assembly.nodes.iter().map(|n| n.price.index()).collect();
    let own = assembly.nodes.iter().any(|node| {
        node.price.index() == row
            && node
                .demands
                .iter()
                .any(|d| matches!(d, DemandEntry::Nested { quantity, .. } if quantity == block))
    });
    own && block.of.iter().all(|u| prices.contains(&u.index()))
}
