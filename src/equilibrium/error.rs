//! Why there is no equilibrium to show.

use thiserror::Error;

use crate::assembly::DraftError;
use crate::complementarity::ComplementarityError;

/// No equilibrium: the question is ill-posed, or the solver did not arrive.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SolveError {
    /// A fact or a measure that cannot be written down.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A measure whose lump sums or cases could not be worked out.
    #[error(transparent)]
    Settle(#[from] crate::intervention::SettleError),
    /// The numerical engine refused the problem.
    #[error(transparent)]
    Engine(#[from] ComplementarityError),
    /// The executor that runs the solver stopped with an error of its own.
    #[error("the solver's executor stopped: {detail}")]
    Executor {
        /// What it said.
        detail: String,
    },
    /// No number has this path.
    #[error("no number has the path `{path}`; list them with `Compiled::params`")]
    UnknownPath {
        /// The path.
        path: String,
    },
    /// No node, activity or measure has this name.
    #[error("unknown {what} `{name}`; known: {known}")]
    UnknownName {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A number that was set outside its range.
    #[error("{path} is set to {value}; it must be {rule}")]
    Number {
        /// Its path.
        path: String,
        /// The value.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Fixed demand that no supply reaches.
    #[error(
        "demand for {commodity} in {region} is fixed at {quantity} and nothing reaches it: no producer, no route from one"
    )]
    Unreached {
        /// Region of the demand.
        region: String,
        /// Commodity.
        commodity: String,
        /// The fixed quantity per year.
        quantity: f64,
    },
    /// Demand that is never zero, however high the price, and that no supply reaches.
    #[error(
        "demand for {commodity} in {region} is above zero at every price and nothing reaches it: no producer with a capacity, no route from one, or a rule that lets nothing of theirs in; give it a choke price or a supply"
    )]
    Unsupplied {
        /// Region of the demand.
        region: String,
        /// Commodity.
        commodity: String,
    },
    /// A quantity that gains by growing without limit: what is paid for one more unit is above its cost at every price.
    #[error(
        "`{place}` gains by growing without limit at every price: give it a capacity, or limit what is paid for"
    )]
    Endless {
        /// The activity or measure.
        place: String,
    },
    /// Demand that must be met whatever the price, above all that can be delivered.
    #[error("supply of {commodity} in {regions} cannot meet its must-take demand of {demand}: at most {capacity} can be delivered, short by {}", demand - capacity)]
    Shortfall {
        /// Regions of the demand.
        regions: String,
        /// Commodity.
        commodity: String,
        /// The fixed quantity per year.
        demand: f64,
        /// The most that can be delivered, per year.
        capacity: f64,
    },
    /// A quantity that a measure demands, above all that can be had.
    #[error("`{place}` demands a quantity of {asked}: at most {most} can be had")]
    Unattainable {
        /// The number of the measure that would have to bring it about.
        place: String,
        /// The quantity, per year.
        asked: f64,
        /// The most that can be had, per year.
        most: f64,
    },
    /// Fixed demand equal to fixed supply: every price from zero up clears the market.
    #[error(
        "demand for {commodity} in {region} and supply are both fixed at {quantity}: any price clears the market"
    )]
    Indeterminate {
        /// Region.
        region: String,
        /// Commodity.
        commodity: String,
        /// The fixed quantity per year.
        quantity: f64,
    },
    /// The solver did not arrive at an equilibrium. This says where it stood, which is not one.
    #[error(
        "no equilibrium found: {reason}; furthest from its condition is `{place}` (scaled residual {residual:.3e})"
    )]
    Unsolved {
        /// Why the solver ended.
        reason: Reason,
        /// The node, activity or measure that is furthest from its condition.
        place: String,
        /// Its scaled residual, no unit.
        residual: f64,
    },
    /// Rows of numbers that do not come out even.
    #[error(
        "{values} values do not make rows of {params} numbers; give at least one number and whole rows"
    )]
    Rows {
        /// Numbers in a row.
        params: usize,
        /// Values given.
        values: usize,
    },
    /// A gain that belongs to all goods of a demand system.
    #[error(
        "the gain of {consumers} is counted for all goods of their demand system together; see the ledger"
    )]
    CountedTogether {
        /// The consumers.
        consumers: String,
    },
    /// Columns of different lengths.
    #[error("the column `{column}` has {rows} rows; the column `supply` has {expected}")]
    Column {
        /// The column.
        column: &'static str,
        /// Its rows.
        rows: usize,
        /// Rows of the first column.
        expected: usize,
    },
    /// A derivative where a condition is just binding: the two sides differ.
    #[error("`{place}` is just at a switch; ask for the derivative on one side")]
    Switch {
        /// The node, activity or measure at its switch.
        place: String,
    },
    /// Derivatives asked of a workspace that holds no solution.
    #[error("the workspace holds no solution; solve first")]
    NoSolution,
    /// An equilibrium without the system behind it.
    #[error(
        "this equilibrium of `{market}` was read back from a file or is one of several linked periods; solve the market to ask how it answers to a change"
    )]
    Detached {
        /// The market.
        market: String,
    },
    /// Every first-order point that was reached leaves a firm something to gain.
    #[error(
        "no equilibrium found: at every first-order point reached, `{firm}` gains {gain:.2e} of its revenue by selling another quantity"
    )]
    NotAnEquilibrium {
        /// The firm.
        firm: String,
        /// Its gain as a share of its revenue.
        gain: f64,
    },
    /// Every way in which a measure with a switch could apply contradicts itself.
    #[error("no equilibrium in pure strategies: {detail}")]
    NoConsistentBranch {
        /// What was tried and why it fails.
        detail: String,
    },
}

/// Why the solver ended without an equilibrium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Every algorithm came to rest away from a solution.
    NoProgress,
    /// The system is singular where the solver stands.
    Singular,
    /// There is provably no solution.
    Infeasible,
    /// The limit on iterations was reached.
    IterationLimit,
    /// The limit on time was reached.
    TimeLimit,
    /// An observer ended the run.
    Interrupted,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoProgress => "no further progress",
            Self::Singular => "the system is singular",
            Self::Infeasible => "provably infeasible",
            Self::IterationLimit => "iteration limit reached",
            Self::TimeLimit => "time limit reached",
            Self::Interrupted => "interrupted",
        })
    }
}

impl SolveError {
    /// The thing that the error names.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Draft(e) => Some(e.place()),
            Self::Engine(_) | Self::Settle(_) | Self::Executor { .. } => None,
            Self::UnknownPath { path } | Self::Number { path, .. } => Some(path),
            Self::UnknownName { name, .. } => Some(name),
            Self::Unreached { region, .. }
            | Self::Unsupplied { region, .. }
            | Self::Indeterminate { region, .. } => Some(region),
            Self::Shortfall { regions, .. } => Some(regions),
            Self::Unsolved { place, .. }
            | Self::Endless { place }
            | Self::Unattainable { place, .. } => Some(place),
            Self::Switch { place } => Some(place),
            Self::NoSolution | Self::Rows { .. } => None,
            Self::Column { column, .. } => Some(column),
            Self::CountedTogether { consumers } => Some(consumers),
            Self::Detached { market } => Some(market),
            Self::NotAnEquilibrium { firm, .. } => Some(firm),
            Self::NoConsistentBranch { detail } => Some(detail),
        }
    }

    /// The number that the error is about, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Draft(e) => e.value(),
            Self::Number { value, .. } => Some(*value),
            Self::Unreached { quantity, .. } | Self::Indeterminate { quantity, .. } => {
                Some(*quantity)
            }
            Self::Shortfall {
                demand, capacity, ..
            } => Some(demand - capacity),
            Self::Unattainable { asked, most, .. } => Some(asked - most),
            Self::Unsolved { residual, .. } => Some(*residual),
            Self::NotAnEquilibrium { gain, .. } => Some(*gain),
            _ => None,
        }
    }
}
