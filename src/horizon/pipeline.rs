//! From the decision to the first output: exploration, permit, construction.

use serde::{Deserialize, Serialize};

use super::error::{HorizonError, number};
use super::review::Review;
use crate::assembly::Rule;

/// A stage on the way to capacity.
///
/// What comes on line is expected capacity: of what enters a stage the share `success` leaves it, so that the stages
/// stand for many small projects.
///
/// ```
/// use pricefloor::horizon::Stage;
/// let permit = Stage::new("permit", 7.0).succeeding(0.5).costing(2.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    name: String,
    years: f64,
    #[serde(default = "whole")]
    success: f64,
    #[serde(default)]
    cost: f64,
}

fn whole() -> f64 {
    1.0
}

impl Stage {
    /// A stage that takes a number of years, always succeeds and costs nothing.
    #[must_use]
    pub fn new(name: &str, years: f64) -> Self {
        Self {
            name: name.to_owned(),
            years,
            success: 1.0,
            cost: 0.0,
        }
    }

    /// The share of what enters it that leaves it, above 0 and at most 1.
    #[must_use]
    pub fn succeeding(mut self, share: f64) -> Self {
        self.success = share;
        self
    }

    /// What it costs, money per unit of capacity (units per year) that enters it, paid when it begins.
    #[must_use]
    pub fn costing(mut self, cost: f64) -> Self {
        self.cost = cost;
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long it takes unless a review changes it, in years.
    #[must_use]
    pub fn years(&self) -> f64 {
        self.years
    }

    pub(super) fn cost(&self) -> f64 {
        self.cost
    }
}

/// What a decision leads to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Course {
    /// When capacity comes on line, years from the start.
    pub(super) on_line: f64,
    /// Date and cost per unit of capacity that comes on line.
    pub(super) payments: Vec<(f64, f64)>,
    /// The share of what enters each stage that leaves it.
    pub(super) shares: Vec<f64>,
}

impl Course {
    /// The share of what enters the first stage that comes on line.
    fn success(&self) -> f64 {
        self.shares.iter().product()
    }
}

/// The stages of an activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Stages(Vec<Stage>);

impl Stages {
    pub(super) fn push(&mut self, stage: Stage) {
        self.0.push(stage);
    }

    /// Lets every stage succeed.
    pub(super) fn succeed(&mut self) {
        for stage in &mut self.0 {
            stage.success = 1.0;
        }
    }

    pub(super) fn list(&self) -> &[Stage] {
        &self.0
    }

    pub(super) fn check(&self, activity: &str) -> Result<(), HorizonError> {
        super::error::once("stage", self.0.iter().map(Stage::name))?;
        for stage in &self.0 {
            let place = format!("stage `{}` of `{activity}`", stage.name);
            number(&place, "years", stage.years, Rule::NonNegative)?;
            number(&place, "cost", stage.cost, Rule::NonNegative)?;
            number(&place, "success", stage.success, Rule::Share)?;
            number(&place, "success", stage.success, Rule::Positive)?;
        }
        Ok(())
    }

    /// The course of a decision at a date, with the reviews that are known at another.
    pub(super) fn course(
        &self,
        activity: &str,
        reviews: &[Review],
        decided: f64,
        now: f64,
    ) -> Course {
        let mut course = Course {
            on_line: decided,
            payments: Vec::new(),
            shares: Vec::new(),
        };
        for stage in &self.0 {
            let date = course.on_line;
            if stage.cost > 0.0 {
                course.payments.push((date, stage.cost * course.success()));
            }
            let changed = reviews
                .iter()
                .rfind(|review| review.applies(activity, &stage.name, date, now));
            course.on_line += changed.map_or(stage.years, Review::years);
            let share = changed.and_then(Review::success).unwrap_or(stage.success);
            course.shares.push(share);
        }
        let success = course.success();
        for (_, cost) in &mut course.payments {
            *cost /= success;
        }
        course
    }

    /// What comes on line of a unit that was to do so when it was decided, with the reviews that are known at a later date.
    pub(super) fn turnout(
        &self,
        activity: &str,
        reviews: &[Review],
        decided: f64,
        now: f64,
    ) -> f64 {
        let success = |now| self.course(activity, reviews, decided, now).success();
        success(now) / success(decided)
    }
}

/// Checks what investors ask for and how long what they build lasts.
pub(super) fn check_returns(
    place: &str,
    hurdle_rate: Option<f64>,
    life: Option<f64>,
) -> Result<(), HorizonError> {
    number(
        place,
        "hurdle rate",
        hurdle_rate.unwrap_or(0.0),
        Rule::NonNegative,
    )?;
    number(place, "life", life.unwrap_or(1.0), Rule::Positive)
}
