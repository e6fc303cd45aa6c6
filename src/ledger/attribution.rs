//! What each measure of a package does: Shapley values over the orders in which they could come.

use std::collections::HashMap;
use std::fmt;

use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::error::LedgerError;
use super::shapley::shapley;
use crate::equilibrium::{Equilibrium, SolveError};
use crate::intervention::{Policy, PolicyError};
use crate::market::Market;

/// The most measures for which every set is solved: 1,024 markets.
const MOST_MEASURES: usize = 10;
/// The most measures that an order is drawn of.
const MOST_SAMPLED: usize = 128;

/// Why an outcome cannot be attributed.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum AttributionError {
    /// A policy without measures.
    #[error("the policy has no measures to attribute `{outcome}` to")]
    Empty {
        /// The outcome.
        outcome: String,
    },
    /// Too many measures.
    #[error(
        "the policy has {measures} measures; every set is solved for at most {MOST_MEASURES}, orders are drawn of at most {MOST_SAMPLED}"
    )]
    TooMany {
        /// How many it has.
        measures: usize,
    },
    /// Too few orders for a standard error.
    #[error("{pairs} pairs of orders are drawn; a standard error needs at least 2")]
    TooFew {
        /// Pairs asked for.
        pairs: u32,
    },
    /// A set of measures that is no policy.
    #[error("with {measures}: {source}")]
    Policy {
        /// The measures.
        measures: String,
        /// What is wrong.
        source: PolicyError,
    },
    /// A set of measures without a solution.
    #[error("with {measures}: {source}")]
    Solve {
        /// The measures.
        measures: String,
        /// What went wrong.
        source: Box<SolveError>,
    },
    /// The outcome could not be read off a solution.
    #[error("`{outcome}` with {measures}: {source}")]
    Outcome {
        /// The outcome.
        outcome: String,
        /// The measures.
        measures: String,
        /// What went wrong.
        source: Box<LedgerError>,
    },
}

/// Orders to draw, in pairs of one order and its reverse, and the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// How many pairs.
    pub pairs: u32,
    /// Seed: the same seed draws the same orders.
    pub seed: u64,
}

/// What one measure does to the outcome, in its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureShare {
    measure: String,
    alone: f64,
    last: f64,
    shapley: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standard_error: Option<f64>,
}

impl MeasureShare {
    /// Name of the measure.
    #[must_use]
    pub fn measure(&self) -> &str {
        &self.measure
    }

    /// What it does by itself.
    #[must_use]
    pub fn alone(&self) -> f64 {
        self.alone
    }

    /// What it adds to all the others.
    #[must_use]
    pub fn last(&self) -> f64 {
        self.last
    }

    /// What it adds to those before it, averaged over all orders. These sum to what the package does.
    #[must_use]
    pub fn shapley(&self) -> f64 {
        self.shapley
    }

    /// Standard error of the Shapley value where orders were drawn; `None` where it is exact.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.standard_error
    }
}

/// An outcome of a package of measures over a status quo, divided among them.
///
/// ```
/// use pricefloor::prelude::*;
/// # let market = Market::builder("textbook", "USD").region("Home").region("Abroad").commodity("oxide")
/// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
/// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
/// #     .activity(Activity::producing("world", "Abroad", "oxide", Supply::perfectly_elastic(6.0)?))
/// #     .route("Abroad", "Home", "oxide", 0.0).build()?;
/// let package = Policy::new()
///     .with("tariff", Tariff::specific("Home", "oxide", 1.0))?
///     .with("subsidy", ProductionSubsidy::new("Home", "oxide", 1.0))?;
/// let free = Policy::none();
/// let output = Attribution::exact(&market, &free, &package, "output of the mine", |s| Ok(s.level("mine")?))?;
/// // supply 2 (p + subsidy) - 10: each adds 2 to an output of 2
/// assert!((output.together() - output.baseline() - 4.0).abs() < 1e-9);
/// assert!((output.shares()[0].shapley() - 2.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    outcome: String,
    baseline: f64,
    together: f64,
    shares: Vec<MeasureShare>,
}

impl Attribution {
    /// Solves every set of the package's measures after those of the status quo, in the package's order.
    ///
    /// # Errors
    /// [`AttributionError`] when there is no measure or more than ten, a set has no solution, or the outcome cannot be read
    /// off one.
    pub fn exact(
        market: &Market,
        status_quo: &Policy,
        package: &Policy,
        outcome: &str,
        value: impl Fn(&Equilibrium) -> Result<f64, LedgerError>,
    ) -> Result<Self, AttributionError> {
        let mut sets = Sets::new(market, [status_quo, package], outcome, value, MOST_MEASURES)?;
        let n = sets.len();
        let values = (0..1_u128 << n)
            .map(|set| sets.value(set))
            .collect::<Result<Vec<f64>, _>>()?;
        sets.attribute(|i| (shapley(&values, n, i), None))
    }

    /// Draws orders of the measures at random, each with its reverse, and averages what each measure adds to those before
    /// it. A standard error comes from the spread over the pairs. Sets that come again are not solved again.
    ///
    /// # Errors
    /// [`AttributionError`] as [`exact`](Self::exact), for at most 128 measures, and when fewer than two pairs are asked for.
    pub fn sampled(
        market: &Market,
        status_quo: &Policy,
        package: &Policy,
        outcome: &str,
        orders: Orders,
        value: impl Fn(&Equilibrium) -> Result<f64, LedgerError>,
    ) -> Result<Self, AttributionError> {
        let Orders { pairs, seed } = orders;
        if pairs < 2 {
            return Err(AttributionError::TooFew { pairs });
        }
        let mut sets = Sets::new(market, [status_quo, package], outcome, value, MOST_SAMPLED)?;
        let n = sets.len();
        let mut stream = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..n).collect();
        let mut moments = vec![Moments::default(); n];
        for _ in 0..pairs {
            order.shuffle(&mut stream);
            let mut added = vec![0.0; n];
            for reversed in [false, true] {
                let (mut set, mut before) = (0, sets.value(0)?);
                for at in 0..n {
                    let i = order[if reversed { n - 1 - at } else { at }];
                    set |= 1 << i;
                    let after = sets.value(set)?;
                    added[i] += (after - before) / 2.0;
                    before = after;
                }
            }
            for (moment, &value) in moments.iter_mut().zip(&added) {
                moment.take(value);
            }
        }
        sets.attribute(|i| (moments[i].mean, Some(moments[i].standard_error())))
    }

    /// The outcome that is attributed.
    #[must_use]
    pub fn outcome(&self) -> &str {
        &self.outcome
    }

    /// Its value without any measure of the package.
    #[must_use]
    pub fn baseline(&self) -> f64 {
        self.baseline
    }

    /// Its value with all of them.
    #[must_use]
    pub fn together(&self) -> f64 {
        self.together
    }

    /// What each measure does, in the order of the policy.
    #[must_use]
    pub fn shares(&self) -> &[MeasureShare] {
        &self.shares
    }
}

/// The outcome of each set of measures, solved when first asked for.
struct Sets<'a, F> {
    market: &'a Market,
    status_quo: &'a Policy,
    package: &'a Policy,
    outcome: &'a str,
    read: F,
    known: HashMap<u128, f64>,
}

impl<'a, F: Fn(&Equilibrium) -> Result<f64, LedgerError>> Sets<'a, F> {
    fn new(
        market: &'a Market,
        [status_quo, package]: [&'a Policy; 2],
        outcome: &'a str,
        read: F,
        most: usize,
    ) -> Result<Self, AttributionError> {
        let measures = package.entries().len();
        if measures == 0 {
            let outcome = outcome.to_owned();
            return Err(AttributionError::Empty { outcome });
        }
        if measures > most {
            return Err(AttributionError::TooMany { measures });
        }
        let known = HashMap::new();
        Ok(Self {
            market,
            status_quo,
            package,
            outcome,
            read,
            known,
        })
    }

    fn len(&self) -> usize {
        self.package.entries().len()
    }

    fn value(&mut self, set: u128) -> Result<f64, AttributionError> {
        if let Some(&value) = self.known.get(&set) {
            return Ok(value);
        }
        let entries = self.package.entries().iter().enumerate();
        let chosen = entries.filter(|(i, _)| set >> i & 1 == 1);
        let chosen: Vec<_> = chosen.map(|(_, entry)| entry.clone()).collect();
        let measures = || match chosen.len() {
            0 => "no measure".to_owned(),
            _ => chosen
                .iter()
                .map(|e| e.name())
                .collect::<Vec<_>>()
                .join(", "),
        };
        let policy = Policy::try_from(chosen.clone())
            .and_then(|chosen| self.status_quo.and(&chosen))
            .map_err(|source| AttributionError::Policy {
                measures: measures(),
                source,
            })?;
        let solved = self
            .market
            .solve(&policy)
            .map_err(|source| AttributionError::Solve {
                measures: measures(),
                source: Box::new(source),
            })?;
        let value = (self.read)(&solved).map_err(|source| AttributionError::Outcome {
            outcome: self.outcome.to_owned(),
            measures: measures(),
            source: Box::new(source),
        })?;
        self.known.insert(set, value);
        Ok(value)
    }

    fn attribute(
        &mut self,
        share: impl Fn(usize) -> (f64, Option<f64>),
    ) -> Result<Attribution, AttributionError> {
        let n = self.len();
        let all = u128::MAX >> (128 - n);
        let (baseline, together) = (self.value(0)?, self.value(all)?);
        let mut shares = Vec::with_capacity(n);
        for i in 0..n {
            let (shapley, standard_error) = share(i);
            shares.push(MeasureShare {
                measure: self.package.entries()[i].name().to_owned(),
                alone: self.value(1 << i)? - baseline,
                last: together - self.value(all ^ 1 << i)?,
                shapley,
                standard_error,
            });
        }
        Ok(Attribution {
            outcome: self.outcome.to_owned(),
            baseline,
            together,
            shares,
        })
    }
}

/// Running mean and spread (Welford 1962).
#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn take(&mut self, value: f64) {
        self.count += 1.0;
        let away = value - self.mean;
        self.mean += away / self.count;
        self.squares += away * (value - self.mean);
    }

    fn standard_error(&self) -> f64 {
        (self.squares / (self.count - 1.0) / self.count).sqrt()
    }
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.shares.iter().map(|s| s.measure.len());
        let width = names.chain([self.outcome.len(), 10]).max().unwrap_or(0);
        writeln!(
            f,
            "{:width$} {:>12} {:>12} {:>12}",
            self.outcome, "alone", "last", "Shapley"
        )?;
        writeln!(f, "{:width$} {:>38.3}", "no measure", self.baseline)?;
        for s in &self.shares {
            let (name, alone, last) = (&s.measure, s.alone, s.last);
            write!(
                f,
                "{name:width$} {alone:>+12.3} {last:>+12.3} {:>+12.3}",
                s.shapley
            )?;
            match s.standard_error {
                Some(error) => writeln!(f, " ± {error:.3}")?,
                None => writeln!(f)?,
            }
        }
        write!(f, "{:width$} {:>38.3}", "together", self.together)
    }
}
