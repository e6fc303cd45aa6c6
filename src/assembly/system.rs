//! Demands for several goods at once: what the market writes, and what they are worth to their buyers.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::block::{Block, BlockAt, Place};
use super::book::Assembly;
use super::draft::Draft;
use super::entry::{DemandEntry, Dimension, Limit, Rule};
use super::error::DraftError;
use super::handle::{Node, Param, Unknown};
use crate::curve::{
    CrossPrice, DemandSystem, Kernel, NestedCes, Slope, SystemError, Tree, definite,
};

/// A demand for several goods of a region.
#[derive(Clone, Debug)]
pub(crate) struct SystemEntry {
    /// Region and name.
    pub(crate) path: String,
    pub(crate) goods: Vec<Node>,
    pub(crate) kind: SystemKind,
}

#[derive(Clone, Debug)]
pub(crate) enum SystemKind {
    /// Nested constant elasticity of substitution, its parameters in the order of the tree.
    Ces { tree: Arc<Tree>, params: Vec<Param> },
    /// Straight lines.
    Linear {
        intercepts: Vec<Param>,
        slopes: Vec<Vec<Param>>,
    },
}

/// The quantity of one good of a nested system, as a function of the prices of all.
#[derive(Debug)]
struct NestedGood {
    tree: Arc<Tree>,
    good: usize,
}

impl NestedGood {
    fn visit(&self, at: Place<'_>, visit: &mut dyn FnMut(Slope, f64)) {
        let (price, read) = (|k: usize| at.unknown(k), |k: usize| at.param(k));
        self.tree.slopes(self.good, &price, &read, visit);
    }
}

impl Block for NestedGood {
    fn value(&self, at: Place<'_>) -> f64 {
        let (price, read) = (|k: usize| at.unknown(k), |k: usize| at.param(k));
        self.tree.quantity(self.good, &price, &read)
    }

    fn slopes(&self, at: Place<'_>, visit: &mut dyn FnMut(usize, f64)) {
        self.visit(at, &mut |slope, value| {
            if let Slope::Price(k) = slope {
                visit(k, value);
            }
        });
    }

    fn param_slopes(&self, at: Place<'_>, visit: &mut dyn FnMut(usize, f64)) {
        self.visit(at, &mut |slope, value| {
            if let Slope::Parameter(k) = slope {
                visit(k, value);
            }
        });
    }

    fn keeps_positive(&self) -> bool {
        true
    }
}

impl Draft<'_> {
    pub(crate) fn add_system(
        &mut self,
        region: &str,
        name: &str,
        system: &DemandSystem,
    ) -> Result<(), DraftError> {
        let mut goods = Vec::new();
        for good in system.goods() {
            goods.push(self.node(region, good)?);
        }
        let path = format!("demand/{region}/{name}");
        let kind = match system {
            DemandSystem::NestedCes(ces) => self.add_nested(&path, ces, &goods)?,
            DemandSystem::CrossPrice(lines) => self.add_linked(&path, lines, &goods)?,
        };
        self.assembly
            .systems
            .push(SystemEntry { path, goods, kind });
        Ok(())
    }

    fn add_nested(
        &mut self,
        path: &str,
        system: &NestedCes,
        goods: &[Node],
    ) -> Result<SystemKind, DraftError> {
        let mut params = Vec::new();
        for (name, value) in system.parameters() {
            let rule = match name.as_str() {
                "elasticity" => Rule::Negative,
                _ => Rule::Positive,
            };
            params.push(self.param(&format!("{path}/{name}"), value, rule)?);
        }
        let tree = Arc::new(system.tree().clone());
        let of: Vec<Unknown> = goods
            .iter()
            .map(|n| self.assembly.nodes[n.index()].price)
            .collect();
        for (good, node) in goods.iter().enumerate() {
            let quantity = BlockAt {
                block: Arc::new(NestedGood {
                    tree: Arc::clone(&tree),
                    good,
                }),
                of: of.clone(),
                params: params.clone(),
            };
            let (price, observed) = (
                params[tree.observed_price(good)],
                params[tree.observed_quantity(good)],
            );
            let entry = &mut self.assembly.nodes[node.index()];
            entry.demands.push(DemandEntry::Nested {
                quantity,
                price,
                observed,
            });
        }
        Ok(SystemKind::Ces { tree, params })
    }

    fn add_linked(
        &mut self,
        path: &str,
        system: &CrossPrice,
        goods: &[Node],
    ) -> Result<SystemKind, DraftError> {
        let names = system.goods();
        let mut quantities = Vec::new();
        for (good, &node) in names.iter().zip(goods) {
            let gauge = Dimension::Quantity.at(node);
            let path = format!("{path}/{good}");
            quantities.push(self.unknown(&path, gauge, 0.0, Limit::none(), 0.0));
        }
        let mut intercepts = Vec::new();
        let mut slopes: Vec<Vec<Param>> = vec![Vec::new(); names.len()];
        for (i, good) in names.iter().enumerate() {
            let start = format!("{path}/{good}");
            let intercept = system.intercepts()[i];
            intercepts.push(self.param(
                &format!("{start}/intercept"),
                intercept,
                Rule::Positive,
            )?);
            let earlier: Vec<Param> = slopes[..i].iter().map(|row| row[i]).collect();
            slopes[i] = earlier;
            for (j, other) in names.iter().enumerate().skip(i) {
                let slope = system.slopes()[i][j];
                let (path, rule) = if i == j {
                    (format!("{start}/slope"), Rule::Negative)
                } else {
                    (format!("{start}/cross/{other}"), Rule::Finite)
                };
                let slope = self.param(&path, slope, rule)?;
                slopes[i].push(slope);
            }
        }
        for (i, node) in goods.iter().enumerate() {
            let pairs = slopes[i].iter().copied().zip(quantities.iter().copied());
            self.assembly.nodes[node.index()]
                .demands
                .push(DemandEntry::Linked {
                    quantity: quantities[i],
                    intercept: intercepts[i],
                    slopes: pairs.collect(),
                });
        }
        Ok(SystemKind::Linear { intercepts, slopes })
    }
}

impl Assembly {
    /// How much the price at one node falls per unit bought at another, where one linear system covers both.
    pub(super) fn cross_slope(&self, node: Node, other: Node) -> Option<Param> {
        self.systems.iter().find_map(|system| {
            let SystemKind::Linear { slopes, .. } = &system.kind else {
                return None;
            };
            let at = |node: Node| system.goods.iter().position(|&good| good == node);
            Some(slopes[at(node)?][at(other)?])
        })
    }

    /// Whether one demand system covers both nodes, or they are one.
    pub(crate) fn demanded_together(&self, node: Node, other: Node) -> bool {
        let covers = |s: &SystemEntry| s.goods.contains(&node) && s.goods.contains(&other);
        node == other || self.systems.iter().any(covers)
    }
}

impl SystemEntry {
    /// What a unit of each good is worth to its buyers at the margin: the price, unless they are rationed.
    fn worths(&self, assembly: &Assembly, x: &[f64]) -> Vec<f64> {
        let at = |node: &Node| {
            let entry = &assembly.nodes[node.index()];
            x[entry.worth.unwrap_or(entry.price).index()]
        };
        self.goods.iter().map(at).collect()
    }

    /// Quantities bought.
    fn quantities(&self, assembly: &Assembly, values: &[f64], x: &[f64]) -> Vec<f64> {
        let taken = |node: &Node| {
            let demands = &assembly.nodes[node.index()].demands;
            demands
                .iter()
                .fold(0.0, |sum, demand| sum + assembly.taken(demand, values, x))
        };
        self.goods.iter().map(taken).collect()
    }

    /// Consumer surplus, from prices alone, money per year: of a nested system the area under the demand for the
    /// composite from its price index to one, of a linear one that above the prices of the goods that are bought. Buyers
    /// who are rationed are priced at what their last unit is worth to them.
    pub(crate) fn surplus(&self, assembly: &Assembly, values: &[f64], x: &[f64]) -> f64 {
        let worths = self.worths(assembly, x);
        match &self.kind {
            SystemKind::Ces { tree, params } => {
                let (price, read) = (|k: usize| worths[k], |k: usize| values[params[k].index()]);
                let composite = [1.0, tree.total(&read), read(0)];
                let index = tree.price_index(&price, &read);
                Kernel::ElasticQuantity.integral(&composite, index, 1.0)
            }
            SystemKind::Linear { intercepts, slopes } => {
                let quantities = self.quantities(assembly, values, x);
                let bought: Vec<usize> =
                    (0..worths.len()).filter(|&i| quantities[i] > 0.0).collect();
                let n = bought.len();
                let above = DVector::from_fn(n, |i, _| {
                    values[intercepts[bought[i]].index()] - worths[bought[i]]
                });
                let steep =
                    DMatrix::from_fn(n, n, |i, j| -values[slopes[bought[i]][bought[j]].index()]);
                // P = a + S Q: the area is (a - P)' (-S)^-1 (a - P) / 2
                match steep.cholesky() {
                    Some(factor) => 0.5 * above.dot(&factor.solve(&above)),
                    None => f64::NAN,
                }
            }
        }
    }

    /// Gross benefit of the quantities, from quantities alone, money per year, from the same reference.
    pub(crate) fn benefit(&self, assembly: &Assembly, values: &[f64], x: &[f64]) -> f64 {
        let quantities = self.quantities(assembly, values, x);
        match &self.kind {
            SystemKind::Ces { tree, params } => {
                let (quantity, read) = (
                    |k: usize| quantities[k],
                    |k: usize| values[params[k].index()],
                );
                let total = tree.total(&read);
                let bought = total * tree.quantity_index(&quantity, &read);
                total + Kernel::Elastic.integral(&[1.0, total, read(0)], total, bought)
            }
            SystemKind::Linear { intercepts, slopes } => {
                let mut benefit = 0.0;
                for (i, &q) in quantities.iter().enumerate() {
                    let line = slopes[i].iter().zip(&quantities);
                    let fall = line.fold(0.0, |sum, (s, other)| sum + values[s.index()] * other);
                    benefit += q * (values[intercepts[i].index()] + 0.5 * fall);
                }
                benefit
            }
        }
    }

    /// Whether numbers that were changed one by one still make a demand.
    pub(crate) fn check(&self, assembly: &Assembly, values: &[f64]) -> Result<(), SystemError> {
        let SystemKind::Linear { slopes, .. } = &self.kind else {
            return Ok(());
        };
        let names: Vec<String> = self
            .goods
            .iter()
            .map(|n| assembly.nodes[n.index()].commodity.clone())
            .collect();
        let rows: Vec<Vec<f64>> = slopes
            .iter()
            .map(|row| row.iter().map(|p| values[p.index()]).collect())
            .collect();
        definite(&names, &rows)
    }
}
