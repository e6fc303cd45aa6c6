//! Integration tests: known answers, properties, bad input.
