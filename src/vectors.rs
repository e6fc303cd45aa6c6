//! Which vectors the kernels of the simulations run on.

use pulp::Arch;

/// The widest that this processor has. Every width gives the same bits.
pub(crate) fn widest() -> Arch {
    Arch::new()
}
