//! The chain from NdPr oxide over metal to magnets in mid-2025, in tonnes of NdPr oxide contained, net of process scrap, so that
//! a tonne at one stage is a tonne at the next. Facts are from the bundled data; what is judged is named so.

#![allow(dead_code)]

use pricefloor::data::{self, DataError, Table};
use pricefloor::ledger::{Range, Ranges};
use pricefloor::prelude::*;

pub type Failure = Box<dyn std::error::Error>;

pub const OXIDE: &str = "NdPr oxide";
pub const METAL: &str = "NdPr metal";
pub const MAGNETS: &str = "magnets";
pub const STAGES: [&str; 3] = [OXIDE, METAL, MAGNETS];
pub const REGIONS: [&str; 6] = [
    "China",
    "United States",
    "Japan",
    "Europe and Canada",
    "Australia",
    "Others",
];
/// Value-added tax on oxide and metal, not refunded on export (that it is not was not verified); magnets leave without it.
pub const TAX: f64 = 0.13;
/// Transport, USD/kg contained: small numbers that say which way goods would go. Judgement.
const FREIGHT: [f64; 3] = [0.1, 0.2, 0.1];
/// What it costs to make metal of oxide, USD/kg contained. Judgement.
const CONVERSION: f64 = 7.0;
/// Response of metal and magnet makers to what they earn on the material. Judgement, range 1 to 4.
const MAKERS: f64 = 2.0;

/// Numbers that the base case gives with a range, in the order in which [`market`] takes them.
pub fn elasticities() -> Result<Ranges, Failure> {
    let row = |item: &str, region: &str| -> Result<Range, DataError> {
        let row = data::base_case_row(item, region)?;
        let central = row.value();
        Ok(Range {
            low: row.low().unwrap_or(central),
            central,
            high: row.high().unwrap_or(central),
        })
    };
    let others = "supply elasticity long run (10 years or more)";
    Ok(Ranges::new()
        .with("oxide demand", row("demand elasticity long run", "all")?)?
        .with(
            "oxide supply, China",
            row("supply elasticity long run", "China")?,
        )?
        .with("oxide supply, others", row(others, "Rest of world")?)?)
}

/// The central elasticities.
pub fn central() -> Result<Vec<f64>, Failure> {
    let mut centre = Vec::new();
    elasticities()?.spread(|values| -> Result<Vec<f64>, DataError> {
        if centre.is_empty() {
            centre = values.to_vec();
        }
        Ok(Vec::new())
    })?;
    Ok(centre)
}

/// What one region makes and uses in the base year, t/year contained.
struct Base {
    oxide: f64,
    magnets_made: f64,
    magnets_used: f64,
    stocked: f64,
}

fn base(region: &str) -> Result<Base, DataError> {
    let row = |item: &str, region: &str| data::base_case_row(item, region).map(|r| r.value());
    let exports = row("embodied NdPr oxide in Chinese magnet exports", "China")?;
    let to_america = row(
        "embodied NdPr oxide in US magnet imports from China",
        "United States",
    )?;
    // 228 t of magnets a month in September 2025, 0.30 x 1.17 of oxide each
    let month = data::fact(
        Table::TradeMagnets,
        "China to Japan",
        "rare earth magnet exports",
        "2025-09",
    )?;
    let to_japan = 12.0 * month.number()? * 0.30 * 1.17;
    // Consumption of oxide as calibrated inside the ranges of the base case, so that China exports a little:
    // 72,000 in China, 5,000 in Japan, 4,700 in Europe, Canada and others.
    let base = |oxide, magnets_made, magnets_used, stocked| Base {
        oxide,
        magnets_made,
        magnets_used,
        stocked,
    };
    Ok(match region {
        "China" => {
            let made = 72_000.0;
            base(
                row("production", "China")?,
                made,
                made - exports,
                row("stock change", "China")?,
            )
        }
        "United States" => {
            let made = row("consumption", "United States")?;
            let oxide = row("production", "United States")?;
            base(
                oxide,
                made,
                made + to_america,
                row("stock change", "United States")?,
            )
        }
        "Japan" => base(0.0, 5_000.0, 5_000.0 + to_japan, 0.0),
        // the split of what is left between these two is a judgement
        "Europe and Canada" => {
            let left = exports - to_america - to_japan;
            base(0.0, 3_000.0, 3_000.0 + 0.55 * left, 0.0)
        }
        "Others" => {
            let left = exports - to_america - to_japan;
            base(400.0, 1_700.0, 1_700.0 + 0.45 * left, 0.0)
        }
        // Lynas: ore and firm are Australian, though most is separated in Malaysia
        _ => base(row("production", "Rest of world")? - 400.0, 0.0, 0.0, 0.0),
    })
}

/// Name of the producer of a stage in a region.
pub fn maker(stage: &str, region: &str) -> String {
    match (stage, region) {
        (OXIDE, "United States") => "Mountain Pass".to_owned(),
        (OXIDE, "Australia") => "Lynas".to_owned(),
        _ => format!("{stage} makers of {region}"),
    }
}

/// Prices of oxide, metal and magnets in the base year, USD/kg contained.
fn prices(region: &str) -> Result<[f64; 3], DataError> {
    let inside = data::base_case_row("price (China domestic ex VAT)", "China")?.value();
    let exporter = inside * (1.0 + TAX);
    let oxide = match region {
        "China" => inside,
        "United States" | "Australia" => exporter,
        _ => exporter + FREIGHT[0],
    };
    // 2.86bn USD for what Chinese magnet exports of 2024 contained
    let contained = data::base_case_row("embodied NdPr oxide in Chinese magnet exports", "China")?;
    let magnets = 2_860_000.0 / contained.value();
    let freight = if region == "China" { 0.0 } else { FREIGHT[2] };
    Ok([oxide, oxide + CONVERSION, magnets + freight])
}

/// The world market with elasticities of oxide demand, of Chinese and of other oxide supply.
///
/// Final demand is for magnets. It carries the whole response of oxide demand to its price: an elasticity of e at the oxide is
/// one of e times the magnet price over the oxide price at the magnet.
pub fn market(elasticities: &[f64]) -> Result<Market, Failure> {
    let [demand, china, others] = *elasticities else {
        return Err("three elasticities are needed".into());
    };
    let mut builder = Market::builder("NdPr from oxide to magnets, mid-2025", "USD/kg")
        .units("t", "USD thousand");
    for stage in STAGES {
        builder = builder.commodity(stage);
    }
    let through = |price, quantity, elasticity| {
        Supply::constant_elasticity(Observed { price, quantity }, elasticity)
    };
    for region in REGIONS {
        let base = base(region)?;
        let [oxide, metal, magnets] = prices(region)?;
        builder = builder.region(region);
        if base.magnets_used > 0.0 {
            let observed = Observed {
                price: magnets,
                quantity: base.magnets_used,
            };
            let at_magnets = demand * magnets / oxide;
            let curve = Demand::constant_elasticity(observed, at_magnets)?;
            builder = builder.demand(region, MAGNETS, curve);
        }
        if base.stocked > 0.0 {
            builder = builder.demand(region, OXIDE, Demand::fixed(base.stocked)?);
        }
        if base.oxide > 0.0 {
            let elasticity = if region == "China" { china } else { others };
            let supply = through(oxide, base.oxide, elasticity)?;
            let name = maker(OXIDE, region);
            builder = builder.activity(Activity::producing(&name, region, OXIDE, supply));
        }
        if base.magnets_made > 0.0 {
            for (stage, input, margin) in [
                (METAL, OXIDE, metal - oxide),
                (MAGNETS, METAL, magnets - metal),
            ] {
                let observed = Observed {
                    price: margin,
                    quantity: base.magnets_made,
                };
                let supply = Supply::constant_elasticity(observed, MAKERS)?;
                let plant = Activity::producing(&maker(stage, region), region, stage, supply);
                builder = builder.activity(plant.with_input(input, 1.0));
            }
        }
    }
    // from where a stage is made to where it is used; nobody passes on what others made
    for (k, (stage, freight)) in STAGES.into_iter().zip(FREIGHT).enumerate() {
        for from in REGIONS {
            for to in REGIONS.into_iter().filter(|to| *to != from) {
                let (source, target) = (base(from)?, base(to)?);
                let made = [source.oxide, source.magnets_made, source.magnets_made][k];
                let used = [
                    target.magnets_made,
                    target.magnets_made,
                    target.magnets_used,
                ][k];
                if made > 0.0 && used > 0.0 {
                    builder = builder.route(from, to, stage, freight);
                }
            }
        }
    }
    Ok(builder.build()?)
}

/// A floor on each stage of the chain, when oxide has one: what it costs in the United States without a reform, and the rise
/// at the oxide on top.
pub fn rungs(free: &Equilibrium, floor: f64) -> Result<[(&'static str, f64); 3], Failure> {
    let price = |stage| free.price("United States", stage);
    let rise = floor - price(OXIDE)?;
    Ok([
        (OXIDE, floor),
        (METAL, price(METAL)? + rise),
        (MAGNETS, price(MAGNETS)? + rise),
    ])
}

/// What holds without any reform: the tax that China does not refund.
pub fn status_quo() -> Result<Policy, Failure> {
    Ok(Policy::new()
        .with(
            "unrefunded tax on oxide",
            ExportTax::ad_valorem("China", OXIDE, TAX),
        )?
        .with(
            "unrefunded tax on metal",
            ExportTax::ad_valorem("China", METAL, TAX),
        )?)
}

/// Short-run responses, and the prices at which buyers give up: four times the base. Judgement.
pub fn months() -> Result<ShortRun, Failure> {
    let value = |item: &str, region: &str| data::base_case_row(item, region).map(|r| r.value());
    let [oxide, _, magnets] = prices("Japan")?;
    let demand = value("demand elasticity short run", "all")? * magnets / oxide;
    Ok(ShortRun::new(
        demand,
        value("supply elasticity short run", "Rest of world")?,
    )
    .supply_in("China", value("supply elasticity short run", "China")?)
    .backstop(MAGNETS, 4.0 * magnets)
    .backstop(OXIDE, 4.0 * magnets))
}
