//! A tax on exports, specific or ad valorem on the price where the good comes from.
//!
//! Marginal when specific, bilinear when ad valorem. Value-added tax that is not refunded on exports is an
//! export tax of its rate on the price without it.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse, some};
use super::{Intervention, TermError};
use crate::assembly::{Bound, Claim, Draft, DraftError, Expr, Rule, Subject};

/// A tax on a commodity that leaves a region, to everywhere or to one region.
///
/// ```
/// use pricefloor::intervention::ExportTax;
/// let unrefunded_vat = ExportTax::ad_valorem("China", "NdPr oxide", 0.13);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportTax {
    region: String,
    commodity: String,
    rate: ExportRate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collector: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ExportRate {
    Specific(f64),
    AdValorem(f64),
}

impl ExportTax {
    fn new(region: &str, commodity: &str, rate: ExportRate) -> Self {
        let (region, commodity) = (region.to_owned(), commodity.to_owned());
        Self {
            region,
            commodity,
            rate,
            to: None,
            collector: None,
        }
    }

    /// Money per unit. A negative rate is a subsidy.
    #[must_use]
    pub fn specific(region: &str, commodity: &str, rate: f64) -> Self {
        Self::new(region, commodity, ExportRate::Specific(rate))
    }

    /// A share of the price in the exporting region, above -1.
    #[must_use]
    pub fn ad_valorem(region: &str, commodity: &str, rate: f64) -> Self {
        Self::new(region, commodity, ExportRate::AdValorem(rate))
    }

    /// Only what goes to this region.
    #[must_use]
    pub fn to(mut self, region: &str) -> Self {
        self.to = Some(region.to_owned());
        self
    }

    /// Names who collects; the exporting region's treasury unless said.
    #[must_use]
    pub fn collector(mut self, name: &str) -> Self {
        self.collector = Some(name.to_owned());
        self
    }
}

impl Intervention for ExportTax {
    fn kind(&self) -> &'static str {
        "export_tax"
    }

    fn check(&self) -> Result<(), TermError> {
        match self.rate {
            ExportRate::Specific(rate) => obey("export tax", rate, Rule::Finite),
            ExportRate::AdValorem(rate) => obey("export tax rate", rate, Rule::AboveMinusOne),
        }
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let amount = match self.rate {
            ExportRate::Specific(rate) => Expr::from(draft.param("rate", rate, Rule::Finite)?),
            ExportRate::AdValorem(rate) => {
                draft.price(node) * draft.param("rate", rate, Rule::AboveMinusOne)?
            }
        };
        let collector = purse(draft, self.collector.as_deref(), &self.region);
        let mut routes = draft.exports(&[&self.region], &self.commodity);
        if let Some(to) = &self.to {
            let destination = draft.node(to, &self.commodity)?;
            routes.retain(|&route| {
                draft
                    .route(route)
                    .is_some_and(|(_, node)| node == destination)
            });
        }
        let place = format!("{} out of {}", self.commodity, self.region);
        let subsidy = match self.rate {
            ExportRate::Specific(rate) | ExportRate::AdValorem(rate) => -rate,
        };
        for route in some(draft, routes, &place, "has no such route")? {
            draft.pledge(Subject::Flow(vec![route]), Bound::Paid(subsidy))?;
            let trader = draft.owner(route);
            draft.charge(Claim::new("export tax"), route, &amount, trader, collector)?;
        }
        Ok(())
    }
}
