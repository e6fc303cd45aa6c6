//! Distances to the bounds and their multipliers, and how far a step may go.
//!
//! Lower bounds are kept for every unknown, with distance 1, multiplier 0 and presence 0 where there is none,
//! so that loops need no branches. Upper bounds are rarer and kept as a list.

use super::lanes::vector;

/// Step lengths of the two sides: quantities with the multipliers of values, and the other way round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    pub primal: f64,
    pub dual: f64,
}

impl Lengths {
    pub fn least(self) -> f64 {
        self.primal.min(self.dual)
    }

    pub fn times(self, factor: f64) -> Self {
        Self {
            primal: factor * self.primal,
            dual: factor * self.dual,
        }
    }

    pub fn common(self) -> Self {
        let least = self.least();
        Self {
            primal: least,
            dual: least,
        }
    }

    pub fn limit(self, dual: bool, most: f64) -> Self {
        if dual {
            Self {
                dual: self.dual.min(most),
                ..self
            }
        } else {
            Self {
                primal: self.primal.min(most),
                ..self
            }
        }
    }

    pub fn are_finite(self) -> bool {
        self.primal.is_finite() && self.dual.is_finite()
    }

    /// Of an unknown, and of its multipliers.
    #[inline(always)]
    pub fn of(self, dual: bool) -> (f64, f64) {
        if dual {
            (self.dual, self.primal)
        } else {
            (self.primal, self.dual)
        }
    }
}

/// Lower bounds, one entry per unknown.
#[derive(Debug, Clone)]
pub(super) struct Low {
    pub present: Vec<f64>,
    pub distance: Vec<f64>,
    pub inverse: Vec<f64>,
    pub multiplier: Vec<f64>,
    pub change: Vec<f64>,
    pub target: Vec<f64>,
    pub saved_change: Vec<f64>,
    pub saved_target: Vec<f64>,
}

/// Upper bounds, as a list.
#[derive(Debug, Clone)]
pub(super) struct High {
    pub index: Vec<u32>,
    pub distance: Vec<f64>,
    pub inverse: Vec<f64>,
    pub multiplier: Vec<f64>,
    pub change: Vec<f64>,
    pub target: Vec<f64>,
    pub saved_change: Vec<f64>,
    pub saved_target: Vec<f64>,
}

impl Low {
    pub fn new(n: usize) -> Self {
        Self {
            present: vector(n, 0.0),
            distance: vector(n, 1.0),
            inverse: vector(n, 1.0),
            multiplier: vector(n, 0.0),
            change: vector(n, 0.0),
            target: vector(n, 0.0),
            saved_change: vector(n, 0.0),
            saved_target: vector(n, 0.0),
        }
    }

    pub fn set(&mut self, i: usize, distance: Option<f64>, multiplier: f64) {
        self.present[i] = if distance.is_some() { 1.0 } else { 0.0 };
        self.distance[i] = distance.unwrap_or(1.0);
        self.multiplier[i] = multiplier * self.present[i];
    }

    /// Whether the bound looks binding: its distance is small against its multiplier.
    pub fn is_tight(&self, i: usize, ratio: f64) -> bool {
        self.present[i] > 0.0 && self.distance[i] < self.multiplier[i] * ratio
    }
}

impl High {
    pub fn new(n: usize) -> Self {
        let room = || Vec::with_capacity(n);
        Self {
            index: Vec::with_capacity(n),
            distance: room(),
            inverse: room(),
            multiplier: room(),
            change: room(),
            target: room(),
            saved_change: room(),
            saved_target: room(),
        }
    }

    pub fn clear(&mut self) {
        self.index.clear();
        for list in [
            &mut self.distance,
            &mut self.inverse,
            &mut self.multiplier,
            &mut self.change,
            &mut self.target,
            &mut self.saved_change,
            &mut self.saved_target,
        ] {
            list.clear();
        }
    }

    pub fn push(&mut self, i: usize, distance: f64, multiplier: f64) {
        self.index.push(i as u32);
        self.distance.push(distance);
        self.multiplier.push(multiplier);
    }

    /// Room for the steps of the bounds that were pushed.
    pub fn make_room(&mut self) {
        for list in [
            &mut self.inverse,
            &mut self.change,
            &mut self.target,
            &mut self.saved_change,
            &mut self.saved_target,
        ] {
            list.resize(self.index.len(), 0.0);
        }
    }

    /// Each bounded unknown, and whether its bound looks binding.
    pub fn tight<'a>(&'a self, ratio: &'a [f64]) -> impl Iterator<Item = (usize, bool)> + 'a {
        self.index.iter().enumerate().map(|(k, &i)| {
            let i = i as usize;
            (i, self.distance[k] < self.multiplier[k] * ratio[i])
        })
    }
}
