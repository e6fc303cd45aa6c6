//! Owen-scrambled Sobol points as standard normals.

use super::source::PATHS;
use super::stream::mix;
use sobol_burley::NUM_DIMENSIONS;
use sobol_burley::parts::{owen_scramble_rev, sobol_rev};
use statrs::distribution::{ContinuousCDF, Normal};

/// One scrambled net. Dimensions beyond those with direction numbers use them again on points in another order
/// (Burley 2020, "Practical hash-based Owen scrambling", section 5).
pub(super) struct Net {
    key: u64,
}

impl Net {
    pub fn new(seed: u64, number: u64) -> Self {
        Self {
            key: mix(mix(!seed).wrapping_add(number)),
        }
    }

    /// Standard normals in dimension `dimension` of the points from `first` on.
    pub fn fill(&self, first: u32, dimension: usize, row: &mut [f64; PATHS]) {
        let normal = Normal::standard();
        let set = (dimension / NUM_DIMENSIONS as usize) as u64;
        let order = mix(self.key ^ set) as u32;
        let scramble = mix(self.key.wrapping_add(dimension as u64 + 1)) as u32;
        let dimension = (dimension % NUM_DIMENSIONS as usize) as u32;
        for (point, z) in (first..).zip(row) {
            let shuffled = owen_scramble_rev(point.reverse_bits(), order);
            let scrambled =
                owen_scramble_rev(sobol_rev(shuffled, dimension), scramble).reverse_bits();
            // The middle of the cell of width 2^-32 keeps clear of 0 and 1.
            *z = normal.inverse_cdf((f64::from(scrambled) + 0.5) / 4_294_967_296.0);
        }
    }
}
