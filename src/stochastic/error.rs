use thiserror::Error;

/// What makes a process, a time grid or a simulation ill-posed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StochasticError {
    /// A parameter breaks its rule.
    #[error("{process}: {name} is {value}, but it must be {rule}")]
    Parameter {
        /// The process or setting that was being built.
        process: &'static str,
        /// The parameter's name.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// A time grid without a time.
    #[error("a time grid needs at least one time")]
    EmptyGrid,
    /// A grid time that is negative, not finite, or not after the one before it.
    #[error(
        "time grid: time {index} is {time} years, but times must be finite, not negative and strictly increasing"
    )]
    GridTime {
        /// Position in the grid.
        index: usize,
        /// The time in years.
        time: f64,
    },
    /// A grid or simulation larger than a machine can hold.
    #[error("{what} of {count} is too large")]
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// The count.
        count: u64,
    },
    /// A count that must be at least one.
    #[error("{what} is zero, but at least one is needed")]
    Zero {
        /// What is counted.
        what: &'static str,
    },
    /// A buffer whose length does not fit the grid.
    #[error(
        "a block needs {expected} numbers (times x commodities x paths), but the buffer has {found}"
    )]
    BlockLength {
        /// The length that the grid asks for.
        expected: usize,
        /// The length given.
        found: usize,
    },
    /// The price would leave the range of floating-point numbers.
    #[error(
        "{process}: at {time} years the log price has mean {log_mean} and standard deviation {deviation}, so the price leaves the range of a 64-bit float"
    )]
    OutOfRange {
        /// The process.
        process: &'static str,
        /// Time in years.
        time: f64,
        /// Mean of the log price.
        log_mean: f64,
        /// Standard deviation of the log price.
        deviation: f64,
    },
    /// A source that cannot use the draws asked for.
    #[error("{process} cannot be sampled with {draws} draws")]
    Draws {
        /// The process.
        process: &'static str,
        /// The kind of draws.
        draws: &'static str,
    },
    /// Fewer than the method needs.
    #[error("{found} {what}, but at least {needed} are needed")]
    TooFew {
        /// What is counted.
        what: &'static str,
        /// The count given.
        found: usize,
        /// The least that will do.
        needed: usize,
    },
    /// A price in a series that is not positive and finite.
    #[error("price series: number {index} is {value}, but prices must be positive and finite")]
    Observation {
        /// Position in the series.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A number of Sobol points that is not a power of two from 64 to 65,536.
    #[error(
        "a Sobol net of {points} points was asked for, but the number must be a power of two from 64 to 65536"
    )]
    SobolPoints {
        /// The number given.
        points: u32,
    },
    /// Paths that do not fill whole pairs or nets.
    #[error("{paths} paths do not divide into groups of {group}, as the draws need")]
    PathGroups {
        /// The number of paths, or of values.
        paths: usize,
        /// Paths that belong together.
        group: usize,
    },
    /// A correlation matrix that does not fit the number of prices.
    #[error(
        "{expected} prices need a correlation matrix of {expected} by {expected}, but it has a side of {found}"
    )]
    CorrelationShape {
        /// Number of prices.
        expected: usize,
        /// Length of the first side that does not fit.
        found: usize,
    },
    /// A correlation that is not in [-1, 1], not the same in both places, or not 1 on the diagonal.
    #[error(
        "correlation ({row}, {column}) is {value}, but the matrix must be symmetric, within [-1, 1], with ones on its diagonal"
    )]
    CorrelationEntry {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The entry.
        value: f64,
    },
    /// Correlations that cannot hold together.
    #[error(
        "{process}: the correlations cannot hold together (the matrix is not positive semidefinite)"
    )]
    Correlation {
        /// The process.
        process: &'static str,
    },
    /// Series that do not go together.
    #[error("series {index} differs from the first in length, spacing or sampling")]
    SeriesMismatch {
        /// Position of the series.
        index: usize,
    },
    /// Not one value for each series.
    #[error("{found} values were given for {expected} series")]
    SeriesCount {
        /// Number of series.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// A sample that holds a value that is not finite.
    #[error("sample value {index} is {value}, but a summary needs finite values")]
    NotFinite {
        /// Position in the sample.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A price source defined elsewhere failed.
    #[error("the price source failed")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Checks one parameter, so that each constructor reads as a list of rules.
pub(super) fn require(
    holds: bool,
    process: &'static str,
    name: &'static str,
    value: f64,
    rule: &'static str,
) -> Result<(), StochasticError> {
    if holds && value.is_finite() {
        Ok(())
    } else {
        Err(StochasticError::Parameter {
            process,
            name,
            value,
            rule,
        })
    }
}
