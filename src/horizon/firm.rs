//! The firm behind a project: it is built where its own accounts say so.

use serde::{Deserialize, Serialize};

use super::calendar::end;
use super::error::HorizonError;
use super::path::Path;
use crate::market::Activity;
use crate::stochastic::{
    Draws, MeanReverting, PATHS, PriceSource, Sampler, Simulation, StochasticError, TimeGrid,
};
use crate::viability::{BreakEven, Findings, Study, ViabilityError};

/// A producer of [`viability`](crate::viability) behind an [`Entrant`](super::Entrant): taxes, debt, contracts, ramp and
/// overruns as the first case of its study has them.
///
/// Its study begins when the project is decided. It sees the prices of the horizon (commodity `c` of its project is output
/// `c` of the activity), the last period's for as long as its timeline goes on, and enters where building is worth more than
/// leaving it, at the rate of its project. What measures of the horizon pay to the activity itself is not in a price; a
/// contract that the firm holds belongs into its study.
///
/// ```
/// # use pricefloor::finance::*;
/// use pricefloor::horizon::{Entrant, Firm, Stage};
/// use pricefloor::stochastic::Simulation;
/// # fn entrant(study: pricefloor::viability::Study) -> Result<Entrant, Box<dyn std::error::Error>> {
/// // study: a pricefloor::viability::Study whose project is yet to be built
/// let mine = Entrant::of("mine").stage(Stage::new("construction", 3.0))
///     .run_by(Firm::new(study, Simulation::new(256, 7)?));
/// # Ok(mine)
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firm {
    study: Study,
    simulation: Simulation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    around: Option<MeanReverting>,
}

impl Firm {
    /// A firm that is sure of the prices of the horizon.
    #[must_use]
    pub fn new(study: Study, simulation: Simulation) -> Self {
        Self {
            study,
            simulation,
            around: None,
        }
    }

    /// Prices come in around those of the horizon: what the process draws, 1 in normal times, multiplies them.
    #[must_use]
    pub fn around(mut self, multiple: MeanReverting) -> Self {
        self.around = Some(multiple);
        self
    }

    /// What the study finds at the prices of a path from a date on.
    pub(super) fn judge(
        &self,
        activity: &Activity,
        from: f64,
        path: &Path,
    ) -> Result<Findings, HorizonError> {
        let mut prices = Vec::new();
        for output in activity.outputs() {
            let dated = path.periods().iter().map(|period| {
                let price = period.price(activity.region(), output.commodity())?;
                Ok((end(&period.period()) - from, price))
            });
            prices.push(dated.collect::<Result<Vec<_>, HorizonError>>()?);
        }
        let foreseen = Foreseen {
            prices,
            around: self.around,
        };
        let found = self.study.run(&foreseen, self.simulation);
        found.map_err(|error| Self::refused(activity, &error))
    }

    /// The constant price at which it would be built.
    pub(super) fn incentive_price(&self) -> Option<f64> {
        let case = self.study.terms().cases.first()?;
        match self.study.incentive_price(&case.name).ok()? {
            BreakEven::Price(price) => Some(price),
            _ => None,
        }
    }

    fn refused(activity: &Activity, error: &ViabilityError) -> HorizonError {
        HorizonError::Firm {
            activity: activity.name().to_owned(),
            detail: error.to_string(),
        }
    }
}

/// What building is worth, and where there is no such choice what the project is.
pub(super) fn worth(findings: &Findings) -> f64 {
    findings.cases().first().map_or(0.0, |case| {
        let growth = case.growth();
        growth.gain().unwrap_or(growth.staying()).mean()
    })
}

/// Prices that are foreseen: by commodity, the end of each period (years from the decision) and the price in it.
struct Foreseen {
    prices: Vec<Vec<(f64, f64)>>,
    around: Option<MeanReverting>,
}

impl PriceSource for Foreseen {
    fn commodities(&self) -> usize {
        self.prices.len()
    }

    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let around = self.around.as_ref();
        Ok(Box::new(Drawn {
            foreseen: self,
            times: grid.times(),
            around: around
                .map(|process| process.sampler(grid, draws))
                .transpose()?,
            multiples: vec![1.0; grid.steps() * PATHS],
        }))
    }
}

struct Drawn<'a> {
    foreseen: &'a Foreseen,
    times: &'a [f64],
    around: Option<Box<dyn Sampler + 'a>>,
    multiples: Vec<f64>,
}

impl Sampler for Drawn<'_> {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let all = &self.foreseen.prices;
        let expected = self.times.len() * all.len() * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        if let Some(around) = &mut self.around {
            around.fill(block, &mut self.multiples)?;
        }
        for ((t, &time), multiples) in self
            .times
            .iter()
            .enumerate()
            .zip(self.multiples.chunks(PATHS))
        {
            for (c, prices) in all.iter().enumerate() {
                let within = prices
                    .iter()
                    .find(|(end, _)| time <= end + super::calendar::NEAR);
                let price = within.or(prices.last()).map_or(f64::NAN, |dated| dated.1);
                let first = (t * all.len() + c) * PATHS;
                for (out, multiple) in out[first..first + PATHS].iter_mut().zip(multiples) {
                    *out = price * multiple;
                }
            }
        }
        Ok(())
    }
}
