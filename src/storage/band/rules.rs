use super::super::StorageError;
use super::super::solve::{StorageModel, StorageSettings};
use super::super::sweep::{Engine, between};
use super::grid::{Band, Column, Plane};
use super::terms::{BandSettings, BandStock};
use crate::complementarity::interrupted;
use serde::{Deserialize, Serialize};

/// What happens at one state of a market with a [`BandStock`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandDecision {
    /// Price, in currency per unit.
    pub price: f64,
    /// Used less imported, in units.
    pub used: f64,
    /// Bought for the public stock, in units.
    pub bought: f64,
    /// Sold from the public stock, in units.
    pub sold: f64,
    /// Carried out of the period by private owners, in units.
    pub private: f64,
    /// Carried out of the period publicly, in units.
    pub public: f64,
    /// Supply planned for the next period, in units.
    pub planned: f64,
}

/// The rules of a market with a [`BandStock`], one set for each regime: price and stocks as functions of what is in private
/// hands, output included, and of what is in the public stock.
#[derive(Debug, Clone)]
pub struct BandRules {
    pub(super) engine: Engine,
    planes: Vec<Plane>,
    names: Vec<String>,
    band: Band,
    iterations: usize,
}

impl StorageModel {
    /// The rules beside a public stock that keeps the price in a band. Its stock is a second state of the market, since
    /// between the two ends it neither buys nor sells.
    ///
    /// # Errors
    /// [`StorageError::TwoPublicStocks`] if the model has a public stock already, [`StorageError`] for settings out of
    /// range, and if iterations run to their limit or are interrupted.
    ///
    /// ```
    /// # use pricefloor::curve::{Demand, Observed, Supply};
    /// # use pricefloor::storage::{BandSettings, BandStock, StorageModel, StorageTerms, Warehouse, Yields};
    /// # let at_one = Observed { price: 1.0, quantity: 1.0 };
    /// # let model = StorageModel::new(StorageTerms {
    /// #     demand: Demand::constant_elasticity(at_one, -0.2)?,
    /// #     supply: Supply::constant_elasticity(at_one, 0.2)?,
    /// #     yields: Yields::normal(1.0, 0.05, 5)?,
    /// #     warehouse: Warehouse { cost: 0.06, deterioration: 0.02, interest: 0.03 },
    /// #     public: None,
    /// #     contract_floor: None,
    /// # })?;
    /// let rules = model.solve_band(BandStock::new(0.9, 1.1, 0.2)?, &BandSettings::default())?;
    /// // 1.05 units and nothing in store: without the stock the price would be below 0.9.
    /// let decision = rules.at("always", 1.05, 0.0)?;
    /// assert!(decision.price == 0.9 && decision.bought > 0.0);
    /// // 0.95 units and 0.1 in store: it sells at 1.1.
    /// assert_eq!(rules.at("always", 0.95, 0.1)?.price, 1.1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn solve_band(
        &self,
        stock: BandStock,
        settings: &BandSettings,
    ) -> Result<BandRules, StorageError> {
        settings.check()?;
        if self.terms().public.is_some() {
            return Err(StorageError::TwoPublicStocks);
        }
        // The market without a public stock says how much private owners come to hold.
        let free = self.solve(&StorageSettings::default())?;
        let largest = free
            .regimes()
            .iter()
            .map(|rules| rules.table.stock(rules.range().1))
            .fold(0.0, f64::max);
        let engine = free.engine;
        let band = Band {
            buys: stock.buys(),
            sells: stock.sells(),
            capacity: stock.capacity(),
        };
        let mut rules = BandRules {
            planes: vec![Plane::default(); engine.spots.len()],
            names: self
                .terms()
                .regimes
                .iter()
                .map(|r| r.name.clone())
                .collect(),
            engine,
            band,
            iterations: 0,
        };
        rules.begin(1.5 * largest, settings);
        let mut change = f64::INFINITY;
        for iteration in 1..=settings.iterations {
            if interrupted() {
                return Err(StorageError::Interrupted {
                    thing: "the price function",
                    iterations: iteration - 1,
                });
            }
            change = rules.sweep();
            if !change.is_finite() {
                return Err(StorageError::NotFinite {
                    thing: "the price",
                    availability: largest,
                });
            }
            if change <= settings.tolerance {
                rules.iterations = iteration;
                return Ok(rules);
            }
        }
        Err(StorageError::NotConverged {
            thing: "the price function",
            iterations: settings.iterations,
            change,
        })
    }
}

impl BandRules {
    /// Knots everywhere, and nothing worth storing.
    fn begin(&mut self, largest: f64, settings: &BandSettings) {
        // The first units bend the price most, so that knots are closer there.
        let parts = (settings.private - 1) as f64;
        let at = |knot: usize| largest * (knot as f64 / parts).powf(1.5);
        let stocks: Vec<f64> = (0..settings.private).map(at).collect();
        for (plane, spot) in self.planes.iter_mut().zip(&self.engine.spots) {
            let used = spot.quantity(self.engine.start.0).0;
            let column = Column {
                worth: vec![self.engine.start.0; stocks.len()],
                there: stocks.iter().map(|stock| stock + used).collect(),
                planned: vec![self.engine.start.1; stocks.len()],
                stocks: stocks.clone(),
            };
            plane.columns = vec![column; settings.public];
        }
    }

    /// From the prices of the next period to those of this one; returns the largest change relative to the static price.
    fn sweep(&mut self) -> f64 {
        let mut change = 0.0f64;
        let mut next = self.planes.clone();
        for (regime, plane) in next.iter_mut().enumerate() {
            let spot = &self.engine.spots[regime];
            let parts = (plane.columns.len() - 1) as f64;
            for (j, column) in plane.columns.iter_mut().enumerate() {
                let public = self.band.capacity * (j as f64 / parts);
                for i in 0..column.stocks.len() {
                    let stock = column.stocks[i];
                    let (worth, planned) = self.carried(regime, stock, public, column.planned[i]);
                    let moved = ((worth - column.worth[i]) / self.engine.start.0).abs();
                    change = if moved <= change { change } else { moved };
                    column.worth[i] = worth;
                    column.planned[i] = planned;
                    column.there[i] = stock + spot.quantity(worth.max(f64::MIN_POSITIVE)).0;
                }
            }
        }
        self.planes = next;
        change
    }

    /// What a private unit is worth, and what is planned, once both stocks are carried out of a period.
    fn carried(&self, regime: usize, private: f64, public: f64, planned: f64) -> (f64, f64) {
        let warehouse = &self.engine.warehouse;
        let kept = 1.0 - warehouse.deterioration;
        let expected = |planned: f64| {
            let (mut price, mut receipt) = (0.0, 0.0);
            for node in &self.engine.nodes[regime] {
                let there = kept * private + planned * node.output;
                let spot = &self.engine.spots[node.regime];
                let moved = self.planes[node.regime].moved(spot, self.band, there, kept * public);
                price += node.probability * moved.price;
                let paid = moved.price.max(self.engine.strike.unwrap_or(0.0));
                receipt += node.probability * node.output * paid;
            }
            (price, receipt)
        };
        let worth = |price: f64| warehouse.keeps() * price - warehouse.cost;
        if let Some(fixed) = self.engine.plans.fixed() {
            return (worth(expected(fixed).0), fixed);
        }
        // One Newton step; its error vanishes as the prices settle.
        let (price, receipt) = expected(planned);
        let ahead = 1e-4 * planned;
        let (further, more) = expected(planned + ahead);
        let (wanted, slope) = self.engine.plans.at(receipt);
        let step = (planned - wanted) / (1.0 - slope * (more - receipt) / ahead).max(1.0);
        let step = between(step, -0.5 * planned, 0.5 * planned);
        let price = price - step * (further - price) / ahead;
        (worth(price), planned - step)
    }

    fn regime(&self, name: &str) -> Result<usize, StorageError> {
        let found = self.names.iter().position(|known| known == name);
        found.ok_or_else(|| StorageError::Unknown {
            what: "regime",
            name: name.to_owned(),
        })
    }

    /// The names of the regimes, in their order; a market that is the same in every period has one, `always`.
    pub fn regimes(&self) -> &[String] {
        &self.names
    }

    /// Iterations that the solution took.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// What happens in a regime when `private` units are there, output included, beside `public` in the public stock.
    ///
    /// # Errors
    /// [`StorageError::Unknown`] for the regime; [`StorageError::Value`] unless something is there and the public stock is
    /// from zero to its capacity; [`StorageError::NotFinite`] where next to nothing is there and the demand has no choke
    /// price.
    pub fn at(
        &self,
        regime: &str,
        private: f64,
        public: f64,
    ) -> Result<BandDecision, StorageError> {
        let regime = self.regime(regime)?;
        super::super::error::require(
            private > 0.0,
            "what is in private hands",
            private,
            "finite and above 0",
        )?;
        super::super::error::require(
            (0.0..=self.band.capacity).contains(&public),
            "the public stock",
            public,
            "from 0 to its capacity",
        )?;
        self.decide(regime, private, public)
    }

    pub(super) fn decide(
        &self,
        regime: usize,
        private: f64,
        public: f64,
    ) -> Result<BandDecision, StorageError> {
        let spot = &self.engine.spots[regime];
        let plane = &self.planes[regime];
        let moved = plane.moved(spot, self.band, private, public);
        if !moved.price.is_finite() {
            return Err(StorageError::NotFinite {
                thing: "the price",
                availability: private,
            });
        }
        let left = private - moved.bought;
        let used = spot.quantity(moved.price).0.min(left);
        let (kept, public) = (left - used, public + moved.bought);
        Ok(BandDecision {
            price: moved.price,
            used,
            bought: moved.bought.max(0.0),
            sold: (-moved.bought).max(0.0),
            private: kept,
            public,
            planned: self.planned(regime, kept, public),
        })
    }

    pub(super) fn planned(&self, regime: usize, private: f64, public: f64) -> f64 {
        self.planes[regime].planned(self.band, private, public)
    }
}
