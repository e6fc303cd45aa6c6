//! What Mountain Pass's output does to the world: prices inside and outside China, and China's share.
//!
//! One homogeneous oxide. China does not refund value-added tax on exports, so the price outside is the price inside
//! plus the tax while China exports, and the same as inside once it imports. Calibrated inside the ranges of the
//! bundled balance so that China is a small net exporter (the balance as published has it import 600 t at the lower of
//! two prices, which no single good can do).

use pricefloor::data::{self, DataError};
use pricefloor::prelude::*;

type Failure = Box<dyn std::error::Error>;

const OXIDE: &str = "NdPr oxide";
/// Value-added tax since April 2019, not refunded on rare earth exports.
const TAX: f64 = 0.13;
/// Consumption, t/year, inside the stated ranges.
const CONSUMED: [(&str, f64); 4] = [
    ("China", 72_000.0),
    ("Japan", 5_000.0),
    ("United States", 300.0),
    ("Rest of world", 4_700.0),
];
const OUTSIDE: [&str; 3] = ["Japan", "United States", "Rest of world"];

/// Long-run responses to price.
#[derive(Clone, Copy, Debug)]
pub struct Elasticities {
    pub demand: f64,
    pub china: f64,
    pub others: f64,
}

/// What the world looks like at an output of Mountain Pass.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub inside: f64,
    pub outside: f64,
    pub china_exports: f64,
    pub china_share: f64,
    /// China exports, so that its tax stands between the two prices.
    pub wedge_active: bool,
}

/// Central, and every corner of the ranges.
pub struct Spread {
    pub central: World,
    pub low: World,
    pub high: World,
}

fn elasticity(item: &str, region: &str) -> Result<(f64, f64, f64), DataError> {
    let row = data::base_case_row(item, region)?;
    let value = row.value();
    Ok((
        value,
        row.low().unwrap_or(value),
        row.high().unwrap_or(value),
    ))
}

/// Production and stock change as in the balance; t/year.
fn balance(item: &str, region: &str) -> Result<f64, DataError> {
    data::base_case_row(item, region).map(data::BaseCaseRow::value)
}

fn market(output: f64, e: Elasticities) -> Result<Market, Failure> {
    let inside = balance("price (China domestic ex VAT)", "China")?;
    let outside = inside * (1.0 + TAX);
    let mut builder = Market::builder("NdPr oxide, mid-2025", "USD/kg")
        .commodity(OXIDE)
        .units("t", "USD thousand");
    for (region, quantity) in CONSUMED {
        let price = if region == "China" { inside } else { outside };
        let mut demand = Demand::constant_elasticity(Observed { price, quantity }, e.demand)?;
        if ["China", "United States"].contains(&region) {
            demand = demand + Demand::fixed(balance("stock change", region)?)?;
        }
        builder = builder.region(region).demand(region, OXIDE, demand);
    }
    let elastic = |region: &str, price: f64, elasticity: f64| -> Result<Supply, Failure> {
        let quantity = balance("production", region)?;
        Ok(Supply::constant_elasticity(
            Observed { price, quantity },
            elasticity,
        )?)
    };
    builder = builder
        .activity(Activity::producing(
            "Chinese plants",
            "China",
            OXIDE,
            elastic("China", inside, e.china)?,
        ))
        .activity(Activity::producing(
            "Lynas and others",
            "Rest of world",
            OXIDE,
            elastic("Rest of world", outside, e.others)?,
        ))
        .activity(Activity::producing(
            "Mountain Pass",
            "United States",
            OXIDE,
            Supply::fixed(output)?,
        ));
    // every route without a cost; the three regions outside trade through one of them
    for region in OUTSIDE {
        builder = builder
            .route("China", region, OXIDE, 0.0)
            .route(region, "China", OXIDE, 0.0);
        for other in OUTSIDE.into_iter().filter(|other| *other != region) {
            builder = builder.route(region, other, OXIDE, 0.0);
        }
    }
    Ok(builder.build()?)
}

fn solve(output: f64, e: Elasticities) -> Result<World, Failure> {
    let policy =
        Policy::new().with("unrefunded tax", ExportTax::ad_valorem("China", OXIDE, TAX))?;
    let solved = market(output, e)?.solve(&policy)?;
    let (inside, outside) = (solved.price("China", OXIDE)?, solved.price("Japan", OXIDE)?);
    let china = solved.level("Chinese plants")?;
    let used = solved.node("China", OXIDE)?.demanded();
    let made = china + solved.level("Lynas and others")? + output;
    Ok(World {
        inside,
        outside,
        china_exports: china - used,
        china_share: china / made,
        wedge_active: china - used > 1.0,
    })
}

/// The world at an output of Mountain Pass, t/year, with low and high over the elasticities' ranges.
pub fn at_output(output: f64) -> Result<Spread, Failure> {
    let (demand, china, others) = (
        elasticity("demand elasticity long run", "all")?,
        elasticity("supply elasticity long run", "China")?,
        elasticity(
            "supply elasticity long run (10 years or more)",
            "Rest of world",
        )?,
    );
    let central = solve(
        output,
        Elasticities {
            demand: demand.0,
            china: china.0,
            others: others.0,
        },
    )?;
    let (mut low, mut high) = (central, central);
    for demand in [demand.1, demand.2] {
        for china in [china.1, china.2] {
            for others in [others.1, others.2] {
                let corner = solve(
                    output,
                    Elasticities {
                        demand,
                        china,
                        others,
                    },
                )?;
                for (end, pick) in [
                    (&mut low, f64::min as fn(f64, f64) -> f64),
                    (&mut high, f64::max),
                ] {
                    end.inside = pick(end.inside, corner.inside);
                    end.outside = pick(end.outside, corner.outside);
                    end.china_exports = pick(end.china_exports, corner.china_exports);
                    end.china_share = pick(end.china_share, corner.china_share);
                }
            }
        }
    }
    Ok(Spread { central, low, high })
}
