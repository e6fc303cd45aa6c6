//! The state of an interior point, and the passes over its bounds that a step makes.

use super::bounds::{High, Lengths, Low};
use super::evaluation::Sizes;
use super::lanes::{
    LANES, blocks, blocks_mut, geometric_mean, largest, least, most, smallest, sum, vector,
};

/// The gap, in units of sx sF, above which no guess is made.
const FIRST_GUESS: f64 = 1e-3;
/// Pairs are plain to tell when the larger side of each exceeds the root of the gap by this factor.
const PLAIN: f64 = 10.0;
/// With a small gap this factor will do.
const LIKELY: f64 = 2.0;
const LIKELY_GAP: f64 = 1e-9;
/// The gap at which a guess is made whatever the pairs look like.
const LAST_GUESS: f64 = 1e-11;

/// The state of an interior point.
#[derive(Debug, Clone)]
pub(super) struct Barrier {
    pub z: Vec<f64>,
    pub f: Vec<f64>,
    /// Infinite where an unknown is held, else 0.
    pub hold: Vec<f64>,
    pub low: Low,
    pub high: High,
    pub dual: Vec<bool>,
    /// sx sF, the size of a product.
    pub volume: Vec<f64>,
    pub inverse_volume: Vec<f64>,
    pub saved: Vec<f64>,
    /// 1 on the side of values, 0 on that of quantities.
    side: Vec<f64>,
    /// Multipliers of the upper bounds for every unknown, 0 where there is none.
    upper: Vec<f64>,
    /// Whether the two sides take steps of different lengths.
    pub separate: bool,
    /// Whether directions need refinement.
    pub refine: bool,
    pub gap: f64,
    pub infeasibility: f64,
    /// The smallest, over all pairs, of the larger of scaled distance and scaled multiplier.
    pub undecided: f64,
    pub next_guess: f64,
    pub steps: u32,
    pub short_steps: u32,
    pairs: f64,
}

impl Barrier {
    pub fn new(n: usize) -> Self {
        Self {
            z: vector(n, 0.0),
            f: vector(n, 0.0),
            hold: vector(n, 0.0),
            low: Low::new(n),
            high: High::new(n),
            dual: vec![false; n],
            volume: vector(n, 1.0),
            inverse_volume: vector(n, 1.0),
            saved: vector(n, 0.0),
            side: vector(n, 0.0),
            upper: vector(n, 0.0),
            separate: false,
            refine: false,
            gap: 0.0,
            infeasibility: 0.0,
            undecided: 0.0,
            next_guess: 0.0,
            steps: 0,
            short_steps: 0,
            pairs: 0.0,
        }
    }

    pub fn begin(&mut self) {
        self.high.clear();
        self.upper.fill(0.0);
        self.refine = false;
        self.steps = 0;
        self.short_steps = 0;
        self.next_guess = FIRST_GUESS;
    }

    /// Whether the active set is worth a guess. A pair whose two sides differ by little is one that a guess
    /// may get wrong, and a wrong guess costs a factorisation, as much as another step does.
    pub fn guess_is_due(&self) -> bool {
        let root = self.gap.sqrt();
        let plain = self.undecided >= PLAIN * root;
        let likely = self.undecided >= LIKELY * root && self.gap <= LIKELY_GAP;
        let due = plain || likely || self.gap <= LAST_GUESS;
        due && self.gap <= self.next_guess && self.infeasibility <= 1e-3
    }

    /// After a guess the gap must fall before the next.
    pub fn postpone_guess(&mut self) {
        self.next_guess = 1e-2 * self.gap;
    }

    /// Counts a step; true after several that led nowhere.
    pub fn stalled(&mut self, length: f64) -> bool {
        self.short_steps = if length < 1e-3 {
            self.short_steps + 1
        } else {
            0
        };
        self.short_steps > 8
    }

    /// What the barrier adds to the Jacobian's diagonal.
    #[inline(always)]
    pub fn shift(&mut self, shift: &mut [f64]) {
        let low = &mut self.low;
        let to = blocks_mut(shift);
        let n = to.len();
        let (distance, multiplier) = (&blocks(&low.distance)[..n], &blocks(&low.multiplier)[..n]);
        let (inverse, hold) = (
            &mut blocks_mut(&mut low.inverse)[..n],
            &blocks(&self.hold)[..n],
        );
        for b in 0..n {
            for k in 0..LANES {
                inverse[b][k] = 1.0 / distance[b][k];
                to[b][k] = multiplier[b][k] * inverse[b][k] + hold[b][k];
            }
        }
        let high = &mut self.high;
        for (k, &i) in high.index.iter().enumerate() {
            high.inverse[k] = 1.0 / high.distance[k];
            shift[i as usize] += high.multiplier[k] * high.inverse[k];
        }
    }

    /// The sizes of products: sx times sF, made equal where they are within a factor of a hundred of their mean. A common
    /// target needs fewer iterations, and differing ones are only needed where units differ widely.
    #[inline(always)]
    pub fn set_volumes(&mut self, sizes: &Sizes) {
        let n = self.dual.len();
        let (volumes, inverse) = (&mut self.volume[..n], &mut self.inverse_volume[..n]);
        for (i, volume) in volumes.iter_mut().enumerate() {
            *volume = sizes.variable[i] * sizes.residual[i];
        }
        let mean = geometric_mean(volumes);
        for (volume, inverse) in volumes.iter_mut().zip(inverse) {
            let relative = *volume / mean;
            *volume = mean * relative / most(least(relative, 100.0), 0.01);
            *inverse = 1.0 / *volume;
        }
    }

    /// Counts pairs and sides once everything is set.
    pub fn count(&mut self) {
        self.pairs = self.low.present.iter().sum::<f64>() + self.high.index.len() as f64;
        for (side, &dual) in self.side.iter_mut().zip(&self.dual) {
            *side = if dual { 1.0 } else { 0.0 };
        }
        self.separate = self.dual.iter().any(|&dual| dual != self.dual[0]);
        for (&i, &multiplier) in self.high.index.iter().zip(&self.high.multiplier) {
            self.upper[i as usize] = multiplier;
        }
    }

    /// Follows the predictor's step; the gap that it would leave, in units of sx sF.
    ///
    /// With `r` the relative change of a distance and `g` the pair's part of the gap, lengths `a` of the distance and `b` of
    /// the multiplier, which changes by `-(1 + r)` of itself, leave `g (1 + a r) (1 - b (1 + r))`.
    #[inline(always)]
    pub fn predict(&mut self, step: &[f64]) -> f64 {
        let low = &mut self.low;
        let steps = blocks(step);
        let n = steps.len();
        let (present, distance) = (&blocks(&low.present)[..n], &blocks(&low.distance)[..n]);
        let (inverse, multiplier) = (&blocks(&low.inverse)[..n], &blocks(&low.multiplier)[..n]);
        let change = &mut blocks_mut(&mut low.change)[..n];
        let (side, volume) = (&blocks(&self.side)[..n], &blocks(&self.inverse_volume)[..n]);
        // the steepest relative descents
        let (mut primal, mut dual) = ([0.0; LANES], [0.0; LANES]);
        // the gap, what the primal length changes in it, and what both lengths do
        let (mut gap, mut first, mut second) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for b in 0..n {
            for k in 0..LANES {
                let relative = present[b][k] * steps[b][k] * inverse[b][k];
                let shrinks = 1.0 + relative;
                change[b][k] = -multiplier[b][k] * shrinks;
                let values = side[b][k] > 0.5;
                let (of_primal, of_dual) = if values {
                    (shrinks, -relative)
                } else {
                    (-relative, shrinks)
                };
                primal[k] = most(primal[k], of_primal);
                dual[k] = most(dual[k], of_dual);
                let own = multiplier[b][k] * distance[b][k] * volume[b][k];
                gap[k] += own;
                first[k] -= own * of_primal;
                second[k] -= own * relative * shrinks;
            }
        }
        let (mut primal, mut dual) = (largest(primal), largest(dual));
        let (mut gap, mut first, mut second) = (sum(gap), sum(first), sum(second));
        let high = &mut self.high;
        for (k, &i) in high.index.iter().enumerate() {
            let i = i as usize;
            let relative = -step[i] * high.inverse[k];
            let shrinks = 1.0 + relative;
            high.change[k] = -high.multiplier[k] * shrinks;
            let (of_primal, of_dual) = if self.dual[i] {
                (shrinks, -relative)
            } else {
                (-relative, shrinks)
            };
            primal = most(primal, of_primal);
            dual = most(dual, of_dual);
            let own = high.multiplier[k] * high.distance[k] * self.inverse_volume[i];
            gap += own;
            first -= own * of_primal;
            second -= own * relative * shrinks;
        }
        let lengths = self.lengths(primal, dual);
        // the two parts of first order add up to less the gap
        let left = gap * (1.0 - lengths.dual)
            + first * (lengths.primal - lengths.dual)
            + second * lengths.primal * lengths.dual;
        left / self.pairs.max(1.0)
    }

    /// Step lengths from the steepest relative descents.
    #[inline(always)]
    fn lengths(&self, primal: f64, dual: f64) -> Lengths {
        let lengths = Lengths {
            primal: if primal > 1.0 { 1.0 / primal } else { 1.0 },
            dual: if dual > 1.0 { 1.0 / dual } else { 1.0 },
        };
        if self.separate {
            lengths
        } else {
            lengths.common()
        }
    }

    /// The multipliers' change that goes with a step, and how far it can be taken.
    #[inline(always)]
    pub fn follow(&mut self, step: &[f64]) -> Lengths {
        let low = &mut self.low;
        let steps = blocks(step);
        let n = steps.len();
        let (present, distance) = (&blocks(&low.present)[..n], &blocks(&low.distance)[..n]);
        let (inverse, multiplier) = (&blocks(&low.inverse)[..n], &blocks(&low.multiplier)[..n]);
        let (target, change) = (
            &blocks(&low.target)[..n],
            &mut blocks_mut(&mut low.change)[..n],
        );
        let side = &blocks(&self.side)[..n];
        // the steepest relative descents
        let (mut primal, mut dual) = ([0.0; LANES], [0.0; LANES]);
        for b in 0..n {
            for k in 0..LANES {
                let moved = present[b][k] * steps[b][k];
                let reached = distance[b][k] + moved;
                let changed = (target[b][k] - multiplier[b][k] * reached) * inverse[b][k];
                change[b][k] = changed;
                let of_distance = -moved * inverse[b][k];
                // where there is no bound both are zero; adding the least number keeps the quotient zero
                let of_multiplier = -changed / (multiplier[b][k] + f64::MIN_POSITIVE);
                let values = side[b][k] > 0.5;
                primal[k] = most(primal[k], if values { of_multiplier } else { of_distance });
                dual[k] = most(dual[k], if values { of_distance } else { of_multiplier });
            }
        }
        let (mut primal, mut dual) = (largest(primal), largest(dual));
        let high = &mut self.high;
        for (k, &i) in high.index.iter().enumerate() {
            let i = i as usize;
            let moved = -step[i];
            let reached = high.distance[k] + moved;
            high.change[k] = (high.target[k] - high.multiplier[k] * reached) * high.inverse[k];
            let of_distance = -moved * high.inverse[k];
            let of_multiplier = -high.change[k] / high.multiplier[k];
            let values = self.dual[i];
            primal = most(primal, if values { of_multiplier } else { of_distance });
            dual = most(dual, if values { of_distance } else { of_multiplier });
        }
        self.lengths(primal, dual)
    }

    /// Aims at the centre with the second-order term of the predictor; writes the right-hand side.
    #[inline(always)]
    pub fn aim(&mut self, centre: f64, step: &[f64], rhs: &mut [f64]) {
        let low = &mut self.low;
        let steps = blocks(step);
        let n = steps.len();
        let (present, inverse) = (&blocks(&low.present)[..n], &blocks(&low.inverse)[..n]);
        let (change, target) = (
            &blocks(&low.change)[..n],
            &mut blocks_mut(&mut low.target)[..n],
        );
        let (f, volume) = (&blocks(&self.f)[..n], &blocks(&self.volume)[..n]);
        let to = &mut blocks_mut(rhs)[..n];
        for b in 0..n {
            for k in 0..LANES {
                let second = steps[b][k] * change[b][k];
                target[b][k] = present[b][k] * (centre * volume[b][k] - second);
                to[b][k] = target[b][k] * inverse[b][k] - f[b][k];
            }
        }
        let high = &mut self.high;
        for (k, &i) in high.index.iter().enumerate() {
            let i = i as usize;
            high.target[k] = centre * self.volume[i] + step[i] * high.change[k];
            rhs[i] -= high.target[k] * high.inverse[k];
        }
    }

    /// Aims again, at products between a tenth and ten times the centre after a step of this reach.
    #[inline(always)]
    pub fn aim_again(&mut self, centre: f64, reach: f64, step: &[f64], rhs: &mut [f64]) {
        let low = &mut self.low;
        // all of the targets is written here, and of the changes where the step is followed
        std::mem::swap(&mut low.change, &mut low.saved_change);
        std::mem::swap(&mut low.target, &mut low.saved_target);
        let steps = blocks(step);
        let n = steps.len();
        let (present, distance) = (&blocks(&low.present)[..n], &blocks(&low.distance)[..n]);
        let (inverse, multiplier) = (&blocks(&low.inverse)[..n], &blocks(&low.multiplier)[..n]);
        let (change, before, target) = (
            &blocks(&low.saved_change)[..n],
            &blocks(&low.saved_target)[..n],
            &mut blocks_mut(&mut low.target)[..n],
        );
        let (f, volume) = (&blocks(&self.f)[..n], &blocks(&self.volume)[..n]);
        let to = &mut blocks_mut(rhs)[..n];
        for b in 0..n {
            for k in 0..LANES {
                let product = (distance[b][k] + reach * present[b][k] * steps[b][k])
                    * (multiplier[b][k] + reach * change[b][k]);
                target[b][k] =
                    before[b][k] + present[b][k] * correction(product, centre * volume[b][k]);
                to[b][k] = target[b][k] * inverse[b][k] - f[b][k];
            }
        }
        let high = &mut self.high;
        high.saved_change.copy_from_slice(&high.change);
        high.saved_target.copy_from_slice(&high.target);
        for (k, &i) in high.index.iter().enumerate() {
            let i = i as usize;
            let product = (high.distance[k] - reach * step[i])
                * (high.multiplier[k] + reach * high.change[k]);
            high.target[k] += correction(product, centre * self.volume[i]);
            rhs[i] -= high.target[k] * high.inverse[k];
        }
    }

    /// Takes back the last `aim_again`.
    pub fn undo_aim(&mut self) {
        std::mem::swap(&mut self.low.change, &mut self.low.saved_change);
        std::mem::swap(&mut self.low.target, &mut self.low.saved_target);
        std::mem::swap(&mut self.high.change, &mut self.high.saved_change);
        std::mem::swap(&mut self.high.target, &mut self.high.saved_target);
    }

    #[inline(always)]
    pub fn move_to(&self, lengths: Lengths, step: &[f64], to: &mut [f64]) {
        let to = blocks_mut(to);
        let n = to.len();
        let (z, side, step) = (
            &blocks(&self.z)[..n],
            &blocks(&self.side)[..n],
            &blocks(step)[..n],
        );
        let apart = lengths.dual - lengths.primal;
        for b in 0..n {
            for k in 0..LANES {
                to[b][k] = z[b][k] + (lengths.primal + side[b][k] * apart) * step[b][k];
            }
        }
    }

    #[inline(always)]
    pub fn advance(&mut self, lengths: Lengths, step: &[f64]) {
        let low = &mut self.low;
        let steps = blocks(step);
        let n = steps.len();
        let (present, change) = (&blocks(&low.present)[..n], &blocks(&low.change)[..n]);
        let distance = &mut blocks_mut(&mut low.distance)[..n];
        let multiplier = &mut blocks_mut(&mut low.multiplier)[..n];
        let side = &blocks(&self.side)[..n];
        let apart = lengths.dual - lengths.primal;
        for b in 0..n {
            for k in 0..LANES {
                let own = lengths.primal + side[b][k] * apart;
                let other = lengths.dual - side[b][k] * apart;
                let away = distance[b][k] + own * present[b][k] * steps[b][k];
                distance[b][k] = most(away, f64::MIN_POSITIVE);
                let value = multiplier[b][k] + other * change[b][k];
                multiplier[b][k] = most(value, f64::MIN_POSITIVE) * present[b][k];
            }
        }
        let high = &mut self.high;
        for (k, &i) in high.index.iter().enumerate() {
            let i = i as usize;
            let (own, other) = lengths.of(self.dual[i]);
            high.distance[k] = most(high.distance[k] - own * step[i], f64::MIN_POSITIVE);
            high.multiplier[k] = most(
                high.multiplier[k] + other * high.change[k],
                f64::MIN_POSITIVE,
            );
            self.upper[i] = high.multiplier[k];
        }
    }

    /// The gap in units of sx sF, the largest scaled violation of `F - v + w = 0`, and how undecided the
    /// least decided pair is.
    #[inline(always)]
    pub fn measure(&mut self, f: &[f64], sizes: &Sizes) {
        let low = &self.low;
        let f = blocks(f);
        let n = f.len();
        let (present, distance) = (&blocks(&low.present)[..n], &blocks(&low.distance)[..n]);
        let (multiplier, upper) = (&blocks(&low.multiplier)[..n], &blocks(&self.upper)[..n]);
        let (hold, volume) = (&blocks(&self.hold)[..n], &blocks(&self.inverse_volume)[..n]);
        let by_variable = &blocks(&sizes.inverse_variable)[..n];
        let by_residual = &blocks(&sizes.inverse_residual)[..n];
        let mut undecided = [f64::INFINITY; LANES];
        let (mut worst, mut rotten, mut gap) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for b in 0..n {
            for k in 0..LANES {
                let left = f[b][k] - multiplier[b][k] + upper[b][k];
                let left = left.abs() * by_residual[b][k];
                let left = if hold[b][k] > 0.0 { 0.0 } else { left };
                worst[k] = most(worst[k], left);
                rotten[k] += left * 0.0;
                gap[k] += multiplier[b][k] * distance[b][k] * volume[b][k];
                let larger = most(
                    distance[b][k] * by_variable[b][k],
                    multiplier[b][k] * by_residual[b][k],
                );
                let larger = if present[b][k] > 0.0 {
                    larger
                } else {
                    f64::INFINITY
                };
                undecided[k] = least(undecided[k], larger);
            }
        }
        let mut undecided = smallest(undecided);
        let mut gap = sum(gap);
        let high = &self.high;
        for (k, &i) in high.index.iter().enumerate() {
            let i = i as usize;
            gap += high.multiplier[k] * high.distance[k] * self.inverse_volume[i];
            let larger = most(
                high.distance[k] * sizes.inverse_variable[i],
                high.multiplier[k] * sizes.inverse_residual[i],
            );
            undecided = least(undecided, larger);
        }
        self.gap = gap / self.pairs.max(1.0);
        self.undecided = undecided;
        // a violation that is not a number must not pass for none
        self.infeasibility = if sum(rotten) == 0.0 {
            largest(worst)
        } else {
            f64::INFINITY
        };
    }
}

/// How far a product should move to come between a tenth and ten times the centre, at most by ten times the
/// centre downwards.
#[inline(always)]
fn correction(product: f64, centre: f64) -> f64 {
    let wanted = product.max(0.1 * centre).min(10.0 * centre);
    (wanted - product).max(-10.0 * centre)
}
