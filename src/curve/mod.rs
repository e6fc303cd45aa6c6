//! Demand and supply curves.
