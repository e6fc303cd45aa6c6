//! One line on a curve.

use std::fmt;

use super::terms::Terms;

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Linear { intercept, slope } => {
                let sign = if *slope < 0.0 { '-' } else { '+' };
                write!(f, "P = {intercept} {sign} {} Q", slope.abs())
            }
            Self::LinearThrough {
                price,
                quantity,
                elasticity,
            } => write!(
                f,
                "linear through Q = {quantity} at P = {price}, elasticity {elasticity} there"
            ),
            Self::ConstantElasticity {
                price,
                quantity,
                elasticity,
            } => write!(f, "Q = {quantity} (P / {price})^{elasticity}"),
            Self::Exponential {
                price,
                quantity,
                elasticity,
            } => write!(f, "Q = {quantity} exp({elasticity} (P / {price} - 1))"),
            Self::Steps(steps) => write!(f, "{} steps", steps.len()),
            Self::Tabulated(points) => write!(f, "table of {} points", points.len()),
            Self::Fixed { quantity } => write!(f, "Q = {quantity} at any price"),
            Self::PerfectlyElastic { price } => write!(f, "any Q at P = {price}"),
            Self::Shifted { of, quantity } => {
                let sign = if *quantity < 0.0 { '-' } else { '+' };
                write!(f, "({of}) {sign} {}", quantity.abs())
            }
            Self::Capped { of, quantity } => write!(f, "({of}) up to Q = {quantity}"),
            Self::Choked { of, price } => write!(f, "({of}) up to P = {price}"),
            Self::Sum(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let plus = if index == 0 { "" } else { " + " };
                    write!(f, "{plus}({part})")?;
                }
                Ok(())
            }
        }
    }
}
