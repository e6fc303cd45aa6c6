//! From when to when something holds, and since when everybody knows of it.

use super::calendar::NEAR;
use super::error::{HorizonError, number};
use crate::assembly::Rule;

/// Dates of a measure or of a review, in years from the start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) until: Option<f64>,
    pub(super) known_from: f64,
}

impl Span {
    pub(super) fn check(&self, place: &str) -> Result<(), HorizonError> {
        for (what, date) in [
            ("date from which it is known", self.known_from),
            ("date from which it is in force", self.from),
        ] {
            number(place, what, date, Rule::NonNegative)?;
        }
        let until = self.until.unwrap_or(f64::INFINITY);
        let (known, enters) = ("becoming known", "entering into force");
        ordered(place, known, self.known_from, enters, self.from)?;
        ordered(place, enters, self.from, "its end", until)
    }

    /// The dates at which something changes.
    pub(super) fn dates(self) -> impl Iterator<Item = f64> {
        [self.known_from, self.from].into_iter().chain(self.until)
    }

    /// Whether it holds at a date, as far as is known at another.
    pub(super) fn holds(&self, date: f64, now: f64) -> bool {
        self.known_from <= now + NEAR
            && self.from <= date + NEAR
            && self.until.is_none_or(|until| date < until - NEAR)
    }
}

/// Refuses dates in the wrong order.
pub(super) fn ordered(
    place: &str,
    earlier: &'static str,
    earlier_date: f64,
    later: &'static str,
    later_date: f64,
) -> Result<(), HorizonError> {
    if earlier_date <= later_date {
        return Ok(());
    }
    Err(HorizonError::Dates {
        place: place.to_owned(),
        earlier,
        earlier_date,
        later,
        later_date,
    })
}
