use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::read::{self, Cell, Row};
use super::{Confidence, DataError, Provenance, Value};

/// One fact: a figure, a range, a date or words about an entity in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    entity: String,
    metric: String,
    value: Value,
    unit: String,
    period: String,
    provenance: Provenance,
}

impl Fact {
    /// Whom or what it is about.
    #[must_use]
    pub fn entity(&self) -> &str {
        &self.entity
    }

    /// What is stated.
    #[must_use]
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The statement, in [`unit`](Self::unit).
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The unit, with the currency and the basis where they matter; `text` for words, `date` for a day.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// When: a year, a quarter, a fiscal year, a day, or the edition that says so.
    #[must_use]
    pub fn period(&self) -> &str {
        &self.period
    }

    /// Where it was read.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The value as a number, in [`unit`](Self::unit).
    ///
    /// # Errors
    /// [`DataError::NotA`] if it is a range, a bound, a date or words.
    pub fn number(&self) -> Result<f64, DataError> {
        self.value.number().ok_or_else(|| DataError::NotA {
            item: self.name(),
            value: self.value.to_string(),
            wanted: "number",
        })
    }

    fn name(&self) -> String {
        format!("{}, {}, {}", self.entity, self.metric, self.period)
    }
}

/// A line as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    entity: String,
    metric: String,
    value: Value,
    unit: String,
    period: String,
    note: String,
    source: String,
    confidence: Confidence,
}

impl Row for Fact {
    type Raw = Line;

    fn from_raw(line: Line) -> Result<Self, DataError> {
        let Line {
            entity,
            metric,
            value,
            unit,
            period,
            note,
            source,
            confidence,
        } = line;
        let provenance = Provenance::cited(
            &format!("{entity}, {metric}, {period}"),
            confidence,
            &source,
            note,
        )?;
        Ok(Self {
            entity,
            metric,
            value,
            unit,
            period,
            provenance,
        })
    }
}

macro_rules! tables {
    ($($(#[$doc:meta])+ $name:ident = $file:literal,)+) => {
        /// The tables of facts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Table {
            $($(#[$doc])+ $name,)+
        }

        impl Table {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Name of the file in `data/`.
            #[must_use]
            pub fn file(self) -> &'static str {
                match self {
                    $(Self::$name => $file,)+
                }
            }
        }

        /// The rows of a table.
        ///
        /// # Errors
        /// [`DataError`] if the bundled file does not hold what it should.
        pub fn facts(table: Table) -> Result<&'static [Fact], DataError> {
            match table {
                $(Table::$name => {
                    static CELL: Cell<Fact> = OnceLock::new();
                    read::once(&CELL, $file, include_str!(concat!("../../data/", $file)))
                })+
            }
        }
    };
}

tables! {
    /// Alliances and their measures: the 2026 ministerial, the proposed trade zone, the European act.
    AlliedCoalition = "allied_coalition.csv",
    /// Floors outside the United States: Lynas and its Japanese buyer.
    AlliedPriceFloors = "allied_price_floors.csv",
    /// China's shares of mining, separation and magnets.
    ChinaDominance = "china_dominance.csv",
    /// China's export quotas and exports.
    ChinaExportQuotas = "china_export_quotas.csv",
    /// China's mining and separation quotas.
    ChinaQuotas = "china_quotas.csv",
    /// Unit costs, capital costs and incentive prices.
    Costs = "costs.csv",
    /// Output, use, scrap and balances of the oxides and of magnets.
    DemandSupply = "demand_supply.csv",
    /// Evidence on elasticities; the judged values are in the base case.
    Elasticities = "elasticities.csv",
    /// Mine output of the magnet rare earths and outlooks (International Energy Agency).
    IeaMining = "iea_mining.csv",
    /// The transaction of July 2025 between MP Materials and the US Department of Defense.
    MpDodTransaction = "mp_dod_transaction.csv",
    /// MP Materials and Lynas: output, sales, revenue, earnings, cash.
    MpOperations = "mp_operations.csv",
    /// The United States National Defense Stockpile.
    NationalDefenseStockpile = "national_defense_stockpile.csv",
    /// What the ores hold: the share of each oxide.
    OreComposition = "ore_composition.csv",
    /// How long permits and mines take.
    Permitting = "permitting.csv",
    /// Dated measures and shocks.
    PolicyTimeline = "policy_timeline.csv",
    /// Yearly prices of the oxides, average or year-end as the metric says; Chinese value-added tax included.
    PricesAnnual = "prices_annual.csv",
    /// The same from one edition (USGS 2026), 2021 to 2025.
    PricesAnnualUsgs2026 = "prices_annual_usgs2026.csv",
    /// Prices on single days and months, on the basis that the metric names.
    PricesPoints = "prices_points.csv",
    /// The US critical minerals reserve of February 2026.
    ProjectVault = "project_vault.csv",
    /// New mines and plants: capital and operating costs, capacity, returns.
    Projects = "projects.csv",
    /// Reserves in the ground by country.
    Reserves = "reserves.csv",
    /// Trade in magnets.
    TradeMagnets = "trade_magnets.csv",
    /// What the US government bought shares of, and on what terms.
    UsEquityStakes = "us_equity_stakes.csv",
    /// US imports of rare earth compounds: quantity, value, unit value.
    UsImportUnitValues = "us_import_unit_values.csv",
    /// US output, use, trade and import reliance (USGS).
    UsSalient = "us_salient.csv",
    /// Mine output by country.
    WorldMineProduction = "world_mine_production.csv",
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file())
    }
}

/// The one fact of a table about `entity` and `metric` in `period`.
///
/// ```
/// use pricefloor::data::{self, Table};
///
/// let output = data::fact(Table::MpOperations, "MP Materials", "NdPr oxide production", "FY2025")?;
/// assert_eq!((output.number()?, output.unit()), (2599.0, "t"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::NotFound`] names what was asked for and the rows that come near; [`DataError::Ambiguous`] if several
/// editions state it.
pub fn fact(
    table: Table,
    entity: &str,
    metric: &str,
    period: &str,
) -> Result<&'static Fact, DataError> {
    read::one(
        table.file(),
        facts(table)?,
        &format!("{entity}, {metric}, {period}"),
        Fact::name,
        |row| row.entity == entity && row.metric == metric && row.period == period,
    )
}

/// The average price of an oxide in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnnualAverage {
    year: u16,
    price: f64,
    estimate: bool,
    fact: &'static Fact,
}

impl AnnualAverage {
    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The price in USD/kg.
    #[must_use]
    pub fn price(self) -> f64 {
        self.price
    }

    /// Whether the source marks it as an estimate.
    #[must_use]
    pub fn estimate(self) -> bool {
        self.estimate
    }

    /// The fact it was taken from.
    #[must_use]
    pub fn fact(self) -> &'static Fact {
        self.fact
    }
}

/// Yearly average prices of an oxide in USD/kg, in the order of the years (`prices_annual.csv`, metric `price
/// average`). They hold Chinese value-added tax, except that the source does not say so for the early years; year-end
/// prices and everything that is not a yearly average are left out.
///
/// ```
/// let neodymium = pricefloor::data::annual_averages("Nd oxide")?;
/// let prices: Vec<f64> = neodymium.iter().map(|year| year.price()).collect();
/// assert_eq!(prices, [63.0, 48.0, 40.0, 50.0, 50.0, 45.0, 49.0, 98.0, 134.0, 78.0, 56.0, 73.0]);
/// assert_eq!((neodymium[0].year(), neodymium[11].estimate()), (2014, true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::NotFound`] if there is none; [`DataError::Ambiguous`] if a year has two.
pub fn annual_averages(oxide: &str) -> Result<Vec<AnnualAverage>, DataError> {
    const METRIC: &str = "price average";
    let table = Table::PricesAnnual;
    let rows = facts(table)?;
    let mut averages = Vec::new();
    for row in rows
        .iter()
        .filter(|row| row.entity == oxide && row.metric == METRIC && row.unit == "USD/kg")
    {
        let year = row.period.parse().map_err(|_| DataError::NotA {
            item: row.name(),
            value: row.period.clone(),
            wanted: "year",
        })?;
        let estimate = row.provenance.note().contains("estimate");
        averages.push(AnnualAverage {
            year,
            price: row.number()?,
            estimate,
            fact: row,
        });
    }
    averages.sort_by_key(|average| average.year);
    if let Some(pair) = averages
        .windows(2)
        .find(|pair| pair[0].year == pair[1].year)
    {
        let wanted = pair[0].fact.name();
        let count = averages
            .iter()
            .filter(|average| average.year == pair[0].year)
            .count();
        return Err(DataError::Ambiguous {
            file: table.file(),
            wanted,
            count,
        });
    }
    if averages.is_empty() {
        // Reports the oxides that come near.
        read::one(
            table.file(),
            rows,
            &format!("{oxide}, {METRIC}"),
            Fact::name,
            |_| false,
        )?;
    }
    Ok(averages)
}
