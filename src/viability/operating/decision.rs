use super::least_squares::{LeastSquares, Regression, Sample};
use super::operation::Operation;
use super::polynomial::{Polynomial, Powers};

/// What to do at one date, as regressions say it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decisions {
    regression: Regression,
    years: f64,
    worth: Worth,
}

/// What a state that is entered now is expected to earn later.
#[derive(Debug, Clone, PartialEq)]
enum Worth {
    /// By the state entered.
    Shared(Vec<Polynomial>),
    /// By the state left, then the choice: staying first, then its moves in order. Nothing where no path is in the money.
    Own(Vec<Vec<Polynomial>>),
}

impl Decisions {
    /// `later` is what each state entered now earns from the next date on, path by path, valued now.
    pub fn fit(
        method: &LeastSquares,
        operation: &dyn Operation,
        row: &[f64],
        later: &[Vec<f64>],
        years: f64,
    ) -> Self {
        let seen = |paths: &[usize]| -> Vec<f64> {
            paths
                .iter()
                .map(|&path| method.regression.of(row[path]))
                .collect()
        };
        let worth = match method.sample {
            Sample::AllPaths => {
                let all: Vec<usize> = (0..row.len()).collect();
                let powers = Powers::new(&seen(&all), method.degree);
                Worth::Shared(later.iter().map(|values| powers.fit(values)).collect())
            }
            Sample::InTheMoney => {
                let own = |state: usize| {
                    let paying: Vec<usize> = (0..row.len())
                        .filter(|&path| pays(operation, state, row[path]))
                        .collect();
                    if paying.is_empty() {
                        return vec![];
                    }
                    let powers = Powers::new(&seen(&paying), method.degree);
                    let fit = |to: usize| {
                        let values: Vec<f64> = paying.iter().map(|&path| later[to][path]).collect();
                        powers.fit(&values)
                    };
                    choices(operation, state).map(fit).collect()
                };
                Worth::Own((0..later.len()).map(own).collect())
            }
        };
        Self {
            regression: method.regression,
            years,
            worth,
        }
    }

    /// The state to be in over the coming step.
    pub fn choose(&self, operation: &dyn Operation, state: usize, price: f64) -> usize {
        if operation.moves(state).is_empty() {
            return state;
        }
        let x = self.regression.of(price);
        let later = |choice: usize, to: usize| match &self.worth {
            Worth::Shared(worth) => Some(worth[to].at(x)),
            Worth::Own(worth) => Some(worth[state].get(choice)?.at(x)),
        };
        if matches!(self.worth, Worth::Own(_)) && !pays(operation, state, price) {
            return state;
        }
        let mut best = (state, f64::NEG_INFINITY);
        for (choice, to) in choices(operation, state).enumerate() {
            let Some(later) = later(choice, to) else {
                return state;
            };
            let value = self.receipts(operation, state, to, price) + later;
            if value > best.1 {
                best = (to, value);
            }
        }
        best.0
    }

    /// Earned at once and over the coming step by moving from `state` to `to`, or staying there.
    pub fn receipts(&self, operation: &dyn Operation, state: usize, to: usize, price: f64) -> f64 {
        let cost = if to == state {
            0.0
        } else {
            operation.cost(state, to, price)
        };
        operation.flow(to, price, self.years) - cost
    }
}

/// Value of `state` at the last date: of what it is worth there, or of the best last move.
pub(super) fn last_move(operation: &dyn Operation, state: usize, price: f64) -> f64 {
    let moved = |&to: &usize| operation.end_value(to, price) - operation.cost(state, to, price);
    operation
        .moves(state)
        .iter()
        .map(moved)
        .fold(operation.end_value(state, price), f64::max)
}

/// Staying, then the moves.
fn choices(operation: &dyn Operation, state: usize) -> impl Iterator<Item = usize> {
    std::iter::once(state).chain(operation.moves(state).iter().copied())
}

fn pays(operation: &dyn Operation, state: usize, price: f64) -> bool {
    let moves = operation.moves(state).iter();
    moves
        .copied()
        .any(|to| operation.cost(state, to, price) < 0.0)
}
