//! A sweep and its parts.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::fingerprint::Key;
use super::part::Part;
use super::plan::{BLOCK, Plan};
use super::store::Store;
use crate::assembly::Param;
use crate::equilibrium::{Compiled, Outcome, SolveError};

/// Rows of one part unless said: enough to keep every core of a machine busy, and short enough to lose.
const PART: usize = 64 * BLOCK;

/// A plan of rows, the outcomes to keep of each, and how many rows make a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Sweep {
    terms: Terms,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    plan: Plan,
    outcomes: Vec<Outcome>,
    part_rows: usize,
}

impl Sweep {
    /// A sweep in parts of 4,096 rows.
    ///
    /// # Errors
    /// [`SweepError::Empty`] without an outcome.
    pub fn new(plan: Plan, outcomes: Vec<Outcome>) -> Result<Self, SweepError> {
        Self::try_from(Terms {
            plan,
            outcomes,
            part_rows: PART,
        })
    }

    /// With parts of another size. Rows are solved one from the other within blocks of 64, which a part does not cut, so
    /// that the size of parts does not show in the outcomes.
    ///
    /// # Errors
    /// [`SweepError::Count`] unless it is a multiple of 64 and above zero.
    pub fn with_part_rows(self, part_rows: usize) -> Result<Self, SweepError> {
        Self::try_from(Terms {
            part_rows,
            ..self.terms
        })
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.terms.plan
    }

    /// The outcomes.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.terms.outcomes
    }

    /// How many parts there are.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.terms.plan.rows().div_ceil(self.terms.part_rows)
    }

    /// Sets the sweep up on a compiled market: a reference to it, or an `Arc`.
    ///
    /// # Errors
    /// [`SweepError::Solve`] for a path that the market does not have.
    pub fn on<C: Deref<Target = Compiled>>(self, compiled: C) -> Result<Job<C>, SweepError> {
        let paths = self.terms.plan.paths();
        let params = paths.iter().map(|path| compiled.param(path));
        let params = params.collect::<Result<Vec<Param>, SolveError>>()?;
        let (market, policy) = compiled.facts();
        let key = Key::of(&[market, policy, &self.terms]);
        Ok(Job {
            sweep: self,
            compiled,
            params,
            key,
        })
    }
}

/// A sweep of one market, ready to be done part by part.
#[derive(Debug)]
pub struct Job<C> {
    sweep: Sweep,
    compiled: C,
    params: Vec<Param>,
    key: Key,
}

impl<C: Deref<Target = Compiled>> Job<C> {
    /// The sweep.
    #[must_use]
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// What tells this sweep of this market from others.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// Solves one part. It depends on the market, the sweep and the part's number alone.
    ///
    /// # Errors
    /// [`SweepError::NoPart`]; [`SweepError::Solve`] for an outcome that the market does not have. A row without an
    /// equilibrium is not an error: it gives NaN and is listed.
    pub fn part(&self, index: usize) -> Result<Part, SweepError> {
        let parts = self.sweep.parts();
        if index >= parts {
            return Err(SweepError::NoPart { part: index, parts });
        }
        let Terms {
            plan,
            outcomes,
            part_rows,
        } = &self.sweep.terms;
        let first = index * part_rows;
        let rows = plan.values(first, *part_rows);
        let batch = self.compiled.solve_many(&self.params, &rows, outcomes)?;
        let failures = batch.failures().iter();
        Ok(Part {
            key: self.key,
            index,
            values: batch.values().to_vec(),
            failures: failures
                .map(|failure| (first + failure.row(), failure.reason().to_owned()))
                .collect(),
        })
    }

    /// A part out of its bytes.
    ///
    /// # Errors
    /// [`SweepError::Foreign`] where the bytes are damaged or belong to another sweep.
    pub fn read(&self, bytes: &[u8]) -> Result<Part, SweepError> {
        Part::from_bytes(self.key, "a part", bytes)
    }

    /// A part out of the store, where it is there; else solved, and kept.
    ///
    /// # Errors
    /// As [`part`](Self::part), and those of the store.
    pub fn part_in(&self, store: &Store, index: usize) -> Result<Part, SweepError> {
        if let Some(part) = store.load(self.key, index)? {
            return Ok(part);
        }
        let part = self.part(index)?;
        store.save(&part)?;
        Ok(part)
    }

    /// Solves all parts on this machine's threads, or takes them from the store where they are there, and puts them
    /// together. `go_on` is asked after each part, with the number done.
    ///
    /// # Errors
    /// As [`part_in`](Self::part_in); [`SweepError::Stopped`] when `go_on` says no.
    pub fn run(
        &self,
        store: Option<&Store>,
        mut go_on: impl FnMut(usize) -> bool,
    ) -> Result<Swept, SweepError> {
        let parts = self.sweep.parts();
        let mut found = Vec::with_capacity(parts);
        for index in 0..parts {
            found.push(match store {
                Some(store) => self.part_in(store, index)?,
                None => self.part(index)?,
            });
            let done = found.len();
            if !go_on(done) && done < parts {
                return Err(SweepError::Stopped { done, parts });
            }
        }
        self.together(found)
    }

    /// Puts parts together, in whatever order they come; one that is there twice counts once.
    ///
    /// # Errors
    /// [`SweepError::Missing`] for a part that is not there, [`SweepError::Foreign`] for one of another sweep.
    pub fn together(&self, parts: impl IntoIterator<Item = Part>) -> Result<Swept, SweepError> {
        let mut places: Vec<Option<Part>> = vec![None; self.sweep.parts()];
        for part in parts {
            let place = places.get_mut(part.index).filter(|_| part.key == self.key);
            let place = place.ok_or_else(|| SweepError::Foreign {
                place: format!("part {}", part.index),
                why: "its market, measures, rows or outcomes are others",
            })?;
            *place = Some(part);
        }
        let mut swept = Swept {
            width: self.sweep.terms.outcomes.len(),
            values: Vec::new(),
            failures: Vec::new(),
        };
        for (index, part) in places.into_iter().enumerate() {
            let part = part.ok_or(SweepError::Missing { part: index })?;
            swept.values.extend(part.values);
            swept.failures.extend(part.failures);
        }
        Ok(swept)
    }
}

/// The outcomes of a whole sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Swept {
    width: usize,
    values: Vec<f64>,
    failures: Vec<(usize, String)>,
}

impl Swept {
    /// Outcomes of one row, in the order in which they were asked for.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&[f64]> {
        let first = row.checked_mul(self.width)?;
        self.values.get(first..first.checked_add(self.width)?)
    }

    /// All outcomes, row after row; NaN where there is no equilibrium.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Rows without an equilibrium, with the reason.
    #[must_use]
    pub fn failures(&self) -> &[(usize, String)] {
        &self.failures
    }
}

impl TryFrom<Terms> for Sweep {
    type Error = SweepError;

    fn try_from(terms: Terms) -> Result<Self, SweepError> {
        if terms.outcomes.is_empty() {
            return Err(SweepError::Empty { what: "outcome" });
        }
        if terms.part_rows == 0 || !terms.part_rows.is_multiple_of(BLOCK) {
            return Err(SweepError::Count {
                what: "number of rows in a part",
                count: terms.part_rows,
                rule: "a multiple of 64 and above zero",
            });
        }
        Ok(Self { terms })
    }
}

impl From<Sweep> for Terms {
    fn from(sweep: Sweep) -> Self {
        sweep.terms
    }
}
