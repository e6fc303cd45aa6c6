//! Dated changes of how long a stage takes and how often it succeeds.

use serde::{Deserialize, Serialize};

use super::error::{HorizonError, number};
use super::span::Span;
use crate::assembly::Rule;

/// A dated change of how long a stage takes, and of the share that succeeds: an environmental review that is halved, a
/// moratorium, a prospecting permit that is extended. It holds for what enters the stage while it is in force; what is in
/// the stage already keeps its time and its chance.
///
/// What was decided before the change became known was decided for the share of then: where it has yet to enter the
/// stage, more or less of it comes on line. An [`Entrant`](super::Entrant) keeps its size, and more or fewer must enter.
///
/// ```
/// use pricefloor::horizon::Review;
/// let faster = Review::new("fast track", "new mine", "permit", 3.5).from(2.0).known_from(2.0);
/// // two years more to prove a deposit, which more of those who prospect then do
/// let longer = Review::new("extension", "new mine", "prospecting", 4.0).succeeding(0.3);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    name: String,
    activity: String,
    stage: String,
    years: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    success: Option<f64>,
    #[serde(default)]
    from: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<f64>,
    #[serde(default)]
    known_from: f64,
}

impl Review {
    /// From the start, a stage of an activity takes this many years.
    #[must_use]
    pub fn new(name: &str, activity: &str, stage: &str, years: f64) -> Self {
        Self {
            name: name.to_owned(),
            activity: activity.to_owned(),
            stage: stage.to_owned(),
            years,
            success: None,
            from: 0.0,
            until: None,
            known_from: 0.0,
        }
    }

    /// The share of what enters the stage that leaves it, above 0 and at most 1; that of the stage unless said.
    #[must_use]
    pub fn succeeding(mut self, share: f64) -> Self {
        self.success = Some(share);
        self
    }

    /// When it enters into force, years from the start.
    #[must_use]
    pub fn from(mut self, year: f64) -> Self {
        self.from = year;
        self
    }

    /// When it ends, years from the start.
    #[must_use]
    pub fn until(mut self, year: f64) -> Self {
        self.until = Some(year);
        self
    }

    /// When everybody learns of it, years from the start; not after it enters into force.
    #[must_use]
    pub fn known_from(mut self, year: f64) -> Self {
        self.known_from = year;
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn activity(&self) -> &str {
        &self.activity
    }

    pub(super) fn stage(&self) -> &str {
        &self.stage
    }

    pub(super) fn news(&self) -> f64 {
        self.known_from
    }

    fn span(&self) -> Span {
        Span {
            from: self.from,
            until: self.until,
            known_from: self.known_from,
        }
    }

    pub(super) fn dates(&self) -> impl Iterator<Item = f64> {
        self.span().dates()
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        let place = format!("review `{}`", self.name);
        number(&place, "years of the stage", self.years, Rule::NonNegative)?;
        let success = self.success.unwrap_or(1.0);
        number(&place, "success", success, Rule::Share)?;
        number(&place, "success", success, Rule::Positive)?;
        self.span().check(&place)
    }

    /// Whether it holds for what enters a stage at a date, as far as is known at another.
    pub(super) fn applies(&self, activity: &str, stage: &str, date: f64, now: f64) -> bool {
        self.activity == activity && self.stage == stage && self.span().holds(date, now)
    }

    pub(super) fn years(&self) -> f64 {
        self.years
    }

    pub(super) fn success(&self) -> Option<f64> {
        self.success
    }

    /// The same change of the time alone.
    pub(super) fn forget_success(&mut self) {
        self.success = None;
    }
}
