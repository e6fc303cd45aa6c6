//! The numerical engine: mixed complementarity problems.
