//! Price paths in parts, for any executor.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use numpy::{IntoPyArray, PyArray3, PyArrayMethods, PyReadonlyArray3};
use pricefloor::finance::Producer;
use pricefloor::stochastic::{
    Draws, PATHS, PriceSource, Sampler, Simulation, StochasticError, TimeGrid,
};
use pricefloor::viability as core;
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::attend::attentive;
use crate::compiled::Compiled;
use crate::plain::{Rebuilt, read};
use crate::raised::Raised;
use crate::record::Record;
use crate::viability::{process_of, source_of};

/// Blocks ``first`` and the following of a simulation, 64 paths each: an array of paths x times x commodities, in money per
/// unit. The paths of a block depend on the process, the simulation and the block's number alone.
#[pyfunction]
pub fn price_part<'py>(
    py: Python<'py>,
    process: &Bound<'py, PyAny>,
    times: &Bound<'py, PyAny>,
    simulation: PyRef<'py, Record>,
    first: usize,
    blocks: usize,
) -> Result<Bound<'py, PyArray3<f64>>, Raised> {
    let source = source_of(process)?;
    let grid = TimeGrid::new(read::<Vec<f64>>("times", times)?)?;
    let simulation: Simulation = simulation.take()?;
    let width = grid.steps() * source.commodities();
    let within = simulation
        .paths()
        .div_ceil(PATHS)
        .min(first.saturating_add(blocks));
    let numbers = first.min(within)..within;
    let drawn = attentive(py, |stop| {
        draw(source.as_ref(), &grid, simulation, numbers, stop)
    })??;
    let prices = drawn.concat();
    let shape = [
        prices.len().checked_div(width).unwrap_or(0),
        grid.steps(),
        source.commodities(),
    ];
    Ok(prices.into_pyarray(py).reshape(shape)?)
}

/// The prices of each block, path after path.
fn draw<'a>(
    source: &'a dyn PriceSource,
    grid: &'a TimeGrid,
    simulation: Simulation,
    numbers: Range<usize>,
    stop: &AtomicBool,
) -> Result<Vec<Vec<f64>>, StochasticError> {
    let width = grid.steps() * source.commodities();
    // a first sampler, so that an ill-posed question is reported once and early
    drop(source.sampler(grid, simulation.draws())?);
    let one = |slot: &mut Option<Box<dyn Sampler + 'a>>, number: usize| {
        if stop.load(Ordering::Relaxed) {
            return Err(StochasticError::Source("interrupted".into()));
        }
        let mut sampler = match slot.take() {
            Some(sampler) => sampler,
            None => source.sampler(grid, simulation.draws())?,
        };
        let mut prices = vec![0.0; width * PATHS];
        sampler.fill(number as u64, &mut prices)?;
        *slot = Some(sampler);
        let live = PATHS.min(simulation.paths() - number * PATHS);
        let by_path = |path: usize| prices.iter().skip(path).step_by(PATHS).copied();
        Ok((0..live).flat_map(by_path).collect::<Vec<f64>>())
    };
    numbers.into_par_iter().map_init(|| None, one).collect()
}

/// Dates, in years from the start, at which a study needs prices.
#[pyfunction]
pub fn study_times(study: PyRef<'_, Record>) -> Result<Vec<f64>, Raised> {
    let study: core::Study = study.take()?;
    let terms = study.terms();
    let Some(case) = terms.cases.first() else {
        return Ok(Vec::new());
    };
    let producer = Producer::new(&terms.project, &case.capital, &case.contracts)?;
    Ok(producer.grid()?.times().to_vec())
}

/// Prices that were drawn before.
pub struct DrawnPrices {
    /// Path after path, then time, then commodity.
    prices: Vec<f64>,
    commodities: usize,
    width: usize,
    paths: usize,
}

impl DrawnPrices {
    pub fn new(prices: &PyReadonlyArray3<'_, f64>, paths: usize) -> Result<Self, Raised> {
        let array = prices.as_array();
        let (found, steps, commodities) = array.dim();
        if found != paths {
            let message = format!("prices has {found} paths; the simulation has {paths}");
            return Err(Raised::new(
                "InputError",
                &message,
                Some("prices"),
                Some(found as f64),
            ));
        }
        Ok(Self {
            prices: array.iter().copied().collect(),
            commodities,
            width: steps * commodities,
            paths,
        })
    }
}

impl PriceSource for DrawnPrices {
    fn commodities(&self) -> usize {
        self.commodities
    }

    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        _: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let expected = grid.steps() * self.commodities * PATHS;
        let found = self.width * PATHS;
        if expected != found {
            return Err(StochasticError::BlockLength { expected, found });
        }
        Ok(Box::new(Replay(self)))
    }
}

struct Replay<'a>(&'a DrawnPrices);

impl Sampler for Replay<'_> {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let Replay(of) = self;
        let expected = of.width * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        let first = block as usize * PATHS;
        for (row, prices) in out.chunks_exact_mut(PATHS).enumerate() {
            for (place, price) in prices.iter_mut().enumerate() {
                // a block may be longer than the simulation: its last path again, which nobody counts
                let path = (first + place).min(of.paths - 1);
                *price = of.prices[path * of.width + row];
            }
        }
        Ok(())
    }
}

/// Prices drawn from a market: shocks to demand, supply and access, each draw solved for the prices at which the market
/// clears, with the measures in force.
///
/// ``shocks`` are pairs of paths, as ``compiled.params`` lists them, and a price process with one "price" for each: a
/// multiple of the number, 1 in normal times. ``prices`` are pairs of region and commodity. It stands wherever a price
/// process does.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct MarketPrices {
    compiled: Py<Compiled>,
    shocks: Vec<(Vec<String>, Py<Record>)>,
    prices: Vec<(String, String)>,
}

/// What a pickle holds.
type Parts = (
    Py<Compiled>,
    Vec<(Vec<String>, Py<Record>)>,
    Vec<(String, String)>,
);

impl MarketPrices {
    /// The source, of a system of its own.
    pub fn source(&self, py: Python<'_>) -> Result<core::MarketPrices, Raised> {
        let mut shocks = Vec::with_capacity(self.shocks.len());
        for (params, process) in &self.shocks {
            let source = process_of(process.get())?;
            shocks.push(core::Shock::new(params.clone(), Owned(Arc::from(source))));
        }
        let nodes = self.prices.iter().map(|(r, c)| (r.as_str(), c.as_str()));
        let system = self.compiled.get().again(py)?;
        Ok(core::MarketPrices::new(system, shocks, nodes)?)
    }
}

/// A boxed process as a process.
struct Owned(Arc<dyn PriceSource>);

impl PriceSource for Owned {
    fn commodities(&self) -> usize {
        self.0.commodities()
    }

    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        self.0.sampler(grid, draws)
    }
}

#[pymethods]
impl MarketPrices {
    #[new]
    #[pyo3(signature = (compiled, *, shocks, prices))]
    fn new(
        py: Python<'_>,
        compiled: Py<Compiled>,
        shocks: Vec<(Vec<String>, Py<Record>)>,
        prices: Vec<(String, String)>,
    ) -> Result<Self, Raised> {
        let made = Self {
            compiled,
            shocks,
            prices,
        };
        made.source(py)?;
        Ok(made)
    }

    fn __repr__(&self) -> String {
        let (shocks, prices) = (self.shocks.len(), self.prices.len());
        format!("MarketPrices({prices} prices under {shocks} shocks)")
    }

    #[staticmethod]
    fn _restore(
        py: Python<'_>,
        compiled: Py<Compiled>,
        shocks: Vec<(Vec<String>, Py<Record>)>,
        prices: Vec<(String, String)>,
    ) -> Result<Self, Raised> {
        Self::new(py, compiled, shocks, prices)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<'py, Parts>> {
        let rebuild = py.get_type::<Self>().getattr("_restore")?;
        let shocks = self.shocks.iter();
        let shocks = shocks.map(|(params, process)| (params.clone(), process.clone_ref(py)));
        let parts = (
            self.compiled.clone_ref(py),
            shocks.collect(),
            self.prices.clone(),
        );
        Ok((rebuild, parts))
    }
}
