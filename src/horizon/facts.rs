//! What a horizon consists of, checked once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, NEAR};
use super::dated::Dated;
use super::entrant::Entrant;
use super::error::{HorizonError, number, once};
use super::expansion::Expansion;
use super::pipeline::Stage;
use super::review::Review;
use super::store::{Reserve, Store};
use crate::assembly::{Period, Rule};
use crate::market::{Activity, Market};

/// How far those who store and invest look ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Foresight {
    /// To the end, and they are right about all that is known.
    #[default]
    Perfect,
    /// This many years. Period by period they solve for that window, expect the end values that are stated for the end
    /// of the horizon to hold at the end of the window, act for one period, and look again.
    Rolling(f64),
}

/// Final demand that grows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Growth {
    region: String,
    commodity: String,
    rate: f64,
}

/// A market over many periods: what is built, stored and used up, and the measures with their dates.
///
/// Prices are in real terms; all flows of a period fall at its end and are rates per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "HorizonBuilder", into = "HorizonBuilder")]
pub struct Horizon {
    facts: HorizonBuilder,
    periods: Vec<Period>,
}

/// Collects what a horizon consists of; [`build`](Self::build) checks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HorizonBuilder {
    market: Market,
    calendar: Calendar,
    discount_rate: f64,
    #[serde(default)]
    foresight: Foresight,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    growth: Vec<Growth>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    measures: Vec<Dated>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reviews: Vec<Review>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    expansions: Vec<Expansion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entrants: Vec<Entrant>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stores: Vec<Store>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reserves: Vec<Reserve>,
}

impl Horizon {
    /// Starts the description of a horizon: a market, its years, and the rate at which all discount, a fraction per
    /// year.
    #[must_use]
    pub fn builder(market: &Market, calendar: Calendar, discount_rate: f64) -> HorizonBuilder {
        HorizonBuilder {
            market: market.clone(),
            calendar,
            discount_rate,
            foresight: Foresight::default(),
            growth: Vec::new(),
            measures: Vec::new(),
            reviews: Vec::new(),
            expansions: Vec::new(),
            entrants: Vec::new(),
            stores: Vec::new(),
            reserves: Vec::new(),
        }
    }

    /// What it consists of, to change some and build another.
    #[must_use]
    pub fn to_builder(&self) -> HorizonBuilder {
        self.facts.clone()
    }

    /// The market at the start.
    #[must_use]
    pub fn market(&self) -> &Market {
        &self.facts.market
    }

    /// The periods: years, cut where a measure begins, ends or becomes known.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The rate at which all discount, a fraction per year.
    #[must_use]
    pub fn discount_rate(&self) -> f64 {
        self.facts.discount_rate
    }

    pub(super) fn foresight(&self) -> Foresight {
        self.facts.foresight
    }

    pub(super) fn measures(&self) -> &[Dated] {
        &self.facts.measures
    }

    pub(super) fn reviews(&self) -> &[Review] {
        &self.facts.reviews
    }

    pub(super) fn expansions(&self) -> &[Expansion] {
        &self.facts.expansions
    }

    pub(super) fn entrants(&self) -> &[Entrant] {
        &self.facts.entrants
    }

    /// The same horizon with these entrants in and the others out.
    pub(super) fn with_entrants(&self, inside: &BTreeSet<usize>) -> Result<Horizon, HorizonError> {
        let mut facts = self.to_builder();
        let all = facts.entrants.into_iter().enumerate();
        facts.entrants = all
            .map(|(i, e)| e.staying_out(!inside.contains(&i)))
            .collect();
        facts.build()
    }

    pub(super) fn stores(&self) -> &[Store] {
        &self.facts.stores
    }

    pub(super) fn reserves(&self) -> &[Reserve] {
        &self.facts.reserves
    }

    /// The market of a period: demand has grown to what it is at its start.
    pub(super) fn market_at(&self, period: &Period) -> Result<Market, HorizonError> {
        let mut facts = self.facts.market.to_builder();
        for growth in &self.facts.growth {
            let factor = (1.0 + growth.rate).powf(period.start);
            let grown = facts
                .demands
                .iter_mut()
                .filter(|u| u.region == growth.region && u.commodity == growth.commodity);
            for u in grown {
                if factor != 1.0 {
                    let place = format!("demand for {} in {}", u.commodity, u.region);
                    let scaled = u.demand.clone().scaled(factor);
                    u.demand = scaled
                        .map_err(|source| crate::market::MarketError::Curve { place, source })?;
                }
            }
        }
        Ok(facts.build()?)
    }

    /// The dates at which something becomes known, from the start on.
    pub(super) fn news(&self) -> Vec<f64> {
        let measures = self.facts.measures.iter().map(Dated::news);
        let mut dates: Vec<f64> = measures
            .chain(self.facts.reviews.iter().map(Review::news))
            .collect();
        dates.push(0.0);
        dates.sort_by(f64::total_cmp);
        dates.dedup_by(|later, earlier| *later - *earlier < NEAR);
        dates
    }
}

impl HorizonBuilder {
    pub(super) fn entrants_mut(&mut self) -> impl Iterator<Item = &mut Entrant> {
        self.entrants.iter_mut()
    }

    pub(super) fn reviews_mut(&mut self) -> &mut [Review] {
        &mut self.reviews
    }

    /// How far those who store and invest look ahead; to the end unless said.
    #[must_use]
    pub fn foresight(mut self, foresight: Foresight) -> Self {
        self.foresight = foresight;
        self
    }

    /// Lets the final demand for a commodity in a region grow, a fraction per year: the quantity at each price.
    #[must_use]
    pub fn growth(mut self, region: &str, commodity: &str, rate: f64) -> Self {
        self.growth.push(Growth {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            rate,
        });
        self
    }

    /// Adds a measure with its dates. Measures in force together stand in the order in which they were added.
    #[must_use]
    pub fn measure(mut self, measure: Dated) -> Self {
        self.measures.push(measure);
        self
    }

    /// Adds a dated change of how long a stage takes.
    #[must_use]
    pub fn review(mut self, review: Review) -> Self {
        self.reviews.push(review);
        self
    }

    /// Lets the capacity of an activity be built, age and retire.
    #[must_use]
    pub fn expansion(mut self, expansion: Expansion) -> Self {
        self.expansions.push(expansion);
        self
    }

    /// Adds a project that is built whole or not at all.
    #[must_use]
    pub fn entrant(mut self, entrant: Entrant) -> Self {
        self.entrants.push(entrant);
        self
    }

    /// Adds competitive storage.
    #[must_use]
    pub fn store(mut self, store: Store) -> Self {
        self.stores.push(store);
        self
    }

    /// Limits what an activity can ever put out.
    #[must_use]
    pub fn reserve(mut self, reserve: Reserve) -> Self {
        self.reserves.push(reserve);
        self
    }

    /// The horizon, checked.
    ///
    /// # Errors
    /// [`HorizonError`] when a number or a date is out of its range, a name is unknown or taken, or capacity cannot
    /// come on line within the horizon.
    pub fn build(self) -> Result<Horizon, HorizonError> {
        self.calendar.check()?;
        number(
            "horizon",
            "discount rate",
            self.discount_rate,
            Rule::NonNegative,
        )?;
        if let Foresight::Rolling(years) = self.foresight {
            number("horizon", "years of foresight", years, Rule::Positive)?;
        }
        once("measure", self.measures.iter().map(Dated::name))?;
        once("review", self.reviews.iter().map(Review::name))?;
        let built = self.expansions.iter().map(Expansion::activity);
        once(
            "capacity of",
            built.chain(self.entrants.iter().map(Entrant::activity)),
        )?;
        once("reserve of", self.reserves.iter().map(Reserve::covering))?;
        let stores: Vec<String> = self.stores.iter().map(Store::name).collect();
        once("store", stores.iter().map(String::as_str))?;
        self.check_growth()?;
        for measure in &self.measures {
            measure.check()?;
        }
        self.check_reviews()?;
        for store in &self.stores {
            store.check()?;
            self.check_node(&store.name(), store.region(), store.commodity())?;
        }
        for reserve in &self.reserves {
            reserve.check()?;
            let place = format!("reserve of `{}`", reserve.covering());
            self.check_activity(place, reserve.covering(), true)?;
        }
        for entrant in &self.entrants {
            self.check_entrant(entrant)?;
        }
        let dates = self.measures.iter().flat_map(Dated::dates);
        let cuts: Vec<f64> = dates
            .chain(self.reviews.iter().flat_map(Review::dates))
            .collect();
        let periods = self.calendar.periods(&cuts);
        let horizon = Horizon {
            facts: self,
            periods,
        };
        horizon.check_expansions()?;
        Ok(horizon)
    }

    fn check_growth(&self) -> Result<(), HorizonError> {
        let names: Vec<String> = self
            .growth
            .iter()
            .map(|g| format!("demand for {} in {}", g.commodity, g.region))
            .collect();
        once("growth of", names.iter().map(String::as_str))?;
        for (growth, place) in self.growth.iter().zip(&names) {
            number(place, "growth", growth.rate, Rule::AboveMinusOne)?;
            self.check_node(
                &format!("growth of {place}"),
                &growth.region,
                &growth.commodity,
            )?;
            if self
                .market
                .demand(&growth.region, &growth.commodity)
                .is_none()
            {
                return Err(HorizonError::Unfit {
                    place: format!("growth of {place}"),
                    rule: "there is no final demand there",
                });
            }
        }
        Ok(())
    }

    fn check_reviews(&self) -> Result<(), HorizonError> {
        for review in &self.reviews {
            review.check()?;
            let place = format!("review `{}`", review.name());
            let built = self.expansions.iter().map(|e| (e.activity(), e.stages()));
            let entering = self.entrants.iter().map(|e| (e.activity(), e.stages()));
            let mut all = built.chain(entering);
            let Some((_, stages)) = all.clone().find(|(name, _)| *name == review.activity()) else {
                let known = all.by_ref().map(|(name, _)| name);
                return Err(unknown(
                    place,
                    "expansion or entrant",
                    review.activity(),
                    known,
                ));
            };
            let stages = stages.list();
            if !stages.iter().any(|stage| stage.name() == review.stage()) {
                return Err(unknown(
                    place,
                    "stage",
                    review.stage(),
                    stages.iter().map(Stage::name),
                ));
            }
        }
        Ok(())
    }

    fn check_entrant(&self, entrant: &Entrant) -> Result<(), HorizonError> {
        entrant.check()?;
        let place = format!("entrant `{}`", entrant.activity());
        self.check_activity(place.clone(), entrant.activity(), false)?;
        let all = self.market.activities();
        let Some(activity) = all.iter().find(|a| a.name() == entrant.activity()) else {
            return Ok(());
        };
        let unfit = |rule| HorizonError::Unfit {
            place: place.clone(),
            rule,
        };
        if activity.supply().capacity().is_none() {
            return Err(unfit("its activity has no capacity; a project has a size"));
        }
        if all.iter().filter(|a| a.owner() == activity.owner()).count() > 1 {
            return Err(unfit(
                "its owner has other activities; give the project a firm of its own",
            ));
        }
        let (reviews, years) = (&self.reviews, self.calendar.years());
        let on_line = entrant.on_line(reviews, f64::INFINITY);
        if on_line >= years - NEAR && !entrant.stays_out() {
            return Err(HorizonError::LeadTime {
                activity: entrant.activity().to_owned(),
                lead: on_line - entrant.date(),
                sight: years - entrant.date(),
            });
        }
        Ok(())
    }

    fn check_node(&self, place: &str, region: &str, commodity: &str) -> Result<(), HorizonError> {
        for (what, name, names) in [
            ("region", region, self.market.regions()),
            ("commodity", commodity, self.market.commodities()),
        ] {
            if !names.iter().any(|n| n == name) {
                let known = names.iter().map(String::as_str);
                return Err(unknown(place.to_owned(), what, name, known));
            }
        }
        Ok(())
    }

    fn check_activity(&self, place: String, name: &str, or_firm: bool) -> Result<(), HorizonError> {
        let all = self.market.activities();
        if all
            .iter()
            .any(|a| a.name() == name || or_firm && a.owner() == name)
        {
            return Ok(());
        }
        Err(unknown(
            place,
            "activity",
            name,
            all.iter().map(Activity::name),
        ))
    }
}

impl Horizon {
    /// Every expansion must come on line within sight of someone.
    fn check_expansions(&self) -> Result<(), HorizonError> {
        let facts = &self.facts;
        let years = facts.calendar.years();
        for expansion in &facts.expansions {
            expansion.check()?;
            let place = format!("expansion of `{}`", expansion.activity());
            facts.check_activity(place, expansion.activity(), false)?;
            let sight = match facts.foresight {
                Foresight::Perfect => years,
                Foresight::Rolling(window) => window.min(years),
            };
            let leads = self.periods.iter().map(|period| {
                let (stages, name) = (expansion.stages(), expansion.activity());
                let course = stages.course(name, &facts.reviews, period.start, f64::INFINITY);
                (period.start, course.on_line)
            });
            let mut shortest = f64::INFINITY;
            let mut reached = false;
            for (decided, on_line) in leads {
                shortest = shortest.min(on_line - decided);
                let last = self.periods.last().map_or(0.0, |p| p.start);
                let seen = on_line <= last + NEAR && on_line - decided < sight - NEAR;
                reached |= seen;
            }
            if !reached {
                return Err(HorizonError::LeadTime {
                    activity: expansion.activity().to_owned(),
                    lead: shortest,
                    sight,
                });
            }
        }
        Ok(())
    }
}

pub(super) fn unknown<'a>(
    place: String,
    what: &'static str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> HorizonError {
    HorizonError::Unknown {
        place,
        what,
        name: name.to_owned(),
        known: known.collect::<Vec<_>>().join(", "),
    }
}

impl TryFrom<HorizonBuilder> for Horizon {
    type Error = HorizonError;

    fn try_from(facts: HorizonBuilder) -> Result<Self, Self::Error> {
        facts.build()
    }
}

impl From<Horizon> for HorizonBuilder {
    fn from(horizon: Horizon) -> Self {
        horizon.facts
    }
}
