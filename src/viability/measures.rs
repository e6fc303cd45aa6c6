//! What each measure costs the sponsor, path by path.

use super::spread::{Estimate, Spread};
use crate::finance::Producer;
use crate::stochastic::{Simulation, StochasticError};
use serde::{Deserialize, Serialize};

/// What one measure costs the sponsor: a contract, or a security that it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureCost {
    name: String,
    credit: bool,
    cost: Spread,
}

impl MeasureCost {
    /// Its name: "contract on" the product, or the kind of the security and its place among the securities, from 1.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is credit: a loan, a note, a revolver or a guarantee.
    pub fn is_credit(&self) -> bool {
        self.credit
    }

    /// Present value of what the sponsor pays, less what it receives, at the sponsor's rate: negative where it gains. Its
    /// upper tail is the 95 % tail cost.
    pub fn cost(&self) -> &Spread {
        &self.cost
    }
}

/// One measure of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// A contract, by its place.
    Contract(usize),
    /// A security of the sponsor, by its place.
    Security(usize),
}

/// The measures of a case.
pub(super) fn of_case(producer: &Producer, sponsor: &str) -> Vec<Measure> {
    let contracts = (0..producer.contract_count()).map(Measure::Contract);
    let securities = producer.capital().terms().securities.iter().enumerate();
    let held = securities.filter(|(_, held)| held.holder == sponsor);
    contracts
        .chain(held.map(|(place, _)| Measure::Security(place)))
        .collect()
}

/// Costs by measure from costs by path and measure.
pub(super) fn costs(
    producer: &Producer,
    measures: &[Measure],
    by_path: &[f64],
    simulation: &Simulation,
) -> Result<Vec<MeasureCost>, StochasticError> {
    let securities = &producer.capital().terms().securities;
    let one = |(at, measure): (usize, &Measure)| {
        let sample: Vec<f64> = by_path
            .iter()
            .skip(at)
            .step_by(measures.len())
            .copied()
            .collect();
        let (name, credit) = match *measure {
            Measure::Contract(place) => (
                format!("contract on {}", producer.contract_product(place)),
                false,
            ),
            Measure::Security(place) => {
                let instrument = &securities[place].instrument;
                (
                    format!("{} {}", instrument.kind(), place + 1),
                    instrument.is_credit(),
                )
            }
        };
        Ok(MeasureCost {
            name,
            credit,
            cost: Spread::over(simulation, &sample)?,
        })
    };
    measures.iter().enumerate().map(one).collect()
}

/// Cost of all credit together; `None` where the sponsor gives none.
pub(super) fn credit(
    producer: &Producer,
    measures: &[Measure],
    by_path: &[f64],
    simulation: &Simulation,
) -> Result<Option<Estimate>, StochasticError> {
    let securities = &producer.capital().terms().securities;
    let is_credit = |measure: &Measure| match *measure {
        Measure::Contract(_) => false,
        Measure::Security(place) => securities[place].instrument.is_credit(),
    };
    if !measures.iter().any(is_credit) {
        return Ok(None);
    }
    let sums: Vec<f64> = by_path
        .chunks(measures.len())
        .map(|path| {
            let parts = path.iter().zip(measures);
            parts
                .filter(|(_, measure)| is_credit(measure))
                .map(|(cost, _)| cost)
                .sum()
        })
        .collect();
    Estimate::over(simulation, &sums).map(Some)
}

/// Costs by measure with the price of each security at the start.
pub(super) fn with_prices(producer: &Producer, measures: &[Measure], by_path: &[f64]) -> Vec<f64> {
    let securities = &producer.capital().terms().securities;
    let prices: Vec<f64> = measures
        .iter()
        .map(|measure| match *measure {
            Measure::Contract(_) => 0.0,
            Measure::Security(place) => securities[place].paid,
        })
        .collect();
    by_path
        .iter()
        .zip(prices.iter().cycle())
        .map(|(cost, price)| cost + price)
        .collect()
}
