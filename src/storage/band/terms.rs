use super::super::StorageError;
use super::super::error::require;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    buys: f64,
    sells: f64,
    capacity: f64,
}

/// A public stock that keeps the price in a band: it buys what is needed to hold the price at the lower end until it is
/// full, sells what is needed to hold it at the upper end until it is empty, and waits in between.
///
/// With `G` in store, `bought` and `sold` the units of a period and `P` the price,
///
/// ```text
/// 0 <= bought <= capacity - G   complementary to   P - buys      (all of it where P < buys)
/// 0 <= sold   <= G              complementary to   sells - P     (all of it where P > sells)
/// ```
///
/// It keeps its stock in the same warehouses as private owners do. A stock that sells as soon as the price is above the one
/// at which it buys is a [`FloorStock`](super::super::FloorStock). Sources: Wright and Williams (1988); Miranda and
/// Helmberger (1988), "The effects of commodity price stabilization programs", American Economic Review 78.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct BandStock {
    buys: f64,
    sells: f64,
    capacity: f64,
}

impl BandStock {
    /// A stock of at most `capacity` units that buys at a price of `buys` and sells at one of `sells`, in currency per
    /// unit. A ceiling alone is a band whose lower end is never reached.
    ///
    /// # Errors
    /// [`StorageError::Value`] unless prices and capacity are above zero and finite,
    /// [`StorageError::FloorAboveCeiling`] unless it buys below the price at which it sells.
    pub fn new(buys: f64, sells: f64, capacity: f64) -> Result<Self, StorageError> {
        for (thing, value) in [
            ("the lower end of a band", buys),
            ("the upper end of a band", sells),
            ("the capacity of a public stock", capacity),
        ] {
            require(value > 0.0, thing, value, "finite and above 0")?;
        }
        if buys >= sells {
            return Err(StorageError::FloorAboveCeiling {
                floor: buys,
                ceiling: sells,
            });
        }
        Ok(Self {
            buys,
            sells,
            capacity,
        })
    }

    /// The price at which it buys, in currency per unit.
    pub fn buys(&self) -> f64 {
        self.buys
    }

    /// The price at which it sells, in currency per unit.
    pub fn sells(&self) -> f64 {
        self.sells
    }

    /// The capacity, in units.
    pub fn capacity(&self) -> f64 {
        self.capacity
    }
}

impl TryFrom<Terms> for BandStock {
    type Error = StorageError;

    fn try_from(terms: Terms) -> Result<Self, StorageError> {
        Self::new(terms.buys, terms.sells, terms.capacity)
    }
}

impl From<BandStock> for Terms {
    fn from(stock: BandStock) -> Self {
        Self {
            buys: stock.buys,
            sells: stock.sells,
            capacity: stock.capacity,
        }
    }
}

/// How finely a market with a [`BandStock`] is solved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BandSettings {
    /// Knots of the private stock: from 4 to 10,000. Default 200.
    pub private: usize,
    /// Knots of the public stock: from 2 to 10,000. Default 40.
    pub public: usize,
    /// Iteration ends when no price moves by more than this share of the static price. Default 1e-8.
    pub tolerance: f64,
    /// Largest number of iterations. Default 1000.
    pub iterations: usize,
}

impl Default for BandSettings {
    fn default() -> Self {
        Self {
            private: 200,
            public: 40,
            tolerance: 1e-8,
            iterations: 1000,
        }
    }
}

impl BandSettings {
    pub(super) fn check(&self) -> Result<(), StorageError> {
        for (thing, knots, least, rule) in [
            (
                "the number of knots of the private stock",
                self.private,
                4,
                "from 4 to 10000",
            ),
            (
                "the number of knots of the public stock",
                self.public,
                2,
                "from 2 to 10000",
            ),
        ] {
            require((least..=10_000).contains(&knots), thing, knots as f64, rule)?;
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
        )
    }
}
