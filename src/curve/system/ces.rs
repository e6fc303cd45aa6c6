//! Nested constant elasticity of substitution.

use serde::{Deserialize, Serialize};

use super::index::Tree;
use super::{SystemError, check_goods};
use crate::curve::Observed;

/// Demand for goods that substitute for one another at constant elasticities, in nests (Armington: domestic against
/// imported, imports by origin).
///
/// In calibrated share form (Rutherford 2002, "Lecture notes on constant elasticity functions"): with the observed
/// prices `p0` and quantities `q0`, the price index of a nest is
/// `P = (sum_c s_c P_c^(1 - substitution))^(1 / (1 - substitution))`, where `P_c` is `p / p0` for a good and the index of
/// an inner nest, and `s_c` its share of the observed value. The composite of all goods is bought as `Q = P^elasticity`,
/// and within a nest `Q_c = Q (P / P_c)^substitution`; a good is bought in the quantity `q0 Q_c`. With a substitution of 1
/// the index is the geometric mean (Cobb-Douglas). At the observed prices the observed quantities are bought.
///
/// The own-price elasticity of a good with the share `s` of a single nest is `s elasticity - (1 - s) substitution`, and
/// that in another's price `s_other (elasticity + substitution)`, as in Francois and Hall (2003).
///
/// Surplus is counted from the observed prices: the area under the demand for the composite, between its price index and
/// one, times the observed value.
///
/// ```
/// use pricefloor::curve::{Nest, NestedCes, Observed};
/// let at = |price, quantity| Observed { price, quantity };
/// let magnets = NestedCes::new(-0.6, Nest::new(2.0)
///     .good("magnets of Japan", at(70.0, 3_000.0))
///     .nest("imported", Nest::new(5.0)
///         .good("magnets of China", at(55.0, 4_000.0))
///         .good("magnets of Germany", at(80.0, 500.0))))?;
/// let bought = magnets.quantities(&[70.0, 60.0, 80.0])?;
/// assert!(bought[0] > 3_000.0 && bought[1] < 4_000.0 && bought[2] > 500.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NestedCesTerms", into = "NestedCesTerms")]
pub struct NestedCes {
    terms: NestedCesTerms,
    goods: Vec<String>,
    observed: Vec<Observed>,
    substitutions: Vec<f64>,
    tree: Tree,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NestedCesTerms {
    elasticity: f64,
    nest: Nest,
}

/// Goods and inner nests that substitute for one another at one elasticity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nest {
    substitution: f64,
    branches: Vec<Branch>,
}

/// What a nest is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Branch {
    /// A good, observed at a price and a quantity.
    Good {
        /// Name of the commodity.
        commodity: String,
        /// Price and quantity per year.
        observed: Observed,
    },
    /// A nest within.
    Nest {
        /// Its name, under which its elasticity is found.
        name: String,
        /// What it holds.
        nest: Nest,
    },
}

impl Nest {
    /// An empty nest with an elasticity of substitution, above zero.
    #[must_use]
    pub fn new(substitution: f64) -> Self {
        Self {
            substitution,
            branches: Vec::new(),
        }
    }

    /// Adds a good, observed at a price (that buyers pay) and a quantity per year.
    #[must_use]
    pub fn good(mut self, commodity: &str, observed: Observed) -> Self {
        self.branches.push(Branch::Good {
            commodity: commodity.to_owned(),
            observed,
        });
        self
    }

    /// Adds an inner nest under a name.
    #[must_use]
    pub fn nest(mut self, name: &str, nest: Nest) -> Self {
        self.branches.push(Branch::Nest {
            name: name.to_owned(),
            nest,
        });
        self
    }
}

impl NestedCes {
    /// Demand with an elasticity of the composite in its price index, below zero, and the nests.
    ///
    /// # Errors
    /// [`SystemError`] when an elasticity has the wrong sign, a price or quantity is not above zero, a nest is empty, there
    /// are fewer than two goods, or a name is empty or taken.
    pub fn new(elasticity: f64, nest: Nest) -> Result<Self, SystemError> {
        number("elasticity", elasticity, elasticity < 0.0, "below zero")?;
        let mut found = Found::default();
        found.walk("outermost", &nest, None)?;
        let Found {
            goods,
            observed,
            substitutions,
            nests,
            tree,
        } = found;
        check_goods(&goods)?;
        for (i, name) in nests.iter().enumerate().skip(1) {
            let bad = |rule| SystemError::Name {
                what: "nest",
                name: name.clone(),
                rule,
            };
            if name.trim().is_empty() || name.contains('/') {
                return Err(bad("must have letters and no slash"));
            }
            if nests[1..i].contains(name) || goods.contains(name) {
                return Err(bad("has the name of another nest or good"));
            }
        }
        Ok(Self {
            terms: NestedCesTerms { elasticity, nest },
            goods,
            observed,
            substitutions,
            tree: tree.named(nests),
        })
    }

    /// The commodities, in the order in which the nests name them.
    #[must_use]
    pub fn goods(&self) -> &[String] {
        &self.goods
    }

    /// The name and value of each parameter: `elasticity`, `substitution`, `NEST/substitution`, `GOOD/price`,
    /// `GOOD/quantity`.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, f64)> {
        let mut list = vec![("elasticity".to_owned(), self.terms.elasticity)];
        for (nest, &substitution) in self.tree.names().iter().zip(&self.substitutions) {
            let path = match list.len() {
                1 => "substitution".to_owned(),
                _ => format!("{nest}/substitution"),
            };
            list.push((path, substitution));
        }
        for (good, at) in self.goods.iter().zip(&self.observed) {
            list.push((format!("{good}/price"), at.price));
            list.push((format!("{good}/quantity"), at.quantity));
        }
        list
    }

    /// Quantities bought at prices, both in the order of [`goods`](Self::goods).
    ///
    /// # Errors
    /// [`SystemError`] when there is not one price for each good, or one is not above zero.
    pub fn quantities(&self, prices: &[f64]) -> Result<Vec<f64>, SystemError> {
        if prices.len() != self.goods.len() {
            return Err(SystemError::Shape {
                row: "of prices".to_owned(),
                found: prices.len(),
                goods: self.goods.len(),
            });
        }
        for (good, &price) in self.goods.iter().zip(prices) {
            number(
                &format!("price of {good}"),
                price,
                price > 0.0,
                "above zero",
            )?;
        }
        let values: Vec<f64> = self.parameters().into_iter().map(|(_, v)| v).collect();
        let read = |k: usize| values[k];
        let price = |k: usize| prices[k];
        let goods = 0..self.goods.len();
        Ok(goods
            .map(|good| self.tree.quantity(good, &price, &read))
            .collect())
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }
}

/// What a walk through the nests has met.
#[derive(Default)]
struct Found {
    goods: Vec<String>,
    observed: Vec<Observed>,
    substitutions: Vec<f64>,
    nests: Vec<String>,
    tree: Tree,
}

impl Found {
    fn walk(
        &mut self,
        name: &str,
        nest: &Nest,
        parent: Option<usize>,
    ) -> Result<usize, SystemError> {
        let substitution = nest.substitution;
        let what = format!("substitution of nest `{name}`");
        number(&what, substitution, substitution > 0.0, "above zero")?;
        if nest.branches.is_empty() {
            return Err(SystemError::EmptyNest {
                nest: name.to_owned(),
            });
        }
        let at = self.tree.add_nest(parent);
        self.nests.push(name.to_owned());
        self.substitutions.push(substitution);
        for branch in &nest.branches {
            match branch {
                Branch::Good {
                    commodity,
                    observed,
                } => {
                    for (what, value) in
                        [("price", observed.price), ("quantity", observed.quantity)]
                    {
                        let what = format!("observed {what} of {commodity}");
                        number(&what, value, value > 0.0, "above zero")?;
                    }
                    self.goods.push(commodity.clone());
                    self.observed.push(*observed);
                    self.tree.add_good(at);
                }
                Branch::Nest { name, nest } => {
                    self.walk(name, nest, Some(at))?;
                }
            }
        }
        Ok(at)
    }
}

fn number(what: &str, value: f64, holds: bool, rule: &'static str) -> Result<(), SystemError> {
    if value.is_finite() && holds {
        return Ok(());
    }
    Err(SystemError::Number {
        what: what.to_owned(),
        value,
        rule,
    })
}

impl TryFrom<NestedCesTerms> for NestedCes {
    type Error = SystemError;

    fn try_from(terms: NestedCesTerms) -> Result<Self, SystemError> {
        Self::new(terms.elasticity, terms.nest)
    }
}

impl From<NestedCes> for NestedCesTerms {
    fn from(system: NestedCes) -> Self {
        system.terms
    }
}
