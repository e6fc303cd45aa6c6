//! Cournot sellers: one firm per region, which ships from a hub.

use std::error::Error;

use super::builder::{Builder, INF, Unknown, demand_curve, limit, primal, process_cost};
use super::spatial::{Layout, Spatial, Term};
use super::{Curve, Instance};
use pricefloor::complementarity::Side;

impl Instance {
    pub(super) fn cournot(&self, theta: f64) -> Result<Spatial, Box<dyn Error>> {
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
}
