//! Project cash flows, contracts, instruments, cap table, valuation.

mod black;

pub use black::{
    Black76, Black76Terms, BlackScholes, BlackScholesTerms, FloorPayment, OptionError,
    expected_excess, expected_floor_payment, floor_strip,
};
