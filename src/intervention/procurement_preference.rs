//! A procurement preference: public buyers pay named origins up to a margin more.
//!
//! Bilinear. With a public volume `V` and a margin `m`, a premium between 0 and `m x price` is complementary to
//! `N - V`, where `N` is what the named origins deliver. Named sellers that deliver the volume anyway get no premium
//! (Baldwin 1970: a preference then changes nothing); at the full margin the rest is bought from others at the price.

use serde::{Deserialize, Serialize};

use super::origin::sellers;
use super::terms::{obey, purse};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Rule};

/// A preference for named origins in public purchases of a commodity in a region. The purchases are part of the region's
/// demand; the sponsor, the region's treasury unless another is named, pays the premium.
///
/// Reports `premium`, money per unit, and `margin`, the part of the price that it is.
///
/// ```
/// use pricefloor::intervention::ProcurementPreference;
/// let buy_home = ProcurementPreference::new("United States", "magnets", 2_000.0, 0.25).named("United States");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcurementPreference {
    region: String,
    commodity: String,
    volume: f64,
    margin: f64,
    #[serde(default)]
    named: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl ProcurementPreference {
    /// A volume of public purchases, units per year, and the most paid over the price as a fraction of it.
    #[must_use]
    pub fn new(region: &str, commodity: &str, volume: f64, margin: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            volume,
            margin,
            named: Vec::new(),
            sponsor: None,
        }
    }

    /// Names an origin that is preferred: a region, an activity or a firm; may be said several times.
    #[must_use]
    pub fn named(mut self, origin: &str) -> Self {
        self.named.push(origin.to_owned());
        self
    }

    /// Names who pays the premium; the region's treasury unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for ProcurementPreference {
    fn kind(&self) -> &'static str {
        "procurement_preference"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("public volume", self.volume, Rule::NonNegative)?;
        obey("margin of preference", self.margin, Rule::NonNegative)?;
        if self.named.is_empty() {
            return Err(TermError {
                term: "number of named origins",
                value: 0.0,
                rule: "at least one",
            });
        }
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let (named, _) = sellers(draft, node, &self.named)?;
        let volume = draft.param("volume", self.volume, Rule::NonNegative)?;
        let margin = draft.param("margin", self.margin, Rule::NonNegative)?;
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        let used = draft.unknown("used", Dimension::Share.at(node), 0.0, 1.0, 0.0);
        let premium = draft.price(node) * margin * used;
        let mut over = -Expr::from(volume);
        for seller in named {
            let per_level = draft.output_per_unit(seller, node);
            over = over + per_level.clone() * draft.level(seller);
            let owner = draft.owner(seller);
            draft.charge(
                Claim::new("procurement premium"),
                seller,
                per_level * &premium,
                sponsor,
                owner,
            )?;
        }
        draft.condition(used, Dimension::Quantity.at(node), over);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let node = settled.node(&self.region, &self.commodity);
        let (Some(node), Some(used), Some(margin)) =
            (node, settled.unknown("used"), settled.param("margin"))
        else {
            return Vec::new();
        };
        let part = used * margin;
        vec![
            ("premium".to_owned(), part * settled.price(node)),
            ("margin".to_owned(), part),
        ]
    }
}
