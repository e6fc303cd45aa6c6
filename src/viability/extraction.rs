use super::ViabilityError;
use crate::finance::{FinanceError, Rule};

/// The best extraction of a stock of `stock` whole units, period by period, until nothing more is taken; the last entry is
/// the first period in which nothing is.
///
/// `profit(s, x)` is the profit of a period in which `x` of `s` units are taken, in currency; it is discounted by `discount` a
/// period. What is left is worth `V(s) = max over x of profit(s, x) + discount V(s - x)`, which is solved exactly from
/// `s = 0` up; of two equally good quantities the smaller is taken. Source: Miranda and Fackler (2002), section 7, whose
/// mine is the example.
///
/// # Errors
/// [`ViabilityError::Finance`] unless the discount factor is above 0 and below 1, and every profit is finite.
///
/// ```
/// use pricefloor::viability::extraction_path;
///
/// // A price of 1, and a cost that rises as the mine is emptied.
/// let profit = |s: usize, x: usize| x as f64 - (x * x) as f64 / (1.0 + s as f64);
/// let path = extraction_path(100, 0.9, profit)?;
/// assert_eq!(path[..4], [24, 18, 14, 11]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn extraction_path(
    stock: usize,
    discount: f64,
    profit: impl Fn(usize, usize) -> f64,
) -> Result<Vec<usize>, ViabilityError> {
    let interest = 1.0 / discount;
    if !(interest.is_finite() && interest > 1.0) {
        return Err(FinanceError::Value {
            thing: "1 / discount factor",
            value: interest,
            rule: Rule::Above(1.0),
        }
        .into());
    }
    let (mut value, mut best) = (Vec::with_capacity(stock + 1), Vec::with_capacity(stock + 1));
    for left in 0..=stock {
        // Taking nothing leads back to the same stock, for ever.
        let mut most = profit(left, 0) / (1.0 - discount);
        let mut choice = 0;
        for taken in 1..=left {
            let worth = profit(left, taken) + discount * value[left - taken];
            if worth > most {
                (most, choice) = (worth, taken);
            }
        }
        if !most.is_finite() {
            return Err(FinanceError::Value {
                thing: "value of what is left",
                value: most,
                rule: Rule::Finite,
            }
            .into());
        }
        value.push(most);
        best.push(choice);
    }
    let (mut left, mut path) = (stock, Vec::new());
    loop {
        let taken = best[left];
        path.push(taken);
        if taken == 0 {
            return Ok(path);
        }
        left -= taken;
    }
}
