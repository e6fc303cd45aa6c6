//! A contract floor, also called a one-sided contract for difference, with an upside share.
//!
//! Kinked. The sponsor pays `max(strike - reference, 0)` per covered unit; buyers see the market price.
//! Above a threshold the producer returns a share of the excess, up to a yearly cap.

use serde::{Deserialize, Serialize};

use super::contract::{Contract, Running, Site, common_terms};
use super::coverage::{Coverage, Covered};
use super::terms::{obey, readings};
use super::vintage::{Vintage, is_whole, whole};
use super::{Admission, Intervention, SettleError, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Node, Rule};

/// What a producer returns when the price is high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpsideShare {
    /// Share of the excess, from 0 to 1.
    pub share: f64,
    /// Price above which it is owed, money per unit; it may differ from the strike.
    pub threshold: f64,
    /// Most that is owed in a year, money; `None` for no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly_cap: Option<f64>,
}

/// A price floor by contract with named producers.
///
/// Per covered unit the producer gets `max(strike - reference, 0)` from the sponsor and returns
/// `share * max(reference - threshold, 0)`. On a covered share of output both move the margin. On a volume the
/// upside share is owed on that volume, and does not.
///
/// ```
/// use pricefloor::intervention::{ContractFloor, UpsideShare};
/// // Lynas and JARE: 110, and 30 % of the excess over 150, at most 10m a year
/// let floor = ContractFloor::new(110.0).covering("Lynas")
///     .with_upside(UpsideShare { share: 0.3, threshold: 150.0, yearly_cap: Some(10e6) });
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractFloor {
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
    upside: Option<UpsideShare>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

const CASES: &[&str] = &["share at the margin", "yearly cap used up"];

impl ContractFloor {
    /// A floor at a strike, money per unit of the covered commodity, on all output.
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
            upside: None,
            sponsor: None,
        }
    }

    /// Adds an upside share.
    #[must_use]
    pub fn with_upside(mut self, upside: UpsideShare) -> Self {
        self.upside = Some(upside);
        self
    }

    common_terms!();
}

impl Intervention for ContractFloor {
    fn kind(&self) -> &'static str {
        "contract_floor"
    }

    fn check(&self) -> Result<(), TermError> {
        self.contract().check()?;
        if let Some(upside) = &self.upside {
            obey("upside share", upside.share, Rule::Share)?;
            obey("upside threshold", upside.threshold, Rule::NonNegative)?;
            obey(
                "upside yearly cap",
                upside.yearly_cap.unwrap_or(0.0),
                Rule::NonNegative,
            )?;
        }
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let contract = self.contract();
        let Some(running) = contract.run(draft)? else {
            return Ok(());
        };
        let Running { strike, factor, .. } = &running;
        let upside = match &self.upside {
            None => None,
            Some(terms) => Some(Upside {
                share: draft.param("upside_share", terms.share, Rule::Share)?,
                threshold: draft.param("upside_threshold", terms.threshold, Rule::NonNegative)?,
                cap: terms
                    .yearly_cap
                    .map(|cap| draft.param("upside_cap", cap, Rule::NonNegative))
                    .transpose()?,
            }),
        };
        let mut prices: Vec<(Node, Expr, Option<Expr>)> = Vec::new();
        for (i, site) in contract.sites(draft, &running)?.into_iter().enumerate() {
            let Site {
                covered,
                region,
                reference,
                owner,
                sponsor,
            } = site;
            if !prices.iter().any(|(n, _, _)| *n == reference) {
                let suffix = if prices.is_empty() {
                    String::new()
                } else {
                    format!(" {region}")
                };
                let gauge = Dimension::Price.at(reference);
                let price = draft.price(reference) * factor;
                let top_up = draft.positive_part(
                    &format!("top_up{suffix}"),
                    gauge,
                    Expr::from(*strike) - &price,
                );
                let excess = upside.as_ref().map(|u| {
                    draft.positive_part(&format!("excess{suffix}"), gauge, price - u.threshold)
                });
                prices.push((reference, top_up, excess));
            }
            let Some((_, top_up, excess)) =
                prices.iter().find(|(n, _, _)| *n == reference).cloned()
            else {
                continue;
            };
            covered.pay(
                draft,
                Claim::new("price support contract"),
                &top_up,
                sponsor,
                owner,
            )?;
            let gap = draft.price(reference) * factor - *strike;
            covered.insulate(draft, reference, "paid", gap, factor);
            if let (Some(upside), Some(excess)) = (&upside, excess) {
                let gap = Expr::from(upside.threshold) - draft.price(reference) * factor;
                let part = factor.clone() * upside.share;
                covered.insulate(draft, reference, "owed", gap, &part);
                let owed = Expr::from(upside.share) * excess;
                upside.write(draft, &covered, &owed, owner, sponsor, i)?;
            }
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("top_up", "top_up")])
    }

    fn admits(&self, settled: &Settled<'_>) -> Result<Admission, SettleError> {
        let contract = self.contract();
        let pause = contract.pause_admits(settled);
        let (Some(upside), Coverage::Share(_), Admission::Holds) =
            (&self.upside, self.coverage, &pause)
        else {
            return Ok(pause);
        };
        let Some(cap) = settled
            .param("upside_cap")
            .filter(|_| upside.yearly_cap.is_some())
        else {
            return Ok(Admission::Holds);
        };
        let (share, covered) = (settled.param("upside_share"), settled.param("share"));
        let (Some(share), Some(covered)) = (share, covered) else {
            return Ok(Admission::Holds);
        };
        let activities = self
            .covering
            .iter()
            .flat_map(|name| settled.activities(name));
        for (i, activity) in activities.enumerate() {
            let Some(node) = settled.covered(activity, self.commodity.as_deref()) else {
                continue;
            };
            let excess = settled.unknown("excess").unwrap_or(0.0);
            let per_level = covered * share * excess * settled.output_per_unit(activity, node);
            let owed = per_level * settled.level(activity);
            let case = settled.case(contract.switches() + i).unwrap_or(0);
            let slack = 1e-9 * cap.max(owed).max(1e-300);
            let name = settled.activity_name(activity);
            if case == 0 && owed > cap + slack {
                let why =
                    format!("`{name}` would owe {owed} at the margin, above its cap of {cap}");
                return Ok(Admission::Contradicted(why));
            }
            if case == 1 && owed < cap - slack {
                let why = format!("`{name}` would owe {owed}, below its cap of {cap}");
                return Ok(Admission::Contradicted(why));
            }
            // the owner must not gain by switching case at these prices
            let net = settled.net_revenue(activity);
            let (with_share, without) = if case == 0 {
                (net, net + per_level)
            } else {
                (net - per_level, net)
            };
            let at_margin = settled.best_surplus(activity, with_share);
            let used_up = settled.best_surplus(activity, without) - cap;
            let (kept, other) = if case == 0 {
                (at_margin, used_up)
            } else {
                (used_up, at_margin)
            };
            if other > kept + 1e-9 * (kept.abs() + cap) {
                let why =
                    format!("`{name}` would earn {other} instead of {kept} in the other case");
                return Ok(Admission::Contradicted(why));
            }
        }
        Ok(Admission::Holds)
    }
}

struct Upside {
    share: crate::assembly::Param,
    threshold: crate::assembly::Param,
    cap: Option<crate::assembly::Param>,
}

impl Upside {
    /// Writes what is owed per covered unit, `owed`, up to the cap.
    fn write(
        &self,
        draft: &mut Draft<'_>,
        covered: &Covered,
        owed: &Expr,
        owner: crate::assembly::Party,
        sponsor: crate::assembly::Party,
        i: usize,
    ) -> Result<(), DraftError> {
        let claim = Claim::new("upside share");
        let volume = match covered.coverage {
            Coverage::Share(_) => None,
            Coverage::First(_) | Coverage::Deemed(_) => Some(covered.extent),
        };
        match (volume, self.cap) {
            (None, None) => covered.pay(draft, claim, owed, owner, sponsor),
            (None, Some(cap)) => {
                if draft.switch(CASES) == 0 {
                    covered.pay(draft, claim, owed, owner, sponsor)
                } else {
                    draft.transfer(owner, sponsor, cap);
                    Ok(())
                }
            }
            (Some(volume), None) => {
                draft.transfer(owner, sponsor, Expr::from(volume) * owed);
                Ok(())
            }
            (Some(volume), Some(cap)) => {
                let total = Expr::from(volume) * owed;
                let gauge = Dimension::Money.at(covered.node);
                let above = draft.positive_part(&format!("above_cap {i}"), gauge, &total - cap);
                draft.transfer(owner, sponsor, total - above);
                Ok(())
            }
        }
    }
}
