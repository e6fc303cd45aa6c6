//! One pure step, and the plain loop around it.

use std::time::Instant;

use super::active_set::{GUESS_STEPS, NEAR_STEPS};
use super::check::check;
use super::evaluation::UNMEASURED;
use super::evaluation::{self, measure};
use super::interior::{COLD, NEAR};
use super::interrupt::interrupted;
use super::linear::Backend;
use super::outcome::{Iterations, Start, Worst};
use super::workspace::Workspace;
use super::{Checkpoint, ComplementarityError, Method, Outcome, Problem, Settings, Termination};

/// What one step of an algorithm came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Continue,
    /// The active set is worth a guess.
    Guess,
    Converged,
    Failed,
}

/// Which algorithm the next step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Phase {
    /// Active-set Newton from a previous solution; whether others may follow.
    Warm {
        alone: bool,
    },
    Interior,
    /// Active-set Newton from the interior point.
    Finish,
    Continuation,
    /// Active-set Newton from the end of the continuation.
    LastFinish,
    Done,
}

/// Newton steps after which a guess from the interior point counts as wrong.
const FINISH_LIMIT: u32 = 12;
const WARM_LIMIT: u32 = 40;

/// Solves a problem in a workspace; the answer stays there.
///
/// # Errors
/// When the question is ill-posed. Not having converged is no error, but an outcome.
///
/// ```
/// use pricefloor::complementarity::*;
/// /// Demand 20 - p, supply 2 (p - 5), public purchases g at a floor of 12: unknowns p and g.
/// struct Floor(Structure);
/// impl Problem for Floor {
///     fn structure(&self) -> &Structure { &self.0 }
///     fn lower(&self) -> &[f64] { &[0.0; 2] }
///     fn upper(&self) -> &[f64] { &[f64::INFINITY; 2] }
///     fn scale(&self) -> Scale<'_> { Scale { variable: &[10.0; 2], residual: &[10.0; 2] } }
///     fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
///         residual[0] = 2.0 * (x[0] - 5.0) - (20.0 - x[0]) - x[1];
///         residual[1] = x[0] - 12.0;
///         if let Some(values) = jacobian {
///             values.copy_from_slice(&[3.0, -1.0, 1.0]);
///         }
///     }
///     fn start(&self, x: &mut [f64]) { x.fill(1.0); }
///     fn affine(&self) -> bool { true }
/// }
/// let problem = Floor(Structure::from_entries(2, [(0, 0), (0, 1), (1, 0)])?);
/// let settings = Settings::default();
/// let mut workspace = Workspace::new(problem.structure(), &settings)?;
/// let outcome = solve_into(&problem, &settings, &mut workspace, Start::Cold)?;
/// assert!(outcome.converged());
/// assert!((workspace.solution()[1] - 6.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn solve_into<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    workspace: &mut Workspace,
    start: Start,
) -> Result<Outcome, ComplementarityError> {
    prepare(problem, settings, workspace, start)?;
    Ok(run(problem, settings, workspace, |_| {}))
}

/// As [`solve_into`], from where an earlier solve was left, if it was. A solve that is interrupted, or comes to a limit, is
/// left in `left`.
pub(crate) fn continue_into<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    workspace: &mut Workspace,
    left: &mut Option<Checkpoint>,
) -> Result<Outcome, ComplementarityError> {
    match left.take() {
        Some(checkpoint) => workspace.restore(problem, &checkpoint)?,
        None => prepare(problem, settings, workspace, Start::Cold)?,
    }
    let leave = |workspace: &Workspace| *left = Some(workspace.checkpoint());
    Ok(run(problem, settings, workspace, leave))
}

/// Steps to the end, or until the solve must be left.
fn run<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    workspace: &mut Workspace,
    leave: impl FnOnce(&Workspace),
) -> Outcome {
    // reading a clock costs as much as a small factorisation, so only where a limit was set
    let deadline = settings.time_limit().map(|limit| (Instant::now(), limit));
    let halt = loop {
        if let Some(halt) = halt(settings, workspace) {
            break halt;
        }
        if let Some(termination) = advance(problem, settings, workspace) {
            return workspace.outcome(termination);
        }
        if let Some((began, limit)) = deadline
            && began.elapsed() >= limit
        {
            break Termination::TimeLimit;
        }
    };
    leave(workspace);
    workspace.give_up(problem, halt)
}

/// Checks the question and puts the workspace at its start.
pub(super) fn prepare<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    workspace: &mut Workspace,
    start: Start,
) -> Result<(), ComplementarityError> {
    check(problem, workspace)?;
    workspace.iterations = Iterations::default();
    workspace.factorisations = 0;
    workspace.price_error = f64::INFINITY;
    workspace.breakdown = None;
    workspace.worst = Worst {
        index: 0,
        residual: f64::INFINITY,
    };
    workspace.proximal.strength = 0.0;
    workspace.best_measure = UNMEASURED;
    if start == Start::Cold {
        problem.start(&mut workspace.x[..workspace.structure.dimension()]);
    }
    let (lower, upper) = (problem.lower(), problem.upper());
    for (x, (&l, &u)) in workspace.x.iter_mut().zip(lower.iter().zip(upper)) {
        *x = x.max(l).min(u);
    }
    if let Some(positive) = problem.positive() {
        for (i, &positive) in positive.iter().enumerate() {
            if positive && workspace.x[i] <= 0.0 {
                workspace.x[i] = workspace.sizes.variable[i].min(0.5 * upper[i]);
            }
        }
    }
    // of a problem whose numbers have changed only in its constants, what was gathered from the Jacobian stands
    let gathered = problem.affine() && !workspace.jacobian_fresh;
    workspace.jacobian_fresh = true;
    std::mem::swap(&mut workspace.jacobian, &mut workspace.last_jacobian);
    let x = &workspace.x;
    let defined = evaluation::linearise(problem, x, &mut workspace.f, &mut workspace.jacobian);
    if !defined {
        let bad = (0..workspace.n)
            .find(|&i| !(x[i].is_finite() && workspace.f[i].is_finite()))
            .unwrap_or(0);
        return Err(ComplementarityError::Start {
            name: problem.name(bad),
            value: x[bad],
            residual: workspace.f[bad],
        });
    }
    workspace.jacobian_current = true;
    workspace.jacobian_fresh = !(gathered && workspace.jacobian == workspace.last_jacobian);
    workspace.measure = measure(&workspace.x, &workspace.f, lower, upper, &workspace.sizes);
    workspace.phase = match (settings.method(), start) {
        (Method::ActiveSet, _) => Phase::Warm { alone: true },
        (Method::Automatic, Start::Warm) => Phase::Warm { alone: false },
        (Method::Continuation, _) => Phase::Continuation,
        (Method::Automatic | Method::InteriorPoint, _) => Phase::Interior,
    };
    match workspace.phase {
        Phase::Interior => {
            if !workspace.begin_interior(problem, COLD) {
                workspace.enter_continuation(problem);
            }
        }
        Phase::Continuation => workspace.enter_continuation(problem),
        _ => workspace.begin_newton(problem),
    }
    Ok(())
}

/// One step of whatever algorithm is due. `None` while there is more to do.
pub(super) fn step<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    workspace: &mut Workspace,
) -> Option<Termination> {
    if let Some(halt) = halt(settings, workspace) {
        workspace.keep_best(problem);
        return Some(halt);
    }
    advance(problem, settings, workspace)
}

/// Why the next step must not be taken.
fn halt(settings: &Settings, workspace: &Workspace) -> Option<Termination> {
    let limit = settings.iteration_limit();
    if workspace.iterations.total() >= limit {
        return Some(Termination::IterationLimit { limit });
    }
    interrupted().then_some(Termination::Interrupted)
}

fn advance<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
    workspace: &mut Workspace,
) -> Option<Termination> {
    match workspace.phase {
        Phase::Warm { alone } => {
            let mut verdict = workspace.newton_step(problem, settings);
            // alone it has nothing to give way to
            let over = workspace.newton_steps() >= WARM_LIMIT
                || !alone && workspace.guess_was_wrong(NEAR_STEPS);
            if over && verdict == Verdict::Continue {
                verdict = Verdict::Failed;
            }
            match verdict {
                Verdict::Converged => return Some(workspace.done(problem)),
                Verdict::Failed if alone => return Some(workspace.stuck(problem)),
                Verdict::Failed => workspace.enter_interior(problem),
                Verdict::Continue | Verdict::Guess => {}
            }
        }
        Phase::Interior => match workspace.interior_step(problem, settings) {
            Verdict::Guess => workspace.enter_finish(problem),
            Verdict::Failed => workspace.enter_finish(problem),
            Verdict::Continue | Verdict::Converged => {}
        },
        Phase::Finish => {
            let mut verdict = workspace.newton_step(problem, settings);
            let over =
                workspace.newton_steps() >= FINISH_LIMIT || workspace.guess_was_wrong(GUESS_STEPS);
            if over && verdict == Verdict::Continue {
                verdict = Verdict::Failed;
            }
            match verdict {
                Verdict::Converged => return Some(workspace.done(problem)),
                Verdict::Failed => {
                    if workspace.interior_can_improve() && workspace.resume_interior(problem) {
                        workspace.phase = Phase::Interior;
                    } else if settings.method() == Method::Automatic {
                        problem.start(&mut workspace.x[..workspace.structure.dimension()]);
                        workspace.enter_continuation(problem);
                    } else {
                        return Some(workspace.stuck(problem));
                    }
                }
                Verdict::Continue | Verdict::Guess => {}
            }
        }
        Phase::Continuation => match workspace.continuation_step(problem, settings) {
            Verdict::Guess | Verdict::Converged | Verdict::Failed => {
                if !workspace.end_continuation(problem) {
                    return Some(workspace.stuck(problem));
                }
                workspace.begin_newton(problem);
                workspace.phase = Phase::LastFinish;
            }
            Verdict::Continue => {}
        },
        Phase::LastFinish => match workspace.newton_step(problem, settings) {
            Verdict::Converged => return Some(workspace.done(problem)),
            Verdict::Failed => return Some(workspace.stuck(problem)),
            Verdict::Continue | Verdict::Guess => {
                if workspace.newton_steps() >= WARM_LIMIT {
                    return Some(workspace.stuck(problem));
                }
            }
        },
        Phase::Done => return Some(workspace.stuck(problem)),
    }
    None
}

impl Workspace {
    /// The point that the algorithm at work stands at, and its merit.
    pub(super) fn show<P: Problem + ?Sized>(&self, problem: &P) -> (&[f64], f64) {
        if self.phase == Phase::Interior {
            let (z, f) = self.interior_point();
            let reached = measure(z, f, problem.lower(), problem.upper(), &self.sizes);
            (&z[..self.n], reached.merit)
        } else {
            (&self.x[..self.n], self.measure.merit)
        }
    }

    /// From the best point so far: near a previous solution it saves a third of the iterations of a cold start.
    fn enter_interior<P: Problem + ?Sized>(&mut self, problem: &P) {
        self.x.copy_from_slice(&self.best);
        self.phase = Phase::Interior;
        if !self.begin_interior(problem, NEAR) {
            self.enter_continuation(problem);
        }
    }

    fn enter_finish<P: Problem + ?Sized>(&mut self, problem: &P) {
        if self.guess_from_interior(problem) {
            self.measure = measure(
                &self.x,
                &self.f,
                problem.lower(),
                problem.upper(),
                &self.sizes,
            );
            self.jacobian_current = problem.affine();
            self.begin_guessed_newton();
            self.phase = Phase::Finish;
        } else {
            problem.start(&mut self.x[..self.n]);
            self.enter_continuation(problem);
        }
    }

    fn enter_continuation<P: Problem + ?Sized>(&mut self, problem: &P) {
        let (lower, upper) = (problem.lower(), problem.upper());
        for (i, x) in self.x[..self.n].iter_mut().enumerate() {
            *x = x.max(lower[i]).min(upper[i]);
            if problem.positive().is_some_and(|positive| positive[i]) && *x <= 0.0 {
                *x = self.sizes.variable[i].min(0.5 * upper[i]);
            }
        }
        self.phase = if self.begin_continuation(problem) {
            Phase::Continuation
        } else {
            Phase::Done
        };
    }

    pub(super) fn done<P: Problem + ?Sized>(&mut self, problem: &P) -> Termination {
        self.find_worst(problem);
        self.phase = Phase::Done;
        Termination::Converged
    }

    fn stuck<P: Problem + ?Sized>(&mut self, problem: &P) -> Termination {
        self.keep_best(problem);
        match self.breakdown {
            Some(breakdown) if self.measure.worst.is_infinite() => {
                Termination::Singular { index: breakdown.0 }
            }
            _ => Termination::NoProgress {
                worst: self.find_worst(problem),
            },
        }
    }

    /// Ends with the best point in place.
    fn keep_best<P: Problem + ?Sized>(&mut self, problem: &P) {
        self.phase = Phase::Done;
        self.proximal.strength = 0.0;
        if self.best_measure.merit < f64::INFINITY {
            self.x.copy_from_slice(&self.best);
        }
        evaluation::residual(problem, &self.x, &mut self.f);
        self.measure = measure(
            &self.x,
            &self.f,
            problem.lower(),
            problem.upper(),
            &self.sizes,
        );
        self.classify(problem);
        self.find_worst(problem);
    }

    fn give_up<P: Problem + ?Sized>(&mut self, problem: &P, termination: Termination) -> Outcome {
        self.keep_best(problem);
        self.outcome(termination)
    }

    /// Notes which unknown is furthest from its condition.
    fn find_worst<P: Problem + ?Sized>(&mut self, problem: &P) -> Worst {
        let (lower, upper) = (problem.lower(), problem.upper());
        self.worst = evaluation::find_worst(&self.x, &self.f, lower, upper, &self.sizes);
        self.worst
    }

    pub(super) fn outcome(&self, termination: Termination) -> Outcome {
        Outcome {
            termination,
            iterations: self.iterations,
            factorisations: self.factorisations,
            residual: self.measure.worst,
            price_error: self.price_error,
            worst: self.worst,
            factorisation: self.linear.describe(),
        }
    }
}
