//! What a market's facts must keep.

use std::collections::HashSet;

use super::activity::{Activity, Flow, Route};
use super::conduct::{FirmConduct, PublicShare};
use super::error::MarketError;
use super::facts::{Market, MarketBuilder};

impl MarketBuilder {
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
                self.demands.is_empty()
                    && self.demand_systems.is_empty()
                    && self.activities.is_empty()
                    && self.routes.is_empty(),
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
        self.check_demands()?;
        for activity in &self.activities {
            self.check_activity(activity)?;
        }
        for route in &self.routes {
            self.check_route(route)?;
        }
        for conduct in &self.conducts {
            self.check_conduct(conduct)?;
        }
        for share in &self.public_shares {
            self.check_public(share)?;
        }
        super::cycle::check(&self)?;
        Ok(Market { facts: self })
    }

    /// Every commodity is in one demand of a region, and no system has the name of another demand there.
    fn check_demands(&self) -> Result<(), MarketError> {
        let mut uses = Vec::new();
        let mut names = Vec::new();
        for u in &self.demands {
            let place = format!("{} in {}", u.commodity, u.region);
            self.known(&format!("demand for {place}"), &u.region, &u.commodity)?;
            names.push(place.clone());
            uses.push(place);
        }
        for u in &self.demand_systems {
            if u.name.contains('/') {
                return Err(MarketError::Slash {
                    what: "demand system",
                    name: u.name.clone(),
                });
            }
            names.push(if u.name.trim().is_empty() {
                String::new()
            } else {
                format!("{} in {}", u.name, u.region)
            });
            for good in u.system.goods() {
                self.known(&format!("demand system `{}`", u.name), &u.region, good)?;
                uses.push(format!("{good} in {}", u.region));
            }
        }
        unique("demand", uses.iter().map(String::as_str))?;
        unique("name of a demand", names.iter().map(String::as_str))
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

    fn known_firm(&self, place: &str, firm: &str) -> Result<(), MarketError> {
        if self.activities.iter().any(|a| a.owner() == firm) {
            return Ok(());
        }
        let mut known: Vec<&str> = self.activities.iter().map(Activity::owner).collect();
        known.dedup();
        Err(MarketError::Unknown {
            place: place.to_owned(),
            what: "firm",
            name: firm.to_owned(),
            known: known.join(", "),
        })
    }

    fn check_public(&self, share: &PublicShare) -> Result<(), MarketError> {
        let place = format!("public share of `{}`", share.firm);
        self.known_firm(&place, &share.firm)?;
        if !self.regions.contains(&share.region) {
            return Err(MarketError::Unknown {
                place,
                what: "region",
                name: share.region.clone(),
                known: self.regions.join(", "),
            });
        }
        if !(0.0..=1.0).contains(&share.weight) {
            return Err(MarketError::Number {
                place,
                name: "weight".to_owned(),
                value: share.weight,
                rule: "a share from 0 to 1",
            });
        }
        let of_firm = |s: &&PublicShare| s.firm == share.firm;
        if self.public_shares.iter().filter(of_firm).count() > 1 {
            return Err(MarketError::Duplicate {
                what: "public share of",
                name: share.firm.clone(),
            });
        }
        Ok(())
    }

    fn check_conduct(&self, conduct: &FirmConduct) -> Result<(), MarketError> {
        let place = format!("conduct of `{}`", conduct.firm);
        self.known_firm(&place, &conduct.firm)?;
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
