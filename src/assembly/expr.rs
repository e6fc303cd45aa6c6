//! Sums of products of parameters, unknowns, activity levels and curves: what conditions and payments are made of.

use std::ops::{Add, Mul, Neg, Sub};

use super::block::BlockAt;
use super::handle::{Activity, Param, Unknown};
use crate::curve::Kernel;

/// A curve evaluated at an unknown: `kernel(offset + of)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CurveAt {
    pub(crate) kernel: Kernel,
    pub(crate) parameters: Vec<Param>,
    /// Added to the unknown: a number and parameters with signs.
    pub(crate) offset_number: f64,
    pub(crate) offset: Vec<(f64, Param)>,
    pub(crate) of: Unknown,
}

/// One product: a number times parameters, unknowns, levels, curves and blocks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Product {
    pub(crate) coefficient: f64,
    pub(crate) params: Vec<Param>,
    pub(crate) unknowns: Vec<Unknown>,
    pub(crate) levels: Vec<Activity>,
    pub(crate) curves: Vec<CurveAt>,
    pub(crate) blocks: Vec<BlockAt>,
}

impl Product {
    pub(crate) fn number(coefficient: f64) -> Self {
        Self {
            coefficient,
            params: Vec::new(),
            unknowns: Vec::new(),
            levels: Vec::new(),
            curves: Vec::new(),
            blocks: Vec::new(),
        }
    }

    fn times(&self, other: &Self) -> Self {
        let join = |a: &[Param], b: &[Param]| a.iter().chain(b).copied().collect();
        Self {
            coefficient: self.coefficient * other.coefficient,
            params: join(&self.params, &other.params),
            unknowns: self
                .unknowns
                .iter()
                .chain(&other.unknowns)
                .copied()
                .collect(),
            levels: self.levels.iter().chain(&other.levels).copied().collect(),
            curves: self.curves.iter().chain(&other.curves).cloned().collect(),
            blocks: self.blocks.iter().chain(&other.blocks).cloned().collect(),
        }
    }
}

/// A sum of products. Built with `+`, `-` and `*` from numbers, [`Param`]s, [`Unknown`]s and what a
/// [`Draft`](super::Draft) hands out.
///
/// ```
/// use pricefloor::assembly::Expr;
/// let twice = (Expr::from(1.5) + 0.5) * 2.0;
/// assert_eq!(twice, Expr::from(3.0) + 1.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expr {
    pub(crate) products: Vec<Product>,
}

impl Expr {
    pub(crate) fn level(activity: Activity) -> Self {
        let mut product = Product::number(1.0);
        product.levels.push(activity);
        Self {
            products: vec![product],
        }
    }

    pub(crate) fn curve(curve: CurveAt) -> Self {
        let mut product = Product::number(1.0);
        product.curves.push(curve);
        Self {
            products: vec![product],
        }
    }

    /// The number zero.
    #[must_use]
    pub fn zero() -> Self {
        Self::default()
    }
}

impl From<f64> for Expr {
    fn from(value: f64) -> Self {
        if value == 0.0 {
            Self::zero()
        } else {
            Self {
                products: vec![Product::number(value)],
            }
        }
    }
}

impl From<Param> for Expr {
    fn from(param: Param) -> Self {
        let mut product = Product::number(1.0);
        product.params.push(param);
        Self {
            products: vec![product],
        }
    }
}

impl From<Unknown> for Expr {
    fn from(unknown: Unknown) -> Self {
        let mut product = Product::number(1.0);
        product.unknowns.push(unknown);
        Self {
            products: vec![product],
        }
    }
}

impl From<&Expr> for Expr {
    fn from(expr: &Expr) -> Self {
        expr.clone()
    }
}

impl Neg for Expr {
    type Output = Expr;
    fn neg(mut self) -> Expr {
        for product in &mut self.products {
            product.coefficient = -product.coefficient;
        }
        self
    }
}

/// Adds numbers that stand alone, so that equal expressions compare equal.
fn push(products: &mut Vec<Product>, product: Product) {
    let alone = |p: &Product| {
        p.params.is_empty()
            && p.unknowns.is_empty()
            && p.levels.is_empty()
            && p.curves.is_empty()
            && p.blocks.is_empty()
    };
    if alone(&product)
        && let Some(number) = products.iter_mut().find(|p| alone(p))
    {
        number.coefficient += product.coefficient;
    } else {
        products.push(product);
    }
}

macro_rules! operators {
    ($($left:ty),*) => {$(
        impl<R: Into<Expr>> Add<R> for $left {
            type Output = Expr;
            fn add(self, right: R) -> Expr {
                let mut sum = Expr::from(self);
                for product in right.into().products {
                    push(&mut sum.products, product);
                }
                sum
            }
        }

        impl<R: Into<Expr>> Sub<R> for $left {
            type Output = Expr;
            fn sub(self, right: R) -> Expr {
                Expr::from(self) + (-right.into())
            }
        }

        impl<R: Into<Expr>> Mul<R> for $left {
            type Output = Expr;
            fn mul(self, right: R) -> Expr {
                let (left, right) = (Expr::from(self), right.into());
                let mut sum = Expr::zero();
                for a in &left.products {
                    for b in &right.products {
                        push(&mut sum.products, a.times(b));
                    }
                }
                sum
            }
        }
    )*};
}

operators!(Expr, &Expr, Param, Unknown);
