//! Prices that fall along straight lines in all quantities.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use super::{SystemError, check_goods};
use crate::curve::Observed;

/// Linear demand for several goods: what a unit of each is worth is
/// `P_i = intercept_i + sum_j slope_ij Q_j`, with symmetric slopes whose matrix is negative definite (quadratic
/// quasi-linear utility; Singh and Vives 1984). A good whose price is above its worth is not bought, and the others then
/// follow their own lines.
///
/// With one good it would be the straight line of [`Demand::linear`](crate::curve::Demand::linear). A negative cross slope
/// makes two goods substitutes, a positive one complements. Surplus is counted from the intercepts, at which nothing is
/// bought.
///
/// ```
/// use pricefloor::curve::CrossPrice;
/// let system = CrossPrice::linear(
///     &[("NdPr oxide", 20.0), ("Dy oxide", 30.0)],
///     &[[-1.0, -0.5], [-0.5, -2.0]],
/// )?;
/// assert_eq!(system.goods().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CrossPriceTerms", into = "CrossPriceTerms")]
pub struct CrossPrice {
    goods: Vec<String>,
    intercepts: Vec<f64>,
    slopes: Vec<Vec<f64>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CrossPriceTerms {
    goods: Vec<String>,
    intercepts: Vec<f64>,
    slopes: Vec<Vec<f64>>,
}

/// Two cross slopes closer than this share of their size count as equal: they then differ by the rounding of a division.
const EQUAL: f64 = 1e-9;

impl CrossPrice {
    /// Goods with their intercepts (price at which the first unit is bought when no other good is, above zero), and the
    /// slopes row by row (price of the row's good per unit of the column's).
    ///
    /// # Errors
    /// [`SystemError`] when there are fewer than two goods, a name is empty or taken, a row does not match the goods, a
    /// number is not finite, an intercept is not above zero, a pair of cross slopes differ, or the matrix is not negative
    /// definite.
    pub fn linear(
        goods: &[(&str, f64)],
        slopes: &[impl AsRef<[f64]>],
    ) -> Result<Self, SystemError> {
        Self::checked(CrossPriceTerms {
            goods: goods.iter().map(|(good, _)| (*good).to_owned()).collect(),
            intercepts: goods.iter().map(|(_, intercept)| *intercept).collect(),
            slopes: slopes.iter().map(|row| row.as_ref().to_vec()).collect(),
        })
    }

    /// The lines through observed prices and quantities with these elasticities there, row by row: that of the row's
    /// quantity in the column's price. With `B_ij = elasticity_ij quantity_i / price_j` the slopes are the inverse of `B`.
    ///
    /// Elasticities taken from different studies are rarely symmetric. The error names the pair and both slopes, in
    /// quantity per price.
    ///
    /// # Errors
    /// As [`linear`](Self::linear), of the observed numbers and of `B`.
    pub fn observed(
        goods: &[(&str, Observed)],
        elasticities: &[impl AsRef<[f64]>],
    ) -> Result<Self, SystemError> {
        let names: Vec<String> = goods.iter().map(|(good, _)| (*good).to_owned()).collect();
        check_goods(&names)?;
        for (good, at) in goods {
            for (what, value) in [("price", at.price), ("quantity", at.quantity)] {
                let what = format!("observed {what} of {good}");
                number(what, value, value > 0.0, "above zero")?;
            }
        }
        let mut answers = Vec::new();
        for ((name, at), row) in goods.iter().zip(rows(&names, elasticities)?) {
            let of = |(elasticity, (_, other)): (f64, &(&str, Observed))| {
                elasticity * at.quantity / other.price
            };
            let answer: Vec<f64> = row.into_iter().zip(goods).map(of).collect();
            for &slope in &answer {
                let what = format!("elasticity of {name}");
                number(what, slope, true, "a finite number")?;
            }
            answers.push(answer);
        }
        let answers = symmetric(&names, answers)?;
        definite(&names, &answers)?;
        let n = names.len();
        let matrix = DMatrix::from_fn(n, n, |i, j| answers[i][j]);
        let inverse = matrix.try_inverse().ok_or(SystemError::Curvature {
            eigenvalue: 0.0,
            direction: names.join(", "),
        })?;
        let slopes: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| inverse[(i, j)]).collect())
            .collect();
        let intercepts = (0..n)
            .map(|i| {
                let line = goods.iter().zip(&slopes[i]);
                line.fold(goods[i].1.price, |sum, ((_, at), slope)| {
                    sum - slope * at.quantity
                })
            })
            .collect();
        Self::checked(CrossPriceTerms {
            goods: names,
            intercepts,
            slopes,
        })
    }

    fn checked(terms: CrossPriceTerms) -> Result<Self, SystemError> {
        let CrossPriceTerms {
            goods,
            intercepts,
            slopes,
        } = terms;
        check_goods(&goods)?;
        if intercepts.len() != goods.len() {
            return Err(SystemError::Shape {
                row: "of intercepts".to_owned(),
                found: intercepts.len(),
                goods: goods.len(),
            });
        }
        for (good, &intercept) in goods.iter().zip(&intercepts) {
            let what = format!("intercept of {good}");
            number(what, intercept, intercept > 0.0, "above zero")?;
        }
        let slopes = rows(&goods, &slopes)?;
        for (good, row) in goods.iter().zip(&slopes) {
            for (other, &slope) in goods.iter().zip(row) {
                let what = format!("slope of {good} in {other}");
                number(what, slope, true, "a finite number")?;
            }
        }
        let slopes = symmetric(&goods, slopes)?;
        definite(&goods, &slopes)?;
        Ok(Self {
            goods,
            intercepts,
            slopes,
        })
    }

    /// The commodities.
    #[must_use]
    pub fn goods(&self) -> &[String] {
        &self.goods
    }

    /// Price at which the first unit of each good is bought when no other good is, money per unit.
    #[must_use]
    pub fn intercepts(&self) -> &[f64] {
        &self.intercepts
    }

    /// Price of the row's good per unit of the column's.
    #[must_use]
    pub fn slopes(&self) -> &[Vec<f64>] {
        &self.slopes
    }

    /// The name and value of each parameter: `GOOD/intercept`, `GOOD/slope`, and for each pair of goods, in their order,
    /// `FIRST/cross/SECOND`.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, f64)> {
        let mut list = Vec::new();
        for (i, good) in self.goods.iter().enumerate() {
            list.push((format!("{good}/intercept"), self.intercepts[i]));
            list.push((format!("{good}/slope"), self.slopes[i][i]));
            for (j, other) in self.goods.iter().enumerate().skip(i + 1) {
                list.push((format!("{good}/cross/{other}"), self.slopes[i][j]));
            }
        }
        list
    }
}

fn number(what: String, value: f64, holds: bool, rule: &'static str) -> Result<(), SystemError> {
    if value.is_finite() && holds {
        return Ok(());
    }
    Err(SystemError::Number { what, value, rule })
}

/// One row for each good, each with one entry for each good.
fn rows(goods: &[String], table: &[impl AsRef<[f64]>]) -> Result<Vec<Vec<f64>>, SystemError> {
    let shape = |row: &str, found| SystemError::Shape {
        row: row.to_owned(),
        found,
        goods: goods.len(),
    };
    if table.len() != goods.len() {
        return Err(shape("count", table.len()));
    }
    let mut rows = Vec::new();
    for (good, row) in goods.iter().zip(table) {
        let row = row.as_ref();
        if row.len() != goods.len() {
            return Err(shape(good, row.len()));
        }
        rows.push(row.to_vec());
    }
    Ok(rows)
}

/// The same matrix, equal to the last bit across its diagonal.
fn symmetric(goods: &[String], mut rows: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, SystemError> {
    for i in 0..rows.len() {
        for j in i + 1..rows.len() {
            let (forward, backward) = (rows[i][j], rows[j][i]);
            if (forward - backward).abs() > EQUAL * forward.abs().max(backward.abs()) {
                return Err(SystemError::Asymmetric {
                    first: goods[i].clone(),
                    second: goods[j].clone(),
                    forward,
                    backward,
                });
            }
            rows[j][i] = forward;
        }
    }
    Ok(rows)
}

/// An error unless every eigenvalue of the slopes is below zero.
pub(crate) fn definite(goods: &[String], rows: &[Vec<f64>]) -> Result<(), SystemError> {
    let n = rows.len();
    let eigen = DMatrix::from_fn(n, n, |i, j| rows[i][j]).symmetric_eigen();
    let (k, eigenvalue) = eigen.eigenvalues.argmax();
    let size = eigen.eigenvalues.amax();
    if eigenvalue < -1e-14 * size {
        return Ok(());
    }
    let basket: Vec<String> = goods
        .iter()
        .enumerate()
        .map(|(i, good)| format!("{:.3} {good}", eigen.eigenvectors[(i, k)]))
        .collect();
    Err(SystemError::Curvature {
        eigenvalue,
        direction: basket.join(", "),
    })
}

impl TryFrom<CrossPriceTerms> for CrossPrice {
    type Error = SystemError;

    fn try_from(terms: CrossPriceTerms) -> Result<Self, SystemError> {
        Self::checked(terms)
    }
}

impl From<CrossPrice> for CrossPriceTerms {
    fn from(system: CrossPrice) -> Self {
        Self {
            goods: system.goods,
            intercepts: system.intercepts,
            slopes: system.slopes,
        }
    }
}
