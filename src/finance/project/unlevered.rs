//! A producer without financing on all paths of a block at once: nothing but prices tells its paths apart.

use super::PeriodFlow;
use super::cash_flow::Outcome;
use super::earn::Business;
use super::producer::Producer;
use crate::stochastic::PATHS;
use crate::stochastic::row::Row;

/// What is carried along the paths of a block; made once and used for every block.
pub(crate) struct Unlevered(Business<PATHS>);

impl Unlevered {
    pub fn new(producer: &Producer) -> Self {
        Self(Business::new(producer))
    }
}

impl Producer {
    /// Walks a producer made by [`Producer::unlevered`] through the periods at averages and last prices
    /// `observed(period, product)`, as [`Producer::walk`] walks it along one path: shows the free cash of each period to `each`,
    /// and returns what plant and working capital are worth at the end, less closure.
    pub(crate) fn walk_block<'a>(
        &self,
        Unlevered(business): &mut Unlevered,
        grow: bool,
        observed: impl Fn(usize, usize) -> &'a [Row<f64>; 2],
        mut each: impl FnMut(usize, &[f64; PATHS]),
    ) -> [f64; PATHS] {
        business.reset(self);
        let none = [0.0; PATHS];
        let year = self.project.terms().timeline.per_year() as usize;
        let (mut free, mut operating) = (none, none);
        for (index, facts) in self.periods.iter().enumerate() {
            let at = (index, index + 1 == self.periods.len());
            let prices = |place| observed(index, place).each_ref().map(|row| &row.0);
            let mut earned = self.earn(business, at, prices);
            self.assess(business, index, &mut earned, &none, [&none, &none]);
            let due = self.instalment(index, &business.instalments, grow);
            let invested = due.unwrap_or(0.0);
            if due.is_some() {
                business.instalments.push(index);
            }
            business.invested = invested;
            business.deductions.close(facts.sustaining + invested);
            let in_last_year = index + year >= self.periods.len();
            for path in 0..PATHS {
                let mut flow = PeriodFlow {
                    overhead: facts.overhead,
                    sustaining_capex: facts.sustaining,
                    growth_capex: invested,
                    ..PeriodFlow::default()
                };
                earned.write(path, &mut flow);
                free[path] = flow.free_cash();
                if in_last_year {
                    operating[path] += flow.operating() - flow.sustaining_capex;
                }
            }
            each(index, &free);
        }
        let end = self.end();
        let mut plant = *business.bound();
        for (plant, operating) in plant.iter_mut().zip(&operating) {
            *plant = self.plant(Outcome::Solvent, &end, *operating, *plant);
        }
        plant
    }
}
