use super::StorageError;
use super::error::require;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    price: f64,
    capacity: f64,
}

/// A public stock that defends a floor: it buys what is needed to hold the price up, until it is full, and sells as soon
/// as the price would rise above the floor, until it is empty:
///
/// ```text
/// 0 <= stock <= capacity,   stock = capacity where P < floor,   stock = 0 where P > floor
/// ```
///
/// It keeps its stock in the same warehouses as private owners do. Source: Wright and Williams (1988), "The incidence of
/// market-stabilising price support schemes", Economic Journal 98.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct FloorStock {
    price: f64,
    capacity: f64,
}

impl FloorStock {
    /// A stock that defends `price`, in currency per unit, with at most `capacity` units.
    ///
    /// # Errors
    /// [`StorageError::Value`] unless price and capacity are above zero and finite.
    pub fn new(price: f64, capacity: f64) -> Result<Self, StorageError> {
        require(
            price > 0.0,
            "the floor of a public stock",
            price,
            "finite and above 0",
        )?;
        require(
            capacity > 0.0,
            "the capacity of a public stock",
            capacity,
            "finite and above 0",
        )?;
        Ok(Self { price, capacity })
    }

    /// The floor, in currency per unit.
    pub fn price(&self) -> f64 {
        self.price
    }

    /// The capacity, in units.
    pub fn capacity(&self) -> f64 {
        self.capacity
    }
}

impl TryFrom<Terms> for FloorStock {
    type Error = StorageError;

    fn try_from(terms: Terms) -> Result<Self, StorageError> {
        Self::new(terms.price, terms.capacity)
    }
}

impl From<FloorStock> for Terms {
    fn from(stock: FloorStock) -> Self {
        Self {
            price: stock.price,
            capacity: stock.capacity,
        }
    }
}
