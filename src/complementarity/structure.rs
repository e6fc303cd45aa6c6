//! The fixed sparsity of a Jacobian and the hints that make its factorisation cheap.

use serde::{Deserialize, Serialize};

use super::ComplementarityError;

/// What is known of the Jacobian's symmetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Symmetry {
    /// Nothing.
    #[default]
    General,
    /// With the rows multiplied by [`Problem::weights`](super::Problem::weights): couplings between unknowns
    /// of different [`Side`]s satisfy `J_ij = -J_ji`, those within a side `J_ij = J_ji`, and the symmetric
    /// part is positive semidefinite. What remains after the elimination is then symmetric, and positive
    /// definite once a barrier is added.
    Skew,
}

/// The two kinds of unknowns of a [`Symmetry::Skew`] problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    /// Quantities: levels of activities, purchases, capacities.
    Primal,
    /// Values: prices, multipliers.
    Dual,
}

/// The pattern of a square sparse matrix, by rows, with sorted columns.
///
/// ```
/// use pricefloor::complementarity::Structure;
/// // a price and an activity: the balance sees both, the marginal condition sees both
/// let structure = Structure::from_entries(2, [(0, 0), (0, 1), (1, 0), (1, 1)])?;
/// assert_eq!(structure.position(1, 0), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    row_starts: Vec<usize>,
    columns: Vec<usize>,
    stages: Vec<u8>,
    sides: Vec<Side>,
    symmetry: Symmetry,
}

impl Structure {
    /// A pattern from `row_starts` (one more entry than rows, from 0) and the sorted `columns` of each row.
    ///
    /// # Errors
    /// When the rows do not fit together, or a row's columns are not increasing or out of range.
    pub fn new(row_starts: Vec<usize>, columns: Vec<usize>) -> Result<Self, ComplementarityError> {
        let n = row_starts.len().saturating_sub(1);
        if row_starts.first() != Some(&0) || row_starts.last() != Some(&columns.len()) {
            return Err(ComplementarityError::RowStarts {
                first: row_starts.first().copied(),
                last: row_starts.last().copied(),
                entries: columns.len(),
            });
        }
        for (row, ends) in row_starts.windows(2).enumerate() {
            let (Some(&start), Some(&end)) = (ends.first(), ends.last()) else {
                continue;
            };
            let Some(of_row) = columns.get(start..end) else {
                return Err(ComplementarityError::RowOrder { row, start, end });
            };
            if let Some(pair) = of_row.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(ComplementarityError::ColumnOrder {
                    row,
                    before: pair[0],
                    after: pair[1],
                });
            }
            if let Some(&column) = of_row.last().filter(|&&column| column >= n) {
                return Err(ComplementarityError::ColumnRange {
                    row,
                    column,
                    dimension: n,
                });
            }
        }
        Ok(Self {
            row_starts,
            columns,
            stages: vec![0; n],
            sides: vec![Side::Dual; n],
            symmetry: Symmetry::General,
        })
    }

    /// A pattern of `dimension` rows from (row, column) pairs in any order; repeated pairs count once.
    ///
    /// # Errors
    /// When a row or a column is out of range.
    pub fn from_entries(
        dimension: usize,
        entries: impl IntoIterator<Item = (usize, usize)>,
    ) -> Result<Self, ComplementarityError> {
        let mut sorted: Vec<(usize, usize)> = entries.into_iter().collect();
        if let Some(&(row, column)) = sorted
            .iter()
            .find(|&&(row, column)| row >= dimension || column >= dimension)
        {
            return Err(ComplementarityError::ColumnRange {
                row,
                column: column.max(row),
                dimension,
            });
        }
        sorted.sort_unstable();
        sorted.dedup();
        let mut row_starts = vec![0; dimension + 1];
        for &(row, _) in &sorted {
            row_starts[row + 1] += 1;
        }
        for row in 0..dimension {
            row_starts[row + 1] += row_starts[row];
        }
        let columns = sorted.into_iter().map(|(_, column)| column).collect();
        Self::new(row_starts, columns)
    }

    /// Hints which unknowns can be eliminated before the factorisation, and in which order: stage 0 is kept,
    /// stage 1 goes first, then 2, and so on (at most 255). Within a stage the unknowns must not touch each
    /// other, once the earlier stages are gone, and each needs a positive diagonal there. A hint that does
    /// not hold is ignored for the unknown it fails on; it costs speed and never the answer.
    ///
    /// Unknowns of stage 1 become [`Side::Primal`], the others [`Side::Dual`]; change that with
    /// [`with_sides`](Self::with_sides) afterwards.
    ///
    /// # Errors
    /// When there is not exactly one stage per unknown.
    pub fn with_stages(mut self, stages: Vec<u8>) -> Result<Self, ComplementarityError> {
        self.check_length("stages", stages.len())?;
        self.sides = stages
            .iter()
            .map(|&stage| if stage == 1 { Side::Primal } else { Side::Dual })
            .collect();
        self.stages = stages;
        Ok(self)
    }

    /// States the kind of each unknown, which only [`Symmetry::Skew`] reads.
    ///
    /// # Errors
    /// When there is not exactly one side per unknown.
    pub fn with_sides(mut self, sides: Vec<Side>) -> Result<Self, ComplementarityError> {
        self.check_length("sides", sides.len())?;
        self.sides = sides;
        Ok(self)
    }

    /// States the symmetry of the Jacobian. It is trusted: a wrong [`Symmetry::Skew`] costs convergence, and
    /// shows as such, since the answer is judged by the residual alone.
    #[must_use]
    pub fn with_symmetry(mut self, symmetry: Symmetry) -> Self {
        self.symmetry = symmetry;
        self
    }

    fn check_length(&self, what: &'static str, found: usize) -> Result<(), ComplementarityError> {
        let expected = self.dimension();
        if found == expected {
            Ok(())
        } else {
            Err(ComplementarityError::Length {
                what,
                expected,
                found,
            })
        }
    }

    /// The number of rows and columns.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.stages.len()
    }

    /// The number of entries, which is the length of the Jacobian's values.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.columns.len()
    }

    /// Where each row's entries start; the last one is the number of entries.
    #[must_use]
    pub fn row_starts(&self) -> &[usize] {
        &self.row_starts
    }

    /// The column of each entry.
    #[must_use]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Where the entry of a row and column stands among the values.
    #[must_use]
    pub fn position(&self, row: usize, column: usize) -> Option<usize> {
        let start = *self.row_starts.get(row)?;
        let end = *self.row_starts.get(row + 1)?;
        let of_row = self.columns.get(start..end)?;
        of_row.binary_search(&column).ok().map(|k| start + k)
    }

    /// The elimination stage of each unknown; 0 is kept.
    #[must_use]
    pub fn stages(&self) -> &[u8] {
        &self.stages
    }

    /// The kind of each unknown.
    #[must_use]
    pub fn sides(&self) -> &[Side] {
        &self.sides
    }

    /// The declared symmetry.
    #[must_use]
    pub fn symmetry(&self) -> Symmetry {
        self.symmetry
    }
}
