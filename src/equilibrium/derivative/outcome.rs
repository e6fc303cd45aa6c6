//! Outcomes that can be differentiated, as expressions of the system.

use serde::{Deserialize, Serialize};

use super::measured::Measured;
use crate::assembly::{
    Activity, Assembly, Charge, DemandEntry, Expr, Node, PartyEntry, Reach, Role,
};
use crate::equilibrium::SolveError;

/// A number that comes out of an equilibrium.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Price at a node, money per unit.
    Price {
        /// Region.
        region: String,
        /// Commodity.
        commodity: String,
    },
    /// Bought by final users at a node, per year.
    Demanded {
        /// Region.
        region: String,
        /// Commodity.
        commodity: String,
    },
    /// Realised level of an activity or route, per year.
    Level {
        /// Its name.
        activity: String,
    },
    /// What measures take from a node, per year.
    Bought {
        /// Region.
        region: String,
        /// Commodity.
        commodity: String,
    },
    /// An unknown that a measure added, by its path: `measure/border/levy`.
    Unknown {
        /// Its path.
        path: String,
    },
    /// What public purses pay for a measure less what they collect from it, money per year. Lump sums settled
    /// after the solve are not in it.
    Outlay {
        /// The measure's name.
        measure: String,
    },
    /// What one party gains, money per year, as in the [`Ledger`](crate::ledger::Ledger): consumer surplus from the
    /// reference price, profit over avoidable cost, or a treasury's net receipts. Lump sums settled after the solve
    /// are not in it, and consumers of a demand system have none of their own.
    Surplus {
        /// Its name in the accounts: a firm, `treasury of China`, `consumers of oxide in China`.
        party: String,
    },
    /// What everyone in a region gains, money per year: the sum of [`Surplus`](Self::Surplus) over its parties.
    Welfare {
        /// Region.
        region: String,
    },
}

impl Outcome {
    /// Price at a node.
    #[must_use]
    pub fn price(region: &str, commodity: &str) -> Self {
        Self::Price {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
        }
    }

    /// Bought by final users at a node.
    #[must_use]
    pub fn demanded(region: &str, commodity: &str) -> Self {
        Self::Demanded {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
        }
    }

    /// Level of an activity.
    #[must_use]
    pub fn level(activity: &str) -> Self {
        Self::Level {
            activity: activity.to_owned(),
        }
    }

    /// Outlay for a measure.
    #[must_use]
    pub fn outlay(measure: &str) -> Self {
        Self::Outlay {
            measure: measure.to_owned(),
        }
    }

    /// What a party gains.
    #[must_use]
    pub fn surplus(party: &str) -> Self {
        Self::Surplus {
            party: party.to_owned(),
        }
    }

    /// What a region gains.
    #[must_use]
    pub fn welfare(region: &str) -> Self {
        Self::Welfare {
            region: region.to_owned(),
        }
    }

    pub(in crate::equilibrium) fn measured(
        &self,
        assembly: &Assembly,
    ) -> Result<Measured, SolveError> {
        match self {
            Self::Surplus { party } => {
                Measured::surplus(assembly, |entry| &entry.title() == party)?.ok_or_else(|| {
                    let names = assembly.parties.iter().map(PartyEntry::title);
                    among("party", party, names)
                })
            }
            Self::Welfare { region } => {
                Measured::surplus(assembly, |entry| entry.region.as_ref() == Some(region))?
                    .ok_or_else(|| {
                        let regions = assembly.parties.iter().filter_map(|p| p.region.clone());
                        among("region", region, regions)
                    })
            }
            other => Ok(Measured::of(other.expression(assembly)?)),
        }
    }

    fn expression(&self, assembly: &Assembly) -> Result<Expr, SolveError> {
        match self {
            Self::Price { region, commodity } => Ok(assembly.nodes
                [node(assembly, region, commodity)?.index()]
            .price
            .into()),
            Self::Demanded { region, commodity } => {
                let entry = &assembly.nodes[node(assembly, region, commodity)?.index()];
                Ok(entry
                    .demands
                    .iter()
                    .fold(Expr::zero(), |sum, demand| match demand {
                        DemandEntry::Fixed { quantity } => sum + *quantity,
                        DemandEntry::Quantity { curve } => sum + Expr::curve(curve.clone()),
                        DemandEntry::Price { quantity, .. }
                        | DemandEntry::Linked { quantity, .. } => sum + *quantity,
                        DemandEntry::Nested { quantity, .. } => sum + Expr::block(quantity.clone()),
                    }))
            }
            Self::Bought { region, commodity } => {
                let entry = &assembly.nodes[node(assembly, region, commodity)?.index()];
                Ok(entry
                    .withdrawals
                    .iter()
                    .fold(Expr::zero(), |sum, w| sum + &w.quantity))
            }
            Self::Level { activity } => {
                let found = assembly.activities.iter().position(|a| &a.name == activity);
                found
                    .map(|a| Expr::level(Activity::new(a)))
                    .ok_or_else(|| unknown("activity", activity))
            }
            Self::Unknown { path } => {
                let found = assembly.unknowns.iter().position(|u| &u.name == path);
                let found = found.ok_or_else(|| unknown("unknown", path))?;
                Ok(crate::assembly::Unknown::new(found).into())
            }
            Self::Outlay { measure } => outlay(assembly, measure),
            Self::Surplus { .. } | Self::Welfare { .. } => Ok(Expr::zero()),
        }
    }
}

fn unknown(what: &'static str, name: &str) -> SolveError {
    among(what, name, std::iter::empty())
}

fn among(what: &'static str, name: &str, known: impl Iterator<Item = String>) -> SolveError {
    let mut known: Vec<String> = known.collect();
    known.sort_unstable();
    known.dedup();
    SolveError::UnknownName {
        what,
        name: name.to_owned(),
        known: known.join(", "),
    }
}

pub(in crate::equilibrium) fn node(
    assembly: &Assembly,
    region: &str,
    commodity: &str,
) -> Result<Node, SolveError> {
    let found = assembly
        .node_ids
        .get(region)
        .and_then(|of| of.get(commodity));
    found
        .copied()
        .ok_or_else(|| unknown("node", &format!("{commodity} in {region}")))
}

/// The units that a charge falls on.
pub(super) fn charged(assembly: &Assembly, charge: &Charge) -> Expr {
    if charge.reach == Reach::All {
        return Expr::level(charge.activity);
    }
    let entry = &assembly.activities[charge.activity.index()];
    let parts = entry.parts.iter().enumerate();
    let offered = parts
        .filter(|(k, _)| charge.reaches(assembly, *k))
        .fold(Expr::zero(), |sum, (_, part)| sum + part.level);
    match entry.unserved {
        Some(unserved) => &offered - &offered * unserved,
        None => offered,
    }
}

/// Payments by treasuries less payments to them, charge by charge.
fn outlay(assembly: &Assembly, measure: &str) -> Result<Expr, SolveError> {
    let index = assembly.measures.iter().position(|m| m == measure);
    let index = index.ok_or_else(|| unknown("measure", measure))?;
    let public = |party: crate::assembly::Party| {
        f64::from(u8::from(
            assembly.parties[party.index()].role == Role::Treasury,
        ))
    };
    let mut total = Expr::zero();
    for charge in assembly.charges.iter().filter(|c| c.measure == index) {
        let sign = public(charge.payer) - public(charge.payee);
        total = total + charged(assembly, charge) * &charge.amount * sign;
    }
    for transfer in assembly.transfers.iter().filter(|t| t.measure == index) {
        total = total + &transfer.amount * (public(transfer.payer) - public(transfer.payee));
    }
    for entry in &assembly.nodes {
        for withdrawal in entry.withdrawals.iter().filter(|w| w.measure == index) {
            total = total + &withdrawal.quantity * entry.price * public(withdrawal.buyer);
        }
    }
    Ok(total)
}
