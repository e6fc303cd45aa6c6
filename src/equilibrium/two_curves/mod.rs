//! Many markets of one supply and one demand curve each, a dozen nanoseconds apiece.

mod kernel;

use serde::{Deserialize, Serialize};

use super::error::{Reason, SolveError};
use kernel::{Block, Kernel, WIDTH};

/// What a floor does in a market of two curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FloorBy {
    /// Public purchases hold the market price at the floor, as
    /// [`SupportBuying`](crate::intervention::SupportBuying) without a limit.
    Buying,
    /// Home producers get the floor on all they sell and buyers pay the market price, as
    /// [`DeficiencyPayment`](crate::intervention::DeficiencyPayment).
    Contract,
}

/// A family of markets with one home supply, one home demand and imports at a price, to be solved by the million.
///
/// At the price `p` of a market, with `b` the base price,
///
/// `supply (p / b)^supply_elasticity + imports max(p - import_price - tariff, 0) = demand (p / b)^demand_elasticity`
///
/// where a floor that binds adds purchases on the right ([`FloorBy::Buying`]) or lifts the price in the supply alone
/// ([`FloorBy::Contract`]). A general market is a [`Market`](crate::market::Market); this is the path for sweeps and
/// sensitivity analyses over the smallest one.
///
/// Multiplied by `(p / b)^-demand_elasticity` the excess supply is convex and rising in the logarithm of the price, and
/// the solution without imports is a point above the root; third-order (Halley) steps from there arrive in about three.
/// Markets go in blocks through the widest vectors that the machine has, with the same bits on any width and any number
/// of threads.
///
/// ```
/// use pricefloor::equilibrium::{FloorBy, TwoCurves, TwoCurvesColumns};
/// let family = TwoCurves::new(100.0)?.with_floor(FloorBy::Buying);
/// let solved = family.solve(&TwoCurvesColumns {
///     supply: &[10.0, 10.0],
///     supply_elasticity: &[1.0, 1.0],
///     demand: &[10.0, 10.0],
///     demand_elasticity: &[-1.0, -1.0],
///     imports: &[0.0, 0.0],
///     import_price: &[90.0, 90.0],
///     tariff: &[0.0, 0.0],
///     floor: &[0.0, 110.0],
/// })?;
/// assert!((solved.prices()[0] - 100.0).abs() < 1e-10 && solved.prices()[1] == 110.0);
/// assert!((solved.bought()[1] - (11.0 - 100.0 / 11.0)).abs() < 1e-12);
/// # Ok::<(), pricefloor::equilibrium::SolveError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct TwoCurves {
    base_price: f64,
    floor: FloorBy,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    base_price: f64,
    floor: FloorBy,
}

impl TryFrom<Terms> for TwoCurves {
    type Error = SolveError;

    fn try_from(terms: Terms) -> Result<Self, SolveError> {
        Ok(Self::new(terms.base_price)?.with_floor(terms.floor))
    }
}

impl From<TwoCurves> for Terms {
    fn from(of: TwoCurves) -> Self {
        Self {
            base_price: of.base_price,
            floor: of.floor,
        }
    }
}

/// The numbers of many markets, one column a number, one row a market; all columns of one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoCurvesColumns<'a> {
    /// Quantity supplied at the base price, per year, above zero.
    pub supply: &'a [f64],
    /// Elasticity of supply, zero (a fixed supply) or more.
    pub supply_elasticity: &'a [f64],
    /// Quantity demanded at the base price, per year, above zero.
    pub demand: &'a [f64],
    /// Elasticity of demand, below zero.
    pub demand_elasticity: &'a [f64],
    /// Imports per unit of price above the landed price, quantity per year and money per unit, zero or more.
    pub imports: &'a [f64],
    /// Price abroad, landed before the tariff, money per unit.
    pub import_price: &'a [f64],
    /// Specific tariff, money per unit.
    pub tariff: &'a [f64],
    /// Floor, money per unit; zero for none.
    pub floor: &'a [f64],
}

impl<'a> TwoCurvesColumns<'a> {
    fn all(&self) -> [(&'static str, &'a [f64]); 8] {
        [
            ("supply", self.supply),
            ("supply elasticity", self.supply_elasticity),
            ("demand", self.demand),
            ("demand elasticity", self.demand_elasticity),
            ("imports", self.imports),
            ("import price", self.import_price),
            ("tariff", self.tariff),
            ("floor", self.floor),
        ]
    }

    /// Refuses columns of different lengths and numbers outside their ranges.
    fn check(&self) -> Result<(), SolveError> {
        let rows = self.supply.len();
        for (name, column) in self.all() {
            if column.len() != rows {
                return Err(SolveError::Column {
                    column: name,
                    rows: column.len(),
                    expected: rows,
                });
            }
        }
        let above = |v: f64| v > 0.0 && v < f64::INFINITY;
        let from = |v: f64| (0.0..f64::INFINITY).contains(&v);
        check(self.all()[0], above, "a finite number above zero")?;
        check(self.all()[1], from, "a finite number, zero or more")?;
        check(self.all()[2], above, "a finite number above zero")?;
        check(self.all()[3], |v| above(-v), "a finite number below zero")?;
        check(self.all()[4], from, "a finite number, zero or more")?;
        check(self.all()[5], f64::is_finite, "a finite number")?;
        check(self.all()[6], f64::is_finite, "a finite number")?;
        check(self.all()[7], from, "a finite number, zero or more")
    }
}

fn check(
    (name, column): (&'static str, &[f64]),
    holds: impl Fn(f64) -> bool,
    rule: &'static str,
) -> Result<(), SolveError> {
    // no early exit inside a piece, so that it runs on whole vectors
    for (k, piece) in column.chunks(WIDTH).enumerate() {
        if piece.iter().fold(true, |all, &v| all & holds(v)) {
            continue;
        }
        let bad = piece.iter().position(|&v| !holds(v)).unwrap_or(0);
        return Err(SolveError::Number {
            path: format!("market {}/{name}", k * WIDTH + bad),
            value: piece[bad],
            rule,
        });
    }
    Ok(())
}

/// What came of many markets of two curves, in the order of the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoCurvesBatch {
    prices: Vec<f64>,
    bought: Vec<f64>,
    residuals: Vec<f64>,
}

impl TwoCurvesBatch {
    /// Market price, money per unit.
    #[must_use]
    pub fn prices(&self) -> &[f64] {
        &self.prices
    }

    /// Public purchases, per year; zero under a contract floor.
    #[must_use]
    pub fn bought(&self) -> &[f64] {
        &self.bought
    }

    /// The certificate: excess supply left over, as a share of demand at the price. At most [`TwoCurves::TOLERANCE`].
    #[must_use]
    pub fn residuals(&self) -> &[f64] {
        &self.residuals
    }
}

impl TwoCurves {
    /// Largest scaled residual with which a market counts as solved.
    pub const TOLERANCE: f64 = 1e-11;

    /// Markets whose curves go through their quantities at this price, money per unit. A floor holds by public
    /// purchases unless said.
    ///
    /// # Errors
    /// [`SolveError::Number`] when the price is not above zero.
    pub fn new(base_price: f64) -> Result<Self, SolveError> {
        check(
            ("base price", &[base_price]),
            |v| v > 0.0 && v < f64::INFINITY,
            "a finite number above zero",
        )?;
        Ok(Self {
            base_price,
            floor: FloorBy::Buying,
        })
    }

    /// What floors do.
    #[must_use]
    pub fn with_floor(mut self, floor: FloorBy) -> Self {
        self.floor = floor;
        self
    }

    /// Solves every market, on all threads.
    ///
    /// # Errors
    /// [`SolveError::Column`] when the columns differ in length, [`SolveError::Number`] for a number outside its range,
    /// [`SolveError::Unsolved`] where a price lies beyond what double precision can raise to the given elasticities.
    /// All name the market by its row.
    pub fn solve(&self, columns: &TwoCurvesColumns<'_>) -> Result<TwoCurvesBatch, SolveError> {
        columns.check()?;
        let rows = columns.supply.len();
        let mut batch = TwoCurvesBatch {
            prices: vec![0.0; rows],
            bought: vec![0.0; rows],
            residuals: vec![0.0; rows],
        };
        let kernel = Kernel::new(self.base_price, self.floor);
        let blocks = |first: usize, (prices, (bought, residuals)): Out<'_>| {
            kernel.run(columns, first * PIECE, [prices, bought, residuals]);
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            batch
                .prices
                .par_chunks_mut(PIECE)
                .zip(
                    batch
                        .bought
                        .par_chunks_mut(PIECE)
                        .zip(batch.residuals.par_chunks_mut(PIECE)),
                )
                .enumerate()
                .for_each(|(first, out)| blocks(first, out));
        }
        #[cfg(not(feature = "parallel"))]
        batch
            .prices
            .chunks_mut(PIECE)
            .zip(
                batch
                    .bought
                    .chunks_mut(PIECE)
                    .zip(batch.residuals.chunks_mut(PIECE)),
            )
            .enumerate()
            .for_each(|(first, out)| blocks(first, out));
        let missed = |&residual: &f64| residual.is_nan() || residual > Self::TOLERANCE;
        match batch.residuals.iter().position(missed) {
            None => Ok(batch),
            Some(row) => Err(SolveError::Unsolved {
                reason: Reason::NoProgress,
                place: format!("market {row}"),
                residual: batch.residuals[row],
            }),
        }
    }
}

type Out<'a> = (&'a mut [f64], (&'a mut [f64], &'a mut [f64]));

/// Markets that one thread takes at a time.
const PIECE: usize = 64 * WIDTH;

impl Kernel {
    /// Solves the markets from row `first` on, as many as the outputs hold.
    fn run(&self, columns: &TwoCurvesColumns<'_>, first: usize, out: [&mut [f64]; 3]) {
        let [prices, bought, residuals] = out;
        for start in (0..prices.len()).step_by(WIDTH) {
            let rows = start..(start + WIDTH).min(prices.len());
            let mut block = Block::default();
            for (lane, (_, column)) in block.columns_mut().into_iter().zip(columns.all()) {
                lane[..rows.len()].copy_from_slice(&column[first + rows.start..first + rows.end]);
            }
            let solved = self.solve(block);
            prices[rows.clone()].copy_from_slice(&solved.price[..rows.len()]);
            bought[rows.clone()].copy_from_slice(&solved.bought[..rows.len()]);
            residuals[rows.clone()].copy_from_slice(&solved.residual[..rows.len()]);
        }
    }
}
