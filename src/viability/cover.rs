//! Debt service cover by period, over the paths.

use serde::{Deserialize, Serialize};

/// Debt service cover of one period (cash available / debt service due), over the paths on which the firm has not failed
/// and debt service is due.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodCover {
    period: usize,
    paths: usize,
    median: f64,
    low: f64,
    below_one: f64,
}

impl PeriodCover {
    /// The period, from 0.
    pub fn period(&self) -> usize {
        self.period
    }

    /// Paths on which debt service is due.
    pub fn paths(&self) -> usize {
        self.paths
    }

    /// Median cover.
    pub fn median(&self) -> f64 {
        self.median
    }

    /// The cover that 5 % of those paths stay below.
    pub fn quantile_5(&self) -> f64 {
        self.low
    }

    /// Share of those paths on which cash available does not cover debt service.
    pub fn below_one(&self) -> f64 {
        self.below_one
    }
}

/// Covers by period from covers by period and path, of which some are not numbers.
pub(super) fn by_period(covers: &[Vec<f64>]) -> Vec<PeriodCover> {
    let mut found = Vec::new();
    for (period, column) in covers.iter().enumerate() {
        let mut sample: Vec<f64> = column.iter().copied().filter(|c| c.is_finite()).collect();
        let Some(last) = sample.len().checked_sub(1) else {
            continue;
        };
        let short = sample.iter().filter(|cover| **cover < 1.0).count();
        found.push(PeriodCover {
            period,
            paths: sample.len(),
            median: quantile(&mut sample, 0.5, last),
            low: quantile(&mut sample, 0.05, last),
            below_one: short as f64 / sample.len() as f64,
        });
    }
    found
}

/// Linear between order statistics, as quantiles are everywhere in this crate; `last` is the place of the greatest.
fn quantile(sample: &mut [f64], probability: f64, last: usize) -> f64 {
    let place = probability * last as f64;
    let below = place as usize;
    let (_, low, above) = sample.select_nth_unstable_by(below, f64::total_cmp);
    let next = above.iter().copied().min_by(f64::total_cmp);
    *low + (place - below as f64) * (next.unwrap_or(*low) - *low)
}
