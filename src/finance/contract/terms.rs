use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Which price a reference is. They are three things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Quoted {
    /// The published index.
    Benchmark,
    /// What the producer earns for a unit: realisation factor x benchmark.
    Realised,
    /// What the producer invoices for a unit.
    Sales,
}

/// When a reference is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Observation {
    /// The average over the settlement period.
    PeriodAverage,
    /// The price on the last day of the settlement period (spot settlement).
    PeriodEnd,
}

/// A reference price: which one, when, and on which tax basis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Which price.
    pub price: Quoted,
    /// When it is observed.
    pub observed: Observation,
    /// What the price is multiplied by: 1.13 turns a benchmark without 13 % value-added tax into one with it.
    #[serde(default = "one")]
    pub factor: f64,
}

fn one() -> f64 {
    1.0
}

impl Reference {
    /// The benchmark's average over the settlement period, on the basis on which it is given.
    pub fn benchmark_average() -> Self {
        Self {
            price: Quoted::Benchmark,
            observed: Observation::PeriodAverage,
            factor: 1.0,
        }
    }
}

/// What is due for each covered unit at reference price p.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Payoff {
    /// The sponsor pays max(strike - p, 0).
    Floor {
        /// Money per unit.
        strike: f64,
    },
    /// Two-sided contract for difference: the sponsor pays strike - p, the producer pays where it is negative.
    TwoSided {
        /// Money per unit.
        strike: f64,
    },
    /// The sponsor pays max(floor - p, 0), the producer pays max(p - cap, 0).
    Collar {
        /// Money per unit.
        floor: f64,
        /// Money per unit.
        cap: f64,
    },
}

/// Which units the contract covers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Coverage {
    /// A fraction of what is produced.
    Share(f64),
    /// The first units produced in each contract year, per year.
    First {
        /// Units a year.
        per_year: f64,
    },
    /// A fixed volume, paid whatever is produced.
    Deemed {
        /// Units a year.
        per_year: f64,
    },
}

/// How a money amount of the contract moves over time.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Indexation {
    /// Nominal: it never moves.
    #[default]
    Fixed,
    /// It steps up by this fraction at each anniversary of the contract's start.
    Yearly(f64),
    /// It follows the price level, period by period, and is stated in money of the start of the cash flow.
    Inflation,
}

/// The producer's payment of a share of a high price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpsideShare {
    /// Fraction of the excess over the threshold.
    pub share: f64,
    /// Money per unit.
    pub threshold: f64,
    /// The price it is measured on, which need not be the contract's own reference.
    pub reference: Reference,
    /// Most that is due in a contract year, in money.
    #[serde(default)]
    pub yearly_cap: Option<f64>,
    /// From when it runs, in years from the start of the cash flow; a share whose trigger has no date has `None` and
    /// is never due.
    #[serde(default)]
    pub from: Option<f64>,
    /// How the threshold moves.
    #[serde(default)]
    pub indexation: Indexation,
}

/// What happens to a payment for which no money was appropriated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Shortfall {
    /// It lapses.
    Lapses,
    /// It stays owed and is paid when money is appropriated.
    Carried,
}

/// The most that a sponsor may pay in one of its fiscal years.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appropriation {
    /// Money a fiscal year.
    pub per_year: f64,
    /// What happens to the rest.
    pub shortfall: Shortfall,
}

/// Terms of a price contract. Amounts are nominal unless an index is named.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceContractTerms {
    /// What is due for a unit.
    pub payoff: Payoff,
    /// The price it settles on.
    pub reference: Reference,
    /// Which units.
    pub coverage: Coverage,
    /// First day, in years from the start of the cash flow.
    pub start: f64,
    /// Last day, in years from the start of the cash flow.
    pub end: f64,
    /// How the strike (or floor and cap) moves.
    #[serde(default)]
    pub indexation: Indexation,
    /// The producer's share of a high price.
    #[serde(default)]
    pub upside: Option<UpsideShare>,
    /// Settlement periods between the one that earns a payment and the one that pays it.
    #[serde(default)]
    pub arrears: u32,
    /// Limit on the sponsor's payments.
    #[serde(default)]
    pub appropriation: Option<Appropriation>,
}

/// A price contract between a sponsor and a producer, settled period by period.
///
/// ```
/// use pricefloor::finance::{
///     ContractPeriod, Coverage, Indexation, Payoff, PriceContract, PriceContractTerms, Reference,
/// };
/// // A floor of 110 on all output: 650,000 kg sold while the quarter's average is 56 earn 54 each.
/// let floor = PriceContract::new(PriceContractTerms {
///     payoff: Payoff::Floor { strike: 110.0 },
///     reference: Reference::benchmark_average(),
///     coverage: Coverage::Share(1.0),
///     start: 0.0,
///     end: 10.0,
///     indexation: Indexation::Fixed,
///     upside: None,
///     arrears: 0,
///     appropriation: None,
/// })?;
/// let quarter = ContractPeriod {
///     start: 0.0,
///     years: 0.25,
///     fiscal_year: 2026,
///     output: 650_000.0,
///     average: 56.0,
///     end_price: 57.0,
///     realisation: 0.95,
///     sales: 0.95,
///     price_level: 1.0,
/// };
/// let mut state = floor.open();
/// assert_eq!(floor.settle(&mut state, &quarter).paid(), 54.0 * 650_000.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PriceContractTerms", into = "PriceContractTerms")]
pub struct PriceContract {
    terms: PriceContractTerms,
}

checked_terms!(PriceContract, PriceContractTerms);

/// Longest arrears, in settlement periods.
const LONGEST_ARREARS: u32 = 40;

impl PriceContract {
    /// A contract with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] for a strike, threshold, volume, share, factor or date that breaks its rule,
    /// [`FinanceError::Order`] where the end is not after the start or a cap is not above its floor.
    pub fn new(terms: PriceContractTerms) -> Result<Self, FinanceError> {
        match terms.payoff {
            Payoff::Floor { strike } | Payoff::TwoSided { strike } => {
                require("contract strike", strike, Rule::NotNegative)?;
            }
            Payoff::Collar { floor, cap } => {
                require("contract floor", floor, Rule::NotNegative)?;
                require("contract cap", cap, Rule::NotNegative)?;
                below(("contract floor", floor), ("contract cap", cap))?;
            }
        }
        match terms.coverage {
            Coverage::Share(share) => {
                require("covered share of output", share, Rule::PositiveShare)?
            }
            Coverage::First { per_year } | Coverage::Deemed { per_year } => {
                require("contract volume a year", per_year, Rule::Positive)?;
            }
        }
        reference(terms.reference)?;
        require("contract start", terms.start, Rule::NotNegative)?;
        require("contract end", terms.end, Rule::Finite)?;
        below(("contract start", terms.start), ("contract end", terms.end))?;
        indexation(terms.indexation)?;
        if let Some(upside) = terms.upside {
            require("upside share", upside.share, Rule::PositiveShare)?;
            require("upside threshold", upside.threshold, Rule::NotNegative)?;
            reference(upside.reference)?;
            indexation(upside.indexation)?;
            if let Some(cap) = upside.yearly_cap {
                require("yearly cap on the upside share", cap, Rule::NotNegative)?;
            }
            if let Some(from) = upside.from {
                require("start of the upside share", from, Rule::NotNegative)?;
            }
        }
        require(
            "arrears",
            f64::from(terms.arrears),
            Rule::AtMost(f64::from(LONGEST_ARREARS)),
        )?;
        if let Some(appropriation) = terms.appropriation {
            require(
                "appropriation a year",
                appropriation.per_year,
                Rule::NotNegative,
            )?;
        }
        Ok(Self { terms })
    }
}

fn reference(reference: Reference) -> Result<(), FinanceError> {
    require("reference factor", reference.factor, Rule::Positive)
}

fn indexation(indexation: Indexation) -> Result<(), FinanceError> {
    match indexation {
        Indexation::Yearly(rate) => require("yearly indexation", rate, Rule::Above(-1.0)),
        Indexation::Fixed | Indexation::Inflation => Ok(()),
    }
}

fn below(low: (&'static str, f64), high: (&'static str, f64)) -> Result<(), FinanceError> {
    if low.1 < high.1 {
        return Ok(());
    }
    Err(FinanceError::Order {
        low: low.0,
        low_value: low.1,
        high: high.0,
        high_value: high.1,
    })
}
