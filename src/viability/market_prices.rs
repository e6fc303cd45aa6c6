use super::ViabilityError;
use crate::assembly::{Node, Param};
use crate::equilibrium::{Compiled, SolveError, Workspace};
use crate::stochastic::{Draws, PATHS, PriceSource, Sampler, StochasticError, TimeGrid};

/// Something that moves numbers of a market: what a source draws multiplies them.
///
/// The source has one "price" for each path of numbers, a multiple that is 1 in normal times: a
/// [`MeanReverting`](crate::stochastic::MeanReverting) with spot 1 for demand, a
/// [`Basket`](crate::stochastic::Basket) where several shocks are correlated, an
/// [`Interruption`](crate::stochastic::Interruption) for access.
pub struct Shock {
    params: Vec<String>,
    source: Box<dyn PriceSource>,
}

impl Shock {
    /// A shock to the numbers at these paths (as [`Compiled::params`] lists them), one for each price of the source.
    pub fn new<P: Into<String>>(
        params: impl IntoIterator<Item = P>,
        source: impl PriceSource + 'static,
    ) -> Self {
        Self {
            params: params.into_iter().map(Into::into).collect(),
            source: Box::new(source),
        }
    }
}

/// Prices drawn from a market: shocks to demand, supply and access, each draw solved for the prices at which the market
/// clears, with the measures in force. So a floor that raises output also lowers the price that it is measured against,
/// which no price process of its own can show.
///
/// Each date of each path is an equilibrium of its own, at the numbers of that date. Different shocks are independent.
///
/// ```
/// use pricefloor::prelude::*;
/// use pricefloor::stochastic::{MeanReverting, MeanRevertingTerms, Simulation, TimeGrid};
/// use pricefloor::viability::{MarketPrices, Shock};
/// # let market = Market::builder("textbook", "USD").region("Home").commodity("oxide")
/// #     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
/// #     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
/// #     .build()?;
///
/// let demand = || MeanReverting::new(MeanRevertingTerms { spot: 1.0, reversion: 0.5, log_mean: 0.0, volatility: 0.1 });
/// let shocks = || -> Result<_, Box<dyn std::error::Error>> {
///     Ok(vec![Shock::new(["demand/Home/oxide/intercept"], demand()?)])
/// };
/// let floor = Policy::new().with("floor", ContractFloor::new(12.0).covering("mine"))?;
/// let free = MarketPrices::new(market.compile(&Policy::none())?, shocks()?, [("Home", "oxide")])?;
/// let floored = MarketPrices::new(market.compile(&floor)?, shocks()?, [("Home", "oxide")])?;
///
/// let (grid, simulation) = (TimeGrid::regular(4, 20)?, Simulation::new(64, 1)?);
/// let last = |source| simulation.per_path(source, &grid, |block, path| block.rows()[19][path]);
/// let (free, floored) = (last(&free)?, last(&floored)?);
/// assert!(free.iter().zip(&floored).all(|(free, floored)| floored <= free));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MarketPrices {
    compiled: Compiled,
    shocks: Vec<Bound>,
    nodes: Vec<Node>,
}

/// A shock with the numbers that it moves.
struct Bound {
    source: Box<dyn PriceSource>,
    params: Vec<(Param, f64)>,
}

impl MarketPrices {
    /// Prices at these (region, commodity) pairs, in their order, from a compiled market under shocks.
    ///
    /// # Errors
    /// [`ViabilityError::Market`] for an unknown number or node; [`ViabilityError::Commodities`] for a shock whose source
    /// does not have one price for each of its numbers; [`ViabilityError::ShockedTwice`] for a number that two shocks move.
    pub fn new<'a>(
        compiled: Compiled,
        shocks: impl IntoIterator<Item = Shock>,
        prices: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ViabilityError> {
        let workspace = compiled.workspace()?;
        let mut bound: Vec<Bound> = Vec::new();
        for shock in shocks {
            let (needed, found) = (shock.params.len(), shock.source.commodities());
            if needed != found {
                return Err(ViabilityError::Commodities { needed, found });
            }
            let mut params = Vec::with_capacity(needed);
            for path in shock.params {
                let param = compiled.param(&path)?;
                let before = bound.iter().flat_map(|b| &b.params).chain(&params);
                if before.into_iter().any(|&(other, _)| other == param) {
                    return Err(ViabilityError::ShockedTwice { path });
                }
                let base = workspace.get(param).unwrap_or(f64::NAN);
                params.push((param, base));
            }
            bound.push(Bound {
                source: shock.source,
                params,
            });
        }
        let nodes = prices
            .into_iter()
            .map(|(region, commodity)| compiled.node(region, commodity))
            .collect::<Result<_, SolveError>>()?;
        Ok(Self {
            compiled,
            shocks: bound,
            nodes,
        })
    }
}

impl PriceSource for MarketPrices {
    fn commodities(&self) -> usize {
        self.nodes.len()
    }

    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let failed = |error: SolveError| StochasticError::Source(Box::new(error));
        let mut shocks = Vec::with_capacity(self.shocks.len());
        for (place, shock) in self.shocks.iter().enumerate() {
            shocks.push(Drawn {
                sampler: shock.source.sampler(grid, draws.apart(place as u64))?,
                multiples: vec![0.0; grid.steps() * shock.params.len() * PATHS],
                params: &shock.params,
            });
        }
        Ok(Box::new(Solves {
            market: self,
            shocks,
            first: self.compiled.workspace().map_err(failed)?,
        }))
    }
}

struct Drawn<'a> {
    sampler: Box<dyn Sampler + 'a>,
    multiples: Vec<f64>,
    params: &'a [(Param, f64)],
}

struct Solves<'a> {
    market: &'a MarketPrices,
    shocks: Vec<Drawn<'a>>,
    first: Workspace,
}

impl Sampler for Solves<'_> {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        let width = self.market.nodes.len();
        let mut dates = 0;
        for shock in &mut self.shocks {
            shock.sampler.fill(block, &mut shock.multiples)?;
            dates = shock.multiples.len() / (shock.params.len().max(1) * PATHS);
        }
        if self.shocks.is_empty() {
            dates = out.len() / (width.max(1) * PATHS);
        }
        let expected = dates * width * PATHS;
        if out.len() != expected {
            return Err(StochasticError::BlockLength {
                expected,
                found: out.len(),
            });
        }
        // Each block starts from the same place, so that what it draws does not depend on the blocks before it.
        let mut workspace = self.first.clone();
        for date in 0..dates {
            for path in 0..PATHS {
                self.solve(&mut workspace, date, path)
                    .map_err(|error| StochasticError::Source(Box::new(error)))?;
                for (commodity, &node) in self.market.nodes.iter().enumerate() {
                    let price = workspace.price(node).unwrap_or(f64::NAN);
                    out[(date * width + commodity) * PATHS + path] = price;
                }
            }
        }
        Ok(())
    }
}

impl Solves<'_> {
    fn solve(&self, workspace: &mut Workspace, date: usize, path: usize) -> Result<(), SolveError> {
        for shock in &self.shocks {
            let width = shock.params.len();
            for (k, &(param, base)) in shock.params.iter().enumerate() {
                let multiple = shock.multiples[(date * width + k) * PATHS + path];
                workspace.set(param, base * multiple)?;
            }
        }
        self.market.compiled.solve_into(workspace).map(|_| ())
    }
}
