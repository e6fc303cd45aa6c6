//! The size of prices and quantities at each node, and the price from which consumer surplus is counted, from
//! the calibration data.

use crate::assembly::{Assembly, CurveAt, DemandEntry, Param};
use crate::curve::Kernel;

/// Price and quantity that a curve is about.
fn typical(assembly: &Assembly, curve: &CurveAt, capacity: f64) -> (f64, f64) {
    let value = |i: usize| {
        curve
            .parameters
            .get(i)
            .map_or(0.0, |p| assembly.params[p.index()].value)
    };
    match curve.kernel {
        Kernel::Constant => (value(0), if capacity.is_finite() { capacity } else { 0.0 }),
        Kernel::Linear if value(0) > 0.0 && value(1) < 0.0 => {
            (value(0) / 2.0, -value(0) / value(1) / 2.0)
        }
        Kernel::Linear => {
            let width = if capacity.is_finite() { capacity } else { 0.0 };
            ((value(0) + value(1) * width).abs(), width)
        }
        _ => (value(0), value(1)),
    }
}

/// The choke price where every part of the demand has one, else the price at which a part was calibrated.
fn reference_price(assembly: &Assembly, demands: &[DemandEntry]) -> f64 {
    let mut choke = 0.0_f64;
    for demand in demands {
        match demand {
            DemandEntry::Fixed { .. } => {}
            DemandEntry::Linked { intercept, .. } => {
                return assembly.params[intercept.index()].value;
            }
            DemandEntry::Nested { price, .. } => return assembly.params[price.index()].value,
            DemandEntry::Quantity { curve } => {
                return curve
                    .parameters
                    .first()
                    .map_or(0.0, |p| assembly.params[p.index()].value);
            }
            DemandEntry::Price { worth, .. } => {
                let values: Vec<f64> = worth
                    .parameters
                    .iter()
                    .map(|p| assembly.params[p.index()].value)
                    .collect();
                let offset = worth
                    .offset
                    .iter()
                    .fold(worth.offset_number, |sum, &(c, p)| {
                        sum + c * assembly.params[p.index()].value
                    });
                let start = worth.kernel.value(&values, offset);
                if !start.is_finite() {
                    return values.first().copied().unwrap_or(0.0);
                }
                choke = choke.max(start);
            }
        }
    }
    choke
}

/// Sets the scales of every node: from its demands, else from who sells there, else from where its goods go or
/// come from, and at least 1e-12 of the market's largest.
pub(super) fn set(assembly: &mut Assembly) {
    let count = assembly.nodes.len();
    let mut price = vec![0.0_f64; count];
    let mut quantity = vec![0.0_f64; count];
    let mut slope = vec![0.0_f64; count];
    for (i, node) in assembly.nodes.iter().enumerate() {
        for demand in &node.demands {
            let (p, q) = match demand {
                DemandEntry::Fixed { quantity } => (0.0, assembly.params[quantity.index()].value),
                DemandEntry::Quantity { curve } => typical(assembly, curve, f64::INFINITY),
                DemandEntry::Nested {
                    price, observed, ..
                } => {
                    let value = |p: &Param| assembly.params[p.index()].value;
                    (value(price), value(observed))
                }
                DemandEntry::Linked {
                    quantity,
                    intercept,
                    slopes,
                } => {
                    let value = |p: &Param| assembly.params[p.index()].value;
                    let own = slopes.iter().find(|(_, of)| of == quantity);
                    let slope = own.map_or(-1.0, |(slope, _)| value(slope));
                    (value(intercept) / 2.0, -value(intercept) / slope / 2.0)
                }
                DemandEntry::Price { quantity, worth } => {
                    let upper = assembly.value(&assembly.unknowns[quantity.index()].upper);
                    let (p, q) = typical(assembly, worth, upper);
                    (p, q.min(upper))
                }
            };
            price[i] = price[i].max(p);
            quantity[i] += q;
        }
    }
    let (mut offered_price, mut offered) = (vec![0.0_f64; count], vec![0.0_f64; count]);
    for activity in &assembly.activities {
        for part in &activity.parts {
            let upper = assembly.value(&assembly.unknowns[part.level.index()].upper);
            let (p, q) = typical(assembly, &part.cost, upper);
            for &(node, amount, _) in activity.column.iter().filter(|c| c.1 > 0.0) {
                let i = node.index();
                offered_price[i] = offered_price[i].max(p / amount);
                offered[i] += q.min(upper) * amount;
                if part.cost.kernel == Kernel::Linear
                    && let Some(s) = part.cost.parameters.get(1)
                {
                    slope[i] = slope[i].max(assembly.params[s.index()].value.abs());
                }
            }
        }
    }
    for i in 0..count {
        if price[i] == 0.0 {
            price[i] = offered_price[i];
        }
        if quantity[i] == 0.0 {
            quantity[i] = offered[i];
        }
        if price[i] == 0.0 {
            price[i] = slope[i] * quantity[i];
        }
    }
    // nodes that only pass goods on take their sizes from their neighbours
    for _ in 0..count {
        let mut changed = false;
        for activity in &assembly.activities {
            for &(a, ya, _) in &activity.column {
                for &(b, yb, _) in &activity.column {
                    let (a, b) = (a.index(), b.index());
                    let ratio = (yb / ya).abs();
                    for (sizes, factor) in [(&mut price, 1.0 / ratio), (&mut quantity, ratio)] {
                        if sizes[b] == 0.0 && sizes[a] > 0.0 {
                            sizes[b] = sizes[a] * factor;
                            changed = true;
                        }
                    }
                }
            }
        }
        if !changed {
            break;
        }
    }
    for sizes in [&mut price, &mut quantity] {
        let largest = sizes.iter().fold(0.0_f64, |a, &b| a.max(b));
        let fallback = if largest > 0.0 { largest } else { 1.0 };
        for size in sizes.iter_mut() {
            *size = if *size > 0.0 {
                size.max(1e-12 * fallback)
            } else {
                fallback
            };
        }
    }
    let references: Vec<f64> = assembly
        .nodes
        .iter()
        .map(|n| reference_price(assembly, &n.demands))
        .collect();
    for (i, node) in assembly.nodes.iter_mut().enumerate() {
        node.reference_price = references[i];
        node.price_scale = price[i];
        node.quantity_scale = quantity[i];
    }
}
