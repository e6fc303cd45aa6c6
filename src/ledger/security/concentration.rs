//! How concentrated supply is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::{SecurityError, obey};

/// One supplier and what it supplies, units per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    name: String,
    quantity: f64,
}

impl Supplier {
    /// Its name: a region, a firm.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it supplies, units per year.
    #[must_use]
    pub fn quantity(&self) -> f64 {
        self.quantity
    }
}

/// The shares of suppliers in a whole.
///
/// ```
/// use pricefloor::ledger::Concentration;
/// // the US merger guidelines' example: 30² + 30² + 20² + 20²
/// let market = Concentration::new("widgets", [("A", 30.0), ("B", 30.0), ("C", 20.0), ("D", 20.0)])?;
/// assert!((market.herfindahl() - 2_600.0).abs() < 1e-9);
/// assert!((market.merged("C", "D")?.herfindahl() - market.herfindahl() - 2.0 * 20.0 * 20.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Concentration {
    of: String,
    suppliers: Vec<Supplier>,
    total: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    of: String,
    suppliers: Vec<Supplier>,
}

impl Concentration {
    /// Suppliers of a named thing, each with its quantity in one unit. Those that supply nothing are kept.
    ///
    /// # Errors
    /// [`SecurityError`] when a quantity is negative or not finite, a name comes twice, or nothing is supplied at all.
    pub fn new<'a>(
        of: &str,
        suppliers: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<Self, SecurityError> {
        let suppliers = suppliers.into_iter().map(|(name, quantity)| Supplier {
            name: name.to_owned(),
            quantity,
        });
        Terms {
            of: of.to_owned(),
            suppliers: suppliers.collect(),
        }
        .try_into()
    }

    /// What is supplied.
    #[must_use]
    pub fn of(&self) -> &str {
        &self.of
    }

    /// The suppliers, in the order given.
    #[must_use]
    pub fn suppliers(&self) -> &[Supplier] {
        &self.suppliers
    }

    /// All that is supplied, units per year.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.total
    }

    /// A supplier's share of the whole, from 0 to 1.
    ///
    /// # Errors
    /// [`SecurityError::Unknown`] when there is no such supplier.
    pub fn share(&self, supplier: &str) -> Result<f64, SecurityError> {
        Ok(self.find(supplier)?.quantity / self.total)
    }

    /// The supplier of most; the first of several.
    #[must_use]
    pub fn largest(&self) -> &Supplier {
        let mut largest = &self.suppliers[0];
        for supplier in &self.suppliers {
            if supplier.quantity > largest.quantity {
                largest = supplier;
            }
        }
        largest
    }

    /// The share of the largest `count` suppliers together, from 0 to 1: the concentration ratio.
    #[must_use]
    pub fn share_of_largest(&self, count: usize) -> f64 {
        let mut quantities: Vec<f64> = self.suppliers.iter().map(|s| s.quantity).collect();
        quantities.sort_by(|a, b| b.total_cmp(a));
        quantities.iter().take(count).sum::<f64>() / self.total
    }

    /// The Herfindahl-Hirschman index: the sum of the squared shares in percent, from above 0 to 10,000 for a single
    /// supplier. The US Merger Guidelines of 2023 call a market above 1,800 highly concentrated.
    #[must_use]
    pub fn herfindahl(&self) -> f64 {
        let percent = |s: &Supplier| 100.0 * s.quantity / self.total;
        self.suppliers.iter().map(|s| percent(s).powi(2)).sum()
    }

    /// How many suppliers of equal size would have the same index: 10,000 over the index.
    #[must_use]
    pub fn effective_number(&self) -> f64 {
        10_000.0 / self.herfindahl()
    }

    /// The same with two suppliers made one, under the first one's name.
    ///
    /// # Errors
    /// [`SecurityError::Unknown`] when there is no such supplier, [`SecurityError::Duplicate`] when the two are one.
    pub fn merged(&self, one: &str, other: &str) -> Result<Self, SecurityError> {
        if one == other {
            return Err(SecurityError::Duplicate {
                what: "supplier",
                name: one.to_owned(),
            });
        }
        self.find(one)?;
        let gained = self.find(other)?.quantity;
        let mut merged = self.clone();
        merged.suppliers.retain(|s| s.name != other);
        for supplier in merged.suppliers.iter_mut().filter(|s| s.name == one) {
            supplier.quantity += gained;
        }
        Ok(merged)
    }

    fn find(&self, name: &str) -> Result<&Supplier, SecurityError> {
        let found = self.suppliers.iter().find(|s| s.name == name);
        found.ok_or_else(|| SecurityError::Unknown {
            what: "supplier",
            name: name.to_owned(),
        })
    }
}

impl TryFrom<Terms> for Concentration {
    type Error = SecurityError;

    fn try_from(terms: Terms) -> Result<Self, Self::Error> {
        let Terms { of, suppliers } = terms;
        for (at, supplier) in suppliers.iter().enumerate() {
            obey(
                &format!("what {} supplies of {of}", supplier.name),
                supplier.quantity,
                supplier.quantity >= 0.0,
                "a finite number, zero or more",
            )?;
            if suppliers[..at].iter().any(|s| s.name == supplier.name) {
                return Err(SecurityError::Duplicate {
                    what: "supplier",
                    name: supplier.name.clone(),
                });
            }
        }
        let total: f64 = suppliers.iter().map(|s| s.quantity).sum();
        if total <= 0.0 {
            return Err(SecurityError::Nothing { of });
        }
        Ok(Self {
            of,
            suppliers,
            total,
        })
    }
}

impl From<Concentration> for Terms {
    fn from(concentration: Concentration) -> Self {
        Self {
            of: concentration.of,
            suppliers: concentration.suppliers,
        }
    }
}

impl fmt::Display for Concentration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = self.largest();
        write!(
            f,
            "{}: {} supplies {:.1} %, Herfindahl index {:.0}",
            self.of,
            largest.name,
            100.0 * largest.quantity / self.total,
            self.herfindahl()
        )
    }
}
