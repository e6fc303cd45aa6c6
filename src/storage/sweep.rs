//! One step of the endogenous grid method: from the prices expected next period to the prices of this one.
//!
//! A unit carried out of a period in which the total stock is `S` is worth
//! `worth(S) = (1 - deterioration) / (1 + interest) E[f(A')] - cost`, with `A' = (1 - deterioration) S + H(S) e'`, where
//! planned supply solves `H = supply(E[f(A') e'])`. Where private owners hold it, that is the price, so the
//! availability that belongs to `S` is `S` plus what is bought at that price, and no equation has to be solved for it.
//! `f` has a kink where storage begins, and hence `worth` has one at each stock from which some outcome leads to that
//! kink, and so on: knots stand on all kinks that matter.

use super::FloorStock;
use super::carry::{Carry, CarryKnot};
use super::spot::{Plans, Spot};
use super::table::{Knot, Sided, Table};
use super::terms::Warehouse;

/// An outcome of next period, seen from one regime: the regime it falls in, the yield, the probability.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub regime: usize,
    pub output: f64,
    pub probability: f64,
}

/// The model in the form that is iterated.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    pub spots: Vec<Spot>,
    /// What may follow each regime.
    pub nodes: Vec<Vec<Node>>,
    pub plans: Plans,
    pub warehouse: Warehouse,
    pub public: Option<FloorStock>,
    /// What producers get at least for a unit.
    pub strike: Option<f64>,
    /// Static price and planned supply: where iteration starts, and the scale of the price.
    pub start: (f64, f64),
}

/// Where knots stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mesh {
    /// Largest stock.
    pub largest: f64,
    /// Number of evenly placed knots.
    pub even: usize,
    /// Knots on kinks of at least this share of the strongest kink; none when it is infinite.
    pub kinks: f64,
}

/// Prices and plans in every regime.
#[derive(Debug, Clone)]
pub(super) struct Functions {
    pub tables: Vec<Table>,
    pub carries: Vec<Carry>,
}

/// Buffers of a sweep.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    stocks: Vec<f64>,
    kinks: Vec<f64>,
    runs: Vec<usize>,
}

/// A number held between two ends. What is no number stays so and is found later, where `f64::clamp` would panic.
pub(super) fn between(value: f64, low: f64, high: f64) -> f64 {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

impl Engine {
    pub(super) fn empty(&self) -> Functions {
        Functions {
            tables: self.spots.iter().cloned().map(Table::empty).collect(),
            carries: vec![Carry::default(); self.spots.len()],
        }
    }

    /// Writes the functions that follow from `old` into `new`; returns the largest change of a price, relative to the
    /// static price.
    pub(super) fn sweep(
        &self,
        old: &Functions,
        new: &mut Functions,
        mesh: Mesh,
        scratch: &mut Scratch,
    ) -> f64 {
        let mut change = 0.0f64;
        for regime in 0..self.spots.len() {
            let whole = self.public.is_none_or(|public| {
                old.carries[regime]
                    .knots
                    .first()
                    .is_some_and(|knot| knot.worth > public.price())
            });
            let before = &old.carries[regime];
            self.place_knots(&old.tables, before, regime, mesh, whole, scratch);
            self.evaluate(
                &old.tables,
                before,
                &mut new.carries[regime],
                regime,
                1,
                scratch,
            );
            self.build(
                &new.carries[regime],
                &self.spots[regime],
                &mut new.tables[regime],
            );
            let before = &old.tables[regime];
            let mut run = 0;
            for knot in &new.tables[regime].knots {
                run = before.run_from(run, knot.availability);
                let (price, _) = before.on_run(run, knot.availability);
                let moved = ((price - knot.price) / self.start.0).abs();
                change = if moved <= change { change } else { moved };
            }
        }
        change
    }

    /// The knots of the carry functions over all stocks, between public capacity and zero too.
    pub(super) fn carry_everywhere(
        &self,
        of: &Functions,
        regime: usize,
        mesh: Mesh,
        scratch: &mut Scratch,
    ) -> Carry {
        // Kinks are placed by plans, which are exact at the knots alone, so a few passes bring the two together.
        let passes = if self.plans.fixed().is_some() { 1 } else { 4 };
        let (mut before, mut carry) = (of.carries[regime].clone(), Carry::default());
        for _ in 0..passes {
            self.place_knots(&of.tables, &before, regime, mesh, true, scratch);
            self.evaluate(&of.tables, &before, &mut carry, regime, 2, scratch);
            std::mem::swap(&mut before, &mut carry);
        }
        before
    }

    fn place_knots(
        &self,
        tables: &[Table],
        carry: &Carry,
        regime: usize,
        mesh: Mesh,
        whole: bool,
        scratch: &mut Scratch,
    ) {
        let Scratch { stocks, kinks, .. } = scratch;
        stocks.clear();
        kinks.clear();
        let least = match self.public {
            Some(public) if !whole => public.capacity(),
            _ => 0.0,
        };
        let planned_is_known = self.plans.fixed().is_some() || !carry.knots.is_empty();
        if mesh.kinks.is_finite() && planned_is_known {
            let strength = |knot: &Knot| (knot.right - knot.left).abs();
            let strongest = tables
                .iter()
                .flat_map(|table| table.knots.iter().map(strength))
                .fold(0.0, f64::max);
            let weakest = mesh.kinks * strongest;
            for node in &self.nodes[regime] {
                let mut lead_to = |availability: f64| {
                    if let Some(stock) = self.stock_leading_to(carry, node, availability)
                        && stock > least
                        && stock < mesh.largest
                    {
                        kinks.push(stock);
                    }
                };
                let table = &tables[node.regime];
                for knot in &table.knots {
                    if node.probability * strength(knot) > weakest {
                        lead_to(knot.availability);
                    }
                }
                table.spot.choked().into_iter().for_each(&mut lead_to);
                let paid_from = self.strike.and_then(|strike| table.where_price_is(strike));
                paid_from.into_iter().for_each(&mut lead_to);
            }
        }
        if let Some(public) = self.public {
            kinks.push(public.capacity());
        }
        kinks.push(least);
        kinks.push(mesh.largest);
        kinks.sort_by(f64::total_cmp);
        let together = 1e-9 * mesh.largest;
        kinks.dedup_by(|later, earlier| *later - *earlier <= together);
        if least > 0.0 {
            stocks.push(0.0);
        }
        // Even knots between kinks: as many as fit the spacing, none where kinks stand close.
        let spacing = (mesh.largest - least) / mesh.even as f64;
        for pair in kinks.windows(2) {
            let parts = ((pair[1] - pair[0]) / spacing).round().max(1.0);
            for part in 0..parts as usize {
                stocks.push(pair[0] + (pair[1] - pair[0]) * (part as f64 / parts));
            }
        }
        stocks.push(mesh.largest);
    }

    /// What producers get for a unit at a price.
    pub(super) fn paid(&self, price: Sided) -> Sided {
        let Some(strike) = self.strike else {
            return price;
        };
        // Kinks are placed no better than this while plans settle.
        let near = (price.price - strike).abs() <= 1e-6 * strike;
        let covered = price.price < strike;
        Sided {
            price: price.price.max(strike),
            left: if covered && !near { 0.0 } else { price.left },
            right: if covered || near { 0.0 } else { price.right },
        }
    }

    /// The stock from which `node` leads to an availability.
    fn stock_leading_to(&self, carry: &Carry, node: &Node, availability: f64) -> Option<f64> {
        let kept = 1.0 - self.warehouse.deterioration;
        if let Some(planned) = self.plans.fixed() {
            return Some((availability - planned * node.output) / kept);
        }
        let mut stock = (availability - self.start.1 * node.output) / kept;
        for _ in 0..8 {
            let (planned, slope) = carry.planned(stock.max(0.0));
            let step = (kept * stock + planned * node.output - availability)
                / (kept + slope * node.output);
            stock -= step;
            if step.abs() <= 1e-14 * availability {
                return Some(stock);
            }
        }
        None
    }

    /// What stocks are worth and what is planned after them, with `steps` Newton steps for plans from those of `before`.
    fn evaluate(
        &self,
        tables: &[Table],
        before: &Carry,
        carry: &mut Carry,
        regime: usize,
        steps: usize,
        scratch: &mut Scratch,
    ) {
        let kept = 1.0 - self.warehouse.deterioration;
        let keeps = self.warehouse.keeps();
        let nodes = &self.nodes[regime];
        scratch.runs.clear();
        scratch.runs.resize(nodes.len(), 0);
        carry.knots.clear();
        let fixed = self.plans.fixed();
        for &stock in &scratch.stocks {
            let mut planned = match fixed {
                Some(planned) => planned,
                None if before.knots.is_empty() => self.start.1,
                None => before.planned(stock).0,
            };
            let mut knot = CarryKnot::default();
            for _ in 0..steps {
                let mut sums = Sums::default();
                for (node, run) in nodes.iter().zip(&mut scratch.runs) {
                    let availability = kept * stock + planned * node.output;
                    let table = &tables[node.regime];
                    *run = table.run_from(*run, availability);
                    let price = table.sided(*run, availability);
                    let (p, e) = (node.probability, node.output);
                    sums.price += p * price.price;
                    let paid = self.paid(price);
                    sums.receipt += p * e * paid.price;
                    sums.left.add(p, e, price.left, paid.left);
                    sums.right.add(p, e, price.right, paid.right);
                }
                // The error of a single step vanishes as the functions settle.
                let (wanted, slope) = self.plans.at(sums.receipt);
                let step = (planned - wanted) / (1.0 - slope * sums.right.paid_by_plan);
                let step = between(step, -planned, 0.5 * planned);
                let plan =
                    |side: &Slopes| slope * kept * side.paid / (1.0 - slope * side.paid_by_plan);
                let worth = |side: &Slopes| keeps * (kept * side.price + plan(side) * side.by_plan);
                planned -= step;
                knot = CarryKnot {
                    stock,
                    worth: keeps * (sums.price - step * sums.right.by_plan) - self.warehouse.cost,
                    worth_left: worth(&sums.left),
                    worth_right: worth(&sums.right),
                    planned,
                    planned_left: plan(&sums.left),
                    planned_right: plan(&sums.right),
                };
                if step.abs() <= 1e-15 * planned {
                    break;
                }
            }
            carry.knots.push(knot);
        }
    }

    /// Puts the price function together: nothing stored, what the public stock does, what private owners do.
    fn build(&self, carry: &Carry, spot: &Spot, table: &mut Table) {
        table.clear();
        let bare = |price: f64| spot.quantity(price);
        let stored = |knot: &CarryKnot| {
            let (used, slope) = bare(knot.worth);
            Knot {
                availability: knot.stock + used,
                price: knot.worth,
                left: knot.worth_left / (1.0 + slope * knot.worth_left),
                right: knot.worth_right / (1.0 + slope * knot.worth_right),
            }
        };
        let Some(first) = carry.knots.first() else {
            return;
        };
        let mut rest = 1;
        let opens = Knot {
            left: spot.price(bare(first.worth).0).1,
            ..stored(first)
        };
        let public = self.public.filter(|public| {
            // Where private owners would hold the public capacity at the floor anyway, the floor does not bind.
            carry
                .knots
                .iter()
                .find(|knot| knot.stock >= public.capacity())
                .is_some_and(|knot| knot.worth < public.price())
        });
        match public {
            None => table.push(opens, None),
            Some(public) => {
                let (used, slope) = bare(public.price());
                let mut at_floor = Knot {
                    availability: used,
                    price: public.price(),
                    left: 1.0 / slope,
                    right: 0.0,
                };
                if first.worth > public.price() {
                    table.push(opens, None);
                    while let Some(knot) = carry.knots.get(rest)
                        && knot.worth > public.price()
                    {
                        table.push(stored(knot), None);
                        rest += 1;
                    }
                    let (stock, slope) = self.stock_worth(carry, rest, public.price());
                    at_floor.availability += stock;
                    at_floor.left = slope;
                }
                table.push(at_floor, None);
                let full = public.capacity();
                table.push(
                    Knot {
                        availability: used + full,
                        left: 0.0,
                        right: 1.0 / slope,
                        ..at_floor
                    },
                    Some(full),
                );
                while carry.knots.get(rest).is_some_and(|knot| knot.stock < full) {
                    rest += 1;
                }
                if let Some(knot) = carry.knots.get(rest) {
                    let opens = stored(knot);
                    let left = spot.price(opens.availability - full).1;
                    table.push(Knot { left, ..opens }, None);
                    rest += 1;
                }
            }
        }
        // Stocks that are worth nothing are not held, and have no price.
        let held = carry.knots.get(rest..).unwrap_or_default().iter();
        for knot in held.take_while(|knot| knot.worth > 0.0) {
            table.push(stored(knot), None);
        }
        table.finish();
    }

    /// The stock, before knot number `at`, at which a unit is worth `price`, with the slope of the price in availability
    /// there.
    fn stock_worth(&self, carry: &Carry, at: usize, price: f64) -> (f64, f64) {
        let (Some(low), Some(high)) = (carry.knots.get(at - 1), carry.knots.get(at)) else {
            return (f64::NAN, f64::NAN);
        };
        let (mut from, mut to) = (low.stock, high.stock);
        for _ in 0..60 {
            let middle = 0.5 * (from + to);
            if carry.worth(middle) > price {
                from = middle;
            } else {
                to = middle;
            }
        }
        let share = (from - low.stock) / (high.stock - low.stock);
        let slope = low.worth_right + share * (high.worth_left - low.worth_right);
        (from, slope)
    }
}

/// Sums over the outcomes of next period.
#[derive(Default)]
struct Sums {
    price: f64,
    receipt: f64,
    left: Slopes,
    right: Slopes,
}

/// Sums of slopes on one side: of the price `f`, `E f'` and `E e f'`, and of what producers get `g`, `E e g'` and `E e^2 g'`.
#[derive(Default)]
struct Slopes {
    price: f64,
    by_plan: f64,
    paid: f64,
    paid_by_plan: f64,
}

impl Slopes {
    fn add(&mut self, probability: f64, output: f64, slope: f64, paid: f64) {
        self.price += probability * slope;
        self.by_plan += probability * output * slope;
        self.paid += probability * output * paid;
        self.paid_by_plan += probability * output * output * paid;
    }
}
