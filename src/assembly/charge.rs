//! Payments per unit of an activity, and what happens where two measures set one kind of them.

use super::draft::Draft;
use super::entry::{Charge, Dimension, Reach};
use super::error::DraftError;
use super::expr::Expr;
use super::handle::{Activity, Node, Param, Party};
use super::stacking::{Claim, Stacking};

impl Draft<'_> {
    /// A payment per unit of an activity, from payer to payee. Where one of them owns the activity it moves
    /// the owner's margin by as much.
    ///
    /// # Errors
    /// [`DraftError::Conflict`] when an earlier measure charges the same kind on the same activity and this
    /// one has no stacking rule.
    pub fn charge(
        &mut self,
        claim: Claim,
        activity: Activity,
        amount: impl Into<Expr>,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        self.place_charge(claim, activity, Reach::All, amount.into(), payer, payee)
    }

    /// As [`charge`](Self::charge), on the first units of an activity only, up to a volume per year.
    ///
    /// # Errors
    /// As `charge`; [`DraftError::Unfit`] when the activity's cost is a sum of curves, so that its first
    /// units are not defined.
    pub fn charge_first(
        &mut self,
        claim: Claim,
        activity: Activity,
        volume: Param,
        amount: impl Into<Expr>,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        if !self.assembly.activities[activity.index()].merit_order {
            return Err(self.unfit(
                activity,
                "has a cost that is a sum of curves; its first units are not defined",
            ));
        }
        self.assembly.cut(activity, volume);
        self.place_charge(
            claim,
            activity,
            Reach::First(volume),
            amount.into(),
            payer,
            payee,
        )
    }

    fn place_charge(
        &mut self,
        claim: Claim,
        activity: Activity,
        reach: Reach,
        amount: Expr,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        let Some((measure, name)) = self.scope.clone() else {
            return Ok(());
        };
        let earlier: Vec<usize> = (0..self.assembly.charges.len())
            .filter(|&i| {
                let charge = &self.assembly.charges[i];
                charge.measure != measure
                    && charge.kind == claim.kind()
                    && charge.activity == activity
            })
            .collect();
        let mut amount = amount;
        if let Some(&last) = earlier.last() {
            match self.stacking {
                None => {
                    return Err(DraftError::Conflict {
                        first: self.assembly.measures[self.assembly.charges[last].measure].clone(),
                        second: name,
                        kind: claim.kind(),
                        target: format!("`{}`", self.activity_name(activity)),
                    });
                }
                Some(Stacking::Add) => {}
                Some(Stacking::Instead) => {
                    let mut index = 0;
                    self.assembly.charges.retain(|_| {
                        index += 1;
                        !earlier.contains(&(index - 1))
                    });
                }
                Some(Stacking::Highest) => {
                    if earlier
                        .iter()
                        .any(|&i| self.assembly.charges[i].reach != reach)
                    {
                        return Err(self.unfit(
                            activity,
                            "has an earlier charge on other units; `highest` needs both on the same units",
                        ));
                    }
                    let paid = earlier.iter().fold(Expr::zero(), |sum, &i| {
                        sum + &self.assembly.charges[i].amount
                    });
                    let gauge = Dimension::Price.overall();
                    let label = format!(
                        "excess over earlier {} on {}",
                        claim.kind(),
                        self.activity_name(activity)
                    );
                    amount = self.positive_part(&label, gauge, amount - paid);
                }
            }
        }
        self.assembly.charges.push(Charge {
            measure,
            kind: claim.kind(),
            activity,
            reach,
            amount,
            payer,
            payee,
        });
        Ok(())
    }

    /// Says that this measure sets something of a kind on a node (a floor, support buying), so that a second
    /// one without a stacking rule is an error that names both.
    ///
    /// # Errors
    /// [`DraftError::Conflict`] when another measure claimed it before.
    pub fn claim(&mut self, claim: Claim, node: Node) -> Result<(), DraftError> {
        let Some((measure, name)) = self.scope.clone() else {
            return Ok(());
        };
        let taken = self
            .assembly
            .claims
            .iter()
            .find(|(kind, at, _)| *kind == claim.kind() && *at == node);
        if let (Some(&(kind, _, first)), None) = (taken, self.stacking) {
            let (region, commodity) = self.node_name(node);
            return Err(DraftError::Conflict {
                first: self.assembly.measures[first].clone(),
                second: name,
                kind,
                target: format!("{commodity} in {region}"),
            });
        }
        self.assembly.claims.push((claim.kind(), node, measure));
        Ok(())
    }
}
