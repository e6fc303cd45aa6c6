//! Reads the instance files of `tests/cases/instances` and writes them as complementarity problems.
//!
//! Two schemas: `spe-1`, a one-period spatial price equilibrium (competitive or Cournot), and `pfe-1`, a
//! perfect-foresight equilibrium with storage and investment. Formulations differ from the files' own where
//! that makes a smaller system with the same solutions: constant-elasticity demand stands in the node's
//! balance, and a Cournot seller ships from a hub whose price is its marginal cost.

mod builder;
mod cournot;
mod foresight;
mod over_time;
mod spatial;

use std::error::Error;
use std::io::Read;
use std::path::Path;

use builder::{Builder, INF, Unknown, demand_curve, limit, primal, process_cost};
use pricefloor::complementarity::Side;
use serde::Deserialize;
pub use spatial::{Layout, Spatial};

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
}
