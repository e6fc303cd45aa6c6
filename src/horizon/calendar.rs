//! The years of a horizon, cut into periods.

use serde::{Deserialize, Serialize};

use super::error::{HorizonError, number};
use crate::assembly::{Period, Rule};

/// Two dates closer than this, in years, are one.
pub(super) const NEAR: f64 = 1e-9;
/// Most periods of a calendar.
const MOST: f64 = 10_000.0;

/// How many years, and the length of a period. Dates at which something begins, ends or becomes known cut the period
/// they fall into, so that an embargo from year 3 for 18 months lasts 18 months in a calendar of years.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    years: f64,
    step: f64,
}

impl Calendar {
    /// A number of years, one period each.
    #[must_use]
    pub fn yearly(years: u32) -> Self {
        Self {
            years: f64::from(years),
            step: 1.0,
        }
    }

    /// The same years in periods of another length, in years.
    #[must_use]
    pub fn in_steps_of(mut self, years: f64) -> Self {
        self.step = years;
        self
    }

    /// All years.
    #[must_use]
    pub fn years(&self) -> f64 {
        self.years
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        number("calendar", "years", self.years, Rule::Positive)?;
        number("calendar", "length of a period", self.step, Rule::Positive)?;
        if self.years / self.step > MOST {
            return Err(HorizonError::Number {
                place: "calendar".to_owned(),
                name: "number of periods".to_owned(),
                value: self.years / self.step,
                rule: "at most 10,000",
            });
        }
        Ok(())
    }

    /// The periods, cut at further dates.
    pub(super) fn periods(&self, cuts: &[f64]) -> Vec<Period> {
        let mut dates = vec![0.0];
        let mut count = 1.0;
        while count * self.step < self.years - NEAR {
            dates.push(count * self.step);
            count += 1.0;
        }
        let inside = |&&cut: &&f64| cut > NEAR && cut < self.years - NEAR;
        dates.extend(cuts.iter().filter(inside));
        dates.sort_by(f64::total_cmp);
        dates.dedup_by(|later, earlier| *later - *earlier < NEAR);
        let ends = dates.iter().skip(1).chain(std::iter::once(&self.years));
        dates
            .iter()
            .zip(ends)
            .enumerate()
            .map(|(index, (&start, &end))| Period {
                index,
                start,
                years: end - start,
            })
            .collect()
    }
}

/// The end of a period, years from the start.
pub(super) fn end(period: &Period) -> f64 {
    period.start + period.years
}

/// The first period that begins at a date or after it.
pub(super) fn first_from(periods: &[Period], date: f64) -> Option<usize> {
    periods.iter().position(|p| p.start >= date - NEAR)
}
