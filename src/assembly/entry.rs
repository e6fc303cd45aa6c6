//! The tables of an [`Assembly`](super::Assembly): nodes, activities, unknowns, parameters, parties, payments.

use serde::{Deserialize, Serialize};

use super::block::BlockAt;
use super::expr::{CurveAt, Expr};
use super::handle::{Activity, Node, Param, Party, Unknown};

/// What a number measures, so that residuals can be scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Money per unit of quantity.
    Price,
    /// Units of a commodity per year.
    Quantity,
    /// A pure number.
    Share,
    /// Price times quantity.
    Money,
    /// Price per quantity: how steeply a price falls.
    Slope,
}

/// Where a number or a condition belongs, which gives its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauge {
    pub(crate) dimension: Dimension,
    pub(crate) node: Option<Node>,
}

impl Dimension {
    /// Scaled by the size of this dimension at a node.
    #[must_use]
    pub fn at(self, node: Node) -> Gauge {
        Gauge {
            dimension: self,
            node: Some(node),
        }
    }

    /// Scaled by the size of this dimension in the whole market.
    #[must_use]
    pub fn overall(self) -> Gauge {
        Gauge {
            dimension: self,
            node: None,
        }
    }
}

/// Which values a parameter may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// Any finite number.
    Finite,
    /// Zero or more.
    NonNegative,
    /// More than zero.
    Positive,
    /// Less than zero.
    Negative,
    /// From zero to one.
    Share,
    /// More than -1: a rate that leaves something to pay.
    AboveMinusOne,
}

impl Rule {
    /// Whether the value obeys the rule.
    #[must_use]
    pub fn admits(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::Finite => true,
                Self::NonNegative => value >= 0.0,
                Self::Positive => value > 0.0,
                Self::Negative => value < 0.0,
                Self::Share => (0.0..=1.0).contains(&value),
                Self::AboveMinusOne => value > -1.0,
            }
    }

    /// The rule in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::NonNegative => "a finite number, zero or more",
            Self::Positive => "a finite number above zero",
            Self::Negative => "a finite number below zero",
            Self::Share => "a share from 0 to 1",
            Self::AboveMinusOne => "a finite rate above -1",
        }
    }
}

/// The part a party plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Final buyers of a commodity in a region.
    Consumers,
    /// A firm that owns activities.
    Producer,
    /// Whoever moves a commodity between regions.
    Trader,
    /// A public purse: who pays for or collects from a measure.
    Treasury,
    /// Whoever holds the licences or quota shares that a measure hands out.
    Licensee,
}

#[derive(Clone, Debug)]
pub(crate) struct PartyEntry {
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) region: Option<String>,
}

impl PartyEntry {
    /// How the party is called in the accounts: consumers by their market, treasuries by their region.
    pub(crate) fn title(&self) -> String {
        match self.role {
            Role::Consumers => format!("consumers of {}", self.name),
            Role::Treasury => format!("treasury of {}", self.name),
            Role::Producer | Role::Trader | Role::Licensee => self.name.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ParamEntry {
    pub(crate) path: String,
    pub(crate) value: f64,
    pub(crate) rule: Rule,
}

/// A bound: plus or minus infinity, or a number plus parameters with signs.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub(crate) number: f64,
    pub(crate) params: Vec<(f64, Param)>,
}

impl Limit {
    /// No limit from above.
    #[must_use]
    pub fn none() -> Self {
        Self {
            number: f64::INFINITY,
            params: Vec::new(),
        }
    }

    /// No limit from below.
    #[must_use]
    pub fn below() -> Self {
        Self {
            number: f64::NEG_INFINITY,
            params: Vec::new(),
        }
    }

    /// This limit less a parameter.
    #[must_use]
    pub fn less(self, param: Param) -> Self {
        self.minus(param)
    }

    pub(crate) fn minus(mut self, param: Param) -> Self {
        self.params.push((-1.0, param));
        self
    }
}

impl From<f64> for Limit {
    fn from(number: f64) -> Self {
        Self {
            number,
            params: Vec::new(),
        }
    }
}

impl From<Param> for Limit {
    fn from(param: Param) -> Self {
        Self {
            number: 0.0,
            params: vec![(1.0, param)],
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct UnknownEntry {
    pub(crate) name: String,
    pub(crate) lower: Limit,
    pub(crate) upper: Limit,
    pub(crate) start: f64,
    pub(crate) gauge: Gauge,
    /// The condition paired with it, and how that is scaled.
    pub(crate) condition: Option<(Gauge, Expr)>,
}

/// Final demand that responds to price through an unknown quantity, or straight from the price.
#[derive(Clone, Debug)]
pub(crate) enum DemandEntry {
    /// Taken whatever the price.
    Fixed { quantity: Param },
    /// A smooth function of the node's price.
    Quantity { curve: CurveAt },
    /// An unknown quantity whose worth falls: `worth(offset + q)`.
    Price { quantity: Unknown, worth: CurveAt },
    /// One good of a system, straight from the prices of all its goods; it was observed at a price and a quantity.
    Nested {
        quantity: BlockAt,
        price: Param,
        observed: Param,
    },
    /// One good of a system: an unknown quantity worth `intercept + sum slope * quantity` over all its goods.
    Linked {
        quantity: Unknown,
        intercept: Param,
        slopes: Vec<(Param, Unknown)>,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct NodeEntry {
    pub(crate) region: String,
    pub(crate) commodity: String,
    pub(crate) price: Unknown,
    pub(crate) consumers: Party,
    pub(crate) demands: Vec<DemandEntry>,
    /// The price from which consumer surplus is counted.
    pub(crate) reference_price: f64,
    /// What measures take from the node, per year.
    pub(crate) withdrawals: Vec<Withdrawal>,
    /// The market node where a firm with conduct sells what it pools here.
    pub(crate) hub_of: Option<Node>,
    /// The excess may be thrown away at no cost.
    pub(crate) disposal: bool,
    /// The price that would clear the node, where measures hold the price away from it, and by how much.
    pub(crate) clearing: Option<Clearing>,
    /// What buyers' last unit is worth to them, where that is not the price.
    pub(crate) worth: Option<Unknown>,
    /// The share of final demand that finds no seller.
    pub(crate) unserved: Option<Unknown>,
    /// Sizes for scaling; zero until known.
    pub(crate) price_scale: f64,
    pub(crate) quantity_scale: f64,
}

/// A free price and what the market's own price is above it.
#[derive(Clone, Debug)]
pub(crate) struct Clearing {
    pub(crate) price: Unknown,
    pub(crate) above: Expr,
}

/// A quantity per year that a measure takes from a node at the node's price.
#[derive(Clone, Debug)]
pub(crate) struct Withdrawal {
    pub(crate) measure: usize,
    pub(crate) buyer: Party,
    pub(crate) quantity: Expr,
    /// What a unit held is worth in the accounts; nothing unless stated.
    pub(crate) worth: Option<Param>,
}

/// A stretch of an activity's cost curve with its own level.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) path: String,
    pub(crate) level: Unknown,
    pub(crate) cost: CurveAt,
}

#[derive(Clone, Debug)]
pub(crate) struct ActivityEntry {
    pub(crate) name: String,
    pub(crate) owner: Party,
    pub(crate) region: Option<String>,
    /// Origin, destination of a route.
    pub(crate) route: Option<(Node, Node)>,
    /// Output (positive) and input (negative) per unit of level.
    pub(crate) column: Vec<(Node, f64, Param)>,
    pub(crate) parts: Vec<Part>,
    pub(crate) merit_order: bool,
    /// A sale by a firm with conduct, from its own pool.
    pub(crate) sale: bool,
    /// The share of what is offered that finds no buyer.
    pub(crate) unserved: Option<Unknown>,
    /// Volumes at which the curve was cut, each with the parts that lie below it.
    pub(crate) cuts: Vec<Cut>,
}

/// A volume at which an activity's curve is cut: the parts below it, and what must hold of the volume for that
/// to stay true when numbers change.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) volume: Param,
    pub(crate) below: usize,
    pub(crate) guard: Guard,
}

#[derive(Clone, Debug)]
pub(crate) enum Guard {
    /// A part was split at the volume; the bounds of the two halves tell.
    Split,
    /// The volume lies where one part ends and the next begins.
    Equal(Limit),
    /// The volume covers all there is.
    AtLeast(Limit),
}

/// A firm that knows its sales move a price.
#[derive(Clone, Debug)]
pub(crate) struct Conduct {
    pub(crate) firm: Party,
    pub(crate) node: Node,
    /// The price change per unit of its sales that it reckons with, as a share of the demand's slope.
    pub(crate) variation: Param,
    /// Slope of the final demand's inverse at the node.
    pub(crate) slope: Expr,
    /// Its sales into the node.
    pub(crate) sales: Vec<Activity>,
    /// Volumes whose revenue does not depend on the price while a contract pays.
    pub(crate) insulated: Vec<Expr>,
    /// What the firm cares for beside its profit.
    pub(crate) public: Option<PublicWeight>,
}

/// The weight of its home region's surplus in a firm's objective; its own profit has the rest.
#[derive(Clone, Debug)]
pub(crate) struct PublicWeight {
    pub(crate) weight: Param,
    pub(crate) home: String,
}

/// Which units of an activity a charge falls on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reach {
    All,
    First(Param),
}

/// A payment per unit of an activity.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) measure: usize,
    pub(crate) kind: &'static str,
    pub(crate) activity: Activity,
    pub(crate) reach: Reach,
    pub(crate) amount: Expr,
    pub(crate) payer: Party,
    pub(crate) payee: Party,
}

/// A marginal effect without a payment.
#[derive(Clone, Debug)]
pub(crate) struct Wedge {
    pub(crate) activity: Activity,
    pub(crate) reach: Reach,
    pub(crate) amount: Expr,
}

/// A share of an activity's own cost that somebody else bears.
#[derive(Clone, Debug)]
pub(crate) struct Relief {
    pub(crate) measure: usize,
    pub(crate) activity: Activity,
    pub(crate) share: Param,
    pub(crate) payer: Party,
}

/// A payment that is not per unit of an activity.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) measure: usize,
    pub(crate) payer: Party,
    pub(crate) payee: Party,
    pub(crate) amount: Expr,
}

/// One stretch of time that a draft describes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Position, from zero.
    pub index: usize,
    /// Years from the start.
    pub start: f64,
    /// Length in years.
    pub years: f64,
}

impl Default for Period {
    fn default() -> Self {
        Self {
            index: 0,
            start: 0.0,
            years: 1.0,
        }
    }
}
