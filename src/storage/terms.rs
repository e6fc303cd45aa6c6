use super::error::require;
use super::{FloorStock, StorageError, Yields};
use crate::curve::{Demand, Supply};
use serde::{Deserialize, Serialize};

/// What it takes to keep a unit from one period to the next, for private and public owners alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warehouse {
    /// Cost of keeping a unit for a period, paid at its start, in currency.
    pub cost: f64,
    /// Share of the stock that is lost in a period.
    pub deterioration: f64,
    /// Interest for a period, as a fraction.
    pub interest: f64,
}

impl Warehouse {
    pub(super) fn check(&self) -> Result<(), StorageError> {
        const NOT_NEGATIVE: &str = "finite and not below 0";
        require(
            self.cost >= 0.0,
            "the cost of storage",
            self.cost,
            NOT_NEGATIVE,
        )?;
        require(
            (0.0..1.0).contains(&self.deterioration),
            "the deterioration",
            self.deterioration,
            "from 0 to below 1",
        )?;
        require(
            self.interest > -1.0,
            "the interest",
            self.interest,
            "above -1",
        )?;
        require(
            self.keeps() < 1.0,
            "the value kept from one period to the next, (1 - deterioration) / (1 + interest),",
            self.keeps(),
            "below 1",
        )
    }

    /// Discount factor for one period.
    pub fn discount(&self) -> f64 {
        1.0 / (1.0 + self.interest)
    }

    /// What a unit stored is worth in units delivered next period, discounted: `(1 - deterioration) / (1 + interest)`.
    pub fn keeps(&self) -> f64 {
        (1.0 - self.deterioration) * self.discount()
    }
}

/// Terms of a [`StorageModel`](super::StorageModel).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageTerms {
    /// What is bought for use in a period, at each price.
    pub demand: Demand,
    /// What is planned a period ahead, at each expected receipt per planned unit `E[price x yield]`, in money of the
    /// period in which it is delivered. A cost that is paid when it is planned counts `1 + interest` times.
    pub supply: Supply,
    /// Output per planned unit.
    pub yields: Yields,
    /// Storage.
    pub warehouse: Warehouse,
    /// A public stock beside the private one.
    #[serde(default)]
    pub public: Option<FloorStock>,
    /// Strike of a contract floor on all that is planned, in currency per unit: producers plan on what they get,
    /// `E[max(price, strike) x yield]`, and their sponsor pays the difference, while buyers and owners of stocks see the
    /// market price.
    #[serde(default)]
    pub contract_floor: Option<f64>,
}

/// One regime of a market: free trade, restrictions, an embargo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Its name.
    pub name: String,
    /// What is bought for use in a period, at each price.
    pub demand: Demand,
    /// Output per planned unit in a period of this regime.
    pub yields: Yields,
    /// What comes in from abroad within a period of this regime, at each price; nothing under an embargo.
    #[serde(default)]
    pub imports: Option<Supply>,
}

/// Terms of a [`StorageModel`](super::StorageModel) whose market moves between regimes as a Markov chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegimeTerms {
    /// The regimes. The regime of a period is known before anything is stored or planned in it.
    pub regimes: Vec<Regime>,
    /// `transition[m][n]` is the probability that regime `n` follows regime `m`.
    pub transition: Vec<Vec<f64>>,
    /// What is planned a period ahead, as in [`StorageTerms::supply`].
    pub supply: Supply,
    /// Storage.
    pub warehouse: Warehouse,
    /// A public stock beside the private one.
    #[serde(default)]
    pub public: Option<FloorStock>,
    /// Strike of a contract floor on all that is planned, in currency per unit: producers plan on what they get,
    /// `E[max(price, strike) x yield]`, and their sponsor pays the difference, while buyers and owners of stocks see the
    /// market price.
    #[serde(default)]
    pub contract_floor: Option<f64>,
}

impl RegimeTerms {
    pub(super) fn check(&self) -> Result<(), StorageError> {
        self.warehouse.check()?;
        if let Some(strike) = self.contract_floor {
            require(
                strike > 0.0,
                "the strike of the contract floor",
                strike,
                "finite and above 0",
            )?;
        }
        let names: Vec<_> = self.regimes.iter().map(|r| r.name.as_str()).collect();
        check_chain(&names, &self.transition)
    }
}

/// Checks the names of the regimes of a chain, and the probabilities with which they follow each other.
pub(super) fn check_chain(names: &[&str], transition: &[Vec<f64>]) -> Result<(), StorageError> {
    let count = names.len();
    if count == 0 {
        return Err(StorageError::Empty {
            thing: "a model with regimes",
        });
    }
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return Err(StorageError::Duplicate {
                what: "regime",
                name: (*name).to_owned(),
            });
        }
    }
    let sides = std::iter::once(transition.len());
    if let Some(found) = sides
        .chain(transition.iter().map(Vec::len))
        .find(|&side| side != count)
    {
        return Err(StorageError::TransitionShape {
            regimes: count,
            found,
        });
    }
    for (name, row) in names.iter().zip(transition) {
        for &probability in row {
            require(
                (0.0..=1.0).contains(&probability),
                "the probability of a transition",
                probability,
                "from 0 to 1",
            )?;
        }
        let sum: f64 = row.iter().sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(StorageError::Probabilities {
                thing: format!("what follows regime \"{name}\""),
                sum,
            });
        }
    }
    Ok(())
}

impl From<StorageTerms> for RegimeTerms {
    fn from(terms: StorageTerms) -> Self {
        Self {
            regimes: vec![Regime {
                name: "always".into(),
                demand: terms.demand,
                yields: terms.yields,
                imports: None,
            }],
            transition: vec![vec![1.0]],
            supply: terms.supply,
            warehouse: terms.warehouse,
            public: terms.public,
            contract_floor: terms.contract_floor,
        }
    }
}
