//! Reads the instance files of `tests/cases/instances` and writes them as complementarity problems.
//!
//! Two schemas: `spe-1`, a one-period spatial price equilibrium (competitive or Cournot), and `pfe-1`, a
//! perfect-foresight equilibrium with storage and investment. Formulations differ from the files' own where
//! that makes a smaller system with the same solutions: constant-elasticity demand stands in the node's
//! balance, and a Cournot seller ships from a hub whose price is its marginal cost.

use std::error::Error;
use std::io::Read;
use std::path::Path;

use pricefloor::complementarity::{Problem, Scale, Side, Structure, Symmetry};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Instance {
    pub schema: String,
    pub name: String,
    regions: usize,
    goods: usize,
    #[serde(default)]
    conduct: Option<Conduct>,
    #[serde(default)]
    periods: usize,
    #[serde(default)]
    discount: f64,
    #[serde(default)]
    depreciation: f64,
    processes: Vec<Process>,
    demands: Vec<Demand>,
    arcs: Arcs,
    floors: Vec<Floor>,
    #[serde(default)]
    export_caps: Vec<ExportCap>,
    #[serde(default)]
    storage: Vec<Storage>,
}

#[derive(Deserialize)]
struct Conduct {
    r#type: String,
    #[serde(default)]
    theta: f64,
}

#[derive(Deserialize)]
struct Process {
    region: usize,
    r#yield: Vec<(usize, f64)>,
    cost: Cost,
    cap: Option<f64>,
    #[serde(default)]
    cap0: f64,
    #[serde(default)]
    inv_cost: f64,
    #[serde(default)]
    inv_quad: f64,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Cost {
    Linear { a: f64, b: f64 },
    Ce { x0: f64, c0: f64, eta: f64 },
}

#[derive(Deserialize)]
struct Demand {
    region: usize,
    good: usize,
    curve: Option<Curve>,
    #[serde(default)]
    b: f64,
    #[serde(default)]
    a: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Curve {
    Linear { a: f64, b: f64 },
    Ce { q0: f64, p0: f64, eps: f64 },
}

#[derive(Deserialize)]
struct Arcs {
    from: Vec<usize>,
    to: Vec<usize>,
    good: Vec<usize>,
    cost: Vec<f64>,
    tariff: Vec<f64>,
    adval: Vec<f64>,
    quota: Vec<Option<f64>>,
}

#[derive(Deserialize)]
struct Floor {
    region: usize,
    good: usize,
    price: f64,
    cap: Option<f64>,
}

#[derive(Deserialize)]
struct ExportCap {
    region: usize,
    good: usize,
    limit: f64,
}

#[derive(Deserialize)]
struct Storage {
    region: usize,
    good: usize,
    cost: f64,
    cap: f64,
    stock0: f64,
}

/// Reads a file, gzipped or not.
pub fn read(path: &Path) -> Result<Instance, Box<dyn Error>> {
    Ok(serde_json::from_slice(&read_bytes(path)?)?)
}

/// The bytes of a file, unpacked if it is gzipped.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes)?;
    } else {
        std::io::BufReader::new(file).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// A term that is not affine.
#[derive(Clone, Copy)]
enum Term {
    /// `row += coefficient * x[variable]^exponent`
    Power {
        row: usize,
        variable: usize,
        at: usize,
        coefficient: f64,
        exponent: f64,
    },
    /// `row += coefficient * x[left] * x[right]^exponent`
    Product {
        row: usize,
        left: usize,
        at_left: usize,
        right: usize,
        at_right: usize,
        coefficient: f64,
        exponent: f64,
    },
}

/// An instance as a complementarity problem.
pub struct Spatial {
    structure: Structure,
    columns: Vec<u32>,
    values: Vec<f64>,
    pub constant: Vec<f64>,
    terms: Vec<Term>,
    lower: Vec<f64>,
    pub upper: Vec<f64>,
    variable: Vec<f64>,
    residual: Vec<f64>,
    start: Vec<f64>,
    weights: Option<Vec<f64>>,
    positive: Option<Vec<bool>>,
    pub layout: Layout,
}

/// Where the blocks of an instance stand among the unknowns.
pub struct Layout {
    pub periods: usize,
    /// Name of the block, period, first unknown, length.
    pub blocks: Vec<(&'static str, usize, usize, usize)>,
    /// Constant-elasticity demands: index among the demands, price unknown, q0, p0, eps.
    pub elastic: Vec<(usize, usize, f64, f64, f64)>,
    /// The unknown of each demand, where it has one.
    pub demand: Vec<Option<usize>>,
}

impl Layout {
    /// First unknown and length of a block.
    pub fn block(&self, name: &str, period: usize) -> Option<(usize, usize)> {
        self.blocks
            .iter()
            .find(|block| block.0 == name && block.1 == period)
            .map(|block| (block.2, block.3))
    }
}

/// Collects rows.
#[derive(Default)]
struct Builder {
    entries: Vec<(usize, usize, f64)>,
    constant: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    variable: Vec<f64>,
    residual: Vec<f64>,
    stage: Vec<u8>,
    side: Vec<Side>,
    terms: Vec<Term>,
    weights: Vec<f64>,
    symmetric: bool,
    positive: Vec<bool>,
}

/// An unknown's bounds, sizes and place in the elimination.
struct Unknown {
    lower: f64,
    upper: f64,
    variable: f64,
    residual: f64,
    stage: u8,
    side: Side,
}

impl Builder {
    fn unknown(&mut self, unknown: Unknown, weight: f64) -> usize {
        self.constant.push(0.0);
        self.lower.push(unknown.lower);
        self.upper.push(unknown.upper);
        self.variable.push(unknown.variable);
        self.residual.push(unknown.residual);
        self.stage.push(unknown.stage);
        self.side.push(unknown.side);
        self.positive.push(false);
        self.weights.push(weight);
        self.constant.len() - 1
    }

    fn add(&mut self, row: usize, column: usize, value: f64) {
        self.entries.push((row, column, value));
    }

    fn build(mut self, layout: Layout) -> Result<Spatial, Box<dyn Error>> {
        let n = self.constant.len();
        for term in &self.terms {
            match *term {
                Term::Power { row, variable, .. } => self.entries.push((row, variable, 0.0)),
                Term::Product {
                    row, left, right, ..
                } => {
                    self.entries.push((row, left, 0.0));
                    self.entries.push((row, right, 0.0));
                }
            }
        }
        let structure =
            Structure::from_entries(n, self.entries.iter().map(|entry| (entry.0, entry.1)))?
                .with_stages(self.stage)?
                .with_sides(self.side)?
                .with_symmetry(if self.symmetric {
                    Symmetry::Skew
                } else {
                    Symmetry::General
                });
        let mut values = vec![0.0; structure.entries()];
        for (row, column, value) in &self.entries {
            let at = structure.position(*row, *column).ok_or("entry")?;
            values[at] += value;
        }
        for term in &mut self.terms {
            match term {
                Term::Power {
                    row, variable, at, ..
                } => *at = structure.position(*row, *variable).ok_or("term")?,
                Term::Product {
                    row,
                    left,
                    at_left,
                    right,
                    at_right,
                    ..
                } => {
                    *at_left = structure.position(*row, *left).ok_or("term")?;
                    *at_right = structure.position(*row, *right).ok_or("term")?;
                }
            }
        }
        let columns = structure.columns().iter().map(|&c| c as u32).collect();
        let unweighted = self.weights.iter().all(|&weight| weight == 1.0);
        let smooth = !self.positive.iter().any(|&positive| positive);
        Ok(Spatial {
            columns,
            structure,
            values,
            constant: self.constant,
            terms: self.terms,
            lower: self.lower,
            upper: self.upper,
            start: start(&self.variable, &layout),
            variable: self.variable,
            residual: self.residual,
            weights: (!unweighted).then_some(self.weights),
            positive: (!smooth).then_some(self.positive),
            layout,
        })
    }
}

const INF: f64 = f64::INFINITY;

/// Everything at its own size, but prices at their mean.
fn start(sizes: &[f64], layout: &Layout) -> Vec<f64> {
    let mut start = sizes.to_vec();
    for period in 0..layout.periods {
        if let Some((first, length)) = layout.block("p", period) {
            let prices = &mut start[first..first + length];
            let mean = prices.iter().sum::<f64>() / length.max(1) as f64;
            prices.fill(mean);
        }
    }
    start
}

fn limit(value: Option<f64>) -> f64 {
    value.unwrap_or(INF)
}

impl Instance {
    /// Writes the instance as a problem.
    pub fn problem(&self) -> Result<Spatial, Box<dyn Error>> {
        match (self.schema.as_str(), &self.conduct) {
            ("pfe-1", _) => self.foresight(),
            ("spe-1", Some(conduct)) if conduct.r#type == "cournot" => self.cournot(conduct.theta),
            ("spe-1", _) => self.competitive(),
            (other, _) => Err(format!("unknown schema {other}").into()),
        }
    }

    fn node(&self, region: usize, good: usize) -> usize {
        region * self.goods + good
    }

    /// The price and quantity scale of each node, from its demand curve: the calibration point, or the
    /// middle of a straight line.
    fn node_scales(&self) -> (Vec<f64>, Vec<f64>) {
        let nodes = self.regions * self.goods;
        let (mut price, mut quantity) = (vec![100.0; nodes], vec![10.0; nodes]);
        for demand in &self.demands {
            let node = self.node(demand.region, demand.good);
            (price[node], quantity[node]) = match &demand.curve {
                Some(Curve::Linear { a, b }) => (0.5 * a, 0.5 * a / b),
                Some(Curve::Ce { q0, p0, .. }) => (*p0, *q0),
                None => {
                    let a = demand.a.first().copied().unwrap_or(200.0);
                    (0.5 * a, 0.5 * a / demand.b)
                }
            };
        }
        (price, quantity)
    }

    /// Quantity and price scale of a process.
    fn process_scales(&self, process: &Process, price: &[f64], quantity: &[f64]) -> (f64, f64) {
        let nodes = || {
            process
                .r#yield
                .iter()
                .map(|&(good, y)| (self.node(process.region, good), y))
        };
        let value: f64 = nodes().map(|(node, y)| y * price[node]).sum();
        let most: f64 = nodes().map(|(node, _)| quantity[node]).fold(0.0, f64::max);
        let size = match process.cost {
            Cost::Linear { .. } => most,
            Cost::Ce { x0, .. } => x0,
        };
        (size, value)
    }

    fn competitive(&self) -> Result<Spatial, Box<dyn Error>> {
        let mut b = Builder {
            symmetric: self.arcs.adval.iter().all(|&rate| rate == 0.0),
            ..Builder::default()
        };
        let (price, quantity) = self.node_scales();
        let nodes = self.regions * self.goods;
        let mut blocks = Vec::new();
        let p0 = 0;
        for node in 0..nodes {
            b.unknown(
                Unknown {
                    lower: 0.0,
                    upper: INF,
                    variable: price[node],
                    residual: quantity[node],
                    stage: 0,
                    side: Side::Dual,
                },
                1.0,
            );
        }
        blocks.push(("p", 0, p0, nodes));
        let x0 = b.constant.len();
        for process in &self.processes {
            let (size, value) = self.process_scales(process, &price, &quantity);
            let x = b.unknown(primal(limit(process.cap), size, value), 1.0);
            process_cost(&mut b, x, &process.cost);
            for &(good, y) in &process.r#yield {
                let node = self.node(process.region, good);
                b.add(x, node, -y);
                b.add(node, x, y);
            }
        }
        blocks.push(("x", 0, x0, self.processes.len()));
        let mut elastic = Vec::new();
        let mut demand_unknown = Vec::new();
        for (i, demand) in self.demands.iter().enumerate() {
            let node = self.node(demand.region, demand.good);
            demand_unknown.push(demand_curve(&mut b, demand, node, i, &mut elastic)?);
        }
        let f0 = b.constant.len();
        for a in 0..self.arcs.from.len() {
            let (from, to) = self.arc_nodes(a);
            let size = quantity[from].min(quantity[to]);
            let f = b.unknown(primal(limit(self.arcs.quota[a]), size, price[to]), 1.0);
            let rate = 1.0 + self.arcs.adval[a];
            b.constant[f] = self.arcs.cost[a] * rate + self.arcs.tariff[a];
            b.add(f, f, 0.0);
            b.add(f, from, rate);
            b.add(f, to, -1.0);
            b.add(from, f, -1.0);
            b.add(to, f, 1.0);
        }
        blocks.push(("f", 0, f0, self.arcs.from.len()));
        let g0 = b.constant.len();
        for floor in &self.floors {
            let node = self.node(floor.region, floor.good);
            let g = b.unknown(primal(limit(floor.cap), quantity[node], price[node]), 1.0);
            b.constant[g] = -floor.price;
            b.add(g, g, 0.0);
            b.add(g, node, 1.0);
            b.add(node, g, -1.0);
        }
        blocks.push(("g", 0, g0, self.floors.len()));
        let m0 = b.constant.len();
        for cap in &self.export_caps {
            let node = self.node(cap.region, cap.good);
            let mu = b.unknown(
                Unknown {
                    lower: 0.0,
                    upper: INF,
                    variable: price[node],
                    residual: quantity[node],
                    stage: 0,
                    side: Side::Dual,
                },
                1.0,
            );
            b.constant[mu] = cap.limit;
            for a in 0..self.arcs.from.len() {
                if self.arcs.from[a] == cap.region
                    && self.arcs.good[a] == cap.good
                    && self.arcs.to[a] != cap.region
                {
                    b.add(mu, f0 + a, -1.0);
                    b.add(f0 + a, mu, 1.0);
                }
            }
        }
        blocks.push(("mu", 0, m0, self.export_caps.len()));
        b.build(Layout {
            periods: 1,
            blocks,
            elastic,
            demand: demand_unknown,
        })
    }

    fn arc_nodes(&self, a: usize) -> (usize, usize) {
        let good = self.arcs.good[a];
        (
            self.node(self.arcs.from[a], good),
            self.node(self.arcs.to[a], good),
        )
    }

    fn cournot(&self, theta: f64) -> Result<Spatial, Box<dyn Error>> {
        let linear = self
            .demands
            .iter()
            .all(|demand| matches!(demand.curve, Some(Curve::Linear { .. })));
        let mut b = Builder {
            symmetric: linear && self.arcs.adval.iter().all(|&rate| rate == 0.0),
            ..Builder::default()
        };
        let (price, quantity) = self.node_scales();
        let nodes = self.regions * self.goods;
        let mut blocks = vec![("p", 0, 0, nodes), ("mc", 0, nodes, nodes)];
        for _ in 0..2 {
            for node in 0..nodes {
                b.unknown(
                    Unknown {
                        lower: 0.0,
                        upper: INF,
                        variable: price[node],
                        residual: quantity[node],
                        stage: 0,
                        side: Side::Dual,
                    },
                    1.0,
                );
            }
        }
        let x0 = b.constant.len();
        blocks.push(("x", 0, x0, self.processes.len()));
        for process in &self.processes {
            let (size, value) = self.process_scales(process, &price, &quantity);
            let x = b.unknown(primal(INF, size, value), 1.0);
            process_cost(&mut b, x, &process.cost);
            let hub = nodes + process.region;
            b.add(x, hub, -1.0);
            b.add(hub, x, 1.0);
        }
        let mut elastic = Vec::new();
        let mut demand_unknown = Vec::new();
        for (i, demand) in self.demands.iter().enumerate() {
            let node = demand.region;
            demand_unknown.push(demand_curve(&mut b, demand, node, i, &mut elastic)?);
        }
        let f0 = b.constant.len();
        blocks.push(("f", 0, f0, self.arcs.from.len()));
        for a in 0..self.arcs.from.len() {
            let (hub, to) = (nodes + self.arcs.from[a], self.arcs.to[a]);
            let size = quantity[self.arcs.from[a]].min(quantity[to]);
            let f = b.unknown(primal(limit(self.arcs.quota[a]), size, price[to]), 1.0);
            let rate = 1.0 + self.arcs.adval[a];
            b.constant[f] = self.arcs.cost[a] * rate + self.arcs.tariff[a];
            b.add(f, hub, rate);
            b.add(f, to, -1.0);
            b.add(hub, f, -1.0);
            b.add(to, f, 1.0);
            // - theta f P'(Q), the slope written in the price there
            match self.demands[to].curve {
                Some(Curve::Linear { b: slope, .. }) => b.add(f, f, theta * slope),
                Some(Curve::Ce { q0, p0, eps }) => b.terms.push(Term::Product {
                    row: f,
                    left: f,
                    at_left: 0,
                    right: to,
                    at_right: 0,
                    coefficient: theta * p0.powf(-eps) / (eps * q0),
                    exponent: 1.0 + eps,
                }),
                None => return Err("a demand without a curve".into()),
            }
        }
        // the value of capacity stands outside the rate, so it is not part of the hub's price
        let k0 = b.constant.len();
        for process in &self.processes {
            let Some(cap) = process.cap else { continue };
            let hub = process.region;
            let kappa = b.unknown(
                Unknown {
                    lower: 0.0,
                    upper: INF,
                    variable: price[hub],
                    residual: quantity[hub],
                    stage: 0,
                    side: Side::Dual,
                },
                1.0,
            );
            b.constant[kappa] = cap;
            for a in 0..self.arcs.from.len() {
                if self.arcs.from[a] == process.region {
                    b.add(kappa, f0 + a, -1.0);
                    b.add(f0 + a, kappa, 1.0);
                }
            }
        }
        blocks.push(("kappa", 0, k0, b.constant.len() - k0));
        b.build(Layout {
            periods: 1,
            blocks,
            elastic,
            demand: demand_unknown,
        })
    }

    fn foresight(&self) -> Result<Spatial, Box<dyn Error>> {
        let mut b = Builder {
            symmetric: self.arcs.adval.iter().all(|&rate| rate == 0.0),
            ..Builder::default()
        };
        let (price, quantity) = self.node_scales();
        let nodes = self.regions * self.goods;
        let (beta, kept) = (self.discount, 1.0 - self.depreciation);
        let last = self.periods - 1;
        let mut blocks = Vec::new();
        let mut first = vec![[0usize; 10]; self.periods];
        const X: usize = 0;
        const LAM: usize = 1;
        const Q: usize = 2;
        const P: usize = 3;
        const F: usize = 4;
        const G: usize = 5;
        const S: usize = 6;
        const CAP: usize = 7;
        const NU: usize = 8;
        const INV: usize = 9;
        let worth: Vec<(f64, f64)> = self
            .processes
            .iter()
            .map(|process| self.process_scales(process, &price, &quantity))
            .collect();
        let dual = |variable: f64, residual: f64, stage: u8, lower: f64| Unknown {
            lower,
            upper: INF,
            variable,
            residual,
            stage,
            side: Side::Dual,
        };
        let mut weight = 1.0;
        for t in 0..self.periods {
            let mut begin = |b: &Builder, k: usize, name: &'static str, length: usize| {
                first[t][k] = b.constant.len();
                blocks.push((name, t, b.constant.len(), length));
            };
            begin(&b, P, "p", nodes);
            for node in 0..nodes {
                b.unknown(dual(price[node], quantity[node], 0, 0.0), weight);
            }
            begin(&b, X, "x", self.processes.len());
            for (process, &(_, value)) in self.processes.iter().zip(&worth) {
                let cap = if t == 0 { process.cap0 } else { INF };
                b.unknown(primal(cap, process.cap0, value), weight);
            }
            begin(&b, Q, "q", self.demands.len());
            for demand in &self.demands {
                let node = self.node(demand.region, demand.good);
                b.unknown(primal(INF, quantity[node], price[node]), weight);
            }
            begin(&b, F, "f", self.arcs.from.len());
            for a in 0..self.arcs.from.len() {
                let (from, to) = self.arc_nodes(a);
                let size = quantity[from].min(quantity[to]);
                b.unknown(primal(limit(self.arcs.quota[a]), size, price[to]), weight);
            }
            begin(&b, G, "g", self.floors.len());
            for floor in &self.floors {
                let node = self.node(floor.region, floor.good);
                b.unknown(
                    primal(limit(floor.cap), quantity[node], price[node]),
                    weight,
                );
            }
            if t < last {
                begin(&b, S, "s", self.storage.len());
                for storage in &self.storage {
                    let node = self.node(storage.region, storage.good);
                    b.unknown(primal(storage.cap, storage.cap, price[node]), weight);
                }
                begin(&b, INV, "inv", self.processes.len());
                for process in &self.processes {
                    let size = 0.1 * process.cap0;
                    b.unknown(primal(INF, size, process.inv_cost), weight);
                }
            }
            if t > 0 {
                begin(&b, LAM, "lam", self.processes.len());
                for (process, &(_, value)) in self.processes.iter().zip(&worth) {
                    b.unknown(dual(0.3 * value, process.cap0, 2, 0.0), weight);
                }
                begin(&b, CAP, "cap", self.processes.len());
                for (process, &(_, value)) in self.processes.iter().zip(&worth) {
                    let mut cap = primal(INF, process.cap0, 0.3 * value);
                    cap.lower = -INF;
                    cap.stage = 3;
                    b.unknown(cap, weight);
                }
                begin(&b, NU, "nu", self.processes.len());
                for process in &self.processes {
                    b.unknown(dual(process.inv_cost, process.cap0, 0, -INF), weight);
                }
            }
            weight *= beta;
        }
        for t in 0..self.periods {
            let at = first[t];
            for (j, process) in self.processes.iter().enumerate() {
                let x = at[X] + j;
                process_cost(&mut b, x, &process.cost);
                for &(good, y) in &process.r#yield {
                    let node = at[P] + self.node(process.region, good);
                    b.add(x, node, -y);
                    b.add(node, x, y);
                }
                if t > 0 {
                    let (lam, cap, nu) = (at[LAM] + j, at[CAP] + j, at[NU] + j);
                    b.add(x, lam, 1.0);
                    b.add(lam, x, -1.0);
                    b.add(lam, cap, 1.0);
                    b.add(cap, lam, -1.0);
                    b.add(cap, nu, 1.0);
                    // capacity's own row carries the sign that makes its couplings skew
                    b.add(nu, cap, -1.0);
                    b.add(nu, first[t - 1][INV] + j, 1.0);
                    if t == 1 {
                        b.constant[nu] = kept * process.cap0;
                    } else {
                        b.add(nu, first[t - 1][CAP] + j, kept);
                    }
                    if t < last {
                        b.add(cap, first[t + 1][NU] + j, -beta * kept);
                    }
                }
                if t < last {
                    let inv = at[INV] + j;
                    b.constant[inv] = process.inv_cost;
                    b.add(inv, inv, process.inv_quad);
                    b.add(inv, first[t + 1][NU] + j, -beta);
                }
            }
            for (i, demand) in self.demands.iter().enumerate() {
                let (q, node) = (at[Q] + i, at[P] + self.node(demand.region, demand.good));
                b.constant[q] = -demand
                    .a
                    .get(t)
                    .copied()
                    .ok_or("a demand has too few periods")?;
                b.add(q, q, demand.b);
                b.add(q, node, 1.0);
                b.add(node, q, -1.0);
            }
            for a in 0..self.arcs.from.len() {
                let f = at[F] + a;
                let (from, to) = self.arc_nodes(a);
                let rate = 1.0 + self.arcs.adval[a];
                b.constant[f] = self.arcs.cost[a] * rate + self.arcs.tariff[a];
                b.add(f, f, 0.0);
                b.add(f, at[P] + from, rate);
                b.add(f, at[P] + to, -1.0);
                b.add(at[P] + from, f, -1.0);
                b.add(at[P] + to, f, 1.0);
            }
            for (i, floor) in self.floors.iter().enumerate() {
                let (g, node) = (at[G] + i, at[P] + self.node(floor.region, floor.good));
                b.constant[g] = -floor.price;
                b.add(g, g, 0.0);
                b.add(g, node, 1.0);
                b.add(node, g, -1.0);
            }
            for (i, storage) in self.storage.iter().enumerate() {
                let node = self.node(storage.region, storage.good);
                if t == 0 {
                    b.constant[at[P] + node] += storage.stock0;
                }
                if t < last {
                    let (s, now, next) = (at[S] + i, at[P] + node, first[t + 1][P] + node);
                    b.constant[s] = storage.cost;
                    b.add(s, s, 0.0);
                    b.add(s, now, 1.0);
                    b.add(s, next, -beta);
                    b.add(now, s, -1.0);
                    b.add(next, s, 1.0);
                }
            }
        }
        b.build(Layout {
            periods: self.periods,
            blocks,
            elastic: Vec::new(),
            demand: Vec::new(),
        })
    }
}

fn primal(upper: f64, variable: f64, residual: f64) -> Unknown {
    Unknown {
        lower: 0.0,
        upper,
        variable,
        residual,
        stage: 1,
        side: Side::Primal,
    }
}

fn process_cost(b: &mut Builder, x: usize, cost: &Cost) {
    match *cost {
        Cost::Linear { a, b: slope } => {
            b.constant[x] = a;
            b.add(x, x, slope);
        }
        Cost::Ce { x0, c0, eta } => {
            b.positive[x] = true;
            b.terms.push(Term::Power {
                row: x,
                variable: x,
                at: 0,
                coefficient: c0 * x0.powf(-1.0 / eta),
                exponent: 1.0 / eta,
            });
        }
    }
}

/// A straight demand gets an unknown of its own, one of constant elasticity a term in the balance.
fn demand_curve(
    b: &mut Builder,
    demand: &Demand,
    node: usize,
    index: usize,
    elastic: &mut Vec<(usize, usize, f64, f64, f64)>,
) -> Result<Option<usize>, Box<dyn Error>> {
    match demand.curve {
        Some(Curve::Linear { a, b: slope }) => {
            let q = b.unknown(primal(INF, b.residual[node], b.variable[node]), 1.0);
            b.constant[q] = -a;
            b.add(q, q, slope);
            b.add(q, node, 1.0);
            b.add(node, q, -1.0);
            Ok(Some(q))
        }
        Some(Curve::Ce { q0, p0, eps }) => {
            b.positive[node] = true;
            b.terms.push(Term::Power {
                row: node,
                variable: node,
                at: 0,
                coefficient: -q0 * p0.powf(eps),
                exponent: -eps,
            });
            elastic.push((index, node, q0, p0, eps));
            Ok(None)
        }
        None => Err("a demand without a curve".into()),
    }
}

impl Problem for Spatial {
    fn structure(&self) -> &Structure {
        &self.structure
    }

    fn lower(&self) -> &[f64] {
        &self.lower
    }

    fn upper(&self) -> &[f64] {
        &self.upper
    }

    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.variable,
            residual: &self.residual,
        }
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
        let starts = self.structure.row_starts();
        for ((f, &constant), ends) in residual
            .iter_mut()
            .zip(&self.constant)
            .zip(starts.windows(2))
        {
            let mut sum = constant;
            let range = ends[0]..ends[1];
            for (&value, &column) in self.values[range.clone()].iter().zip(&self.columns[range]) {
                sum += value * x[column as usize];
            }
            *f = sum;
        }
        let mut jacobian = jacobian;
        if let Some(jacobian) = jacobian.as_deref_mut() {
            jacobian.copy_from_slice(&self.values);
        }
        for term in &self.terms {
            match *term {
                Term::Power {
                    row,
                    variable,
                    at,
                    coefficient,
                    exponent,
                } => {
                    let value = coefficient * x[variable].powf(exponent);
                    residual[row] += value;
                    if let Some(jacobian) = jacobian.as_deref_mut() {
                        jacobian[at] += exponent * value / x[variable];
                    }
                }
                Term::Product {
                    row,
                    left,
                    at_left,
                    right,
                    at_right,
                    coefficient,
                    exponent,
                } => {
                    let slope = coefficient * x[right].powf(exponent);
                    residual[row] += slope * x[left];
                    if let Some(jacobian) = jacobian.as_deref_mut() {
                        jacobian[at_left] += slope;
                        jacobian[at_right] += exponent * slope * x[left] / x[right];
                    }
                }
            }
        }
    }

    fn start(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.start);
    }

    fn name(&self, i: usize) -> String {
        for &(block, period, first, length) in &self.layout.blocks {
            if i >= first && i < first + length {
                return format!("{block} {} in period {period}", i - first);
            }
        }
        format!("demand unknown {i}")
    }

    fn positive(&self) -> Option<&[bool]> {
        self.positive.as_deref()
    }

    fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    fn affine(&self) -> bool {
        self.terms.is_empty()
    }
}
