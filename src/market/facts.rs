//! A market's facts, checked once and then unchangeable.

use serde::{Deserialize, Serialize};

use super::activity::{Activity, Route};
use super::conduct::{FirmConduct, PublicShare};
use super::error::MarketError;
use crate::curve::{Demand, DemandSystem, Supply};

/// Final demand for a commodity in a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Use {
    pub(crate) region: String,
    pub(crate) commodity: String,
    pub(crate) demand: Demand,
}

/// Final demand for several commodities of a region at once, under a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JointUse {
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) system: DemandSystem,
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
    pub(super) facts: MarketBuilder,
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) demand_systems: Vec<JointUse>,
    #[serde(default)]
    pub(crate) activities: Vec<Activity>,
    #[serde(default)]
    pub(crate) routes: Vec<Route>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) conducts: Vec<FirmConduct>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) public_shares: Vec<PublicShare>,
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

    /// A final demand for several commodities of a region, by its name, where there is one.
    #[must_use]
    pub fn demand_system(&self, region: &str, name: &str) -> Option<&DemandSystem> {
        self.demand_systems()
            .iter()
            .find(|u| u.region == region && u.name == name)
            .map(|u| &u.system)
    }

    /// The facts again, to change some and build another market.
    #[must_use]
    pub fn to_builder(&self) -> MarketBuilder {
        self.facts.clone()
    }

    /// The market with another supply curve for one of its activities.
    pub(crate) fn with_supply(&self, activity: &str, supply: Supply) -> Result<Self, MarketError> {
        let mut facts = self.to_builder();
        for a in facts.activities.iter_mut().filter(|a| a.name() == activity) {
            a.set_supply(supply.clone());
        }
        facts.build()
    }

    pub(crate) fn conducts(&self) -> &[FirmConduct] {
        &self.facts.conducts
    }

    pub(crate) fn public_shares(&self) -> &[PublicShare] {
        &self.facts.public_shares
    }

    pub(crate) fn demands(&self) -> &[Use] {
        &self.facts.demands
    }

    pub(crate) fn demand_systems(&self) -> &[JointUse] {
        &self.facts.demand_systems
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

    /// Adds a final demand for several commodities of a region, which stand in for one another: nested CES (Armington) or
    /// lines with cross slopes. Its name is that of the group of buyers in the accounts, and begins the paths of its
    /// parameters: `demand/Japan/magnets/elasticity`. A commodity is in one demand of a region.
    ///
    /// ```
    /// use pricefloor::curve::{Nest, NestedCes};
    /// use pricefloor::prelude::*;
    /// let at = |price, quantity| Observed { price, quantity };
    /// let made = |name: &str, region: &str, price| Ok::<_, Box<dyn std::error::Error>>(Activity::producing(
    ///     region, "Japan", name, Supply::constant_elasticity(at(price, 4_000.0), 1.0)?));
    /// let market = Market::builder("magnets", "USD/kg")
    ///     .region("Japan").commodity("magnets of Japan").commodity("magnets of China")
    ///     .demand_system("Japan", "magnets", NestedCes::new(-0.6, Nest::new(3.0)
    ///         .good("magnets of Japan", at(70.0, 4_000.0))
    ///         .good("magnets of China", at(55.0, 4_000.0)))?)
    ///     .activity(made("magnets of Japan", "plants in Japan", 70.0)?)
    ///     .activity(made("magnets of China", "plants in China", 55.0)?)
    ///     .build()?;
    /// let free = market.solve(&Policy::none())?;
    /// // the calibration is replayed
    /// assert!((free.price("Japan", "magnets of China")? - 55.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn demand_system(
        mut self,
        region: &str,
        name: &str,
        system: impl Into<DemandSystem>,
    ) -> Self {
        self.demand_systems.push(JointUse {
            region: region.to_owned(),
            name: name.to_owned(),
            system: system.into(),
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

    /// A firm that is part public: a region's surplus has the weight `a`, from 0 to 1, in its objective and its own
    /// profit the rest (partial privatisation; Matsumura 1998). With `W` = home consumers, home profits and home treasury
    /// it sells at home until
    ///
    /// `p + (1 - a) t - c + theta P' [(1 - a) s - a M] = 0`,
    ///
    /// where `t` is what the home treasury pays per unit, `s` its own sales and `M` what foreigners sell there. Abroad it
    /// counts the sales of other firms of its region (those with a conduct) as its own, with the weight `a`. The weight is a
    /// choice of policy, not the share of the stock: zero unless said. Its path is `public/FIRM/REGION/weight`.
    #[must_use]
    pub fn public_share(mut self, firm: &str, region: &str, weight: f64) -> Self {
        self.public_shares.push(PublicShare {
            firm: firm.to_owned(),
            region: region.to_owned(),
            weight,
        });
        self
    }
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
