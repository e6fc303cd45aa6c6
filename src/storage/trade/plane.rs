//! Functions of both stocks at the end of a period: what a unit is worth in each region, and what is planned there.

use super::clear::Worth;
use super::route::Square;

/// A value in each region, and the response to both stocks.
pub(super) type Pair = Worth;

/// Both functions on a rectangle of stocks, knots closer where stocks are small.
#[derive(Debug, Clone)]
pub(super) struct Plane {
    pub knots: [Vec<f64>; 2],
    /// By knot of the first stock, then of the second.
    pub worth: Vec<Pair>,
    pub planned: Vec<Pair>,
}

impl Plane {
    /// The same everywhere.
    pub(super) fn level(
        largest: [f64; 2],
        knots: [usize; 2],
        worth: [f64; 2],
        planned: [f64; 2],
    ) -> Self {
        let axis = |region: usize| {
            let parts = (knots[region] - 1) as f64;
            let at = |knot: usize| largest[region] * (knot as f64 / parts).powf(1.5);
            (0..knots[region]).map(at).collect()
        };
        let flat = |value| Worth {
            value,
            slopes: [[0.0; 2]; 2],
        };
        let count = knots[0] * knots[1];
        Self {
            knots: [axis(0), axis(1)],
            worth: vec![flat(worth); count],
            planned: vec![flat(planned); count],
        }
    }

    /// The same functions on another rectangle.
    pub(super) fn regrid(&self, largest: [f64; 2], knots: [usize; 2]) -> Self {
        let mut next = Self::level(largest, knots, [0.0; 2], [0.0; 2]);
        for (i, &first) in next.knots[0].iter().enumerate() {
            for (j, &second) in next.knots[1].iter().enumerate() {
                let at = i * next.knots[1].len() + j;
                next.worth[at] = self.worth([first, second]);
                next.planned[at] = self.planned([first, second]);
            }
        }
        next
    }

    pub(super) fn largest(&self) -> [f64; 2] {
        let end = |region: usize| self.knots[region].last().copied().unwrap_or(0.0);
        [end(0), end(1)]
    }

    pub(super) fn worth(&self, stocks: [f64; 2]) -> Worth {
        self.at(&self.worth, stocks)
    }

    pub(super) fn planned(&self, stocks: [f64; 2]) -> Pair {
        self.at(&self.planned, stocks)
    }

    /// The interval of an axis that a stock is in, or the last one.
    fn interval(&self, axis: usize, stock: f64) -> usize {
        let knots = &self.knots[axis];
        let after = knots.partition_point(|&knot| knot <= stock);
        after.saturating_sub(1).min(knots.len() - 2)
    }

    /// Cubics along both axes with the slopes of the knots, less the plane patch that both contain (Adini's rectangle): exact
    /// for polynomials of the third degree. Beyond the rectangle along a line.
    fn at(&self, values: &[Pair], stocks: [f64; 2]) -> Pair {
        let largest = self.largest();
        let inside = [stocks[0].min(largest[0]), stocks[1].min(largest[1])];
        let (i, j) = (self.interval(0, inside[0]), self.interval(1, inside[1]));
        let columns = self.knots[1].len();
        let corner = |a: usize, b: usize| &values[(i + a) * columns + j + b];
        let x = Side::new(&self.knots[0], i, inside[0]);
        let y = Side::new(&self.knots[1], j, inside[1]);
        let mut value = [0.0; 2];
        let mut slopes: Square = [[0.0; 2]; 2];
        for a in 0..2 {
            for b in 0..2 {
                let knot = corner(a, b);
                // Cubic along one axis and straight along the other, twice, less straight along both.
                let level = x.cubic[a] * y.straight[b] + x.straight[a] * y.cubic[b]
                    - x.straight[a] * y.straight[b];
                let by_x = x.cubic_slope[a] * y.straight[b] + x.straight_slope[a] * y.cubic[b]
                    - x.straight_slope[a] * y.straight[b];
                let by_y = x.cubic[a] * y.straight_slope[b] + x.straight[a] * y.cubic_slope[b]
                    - x.straight[a] * y.straight_slope[b];
                for region in 0..2 {
                    let [along_x, along_y] = knot.slopes[region];
                    let height = knot.value[region];
                    value[region] += height * level
                        + along_x * x.bend[a] * y.straight[b]
                        + along_y * x.straight[a] * y.bend[b];
                    slopes[region][0] += height * by_x
                        + along_x * x.bend_slope[a] * y.straight[b]
                        + along_y * x.straight_slope[a] * y.bend[b];
                    slopes[region][1] += height * by_y
                        + along_x * x.bend[a] * y.straight_slope[b]
                        + along_y * x.straight[a] * y.bend_slope[b];
                }
            }
        }
        for region in 0..2 {
            for axis in 0..2 {
                value[region] += slopes[region][axis] * (stocks[axis] - inside[axis]);
            }
        }
        Worth { value, slopes }
    }
}

/// Weights of the two ends of an interval: straight, cubic, and those of the slopes, each with its derivative.
struct Side {
    straight: [f64; 2],
    straight_slope: [f64; 2],
    cubic: [f64; 2],
    cubic_slope: [f64; 2],
    bend: [f64; 2],
    bend_slope: [f64; 2],
}

impl Side {
    fn new(knots: &[f64], at: usize, stock: f64) -> Self {
        let width = knots[at + 1] - knots[at];
        let u = (stock - knots[at]) / width;
        let v = 1.0 - u;
        let rise = 6.0 * u * v / width;
        Self {
            straight: [v, u],
            straight_slope: [-1.0 / width, 1.0 / width],
            cubic: [v * v * (1.0 + 2.0 * u), u * u * (1.0 + 2.0 * v)],
            cubic_slope: [-rise, rise],
            bend: [width * u * v * v, -width * u * u * v],
            bend_slope: [v * (v - 2.0 * u), u * (u - 2.0 * v)],
        }
    }
}
