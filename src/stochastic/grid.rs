use super::error::StochasticError;
use serde::{Deserialize, Serialize};

/// The times at which prices are drawn: years from today, strictly increasing, the first not negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct TimeGrid {
    times: Vec<f64>,
}

impl TimeGrid {
    /// A grid of the given times in years from today.
    ///
    /// # Errors
    /// [`StochasticError::EmptyGrid`] without a time, [`StochasticError::GridTime`] where a time is negative,
    /// not finite or not after the one before it.
    pub fn new(times: Vec<f64>) -> Result<Self, StochasticError> {
        if times.is_empty() {
            return Err(StochasticError::EmptyGrid);
        }
        let mut previous = f64::NEG_INFINITY;
        for (index, &time) in times.iter().enumerate() {
            if !time.is_finite() || time < 0.0 || time <= previous {
                return Err(StochasticError::GridTime { index, time });
            }
            previous = time;
        }
        Ok(Self { times })
    }

    /// `count` period ends at `per_year` periods a year: 1/n, 2/n, ... years (12 a year gives month ends).
    ///
    /// # Errors
    /// [`StochasticError::Zero`] if either number is zero.
    pub fn regular(per_year: u32, count: usize) -> Result<Self, StochasticError> {
        if per_year == 0 {
            return Err(StochasticError::Zero {
                what: "periods a year",
            });
        }
        if count == 0 {
            return Err(StochasticError::Zero {
                what: "number of periods",
            });
        }
        Self::new(
            (1..=count)
                .map(|k| k as f64 / f64::from(per_year))
                .collect(),
        )
    }

    /// The times in years from today.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// How many times the grid has.
    pub fn steps(&self) -> usize {
        self.times.len()
    }
}

impl TryFrom<Vec<f64>> for TimeGrid {
    type Error = StochasticError;

    fn try_from(times: Vec<f64>) -> Result<Self, StochasticError> {
        Self::new(times)
    }
}

impl From<TimeGrid> for Vec<f64> {
    fn from(grid: TimeGrid) -> Self {
        grid.times
    }
}
