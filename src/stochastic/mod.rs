//! Price processes, reproducible random streams, the trait `PriceSource`.
