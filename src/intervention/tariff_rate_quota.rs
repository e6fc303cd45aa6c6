//! A tariff-rate quota: a low duty up to a quota, a higher one beyond it.
//!
//! Marginal when specific, bilinear when ad valorem. A rent between zero and the difference of the two rates is
//! complementary to `quota - imports`: imports below the quota pay the low rate, at the quota the price inside lies
//! in between, beyond it the high rate decides. What comes inside the quota pays the low rate and earns the rent.

use serde::{Deserialize, Serialize};

use super::border::{Border, End, RentOwner};
use super::terms::{obey, readings, some};
use super::{Book, Intervention, Rate, SettleError, Settled, TermError};
use crate::assembly::{Claim, Dimension, Draft, DraftError, Expr, Limit, Rule};

/// Two duties on imports of a commodity, with a quota in units per year as they arrive.
///
/// The importing treasury collects the duties; the owner of the rent is named. Where several routes share the quota,
/// they share it in proportion to what they bring.
///
/// Reports `rent`: money per unit, or a share of the base when the rates are ad valorem.
///
/// ```
/// use pricefloor::intervention::{Rate, RentOwner, TariffRateQuota};
/// let quota = TariffRateQuota::new("Home", "magnets", 15.0, RentOwner::Importers)
///     .duties(Rate::Specific(1.0), Rate::Specific(6.0));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TariffRateQuota {
    border: Border,
    commodity: String,
    quota: f64,
    owner: RentOwner,
    in_quota: Rate,
    over_quota: Rate,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
}

impl TariffRateQuota {
    /// A quota in units per year, with the owner of its rent, and no duties yet.
    #[must_use]
    pub fn new(border: impl Into<Border>, commodity: &str, quota: f64, owner: RentOwner) -> Self {
        Self {
            border: border.into(),
            commodity: commodity.to_owned(),
            quota,
            owner,
            in_quota: Rate::Specific(0.0),
            over_quota: Rate::Specific(0.0),
            from: Vec::new(),
        }
    }

    /// States the duty inside the quota and the one beyond it, of one kind and on one base.
    #[must_use]
    pub fn duties(mut self, in_quota: Rate, over_quota: Rate) -> Self {
        self.in_quota = in_quota;
        self.over_quota = over_quota;
        self
    }

    /// Counts and charges only what comes from this region; may be said several times.
    #[must_use]
    pub fn from(mut self, region: &str) -> Self {
        self.from.push(region.to_owned());
        self
    }
}

impl Intervention for TariffRateQuota {
    fn kind(&self) -> &'static str {
        "tariff_rate_quota"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("quota", self.quota, Rule::NonNegative)?;
        self.in_quota.check()?;
        self.over_quota.check()?;
        let one_base = match (self.in_quota, self.over_quota) {
            (Rate::Specific(_), Rate::Specific(_)) => true,
            (Rate::AdValorem { base: a, .. }, Rate::AdValorem { base: b, .. }) => a == b,
            _ => false,
        };
        let over = self.over_quota.number();
        if !one_base || over < self.in_quota.number() {
            return Err(TermError {
                term: "duty beyond the quota",
                value: over,
                rule: "of the same kind and base as the duty inside it, and no lower",
            });
        }
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let routes = self.border.imports(draft, &self.commodity, &self.from)?;
        let place = format!("{} into {}", self.commodity, self.border.name());
        let routes = some(draft, routes, &place, "has no such route")?;
        let Some((_, node)) = routes.first().and_then(|&r| draft.route(r)) else {
            return Ok(());
        };
        let (rule, gauge) = match self.in_quota {
            Rate::Specific(_) => (Rule::Finite, Dimension::Price.at(node)),
            Rate::AdValorem { .. } => (Rule::AboveMinusOne, Dimension::Share.at(node)),
        };
        let quota = draft.param("quota", self.quota, Rule::NonNegative)?;
        let low = draft.param("in_quota", self.in_quota.number(), rule)?;
        let high = draft.param("over_quota", self.over_quota.number(), rule)?;
        let rent = draft.unknown("rent", gauge, 0.0, Limit::from(high).less(low), 0.0);
        let mut room = Expr::from(quota);
        for route in routes {
            room = room - End::Received.per_level(draft, route) * draft.level(route);
            let duty = self.in_quota.duty(draft, route, Expr::from(low) + rent)?;
            let Some(collector) = RentOwner::ImportingTreasury.party(draft, route) else {
                continue;
            };
            self.owner.party(draft, route);
            let trader = draft.owner(route);
            draft.charge(Claim::new("tariff"), route, duty, trader, collector)?;
        }
        draft.condition(rent, Dimension::Quantity.at(node), room);
        Ok(())
    }

    /// The treasury was paid the rent with the duty; it belongs to the licences inside the quota.
    fn settle(&self, settled: &Settled<'_>, book: &mut Book) -> Result<(), SettleError> {
        let (Some(rent), Some(quota)) = (settled.unknown("rent"), settled.param("quota")) else {
            return Ok(());
        };
        if rent <= 0.0 || self.owner == RentOwner::ImportingTreasury {
            return Ok(());
        }
        let routes = self
            .border
            .solved_imports(settled, &self.commodity, &self.from);
        let arrives = |&(route, _, destination): &(_, _, _)| settled.output(route, destination);
        let arrived: f64 = routes.iter().map(arrives).sum();
        if arrived <= 0.0 {
            return Ok(());
        }
        let inside = (quota / arrived).min(1.0);
        for (route, _, _) in routes {
            let per_level = rent * self.in_quota.base_value(settled, route);
            let treasury = RentOwner::ImportingTreasury.solved_party(settled, route);
            let owner = self.owner.solved_party(settled, route);
            if let (Some(treasury), Some(owner)) = (treasury, owner) {
                book.pay(
                    settled,
                    treasury,
                    owner,
                    per_level * settled.level(route) * inside,
                );
            }
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        readings(settled, &[("rent", "rent")])
    }
}
