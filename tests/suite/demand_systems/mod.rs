//! Demand for several goods: shares, prices and surplus in closed form, derivatives, and what is refused.

mod closed_form;
mod differences;
mod gsim;
mod refused;

use pricefloor::curve::DemandSystem;
use pricefloor::prelude::*;

fn at(price: f64, quantity: f64) -> Observed {
    Observed { price, quantity }
}

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

/// Goods of one region, each made at a constant cost.
fn offered_at(system: impl Into<DemandSystem>, costs: &[f64]) -> Market {
    let system = system.into();
    let mut market = Market::builder("system", "USD").region("Home");
    for (good, &cost) in system.goods().iter().zip(costs) {
        let supply = Supply::perfectly_elastic(cost).unwrap();
        market = market.commodity(good).activity(Activity::producing(
            &format!("{good} plant"),
            "Home",
            good,
            supply,
        ));
    }
    market
        .demand_system("Home", "buyers", system)
        .build()
        .unwrap()
}

/// Home-made goods against imports from two origins.
fn armington() -> NestedCes {
    NestedCes::new(
        -0.6,
        Nest::new(2.0).good("home", at(70.0, 30.0)).nest(
            "imported",
            Nest::new(5.0)
                .good("east", at(55.0, 40.0))
                .good("west", at(80.0, 5.0)),
        ),
    )
    .unwrap()
}
