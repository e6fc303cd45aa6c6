//! A chain may not create material: no cycle of activities returns more than it uses.
//!
//! Along an activity the gain from an input to an output is output / input. A commodity that comes back
//! multiplied by more than one would make supply endless at no cost. The largest product of gains around any
//! cycle is found as the most negative cycle of -ln(gain) (Bellman and Ford).

use super::error::MarketError;
use super::facts::MarketBuilder;

struct Edge {
    from: usize,
    to: usize,
    gain: f64,
}

pub(super) fn check(facts: &MarketBuilder) -> Result<(), MarketError> {
    let goods = facts.commodities.len();
    let position = |names: &[String], name: &str| names.iter().position(|n| n == name);
    let node = |region: &str, commodity: &str| {
        Some(position(&facts.regions, region)? * goods + position(&facts.commodities, commodity)?)
    };
    let mut edges = Vec::new();
    for activity in &facts.activities {
        for input in activity.inputs() {
            for output in activity.outputs() {
                let ends = (
                    node(activity.region(), input.commodity()),
                    node(activity.region(), output.commodity()),
                );
                if let (Some(from), Some(to)) = ends {
                    edges.push(Edge {
                        from,
                        to,
                        gain: output.per_unit() / input.per_unit(),
                    });
                }
            }
        }
    }
    if edges.is_empty() {
        return Ok(()); // routes alone never gain: a share of at most one arrives
    }
    for route in &facts.routes {
        if let (Some(from), Some(to)) = (
            node(&route.from, &route.commodity),
            node(&route.to, &route.commodity),
        ) {
            edges.push(Edge {
                from,
                to,
                gain: route.arrives,
            });
        }
    }
    let nodes = facts.regions.len() * goods;
    // rounding of products along a cycle of exact reciprocals must not look like a gain
    let allowed = 1e-12;
    let mut distance = vec![0.0; nodes];
    let mut before = vec![usize::MAX; nodes];
    let mut last = None;
    for _ in 0..=nodes {
        last = None;
        for (i, edge) in edges.iter().enumerate() {
            let through = distance[edge.from] - edge.gain.ln();
            if through < distance[edge.to] - allowed {
                distance[edge.to] = through;
                before[edge.to] = i;
                last = Some(edge.to);
            }
        }
        if last.is_none() {
            return Ok(());
        }
    }
    let Some(mut at) = last else { return Ok(()) };
    for _ in 0..nodes {
        at = edges[before[at]].from; // now surely on the cycle
    }
    let (first, mut gain, mut names) = (at, 1.0, Vec::new());
    let name = |n: usize| {
        format!(
            "{} in {}",
            facts.commodities[n % goods],
            facts.regions[n / goods]
        )
    };
    loop {
        names.push(name(at));
        let edge = &edges[before[at]];
        gain *= edge.gain;
        at = edge.from;
        if at == first {
            break;
        }
    }
    names.push(name(first));
    names.reverse();
    Err(MarketError::CreatesMaterial {
        cycle: names.join(" -> "),
        gain,
    })
}
