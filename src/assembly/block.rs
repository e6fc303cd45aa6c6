//! Functions of several unknowns, with their derivatives: what no sum of products can say.

use std::fmt::Debug;
use std::sync::Arc;

use super::draft::Draft;
use super::error::DraftError;
use super::expr::{Expr, Product};
use super::handle::{Param, Unknown};

/// A smooth function of several unknowns and parameters, with its exact derivatives.
///
/// A measure writes it with [`Draft::block`]; it may then stand in conditions, payments and quantities as any expression
/// may. The solver calls it at every step: it should not allocate.
///
/// ```
/// use pricefloor::assembly::{Block, Place};
///
/// /// The geometric mean of two prices.
/// #[derive(Debug)]
/// struct Mean;
///
/// impl Block for Mean {
///     fn value(&self, at: Place<'_>) -> f64 {
///         (at.unknown(0) * at.unknown(1)).sqrt()
///     }
///     fn slopes(&self, at: Place<'_>, visit: &mut dyn FnMut(usize, f64)) {
///         let half = 0.5 * self.value(at);
///         visit(0, half / at.unknown(0));
///         visit(1, half / at.unknown(1));
///     }
///     fn keeps_positive(&self) -> bool {
///         true
///     }
/// }
/// ```
pub trait Block: Debug + Send + Sync + 'static {
    /// Its value.
    fn value(&self, at: Place<'_>) -> f64;

    /// Calls `visit(k, derivative in the k-th unknown)`; contributions to one unknown add up.
    fn slopes(&self, at: Place<'_>, visit: &mut dyn FnMut(usize, f64));

    /// Calls `visit(k, derivative in the k-th parameter)`; contributions to one parameter add up. None unless said.
    fn param_slopes(&self, _at: Place<'_>, _visit: &mut dyn FnMut(usize, f64)) {}

    /// Whether it is defined only where every unknown is above zero, so that the solver stays there.
    fn keeps_positive(&self) -> bool {
        false
    }
}

/// Where a [`Block`] is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub(crate) x: &'a [f64],
    pub(crate) of: &'a [Unknown],
    pub(crate) values: &'a [f64],
    pub(crate) params: &'a [Param],
}

impl Place<'_> {
    /// The k-th of the unknowns that the block was written with; NaN where there are fewer.
    #[must_use]
    pub fn unknown(&self, k: usize) -> f64 {
        self.of.get(k).map_or(f64::NAN, |u| self.x[u.index()])
    }

    /// The k-th of the parameters that the block was written with; NaN where there are fewer.
    #[must_use]
    pub fn param(&self, k: usize) -> f64 {
        self.params
            .get(k)
            .map_or(f64::NAN, |p| self.values[p.index()])
    }
}

/// A block with what it is a function of.
#[derive(Clone, Debug)]
pub(crate) struct BlockAt {
    pub(crate) block: Arc<dyn Block>,
    pub(crate) of: Vec<Unknown>,
    pub(crate) params: Vec<Param>,
}

impl PartialEq for BlockAt {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.block, &other.block) && self.of == other.of && self.params == other.params
    }
}

impl BlockAt {
    pub(crate) fn place<'a>(&'a self, values: &'a [f64], x: &'a [f64]) -> Place<'a> {
        Place {
            x,
            of: &self.of,
            values,
            params: &self.params,
        }
    }
}

impl Draft<'_> {
    /// A function of several unknowns, given each as an expression of its own ([`price`](Self::price), an
    /// [`Unknown`]), and of parameters.
    ///
    /// # Errors
    /// [`DraftError::Unfit`] when one of the expressions is anything but a single unknown.
    pub fn block(
        &self,
        block: impl Block,
        of: &[Expr],
        params: &[Param],
    ) -> Result<Expr, DraftError> {
        let mut unknowns = Vec::new();
        for (k, expr) in of.iter().enumerate() {
            let Some(unknown) = expr.single_unknown() else {
                return Err(DraftError::Unfit {
                    place: self.place(),
                    target: format!("the expression at position {k} of a block"),
                    rule: "must be a single unknown; give anything else an unknown with a condition",
                });
            };
            unknowns.push(unknown);
        }
        Ok(Expr::block(BlockAt {
            block: Arc::new(block),
            of: unknowns,
            params: params.to_vec(),
        }))
    }
}

impl Expr {
    pub(crate) fn block(block: BlockAt) -> Self {
        let mut product = Product::number(1.0);
        product.blocks.push(block);
        Self {
            products: vec![product],
        }
    }

    fn single_unknown(&self) -> Option<Unknown> {
        let [product] = self.products.as_slice() else {
            return None;
        };
        let &[unknown] = product.unknowns.as_slice() else {
            return None;
        };
        (Product {
            unknowns: Vec::new(),
            ..product.clone()
        } == Product::number(1.0))
        .then_some(unknown)
    }
}
