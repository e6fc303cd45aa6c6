//! The closed form of a strip of options as a control for the simulated cost of the real contract.

use super::observed::ObservedBlock;
use super::spread::{Estimate, check_groups};
use super::{Study, ViabilityError};
use crate::finance::{
    Choices, MoneyBasis, OptionError, Payoff, PriceContract, Producer, Walk, discount_factor,
    expected_excess, expected_floor_payment,
};
use crate::stochastic::{Lognormal, Moments, PriceSource, Simulation};
use serde::{Deserialize, Serialize};

/// The expected cost of a case's contract, with the strip of options that stands beside it as its control variate.
///
/// The strip is the contract on the planned volume, settled on the price at each period's end, without yearly cap, limit or
/// default: a put at the floor; a put less a call at the strike of a two-sided contract; a put at the floor less a call at
/// the cap of a collar; less the upside share of a call at its threshold. It has a closed form; the real contract (averages,
/// actual output, limits, default) does not equal it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlledCost {
    plain: Estimate,
    controlled: Estimate,
    strip: f64,
    strip_simulated: Estimate,
    weight: f64,
}

impl ControlledCost {
    /// Expected cost by plain simulation, in money of the start at the sponsor's rate.
    pub fn plain(&self) -> Estimate {
        self.plain
    }

    /// Expected cost with the control, cost - b (strip simulated - strip), b by least squares.
    pub fn controlled(&self) -> Estimate {
        self.controlled
    }

    /// The strip in closed form.
    pub fn strip(&self) -> f64 {
        self.strip
    }

    /// The strip on the simulated paths, for comparison.
    pub fn strip_simulated(&self) -> Estimate {
        self.strip_simulated
    }

    /// The weight b.
    pub fn weight(&self) -> f64 {
        self.weight
    }
}

impl Study {
    /// The expected cost of the contracts of `case` with the strip as control.
    ///
    /// # Errors
    /// [`ViabilityError::NoStrip`] unless the case has exactly one contract, with positive strikes; otherwise as
    /// [`Study::run`].
    pub fn expected_cost_with_control<S: PriceSource + Lognormal>(
        &self,
        case: &str,
        source: &S,
        simulation: Simulation,
    ) -> Result<ControlledCost, ViabilityError> {
        check_groups(&simulation)?;
        let producer = self.producer(case)?;
        let no_strip = || ViabilityError::NoStrip {
            case: case.to_owned(),
        };
        let (product, contract) = producer.only_contract().ok_or_else(no_strip)?;
        let producers = [producer.clone()];
        let mut alone = self.terms().clone();
        alone.cases.retain(|other| other.name == case);
        let study = Study::new(alone)?;
        let (prepared, _) = study.prepare(&producers, source, simulation)?;
        let Some(prepared) = prepared.first() else {
            return Err(ViabilityError::NoCase);
        };
        let strip = Strip::new(
            &producer,
            product,
            &contract,
            prepared.grow,
            self.terms().rates.sponsor,
        )
        .ok_or_else(no_strip)?;
        let timeline = producer.project().terms().timeline;
        let last = timeline.observations() - 1;
        let choices = Choices {
            grow: prepared.grow,
            exercise: &prepared.rules,
        };
        let blocks = simulation.run(
            source,
            &producer.grid()?,
            || (Walk::new(&producer), ObservedBlock::default()),
            |(walk, observed), block| {
                observed.see(&producer, &block);
                let (mut costs, mut strips) = (Vec::new(), Vec::new());
                for path in 0..block.live() {
                    let (mut cost, mut index) = (0.0, 0);
                    producer.walk(walk, choices, observed.on(path), |_, flow| {
                        cost += strip.factors[index] * flow.contract();
                        index += 1;
                    });
                    costs.push(cost);
                    let payments = strip.payments.iter().map(|payment| {
                        let time = payment.period * timeline.observations() + last;
                        let row = block.row(time, strip.commodity);
                        let price = row.map_or(f64::NAN, |row| row[path]);
                        payment.put * (payment.strike - price).max(0.0)
                            + payment.call * (price - payment.strike).max(0.0)
                    });
                    strips.push(payments.sum());
                }
                (costs, strips)
            },
        )?;
        let costs: Vec<f64> = blocks
            .iter()
            .flat_map(|(costs, _)| costs)
            .copied()
            .collect();
        let strips: Vec<f64> = blocks
            .iter()
            .flat_map(|(_, strips)| strips)
            .copied()
            .collect();
        let exact = strip.closed_form(source, timeline.period_years())?;
        // Pairs and nets enter by their means, which are independent of each other.
        Ok(combine(
            &simulation.group_means(&costs)?,
            &simulation.group_means(&strips)?,
            exact,
        ))
    }
}

fn combine(costs: &[f64], strips: &[f64], exact: f64) -> ControlledCost {
    let (cost, strip) = (Moments::of(costs), Moments::of(strips));
    let products: Vec<f64> = costs
        .iter()
        .zip(strips)
        .map(|(cost_, strip_)| (cost_ - cost.mean()) * (strip_ - strip.mean()))
        .collect();
    let covariance = products.iter().sum::<f64>() / (products.len().max(2) - 1) as f64;
    let weight = if strip.variance() > 0.0 {
        covariance / strip.variance()
    } else {
        0.0
    };
    let adjusted: Vec<f64> = costs
        .iter()
        .zip(strips)
        .map(|(cost, strip)| cost - weight * (strip - exact))
        .collect();
    ControlledCost {
        plain: Estimate::of(cost),
        controlled: Estimate::of(Moments::of(&adjusted)),
        strip: exact,
        strip_simulated: Estimate::of(strip),
        weight,
    }
}

struct Strip {
    commodity: usize,
    factors: Vec<f64>,
    payments: Vec<StripPayment>,
}

/// A put and a call at one strike.
struct StripPayment {
    period: usize,
    /// Strike on the price as the source gives it.
    strike: f64,
    /// Discount factor x volume x what turns the price into the reference, for the put; negative where the producer pays.
    put: f64,
    /// The same for the call.
    call: f64,
}

impl Strip {
    fn new(
        producer: &Producer,
        place: usize,
        contract: &PriceContract,
        grow: bool,
        rate: f64,
    ) -> Option<Self> {
        // Strike, puts and calls for a unit of the reference.
        let options: &[[f64; 3]] = match contract.terms().payoff {
            Payoff::Floor { strike } => &[[strike, 1.0, 0.0]],
            Payoff::TwoSided { strike } => &[[strike, 1.0, -1.0]],
            Payoff::Collar { floor, cap } => &[[floor, 1.0, 0.0], [cap, 0.0, -1.0]],
        };
        let plan = producer.planned_output(grow);
        let terms = producer.project().terms();
        let timeline = terms.timeline;
        let product = terms.products.get(place)?;
        let factors: Vec<f64> = (0..plan.len())
            .map(|index| discount_factor(rate, timeline.end(index)))
            .collect();
        let mut payments = Vec::with_capacity(plan.len());
        for (period, output) in plan.iter().enumerate() {
            // The strip does not look at the prices of the path.
            let output = output * product.per_output;
            let facts = producer.contract_period(period, place, output, (0.0, 0.0));
            // What turns the source's price into the reference price, in money of the day.
            let basis = if terms.prices == MoneyBasis::Real {
                facts.price_level
            } else {
                1.0
            };
            let due = factors[period] * contract.planned_volume(&facts);
            let on = contract.on(&facts);
            let mut pays = |factor: f64, [strike, put, call]: [f64; 3]| {
                let weight = due * factor;
                if weight > 0.0 {
                    payments.push(StripPayment {
                        period,
                        strike: strike / factor,
                        put: weight * put,
                        call: weight * call,
                    });
                }
            };
            let level = contract.strike_level(&facts);
            for [strike, put, call] in options {
                pays(on.factor * basis, [strike * level, *put, *call]);
            }
            if let Some(upside) = on.upside {
                pays(
                    upside.factor * basis,
                    [upside.threshold, 0.0, -upside.share],
                );
            }
        }
        let usable = payments
            .iter()
            .all(|payment| payment.strike > 0.0 && payment.strike.is_finite());
        usable.then_some(Self {
            commodity: product.commodity,
            factors,
            payments,
        })
    }

    fn closed_form(&self, source: &dyn Lognormal, period_years: f64) -> Result<f64, OptionError> {
        let mut value = 0.0;
        for payment in &self.payments {
            let price = source.log_marginal((payment.period + 1) as f64 * period_years);
            value += payment.put * expected_floor_payment(price, payment.strike)?
                + payment.call * expected_excess(price, payment.strike)?;
        }
        Ok(value)
    }
}
