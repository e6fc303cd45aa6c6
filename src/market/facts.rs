//! A market's facts, checked once and then unchangeable.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::activity::{Activity, Route};
use super::conduct::FirmConduct;
use super::error::MarketError;
use crate::curve::Demand;

/// Final demand for a commodity in a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Use {
    pub(crate) region: String,
    pub(crate) commodity: String,
    pub(crate) demand: Demand,
}

/// Regions, commodities, final demands, activities and routes: the facts, before any measure.
///
/// Money is in the market's currency (real terms), quantities in the commodity's unit per year.
///
/// ```
/// use pricefloor::{Activity, Demand, Market, Policy, Supply};
/// use pricefloor::curve::Line;
/// let market = Market::builder("textbook", "USD/kg")
///     .region("Home").commodity("oxide")
///     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
///     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
///     .build()?;
/// let free = market.solve(&Policy::none())?;
/// assert!((free.price("Home", "oxide")? - 10.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MarketBuilder", into = "MarketBuilder")]
pub struct Market {
    facts: MarketBuilder,
}

/// Collects a market's facts; [`build`](Self::build) checks them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketBuilder {
    pub(crate) name: String,
    pub(crate) price_unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) quantity_unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) money_unit: String,
    pub(crate) regions: Vec<String>,
    pub(crate) commodities: Vec<String>,
    #[serde(default)]
    pub(crate) demands: Vec<Use>,
    #[serde(default)]
    pub(crate) activities: Vec<Activity>,
    #[serde(default)]
    pub(crate) routes: Vec<Route>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) conducts: Vec<FirmConduct>,
}

impl Market {
    /// Starts the description of a market. The price unit is a label: `USD/kg`.
    #[must_use]
    pub fn builder(name: &str, price_unit: &str) -> MarketBuilder {
        MarketBuilder {
            name: name.to_owned(),
            price_unit: price_unit.to_owned(),
            ..MarketBuilder::default()
        }
    }

    /// Name of the market.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.facts.name
    }

    /// Unit of prices, a label.
    #[must_use]
    pub fn price_unit(&self) -> &str {
        &self.facts.price_unit
    }

    /// Unit of quantities, a label; empty when none was given.
    #[must_use]
    pub fn quantity_unit(&self) -> &str {
        &self.facts.quantity_unit
    }

    /// Unit of price times quantity, a label; empty when none was given.
    #[must_use]
    pub fn money_unit(&self) -> &str {
        &self.facts.money_unit
    }

    /// Regions in the order of declaration.
    #[must_use]
    pub fn regions(&self) -> &[String] {
        &self.facts.regions
    }

    /// Commodities in the order of declaration.
    #[must_use]
    pub fn commodities(&self) -> &[String] {
        &self.facts.commodities
    }

    /// Producing activities in the order of declaration.
    #[must_use]
    pub fn activities(&self) -> &[Activity] {
        &self.facts.activities
    }

    /// Routes in the order of declaration.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.facts.routes
    }

    /// The final demand for a commodity in a region, where there is one.
    #[must_use]
    pub fn demand(&self, region: &str, commodity: &str) -> Option<&Demand> {
        self.demands()
            .iter()
            .find(|u| u.region == region && u.commodity == commodity)
            .map(|u| &u.demand)
    }

    /// The facts again, to change some and build another market.
    #[must_use]
    pub fn to_builder(&self) -> MarketBuilder {
        self.facts.clone()
    }

    pub(crate) fn conducts(&self) -> &[FirmConduct] {
        &self.facts.conducts
    }

    pub(crate) fn demands(&self) -> &[Use] {
        &self.facts.demands
    }
}

impl MarketBuilder {
    /// Adds a region.
    #[must_use]
    pub fn region(mut self, name: &str) -> Self {
        self.regions.push(name.to_owned());
        self
    }

    /// Adds a commodity.
    #[must_use]
    pub fn commodity(mut self, name: &str) -> Self {
        self.commodities.push(name.to_owned());
        self
    }

    /// Labels the units of quantities and of money (price times quantity): `t`, `USD thousand`.
    #[must_use]
    pub fn units(mut self, quantity: &str, money: &str) -> Self {
        quantity.clone_into(&mut self.quantity_unit);
        money.clone_into(&mut self.money_unit);
        self
    }

    /// Adds the final demand for a commodity in a region, units per year.
    #[must_use]
    pub fn demand(mut self, region: &str, commodity: &str, demand: Demand) -> Self {
        self.demands.push(Use {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            demand,
        });
        self
    }

    /// Adds a producing activity.
    #[must_use]
    pub fn activity(mut self, activity: Activity) -> Self {
        self.activities.push(activity);
        self
    }

    /// Adds a route with a transport cost in money per unit.
    #[must_use]
    pub fn route(self, from: &str, to: &str, commodity: &str, cost: f64) -> Self {
        self.add_route(Route::new(from, to, commodity, cost))
    }

    /// Adds a route with a capacity or losses.
    #[must_use]
    pub fn add_route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// A firm that reckons with its own effect on prices wherever it sells: a conjectural variation of 0 makes it a
    /// price taker, 1 Cournot. A firm that is not named is a price taker.
    #[must_use]
    pub fn conduct(mut self, firm: &str, variation: f64) -> Self {
        self.conducts.push(FirmConduct {
            firm: firm.to_owned(),
            variation,
            region: None,
            commodity: None,
        });
        self
    }

    /// As [`conduct`](Self::conduct), for its sales of a commodity in a region.
    #[must_use]
    pub fn conduct_at(mut self, firm: &str, region: &str, commodity: &str, variation: f64) -> Self {
        let (region, commodity) = (Some(region.to_owned()), Some(commodity.to_owned()));
        self.conducts.push(FirmConduct {
            firm: firm.to_owned(),
            variation,
            region,
            commodity,
        });
        self
    }

    /// The market, checked.
    ///
    /// # Errors
    /// [`MarketError`] when there is nothing to solve, a name is unknown, empty or taken, a number is out of
    /// its range, an activity puts out nothing, or a cycle of activities creates material.
    pub fn build(self) -> Result<Market, MarketError> {
        for (missing, empty) in [
            ("region", self.regions.is_empty()),
            ("commodity", self.commodities.is_empty()),
            (
                "demand, activity or route",
                self.demands.is_empty() && self.activities.is_empty() && self.routes.is_empty(),
            ),
        ] {
            if empty {
                return Err(MarketError::Empty {
                    market: self.name,
                    missing,
                });
            }
        }
        unique("region", self.regions.iter().map(String::as_str))?;
        unique("commodity", self.commodities.iter().map(String::as_str))?;
        unique("activity", self.activities.iter().map(Activity::name))?;
        let routes: Vec<String> = self.routes.iter().map(Route::name).collect();
        unique("route", routes.iter().map(String::as_str))?;
        let uses: Vec<String> = self
            .demands
            .iter()
            .map(|u| format!("{} in {}", u.commodity, u.region))
            .collect();
        unique("demand", uses.iter().map(String::as_str))?;
        for (place, u) in uses.iter().zip(&self.demands) {
            self.known(&format!("demand for {place}"), &u.region, &u.commodity)?;
        }
        for activity in &self.activities {
            self.check_activity(activity)?;
        }
        for route in &self.routes {
            self.check_route(route)?;
        }
        for conduct in &self.conducts {
            self.check_conduct(conduct)?;
        }
        super::cycle::check(&self)?;
        Ok(Market { facts: self })
    }

    fn known(&self, place: &str, region: &str, commodity: &str) -> Result<(), MarketError> {
        for (what, name, names) in [
            ("region", region, &self.regions),
            ("commodity", commodity, &self.commodities),
        ] {
            if !names.iter().any(|n| n == name) {
                return Err(MarketError::Unknown {
                    place: place.to_owned(),
                    what,
                    name: name.to_owned(),
                    known: names.join(", "),
                });
            }
        }
        Ok(())
    }

    fn check_activity(&self, activity: &Activity) -> Result<(), MarketError> {
        let place = format!("activity `{}`", activity.name());
        if activity.owner().trim().is_empty() {
            return Err(MarketError::Nameless { what: "firm" });
        }
        if activity.outputs().is_empty() {
            return Err(MarketError::NoOutput {
                activity: activity.name().to_owned(),
            });
        }
        for (what, flows) in [("output", activity.outputs()), ("input", activity.inputs())] {
            unique(what, flows.iter().map(Flow::commodity))?;
            for flow in flows {
                self.known(&place, activity.region(), &flow.commodity)?;
                let name = || format!("{what} of {} per unit", flow.commodity);
                positive(&place, name, flow.per_unit)?;
            }
        }
        Ok(())
    }

    fn check_conduct(&self, conduct: &FirmConduct) -> Result<(), MarketError> {
        let place = format!("conduct of `{}`", conduct.firm);
        if !self.activities.iter().any(|a| a.owner() == conduct.firm) {
            let mut known: Vec<&str> = self.activities.iter().map(Activity::owner).collect();
            known.dedup();
            let (what, name, known) = ("firm", conduct.firm.clone(), known.join(", "));
            return Err(MarketError::Unknown {
                place,
                what,
                name,
                known,
            });
        }
        if let (Some(region), Some(commodity)) = (&conduct.region, &conduct.commodity) {
            self.known(&place, region, commodity)?;
        }
        if !(conduct.variation.is_finite() && conduct.variation >= 0.0) {
            return Err(MarketError::Number {
                place,
                name: "conjectural variation".to_owned(),
                value: conduct.variation,
                rule: "a finite number, zero or more",
            });
        }
        let same = |c: &&FirmConduct| {
            c.firm == conduct.firm && c.region == conduct.region && c.commodity == conduct.commodity
        };
        if self.conducts.iter().filter(same).count() > 1 {
            return Err(MarketError::Duplicate {
                what: "conduct of",
                name: conduct.firm.clone(),
            });
        }
        Ok(())
    }

    fn check_route(&self, route: &Route) -> Result<(), MarketError> {
        let place = format!("route `{}`", route.name());
        self.known(&place, &route.from, &route.commodity)?;
        self.known(&place, &route.to, &route.commodity)?;
        if route.from == route.to {
            return Err(MarketError::Loop {
                commodity: route.commodity.clone(),
                region: route.from.clone(),
            });
        }
        let capacity = route.capacity.unwrap_or(0.0);
        for (name, value) in [
            ("transport cost", route.cost),
            ("margin", route.margin),
            ("capacity", capacity),
        ] {
            if !(value.is_finite() && value >= 0.0) {
                let rule = "a finite number, zero or more";
                return Err(MarketError::Number {
                    place,
                    name: name.to_owned(),
                    value,
                    rule,
                });
            }
        }
        if !(route.arrives > 0.0 && route.arrives <= 1.0) {
            return Err(MarketError::Number {
                place,
                name: "share that arrives".to_owned(),
                value: route.arrives,
                rule: "above 0 and at most 1",
            });
        }
        Ok(())
    }
}

use super::activity::Flow;

fn positive(place: &str, name: impl Fn() -> String, value: f64) -> Result<(), MarketError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(MarketError::Number {
        place: place.to_owned(),
        name: name(),
        value,
        rule: "a finite number above zero",
    })
}

fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), MarketError> {
    let mut seen = HashSet::new();
    for name in names {
        if name.trim().is_empty() {
            return Err(MarketError::Nameless { what });
        }
        if !seen.insert(name) {
            return Err(MarketError::Duplicate {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}

impl TryFrom<MarketBuilder> for Market {
    type Error = MarketError;

    fn try_from(facts: MarketBuilder) -> Result<Self, Self::Error> {
        facts.build()
    }
}

impl From<Market> for MarketBuilder {
    fn from(market: Market) -> Self {
        market.facts
    }
}
