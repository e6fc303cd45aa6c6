//! The crate's own documentation of its types and their terms: one source for both languages. Written by `build.rs`.

/// Folder of the module, type, term (empty for the type itself), text.
pub const DOCS: &[(&str, &str, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/docs.rs"));
