//! One step of the iteration: from what stored units are worth next period to what they are worth in this one.

use super::super::spot::{Plans, Spot};
use super::clear::{Period, Worth, solve};
use super::plane::Plane;
use super::route::{Route, Square, square};

/// An outcome of next period, seen from one regime.
#[derive(Debug, Clone, Copy)]
pub(super) struct JointNode {
    pub regime: usize,
    pub outputs: [f64; 2],
    pub probability: f64,
}

/// Where iteration starts, and the scale of its changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub prices: [f64; 2],
    pub planned: [f64; 2],
}

/// The model in the form that is iterated.
#[derive(Debug, Clone)]
pub(super) struct TradeEngine {
    pub spots: [Spot; 2],
    pub plans: [Plans; 2],
    /// Cost of carriage both ways, in each regime.
    pub costs: Vec<[f64; 2]>,
    pub nodes: Vec<Vec<JointNode>>,
    /// What is left of a unit stored.
    pub kept: [f64; 2],
    /// What that is worth today, per unit of next period's price.
    pub keeps: [f64; 2],
    /// Cost of storing a unit.
    pub cost: [f64; 2],
    pub start: Start,
}

/// What is expected of next period once stocks and plans are known.
#[derive(Default)]
struct Expected {
    price: [f64; 2],
    receipt: [f64; 2],
    price_by_plan: Square,
    receipt_by_plan: Square,
    price_by_stock: Square,
    receipt_by_stock: Square,
}

impl TradeEngine {
    pub(super) fn route(&self, regime: usize) -> Route<'_> {
        Route {
            spots: &self.spots,
            costs: self.costs[regime],
        }
    }

    /// What follows from stocks and plans after one outcome.
    pub(super) fn there(&self, stocks: [f64; 2], planned: [f64; 2], outputs: [f64; 2]) -> [f64; 2] {
        let region = |i: usize| self.kept[i] * stocks[i] + planned[i] * outputs[i];
        [region(0), region(1)]
    }

    /// From what units are worth next period to what they are worth in this one; returns the largest change.
    pub(super) fn sweep(&self, planes: &[Plane]) -> (Vec<Plane>, f64) {
        let mut next = planes.to_vec();
        let mut change = 0.0f64;
        for (regime, plane) in next.iter_mut().enumerate() {
            let mut guesses = vec![[0.0; 2]; self.nodes[regime].len()];
            for (i, &first) in plane.knots[0].iter().enumerate() {
                for (j, &second) in plane.knots[1].iter().enumerate() {
                    let at = i * plane.knots[1].len() + j;
                    let before = (plane.worth[at].value, plane.planned[at].value);
                    let (worth, planned) =
                        self.carried(planes, regime, [first, second], before.1, 1, &mut guesses);
                    for region in 0..2 {
                        let moved =
                            (worth.value[region] - before.0[region]) / self.start.prices[region];
                        let replanned = (planned.value[region] - before.1[region])
                            / self.start.planned[region].max(f64::MIN_POSITIVE);
                        for moved in [moved.abs(), replanned.abs()] {
                            change = if moved <= change { change } else { moved };
                        }
                    }
                    (plane.worth[at], plane.planned[at]) = (worth, planned);
                }
            }
        }
        (next, change)
    }

    /// What units are worth, and what is planned, once stocks are carried out of a period, with the response of both to the
    /// stocks: at most `steps` Newton steps for plans from `planned`, whose error vanishes as the functions settle.
    pub(super) fn carried(
        &self,
        planes: &[Plane],
        regime: usize,
        stocks: [f64; 2],
        mut planned: [f64; 2],
        steps: usize,
        guesses: &mut [[f64; 2]],
    ) -> (Worth, Worth) {
        let mut worth = Worth {
            value: [f64::NAN; 2],
            slopes: [[0.0; 2]; 2],
        };
        let mut plan_slopes = [[0.0; 2]; 2];
        for _ in 0..steps {
            let ahead = self.expect(planes, regime, stocks, planned, guesses);
            let wanted = [0, 1].map(|i| self.plans[i].at(ahead.receipt[i]));
            let system = square(|i, j| {
                f64::from(u8::from(i == j)) - wanted[i].1 * ahead.receipt_by_plan[i][j]
            });
            let missed = [planned[0] - wanted[0].0, planned[1] - wanted[1].0];
            let step = solve(system, missed).unwrap_or(missed);
            let step = [0, 1].map(|i| step[i].max(-planned[i]).min(0.5 * planned[i]));
            let by_stock = [0, 1].map(|j| {
                let by_stock = [0, 1].map(|i| wanted[i].1 * ahead.receipt_by_stock[i][j]);
                solve(system, by_stock).unwrap_or([0.0; 2])
            });
            plan_slopes = square(|i, j| by_stock[j][i]);
            let by_plan = &ahead.price_by_plan;
            worth.value = [0, 1].map(|i| {
                let price = ahead.price[i] - by_plan[i][0] * step[0] - by_plan[i][1] * step[1];
                self.keeps[i] * price - self.cost[i]
            });
            worth.slopes = square(|i, j| {
                let through_plans =
                    by_plan[i][0] * plan_slopes[0][j] + by_plan[i][1] * plan_slopes[1][j];
                self.keeps[i] * (ahead.price_by_stock[i][j] + through_plans)
            });
            planned = [planned[0] - step[0], planned[1] - step[1]];
            if (0..2).all(|i| step[i].abs() <= 1e-14 * planned[i]) {
                break;
            }
        }
        let planned = Worth {
            value: planned,
            slopes: plan_slopes,
        };
        (worth, planned)
    }

    fn expect(
        &self,
        planes: &[Plane],
        regime: usize,
        stocks: [f64; 2],
        planned: [f64; 2],
        guesses: &mut [[f64; 2]],
    ) -> Expected {
        let mut sums = Expected::default();
        for (node, guess) in self.nodes[regime].iter().zip(guesses) {
            let cleared = Period {
                route: self.route(node.regime),
                there: self.there(stocks, planned, node.outputs),
                worth: |stocks| planes[node.regime].worth(stocks),
            }
            .clear(*guess);
            *guess = cleared.stocks;
            let p = node.probability;
            for i in 0..2 {
                let e = node.outputs[i];
                sums.price[i] += p * cleared.spatial.prices[i];
                sums.receipt[i] += p * e * cleared.spatial.prices[i];
                for j in 0..2 {
                    let by = p * cleared.responds[i][j];
                    sums.price_by_plan[i][j] += by * node.outputs[j];
                    sums.receipt_by_plan[i][j] += by * e * node.outputs[j];
                    sums.price_by_stock[i][j] += by * self.kept[j];
                    sums.receipt_by_stock[i][j] += by * e * self.kept[j];
                }
            }
        }
        sums
    }

    /// The largest stocks that come of the same outcome again and again, and of any one outcome after that.
    pub(super) fn reach(&self, planes: &[Plane]) -> [f64; 2] {
        let mut reach = [0.0f64; 2];
        let step = |regime: usize, stocks: [f64; 2], node: &JointNode| {
            let planned = planes[regime].planned(stocks).value;
            let period = Period {
                route: self.route(node.regime),
                there: self.there(stocks, planned, node.outputs),
                worth: |stocks| planes[node.regime].worth(stocks),
            };
            period.clear(stocks).stocks
        };
        for node in self.nodes.iter().flatten() {
            let mut stocks = [0.0; 2];
            for _ in 0..200 {
                let next = step(node.regime, stocks, node);
                let moved = (next[0] - stocks[0]).abs() + (next[1] - stocks[1]).abs();
                stocks = next;
                reach = [reach[0].max(stocks[0]), reach[1].max(stocks[1])];
                if moved <= 1e-4 * (stocks[0] + stocks[1]) {
                    break;
                }
            }
            for after in &self.nodes[node.regime] {
                let next = step(node.regime, stocks, after);
                reach = [reach[0].max(next[0]), reach[1].max(next[1])];
            }
        }
        reach
    }
}
