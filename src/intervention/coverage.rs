//! Which part of a producer's output a contract covers.

use serde::{Deserialize, Serialize};

use super::TermError;
use super::terms::obey;
use crate::assembly::{
    Activity, Claim, Dimension, Draft, DraftError, Expr, Node, Param, Party, Rule,
};

/// Coverage is part of a contract's terms: it decides whether the contract moves output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Coverage {
    /// A share of whatever is produced, from 0 to 1. The margin moves by the share of the payment.
    Share(f64),
    /// The first units, up to a volume of the covered commodity per year. Only units within it see the payment.
    First(f64),
    /// A volume per year that is paid for whatever is produced. Never moves output.
    Deemed(f64),
}

impl Default for Coverage {
    fn default() -> Self {
        Self::Share(1.0)
    }
}

impl Coverage {
    pub(super) fn check(self) -> Result<(), TermError> {
        match self {
            Self::Share(share) => obey("covered share", share, Rule::Share),
            Self::First(volume) => obey("covered volume", volume, Rule::NonNegative),
            Self::Deemed(volume) => obey("deemed volume", volume, Rule::NonNegative),
        }
    }

    /// The coverage as a parameter of the measure.
    pub(super) fn param(self, draft: &mut Draft<'_>) -> Result<Param, DraftError> {
        match self {
            Self::Share(share) => draft.param("share", share, Rule::Share),
            Self::First(volume) | Self::Deemed(volume) => {
                draft.param("volume", volume, Rule::NonNegative)
            }
        }
    }

    /// A volume belongs to one activity: two could not share it without a rule of priority.
    pub(super) fn single(
        self,
        draft: &Draft<'_>,
        activities: &[Activity],
    ) -> Result<(), DraftError> {
        match (self, activities) {
            (Self::Share(_), _) | (_, [_]) => Ok(()),
            (_, [first, ..]) => Err(draft.unfit(
                *first,
                "shares its owner with others; a contract volume covers one activity by name",
            )),
            (_, []) => Ok(()),
        }
    }
}

/// A payment per unit of a covered commodity, on the covered units.
pub(super) struct Covered {
    pub(super) coverage: Coverage,
    pub(super) extent: Param,
    pub(super) activity: Activity,
    pub(super) node: Node,
}

impl Covered {
    /// Pays `per_unit` of the commodity from payer to payee.
    pub(super) fn pay(
        &self,
        draft: &mut Draft<'_>,
        claim: Claim,
        per_unit: &Expr,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        let Self {
            extent,
            activity,
            node,
            ..
        } = *self;
        let per_level = draft.output_per_unit(activity, node) * per_unit;
        match self.coverage {
            Coverage::Share(_) => draft.charge(claim, activity, per_level * extent, payer, payee),
            Coverage::First(_) => {
                if draft.output_amount(activity, node) != 1.0 {
                    let rule = "must have a level of one unit of the covered commodity for a volume to cover its first units";
                    return Err(draft.unfit(activity, rule));
                }
                if let Coverage::First(volume) = self.coverage {
                    let available = draft.most(activity, node);
                    if volume > available {
                        let target =
                            format!("the contract volume of `{}`", draft.activity_name(activity));
                        return Err(DraftError::Infeasible {
                            place: draft.place(),
                            target,
                            required: volume,
                            available,
                        });
                    }
                }
                draft.charge_first(claim, activity, extent, per_level, payer, payee)
            }
            Coverage::Deemed(_) => {
                draft.transfer(payer, payee, Expr::from(extent) * per_unit);
                Ok(())
            }
        }
    }
}

impl Covered {
    /// As [`pay`](Self::pay), of a difference that may be negative. On a first volume the payee then owes it on the whole
    /// volume, delivered or not, so that it does not move the margin: were it owed on what is produced, the units
    /// within the volume would be worth less than those beyond it.
    pub(super) fn pay_difference(
        &self,
        draft: &mut Draft<'_>,
        claim: Claim,
        difference: &Expr,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        if !matches!(self.coverage, Coverage::First(_)) {
            return self.pay(draft, claim, difference, payer, payee);
        }
        let name = format!("top_up {}", draft.activity_name(self.activity));
        let top_up = draft.positive_part(&name, Dimension::Price.at(self.node), difference.clone());
        let owed = (top_up.clone() - difference) * self.extent;
        self.pay(draft, claim, &top_up, payer, payee)?;
        draft.transfer(payee, payer, owed);
        Ok(())
    }

    /// The covered volume per year, as an expression.
    fn volume(&self, draft: &Draft<'_>) -> Expr {
        match self.coverage {
            Coverage::Share(_) => {
                draft.level(self.activity)
                    * draft.output_per_unit(self.activity, self.node)
                    * self.extent
            }
            Coverage::First(_) => draft.first_units(self.activity, self.extent),
            Coverage::Deemed(_) => self.extent.into(),
        }
    }

    /// While a top-up moves against the price at `reference`, the covered volume brings the same whatever the price;
    /// a firm with conduct there does not hold it back. `gap` is negative where the top-up is paid, and `part` the share
    /// of the price change that it makes up for.
    pub(super) fn insulate(
        &self,
        draft: &mut Draft<'_>,
        reference: Node,
        name: &str,
        gap: Expr,
        part: &Expr,
    ) {
        let firm = draft.owner(self.activity);
        if !draft.has_conduct(firm, reference) {
            return;
        }
        let name = format!("{name} {}", self.activity.index());
        let paid = draft.unknown(&name, Dimension::Share.at(reference), 0.0, 1.0, 0.5);
        draft.condition(paid, Dimension::Price.at(reference), gap);
        let volume = self.volume(draft) * part * paid;
        draft.insulate(firm, reference, volume);
    }
}
