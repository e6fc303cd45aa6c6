//! The bundled, sourced facts as typed rows: the world of rare earths in 2025-26.
//!
//! Every row says where its figure comes from and how far it can be trusted ([`Provenance`]). The files are in the
//! `data/` directory of the crate, whose README names the bases (with or without value-added tax, gross or net of
//! process scrap) and the conflicts between sources; read it before you use a number. A file is parsed and checked
//! once, when it is first asked for.
//!
//! | what | rows | one row |
//! |---|---|---|
//! | the mid-2025 world balance of NdPr oxide, prices, elasticities, costs | [`base_case`] | [`base_case_row`] |
//! | judged inputs of the Mountain Pass case, with ranges and reasons | [`assumptions`] | [`assumption`] |
//! | terms of the July 2025 agreements of MP Materials | [`contract_terms`] | [`contract_term`] |
//! | MP Materials by quarter | [`quarters`] | [`quarter`] |
//! | every other table | [`facts`] | [`fact`] |
//! | yearly average prices of one oxide | [`annual_averages`] | |
//!
//! ```
//! use pricefloor::data;
//!
//! let capex = data::assumption("growth capex for the oxide business")?;
//! assert_eq!(capex.unit(), "USD m");
//! assert_eq!(capex.number()?, 231.0);
//! assert_eq!(capex.range()?, Some((150.0, 400.0)));
//! assert!(capex.provenance().note().contains("White Mesa"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assumption;
mod base_case;
mod contract;
mod error;
mod fact;
mod provenance;
mod read;
#[cfg(test)]
mod tests;
mod value;

pub use assumption::{Assumption, assumption, assumptions};
pub use base_case::{BaseCaseRow, base_case, base_case_row};
pub use contract::{ContractTerm, QuarterFigure, contract_term, contract_terms, quarter, quarters};
pub use error::DataError;
pub use fact::{AnnualAverage, Fact, Table, annual_averages, fact, facts};
pub use provenance::{Confidence, Grade, Provenance, Source, sources};
pub use value::{Date, Value};
