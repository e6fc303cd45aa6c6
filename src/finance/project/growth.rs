use super::Timeline;
use crate::finance::FinanceError;
use crate::finance::error::{Rule, require, require_each};
use serde::{Deserialize, Serialize};

/// An expansion, or a plant that is yet to be built: instalments of capital spending, and the output that they bring from
/// the period after on. How they are divided is in [`Build`]; by default they are equal, and each adds an equal part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// Units a year when it is complete.
    pub output: f64,
    /// All of its capital spending as planned, in money of the start.
    pub capex: f64,
    /// When spending begins, in years.
    pub start: f64,
    /// When output is complete as planned, ramp apart, in years.
    pub complete: f64,
    /// How it is built.
    #[serde(default)]
    pub build: Build,
}

/// When new output comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Arrival {
    /// Each instalment adds its share of the output (a mine that opens pit by pit).
    #[default]
    InParts,
    /// Nothing before the last instalment is paid (a separation plant).
    AtOnce,
}

/// How an expansion is built, and what goes wrong with it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Share of the capital in each period from the start to the completion; empty for equal shares.
    #[serde(default)]
    pub schedule: Vec<f64>,
    /// How much more it costs than planned, as a fraction of the plan: 0.3 for 30 %.
    #[serde(default)]
    pub overrun: f64,
    /// How much later output comes than planned, in years; capital is spent as planned.
    #[serde(default)]
    pub delay: f64,
    /// Share of the new output that is reached in the first, second and later years after it comes; from then on all of it.
    #[serde(default)]
    pub ramp: Vec<f64>,
    /// In parts or at once.
    #[serde(default)]
    pub arrival: Arrival,
}

impl Growth {
    /// The rules of an expansion of a project that makes `output` units a year without it.
    pub(super) fn check(&self, output: f64, timeline: Timeline) -> Result<(), FinanceError> {
        require("output after growth", self.output, Rule::Above(output))?;
        require("growth capital", self.capex, Rule::NotNegative)?;
        require("start of growth", self.start, Rule::NotNegative)?;
        require(
            "completion of growth",
            self.complete,
            Rule::AtMost(timeline.years()),
        )?;
        let (first, last) = self.periods(timeline);
        if first >= last {
            return Err(FinanceError::Order {
                low: "the first period of growth, begun at year",
                low_value: self.start,
                high: "its completion, at year",
                high_value: self.complete,
            });
        }
        let build = &self.build;
        require(
            "overrun of growth capital",
            build.overrun,
            Rule::Above(-1.0),
        )?;
        require("delay of growth", build.delay, Rule::NotNegative)?;
        require("delay of growth", build.delay, Rule::AtMost(100.0))?;
        require_each(
            "share of output in the ramp, year",
            &build.ramp,
            Rule::Share,
        )?;
        require_each(
            "share of growth capital in period",
            &build.schedule,
            Rule::NotNegative,
        )?;
        if build.schedule.is_empty() {
            return Ok(());
        }
        if build.schedule.len() != last - first {
            return Err(FinanceError::Lengths {
                thing: "the schedule of growth capital",
                found: build.schedule.len(),
                other: "the time from start to completion",
                expected: last - first,
            });
        }
        let sum: f64 = build.schedule.iter().sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(FinanceError::Sum {
                thing: "the shares of growth capital",
                sum,
                expected: 1.0,
            });
        }
        Ok(())
    }

    /// First period of spending, and the first after the last.
    fn periods(&self, timeline: Timeline) -> (usize, usize) {
        let at = |years| timeline.nearest_start(years).max(0) as usize;
        (at(self.start), at(self.complete))
    }
}

/// An expansion on a timeline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GrowthPlan {
    /// The first period of spending.
    pub first: usize,
    /// Instalments in money of the start, overrun included.
    pub instalments: Vec<f64>,
    /// Units a year that are there after so many instalments, without ramp and delay; one entry more than instalments.
    reached: Vec<f64>,
    /// Periods between an instalment and its output, beyond the next.
    delay: usize,
    /// Share of new output by period after it comes.
    ramp: Vec<f64>,
}

impl GrowthPlan {
    /// The plan of a checked expansion.
    pub fn new(growth: &Growth, output: f64, timeline: Timeline) -> Self {
        let (first, last) = growth.periods(timeline);
        let count = last - first;
        let build = &growth.build;
        let share = |index: usize| match build.schedule.get(index) {
            Some(share) => *share,
            None => 1.0 / count as f64,
        };
        let mut reached = Vec::with_capacity(count + 1);
        let mut sum = 0.0;
        for paid in 0..=count {
            let part = match build.arrival {
                Arrival::AtOnce if paid < count => 0.0,
                // The whole, and equal parts, without the rounding of a sum.
                _ if paid == count => 1.0,
                _ if build.schedule.is_empty() => paid as f64 / count as f64,
                _ => sum,
            };
            reached.push((growth.output - output) * part);
            sum += share(paid);
        }
        let per_year = timeline.per_year() as usize;
        let ramp = build.ramp.iter();
        Self {
            first,
            instalments: (0..count)
                .map(|index| growth.capex * (1.0 + build.overrun) * share(index))
                .collect(),
            reached,
            delay: (build.delay * per_year as f64).round() as usize,
            ramp: ramp
                .flat_map(|&share| std::iter::repeat_n(share, per_year))
                .collect(),
        }
    }

    /// New output in period `index`, in units a year, where instalments were paid in the periods `paid`, all earlier.
    pub fn output(&self, index: usize, paid: &[usize]) -> f64 {
        if self.delay == 0 && self.ramp.is_empty() {
            return self.reached[paid.len().min(self.instalments.len())];
        }
        let mut output = 0.0;
        for (place, &period) in paid.iter().enumerate() {
            let Some(age) = index.checked_sub(period + 1 + self.delay) else {
                break;
            };
            let added = self.reached[place + 1] - self.reached[place];
            output += added * self.ramp.get(age).copied().unwrap_or(1.0);
        }
        output
    }

    /// The instalment that falls due in period `index`, or has been waiting, where those of the periods `paid` are paid; in
    /// money of the start.
    pub fn instalment(&self, index: usize, paid: &[usize]) -> Option<f64> {
        let due = self.instalments.get(paid.len()).copied();
        due.filter(|_| index >= self.first)
    }

    /// The periods in which instalments are paid if none has to wait, up to period `index`.
    pub fn on_time(&self, index: usize) -> Vec<usize> {
        (self.first..index.min(self.first + self.instalments.len())).collect()
    }
}
