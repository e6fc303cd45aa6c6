use super::super::StorageError;
use super::terms::{Cover, StockpileTerms};
use serde::{Deserialize, Serialize};

/// One commodity in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommodityPeriod {
    /// Price, in currency per unit.
    pub price: f64,
    /// Served, by group of buyers, in units.
    pub served: Vec<f64>,
    /// Wanted at the price of open trade and not served, by group of buyers, in units: priced out, or without supply.
    pub unmet: Vec<f64>,
    /// Bought, in units.
    pub bought: f64,
    /// Paid for it, in currency.
    pub paid: f64,
    /// Sold at the market's price, in units.
    pub sold: f64,
    /// Taken by members, in units, in their order.
    pub taken: Vec<f64>,
    /// Received from buyers and members, in currency.
    pub received: f64,
    /// Received less what the units had cost on average, in currency.
    pub gain: f64,
    /// Lost to deterioration, in units.
    pub lost: f64,
    /// In store at the end, in units.
    pub stock: f64,
    /// What the stock has cost, in currency.
    pub book_value: f64,
    /// Storage and turning stock over, in currency.
    pub upkeep: f64,
    /// Whether a source was closed.
    pub emergency: bool,
}

/// One commodity over all periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommodityRun {
    name: String,
    cover: Vec<Cover>,
    base_price: f64,
    pub(super) periods: Vec<CommodityPeriod>,
}

/// A stockpile over all periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockpileRun {
    pub(super) commodities: Vec<CommodityRun>,
    /// Interest paid, period by period, in currency.
    pub(super) interest: Vec<f64>,
    /// Money left to spend at the end of each period.
    pub(super) money: Vec<f64>,
}

impl CommodityRun {
    pub(super) fn new(terms: &StockpileTerms, index: usize, base_price: f64) -> Self {
        let commodity = &terms.commodities[index];
        Self {
            name: commodity.name.clone(),
            cover: commodity.cover.clone(),
            base_price,
            periods: Vec::new(),
        }
    }

    /// The commodity's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Price with all sources open and no stockpile, in currency per unit.
    pub fn base_price(&self) -> f64 {
        self.base_price
    }

    /// The periods.
    pub fn periods(&self) -> &[CommodityPeriod] {
        &self.periods
    }

    /// Days that the stock at the end of a period would cover of a named need.
    ///
    /// # Errors
    /// [`StorageError::Unknown`] for a need that the terms do not name, or a period that was not run.
    pub fn days_of_cover(&self, need: &str, period: usize) -> Result<f64, StorageError> {
        let unknown = |what, name: &str| StorageError::Unknown {
            what,
            name: name.to_owned(),
        };
        let cover = self
            .cover
            .iter()
            .find(|cover| cover.name == need)
            .ok_or_else(|| unknown("measure of need", need))?;
        let at = self
            .periods
            .get(period)
            .ok_or_else(|| unknown("period", &period.to_string()))?;
        Ok(365.0 * at.stock / cover.per_year)
    }

    /// Bought in all, in units.
    pub fn bought(&self) -> f64 {
        self.sum(|period| period.bought)
    }

    /// Paid for it, in currency.
    pub fn paid(&self) -> f64 {
        self.sum(|period| period.paid)
    }

    /// Average price paid, in currency per unit; none if nothing was bought.
    pub fn price_paid(&self) -> Option<f64> {
        let bought = self.bought();
        (bought > 0.0).then(|| self.paid() / bought)
    }

    /// Received for what was sold and taken, in currency.
    pub fn received(&self) -> f64 {
        self.sum(|period| period.received)
    }

    /// Profit (or, below zero, loss) on what was sold and taken, against what it had cost on average, in currency.
    pub fn gain(&self) -> f64 {
        self.sum(|period| period.gain)
    }

    /// Storage and turning stock over, in currency.
    pub fn upkeep(&self) -> f64 {
        self.sum(|period| period.upkeep)
    }

    /// Unmet demand in emergencies, by group of buyers, in units.
    pub fn unmet(&self) -> Vec<f64> {
        self.unmet_where(true)
    }

    /// Unmet demand outside emergencies, by group of buyers, in units: what the stockpile priced out when it bought.
    pub fn displaced(&self) -> Vec<f64> {
        self.unmet_where(false)
    }

    fn unmet_where(&self, emergency: bool) -> Vec<f64> {
        let groups = self.periods.first().map_or(0, |period| period.unmet.len());
        let of = |period: &CommodityPeriod, group: usize| {
            if period.emergency == emergency {
                period.unmet[group]
            } else {
                0.0
            }
        };
        (0..groups)
            .map(|group| self.sum(|period| of(period, group)))
            .collect()
    }

    /// The first period of an emergency at whose end nothing was left of a stock that had been there; none if it lasted.
    pub fn run_out(&self) -> Option<usize> {
        self.periods.iter().position(|period| {
            let used = period.sold + period.taken.iter().sum::<f64>();
            period.emergency && used > 0.0 && period.stock <= 1e-9 * used
        })
    }

    fn sum(&self, of: impl Fn(&CommodityPeriod) -> f64) -> f64 {
        self.periods.iter().map(of).sum()
    }
}

impl StockpileRun {
    /// The commodities, in the order of the terms.
    pub fn commodities(&self) -> &[CommodityRun] {
        &self.commodities
    }

    /// One commodity.
    ///
    /// # Errors
    /// [`StorageError::Unknown`].
    pub fn commodity(&self, name: &str) -> Result<&CommodityRun, StorageError> {
        self.commodities
            .iter()
            .find(|commodity| commodity.name == name)
            .ok_or_else(|| StorageError::Unknown {
                what: "commodity",
                name: name.to_owned(),
            })
    }

    /// Interest on the loan, period by period, in currency.
    pub fn interest(&self) -> &[f64] {
        &self.interest
    }

    /// Money left to spend at the end of each period, in currency.
    pub fn money(&self) -> &[f64] {
        &self.money
    }

    /// What the stockpile has cost: paid for stock, upkeep and interest, less what was received, in currency. The stock
    /// that is left counts nothing here; [`book_value`](Self::book_value) is what it has cost.
    pub fn net_cost(&self) -> f64 {
        let trade: f64 = self
            .commodities
            .iter()
            .map(|commodity| commodity.paid() + commodity.upkeep() - commodity.received())
            .sum();
        trade + self.interest.iter().sum::<f64>()
    }

    /// What the stock at the end has cost, in currency.
    pub fn book_value(&self) -> f64 {
        let last = |commodity: &CommodityRun| {
            commodity
                .periods
                .last()
                .map_or(0.0, |period| period.book_value)
        };
        self.commodities.iter().map(last).sum()
    }

    /// Unmet demand that this run avoids in emergencies, beside another run of the same markets, by group of buyers, in units.
    ///
    /// # Errors
    /// [`StorageError::Unknown`] for a commodity that either run does not have.
    pub fn unmet_avoided(&self, without: &Self, commodity: &str) -> Result<Vec<f64>, StorageError> {
        let here = self.commodity(commodity)?.unmet();
        let there = without.commodity(commodity)?.unmet();
        Ok(there
            .iter()
            .zip(&here)
            .map(|(there, here)| there - here)
            .collect())
    }
}
