//! What a curve is made of, as it is written in a file, and the checks on it.

use serde::{Deserialize, Serialize};

use super::bundle::Bundle;
use super::check::Check;
use super::prices::CORNER;
use super::{CurveError, Kernel, Line, Observed, Piece, Segment, Side, Step};

/// The definition of a demand or supply curve; the side is known from where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Terms {
    Linear {
        intercept: f64,
        slope: f64,
    },
    LinearThrough {
        price: f64,
        quantity: f64,
        elasticity: f64,
    },
    ConstantElasticity {
        price: f64,
        quantity: f64,
        elasticity: f64,
    },
    Exponential {
        price: f64,
        quantity: f64,
        elasticity: f64,
    },
    Steps(Vec<Step>),
    Tabulated(Vec<Observed>),
    Fixed {
        quantity: f64,
    },
    PerfectlyElastic {
        price: f64,
    },
    Shifted {
        of: Box<Terms>,
        quantity: f64,
    },
    Capped {
        of: Box<Terms>,
        quantity: f64,
    },
    Choked {
        of: Box<Terms>,
        price: f64,
    },
    Sum(Vec<Terms>),
}

impl Terms {
    /// The same curve with every quantity multiplied by `factor`; prices and elasticities are kept.
    pub(super) fn scaled(self, factor: f64) -> Self {
        let inner = |of: Box<Self>| Box::new(of.scaled(factor));
        match self {
            Self::Linear { intercept, slope } => Self::Linear {
                intercept,
                slope: slope / factor,
            },
            Self::LinearThrough {
                price,
                quantity,
                elasticity,
            } => Self::LinearThrough {
                price,
                quantity: quantity * factor,
                elasticity,
            },
            Self::ConstantElasticity {
                price,
                quantity,
                elasticity,
            } => Self::ConstantElasticity {
                price,
                quantity: quantity * factor,
                elasticity,
            },
            Self::Exponential {
                price,
                quantity,
                elasticity,
            } => Self::Exponential {
                price,
                quantity: quantity * factor,
                elasticity,
            },
            Self::Steps(mut steps) => {
                for step in &mut steps {
                    step.quantity *= factor;
                }
                Self::Steps(steps)
            }
            Self::Tabulated(mut points) => {
                for point in &mut points {
                    point.quantity *= factor;
                }
                Self::Tabulated(points)
            }
            Self::Fixed { quantity } => Self::Fixed {
                quantity: quantity * factor,
            },
            Self::PerfectlyElastic { price } => Self::PerfectlyElastic { price },
            Self::Shifted { of, quantity } => Self::Shifted {
                of: inner(of),
                quantity: quantity * factor,
            },
            Self::Capped { of, quantity } => Self::Capped {
                of: inner(of),
                quantity: quantity * factor,
            },
            Self::Choked { of, price } => Self::Choked {
                of: inner(of),
                price,
            },
            Self::Sum(parts) => {
                Self::Sum(parts.into_iter().map(|part| part.scaled(factor)).collect())
            }
        }
    }

    /// The highest price of the points through which the curve was drawn.
    pub(super) fn calibration_price(&self) -> Option<f64> {
        match self {
            Self::LinearThrough { price, .. }
            | Self::ConstantElasticity { price, .. }
            | Self::Exponential { price, .. } => Some(*price),
            Self::Shifted { of, .. } | Self::Capped { of, .. } | Self::Choked { of, .. } => {
                of.calibration_price()
            }
            Self::Sum(parts) => parts
                .iter()
                .filter_map(Self::calibration_price)
                .max_by(f64::total_cmp),
            _ => None,
        }
    }

    /// The number of parts of a sum; none for any other curve.
    pub(super) fn part_count(&self) -> Option<usize> {
        match self {
            Self::Sum(parts) => Some(parts.len()),
            _ => None,
        }
    }

    /// The horizontal sum of two curves, their own parts side by side.
    pub(super) fn plus(self, other: Self) -> Self {
        let parts = |terms| match terms {
            Self::Sum(parts) => parts,
            simple => vec![simple],
        };
        let mut all = parts(self);
        all.extend(parts(other));
        Self::Sum(all)
    }

    /// Checks the definition and cuts it into pieces.
    pub(super) fn build(&self, side: Side) -> Result<Bundle, CurveError> {
        let check = Check { side };
        let one = |piece: Piece| Ok(Bundle::chain(side, vec![piece]));
        match self {
            Self::Linear { intercept, slope } => {
                check.linear(*intercept, *slope)?;
                Ok(linear(side, *intercept, *slope))
            }
            Self::LinearThrough {
                price,
                quantity,
                elasticity,
            } => {
                check.observed(*price, *quantity, *elasticity)?;
                let line = line_through(*price, *quantity, *elasticity);
                check.linear(line.intercept, line.slope)?;
                Ok(linear(side, line.intercept, line.slope))
            }
            Self::ConstantElasticity {
                price,
                quantity,
                elasticity,
            } => {
                check.observed(*price, *quantity, *elasticity)?;
                check.tame("elasticity", *elasticity, 1.0 / elasticity)?;
                let parameters = vec![*price, *quantity, *elasticity];
                one(smooth(side, Kernel::Elastic, parameters, 0.0))
            }
            Self::Exponential {
                price,
                quantity,
                elasticity,
            } => {
                check.observed(*price, *quantity, *elasticity)?;
                let rate = elasticity / price;
                check.tame("elasticity", *elasticity, rate)?;
                check.tame("elasticity", *elasticity, 1.0 / rate)?;
                let parameters = vec![*price, *quantity, rate];
                let at_zero = Kernel::ExponentialQuantity.value(&parameters, 0.0);
                check.tame("elasticity", *elasticity, at_zero)?;
                Ok(Bundle::chain(
                    side,
                    from_zero_cost(side, at_zero, |offset| {
                        smooth(side, Kernel::Exponential, parameters, offset)
                    }),
                ))
            }
            Self::Steps(steps) => Ok(Bundle::chain(side, check.steps(steps)?)),
            Self::Tabulated(points) => Ok(Bundle::chain(side, check.table(points)?)),
            Self::Fixed { quantity } => {
                check.positive("quantity", *quantity)?;
                one(match side {
                    Side::Demand => Piece::fixed("", *quantity),
                    Side::Supply => Piece::constant("", 0.0, *quantity),
                })
            }
            Self::PerfectlyElastic { price } => {
                match side {
                    Side::Demand => check.positive("price", *price)?,
                    Side::Supply => check.not_negative("price", *price)?,
                }
                one(Piece::constant("", *price, f64::INFINITY))
            }
            Self::Shifted { of, quantity } => {
                let base = of.build(side)?;
                check.finite("shift", *quantity)?;
                if *quantity >= 0.0 {
                    return Ok(if *quantity > 0.0 {
                        base.more(*quantity)
                    } else {
                        base
                    });
                }
                let shift = *quantity;
                let total = match side {
                    Side::Demand => base.raw_quantity(0.0).high(),
                    Side::Supply => base.total(),
                };
                if -shift >= total * (1.0 - CORNER) {
                    return Err(CurveError::NothingLeft { side, shift, total });
                }
                base.slice(-shift, f64::INFINITY)
            }
            Self::Capped { of, quantity } => {
                let base = of.build(side)?;
                check.positive("capacity", *quantity)?;
                base.slice(0.0, *quantity)
            }
            Self::Choked { of, price } => {
                if side == Side::Supply {
                    return Err(CurveError::ChokeOnSupply { price: *price });
                }
                let base = of.build(side)?;
                check.positive("choke price", *price)?;
                Ok(base.choked(*price))
            }
            Self::Sum(parts) => {
                check.enough("sum", parts.len(), 1)?;
                let parts = parts
                    .iter()
                    .map(|part| part.build(side))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Bundle::sum(side, parts))
            }
        }
    }
}

/// The straight line with a given elasticity at a point.
fn line_through(price: f64, quantity: f64, elasticity: f64) -> Line {
    Line {
        intercept: price - price / elasticity,
        slope: price / (elasticity * quantity),
    }
}

fn linear(side: Side, intercept: f64, slope: f64) -> Bundle {
    let parameters = vec![intercept, slope];
    let at_zero = Kernel::LinearQuantity.value(&parameters, 0.0);
    Bundle::chain(
        side,
        from_zero_cost(side, at_zero, |offset| {
            Piece::priced("", Kernel::Linear, parameters, offset, f64::INFINITY)
        }),
    )
}

/// Demand is handed over as a quantity at a price, supply as a price at a quantity.
fn smooth(side: Side, kernel: Kernel, parameters: Vec<f64>, offset: f64) -> Piece {
    match (side, kernel.inverse()) {
        (Side::Demand, Some(kernel)) => Piece {
            path: String::new(),
            segment: Segment::Quantity { kernel, parameters },
        },
        _ => Piece::priced("", kernel, parameters, offset, f64::INFINITY),
    }
}

/// A supply that offers a quantity already at price zero has no cost up to it.
fn from_zero_cost(side: Side, at_zero: f64, rest: impl FnOnce(f64) -> Piece) -> Vec<Piece> {
    if side == Side::Supply && at_zero > 0.0 {
        vec![Piece::constant("zero cost", 0.0, at_zero), rest(at_zero)]
    } else {
        vec![rest(0.0)]
    }
}
