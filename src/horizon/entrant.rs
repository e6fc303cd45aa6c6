//! Projects that are built whole or not at all.

use serde::{Deserialize, Serialize};

use super::calendar::NEAR;
use super::error::{HorizonError, number};
use super::firm::Firm;
use super::pipeline::{Course, Stage, Stages, check_returns};
use super::review::Review;
use crate::assembly::Rule;

/// A project of a given size: the activity with the capacity and the cost that the market states, there only once its
/// stages are over.
///
/// In a horizon every entrant enters, unless it is said to stay out; [`Horizon::entry`](super::Horizon::entry) finds out
/// who does. Its capacity is expected capacity: of what enters a stage the share that succeeds leaves it, and the stages
/// are paid for all that enters them.
///
/// ```
/// use pricefloor::horizon::{Entrant, Stage};
/// let project = Entrant::of("Round Top").stage(Stage::new("permit", 7.0))
///     .stage(Stage::new("construction", 3.0).costing(350.0))
///     .hurdle_rate(0.12)
///     .lasting(20.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entrant {
    activity: String,
    #[serde(default)]
    stages: Stages,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hurdle_rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    life: Option<f64>,
    #[serde(default)]
    decided: f64,
    #[serde(default)]
    stays_out: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    firm: Option<Box<Firm>>,
}

impl Entrant {
    /// The project behind an activity, decided at the start, without stages until they are given.
    #[must_use]
    pub fn of(activity: &str) -> Self {
        Self {
            activity: activity.to_owned(),
            stages: Stages::default(),
            hurdle_rate: None,
            life: None,
            decided: 0.0,
            stays_out: false,
            firm: None,
        }
    }

    /// Adds the next stage between the decision and the first output.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    /// The rate of return that its owner asks for, a fraction per year; the horizon's discount rate unless said.
    #[must_use]
    pub fn hurdle_rate(mut self, rate: f64) -> Self {
        self.hurdle_rate = Some(rate);
        self
    }

    /// How long it lasts, in years; for ever unless said.
    #[must_use]
    pub fn lasting(mut self, years: f64) -> Self {
        self.life = Some(years);
        self
    }

    /// When it is decided, years from the start.
    #[must_use]
    pub fn decided(mut self, year: f64) -> Self {
        self.decided = year;
        self
    }

    /// Whether it stays out.
    #[must_use]
    pub fn staying_out(mut self, out: bool) -> Self {
        self.stays_out = out;
        self
    }

    /// The firm that decides on it by its own accounts. Without one its net present value is its owner's surplus in the
    /// accounts of the horizon less the costs of its stages.
    #[must_use]
    pub fn run_by(mut self, firm: Firm) -> Self {
        self.firm = Some(Box::new(firm));
        self
    }

    /// The activity.
    #[must_use]
    pub fn activity(&self) -> &str {
        &self.activity
    }

    pub(super) fn stages(&self) -> &Stages {
        &self.stages
    }

    pub(super) fn hurdle(&self, discount: f64) -> f64 {
        self.hurdle_rate.unwrap_or(discount)
    }

    pub(super) fn life(&self) -> Option<f64> {
        self.life
    }

    pub(super) fn date(&self) -> f64 {
        self.decided
    }

    pub(super) fn firm(&self) -> Option<&Firm> {
        self.firm.as_deref()
    }

    /// The same project with stages that are sure to succeed.
    pub(super) fn certain(mut self) -> Self {
        self.stages.succeed();
        self
    }

    /// What its decision leads to, with all reviews.
    pub(super) fn course(&self, reviews: &[Review]) -> Course {
        self.stages
            .course(&self.activity, reviews, self.decided, f64::INFINITY)
    }

    pub(super) fn stays_out(&self) -> bool {
        self.stays_out
    }

    /// When its first output comes, with the reviews that are known at a date.
    pub(super) fn on_line(&self, reviews: &[Review], now: f64) -> f64 {
        let course = self
            .stages
            .course(&self.activity, reviews, self.decided, now);
        course.on_line
    }

    /// Whether it is there in a period that starts at a date, as far as is known at another.
    pub(super) fn runs(&self, reviews: &[Review], start: f64, now: f64) -> bool {
        let on_line = self.on_line(reviews, now);
        !self.stays_out
            && on_line <= start + NEAR
            && self.life.is_none_or(|life| start < on_line + life - NEAR)
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        let place = format!("entrant `{}`", self.activity);
        self.stages.check(&self.activity)?;
        check_returns(&place, self.hurdle_rate, self.life)?;
        number(
            &place,
            "date of the decision",
            self.decided,
            Rule::NonNegative,
        )
    }
}
