//! One draw of how the stages of projects turn out.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::error::HorizonError;
use super::facts::Horizon;

/// What became of a project in one draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fate {
    activity: String,
    failed: Option<String>,
    sunk: f64,
}

impl Fate {
    /// The project's activity.
    #[must_use]
    pub fn activity(&self) -> &str {
        &self.activity
    }

    /// The stage that it did not survive; none where it comes on line.
    #[must_use]
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// What was spent on a project that failed, present value at the start of the horizon, money.
    #[must_use]
    pub fn sunk(&self) -> f64 {
        self.sunk
    }
}

/// A horizon in which every stage of every entrant has succeeded or failed, and what became of each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnHorizon {
    horizon: Horizon,
    fates: Vec<Fate>,
}

impl DrawnHorizon {
    /// The horizon: those that failed are out, the others sure to come.
    #[must_use]
    pub fn horizon(&self) -> &Horizon {
        &self.horizon
    }

    /// Every entrant that does not stay out, in the order of the horizon.
    #[must_use]
    pub fn fates(&self) -> &[Fate] {
        &self.fates
    }
}

impl Horizon {
    /// One scenario of how the stages of its entrants turn out, each with its rate of success; the same seed gives the same
    /// scenario, and one more entrant at the end changes nothing for those before it.
    ///
    /// In the horizon itself stages are expected capacity, of many small projects: of what enters a stage the share that
    /// succeeds leaves it. In a draw an entrant is a single project, which comes on line whole or not at all, and what
    /// it has spent is lost. Expansions stay expected capacity.
    ///
    /// # Errors
    /// As [`build`](super::HorizonBuilder::build).
    ///
    /// ```
    /// use pricefloor::horizon::{Calendar, Entrant, Horizon, Stage};
    /// # use pricefloor::prelude::*;
    /// # let offer = |cost: f64| Supply::perfectly_elastic(cost)?.with_capacity(4.0);
    /// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("old", "Home", "oxide", offer(5.0)?))
    /// #     .activity(Activity::producing("new", "Home", "oxide", offer(5.0)?))
    /// #     .build()?;
    /// let project = Entrant::of("new").stage(Stage::new("permit", 2.0).succeeding(0.5).costing(1.0));
    /// let horizon = Horizon::builder(&market, Calendar::yearly(6), 0.1).entrant(project).build()?;
    /// let came = (0..100).filter(|&seed| horizon.draw(seed).is_ok_and(|d| d.fates()[0].failed().is_none())).count();
    /// assert!((35..65).contains(&came));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn draw(&self, seed: u64) -> Result<DrawnHorizon, HorizonError> {
        let mut stream = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut facts = self.to_builder();
        for review in facts.reviews_mut() {
            // what comes of an entrant's stages is drawn here
            if self
                .entrants()
                .iter()
                .any(|e| e.activity() == review.activity())
            {
                review.forget_success();
            }
        }
        let reviews = facts.reviews_mut().to_vec();
        let mut fates = Vec::new();
        for entrant in facts.entrants_mut() {
            let shares = entrant.course(self.reviews()).shares;
            // every stage has its draw, so that one that fails does not move those of the next project
            let lots = entrant
                .stages()
                .list()
                .iter()
                .map(|stage| (stage, stream.random::<f64>()));
            let lots: Vec<_> = lots.collect();
            if entrant.stays_out() {
                continue;
            }
            let failed = lots
                .iter()
                .zip(&shares)
                .position(|((_, lot), share)| lot >= share);
            let name = failed.map(|at| lots[at].0.name().to_owned());
            let sure = entrant.clone().certain();
            let mut sunk = 0.0;
            if let Some(at) = failed {
                let begun = &entrant.stages().list()[..=at];
                let course = sure.course(&reviews);
                // one payment for each stage that costs anything, in their order
                let paying = begun.iter().filter(|stage| stage.cost() > 0.0).count();
                let size = self.capacity_of(entrant.activity());
                for (date, cost) in course.payments.iter().take(paying) {
                    sunk += cost * size * super::write::factor(self.discount_rate(), *date);
                }
            }
            fates.push(Fate {
                activity: entrant.activity().to_owned(),
                failed: name,
                sunk,
            });
            *entrant = sure.staying_out(failed.is_some());
        }
        Ok(DrawnHorizon {
            horizon: facts.build()?,
            fates,
        })
    }

    fn capacity_of(&self, activity: &str) -> f64 {
        let found = self
            .market()
            .activities()
            .iter()
            .find(|a| a.name() == activity);
        found.and_then(|a| a.supply().capacity()).unwrap_or(0.0)
    }
}
