//! Project cash flows, contracts, instruments, cap table, valuation.
