//! What the examples share: tables and charts. Each example uses a part of it, so unused items are no mistake.
#![allow(dead_code)]

pub mod chart;
pub mod table;
