//! A two-sided contract for difference.
//!
//! Kinked only through its coverage. Per covered unit the producer gets `strike - reference` from the sponsor,
//! and pays when that is negative; buyers see the market price.

use serde::{Deserialize, Serialize};

use super::contract::{Contract, common_terms};
use super::coverage::Coverage;
use super::vintage::{Vintage, is_whole, whole};
use super::{Admission, Intervention, SettleError, Settled, TermError};
use crate::assembly::{Claim, Draft, DraftError, Expr};

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
    paused_below: Option<f64>,
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
            paused_below: None,
            sponsor: None,
        }
    }

    common_terms!();
}

impl Intervention for ContractForDifference {
    fn kind(&self) -> &'static str {
        "contract_for_difference"
    }

    fn check(&self) -> Result<(), TermError> {
        self.contract().check()
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let contract = self.contract();
        let Some(running) = contract.run(draft)? else {
            return Ok(());
        };
        for site in contract.sites(draft, &running)? {
            let reference = draft.price(site.reference) * &running.factor;
            site.covered.pay_difference(
                draft,
                Claim::new("price support contract"),
                &(Expr::from(running.strike) - reference),
                site.sponsor,
                site.owner,
            )?;
        }
        Ok(())
    }

    fn admits(&self, settled: &Settled<'_>) -> Result<Admission, SettleError> {
        Ok(self.contract().pause_admits(settled))
    }
}
