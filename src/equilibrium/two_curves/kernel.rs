//! The root of one block of markets, every market a lane of a wide vector.

use pulp::Arch;

use super::FloorBy;
use crate::stochastic::exp2;

/// Markets in a block.
pub(super) const WIDTH: usize = 32;

/// Steps of a block before its slowest market counts as not solved.
const STEPS: usize = 60;
/// A step this small was the last: the next, of third order, would be lost in rounding.
const STEP: f64 = 1e-7;
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

    pub(super) fn solve(&self, block: Block) -> Solved {
        self.arch.dispatch(Run {
            kernel: self,
            block: &block,
        })
    }
}

struct Run<'a> {
    kernel: &'a Kernel,
    block: &'a Block,
}

impl pulp::WithSimd for Run<'_> {
    type Output = Solved;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Solved {
        let Kernel { base, contract, .. } = *self.kernel;
        let b = self.block;
        // x is the logarithm of price over base to base two; supply, its elasticity and imports as they respond
        let mut x = [0.0; WIDTH];
        let mut supply = b.supply;
        let mut rise = b.supply_elasticity;
        let mut imports = b.imports;
        let mut excess_at_floor = [0.0; WIDTH];
        for i in 0..WIDTH {
            let landed = b.import_price[i] + b.tariff[i];
            // a floor too low to matter is one that can be raised to a power
            let floor = most(b.floor[i], base * LOWEST);
            let at_floor = log2(floor / base);
            let offered = b.supply[i] * power(b.supply_elasticity[i] * at_floor);
            let wanted = b.demand[i] * power(b.demand_elasticity[i] * at_floor);
            let excess = offered + b.imports[i] * most(floor - landed, 0.0) - wanted;
            excess_at_floor[i] = excess;
            let insulated = contract & (excess > 0.0);
            supply[i] = if insulated { offered } else { b.supply[i] };
            rise[i] = if insulated {
                0.0
            } else {
                b.supply_elasticity[i]
            };
            // without imports the price is known
            let alone = log2(b.demand[i] / supply[i]) / (rise[i] - b.demand_elasticity[i]);
            let comes = base * power(alone) > landed;
            imports[i] = if comes { b.imports[i] } else { 0.0 };
            x[i] = alone;
        }
        let mut largest = f64::INFINITY;
        let mut step = 0;
        while largest > STEP && step < STEPS {
            let mut steps = [0.0; WIDTH];
            for i in 0..WIDTH {
                let fall = -b.demand_elasticity[i];
                let landed = b.import_price[i] + b.tariff[i];
                // h = supply 2^((rise + fall) x) + imports (base 2^x - landed) 2^(fall x) - demand, and its derivatives
                let up = power(fall * x[i]);
                let offered = supply[i] * power(rise[i] * x[i]) * up;
                let priced = imports[i] * (base * power(x[i])) * up;
                let less = imports[i] * landed * up;
                let both = rise[i] + fall;
                let h = offered + (priced - less) - b.demand[i];
                let first = both * offered + ((1.0 + fall) * priced - fall * less);
                let second = both * both * offered
                    + ((1.0 + fall) * (1.0 + fall) * priced - fall * fall * less);
                // derivatives are in natural units, steps in powers of two
                let newton = h / first;
                let halley = newton / most(1.0 - 0.5 * newton * (second / first), 0.5);
                let moved = halley * LOG2_E;
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
            let floor = b.floor[i];
            let landed = b.import_price[i] + b.tariff[i];
            let binds = excess_at_floor[i] > 0.0;
            let bought = !contract & binds;
            let free = base * power(x[i]);
            let price = if bought { floor } else { free };
            // the certificate looks at the market afresh, from its numbers and the price
            let sellers = if contract { most(price, floor) } else { price };
            let (y, z) = (log2(price / base), log2(sellers / base));
            let offered = b.supply[i] * power(b.supply_elasticity[i] * z);
            let wanted = b.demand[i] * power(b.demand_elasticity[i] * y);
            let excess = offered + b.imports[i] * most(price - landed, 0.0) - wanted;
            let purchases = if bought { most(excess, 0.0) } else { 0.0 };
            let below = if contract {
                0.0
            } else {
                most(floor - price, 0.0) / price
            };
            let residual = most((excess - purchases).abs() / wanted, below);
            let reach = b.supply_elasticity[i] - b.demand_elasticity[i] + 1.0;
            let within = (x[i].abs() * reach < REACH) & (z.abs() * reach < REACH);
            solved.price[i] = price;
            solved.bought[i] = purchases;
            solved.residual[i] = if within { residual } else { f64::NAN };
        }
        solved
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
