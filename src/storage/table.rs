//! The price as a function of availability in one regime: pieces between knots that stand on its kinks.

use super::spot::{Spot, Valued};

/// What runs from a knot to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Run {
    /// Somebody's stock responds: a cubic with the slopes of both ends.
    Cubic { second: f64, third: f64 },
    /// The stock is full and does not respond: the price of what is left for use.
    Full { stock: f64 },
}

/// A knot: a point of the price function with its slope on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Knot {
    pub availability: f64,
    pub price: f64,
    pub left: f64,
    pub right: f64,
}

/// The price function. Before the first knot nothing is stored; after the last one the stock goes on along a line.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub spot: Spot,
    pub knots: Vec<Knot>,
    runs: Vec<Run>,
}

/// A price with its slope on both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sided {
    pub price: f64,
    pub left: f64,
    pub right: f64,
}

/// How near to a knot, relative to itself, an availability takes the slopes of both its sides: kinks are placed no better
/// than this while plans settle.
const AT_KNOT: f64 = 1e-6;

impl Table {
    pub(super) fn empty(spot: Spot) -> Self {
        Self {
            spot,
            knots: Vec::new(),
            runs: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.knots.clear();
        self.runs.clear();
    }

    /// Adds a knot after the last; `full` is the stock on the run that starts there, if it is full.
    pub(super) fn push(&mut self, knot: Knot, full: Option<f64>) {
        self.knots.push(knot);
        let run = match full {
            Some(stock) => Run::Full { stock },
            None => Run::Cubic {
                second: 0.0,
                third: 0.0,
            },
        };
        self.runs.push(run);
    }

    /// Works out the cubics once all knots are there.
    pub(super) fn finish(&mut self) {
        for (pair, run) in self.knots.windows(2).zip(&mut self.runs) {
            if let Run::Cubic { second, third } = run {
                let width = pair[1].availability - pair[0].availability;
                let secant = (pair[1].price - pair[0].price) / width;
                let (from, to) = (pair[0].right, pair[1].left);
                *second = (3.0 * secant - 2.0 * from - to) / width;
                *third = (from + to - 2.0 * secant) / (width * width);
            }
        }
    }

    /// The run that `availability` is on, searched from `from`: 0 is before the first knot, `k` starts at knot
    /// `k - 1`.
    pub(super) fn run_from(&self, from: usize, availability: f64) -> usize {
        let mut run = from.min(self.knots.len());
        while run > 0 && self.knots[run - 1].availability > availability {
            run -= 1;
        }
        while self
            .knots
            .get(run)
            .is_some_and(|knot| knot.availability <= availability)
        {
            run += 1;
        }
        run
    }

    pub(super) fn run_at(&self, availability: f64) -> usize {
        self.knots
            .partition_point(|knot| knot.availability <= availability)
    }

    /// Price and slope on a run.
    pub(super) fn on_run(&self, run: usize, availability: f64) -> Valued {
        let Some(knot) = run.checked_sub(1).map(|at| self.knots[at]) else {
            return self.spot.price(availability);
        };
        if run == self.knots.len() {
            // Past the last knot: the stock takes the same share of each further unit.
            let (used, slope) = self.spot.quantity(knot.price);
            let share = slope * knot.right;
            let (price, slope) = self
                .spot
                .price(used + share * (availability - knot.availability));
            return (price, slope * share);
        }
        match self.runs[run - 1] {
            Run::Cubic { second, third } => {
                let d = availability - knot.availability;
                let price = knot.price + d * (knot.right + d * (second + d * third));
                (price, knot.right + d * (2.0 * second + 3.0 * d * third))
            }
            Run::Full { stock } => self.spot.price(availability - stock),
        }
    }

    pub(super) fn at(&self, availability: f64) -> Valued {
        self.on_run(self.run_at(availability), availability)
    }

    /// The availability at which a price is reached, if the table comes down to it.
    pub(super) fn where_price_is(&self, price: f64) -> Option<f64> {
        let after = self.knots.partition_point(|knot| knot.price > price);
        let next = self.knots.get(after)?.availability;
        let Some(before) = after.checked_sub(1).map(|at| self.knots[at].availability) else {
            return Some(self.spot.quantity(price).0);
        };
        let (mut low, mut high) = (before, next);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.on_run(after, middle).0 > price {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(high)
    }

    /// Price and both slopes, which differ at a knot on a kink.
    pub(super) fn sided(&self, run: usize, availability: f64) -> Sided {
        let near = AT_KNOT * availability.abs();
        let knot = match (
            run.checked_sub(1).and_then(|at| self.knots.get(at)),
            self.knots.get(run),
        ) {
            (Some(before), _) if availability - before.availability <= near => Some(before),
            (_, Some(after)) if after.availability - availability <= near => Some(after),
            _ => None,
        };
        let (price, slope) = self.on_run(run, availability);
        let (left, right) = knot.map_or((slope, slope), |knot| (knot.left, knot.right));
        Sided { price, left, right }
    }

    /// What is stored at `availability`.
    pub(super) fn stock(&self, availability: f64) -> f64 {
        let run = self.run_at(availability);
        match run.checked_sub(1).map(|at| self.runs[at]) {
            None => 0.0,
            Some(Run::Full { stock }) if run < self.knots.len() => stock,
            Some(_) => {
                let (price, _) = self.on_run(run, availability);
                availability - self.spot.quantity(price).0
            }
        }
    }
}
