use super::ViabilityError;
use crate::finance::{FinanceError, Rule};
use crate::stochastic::gauss_hermite;
use serde::{Deserialize, Serialize};

/// Terms of [`entry_and_exit`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryExitTerms {
    /// Mean of the profit that the market offers in a period, in currency.
    pub mean: f64,
    /// How much of a departure from the mean is left a period later, from 0 to 1.
    pub persistence: f64,
    /// Standard deviation of what is new in a period, in currency.
    pub deviation: f64,
    /// What it costs to enter, in currency.
    pub entry_cost: f64,
    /// What it costs to leave, in currency.
    pub exit_cost: f64,
    /// Discount factor of a period, below 1.
    pub discount: f64,
    /// Points of the Gauss-Hermite quadrature that stands for the normal distribution of what is new.
    pub nodes: usize,
}

/// The profits at which a firm enters and leaves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryExit {
    /// An idle firm enters when the profit of the period is at least this, in currency.
    pub enter: f64,
    /// An active firm leaves when the profit of the period is below this, in currency.
    pub leave: f64,
}

/// When a firm enters a market whose profit reverts to its mean, and when it leaves.
///
/// Between the two profits it stays what it is: the wider apart, the more it costs to change (hysteresis). With profit
/// `p' = mean + persistence (p - mean) + deviation z`, being active rather than idle is worth
///
/// ```text
/// W(p) = p + discount E[ min(max(W(p'), -exit_cost), entry_cost) ]
/// ```
///
/// and the firm enters where `W(p) >= entry_cost`, leaves where `W(p) < -exit_cost`. Source: Dixit (1989), "Entry and exit
/// decisions under uncertainty", Journal of Political Economy 97; Miranda and Fackler (2002), section 7.
///
/// # Errors
/// [`ViabilityError::Finance`] for a number that breaks its rule, or if iterations run to their limit.
///
/// ```
/// use pricefloor::viability::{EntryExitTerms, entry_and_exit};
///
/// let firm = EntryExitTerms {
///     mean: 1.0,
///     persistence: 0.7,
///     deviation: 1.0,
///     entry_cost: 10.0,
///     exit_cost: 0.0,
///     discount: 0.9,
///     nodes: 5,
/// };
/// let thresholds = entry_and_exit(&firm)?;
/// assert!((thresholds.enter - 2.099).abs() < 1e-3 && (thresholds.leave + 2.301).abs() < 1e-3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn entry_and_exit(terms: &EntryExitTerms) -> Result<EntryExit, ViabilityError> {
    const POINTS: usize = 8001;
    const LIMIT: u64 = 10_000;
    check(terms)?;
    let (entry, exit) = (terms.entry_cost, -terms.exit_cost);
    // W lies between p + discount exit and p + discount entry, so both thresholds are in here, and W is known to be
    // beyond the bounds outside.
    let low = exit - terms.discount * entry;
    let high = entry - terms.discount * exit;
    let step = (high - low) / (POINTS - 1) as f64;
    let profit = |point: usize| low + step * point as f64;
    let nodes = gauss_hermite(terms.nodes);
    let mut worth: Vec<f64> = (0..POINTS).map(profit).collect();
    let mut next = worth.clone();
    for _ in 0..LIMIT {
        let mut change = 0.0f64;
        for (point, next) in next.iter_mut().enumerate() {
            let ahead = terms.mean + terms.persistence * (profit(point) - terms.mean);
            let expected: f64 = nodes
                .iter()
                .map(|(node, weight)| {
                    let place = (ahead + terms.deviation * node - low) / step;
                    let bounded = if place <= 0.0 {
                        exit
                    } else if place >= (POINTS - 1) as f64 {
                        entry
                    } else {
                        let at = (place as usize).min(POINTS - 2);
                        let share = place - at as f64;
                        (worth[at] + share * (worth[at + 1] - worth[at])).clamp(exit, entry)
                    };
                    weight * bounded
                })
                .sum();
            *next = profit(point) + terms.discount * expected;
            change = change.max((*next - worth[point]).abs());
        }
        std::mem::swap(&mut worth, &mut next);
        if change <= 1e-12 * (entry - exit).max(1.0) {
            let crossing = |value: f64| {
                let after = worth
                    .partition_point(|&worth| worth < value)
                    .clamp(1, POINTS - 1);
                let rise = worth[after] - worth[after - 1];
                profit(after - 1) + step * (value - worth[after - 1]) / rise
            };
            return Ok(EntryExit {
                enter: crossing(entry),
                leave: crossing(exit),
            });
        }
    }
    Err(FinanceError::NotConverged {
        thing: "the profits of entry and exit",
        iterations: LIMIT,
    }
    .into())
}

fn check(terms: &EntryExitTerms) -> Result<(), ViabilityError> {
    let unit = 0.0..=1.0;
    let interest = 1.0 / terms.discount;
    let free = terms.entry_cost + terms.exit_cost;
    for (thing, value, rule, holds) in [
        ("mean profit", terms.mean, Rule::Finite, true),
        (
            "persistence of the profit",
            terms.persistence,
            Rule::Share,
            unit.contains(&terms.persistence),
        ),
        (
            "deviation of the profit",
            terms.deviation,
            Rule::NotNegative,
            terms.deviation >= 0.0,
        ),
        ("cost of entry", terms.entry_cost, Rule::Finite, true),
        (
            "cost of entry and exit together",
            free,
            Rule::Positive,
            free > 0.0,
        ),
        (
            "1 / discount factor",
            interest,
            Rule::Above(1.0),
            interest > 1.0,
        ),
        (
            "number of quadrature nodes",
            terms.nodes as f64,
            Rule::AtLeast(1.0),
            terms.nodes > 0,
        ),
    ] {
        if !(holds && value.is_finite()) {
            return Err(FinanceError::Value { thing, value, rule }.into());
        }
    }
    Ok(())
}
