use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Frequency {
    /// Twelve periods a year.
    Monthly,
    /// Four periods a year.
    Quarterly,
    /// One period a year.
    Yearly,
}

impl Frequency {
    /// Periods in a year.
    pub fn per_year(self) -> u32 {
        match self {
            Self::Monthly => 12,
            Self::Quarterly => 4,
            Self::Yearly => 1,
        }
    }
}

/// Terms of a [`Timeline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineTerms {
    /// Length of a period.
    pub frequency: Frequency,
    /// Number of periods.
    pub periods: u32,
    /// Price observations in a period, equally spaced, the last on its last day.
    pub observations: u32,
    /// Calendar year in which the first period begins.
    pub first_year: i32,
    /// Month in which the first period begins, 1 to 12; it begins on the first day of it.
    pub first_month: u32,
    /// Month in which the sponsor's fiscal year begins, 1 to 12 (10 for the United States). A fiscal year carries
    /// the number of the calendar year in which it ends.
    pub fiscal_month: u32,
}

/// The periods of a cash flow, and the dates on them. Time zero is the first day of the first period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "TimelineTerms", into = "TimelineTerms")]
pub struct Timeline {
    terms: TimelineTerms,
}

checked_terms!(Timeline, TimelineTerms);

/// A century of months, with daily observations and some room.
const MOST_PERIODS: u32 = 1200;
const MOST_OBSERVATIONS: u32 = 366;

impl Timeline {
    /// A timeline with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless there are 1 to 1200 periods of 1 to 366 observations and months are 1 to 12.
    pub fn new(terms: TimelineTerms) -> Result<Self, FinanceError> {
        let within = |thing, value: u32, most: u32| {
            require(thing, f64::from(value), Rule::AtLeast(1.0))?;
            require(thing, f64::from(value), Rule::AtMost(f64::from(most)))
        };
        within("number of periods", terms.periods, MOST_PERIODS)?;
        within(
            "price observations in a period",
            terms.observations,
            MOST_OBSERVATIONS,
        )?;
        within("first month", terms.first_month, 12)?;
        within("first month of the fiscal year", terms.fiscal_month, 12)?;
        require(
            "first year",
            f64::from(terms.first_year),
            Rule::AtLeast(-10_000.0),
        )?;
        require(
            "first year",
            f64::from(terms.first_year),
            Rule::AtMost(10_000.0),
        )?;
        Ok(Self { terms })
    }

    /// Number of periods.
    pub fn periods(&self) -> usize {
        self.terms.periods as usize
    }

    /// Price observations in a period.
    pub fn observations(&self) -> usize {
        self.terms.observations as usize
    }

    /// Periods a year.
    pub fn per_year(&self) -> u32 {
        self.terms.frequency.per_year()
    }

    /// Price observations a year.
    pub fn observations_a_year(&self) -> u32 {
        self.per_year() * self.terms.observations
    }

    /// Length of a period in years.
    pub fn period_years(&self) -> f64 {
        1.0 / f64::from(self.per_year())
    }

    /// Length of the whole in years.
    pub fn years(&self) -> f64 {
        f64::from(self.terms.periods) / f64::from(self.per_year())
    }

    /// First day of period `index`, in years.
    pub fn start(&self, index: usize) -> f64 {
        index as f64 / f64::from(self.per_year())
    }

    /// Last day of period `index`, in years.
    pub fn end(&self, index: usize) -> f64 {
        (index + 1) as f64 / f64::from(self.per_year())
    }

    /// The period whose first day is nearest to `years`, which may lie outside the timeline.
    pub fn nearest_start(&self, years: f64) -> i64 {
        (years * f64::from(self.per_year())).round() as i64
    }

    /// Calendar year and month (1 to 12) of the last day of period `index`.
    pub fn last_month(&self, index: usize) -> (i32, u32) {
        let months = 12 / self.per_year();
        let last = self.terms.first_month - 1 + months * (index as u32 + 1) - 1;
        (self.terms.first_year + (last / 12) as i32, last % 12 + 1)
    }

    /// The sponsor's fiscal year in which the last day of period `index` falls.
    pub fn fiscal_year(&self, index: usize) -> i32 {
        let (year, month) = self.last_month(index);
        if self.terms.fiscal_month > 1 && month >= self.terms.fiscal_month {
            year + 1
        } else {
            year
        }
    }

    /// A name for period `index`: "Q4 2025" for quarters of the calendar, else "2025-12" or "2025".
    pub fn name(&self, index: usize) -> String {
        let (year, month) = self.last_month(index);
        match self.terms.frequency {
            Frequency::Quarterly if month % 3 == 0 => format!("Q{} {year}", month / 3),
            Frequency::Yearly if month == 12 => format!("{year}"),
            _ => format!("{year}-{month:02}"),
        }
    }

    /// The period named `name` by [`Timeline::name`], if it is on the timeline.
    pub fn find(&self, name: &str) -> Option<usize> {
        (0..self.periods()).find(|&index| self.name(index) == name)
    }
}
