//! What firms with conduct reckon with: one more unit sold lowers the price of all that they sell.

use super::book::Assembly;
use super::entry::{Charge, Conduct, PublicWeight, Reach, Role, Wedge};
use super::expr::Expr;
use super::handle::{Activity, Party, Unknown};

impl Assembly {
    /// Writes the mark-ups of firms with conduct. Marginal revenue of a sale is
    /// `p + variation * sum over nodes (slope * exposed volume)`, the sum over the nodes whose prices one demand couples.
    pub(super) fn mark_up(&mut self) {
        for conduct in &self.conducts {
            let mut lost = &conduct.slope * self.objective_volume(conduct);
            // one more unit of a good moves the prices of the others in its demand system too
            for other in &self.conducts {
                if other.firm == conduct.firm
                    && other.node != conduct.node
                    && let Some(cross) = self.cross_slope(conduct.node, other.node)
                {
                    lost = lost + self.objective_volume(other) * cross;
                }
            }
            for &sale in &conduct.sales {
                let column = &self.activities[sale.index()].column;
                let Some(&(_, _, arrives)) = column.iter().find(|c| c.0 == conduct.node) else {
                    continue;
                };
                self.wedges.push(Wedge {
                    activity: sale,
                    reach: Reach::All,
                    amount: -(&lost * conduct.variation * arrives),
                });
            }
        }
        self.share_with_the_public();
    }

    /// A public owner gets back at home what its treasury pays: of a payment between the two, only the private share
    /// counts at the margin.
    fn share_with_the_public(&mut self) {
        let mut firms: Vec<(Party, PublicWeight)> = Vec::new();
        for conduct in &self.conducts {
            if let Some(public) = &conduct.public
                && !firms.iter().any(|(firm, _)| *firm == conduct.firm)
            {
                firms.push((conduct.firm, public.clone()));
            }
        }
        for (firm, public) in firms {
            for charge in &self.charges {
                let paid = paid_by(firm, charge.payer, charge.payee);
                let other = if charge.payer == firm {
                    charge.payee
                } else {
                    charge.payer
                };
                let other = &self.parties[other.index()];
                let own = self.activities[charge.activity.index()].owner == firm;
                let home = other.role == Role::Treasury
                    && other.region.as_deref() == Some(public.home.as_str());
                if own && home && paid != 0.0 {
                    self.wedges.push(Wedge {
                        activity: charge.activity,
                        reach: charge.reach,
                        amount: -(&charge.amount * public.weight * paid),
                    });
                }
            }
        }
    }

    /// The volume whose revenue moves with the price, as the firm's objective counts it. With the weight `a` on the surplus
    /// of its home region it is `(1 - a) own - a M` at home, where `M` is what foreigners sell there: what a higher
    /// price brings home sellers it takes from home buyers, but for what they buy abroad. Elsewhere it is the firm's own
    /// sales and `a` times those of its compatriots.
    fn objective_volume(&self, conduct: &Conduct) -> Expr {
        let own = self.exposed(conduct);
        let Some(public) = &conduct.public else {
            return own;
        };
        let from_home = |party: Party| {
            self.parties[party.index()].region.as_deref() == Some(public.home.as_str())
        };
        let at_home = self.nodes[conduct.node.index()].region == public.home;
        let mut others = Expr::zero();
        for (a, entry) in self.activities.iter().enumerate() {
            let Some((from, to)) = entry.route.filter(|&(_, to)| to == conduct.node) else {
                continue;
            };
            let arrives = entry.column.iter().find(|c| c.0 == to);
            let Some(&(_, _, arrives)) = arrives.filter(|_| entry.owner != conduct.firm) else {
                continue;
            };
            let sold = Expr::level(Activity::new(a)) * arrives;
            let foreign = self.nodes[from.index()].region != public.home;
            if at_home && foreign && !(entry.sale && from_home(entry.owner)) {
                others = others - sold;
            } else if !at_home && entry.sale && from_home(entry.owner) {
                others = others + sold;
            }
        }
        let private = if at_home {
            own.clone() - own * public.weight
        } else {
            own
        };
        private + others * public.weight
    }

    /// The volume whose revenue moves with the price at a node: a firm's sales there, less its purchases, less what
    /// payments make up for. A payment that names the price itself (a rate on it, a strike less it) is counted here; one
    /// that follows it through an unknown (a top-up) says so with [`Draft::insulate`](super::Draft::insulate).
    fn exposed(&self, conduct: &Conduct) -> Expr {
        let mut net = Expr::zero();
        let of_firm = self.activities.iter().enumerate();
        for (a, entry) in of_firm.filter(|(_, e)| e.owner == conduct.firm) {
            for &(node, amount, per_unit) in &entry.column {
                if node == conduct.node
                    && (amount < 0.0 || conduct.sales.contains(&Activity::new(a)))
                {
                    net = net + Expr::level(Activity::new(a)) * per_unit;
                }
            }
        }
        for volume in &conduct.insulated {
            net = net - volume;
        }
        let price = self.nodes[conduct.node.index()].price;
        for charge in &self.charges {
            let paid = paid_by(conduct.firm, charge.payer, charge.payee);
            let per_price = charge.amount.slope_in(price);
            if paid != 0.0 && per_price != Expr::zero() {
                net = net - per_price * self.charged_units(charge) * paid;
            }
        }
        for transfer in &self.transfers {
            let paid = paid_by(conduct.firm, transfer.payer, transfer.payee);
            net = net - transfer.amount.slope_in(price) * paid;
        }
        net
    }

    /// The units of its activity that a charge falls on.
    fn charged_units(&self, charge: &Charge) -> Expr {
        if charge.reach == Reach::All {
            return Expr::level(charge.activity);
        }
        let parts = self.activities[charge.activity.index()].parts.iter();
        let reached = parts.enumerate().filter(|(k, _)| charge.reaches(self, *k));
        reached.fold(Expr::zero(), |sum, (_, part)| sum + part.level)
    }
}

/// One where the firm pays, minus one where it is paid.
fn paid_by(firm: Party, payer: Party, payee: Party) -> f64 {
    f64::from(i8::from(payer == firm) - i8::from(payee == firm))
}

impl Expr {
    /// Derivative in an unknown that stands as a factor of products. Curves and blocks of it are not followed.
    fn slope_in(&self, unknown: Unknown) -> Expr {
        let mut slope = Expr::zero();
        for product in &self.products {
            let Some(at) = product.unknowns.iter().position(|&u| u == unknown) else {
                continue;
            };
            let times = product.unknowns.iter().filter(|&&u| u == unknown).count();
            let mut rest = product.clone();
            rest.unknowns.remove(at);
            rest.coefficient *= times as f64;
            slope = slope
                + Expr {
                    products: vec![rest],
                };
        }
        slope
    }
}
