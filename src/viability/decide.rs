//! What is decided before the paths are walked: whether to grow, and the rules by which warrants that expire on the
//! way are exercised.

use super::observed::ObservedBlock;
use super::{Estimate, ViabilityError};
use crate::finance::{
    Choices, DatedFlow, ExerciseRule, Instrument, Irr, Producer, STATE, Unlevered, Walk, dated_irr,
    discount_factor,
};
use crate::stochastic::{PATHS, PriceSource, Simulation};
use nalgebra::{SMatrix, SVector};
use serde::{Deserialize, Serialize};

/// The decision to grow: what was compared, and what was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthDecision {
    staying: Estimate,
    growing: Option<Estimate>,
    gain: Option<Estimate>,
    irr: Option<Irr>,
    taken: bool,
}

impl GrowthDecision {
    /// That of a project without an expansion, of this value.
    pub(super) fn without_expansion(staying: Estimate) -> Self {
        Self {
            staying,
            growing: None,
            gain: None,
            irr: None,
            taken: false,
        }
    }

    /// Expected net present value of the project without growth, in money of the start, at the project's rate.
    pub fn staying(&self) -> Estimate {
        self.staying
    }

    /// The same with growth; `None` for a project without an expansion.
    pub fn growing(&self) -> Option<Estimate> {
        self.growing
    }

    /// What growth adds, on the same paths.
    pub fn gain(&self) -> Option<Estimate> {
        self.gain
    }

    /// Internal rate of return of the expected additional cash flow of growth, a year, nominal.
    pub fn irr(&self) -> Option<&Irr> {
        self.irr.as_ref()
    }

    /// Whether growth is decided on.
    pub fn taken(&self) -> bool {
        self.taken
    }

    /// Expected net present value of the plan decided on.
    pub fn project_npv(&self) -> Estimate {
        match (self.taken, self.growing) {
            (true, Some(growing)) => growing,
            _ => self.staying,
        }
    }
}

/// A project by itself, whose net present value is wanted on every path.
pub(super) struct Valued {
    bare: Producer,
    /// Discount factors at the end of each period.
    factors: Vec<f64>,
}

impl Valued {
    /// The project of a producer, at `rate`.
    pub fn new(producer: &Producer, rate: f64) -> Result<Self, ViabilityError> {
        let bare = producer.unlevered()?;
        let timeline = bare.project().terms().timeline;
        let factors = (0..timeline.periods())
            .map(|index| discount_factor(rate, timeline.end(index)))
            .collect();
        Ok(Self { bare, factors })
    }

    /// What is used for every block.
    pub fn workspace(&self) -> Unlevered {
        Unlevered::new(&self.bare)
    }

    /// Net present values of all paths of a block; free cash of each period, and what is left at the end, are shown to `each`.
    pub fn block(
        &self,
        workspace: &mut Unlevered,
        observed: &ObservedBlock,
        grow: bool,
        mut each: impl FnMut(usize, &[f64; PATHS]),
    ) -> [f64; PATHS] {
        let mut values = [0.0; PATHS];
        let mut count = |factor: f64, cash: &[f64; PATHS]| {
            for (value, cash) in values.iter_mut().zip(cash) {
                *value += factor * cash;
            }
        };
        let plant = self
            .bare
            .walk_block(workspace, grow, observed.rows(), |index, free| {
                count(self.factors[index], free);
                each(index, free);
            });
        if let Some(factor) = self.factors.last() {
            count(*factor, &plant);
        }
        each(self.factors.len(), &plant);
        values
    }
}

/// Compares the two plans of a project with an expansion on every path.
pub(super) fn growth(
    producer: &Producer,
    rate: f64,
    source: &dyn PriceSource,
    simulation: Simulation,
) -> Result<GrowthDecision, ViabilityError> {
    let valued = Valued::new(producer, rate)?;
    let timeline = producer.project().terms().timeline;
    let periods = timeline.periods();
    let blocks = simulation.run(
        source,
        &producer.grid()?,
        || (valued.workspace(), ObservedBlock::default()),
        |(workspace, observed), block| {
            observed.see(producer, &block);
            let live = block.live();
            let mut flows = vec![0.0; periods + 1];
            let values = [(false, -1.0), (true, 1.0)].map(|(grow, sign)| {
                let values = valued.block(workspace, observed, grow, |index, cash| {
                    flows[index] += sign * cash[..live].iter().sum::<f64>();
                });
                values[..live].to_vec()
            });
            (values, flows)
        },
    )?;
    let mut values: [Vec<f64>; 2] = Default::default();
    let mut flows = vec![0.0; periods + 1];
    for (block_values, block_flows) in &blocks {
        for (values, block) in values.iter_mut().zip(block_values) {
            values.extend_from_slice(block);
        }
        flows
            .iter_mut()
            .zip(block_flows)
            .for_each(|(sum, flow)| *sum += flow);
    }
    let [staying, growing] = &values;
    let gain: Vec<f64> = growing
        .iter()
        .zip(staying)
        .map(|(growing, staying)| growing - staying)
        .collect();
    let estimate = |values: &[f64]| Estimate::over(&simulation, values);
    let (staying, growing, gain) = (estimate(staying)?, estimate(growing)?, estimate(&gain)?);
    let paths = simulation.paths() as f64;
    let dated: Vec<DatedFlow> = flows
        .iter()
        .enumerate()
        .map(|(index, sum)| DatedFlow {
            years: timeline.end(index.min(periods - 1)),
            amount: sum / paths,
        })
        .collect();
    let irr = dated_irr(&dated)?;
    Ok(GrowthDecision {
        staying,
        growing: Some(growing),
        gain: Some(gain),
        irr: Some(irr),
        taken: gain.mean() >= 0.0,
    })
}

/// The rules for the warrants that expire before the end: the holder exercises where the value of equity, as a
/// quadratic in the log price and linear in cash and in the growth paid for, is above the strike. The weights are
/// those of a least-squares fit over the paths (Longstaff and Schwartz 2001), with no such warrant exercised.
pub(super) fn exercise(
    producer: &Producer,
    rate: f64,
    grow: bool,
    source: &dyn PriceSource,
    simulation: Simulation,
) -> Result<Vec<ExerciseRule>, ViabilityError> {
    let timeline = producer.project().terms().timeline;
    let ends: Vec<f64> = (0..timeline.periods())
        .map(|index| timeline.end(index))
        .collect();
    let mut early = Vec::new();
    for (security, held) in producer.capital().terms().securities.iter().enumerate() {
        let Instrument::Warrant(warrant) = &held.instrument else {
            continue;
        };
        // Open at the end: it is exercised there, without a rule.
        if warrant.open_at(timeline.years()) {
            continue;
        }
        if let Some(period) = ends.iter().rposition(|&end| warrant.open_at(end)) {
            early.push((security, period));
        }
    }
    let mut rules = Vec::with_capacity(early.len());
    for (security, period) in early {
        let weights = fit(producer, rate, grow, period, source, simulation)?;
        rules.extend(weights.map(|weights| ExerciseRule {
            security,
            period,
            weights,
        }));
    }
    Ok(rules)
}

/// Weights of the state at `period` that fit the value of all equity then; `None` with too few live paths.
fn fit(
    producer: &Producer,
    rate: f64,
    grow: bool,
    period: usize,
    source: &dyn PriceSource,
    simulation: Simulation,
) -> Result<Option<[f64; STATE]>, ViabilityError> {
    let timeline = producer.project().terms().timeline;
    let now = timeline.end(period);
    let blocks = simulation.run(
        source,
        &producer.grid()?,
        || (Walk::new(producer), ObservedBlock::default()),
        |(walk, observed), block| {
            observed.see(producer, &block);
            let mut points = Vec::with_capacity(block.live());
            for path in 0..block.live() {
                let (mut index, mut value, mut state, mut years) = (0, 0.0, None, 0.0);
                let choices = Choices {
                    grow,
                    exercise: &[],
                };
                let ending = producer.walk(walk, choices, observed.on(path), |walk, flow| {
                    years = timeline.end(index);
                    if index == period {
                        state = Some(walk.state(producer));
                    } else if index > period {
                        value += discount_factor(rate, years - now) * flow.payout();
                    }
                    index += 1;
                });
                let failed = ending
                    .outcome
                    .default_period()
                    .is_some_and(|failed| failed <= period);
                if let Some(state) = state.filter(|_| !failed) {
                    let debt = producer.debt_payments(walk.share_out());
                    value += discount_factor(rate, years - now) * (ending.estate - debt);
                    points.push((state, value));
                }
            }
            points
        },
    )?;
    let points = blocks.concat();
    if points.len() < 10 * STATE {
        return Ok(None);
    }
    Ok(least_squares(&points))
}

/// Weights that minimise the squared error, by the normal equations in standardised columns. Columns that do not vary
/// (the constant apart) get no weight.
fn least_squares(points: &[([f64; STATE], f64)]) -> Option<[f64; STATE]> {
    let count = points.len() as f64;
    let mut mean = [0.0; STATE];
    let mut mean_value = 0.0;
    for (state, value) in points {
        mean.iter_mut()
            .zip(state)
            .for_each(|(mean, x)| *mean += x / count);
        mean_value += value / count;
    }
    let mut spread = [0.0; STATE];
    for (state, _) in points {
        for ((spread, x), mean) in spread.iter_mut().zip(state).zip(mean) {
            *spread += (x - mean) * (x - mean) / count;
        }
    }
    let scale = spread.map(|spread| {
        if spread > 0.0 {
            spread.sqrt()
        } else {
            f64::INFINITY
        }
    });
    let mut matrix = SMatrix::<f64, STATE, STATE>::zeros();
    let mut right = SVector::<f64, STATE>::zeros();
    for (state, value) in points {
        let row: [f64; STATE] = std::array::from_fn(|k| (state[k] - mean[k]) / scale[k]);
        for i in 0..STATE {
            right[i] += row[i] * (value - mean_value) / count;
            for j in 0..STATE {
                matrix[(i, j)] += row[i] * row[j] / count;
            }
        }
    }
    let slopes = matrix.svd(true, true).solve(&right, 1e-10).ok()?;
    let mut weights: [f64; STATE] = std::array::from_fn(|k| slopes[k] / scale[k]);
    weights[0] = mean_value
        - weights
            .iter()
            .zip(&mean)
            .skip(1)
            .map(|(weight, mean)| weight * mean)
            .sum::<f64>();
    weights
        .iter()
        .all(|weight| weight.is_finite())
        .then_some(weights)
}
