//! The conditions of an equilibrium, looked at from outside: prices and quantities against the curves that went in.

use super::world::{Lane, Mine, World};
use pricefloor::curve::Interval;
use pricefloor::equilibrium::{Certificate, Equilibrium};
use pricefloor::{Demand, Policy};

/// How far a price or a quantity may be off, as a share of its size.
const NEAR: f64 = 1e-7;

/// The first condition that does not hold.
pub fn broken(world: &World, policy: &Policy, solved: &Equilibrium) -> Option<String> {
    if let Some(what) = doubtful(solved.certificate()) {
        return Some(what);
    }
    let free = policy.entries().is_empty();
    nodes(world, free, solved).or_else(|| {
        if !free {
            return None;
        }
        let mines = world
            .mines
            .iter()
            .find_map(|mine| idle(world, mine, solved));
        mines.or_else(|| {
            world
                .lanes
                .iter()
                .find_map(|lane| arbitrage(world, lane, solved))
        })
    })
}

/// What of a certificate is above 1e-8.
pub fn doubtful(certificate: &Certificate) -> Option<String> {
    let evidence = [certificate.residual(), certificate.price_error()];
    let small = evidence.iter().all(|&e| e <= 1e-8);
    (!small).then(|| format!("certificate {evidence:?}"))
}

/// Balances, and without measures demand at the price.
fn nodes(world: &World, free: bool, solved: &Equilibrium) -> Option<String> {
    for node in solved.nodes() {
        let k = world
            .commodities
            .iter()
            .position(|c| c == node.commodity())?;
        let size = world.sizes[k];
        let flow = node
            .supplied()
            .abs()
            .max(node.demanded())
            .max(size.quantity);
        let left = node.supplied() - node.demanded() - node.bought();
        let place = format!("{} in {}", node.commodity(), node.region());
        if !(left.is_finite() && node.price().is_finite()) {
            return Some(format!("not a number at {place}"));
        }
        if left < -NEAR * flow {
            return Some(format!("balance at {place}: {left:e}"));
        }
        if !free {
            continue;
        }
        if left > NEAR * flow && node.price().abs() > NEAR * size.price {
            return Some(format!("{left:e} left at {place} at {}", node.price()));
        }
        if let Some(demand) = world.market.demand(node.region(), node.commodity())
            && !on_demand(
                demand,
                node.price(),
                node.demanded(),
                size.price,
                size.quantity,
            )
        {
            return Some(format!(
                "demand at {place}: {} at {}",
                node.demanded(),
                node.price()
            ));
        }
    }
    None
}

/// A producer that is not on its supply curve at what its basket is worth.
fn idle(world: &World, mine: &Mine, solved: &Equilibrium) -> Option<String> {
    let size = world.sizes[mine.commodity];
    let level = solved.level(&mine.name).ok()?;
    let (mut worth, mut largest) = (0.0, size.price);
    for &(k, per_unit) in &mine.basket {
        let part = per_unit * solved.price(&mine.region, &world.commodities[k]).ok()?;
        worth += part;
        largest = f64::max(largest, part.abs());
    }
    let at_level = mine.supply.price(level.max(0.0)).ok()?;
    let near = NEAR * largest;
    let nothing = level <= NEAR * size.quantity && worth <= at_level.high() + near;
    let of_price = worth >= at_level.low() - near && worth <= at_level.high() + near;
    let offered = mine.supply.quantity(worth);
    let of_level = offered.is_ok_and(|i| touches(&i, level, size.quantity));
    (!(nothing || of_price || of_level))
        .then(|| format!("{} at {level}: worth {worth}, cost {at_level:?}", mine.name))
}

/// A route that leaves a gain unused, or loses.
fn arbitrage(world: &World, lane: &Lane, solved: &Equilibrium) -> Option<String> {
    let commodity = &world.commodities[lane.commodity];
    let size = world.sizes[lane.commodity];
    let flow = solved.flow(&lane.from, &lane.to, commodity).ok()?;
    let from = solved.price(&lane.from, commodity).ok()?;
    let to = solved.price(&lane.to, commodity).ok()?;
    let gain = lane.arriving * to - from - lane.cost;
    let near = NEAR * size.price.max(from.abs()).max(to.abs());
    let full = flow >= lane.capacity - NEAR * size.quantity.min(lane.capacity);
    let unused = gain > near && !full;
    let loses = gain < -near && flow > NEAR * size.quantity;
    (unused || loses).then(|| {
        format!(
            "{commodity} from {} to {}: {flow} at a gain of {gain:e}",
            lane.from, lane.to
        )
    })
}

fn touches(interval: &Interval, value: f64, size: f64) -> bool {
    let near = NEAR * size.max(value.abs());
    value >= interval.low() - near && value <= interval.high() + near
}

fn on_demand(demand: &Demand, price: f64, quantity: f64, p: f64, q: f64) -> bool {
    let of_price = demand
        .quantity(price)
        .is_ok_and(|i| touches(&i, quantity, q));
    of_price || demand.price(quantity).is_ok_and(|i| touches(&i, price, p))
}
