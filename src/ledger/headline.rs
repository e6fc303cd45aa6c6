//! What public money buys: the figures that a reader asks for first.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::security::Stage;

/// The public cost of a reform, and what it buys of one commodity's output in one region.
///
/// Money over quantity has the unit of a price where the market's units fit (thousand dollars over tonnes are dollars a
/// kilogram).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headline {
    region: String,
    commodity: String,
    public_cost: f64,
    output_before: f64,
    output: f64,
    dominant: String,
    dominant_share_before: f64,
    dominant_share: f64,
}

impl Headline {
    pub(super) fn of(
        public_cost: f64,
        region: &str,
        before: &Stage,
        after: &Stage,
    ) -> Result<Self, LedgerError> {
        let commodity = before.commodity();
        let nobody = || LedgerError::Unknown {
            what: "output of",
            name: commodity.to_owned(),
        };
        let origins = before.origins().ok_or_else(nobody)?;
        let dominant = origins.largest().name().to_owned();
        let reformed = after.origins().ok_or_else(nobody)?;
        Ok(Self {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            public_cost,
            output_before: before.region(region)?.made(),
            output: after.region(region)?.made(),
            dominant_share_before: origins.share(&dominant)?,
            dominant_share: reformed.share(&dominant)?,
            dominant,
        })
    }

    /// What all public purses pay net of what they collect, over the baseline, money per year.
    #[must_use]
    pub fn public_cost(&self) -> f64 {
        self.public_cost
    }

    /// Output that the baseline does not have, units per year.
    #[must_use]
    pub fn extra_output(&self) -> f64 {
        self.output - self.output_before
    }

    /// Public cost of each unit of extra output, money per unit; `None` where there is none.
    #[must_use]
    pub fn cost_per_extra_unit(&self) -> Option<f64> {
        let extra = self.extra_output();
        (extra > 0.0).then(|| self.public_cost / extra)
    }

    /// The region that makes most of the commodity in the baseline.
    #[must_use]
    pub fn dominant(&self) -> &str {
        &self.dominant
    }

    /// Its share of the world's output in the baseline, from 0 to 1.
    #[must_use]
    pub fn dominant_share_before(&self) -> f64 {
        self.dominant_share_before
    }

    /// Its share of the world's output, from 0 to 1.
    #[must_use]
    pub fn dominant_share(&self) -> f64 {
        self.dominant_share
    }

    /// Public cost of each percentage point by which the dominant region's share falls, money per year; `None` where it
    /// does not fall.
    #[must_use]
    pub fn cost_per_point(&self) -> Option<f64> {
        let points = 100.0 * (self.dominant_share_before - self.dominant_share);
        (points > 0.0).then(|| self.public_cost / points)
    }

    /// The part of the public cost that is paid for output which the baseline has too, money per year: what the same
    /// payment on every unit spends on the units that would be made anyway. `None` where nothing is made.
    #[must_use]
    pub fn cost_of_existing_output(&self) -> Option<f64> {
        let kept = self.output.min(self.output_before);
        (self.output > 0.0).then(|| self.public_cost * kept / self.output)
    }
}

impl fmt::Display for Headline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none =
            |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.2}"));
        write!(
            f,
            "public cost {:.2} a year: {} per unit of {:.2} extra {} in {}, {} per point of {}'s share ({:.1} % to {:.1} %), {} for output that would exist anyway",
            self.public_cost,
            or_none(self.cost_per_extra_unit()),
            self.extra_output(),
            self.commodity,
            self.region,
            or_none(self.cost_per_point()),
            self.dominant,
            100.0 * self.dominant_share_before,
            100.0 * self.dominant_share,
            or_none(self.cost_of_existing_output()),
        )
    }
}
