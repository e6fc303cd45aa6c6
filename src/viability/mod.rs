//! A producer under uncertainty, with and without the measures.
