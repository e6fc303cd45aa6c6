//! Outcomes as sums of products and of areas under curves, with their derivatives.

use super::outcome::charged;
use crate::assembly::{
    Activity, Assembly, CurveAt, DemandEntry, Expr, Gradient, Limit, NodeEntry, Param, PartyEntry,
    Stretch, Unknown,
};
use crate::equilibrium::SolveError;

/// What an outcome is made of.
pub(in crate::equilibrium) struct Measured {
    expr: Expr,
    areas: Vec<Area>,
}

/// A weight times the integral of a curve up to where it is evaluated.
struct Area {
    weight: f64,
    factor: Option<Param>,
    curve: CurveAt,
    from: Start,
    /// The share of it that does not count.
    unserved: Option<Unknown>,
}

/// Where an integral begins, counted from the curve's offset.
enum Start {
    Number(f64),
    /// At what is bought at a price, up to the limit; what is paid for it there is added.
    Bought(f64, Limit),
}

impl Measured {
    pub(super) fn of(expr: Expr) -> Self {
        Self {
            expr,
            areas: Vec::new(),
        }
    }

    pub(in crate::equilibrium) fn evaluate(
        &self,
        assembly: &Assembly,
        values: &[f64],
        x: &[f64],
    ) -> f64 {
        self.areas
            .iter()
            .fold(assembly.evaluate(&self.expr, values, x), |sum, area| {
                sum + area.scale(values, x) * area.integral(assembly, values, x)
            })
    }

    pub(in crate::equilibrium) fn gradient(
        &self,
        assembly: &Assembly,
        values: &[f64],
        x: &[f64],
    ) -> Gradient {
        let mut gradient = Gradient::default();
        assembly.differentiate(&self.expr, values, x, 1.0, &mut gradient);
        for area in &self.areas {
            area.differentiate(assembly, values, x, &mut gradient);
        }
        gradient
    }

    /// What the chosen parties gain together, as the ledger counts it; none where there is no such party. What they
    /// pay each other cancels.
    pub(super) fn surplus(
        assembly: &Assembly,
        chosen: impl Fn(&PartyEntry) -> bool,
    ) -> Result<Option<Self>, SolveError> {
        let chosen: Vec<f64> = assembly
            .parties
            .iter()
            .map(|party| f64::from(u8::from(chosen(party))))
            .collect();
        if chosen.iter().all(|&c| c == 0.0) {
            return Ok(None);
        }
        let mut sum = Self::of(Expr::zero());
        for node in &assembly.nodes {
            sum.node(assembly, node, &chosen)?;
        }
        for (a, entry) in assembly.activities.iter().enumerate() {
            let weight = chosen[entry.owner.index()];
            let level = Expr::level(Activity::new(a));
            for &(node, _, amount) in &entry.column {
                let price = assembly.nodes[node.index()].price;
                sum.add(&level * amount * price, weight);
            }
            for part in entry.parts.iter().filter(|_| weight != 0.0) {
                sum.areas.push(Area {
                    weight: -weight,
                    factor: None,
                    curve: part.cost.clone(),
                    from: Start::Number(0.0),
                    unserved: entry.unserved,
                });
            }
        }
        for charge in &assembly.charges {
            let weight = chosen[charge.payee.index()] - chosen[charge.payer.index()];
            sum.add(charged(assembly, charge) * &charge.amount, weight);
        }
        for relief in &assembly.reliefs {
            let entry = &assembly.activities[relief.activity.index()];
            let weight = chosen[entry.owner.index()] - chosen[relief.payer.index()];
            for part in entry.parts.iter().filter(|_| weight != 0.0) {
                sum.areas.push(Area {
                    weight,
                    factor: Some(relief.share),
                    curve: part.cost.clone(),
                    from: Start::Number(0.0),
                    unserved: entry.unserved,
                });
            }
        }
        for transfer in &assembly.transfers {
            let weight = chosen[transfer.payee.index()] - chosen[transfer.payer.index()];
            sum.add(transfer.amount.clone(), weight);
        }
        Ok(Some(sum))
    }

    fn add(&mut self, expr: Expr, weight: f64) {
        if weight != 0.0 {
            let so_far = std::mem::take(&mut self.expr);
            self.expr = so_far + expr * weight;
        }
    }

    /// Consumer surplus from the reference price, and what buyers for measures hold less what they paid.
    fn node(
        &mut self,
        assembly: &Assembly,
        node: &NodeEntry,
        chosen: &[f64],
    ) -> Result<(), SolveError> {
        let weight = chosen[node.consumers.index()];
        for demand in node.demands.iter().filter(|_| weight != 0.0) {
            let reference = node.reference_price;
            let (wanted, area, given) = match demand {
                DemandEntry::Fixed { quantity } => {
                    let wanted = Expr::from(*quantity);
                    (wanted.clone(), None, wanted * reference)
                }
                DemandEntry::Nested { .. } | DemandEntry::Linked { .. } => {
                    return Err(SolveError::CountedTogether {
                        consumers: assembly.parties[node.consumers.index()].title(),
                    });
                }
                DemandEntry::Quantity { curve } => {
                    // the area over prices is counted at what the last unit is worth, which may be above the price
                    let wanted = Expr::curve(curve.clone());
                    let worth = node.worth.unwrap_or(node.price);
                    let area = (-weight, curve.clone(), Start::Number(reference));
                    (wanted.clone(), Some(area), wanted * worth)
                }
                DemandEntry::Price { quantity, worth } => {
                    let upper = assembly.unknowns[quantity.index()].upper.clone();
                    let from = Start::Bought(reference, upper);
                    let area = (weight, worth.clone(), from);
                    (Expr::from(*quantity), Some(area), Expr::zero())
                }
            };
            let rest = given - &wanted * node.price;
            let served = match node.unserved {
                Some(unserved) => &rest - &rest * unserved,
                None => rest,
            };
            self.add(served, weight);
            if let Some((weight, curve, from)) = area {
                self.areas.push(Area {
                    weight,
                    factor: None,
                    curve,
                    from,
                    unserved: node.unserved,
                });
            }
        }
        for withdrawal in &node.withdrawals {
            let worth = withdrawal.worth.map_or_else(Expr::zero, Expr::from);
            let gain = &withdrawal.quantity * (worth - node.price);
            self.add(gain, chosen[withdrawal.buyer.index()]);
        }
        Ok(())
    }
}

impl Area {
    fn served(&self, x: &[f64]) -> f64 {
        self.unserved.map_or(1.0, |u| 1.0 - x[u.index()])
    }

    fn factor(&self, values: &[f64]) -> f64 {
        self.factor.map_or(1.0, |p| values[p.index()])
    }

    fn scale(&self, values: &[f64], x: &[f64]) -> f64 {
        self.weight * self.factor(values) * self.served(x)
    }

    /// Where the integral begins, and what is paid for what lies before.
    fn start(
        &self,
        assembly: &Assembly,
        values: &[f64],
        parameters: &[f64],
        offset: f64,
    ) -> [f64; 2] {
        match &self.from {
            Start::Number(from) => [offset + from, 0.0],
            Start::Bought(price, limit) => {
                let first = Stretch {
                    kernel: self.curve.kernel,
                    parameters,
                    offset,
                    capacity: assembly.limit_value(limit, values),
                }
                .bought_at(*price);
                [offset + first, price * first]
            }
        }
    }

    fn integral(&self, assembly: &Assembly, values: &[f64], x: &[f64]) -> f64 {
        let (parameters, offset) = assembly.curve_numbers(&self.curve, values);
        let [from, before] = self.start(assembly, values, &parameters, offset);
        let to = offset + x[self.curve.of.index()];
        before + self.curve.kernel.integral(&parameters, from, to)
    }

    fn differentiate(&self, assembly: &Assembly, values: &[f64], x: &[f64], out: &mut Gradient) {
        let (parameters, offset) = assembly.curve_numbers(&self.curve, values);
        let kernel = self.curve.kernel;
        let [from, _] = self.start(assembly, values, &parameters, offset);
        let to = offset + x[self.curve.of.index()];
        let scale = self.scale(values, x);
        let last = kernel.value(&parameters, to);
        out.unknowns.push((self.curve.of.index(), scale * last));
        for &(c, p) in &self.curve.offset {
            let first = kernel.value(&parameters, from);
            out.params.push((p.index(), scale * c * (last - first)));
        }
        if let Start::Bought(price, limit) = &self.from
            && from - offset == assembly.limit_value(limit, values)
        {
            let gap = price - kernel.value(&parameters, from);
            for &(c, p) in &limit.params {
                out.params.push((p.index(), scale * c * gap));
            }
        }
        let mut partials = vec![0.0; parameters.len()];
        kernel.integral_partials(&parameters, from, to, &mut partials);
        for (p, partial) in self.curve.parameters.iter().zip(partials) {
            out.params.push((p.index(), scale * partial));
        }
        let area = self.integral(assembly, values, x);
        if let Some(unserved) = self.unserved {
            let rate = -self.weight * self.factor(values) * area;
            out.unknowns.push((unserved.index(), rate));
        }
        if let Some(p) = self.factor {
            out.params
                .push((p.index(), self.weight * self.served(x) * area));
        }
    }
}
