use super::super::StorageError;
use super::super::error::require;
use crate::curve::{Demand, Supply};
use serde::{Deserialize, Serialize};

pub(super) const NOT_NEGATIVE: &str = "finite and not below 0";
pub(super) const POSITIVE: &str = "finite and above 0";
pub(super) const SHARE: &str = "from 0 to 1";

/// What a stockpile buys with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funds {
    /// Money without interest, spent first, in currency.
    pub capital: f64,
    /// A loan, drawn when the capital is spent and repaid from sales, in currency.
    pub loan: f64,
    /// Interest on what is drawn of the loan, a year, as a fraction.
    pub interest: f64,
}

/// One group of buyers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buyers {
    /// Its name.
    pub name: String,
    /// What it buys, in units a year. A choke price is what it would pay at most before it stops.
    pub demand: Demand,
}

/// Where a commodity comes from, in units a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplies {
    /// Sources that stay open.
    #[serde(default)]
    pub safe: Option<Supply>,
    /// Sources that an embargo closes.
    #[serde(default)]
    pub exposed: Option<Supply>,
}

/// A named measure of need, for days of cover: imports, consumption, defence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// What is counted.
    pub name: String,
    /// Need, in units a year.
    pub per_year: f64,
}

/// A member who may take from the stockpile at a price agreed beforehand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Share of the stock that it may take in a period.
    pub share: f64,
    /// What it pays, in currency per unit; it takes when the market asks more.
    pub price: f64,
}

/// When a stockpile buys and sells one commodity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Buys while the price is below this, in currency per unit; never without it.
    pub buy_below: Option<f64>,
    /// Buys until this many days of the first measure of need are covered.
    pub target_days: f64,
    /// Buys no more than this share of the target in a year.
    pub pace: f64,
    /// Sells while the price is above this, in currency per unit; never without it.
    pub sell_above: Option<f64>,
    /// Sells only while a source is closed.
    pub emergency_only: bool,
    /// Share of the stock that is sold and bought back fresh in a year. What is turned over does not deteriorate.
    pub rotation: f64,
    /// Cost of turning a unit over, as a share of its price.
    pub rotation_cost: f64,
}

/// One commodity of a stockpile, with its market.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockpiledCommodity {
    /// Its name.
    pub name: String,
    /// Who buys, the first served first when there is not enough at any price they would pay.
    pub buyers: Vec<Buyers>,
    /// Who sells.
    pub supplies: Supplies,
    /// Measures of need, the first of which the target refers to.
    pub cover: Vec<Cover>,
    /// Most that can be kept, in units.
    pub capacity: f64,
    /// What is in store at the start, in units.
    pub opening: f64,
    /// What a unit of the opening stock has cost, in currency.
    pub opening_price: f64,
    /// Cost of keeping a unit for a year, in currency.
    pub holding_cost: f64,
    /// Share that is lost in a year.
    pub deterioration: f64,
    /// When it is bought and sold.
    pub rules: Rules,
    /// Who may take from it.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// Terms of a [`Stockpile`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockpileTerms {
    /// What it buys with.
    pub funds: Funds,
    /// What it holds. One budget serves all: the first buys first.
    pub commodities: Vec<StockpiledCommodity>,
}

/// A public stockpile with a budget, beside the markets that it buys from and sells to.
///
/// In each period and for each commodity the market clears with what the stockpile does in it:
///
/// ```text
/// sum of demand(P) + bought = safe(P) + left x exposed(P) + released
/// bought   in [0, room, pace, budget / P],   all of it where P < buy_below, none where P > buy_below
/// released in [0, stock],                    all of it where P > sell_above, none where P < sell_above
/// ```
///
/// so that buying raises the price that it pays and selling lowers the one that it gets. Members take at their own price
/// when the market's is higher. Nobody else stores; for owners who expect what comes, see [`StorageModel`].
///
/// The budget buys stock; storage, interest and turning stock over are accounted beside it.
///
/// ```
/// use pricefloor::curve::{Demand, Line, Supply};
/// use pricefloor::storage::{
///     Buyers, Cover, Funds, Interruption, Outlook, Rules, Stockpile, StockpileTerms, StockpiledCommodity, Supplies,
/// };
///
/// // 20 - P is bought; 4 come from safe sources and 6 from exposed ones: 10 at a price of 10.
/// let oxide = StockpiledCommodity {
///     name: "oxide".into(),
///     buyers: vec![Buyers { name: "all".into(), demand: Demand::linear(Line { intercept: 20.0, slope: -1.0 })? }],
///     supplies: Supplies { safe: Some(Supply::fixed(4.0)?), exposed: Some(Supply::fixed(6.0)?) },
///     cover: vec![Cover { name: "consumption".into(), per_year: 10.0 }],
///     capacity: 100.0,
///     opening: 0.0,
///     opening_price: 0.0,
///     holding_cost: 0.0,
///     deterioration: 0.0,
///     rules: Rules {
///         buy_below: Some(12.0),
///         target_days: 73.0,
///         pace: 1.0,
///         sell_above: Some(12.0),
///         emergency_only: true,
///         rotation: 0.0,
///         rotation_cost: 0.0,
///     },
///     members: vec![],
/// };
/// let stockpile = Stockpile::new(StockpileTerms {
///     funds: Funds { capital: 5.0, loan: 30.0, interest: 0.05 },
///     commodities: vec![oxide],
/// })?;
/// // Two years, the exposed sources closed in the second.
/// let interruptions = vec![Interruption { commodity: None, from: 1, to: 2, left: 0.0 }];
/// let outlook = Outlook { periods: 2, years: 1.0, interruptions, orders: vec![] };
/// let (with, without) = (stockpile.run(&outlook)?, stockpile.without().run(&outlook)?);
/// // Two are bought, at a price that this drives up to 12, and sold at 14 where it would have been 16.
/// assert_eq!(with.commodity("oxide")?.price_paid(), Some(12.0));
/// assert_eq!(with.unmet_avoided(&without, "oxide")?, [2.0]);
/// assert_eq!(with.commodity("oxide")?.run_out(), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`StorageModel`]: crate::storage::StorageModel
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StockpileTerms", into = "StockpileTerms")]
pub struct Stockpile {
    terms: StockpileTerms,
}

impl TryFrom<StockpileTerms> for Stockpile {
    type Error = StorageError;

    fn try_from(terms: StockpileTerms) -> Result<Self, StorageError> {
        Self::new(terms)
    }
}

impl From<Stockpile> for StockpileTerms {
    fn from(stockpile: Stockpile) -> Self {
        stockpile.terms
    }
}

impl Stockpile {
    /// A stockpile with these terms.
    ///
    /// # Errors
    /// [`StorageError`] for a number that breaks its rule, a name twice, a commodity without buyers, without sellers or
    /// without a measure of need, members who may take more than there is, and a buying price above the selling price.
    pub fn new(terms: StockpileTerms) -> Result<Self, StorageError> {
        let funds = terms.funds;
        require(
            funds.capital >= 0.0,
            "the capital of a stockpile",
            funds.capital,
            NOT_NEGATIVE,
        )?;
        require(
            funds.loan >= 0.0,
            "the loan of a stockpile",
            funds.loan,
            NOT_NEGATIVE,
        )?;
        require(
            funds.interest >= 0.0,
            "the interest on the loan",
            funds.interest,
            NOT_NEGATIVE,
        )?;
        if terms.commodities.is_empty() {
            return Err(StorageError::Empty {
                thing: "a stockpile",
            });
        }
        let names = terms
            .commodities
            .iter()
            .map(|commodity| commodity.name.as_str());
        no_duplicate("commodity", names)?;
        for commodity in &terms.commodities {
            commodity.check()?;
        }
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> &StockpileTerms {
        &self.terms
    }

    /// The same markets without a stockpile: no money and nothing in store.
    pub fn without(&self) -> Self {
        let mut terms = self.terms.clone();
        terms.funds = Funds {
            capital: 0.0,
            loan: 0.0,
            interest: 0.0,
        };
        for commodity in &mut terms.commodities {
            commodity.opening = 0.0;
        }
        Self { terms }
    }
}

impl StockpiledCommodity {
    fn check(&self) -> Result<(), StorageError> {
        for (thing, list) in [
            ("the buyers of a commodity", self.buyers.len()),
            ("the measures of need of a commodity", self.cover.len()),
            (
                "the supplies of a commodity",
                usize::from(self.supplies.safe.is_some())
                    + usize::from(self.supplies.exposed.is_some()),
            ),
        ] {
            if list == 0 {
                return Err(StorageError::Empty { thing });
            }
        }
        no_duplicate(
            "group of buyers",
            self.buyers.iter().map(|buyers| buyers.name.as_str()),
        )?;
        no_duplicate(
            "measure of need",
            self.cover.iter().map(|cover| cover.name.as_str()),
        )?;
        no_duplicate(
            "member",
            self.members.iter().map(|member| member.name.as_str()),
        )?;
        for cover in &self.cover {
            require(cover.per_year > 0.0, "a need", cover.per_year, POSITIVE)?;
        }
        require(
            self.capacity > 0.0,
            "the capacity of a stock",
            self.capacity,
            POSITIVE,
        )?;
        require(
            (0.0..=self.capacity).contains(&self.opening),
            "the opening stock",
            self.opening,
            "from 0 to the capacity",
        )?;
        require(
            self.opening_price >= 0.0,
            "the price of the opening stock",
            self.opening_price,
            NOT_NEGATIVE,
        )?;
        require(
            self.holding_cost >= 0.0,
            "the holding cost",
            self.holding_cost,
            NOT_NEGATIVE,
        )?;
        require(
            (0.0..1.0).contains(&self.deterioration),
            "the deterioration",
            self.deterioration,
            "from 0 to below 1",
        )?;
        for member in &self.members {
            require(
                member.price > 0.0,
                "the price of a member",
                member.price,
                POSITIVE,
            )?;
            require(
                member.share > 0.0,
                "the share of a member",
                member.share,
                POSITIVE,
            )?;
        }
        let shares: f64 = self.members.iter().map(|member| member.share).sum();
        require(
            shares <= 1.0,
            "the sum of the members' shares",
            shares,
            "at most 1",
        )?;
        self.rules.check()
    }

    /// The stock that the target asks for, in units.
    pub(super) fn target(&self) -> f64 {
        let per_year = self.cover.first().map_or(0.0, |cover| cover.per_year);
        (self.rules.target_days / 365.0 * per_year).min(self.capacity)
    }
}

impl Rules {
    fn check(&self) -> Result<(), StorageError> {
        for (thing, price) in [
            ("the price below which the stockpile buys", self.buy_below),
            ("the price above which the stockpile sells", self.sell_above),
        ] {
            if let Some(price) = price {
                require(price > 0.0, thing, price, POSITIVE)?;
            }
        }
        if let (Some(floor), Some(ceiling)) = (self.buy_below, self.sell_above)
            && floor > ceiling
        {
            return Err(StorageError::FloorAboveCeiling { floor, ceiling });
        }
        require(
            self.target_days >= 0.0,
            "the target of cover, in days,",
            self.target_days,
            NOT_NEGATIVE,
        )?;
        require(self.pace > 0.0, "the pace of buying", self.pace, POSITIVE)?;
        require(
            (0.0..=1.0).contains(&self.rotation),
            "the rotation",
            self.rotation,
            SHARE,
        )?;
        require(
            self.rotation_cost >= 0.0,
            "the cost of rotation",
            self.rotation_cost,
            NOT_NEGATIVE,
        )
    }
}

fn no_duplicate<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), StorageError> {
    for (index, name) in names.clone().enumerate() {
        if names.clone().take(index).any(|other| other == name) {
            return Err(StorageError::Duplicate {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}
