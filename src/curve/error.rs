//! What can be wrong with a curve or with a question put to it.

use std::fmt;

use super::Observed;

/// Which side of a market a curve describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Buyers: quantity falls as the price rises.
    Demand,
    /// Sellers: quantity rises with the price.
    Supply,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Demand => "demand",
            Self::Supply => "supply",
        })
    }
}

impl Side {
    /// The sign of the slope of quantity in price.
    pub(super) fn sign(self) -> f64 {
        match self {
            Self::Demand => -1.0,
            Self::Supply => 1.0,
        }
    }
}

/// An error of a curve: each variant names the thing, its value and the rule it breaks.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CurveError {
    /// A number is NaN or infinite.
    #[error("{side} curve: {what} is {value}; it must be a finite number")]
    NotFinite {
        /// The curve's side.
        side: Side,
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// A number that must be above zero is not.
    #[error("{side} curve: {what} is {value}; it must be above zero")]
    NotPositive {
        /// The curve's side.
        side: Side,
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// A number that may not be below zero is.
    #[error("{side} curve: {what} is {value}; it must not be below zero")]
    Negative {
        /// The curve's side.
        side: Side,
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// An elasticity or a slope has the sign of the other side of the market.
    #[error(
        "{side} curve: {what} is {value}; it must be {} for {side}, did you mean {}?",
        if *side == Side::Demand { "negative" } else { "positive" },
        -value
    )]
    WrongSign {
        /// The curve's side.
        side: Side,
        /// Elasticity or slope.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// An elasticity or a slope is zero.
    #[error(
        "{side} curve: {what} is zero; use `fixed` for a quantity that ignores the price and \
         `perfectly_elastic` for a price that ignores the quantity"
    )]
    Zero {
        /// The curve's side.
        side: Side,
        /// Elasticity or slope.
        what: &'static str,
    },
    /// A parameter is so large or so small that the curve cannot be computed with it.
    #[error("{side} curve: {what} is {value}, too extreme to compute with")]
    TooExtreme {
        /// The curve's side.
        side: Side,
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
    },
    /// A list is too short.
    #[error("{side} curve: {what} has {count} entries; it needs at least {needed}")]
    TooFew {
        /// The curve's side.
        side: Side,
        /// The list.
        what: &'static str,
        /// Its length.
        count: usize,
        /// The least length.
        needed: usize,
    },
    /// Two points of a table go against the side of the market.
    #[error(
        "{side} table: quantity {} at price {} and quantity {} at price {}; quantity must {} \
         as the price rises, and no point may be given twice",
        first.quantity, first.price, second.quantity, second.price,
        if *side == Side::Demand { "fall" } else { "rise" }
    )]
    NotMonotone {
        /// The curve's side.
        side: Side,
        /// The point with the lower price.
        first: Observed,
        /// The point with the higher price.
        second: Observed,
    },
    /// Two steps have the same name.
    #[error("{side} steps: the name `{name}` occurs twice; names must differ")]
    RepeatedName {
        /// The curve's side.
        side: Side,
        /// The name.
        name: String,
    },
    /// A step's name cannot be part of a parameter path.
    #[error(
        "{side} steps: the name `{name}` is empty, contains `/` (which separates the parts of a parameter's path) or is `shift` or `choke` (which name other pieces)"
    )]
    BadName {
        /// The curve's side.
        side: Side,
        /// The name.
        name: String,
    },
    /// A choke price was given for a supply curve.
    #[error(
        "supply curve: choke price {price}; only demand has a choke price, use a capacity to limit supply"
    )]
    ChokeOnSupply {
        /// The price.
        price: f64,
    },
    /// A negative shift takes away the whole curve.
    #[error("{side} curve: a shift of {shift} leaves nothing of a curve of {total} in all")]
    NothingLeft {
        /// The curve's side.
        side: Side,
        /// The shift.
        shift: f64,
        /// The largest quantity of the curve.
        total: f64,
    },
    /// The quantity is not finite at this price.
    #[error("{side} is unbounded at price {price}: {}", unbounded_rule(*.side, *.price))]
    UnboundedQuantity {
        /// The curve's side.
        side: Side,
        /// The price.
        price: f64,
    },
    /// No finite price belongs to this quantity.
    #[error(
        "demand has no finite price at quantity {quantity}: constant-elasticity (isoelastic) and exponential demand \
         never fall to zero, and a fixed quantity is bought whatever the price; set a choke price"
    )]
    UnboundedPrice {
        /// The quantity.
        quantity: f64,
    },
    /// The quantity is more than the curve ever reaches.
    #[error("{side} curve: quantity {quantity} is beyond the largest quantity, {total}")]
    BeyondCapacity {
        /// The curve's side.
        side: Side,
        /// The quantity.
        quantity: f64,
        /// The largest quantity of the curve.
        total: f64,
    },
    /// A surplus or a benefit is infinite.
    #[error(
        "demand: the {what} is infinite; constant-elasticity (isoelastic) demand of elasticity -1 or nearer zero, and a \
         fixed quantity, are worth an infinite amount: measure it from a reference price, or set a choke price"
    )]
    InfiniteArea {
        /// What was asked for.
        what: &'static str,
    },
    /// The curve has a corner or a step at this price, so a derivative there is not one number.
    #[error(
        "{side} curve: no single derivative at price {price}, where the curve has a corner or a step"
    )]
    Corner {
        /// The curve's side.
        side: Side,
        /// The price.
        price: f64,
    },
    /// An elasticity was asked for where the quantity is zero.
    #[error("{side} curve: no elasticity at price {price}, where the quantity is zero")]
    NoElasticity {
        /// The curve's side.
        side: Side,
        /// The price.
        price: f64,
    },
    /// The price of a horizontal sum could not be found at a quantity.
    #[error(
        "{side} curve: no price found for quantity {quantity} of a horizontal sum between prices {low} and {high}"
    )]
    NoRoot {
        /// The curve's side.
        side: Side,
        /// The quantity.
        quantity: f64,
        /// Lower end of the prices searched.
        low: f64,
        /// Upper end of the prices searched.
        high: f64,
    },
}

fn unbounded_rule(side: Side, price: f64) -> &'static str {
    match side {
        Side::Demand if price <= 0.0 => {
            "constant-elasticity (isoelastic) demand needs a price above zero"
        }
        Side::Demand => {
            "perfectly elastic demand buys without limit below its price, and constant elasticity near price zero"
        }
        Side::Supply => "perfectly elastic supply sells without limit above its price",
    }
}
