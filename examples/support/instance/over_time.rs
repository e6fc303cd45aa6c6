//! A perfect-foresight instance as a horizon: what `foresight.rs` writes for the engine, said in the words of a user.

use std::error::Error;

use super::{Cost, Instance};
use pricefloor::assembly::{Dimension, Draft, DraftError, Expr, Limit, Rule};
use pricefloor::horizon::{
    Calendar, Dated, EndValue, Expansion, Horizon, PeriodResult, Stage, Store,
};
use pricefloor::intervention::{Intervention, Measure};
use pricefloor::market::Route;
use pricefloor::prelude::*;

/// Buyers whose line of demand moves from period to period: `p = a(t) - b q`, and `q >= 0`.
#[derive(Debug)]
struct Buyers {
    region: String,
    commodity: String,
    intercepts: Vec<f64>,
    slope: f64,
}

impl Intervention for Buyers {
    fn kind(&self) -> &'static str {
        "buyers"
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let period = draft.period().index;
        let intercept = self.intercepts.get(period).copied().unwrap_or(f64::NAN);
        let intercept = draft.param("intercept", intercept, Rule::Finite)?;
        let slope = draft.param("slope", self.slope, Rule::NonNegative)?;
        let (price, quantity) = (Dimension::Price.at(node), Dimension::Quantity.at(node));
        let bought = draft.unknown("bought", quantity, 0.0, Limit::none(), 0.0);
        let short = draft.price(node) - intercept + Expr::from(bought) * slope;
        draft.condition(bought, price, short);
        let purse = draft.treasury("buyers");
        draft.withdraw(node, purse, bought);
        Ok(())
    }
}

fn region(index: usize) -> String {
    format!("R{index}")
}

fn commodity(index: usize) -> String {
    format!("K{index}")
}

fn process(index: usize) -> String {
    format!("process {index}")
}

impl Instance {
    /// The instance as a horizon of years. Tariffs are a cost here, since nobody's accounts are asked for.
    pub fn horizon(&self) -> Result<Horizon, Box<dyn Error>> {
        let mut market = Market::builder(&self.name, "USD");
        for r in 0..self.regions {
            market = market.region(&region(r));
        }
        for k in 0..self.goods {
            market = market.commodity(&commodity(k));
        }
        for (j, made) in self.processes.iter().enumerate() {
            let Cost::Linear { a, b } = made.cost else {
                return Err("over time costs are linear".into());
            };
            let supply = Supply::linear(Line {
                intercept: a,
                slope: b,
            })?;
            let supply = supply.with_capacity(made.cap0)?;
            let mut activity = Activity::new(&process(j), &region(made.region), supply);
            for &(good, per_unit) in &made.r#yield {
                activity = activity.with_output(&commodity(good), per_unit);
            }
            market = market.activity(activity);
        }
        for a in 0..self.arcs.from.len() {
            let (from, to) = (region(self.arcs.from[a]), region(self.arcs.to[a]));
            let cost = self.arcs.cost[a] + self.arcs.tariff[a];
            let mut route = Route::new(&from, &to, &commodity(self.arcs.good[a]), cost);
            if let Some(quota) = self.arcs.quota[a] {
                route = route.with_capacity(quota);
            }
            market = market.add_route(route);
        }
        let years = u32::try_from(self.periods)?;
        let rate = 1.0 / self.discount - 1.0;
        let mut horizon = Horizon::builder(&market.build()?, Calendar::yearly(years), rate);
        for (i, demand) in self.demands.iter().enumerate() {
            let buyers = Buyers {
                region: region(demand.region),
                commodity: commodity(demand.good),
                intercepts: demand.a.clone(),
                slope: demand.b,
            };
            horizon = horizon.measure(Dated::new(&format!("demand {i}"), Measure::custom(buyers)));
        }
        for (j, made) in self.processes.iter().enumerate() {
            horizon = horizon.expansion(
                Expansion::of(&process(j))
                    .stage(Stage::new("construction", 1.0).costing(made.inv_cost))
                    .rising(made.inv_quad)
                    .declining(self.depreciation)
                    .ending(EndValue::Nothing),
            );
        }
        for (i, floor) in self.floors.iter().enumerate() {
            let (region, commodity) = (region(floor.region), commodity(floor.good));
            let mut buying = SupportBuying::new(&region, &commodity, floor.price);
            if let Some(most) = floor.cap {
                buying = buying.limit(most);
            }
            horizon = horizon.measure(Dated::new(&format!("floor {i}"), buying));
        }
        for store in &self.storage {
            let here = Store::new(&region(store.region), &commodity(store.good));
            horizon = horizon.store(
                here.opening(store.stock0)
                    .costing(store.cost)
                    .capacity(store.cap),
            );
        }
        Ok(horizon.build()?)
    }

    /// The prices of a period, by node in the order of the file.
    pub fn prices(&self, period: &PeriodResult) -> Result<Vec<f64>, Box<dyn Error>> {
        let nodes = (0..self.regions).flat_map(|r| (0..self.goods).map(move |k| (r, k)));
        let price = |(r, k)| Ok(period.price(&region(r), &commodity(k))?);
        nodes.map(price).collect()
    }
}
