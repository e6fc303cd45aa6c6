//! An import quota: a limit on what may enter.
//!
//! Marginal. A rent per unit, `rent >= 0`, complementary to `quota - imports >= 0`, stands between the price
//! inside and the landed price. Whoever owns the licences collects it, so the owner is part of the terms; a tariff
//! of the same height has the same prices and quantities.

use serde::{Deserialize, Serialize};

use super::border::{Border, End, FlowLimit, RentOwner};
use super::terms::{obey, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Draft, DraftError, Rule};

/// A limit on imports of a commodity into a region or a bloc, from everywhere or from named regions, units per
/// year as they arrive. Zero bans them.
///
/// Reports `rent`, money per unit.
///
/// ```
/// use pricefloor::intervention::{ImportQuota, RentOwner};
/// let quota = ImportQuota::new("Home", "magnets", 10.0, RentOwner::Importers).from("Abroad");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportQuota {
    border: Border,
    commodity: String,
    quota: f64,
    owner: RentOwner,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
}

impl ImportQuota {
    /// A quota in units per year, with the owner of its rent.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, quota: f64, owner: RentOwner) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            quota,
            owner,
            from: Vec::new(),
        }
    }

    /// Counts only what comes from this region; may be said several times.
    #[must_use]
    pub fn from(mut self, region: &str) -> Self {
        self.from.push(region.to_owned());
        self
    }
}

impl Intervention for ImportQuota {
    fn kind(&self) -> &'static str {
        "import_quota"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("import quota", self.quota, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let routes = self.border.imports(draft, &self.commodity, &self.from)?;
        let place = format!("{} into {}", self.commodity, self.border.name());
        let routes = some(draft, routes, &place, "has no such route")?;
        let limit = FlowLimit {
            claim: Claim::new("import quota"),
            quota: self.quota,
            end: End::Received,
            owner: self.owner,
        };
        limit.write(draft, &routes)
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("rent", "rent")])
    }
}
