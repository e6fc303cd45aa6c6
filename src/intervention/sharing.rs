//! How the members of a bloc divide what a measure brings in or costs.

use serde::{Deserialize, Serialize};

use super::TermError;
use super::border::Border;
use super::terms::obey;
use super::{Book, Settled};
use crate::assembly::Rule;

/// The rule by which the members divide the common purse.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Sharing {
    /// The same to each member.
    #[default]
    Equal,
    /// In proportion to final consumption of the commodity; equally where nobody consumes it.
    Consumption,
    /// In proportion to weights by member, in the order of the bloc: Shapley values, or what was negotiated.
    Weights(Vec<f64>),
}

impl Sharing {
    pub(super) fn check(&self, border: &Border) -> Result<(), TermError> {
        let Self::Weights(weights) = self else {
            return Ok(());
        };
        for &weight in weights {
            obey("weight of a member", weight, Rule::NonNegative)?;
        }
        let members = border.regions().len();
        if weights.len() != members {
            #[expect(clippy::cast_precision_loss, reason = "a bloc has few members")]
            return Err(TermError {
                term: "number of weights",
                value: weights.len() as f64,
                rule: "one for each member of the bloc",
            });
        }
        obey(
            "sum of the members' weights",
            weights.iter().sum(),
            Rule::Positive,
        )
    }

    /// Pays a sum from the common purse to the members' treasuries (the other way when it is negative).
    pub(super) fn divide(
        &self,
        settled: &Settled<'_>,
        book: &mut Book,
        border: &Border,
        commodity: &str,
        sum: f64,
    ) {
        let Border::Bloc(bloc) = border else {
            return;
        };
        let Some(purse) = settled.treasury(bloc.name()) else {
            return;
        };
        let consumed = |member: &String| {
            let node = settled.node(member, commodity);
            node.map_or(0.0, |n| settled.demanded(n))
        };
        let mut weights: Vec<f64> = match self {
            Self::Equal => vec![1.0; bloc.members().len()],
            Self::Consumption => bloc.members().iter().map(consumed).collect(),
            Self::Weights(weights) => weights.clone(),
        };
        let mut whole: f64 = weights.iter().sum();
        if whole <= 0.0 {
            weights.fill(1.0);
            whole = weights.iter().sum();
        }
        for (member, weight) in bloc.members().iter().zip(weights) {
            if let Some(treasury) = settled.treasury(member) {
                book.pay(settled, purse, treasury, sum * weight / whole);
            }
        }
    }
}
