//! A market with its measures, compiled once and solved many times with changed numbers.

use std::sync::Arc;

use super::class::{Class, classify, side, stages};
use super::error::SolveError;
use super::program::{Coefficient, Curve, Rows, Term, coefficients};
use crate::assembly::{Assembly, BlockAt, Dimension, Gauge, Limit, Node, Param};
use crate::complementarity::{Problem, Scale, Side, Structure, Symmetry};
use crate::curve::Kernel;

/// Share of its calibration quantity below which a marginal cost of constant elasticity runs straight to zero, so that
/// its slope is finite where nothing is produced.
const STRAIGHT: f64 = 1e-12;

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
    lower: Vec<Limit>,
    upper: Vec<Limit>,
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

/// All numbers of a compiled system, gathered for evaluation.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    pub(super) values: Vec<f64>,
    pub(super) stale: bool,
    pub(super) coefficients: Vec<f64>,
    pub(super) constants: Vec<f64>,
    pub(super) jacobian: Vec<f64>,
    pub(super) curve_numbers: Vec<f64>,
    pub(super) offsets: Vec<f64>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) variable: Vec<f64>,
    pub(super) residual: Vec<f64>,
    pub(super) positive: Vec<bool>,
    pub(super) start: Vec<f64>,
}

impl Compiled {
    pub(super) fn numbers(&self) -> Numbers {
        let assembly = self.assembly();
        let n = assembly.unknowns.len();
        let (price, quantity) = overall(assembly);
        let size = |gauge: Gauge| {
            let (p, q) = gauge.node.map_or((price, quantity), |node| {
                let node = &assembly.nodes[node.index()];
                (node.price_scale, node.quantity_scale)
            });
            match gauge.dimension {
                Dimension::Price => p,
                Dimension::Quantity => q,
                Dimension::Share => 1.0,
                Dimension::Money => p * q,
                Dimension::Slope => p / q,
            }
        };
        let variable: Vec<f64> = assembly.unknowns.iter().map(|u| size(u.gauge)).collect();
        let residual = assembly
            .unknowns
            .iter()
            .map(|u| match (&u.condition, u.gauge.dimension) {
                (Some((gauge, _)), _) => size(*gauge),
                (None, Dimension::Price) => size(Gauge {
                    dimension: Dimension::Quantity,
                    ..u.gauge
                }),
                (None, _) => size(Gauge {
                    dimension: Dimension::Price,
                    ..u.gauge
                }),
            })
            .collect();
        let mut numbers = Numbers {
            values: assembly.params.iter().map(|p| p.value).collect(),
            stale: true,
            coefficients: vec![0.0; self.coefficients.len()],
            constants: vec![0.0; n],
            jacobian: vec![0.0; self.structure.entries()],
            curve_numbers: vec![0.0; self.curves.last().map_or(0, |c| c.start + c.len)],
            offsets: vec![0.0; self.curves.len()],
            lower: vec![0.0; n],
            upper: vec![0.0; n],
            variable,
            residual,
            positive: vec![false; n],
            start: vec![0.0; n],
        };
        self.refresh(&mut numbers);
        self.set_start(&mut numbers);
        numbers
    }

    /// Recomputes what depends on parameters. No allocation.
    pub(super) fn refresh(&self, numbers: &mut Numbers) {
        let Numbers {
            values,
            coefficients: list,
            constants,
            jacobian,
            curve_numbers,
            offsets,
            ..
        } = numbers;
        coefficients(&self.coefficients, values, list);
        constants.fill(0.0);
        for &(row, c) in &self.constants {
            constants[row] += list[c];
        }
        jacobian.fill(0.0);
        for &(slot, c) in &self.linear {
            jacobian[slot] += list[c];
        }
        for (i, curve) in self.curves.iter().enumerate() {
            for (k, &p) in curve.params.iter().enumerate() {
                curve_numbers[curve.start + k] = values[p as usize];
            }
            offsets[i] = curve
                .offset
                .iter()
                .fold(curve.offset_number, |sum, &(c, p)| {
                    sum + c * values[p as usize]
                });
        }
        let bound = |limit: &Limit| {
            limit
                .params
                .iter()
                .fold(limit.number, |sum, &(c, p)| sum + c * values[p.index()])
        };
        for (value, limit) in numbers.lower.iter_mut().zip(&self.lower) {
            *value = bound(limit);
        }
        for (value, limit) in numbers.upper.iter_mut().zip(&self.upper) {
            *value = bound(limit);
        }
        numbers.positive.fill(false);
        for (i, curve) in self.curves.iter().enumerate() {
            let singular = matches!(
                curve.kernel,
                Kernel::Elastic | Kernel::ElasticQuantity | Kernel::Exponential
            );
            numbers.positive[curve.of] |=
                singular && numbers.offsets[i] <= 0.0 && numbers.upper[curve.of] > 0.0;
        }
        let blocks = self.blocks.iter().filter(|b| b.block.keeps_positive());
        for unknown in blocks.flat_map(|b| &b.of) {
            numbers.positive[unknown.index()] |= numbers.upper[unknown.index()] > 0.0;
        }
        numbers.stale = false;
    }

    /// A point inside the market to start from: calibration prices, and quantities that share out the demand.
    fn set_start(&self, numbers: &mut Numbers) {
        let assembly = self.assembly();
        for (i, unknown) in assembly.unknowns.iter().enumerate() {
            let inside = numbers.upper[i] - numbers.lower[i];
            let share = numbers.variable[i] * 0.5;
            numbers.start[i] = match (&unknown.condition, unknown.gauge.dimension) {
                (Some(_), _) => unknown.start,
                (None, Dimension::Price) => numbers.variable[i],
                (None, _) if inside.is_finite() => numbers.lower[i] + share.min(0.5 * inside),
                (None, _) => share,
            };
        }
    }
}

/// The market's own price and quantity: the largest of its nodes'.
fn overall(assembly: &Assembly) -> (f64, f64) {
    assembly
        .nodes
        .iter()
        .fold((0.0, 0.0), |(p, q): (f64, f64), node| {
            (p.max(node.price_scale), q.max(node.quantity_scale))
        })
}

/// A compiled system at given numbers, as the engine sees it.
pub(super) struct Point<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) numbers: &'a Numbers,
}

impl Problem for Point<'_> {
    fn structure(&self) -> &Structure {
        &self.compiled.structure
    }

    fn lower(&self) -> &[f64] {
        &self.numbers.lower
    }

    fn upper(&self) -> &[f64] {
        &self.numbers.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.numbers.variable,
            residual: &self.numbers.residual,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], mut jacobian: Option<&mut [f64]>) {
        let (compiled, numbers) = (self.compiled, self.numbers);
        let starts = compiled.structure.row_starts();
        let columns = compiled.structure.columns();
        for (i, f) in residual.iter_mut().enumerate() {
            let mut sum = numbers.constants[i];
            for k in starts[i]..starts[i + 1] {
                sum += numbers.jacobian[k] * x[columns[k]];
            }
            *f = sum;
        }
        if let Some(values) = jacobian.as_deref_mut() {
            values.copy_from_slice(&numbers.jacobian);
        }
        for term in &compiled.terms {
            let coefficient = numbers.coefficients[term.coefficient];
            if let (&[], &[(c, slot)], &[]) = (
                term.unknowns.as_slice(),
                term.curves.as_slice(),
                term.blocks.as_slice(),
            ) {
                let (value, slope) = compiled.curve_at(numbers, c, x);
                residual[term.row] += coefficient * value;
                if let Some(values) = jacobian.as_deref_mut() {
                    values[slot as usize] += coefficient * slope;
                }
            } else {
                compiled.general_term(
                    term,
                    coefficient,
                    numbers,
                    x,
                    residual,
                    jacobian.as_deref_mut(),
                );
            }
        }
    }

    fn start(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.numbers.start);
    }

    fn name(&self, i: usize) -> String {
        self.compiled
            .assembly()
            .unknowns
            .get(i)
            .map_or_else(String::new, |u| u.name.clone())
    }

    fn positive(&self) -> Option<&[bool]> {
        Some(&self.numbers.positive)
    }

    fn affine(&self) -> bool {
        self.compiled.is_affine()
    }
}

impl Compiled {
    pub(super) fn curve_at(&self, numbers: &Numbers, c: u32, x: &[f64]) -> (f64, f64) {
        let curve = &self.curves[c as usize];
        let parameters = &numbers.curve_numbers[curve.start..curve.start + curve.len];
        let at = numbers.offsets[c as usize] + x[curve.of];
        match (curve.kernel, parameters) {
            (Kernel::Elastic, &[_, quantity, elasticity])
                if at < STRAIGHT * quantity && elasticity > 0.0 =>
            {
                let end = STRAIGHT * quantity;
                let slope = curve.kernel.value(parameters, end) / end;
                (slope * at, slope)
            }
            _ => curve.kernel.value_and_slope(parameters, at),
        }
    }

    fn general_term(
        &self,
        term: &Term,
        coefficient: f64,
        numbers: &Numbers,
        x: &[f64],
        residual: &mut [f64],
        jacobian: Option<&mut [f64]>,
    ) {
        // the product without one of its factors
        let without = |skip: Factor| {
            let mut value = coefficient;
            for (k, &(u, _)) in term.unknowns.iter().enumerate() {
                if skip != Factor::Unknown(k) {
                    value *= x[u as usize];
                }
            }
            for (k, &(c, _)) in term.curves.iter().enumerate() {
                if skip != Factor::Curve(k) {
                    value *= self.curve_at(numbers, c, x).0;
                }
            }
            for (k, (b, _)) in term.blocks.iter().enumerate() {
                if skip != Factor::Block(k) {
                    let at = &self.blocks[*b as usize];
                    value *= at.block.value(at.place(&numbers.values, x));
                }
            }
            value
        };
        residual[term.row] += without(Factor::None);
        let Some(values) = jacobian else { return };
        for (k, &(_, slot)) in term.unknowns.iter().enumerate() {
            values[slot as usize] += without(Factor::Unknown(k));
        }
        for (k, &(c, slot)) in term.curves.iter().enumerate() {
            let slope = self.curve_at(numbers, c, x).1;
            values[slot as usize] += without(Factor::Curve(k)) * slope;
        }
        for (k, (b, slots)) in term.blocks.iter().enumerate() {
            let at = &self.blocks[*b as usize];
            let weight = without(Factor::Block(k));
            at.block
                .slopes(at.place(&numbers.values, x), &mut |i, slope| {
                    values[slots[i]] += weight * slope;
                });
        }
    }
}

/// One factor of a product.
#[derive(Clone, Copy, PartialEq)]
enum Factor {
    None,
    Unknown(usize),
    Curve(usize),
    Block(usize),
}
