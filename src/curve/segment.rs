//! How a curve is handed to an equilibrium system: a list of smooth pieces.

use super::Kernel;

/// One smooth piece of a demand or supply curve. The curve is the horizontal sum of its pieces.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// A quantity taken or offered whatever the price.
    Fixed {
        /// Quantity, in the commodity's unit.
        quantity: f64,
    },
    /// A quantity that is a smooth function of the price, for every price above zero.
    Quantity {
        /// Gives the quantity at a price.
        kernel: Kernel,
        /// The kernel's parameters.
        parameters: Vec<f64>,
    },
    /// A price that is a smooth function of the quantity `x` in `[0, capacity]`:
    /// `kernel(offset + x)`. A demand piece buys `x > 0` while its price is at least the market's,
    /// a supply piece sells `x > 0` while its price is at most the market's.
    Price {
        /// Gives the price at a quantity.
        kernel: Kernel,
        /// The kernel's parameters.
        parameters: Vec<f64>,
        /// The quantity at which the piece starts on its kernel.
        offset: f64,
        /// The largest `x`, infinite where there is no limit.
        capacity: f64,
    },
}

/// A [`Segment`] with the place of its parameters among the curve's.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where the piece is in its curve, such as `step 3` or `part 1/choke`; empty for the whole of a simple curve.
    pub path: String,
    /// The piece.
    pub segment: Segment,
}

impl Segment {
    /// The kernel and its parameters; none for a fixed quantity.
    pub fn kernel(&self) -> Option<(Kernel, &[f64])> {
        match self {
            Self::Fixed { .. } => None,
            Self::Quantity { kernel, parameters }
            | Self::Price {
                kernel, parameters, ..
            } => Some((*kernel, parameters)),
        }
    }

    /// The names and values of the parameters, `quantity` for a fixed quantity.
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        match (self, self.kernel()) {
            (Self::Fixed { quantity }, _) => vec![("quantity", *quantity)],
            (_, Some((kernel, parameters))) => kernel
                .parameter_names()
                .iter()
                .copied()
                .zip(parameters.iter().copied())
                .collect(),
            (_, None) => Vec::new(),
        }
    }
}

impl Piece {
    /// The full name of a parameter: the piece's path, a slash, and the kernel's name for it.
    pub fn parameter_path(&self, name: &str) -> String {
        join(&self.path, name)
    }
}

/// Two path parts with a slash between them, unless one is empty.
pub(super) fn join(path: &str, name: &str) -> String {
    match (path.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => path.to_owned(),
        _ => format!("{path}/{name}"),
    }
}
