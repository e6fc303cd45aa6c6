//! The root of one block of markets, every market a lane of a wide vector.

use pulp::Arch;

use super::FloorBy;
use crate::stochastic::exp2;

/// Markets in a block.
pub(super) const WIDTH: usize = 32;

/// Steps of a block before its slowest market counts as not solved.
const STEPS: usize = 60;
/// A step this small was the last: the next, of third order, would be lost in rounding.
const STEP: f64 = 1e-5;
/// Largest magnitude of an exponent to base two.
const REACH: f64 = 1000.0;

type Lanes = [f64; WIDTH];

/// The numbers of a block's markets. Lanes that no market fills hold a market that is solved at once.
pub(super) struct Block {
    supply: Lanes,
    supply_elasticity: Lanes,
    demand: Lanes,
    demand_elasticity: Lanes,
    imports: Lanes,
    import_price: Lanes,
    tariff: Lanes,
    floor: Lanes,
}

impl Default for Block {
    fn default() -> Self {
        let (one, zero) = ([1.0; WIDTH], [0.0; WIDTH]);
        Self {
            supply: one,
            supply_elasticity: one,
            demand: one,
            demand_elasticity: [-1.0; WIDTH],
            imports: zero,
            import_price: zero,
            tariff: zero,
            floor: zero,
        }
    }
}

impl Block {
    pub(super) fn columns_mut(&mut self) -> [&mut Lanes; 8] {
        [
            &mut self.supply,
            &mut self.supply_elasticity,
            &mut self.demand,
            &mut self.demand_elasticity,
            &mut self.imports,
            &mut self.import_price,
            &mut self.tariff,
            &mut self.floor,
        ]
    }
}

/// The answers of a block.
pub(super) struct Solved {
    pub(super) price: Lanes,
    pub(super) bought: Lanes,
    pub(super) residual: Lanes,
}

/// What all markets share.
#[derive(Clone, Copy)]
pub(super) struct Kernel {
    arch: Arch,
    base: f64,
    contract: bool,
}

impl Kernel {
    pub(super) fn new(base: f64, floor: FloorBy) -> Self {
        Self {
            arch: Arch::new(),
            base,
            contract: floor == FloorBy::Contract,
        }
    }

    /// Runs a loop with the widest vectors that the processor has.
    pub(super) fn wide<R>(&self, work: impl FnOnce() -> R) -> R {
        self.arch.dispatch(work)
    }

    pub(super) fn solve(&self, block: &Block) -> Solved {
        let base = self.base;
        if self.contract {
            self.arch.dispatch(Run::<true> { base, block })
        } else {
            self.arch.dispatch(Run::<false> { base, block })
        }
    }
}

/// One block, with floors by contract or by buying.
struct Run<'a, const CONTRACT: bool> {
    base: f64,
    block: &'a Block,
}

impl<const CONTRACT: bool> pulp::WithSimd for Run<'_, CONTRACT> {
    type Output = Solved;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Solved {
        let Self { base, block: b } = self;
        // x is the logarithm of price over base to base two; supply, its elasticity and imports as they respond
        let mut at_floor = [0.0; WIDTH];
        let mut excess_at_floor = [0.0; WIDTH];
        let mut offered_at_floor = [0.0; WIDTH];
        for (level, &floor) in at_floor.iter_mut().zip(&b.floor) {
            // a floor too low to matter is one that can be raised to a power
            *level = log2(most(floor, base * LOWEST) / base);
        }
        for i in 0..WIDTH {
            let landed = b.import_price[i] + b.tariff[i];
            let offered = b.supply[i] * power(b.supply_elasticity[i] * at_floor[i]);
            let wanted = b.demand[i] * power(b.demand_elasticity[i] * at_floor[i]);
            offered_at_floor[i] = offered;
            excess_at_floor[i] = offered + b.imports[i] * most(b.floor[i] - landed, 0.0) - wanted;
        }
        let mut supply = b.supply;
        let mut rise = b.supply_elasticity;
        if CONTRACT {
            for i in 0..WIDTH {
                let insulated = excess_at_floor[i] > 0.0;
                supply[i] = if insulated {
                    offered_at_floor[i]
                } else {
                    b.supply[i]
                };
                rise[i] = if insulated {
                    0.0
                } else {
                    b.supply_elasticity[i]
                };
            }
        }
        let mut x = [0.0; WIDTH];
        // without imports the price is known
        for i in 0..WIDTH {
            x[i] = log2(b.demand[i] / supply[i]) / (rise[i] - b.demand_elasticity[i]);
        }
        let mut imports = [0.0; WIDTH];
        for i in 0..WIDTH {
            let fall = -b.demand_elasticity[i];
            let landed = b.import_price[i] + b.tariff[i];
            let alone = base * power(x[i]);
            imports[i] = if alone > landed { b.imports[i] } else { 0.0 };
            // there supply is demand, and what is left over is imports
            let up = power(fall * x[i]);
            let at = Terms {
                fall,
                both: rise[i] + fall,
                offered: b.demand[i],
                priced: imports[i] * alone * up,
                less: imports[i] * landed * up,
                wanted: b.demand[i],
            };
            x[i] -= at.step();
        }
        let mut largest = f64::INFINITY;
        let mut step = 0;
        while largest > STEP && step < STEPS {
            let (mut up, mut out, mut level) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
            for i in 0..WIDTH {
                up[i] = power(-b.demand_elasticity[i] * x[i]);
                out[i] = power(rise[i] * x[i]);
                level[i] = power(x[i]);
            }
            let mut steps = [0.0; WIDTH];
            for i in 0..WIDTH {
                let fall = -b.demand_elasticity[i];
                let landed = b.import_price[i] + b.tariff[i];
                let at = Terms {
                    fall,
                    both: rise[i] + fall,
                    offered: supply[i] * out[i] * up[i],
                    priced: imports[i] * (base * level[i]) * up[i],
                    less: imports[i] * landed * up[i],
                    wanted: b.demand[i],
                };
                let moved = at.step();
                x[i] -= moved;
                steps[i] = moved.abs() / most(x[i].abs(), 1.0);
            }
            largest = steps.into_iter().fold(0.0, most);
            step += 1;
        }
        let mut solved = Solved {
            price: [0.0; WIDTH],
            bought: [0.0; WIDTH],
            residual: [0.0; WIDTH],
        };
        for i in 0..WIDTH {
            let binds = excess_at_floor[i] > 0.0;
            solved.price[i] = if !CONTRACT & binds {
                b.floor[i]
            } else {
                base * power(x[i])
            };
        }
        for i in 0..WIDTH {
            let price = solved.price[i];
            let floor = b.floor[i];
            let landed = b.import_price[i] + b.tariff[i];
            let bought = !CONTRACT & (excess_at_floor[i] > 0.0);
            // the certificate looks at the market afresh, from its own numbers at the price
            let y = if bought { at_floor[i] } else { x[i] };
            let z = if CONTRACT { most(y, at_floor[i]) } else { y };
            let offered = b.supply[i] * power(b.supply_elasticity[i] * z);
            let wanted = b.demand[i] * power(b.demand_elasticity[i] * y);
            let excess = offered + b.imports[i] * most(price - landed, 0.0) - wanted;
            let purchases = if bought { most(excess, 0.0) } else { 0.0 };
            let below = if CONTRACT {
                0.0
            } else {
                most(floor - price, 0.0) / price
            };
            let residual = most((excess - purchases).abs() / wanted, below);
            let reach = b.supply_elasticity[i] - b.demand_elasticity[i] + 1.0;
            let within = (x[i].abs() * reach < REACH) & (z.abs() * reach < REACH);
            solved.bought[i] = purchases;
            solved.residual[i] = if within { residual } else { f64::NAN };
        }
        solved
    }
}

/// h = supply 2^((rise + fall) x) + imports (base 2^x - landed) 2^(fall x) - demand at a point: excess supply, scaled.
#[derive(Clone, Copy)]
struct Terms {
    fall: f64,
    /// Sum of the elasticities.
    both: f64,
    offered: f64,
    /// Imports at the price, and less what the landed price keeps out.
    priced: f64,
    less: f64,
    wanted: f64,
}

impl Terms {
    /// What to take off x, by Halley's third-order step.
    #[inline(always)]
    fn step(self) -> f64 {
        let Self {
            fall,
            both,
            offered,
            priced,
            less,
            wanted,
        } = self;
        let h = offered + (priced - less) - wanted;
        let grows = (1.0 + fall) * priced;
        let falls = fall * less;
        let first = both * offered + (grows - falls);
        let second = both * both * offered + ((1.0 + fall) * grows - fall * falls);
        // h / first over 1 - h second / (2 first^2), the latter at least a half
        let (square, bend) = (first * first, 0.5 * h * second);
        h * first / most(square - bend, 0.5 * square) * LOG2_E
    }
}

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// Share of the base price below which a floor is none.
const LOWEST: f64 = 1e-90;

/// The larger of two numbers, in the form that vectorises.
#[inline(always)]
fn most(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// 2^x, held inside the range of [`exp2`]; what reaches its ends is refused afterwards.
#[inline(always)]
fn power(x: f64) -> f64 {
    let low = if x > -REACH { x } else { -REACH };
    exp2(if low < REACH { low } else { REACH })
}

/// Logarithm to base two of a normal number above zero, to two units in the last place or 1e-16.
///
/// x = 2^k m with m from sqrt(1/2) to sqrt(2); log2 m = 2 / ln 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1),
/// |s| <= 0.1716, whose eleventh term is below 1e-17. Plain additions and products only.
#[inline(always)]
fn log2(x: f64) -> f64 {
    /// Bits of the square root of one half.
    const HALF_ROOT: u64 = 0x3fe6_a09e_667f_3bcd;
    /// 1.5 * 2^52, whose low bits take an integer.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let bits = x.to_bits();
    let offset = bits.wrapping_sub(HALF_ROOT);
    let k = (offset.cast_signed()) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(offset & 0xfff0_0000_0000_0000));
    let whole = f64::from_bits(SHIFT.to_bits().wrapping_add(k.cast_unsigned())) - SHIFT;
    let s = (m - 1.0) / (m + 1.0);
    let t = s * s;
    let even = 1.0 / 3.0
        + t * t * (1.0 / 7.0 + t * t * (1.0 / 11.0 + t * t * (1.0 / 15.0 + t * t * (1.0 / 19.0))));
    let odd = 1.0 / 5.0 + t * t * (1.0 / 9.0 + t * t * (1.0 / 13.0 + t * t * (1.0 / 17.0)));
    let series = s + s * t * (even + t * odd);
    whole + series * (2.0 * LOG2_E)
}

#[cfg(test)]
mod tests {
    use super::log2;

    /// Against the standard library, over many powers of two and close to one.
    #[test]
    fn logarithm() {
        let mut x = 1e-200_f64;
        while x < 1e200 {
            let (found, known) = (log2(x), x.log2());
            assert!(
                (found - known).abs() <= 4e-16 * known.abs().max(1.0),
                "{x}: {found} and {known}"
            );
            x *= 1.000_7;
        }
        for i in 1..1000 {
            let x = 1.0 + f64::from(i) * 1e-9;
            assert!((log2(x) - x.ln() * std::f64::consts::LOG2_E).abs() < 1e-16);
        }
    }
}
