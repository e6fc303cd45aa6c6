//! Debt service cover by period, over the paths.

use super::ranks::Ranks;
use crate::stochastic::PATHS;
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

/// Covers by period from blocks of covers by period and path, of which some are not numbers.
pub(super) fn by_period(blocks: &[Vec<[f64; PATHS]>]) -> Vec<PeriodCover> {
    let mut found = Vec::new();
    let periods = blocks.first().map_or(0, Vec::len);
    for period in 0..periods {
        let column = blocks.iter().flat_map(|block| &block[period]).copied();
        let sample: Vec<f64> = column.filter(|cover| cover.is_finite()).collect();
        if sample.is_empty() {
            continue;
        }
        let paths = sample.len();
        let short = sample.iter().filter(|cover| **cover < 1.0).count();
        let ranks = Ranks::of(sample, &[0.05, 0.5], &[]);
        found.push(PeriodCover {
            period,
            paths,
            median: ranks.quantile(0.5),
            low: ranks.quantile(0.05),
            below_one: short as f64 / paths as f64,
        });
    }
    found
}
