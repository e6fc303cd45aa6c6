//! A subsidy on an input.
//!
//! Marginal when per unit, bilinear when it is a share of the input's price. The sponsor pays whoever uses a commodity in
//! a region to make something else.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse, some};
use super::{Intervention, TermError};
use crate::assembly::{Claim, Draft, DraftError, Expr, Rule};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum InputRate {
    Specific(f64),
    AdValorem(f64),
}

/// A payment per unit of a commodity used by the plants of a region, or by named ones among them. Final buyers and
/// exporters get nothing. The region's treasury pays unless another sponsor is named.
///
/// ```
/// use pricefloor::intervention::InputSubsidy;
/// let cheap_oxide = InputSubsidy::specific("Japan", "NdPr oxide", 10.0).covering("magnet plant");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSubsidy {
    region: String,
    commodity: String,
    rate: InputRate,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covering: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl InputSubsidy {
    fn new(region: &str, commodity: &str, rate: InputRate) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            rate,
            covering: Vec::new(),
            sponsor: None,
        }
    }

    /// Money per unit of the input. A negative rate is a tax.
    #[must_use]
    pub fn specific(region: &str, commodity: &str, rate: f64) -> Self {
        Self::new(region, commodity, InputRate::Specific(rate))
    }

    /// A share of the input's price in the region, below 1.
    #[must_use]
    pub fn ad_valorem(region: &str, commodity: &str, rate: f64) -> Self {
        Self::new(region, commodity, InputRate::AdValorem(rate))
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

impl Intervention for InputSubsidy {
    fn kind(&self) -> &'static str {
        "input_subsidy"
    }

    fn check(&self) -> Result<(), TermError> {
        match self.rate {
            InputRate::Specific(rate) => obey("input subsidy", rate, Rule::Finite),
            InputRate::AdValorem(rate) if rate < 1.0 => {
                obey("input subsidy rate", rate, Rule::Finite)
            }
            InputRate::AdValorem(rate) => Err(TermError {
                term: "input subsidy rate",
                value: rate,
                rule: "below 1, or users would pay nothing for the input",
            }),
        }
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let per_unit = match self.rate {
            InputRate::Specific(rate) => Expr::from(draft.param("rate", rate, Rule::Finite)?),
            InputRate::AdValorem(rate) => {
                draft.price(node) * draft.param("rate", rate, Rule::Finite)?
            }
        };
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        let mut users = draft.users(node);
        users.retain(|&user| draft.route(user).is_none());
        if !self.covering.is_empty() {
            let mut named = Vec::new();
            for name in &self.covering {
                named.extend(draft.activities(name)?);
            }
            users.retain(|user| named.contains(user));
        }
        let place = format!("{} in {}", self.commodity, self.region);
        for user in some(draft, users, &place, "is used by no such plant")? {
            let owner = draft.owner(user);
            let per_level = draft.input_per_unit(user, node) * &per_unit;
            draft.charge(Claim::new("input subsidy"), user, per_level, sponsor, owner)?;
        }
        Ok(())
    }
}
