use crate::finance::{Rule, require};
use crate::stochastic::TimeGrid;
use crate::viability::ViabilityError;

/// Something that its owner can run in several states and move between them.
///
/// At each decision date the owner sees the price, may make one move (paying its cost), and then earns [`flow`] over the
/// step to the next date, at which the operation is in state [`next`]. At the last date one more move may be made, and
/// what is left is worth [`end_value`]. The value of state `s` is, by dynamic programming,
///
/// V_t(s, P) = max over s' of -cost(s, s', P) + flow(s', P, h) + (1 + r)^-h E\[V_{t+1}(next(s'), P') | P\],
///
/// where s' is `s` itself (free of cost) or one of its [`moves`]. Nothing is earned before the first date.
///
/// [`flow`]: Operation::flow
/// [`next`]: Operation::next
/// [`end_value`]: Operation::end_value
/// [`moves`]: Operation::moves
///
/// An American put, as the smallest example:
///
/// ```
/// use pricefloor::stochastic::{GeometricBrownian, GeometricBrownianTerms, TimeGrid};
/// use pricefloor::viability::{DifferenceSettings, Operation};
///
/// struct Put(f64);
///
/// impl Operation for Put {
///     fn states(&self) -> usize {
///         2 // 0: alive, 1: exercised
///     }
///     fn moves(&self, state: usize) -> &[usize] {
///         if state == 0 { &[1] } else { &[] }
///     }
///     fn cost(&self, _: usize, _: usize, price: f64) -> f64 {
///         price - self.0
///     }
/// }
///
/// // Longstaff and Schwartz (2001), table 1, first line: 4.478 by finite differences.
/// let price = GeometricBrownian::new(GeometricBrownianTerms { spot: 36.0, drift: 0.06, volatility: 0.2 })?;
/// let values = DifferenceSettings::default().value(&Put(40.0), &price, &TimeGrid::regular(50, 50)?, 0.06f64.exp_m1())?;
/// assert!((values.today(0)? - 4.478).abs() < 0.005);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Operation: Sync {
    /// How many states there are, at least 1.
    fn states(&self) -> usize;

    /// The states that can be moved to from `state` at a decision date.
    fn moves(&self, state: usize) -> &[usize];

    /// What the move costs, in money; negative where it pays.
    fn cost(&self, from: usize, to: usize, price: f64) -> f64;

    /// Money earned over a step of `years` that starts at `price` (currency per unit) in `state`.
    fn flow(&self, _state: usize, _price: f64, _years: f64) -> f64 {
        0.0
    }

    /// The state at the end of a step in `state`.
    fn next(&self, state: usize) -> usize {
        state
    }

    /// What `state` is worth at the last date, before a last move, in money.
    fn end_value(&self, _state: usize, _price: f64) -> f64 {
        0.0
    }
}

/// The dates and the discounting of a valuation.
pub(super) struct Dates<'a> {
    grid: &'a TimeGrid,
    rate: f64,
}

impl<'a> Dates<'a> {
    pub fn new(grid: &'a TimeGrid, rate: f64) -> Result<Self, ViabilityError> {
        require("discount rate", rate, Rule::Above(-1.0))?;
        Ok(Self { grid, rate })
    }

    pub fn count(&self) -> usize {
        self.grid.steps()
    }

    /// Years from date `index` to the next; none from the last.
    pub fn step(&self, index: usize) -> f64 {
        let times = self.grid.times();
        times.get(index + 1).map_or(0.0, |next| next - times[index])
    }

    /// Years from today to the first date.
    pub fn wait(&self) -> f64 {
        self.grid.times()[0]
    }

    pub fn discount(&self, years: f64) -> f64 {
        (-years * self.rate.ln_1p()).exp()
    }
}

/// Refuses an operation whose states point outside the list of states, or that has none.
pub(super) fn check(operation: &dyn Operation) -> Result<usize, ViabilityError> {
    let states = operation.states();
    if states == 0 {
        return Err(ViabilityError::NoState);
    }
    for state in 0..states {
        let targets = operation.moves(state).iter().copied();
        if let Some(to) = targets
            .chain([operation.next(state)])
            .find(|&to| to >= states)
        {
            return Err(ViabilityError::UnknownState { state: to, states });
        }
    }
    Ok(states)
}
