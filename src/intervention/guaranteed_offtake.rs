//! A guaranteed offtake: a volume that the buyer takes or pays for, at a price formula.
//!
//! Marginal with a fixed price or a premium, kinked with a floor. The buyer pays `formula - market price` on the first
//! units and resells them at the market price, or keeps them. Only units within the volume see the formula.

use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, Covered};
use super::terms::{covered_node, obey, purse};
use super::{Intervention, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Limit, Rule, Subject};

/// What the buyer pays per unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OfftakePrice {
    /// A fixed price, money per unit.
    Fixed(f64),
    /// The market price and a premium, never less than a floor.
    Market {
        /// Money per unit over the market price; negative for a discount.
        premium: f64,
        /// The least that is paid, money per unit; `None` for no floor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<f64>,
    },
}

/// A contract by which a buyer takes a volume of one producer's output.
///
/// Where the formula is below the market the producer delivers, or pays the difference on the whole volume, so that its
/// margin is the market's. It may deliver less than the volume where neither pays for more, unless
/// [`firm`](Self::firm) obliges it to deliver all of it at its own loss.
///
/// Reports `delivered` within the volume, units per year.
///
/// ```
/// use pricefloor::intervention::{GuaranteedOfftake, OfftakePrice};
/// let contract = GuaranteedOfftake::new("mine", 6.0, OfftakePrice::Market { premium: 0.0, floor: Some(11.0) })
///     .buyer("Stockpile").kept(8.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuaranteedOfftake {
    covering: String,
    volume: f64,
    price: OfftakePrice,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commodity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kept: Option<f64>,
    #[serde(default)]
    firm: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    buyer: Option<String>,
}

impl GuaranteedOfftake {
    /// A volume of an activity's output, units per year, at a price formula.
    #[must_use]
    pub fn new(covering: &str, volume: f64, price: OfftakePrice) -> Self {
        Self {
            covering: covering.to_owned(),
            volume,
            price,
            commodity: None,
            kept: None,
            firm: false,
            buyer: None,
        }
    }

    /// Names the commodity; needed where the activity puts out several.
    #[must_use]
    pub fn on(mut self, commodity: &str) -> Self {
        self.commodity = Some(commodity.to_owned());
        self
    }

    /// Keeps what is taken in a stock, worth this much a unit in the accounts; it is resold unless said.
    #[must_use]
    pub fn kept(mut self, stock_value: f64) -> Self {
        self.kept = Some(stock_value);
        self
    }

    /// Obliges the producer to deliver the whole volume.
    #[must_use]
    pub fn firm(mut self) -> Self {
        self.firm = true;
        self
    }

    /// Names the buyer; the treasury of the producer's region unless said.
    #[must_use]
    pub fn buyer(mut self, name: &str) -> Self {
        self.buyer = Some(name.to_owned());
        self
    }
}

impl Intervention for GuaranteedOfftake {
    fn kind(&self) -> &'static str {
        "guaranteed_offtake"
    }

    fn check(&self) -> Result<(), TermError> {
        obey("offtake volume", self.volume, Rule::NonNegative)?;
        obey("stock value", self.kept.unwrap_or(0.0), Rule::Finite)?;
        match self.price {
            OfftakePrice::Fixed(price) => obey("offtake price", price, Rule::NonNegative),
            OfftakePrice::Market { premium, floor } => {
                obey("offtake premium", premium, Rule::Finite)?;
                obey("offtake floor", floor.unwrap_or(0.0), Rule::NonNegative)
            }
        }
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let activities = draft.activities(&self.covering)?;
        Coverage::First(self.volume).single(draft, &activities)?;
        let Some(&activity) = activities.first() else {
            return Ok(());
        };
        let node = covered_node(draft, activity, self.commodity.as_deref())?;
        draft.pledge(Subject::Flow(vec![activity]), Bound::AtLeast(self.volume))?;
        let available = draft.most(activity, node);
        if self.volume > available {
            return Err(DraftError::Infeasible {
                place: draft.place(),
                target: format!("the contract volume of `{}`", self.covering),
                required: self.volume,
                available,
            });
        }
        let extent = Coverage::First(self.volume).param(draft)?;
        let gauge = Dimension::Price.at(node);
        let price = draft.price(node);
        let over_market = match self.price {
            OfftakePrice::Fixed(fixed) => draft.param("price", fixed, Rule::NonNegative)? - price,
            OfftakePrice::Market { premium, floor } => {
                let premium = draft.param("premium", premium, Rule::Finite)?;
                match floor {
                    None => premium.into(),
                    Some(floor) => {
                        let floor = draft.param("floor", floor, Rule::NonNegative)?;
                        Expr::from(premium)
                            + draft.positive_part("top_up", gauge, floor - price - premium)
                    }
                }
            }
        };
        let (region, _) = draft.node_name(node);
        let region = region.to_owned();
        let buyer = purse(draft, self.buyer.as_deref(), &region);
        let owner = draft.owner(activity);
        let covered = Covered {
            coverage: Coverage::First(self.volume),
            extent,
            activity,
            node,
        };
        covered.pay_difference(
            draft,
            Claim::new("price support contract"),
            &over_market,
            buyer,
            owner,
        )?;
        if let Some(value) = self.kept {
            let worth = draft.param("stock_value", value, Rule::Finite)?;
            let taken = draft.first_units(activity, extent);
            draft.withdraw_valued(node, buyer, taken, worth);
        }
        if self.firm {
            let loss = draft.unknown("loss", gauge, 0.0, Limit::none(), 0.0);
            let delivered = draft.level(activity) - extent;
            draft.condition(loss, Dimension::Quantity.at(node), delivered);
            draft.wedge(activity, -Expr::from(loss));
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let (Some(volume), Some(&activity)) = (
            settled.param("volume"),
            settled.activities(&self.covering).first(),
        ) else {
            return Vec::new();
        };
        vec![("delivered".to_owned(), settled.level(activity).min(volume))]
    }
}
