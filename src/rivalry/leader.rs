//! Who moves first: the number it sets, within which range, and what it wants.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::error::RivalryError;
use crate::equilibrium::Outcome;

/// Who moves first, knowing how the market answers.
///
/// The leader chooses one number `y` in a range and wants `sum of weight x outcome(y) - own cost(y)`, each outcome that
/// of the market's equilibrium at `y`. A competitive fringe is every firm without conduct; firms with conduct answer as
/// Cournot rivals who take the leader's output as given.
///
/// ```
/// use pricefloor::prelude::*;
/// use pricefloor::rivalry::Leader;
/// let line = |intercept, slope| Line { intercept, slope };
/// // demand Q = 400 - 2 P, five small firms with marginal cost 20 + 5 q each, a dominant one at 20
/// let market = Market::builder("tennis shoes", "USD").region("Home").commodity("shoes")
///     .demand("Home", "shoes", Demand::linear(line(200.0, -0.5))?)
///     .activity(Activity::producing("fringe", "Home", "shoes", Supply::linear(line(20.0, 1.0))?))
///     .activity(Activity::producing("dominant", "Home", "shoes", Supply::perfectly_elastic(20.0)?))
///     .build()?;
/// let led = market.lead(&Policy::none(), &Leader::output("dominant", 0.0..=400.0))?;
/// assert!((led.choice() - 180.0).abs() < 1e-6 && (led.objective() - 10_800.0).abs() < 1e-6);
/// assert!((led.equilibrium().price("Home", "shoes")? - 80.0).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leader {
    pub(super) lever: Lever,
    pub(super) from: f64,
    pub(super) to: f64,
    /// What it wants; the surplus of the owner of the activity unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) main: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) extras: Vec<(f64, Outcome)>,
    #[serde(default = "usual_samples")]
    pub(super) samples: usize,
}

/// The number that a leader sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Lever {
    /// Output of an activity.
    Output { activity: String },
    /// Any number of the system, by its path.
    Number { path: String },
}

fn usual_samples() -> usize {
    64
}

impl Leader {
    /// A firm that sets the output of one of its activities, in units of its level per year, and wants its profit.
    ///
    /// It commits to the output: the activity is offered whatever the price, and its own cost is counted in the
    /// objective. What the activity buys from the market is bought at market prices.
    #[must_use]
    pub fn output(activity: &str, range: RangeInclusive<f64>) -> Self {
        let lever = Lever::Output {
            activity: activity.to_owned(),
        };
        Self::new(lever, range, None)
    }

    /// A government or firm that sets a number of the system, such as `measure/export tax/rate`, and wants an outcome,
    /// such as [`Outcome::welfare`] of its region. The number keeps its own unit.
    #[must_use]
    pub fn number(path: &str, range: RangeInclusive<f64>, wants: Outcome) -> Self {
        let lever = Lever::Number {
            path: path.to_owned(),
        };
        Self::new(lever, range, Some(wants))
    }

    fn new(lever: Lever, range: RangeInclusive<f64>, main: Option<Outcome>) -> Self {
        let (from, to) = range.into_inner();
        Self {
            lever,
            from,
            to,
            main,
            extras: Vec::new(),
            samples: usual_samples(),
        }
    }

    /// Wants this outcome instead of its owner's profit: the welfare of its region, say, of which the profit is a part.
    /// The cost of an output that it sets is taken off all the same.
    #[must_use]
    pub fn wanting(mut self, outcome: Outcome) -> Self {
        self.main = Some(outcome);
        self
    }

    /// Also wants so many units of money for each unit of an outcome: a strategic weight. Negative to want less of it,
    /// as of a rival's output.
    #[must_use]
    pub fn valuing(mut self, weight: f64, outcome: Outcome) -> Self {
        self.extras.push((weight, outcome));
        self
    }

    /// Points over the range at which the search starts, and cells between them that are searched. 64 unless set; more
    /// for an objective with many peaks.
    #[must_use]
    pub fn sampled(mut self, samples: usize) -> Self {
        self.samples = samples;
        self
    }

    pub(super) fn check(&self) -> Result<(), RivalryError> {
        let (from, to) = (self.from, self.to);
        let (low, high) = (
            "lower end of the leader's range",
            "upper end of the leader's range",
        );
        RivalryError::require(low, from, true, "a finite number")?;
        let rule = format!("finite and above the lower end {from}");
        RivalryError::require(high, to, to > from, &rule)?;
        if matches!(self.lever, Lever::Output { .. }) {
            let rule = "zero or more, since it is an output";
            RivalryError::require(low, from, from >= 0.0, rule)?;
        }
        for (weight, outcome) in &self.extras {
            let what = format!("weight on {outcome:?}");
            RivalryError::require(&what, *weight, true, "a finite number")?;
        }
        let samples = self.samples as f64;
        let within = (4..=100_000).contains(&self.samples);
        RivalryError::require("number of samples", samples, within, "from 4 to 100000")
    }
}
