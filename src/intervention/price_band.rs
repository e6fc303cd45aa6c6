//! A price band: a public stock buys below it and sells above it.
//!
//! Marginal. `bought` in `[0, room]` is complementary to `price - lower`, `sold` in `[0, stock]` to `upper - price`.
//! Past either limit the price leaves the band.

use serde::{Deserialize, Serialize};

use super::terms::{obey, purse};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Limit, Rule, Subject};

/// The ends of a price band, money per unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The price at which the stock buys.
    pub lower: f64,
    /// The price at which it sells; not below the lower one.
    pub upper: f64,
}

/// Support buying inside a band, from a stock with limits. The sponsor buys and sells at the market price.
///
/// Reports `bought` and `sold`, units per year, and `held` (1 when the price is inside the band, else 0).
///
/// ```
/// use pricefloor::intervention::{Band, PriceBand};
/// let stock = PriceBand::new("Home", "oxide", Band { lower: 9.0, upper: 14.0 }).stock(3.0).room(5.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceBand {
    region: String,
    commodity: String,
    band: Band,
    #[serde(default)]
    stock: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<f64>,
    #[serde(default)]
    stock_value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sponsor: Option<String>,
}

impl PriceBand {
    /// A band held by a stock that is empty at first and has room without limit.
    #[must_use]
    pub fn new(region: &str, commodity: &str, band: Band) -> Self {
        Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            band,
            stock: 0.0,
            room: None,
            stock_value: 0.0,
            sponsor: None,
        }
    }

    /// States what the stock holds and can sell, units within the year.
    #[must_use]
    pub fn stock(mut self, quantity: f64) -> Self {
        self.stock = quantity;
        self
    }

    /// Limits what can be bought, units within the year.
    #[must_use]
    pub fn room(mut self, quantity: f64) -> Self {
        self.room = Some(quantity);
        self
    }

    /// States what a unit held is worth in the accounts, money per unit; zero unless said.
    #[must_use]
    pub fn stock_value(mut self, value: f64) -> Self {
        self.stock_value = value;
        self
    }

    /// Names who holds the stock; the region's treasury unless said.
    #[must_use]
    pub fn sponsor(mut self, name: &str) -> Self {
        self.sponsor = Some(name.to_owned());
        self
    }
}

impl Intervention for PriceBand {
    fn kind(&self) -> &'static str {
        "price_band"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("lower end of the band", self.band.lower, Rule::NonNegative)?;
        obey("upper end of the band", self.band.upper, Rule::NonNegative)?;
        obey("stock", self.stock, Rule::NonNegative)?;
        obey("room", self.room.unwrap_or(0.0), Rule::NonNegative)?;
        obey("stock value", self.stock_value, Rule::Finite)?;
        if self.band.upper < self.band.lower {
            return Err(TermError {
                term: "upper end of the band",
                value: self.band.upper,
                rule: "at least the lower end",
            });
        }
        Ok(())
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        draft.claim(Claim::new("price floor"), node)?;
        draft.claim(Claim::new("price ceiling"), node)?;
        draft.pledge(Subject::Price(node), Bound::AtLeast(self.band.lower))?;
        draft.pledge(Subject::Price(node), Bound::AtMost(self.band.upper))?;
        let lower = draft.param("lower", self.band.lower, Rule::NonNegative)?;
        let upper = draft.param("upper", self.band.upper, Rule::NonNegative)?;
        let stock = draft.param("stock", self.stock, Rule::NonNegative)?;
        let room = match self.room {
            Some(room) => draft.param("room", room, Rule::NonNegative)?.into(),
            None => Limit::none(),
        };
        let worth = draft.param("stock_value", self.stock_value, Rule::Finite)?;
        let sponsor = purse(draft, self.sponsor.as_deref(), &self.region);
        let (price, amount) = (Dimension::Price.at(node), Dimension::Quantity.at(node));
        let bought = draft.unknown("bought", amount, 0.0, room, 0.0);
        let below = draft.price(node) - lower;
        draft.condition(bought, price, below);
        let sold = draft.unknown("sold", amount, 0.0, stock, 0.0);
        let above = Expr::from(upper) - draft.price(node);
        draft.condition(sold, price, above);
        draft.withdraw_valued(node, sponsor, bought, worth);
        draft.withdraw_valued(node, sponsor, -Expr::from(sold), worth);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let node = settled.node(&self.region, &self.commodity);
        let (Some(node), Some(lower), Some(upper)) =
            (node, settled.param("lower"), settled.param("upper"))
        else {
            return Vec::new();
        };
        let price = settled.price(node);
        let held = price >= lower * (1.0 - 1e-9) && price <= upper * (1.0 + 1e-9);
        let mut figures =
            super::terms::readings(settled, &[("bought", "bought"), ("sold", "sold")]);
        figures.push(("held".to_owned(), f64::from(u8::from(held))));
        figures
    }
}
