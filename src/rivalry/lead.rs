//! A leader's best choice, with the market's answer to it.

use serde::{Deserialize, Serialize};

use super::error::RivalryError;
use super::leader::{Leader, Lever};
use super::search::{Found, Search};
use crate::assembly::Param;
use crate::curve::Supply;
use crate::equilibrium::{Compiled, Equilibrium, Outcome, Side, SolveError, Workspace};
use crate::intervention::Policy;
use crate::market::Market;

/// Where in its range a leader's best choice lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Place {
    /// Inside, where the objective is level.
    Interior,
    /// Inside, where the objective has a corner: it rises before and falls after, as where the fringe just stops.
    Kink,
    /// Inside, where the objective jumps: just beyond, the market answers quite differently.
    Jump,
    /// At the lower end of the range.
    LowerEnd,
    /// At the upper end of the range.
    UpperEnd,
}

/// A leader's best choice, and the market's answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leadership {
    choice: f64,
    objective: f64,
    own_cost: f64,
    place: Place,
    slopes: [f64; 2],
    others: Vec<f64>,
    deviations: usize,
    unsolved: Vec<f64>,
    largest_gain: f64,
    equilibrium: Equilibrium,
}

impl Leadership {
    /// The leader's best choice, in the unit of what it sets.
    #[must_use]
    pub fn choice(&self) -> f64 {
        self.choice
    }

    /// What it wants, at its best choice: money per year unless the outcomes are in another unit.
    #[must_use]
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// Cost of the output that it sets, money per year; zero for another lever.
    #[must_use]
    pub fn own_cost(&self) -> f64 {
        self.own_cost
    }

    /// Where in the range the choice lies.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// Slope of the objective just below the choice and just above it, per unit of what is set.
    #[must_use]
    pub fn slopes(&self) -> [f64; 2] {
        self.slopes
    }

    /// Other choices that are as good, to 1e-9 of the largest objective met.
    #[must_use]
    pub fn others(&self) -> &[f64] {
        &self.others
    }

    /// Deviations that were tried, over the whole range.
    #[must_use]
    pub fn deviations(&self) -> usize {
        self.deviations
    }

    /// Choices at which the market has no equilibrium or none was found; nothing is known of them.
    #[must_use]
    pub fn unsolved(&self) -> &[f64] {
        &self.unsolved
    }

    /// The most that any deviation gains, as a share of the largest objective met: zero up to rounding.
    #[must_use]
    pub fn largest_gain(&self) -> f64 {
        self.largest_gain
    }

    /// The market's answer. Where the leader sets an output, that output is offered at no cost in it, so that its
    /// ledger does not hold the leader's own cost, which is [`own_cost`](Self::own_cost).
    #[must_use]
    pub fn equilibrium(&self) -> &Equilibrium {
        &self.equilibrium
    }
}

impl Market {
    /// A leader's best choice under a policy, with everyone else's answer.
    ///
    /// # Errors
    /// [`RivalryError`] when the leader does not fit the market, no choice could be solved, or a deviation gains after
    /// the finest search.
    pub fn lead(&self, policy: &Policy, leader: &Leader) -> Result<Leadership, RivalryError> {
        leader.check()?;
        let mut objective = Objective::new(self, policy, leader)?;
        let found = objective.search(leader)?;
        objective.settle(found)
    }
}

/// Searches, each four times as fine as the one before, before giving up.
const ROUNDS: usize = 3;

/// What the leader wants, at any choice.
pub(super) struct Objective {
    compiled: Compiled,
    workspace: Workspace,
    param: Param,
    terms: Vec<(f64, Outcome)>,
    cost: Option<Supply>,
}

/// The objective at a choice, with its slopes below and above where it has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) choice: f64,
    pub(super) value: f64,
    pub(super) slopes: [Option<f64>; 2],
}

impl Objective {
    pub(super) fn new(
        market: &Market,
        policy: &Policy,
        leader: &Leader,
    ) -> Result<Self, RivalryError> {
        let mut terms = terms(leader);
        let (compiled, path, cost) = match &leader.lever {
            Lever::Number { path } => (market.compile(policy)?, path.clone(), None),
            Lever::Output { activity } => {
                let (led, owner, cost) = committed(market, activity, leader.to)?;
                if leader.main.is_none() {
                    terms.push((1.0, Outcome::surplus(&owner)));
                }
                let path = format!("activity/{activity}/capacity");
                (led.compile(policy)?, path, Some(cost))
            }
        };
        let param = compiled.param(&path)?;
        Ok(Self {
            workspace: compiled.workspace()?,
            compiled,
            param,
            terms,
            cost,
        })
    }

    /// The best choice, searched more finely while deviations gain.
    pub(super) fn search(&mut self, leader: &Leader) -> Result<Found, RivalryError> {
        let mut samples = leader.samples;
        let mut last = SolveError::NoSolution.into();
        for _ in 0..ROUNDS {
            match Search::run(self, [leader.from, leader.to], samples) {
                Err(better @ RivalryError::NotShown { .. }) => last = better,
                other => return other,
            }
            samples *= 4;
        }
        Err(last)
    }

    /// Sets the number of a player.
    pub(super) fn set(&mut self, player: &Leader, choice: f64) -> Result<(), RivalryError> {
        if let Lever::Number { path } = &player.lever {
            let param = self.compiled.param(path)?;
            self.workspace.set(param, choice)?;
        }
        Ok(())
    }

    /// Makes a player the one who chooses.
    pub(super) fn play(&mut self, player: &Leader) -> Result<(), RivalryError> {
        if let Lever::Number { path } = &player.lever {
            self.param = self.compiled.param(path)?;
            self.terms = terms(player);
        }
        Ok(())
    }

    /// The market as it stands, with names.
    pub(super) fn equilibrium(&mut self) -> Result<Equilibrium, RivalryError> {
        Ok(self.compiled.equilibrium_from(&mut self.workspace)?)
    }

    fn own_cost(&self, choice: f64) -> Result<f64, RivalryError> {
        let cost = self.cost.as_ref().map(|supply| supply.cost(choice));
        Ok(cost.transpose()?.unwrap_or(0.0))
    }

    pub(super) fn at(&mut self, choice: f64) -> Result<Sample, RivalryError> {
        self.workspace.set(self.param, choice)?;
        if let Err(error) = self.compiled.solve_into(&mut self.workspace) {
            self.workspace.restart();
            return Err(error.into());
        }
        let mut value = -self.own_cost(choice)?;
        let marginal = match &self.cost {
            Some(supply) => {
                let range = supply.price(choice)?;
                [range.low().max(0.0), range.high()]
            }
            None => [0.0; 2],
        };
        let mut slopes = marginal.map(|cost| Some(-cost));
        let mut sensitivity = self.compiled.sensitivity(&mut self.workspace)?;
        for (weight, outcome) in &self.terms {
            value += weight * sensitivity.value(outcome)?;
            for (slope, side) in slopes.iter_mut().zip([Side::Down, Side::Up]) {
                let found = sensitivity.derivative(outcome, self.param, side).ok();
                *slope = slope.zip(found).map(|(sum, d)| sum + weight * d);
            }
        }
        Ok(Sample {
            choice,
            value,
            slopes,
        })
    }

    /// The equilibrium at the choice, with names; the followers' best responses are searched where they have conduct.
    fn settle(mut self, found: Found) -> Result<Leadership, RivalryError> {
        let best = found.best;
        self.workspace.set(self.param, best.choice)?;
        let equilibrium = self.equilibrium()?;
        let here = self.at(best.choice)?.value;
        if (here - best.value).abs() > 1e-7 * found.scale {
            // the followers' first-order point was not where they stay
            return Err(RivalryError::NotShown {
                lever: best.choice,
                objective: here,
                better: best.choice,
                gain: best.value - here,
            });
        }
        Ok(Leadership {
            choice: best.choice,
            objective: best.value,
            own_cost: self.own_cost(best.choice)?,
            place: found.place,
            slopes: best.slopes.map(|s| s.unwrap_or(f64::NAN)),
            others: found.others,
            deviations: found.deviations,
            unsolved: found.unsolved,
            largest_gain: found.largest_gain,
            equilibrium,
        })
    }
}

fn terms(leader: &Leader) -> Vec<(f64, Outcome)> {
    let main = leader.main.clone().map(|outcome| (1.0, outcome));
    leader.extras.iter().cloned().chain(main).collect()
}

/// The market with an activity's output offered whatever the price, its owner, and what the output costs.
pub(super) fn committed(
    market: &Market,
    activity: &str,
    most: f64,
) -> Result<(Market, String, Supply), RivalryError> {
    let Some(own) = market.activities().iter().find(|a| a.name() == activity) else {
        return Err(RivalryError::unknown_activity(market, activity));
    };
    let (owner, cost) = (own.owner().to_owned(), own.supply().clone());
    if market.has_conduct(&owner) {
        return Err(RivalryError::LeaderWithConduct { firm: owner });
    }
    if let Some(capacity) = cost.capacity().filter(|&c| c < most) {
        return Err(RivalryError::Number {
            what: "upper end of the leader's range".to_owned(),
            value: most,
            rule: format!("at most the capacity {capacity} of `{activity}`"),
        });
    }
    let market = market.with_supply(activity, Supply::fixed(most)?)?;
    Ok((market, owner, cost))
}
