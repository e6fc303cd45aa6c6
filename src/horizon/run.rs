//! Walking a horizon, from one piece of news to the next.

use serde::{Deserialize, Serialize};

use super::calendar::{NEAR, first_from};
use super::error::HorizonError;
use super::facts::{Foresight, Horizon};
use super::path::{Path, PeriodResult};
use super::state::State;
use super::window::Unfinished;
use crate::complementarity::Settings;

/// A walk through a horizon that can be left and taken up again.
///
/// Each step solves for what those who decide can see and keeps the periods until they learn something new: all of
/// them under perfect foresight without surprises, one under rolling foresight. A run is plain data: write it to a file
/// after any step, read it back, go on, and the path is the same to the last bit. A step that is interrupted
/// ([`interruptible`](crate::complementarity::interruptible)), or comes to the limit of time or of iterations in its
/// settings, is an error, and the run keeps how far its solve had come: the next step (after a limit on iterations one with
/// a higher limit, see [`Run::with_settings`]) goes on from there, to the same bits again.
///
/// ```
/// use pricefloor::horizon::{Calendar, Foresight, Horizon, Run};
/// use pricefloor::prelude::*;
/// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
/// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
/// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
/// #     .build()?;
/// let horizon = Horizon::builder(&market, Calendar::yearly(4), 0.05)
///     .foresight(Foresight::Rolling(2.0))
///     .build()?;
/// let mut run = Run::new(&horizon)?;
/// run.advance()?;
/// let checkpoint = serde_json::to_string(&run)?;
/// let mut resumed: Run = serde_json::from_str(&checkpoint)?;
/// while resumed.advance()? {}
/// assert_eq!(resumed.into_path(), horizon.solve()?);
///
/// // left after the first iteration of its second step
/// use pricefloor::complementarity::interruptible;
/// let mut run: Run = serde_json::from_str(&checkpoint)?;
/// let asked = std::cell::Cell::new(0);
/// let stop = move || asked.replace(asked.get() + 1) >= 1;
/// assert!(interruptible(stop, || run.advance()).is_err());
/// let mut resumed: Run = serde_json::from_str(&serde_json::to_string(&run)?)?;
/// while resumed.advance()? {}
/// assert_eq!(resumed.into_path(), horizon.solve()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "RunFile", into = "RunFile")]
pub struct Run {
    horizon: Horizon,
    settings: Settings,
    state: State,
    done: Vec<PeriodResult>,
    unfinished: Option<Unfinished>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunFile {
    horizon: Horizon,
    #[serde(default)]
    settings: Settings,
    state: State,
    done: Vec<PeriodResult>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unfinished: Option<Unfinished>,
}

impl TryFrom<RunFile> for Run {
    type Error = HorizonError;

    fn try_from(file: RunFile) -> Result<Self, Self::Error> {
        let (horizon, state) = (&file.horizon, &file.state);
        let expansions = horizon.expansions().len();
        let fits = state.next <= horizon.periods().len()
            && file.done.len() == state.next
            && state.stocks.len() == horizon.stores().len()
            && state.left.len() == horizon.reserves().len()
            && state.capacity.len() == expansions
            && state.installed.len() == expansions
            && state.decisions.iter().all(|d| d.expansion < expansions);
        if !fits {
            return Err(HorizonError::unfit_run());
        }
        Ok(Self {
            horizon: file.horizon,
            settings: file.settings,
            state: file.state,
            done: file.done,
            unfinished: file.unfinished,
        })
    }
}

impl From<Run> for RunFile {
    fn from(run: Run) -> Self {
        Self {
            horizon: run.horizon,
            settings: run.settings,
            state: run.state,
            done: run.done,
            unfinished: run.unfinished,
        }
    }
}

impl Horizon {
    /// Walks to the end.
    ///
    /// # Errors
    /// [`HorizonError`] when a measure does not fit the market, or no equilibrium was found; it names the year.
    pub fn solve(&self) -> Result<Path, HorizonError> {
        self.solve_with(Settings::default())
    }

    /// As [`solve`](Self::solve), with solver settings.
    ///
    /// # Errors
    /// As `solve`.
    pub fn solve_with(&self, settings: Settings) -> Result<Path, HorizonError> {
        let mut run = Run::new(self)?;
        run.settings = settings;
        while run.advance()? {}
        Ok(run.into_path())
    }
}

impl Run {
    /// Stands at the start.
    ///
    /// # Errors
    /// [`HorizonError`] when an expansion does not fit the market.
    pub fn new(horizon: &Horizon) -> Result<Self, HorizonError> {
        Ok(Self {
            state: horizon.opening()?,
            horizon: horizon.clone(),
            settings: Settings::default(),
            done: Vec::new(),
            unfinished: None,
        })
    }

    /// Solver settings for the steps to come.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Takes the next step and says whether there is a further one. Where it fails the run stands where it stood; what an
    /// interrupted step had reached is kept, and the next one goes on from there.
    ///
    /// # Errors
    /// As [`Horizon::solve`].
    pub fn advance(&mut self) -> Result<bool, HorizonError> {
        let periods = self.horizon.periods();
        let Some(&now) = periods.get(self.state.next) else {
            return Ok(false);
        };
        let seen = match self.horizon.foresight() {
            Foresight::Perfect => periods.len(),
            Foresight::Rolling(years) => {
                first_from(periods, now.start + years).unwrap_or(periods.len())
            }
        };
        let kept = match self.horizon.foresight() {
            Foresight::Perfect => {
                let news = self
                    .horizon
                    .news()
                    .into_iter()
                    .find(|&date| date > now.start + NEAR);
                let next = news.and_then(|date| first_from(periods, date));
                next.unwrap_or(periods.len())
            }
            Foresight::Rolling(_) => self.state.next + 1,
        };
        let window =
            self.horizon
                .window(&self.state, seen, &self.settings, &mut self.unfinished)?;
        let count = kept - self.state.next;
        let results = self.horizon.results(&self.state, &window, count)?;
        self.state = self.horizon.after(&self.state, &window, count);
        self.done.extend(results);
        Ok(self.state.next < self.horizon.periods().len())
    }

    /// The periods so far.
    #[must_use]
    pub fn periods(&self) -> &[PeriodResult] {
        &self.done
    }

    /// What was walked.
    #[must_use]
    pub fn into_path(self) -> Path {
        Path::new(self.horizon, self.state.decisions, self.done)
    }
}
