//! Governments or firms that answer each other's measures.

use serde::{Deserialize, Serialize};

use super::error::RivalryError;
use super::lead::{Objective, Place};
use super::leader::{Leader, Lever};
use super::replies::{Course, play};
use crate::equilibrium::Equilibrium;
use crate::intervention::Policy;
use crate::market::Market;

/// A game of replies: each player sets one number of the system, such as the rate of its tariff or export tax, and wants
/// an outcome, such as the welfare of its region, knowing how the market answers and taking the others' numbers as given.
///
/// Best replies go round from every corner of the ranges and from their middle. Where nobody moves any more is a Nash
/// equilibrium in pure strategies, certified by a search of each player's whole range. There can be several, or none: then
/// the replies go round for ever, and that cycle is the outcome.
///
/// ```
/// use pricefloor::equilibrium::Outcome;
/// use pricefloor::prelude::*;
/// use pricefloor::rivalry::{Leader, ReplyGame};
/// // Brander and Spencer (1985): two firms of two countries sell in a third, and each country subsidises its own
/// let mut market = Market::builder("third market", "USD").commodity("good").region("Third")
///     .demand("Third", "good", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?);
/// let mut policy = Policy::new();
/// let mut game = ReplyGame::new();
/// for country in ["A", "B"] {
///     market = market.region(country)
///         .activity(Activity::producing(&format!("firm {country}"), country, "good", Supply::perfectly_elastic(5.0)?))
///         .route(country, "Third", "good", 0.0)
///         .conduct(&format!("firm {country}"), 1.0);
///     policy = policy.with(&format!("subsidy {country}"), ProductionSubsidy::new(country, "good", 1.0))?;
///     let rate = format!("measure/subsidy {country}/rate");
///     game = game.player(country, Leader::number(&rate, 0.0..=4.5, Outcome::welfare(country)).sampled(16));
/// }
/// let found = market.build()?.reply_game(&policy, &game)?;
/// // (20 - 5) / 5 each
/// assert!((found.equilibria()[0].choices()[0] - 3.0).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyGame {
    players: Vec<Player>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Player {
    name: String,
    moves: Leader,
}

impl ReplyGame {
    /// A game without players yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a player: the number that it sets, its range and what it wants, as [`Leader::number`] says them.
    #[must_use]
    pub fn player(mut self, name: &str, moves: Leader) -> Self {
        self.players.push(Player {
            name: name.to_owned(),
            moves,
        });
        self
    }
}

/// Choices at which no player gains by choosing otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nash {
    choices: Vec<f64>,
    payoffs: Vec<f64>,
    places: Vec<Place>,
    largest_gain: f64,
    equilibrium: Equilibrium,
}

impl Nash {
    /// Each player's choice, in the order of the players.
    #[must_use]
    pub fn choices(&self) -> &[f64] {
        &self.choices
    }

    /// What each player wants, at these choices.
    #[must_use]
    pub fn payoffs(&self) -> &[f64] {
        &self.payoffs
    }

    /// Where in its range each player's choice lies.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The most that any player gains by any deviation tried over its whole range, as a share of the largest payoff met:
    /// zero up to rounding.
    #[must_use]
    pub fn largest_gain(&self) -> f64 {
        self.largest_gain
    }

    /// The market at these choices.
    #[must_use]
    pub fn equilibrium(&self) -> &Equilibrium {
        &self.equilibrium
    }
}

/// What came of a game of replies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyOutcome {
    players: Vec<String>,
    equilibria: Vec<Nash>,
    cycles: Vec<Vec<Vec<f64>>>,
    open: usize,
}

impl ReplyOutcome {
    /// The players' names, in the order of all choices.
    #[must_use]
    pub fn players(&self) -> &[String] {
        &self.players
    }

    /// Every equilibrium that was found; empty where there is none in pure strategies, or none was reached.
    #[must_use]
    pub fn equilibria(&self) -> &[Nash] {
        &self.equilibria
    }

    /// Rounds of best replies that repeat themselves: each a list of the players' choices.
    #[must_use]
    pub fn cycles(&self) -> &[Vec<Vec<f64>>] {
        &self.cycles
    }

    /// Starts from which replies neither came to rest nor repeated themselves.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open
    }
}

impl Market {
    /// Lets players answer each other's measures until nobody gains by another choice, or the replies repeat themselves.
    ///
    /// The policy holds every measure whose number a player sets, at any value.
    ///
    /// # Errors
    /// [`RivalryError`] when there are fewer than two players, a player sets no number of the system, or a market cannot
    /// be solved.
    pub fn reply_game(
        &self,
        policy: &Policy,
        game: &ReplyGame,
    ) -> Result<ReplyOutcome, RivalryError> {
        let mut table = Table::new(self, policy, game)?;
        let mut outcome = ReplyOutcome {
            players: game.players.iter().map(|p| p.name.clone()).collect(),
            equilibria: Vec::new(),
            cycles: Vec::new(),
            open: 0,
        };
        for start in table.starts() {
            match table.course(start.clone(), 1.0)? {
                Course::Rest(choices) => table.keep(&choices, &mut outcome)?,
                other => {
                    if let Course::Cycle(round) = other {
                        if !outcome.cycles.iter().any(|c| {
                            table.same(&c[0], &round[0])
                                || round.iter().any(|r| table.same(&c[0], r))
                        }) {
                            outcome.cycles.push(round);
                        }
                    } else {
                        outcome.open += 1;
                    }
                    // whole steps may turn around a rest that half steps reach
                    if let Course::Rest(choices) = table.course(start, 0.5)? {
                        table.keep(&choices, &mut outcome)?;
                    }
                }
            }
        }
        Ok(outcome)
    }
}

/// The players at one market.
struct Table<'a> {
    objective: Objective,
    players: &'a [Player],
    widths: Vec<f64>,
}

/// Choices of two equilibria this close, as a share of each range, are one.
const ONE: f64 = 1e-5;
/// Gain of a deviation, as a share of the largest payoff met, from which choices are no equilibrium.
const GAIN: f64 = 1e-7;

impl<'a> Table<'a> {
    fn new(market: &Market, policy: &Policy, game: &'a ReplyGame) -> Result<Self, RivalryError> {
        let count = game.players.len();
        let what = "number of players";
        RivalryError::require(what, count as f64, (2..=8).contains(&count), "from 2 to 8")?;
        for player in &game.players {
            player.moves.check()?;
            if let Lever::Output { activity } = &player.moves.lever {
                return Err(RivalryError::OutputInGame {
                    player: player.name.clone(),
                    activity: activity.clone(),
                });
            }
        }
        Ok(Self {
            objective: Objective::new(market, policy, &game.players[0].moves)?,
            players: &game.players,
            widths: game
                .players
                .iter()
                .map(|p| p.moves.to - p.moves.from)
                .collect(),
        })
    }

    /// Every corner of the ranges for few players, two opposite ones for many, and the middle.
    fn starts(&self) -> Vec<Vec<f64>> {
        let count = self.players.len();
        let corner = |bits: usize| -> Vec<f64> {
            let end = |(i, p): (usize, &Player)| {
                if bits >> i & 1 == 0 {
                    p.moves.from
                } else {
                    p.moves.to
                }
            };
            self.players.iter().enumerate().map(end).collect()
        };
        let mut starts: Vec<Vec<f64>> = if count <= 3 {
            (0..1 << count).map(corner).collect()
        } else {
            vec![corner(0), corner((1 << count) - 1)]
        };
        starts.push(
            self.players
                .iter()
                .map(|p| 0.5 * (p.moves.from + p.moves.to))
                .collect(),
        );
        starts
    }

    fn course(&mut self, start: Vec<f64>, pace: f64) -> Result<Course, RivalryError> {
        let widths = self.widths.clone();
        play(start, &widths, pace, |i, choices| {
            Ok(self.reply(i, choices)?.0)
        })
    }

    /// A player's best reply: choice, payoff, place, and the most that deviations from it gain.
    fn reply(
        &mut self,
        player: usize,
        choices: &[f64],
    ) -> Result<(f64, f64, Place, f64), RivalryError> {
        for (p, &choice) in self.players.iter().zip(choices) {
            self.objective.set(&p.moves, choice)?;
        }
        let moves = &self.players[player].moves;
        self.objective.play(moves)?;
        let found = self.objective.search(moves)?;
        Ok((
            found.best.choice,
            found.best.value,
            found.place,
            found.largest_gain,
        ))
    }

    fn same(&self, a: &[f64], b: &[f64]) -> bool {
        a.iter()
            .zip(b)
            .zip(&self.widths)
            .all(|((a, b), width)| (a - b).abs() <= ONE * width)
    }

    /// Adds choices to the equilibria if they are one, and not there yet.
    fn keep(&mut self, choices: &[f64], outcome: &mut ReplyOutcome) -> Result<(), RivalryError> {
        if outcome
            .equilibria
            .iter()
            .any(|e| self.same(&e.choices, choices))
        {
            return Ok(());
        }
        let (mut payoffs, mut places, mut largest_gain) = (Vec::new(), Vec::new(), 0.0_f64);
        for i in 0..self.players.len() {
            let (_, best, place, gain) = self.reply(i, choices)?;
            let here = self.objective.at(choices[i])?.value;
            let scale = best.abs().max(here.abs()).max(f64::MIN_POSITIVE);
            largest_gain = largest_gain.max(gain).max((best - here) / scale);
            payoffs.push(here);
            places.push(place);
        }
        if largest_gain > GAIN {
            outcome.open += 1;
            return Ok(());
        }
        outcome.equilibria.push(Nash {
            choices: choices.to_vec(),
            payoffs,
            places,
            largest_gain,
            equilibrium: self.objective.equilibrium()?,
        });
        Ok(())
    }
}
