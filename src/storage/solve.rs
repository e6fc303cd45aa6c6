use super::error::require;
use super::rules::DecisionRules;
use super::spot::{Plans, Spot};
use super::steady::{SteadyState, steady_state};
use super::sweep::{Engine, Mesh, Node, Scratch};
use super::terms::{RegimeTerms, StorageTerms};
use super::{BandStock, StorageError};
use crate::complementarity::interrupted;
use serde::{Deserialize, Serialize};

/// How finely and how far a [`StorageModel`] is solved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorageSettings {
    /// Evenly placed knots of the stock, beside those on kinks: from 4 to 100,000. Default 200.
    pub knots: usize,
    /// Knots stand on kinks of at least this share of the strongest one. Default 1e-5.
    pub kinks: f64,
    /// Iteration ends when no price moves by more than this share of the static price. Default 1e-11.
    pub tolerance: f64,
    /// Largest number of iterations. Default 2000.
    pub iterations: usize,
    /// Availability up to which the rules are wanted, where that is more than the market can come to by itself.
    pub up_to: Option<f64>,
}

impl Default for StorageSettings {
    fn default() -> Self {
        Self {
            knots: 200,
            kinks: 1e-5,
            tolerance: 1e-11,
            iterations: 2000,
            up_to: None,
        }
    }
}

impl StorageSettings {
    fn check(&self) -> Result<(), StorageError> {
        require(
            (4..=100_000).contains(&self.knots),
            "the number of knots",
            self.knots as f64,
            "from 4 to 100000",
        )?;
        require(
            self.kinks > 0.0,
            "the weakest kink",
            self.kinks,
            "finite and above 0",
        )?;
        require(
            self.tolerance > 0.0,
            "the tolerance",
            self.tolerance,
            "finite and above 0",
        )?;
        require(
            self.iterations > 0,
            "the number of iterations",
            self.iterations as f64,
            "above 0",
        )?;
        if let Some(up_to) = self.up_to {
            require(
                up_to > 0.0,
                "the largest availability",
                up_to,
                "finite and above 0",
            )?;
        }
        Ok(())
    }
}

/// Competitive storage under rational expectations: owners store until the price equals what the stock is expected to
/// be worth, and producers plan on the price that will follow from it.
///
/// With availability `A`, stock `S`, planned supply `H`, yield `e`, deterioration `d`, interest `r`, cost of storage `k`:
///
/// ```text
/// A = (1 - d) S_before + H_before e = demand(P) + S
/// 0 <= S_private   complementary to   P + k - (1 - d) / (1 + r) E[P'] >= 0
/// H = supply(E[P' e'])
/// ```
///
/// Sources: Gustafson (1958); Wright and Williams (1982); Deaton and Laroque (1992); the endogenous grid is Carroll's
/// (2006).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RegimeTerms", into = "RegimeTerms")]
pub struct StorageModel {
    terms: RegimeTerms,
}

impl TryFrom<RegimeTerms> for StorageModel {
    type Error = StorageError;

    fn try_from(terms: RegimeTerms) -> Result<Self, StorageError> {
        Self::with_regimes(terms)
    }
}

impl From<StorageModel> for RegimeTerms {
    fn from(model: StorageModel) -> Self {
        model.terms
    }
}

impl StorageModel {
    /// A market that is the same in every period.
    ///
    /// # Errors
    /// [`StorageError`] for a number that breaks its rule, for a demand that does not fall with the price, or if storing
    /// costs nothing at all, since stocks would then grow without end.
    pub fn new(terms: StorageTerms) -> Result<Self, StorageError> {
        Self::with_regimes(terms.into())
    }

    /// A market that moves between regimes.
    ///
    /// # Errors
    /// As [`new`](Self::new), and for no regime, a name twice, or transitions that are not probabilities.
    pub fn with_regimes(terms: RegimeTerms) -> Result<Self, StorageError> {
        terms.check()?;
        for regime in &terms.regimes {
            Spot::new(regime.demand.clone(), regime.imports.clone())?;
        }
        Ok(Self { terms })
    }

    /// The terms; a market that is the same in every period has one regime, `always`.
    pub fn terms(&self) -> &RegimeTerms {
        &self.terms
    }

    /// The decision rules: price, stock and planned supply as functions of availability.
    ///
    /// # Errors
    /// [`StorageError`] for settings out of range, if iterations run to their limit or are interrupted, or if a price leaves
    /// the range of numbers.
    pub fn solve(&self, settings: &StorageSettings) -> Result<DecisionRules, StorageError> {
        settings.check()?;
        let engine = self.engine()?;
        let mut scratch = Scratch::default();
        let (mut old, mut new) = (engine.empty(), engine.empty());
        let mut mesh = Mesh {
            largest: self.first_reach(&engine, settings),
            even: settings.knots.min(24),
            kinks: f64::INFINITY,
        };
        let (mut change, mut coarse) = (f64::INFINITY, true);
        for iteration in 1..=settings.iterations {
            if interrupted() {
                return Err(StorageError::Interrupted {
                    thing: "the price function",
                    iterations: iteration - 1,
                });
            }
            change = engine.sweep(&old, &mut new, mesh, &mut scratch);
            std::mem::swap(&mut old, &mut new);
            if !change.is_finite() {
                return Err(StorageError::NotFinite {
                    thing: "the price",
                    availability: mesh.largest,
                });
            }
            let settled = change <= settings.tolerance;
            if coarse || settled {
                let reach = engine.reach(&old, mesh.largest, settings.up_to);
                if coarse {
                    mesh.largest = (1.02 * reach).min(2.0 * mesh.largest);
                    if change < 1e-3 {
                        coarse = false;
                        mesh.even = settings.knots;
                        mesh.kinks = settings.kinks;
                    }
                } else if reach > mesh.largest * (1.0 + 1e-9) {
                    mesh.largest = 1.05 * reach;
                } else {
                    return Ok(DecisionRules::new(engine, old, mesh, iteration, self));
                }
            }
        }
        Err(StorageError::NotConverged {
            thing: "the price function",
            iterations: settings.iterations,
            change,
        })
    }

    /// What the market settles at without shocks, in its first regime, each yield at its mean and nothing imported.
    ///
    /// # Errors
    /// [`StorageError`] if supply and demand do not meet.
    pub fn steady_state(&self) -> Result<SteadyState, StorageError> {
        let public = self.terms.public;
        self.rest(
            public.map_or((f64::MIN_POSITIVE, f64::MIN_POSITIVE, 0.0), |public| {
                (public.price(), public.price(), public.capacity())
            }),
        )
    }

    /// As [`steady_state`](Self::steady_state), beside a public stock that keeps the price in a band. A stock that does not
    /// deteriorate rests anywhere, which is what the answer then says.
    ///
    /// # Errors
    /// As `steady_state`.
    pub fn steady_state_in_band(&self, stock: BandStock) -> Result<SteadyState, StorageError> {
        self.rest((stock.buys(), stock.sells(), stock.capacity()))
    }

    fn rest(&self, (buys, sells, capacity): (f64, f64, f64)) -> Result<SteadyState, StorageError> {
        let terms = &self.terms;
        steady_state(
            &terms.regimes[0].demand,
            &terms.supply,
            &terms.warehouse,
            terms.regimes[0].yields.mean(),
            terms.contract_floor.unwrap_or(0.0),
            (buys, sells),
            capacity,
        )
    }

    fn engine(&self) -> Result<Engine, StorageError> {
        let terms = &self.terms;
        let spots = terms
            .regimes
            .iter()
            .map(|regime| Spot::new(regime.demand.clone(), regime.imports.clone()))
            .collect::<Result<Vec<_>, _>>()?;
        let follows = |row: &Vec<f64>| {
            let regimes = terms.regimes.iter().zip(row).enumerate();
            regimes
                .filter(|(_, (_, chance))| **chance > 0.0)
                .flat_map(|(index, (regime, chance))| {
                    regime.yields.outcomes().iter().map(move |outcome| Node {
                        regime: index,
                        output: outcome.value,
                        probability: chance * outcome.probability,
                    })
                })
                .collect::<Vec<_>>()
        };
        let plans = Plans::new(terms.supply.clone());
        let start = self.static_price(&spots[0], &plans)?;
        Ok(Engine {
            nodes: terms.transition.iter().map(follows).collect(),
            spots,
            plans,
            warehouse: terms.warehouse,
            public: terms.public,
            strike: terms.contract_floor,
            start,
        })
    }

    /// Price and planned supply without shocks and storage, in the first regime, by bisection.
    fn static_price(&self, spot: &Spot, plans: &Plans) -> Result<(f64, f64), StorageError> {
        let mean = self.terms.regimes[0].yields.mean();
        let paid = |price: f64| price.max(self.terms.contract_floor.unwrap_or(0.0));
        let excess = |price: f64| {
            let used = spot.quantity(price).0;
            used - mean * plans.at(paid(price) * mean).0
        };
        let (mut low, mut high) = (1.0, 1.0);
        // Outside the curve's prices the excess is not a number, which ends the search on that side.
        for _ in 0..200 {
            if excess(high) > 0.0 {
                high *= 2.0;
            }
            if excess(low) < 0.0 {
                low *= 0.5;
            }
        }
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if excess(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let price = 0.5 * (low + high);
        let planned = plans.at(paid(price) * mean).0;
        require(
            price > 0.0 && planned > 0.0,
            "planned supply at the price without storage",
            planned,
            "finite and above 0",
        )?;
        Ok((price, planned))
    }

    /// A first guess at the largest stock.
    fn first_reach(&self, engine: &Engine, settings: &StorageSettings) -> f64 {
        let outputs = engine.nodes.iter().flatten().map(|node| node.output);
        let (low, high) = outputs.fold((f64::INFINITY, 0.0f64), |(low, high), output| {
            (low.min(output), high.max(output))
        });
        let public = engine.public.map_or(0.0, |public| public.capacity());
        let spread = (high - low).max(0.1 * high) * engine.start.1;
        let beyond = settings.up_to.map_or(0.0, |up_to| up_to - engine.start.1);
        (public + spread).max(beyond)
    }
}

impl Engine {
    /// The largest stock that is carried out of the largest availability that `largest` can lead to.
    fn reach(&self, functions: &super::sweep::Functions, largest: f64, up_to: Option<f64>) -> f64 {
        let kept = 1.0 - self.warehouse.deterioration;
        let mut reach = 0.0f64;
        for (carry, nodes) in functions.carries.iter().zip(&self.nodes) {
            let planned = match self.plans.fixed() {
                Some(planned) => planned,
                None => carry.planned(largest).0,
            };
            for node in nodes {
                let availability = kept * largest + planned * node.output;
                let table = &functions.tables[node.regime];
                reach = reach.max(table.stock(availability));
            }
        }
        if let Some(up_to) = up_to {
            let stocks = functions.tables.iter().map(|table| table.stock(up_to));
            reach = stocks.fold(reach, f64::max);
        }
        // The public stock has to have its knot, and a market that never stores needs a range to look at.
        let public = self.public.map_or(0.0, |public| 1.05 * public.capacity());
        reach.max(public).max(0.01 * self.start.1)
    }
}
