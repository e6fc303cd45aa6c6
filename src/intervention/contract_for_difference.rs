//! A two-sided contract for difference.
//!
//! Kinked only through its coverage. Per covered unit the producer gets `strike - reference` from the sponsor,
//! and pays when that is negative; buyers see the market price.

use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, Covered};
use super::terms::{covered_node, obey, purse};
use super::vintage::{Vintage, is_whole, reference_factor, whole};
use super::{Intervention, TermError};
use crate::assembly::{Claim, Draft, DraftError, Expr, Rule};

/// A two-sided contract for difference with named producers.
///
/// ```
/// use pricefloor::intervention::{ContractForDifference, Coverage};
/// let cfd = ContractForDifference::new(12.0).covering("mine").coverage(Coverage::Share(0.5));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractForDifference {
    strike: f64,
    #[serde(default)]
    covering: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commodity: Option<String>,
    #[serde(default)]
    coverage: Coverage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference_region: Option<String>,
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    reference_factor: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vintage: Option<Vintage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl ContractForDifference {
    /// A contract at a strike, money per unit of the covered commodity, on all output.
    #[must_use]
    pub fn new(strike: f64) -> Self {
        Self {
            strike,
            covering: Vec::new(),
            commodity: None,
            coverage: Coverage::default(),
            reference_region: None,
            reference_factor: 1.0,
            vintage: None,
            sponsor: None,
        }
    }

    /// Covers an activity, or every activity of a firm.
    #[must_use]
    pub fn covering(mut self, name: &str) -> Self {
        self.covering.push(name.to_owned());
        self
    }

    /// Names the covered commodity; needed where an activity puts out several.
    #[must_use]
    pub fn on(mut self, commodity: &str) -> Self {
        self.commodity = Some(commodity.to_owned());
        self
    }

    /// States the coverage; all output unless said.
    #[must_use]
    pub fn coverage(mut self, coverage: Coverage) -> Self {
        self.coverage = coverage;
        self
    }

    /// Settles on the commodity's price in another region; the producer's own unless said.
    #[must_use]
    pub fn reference_in(mut self, region: &str) -> Self {
        self.reference_region = Some(region.to_owned());
        self
    }

    /// Settles on this multiple of the market price: 1 / 1.13 where the market price has 13 % of value-added tax in it
    /// and the contract's reference has not. One unless said.
    #[must_use]
    pub fn reference_factor(mut self, factor: f64) -> Self {
        self.reference_factor = factor;
        self
    }

    /// States when the contract runs and how its strike is indexed; always and not at all unless said.
    #[must_use]
    pub fn vintage(mut self, vintage: Vintage) -> Self {
        self.vintage = Some(vintage);
        self
    }

    /// Names the counterparty; the treasury of the producer's region unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for ContractForDifference {
    fn kind(&self) -> &'static str {
        "contract_for_difference"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("strike", self.strike, Rule::NonNegative)?;
        obey("reference factor", self.reference_factor, Rule::Positive)?;
        self.vintage.unwrap_or_default().check()?;
        if self.covering.is_empty() {
            return Err(TermError {
                term: "number of covered producers",
                value: 0.0,
                rule: "at least one",
            });
        }
        self.coverage.check()
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let Some(strike) = self
            .vintage
            .unwrap_or_default()
            .strike(self.strike, draft.period())
        else {
            return Ok(());
        };
        let strike = draft.param("strike", strike, Rule::NonNegative)?;
        let factor = reference_factor(draft, self.reference_factor)?;
        let extent = self.coverage.param(draft)?;
        let mut activities = Vec::new();
        for name in &self.covering {
            activities.extend(draft.activities(name)?);
        }
        self.coverage.single(draft, &activities)?;
        for activity in activities {
            let node = covered_node(draft, activity, self.commodity.as_deref())?;
            let (region, commodity) = draft.node_name(node);
            let (region, commodity) = (region.to_owned(), commodity.to_owned());
            let reference = match &self.reference_region {
                Some(region) => draft.node(region, &commodity)?,
                None => node,
            };
            let difference = Expr::from(strike) - draft.price(reference) * &factor;
            let sponsor = purse(draft, self.sponsor.as_deref(), &region);
            let owner = draft.owner(activity);
            let covered = Covered {
                coverage: self.coverage,
                extent,
                activity,
                node,
            };
            covered.pay_difference(
                draft,
                Claim::new("price support contract"),
                &difference,
                sponsor,
                owner,
            )?;
        }
        Ok(())
    }
}
