//! What becomes of one draw.

use super::dice::Dice;
use super::world::World;
use super::{conditions, levers};
use pricefloor::Policy;
use pricefloor::equilibrium::{Class, Equilibrium, SolveError};
use pricefloor::ledger::LedgerError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An equilibrium whose conditions hold and whose accounts close.
    Solved,
    /// There is provably none.
    Refused,
    /// A typed outcome without a proof.
    Unsolved,
    /// The accounts do not close.
    Accounts,
    /// A condition does not hold, or an error that should not be.
    Wrong,
}

impl Outcome {
    pub fn is_an_answer(self) -> bool {
        matches!(self, Self::Solved | Self::Refused)
    }
}

#[derive(Debug)]
pub struct Fate {
    pub seed: u64,
    pub class: Option<Class>,
    pub outcome: Outcome,
    detail: String,
}

impl std::fmt::Display for Fate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            seed,
            class,
            outcome,
            detail,
        } = self;
        write!(f, "{seed} {class:?} {outcome:?}: {detail}")
    }
}

impl Fate {
    /// What becomes of a seed. Where firms have conduct the first-order point is what is looked for: whether it also
    /// holds against large deviations takes hundreds of solves.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let world = World::draw(&mut dice);
        let policy = levers::draw(&mut dice, &world);
        let began = std::time::Instant::now();
        let compiled = world.market.compile(&policy);
        let class = compiled.as_ref().ok().map(|c| c.class());
        let (outcome, detail) = if world.conduct {
            match compiled.and_then(|c| c.solve_into(&mut c.workspace()?)) {
                Ok(certificate) => match conditions::doubtful(&certificate) {
                    Some(what) => (Outcome::Wrong, what),
                    None => (Outcome::Solved, String::new()),
                },
                Err(error) => (refused(&error), error.to_string()),
            }
        } else {
            match world.market.solve(&policy) {
                Ok(solved) => of_solved(&world, &policy, &solved),
                Err(error) => (refused(&error), error.to_string()),
            }
        };
        let kinds: Vec<&str> = policy
            .entries()
            .iter()
            .map(|e| e.measure().terms().kind())
            .collect();
        let conduct = if world.conduct { "conduct, " } else { "" };
        Self {
            seed,
            class,
            outcome,
            detail: format!(
                "{conduct}{kinds:?}, {:.2} s: {detail}",
                began.elapsed().as_secs_f64()
            ),
        }
    }
}

fn of_solved(world: &World, policy: &Policy, solved: &Equilibrium) -> (Outcome, String) {
    if let Some(what) = conditions::broken(world, policy, solved) {
        return (Outcome::Wrong, what);
    }
    match solved.ledger() {
        Ok(_) => (Outcome::Solved, String::new()),
        Err(error) => (accounts(&error), error.to_string()),
    }
}

fn accounts(error: &LedgerError) -> Outcome {
    match error {
        LedgerError::Identity { .. } => Outcome::Accounts,
        _ => Outcome::Wrong,
    }
}

fn refused(error: &SolveError) -> Outcome {
    match error {
        SolveError::Unreached { .. }
        | SolveError::Unsupplied { .. }
        | SolveError::Endless { .. }
        | SolveError::Shortfall { .. }
        | SolveError::Unattainable { .. }
        | SolveError::Indeterminate { .. } => Outcome::Refused,
        SolveError::Unsolved { .. } | SolveError::NoConsistentBranch { .. } => Outcome::Unsolved,
        _ => Outcome::Wrong,
    }
}
