use crate::finance::FinanceError;
use crate::stochastic::StochasticError;
use thiserror::Error;

/// What makes a study of a producer ill-posed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ViabilityError {
    /// Terms or amounts of the producer.
    #[error(transparent)]
    Finance(#[from] FinanceError),
    /// The price source or the simulation.
    #[error(transparent)]
    Stochastic(#[from] StochasticError),
    /// The market that prices are drawn from.
    #[error(transparent)]
    Market(#[from] crate::equilibrium::SolveError),
    /// A number that two shocks move.
    #[error("two shocks move \"{path}\"")]
    ShockedTwice {
        /// Path of the number.
        path: String,
    },
    /// A study without a case.
    #[error("a study needs at least one case")]
    NoCase,
    /// Two cases of one name.
    #[error("case \"{name}\" appears twice")]
    DuplicateCase {
        /// The name.
        name: String,
    },
    /// A case that the study does not have.
    #[error("there is no case \"{name}\"")]
    UnknownCase {
        /// The name.
        name: String,
    },
    /// A price source with too few prices.
    #[error("the project sells at {needed} prices, but the price source has {found}")]
    Commodities {
        /// Prices that the project needs.
        needed: usize,
        /// Prices that the source has.
        found: usize,
    },
    /// Paths that hang together in one pair or net, whose mean has no error that could be told from them.
    #[error(
        "the {paths} paths are a single group of dependent draws, which says nothing of its error: draw two groups or more"
    )]
    OneGroup {
        /// Paths of the simulation.
        paths: usize,
    },
    /// A question about an expansion, asked of a project without one.
    #[error("case \"{case}\" has no expansion, so there is no price at which it is built")]
    NoGrowth {
        /// The case.
        case: String,
    },
    /// A question about one price, asked of a project that sells at several.
    #[error("{what} asks for one price, but the project sells at {found}")]
    SeveralPrices {
        /// The question.
        what: &'static str,
        /// Prices that the project has.
        found: usize,
    },
    /// Contracts that no strip of options describes: none, several, or one without a positive strike.
    #[error("case \"{case}\" has no contract that a strip of options could stand beside")]
    NoStrip {
        /// The case.
        case: String,
    },
    /// The closed form itself.
    #[error("the strip of options could not be valued")]
    Strip(#[from] crate::finance::OptionError),
    /// An operation without a state.
    #[error("an operation needs at least one state")]
    NoState,
    /// A state that the operation does not have.
    #[error("there is no state {state}: the operation has {states}, numbered from 0")]
    UnknownState {
        /// The state asked for, or pointed to.
        state: usize,
        /// How many states there are.
        states: usize,
    },
    /// Money that leaves the range of numbers.
    #[error(
        "the value of state {state} is not a finite number: look at the money that the operation earns there"
    )]
    NotFinite {
        /// The state.
        state: usize,
    },
}
