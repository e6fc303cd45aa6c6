mod grid;
mod rules;
mod simulate;
mod terms;

pub use rules::{BandDecision, BandRules};
pub use simulate::BandPeriod;
pub use terms::{BandSettings, BandStock};
