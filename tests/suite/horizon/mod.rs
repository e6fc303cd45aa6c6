//! Equilibria over time.

mod building;
mod cycle;
mod dates;
mod entering;
mod firms;
mod input;
mod instances;
mod parity;
mod resuming;
mod stocks;

use pricefloor::curve::Line;
use pricefloor::horizon::{Calendar, Horizon, HorizonBuilder};
use pricefloor::{Activity, Demand, Market, Supply};

pub fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line { intercept, slope }).unwrap()
}

pub fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line { intercept, slope }).unwrap()
}

/// P = 20 - Q at home, offered by one mine.
pub fn home(offer: Supply) -> Market {
    Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing("mine", "Home", "oxide", offer))
        .build()
        .unwrap()
}

/// As `home` with P = 5 + Q/2, and imports at 6.
pub fn open() -> Market {
    home(supply(5.0, 0.5))
        .to_builder()
        .region("Abroad")
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0).unwrap(),
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()
        .unwrap()
}

pub fn over(market: &Market, years: u32) -> HorizonBuilder {
    Horizon::builder(market, Calendar::yearly(years), 0.05)
}

pub fn close(value: f64, expected: f64) {
    approx::assert_relative_eq!(value, expected, epsilon = 1e-8, max_relative = 1e-8);
}
