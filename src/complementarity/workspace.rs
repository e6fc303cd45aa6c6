//! The memory of a solve.

use super::active_set::Newton;
use super::barrier::Barrier;
use super::continuation::Proximal;
use super::driver::Phase;
use super::evaluation::{Measure, Sizes, UNMEASURED, subtract_product};
use super::lanes::vector;
use super::linear::{Backend, Breakdown, Linear, Quality, System};
use super::outcome::{Iterations, Worst};
use super::{ComplementarityError, Settings, Structure};

/// On which side of its condition an unknown is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Position {
    /// Strictly between its bounds, with a zero residual.
    Free,
    /// At its lower bound.
    Lower,
    /// At its upper bound.
    Upper,
}

/// All memory that a solve needs, made once for a pattern and used for any number of solves with it.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub(super) n: usize,
    pub(super) structure: Structure,
    pub(super) linear: Linear,
    pub(super) sizes: Sizes,
    pub(super) x: Vec<f64>,
    /// Weighted residual at `x`.
    pub(super) f: Vec<f64>,
    /// Weighted Jacobian, of the point where it was last asked for.
    pub(super) jacobian: Vec<f64>,
    /// That of the solve before, to see whether it has changed.
    pub(super) last_jacobian: Vec<f64>,
    pub(super) jacobian_current: bool,
    /// Whether the Jacobian's values changed since they were last factorised.
    pub(super) jacobian_fresh: bool,
    pub(super) measure: Measure,
    pub(super) worst: Worst,
    pub(super) position: Vec<Position>,
    pub(super) shift: Vec<f64>,
    pub(super) rhs: Vec<f64>,
    pub(super) step: Vec<f64>,
    pub(super) trial: Vec<f64>,
    pub(super) trial_f: Vec<f64>,
    pub(super) best: Vec<f64>,
    pub(super) best_f: Vec<f64>,
    pub(super) best_measure: Measure,
    pub(super) quality: Quality,
    pub(super) barrier: Barrier,
    pub(super) newton: Newton,
    pub(super) proximal: Proximal,
    pub(super) phase: Phase,
    pub(super) iterations: Iterations,
    pub(super) factorisations: usize,
    pub(super) price_error: f64,
    pub(super) breakdown: Option<Breakdown>,
}

impl Workspace {
    /// Memory for problems of one pattern; finds the elimination and the ordering that solves use.
    ///
    /// # Errors
    /// When a dense matrix of this size could not be addressed.
    pub fn new(structure: &Structure, settings: &Settings) -> Result<Self, ComplementarityError> {
        let n = structure.dimension();
        let linear = Linear::new(structure, settings.algebra())?;
        Ok(Self {
            n,
            structure: structure.clone(),
            linear,
            sizes: Sizes {
                variable: vector(n, 1.0),
                inverse_variable: vector(n, 1.0),
                residual: vector(n, 1.0),
                inverse_residual: vector(n, 1.0),
                ratio: vector(n, 1.0),
            },
            x: vector(n, 0.0),
            f: vector(n, 0.0),
            jacobian: vec![0.0; structure.entries()],
            last_jacobian: vec![0.0; structure.entries()],
            jacobian_current: false,
            jacobian_fresh: true,
            measure: UNMEASURED,
            worst: Worst {
                index: 0,
                residual: f64::INFINITY,
            },
            position: vec![Position::Free; n],
            shift: vector(n, 0.0),
            rhs: vector(n, 0.0),
            step: vector(n, 0.0),
            trial: vector(n, 0.0),
            trial_f: vector(n, 0.0),
            best: vector(n, 0.0),
            best_f: vector(n, 0.0),
            best_measure: UNMEASURED,
            quality: Quality::Exact,
            barrier: Barrier::new(n),
            newton: Newton::default(),
            proximal: Proximal::new(n),
            phase: Phase::Done,
            iterations: Iterations::default(),
            factorisations: 0,
            price_error: f64::INFINITY,
            breakdown: None,
        })
    }

    /// The point: the solution after a solve that converged, else the best point that was found.
    #[must_use]
    pub fn solution(&self) -> &[f64] {
        &self.x[..self.n]
    }

    /// `F` at the point, with rows multiplied by the problem's weights if it has any: the slack where an
    /// unknown is at a bound.
    #[must_use]
    pub fn residual(&self) -> &[f64] {
        &self.f[..self.n]
    }

    /// On which side of its condition each unknown is at the point.
    #[must_use]
    pub fn positions(&self) -> &[Position] {
        &self.position
    }

    /// Puts a point into the workspace, from which a warm solve then starts.
    ///
    /// # Errors
    /// When it does not have exactly one value per unknown, or one is not finite.
    pub fn set_point(&mut self, x: &[f64]) -> Result<(), ComplementarityError> {
        if x.len() != self.n {
            return Err(ComplementarityError::Length {
                what: "point",
                expected: self.n,
                found: x.len(),
            });
        }
        if let Some((i, &value)) = x.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            return Err(ComplementarityError::Start {
                name: format!("unknown {i}"),
                value,
                residual: 0.0,
            });
        }
        self.x[..self.n].copy_from_slice(x);
        Ok(())
    }

    /// Takes over the point of another workspace of the same pattern, and what is known of it.
    pub(crate) fn adopt(&mut self, other: &Self) {
        self.x.copy_from_slice(&other.x);
        self.f.copy_from_slice(&other.f);
        self.position.copy_from_slice(&other.position);
        self.measure = other.measure;
        self.worst = other.worst;
        self.price_error = other.price_error;
        self.jacobian_current = false;
    }

    /// Factorises with the Jacobian and the shift of the workspace.
    pub(super) fn factor(&mut self) -> Result<(), Breakdown> {
        self.factorisations += 1;
        let system = System {
            structure: &self.structure,
            jacobian: &self.jacobian,
            shift: &self.shift,
            variable: &self.sizes.variable,
            row_scale: &self.sizes.inverse_residual,
            ratio: &self.sizes.ratio,
            fresh: self.jacobian_fresh,
        };
        let factored = self.linear.factor(&system);
        self.jacobian_fresh = false;
        match factored {
            Ok(quality) => {
                self.quality = quality;
                Ok(())
            }
            Err(breakdown) => {
                self.breakdown = Some(breakdown);
                Err(breakdown)
            }
        }
    }

    /// Solves for `step` with the right-hand side `rhs`, refining while it helps; both stay in the
    /// workspace. Held unknowns get a zero step. `enough` is the scaled residual of the system at which
    /// refinement may stop.
    pub(super) fn solve_refined(&mut self, enough: f64, most: usize) {
        self.step.copy_from_slice(&self.rhs);
        self.linear.solve(&mut self.step);
        self.refine(enough, most);
    }

    /// Refines the `step` of a solve, as [`solve_refined`](Self::solve_refined) does.
    pub(super) fn refine(&mut self, enough: f64, most: usize) {
        if self.quality == Quality::Exact {
            return;
        }
        let mut last = f64::INFINITY;
        for _ in 0..most {
            self.trial_f.copy_from_slice(&self.rhs);
            subtract_product(
                &self.structure,
                &self.jacobian,
                &self.shift,
                &self.step,
                &mut self.trial_f,
            );
            let mut left: f64 = 0.0;
            for ((f, &shift), &scale) in self
                .trial_f
                .iter_mut()
                .zip(&self.shift)
                .zip(&self.sizes.inverse_residual)
            {
                if shift < f64::INFINITY {
                    left = left.max(f.abs() * scale);
                } else {
                    *f = 0.0;
                }
            }
            // no longer shrinking: what is left is rounding, or lies where the matrix is singular
            if !(left > enough && left < 0.5 * last) {
                return;
            }
            last = left;
            self.linear.solve(&mut self.trial_f);
            for (step, &more) in self.step.iter_mut().zip(&self.trial_f) {
                *step += more;
            }
        }
    }
}
