use super::operation::{Dates, Operation, check};
use super::tridiagonal::Tridiagonal;
use crate::finance::{FinanceError, Rule, require};
use crate::stochastic::{Diffusion, TimeGrid};
use crate::viability::ViabilityError;
use serde::{Deserialize, Serialize};

/// How finely finite differences look at an [`Operation`] on a price of one factor.
///
/// Between decision dates the expected value of each state follows the backward equation V_t + drift V_x + sigma^2 / 2
/// V_xx = 0 in the log price x, by TR-BDF2 (Bank et al. 1985): second order, and it damps the kinks that a decision leaves.
/// At the ends of the grid the curvature in the log price is taken as zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DifferenceSettings {
    /// Log prices on the grid, at least 9.
    pub nodes: usize,
    /// Steps of the equation between two decision dates, at least 1.
    pub substeps: usize,
    /// The grid reaches this many standard deviations of the log price to each side of today's, at least 1.
    pub deviations: f64,
}

impl Default for DifferenceSettings {
    /// 801 nodes over 6 deviations to each side, 2 steps between dates.
    fn default() -> Self {
        Self {
            nodes: 801,
            substeps: 2,
            deviations: 6.0,
        }
    }
}

/// A price at which the best move of a state changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The price, in the market's currency per unit.
    pub price: f64,
    /// The state that is best just below it.
    pub below: usize,
    /// The state that is best just above it.
    pub above: usize,
}

/// What each state of an [`Operation`] is worth at the first decision date, by price, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationValues {
    spot: f64,
    wait: f64,
    log_prices: Vec<f64>,
    first: Vec<Vec<f64>>,
    today: Vec<f64>,
    choices: Vec<Vec<usize>>,
    gains: Vec<Vec<f64>>,
}

impl DifferenceSettings {
    /// Values `operation` at the decision dates of `grid`, discounting at `rate` (effective, a year, as a fraction).
    ///
    /// # Errors
    /// [`ViabilityError::Finance`] for settings or a rate out of range, [`ViabilityError::NoState`] and
    /// [`ViabilityError::UnknownState`] for an operation whose states do not fit, [`ViabilityError::NotFinite`] where
    /// money or value leave the range of numbers.
    pub fn value(
        &self,
        operation: &dyn Operation,
        price: &dyn Diffusion,
        grid: &TimeGrid,
        rate: f64,
    ) -> Result<OperationValues, ViabilityError> {
        self.check()?;
        let states = check(operation)?;
        let dates = Dates::new(grid, rate)?;
        let line = LogPrices::new(self, price, grid)?;
        let prices: Vec<f64> = line.points.iter().map(|x| x.exp()).collect();

        let last = dates.count() - 1;
        let mut stay = vec![vec![0.0; prices.len()]; states];
        for (state, row) in stay.iter_mut().enumerate() {
            for (value, &p) in row.iter_mut().zip(&prices) {
                *value = operation.end_value(state, p);
            }
        }
        let mut values = Vec::new();
        for date in (0..=last).rev() {
            if date < last {
                let years = dates.step(date);
                let mut expected = values;
                line.expect(&mut expected, years, self.substeps);
                let discount = dates.discount(years);
                for (state, row) in stay.iter_mut().enumerate() {
                    let later = &expected[operation.next(state)];
                    for ((value, &p), later) in row.iter_mut().zip(&prices).zip(later) {
                        *value = operation.flow(state, p, years) + discount * later;
                    }
                }
            }
            values = best(operation, &stay, &prices, |_, _, _, _| ());
        }
        let mut choices = vec![vec![0; prices.len()]; states];
        let mut gains = vec![vec![0.0; prices.len()]; states];
        best(operation, &stay, &prices, |state, node, to, gain| {
            choices[state][node] = to;
            gains[state][node] = gain;
        });
        let mut expected = values.clone();
        if dates.wait() > 0.0 {
            line.expect(
                &mut expected,
                dates.wait(),
                self.substeps.max(FIRST_SUBSTEPS),
            );
        }
        let discount = dates.discount(dates.wait());
        let today: Vec<f64> = expected
            .iter()
            .map(|row| discount * line.between(row, price.spot().ln()))
            .collect();
        if let Some(state) = today.iter().position(|v| !v.is_finite()) {
            return Err(ViabilityError::NotFinite { state });
        }
        Ok(OperationValues {
            spot: price.spot(),
            wait: dates.wait(),
            log_prices: line.points,
            first: values,
            today,
            choices,
            gains,
        })
    }

    fn check(&self) -> Result<(), ViabilityError> {
        for (thing, value, least) in [
            ("number of log prices", self.nodes as f64, 9.0),
            ("number of steps between dates", self.substeps as f64, 1.0),
            ("width of the grid in deviations", self.deviations, 1.0),
        ] {
            require(thing, value, Rule::AtLeast(least))?;
        }
        Ok(())
    }
}

/// The wait for the first date is one long step, so it is cut finer than the others.
const FIRST_SUBSTEPS: usize = 50;

impl OperationValues {
    /// Value of `state` today, in money.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownState`].
    pub fn today(&self, state: usize) -> Result<f64, ViabilityError> {
        self.today
            .get(state)
            .copied()
            .ok_or_else(|| self.unknown(state))
    }

    /// Value of `state` at the first decision date if the price is then `price` (currency per unit), before the move, in
    /// money; none outside the grid of prices.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownState`].
    pub fn at(&self, state: usize, price: f64) -> Result<Option<f64>, ViabilityError> {
        let row = self.first.get(state).ok_or_else(|| self.unknown(state))?;
        let x = price.ln();
        let inside = x >= self.log_prices[0] && x <= self.log_prices[self.log_prices.len() - 1];
        Ok(inside.then(|| interpolate(&self.log_prices, row, x)))
    }

    /// Prices at which the best move from `state` changes at the first decision date, from the lowest up.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownState`].
    pub fn switches(&self, state: usize) -> Result<Vec<Switch>, ViabilityError> {
        let choices = self.choices.get(state).ok_or_else(|| self.unknown(state))?;
        let gains = &self.gains[state];
        let mut found = Vec::new();
        for node in 1..choices.len() {
            let (below, above) = (choices[node - 1], choices[node]);
            if below == above {
                continue;
            }
            // The gain over staying is zero at the switch between staying and moving; between two moves, halfway.
            let (a, b) = (gains[node - 1], gains[node]);
            let moved = if below == state { b } else { a };
            let weight = if (below == state || above == state) && moved > 0.0 && (b - a).abs() > 0.0
            {
                (a / (a - b)).clamp(0.0, 1.0)
            } else {
                0.5
            };
            let x = self.log_prices[node - 1]
                + weight * (self.log_prices[node] - self.log_prices[node - 1]);
            found.push(Switch {
                price: x.exp(),
                below,
                above,
            });
        }
        Ok(found)
    }

    /// Price today, in the market's currency per unit.
    pub fn spot(&self) -> f64 {
        self.spot
    }

    /// Years from today to the first decision date.
    pub fn wait(&self) -> f64 {
        self.wait
    }

    fn unknown(&self, state: usize) -> ViabilityError {
        ViabilityError::UnknownState {
            state,
            states: self.today.len(),
        }
    }
}

/// The best of staying and moving, by state and price. `seen` gets the state, the node, the best state to be in, and the
/// gain of the best move over staying (negative where staying is better, -infinity without a move).
fn best(
    operation: &dyn Operation,
    stay: &[Vec<f64>],
    prices: &[f64],
    mut seen: impl FnMut(usize, usize, usize, f64),
) -> Vec<Vec<f64>> {
    let of = |(state, row): (usize, &Vec<f64>)| {
        let moves = operation.moves(state);
        let one = |(node, (&here, &price)): (usize, (&f64, &f64))| {
            let (mut to, mut gain) = (state, f64::NEG_INFINITY);
            for &other in moves {
                let more = stay[other][node] - operation.cost(state, other, price) - here;
                if more > gain {
                    gain = more;
                    if more > 0.0 {
                        to = other;
                    }
                }
            }
            seen(state, node, to, gain);
            here + gain.max(0.0)
        };
        row.iter().zip(prices).enumerate().map(one).collect()
    };
    stay.iter().enumerate().map(of).collect()
}

/// The grid of log prices and the coefficients of the generator on it.
struct LogPrices {
    points: Vec<f64>,
    down: Vec<f64>,
    up: Vec<f64>,
}

impl LogPrices {
    fn new(
        settings: &DifferenceSettings,
        price: &dyn Diffusion,
        grid: &TimeGrid,
    ) -> Result<Self, ViabilityError> {
        let sigma = price.volatility();
        let horizon = grid.times()[grid.steps() - 1];
        let centre = price.spot().ln();
        // The mean and variance of the log price, followed in small steps, so that any one-factor drift will do.
        let steps = 1000;
        let h = horizon / f64::from(steps);
        let (mut mean, mut variance) = (centre, 0.0);
        let (mut low, mut high) = (centre, centre);
        for _ in 0..steps {
            let slope = (price.log_drift(mean + 1e-4) - price.log_drift(mean - 1e-4)) / 2e-4;
            mean += h * price.log_drift(mean);
            variance = (variance * (2.0 * slope * h).exp()) + sigma * sigma * h;
            let reach = settings.deviations * variance.sqrt();
            low = low.min(mean - reach);
            high = high.max(mean + reach);
        }
        let wide = high - low;
        if !(wide.is_finite() && wide > 0.0 && sigma > 0.0 && low > MOST_LOG.0 && high < MOST_LOG.1)
        {
            return Err(FinanceError::Value {
                thing: "volatility of the price that finite differences look at",
                value: sigma,
                rule: Rule::Positive,
            }
            .into());
        }
        let nodes = settings.nodes;
        let step = wide / (nodes - 1) as f64;
        // Today's log price lies on a node.
        let shift = ((centre - low) / step).round() * step - (centre - low);
        let points: Vec<f64> = (0..nodes).map(|i| low - shift + step * i as f64).collect();
        let (mut down, mut up) = (vec![0.0; nodes], vec![0.0; nodes]);
        let diffusion = 0.5 * sigma * sigma / (step * step);
        for (i, &x) in points.iter().enumerate() {
            let drift = price.log_drift(x) / step;
            let inside = i > 0 && i + 1 < nodes;
            // Central differences, upwind where they would lose the maximum principle, and at the ends.
            let (lower, upper) = if inside && 0.5 * drift.abs() <= diffusion {
                (diffusion - 0.5 * drift, diffusion + 0.5 * drift)
            } else {
                let spread = if inside { diffusion } else { 0.0 };
                (spread + (-drift).max(0.0), spread + drift.max(0.0))
            };
            down[i] = if i > 0 { lower } else { 0.0 };
            up[i] = if i + 1 < nodes { upper } else { 0.0 };
        }
        Ok(Self { points, down, up })
    }

    /// Replaces values at the end of a step of `years` by their expectation at its start.
    fn expect(&self, rows: &mut [Vec<f64>], years: f64, substeps: usize) {
        let h = years / substeps as f64;
        let stage = 0.5 * GAMMA * h;
        let matrix = Tridiagonal::factor(
            self.down.iter().map(|d| -stage * d).collect(),
            self.down
                .iter()
                .zip(&self.up)
                .map(|(d, u)| 1.0 + stage * (d + u))
                .collect(),
            self.up.iter().map(|u| -stage * u).collect(),
        );
        let mut middle = vec![0.0; self.points.len()];
        let both = GAMMA * (2.0 - GAMMA);
        let old = (1.0 - GAMMA) * (1.0 - GAMMA);
        for row in rows {
            for _ in 0..substeps {
                self.explicit(row, stage, &mut middle);
                matrix.solve(&mut middle);
                for (value, middle) in row.iter_mut().zip(&middle) {
                    *value = (middle - old * *value) / both;
                }
                matrix.solve(row);
            }
        }
    }

    fn explicit(&self, row: &[f64], step: f64, out: &mut [f64]) {
        let n = row.len();
        for i in 0..n {
            let below = if i > 0 {
                self.down[i] * (row[i - 1] - row[i])
            } else {
                0.0
            };
            let above = if i + 1 < n {
                self.up[i] * (row[i + 1] - row[i])
            } else {
                0.0
            };
            out[i] = row[i] + step * (below + above);
        }
    }

    fn between(&self, row: &[f64], x: f64) -> f64 {
        interpolate(&self.points, row, x)
    }
}

/// 2 - sqrt 2: both stages of a step then share a matrix.
const GAMMA: f64 = 2.0 - std::f64::consts::SQRT_2;

/// Log prices whose price is a number.
const MOST_LOG: (f64, f64) = (-700.0, 700.0);

/// Cubic (Lagrange) interpolation on evenly spaced points.
fn interpolate(points: &[f64], row: &[f64], x: f64) -> f64 {
    let step = points[1] - points[0];
    let place = ((x - points[0]) / step).clamp(0.0, (points.len() - 1) as f64);
    let first = (place.floor() as usize)
        .saturating_sub(1)
        .min(points.len() - 4);
    let t = place - first as f64;
    let weights = [
        -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0,
        t * (t - 2.0) * (t - 3.0) / 2.0,
        -t * (t - 1.0) * (t - 3.0) / 2.0,
        t * (t - 1.0) * (t - 2.0) / 6.0,
    ];
    weights.iter().zip(&row[first..]).map(|(w, v)| w * v).sum()
}
