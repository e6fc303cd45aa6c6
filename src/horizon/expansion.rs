//! Capacity that is built when it pays.

use serde::{Deserialize, Serialize};

use super::error::{HorizonError, number};
use super::pipeline::{Stage, Stages, check_returns};
use crate::assembly::Rule;

/// Capacity of an activity that investors add to, unit by unit, whenever a unit earns its cost at their hurdle rate.
///
/// What is installed at the start is the capacity of the activity's own supply curve. A unit decided in a period comes
/// on line at the start of the first period that begins when its stages are over (all stages together are the lead
/// time), loses a fraction of itself each year, and is retired at the end of its life. With `K` the capacity, `I` what
/// is decided, `x` the level, `r` the rent of a unit for a year and `v` its value at a period's end,
///
/// ```text
/// r >= 0           complementary to  x <= K
/// v(t) = years r(t) + (1 - decline)^years v(t+1) / (1 + hurdle)^years
/// I >= 0           complementary to  cost + rise I / years >= v(on line) less v(retired), discounted at the hurdle rate
/// ```
///
/// Costs are paid a period's length after their stage begins, as all flows fall at the end of a period.
///
/// ```
/// use pricefloor::horizon::{Expansion, Stage};
/// let mine = Expansion::of("new mine")
///     .stage(Stage::new("permit", 7.0).succeeding(0.5).costing(1.0))
///     .stage(Stage::new("construction", 3.0).costing(60.0))
///     .hurdle_rate(0.12)
///     .lasting(25.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expansion {
    activity: String,
    #[serde(default)]
    stages: Stages,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hurdle_rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    life: Option<f64>,
    #[serde(default)]
    decline: f64,
    #[serde(default)]
    rise: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
    #[serde(default)]
    end: EndValue,
}

/// What a unit of capacity is worth when the horizon ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndValue {
    /// The rents of the last period go on for ever.
    #[default]
    SteadyState,
    /// Nothing.
    Nothing,
    /// So much, money per unit of capacity whatever its age, at the end of the last period.
    PerUnit(f64),
}

impl Expansion {
    /// Capacity of this activity, without stages (on line at once and free of cost) until they are given.
    #[must_use]
    pub fn of(activity: &str) -> Self {
        Self {
            activity: activity.to_owned(),
            stages: Stages::default(),
            hurdle_rate: None,
            life: None,
            decline: 0.0,
            rise: 0.0,
            limit: None,
            end: EndValue::default(),
        }
    }

    /// Adds the next stage between the decision and the first output.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    /// The rate of return that investors ask for, a fraction per year; the horizon's discount rate unless said.
    #[must_use]
    pub fn hurdle_rate(mut self, rate: f64) -> Self {
        self.hurdle_rate = Some(rate);
        self
    }

    /// How long a unit lasts, in years. What is installed at the start is of all ages, and retires in equal parts over
    /// as many years. For ever unless said.
    #[must_use]
    pub fn lasting(mut self, years: f64) -> Self {
        self.life = Some(years);
        self
    }

    /// The fraction of all capacity that is lost each year.
    #[must_use]
    pub fn declining(mut self, fraction: f64) -> Self {
        self.decline = fraction;
        self
    }

    /// By how much the cost of a unit rises with each unit of capacity decided per year, money per unit squared.
    #[must_use]
    pub fn rising(mut self, rise: f64) -> Self {
        self.rise = rise;
        self
    }

    /// Most capacity that can be decided per year.
    #[must_use]
    pub fn limit(mut self, per_year: f64) -> Self {
        self.limit = Some(per_year);
        self
    }

    /// What a unit is worth when the horizon ends.
    #[must_use]
    pub fn ending(mut self, value: EndValue) -> Self {
        self.end = value;
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

    pub(super) fn rise(&self) -> f64 {
        self.rise
    }

    pub(super) fn most_per_year(&self) -> Option<f64> {
        self.limit
    }

    pub(super) fn end(&self) -> EndValue {
        self.end
    }

    /// The share of a unit that is left after a time.
    pub(super) fn kept(&self, years: f64) -> f64 {
        (1.0 - self.decline).powf(years)
    }

    /// The share of what was installed at the start that age has retired by a date.
    pub(super) fn retired(&self, date: f64) -> f64 {
        self.life.map_or(0.0, |life| (date / life).min(1.0))
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        let place = format!("expansion of `{}`", self.activity);
        self.stages.check(&self.activity)?;
        check_returns(&place, self.hurdle_rate, self.life)?;
        number(&place, "decline", self.decline, Rule::Share)?;
        number(&place, "rise of the cost", self.rise, Rule::NonNegative)?;
        number(
            &place,
            "limit",
            self.limit.unwrap_or(0.0),
            Rule::NonNegative,
        )?;
        if let EndValue::PerUnit(worth) = self.end {
            number(&place, "end value", worth, Rule::NonNegative)?;
        }
        Ok(())
    }
}
