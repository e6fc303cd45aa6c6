//! A market with its measures, compiled once and solved many times with changed numbers.

use std::sync::Arc;

use super::class::{Class, classify, side, stages};
use super::error::SolveError;
use super::program::{Coefficient, Curve, Rows, Term};
use crate::assembly::{Assembly, BlockAt, Limit, Node, Param};
use crate::complementarity::{Side, Structure, Symmetry};

/// What a market and a policy compile to. `Sync`: one [`Workspace`](super::Workspace) a thread.
#[derive(Debug)]
pub struct Compiled {
    pub(super) origin: Arc<Origin>,
    pub(super) structure: Structure,
    pub(super) class: Class,
    pub(super) coefficients: Vec<Coefficient>,
    /// (row, coefficient) of numbers that stand alone.
    pub(super) constants: Vec<(usize, usize)>,
    /// (Jacobian slot, coefficient) of linear products.
    pub(super) linear: Vec<(usize, usize)>,
    pub(super) terms: Vec<Term>,
    pub(super) curves: Vec<Curve>,
    pub(super) blocks: Vec<BlockAt>,
    pub(super) lower: Vec<Limit>,
    pub(super) upper: Vec<Limit>,
}

/// What a compiled system came from: kept with every equilibrium, so that accounts can be drawn up.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) assembly: Assembly,
    pub(crate) market: crate::market::Market,
    pub(crate) policy: crate::intervention::Policy,
}

impl Compiled {
    /// Compiles what a market and a policy have written.
    pub(crate) fn of(
        mut assembly: Assembly,
        market: crate::market::Market,
        policy: crate::intervention::Policy,
    ) -> Result<Self, SolveError> {
        assembly.close();
        super::feasible::check(&assembly)?;
        Self::from_shared(Arc::new(Origin {
            assembly,
            market,
            policy,
        }))
    }

    /// Compiles what an equilibrium came from once more.
    pub(super) fn from_shared(origin: Arc<Origin>) -> Result<Self, SolveError> {
        let assembly = &origin.assembly;
        let n = assembly.unknowns.len();
        let Rows {
            curves,
            blocks,
            rows,
            ..
        } = Rows::of(assembly);
        let class = classify(assembly, &rows, &curves, &blocks);
        let mut entries: Vec<(usize, usize)> = (0..n).map(|i| (i, i)).collect();
        for (i, row) in rows.iter().enumerate() {
            for draught in row {
                entries.extend(draught.arguments(&curves, &blocks).map(|j| (i, j)));
            }
        }
        // a structurally symmetric pattern lets every factorisation use it
        let mirrored: Vec<_> = entries.iter().map(|&(i, j)| (j, i)).collect();
        entries.extend(mirrored);
        let sides: Vec<Side> = assembly.unknowns.iter().map(|u| side(u.gauge)).collect();
        let structure = Structure::from_entries(n, entries)?
            .with_stages(stages(assembly, &rows, &curves, &blocks))?
            .with_sides(sides)?
            .with_symmetry(match class {
                Class::Integrable => Symmetry::Skew,
                Class::General => Symmetry::General,
            });
        let mut list = Vec::new();
        let (mut constants, mut linear, mut terms) = (Vec::new(), Vec::new(), Vec::new());
        let slot = |i: usize, j: usize| structure.position(i, j).unwrap_or(usize::MAX);
        for (i, row) in rows.iter().enumerate() {
            for draught in row {
                let coefficient = list.len();
                list.push(Coefficient {
                    number: draught.number,
                    params: draught.params.clone(),
                });
                match (draught.unknowns.as_slice(), draught.curves.as_slice()) {
                    ([], []) if draught.blocks.is_empty() => constants.push((i, coefficient)),
                    (&[u], []) if draught.blocks.is_empty() => {
                        linear.push((slot(i, u as usize), coefficient));
                    }
                    (unknowns, of) => terms.push(Term {
                        row: i,
                        coefficient,
                        unknowns: unknowns
                            .iter()
                            .map(|&u| (u, narrow(slot(i, u as usize))))
                            .collect(),
                        curves: of
                            .iter()
                            .map(|&c| (narrow(c), narrow(slot(i, curves[c].of))))
                            .collect(),
                        blocks: draught
                            .blocks
                            .iter()
                            .map(|&b| {
                                let of = blocks[b].of.iter();
                                (narrow(b), of.map(|u| slot(i, u.index())).collect())
                            })
                            .collect(),
                    }),
                }
            }
        }
        let mut lower: Vec<Limit> = assembly.unknowns.iter().map(|u| u.lower.clone()).collect();
        let upper = assembly.unknowns.iter().map(|u| u.upper.clone()).collect();
        for node in assembly.nodes.iter().filter(|node| !node.disposal) {
            lower[node.price.index()] = Limit::below();
        }
        Ok(Self {
            structure,
            class,
            coefficients: list,
            constants,
            linear,
            terms,
            curves,
            blocks,
            lower,
            upper,
            origin,
        })
    }

    /// The market and the policy that were compiled.
    pub(crate) fn facts(&self) -> (&crate::market::Market, &crate::intervention::Policy) {
        (&self.origin.market, &self.origin.policy)
    }

    pub(crate) fn assembly(&self) -> &Assembly {
        &self.origin.assembly
    }

    /// The number with this path, such as `measure/mp_ppa/strike`.
    ///
    /// # Errors
    /// [`SolveError::UnknownPath`] when no number has it.
    pub fn param(&self, path: &str) -> Result<Param, SolveError> {
        self.assembly()
            .find(path)
            .ok_or_else(|| SolveError::UnknownPath {
                path: path.to_owned(),
            })
    }

    /// The node of a commodity in a region.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when the market has no such node.
    pub fn node(&self, region: &str, commodity: &str) -> Result<Node, SolveError> {
        super::derivative::node(self.assembly(), region, commodity)
    }

    /// Every number: path and value as compiled.
    pub fn params(&self) -> impl Iterator<Item = (&str, f64)> {
        self.assembly()
            .params
            .iter()
            .map(|p| (p.path.as_str(), p.value))
    }

    /// A bound of an unknown.
    pub(super) fn limit(&self, i: usize, upper: bool) -> &Limit {
        if upper {
            &self.upper[i]
        } else {
            &self.lower[i]
        }
    }

    /// What is known of the system from its terms.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// Whether every condition is affine in the unknowns.
    pub(super) fn is_affine(&self) -> bool {
        self.terms.is_empty()
    }

    /// The number of unknowns.
    #[must_use]
    pub fn unknowns(&self) -> usize {
        self.structure.dimension()
    }
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
