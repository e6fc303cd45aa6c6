//! GSIM (Francois and Hall 2003): four countries, each good told apart by its origin, a free trade agreement between two.

use pricefloor::equilibrium::{Outcome, Side};
use pricefloor::intervention::Measure;
use pricefloor::prelude::*;
use serde_json::Value;

use super::at;
use crate::known::case;

const COUNTRIES: [&str; 4] = ["US", "JP", "EU", "RW"];

struct World {
    trade: [[f64; 4]; 4],
    power: [[f64; 4]; 4],
    elasticity: f64,
    supply: f64,
    substitution: f64,
}

fn table(value: &Value) -> [[f64; 4]; 4] {
    std::array::from_fn(|i| std::array::from_fn(|j| value[i][j].as_f64().unwrap()))
}

fn good(origin: usize) -> String {
    format!("good of {}", COUNTRIES[origin])
}

fn name(from: usize, to: usize) -> String {
    format!("{} to {}", COUNTRIES[from], COUNTRIES[to])
}

impl World {
    fn read() -> (Value, Self) {
        let case = case("tr_gsim_4x4");
        let problem = &case["problem"];
        let number = |key: &str| problem[key].as_f64().unwrap();
        let world = Self {
            trade: table(&problem["trade_at_world_prices_exporter_row_importer_col"]),
            power: table(&problem["initial_tariff_power"]),
            elasticity: number("import_demand_elasticity"),
            supply: number("export_supply_elasticity"),
            substitution: number("substitution_elasticity"),
        };
        (case, world)
    }

    /// Every country buys the goods of all origins at its own prices, world prices of one times the power of the tariff.
    /// Trade within a country pays a tariff in the data too; there it is part of the cost of selling, at a port of its own.
    fn market(&self) -> Market {
        let mut market = Market::builder("gsim", "USD");
        for country in COUNTRIES {
            market = market.region(country).region(&format!("port of {country}"));
        }
        for (from, exporter) in COUNTRIES.into_iter().enumerate() {
            let sold: f64 = self.trade[from].iter().sum();
            let supply = Supply::constant_elasticity(at(1.0, sold), self.supply).unwrap();
            let port = format!("port of {exporter}");
            market = market.commodity(&good(from)).activity(Activity::producing(
                exporter,
                &port,
                &good(from),
                supply,
            ));
            for (to, importer) in COUNTRIES.into_iter().enumerate() {
                if self.trade[from][to] > 0.0 {
                    market = market.route(&port, importer, &good(from), 0.0);
                }
            }
        }
        for (to, importer) in COUNTRIES.into_iter().enumerate() {
            let mut nest = Nest::new(self.substitution);
            for from in 0..4 {
                if self.trade[from][to] > 0.0 {
                    nest = nest.good(&good(from), at(self.power[from][to], self.trade[from][to]));
                }
            }
            let system = NestedCes::new(self.elasticity, nest).unwrap();
            market = market.demand_system(importer, "imports", system);
        }
        market.build().unwrap()
    }

    fn tariffs(&self) -> Policy {
        let mut policy = Policy::new();
        for from in 0..4 {
            for (to, importer) in COUNTRIES.into_iter().enumerate() {
                if self.trade[from][to] > 0.0 {
                    let rate = self.power[from][to] - 1.0;
                    let tariff = Tariff::ad_valorem(importer, &good(from), rate, Base::Origin);
                    policy = policy.with(&name(from, to), Measure::from(tariff)).unwrap();
                }
            }
        }
        policy
    }
}

/// The printed changes of world prices solve a linearised system: they are the derivatives in each tariff times the change
/// of its power, over the power it had. The exact solution of the same market is another number, and is shown beside it.
#[test]
fn tr_gsim_4x4() {
    let (case, world) = World::read();
    let compiled = world.market().compile(&world.tariffs()).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    let before = compiled.equilibrium_from(&mut workspace).unwrap();
    let price = |country: &str, of: &pricefloor::Equilibrium| {
        let port = format!("port of {country}");
        of.price(&port, &format!("good of {country}")).unwrap()
    };
    // the data is replayed before anything is changed
    for country in COUNTRIES {
        assert!((price(country, &before) - 1.0).abs() < 1e-9);
    }
    let agreement = [(0, 2), (2, 0)];
    let rates: Vec<_> = agreement
        .map(|(from, to)| {
            let rate = format!("measure/{}/rate", name(from, to));
            (compiled.param(&rate).unwrap(), 1.0 - world.power[from][to])
        })
        .into();
    let mut sensitivity = compiled.sensitivity(&mut workspace).unwrap();
    let (mut asked, mut derivatives) = (Vec::new(), Vec::new());
    let mut first_order = |outcome: Outcome| -> f64 {
        asked.push(outcome.clone());
        let gradient = sensitivity.gradient(&outcome).unwrap();
        rates
            .iter()
            .map(|&(rate, change)| {
                let one = sensitivity.derivative(&outcome, rate, Side::Down).unwrap();
                derivatives.push(one);
                assert!((one - gradient.of(rate)).abs() < 1e-9);
                one * change
            })
            .sum()
    };
    let tolerance = 1e-9;
    let mut linear = Vec::new();
    for (i, country) in COUNTRIES.into_iter().enumerate() {
        let port = format!("port of {country}");
        let change = first_order(Outcome::price(&port, &good(i)));
        let expected = case["answer"]["world_price_change"][country]
            .as_f64()
            .unwrap();
        assert!(
            (change - expected).abs() < tolerance,
            "{country}: {change}, {expected}"
        );
        let printed = case["published"][i]["value"].as_f64().unwrap();
        assert!(
            (change - printed).abs() < 5.1e-5,
            "{country}: {change}, printed {printed}"
        );
        linear.push(change);
    }
    // imports, as a share of what they were
    for from in 0..4 {
        for to in (0..4).filter(|&to| world.trade[from][to] > 0.0) {
            let change = first_order(Outcome::demanded(COUNTRIES[to], &good(from)));
            let expected = &case["answer"]["import_quantity_change_linear"][from][to];
            let relative = change / world.trade[from][to];
            assert!((relative - expected.as_f64().unwrap()).abs() < tolerance);
        }
    }
    let paths = agreement.map(|(from, to)| format!("measure/{}/rate", name(from, to)));
    let given = serde_json::json!({
        "market": world.market(), "policy": world.tariffs(), "outcomes": asked, "params": paths,
    });
    crate::parity::note("derivatives", &given, Ok(derivatives));
    for &(rate, _) in &rates {
        workspace.set(rate, 0.0).unwrap();
    }
    let after = compiled.equilibrium_from(&mut workspace).unwrap();
    assert!(after.ledger().unwrap().identity_error() <= 1e-9);
    for (country, linear) in COUNTRIES.into_iter().zip(linear) {
        let exact = price(country, &after) - 1.0;
        println!("{country}: {linear:+.4} to first order, {exact:+.4} exactly");
        // markets clear at the exact prices: what a country sells is what its supply offers there
        assert!(exact.signum() == linear.signum() && (exact - linear).abs() < 0.06);
        let sold: f64 = world.trade[COUNTRIES.iter().position(|c| *c == country).unwrap()]
            .iter()
            .sum();
        let offered = sold * (1.0 + exact).powf(world.supply);
        assert!((after.level(country).unwrap() - offered).abs() < 1e-7 * offered);
    }
}
