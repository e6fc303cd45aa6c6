//! A fixed output under a floor and a contract for difference: the smallest producer under uncertainty.

use crate::stochastic::row::Row;
use crate::stochastic::{
    Moments, PATHS, PriceSource, Simulation, StochasticError, Summary, TimeGrid,
};
use crate::vectors::widest;
use pulp::Arch;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What makes a contract strip ill-posed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StripError {
    /// A term breaks its rule.
    #[error("contract strip: {name} is {value}, but it must be {rule}")]
    Term {
        /// The term's name.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The price source has more than the one price that a strip sells at.
    #[error("a contract strip sells one commodity, but the price source has {commodities}")]
    Commodities {
        /// How many the source has.
        commodities: usize,
    },
    /// The simulation failed.
    #[error(transparent)]
    Simulation(#[from] StochasticError),
}

/// Terms of a [`ContractStrip`]. Money is in the market's currency; a period is the time from one date of the
/// grid to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractStripTerms {
    /// Units sold each period.
    pub output: f64,
    /// Share of output sold under a floor.
    pub floor_share: f64,
    /// The floor, in currency per unit.
    pub floor: f64,
    /// Share of output sold under a two-sided contract for difference. What is in neither share sells at the price.
    pub fixed_share: f64,
    /// Strike of the contract for difference, in currency per unit.
    pub fixed_price: f64,
    /// Operating cost, in currency per unit.
    pub unit_cost: f64,
    /// Debt service each period, in currency.
    pub debt_service: f64,
    /// Cash at the start, in currency. It is not part of the net present value.
    pub opening_cash: f64,
    /// Discount rate, per year and effective.
    pub discount_rate: f64,
}

/// A producer with a fixed output, part of it under a floor and part under a contract for difference, who
/// defaults when its cash falls below zero and goes on selling all the same.
///
/// The cash flow of a period is output x (s max(P, F) + c K + (1 - s - c) P - unit cost) - debt service, at the
/// price P of the period's end; the net present value is the sum of (1 + r)^-t times it.
///
/// ```
/// use pricefloor::stochastic::{MeanReverting, MeanRevertingTerms, Simulation, TimeGrid};
/// use pricefloor::viability::{ContractStrip, ContractStripTerms};
///
/// let price = MeanReverting::new(MeanRevertingTerms {
///     spot: 90.0,
///     reversion: 0.6,
///     log_mean: 100f64.ln(),
///     volatility: 0.3,
/// })?;
/// let strip = ContractStrip::new(ContractStripTerms {
///     output: 1.0,
///     floor_share: 0.5,
///     floor: 85.0,
///     fixed_share: 0.5,
///     fixed_price: 100.0,
///     unit_cost: 86.0,
///     debt_service: 10.0,
///     opening_cash: 30.0,
///     discount_rate: 0.08,
/// })?;
/// let run = strip.simulate(&price, &TimeGrid::regular(12, 120)?, &Simulation::new(10_000, 1)?)?;
/// assert!((run.npv_moments().mean() - 531.87).abs() < 3.0 * run.npv_moments().standard_error());
/// assert!((run.default_probability() - 0.448).abs() < 0.02);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ContractStripTerms", into = "ContractStripTerms")]
pub struct ContractStrip {
    terms: ContractStripTerms,
}

impl ContractStrip {
    /// A strip with these terms.
    ///
    /// # Errors
    /// [`StripError::Term`] unless the shares are in [0, 1] with a sum of at most 1, output, floor, strike, cost,
    /// debt service and opening cash are not negative, the discount rate is above -1 and all are finite.
    pub fn new(terms: ContractStripTerms) -> Result<Self, StripError> {
        const POSITIVE: &str = "zero or positive and finite";
        for (name, value) in [
            ("output", terms.output),
            ("floor", terms.floor),
            ("fixed_price", terms.fixed_price),
            ("unit_cost", terms.unit_cost),
            ("debt_service", terms.debt_service),
            ("opening_cash", terms.opening_cash),
        ] {
            require(value.is_finite() && value >= 0.0, name, value, POSITIVE)?;
        }
        for (name, share) in [
            ("floor_share", terms.floor_share),
            ("fixed_share", terms.fixed_share),
        ] {
            require((0.0..=1.0).contains(&share), name, share, "between 0 and 1")?;
        }
        let both = terms.floor_share + terms.fixed_share;
        require(
            both <= 1.0,
            "floor_share plus fixed_share",
            both,
            "at most 1",
        )?;
        let rate = terms.discount_rate;
        require(
            rate.is_finite() && rate > -1.0,
            "discount_rate",
            rate,
            "above -1 and finite",
        )?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> ContractStripTerms {
        self.terms
    }

    /// Simulates the strip: a period ends at each time of the grid.
    ///
    /// # Errors
    /// [`StripError::Commodities`] where the source has more than one price, [`StripError::Simulation`] where it
    /// cannot be sampled or where the terms are so large that a value leaves the range of a float.
    pub fn simulate(
        &self,
        source: &dyn PriceSource,
        grid: &TimeGrid,
        simulation: &Simulation,
    ) -> Result<StripRun, StripError> {
        self.simulate_on(widest(), source, grid, simulation)
    }

    fn simulate_on(
        &self,
        arch: Arch,
        source: &dyn PriceSource,
        grid: &TimeGrid,
        simulation: &Simulation,
    ) -> Result<StripRun, StripError> {
        let commodities = source.commodities();
        if commodities != 1 {
            return Err(StripError::Commodities { commodities });
        }
        let kernel = Kernel::new(&self.terms, grid);
        let blocks = simulation.run(
            source,
            grid,
            || (),
            |(), block| {
                let mut paths = arch.dispatch(Paths {
                    kernel: &kernel,
                    rows: block.rows(),
                });
                paths.live = block.live();
                paths
            },
        )?;
        let mut run = RawRun {
            simulation: *simulation,
            npv: Vec::with_capacity(simulation.paths()),
            defaulted: Vec::with_capacity(simulation.paths()),
        };
        for block in &blocks {
            run.npv.extend_from_slice(&block.npv.0[..block.live]);
            let signs = &block.defaulted.0[..block.live];
            run.defaulted
                .extend(signs.iter().map(|bits| bits >> 63 == 1));
        }
        StripRun::try_from(run)
    }
}

/// What a simulated [`ContractStrip`] comes to, path by path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawRun", into = "RawRun")]
pub struct StripRun {
    npv: Vec<f64>,
    defaulted: Vec<bool>,
    npv_moments: Moments,
    default_moments: Moments,
    simulation: Simulation,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRun {
    simulation: Simulation,
    npv: Vec<f64>,
    defaulted: Vec<bool>,
}

impl StripRun {
    /// Net present value of each path, in currency.
    pub fn npv(&self) -> &[f64] {
        &self.npv
    }

    /// Mean and standard error of the net present value: see [`Simulation::moments`].
    pub fn npv_moments(&self) -> Moments {
        self.npv_moments
    }

    /// The net present values with their quantiles and tails, each path counted as independent.
    ///
    /// # Errors
    /// None: a run has at least one path, and all its values are finite.
    pub fn npv_summary(&self) -> Result<Summary, StochasticError> {
        Summary::of(&self.npv)
    }

    /// Whether cash fell below zero at the end of some period, for each path.
    pub fn defaulted(&self) -> &[bool] {
        &self.defaulted
    }

    /// Share of paths whose cash fell below zero at the end of some period.
    pub fn default_probability(&self) -> f64 {
        self.default_moments.mean()
    }

    /// Standard error of the default probability.
    pub fn default_standard_error(&self) -> f64 {
        self.default_moments.standard_error()
    }
}

/// The terms as the inner loop wants them: cash flow = floored max(P, floor) + spot P + fixed.
struct Kernel {
    floor: f64,
    floored: f64,
    spot: f64,
    fixed: f64,
    opening_cash: f64,
    discount: Vec<f64>,
}

impl Kernel {
    fn new(terms: &ContractStripTerms, grid: &TimeGrid) -> Self {
        let ContractStripTerms {
            output,
            floor_share,
            fixed_share,
            fixed_price,
            unit_cost,
            ..
        } = *terms;
        Self {
            floor: terms.floor,
            floored: output * floor_share,
            spot: output * (1.0 - floor_share - fixed_share),
            fixed: output * (fixed_share * fixed_price - unit_cost) - terms.debt_service,
            // Adding zero turns a negative zero, which would count as a default, into a positive one.
            opening_cash: terms.opening_cash + 0.0,
            discount: grid
                .times()
                .iter()
                .map(|time| (1.0 + terms.discount_rate).powf(-time))
                .collect(),
        }
    }
}

struct Paths<'a> {
    kernel: &'a Kernel,
    rows: &'a [[f64; PATHS]],
}

struct BlockOutcome {
    npv: Row<f64>,
    /// Sign bit set where cash was below zero at the end of some period.
    defaulted: Row<u64>,
    live: usize,
}

impl pulp::WithSimd for Paths<'_> {
    type Output = BlockOutcome;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> BlockOutcome {
        let Kernel {
            floor,
            floored,
            spot,
            fixed,
            opening_cash,
            ref discount,
        } = *self.kernel;
        let mut npv = Row([0.0; PATHS]);
        let mut cash = Row([opening_cash; PATHS]);
        let mut defaulted = Row([0_u64; PATHS]);
        for (row, &factor) in self.rows.iter().zip(discount) {
            for (path, &price) in row.iter().enumerate() {
                let above = if price > floor { price } else { floor };
                let flow = (floored * above + spot * price) + fixed;
                npv.0[path] += factor * flow;
                cash.0[path] += flow;
                defaulted.0[path] |= cash.0[path].to_bits();
            }
        }
        BlockOutcome {
            npv,
            defaulted,
            live: PATHS,
        }
    }
}

fn require(
    holds: bool,
    name: &'static str,
    value: f64,
    rule: &'static str,
) -> Result<(), StripError> {
    if holds {
        Ok(())
    } else {
        Err(StripError::Term { name, value, rule })
    }
}

impl TryFrom<ContractStripTerms> for ContractStrip {
    type Error = StripError;

    fn try_from(terms: ContractStripTerms) -> Result<Self, StripError> {
        Self::new(terms)
    }
}

impl From<ContractStrip> for ContractStripTerms {
    fn from(strip: ContractStrip) -> Self {
        strip.terms
    }
}

impl TryFrom<RawRun> for StripRun {
    type Error = StripError;

    fn try_from(raw: RawRun) -> Result<Self, StripError> {
        let RawRun {
            simulation,
            npv,
            defaulted,
        } = raw;
        for (name, found) in [("npv", npv.len()), ("defaulted", defaulted.len())] {
            require(
                found == simulation.paths(),
                name,
                found as f64,
                "one value a path",
            )?;
        }
        if let Some((index, &value)) = npv.iter().enumerate().find(|(_, value)| !value.is_finite())
        {
            return Err(StochasticError::NotFinite { index, value }.into());
        }
        let flags: Vec<f64> = defaulted
            .iter()
            .map(|&flag| f64::from(u8::from(flag)))
            .collect();
        Ok(Self {
            npv_moments: simulation.moments(&npv)?,
            default_moments: simulation.moments(&flags)?,
            npv,
            defaulted,
            simulation,
        })
    }
}

impl From<StripRun> for RawRun {
    fn from(run: StripRun) -> Self {
        Self {
            simulation: run.simulation,
            npv: run.npv,
            defaulted: run.defaulted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stochastic::{MeanReverting, MeanRevertingTerms, tests::OnArch};

    const MONTHS: usize = 120;

    fn question() -> (ContractStrip, MeanReverting, TimeGrid) {
        let strip = ContractStrip::new(ContractStripTerms {
            output: 1.0,
            floor_share: 0.5,
            floor: 85.0,
            fixed_share: 0.5,
            fixed_price: 100.0,
            unit_cost: 86.0,
            debt_service: 10.0,
            opening_cash: 30.0,
            discount_rate: 0.08,
        });
        let price = MeanReverting::new(MeanRevertingTerms {
            spot: 90.0,
            reversion: 0.6,
            log_mean: 100f64.ln(),
            volatility: 0.3,
        });
        let grid = TimeGrid::regular(12, MONTHS);
        (strip.unwrap(), price.unwrap(), grid.unwrap())
    }

    #[test]
    fn vectors_of_any_width_give_the_same_bits() {
        let (strip, price, grid) = question();
        let simulation = Simulation::new(1000, 4).unwrap();
        let on = |arch| {
            strip
                .simulate_on(arch, &OnArch { price, arch }, &grid, &simulation)
                .unwrap()
        };
        assert_eq!(on(Arch::new()), on(Arch::Scalar));
    }
}
