//! Perfect foresight: periods linked by storage and capacity.
//!
//! Rows are weighted by the discount factor of their period and the sign of the capacity row makes its
//! couplings skew, so that the condensed matrix is symmetric.

use std::error::Error;

use super::Instance;
use super::builder::{Builder, INF, Unknown, limit, primal, process_cost};
use super::spatial::{Layout, Spatial};
use pricefloor::complementarity::Side;

impl Instance {
    pub(super) fn foresight(&self) -> Result<Spatial, Box<dyn Error>> {
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
        for (t, place) in first.iter_mut().enumerate() {
            let mut begin = |b: &Builder, k: usize, name: &'static str, length: usize| {
                place[k] = b.constant.len();
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
        for (t, &at) in first.iter().enumerate() {
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
