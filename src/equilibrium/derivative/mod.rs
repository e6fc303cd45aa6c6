//! Derivatives through the equilibrium.
//!
//! On the active set the conditions are equations `F(x, t) = 0`, so that `dx/dt = -J^-1 dF/dt` (implicit function
//! theorem). Forward, one factorisation answers for all outcomes and one parameter; adjoint, for one outcome and
//! all parameters. Where a measure is just binding the two sides differ, and each has its own answer.

mod critical;
mod measured;
mod outcome;
mod response;
mod visit;

pub use outcome::Outcome;
pub(super) use outcome::node;
pub use response::{NodeResponse, Response};

pub(super) use measured::Measured;

use super::compiled::Compiled;
use super::error::SolveError;
use super::point::Point;
use super::workspace::Workspace;
use crate::assembly::{Gradient, Param};
use crate::complementarity::{self as engine, Problem, Settings, Start};
use critical::Critical;

/// The way in which a number moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// It rises.
    Up,
    /// It falls.
    Down,
}

/// An equilibrium's answer to small changes of its numbers.
///
/// ```
/// use pricefloor::equilibrium::{Outcome, Side};
/// use pricefloor::prelude::*;
/// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
/// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
/// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
/// #     .build()?;
/// let subsidy = Policy::new().with("subsidy", ProductionSubsidy::new("Home", "oxide", 1.0))?;
/// let compiled = market.compile(&subsidy)?;
/// let mut workspace = compiled.workspace()?;
/// compiled.solve_into(&mut workspace)?;
/// let rate = compiled.param("measure/subsidy/rate")?;
/// let mut sensitivity = compiled.sensitivity(&mut workspace)?;
/// // demand slope 1, supply slope 1/2: two thirds of a subsidy reach the buyers
/// let price = Outcome::price("Home", "oxide");
/// assert!((sensitivity.derivative(&price, rate, Side::Up)? + 2.0 / 3.0).abs() < 1e-9);
/// assert!((sensitivity.gradient(&price)?.of(rate) + 2.0 / 3.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Sensitivity<'a> {
    compiled: &'a Compiled,
    workspace: &'a mut Workspace,
    x: Vec<f64>,
    jacobian: Vec<f64>,
    stands: Vec<Stand>,
    strictness: f64,
}

/// Where an unknown stands with its condition.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stand {
    Free,
    /// Held at its lower (false) or upper (true) bound.
    Held(bool),
    /// Just reaching its lower (false) or upper (true) bound.
    Touching(bool),
}

/// The derivatives of one outcome in every parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeGradient {
    values: Vec<f64>,
}

impl OutcomeGradient {
    /// Derivative in one parameter, in the outcome's unit per the parameter's.
    #[must_use]
    pub fn of(&self, param: Param) -> f64 {
        self.values.get(param.index()).copied().unwrap_or(0.0)
    }

    /// Derivatives in the order of [`Compiled::params`].
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// The change of what has this gradient when a parameter moves and the unknowns move in a direction with it.
fn along(gradient: &Gradient, direction: &[f64], param: Param) -> f64 {
    let unknowns = gradient.unknowns.iter();
    let moved: f64 = unknowns.map(|&(i, g)| g * direction[i]).sum();
    let params = gradient.params.iter().filter(|(p, _)| *p == param.index());
    moved + params.map(|(_, g)| g).sum::<f64>()
}

/// Scaled distance from a switch below which both sides are asked for.
const TOUCHING: f64 = 1e-9;

impl Compiled {
    /// Derivatives at the workspace's latest solution.
    ///
    /// # Errors
    /// [`SolveError::Unsolved`] when the workspace holds no solution.
    pub fn sensitivity<'a>(
        &'a self,
        workspace: &'a mut Workspace,
    ) -> Result<Sensitivity<'a>, SolveError> {
        workspace.require_solution()?;
        let x = workspace.engine.solution().to_vec();
        let mut residual = vec![0.0; x.len()];
        let mut jacobian = vec![0.0; self.structure.entries()];
        Point {
            compiled: self,
            numbers: &workspace.numbers,
        }
        .evaluate(&x, &mut residual, Some(&mut jacobian));
        let numbers = &workspace.numbers;
        let mut strictness = f64::INFINITY;
        let stands = (0..x.len())
            .map(|i| {
                let room = |bound: f64| (x[i] - bound).abs() / numbers.variable[i];
                let force = residual[i].abs() / numbers.residual[i];
                if numbers.lower[i] == numbers.upper[i] {
                    // where there is no room it goes with the bound against which it presses
                    return Stand::Held(residual[i] < 0.0);
                }
                let (low, high) = (room(numbers.lower[i]), room(numbers.upper[i]));
                let (near, upper) = if low <= high {
                    (low, false)
                } else {
                    (high, true)
                };
                if near.is_finite() {
                    strictness = strictness.min(near.max(force));
                }
                match (near <= TOUCHING, force <= TOUCHING) {
                    (true, true) => Stand::Touching(upper),
                    (true, false) => Stand::Held(upper),
                    _ => Stand::Free,
                }
            })
            .collect();
        Ok(Sensitivity {
            compiled: self,
            workspace,
            x,
            jacobian,
            stands,
            strictness,
        })
    }
}

impl Sensitivity<'_> {
    /// How far the equilibrium is from a switch of any measure, capacity or route: the smallest over all
    /// unknowns of the larger of its scaled distance from a bound and its scaled residual.
    #[must_use]
    pub fn strict_complementarity(&self) -> f64 {
        self.strictness
    }

    /// An outcome at the solution.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] for an unknown outcome.
    pub fn value(&self, outcome: &Outcome) -> Result<f64, SolveError> {
        let assembly = self.compiled.assembly();
        let values = &self.workspace.numbers.values;
        Ok(outcome
            .measured(assembly)?
            .evaluate(assembly, values, &self.x))
    }

    fn outcome_gradient(&self, outcome: &Outcome) -> Result<Gradient, SolveError> {
        let assembly = self.compiled.assembly();
        let values = &self.workspace.numbers.values;
        Ok(outcome
            .measured(assembly)?
            .gradient(assembly, values, &self.x))
    }

    fn touching(&self) -> bool {
        self.stands.iter().any(|s| matches!(s, Stand::Touching(_)))
    }

    /// Derivative of an outcome in a parameter, in the direction in which the parameter moves.
    ///
    /// # Errors
    /// [`SolveError`] for an unknown outcome, or where the solution does not move smoothly on that side.
    pub fn derivative(
        &mut self,
        outcome: &Outcome,
        param: Param,
        side: Side,
    ) -> Result<f64, SolveError> {
        let gradient = self.outcome_gradient(outcome)?;
        let direction = self.direction(param, side)?;
        Ok(along(&gradient, &direction, param))
    }

    /// Percentage change of an outcome per percent of a parameter, in the direction in which it moves.
    ///
    /// # Errors
    /// As [`derivative`](Self::derivative).
    pub fn elasticity(
        &mut self,
        outcome: &Outcome,
        param: Param,
        side: Side,
    ) -> Result<f64, SolveError> {
        let level = self.value(outcome)?;
        let at = self.workspace.get(param).unwrap_or(0.0);
        Ok(self.derivative(outcome, param, side)? * at / level)
    }

    /// Derivatives of one outcome in every parameter, by the adjoint.
    ///
    /// # Errors
    /// [`SolveError::Switch`] where a condition is just binding, so that the two sides may differ.
    pub fn gradient(&mut self, outcome: &Outcome) -> Result<OutcomeGradient, SolveError> {
        if let Some(i) = self
            .stands
            .iter()
            .position(|s| matches!(s, Stand::Touching(_)))
        {
            let place = self.compiled.assembly().unknowns[i].name.clone();
            return Err(SolveError::Switch { place });
        }
        let gradient = self.outcome_gradient(outcome)?;
        let n = self.x.len();
        let mut pull = vec![0.0; n];
        for &(i, g) in &gradient.unknowns {
            pull[i] += g;
        }
        let mut values = vec![0.0; self.workspace.numbers.values.len()];
        for &(p, g) in &gradient.params {
            values[p] += g;
        }
        let mut adjoint = pull.clone();
        self.linearised()?.solve_transpose(&mut adjoint)?;
        let numbers = &self.workspace.numbers;
        self.compiled
            .visit_parameters(numbers, &self.x, &mut |row, p, value| {
                values[p] -= adjoint[row] * value
            });
        // bounds that are numbers move what stands at them
        let mut carried = pull;
        let (starts, columns) = (
            self.compiled.structure.row_starts(),
            self.compiled.structure.columns(),
        );
        for i in 0..n {
            for k in starts[i]..starts[i + 1] {
                carried[columns[k]] -= adjoint[i] * self.jacobian[k];
            }
        }
        for (i, stand) in self.stands.iter().enumerate() {
            if let Stand::Held(upper) = *stand {
                for &(factor, p) in &self.compiled.limit(i, upper).params {
                    values[p.index()] += carried[i] * factor;
                }
            }
        }
        Ok(OutcomeGradient { values })
    }

    fn linearised(&mut self) -> Result<engine::Linearised<'_>, SolveError> {
        let Workspace {
            numbers,
            engine: scratch,
            ..
        } = &mut *self.workspace;
        let point = Point {
            compiled: self.compiled,
            numbers,
        };
        Ok(scratch.linearise(&point)?)
    }

    /// How every unknown moves per unit of a parameter's move.
    fn direction(&mut self, param: Param, side: Side) -> Result<Vec<f64>, SolveError> {
        let sign = match side {
            Side::Up => 1.0,
            Side::Down => -1.0,
        };
        let n = self.x.len();
        let mut drive = vec![0.0; n];
        let numbers = &self.workspace.numbers;
        self.compiled
            .visit_parameters(numbers, &self.x, &mut |row, p, value| {
                if p == param.index() {
                    drive[row] += sign * value;
                }
            });
        let moves = |i: usize, upper: bool| -> f64 {
            let limit = self.compiled.limit(i, upper);
            limit
                .params
                .iter()
                .filter(|(_, p)| *p == param)
                .map(|(c, _)| sign * c)
                .sum()
        };
        let mut direction = if self.touching() {
            self.critical_direction(&drive, moves)?
        } else {
            let mut held = vec![0.0; n];
            for (i, stand) in self.stands.iter().enumerate() {
                if let Stand::Held(upper) = *stand {
                    held[i] = moves(i, upper);
                }
            }
            let (starts, columns) = (
                self.compiled.structure.row_starts(),
                self.compiled.structure.columns(),
            );
            let mut rhs = vec![0.0; n];
            for i in 0..n {
                let carried: f64 = (starts[i]..starts[i + 1])
                    .map(|k| self.jacobian[k] * held[columns[k]])
                    .sum();
                rhs[i] = -drive[i] - carried;
            }
            self.linearised()?.solve(&mut rhs)?;
            for (i, stand) in self.stands.iter().enumerate() {
                if *stand != Stand::Free {
                    rhs[i] = held[i];
                }
            }
            rhs
        };
        for d in &mut direction {
            *d *= sign;
        }
        Ok(direction)
    }

    fn critical_direction(
        &self,
        drive: &[f64],
        moves: impl Fn(usize, bool) -> f64,
    ) -> Result<Vec<f64>, SolveError> {
        let n = self.x.len();
        let (mut lower, mut upper) = (vec![f64::NEG_INFINITY; n], vec![f64::INFINITY; n]);
        for (i, stand) in self.stands.iter().enumerate() {
            match *stand {
                Stand::Free => {}
                Stand::Held(at_upper) => {
                    lower[i] = moves(i, at_upper);
                    upper[i] = lower[i];
                }
                Stand::Touching(false) => lower[i] = moves(i, false),
                Stand::Touching(true) => upper[i] = moves(i, true),
            }
        }
        let numbers = &self.workspace.numbers;
        let problem = Critical {
            structure: &self.compiled.structure,
            jacobian: &self.jacobian,
            drive,
            lower,
            upper,
            variable: &numbers.variable,
            residual: &numbers.residual,
        };
        let settings = Settings::default();
        let mut scratch = engine::Workspace::new(&self.compiled.structure, &settings)?;
        let outcome = engine::solve_into(&problem, &settings, &mut scratch, Start::Cold)?;
        if !outcome.converged() {
            return Err(self.compiled.unsolved(&outcome));
        }
        Ok(scratch.solution().to_vec())
    }
}
