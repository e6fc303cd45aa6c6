use super::carry::Carry;
use super::solve::StorageModel;
use super::sweep::{Engine, Functions, Mesh, Scratch};
use super::table::Table;
use super::{FloorStock, StorageError};
use serde::{Deserialize, Serialize};

/// Who holds a stock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Holders {
    /// The only split that fits the rules.
    Split {
        /// Held by private owners, in units.
        private: f64,
        /// Held publicly, in units.
        public: f64,
    },
    /// At the floor private owners are as content to hold as to sell, so that any public stock of this range fits.
    NotUnique {
        /// Least public stock, in units.
        public_from: f64,
        /// Greatest public stock, in units.
        public_to: f64,
    },
}

/// What happens at one availability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What is there before anything is used: the stock that was kept, and output, in units.
    pub availability: f64,
    /// Price, in currency per unit.
    pub price: f64,
    /// Used less imported, in units.
    pub used: f64,
    /// Carried out of the period, in units, whoever holds it.
    pub stock: f64,
    /// Who holds it.
    pub holders: Holders,
    /// Supply planned for the next period, in units.
    pub planned: f64,
}

/// The rules in one regime: price, stock and planned supply as functions of availability.
#[derive(Debug, Clone)]
pub struct RegimeRules {
    name: String,
    pub(super) table: Table,
    pub(super) carry: Carry,
    floor: Option<FloorStock>,
    range: (f64, f64),
}

/// The solution of a [`StorageModel`], one set of rules for each regime.
///
/// Questions to the whole are questions to its first regime, the only one of a market that is the same in every period.
#[derive(Debug, Clone)]
pub struct DecisionRules {
    pub(super) engine: Engine,
    pub(super) regimes: Vec<RegimeRules>,
    iterations: usize,
}

impl std::ops::Deref for DecisionRules {
    type Target = RegimeRules;

    fn deref(&self) -> &RegimeRules {
        &self.regimes[0]
    }
}

impl DecisionRules {
    pub(super) fn new(
        engine: Engine,
        functions: Functions,
        mesh: Mesh,
        iterations: usize,
        model: &StorageModel,
    ) -> Self {
        let mut scratch = Scratch::default();
        let regimes = model.terms().regimes.iter().enumerate();
        let regimes = regimes
            .map(|(index, regime)| {
                let carry = engine.carry_everywhere(&functions, index, mesh, &mut scratch);
                let most = functions.tables[index]
                    .knots
                    .last()
                    .map_or(f64::NAN, |knot| knot.availability);
                RegimeRules {
                    name: regime.name.clone(),
                    table: functions.tables[index].clone(),
                    carry,
                    floor: engine.public,
                    // Where nothing is stored the price is the demand curve's, down to nothing; and no stock of the range
                    // leads above its end.
                    range: (0.0, most),
                }
            })
            .collect();
        Self {
            engine,
            regimes,
            iterations,
        }
    }

    /// The rules of a regime.
    ///
    /// # Errors
    /// [`StorageError::Unknown`].
    pub fn regime(&self, name: &str) -> Result<&RegimeRules, StorageError> {
        let unknown = || StorageError::Unknown {
            what: "regime",
            name: name.to_owned(),
        };
        self.regimes
            .iter()
            .find(|regime| regime.name == name)
            .ok_or_else(unknown)
    }

    /// The rules of all regimes, in order.
    pub fn regimes(&self) -> &[RegimeRules] {
        &self.regimes
    }

    /// Iterations that the solution took.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

impl RegimeRules {
    /// The name of the regime.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Least and greatest availability that the rules cover.
    pub fn range(&self) -> (f64, f64) {
        self.range
    }

    pub(super) fn check(&self, availability: f64) -> Result<(), StorageError> {
        let (low, high) = self.range;
        if low <= availability && availability <= high {
            Ok(())
        } else {
            Err(StorageError::OutOfRange {
                availability,
                low,
                high,
            })
        }
    }

    /// Price at an availability, in currency per unit.
    ///
    /// # Errors
    /// [`StorageError::OutOfRange`], and [`StorageError::NotFinite`] where next to nothing is there and the demand has no
    /// choke price.
    pub fn price(&self, availability: f64) -> Result<f64, StorageError> {
        self.check(availability)?;
        let (price, _) = self.table.at(availability);
        if price.is_finite() {
            Ok(price)
        } else {
            Err(StorageError::NotFinite {
                thing: "the price",
                availability,
            })
        }
    }

    /// Stock carried out of a period, in units.
    ///
    /// # Errors
    /// [`StorageError::OutOfRange`].
    pub fn stock(&self, availability: f64) -> Result<f64, StorageError> {
        self.check(availability)?;
        Ok(self.table.stock(availability))
    }

    /// Supply planned for the next period, in units.
    ///
    /// # Errors
    /// [`StorageError::OutOfRange`].
    pub fn planned(&self, availability: f64) -> Result<f64, StorageError> {
        Ok(self.planned_after(self.stock(availability)?))
    }

    /// Supply planned when a total of `stock` is carried out of a period, in units.
    pub fn planned_after(&self, stock: f64) -> f64 {
        self.carry.planned(stock).0
    }

    /// What a private owner expects a unit to be worth when a total of `stock` is carried out, less the cost of storage, in
    /// currency: the price at which private owners store.
    pub fn worth_after(&self, stock: f64) -> f64 {
        self.carry.worth(stock)
    }

    /// Availability from which something is stored, in units.
    pub fn storage_starts(&self) -> f64 {
        self.table
            .knots
            .first()
            .map_or(f64::INFINITY, |knot| knot.availability)
    }

    /// The availabilities at which the floor of the public stock is the price; none where it never binds.
    pub fn floor_holds(&self) -> Option<(f64, f64)> {
        let floor = self.floor?.price();
        let mut at = self.table.knots.iter().filter(|knot| knot.price == floor);
        let low = at.next()?.availability;
        Some((low, at.next()?.availability))
    }

    /// Availability from which private owners store beside a full public stock; none without a floor that binds.
    pub fn private_returns(&self) -> Option<f64> {
        let (_, full) = self.floor_holds()?;
        let mut after = self.table.knots.iter();
        after
            .find(|knot| knot.availability > full)
            .map(|knot| knot.availability)
    }

    /// Everything at one availability.
    ///
    /// # Errors
    /// As [`price`](Self::price).
    pub fn at(&self, availability: f64) -> Result<Decision, StorageError> {
        let price = self.price(availability)?;
        let stock = self.table.stock(availability);
        Ok(Decision {
            availability,
            price,
            used: availability - stock,
            stock,
            holders: self.holders(price, stock),
            planned: self.planned_after(stock),
        })
    }

    fn holders(&self, price: f64, stock: f64) -> Holders {
        let Some(floor) = self.floor else {
            return Holders::Split {
                private: stock,
                public: 0.0,
            };
        };
        let content = (self.worth_after(stock) - price).abs() <= 1e-9 * price.abs();
        let public = if price > floor.price() {
            0.0
        } else if price < floor.price() {
            floor.capacity().min(stock)
        } else if content {
            return Holders::NotUnique {
                public_from: 0.0,
                public_to: floor.capacity().min(stock),
            };
        } else {
            stock
        };
        Holders::Split {
            private: stock - public,
            public,
        }
    }
}
