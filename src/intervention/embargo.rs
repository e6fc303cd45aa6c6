//! An embargo: a ban on trade with named regions.
//!
//! Marginal: the banned routes carry nothing. Nobody collects a rent.

use serde::{Deserialize, Serialize};

use super::border::Border;
use super::terms::some;
use super::{Intervention, TermError};
use crate::assembly::{Draft, DraftError};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Exports,
    Imports,
}

/// A ban on exports of a commodity to named destinations, or on imports from named origins.
///
/// It stops the direct routes. What reaches the target through a third region passes, because a commodity does not
/// remember where it came from: where that matters, let the market track origin
/// ([`Market::by_origin`](crate::Market::by_origin)) and ban the tracked commodity from every side.
///
/// ```
/// use pricefloor::intervention::Embargo;
/// let halt = Embargo::on_exports("China", "NdPr oxide").with("Japan");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embargo {
    border: Border,
    commodity: String,
    direction: Direction,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    with: Vec<String>,
}

impl Embargo {
    /// Bans exports from a region or a bloc, to everywhere unless destinations are named.
    #[must_use]
    pub fn on_exports(border: impl Into<Border>, commodity: &str) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            direction: Direction::Exports,
            with: Vec::new(),
        }
    }

    /// Bans imports into a region or a bloc, from everywhere unless origins are named.
    #[must_use]
    pub fn on_imports(border: impl Into<Border>, commodity: &str) -> Self {
        Self {
            direction: Direction::Imports,
            ..Self::on_exports(border, commodity)
        }
    }

    /// Names a region at the other end; may be said several times.
    #[must_use]
    pub fn with(mut self, region: &str) -> Self {
        self.with.push(region.to_owned());
        self
    }
}

impl Intervention for Embargo {
    fn kind(&self) -> &'static str {
        "embargo"
    }

    fn check(&self) -> Result<(), TermError> {
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let (routes, way) = match self.direction {
            Direction::Exports => (
                self.border.exports(draft, &self.commodity, &self.with)?,
                "out of",
            ),
            Direction::Imports => (
                self.border.imports(draft, &self.commodity, &self.with)?,
                "into",
            ),
        };
        let place = format!("{} {way} {}", self.commodity, self.border.name());
        for route in some(draft, routes, &place, "has no such route")? {
            draft.ban(route)?;
        }
        Ok(())
    }
}
