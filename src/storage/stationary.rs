use super::StorageError;
use super::error::require;
use super::rules::DecisionRules;
use serde::{Deserialize, Serialize};

/// Moments of the distribution that the market settles into, whatever it started from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stationary {
    /// Mean price, in currency per unit.
    pub mean_price: f64,
    /// Standard deviation of the price.
    pub sd_price: f64,
    /// Skewness of the price.
    pub skew_price: f64,
    /// Correlation of the price with that of the period before.
    pub autocorrelation: f64,
    /// Mean stock, in units.
    pub mean_stock: f64,
    /// Standard deviation of the stock.
    pub sd_stock: f64,
    /// Mean planned supply, in units.
    pub mean_planned: f64,
    /// Share of periods in which nothing is stored.
    pub stockout: f64,
    /// Share of periods in which the price is the floor of the public stock.
    pub at_floor: f64,
    /// Share of periods in which the price is below the floor, because the public stock is full.
    pub below_floor: f64,
    /// Largest stock that can ever be reached from an empty warehouse.
    pub largest_stock: f64,
}

/// One outcome from one node of the histogram.
struct Step {
    to: usize,
    /// Share that goes to node `to + 1`.
    up: f64,
    probability: f64,
    price: f64,
    stock: f64,
}

/// A histogram of the stock in each regime, with where each of its nodes leads.
struct Chain {
    grid: Vec<f64>,
    /// Steps of node `i` in regime `m` are `steps[(m * grid.len() + i) * fan..][..fan]`, as many in each.
    steps: Vec<Vec<Step>>,
    planned: Vec<f64>,
}

impl DecisionRules {
    /// Moments of the stationary distribution, from a histogram of the stock on `nodes` points in each regime.
    ///
    /// Each outcome is spread over the two nearest points so that its mean is kept (Young 2010), which leaves errors of
    /// the order of the squared spacing.
    ///
    /// # Errors
    /// [`StorageError::Value`] unless there are 11 to 1,000,000 nodes, and [`StorageError::NotConverged`] if the
    /// distribution does not settle.
    pub fn stationary(&self, nodes: usize) -> Result<Stationary, StorageError> {
        require(
            (11..=1_000_000).contains(&nodes),
            "the number of nodes",
            nodes as f64,
            "from 11 to 1000000",
        )?;
        let largest = self.largest_stock();
        let (mut level, mut mass) = (nodes.min(257), Vec::new());
        loop {
            let chain = self.chain(largest, level);
            mass = self.settle(&chain, spread(&mass, self.regimes.len(), level))?;
            if level == nodes {
                return Ok(self.moments(&chain, &mass, largest));
            }
            level = (2 * level - 1).min(nodes);
        }
    }

    /// The largest stock that can ever be reached from an empty warehouse, in units.
    pub fn largest_stock(&self) -> f64 {
        let kept = 1.0 - self.engine.warehouse.deterioration;
        let mut largest = 0.0f64;
        for _ in 0..10_000 {
            let mut next = largest;
            for (rules, nodes) in self.regimes.iter().zip(&self.engine.nodes) {
                let planned = rules.planned_after(largest);
                for node in nodes {
                    let table = &self.regimes[node.regime].table;
                    next = next.max(table.stock(kept * largest + planned * node.output));
                }
            }
            let done = next <= largest * (1.0 + 1e-14);
            largest = next;
            if done {
                break;
            }
        }
        largest
    }

    fn chain(&self, largest: f64, nodes: usize) -> Chain {
        let kept = 1.0 - self.engine.warehouse.deterioration;
        let spacing = (largest / (nodes - 1) as f64).max(f64::MIN_POSITIVE);
        let grid: Vec<f64> = (0..nodes).map(|node| node as f64 * spacing).collect();
        let mut chain = Chain {
            steps: Vec::with_capacity(nodes * self.regimes.len()),
            planned: Vec::with_capacity(nodes * self.regimes.len()),
            grid,
        };
        for (rules, outcomes) in self.regimes.iter().zip(&self.engine.nodes) {
            let mut runs = vec![0; outcomes.len()];
            for &stock in &chain.grid {
                let planned = rules.planned_after(stock);
                let step = |(node, run): (&super::sweep::Node, &mut usize)| {
                    let table = &self.regimes[node.regime].table;
                    let availability = kept * stock + planned * node.output;
                    *run = table.run_from(*run, availability);
                    let (price, _) = table.on_run(*run, availability);
                    let stock = table.stock(availability).max(0.0);
                    let place = (stock / spacing).min((nodes - 1) as f64);
                    let lower = (place as usize).min(nodes - 2);
                    Step {
                        to: node.regime * nodes + lower,
                        up: place - lower as f64,
                        probability: node.probability,
                        price,
                        stock,
                    }
                };
                chain.planned.push(planned);
                chain
                    .steps
                    .push(outcomes.iter().zip(&mut runs).map(step).collect());
            }
        }
        chain
    }

    /// Iterates the distribution until it no longer moves.
    fn settle(&self, chain: &Chain, mut mass: Vec<f64>) -> Result<Vec<f64>, StorageError> {
        const LIMIT: usize = 100_000;
        let mut next = vec![0.0; mass.len()];
        let mut moved = f64::INFINITY;
        for _ in 0..LIMIT {
            next.fill(0.0);
            for (&from, steps) in mass.iter().zip(&chain.steps) {
                for step in steps {
                    let flow = from * step.probability;
                    next[step.to] += flow * (1.0 - step.up);
                    next[step.to + 1] += flow * step.up;
                }
            }
            let total: f64 = next.iter().sum();
            next.iter_mut().for_each(|share| *share /= total);
            moved = next.iter().zip(&mass).map(|(a, b)| (a - b).abs()).sum();
            std::mem::swap(&mut mass, &mut next);
            if moved <= 1e-13 {
                return Ok(mass);
            }
        }
        Err(StorageError::NotConverged {
            thing: "the stationary distribution",
            iterations: LIMIT,
            change: moved,
        })
    }

    fn moments(&self, chain: &Chain, mass: &[f64], largest: f64) -> Stationary {
        let each = || {
            mass.iter().zip(&chain.steps).flat_map(|(share, steps)| {
                steps
                    .iter()
                    .map(move |step| (share * step.probability, step))
            })
        };
        let mean =
            |of: &dyn Fn(&Step) -> f64| each().map(|(weight, step)| weight * of(step)).sum::<f64>();
        let mean_price = mean(&|step| step.price);
        let variance = mean(&|step| (step.price - mean_price).powi(2));
        let mean_stock = mean(&|step| step.stock);
        let follows: Vec<f64> = chain
            .steps
            .iter()
            .map(|steps| {
                steps
                    .iter()
                    .map(|step| step.probability * (step.price - mean_price))
                    .sum()
            })
            .collect();
        let ahead =
            |step: &Step| follows[step.to] * (1.0 - step.up) + follows[step.to + 1] * step.up;
        let floor = self.engine.public.map(|public| public.price());
        let share = |holds: &dyn Fn(f64, f64) -> bool| {
            floor.map_or(0.0, |floor| {
                mean(&|step| f64::from(u8::from(holds(step.price, floor))))
            })
        };
        Stationary {
            mean_price,
            sd_price: variance.sqrt(),
            skew_price: mean(&|step| (step.price - mean_price).powi(3)) / variance.powf(1.5),
            autocorrelation: mean(&|step| (step.price - mean_price) * ahead(step)) / variance,
            mean_stock,
            sd_stock: mean(&|step| (step.stock - mean_stock).powi(2)).sqrt(),
            mean_planned: mass
                .iter()
                .zip(&chain.planned)
                .map(|(share, planned)| share * planned)
                .sum(),
            stockout: mean(&|step| f64::from(u8::from(step.stock == 0.0))),
            at_floor: share(&|price, floor| price == floor),
            below_floor: share(&|price, floor| price < floor),
            largest_stock: largest,
        }
    }
}

/// A histogram carried over to a finer grid, or an even one to begin with.
fn spread(mass: &[f64], regimes: usize, nodes: usize) -> Vec<f64> {
    let before = mass.len() / regimes;
    if before < 2 {
        return vec![1.0 / (regimes * nodes) as f64; regimes * nodes];
    }
    let mut finer = vec![0.0; regimes * nodes];
    for regime in 0..regimes {
        for node in 0..before {
            let place = node as f64 * (nodes - 1) as f64 / (before - 1) as f64;
            let lower = (place as usize).min(nodes - 2);
            let up = place - lower as f64;
            let share = mass[regime * before + node];
            finer[regime * nodes + lower] += share * (1.0 - up);
            finer[regime * nodes + lower + 1] += share * up;
        }
    }
    finer
}
