//! A commodity told apart by where it was made.

use super::activity::{Activity, Route};
use super::error::MarketError;
use super::facts::Market;
use crate::curve::Supply;

/// Name of a commodity made in a region.
pub(crate) fn made_in(commodity: &str, origin: &str) -> String {
    format!("{commodity} of {origin}")
}

/// Name of the activity by which what was made in one region is used in another.
pub(crate) fn used_in(commodity: &str, origin: &str, region: &str) -> String {
    format!("{} used in {region}", made_in(commodity, origin))
}

impl Market {
    /// The same market with a commodity split by the region where it was made, so that measures can follow it through
    /// third regions.
    ///
    /// Each region that makes the commodity gets a tracked one of its own, `oxide of China`, which every route of the
    /// commodity carries. In each region an activity without cost, `oxide of China used in Japan`, turns the tracked
    /// commodity into the plain one, which final buyers and plants use without telling origins apart. Prices and
    /// quantities of the plain commodity stay as they were. The rule of origin is where the commodity was made: what
    /// a plant makes of it counts as made by the plant.
    ///
    /// # Errors
    /// [`MarketError`] when the market has no such commodity, nobody makes it, a route of it has a capacity (which
    /// origins would have to share), or a firm with conduct makes it.
    pub fn by_origin(&self, commodity: &str) -> Result<Market, MarketError> {
        if !self.commodities().iter().any(|c| c == commodity) {
            return Err(MarketError::Unknown {
                place: format!("market `{}`", self.name()),
                what: "commodity",
                name: commodity.to_owned(),
                known: self.commodities().join(", "),
            });
        }
        let refused = |thing: &str, rule| MarketError::Untracked {
            commodity: commodity.to_owned(),
            thing: thing.to_owned(),
            rule,
        };
        let makes = |a: &&Activity| a.outputs().iter().any(|f| f.commodity() == commodity);
        let mut origins: Vec<&str> = Vec::new();
        for maker in self.activities().iter().filter(makes) {
            if self.has_conduct(maker.owner()) {
                return Err(refused(
                    maker.owner(),
                    "a firm that makes it reckons with its effect on prices",
                ));
            }
            if !origins.contains(&maker.region()) {
                origins.push(maker.region());
            }
        }
        if origins.is_empty() {
            return Err(refused(self.name(), "nobody makes it"));
        }
        let mut facts = self.to_builder();
        for activity in &mut facts.activities {
            let tracked = made_in(commodity, activity.region());
            activity.rename_output(commodity, &tracked);
        }
        facts
            .commodities
            .extend(origins.iter().map(|o| made_in(commodity, o)));
        let (moved, kept): (Vec<Route>, Vec<Route>) = facts
            .routes
            .into_iter()
            .partition(|r| r.commodity == commodity);
        facts.routes = kept;
        for route in moved {
            if route.capacity.is_some() {
                return Err(refused(
                    &route.name(),
                    "a route has a capacity, which origins would have to share",
                ));
            }
            for origin in &origins {
                let mut tracked = route.clone();
                tracked.commodity = made_in(commodity, origin);
                facts.routes.push(tracked);
            }
        }
        for region in self.regions() {
            for origin in &origins {
                let free = Supply::perfectly_elastic(0.0).map_err(|source| MarketError::Curve {
                    place: used_in(commodity, origin, region),
                    source,
                })?;
                let used = Activity::producing(
                    &used_in(commodity, origin, region),
                    region,
                    commodity,
                    free,
                )
                .with_input(&made_in(commodity, origin), 1.0);
                facts.activities.push(used);
            }
        }
        facts.build()
    }
}
