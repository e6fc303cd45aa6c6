//! What a measure does to a market beside charging for it: it buys, pays, rations, moves margins.

use super::book::Switch;
use super::draft::Draft;
use super::entry::{Limit, Reach, Transfer, Wedge, Withdrawal};
use super::error::DraftError;
use super::expr::Expr;
use super::handle::{Activity, Node, Param, Party, Unknown};
use crate::curve::Kernel;

impl Draft<'_> {
    /// Takes a quantity from a node; the buyer pays the node's price.
    pub fn withdraw(&mut self, node: Node, buyer: Party, quantity: impl Into<Expr>) {
        if let Some((measure, _)) = self.scope {
            let withdrawal = Withdrawal {
                measure,
                buyer,
                quantity: quantity.into(),
                worth: None,
            };
            self.assembly.nodes[node.index()]
                .withdrawals
                .push(withdrawal);
        }
    }

    /// As [`withdraw`](Self::withdraw), of a stock whose worth per unit is stated in the accounts.
    pub fn withdraw_valued(
        &mut self,
        node: Node,
        buyer: Party,
        quantity: impl Into<Expr>,
        worth: Param,
    ) {
        if let Some((measure, _)) = self.scope {
            let withdrawal = Withdrawal {
                measure,
                buyer,
                quantity: quantity.into(),
                worth: Some(worth),
            };
            self.assembly.nodes[node.index()]
                .withdrawals
                .push(withdrawal);
        }
    }

    /// Says that a volume of a firm's sales brings the same whatever the price at a node (a contract makes up the
    /// difference), so that a firm with conduct there does not hold it back to raise the price.
    pub fn insulate(&mut self, firm: Party, node: Node, volume: impl Into<Expr>) {
        let volume = volume.into();
        for conduct in self
            .assembly
            .conducts
            .iter_mut()
            .filter(|c| c.firm == firm && c.node == node)
        {
            conduct.insulated.push(volume.clone());
        }
    }

    /// Whether a firm reckons with its own effect on the price at a node.
    #[must_use]
    pub fn has_conduct(&self, firm: Party, node: Node) -> bool {
        self.assembly
            .conducts
            .iter()
            .any(|c| c.firm == firm && c.node == node)
    }

    /// Moves an activity's margin (a cost when positive) without a payment: a ration, a lost opportunity.
    pub fn wedge(&mut self, activity: Activity, amount: impl Into<Expr>) {
        self.assembly.wedges.push(Wedge {
            activity,
            reach: Reach::All,
            amount: amount.into(),
        });
    }

    /// A payment per year that moves nobody's margin.
    pub fn transfer(&mut self, payer: Party, payee: Party, amount: impl Into<Expr>) {
        if let Some((measure, _)) = self.scope {
            self.assembly.transfers.push(Transfer {
                measure,
                payer,
                payee,
                amount: amount.into(),
            });
        }
    }

    /// The case in which this measure applies in the present attempt. A measure that applies in one of several
    /// ways, none of which is known before the solve (a capped share: at the margin, or used up), writes itself
    /// once for each; every combination is solved, and [`admits`](crate::intervention::Intervention::admits)
    /// says afterwards which of them hold.
    pub fn switch(&mut self, cases: &'static [&'static str]) -> usize {
        let Some((measure, _)) = self.scope else {
            return 0;
        };
        let chosen = self
            .assembly
            .choices
            .get(self.assembly.switches.len())
            .copied()
            .unwrap_or(0);
        self.assembly.switches.push(Switch {
            measure,
            cases,
            chosen,
        });
        chosen
    }

    /// Nothing may be thrown away at this node: supply equals demand, and the price is bounded by the
    /// measure alone.
    pub fn forbid_disposal(&mut self, node: Node) {
        self.assembly.nodes[node.index()].disposal = false;
    }

    /// Lets only the share (1 - `unserved`) of what an activity offers be produced and sold.
    ///
    /// # Errors
    /// [`DraftError::UnboundedOffer`] when its cost is constant without a capacity,
    /// [`DraftError::Conflict`] when it is rationed already.
    pub fn ration(&mut self, activity: Activity, unserved: Unknown) -> Result<(), DraftError> {
        let entry = &self.assembly.activities[activity.index()];
        if entry.unserved.is_some() {
            return Err(self.unfit(activity, "is rationed already by another measure"));
        }
        if let Some(part) = entry.parts.last()
            && part.cost.kernel == Kernel::Constant
            && self.assembly.unknowns[part.level.index()].upper == Limit::none()
        {
            let cost = part
                .cost
                .parameters
                .first()
                .map_or(0.0, |p| self.assembly.params[p.index()].value);
            return Err(DraftError::UnboundedOffer {
                place: self.place(),
                activity: self.activity_name(activity).to_owned(),
                cost,
            });
        }
        self.assembly.activities[activity.index()].unserved = Some(unserved);
        Ok(())
    }
}
