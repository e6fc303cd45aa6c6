//! Drawing up the accounts of a solution.

use super::accounts::{Account, Ledger, Payment};
use super::error::LedgerError;
use crate::assembly::{Activity, Assembly, CurveAt, DemandEntry, Party, Stretch};
use crate::curve::Kernel;
use crate::equilibrium::{Equilibrium, Solution};
use crate::intervention::{Book, SettleError};

impl Equilibrium {
    /// Draws up the accounts and checks the welfare identity.
    ///
    /// # Errors
    /// [`LedgerError`] when the equilibrium was read back from a file, a lump sum is not a number, or the
    /// identity fails by more than 1e-9 of the value traded, the rounding of the sums and what the residuals of the
    /// solution are worth.
    pub fn ledger(&self) -> Result<Ledger, LedgerError> {
        let Some(solution) = &self.solution else {
            return Err(LedgerError::Detached {
                market: self.market().to_owned(),
            });
        };
        Drawing::new(solution).draw(solution)
    }
}

/// Most by which the two sides of the identity may differ, as a share of the value traded.
const TOLERANCE: f64 = 1e-9;

/// What conditions leave open counts on either side of a transaction; and the most of it, as a share of the calibrated
/// trade.
const OPEN: f64 = 2.0;
const CERTIFIED: f64 = 1e-8;

/// One side of the identity from prices and payments (by party), the other from quantities alone.
struct Drawing<'a> {
    assembly: &'a Assembly,
    values: &'a [f64],
    x: &'a [f64],
    surplus: Vec<f64>,
    by_quantities: f64,
    traded: f64,
    clearing: f64,
    /// How many terms were added on either side, and the sum of their sizes.
    terms: usize,
    added: f64,
    payments: Vec<Payment>,
}

impl<'a> Drawing<'a> {
    fn new(solution: &'a Solution) -> Self {
        let assembly = &solution.origin.assembly;
        Self {
            assembly,
            values: &solution.values,
            x: &solution.x,
            surplus: vec![0.0; assembly.parties.len()],
            by_quantities: 0.0,
            traded: 0.0,
            clearing: 0.0,
            terms: 0,
            added: 0.0,
            payments: Vec::new(),
        }
    }

    fn draw(mut self, solution: &Solution) -> Result<Ledger, LedgerError> {
        self.nodes();
        self.systems();
        self.activities();
        self.charges();
        self.reliefs();
        self.lump_sums(solution)?;
        let by_parties: f64 = self.surplus.iter().sum();
        let scale = self.traded.max(self.calibrated()).max(self.rounding());
        let apart = (by_parties - self.by_quantities).abs();
        let share = (apart - self.left_open(solution.open)).max(0.0) / scale;
        if share.is_nan() || share > TOLERANCE {
            return Err(LedgerError::Identity {
                by_parties,
                by_quantities: self.by_quantities,
                share,
            });
        }
        let accounts = self
            .assembly
            .parties
            .iter()
            .zip(&self.surplus)
            .map(|(party, &surplus)| Account {
                party: party.title(),
                role: party.role,
                region: party.region.clone(),
                surplus,
            })
            .collect();
        Ok(Ledger {
            market: solution.origin.market.name().to_owned(),
            money_unit: solution.origin.market.money_unit().to_owned(),
            accounts,
            payments: self.payments,
            total: by_parties,
            traded: self.traded,
            identity_error: share,
            clearing_error: self.clearing.abs() / scale,
        })
    }

    /// A floor for the scale of errors from the rounding of the sums: that of `n` terms is up to `n` roundings of all that
    /// was added (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2), held against the 1e-9 above.
    fn rounding(&self) -> f64 {
        self.terms as f64 * f64::EPSILON / TOLERANCE * self.added
    }

    /// Adds to a party's surplus.
    fn gain(&mut self, party: Party, amount: f64) {
        self.surplus[party.index()] += amount;
        self.count(amount);
    }

    /// Adds to the side that knows quantities alone.
    fn benefit(&mut self, amount: f64) {
        self.by_quantities += amount;
        self.count(amount);
    }

    fn count(&mut self, amount: f64) {
        self.added += amount.abs();
        self.terms += 1;
    }

    /// A floor for the scale of errors where next to nothing is traded: quantities are known to some 50 roundings of
    /// their calibrated sizes, 1e-14 of them against the 1e-9 above, at calibrated prices or higher ones that were found.
    fn calibrated(&self) -> f64 {
        let sizes = self.assembly.nodes.iter().map(|n| {
            let price = n.price_scale.max(self.x[n.price.index()].abs());
            price * n.quantity_scale
        });
        sizes.sum::<f64>() * (1e-14 / TOLERANCE)
    }

    /// By how much residuals move the two sides apart: by what they are worth. They have to be as small as a
    /// certificate's, in units of the calibrated trade.
    fn left_open(&self, open: f64) -> f64 {
        let nodes = self.assembly.nodes.iter();
        let trade: f64 = nodes.map(|n| n.price_scale * n.quantity_scale).sum();
        if open <= CERTIFIED * trade {
            OPEN * open
        } else {
            0.0
        }
    }

    fn name(&self, party: Party) -> String {
        self.assembly.parties[party.index()].title()
    }

    fn pay(&mut self, payer: String, payee: String, measure: Option<usize>, amount: f64) {
        // a payment of a negative amount is one the other way
        let (payer, payee, amount) = if amount < 0.0 {
            (payee, payer, -amount)
        } else {
            (payer, payee, amount)
        };
        if amount != 0.0 {
            let measure = measure.map(|m| self.assembly.measures[m].clone());
            self.payments.push(Payment {
                payer,
                payee,
                measure,
                amount,
            });
        }
    }

    fn nodes(&mut self) {
        for node in &self.assembly.nodes {
            let price = self.x[node.price.index()];
            let pool = format!("market for {} in {}", node.commodity, node.region);
            let reference = node.reference_price;
            for demand in &node.demands {
                // what buyers would pay for their last unit, and the share of them that is served
                let worth = node.worth.map_or(price, |w| self.x[w.index()]);
                let served = self.assembly.served_demand(node, self.x);
                let wanted = self.assembly.taken(demand, self.values, self.x);
                let quantity = wanted * served;
                let (surplus, benefit) = self.demand(demand, worth, wanted, reference);
                self.gain(
                    node.consumers,
                    surplus * served + (worth - price) * quantity,
                );
                self.benefit(benefit * served);
                self.traded += price * quantity;
                self.clearing += price * quantity;
                self.pay(
                    self.name(node.consumers),
                    pool.clone(),
                    None,
                    price * quantity,
                );
            }
            for withdrawal in &node.withdrawals {
                let quantity = self
                    .assembly
                    .evaluate(&withdrawal.quantity, self.values, self.x);
                let worth = withdrawal.worth.map_or(0.0, |w| self.values[w.index()]) * quantity;
                self.gain(withdrawal.buyer, worth - price * quantity);
                self.benefit(worth);
                self.traded += price * quantity;
                self.clearing += price * quantity;
                self.pay(
                    self.name(withdrawal.buyer),
                    pool.clone(),
                    Some(withdrawal.measure),
                    price * quantity,
                );
            }
        }
    }

    /// Surplus from prices and gross benefit from quantities, both counted from the reference price.
    fn demand(
        &self,
        demand: &DemandEntry,
        price: f64,
        quantity: f64,
        reference: f64,
    ) -> (f64, f64) {
        match demand {
            DemandEntry::Fixed { .. } => ((reference - price) * quantity, reference * quantity),
            // counted once for all goods of the system
            DemandEntry::Nested { .. } | DemandEntry::Linked { .. } => (0.0, 0.0),
            DemandEntry::Quantity { curve } => {
                let (parameters, _) = self.assembly.curve_numbers(curve, self.values);
                let worth = match curve.kernel {
                    Kernel::ElasticQuantity => Kernel::Elastic,
                    _ => Kernel::Exponential,
                };
                let at_reference = curve.kernel.value(&parameters, reference);
                let surplus = curve.kernel.integral(&parameters, price, reference);
                let benefit = reference * at_reference
                    + worth.integral(&parameters, at_reference, quantity.max(f64::MIN_POSITIVE));
                (surplus, benefit)
            }
            DemandEntry::Price {
                quantity: unknown,
                worth,
            } => {
                let (parameters, offset) = self.assembly.curve_numbers(worth, self.values);
                let upper = &self.assembly.unknowns[unknown.index()].upper;
                let capacity = self.assembly.limit_value(upper, self.values);
                let piece = Stretch {
                    kernel: worth.kernel,
                    parameters: &parameters,
                    offset,
                    capacity,
                };
                let area = piece.area_between(price, reference);
                // buyers who take any quantity at one price, and a price that is below it by a rounding
                let surplus = if area.is_finite() {
                    area
                } else {
                    (reference - price) * quantity
                };
                let at_reference = piece.bought_at(reference);
                let rest =
                    worth
                        .kernel
                        .integral(&parameters, offset + at_reference, offset + quantity);
                (surplus, reference * at_reference + rest)
            }
        }
    }

    /// Surplus and benefit of demands for several goods.
    fn systems(&mut self) {
        for system in &self.assembly.systems {
            let Some(first) = system.goods.first() else {
                continue;
            };
            let consumers = self.assembly.nodes[first.index()].consumers;
            self.gain(
                consumers,
                system.surplus(self.assembly, self.values, self.x),
            );
            self.benefit(system.benefit(self.assembly, self.values, self.x));
        }
    }

    fn activities(&mut self) {
        for (a, entry) in self.assembly.activities.iter().enumerate() {
            let activity = Activity::new(a);
            let served = self.assembly.served(activity, self.x);
            for (k, part) in entry.parts.iter().enumerate() {
                let level = self.x[part.level.index()];
                let net = self.assembly.net_revenue(activity, k, self.values, self.x);
                self.gain(
                    entry.owner,
                    served * self.profit(&part.cost, part.level.index(), net),
                );
                self.benefit(-(served * self.cost(&part.cost, level)));
                // what others bear is in the net revenue at the margin; it is paid on the cost
                let relieved = self.assembly.relieved(activity, self.values);
                if relieved != 0.0 {
                    let margin = self.assembly.marginal_cost(part, self.values, self.x);
                    self.gain(entry.owner, -(served * relieved * margin * level));
                }
            }
            let level = self.assembly.realised(activity, self.x);
            for wedge in self.assembly.wedges_on(activity) {
                self.gain(
                    entry.owner,
                    self.assembly.wedged(wedge, self.values, self.x),
                );
            }
            for &(node, _, amount) in &entry.column {
                let node = &self.assembly.nodes[node.index()];
                let value = self.x[node.price.index()] * self.values[amount.index()] * level;
                self.clearing -= value;
                let pool = format!("market for {} in {}", node.commodity, node.region);
                let owner = self.name(entry.owner);
                if value >= 0.0 {
                    self.pay(pool, owner, None, value);
                } else {
                    self.pay(owner, pool, None, -value);
                }
            }
        }
    }

    /// Profit of a part at a net revenue per unit, from the area under its supply curve.
    fn profit(&self, cost: &CurveAt, level: usize, net: f64) -> f64 {
        let (parameters, offset) = self.assembly.curve_numbers(cost, self.values);
        let capacity = self
            .assembly
            .limit_value(&self.assembly.unknowns[level].upper, self.values);
        if cost.kernel == Kernel::Constant && capacity == f64::INFINITY {
            return 0.0; // constant returns: in equilibrium the net revenue is at most the cost
        }
        Stretch {
            kernel: cost.kernel,
            parameters: &parameters,
            offset,
            capacity,
        }
        .area_below(net)
    }

    fn cost(&self, cost: &CurveAt, level: f64) -> f64 {
        let (parameters, offset) = self.assembly.curve_numbers(cost, self.values);
        cost.kernel.integral(&parameters, offset, offset + level)
    }

    /// Shares of costs that others bear.
    fn reliefs(&mut self) {
        for relief in &self.assembly.reliefs {
            let entry = &self.assembly.activities[relief.activity.index()];
            let parts = entry.parts.iter();
            let cost = parts.fold(0.0, |sum, part| {
                sum + self.assembly.part_cost(part, self.values, self.x)
            });
            let served = self.assembly.served(relief.activity, self.x);
            let amount = self.values[relief.share.index()] * cost * served;
            self.book(relief.payer, entry.owner, relief.measure, amount);
        }
    }

    /// Payments per unit: they are in the owner's net revenue already, so only the other side is booked.
    fn charges(&mut self) {
        for charge in &self.assembly.charges {
            let entry = &self.assembly.activities[charge.activity.index()];
            let served = self.assembly.served(charge.activity, self.x);
            let covered: f64 = entry
                .parts
                .iter()
                .enumerate()
                .filter(|(k, _)| charge.reaches(self.assembly, *k))
                .map(|(_, part)| self.x[part.level.index()])
                .sum();
            let amount =
                self.assembly.evaluate(&charge.amount, self.values, self.x) * covered * served;
            if charge.payer != entry.owner {
                self.gain(charge.payer, -amount);
            }
            if charge.payee != entry.owner {
                self.gain(charge.payee, amount);
            }
            self.pay(
                self.name(charge.payer),
                self.name(charge.payee),
                Some(charge.measure),
                amount,
            );
        }
    }

    fn lump_sums(&mut self, solution: &Solution) -> Result<(), LedgerError> {
        for transfer in &self.assembly.transfers {
            let amount = self
                .assembly
                .evaluate(&transfer.amount, self.values, self.x);
            self.book(transfer.payer, transfer.payee, transfer.measure, amount);
        }
        for (measure, entry) in solution.origin.policy.entries().iter().enumerate() {
            let mut book = Book::default();
            entry
                .measure()
                .terms()
                .settle(&solution.settled(measure), &mut book)?;
            for payment in book.payments {
                if !payment.amount.is_finite() {
                    let label = format!(
                        "{} to {}",
                        self.name(payment.payer),
                        self.name(payment.payee)
                    );
                    let measure = entry.name().to_owned();
                    return Err(SettleError::Amount {
                        measure,
                        label,
                        amount: payment.amount,
                    }
                    .into());
                }
                self.book(
                    payment.payer,
                    payment.payee,
                    payment.measure,
                    payment.amount,
                );
            }
        }
        Ok(())
    }

    fn book(&mut self, payer: Party, payee: Party, measure: usize, amount: f64) {
        self.gain(payer, -amount);
        self.gain(payee, amount);
        self.pay(self.name(payer), self.name(payee), Some(measure), amount);
    }
}
