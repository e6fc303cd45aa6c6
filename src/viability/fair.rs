use super::measures;
use super::simulate::{self, PartyRates, PathRecord};
use super::spread::{Estimate, check_groups};
use super::{Study, ViabilityError};
use crate::finance::{Producer, Rule, require};
use crate::stochastic::{PriceSource, Simulation};
use serde::{Deserialize, Serialize};

/// What a fair value needs beside the study: the price under the pricing measure, and the riskless rate.
#[derive(Clone, Copy)]
pub struct Pricing<'a> {
    /// The price source whose drift is less the price of risk. Where the price of risk is not known, there is no fair
    /// value.
    pub source: &'a dyn PriceSource,
    /// Riskless rate: effective, nominal, a year, as a fraction.
    pub riskless: f64,
}

/// Fair values of one case, in money: what a market would ask for the same payments. They are not expected values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FairValues {
    case: String,
    contracts: Estimate,
    stake: Estimate,
    owners: Estimate,
    credit: Option<Estimate>,
}

impl FairValues {
    /// The case.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Fair value of the sponsor's net payments under contracts.
    pub fn contracts(&self) -> Estimate {
        self.contracts
    }

    /// Fair value of the sponsor's securities.
    pub fn stake(&self) -> Estimate {
        self.stake
    }

    /// Fair value of the sponsor's credit: disbursements less receipts of its loans, notes, revolvers and guarantees. `None`
    /// where it gives none.
    pub fn credit(&self) -> Option<Estimate> {
        self.credit
    }

    /// Fair value of the owners' shares.
    pub fn owners(&self) -> Estimate {
        self.owners
    }
}

impl Study {
    /// Fair values of every case: the same firm, taking the same decisions to grow as under `historical`, with payments
    /// weighed under the pricing measure and discounted at the riskless rate.
    ///
    /// # Errors
    /// As [`Study::run`]; [`ViabilityError::Finance`] for a riskless rate not above -1.
    pub fn fair_values(
        &self,
        historical: &dyn PriceSource,
        pricing: Pricing<'_>,
        simulation: Simulation,
    ) -> Result<Vec<FairValues>, ViabilityError> {
        let riskless = pricing.riskless;
        check_groups(&simulation)?;
        let producers = self.producers()?;
        check_pricing(&producers, pricing)?;
        let (prepared, _) = self.prepare(&producers, historical, simulation)?;
        let rates = PartyRates {
            owners: riskless,
            sponsor: riskless,
        };
        let paths = simulate::run(&prepared, rates, pricing.source, simulation)?;
        let mut values = Vec::with_capacity(producers.len());
        for (place, (case, records)) in self.terms().cases.iter().zip(&paths.records).enumerate() {
            let (producer, held) = (&producers[place], &prepared[place].measures);
            let by_measure = measures::with_prices(producer, held, &paths.measures[place]);
            let of = |value: fn(&PathRecord) -> f64| {
                let sample: Vec<f64> = records.iter().map(value).collect();
                Ok::<_, ViabilityError>(Estimate::of_finite(&simulation, &sample)?)
            };
            values.push(FairValues {
                case: case.name.clone(),
                contracts: of(|r| r.cost)?,
                stake: of(|r| r.stake)?,
                owners: of(|r| r.owners)?,
                credit: measures::credit(producer, held, &by_measure, &simulation)?,
            });
        }
        Ok(values)
    }
}

/// Refuses a riskless rate that is not above -1, and a pricing source with too few prices.
pub(super) fn check_pricing(
    producers: &[Producer],
    pricing: Pricing<'_>,
) -> Result<(), ViabilityError> {
    require("riskless rate", pricing.riskless, Rule::Above(-1.0))?;
    let found = pricing.source.commodities();
    match producers.iter().map(Producer::commodities).max() {
        Some(needed) if needed > found => Err(ViabilityError::Commodities { needed, found }),
        _ => Ok(()),
    }
}
