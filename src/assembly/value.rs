//! Values of what was written, at given numbers and a given point.

use super::book::Assembly;
use super::entry::{Charge, Conduct, DemandEntry, Limit, NodeEntry, Part, Reach, Wedge};
use super::expr::{CurveAt, Expr};
use super::handle::{Activity, Party};
use crate::curve::Kernel;

impl Charge {
    /// Whether the charge falls on the k-th part of its activity.
    pub(crate) fn reaches(&self, assembly: &Assembly, k: usize) -> bool {
        assembly.is_reached(self.activity, self.reach, k)
    }

    /// What the charge does to its owner's marginal cost: adds, relieves, or nothing.
    pub(crate) fn sign(&self, assembly: &Assembly) -> f64 {
        let owner = assembly.activities[self.activity.index()].owner;
        f64::from(i8::from(self.payer == owner) - i8::from(self.payee == owner))
    }
}

impl Conduct {
    /// Whether the firm's objective is not its profit alone.
    pub(crate) fn weighs_public(&self, values: &[f64]) -> bool {
        self.public
            .as_ref()
            .is_some_and(|public| values[public.weight.index()] > 0.0)
    }
}

impl Wedge {
    /// Whether the wedge falls on the k-th part of its activity.
    pub(crate) fn reaches(&self, assembly: &Assembly, k: usize) -> bool {
        assembly.is_reached(self.activity, self.reach, k)
    }
}

impl Assembly {
    fn is_reached(&self, activity: Activity, reach: Reach, k: usize) -> bool {
        match reach {
            Reach::All => true,
            Reach::First(volume) => {
                let cuts = &self.activities[activity.index()].cuts;
                cuts.iter()
                    .find(|cut| cut.volume == volume)
                    .is_some_and(|cut| k < cut.below)
            }
        }
    }

    /// What a wedge takes off the margin in all, over the units it falls on, money per year.
    pub(crate) fn wedged(&self, wedge: &Wedge, values: &[f64], x: &[f64]) -> f64 {
        let parts = self.activities[wedge.activity.index()].parts.iter();
        let reached = parts.enumerate().filter(|(k, _)| wedge.reaches(self, *k));
        let units: f64 = reached.map(|(_, part)| x[part.level.index()]).sum();
        self.evaluate(&wedge.amount, values, x) * units * self.served(wedge.activity, x)
    }

    /// What one more unit of the k-th part of an activity brings its owner, its own cost apart.
    pub(crate) fn net_revenue(
        &self,
        activity: Activity,
        k: usize,
        values: &[f64],
        x: &[f64],
    ) -> f64 {
        let entry = &self.activities[activity.index()];
        let mut net = 0.0;
        for &(node, _, amount) in &entry.column {
            net += values[amount.index()] * x[self.nodes[node.index()].price.index()];
        }
        for charge in self.charges_on(activity).filter(|c| c.reaches(self, k)) {
            net -= charge.sign(self) * self.evaluate(&charge.amount, values, x);
        }
        for wedge in self.wedges_on(activity).filter(|w| w.reaches(self, k)) {
            net -= self.evaluate(&wedge.amount, values, x);
        }
        if let Some(part) = entry.parts.get(k) {
            net += self.relieved(activity, values) * self.marginal_cost(part, values, x);
        }
        net
    }

    /// The share of an activity's own cost that others bear.
    pub(crate) fn relieved(&self, activity: Activity, values: &[f64]) -> f64 {
        let on = self.reliefs.iter().filter(|r| r.activity == activity);
        on.fold(0.0, |sum, relief| sum + values[relief.share.index()])
    }

    /// Cost of one more unit of a part, its purchases at nodes apart.
    pub(crate) fn marginal_cost(&self, part: &Part, values: &[f64], x: &[f64]) -> f64 {
        let (parameters, offset) = self.curve_numbers(&part.cost, values);
        let kernel = part.cost.kernel;
        kernel.value(&parameters, offset + x[part.level.index()])
    }

    /// Cost of all units of a part, its purchases at nodes apart, money per year.
    pub(crate) fn part_cost(&self, part: &Part, values: &[f64], x: &[f64]) -> f64 {
        let (parameters, offset) = self.curve_numbers(&part.cost, values);
        let level = x[part.level.index()];
        part.cost
            .kernel
            .integral(&parameters, offset, offset + level)
    }

    /// Quantity that a demand asks for at a solution.
    pub(crate) fn taken(&self, demand: &DemandEntry, values: &[f64], x: &[f64]) -> f64 {
        match demand {
            DemandEntry::Fixed { quantity } => values[quantity.index()],
            DemandEntry::Price { quantity, .. } | DemandEntry::Linked { quantity, .. } => {
                x[quantity.index()]
            }
            DemandEntry::Nested { quantity, .. } => quantity.block.value(quantity.place(values, x)),
            DemandEntry::Quantity { curve } => {
                let (parameters, offset) = self.curve_numbers(curve, values);
                curve
                    .kernel
                    .value(&parameters, offset + x[curve.of.index()])
            }
        }
    }

    /// The share of final demand at a node that finds a seller.
    pub(crate) fn served_demand(&self, node: &NodeEntry, x: &[f64]) -> f64 {
        node.unserved.map_or(1.0, |u| 1.0 - x[u.index()])
    }

    /// The area between a net revenue per unit and a part's cost curve, at the part's best level: the integral of
    /// its supply from zero to that revenue. Infinite for a constant cost below it without a capacity.
    pub(crate) fn part_area(&self, part: &Part, values: &[f64], net: f64) -> f64 {
        let (parameters, offset) = self.curve_numbers(&part.cost, values);
        let capacity = self.limit_value(&self.unknowns[part.level.index()].upper, values);
        Stretch {
            kernel: part.cost.kernel,
            parameters: &parameters,
            offset,
            capacity,
        }
        .area_below(net)
    }

    /// A limit at given numbers.
    pub(crate) fn limit_value(&self, limit: &Limit, values: &[f64]) -> f64 {
        limit
            .params
            .iter()
            .fold(limit.number, |sum, &(c, p)| sum + c * values[p.index()])
    }

    /// Value of one part's cost curve parameters at given numbers.
    pub(crate) fn curve_numbers(&self, curve: &CurveAt, values: &[f64]) -> (Vec<f64>, f64) {
        let parameters = curve.parameters.iter().map(|p| values[p.index()]).collect();
        let offset = curve
            .offset
            .iter()
            .fold(curve.offset_number, |sum, &(c, p)| {
                sum + c * values[p.index()]
            });
        (parameters, offset)
    }

    /// A party's profit from its activities and from payments that move no margin, money per year.
    pub(crate) fn profit(&self, party: Party, values: &[f64], x: &[f64]) -> f64 {
        let mut profit = 0.0;
        for (a, entry) in self
            .activities
            .iter()
            .enumerate()
            .filter(|(_, e)| e.owner == party)
        {
            let activity = Activity::new(a);
            let served = self.served(activity, x);
            for (k, part) in entry.parts.iter().enumerate() {
                let level = x[part.level.index()];
                let (parameters, offset) = self.curve_numbers(&part.cost, values);
                let cost = part
                    .cost
                    .kernel
                    .integral(&parameters, offset, offset + level);
                profit += served * (self.net_revenue(activity, k, values, x) * level - cost);
            }
            for wedge in self.wedges_on(activity) {
                profit += self.wedged(wedge, values, x);
            }
        }
        for transfer in &self.transfers {
            let sign =
                f64::from(i8::from(transfer.payee == party) - i8::from(transfer.payer == party));
            if sign != 0.0 {
                profit += sign * self.evaluate(&transfer.amount, values, x);
            }
        }
        profit
    }

    /// A party's sales at nodes, money per year.
    pub(crate) fn revenue(&self, party: Party, values: &[f64], x: &[f64]) -> f64 {
        let mut revenue = 0.0;
        for (a, entry) in self
            .activities
            .iter()
            .enumerate()
            .filter(|(_, e)| e.owner == party)
        {
            let level = self.realised(Activity::new(a), x);
            for &(node, _, amount) in entry.column.iter().filter(|c| c.1 > 0.0) {
                revenue +=
                    values[amount.index()] * level * x[self.nodes[node.index()].price.index()];
            }
        }
        revenue
    }

    /// The level of an activity as realised: its parts, less what finds no buyer.
    pub(crate) fn realised(&self, activity: Activity, x: &[f64]) -> f64 {
        let entry = &self.activities[activity.index()];
        let offered: f64 = entry
            .parts
            .iter()
            .map(|part: &Part| x[part.level.index()])
            .sum();
        offered * self.served(activity, x)
    }

    /// The share of an activity's offer that finds a buyer.
    pub(crate) fn served(&self, activity: Activity, x: &[f64]) -> f64 {
        self.activities[activity.index()]
            .unserved
            .map_or(1.0, |s| 1.0 - x[s.index()])
    }

    /// Value of an expression at given numbers and a given point.
    pub(crate) fn evaluate(&self, expr: &Expr, values: &[f64], x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for product in &expr.products {
            let mut value = product.coefficient;
            for p in &product.params {
                value *= values[p.index()];
            }
            for u in &product.unknowns {
                value *= x[u.index()];
            }
            for &a in &product.levels {
                value *= self.realised(a, x);
            }
            for curve in &product.curves {
                let (parameters, offset) = self.curve_numbers(curve, values);
                value *= curve
                    .kernel
                    .value(&parameters, offset + x[curve.of.index()]);
            }
            for at in &product.blocks {
                value *= at.block.value(at.place(values, x));
            }
            sum += value;
        }
        sum
    }
}

/// A piece of a curve with its numbers: `kernel(offset + x)` for x in [0, capacity].
pub(crate) struct Stretch<'a> {
    pub(crate) kernel: Kernel,
    pub(crate) parameters: &'a [f64],
    pub(crate) offset: f64,
    pub(crate) capacity: f64,
}

impl Stretch<'_> {
    fn price(&self, x: f64) -> f64 {
        self.kernel.value(self.parameters, self.offset + x)
    }

    /// Price at the last unit; a limit where there is no capacity.
    fn end(&self) -> f64 {
        if self.capacity.is_finite() {
            self.price(self.capacity)
        } else {
            self.price(0.0)
        }
    }

    /// Integral over prices of the quantity between two prices inside the piece's own range.
    fn sweep(&self, from: f64, to: f64) -> f64 {
        let quantity = match self.kernel {
            Kernel::Elastic => Kernel::ElasticQuantity,
            Kernel::Exponential => Kernel::ExponentialQuantity,
            // the rest is linear: the mean of the quantities at both ends
            _ => {
                let slope = self.parameters.get(1).copied().unwrap_or(0.0);
                if slope == 0.0 {
                    return 0.0;
                }
                let start = self.price(0.0);
                return ((from - start) + (to - start)) / (2.0 * slope) * (to - from);
            }
        };
        quantity.integral(self.parameters, from, to) - self.offset * (to - from)
    }

    /// Supply: the integral over prices up to `price` of the quantity offered.
    pub(crate) fn area_below(&self, price: f64) -> f64 {
        let start = self.price(0.0);
        if price <= start || self.capacity == 0.0 {
            return 0.0;
        }
        let end = if self.capacity.is_finite() {
            self.end()
        } else {
            f64::INFINITY
        };
        let end = if self.kernel == Kernel::Constant {
            start
        } else {
            end
        };
        let top = price.min(end);
        let beyond = if price > end {
            self.capacity * (price - end)
        } else {
            0.0
        };
        self.sweep(start, top) + beyond
    }

    /// Demand: the quantity bought at a price.
    pub(crate) fn bought_at(&self, price: f64) -> f64 {
        let start = self.price(0.0);
        if price >= start {
            return 0.0;
        }
        let quantity = match self.kernel {
            Kernel::Constant => f64::INFINITY,
            Kernel::Elastic => Kernel::ElasticQuantity.value(self.parameters, price) - self.offset,
            Kernel::Exponential => {
                Kernel::ExponentialQuantity.value(self.parameters, price) - self.offset
            }
            _ => (price - start) / self.parameters.get(1).copied().unwrap_or(f64::INFINITY),
        };
        quantity.min(self.capacity).max(0.0)
    }

    /// Demand: the integral over prices from `price` up to `reference` of the quantity bought (negative when the
    /// reference is the lower of the two).
    pub(crate) fn area_between(&self, price: f64, reference: f64) -> f64 {
        if price > reference {
            return -self.area_between(reference, price);
        }
        if self.capacity == 0.0 {
            return 0.0;
        }
        // worth falls from `start` to `end` along the piece
        let start = self.price(0.0);
        let end = if self.kernel == Kernel::Constant {
            start
        } else if self.capacity.is_finite() {
            self.end()
        } else {
            f64::NEG_INFINITY
        };
        let full = (reference.min(end) - price).max(0.0);
        let (from, to) = (price.max(end), reference.min(start));
        let sloped = if to > from { self.sweep(from, to) } else { 0.0 };
        let whole = if full > 0.0 {
            self.capacity * full
        } else {
            0.0
        };
        whole + sloped
    }
}
