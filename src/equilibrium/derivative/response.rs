//! What a small change of one number does to prices, quantities and surplus: pass-through and incidence as one call.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::outcome::node;
use super::{Measured, Outcome, Sensitivity, Side, along};
use crate::assembly::{Assembly, Param, PartyEntry, Role};
use crate::complementarity::Settings;
use crate::equilibrium::{Compiled, Equilibrium, SolveError};

/// A level and its derivative.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slope {
    level: f64,
    rate: f64,
}

impl Slope {
    /// Per cent of the level for each per cent of the number.
    fn elasticity(self, at: f64) -> f64 {
        self.rate * at / self.level
    }
}

/// How a node answers to a small change of one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeResponse {
    region: String,
    commodity: String,
    at: f64,
    price: Slope,
    demanded: Slope,
}

impl NodeResponse {
    /// Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// Change of the price per unit of the number: the pass-through, where the number is a tax or a price.
    #[must_use]
    pub fn pass_through(&self) -> f64 {
        self.price.rate
    }

    /// Change of what final users buy per unit of the number, units per year.
    #[must_use]
    pub fn demanded(&self) -> f64 {
        self.demanded.rate
    }

    /// Per cent of the price for each per cent of the number; not a number where the price is zero.
    #[must_use]
    pub fn price_elasticity(&self) -> f64 {
        self.price.elasticity(self.at)
    }

    /// Per cent of what final users buy for each per cent of the number; not a number where they buy nothing.
    #[must_use]
    pub fn demand_elasticity(&self) -> f64 {
        self.demanded.elasticity(self.at)
    }
}

/// How the whole market answers to a small change of one number, per unit of it: pass-through at every node, and who bears
/// it (the incidence).
///
/// For a tax of t per unit on sellers in a single market the price rises by `e_s / (e_s - e_d)` of it, with the elasticities
/// of supply and demand at the point (Fullerton and Metcalf 2002); through many markets, measures and kinks it is what the
/// implicit function theorem gives, on the side named.
///
/// ```
/// use pricefloor::assembly::Role;
/// use pricefloor::equilibrium::Side;
/// use pricefloor::prelude::*;
/// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
/// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
/// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
/// #     .build()?;
/// let subsidy = Policy::new().with("subsidy", ProductionSubsidy::new("Home", "oxide", 1.0))?;
/// let response = market.solve(&subsidy)?.response("measure/subsidy/rate", Side::Up)?;
/// // demand slope 1, supply slope 1/2: two thirds of a subsidy reach the buyers
/// assert!((response.node("Home", "oxide")?.pass_through() + 2.0 / 3.0).abs() < 1e-9);
/// // 32/3 are sold, and a further cent a unit costs the treasury 34/3 cents
/// assert!((response.per_public_money(Role::Consumers).unwrap() - 64.0 / 102.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    parameter: String,
    at: f64,
    side: Side,
    nodes: Vec<NodeResponse>,
    roles: Vec<(Role, f64)>,
    regions: Vec<(String, f64)>,
}

impl Response {
    /// Path of the number that moves.
    #[must_use]
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// Where it stands.
    #[must_use]
    pub fn at(&self) -> f64 {
        self.at
    }

    /// The way in which it moves.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// Every node, in the order of the market.
    #[must_use]
    pub fn nodes(&self) -> &[NodeResponse] {
        &self.nodes
    }

    /// The answer of a node.
    ///
    /// # Errors
    /// [`SolveError::UnknownName`] when there is no such node.
    pub fn node(&self, region: &str, commodity: &str) -> Result<&NodeResponse, SolveError> {
        let here = |n: &&NodeResponse| n.region == region && n.commodity == commodity;
        let found = self.nodes.iter().find(here);
        found.ok_or_else(|| {
            let known = self
                .nodes
                .iter()
                .map(|n| format!("{} in {}", n.commodity, n.region));
            SolveError::UnknownName {
                what: "node",
                name: format!("{commodity} in {region}"),
                known: known.collect::<Vec<_>>().join(", "),
            }
        })
    }

    /// What a role gains in all per unit of the number, money per year, lump sums apart. `None` where nobody plays it, and
    /// for consumers whose demand is for several goods at once.
    #[must_use]
    pub fn gain_of(&self, role: Role) -> Option<f64> {
        let found = self.roles.iter().find(|(r, _)| *r == role);
        found.map(|(_, gain)| *gain)
    }

    /// What everyone in a region gains per unit of the number, money per year, lump sums apart. `None` where there is no
    /// such region, and for one whose consumers' demand is for several goods at once.
    #[must_use]
    pub fn gain_in(&self, region: &str) -> Option<f64> {
        let found = self.regions.iter().find(|(r, _)| r == region);
        found.map(|(_, gain)| *gain)
    }

    /// What a role gains for each further unit of money that public purses pay, or bears of each that they collect: the
    /// incidence at the margin. `None` where public purses neither pay nor collect more.
    #[must_use]
    pub fn per_public_money(&self, role: Role) -> Option<f64> {
        let cost = -self.gain_of(Role::Treasury)?;
        (cost != 0.0).then_some(self.gain_of(role)? / cost)
    }
}

impl Sensitivity<'_> {
    /// How the whole market answers to a small change of one number, on one side. One factorisation serves all of it.
    ///
    /// # Errors
    /// [`SolveError`] for a number of another system, or where the solution does not move smoothly on that side.
    pub fn response(&mut self, param: Param, side: Side) -> Result<Response, SolveError> {
        let direction = self.direction(param, side)?;
        let assembly = self.compiled.assembly();
        let Some(entry) = assembly.params.get(param.index()) else {
            return Err(SolveError::UnknownPath {
                path: format!("number {}", param.index()),
            });
        };
        let values = &self.workspace.numbers.values;
        let x = &self.x;
        let at = values[param.index()];
        let slope = |measured: &Measured| Slope {
            level: measured.evaluate(assembly, values, x),
            rate: along(&measured.gradient(assembly, values, x), &direction, param),
        };
        let mut nodes = Vec::with_capacity(assembly.nodes.len());
        for entry in &assembly.nodes {
            let (region, commodity) = (&entry.region, &entry.commodity);
            // hubs of firms with conduct share their market's name
            let market = node(assembly, region, commodity)?;
            if !std::ptr::eq(&raw const assembly.nodes[market.index()], entry) {
                continue;
            }
            nodes.push(NodeResponse {
                region: region.clone(),
                commodity: commodity.clone(),
                at,
                price: slope(&Outcome::price(region, commodity).measured(assembly)?),
                demanded: slope(&Outcome::demanded(region, commodity).measured(assembly)?),
            });
        }
        let gain = |chosen: &dyn Fn(&PartyEntry) -> bool| match Measured::surplus(assembly, chosen)
        {
            Ok(found) => Ok(found.map(|measured| slope(&measured).rate)),
            Err(SolveError::CountedTogether { .. }) => Ok(None),
            Err(other) => Err(other),
        };
        let mut roles = Vec::new();
        for role in [
            Role::Consumers,
            Role::Producer,
            Role::Trader,
            Role::Treasury,
            Role::Licensee,
        ] {
            roles.extend(gain(&|party| party.role == role)?.map(|rate| (role, rate)));
        }
        let mut regions = Vec::new();
        for region in regions_of(assembly) {
            let rate = gain(&|party| party.region.as_ref() == Some(&region))?;
            regions.extend(rate.map(|rate| (region.clone(), rate)));
        }
        Ok(Response {
            parameter: entry.path.clone(),
            at,
            side,
            nodes,
            roles,
            regions,
        })
    }
}

fn regions_of(assembly: &Assembly) -> Vec<String> {
    let mut regions: Vec<String> = Vec::new();
    for region in assembly.parties.iter().filter_map(|p| p.region.as_ref()) {
        if !regions.contains(region) {
            regions.push(region.clone());
        }
    }
    regions
}

impl Equilibrium {
    /// Pass-through and incidence of a small change of one number, named by its path: `measure/tax/rate`,
    /// `demand/Japan/oxide/elasticity`. The market is solved again for it.
    ///
    /// # Errors
    /// [`SolveError::Detached`] when the equilibrium was read back from a file or is one of several linked periods,
    /// [`SolveError::UnknownPath`] for an unknown path, and as [`Sensitivity::response`].
    pub fn response(&self, parameter: &str, side: Side) -> Result<Response, SolveError> {
        let Some(solution) = self.solution.as_ref().filter(|s| !s.linked) else {
            return Err(SolveError::Detached {
                market: self.market().to_owned(),
            });
        };
        let compiled = Compiled::from_shared(Arc::clone(&solution.origin))?;
        let param = compiled.param(parameter)?;
        let mut workspace = compiled.workspace_with(Settings::default())?;
        workspace.numbers.values.clone_from(&solution.values);
        workspace.numbers.stale = true;
        compiled.solve_into(&mut workspace)?;
        compiled.sensitivity(&mut workspace)?.response(param, side)
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self.side {
            Side::Up => "up from",
            Side::Down => "down from",
        };
        writeln!(f, "per unit of {}, {way} {}", self.parameter, self.at)?;
        let name = |n: &NodeResponse| format!("{} in {}", n.commodity, n.region);
        let width = self.nodes.iter().map(|n| name(n).len()).max().unwrap_or(0);
        let width = width.max(19);
        writeln!(
            f,
            "{:width$} {:>14} {:>14} {:>14} {:>14}",
            "", "price", "elasticity", "demanded", "elasticity"
        )?;
        for n in &self.nodes {
            writeln!(
                f,
                "{:width$} {:>+14.4} {:>+14.4} {:>+14.4} {:>+14.4}",
                name(n),
                n.pass_through(),
                n.price_elasticity(),
                n.demanded(),
                n.demand_elasticity()
            )?;
        }
        let mut total = 0.0;
        for (role, gain) in &self.roles {
            let who = match role {
                Role::Consumers => "consumers gain",
                Role::Producer => "producers gain",
                Role::Trader => "traders gain",
                Role::Treasury => "treasuries gain",
                Role::Licensee => "licence holders gain",
            };
            total += gain;
            writeln!(f, "{who:width$} {gain:>+14.4}")?;
        }
        match self.gain_of(Role::Consumers) {
            Some(_) => write!(f, "{:width$} {total:>+14.4}", "all gain"),
            None => write!(f, "{:width$} {:>14}", "all gain", "-"),
        }
    }
}
