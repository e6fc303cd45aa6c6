//! Results as pictures.

mod comparison;
