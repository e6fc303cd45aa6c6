//! A reference-price ladder: a border floor for a region or a bloc at one or every stage of a chain.
//!
//! Kinked. For each commodity one uniform levy in `[0, floor]` on everything that enters from outside, complementary to
//! `inside - floor`, where the price inside is the lowest of the members that can import (or that of a named member).
//! Members trade with each other free of it. As a quota the same limit is held by licences, and their owner has what the
//! levy would have raised.

use serde::{Deserialize, Serialize};

use super::border::{Border, End, RentOwner};
use super::sharing::Sharing;
use super::terms::{obey, purse};
use super::{Book, Intervention, SettleError, Settled, TermError};
use crate::assembly::{Bound, Claim, Dimension, Draft, DraftError, Expr, Node, Rule, Subject};

/// A floor on one commodity of a ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rung {
    commodity: String,
    floor: f64,
}

/// What holds the price inside up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// An adjustable tariff, paid to the region's treasury or to the bloc's common purse.
    #[default]
    Levy,
    /// Licences for as much as keeps the price at the floor; their rent goes to this owner.
    Quota(RentOwner),
}

/// Border floors on the stages of a chain, for one region or for a bloc whose members are exempt.
///
/// A floor on a material alone is paid for by whoever turns it into the next stage at home; what is imported at that
/// next stage is free of it. Each further rung closes that gap at its own stage and leaves it at the one after. A rung on
/// a commodity that no route brings in has nothing to put a levy on: it raises nothing, and is attained or not.
///
/// Reports for each commodity `levy COMMODITY` (or the rent per unit, under a quota), `attained COMMODITY` (1 or 0) and
/// `revenue COMMODITY`, money per year.
///
/// ```
/// use pricefloor::intervention::{ReferencePriceLadder, Sharing};
/// use pricefloor::market::Bloc;
/// let allies = Bloc::new("allies", ["United States", "Japan"])?;
/// let ladder = ReferencePriceLadder::new(&allies).rung("NdPr oxide", 110.0).rung("magnets", 60.0)
///     .sharing(Sharing::Consumption);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferencePriceLadder {
    border: Border,
    rungs: Vec<Rung>,
    #[serde(default)]
    by: Instrument,
    #[serde(default)]
    sharing: Sharing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    measured_in: Option<String>,
}

impl ReferencePriceLadder {
    /// A ladder without rungs yet, held by adjustable tariffs.
    #[must_use]
    pub fn new(border: impl Into<Border>) -> Self {
        Self {
            border: border.into(),
            rungs: Vec::new(),
            by: Instrument::default(),
            sharing: Sharing::default(),
            measured_in: None,
        }
    }

    /// Adds a floor on a commodity, money per unit.
    #[must_use]
    pub fn rung(mut self, commodity: &str, floor: f64) -> Self {
        let commodity = commodity.to_owned();
        self.rungs.push(Rung { commodity, floor });
        self
    }

    /// Holds the floors by licences instead of by tariffs.
    #[must_use]
    pub fn by_quota(mut self, owner: RentOwner) -> Self {
        self.by = Instrument::Quota(owner);
        self
    }

    /// States how members divide what the levies raise; equally unless said.
    #[must_use]
    pub fn sharing(mut self, sharing: Sharing) -> Self {
        self.sharing = sharing;
        self
    }

    /// Measures the price inside in one member instead of where it is lowest.
    #[must_use]
    pub fn measured_in(mut self, region: &str) -> Self {
        self.measured_in = Some(region.to_owned());
        self
    }

    /// The price inside, and the nodes it is taken from.
    fn inside(
        &self,
        draft: &mut Draft<'_>,
        commodity: &str,
        entries: &[Node],
    ) -> Result<(Expr, Node), DraftError> {
        if let Some(region) = &self.measured_in {
            let node = draft.node(region, commodity)?;
            return Ok((draft.price(node), node));
        }
        let mut nodes = entries.iter().copied();
        let Some(first) = nodes.next() else {
            let node = draft.node(self.border.name(), commodity)?;
            return Ok((draft.price(node), node));
        };
        // min(a, b) = a - max(a - b, 0), member by member
        let mut lowest = draft.price(first);
        for node in nodes {
            let (region, _) = draft.node_name(node);
            let name = format!("above {region}/{commodity}");
            let gap = lowest.clone() - draft.price(node);
            let above = draft.positive_part(&name, Dimension::Price.at(node), gap);
            lowest = lowest - above;
        }
        Ok((lowest, first))
    }
}

impl Intervention for ReferencePriceLadder {
    fn kind(&self) -> &'static str {
        "reference_price_ladder"
    }

    fn check(&self) -> Result<(), TermError> {
        for rung in &self.rungs {
            obey("floor", rung.floor, Rule::NonNegative)?;
        }
        if self.rungs.is_empty() {
            return Err(TermError {
                term: "number of rungs",
                value: 0.0,
                rule: "at least one",
            });
        }
        self.sharing.check(&self.border)
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let collector = draft.treasury(self.border.name());
        for region in self.border.regions() {
            purse(draft, None, region);
        }
        for Rung { commodity, floor } in &self.rungs {
            let routes = self.border.imports(draft, commodity, &[])?;
            let path = format!("floor/{commodity}");
            let level = draft.param(&path, *floor, Rule::NonNegative)?;
            if routes.is_empty() {
                continue;
            }
            let mut entries = Vec::new();
            for (_, node) in routes.iter().filter_map(|&r| draft.route(r)) {
                if !entries.contains(&node) {
                    entries.push(node);
                }
            }
            for &node in &entries {
                draft.pledge(Subject::Price(node), Bound::AtLeast(*floor))?;
            }
            let (inside, at) = self.inside(draft, commodity, &entries)?;
            let gauge = Dimension::Price.at(at);
            let levy = draft.unknown(&format!("levy/{commodity}"), gauge, 0.0, level, 0.0);
            draft.condition(levy, gauge, inside - level);
            for route in routes {
                let payee = match self.by {
                    Instrument::Levy => Some(collector),
                    Instrument::Quota(owner) => owner.party(draft, route),
                };
                let Some(payee) = payee else { continue };
                let trader = draft.owner(route);
                let per_level = End::Received.per_level(draft, route) * levy;
                draft.charge(Claim::new("border levy"), route, per_level, trader, payee)?;
            }
        }
        Ok(())
    }

    /// Members divide what the levies raised.
    fn settle(&self, settled: &Settled<'_>, book: &mut Book) -> Result<(), SettleError> {
        if self.by == Instrument::Levy {
            for rung in &self.rungs {
                let raised = self.revenue(settled, &rung.commodity);
                self.sharing
                    .divide(settled, book, &self.border, &rung.commodity, raised);
            }
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let mut figures = Vec::new();
        for Rung { commodity, .. } in &self.rungs {
            let Some(floor) = settled.param(&format!("floor/{commodity}")) else {
                continue;
            };
            let routes = self.border.solved_imports(settled, commodity, &[]);
            let mut places: Vec<Node> = routes.iter().map(|&(_, _, node)| node).collect();
            if let Some(region) = &self.measured_in {
                places = settled.node(region, commodity).into_iter().collect();
            } else if places.is_empty() {
                let members = self.border.regions();
                places = members
                    .iter()
                    .filter_map(|m| settled.node(m, commodity))
                    .collect();
            }
            let prices = places.iter().map(|&node| settled.price(node));
            let inside = prices.fold(f64::INFINITY, f64::min);
            let attained = inside >= floor * (1.0 - 1e-9);
            let levy = settled.unknown(&format!("levy/{commodity}")).unwrap_or(0.0);
            let charged = if attained || routes.is_empty() {
                levy
            } else {
                let landed = routes
                    .iter()
                    .map(|&(route, _, node)| settled.landed_price(route, node) - levy);
                (floor - landed.fold(f64::INFINITY, f64::min)).max(0.0)
            };
            figures.push((format!("levy {commodity}"), charged));
            figures.push((
                format!("attained {commodity}"),
                f64::from(u8::from(attained)),
            ));
            figures.push((
                format!("revenue {commodity}"),
                self.revenue(settled, commodity),
            ));
        }
        figures
    }
}

impl ReferencePriceLadder {
    fn revenue(&self, settled: &Settled<'_>, commodity: &str) -> f64 {
        let levy = settled.unknown(&format!("levy/{commodity}")).unwrap_or(0.0);
        let routes = self.border.solved_imports(settled, commodity, &[]);
        routes.iter().fold(0.0, |sum, &(route, _, node)| {
            sum + levy * settled.output(route, node)
        })
    }
}
