//! Support buying: a public buyer holds the market price at a floor.
//!
//! Marginal (bilinear with a cash budget or a fund at market prices). An unknown `bought` in `[0, limit]`, complementary to
//! `price - floor`; past the limit the price falls below the floor.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse};
use super::{Book, Intervention, SettleError, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Limit, Rule, Subject};

/// What the sponsor pays for what it buys once its budget binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purchase {
    /// The market price, which is below the floor once the budget has run out.
    #[default]
    AtMarketPrice,
    /// The floor; the sellers it serves, in proportion to their sales, keep the difference.
    AtFloor,
}

/// A floor held by buying.
///
/// Reports `bought` per year and `attained` (1 or 0).
///
/// ```
/// use pricefloor::intervention::SupportBuying;
/// let reserve = SupportBuying::new("Home", "oxide", 12.0).budget(36.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportBuying {
    region: String,
    commodity: String,
    floor: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fund: Option<f64>,
    #[serde(default)]
    purchase: Purchase,
    #[serde(default)]
    stock_value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl SupportBuying {
    /// Buying at a floor, money per unit, without limit.
    #[must_use]
    pub fn new(region: &str, commodity: &str, floor: f64) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            floor,
            limit: None,
            budget: None,
            fund: None,
            purchase: Purchase::default(),
            stock_value: 0.0,
            sponsor: None,
        }
    }

    /// Limits what is bought, units per year.
    #[must_use]
    pub fn limit(mut self, quantity: f64) -> Self {
        self.limit = Some(quantity);
        self
    }

    /// Limits what is spent, money per year.
    #[must_use]
    pub fn budget(mut self, money: f64) -> Self {
        self.budget = Some(money);
        self
    }

    /// Limits what is spent in all, money: over all years in which the measure is in force, one after another. In a
    /// market of a single year it is that year's budget.
    #[must_use]
    pub fn fund(mut self, money: f64) -> Self {
        self.fund = Some(money);
        self
    }

    /// States what is paid once the budget or the fund binds.
    #[must_use]
    pub fn paying(mut self, purchase: Purchase) -> Self {
        self.purchase = purchase;
        self
    }

    /// States what a unit held is worth in the accounts, money per unit; zero unless said.
    #[must_use]
    pub fn stock_value(mut self, value: f64) -> Self {
        self.stock_value = value;
        self
    }

    /// Names who buys; the region's treasury unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for SupportBuying {
    fn kind(&self) -> &'static str {
        "support_buying"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("floor", self.floor, Rule::NonNegative)?;
        obey("limit", self.limit.unwrap_or(0.0), Rule::NonNegative)?;
        obey("budget", self.budget.unwrap_or(0.0), Rule::NonNegative)?;
        obey("fund", self.fund.unwrap_or(0.0), Rule::NonNegative)?;
        obey("stock value", self.stock_value, Rule::Finite)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        draft.claim(Claim::new("price floor"), node)?;
        draft.pledge(Subject::Price(node), Bound::AtLeast(self.floor))?;
        let floor = draft.param("floor", self.floor, Rule::NonNegative)?;
        let limit = match self.limit {
            Some(limit) => draft.param("limit", limit, Rule::NonNegative)?.into(),
            None => Limit::none(),
        };
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        let bought = draft.unknown("bought", Dimension::Quantity.at(node), 0.0, limit, 0.0);
        let gauge = Dimension::Price.at(node);
        let price = draft.price(node);
        let mut condition = price.clone() - floor;
        let spent = match self.purchase {
            Purchase::AtMarketPrice => price * bought,
            Purchase::AtFloor => Expr::from(floor) * bought,
        };
        let money = Dimension::Money.at(node);
        if let Some(budget) = self.budget {
            let budget = draft.param("budget", budget, Rule::NonNegative)?;
            let short = draft.unknown("short", gauge, 0.0, Limit::none(), 0.0);
            draft.condition(short, money, Expr::from(budget) - &spent);
            condition = condition + short;
        }
        if let Some(fund) = self.fund {
            let fund = draft.carry("fund", money, fund, Rule::NonNegative)?;
            let years = draft.period().years;
            let out = draft.unknown("run out", gauge, 0.0, Limit::none(), 0.0);
            draft.condition(out, money, fund.opening() * (1.0 / years) - &spent);
            draft.close(fund, fund.opening() - spent * years);
            condition = condition + out;
        }
        draft.condition(bought, gauge, condition);
        let worth = draft.param("stock_value", self.stock_value, Rule::Finite)?;
        draft.withdraw_valued(node, sponsor, bought, worth);
        Ok(())
    }

    fn settle(&self, settled: &Settled<'_>, book: &mut Book) -> Result<(), SettleError> {
        let (Some(node), Some(floor)) = (
            settled.node(&self.region, &self.commodity),
            settled.param("floor"),
        ) else {
            return Ok(());
        };
        let short = floor - settled.price(node);
        let bought = settled.unknown("bought").unwrap_or(0.0);
        if self.budget.or(self.fund).is_none()
            || self.purchase != Purchase::AtFloor
            || short <= 0.0
            || bought <= 0.0
        {
            return Ok(());
        }
        let Some(sponsor) = settled.treasury(self.sponsor.as_deref().unwrap_or(&self.region))
        else {
            return Ok(());
        };
        let sellers = settled.sellers(node);
        let sold: f64 = sellers.iter().map(|&a| settled.output(a, node)).sum();
        for activity in sellers {
            let share = settled.output(activity, node) / sold;
            book.pay(
                settled,
                sponsor,
                settled.owner(activity),
                short * bought * share,
            );
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let node = settled.node(&self.region, &self.commodity);
        let (Some(node), Some(floor)) = (node, settled.param("floor")) else {
            return Vec::new();
        };
        let attained = settled.price(node) >= floor * (1.0 - 1e-9);
        let bought = settled.unknown("bought").unwrap_or(0.0);
        vec![
            ("bought".to_owned(), bought),
            ("attained".to_owned(), f64::from(u8::from(attained))),
        ]
    }
}
