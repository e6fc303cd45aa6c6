//! Measures with dates.

use serde::{Deserialize, Serialize};

use super::error::{HorizonError, number};
use super::span::{Span, ordered};
use crate::assembly::{Rule, Stacking};
use crate::intervention::{Measure, PolicyEntry};

/// A measure from one date to another, in years from the start. An embargo, which comes and goes, is one too.
///
/// Announced from the start unless it is said when it becomes known: then everybody plans without it until that date,
/// and plans anew with what is there by then.
///
/// ```
/// use pricefloor::horizon::Dated;
/// use pricefloor::intervention::{Base, Embargo, Tariff};
/// // a surprise from year 3, for 18 months
/// let halt = Dated::new("halt", Embargo::on_exports("China", "NdPr oxide")).from(3.0).until(4.5).known_from(3.0);
/// // announced: nothing at first, the full quarter after three years
/// let tariff = Dated::new("tariff", Tariff::ad_valorem("United States", "NdPr oxide", 0.25, Base::Delivered))
///     .varying("rate", [(0.0, 0.0), (3.0, 0.25)]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    name: String,
    measure: Measure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stacking: Option<Stacking>,
    #[serde(default)]
    from: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<f64>,
    #[serde(default)]
    known_from: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    varying: Vec<Varying>,
}

/// A number of a measure that changes over time: straight between its points, level before and after them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Varying {
    term: String,
    /// Years from the start, and the value then.
    points: Vec<(f64, f64)>,
}

impl Dated {
    /// A measure in force at all times and known from the start.
    #[must_use]
    pub fn new(name: &str, measure: impl Into<Measure>) -> Self {
        Self {
            name: name.to_owned(),
            measure: measure.into(),
            stacking: None,
            from: 0.0,
            until: None,
            known_from: 0.0,
            varying: Vec::new(),
        }
    }

    /// Says what happens where an earlier measure of the kind applies too.
    #[must_use]
    pub fn stacked(mut self, stacking: Stacking) -> Self {
        self.stacking = Some(stacking);
        self
    }

    /// When it enters into force.
    #[must_use]
    pub fn from(mut self, year: f64) -> Self {
        self.from = year;
        self
    }

    /// When it ends (sunset); known together with the measure.
    #[must_use]
    pub fn until(mut self, year: f64) -> Self {
        self.until = Some(year);
        self
    }

    /// When everybody learns of it; not after it enters into force.
    #[must_use]
    pub fn known_from(mut self, year: f64) -> Self {
        self.known_from = year;
        self
    }

    /// Lets one of its numbers (`rate`, `strike`, `floor`: the last part of its path) change over time: (years from the
    /// start, value), straight lines between the points, level before the first and after the last. A period takes the
    /// value of its start.
    #[must_use]
    pub fn varying(mut self, term: &str, points: impl Into<Vec<(f64, f64)>>) -> Self {
        self.varying.push(Varying {
            term: term.to_owned(),
            points: points.into(),
        });
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The measure.
    #[must_use]
    pub fn measure(&self) -> &Measure {
        &self.measure
    }

    pub(super) fn check(&self) -> Result<(), HorizonError> {
        let place = format!("measure `{}`", self.name);
        self.span().check(&place)?;
        for varying in &self.varying {
            if varying.points.is_empty() {
                return Err(HorizonError::Unfit {
                    place: format!("{place}, {}", varying.term),
                    rule: "a number that changes over time needs at least one point",
                });
            }
            for &(year, value) in &varying.points {
                number(&place, "date of a point", year, Rule::Finite)?;
                number(&place, &varying.term, value, Rule::Finite)?;
            }
            for pair in varying.points.windows(2) {
                ordered(&place, "a point", pair[0].0, "the next point", pair[1].0)?;
            }
        }
        Ok(())
    }

    fn span(&self) -> Span {
        Span {
            from: self.from,
            until: self.until,
            known_from: self.known_from,
        }
    }

    /// The dates at which something changes.
    pub(super) fn dates(&self) -> impl Iterator<Item = f64> {
        self.span().dates()
    }

    pub(super) fn news(&self) -> f64 {
        self.known_from
    }

    /// Whether it is in force in a period that starts at a date, as far as is known at another.
    pub(super) fn applies(&self, start: f64, now: f64) -> bool {
        self.span().holds(start, now)
    }

    pub(super) fn entry(&self) -> PolicyEntry {
        PolicyEntry {
            name: self.name.clone(),
            stacking: self.stacking,
            measure: self.measure.clone(),
        }
    }

    /// Its numbers that change over time: path and value at a date.
    pub(super) fn numbers(&self, date: f64) -> impl Iterator<Item = (String, f64)> {
        self.varying.iter().map(move |varying| {
            let path = format!("measure/{}/{}", self.name, varying.term);
            (path, interpolate(&varying.points, date))
        })
    }
}

fn interpolate(points: &[(f64, f64)], date: f64) -> f64 {
    let after = points.iter().position(|&(year, _)| year > date);
    match after {
        None => points.last().map_or(0.0, |p| p.1),
        Some(0) => points[0].1,
        Some(i) => {
            let ((a, low), (b, high)) = (points[i - 1], points[i]);
            low + (high - low) * (date - a) / (b - a)
        }
    }
}
