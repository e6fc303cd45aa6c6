//! Many markets of one supply and one demand curve each, solved in wide vectors.

mod kernel;

use std::ops::Range;

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
    fn all(&self) -> [(&'static str, &'a [f64], Rule); 8] {
        [
            ("supply", self.supply, Rule::Above),
            ("supply elasticity", self.supply_elasticity, Rule::From),
            ("demand", self.demand, Rule::Above),
            ("demand elasticity", self.demand_elasticity, Rule::Below),
            ("imports", self.imports, Rule::From),
            ("import price", self.import_price, Rule::Finite),
            ("tariff", self.tariff, Rule::Finite),
            ("floor", self.floor, Rule::From),
        ]
    }

    /// Refuses columns of different lengths; gives their length.
    fn rows(&self) -> Result<usize, SolveError> {
        let rows = self.supply.len();
        for (name, column, _) in self.all() {
            if column.len() != rows {
                return Err(SolveError::Column {
                    column: name,
                    rows: column.len(),
                    expected: rows,
                });
            }
        }
        Ok(rows)
    }

    /// Whether all numbers of some rows are in their ranges.
    #[inline(always)]
    fn in_range(&self, rows: Range<usize>) -> bool {
        let mut all = true;
        for (_, column, rule) in self.all() {
            all &= rule.all(&column[rows.clone()]);
        }
        all
    }

    /// The first number out of its range, in the order of the columns.
    fn out_of_range(&self) -> Option<SolveError> {
        self.all().into_iter().find_map(|(name, column, rule)| {
            let row = column.iter().position(|&value| !rule.all(&[value]))?;
            Some(SolveError::Number {
                path: format!("market {row}/{name}"),
                value: column[row],
                rule: rule.words(),
            })
        })
    }
}

/// What a column's numbers must be.
#[derive(Clone, Copy)]
enum Rule {
    Above,
    Below,
    From,
    Finite,
}

impl Rule {
    fn words(self) -> &'static str {
        match self {
            Self::Above => "a finite number above zero",
            Self::Below => "a finite number below zero",
            Self::From => "a finite number, zero or more",
            Self::Finite => "a finite number",
        }
    }

    /// Whether the rule holds for all; without an early exit, so that it runs on whole vectors.
    #[inline(always)]
    fn all(self, column: &[f64]) -> bool {
        const END: f64 = f64::INFINITY;
        let mut all = true;
        match self {
            Self::Above => column.iter().for_each(|&v| all &= (v > 0.0) & (v < END)),
            Self::Below => column.iter().for_each(|&v| all &= (v < 0.0) & (v > -END)),
            Self::From => column.iter().for_each(|v| all &= (0.0..END).contains(v)),
            Self::Finite => column.iter().for_each(|&v| all &= (v > -END) & (v < END)),
        }
        all
    }
}

/// What came of many markets of two curves, in the order of the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

    fn resize(&mut self, rows: usize) {
        for column in [&mut self.prices, &mut self.bought, &mut self.residuals] {
            column.resize(rows, 0.0);
        }
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
        if !Rule::Above.all(&[base_price]) {
            return Err(SolveError::Number {
                path: "base price".into(),
                value: base_price,
                rule: Rule::Above.words(),
            });
        }
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
        let mut batch = TwoCurvesBatch::default();
        self.solve_into(columns, &mut batch)?;
        Ok(batch)
    }

    /// Solves every market into a batch that is there already, without allocation once it was that long. The batch holds
    /// no answers after an error.
    ///
    /// # Errors
    /// As [`TwoCurves::solve`].
    pub fn solve_into(
        &self,
        columns: &TwoCurvesColumns<'_>,
        batch: &mut TwoCurvesBatch,
    ) -> Result<(), SolveError> {
        let solved = self.fill(columns, batch);
        if solved.is_err() {
            batch.resize(0);
        }
        solved
    }

    fn fill(
        &self,
        columns: &TwoCurvesColumns<'_>,
        batch: &mut TwoCurvesBatch,
    ) -> Result<(), SolveError> {
        let rows = columns.rows()?;
        batch.resize(rows);
        let kernel = Kernel::new(self.base_price, self.floor);
        // numbers are checked piece by piece, while they are in the cache
        let good = |first: usize, (prices, (bought, residuals)): Out<'_>| {
            kernel.run(columns, first * PIECE, [prices, bought, residuals])
        };
        #[cfg(feature = "parallel")]
        let all_good = {
            use rayon::prelude::*;
            let (bought, residuals) = (&mut batch.bought, &mut batch.residuals);
            batch
                .prices
                .par_chunks_mut(PIECE)
                .zip(
                    bought
                        .par_chunks_mut(PIECE)
                        .zip(residuals.par_chunks_mut(PIECE)),
                )
                .enumerate()
                .map(|(first, out)| good(first, out))
                .reduce(|| true, |a, b| a & b)
        };
        #[cfg(not(feature = "parallel"))]
        let all_good = batch
            .prices
            .chunks_mut(PIECE)
            .zip(
                batch
                    .bought
                    .chunks_mut(PIECE)
                    .zip(batch.residuals.chunks_mut(PIECE)),
            )
            .enumerate()
            .fold(true, |all, (first, out)| all & good(first, out));
        if all_good {
            return Ok(());
        }
        if let Some(error) = columns.out_of_range() {
            return Err(error);
        }
        match batch.residuals.iter().position(|&r| missed(r)) {
            None => Ok(()),
            Some(row) => Err(SolveError::Unsolved {
                reason: Reason::NoProgress,
                place: format!("market {row}"),
                residual: batch.residuals[row],
            }),
        }
    }
}

fn missed(residual: f64) -> bool {
    residual.is_nan() || residual > TwoCurves::TOLERANCE
}

type Out<'a> = (&'a mut [f64], (&'a mut [f64], &'a mut [f64]));

/// Markets that one thread takes at a time.
const PIECE: usize = 64 * WIDTH;

impl Kernel {
    /// Solves the markets from row `first` on, as many as the outputs hold; false where a number is outside its range or
    /// a market is not solved.
    fn run(&self, columns: &TwoCurvesColumns<'_>, first: usize, out: [&mut [f64]; 3]) -> bool {
        let [prices, bought, residuals] = out;
        if !self.wide(|| columns.in_range(first..first + prices.len())) {
            return false;
        }
        for start in (0..prices.len()).step_by(WIDTH) {
            let rows = start..(start + WIDTH).min(prices.len());
            let mut block = Block::default();
            for (lane, (_, column, _)) in block.columns_mut().into_iter().zip(columns.all()) {
                lane[..rows.len()].copy_from_slice(&column[first + rows.start..first + rows.end]);
            }
            let solved = self.solve(&block);
            prices[rows.clone()].copy_from_slice(&solved.price[..rows.len()]);
            bought[rows.clone()].copy_from_slice(&solved.bought[..rows.len()]);
            residuals[rows.clone()].copy_from_slice(&solved.residual[..rows.len()]);
        }
        residuals.iter().fold(true, |all, &r| all & !missed(r))
    }
}
