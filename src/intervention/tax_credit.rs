//! A tax credit as a share of cost.
//!
//! Bilinear. The sponsor bears a share of a producer's own cost, so its marginal cost falls by that share; what is paid
//! is the share of the whole cost, the area under the cost curve, and not of the last unit's.

use serde::{Deserialize, Serialize};

use super::terms::{obey, producers, purse};
use super::{Intervention, TermError};
use crate::assembly::{Claim, Draft, DraftError, Expr, Rule};

/// A credit on the cost of the producers of a commodity in a region, or of named ones among them. The region's treasury
/// pays unless another sponsor is named.
///
/// Cost is the producer's own, the area under its supply curve; materials bought in markets count when
/// [`with_inputs`](Self::with_inputs) says so.
///
/// ```
/// use pricefloor::intervention::TaxCredit;
/// let credit = TaxCredit::new("United States", "NdPr oxide", 0.1).with_inputs();
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxCredit {
    region: String,
    commodity: String,
    share: f64,
    #[serde(default)]
    inputs: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covering: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl TaxCredit {
    /// A credit of a share of cost, from 0 to 1.
    #[must_use]
    pub fn new(region: &str, commodity: &str, share: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            share,
            inputs: false,
            covering: Vec::new(),
            sponsor: None,
        }
    }

    /// Counts what producers buy in markets as cost too.
    #[must_use]
    pub fn with_inputs(mut self) -> Self {
        self.inputs = true;
        self
    }

    /// Pays only this activity, or this firm's activities; may be said several times.
    #[must_use]
    pub fn covering(mut self, name: &str) -> Self {
        self.covering.push(name.to_owned());
        self
    }

    /// Names who pays; the region's treasury unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for TaxCredit {
    fn kind(&self) -> &'static str {
        "tax_credit"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("share of cost", self.share, Rule::Share)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let share = draft.param("share", self.share, Rule::Share)?;
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        for activity in producers(draft, node, &self.covering)? {
            draft.relieve(activity, share, sponsor)?;
            if self.inputs {
                let bought = draft
                    .inputs(activity)
                    .into_iter()
                    .fold(Expr::zero(), |sum, input| {
                        sum + draft.input_per_unit(activity, input) * draft.price(input)
                    });
                let owner = draft.owner(activity);
                draft.charge(
                    Claim::new("tax credit on inputs"),
                    activity,
                    bought * share,
                    sponsor,
                    owner,
                )?;
            }
        }
        Ok(())
    }
}
