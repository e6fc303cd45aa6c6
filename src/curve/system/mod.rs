//! Demand for several goods that stand in for one another: each quantity depends on all prices.

mod ces;
mod cross_price;
mod error;
mod index;

pub use ces::{Nest, NestedCes};
pub use cross_price::CrossPrice;
pub use error::SystemError;

pub(crate) use cross_price::definite;
pub(crate) use index::{Slope, Tree};

use serde::{Deserialize, Serialize};

/// Final demand of one group of buyers for several goods.
///
/// Both kinds come from quasi-linear preferences: the derivatives of quantities in prices are symmetric and negative
/// definite, so that a market with them is as well behaved as one with own-price demands, and consumer surplus does not
/// depend on the order in which prices change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DemandSystem {
    /// Nested constant elasticity of substitution (Armington).
    NestedCes(NestedCes),
    /// Prices that fall along straight lines in all quantities.
    CrossPrice(CrossPrice),
}

impl DemandSystem {
    /// The commodities it is a demand for.
    #[must_use]
    pub fn goods(&self) -> &[String] {
        match self {
            Self::NestedCes(system) => system.goods(),
            Self::CrossPrice(system) => system.goods(),
        }
    }

    /// The name and value of each parameter.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, f64)> {
        match self {
            Self::NestedCes(system) => system.parameters(),
            Self::CrossPrice(system) => system.parameters(),
        }
    }
}

impl From<NestedCes> for DemandSystem {
    fn from(system: NestedCes) -> Self {
        Self::NestedCes(system)
    }
}

impl From<CrossPrice> for DemandSystem {
    fn from(system: CrossPrice) -> Self {
        Self::CrossPrice(system)
    }
}

/// An error unless there are two goods or more, each named once.
fn check_goods(goods: &[String]) -> Result<(), SystemError> {
    if goods.len() < 2 {
        return Err(SystemError::TooFewGoods { count: goods.len() });
    }
    for (i, good) in goods.iter().enumerate() {
        if good.trim().is_empty() {
            return Err(SystemError::Name {
                what: "good",
                name: good.clone(),
                rule: "must have letters",
            });
        }
        if goods[..i].contains(good) {
            return Err(SystemError::Name {
                what: "good",
                name: good.clone(),
                rule: "occurs twice; each good has one place in a system",
            });
        }
    }
    Ok(())
}
