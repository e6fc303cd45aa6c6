//! An export quota or a ceiling on export licences.
//!
//! Marginal. A rent per unit, `rent >= 0`, complementary to `quota - exports >= 0`, stands between the price at
//! home and abroad. A licence ceiling is a quota towards named destinations whose rent the exporters keep.

use serde::{Deserialize, Serialize};

use super::border::{Border, End, FlowLimit, RentOwner};
use super::terms::{obey, readings, some};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Draft, DraftError, Rule};

/// A limit on exports of a commodity from a region or a bloc, to everywhere or to named regions, units per year as
/// they leave. Zero bans them.
///
/// The destination is where a route ends: what goes there through a third region is not counted unless the market tracks
/// origin ([`Market::by_origin`](crate::Market::by_origin)).
///
/// Reports `rent`, money per unit.
///
/// ```
/// use pricefloor::intervention::{ExportQuota, RentOwner};
/// let licences = ExportQuota::new("China", "Dy oxide", 300.0, RentOwner::Exporters).to("Japan");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportQuota {
    border: Border,
    commodity: String,
    quota: f64,
    owner: RentOwner,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    to: Vec<String>,
}

impl ExportQuota {
    /// A quota in units per year, with the owner of its rent.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, quota: f64, owner: RentOwner) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            quota,
            owner,
            to: Vec::new(),
        }
    }

    /// Counts only what goes to this region; may be said several times.
    #[must_use]
    pub fn to(mut self, region: &str) -> Self {
        self.to.push(region.to_owned());
        self
    }
}

impl Intervention for ExportQuota {
    fn kind(&self) -> &'static str {
        "export_quota"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("export quota", self.quota, Rule::NonNegative)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let routes = self.border.exports(draft, &self.commodity, &self.to)?;
        let place = format!("{} out of {}", self.commodity, self.border.name());
        let routes = some(draft, routes, &place, "has no such route")?;
        let limit = FlowLimit {
            claim: Claim::new("export quota"),
            quota: self.quota,
            end: End::Sent,
            owner: self.owner,
        };
        limit.write(draft, &routes)
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("rent", "rent")])
    }
}
