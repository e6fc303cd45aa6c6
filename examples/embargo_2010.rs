//! China cut its export quotas of rare earths by 40 % in 2010 and stopped shipments to Japan. What a market model makes of
//! that, beside what United States customs recorded.
//!
//! `cargo run --release --example embargo_2010`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, DataError, Table as Facts};
use pricefloor::ledger::{Range, Ranges};
use pricefloor::prelude::*;
use support::chart::{self, Frame, Line as Drawn};
use support::table::{Table, number, range};

type Failure = Box<dyn std::error::Error>;

const OXIDES: &str = "rare earth oxides";
const BUYERS: [&str; 3] = ["Japan", "United States", "Others"];
/// Who took China's exports: the United States from customs, the rest divided by judgement, Japan 0.6 of it.
const JAPAN_OF_THE_REST: f64 = 0.6;
/// Freight, and the cost of sending a cargo on through a third country, USD/kg. Judgement.
const FREIGHT: f64 = 0.1;
const YEARS: [&str; 4] = ["2009", "2010", "2011", "2012"];
const AMERICA: &str = "US imports HTS 2846 from China";

fn main() -> Result<(), Failure> {
    println!("{}", observed()?);
    println!(
        "Quotas: {}\nUnit values: {}\n",
        data::fact(Facts::ChinaExportQuotas, "China", "export quota", "2010")?.provenance(),
        data::fact(Facts::UsImportUnitValues, AMERICA, "unit value", "2011")?.provenance(),
    );
    let elasticities = elasticities()?;
    let market = market(-0.2)?;
    let free = market.solve(&Policy::none())?;
    let replay = free.price("United States", OXIDES)?;
    println!(
        "The model: what the world outside China bought in 2009 at the price of 2009 (replayed: ${}), a demand of constant \
         elasticity, no other supply within a year or two. Only the elasticity is unknown; its range is the base case's short \
         run, {}.\n",
        number(replay, 2),
        range(Some(-0.4), Some(-0.1), 1),
    );
    let cases = cases()?;
    let mut table = Table::new(
        "Price in the United States as a multiple of 2009",
        &[
            "",
            "exports, t",
            "model, low",
            "central",
            "high",
            "recorded",
            "elasticity that would fit",
        ],
    );
    let mut modelled = Vec::new();
    for case in &cases {
        let found = elasticities.spread(|at| multiple(at[0], case))?;
        let [figure] = found[..] else {
            return Err("one figure a case".into());
        };
        let recorded = case.recorded.map(unit_value).transpose()?;
        let recorded = recorded.map(|value| value / replay);
        let cut = (case.exports / base()?).ln();
        let fit = recorded.map(|multiple| cut / multiple.ln());
        let cells = [figure.low, figure.central, figure.high];
        table.row(
            [case.name.to_owned(), number(case.exports, 0)]
                .into_iter()
                .chain(cells.map(|value| number(value, 1)))
                .chain([
                    recorded.map_or("-".to_owned(), |value| number(value, 1)),
                    fit.map_or("-".to_owned(), |value| number(value, 2)),
                ]),
        );
        modelled.push((case, figure, recorded));
    }
    println!("{table}");
    explain(&modelled)?;
    halt()?;
    draw(&modelled)
}

/// China's exports in 2009, t: the quota, which held then.
fn base() -> Result<f64, DataError> {
    quota("2009")
}

fn quota(year: &str) -> Result<f64, DataError> {
    data::fact(Facts::ChinaExportQuotas, "China", "export quota", year)?.number()
}

fn unit_value(year: &str) -> Result<f64, DataError> {
    data::fact(Facts::UsImportUnitValues, AMERICA, "unit value", year)?.number()
}

/// Exports of eleven months as those of a year.
fn eleven_months(year: &str) -> Result<f64, DataError> {
    let metric = "actual exports, Jan-Nov";
    let row = data::fact(Facts::ChinaExportQuotas, "China", metric, year)?;
    Ok(row.number()? * 12.0 / 11.0)
}

fn observed() -> Result<Table, Failure> {
    let mut table = Table::new(
        "What is on record",
        &[
            "",
            "export quota, t",
            "exports, t",
            "US imports, t gross",
            "unit value, USD/kg",
            "multiple of 2009",
        ],
    );
    let first = unit_value("2009")?;
    for year in YEARS {
        let exports = match year {
            "2009" => None,
            "2012" => Some(
                data::fact(Facts::ChinaExportQuotas, "China", "actual exports", year)?.number()?,
            ),
            _ => Some(eleven_months(year)?),
        };
        let or_dash = |value: Option<f64>| value.map_or("-".to_owned(), |v| number(v, 0));
        table.row([
            year.to_owned(),
            or_dash(quota(year).ok()),
            or_dash(exports),
            number(
                data::fact(Facts::UsImportUnitValues, AMERICA, "quantity", year)?.number()?,
                0,
            ),
            number(unit_value(year)?, 2),
            number(unit_value(year)? / first, 1),
        ]);
    }
    Ok(table)
}

fn elasticities() -> Result<Ranges, Failure> {
    let row = data::base_case_row("demand elasticity short run", "all")?;
    let (Some(low), Some(high)) = (row.low(), row.high()) else {
        return Err("the base case gives a range for the short run".into());
    };
    let central = row.value();
    Ok(Ranges::new().with("demand", Range { low, central, high })?)
}

fn market(elasticity: f64) -> Result<Market, Failure> {
    let (price, total) = (unit_value("2009")?, base()?);
    let america = data::fact(Facts::UsImportUnitValues, AMERICA, "quantity", "2009")?.number()?;
    let rest = total - america;
    let shares = [
        JAPAN_OF_THE_REST * rest,
        america,
        (1.0 - JAPAN_OF_THE_REST) * rest,
    ];
    // what China can export at the price of 2009 less freight; its own use is not in the model
    let plants = Supply::perfectly_elastic(price - FREIGHT)?;
    let mut builder = Market::builder("rare earth oxides outside China, 2009", "USD/kg")
        .units("t", "USD thousand")
        .commodity(OXIDES)
        .region("China")
        .activity(Activity::producing(
            "Chinese plants",
            "China",
            OXIDES,
            plants,
        ));
    for (region, quantity) in BUYERS.into_iter().zip(shares) {
        let observed = Observed { price, quantity };
        builder = builder
            .region(region)
            .demand(
                region,
                OXIDES,
                Demand::constant_elasticity(observed, elasticity)?,
            )
            .route("China", region, OXIDES, FREIGHT);
        for other in BUYERS.into_iter().filter(|other| *other != region) {
            builder = builder.route(region, other, OXIDES, FREIGHT);
        }
    }
    Ok(builder.build()?)
}

/// What is assumed about a year, and the year on record to hold it against.
struct Case {
    name: &'static str,
    exports: f64,
    recorded: Option<&'static str>,
}

fn cases() -> Result<[Case; 4], Failure> {
    let case = |name, exports, recorded| Case {
        name,
        exports,
        recorded,
    };
    let actual = data::fact(Facts::ChinaExportQuotas, "China", "actual exports", "2012")?;
    Ok([
        case("2010, the quota holds", quota("2010")?, Some("2010")),
        case(
            "2010, exports as they were",
            eleven_months("2010")?,
            Some("2010"),
        ),
        case(
            "2011, exports as they were",
            eleven_months("2011")?,
            Some("2011"),
        ),
        case("2012, exports as they were", actual.number()?, Some("2012")),
    ])
}

/// The price in the United States under a limit on exports, as a multiple of 2009.
fn multiple(elasticity: f64, case: &Case) -> Result<Vec<f64>, Failure> {
    let limit = ExportQuota::new("China", OXIDES, case.exports, RentOwner::Exporters);
    let solved = market(elasticity)?.solve(&Policy::new().with("quota", limit)?)?;
    Ok(vec![
        solved.price("United States", OXIDES)? / unit_value("2009")?,
    ])
}

fn explain(modelled: &[(&Case, Range, Option<f64>)]) -> Result<(), Failure> {
    let inside = |range: &Range, value: f64| range.low <= value && value <= range.high;
    let recorded = |(_, _, recorded): &&(&Case, Range, Option<f64>)| *recorded;
    let held = modelled
        .iter()
        .filter(|m| recorded(m).is_some_and(|value| inside(&m.1, value)));
    println!(
        "{} of {} recorded prices lie inside the model's range.",
        held.count(),
        modelled.len()
    );
    let used = 100.0 * eleven_months("2011")? / quota("2011")?;
    println!(
        "Quantities alone do not explain the record. In 2010 exports were {} % above the quota, so that it did not hold, and the \
         yearly price rose {}-fold; in 2011 only {} % of the quota was used and the price was {} times that of 2009, less \
         than so deep a cut would bring at the base case's short-run elasticity. Each year on record would fit an \
         elasticity between {} and {}, stiffer in the year of the peak: buyers adjusted more than the base case allows within \
         a year, whether by using less or from stocks. Unit values are of a mix that changed, by gross weight.\n",
        number(100.0 * (eleven_months("2010")? / quota("2010")? - 1.0), 0),
        number(unit_value("2010")? / unit_value("2009")?, 1),
        number(used, 0),
        number(unit_value("2011")? / unit_value("2009")?, 1),
        number(fits(modelled)?.0, 2),
        number(fits(modelled)?.1, 2),
    );
    Ok(())
}

/// The smallest and the largest elasticity, in size, that fits a year's exports and price.
fn fits(modelled: &[(&Case, Range, Option<f64>)]) -> Result<(f64, f64), Failure> {
    let mut ends = (f64::NEG_INFINITY, 0.0_f64);
    for (case, _, recorded) in &modelled[1..] {
        let Some(recorded) = recorded else { continue };
        let fit = (case.exports / base()?).ln() / recorded.ln();
        ends = (ends.0.max(fit), ends.1.min(fit));
    }
    Ok(ends)
}

/// The halt of shipments to Japan, for a year, with and without a way through third countries.
fn halt() -> Result<(), Failure> {
    let market = market(-0.2)?;
    let backstop = 20.0 * unit_value("2009")?;
    let mut table = Table::new(
        "A halt of shipments to Japan alone, at an elasticity of -0.2 (USD/kg; t/year)",
        &[
            "",
            "price in Japan",
            "price elsewhere",
            "Japan gets",
            "through others",
        ],
    );
    let ban = Embargo::on_exports("China", OXIDES).with("Japan");
    let halted = Policy::new().with("halt", ban)?;
    let mut closed = Market::builder(market.name(), market.price_unit())
        .units(market.quantity_unit(), market.money_unit())
        .commodity(OXIDES)
        .region("China")
        .activity(market.activities()[0].clone());
    for region in BUYERS {
        let demand = market
            .demand(region, OXIDES)
            .ok_or("every buyer has a demand")?
            .clone();
        closed = closed
            .region(region)
            .demand(region, OXIDES, demand.with_choke(backstop)?)
            .route("China", region, OXIDES, FREIGHT);
    }
    for (name, market) in [
        ("others pass it on", market),
        ("nobody passes it on", closed.build()?),
    ] {
        let solved = market.solve(&halted)?;
        let passed = |from: &str| solved.flow(from, "Japan", OXIDES).unwrap_or(0.0);
        table.row([
            name.to_owned(),
            number(solved.price("Japan", OXIDES)?, 2),
            number(solved.price("United States", OXIDES)?, 2),
            number(solved.node("Japan", OXIDES)?.demanded(), 0),
            number(passed("United States") + passed("Others"), 0),
        ]);
    }
    println!("{table}");
    println!(
        "A ban on one destination is worth what it costs to send the goods round, ${} a kilogram here; only where origin is \
         followed and third countries comply does it bite, and then nothing but stocks stand between Japan and a price at \
         which buyers give up (twenty times 2009, a judgement).\n",
        number(FREIGHT, 2)
    );
    Ok(())
}

/// Prices against exports: the record, and demand of three elasticities.
fn draw(modelled: &[(&Case, Range, Option<f64>)]) -> Result<(), Failure> {
    let total = base()?;
    let mut record = vec![(100.0, 1.0)];
    for (case, _, recorded) in &modelled[1..] {
        if let Some(multiple) = recorded {
            record.push((100.0 * case.exports / total, *multiple));
        }
    }
    let mut lines = vec![Drawn::new(
        "recorded, 2009 to 2012 from right to left",
        record,
    )];
    for elasticity in [-0.2, -0.4, -0.6] {
        let mut points = Vec::new();
        for percent in (26..=100_u32).rev() {
            let exports = total * f64::from(percent) / 100.0;
            let case = Case {
                name: "",
                exports,
                recorded: None,
            };
            let found = multiple(elasticity, &case)?;
            points.extend(
                found
                    .into_iter()
                    .filter(|m| *m <= 20.0)
                    .map(|m| (f64::from(percent), m)),
            );
        }
        let name = format!("model, elasticity {}", number(elasticity, 1));
        lines.push(Drawn::new(&name, points).dashed());
    }
    let frame = Frame {
        title: "Rare earths after the cut of 2010",
        says: "Each year lies under the curves of the short-run range, -0.4 to -0.1: buyers adjusted more than that.",
        x: "China's exports, per cent of the quota of 2009",
        y: "US unit value, multiple of 2009",
    };
    let chart = chart::lines(frame, &lines, &[])
        .x_range(20.0, 100.0)
        .y_range(0.0, 20.0);
    let path = chart.save("embargo_2010")?;
    println!("wrote {}", path.display());
    Ok(())
}
