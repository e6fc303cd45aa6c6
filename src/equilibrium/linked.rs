//! Compiled systems side by side, linked by linear couplings: one problem over several periods.
//!
//! Every period keeps its own compiled system. A link adds `coefficient * column` to a row of another period (or of
//! the same). Rows carry the weight of their period (its discount factor times its length), under which the couplings
//! of competitive storage and investment are mirror images, so that what remains after the elimination is symmetric.

use std::collections::HashMap;

use super::best_response::BestResponse;
use super::class::Class;
use super::compiled::Compiled;
use super::error::{Reason, SolveError};
use super::named::Found;
use super::numbers::Numbers;
use super::point::Point;
use super::result::Equilibrium;
use crate::assembly::{Assembly, Param, Unknown};
use crate::complementarity::{
    Checkpoint, Outcome, Problem, Scale, Settings, Side, Structure, Symmetry, Workspace,
    continue_into,
};

/// An unknown of one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct At {
    pub(crate) part: usize,
    pub(crate) unknown: Unknown,
}

/// A coupling between two periods: the row of one unknown sees another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) row: At,
    pub(crate) column: At,
    pub(crate) coefficient: f64,
}

/// How compiled systems hang together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) links: Vec<Link>,
    /// Unknowns that are eliminated later than their kind would be, with their stage.
    pub(crate) stages: Vec<(At, u8)>,
    /// A positive weight for the rows of each system.
    pub(crate) weights: Vec<f64>,
}

#[derive(Debug)]
struct Part {
    compiled: Compiled,
    numbers: Numbers,
    first: usize,
    /// Where each entry of its Jacobian stands in the whole one.
    slots: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Coupling {
    row: usize,
    column: usize,
    slot: usize,
    coefficient: f64,
}

/// Compiled systems as one problem.
#[derive(Debug)]
pub(crate) struct Linked {
    parts: Vec<Part>,
    structure: Structure,
    couplings: Vec<Coupling>,
    affine: bool,
    lower: Vec<f64>,
    upper: Vec<f64>,
    variable: Vec<f64>,
    residual: Vec<f64>,
    positive: Vec<bool>,
    weights: Option<Vec<f64>>,
}

/// A solution of linked systems.
#[derive(Clone, Debug)]
pub(crate) struct LinkedSolution {
    x: Vec<f64>,
    f: Vec<f64>,
    outcome: Outcome,
}

impl Linked {
    pub(crate) fn new(compiled: Vec<Compiled>, layout: &Layout) -> Result<Self, SolveError> {
        let mut first = 0;
        let mut firsts = Vec::with_capacity(compiled.len());
        let (mut entries, mut stages, mut sides) = (Vec::new(), Vec::new(), Vec::new());
        for system in &compiled {
            let structure = &system.structure;
            let (starts, columns) = (structure.row_starts(), structure.columns());
            for row in 0..structure.dimension() {
                let of_row = &columns[starts[row]..starts[row + 1]];
                entries.extend(of_row.iter().map(|&column| (first + row, first + column)));
            }
            stages.extend_from_slice(structure.stages());
            sides.extend_from_slice(structure.sides());
            firsts.push(first);
            first += structure.dimension();
        }
        let place = |at: At| firsts[at.part] + at.unknown.index();
        for link in &layout.links {
            let (row, column) = (place(link.row), place(link.column));
            entries.extend([(row, column), (column, row)]);
        }
        for &(at, stage) in &layout.stages {
            stages[place(at)] = stage;
        }
        let even = layout.weights.windows(2).all(|pair| pair[0] == pair[1]);
        let weight_of = |part: usize| {
            if even {
                1.0
            } else {
                layout.weights.get(part).copied().unwrap_or(1.0)
            }
        };
        let mirrored = mirrored(&layout.links, &sides, place, weight_of);
        let integrable = compiled.iter().all(|c| c.class == Class::Integrable);
        let structure = Structure::from_entries(first, entries)?
            .with_stages(stages)?
            .with_sides(sides)?
            .with_symmetry(if integrable && mirrored {
                Symmetry::Skew
            } else {
                Symmetry::General
            });
        let couplings = layout.links.iter().map(|link| {
            let (row, column) = (place(link.row), place(link.column));
            Coupling {
                row,
                column,
                slot: structure.position(row, column).unwrap_or(usize::MAX),
                coefficient: link.coefficient,
            }
        });
        let couplings = couplings.collect();
        let weights = (!even).then(|| {
            let of_part = |(part, system): (usize, &Compiled)| {
                vec![weight_of(part); system.structure.dimension()]
            };
            compiled.iter().enumerate().flat_map(of_part).collect()
        });
        let affine = compiled.iter().all(Compiled::is_affine);
        let mut parts = Vec::with_capacity(compiled.len());
        for (system, first) in compiled.into_iter().zip(firsts) {
            let numbers = system.numbers();
            system.check_bounds(&numbers)?;
            let own = &system.structure;
            let mut slots = Vec::with_capacity(own.entries());
            for row in 0..own.dimension() {
                for k in own.row_starts()[row]..own.row_starts()[row + 1] {
                    let at = structure.position(first + row, first + own.columns()[k]);
                    slots.push(at.unwrap_or(usize::MAX));
                }
            }
            parts.push(Part {
                compiled: system,
                numbers,
                first,
                slots,
            });
        }
        let gather = |of: fn(&Numbers) -> &[f64]| -> Vec<f64> {
            let all = parts.iter().flat_map(|part| of(&part.numbers));
            all.copied().collect()
        };
        Ok(Self {
            lower: gather(|n| &n.lower),
            upper: gather(|n| &n.upper),
            variable: gather(|n| &n.variable),
            residual: gather(|n| &n.residual),
            positive: parts
                .iter()
                .flat_map(|part| part.numbers.positive.iter().copied())
                .collect(),
            parts,
            structure,
            couplings,
            affine,
            weights,
        })
    }

    /// Solves all periods at once, from where an earlier solve was left, if it was; one that is interrupted, or comes to
    /// a limit, is left there.
    pub(crate) fn solve(
        &self,
        settings: &Settings,
        left: &mut Option<Checkpoint>,
    ) -> Result<LinkedSolution, SolveError> {
        let mut workspace = Workspace::new(&self.structure, settings)?;
        let outcome = continue_into(self, settings, &mut workspace, left)?;
        if !outcome.converged() {
            let worst = outcome.worst();
            return Err(SolveError::Unsolved {
                reason: Reason::of(&outcome),
                place: self.name(worst.index),
                residual: worst.residual,
            });
        }
        let x = workspace.solution().to_vec();
        let mut f = vec![0.0; x.len()];
        self.evaluate(&x, &mut f, None);
        Ok(LinkedSolution { x, f, outcome })
    }

    /// The system of one period.
    pub(crate) fn assembly(&self, part: usize) -> &Assembly {
        self.parts[part].compiled.assembly()
    }

    /// The numbers of one period.
    pub(crate) fn values(&self, part: usize) -> &[f64] {
        &self.parts[part].numbers.values
    }

    /// The unknowns of one period at a solution.
    pub(crate) fn slice<'a>(&self, solution: &'a LinkedSolution, part: usize) -> &'a [f64] {
        let first = self.parts[part].first;
        &solution.x[first..first + self.parts[part].compiled.structure.dimension()]
    }

    /// One period of a solution with names. `values` are the numbers that links stood for while solving.
    pub(crate) fn equilibrium(
        &self,
        solution: &LinkedSolution,
        part: usize,
        values: &[(Param, f64)],
    ) -> Equilibrium {
        let Part {
            compiled,
            numbers,
            first,
            ..
        } = &self.parts[part];
        let range = *first..*first + compiled.structure.dimension();
        let (x, f) = (&solution.x[range.clone()], &solution.f[range]);
        let certificate = compiled.evidence(numbers, x, f, &solution.outcome);
        let best_response = if compiled.assembly().conducts.is_empty() {
            BestResponse::PriceTakers
        } else {
            BestResponse::NotShown {
                reason: "replies are not searched for over time".to_owned(),
            }
        };
        let mut numbers = numbers.clone();
        for &(param, value) in values {
            numbers.values[param.index()] = value;
        }
        compiled.named(Found {
            numbers: &numbers,
            x,
            f,
            certificate,
            best_response,
            linked: !self.couplings.is_empty(),
        })
    }

    /// The first period whose measures contradict the case they were written in, and why.
    pub(crate) fn contradiction(
        &self,
        solution: &LinkedSolution,
    ) -> Result<Option<(usize, String)>, SolveError> {
        for (part, system) in self.parts.iter().enumerate() {
            if system.compiled.assembly().switches.is_empty() {
                continue;
            }
            let equilibrium = self.equilibrium(solution, part, &[]);
            if let Some(why) = system.compiled.contradiction(&equilibrium)? {
                return Ok(Some((part, why)));
            }
        }
        Ok(None)
    }
}

/// Whether every coupling between periods has its mirror image under the weights.
fn mirrored(
    links: &[Link],
    sides: &[Side],
    place: impl Fn(At) -> usize,
    weight: impl Fn(usize) -> f64,
) -> bool {
    let mut sums: HashMap<(usize, usize), f64> = HashMap::new();
    for link in links {
        let at = (place(link.row), place(link.column));
        *sums.entry(at).or_default() += weight(link.row.part) * link.coefficient;
    }
    sums.iter().all(|(&(i, j), &forward)| {
        let back = sums.get(&(j, i)).copied().unwrap_or(0.0);
        let sign = if sides[i] == sides[j] { 1.0 } else { -1.0 };
        (forward - sign * back).abs() <= 1e-12 * forward.abs()
    })
}

impl Problem for Linked {
    fn structure(&self) -> &Structure {
        &self.structure
    }

    fn lower(&self) -> &[f64] {
        &self.lower
    }

    fn upper(&self) -> &[f64] {
        &self.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.variable,
            residual: &self.residual,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], mut jacobian: Option<&mut [f64]>) {
        if let Some(values) = jacobian.as_deref_mut() {
            values.fill(0.0);
        }
        let mut own = Vec::new();
        for part in &self.parts {
            let range = part.first..part.first + part.compiled.structure.dimension();
            let point = Point {
                compiled: &part.compiled,
                numbers: &part.numbers,
            };
            let (x, residual) = (&x[range.clone()], &mut residual[range]);
            if let Some(values) = jacobian.as_deref_mut() {
                own.resize(part.slots.len(), 0.0);
                point.evaluate(x, residual, Some(&mut own));
                for (&slot, value) in part.slots.iter().zip(&own) {
                    values[slot] = *value;
                }
            } else {
                point.evaluate(x, residual, None);
            }
        }
        for coupling in &self.couplings {
            residual[coupling.row] += coupling.coefficient * x[coupling.column];
            if let Some(values) = jacobian.as_deref_mut() {
                values[coupling.slot] += coupling.coefficient;
            }
        }
    }

    fn start(&self, x: &mut [f64]) {
        for part in &self.parts {
            let range = part.first..part.first + part.compiled.structure.dimension();
            x[range].copy_from_slice(&part.numbers.start);
        }
    }

    fn name(&self, i: usize) -> String {
        let found = self.parts.iter().enumerate().rfind(|(_, p)| p.first <= i);
        found.map_or_else(String::new, |(index, part)| {
            let unknowns = &part.compiled.assembly().unknowns;
            let name = unknowns.get(i - part.first).map_or("", |u| u.name.as_str());
            format!("{name} in period {index}")
        })
    }

    fn positive(&self) -> Option<&[bool]> {
        Some(&self.positive)
    }

    fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    fn affine(&self) -> bool {
        self.affine
    }
}
