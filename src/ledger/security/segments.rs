//! Who is served first in a shortage.

use serde::{Deserialize, Serialize};

use super::disruption::Shortage;
use super::error::{SecurityError, obey};

/// A group of buyers and its share of a region's demand at ordinary prices, from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its name: defence, vehicles.
    pub name: String,
    /// Its share.
    pub share: f64,
}

impl Segment {
    /// A segment with a share of demand, from 0 to 1.
    #[must_use]
    pub fn new(name: &str, share: f64) -> Self {
        Self {
            name: name.to_owned(),
            share,
        }
    }
}

/// What a segment wants, gets and goes without, units per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentShortage {
    name: String,
    wanted: f64,
    served: f64,
}

impl SegmentShortage {
    /// The segment.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its demand at the price of ordinary times, units per year.
    #[must_use]
    pub fn wanted(&self) -> f64 {
        self.wanted
    }

    /// What it gets, units per year.
    #[must_use]
    pub fn served(&self) -> f64 {
        self.served
    }

    /// What it goes without, units per year.
    #[must_use]
    pub fn unmet(&self) -> f64 {
        self.wanted - self.served
    }
}

impl Shortage {
    /// Divides what is served among segments in order of priority: the first has all it wanted at the price of ordinary
    /// times before the next gets any. What the segments leave of demand comes last, as `others`.
    ///
    /// The total is the market's; the order is a rule of allocation (a defence priority rating), not a price.
    ///
    /// ```
    /// # use pricefloor::{Activity, Demand, Market, Policy, Supply, curve::{Line, Observed}};
    /// # use pricefloor::ledger::{Outage, Segment, ShortRun};
    /// # let market = Market::builder("example", "USD").region("Home").region("Abroad").commodity("oxide")
    /// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    /// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 2.0 })?))
    /// #     .activity(Activity::producing("world", "Abroad", "oxide", Supply::perfectly_elastic(10.0)?))
    /// #     .route("Abroad", "Home", "oxide", 0.0).build()?;
    /// let ordinary = market.solve(&Policy::none())?;
    /// let terms = ShortRun::new(-0.2, 0.1).backstop("oxide", 100.0);
    /// let halted = ordinary.disrupted(&terms, &Outage::exports("Abroad", "oxide"))?;
    /// let shortage = halted.shortage("Home", "oxide")?;
    /// let [defence, others] = &shortage.by_priority(&[Segment::new("defence", 0.05)])?[..] else { panic!() };
    /// assert_eq!(defence.unmet(), 0.0);
    /// assert!(others.unmet() > 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SecurityError`] when a share is outside 0 to 1, the shares are more than the whole, or a name comes twice.
    pub fn by_priority(&self, segments: &[Segment]) -> Result<Vec<SegmentShortage>, SecurityError> {
        let mut claimed = 0.0;
        for (at, segment) in segments.iter().enumerate() {
            let what = format!("share of segment {}", segment.name);
            let share = segment.share;
            let rule = "a share from 0 to 1";
            claimed += obey(&what, share, (0.0..=1.0).contains(&share), rule)?;
            if segments[..at].iter().any(|s| s.name == segment.name) {
                return Err(SecurityError::Duplicate {
                    what: "segment",
                    name: segment.name.clone(),
                });
            }
        }
        let whole = "at most 1";
        obey(
            "sum of the segments' shares",
            claimed,
            claimed <= 1.0 + 1e-12,
            whole,
        )?;
        let mut left = self.served();
        let mut shares: Vec<(&str, f64)> = segments
            .iter()
            .map(|s| (s.name.as_str(), s.share))
            .collect();
        if claimed < 1.0 - 1e-12 {
            shares.push(("others", 1.0 - claimed));
        }
        let serve = |(name, share): (&str, f64)| {
            let wanted = share * self.wanted();
            let served = wanted.min(left);
            left -= served;
            SegmentShortage {
                name: name.to_owned(),
                wanted,
                served,
            }
        };
        Ok(shares.into_iter().map(serve).collect())
    }
}
