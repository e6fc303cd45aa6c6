use crate::stochastic::{PriceSource, Simulation, TimeGrid};
use crate::viability::ViabilityError;

/// The price of the first commodity on every path, date by date.
pub(super) struct Paths {
    count: usize,
    prices: Vec<f64>,
}

impl Paths {
    pub fn draw(
        source: &dyn PriceSource,
        grid: &TimeGrid,
        simulation: Simulation,
    ) -> Result<Self, ViabilityError> {
        let (dates, count) = (grid.steps(), simulation.paths());
        let blocks = simulation.run(
            source,
            grid,
            || (),
            |(), block| {
                let row = |date| block.row(date, 0).map(|row| row[..block.live()].to_vec());
                (0..dates).filter_map(row).collect::<Vec<_>>()
            },
        )?;
        let mut prices = Vec::with_capacity(dates * count);
        for date in 0..dates {
            for block in &blocks {
                prices.extend_from_slice(&block[date]);
            }
        }
        Ok(Self { count, prices })
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// The prices of all paths at one date.
    pub fn row(&self, date: usize) -> &[f64] {
        &self.prices[date * self.count..(date + 1) * self.count]
    }
}
