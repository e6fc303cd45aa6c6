//! Least squares on polynomials of one variable.

use nalgebra::{DMatrix, DVector};

/// A polynomial in a variable that was shifted and scaled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Polynomial {
    centre: f64,
    scale: f64,
    coefficients: Vec<f64>,
}

impl Polynomial {
    pub fn at(&self, x: f64) -> f64 {
        let z = (x - self.centre) / self.scale;
        self.coefficients
            .iter()
            .rev()
            .fold(0.0, |sum, c| sum * z + c)
    }
}

/// The powers of a variable at sample points, factorised once for several right-hand sides.
pub(super) struct Powers {
    centre: f64,
    scale: f64,
    q: DMatrix<f64>,
    r: DMatrix<f64>,
}

impl Powers {
    /// Up to `degree`, or fewer where the points do not tell the higher powers apart.
    pub fn new(points: &[f64], degree: usize) -> Self {
        let n = points.len();
        let centre = points.iter().sum::<f64>() / n.max(1) as f64;
        let spread = points
            .iter()
            .fold(0.0, |m: f64, x| m.max((x - centre).abs()));
        let scale = if spread > 0.0 { spread } else { 1.0 };
        let columns = (degree + 1).min(n.max(1));
        let mut powers = DMatrix::from_element(n, columns, 1.0);
        for column in 1..columns {
            for (row, x) in points.iter().enumerate() {
                powers[(row, column)] = powers[(row, column - 1)] * (x - centre) / scale;
            }
        }
        let (q, r) = powers.qr().unpack();
        let largest = r.diagonal().iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        let rank = r
            .diagonal()
            .iter()
            .take_while(|d| d.abs() > DEPENDENT * largest)
            .count();
        Self {
            centre,
            scale,
            q: q.columns(0, rank).into_owned(),
            r: r.view((0, 0), (rank, rank)).into_owned(),
        }
    }

    /// The polynomial nearest to `values` at the points, in least squares.
    pub fn fit(&self, values: &[f64]) -> Polynomial {
        let values = DVector::from_column_slice(values);
        let projected = self.q.tr_mul(&values);
        // The triangle has no zero on its diagonal: such columns were left out.
        let coefficients = self
            .r
            .solve_upper_triangular(&projected)
            .unwrap_or_else(|| DVector::zeros(0));
        Polynomial {
            centre: self.centre,
            scale: self.scale,
            coefficients: coefficients.iter().copied().collect(),
        }
    }
}

/// A column whose part that is new, relative to the largest, is below this adds rounding only.
const DEPENDENT: f64 = 1e-12;
