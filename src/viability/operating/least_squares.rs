use super::decision::{Decisions, last_move};
use super::operation::{Dates, Operation, check};
use super::paths::Paths;
use crate::finance::{Rule, require};
use crate::stochastic::{PriceSource, Simulation, TimeGrid};
use crate::viability::{Estimate, ViabilityError};
use serde::{Deserialize, Serialize};

/// The variable whose powers explain what waiting is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Regression {
    /// The price itself, as Longstaff and Schwartz (2001).
    Price,
    /// The log price: steadier where prices spread over orders of magnitude.
    #[default]
    LogPrice,
}

impl Regression {
    pub(super) fn of(self, price: f64) -> f64 {
        match self {
            Self::Price => price,
            Self::LogPrice => price.ln(),
        }
    }
}

/// The paths that a regression looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Sample {
    /// All of them.
    #[default]
    AllPaths,
    /// Those on which some move from the state pays at once, as Longstaff and Schwartz (2001) do for options: on no other
    /// path is a move considered. Of no use where moves cost money and pay later.
    InTheMoney,
}

/// Least-squares Monte Carlo (Longstaff and Schwartz 2001) for an [`Operation`]: going back from the last date, what each
/// state will earn is regressed on powers of the price then seen; the owner moves where the regression says so, and what
/// is then earned on each path is carried back.
///
/// The rule found is then followed on paths of its own, so the value has a standard error and, but for it, does not exceed
/// the true one: a rule that is not the best earns less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastSquares {
    /// The variable.
    pub regression: Regression,
    /// The highest power, at least 1.
    pub degree: usize,
    /// The paths that a regression looks at.
    pub sample: Sample,
}

impl Default for LeastSquares {
    /// Powers of the log price up to the fifth, on all paths.
    fn default() -> Self {
        Self {
            regression: Regression::default(),
            degree: 5,
            sample: Sample::default(),
        }
    }
}

/// What an [`Operation`] in a given state is worth today, by simulation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationValue {
    value: Estimate,
    fitted: f64,
}

impl OperationValue {
    /// Value of following the rule on paths that it was not fitted to, in money: low, if at all, by what a rule that is
    /// not quite the best loses.
    pub fn value(&self) -> Estimate {
        self.value
    }

    /// Value on the paths that the rule was fitted to, in money: it also profits from having seen them.
    pub fn fitted(&self) -> f64 {
        self.fitted
    }
}

impl LeastSquares {
    /// Values every state of `operation` at the decision dates of `grid`, discounting at `rate` (effective, a year, as a
    /// fraction). The price is the first commodity of `source`. The rule is fitted to the paths of `fit` and followed on
    /// those of `follow`, which should have another seed.
    ///
    /// # Errors
    /// [`ViabilityError::Finance`] for a degree or a rate out of range, [`ViabilityError::NoState`] and
    /// [`ViabilityError::UnknownState`] for an operation whose states do not fit, [`ViabilityError::NotFinite`] where
    /// money leaves the range of numbers; those of the source.
    pub fn value(
        &self,
        operation: &dyn Operation,
        source: &dyn PriceSource,
        grid: &TimeGrid,
        rate: f64,
        fit: Simulation,
        follow: Simulation,
    ) -> Result<Vec<OperationValue>, ViabilityError> {
        let states = check(operation)?;
        let dates = Dates::new(grid, rate)?;
        require(
            "degree of the regression",
            self.degree as f64,
            Rule::AtLeast(1.0),
        )?;
        let (decisions, fitted) =
            self.fit(operation, &dates, &Paths::draw(source, grid, fit)?, states);
        let paths = Paths::draw(source, grid, follow)?;
        let wait = dates.discount(dates.wait());
        let mut found = Vec::with_capacity(states);
        for (state, fitted) in fitted.into_iter().enumerate() {
            let earned: Vec<f64> = (0..paths.count())
                .map(|path| wait * follow_rule(operation, &dates, &decisions, &paths, path, state))
                .collect();
            if !(fitted.is_finite() && earned.iter().all(|v| v.is_finite())) {
                return Err(ViabilityError::NotFinite { state });
            }
            let value = Estimate::of(follow.moments(&earned)?);
            found.push(OperationValue { value, fitted });
        }
        Ok(found)
    }

    /// The decisions of every date but the last, and the value of each state today on the paths they are fitted to.
    pub(super) fn fit(
        &self,
        operation: &dyn Operation,
        dates: &Dates<'_>,
        paths: &Paths,
        states: usize,
    ) -> (Vec<Decisions>, Vec<f64>) {
        let last = dates.count() - 1;
        // What each state earns from the date on, path by path.
        let mut earned: Vec<Vec<f64>> = (0..states)
            .map(|state| {
                let at_last = paths.row(last).iter();
                at_last
                    .map(|&price| last_move(operation, state, price))
                    .collect()
            })
            .collect();
        let mut all = Vec::with_capacity(last);
        for date in (0..last).rev() {
            let years = dates.step(date);
            let discount = dates.discount(years);
            let later: Vec<Vec<f64>> = (0..states)
                .map(|state| {
                    earned[operation.next(state)]
                        .iter()
                        .map(|v| discount * v)
                        .collect()
                })
                .collect();
            let row = paths.row(date);
            let decisions = Decisions::fit(self, operation, row, &later, years);
            earned = (0..states)
                .map(|state| {
                    let of = |(path, &price): (usize, &f64)| {
                        let to = decisions.choose(operation, state, price);
                        decisions.receipts(operation, state, to, price) + later[to][path]
                    };
                    row.iter().enumerate().map(of).collect()
                })
                .collect();
            all.push(decisions);
        }
        all.reverse();
        let wait = dates.discount(dates.wait());
        let mean = |row: &Vec<f64>| wait * row.iter().sum::<f64>() / row.len() as f64;
        let values = earned.iter().map(mean).collect();
        (all, values)
    }
}

/// What an owner who starts in `state` at the first date earns on one path, valued at that date.
fn follow_rule(
    operation: &dyn Operation,
    dates: &Dates<'_>,
    decisions: &[Decisions],
    paths: &Paths,
    path: usize,
    mut state: usize,
) -> f64 {
    let (mut earned, mut discount) = (0.0, 1.0);
    for (date, decision) in decisions.iter().enumerate() {
        let price = paths.row(date)[path];
        let to = decision.choose(operation, state, price);
        earned += discount * decision.receipts(operation, state, to, price);
        discount *= dates.discount(dates.step(date));
        state = operation.next(to);
    }
    earned + discount * last_move(operation, state, paths.row(decisions.len())[path])
}
