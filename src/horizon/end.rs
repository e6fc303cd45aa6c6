//! What the end of a horizon is taken to be worth.

use super::expansion::EndValue;
use super::facts::Horizon;

impl Horizon {
    /// What is left at the end and what it is taken to be worth, in words: capacity, stores, reserves. A
    /// [`Path`](super::Path) prints them below its prices.
    #[must_use]
    pub fn end_values(&self) -> Vec<(String, String)> {
        let per_unit = |worth: f64| match worth {
            0.0 => "nothing".to_owned(),
            worth => format!("{worth} a unit"),
        };
        let capacity = self.expansions().iter().map(|expansion| {
            let worth = match expansion.end() {
                EndValue::SteadyState => "the rents of the last period for ever".to_owned(),
                EndValue::Nothing => per_unit(0.0),
                EndValue::PerUnit(worth) => per_unit(worth),
            };
            (format!("capacity of `{}`", expansion.activity()), worth)
        });
        let stores = self.stores().iter();
        let stores = stores.map(|s| (s.name(), per_unit(s.worth().unwrap_or(0.0))));
        let reserves = self.reserves().iter();
        let reserves = reserves.map(|r| {
            (
                format!("reserve of `{}`", r.covering()),
                per_unit(r.worth()),
            )
        });
        capacity.chain(stores).chain(reserves).collect()
    }
}
