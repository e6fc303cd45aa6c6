//! One period with storage in both regions, once it is known what a stored unit is worth.

use super::super::root::root;
use super::route::{Route, Spatial, Square, square};

/// What a unit stored in each region is worth, less its cost of storage, and the response to both stocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worth {
    pub value: [f64; 2],
    pub slopes: Square,
}

/// A period that clears.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cleared {
    pub spatial: Spatial,
    pub stocks: [f64; 2],
    /// Response of prices to what is there in each region.
    pub responds: Square,
}

/// Solves
///
/// ```text
/// 0 <= S_i   complementary to   P_i(A - S) - W_i(S) >= 0
/// ```
///
/// Both sides rise in the own stock more than in the other one, so that each step is a root of a rising function: the
/// stock of one region with none in the other, and both together where neither is an answer.
pub(super) struct Period<'a, W> {
    pub route: Route<'a>,
    pub there: [f64; 2],
    pub worth: W,
}

/// How far the price is from what storing is worth, with its response to both stocks.
struct Gap {
    value: [f64; 2],
    slopes: Square,
    /// The prices, by which gaps are measured.
    scale: [f64; 2],
}

impl Gap {
    fn share(&self, region: usize) -> f64 {
        let share = self.value[region] / self.scale[region];
        // Where nothing is left to use the price has no limit.
        if share.is_nan() { f64::INFINITY } else { share }
    }

    fn largest(&self) -> f64 {
        self.share(0).abs().max(self.share(1).abs())
    }
}

const CLOSE: f64 = 1e-12;

impl<W: Fn([f64; 2]) -> Worth> Period<'_, W> {
    pub(super) fn clear(&self, guess: [f64; 2]) -> Cleared {
        let both_guessed = guess[0] > 0.0 && guess[1] > 0.0;
        let guessed = if both_guessed {
            self.newton(guess)
        } else {
            None
        };
        if let Some(both) = guessed {
            return self.cleared(both);
        }
        // Where a unit may lie in either region it lies in the first.
        let first = [self.alone(0, 0.0, guess[0]), 0.0];
        if self.content(first, 1) {
            return self.cleared(first);
        }
        let second = [0.0, self.alone(1, 0.0, guess[1])];
        if self.content(second, 0) {
            return self.cleared(second);
        }
        let start = [0.5 * first[0], 0.5 * second[1]];
        let both = if start[0] > 0.0 && start[1] > 0.0 {
            self.newton(start)
        } else {
            None
        };
        self.cleared(both.unwrap_or_else(|| self.nested()))
    }

    fn left(&self, stocks: [f64; 2]) -> [f64; 2] {
        [self.there[0] - stocks[0], self.there[1] - stocks[1]]
    }

    fn gap(&self, stocks: [f64; 2]) -> Gap {
        let spatial = self.route.trade(self.left(stocks));
        let worth = (self.worth)(stocks);
        Gap {
            value: [
                spatial.prices[0] - worth.value[0],
                spatial.prices[1] - worth.value[1],
            ],
            slopes: square(|i, j| -spatial.slopes[i][j] - worth.slopes[i][j]),
            scale: [spatial.prices[0].abs(), spatial.prices[1].abs()],
        }
    }

    /// Whether nobody in `region` would rather store.
    fn content(&self, stocks: [f64; 2], region: usize) -> bool {
        let gap = self.gap(stocks);
        gap.value[region] >= 0.0 || gap.share(region) >= -1e2 * CLOSE
    }

    /// The stock of a region beside a given one in the other: Newton's method between bounds.
    fn alone(&self, region: usize, other: f64, guess: f64) -> f64 {
        let at = |stock: f64| {
            let mut stocks = [other; 2];
            stocks[region] = stock;
            let gap = self.gap(stocks);
            (
                gap.value[region],
                gap.slopes[region][region],
                gap.share(region),
            )
        };
        let nothing = at(0.0);
        if nothing.0 >= 0.0 {
            return 0.0;
        }
        let reachable = self.there[0] + self.there[1] - other;
        let (mut low, mut high) = (0.0, reachable.max(0.0));
        let mut stock = if guess > 0.0 && guess < high {
            guess
        } else {
            (-nothing.0 / nothing.1).clamp(0.0, 0.5 * high)
        };
        for _ in 0..200 {
            let (gap, slope, share) = at(stock);
            if share.abs() <= 1e-1 * CLOSE {
                return stock;
            }
            if gap < 0.0 {
                low = stock;
            } else {
                high = stock;
            }
            let newton = stock - gap / slope;
            stock = if newton > low && newton < high {
                newton
            } else {
                0.5 * (low + high)
            };
            if high - low <= 1e-15 * reachable {
                return stock;
            }
        }
        stock
    }

    /// Both stocks by Newton's method, if it comes to an end.
    fn newton(&self, start: [f64; 2]) -> Option<[f64; 2]> {
        let mut stocks = start;
        let mut gap = self.gap(stocks);
        for _ in 0..40 {
            if gap.largest() <= CLOSE {
                return Some(stocks);
            }
            let step = solve(gap.slopes, gap.value)?;
            let mut share = 1.0f64;
            for (stock, step) in stocks.iter().zip(step) {
                if step >= *stock {
                    share = share.min(0.9 * stock / step);
                }
            }
            let before = gap.largest();
            loop {
                let next = [stocks[0] - share * step[0], stocks[1] - share * step[1]];
                let there = self.gap(next);
                if there.largest() < before {
                    (stocks, gap) = (next, there);
                    break;
                }
                share *= 0.5;
                if share < 0.05 {
                    return None;
                }
            }
        }
        None
    }

    /// Both stocks, one root within the other.
    fn nested(&self) -> [f64; 2] {
        let beside = |second: f64| [self.alone(0, second, 0.0), second];
        let gap = |second: f64| self.gap(beside(second)).value[1];
        let nothing = gap(0.0);
        let (mut low, mut high) = (0.0, self.there[0] + self.there[1]);
        let mut middle = 0.5 * (low + high);
        let mut above = gap(middle);
        // Where nothing is left the price has no limit, which a root needs.
        for _ in 0..60 {
            if above.is_finite() && above > 0.0 {
                break;
            }
            if above.is_finite() {
                low = middle;
            } else {
                high = middle;
            }
            middle = 0.5 * (low + high);
            above = gap(middle);
        }
        beside(root(gap, (0.0, nothing), (middle, above)))
    }

    fn cleared(&self, stocks: [f64; 2]) -> Cleared {
        let spatial = self.route.trade(self.left(stocks));
        let worth = (self.worth)(stocks);
        Cleared {
            responds: responds(&spatial.slopes, &worth.slopes, stocks),
            spatial,
            stocks,
        }
    }
}

/// Response of prices to what is there: that to what is left, less what goes into the stocks that are held.
fn responds(price: &Square, worth: &Square, stocks: [f64; 2]) -> Square {
    let held = [stocks[0] > 0.0, stocks[1] > 0.0];
    let system = square(|i, j| match (held[i], held[j]) {
        (true, true) => price[i][j] + worth[i][j],
        _ => f64::from(u8::from(i == j)),
    });
    let mut response = *price;
    for j in 0..2 {
        let by = |i: usize| if held[i] { price[i][j] } else { 0.0 };
        let Some(stored) = solve(system, [by(0), by(1)]) else {
            continue;
        };
        for (i, row) in response.iter_mut().enumerate() {
            row[j] -= price[i][0] * stored[0] + price[i][1] * stored[1];
        }
    }
    response
}

/// The solution of two linear equations, if they have one.
pub(super) fn solve(matrix: Square, right: [f64; 2]) -> Option<[f64; 2]> {
    let [[a, b], [c, d]] = matrix;
    let determinant = a * d - b * c;
    let solution = [
        (d * right[0] - b * right[1]) / determinant,
        (a * right[1] - c * right[0]) / determinant,
    ];
    (determinant != 0.0 && solution.iter().all(|x| x.is_finite())).then_some(solution)
}
