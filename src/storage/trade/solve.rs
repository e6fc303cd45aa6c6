use super::super::StorageError;
use super::super::error::require;
use super::super::spot::{Plans, Spot};
use super::engine::{JointNode, Start, TradeEngine};
use super::plane::Plane;
use super::rules::TradeRules;
use super::terms::TradeTerms;
use crate::complementarity::interrupted;
use serde::{Deserialize, Serialize};

/// How finely and how far a [`TradeModel`] is solved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TradeSettings {
    /// Knots of the stock of each region: from 4 to 1,000. Default 30. They do not stand on the kinks, which are curves over
    /// both stocks, so that errors fall with the square of their number: with nine outcomes and a route that may close they
    /// are 10^-5.4 in the mean and 10^-4.4 at the largest with 32 by 32. See
    /// [`euler_errors`](TradeRules::euler_errors) for those of a solution.
    pub knots: [usize; 2],
    /// Iteration ends when neither what a unit is worth nor a plan moves by more than this share of its value without
    /// shocks. Default 1e-9.
    pub tolerance: f64,
    /// Largest number of iterations. Default 2000.
    pub iterations: usize,
    /// Stocks up to which the rules are wanted, where that is more than the regions come to by themselves.
    pub up_to: Option<[f64; 2]>,
}

impl Default for TradeSettings {
    fn default() -> Self {
        Self {
            knots: [30; 2],
            tolerance: 1e-9,
            iterations: 2000,
            up_to: None,
        }
    }
}

impl TradeSettings {
    fn check(&self) -> Result<(), StorageError> {
        for knots in self.knots {
            require(
                (4..=1000).contains(&knots),
                "the number of knots",
                knots as f64,
                "from 4 to 1000",
            )?;
        }
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
        for up_to in self.up_to.into_iter().flatten() {
            require(
                up_to > 0.0,
                "the largest stock",
                up_to,
                "finite and above 0",
            )?;
        }
        Ok(())
    }
}

/// Competitive storage in two regions with trade between them, under rational expectations.
///
/// In each region `i`, with `j` the other one, availability `A`, stock `S`, planned supply `H`, yield `e`, shipped `X` at
/// the cost `c`, deterioration `d`, interest `r`, cost of storage `k`:
///
/// ```text
/// A_i = (1 - d) S_i,before + H_i,before e_i          A_i - X_ij + X_ji = demand_i(P_i) + S_i
/// 0 <= S_i    complementary to   P_i + k - (1 - d) / (1 + r) E[P_i'] >= 0
/// 0 <= X_ij   complementary to   P_i + c_ij - P_j >= 0,   X_ij = 0 where the route is closed
/// H_i = supply_i(E[P_i' e_i'])
/// ```
///
/// A region stores what it imports only where the route may close: with a route that stays open and equal warehouses, a
/// unit that is wanted later is cheaper to keep where it is and to carry then. Where carrying costs nothing, it does not
/// matter in which of two equal warehouses a unit lies, and the [`Split`](super::Split) says so.
///
/// Sources: Williams and Wright (1991), Storage and Commodity Markets, chapter 9; Miranda and Glauber (1995), "Solving
/// stochastic models of competitive storage and trade by Chebychev collocation methods", Agricultural and Resource
/// Economics Review 24.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TradeTerms", into = "TradeTerms")]
pub struct TradeModel {
    terms: TradeTerms,
}

impl TryFrom<TradeTerms> for TradeModel {
    type Error = StorageError;

    fn try_from(terms: TradeTerms) -> Result<Self, StorageError> {
        Self::new(terms)
    }
}

impl From<TradeModel> for TradeTerms {
    fn from(model: TradeModel) -> Self {
        model.terms
    }
}

impl TradeModel {
    /// Two regions and what may happen between them.
    ///
    /// # Errors
    /// [`StorageError`] for a number that breaks its rule, for a demand that does not fall with the price, for no regime,
    /// a name twice, transitions that are not probabilities, or if storing costs nothing at all.
    pub fn new(terms: TradeTerms) -> Result<Self, StorageError> {
        terms.check()?;
        for region in &terms.regions {
            Spot::new(region.demand.clone(), None)?;
        }
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> &TradeTerms {
        &self.terms
    }

    /// The decision rules: prices, trade, stocks and plans as functions of what is available in each region.
    ///
    /// # Errors
    /// [`StorageError`] for settings out of range, if iterations run to their limit or are interrupted, or if a price
    /// leaves the range of numbers.
    ///
    /// ```
    /// use pricefloor::curve::{Demand, Observed, Supply};
    /// use pricefloor::storage::{
    ///     JointYields, TradeModel, TradeRegime, TradeSettings, TradeTerms, TradingRegion, Warehouse, Yields,
    /// };
    ///
    /// let harvest = Yields::normal(1.0, 0.05, 3)?;
    /// let region = |name: &str, used: f64, made: f64| -> Result<TradingRegion, Box<dyn std::error::Error>> {
    ///     Ok(TradingRegion {
    ///         name: name.into(),
    ///         demand: Demand::constant_elasticity(Observed { price: 1.0, quantity: used }, -0.2)?,
    ///         supply: Supply::fixed(made)?,
    ///         warehouse: Warehouse { cost: 0.06, deterioration: 0.0, interest: 0.03 },
    ///     })
    /// };
    /// let regime = |name: &str, cost: Option<f64>| TradeRegime {
    ///     name: name.into(),
    ///     yields: JointYields::independent(&harvest, &harvest),
    ///     there: cost,
    ///     back: cost,
    /// };
    /// let model = TradeModel::new(TradeTerms {
    ///     regions: [region("mine", 0.8, 1.2)?, region("magnets", 1.2, 0.8)?],
    ///     regimes: vec![regime("open", Some(0.05)), regime("closed", None)],
    ///     transition: vec![vec![0.9, 0.1], vec![0.5, 0.5]],
    /// })?;
    /// let rules = model.solve(&TradeSettings { knots: [10, 10], ..Default::default() })?;
    /// let open = rules.at("open", [1.2, 0.8])?;
    /// // The importer pays what the exporter pays and the carriage, and keeps a stock because the route may close.
    /// assert!((open.prices[1] - open.prices[0] - 0.05).abs() < 1e-12);
    /// assert!(open.shipped > 0.0 && open.stocks[1] > 0.0 && open.stocks[0] == 0.0);
    /// // Once it has closed there is too much here and too little there.
    /// let closed = rules.at("closed", [1.2, 0.8])?;
    /// assert!(closed.shipped == 0.0 && closed.prices[1] > 2.0 * closed.prices[0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn solve(&self, settings: &TradeSettings) -> Result<TradeRules, StorageError> {
        const THING: &str = "what stored units are worth";
        settings.check()?;
        let engine = self.engine()?;
        let wanted = settings.up_to.unwrap_or([0.0; 2]);
        let bounded = |reach: [f64; 2], share: f64| {
            let region = |i: usize| {
                let least = 0.02 * (engine.start.planned[0] + engine.start.planned[1]);
                (share * reach[i]).max(wanted[i]).max(least)
            };
            [region(0), region(1)]
        };
        let coarse_knots = [settings.knots[0].min(8), settings.knots[1].min(8)];
        let mut largest = bounded([0.0; 2], 1.0);
        let start = &engine.start;
        let level = Plane::level(largest, coarse_knots, start.prices, start.planned);
        let mut planes = vec![level; self.terms.regimes.len()];
        let (mut change, mut coarse) = (f64::INFINITY, true);
        for iteration in 1..=settings.iterations {
            if interrupted() {
                return Err(StorageError::Interrupted {
                    thing: THING,
                    iterations: iteration - 1,
                });
            }
            (planes, change) = engine.sweep(&planes);
            if !change.is_finite() {
                return Err(StorageError::NotFinite {
                    thing: "the price",
                    availability: largest[0] + largest[1],
                });
            }
            let look = if coarse {
                change < 1e-3 || iteration % 4 == 1
            } else {
                change <= settings.tolerance
            };
            if !look {
                continue;
            }
            let reach = engine.reach(&planes);
            let knots = if coarse && change >= 1e-3 {
                largest = bounded(reach, 1.1);
                coarse_knots
            } else if coarse || reach[0] > largest[0] || reach[1] > largest[1] {
                coarse = false;
                largest = bounded(reach, 1.1);
                settings.knots
            } else {
                return Ok(TradeRules::new(engine, planes, iteration, &self.terms));
            };
            for plane in &mut planes {
                *plane = plane.regrid(largest, knots);
            }
        }
        Err(StorageError::NotConverged {
            thing: THING,
            iterations: settings.iterations,
            change,
        })
    }

    fn engine(&self) -> Result<TradeEngine, StorageError> {
        let terms = &self.terms;
        let [first, second] = &terms.regions;
        let follows = |row: &Vec<f64>| {
            let regimes = terms.regimes.iter().zip(row).enumerate();
            regimes
                .filter(|(_, (_, chance))| **chance > 0.0)
                .flat_map(|(index, (regime, chance))| {
                    regime
                        .yields
                        .outcomes()
                        .iter()
                        .map(move |outcome| JointNode {
                            regime: index,
                            outputs: outcome.values,
                            probability: chance * outcome.probability,
                        })
                })
                .collect::<Vec<_>>()
        };
        let rest = self.steady_state()?;
        let plans = [
            Plans::new(first.supply.clone()),
            Plans::new(second.supply.clone()),
        ];
        let means = terms.regimes[0].yields.means();
        let planned = |i: usize| plans[i].at(rest.prices[i] * means[i]).0;
        let cost = |cost: Option<f64>| cost.unwrap_or(f64::INFINITY);
        Ok(TradeEngine {
            spots: [
                Spot::new(first.demand.clone(), None)?,
                Spot::new(second.demand.clone(), None)?,
            ],
            costs: terms
                .regimes
                .iter()
                .map(|regime| [cost(regime.there), cost(regime.back)])
                .collect(),
            nodes: terms.transition.iter().map(follows).collect(),
            kept: [&first.warehouse, &second.warehouse].map(|w| 1.0 - w.deterioration),
            keeps: [first.warehouse.keeps(), second.warehouse.keeps()],
            cost: [first.warehouse.cost, second.warehouse.cost],
            start: Start {
                prices: rest.prices,
                planned: [planned(0), planned(1)],
            },
            plans,
        })
    }
}
