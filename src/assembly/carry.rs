//! What one period hands on to the next: a fund left, a stock, a pool of losses.

use super::book::Assembly;
use super::draft::Draft;
use super::entry::{Gauge, Limit, Rule, UnknownEntry};
use super::error::DraftError;
use super::expr::Expr;
use super::handle::{Param, Unknown};

/// An amount that a measure carries from period to period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carry {
    index: usize,
    opening: Opening,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Opening {
    Given(Param),
    Linked(Unknown),
}

/// What a period opens with where an earlier one has closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Inherited {
    /// This amount.
    Amount(f64),
    /// What the period before closes with, in the same system.
    Before,
}

/// A carried amount as it was written.
#[derive(Clone, Debug)]
pub(crate) struct CarryEntry {
    pub(crate) path: String,
    pub(crate) gauge: Gauge,
    pub(crate) opening: Opening,
    pub(crate) closing: Option<Expr>,
}

impl Carry {
    /// The amount at the start of the period.
    #[must_use]
    pub fn opening(&self) -> Expr {
        match self.opening {
            Opening::Given(param) => param.into(),
            Opening::Linked(unknown) => unknown.into(),
        }
    }
}

impl Draft<'_> {
    /// An amount carried over time. In a single period, and in the first one, its opening value is a number; in
    /// later periods it is what the period before closed with (see [`close`](Self::close)).
    ///
    /// # Errors
    /// As [`param`](Self::param).
    pub fn carry(
        &mut self,
        name: &str,
        gauge: Gauge,
        opening: f64,
        rule: Rule,
    ) -> Result<Carry, DraftError> {
        let path = self.path(name);
        let opening = match self.assembly.inherited.get(&path).copied() {
            Some(Inherited::Before) => {
                let none = Limit::none();
                let unknown = self.unknown(name, gauge, Limit::below(), none, opening);
                self.condition(unknown, gauge, unknown);
                Opening::Linked(unknown)
            }
            Some(Inherited::Amount(left)) => {
                // what was used up to the last unit may be left with a rounding error below zero
                let used_up = !rule.admits(left) && left.abs() <= 1e-9 * opening.abs();
                Opening::Given(self.param(name, if used_up { 0.0 } else { left }, rule)?)
            }
            None => Opening::Given(self.param(name, opening, rule)?),
        };
        let index = self.assembly.carries.len();
        self.assembly.carries.push(CarryEntry {
            path,
            gauge,
            opening,
            closing: None,
        });
        Ok(Carry { index, opening })
    }

    /// States what a carried amount is at the end of the period.
    pub fn close(&mut self, carry: Carry, closing: impl Into<Expr>) {
        if let Some(entry) = self.assembly.carries.get_mut(carry.index) {
            entry.closing = Some(closing.into());
        }
    }
}

impl Assembly {
    /// Changes a number that was written.
    pub(crate) fn change(&mut self, path: &str, value: f64) -> Result<(), DraftError> {
        let Some(param) = self.find(path) else {
            let of = path.rsplit_once('/').map_or("", |(measure, _)| measure);
            let known = self.params.iter().filter_map(|p| p.path.strip_prefix(of));
            return Err(DraftError::Unknown {
                place: of.to_owned(),
                what: "number",
                name: path.to_owned(),
                known: known
                    .map(|name| name.trim_start_matches('/'))
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        };
        let entry = &mut self.params[param.index()];
        if !entry.rule.admits(value) {
            return Err(DraftError::Number {
                place: entry.path.clone(),
                name: "value".to_owned(),
                value,
                rule: entry.rule.words(),
            });
        }
        entry.value = value;
        Ok(())
    }

    /// An unknown that equals an expression.
    pub(crate) fn equal_to(&mut self, name: &str, gauge: Gauge, expr: Expr) -> Unknown {
        let unknown = self.unknown(UnknownEntry {
            name: name.to_owned(),
            lower: Limit::below(),
            upper: Limit::none(),
            start: 0.0,
            gauge,
            condition: None,
        });
        self.unknowns[unknown.index()].condition = Some((gauge, Expr::from(unknown) - expr));
        unknown
    }
}
