//! A solved market: names, numbers and the certificate.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::best_response::BestResponse;
use super::class::Class;
use super::compiled::Origin;
use super::error::SolveError;
use super::reported::{ActivityResult, Alternative, Figure, NodeResult};
use super::workspace::Certificate;

/// Prices and quantities at which nobody wants to move, with their certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equilibrium {
    pub(super) market: String,
    pub(super) price_unit: String,
    pub(super) quantity_unit: String,
    pub(super) class: Class,
    pub(super) certificate: Certificate,
    pub(super) best_response: BestResponse,
    pub(super) nodes: Vec<NodeResult>,
    pub(super) activities: Vec<ActivityResult>,
    pub(super) figures: Vec<Figure>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) alternatives: Vec<Alternative>,
    #[serde(skip)]
    pub(crate) solution: Option<Solution>,
}

/// The numbers behind an equilibrium, from which accounts are drawn up.
#[derive(Clone, Debug)]
pub(crate) struct Solution {
    pub(crate) origin: Arc<Origin>,
    pub(crate) values: Vec<f64>,
    pub(crate) x: Vec<f64>,
    /// One of several periods, whose conditions see others.
    pub(crate) linked: bool,
    /// What the conditions leave open at the point, in money: every residual times the way to the nearer bound.
    pub(crate) open: f64,
}

impl PartialEq for Equilibrium {
    fn eq(&self, other: &Self) -> bool {
        self.market == other.market
            && self.certificate == other.certificate
            && self.nodes == other.nodes
            && self.activities == other.activities
            && self.figures == other.figures
            && self.alternatives == other.alternatives
    }
}

fn known<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

impl Equilibrium {
    /// Name of the market.
    #[must_use]
    pub fn market(&self) -> &str {
        &self.market
    }

    /// Every node, by region and commodity in the order of the market.
    #[must_use]
    pub fn nodes(&self) -> &[NodeResult] {
        &self.nodes
    }

    /// Every activity and route.
    #[must_use]
    pub fn activities(&self) -> &[ActivityResult] {
        &self.activities
    }

    /// The evidence.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What is known of the system from its terms.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// What is known of the best responses of firms with conduct.
    #[must_use]
    pub fn best_response(&self) -> &BestResponse {
        &self.best_response
    }

    /// Other ways in which measures with a switch apply, each an equilibrium too.
    #[must_use]
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    /// Unit of prices, a label.
    #[must_use]
    pub fn price_unit(&self) -> &str {
        &self.price_unit
    }

    /// Unit of quantities, a label.
    #[must_use]
    pub fn quantity_unit(&self) -> &str {
        &self.quantity_unit
    }

    /// The node of a commodity in a region.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is none.
    pub fn node(&self, region: &str, commodity: &str) -> Result<&NodeResult, SolveError> {
        let found = self
            .nodes
            .iter()
            .find(|n| n.region == region && n.commodity == commodity);
        found.ok_or_else(|| {
            let (what, name, names) = if self.nodes.iter().any(|n| n.region == region) {
                (
                    "commodity",
                    commodity,
                    known(self.nodes.iter().map(|n| n.commodity.as_str())),
                )
            } else {
                (
                    "region",
                    region,
                    known(self.nodes.iter().map(|n| n.region.as_str())),
                )
            };
            SolveError::UnknownName {
                what,
                name: name.to_owned(),
                known: names,
            }
        })
    }

    /// Price of a commodity in a region, money per unit.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such node.
    pub fn price(&self, region: &str, commodity: &str) -> Result<f64, SolveError> {
        Ok(self.node(region, commodity)?.price)
    }

    /// Realised level of an activity, units per year.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such activity.
    pub fn level(&self, activity: &str) -> Result<f64, SolveError> {
        let found = self.activities.iter().find(|a| a.name == activity);
        found
            .map(|a| a.level)
            .ok_or_else(|| SolveError::UnknownName {
                what: "activity",
                name: activity.to_owned(),
                known: known(self.activities.iter().map(|a| a.name.as_str())),
            })
    }

    /// What is sent from one region to another, units per year.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such route.
    pub fn flow(&self, from: &str, to: &str, commodity: &str) -> Result<f64, SolveError> {
        self.level(&crate::market::Route::new(from, to, commodity, 0.0).name())
    }

    /// A figure that a measure reports: `bought`, `levy`, `attained`, `top_up`, `rationed`.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when the measure reports no such figure.
    pub fn figure(&self, measure: &str, name: &str) -> Result<f64, SolveError> {
        let found = self
            .figures
            .iter()
            .find(|f| f.measure == measure && f.name == name);
        found
            .map(|f| f.value)
            .ok_or_else(|| SolveError::UnknownName {
                what: "figure",
                name: format!("{measure}/{name}"),
                known: self
                    .figures
                    .iter()
                    .map(|f| format!("{}/{}", f.measure, f.name))
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}
