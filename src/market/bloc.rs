//! A named group of regions that acts together.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::error::MarketError;
use super::facts::Market;

/// A group of regions that shares a measure and exempts its members from it.
///
/// ```
/// use pricefloor::market::Bloc;
/// let bloc = Bloc::new("allies", ["United States", "Japan", "Australia"])?;
/// assert_eq!(bloc.members().len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BlocTerms", into = "BlocTerms")]
pub struct Bloc {
    name: String,
    members: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BlocTerms {
    name: String,
    members: Vec<String>,
}

impl Bloc {
    /// A bloc of regions, named once each. Whether the regions exist is known when the bloc meets a market.
    ///
    /// # Errors
    /// [`MarketError`] when a name is empty, there is no member, or a member is named twice.
    pub fn new<I>(name: &str, members: I) -> Result<Self, MarketError>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let bloc = Self {
            name: name.to_owned(),
            members: members.into_iter().map(Into::into).collect(),
        };
        if name.trim().is_empty() {
            return Err(MarketError::Nameless { what: "bloc" });
        }
        if bloc.members.is_empty() {
            return Err(MarketError::NoMember { bloc: bloc.name });
        }
        let mut seen = HashSet::new();
        for member in &bloc.members {
            if member.trim().is_empty() {
                return Err(MarketError::Nameless {
                    what: "bloc member",
                });
            }
            if !seen.insert(member) {
                return Err(MarketError::Duplicate {
                    what: "bloc member",
                    name: member.clone(),
                });
            }
        }
        Ok(bloc)
    }

    /// Its name, which is also that of its common purse.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its members.
    #[must_use]
    pub fn members(&self) -> &[String] {
        &self.members
    }

    /// Checks that every member is a region of a market.
    ///
    /// # Errors
    /// [`MarketError::Unknown`] that names the member and the regions there are.
    pub fn check_in(&self, market: &Market) -> Result<(), MarketError> {
        match self.members.iter().find(|m| !market.regions().contains(m)) {
            None => Ok(()),
            Some(member) => Err(MarketError::Unknown {
                place: format!("bloc `{}`", self.name),
                what: "region",
                name: member.clone(),
                known: market.regions().join(", "),
            }),
        }
    }
}

impl TryFrom<BlocTerms> for Bloc {
    type Error = MarketError;

    fn try_from(terms: BlocTerms) -> Result<Self, Self::Error> {
        Self::new(&terms.name, terms.members)
    }
}

impl From<Bloc> for BlocTerms {
    fn from(bloc: Bloc) -> Self {
        Self {
            name: bloc.name,
            members: bloc.members,
        }
    }
}
