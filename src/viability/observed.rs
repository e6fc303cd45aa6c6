//! Prices of a block as the firms see them: averages and last days of every period, for all paths at once.

use crate::finance::{Observed, Producer};
use crate::stochastic::Block;
use crate::stochastic::row::Row;

/// Averages and last prices by period and product. Cases of one project see the same.
#[derive(Default)]
pub(super) struct ObservedBlock {
    rows: Vec<[Row<f64>; 2]>,
    products: usize,
}

impl ObservedBlock {
    /// Takes in a block.
    pub fn see(&mut self, producer: &Producer, block: &Block<'_>) {
        let terms = producer.project().terms();
        self.products = terms.products.len();
        self.rows.clear();
        for index in 0..terms.timeline.periods() {
            for place in 0..self.products {
                self.rows.push(producer.observe_block(block, index, place));
            }
        }
    }

    /// Averages and last prices of all paths.
    pub fn rows<'a>(&'a self) -> impl Fn(usize, usize) -> &'a [Row<f64>; 2] {
        |index, place| &self.rows[index * self.products + place]
    }

    /// What a walk along one path is told.
    pub fn on(&self, path: usize) -> impl Fn(usize, usize) -> Observed + '_ {
        move |index, place| {
            let [average, last] = self.rows()(index, place);
            Observed {
                average: average.0[path],
                last: last.0[path],
            }
        }
    }
}
