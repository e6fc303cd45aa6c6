//! Known cases of these kinds: each test reads the case and asserts its answer within its tolerance.

mod refused;
mod support;
mod trade;

pub(crate) use crate::cases::known as case;
use crate::parity::Noted;
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;
use serde_json::Value;

/// Asserts a number of a case within the case's tolerance.
struct Answer<'a> {
    value: &'a Value,
    absolute: f64,
    relative: f64,
}

impl<'a> Answer<'a> {
    fn of(case: &'a Value) -> Self {
        let tolerance = |key: &str| case["tolerance"][key].as_f64().unwrap_or(0.0);
        Self {
            value: &case["answer"],
            absolute: tolerance("abs"),
            relative: tolerance("rel"),
        }
    }

    fn at(&self, key: &str) -> Self {
        Self {
            value: &self.value[key],
            ..*self
        }
    }

    fn is(&self, key: &str, value: f64) {
        let expected = self.value[key]
            .as_f64()
            .unwrap_or_else(|| panic!("no number `{key}`"));
        let allowed = self.absolute.max(self.relative * expected.abs());
        assert!(
            (value - expected).abs() <= allowed,
            "{key}: {value}, expected {expected}"
        );
    }
}

/// Demand `a - b P`.
fn demand(a: f64, b: f64) -> Demand {
    Demand::linear(Line {
        intercept: a / b,
        slope: -1.0 / b,
    })
    .unwrap()
}

/// Supply `a + b P`.
fn supply(a: f64, b: f64) -> Supply {
    Supply::linear(Line {
        intercept: -a / b,
        slope: 1.0 / b,
    })
    .unwrap()
}

fn closed(demand: Demand, supply: Supply) -> Market {
    Market::builder("closed", "USD")
        .region("Home")
        .commodity("good")
        .demand("Home", "good", demand)
        .activity(Activity::producing("home", "Home", "good", supply))
        .build()
        .unwrap()
}

fn two_countries(foreign: (Demand, Supply)) -> Market {
    closed(demand(100.0, 20.0), supply(20.0, 20.0))
        .to_builder()
        .region("Abroad")
        .demand("Abroad", "good", foreign.0)
        .activity(Activity::producing("abroad", "Abroad", "good", foreign.1))
        .route("Abroad", "Home", "good", 0.0)
        .build()
        .unwrap()
}

/// A small country that may import at a world price, and not export.
fn small(demand: Demand, supply: Supply, world: f64) -> Market {
    closed(demand, supply)
        .to_builder()
        .region("World")
        .activity(Activity::producing(
            "world",
            "World",
            "good",
            Supply::perfectly_elastic(world).unwrap(),
        ))
        .route("World", "Home", "good", 0.0)
        .build()
        .unwrap()
}

fn one(measure: impl Into<Measure>) -> Policy {
    Policy::new().with("measure", measure).unwrap()
}

fn price(solved: &Equilibrium, region: &str) -> f64 {
    solved.price(region, "good").unwrap()
}

fn demanded(solved: &Equilibrium, region: &str) -> f64 {
    solved.node(region, "good").unwrap().demanded()
}
